"""Tables as rows of text, free of the file that they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from plumbline.exchange.model import Notice, Origin


class Row(NamedTuple):
    number: int
    """As the user sees it: the line where the record begins, or the row of the spreadsheet."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; rows without any text are left out, so numbers may have gaps."""

    file: str
    name: str | None
    rows: tuple[Row, ...]
    notices: tuple[Notice, ...] = ()
    separator: str | None = None
    """The sign that cut the text into cells; None for a workbook, whose cells need no cutting."""
    encoding: str | None = None
    """The name by which the text is read again; None for a workbook."""

    def origin(self, row: int | None = None) -> Origin:
        return Origin(self.file, self.name, row)
