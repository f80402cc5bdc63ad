"""What happened to components."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class ComponentCreated(Event):
    component_id: str
    cpn: str
    version: int
    revision: str | None


@dataclass(frozen=True, slots=True)
class ComponentUpdated(Event):
    """`fields` names what changed; `children` stands for the BOM."""

    component_id: str
    cpn: str
    version: int
    revision: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComponentArchived(Event):
    component_id: str
    cpn: str
    version: int
    revision: str | None


@dataclass(frozen=True, slots=True)
class ComponentReleased(Event):
    component_id: str
    cpn: str
    version: int
    revision: str
    status_id: str
