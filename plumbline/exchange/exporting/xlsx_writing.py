"""A list as an XLSX workbook: rows go to a temporary file as they come, so that the memory of one row is enough.

XlsxWriter is not the fastest: of 100,000 rows it makes 10,000 a second, rustpy-xlsxwriter seven times as many. But that one keeps the whole
sheet in memory as soon as rows are grouped, and writes neither document properties nor indentation by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from plumbline.exchange.errors import ExportTooLarge
from plumbline.exchange.exporting.sheet import NUMBERS, Cell, Column, Sheet, SheetRow, Totals, bounded, cell_text
from plumbline.kit.late import LateModule

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = LateModule("xlsxwriter")

TEXT_MAX = 32_767
"""Characters in a cell; the file would be called damaged beyond them."""
GROUPS_MAX = 7
"""Levels that spreadsheets can fold."""
INDENT_MAX = 15
FLOAT_MAX = Decimal("1e300")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_NUMBER_FORMATS = {"number": "General", "price": "#,##0.00####"}


def write_sheet_xlsx(file: IO[bytes], sheet: Sheet, created: datetime) -> None:
    """Texts are written as texts, so that nothing in them runs. Numbers have the 15 digits that spreadsheets have."""
    with TemporaryDirectory(prefix="plumbline-export-") as folder:
        book = xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": folder})
        book.set_properties(_properties(sheet, created))
        try:
            _write_sheet(book, sheet)
        except BaseException:
            _let_go(book)
            raise
        book.close()


def _let_go(book: xlsxwriter.Workbook) -> None:
    """A workbook that is not finished would try to finish itself when it is thrown away."""
    for page in book.worksheets():
        page.row_data_fh.close()
    book.fileclosed = 1


def _properties(sheet: Sheet, created: datetime) -> dict[str, Any]:
    about = f"Prices in {sheet.currency} for {sheet.build_quantity} built."
    return {
        "title": f"{sheet.title}: {sheet.top}",
        "subject": f"{sheet.top} {sheet.view}",
        "author": "Plumbline",
        "comments": about,
        "created": created.replace(tzinfo=None),
    }


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet("BOM")
    page.freeze_panes(1, 0)
    page.outline_settings(visible=True, symbols_below=False, symbols_right=False, auto_style=False)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, _checked(column.title, column, 0), bold)
    cells = _Cells(book, sheet.columns)
    totals = Totals(sheet.columns)
    number = 0
    for number, row in enumerate(totals.passing(bounded(sheet.rows)), 1):
        if row.level > 1:
            page.set_row(number, None, None, {"level": min(row.level - 1, GROUPS_MAX)})
        cells.write(page, number, row)
    page.autofilter(0, 0, number, len(sheet.columns) - 1)
    _write_totals(page, number + 1, book, sheet.columns, totals.sums)


class _Cells:
    """Writes rows; holds the formats of their cells, which a workbook wants to know once each."""

    def __init__(self, book: xlsxwriter.Workbook, columns: tuple[Column, ...]) -> None:
        self._columns = columns
        self._formats = [
            book.add_format({"num_format": _NUMBER_FORMATS[column.format]}) if column.format in NUMBERS else None
            for column in columns
        ]
        self._indented = next((place for place, column in enumerate(columns) if column.field == "cpn"), None)
        self._indents: dict[int, Any] = {}
        self._add_format = book.add_format

    def write(self, page: Any, number: int, row: SheetRow) -> None:
        for place, (column, cell) in enumerate(zip(self._columns, row.cells, strict=True)):
            if cell is None or cell == "":
                continue
            style = self._indent(row.level) if place == self._indented and row.level > 1 else self._formats[place]
            amount = _number(cell)
            if amount is not None:
                page.write_number(number, place, amount, style)
            else:
                page.write_string(number, place, _checked(cell_text(column, cell), column, number), style)

    def _indent(self, level: int) -> Any:
        depth = min(level - 1, INDENT_MAX)
        if depth not in self._indents:
            self._indents[depth] = self._add_format({"indent": depth})
        return self._indents[depth]


def _number(cell: Cell) -> float | None:
    """None for what is no number, and for what is too great for a spreadsheet's."""
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return None
    amount = Decimal(cell)
    return float(amount) if abs(amount) < FLOAT_MAX else None


def _write_totals(
    page: Any, number: int, book: xlsxwriter.Workbook, columns: tuple[Column, ...], sums: Mapping[int, Decimal]
) -> None:
    if not sums:
        return
    style = book.add_format({"bold": True, "top": 1, "num_format": _NUMBER_FORMATS["price"]})
    for place in range(len(columns)):
        amount = _number(sums.get(place))
        if amount is not None:
            page.write_number(number, place, amount, style)
        elif place == 0:
            page.write_string(number, 0, "Total", style)
        else:
            page.write_blank(number, place, None, style)


def _checked(text: str, column: Column, row: int) -> str:
    if len(text) <= TEXT_MAX:
        return text
    raise ExportTooLarge(
        f"Row {row} has a text of {len(text)} characters under {column.title!r}.",
        path=(row, column.title),
        expected=f"at most {TEXT_MAX} characters in a cell of a workbook",
        hint="Write CSV or JSON, or show designator_ranges instead of reference_designators.",
    )
