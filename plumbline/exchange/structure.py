"""Who stands in whom: from rows of a table to lines between parts.

A table says it in one of four ways, and the first that its header offers is taken: a level per row, the parent of each
row, an assembly that the row belongs to, or nothing but how many of each and where, and then the whole table is one assembly.
A table that says none of this is a list of parts, such as the stock of a component library.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from plumbline.exchange.amounts import Amount, plain, quantity_in
from plumbline.exchange.columns import Role
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.headers import Header
from plumbline.exchange.ignored_cells import IgnoredCell
from plumbline.exchange.model import ImportedLine, ImportedPart, Origin, PartKind, Severity
from plumbline.exchange.notices import shown
from plumbline.exchange.records import Record

_OUTLINE = re.compile(r"\d+(\.\d+)*")

_ROWS_SHOWN_MAX = 10
_ONE = Amount(Decimal(1), None)
_USE_ROLES = (Role.QUANTITY, Role.DESIGNATORS, Role.ITEM_NUMBER, Role.DO_NOT_PLACE)
"""A column of one of these makes a row the use of a part."""
_CONTENT_ROLES = (Role.QUANTITY, Role.DESIGNATORS, Role.DO_NOT_PLACE, Role.NOTES)
_LINE_ROLES = (*_USE_ROLES, Role.NOTES)
_ASSEMBLY_ROLES = (Role.ASSEMBLY, Role.SUBASSEMBLY, Role.MULTIPLIER)

Structure = Callable[[Sequence[Record], Header, str, Origin, Gatherer], None]
"""Records, header, name of the whole table, its place, and where the lines go."""


def structure_of(header: Header) -> Structure:
    """The way in which a table with this header says who stands in whom."""
    if header.has(Role.LEVEL):
        return lines_by_level
    if header.has(Role.PARENT):
        return lines_by_parent
    if header.has(Role.ASSEMBLY):
        return lines_by_assembly
    return lines_of_one_assembly if any(header.has(role) for role in _USE_ROLES) else no_lines


def is_list_of_parts(header: Header) -> bool:
    """Whether a table with this header speaks of parts only, and of no use of them."""
    return structure_of(header) is no_lines


def unused_roles(header: Header) -> Mapping[Role, str]:
    """What the structure of the table does not ask, and why."""
    if header.has(Role.LEVEL):
        return dict.fromkeys((Role.PARENT, *_ASSEMBLY_ROLES), "the levels say who stands in whom")
    if header.has(Role.PARENT):
        return dict.fromkeys(_ASSEMBLY_ROLES, "the parents say who stands in whom")
    return {} if header.has(Role.ASSEMBLY) else {Role.MULTIPLIER: "no column names assemblies that it could multiply"}


def no_lines(records: Sequence[Record], header: Header, name: str, origin: Origin, gatherer: Gatherer) -> None:
    by_key: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_key[record.key].append(record)
    sentence = f"{origin} names neither quantities nor places of use: it was read as {len(by_key)} parts and no bill of materials."
    gatherer.tell(Severity.INFO, "NO_BILL_OF_MATERIALS", sentence, origin)
    for key, same in by_key.items():
        if len(same) > 1:
            _tell_repeated(key, same, gatherer)


def _tell_repeated(key: str, records: Sequence[Record], gatherer: Gatherer) -> None:
    """In a list of parts each part stands once; what its rows say differently is named, with how many things they say."""
    titles = dict.fromkeys(title for record in records for title in record.attributes)
    said = {title: {record.attributes.get(title, "") for record in records} for title in titles}
    said = {"description": {record.text(Role.DESCRIPTION) for record in records}, **said}
    differing = [f"{len(texts)} texts as {title}" for title, texts in said.items() if len(texts) > 1]
    what = f", with {' and '.join(differing)}" if differing else ", which say the same"
    rows = ", ".join(str(record.origin.row) for record in records[:_ROWS_SHOWN_MAX])
    sentence = f"{key} stands in {len(records)} rows ({rows}){what}; it became one part."
    gatherer.tell(Severity.WARNING, "PART_REPEATED", sentence, records[1].origin)


def lines_of_one_assembly(
    records: Sequence[Record], header: Header, name: str, origin: Origin, gatherer: Gatherer
) -> None:
    top = _add_top(records, name, origin, gatherer)
    _add_lines([(top, record) for record in records], header, gatherer)


def lines_by_assembly(records: Sequence[Record], header: Header, name: str, origin: Origin, gatherer: Gatherer) -> None:
    """Product, assemblies with their multipliers, assemblies inside them, parts. A row without an assembly stands in the product.

    The key of an assembly begins with that of what it stands in: `body` means something in this table only. Letter case does
    not make another assembly.
    """
    top = _add_top(records, name, origin, gatherer)
    groups: dict[str, _Group] = {}
    for record in records:
        if Role.ASSEMBLY not in record.texts:
            _tell_left_out(record, header, (Role.MULTIPLIER,), "the row names no assembly that it multiplies", gatherer)
    pairs = [(_group_of(record, top, groups, gatherer), record) for record in records]
    for group in groups.values():
        gatherer.add_part(
            ImportedPart(key=group.key, name=group.name, origin=group.first.origin, kind=PartKind.ASSEMBLY)
        )
        quantity = Decimal(1) if group.is_inner else _multiplier(group.first, gatherer)
        gatherer.add_line(ImportedLine(group.parent, group.key, quantity, group.first.origin))
    _add_lines(pairs, header, gatherer)


class _Group(NamedTuple):
    """An assembly made of the rows that name it."""

    parent: str
    key: str
    name: str
    is_inner: bool
    first: Record


def _group_of(record: Record, top: str, groups: dict[str, _Group], gatherer: Gatherer) -> str:
    """The key of the innermost assembly that the row names, the top's if it names none."""
    key = top
    for role in (Role.ASSEMBLY, Role.SUBASSEMBLY):
        named = record.text(role)
        if named:
            wanted = f"{key}/{named}"
            new = _Group(key, wanted, named, role is Role.SUBASSEMBLY, record)
            group = groups.setdefault(wanted.casefold(), new)
            key = group.key
            if not group.is_inner:
                _tell_multiplier(record, group, gatherer)
    return key


