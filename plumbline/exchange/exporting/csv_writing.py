"""A list as CSV (RFC 4180, UTF-8), row by row."""

from __future__ import annotations

from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO

from plumbline.exchange.exporting.csv_cells import write_csv
from plumbline.exchange.exporting.sheet import Sheet, bounded, cell_text

LINE_END = "\r\n"
"""As the RFC has it."""
BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets on Windows take UTF-8 for something older; other programs may take it for a part of the first title."""


def write_sheet_csv(file: IO[bytes], sheet: Sheet, *, byte_order_mark: bool = False) -> None:
    """Numbers keep all their digits; a text that a spreadsheet would run gets an apostrophe in front."""
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    try:
        if byte_order_mark:
            text.write(BYTE_ORDER_MARK)
        write_csv(text, sheet.titles, _rows(sheet), line_end=LINE_END)
    finally:
        text.detach()  # the file belongs to the caller


def _rows(sheet: Sheet) -> Iterator[list[str]]:
    columns = sheet.columns
    for row in bounded(sheet.rows):
        yield [cell_text(column, cell) for column, cell in zip(columns, row.cells, strict=True)]
