"""A list as one JSON document, or as JSON lines: an object per row, its keys the titles of the columns. Numbers keep all their digits."""

from __future__ import annotations

from decimal import Decimal
from typing import IO

import orjson

from plumbline.exchange.exporting.sheet import Cell, Column, Sheet, SheetRow, Totals, bounded
from plumbline.kit.quantity import canonical


def write_sheet_json(file: IO[bytes], sheet: Sheet) -> None:
    """`{"title", "top", "view", "currency", "buildQuantity", "columns", "lines", "totals"}`, a line of text per row."""
    head = {
        "title": sheet.title,
        "top": sheet.top,
        "view": sheet.view,
        "currency": sheet.currency,
        "buildQuantity": _exact(sheet.build_quantity),
        "columns": sheet.titles,
    }
    file.write(orjson.dumps(head).removesuffix(b"}") + b',"lines":[')
    totals = Totals(sheet.columns)
    for number, row in enumerate(totals.passing(bounded(sheet.rows))):
        file.write((b",\n" if number else b"\n") + _object(sheet.columns, row))
    sums = {sheet.columns[place].title: _exact(amount) for place, amount in totals.sums.items()}
    file.write(b'\n],"totals":' + orjson.dumps(sums) + b"}\n")


def write_sheet_json_lines(file: IO[bytes], sheet: Sheet) -> None:
    for row in bounded(sheet.rows):
        file.write(_object(sheet.columns, row) + b"\n")


def _object(columns: tuple[Column, ...], row: SheetRow) -> bytes:
    return orjson.dumps({column.title: _value(cell) for column, cell in zip(columns, row.cells, strict=True)})


def _value(cell: Cell) -> object:
    return cell if cell is None or isinstance(cell, bool | str) else _exact(Decimal(cell))


def _exact(number: Decimal) -> orjson.Fragment:
    return orjson.Fragment(canonical(number))