def _tell_multiplier(record: Record, group: _Group, gatherer: Gatherer) -> None:
    now, first = record.text(Role.MULTIPLIER), group.first.text(Role.MULTIPLIER)
    if now not in ("", first):
        sentence = f"{group.name} has the multiplier {now} here and {first} before; the first was taken."
        gatherer.tell(Severity.WARNING, "MULTIPLIER_DIFFERS", sentence, record.origin)


def _multiplier(record: Record, gatherer: Gatherer) -> Decimal:
    text = record.text(Role.MULTIPLIER)
    if not text:
        return Decimal(1)
    amount = quantity_in(text)
    if amount is None:
        sentence = f"The multiplier {text} is no number; 1 was taken."
        gatherer.tell(Severity.WARNING, "MULTIPLIER_UNKNOWN", sentence, record.origin)
        return Decimal(1)
    return plain(amount.value)


def lines_by_parent(records: Sequence[Record], header: Header, name: str, origin: Origin, gatherer: Gatherer) -> None:
    """Each row names what it stands in, by number, name or row id; assemblies are looked up before parts of the same name."""
    keys: dict[str, str] = {}
    for record in sorted(records, key=lambda record: record.kind is PartKind.PART):
        for role in (Role.NUMBER, Role.NAME, Role.ROW_ID, Role.SHORT_NAME, Role.LONG_NAME):
            keys.setdefault(record.text(role), record.key)
    pairs = []
    for record in records:
        parent = record.text(Role.PARENT)
        if not parent:
            _tell_no_line(record, header, gatherer)
            continue
        if parent not in keys:
            keys[parent] = parent
            gatherer.add_part(ImportedPart(key=parent, name=parent, origin=record.origin, kind=PartKind.ASSEMBLY))
            sentence = f"{parent} has no row of its own; it was made from the rows that name it."
            gatherer.tell(Severity.INFO, "PARENT_WITHOUT_ROW", sentence, record.origin)
        pairs.append((keys[parent], record))
    _add_lines(pairs, header, gatherer)


