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


@dataclass(frozen=True, slots=True)
class ColumnMappingRemembered(Event):
    """The next table with a header of these titles is read as the user said. `header` names the set of titles."""

    header: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnMappingForgotten(Event):
    """Tables with this header are read by the words of their titles again."""

    header: str
