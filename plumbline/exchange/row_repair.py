"""Rows with more cells than the header: commas inside a text that nobody quoted.

The other rows of the table know what each column holds: numbers, links, texts without blanks, a few values that repeat.
A row is put together again in the one way that fits all of that; when no way or several ways fit, the row stays as it is
and is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.exchange.amounts import price_in
from plumbline.exchange.grid import Row

SURPLUS_CELLS_MAX = 20
_REPEATING_VALUES_MAX = 50
_REPEATS_MIN = 2.0


@dataclass(frozen=True, slots=True)
class ColumnNature:
    """What all well-formed rows have in common in one column; blank cells say nothing."""

    numbers_only: bool
    links_only: bool
    no_blanks_inside: bool
    values: frozenset[str] | None
    """The values that repeat, when the column holds hardly anything else; numbers are free."""

    def fits(self, cell: str) -> bool:
        text = cell.strip()
        if not text:
            return True
        if self.numbers_only and price_in(text) is None:
            return False
        if self.links_only and not _is_link(text):
            return False
        if not self.links_only and _is_link(text):
            return False
        if self.no_blanks_inside and any(character.isspace() for character in text):
            return False
        return self.values is None or text in self.values


def column_natures(rows: Sequence[Row], width: int) -> tuple[ColumnNature, ...]:
    """Learns from the rows that are as wide as the header."""
    well_formed = [row.cells for row in rows if len(row.cells) == width]
    return tuple(_nature([cells[column].strip() for cells in well_formed]) for column in range(width))


def _nature(cells: Sequence[str]) -> ColumnNature:
    texts = [cell for cell in cells if cell]
    distinct = frozenset(texts)
    repeating = len(distinct) <= _REPEATING_VALUES_MAX and len(texts) >= len(distinct) * _REPEATS_MIN
    numbers_only = bool(texts) and all(price_in(text) is not None for text in texts)
    return ColumnNature(
        numbers_only=numbers_only,
        links_only=bool(texts) and all(_is_link(text) for text in texts),
        no_blanks_inside=bool(texts) and not any(character.isspace() for text in texts for character in text),
        values=distinct if texts and repeating and not numbers_only else None,
    )


def mended(cells: Sequence[str], natures: Sequence[ColumnNature], separator: str) -> tuple[str, ...] | None:
    """The cells with one run of neighbours joined again, if exactly one run makes every column fit; None otherwise."""
    surplus = len(cells) - len(natures)
    if not 0 < surplus <= SURPLUS_CELLS_MAX:
        return None
    ways = []
    for start in range(len(natures)):
        joined = separator.join(cells[start : start + surplus + 1])
        way = (*cells[:start], joined, *cells[start + surplus + 1 :])
        if all(nature.fits(cell) for nature, cell in zip(natures, way, strict=True)):
            ways.append(way)
    return ways[0] if len(ways) == 1 else None


def _is_link(text: str) -> bool:
    return text.startswith(("http://", "https://"))
