"""What rows say and no field takes: kept as a specification where it can be, told where not. No cell gets lost in silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from plumbline.exchange.columns import IDENTITY_ROLES, Column, Role
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.grid import Sheet
from plumbline.exchange.headers import Block, Header
from plumbline.exchange.ignored_cells import SAID_TWICE, IgnoredCell
from plumbline.exchange.model import Severity
from plumbline.exchange.placeholders import PLACEHOLDERS
from plumbline.exchange.records import Record, is_kind_word
from plumbline.exchange.structure import is_list_of_parts, unused_roles

_NAMING = tuple(role for role in IDENTITY_ROLES if role not in (Role.NUMBER, Role.MPN, Role.VALUE))
"""What a part is called; it has room for two of these, the name and the description."""
_CHECKED = {
    Role.LINE_PRICE: "it is the price of all pieces, and those of a single one are kept",
    Role.STATED_TOTAL: "it counts the pieces of the whole product, which follows from the lines",
}


def with_all_kept(records: Iterable[Record], header: Header, gatherer: Gatherer) -> Iterator[Record]:
    """The same records, their leftovers among the specifications; cells that nothing can take are told."""
    for record in records:
        attributes, ignored = dict(record.attributes), list(record.ignored)
        for role in _leftovers(record, header):
            title, text = header.title_of(role), record.text(role)
            if attributes.setdefault(title, text) != text:
                ignored.append(IgnoredCell(title, text, SAID_TWICE))
        for cell in ignored:
            gatherer.tell_ignored(cell, record.origin)
        yield replace(record, attributes=attributes)


def _leftovers(record: Record, header: Header) -> Iterator[Role]:
    """The roles whose texts go into no field of the part and of its line."""
    said = {record.name, record.key, record.text(Role.LONG_NAME, Role.DESCRIPTION)}
    yield from (
        role for role in _NAMING if record.text(role).casefold() not in PLACEHOLDERS and record.text(role) not in said
    )
    if Role.CATEGORY in record.texts and Role.TYPE in record.texts and not is_kind_word(record.text(Role.TYPE)):
        yield Role.TYPE
    if Role.LINK in record.texts and not record.sources:
        yield Role.LINK
    if Role.NOTES in record.texts and is_list_of_parts(header):
        yield Role.NOTES


def tell_ignored_columns(tables: Iterable[tuple[Sheet, Sequence[Block]]], gatherer: Gatherer) -> None:
    """Columns that are left out as a whole, each once with the number of its cells and of the tables that it stands in."""
    found: dict[tuple[str, str], list[Sheet]] = defaultdict(list)
    cells: dict[tuple[str, str], int] = defaultdict(int)
    for sheet, blocks in tables:
        for (column, reason), filled in _ignored_columns(blocks).items():
            found[column, reason].append(sheet)
            cells[column, reason] += filled
    for (title, reason), sheets in found.items():
        where = f" in {len(sheets)} tables" if len(sheets) > 1 else ""
        sentence = f"{title} was left out, {cells[title, reason]} cells{where}: {reason}."
        gatherer.tell(Severity.INFO, "COLUMN_IGNORED", sentence, replace(sheets[0].origin(), column=title))


def _ignored_columns(blocks: Sequence[Block]) -> Mapping[tuple[str, str], int]:
    """Title and reason to the number of cells that say something."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for block in blocks:
        unused = unused_roles(block.header)
        for index, column in enumerate(block.header.columns):
            reason = _why_ignored(column, unused)
            filled = sum(index < len(row.cells) and bool(row.cells[index].strip()) for row in block.rows)
            if reason and filled:
                found[column.title, reason] += filled
    return found


def _why_ignored(column: Column, unused: Mapping[Role, str]) -> str | None:
    if column.role is Role.IGNORED:
        return column.reason
    return None if column.role is None else _CHECKED.get(column.role) or unused.get(column.role)
