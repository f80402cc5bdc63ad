"""What happened in numbering."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class NumberingSchemeChanged(Event):
    """Another part number or revision scheme is in force."""

    schema_type: str
    version: int
