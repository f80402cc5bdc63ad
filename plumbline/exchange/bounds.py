"""How much one import may hold. The figures are about ten times the largest real project we have seen."""

from __future__ import annotations

from plumbline.exchange.errors import ImportTooLarge

MEBIBYTE = 1024 * 1024

FILES_MAX = 2_000
FILE_BYTES_MAX = 50 * MEBIBYTE
IMPORT_BYTES_MAX = 200 * MEBIBYTE
ROWS_MAX = 200_000
"""Table rows over all files of an import; also parts, and lines, in the result."""
PLACES_MAX = 2_000_000
"""Reference designators over all rows of an import: `R1-R5000` is short to write."""
COLUMNS_MAX = 500
CELLS_MAX = 4_000_000
"""Per workbook, blank cells inside the used area included: the workbook reader keeps that area as a dense block."""
FIELDS_MAX = 4_000_000
"""Of all parts of a drawing or a library together; what a part has from another counts with each."""
SOURCES_MAX = 50
"""Makers and shops that one row of a table can name."""
TEXT_MAX = 10_000
NOTICES_PER_CODE_MAX = 200
SENTENCE_MAX = 2_000
"""Of a notice, which may quote cells."""


def check_row(cells: int, longest_text: int, *, file: str, row: int) -> None:
    """Refuses a row that is wider, or holds a longer text, than any bill of materials does."""
    if cells > COLUMNS_MAX:
        raise ImportTooLarge(
            f"{file}, row {row} has {cells} columns.", path=(file, row), expected=f"at most {COLUMNS_MAX} columns"
        )
    if longest_text > TEXT_MAX:
        raise ImportTooLarge(
            f"{file}, row {row} holds a text of {longest_text} characters.",
            path=(file, row),
            expected=f"at most {TEXT_MAX} characters in a cell",
        )


def check_row_count(rows: int, *, file: str) -> None:
    """Refuses when the rows read so far are more than an import may have."""
    if rows > ROWS_MAX:
        raise ImportTooLarge(
            f"{file} takes the import past {ROWS_MAX} rows.", path=(file,), expected=f"at most {ROWS_MAX} rows"
        )


def check_field_count(fields: int, *, file: str) -> None:
    """Refuses when the parts read so far have more fields than an import may: a template of many can be used by many."""
    if fields > FIELDS_MAX:
        raise ImportTooLarge(
            f"{file} takes the import past {FIELDS_MAX} fields of parts.",
            path=(file,),
            expected=f"at most {FIELDS_MAX} fields",
        )
