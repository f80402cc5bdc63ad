"""Events: facts in the past tense, frozen dataclasses of plain values. A room's `events.py` lists its own.

The kind is derived from the class: `ComponentCreated` in the components room is `components.component_created`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import ClassVar

Plain = str | int | bool | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """The base of all events."""

    kind: ClassVar[str]

    def __init_subclass__(cls) -> None:
        room = cls.__module__.split(".")[-2]
        cls.kind = f"{room}.{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', cls.__name__).lower()}"


def event_payload(event: Event) -> dict[str, Plain]:
    return {field.name: getattr(event, field.name) for field in fields(event)}


def event_catalogue() -> list[str]:
    """Every event with its fields, one line each, sorted: the text committed under schemas/."""
    classes = {each.kind: each for each in Event.__subclasses__()}  # slots make a second class of each
    return sorted(
        f"{kind}({', '.join(f'{field.name}: {field.type}' for field in fields(each))})"
        for kind, each in classes.items()
    )
