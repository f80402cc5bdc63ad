"""A list as the writers take it: columns, and rows as one stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from plumbline.exchange.errors import ExportTooLarge
from plumbline.kit.quantity import EXACT, canonical

Cell = str | int | Decimal | bool | None
"""A number is exact; a bool is written in the words of its column."""

ROWS_MAX = 1_000_000
"""What a spreadsheet can hold, about. A product whose assemblies are shared may have 10^8 paths."""
NUMBERS = frozenset({"number", "price"})


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    title: str
    format: str
    width: int
    when_true: str = "yes"
    when_false: str = ""
    is_totalled: bool = False
    """Whether the sum of the column says something: each price counts once."""


class SheetRow(NamedTuple):
    level: int
    """1 in a list without levels."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` can be gone through once."""

    title: str
    top: str
    """Part number of the product."""
    view: str
    currency: str
    build_quantity: Decimal
    columns: tuple[Column, ...]
    rows: Iterable[SheetRow]
    top_name: str = ""
    top_revision: str | None = None
    view_title: str = ""
    """The view for people: `released`, `working as of 2026-01-31`."""

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(column.title for column in self.columns)


class Totals:
    """Adds up what goes by."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._sums: dict[int, Decimal | None] = {
            place: None for place, column in enumerate(columns) if column.is_totalled
        }

    def passing(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        for row in rows:
            for place, known in self._sums.items():
                cell = row.cells[place]
                if isinstance(cell, int | Decimal):
                    self._sums[place] = EXACT.add(known or Decimal(0), Decimal(cell))
            yield row

    @property
    def sums(self) -> Mapping[int, Decimal]:
        """By the place of the column; a column without a single number has none."""
        return {place: amount for place, amount in self._sums.items() if amount is not None}


def bounded(rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """Refuses the row after the last that a list may have."""
    for number, row in enumerate(rows):
        if number == ROWS_MAX:
            raise too_many_rows()
        yield row


def too_many_rows() -> ExportTooLarge:
    return ExportTooLarge(
        f"The list has more than {ROWS_MAX} rows.",
        expected=f"at most {ROWS_MAX} rows",
        hint="Export a flat list, in which every part stands once, or the assemblies one by one.",
    )


def cell_text(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return column.when_true if cell else column.when_false
    return canonical(cell) if isinstance(cell, Decimal) else str(cell)


def cells_on_wire(cells: Sequence[Cell]) -> list[object]:
    """Plain JSON: numbers as texts, so that nobody rounds them on the way."""
    return [cell if cell is None or isinstance(cell, bool | str) else canonical(Decimal(cell)) for cell in cells]


def cells_from_wire(columns: Sequence[Column], cells: Sequence[object]) -> tuple[Cell, ...]:
    return tuple(
        Decimal(cell) if column.format in NUMBERS and isinstance(cell, str) else cell  # type: ignore[misc]  # JSON scalars are cells
        for column, cell in zip(columns, cells, strict=True)
    )
