"""Tables in text files: which encoding, which separator, and the records that they cut."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from plumbline.exchange.bounds import check_row, check_row_count
from plumbline.exchange.decoding import decoded
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.grid import Row, Sheet
from plumbline.exchange.headers import HEADER_ROWS_SEARCHED, roles_named
from plumbline.exchange.model import Notice, Origin, Severity

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_RECORDS = 200


def text_sheet(file: NamedFile, *, encoding: str | None = None, separator: str | None = None) -> Sheet:
    """The table in a text file; encoding and separator are found where they are not given."""
    text, words, codec = decoded(file, encoding)
    cut_at = separator or separator_in(text, tab_first=file.suffix in (".tsv", ".tab", ".bom"))
    rows: list[Row] = []
    notices = _reading_notices(file, words, cut_at)
    for row in _records(file.name, text, cut_at, notices):
        check_row(len(row.cells), max(map(len, row.cells), default=0), file=file.name, row=row.number)
        rows.append(row)
        check_row_count(len(rows), file=file.name)
    return Sheet(file.name, None, tuple(rows), tuple(notices), cut_at, codec)


def separator_in(text: str, *, tab_first: bool) -> str:
    """The separator that makes a row name the most columns; where that decides nothing, the one that cuts the records most evenly.

    Evenness alone takes the commas of descriptions for separators wherever rows are of different width.
    """
    order = ["\t", ",", ";", "|"] if tab_first else [",", ";", "\t", "|"]
    scores = {separator: (_columns_named(text, separator), _evenness(text, separator)) for separator in order}
    return max(order, key=lambda separator: scores[separator])


def _columns_named(text: str, separator: str) -> int:
    """Of the best row among the first ones; a single column is named by any separator that does not occur."""
    named = 0
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            if number == HEADER_ROWS_SEARCHED:
                break
            named = max(named, roles_named(record))
    except csv.Error:
        return 0
    return named if named > 1 else 0


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


def _records(name: str, text: str, separator: str, notices: list[Notice]) -> Iterator[Row]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=separator)
    start = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield Row(start, tuple(record))
            swallowed = lines.since_last_asked()
            if len(swallowed) > 1 and lines.are_over and "".join(swallowed).count('"') % 2:
                below = len(swallowed) - 1
                sentence = f"A quotation mark in row {start} is never closed; what stands below it is in its cell (lines: {below})."
                notices.append(Notice(Severity.ERROR, "QUOTE_NOT_CLOSED", sentence, Origin(name, row=start)))
            start = reader.line_num + 1
    except csv.Error as error:
        message = f"{name}, row {start} cannot be cut into cells: {error}."
        raise UnreadableFile(message, path=(name, start), expected="a table of text") from error


class _Lines:
    """The lines of a text, for whoever wants to know which of them made up a record."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken: list[str] = []
        self.are_over = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            self.are_over = True
            raise StopIteration
        self._taken.append(line)
        return line

    def since_last_asked(self) -> list[str]:
        taken, self._taken = self._taken, []
        return taken


def _reading_notices(file: NamedFile, encoding: str, separator: str) -> list[Notice]:
    notices = []
    if not encoding.startswith("UTF-8"):
        notices.append(Notice(Severity.INFO, "ENCODING", f"{file.name} was read as {encoding}.", Origin(file.name)))
    if separator != "," and file.suffix == ".csv":
        words = f"{file.name} was cut at each {SEPARATORS.get(separator, separator)}."
        notices.append(Notice(Severity.INFO, "SEPARATOR", words, Origin(file.name)))
    return notices
