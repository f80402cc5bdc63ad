"""How tables would be read, as the YAML of a column mapping: edited or not, it can be given back with the files.

Each column says in a comment how sure its reading is and why. Whoever disagrees changes the word; whoever agrees keeps the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from plumbline.exchange.archives import unfolded
from plumbline.exchange.columns import Column
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.grid import Sheet
from plumbline.exchange.headers import Block
from plumbline.exchange.mapping import SEPARATORS, group_numbers, meaning_of, table_mapping
from plumbline.exchange.model import ReadOptions
from plumbline.exchange.readers.table import blocks_of, sheets_in

_PLAIN = re.compile(r"[A-Za-z][\w./() -]*(?<! )")
_ROW_SHOWN_MAX = 100
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def proposed_mapping(files: Sequence[NamedFile], options: ReadOptions) -> str:
    """One entry per table; empty sheets are left out."""
    lines = ["tables:"]
    for sheet in sheets_in(unfolded(files), options, Gatherer()):
        if sheet.rows:
            blocks = blocks_of(sheet, table_mapping(options, sheet.file, sheet.name))
            lines += _entry(sheet, blocks)
    return "\n".join(lines if len(lines) > 1 else ["tables: []"]) + "\n"


def _entry(sheet: Sheet, blocks: Sequence[Block]) -> Iterator[str]:
    yield f"  - file: {_scalar(sheet.file)}"
    if sheet.name is not None:
        yield f"    sheet: {_scalar(sheet.name)}"
    if sheet.separator is not None:
        names = {sign: name for name, sign in SEPARATORS.items()}
        yield f"    encoding: {sheet.encoding}"
        yield f"    separator: {names.get(sheet.separator, _scalar(sheet.separator))}"
    if not blocks:
        first = " | ".join(" ".join(cell.split()) for cell in sheet.rows[0].cells)[:_ROW_SHOWN_MAX]
        yield "    ignored: true  # no row names its columns; header_row and columns say which does, and what they mean"
        yield f"    # row {sheet.rows[0].number}: {first}"
        return
    header = blocks[0].header
    if not header.row:
        yield "    # no header: each row was read as a quantity and a number"
        return
    again = ", ".join(str(block.header.row) for block in blocks[1:4]) + (" …" if len(blocks) > 4 else "")
    yield f"    header_row: {header.row}" + (f"  # and again in {again}" if again else "")
    yield "    columns:"
    yield from _columns(blocks)


def _columns(blocks: Sequence[Block]) -> Iterator[str]:
    """Every title once; columns without one say nothing."""
    columns: dict[str, Column] = {}
    for block in blocks:
        for column in block.header.columns:
            if column.title:
                columns.setdefault(column.title, column)
    groups = group_numbers(columns.values())
    for title, column in columns.items():
        comment = f"{column.confidence} %: {column.reason}".replace("\n", " ")
        yield f"      {_scalar(title)}: {meaning_of(column, groups)}  # {comment}"


def _scalar(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) is not None and text.casefold() not in _WORDS_OF_YAML
    return text if is_plain else json.dumps(text, ensure_ascii=False)
