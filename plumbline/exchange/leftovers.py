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
    roles = [role for role in (*_NAMING, Role.TYPE, Role.LINK, Role.NOTES) if header.has(role)]
    if not is_list_of_parts(header):
        roles = [role for role in roles if role is not Role.NOTES]
    for record in records:
        for cell in record.ignored:
            gatherer.tell_ignored(cell, record.origin)
        more = {header.title_of(role): record.text(role) for role in roles if _is_left(role, record)}
        for title, text in more.items():
            if record.attributes.get(title, text) != text:
                gatherer.tell_ignored(IgnoredCell(title, text, SAID_TWICE), record.origin)
        yield replace(record, attributes={**more, **record.attributes}) if more else record


def _is_left(role: Role, record: Record) -> bool:
    """Whether the text of the role goes into no field of the part and of its line."""
    text = record.text(role)
    if text.casefold() in PLACEHOLDERS:
        return False
    match role:
        case Role.TYPE:
            return Role.CATEGORY in record.texts and not is_kind_word(text)
        case Role.LINK:
            return not record.sources
        case Role.NOTES:
            return True
    return text not in (record.text(Role.LONG_NAME, Role.DESCRIPTION), record.name, record.key)


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
            if reason:
                found[column.title, reason] += sum(
                    bool("".join(row.cells[index : index + 1]).strip()) for row in block.rows
                )
    return {column: cells for column, cells in found.items() if cells}


def _why_ignored(column: Column, unused: Mapping[Role, str]) -> str | None:
    if column.role is Role.IGNORED:
        return column.reason
    return None if column.role is None else _CHECKED.get(column.role) or unused.get(column.role)
