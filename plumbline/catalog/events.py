"""What happened in the catalog."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class CategoryCreated(Event):
    category_id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AttributeCreated(Event):
    attribute_id: str
    name: str


@dataclass(frozen=True, slots=True)
class StatusCreated(Event):
    status_id: str
    name: str