def lines_by_level(records: Sequence[Record], header: Header, name: str, origin: Origin, gatherer: Gatherer) -> None:
    """Each row stands in the nearest row above it of a lower level; rows without such a row above stand in the product.

    Where the whole table is one tree, its first row is the product. An assembly that occurs again is expanded again in
    such tables; its lines are taken once, and an expansion that differs is reported.
    """
    levels = _levels(records, gatherer)
    roots: list[int] = []
    below: dict[int, list[Record]] = {}
    path: list[int] = []
    for index, (record, level) in enumerate(zip(records, levels, strict=True)):
        while path and levels[path[-1]] >= level:
            path.pop()
        if path:
            below.setdefault(path[-1], []).append(record)
        else:
            roots.append(index)
        path.append(index)
    if roots == [0]:
        pairs = []
        _tell_no_line(records[0], header, gatherer)
    else:
        top = _add_top(records, name, origin, gatherer)
        pairs = [(top, records[index]) for index in roots]
        _tell_levels_without_parent([(records[index], levels[index]) for index in roots], gatherer)
    for index, children in _first_expansions(records, below, gatherer):
        pairs.extend((records[index].key, child) for child in children)
    _add_lines(pairs, header, gatherer)


def _tell_levels_without_parent(roots: Sequence[tuple[Record, int]], gatherer: Gatherer) -> None:
    lowest = min((level for _, level in roots), default=0)
    for record, level in roots:
        if level > lowest:
            sentence = f"{record.key} has the level {level} and nothing above it that it could stand in; it went into the product."
            gatherer.tell(Severity.WARNING, "LEVEL_WITHOUT_PARENT", sentence, record.origin)


def _first_expansions(
    records: Sequence[Record], below: dict[int, list[Record]], gatherer: Gatherer
) -> list[tuple[int, list[Record]]]:
    first: dict[str, int] = {}
    for index, children in below.items():
        earlier = first.setdefault(records[index].key, index)
        if earlier != index and _contents(children) != _contents(below[earlier]):
            sentence = f"{records[index].key} has other lines here than at {records[earlier].origin}; the first ones were taken."
            gatherer.tell(Severity.WARNING, "EXPANSION_DIFFERS", sentence, records[index].origin)
    return [(index, below[index]) for index in first.values()]


def _contents(children: Sequence[Record]) -> Counter[tuple[str, ...]]:
    return Counter((child.key, *(child.text(role) for role in _CONTENT_ROLES)) for child in children)


def _levels(records: Sequence[Record], gatherer: Gatherer) -> list[int]:
    """Levels are numbers (`2`, `..2`, `+2`) or, when any has a point inside, outline numbers: `1.4.2` is two below `1`."""
    texts = [record.text(Role.LEVEL) for record in records]
    in_outline = any(_OUTLINE.fullmatch(text) and "." in text for text in texts)
    return [_outline_level(record, gatherer) if in_outline else _plain_level(record, gatherer) for record in records]


def _plain_level(record: Record, gatherer: Gatherer) -> int:
    match = re.fullmatch(r"[.\-+ ]*(\d{1,3})", record.text(Role.LEVEL))
    return int(match[1]) if match is not None else _unknown_level(record, gatherer)


def _outline_level(record: Record, gatherer: Gatherer) -> int:
    text = record.text(Role.LEVEL)
    return text.count(".") if _OUTLINE.fullmatch(text) else _unknown_level(record, gatherer)


