"""Cells that no spreadsheet takes for a formula.

A text that begins with `=`, `+`, `-`, `@` or a control character (blanks before it do not help, nor do full-width forms) is run by
spreadsheets when a CSV file is opened. Such a text gets an apostrophe in front, at the beginning and on every further line of the cell; so
does one that begins with an apostrophe itself, and taking one apostrophe away gives every text back. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import IO

_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?")
_BREAK = "\\r\\n|\\r(?!\\n)|[\\n\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]"
_BLANKS = "[ \\u00a0\\u2000-\\u200b\\u3000\\ufeff]*"
_RISKY = re.compile(rf"(?P<start>\A(?=[\t\r\n\x00])|(?:\A|{_BREAK})(?={_BLANKS}[=+\-@\t＝＋－＠']))")
_ESCAPED = re.compile(rf"(?P<start>\A|{_BREAK})'")


def escaped(text: str) -> str:
    if text.isalnum() or not text:  # most cells; a regular expression would take three times as long to say so
        return text
    return text if _NUMBER.fullmatch(text) else _RISKY.sub(r"\g<start>'", text)


def unescaped(cell: str) -> str:
    """The text that `escaped` was given."""
    return _ESCAPED.sub(r"\g<start>", cell)


def write_csv(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[object]], *, line_end: str = "\n") -> None:
    writer = csv.writer(file, lineterminator=line_end)
    # The writer quotes only the line break that it writes itself; other readers break lines at a bare \r too.
    writer_of_breaks = csv.writer(file, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerow([escaped(title) for title in header])
    for row in rows:
        cells = ["" if cell is None else escaped(_text(cell)) for cell in row]
        (writer_of_breaks if any("\r" in cell for cell in cells) else writer).writerow(cells)


def _text(cell: object) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
