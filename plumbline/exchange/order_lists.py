"""Sheets without a header whose every row is a quantity and a number, as shops take orders: `2,P0.0GCT-ND`."""

from __future__ import annotations

from plumbline.exchange.amounts import number_in
from plumbline.exchange.columns import GUESSED, Column, Role
from plumbline.exchange.grid import Row, Sheet
from plumbline.exchange.headers import Block, Header

_ROWS_MIN = 3


def order_list_in(sheet: Sheet) -> Block | None:
    """The rows under a header that nobody wrote; None where any row is something else."""
    rows = [_ordered(row) for row in sheet.rows]
    if len(rows) < _ROWS_MIN or None in rows:
        return None
    columns = (
        Column("Quantity", Role.QUANTITY, GUESSED, "no header; each row begins with a number"),
        Column("Number", Role.NUMBER, GUESSED, "no header; each row ends with a text of letters and digits"),
    )
    return Block(Header(0, columns, len(columns)), tuple(row for row in rows if row is not None))


def _ordered(row: Row) -> Row | None:
    """The row as quantity and number; its one cell is cut at the comma."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    if len(cells) == 1:
        cells = [cell.strip() for cell in cells[0].split(",", 1)]
    is_order = len(cells) == 2 and number_in(cells[0]) is not None and _is_number_of_part(cells[1])
    return Row(row.number, tuple(cells)) if is_order else None


def _is_number_of_part(text: str) -> bool:
    is_word = not any(map(str.isspace, text))
    return is_word and any(map(str.isalpha, text)) and any(map(str.isdigit, text))
