"""What happened in exchange. What an import wrote is told by the rooms that it wrote to."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class ImportApplied(Event):
    """`tops` are part numbers; `lines` counts the lines that were added, changed or removed."""

    format: str
    created: int
    updated: int
    lines: int
    tops: tuple[str, ...]
