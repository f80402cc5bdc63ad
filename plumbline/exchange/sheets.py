"""Tables as rows of text, whatever file they came in: CSV and its relatives, XLSX, XLS, ODS.

A cell is text in the end: numbers lose a needless `.0`, dates are ISO 8601, a formula is the result that the file stores.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from plumbline.exchange.archives import check_workbook
from plumbline.exchange.bounds import CELLS_MAX, check_row, check_row_count
from plumbline.exchange.decoding import decoded
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.model import Notice, Origin, Severity

TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab")
ZIPPED_SUFFIXES = (".xlsx", ".xlsm", ".ods")
WORKBOOK_SUFFIXES = (*ZIPPED_SUFFIXES, ".xls")
TABLE_SUFFIXES = (*TEXT_SUFFIXES, *WORKBOOK_SUFFIXES)
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_RECORDS = 200

CellValue = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


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

    def origin(self, row: int | None = None) -> Origin:
        return Origin(self.file, self.name, row)


def sheets_of(file: NamedFile) -> tuple[Sheet, ...]:
    """Every table in the file, by the ending of its name; refuses what is not the file that its name says."""
    return _workbook_sheets(file) if file.suffix in WORKBOOK_SUFFIXES else (_text_sheet(file),)


def _text_sheet(file: NamedFile) -> Sheet:
    text, encoding = decoded(file)
    separator = separator_in(text, tab_first=file.suffix in (".tsv", ".tab"))
    rows: list[Row] = []
    for row in _records(file.name, text, separator):
        check_row(len(row.cells), max(map(len, row.cells), default=0), file=file.name, row=row.number)
        rows.append(row)
        check_row_count(len(rows), file=file.name)
    return Sheet(file.name, None, tuple(rows), _reading_notices(file, encoding, separator), separator)


def separator_in(text: str, *, tab_first: bool) -> str:
    """The separator that cuts the most records into the same number of cells, two or more; a comma when none does."""
    order = ["\t", ",", ";", "|"] if tab_first else [",", ";", "\t", "|"]
    scores = {separator: _evenness(text, separator) for separator in order}
    return max(order, key=lambda separator: scores[separator])


def _evenness(text: str, separator: str) -> float:
    """The share of records that have the commonest width, weighed by that width; 0 when most records are not cut at all.

    The weight keeps a sign that happens to stand once in every record from beating a separator that a few records break.
    """
    widths = Counter[int]()
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any(record):
                widths[len(record)] += 1
            if widths.total() >= _SAMPLE_RECORDS:
                break
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total() * (1 - 1 / width)


def _records(name: str, text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield Row(start, tuple(record))
            start = reader.line_num + 1
    except csv.Error as error:
        message = f"{name}, row {start} cannot be cut into cells: {error}."
        raise UnreadableFile(message, path=(name, start), expected="a table of text") from error


def _reading_notices(file: NamedFile, encoding: str, separator: str) -> tuple[Notice, ...]:
    notices = []
    if not encoding.startswith("UTF-8"):
        notices.append(Notice(Severity.INFO, "ENCODING", f"{file.name} was read as {encoding}.", Origin(file.name)))
    if separator != "," and file.suffix == ".csv":
        words = f"{file.name} was cut at each {_SEPARATORS[separator]}."
        notices.append(Notice(Severity.INFO, "SEPARATOR", words, Origin(file.name)))
    return tuple(notices)


def _workbook_sheets(file: NamedFile) -> tuple[Sheet, ...]:
    if file.suffix in ZIPPED_SUFFIXES:
        check_workbook(file)
    workbook = _opened(file)
    sheets, rows = [], 0
    for name in workbook.sheet_names:
        sheet = Sheet(file.name, name, tuple(_sheet_rows(file, workbook, name)))
        rows += len(sheet.rows)
        check_row_count(rows, file=file.name)
        sheets.append(sheet)
    return tuple(sheets)


def _opened(file: NamedFile) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(file, error) from error
    except BaseException as error:
        raise _panic(file, error) from error


def _sheet_rows(file: NamedFile, workbook: CalamineWorkbook, name: str) -> Iterator[Row]:
    try:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > CELLS_MAX:
            limit = f"at most {CELLS_MAX} cells"
            raise ImportTooLarge(
                f"Sheet {name} of {file.name} spans too many cells.", path=(file.name, name), expected=limit
            )
        values = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(file, error) from error
    except ImportTooLarge:
        raise
    except BaseException as error:
        raise _panic(file, error) from error
    for number, record in enumerate(values, start=1):
        cells = _without_trailing_blanks([cell_text(value) for value in record])
        if any(cell.strip() for cell in cells):
            check_row(len(cells), max(map(len, cells)), file=f"{file.name}, sheet {name}", row=number)
            yield Row(number, cells)


def _without_trailing_blanks(cells: Sequence[str]) -> tuple[str, ...]:
    used = len(cells)
    while used and not cells[used - 1]:
        used -= 1
    return tuple(cells[:used])


def cell_text(value: CellValue) -> str:
    """What a person would read in the cell, without the format that only the spreadsheet knows."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _unreadable(file: NamedFile, error: Exception) -> UnreadableFile:
    expected = f"a {file.suffix.lstrip('.').upper()} workbook without a password"
    return UnreadableFile(f"{file.name} cannot be read: {error}.", path=(file.name,), expected=expected)


def _panic(file: NamedFile, error: BaseException) -> BaseException:
    """The workbook reader's panics are not `Exception`s; a broken file must not end the process, anything else may."""
    if type(error).__name__ != "PanicException":
        return error
    return UnreadableFile(f"{file.name} is broken inside.", path=(file.name,), expected="a workbook that opens")
