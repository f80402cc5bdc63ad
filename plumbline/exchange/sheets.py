"""Tables as rows of text, whatever file they came in: CSV and its relatives, XLSX, XLS, ODS.

A cell is text in the end: numbers lose a needless `.0`, dates are ISO 8601, a formula is the result that the file stores.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from plumbline.exchange.archives import check_workbook
from plumbline.exchange.bounds import CELLS_MAX, check_row, check_row_count
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.grid import Row, Sheet
from plumbline.exchange.text_tables import text_sheet

TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".bom")
ZIPPED_SUFFIXES = (".xlsx", ".xlsm", ".ods")
WORKBOOK_SUFFIXES = (*ZIPPED_SUFFIXES, ".xls")
TABLE_SUFFIXES = (*TEXT_SUFFIXES, *WORKBOOK_SUFFIXES)
_MEDIA_TYPE_ENTRY = "mimetype"
_MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

CellValue = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def sheets_of(file: NamedFile, *, encoding: str | None = None, separator: str | None = None) -> tuple[Sheet, ...]:
    """Every table in the file, by the ending of its name; refuses what is not the file that its name says.

    `encoding` and `separator` are for texts, where what is found by looking is not what was meant.
    """
    if file.suffix in WORKBOOK_SUFFIXES:
        return _workbook_sheets(file)
    return (text_sheet(file, encoding=encoding, separator=separator),)


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
    content = _with_media_type(file.content) if file.suffix == ".ods" else file.content
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(file, error) from error
    except BaseException as error:
        raise _panic(file, error) from error


def _with_media_type(content: bytes) -> bytes:
    """An OpenDocument sheet without the entry that says what it is, as some programs write them, gets one; any other stays as it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as before:
            if _MEDIA_TYPE_ENTRY in before.namelist():
                return content
            mended = io.BytesIO()
            with zipfile.ZipFile(mended, "w") as after:
                after.writestr(_MEDIA_TYPE_ENTRY, _MEDIA_TYPE)
                for entry in before.infolist():
                    after.writestr(entry, before.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return content  # whatever is wrong with it, the workbook reader says so in its own words
    return mended.getvalue()


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