def _unknown_level(record: Record, gatherer: Gatherer) -> int:
    sentence = f"{record.key} has the level {record.text(Role.LEVEL) or 'blank'}, which is no level; 1 was taken."
    gatherer.tell(Severity.WARNING, "LEVEL_UNKNOWN", sentence, record.origin)
    return 1


def _add_top(records: Sequence[Record], name: str, origin: Origin, gatherer: Gatherer) -> str:
    """The product that the table as a whole describes; its key keeps clear of the parts' keys."""
    taken = {record.key for record in records}
    key = f"{name} assembly" if name in taken else name
    gatherer.add_part(ImportedPart(key=key, name=name, origin=origin, kind=PartKind.ASSEMBLY))
    return key


def _tell_no_line(record: Record, header: Header, gatherer: Gatherer) -> None:
    """What stands in nothing is used nowhere, so its quantity, unless it is one, its places and notes have no line to stand in."""
    roles = [role for role in _LINE_ROLES if role is not Role.QUANTITY or record.quantity != _ONE]
    _tell_left_out(record, header, roles, f"{record.key} stands in nothing", gatherer)


def _tell_left_out(record: Record, header: Header, roles: Sequence[Role], reason: str, gatherer: Gatherer) -> None:
    for role in roles:
        if role in record.texts:
            gatherer.tell_ignored(IgnoredCell(header.title_of(role), record.text(role), reason), record.origin)


def _add_lines(pairs: Sequence[tuple[str, Record]], header: Header, gatherer: Gatherer) -> None:
    """One line per row; without a quantity column each row is one piece, and rows of one child in one parent are counted."""
    if header.has(Role.QUANTITY):
        for parent, record in pairs:
            gatherer.add_line(_line(parent, record))
        return
    counted: dict[tuple[str, str, bool], ImportedLine] = {}
    for parent, record in pairs:
        line = _line(parent, record)
        line = replace(line, quantity=Decimal(len(line.reference_designators) or 1))
        known = counted.get((parent, record.key, line.do_not_place))
        counted[parent, record.key, line.do_not_place] = line if known is None else _counted_in(known, line)
    _tell_item_numbers([record for _, record in pairs], {line.item_number for line in counted.values()}, gatherer)
    for line in counted.values():
        gatherer.add_line(line)


def _tell_item_numbers(records: Sequence[Record], kept: Set[str | None], gatherer: Gatherer) -> None:
    others = [record for record in records if record.texts.get(Role.ITEM_NUMBER) not in kept | {None}]
    if others:
        numbers = shown(", ".join(record.text(Role.ITEM_NUMBER) for record in others))
        sentence = f"Rows that went into the line of an earlier row of their part left out the item numbers {numbers}."
        gatherer.tell(Severity.INFO, "ITEM_NUMBERS_JOINED", sentence, others[0].origin)


def _counted_in(line: ImportedLine, more: ImportedLine) -> ImportedLine:
    quantity = (line.quantity or Decimal(0)) + (more.quantity or Decimal(0))
    designators = line.reference_designators + more.reference_designators
    notes = "; ".join(dict.fromkeys(filter(None, (line.notes, more.notes))))
    item_number = line.item_number or more.item_number
    return replace(line, quantity=quantity, item_number=item_number, reference_designators=designators, notes=notes)


def _line(parent: str, record: Record) -> ImportedLine:
    amount = record.quantity
    return ImportedLine(
        parent_key=parent,
        child_key=record.key,
        quantity=amount.value if amount else None,
        origin=record.origin,
        unit=(amount.unit if amount else None) or record.texts.get(Role.UNIT),
        item_number=record.texts.get(Role.ITEM_NUMBER),
        reference_designators=record.designators,
        notes="; ".join(
            filter(None, (record.text(Role.NOTES), f"Section: {record.section}" if record.section else ""))
        ),
        do_not_place=not record.is_placed,
    )
