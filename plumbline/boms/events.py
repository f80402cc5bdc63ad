"""What happened to BOMs. That a parent has a new version is told by the components room."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class BomChanged(Event):
    """Counts of lines of one parent."""

    component_id: str
    cpn: str
    version: int
    added: int
    changed: int
    removed: int
