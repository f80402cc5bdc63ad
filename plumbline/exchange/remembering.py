"""What a client asks a library about the headers of its files."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.exchange.archives import unfolded
from plumbline.exchange.files import NamedFile
from plumbline.exchange.headers import HEADER_ROWS_SEARCHED
from plumbline.exchange.mapping import header_key
from plumbline.exchange.sheets import TABLE_SUFFIXES, sheets_of
from plumbline.kit.errors import Refusal

_TITLES_MIN = 2


def header_keys(files: Sequence[NamedFile]) -> list[str]:
    """The key of every row that could be a header; the library knows some of them, or none."""
    keys = (key for file in _tables(files) for key in _keys_of(file))
    return list(dict.fromkeys(keys))


def _keys_of(file: NamedFile) -> list[str]:
    try:
        rows = [row for sheet in sheets_of(file) for row in sheet.rows[:HEADER_ROWS_SEARCHED]]
    except Refusal:
        return []  # the reader says what is wrong, if it is going to read this file at all
    return [header_key(row.cells) for row in rows if sum(bool(cell.strip()) for cell in row.cells) >= _TITLES_MIN]


def _tables(files: Sequence[NamedFile]) -> list[NamedFile]:
    return [file for file in unfolded(files) if file.suffix in TABLE_SUFFIXES]
