"""Rows of a table with a known header: what each row says about a part, a line and where to buy it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from plumbline.exchange.amounts import Amount, plain, price_in, quantity_in
from plumbline.exchange.bounds import SOURCES_MAX
from plumbline.exchange.columns import IDENTITY_ROLES, Column, Role, folded_title
from plumbline.exchange.designators import are_designators, listed_words, places_in
from plumbline.exchange.fitting import SAID_YES, is_not_fitted
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.grid import Row, Sheet
from plumbline.exchange.headers import Block, Header
from plumbline.exchange.ignored_cells import IgnoredCell, Texts, ignored_cells
from plumbline.exchange.model import ImportedPart, ImportedSource, Origin, PartKind, Severity
from plumbline.exchange.placeholders import PLACEHOLDERS
from plumbline.exchange.record_sources import sources_in
from plumbline.exchange.row_repair import column_natures, mended
from plumbline.exchange.shops import shop_and_number

_PART_WORDS = frozenset({"part", "component", "item", "piece"})
_ASSEMBLY_WORDS = frozenset({"assembly", "assy", "subassembly", "module", "system", "subsystem", "product", "machine"})
_DOCUMENT_WORDS = frozenset({"document", "drawing", "specification", "manual"})
_COMMENTS = frozenset({"comment", "comments"})
_MAKER_AND_NUMBER = re.compile(r"(.+?)\s+[-–]\s+(\S.*)|([^,]+),\s*(\S.*)")
_PLACES_SHOWN_MAX = 60
_UNNAMED_SHOWN_MAX = 5
NOTHING = "~"
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")


@dataclass(frozen=True, slots=True)
class Record:
    """One row: texts by role, and the columns of no role by their titles. Blank cells are absent from both."""

    origin: Origin
    texts: Texts
    attributes: Mapping[str, str]
    comment: str = ""
    """Altium's word for the value, as the row has it; a remark tells no part apart."""
    maker: str = ""
    """Where the maker's number alone does not tell the part apart."""
    more_sources: tuple[Texts, ...] = ()
    """What the row says of further makers and shops, each for itself."""
    section: str = ""
    """The title that stands above the row and those around it."""
    stand_in: str = ""
    """Tells the part apart where the row names none: the table and the places or the item number in it."""
    ignored: tuple[IgnoredCell, ...] = ()
    """What the row says and no field can take."""

    def text(self, *roles: Role) -> str:
        """The first of the roles that the row fills; empty when it fills none."""
        return next((self.texts[role] for role in roles if role in self.texts), "")

    @property
    def in_words(self) -> str:
        """All that the row says, each text once."""
        more = (text for texts in self.more_sources for text in texts.values())
        ignored = (cell.text for cell in self.ignored)
        return " | ".join(dict.fromkeys((*self.texts.values(), *self.attributes.values(), *more, *ignored)))

    @property
    def key(self) -> str:
        """What tells the part apart: a number, the maker's number, or the longest name it has.

        A value and, on a board, a name mean something together with the footprint only. Altium calls the value a comment.
        """
        footprint = self.texts.get(Role.FOOTPRINT, "")
        for role in IDENTITY_ROLES:
            text = self.texts.get(role, "")
            if text.casefold() in PLACEHOLDERS or (role is Role.VALUE and is_not_fitted(text)):
                continue
            if role is Role.MPN:
                return f"{text} {self.maker}".rstrip()
            needs_footprint = role is Role.VALUE or (role is Role.NAME and Role.DESIGNATORS in self.texts)
            return f"{text} {footprint}" if needs_footprint and footprint not in ("", text) else text
        is_value = Role.DESIGNATORS in self.texts and self.comment.casefold() not in PLACEHOLDERS
        return f"{self.comment} {footprint}".rstrip() if is_value else self.stand_in

    @property
    def sources(self) -> tuple[ImportedSource, ...]:
        """Their prices without the currency that only other rows tell."""
        return sources_in(self.texts, self.more_sources, None)

    @property
    def name(self) -> str:
        if self.stand_in:
            return self.text(Role.DESIGNATORS, Role.FOOTPRINT) or self.key
        return self.text(Role.SHORT_NAME, Role.NAME, Role.LONG_NAME, Role.VALUE, Role.DESCRIPTION) or self.key

    @property
    def kind(self) -> PartKind:
        word = re.sub(r"[\W_]", "", self.text(Role.TYPE)).casefold()
        if word in _ASSEMBLY_WORDS:
            return PartKind.ASSEMBLY
        return PartKind.DOCUMENT if word in _DOCUMENT_WORDS else PartKind.PART

    @property
    def designators(self) -> tuple[str, ...]:
        return places_in(self.text(Role.DESIGNATORS), self.quantity.value if self.quantity else None)

    @property
    def quantity(self) -> Amount | None:
        amount = quantity_in(self.text(Role.QUANTITY))
        return None if amount is None else Amount(plain(amount.value), amount.unit)

    @property
    def is_placed(self) -> bool:
        if any(is_not_fitted(self.text(role)) for role in (Role.FITTING, Role.DO_NOT_PLACE, Role.VALUE)):
            return False
        return self.text(Role.DO_NOT_PLACE).casefold() not in SAID_YES


def rows_in(sheet: Sheet, blocks: Sequence[Block], gatherer: Gatherer) -> tuple[Record, ...]:
    """The rows below the headers, whatever they say; repaired ones get a notice each."""
    header = blocks[0].header
    if header.makers_number is not None:
        title = header.titles[header.makers_number]
        sentence = f"{title} stands right behind the makers, so its numbers were taken as theirs."
        gatherer.tell(Severity.INFO, "NUMBERS_OF_MAKERS", sentence, sheet.origin(header.row))
    return tuple(_record(sheet, block.header, row) for block in blocks for row in _mended_rows(sheet, block, gatherer))


def parts_in(
    rows: Sequence[Record], header: Header, name: str, origin: Origin, gatherer: Gatherer
) -> tuple[Record, ...]:
    """The rows that are about a part; the others are told. `name` is that of the table."""
    records = list[Record]()
    for row in rows:
        record = _with_stand_in(row, name)
        if record.key:
            records.append(record)
            gatherer.count_places(len(record.designators), record.origin)
        elif row.in_words:
            sentence = f"A row that names no part was passed over: {row.in_words}"
            gatherer.tell(Severity.INFO, "ROW_WITHOUT_PART", sentence, row.origin)
    _tell_unnamed([record for record in records if record.stand_in], origin, gatherer)
    _tell_oddities(records, header, gatherer)
    return tuple(records)


def _with_stand_in(row: Record, name: str) -> Record:
    """A row that counts something, or says where it goes, is a part even if nobody named it."""
    if row.key or (row.quantity is None and not row.designators):
        return row
    places = ", ".join(row.designators)[:_PLACES_SHOWN_MAX]
    item = f"item {row.text(Role.ITEM_NUMBER)}" if Role.ITEM_NUMBER in row.texts else f"row {row.origin.row}"
    return replace(row, stand_in=f"{name}: {places or row.text(Role.FOOTPRINT) or item}")


def _tell_unnamed(records: Sequence[Record], origin: Origin, gatherer: Gatherer) -> None:
    if not records:
        return
    shown = ", ".join(record.key for record in records[:_UNNAMED_SHOWN_MAX])
    more = " …" if len(records) > _UNNAMED_SHOWN_MAX else ""
    sentence = (
        f"{len(records)} rows have a quantity or places and name no part; each became a part of its own: {shown}{more}."
    )
    gatherer.tell(Severity.WARNING, "UNNAMED_PARTS", sentence, origin)


def _mended_rows(sheet: Sheet, block: Block, gatherer: Gatherer) -> Iterator[Row]:
    header, rows = block.header, block.rows
    width = len(header.titles)
    natures = column_natures(rows, width)
    remarks = list[Row]()
    for row in rows:
        if not any(cell.strip() for cell in row.cells[width:]) or _continues(row, header):
            yield row
            continue
        if sheet.separator is None:
            remarks.append(row)
            yield row
            continue
        cells = mended(row.cells, natures, sheet.separator)
        _tell_surplus(sheet, row, header, cells, gatherer)
        yield Row(row.number, cells or row.cells[:width])
    if remarks:
        sentence = f"{len(remarks)} rows have cells right of the last title; they were kept as remarks, in the notes."
        gatherer.tell(Severity.WARNING, "CELLS_BESIDE_TABLE", sentence, sheet.origin(remarks[0].number))


def _continues(row: Row, header: Header) -> bool:
    """Whether the cells past the header speak of further makers and shops, in the order of the last columns."""
    tail = len(header.tail)
    if not tail:
        return False
    surplus = len(row.cells) - len(header.titles)
    is_closed = row.cells[-1] == "" and (surplus - 1) % tail == 0  # as some programs end every cell with a separator
    is_announced = len(row.cells) <= header.width
    return surplus // tail <= SOURCES_MAX and (surplus % tail == 0 or is_closed or is_announced)


def _tell_surplus(sheet: Sheet, row: Row, header: Header, cells: tuple[str, ...] | None, gatherer: Gatherer) -> None:
    """In a text the surplus means that the row was cut wrongly."""
    origin = sheet.origin(row.number)
    counts = f"Row {row.number} has {len(row.cells)} cells for {len(header.titles)} columns"
    if cells is None:
        surplus = " | ".join(filter(None, map(str.strip, row.cells[len(header.titles) :])))
        sentence = f"{counts}; those past the header were dropped: {surplus}"
        gatherer.tell(Severity.ERROR, "ROW_TOO_LONG", sentence, origin)
        return
    column = next(i for i, (before, after) in enumerate(zip(row.cells, cells, strict=False)) if before != after)
    sentence = f"{counts}; an unquoted sign was put back into {header.titles[column]}: {cells[column]}"
    gatherer.tell(Severity.WARNING, "ROW_REPAIRED", sentence, origin)


def _record(sheet: Sheet, header: Header, row: Row) -> Record:
    texts: dict[Role, str] = {}
    attributes: dict[str, str] = {}
    groups: dict[str, dict[Role, str]] = {}
    for column, cell in zip(header.columns, row.cells, strict=False):
        text, role = cell.strip(), column.role
        if not text or role is Role.IGNORED:
            continue
        if role is None:
            if column.title:
                attributes.setdefault(column.title, text)
            continue
        _take(column, text, groups.setdefault(column.group, {}) if column.group else texts)
        if role in (Role.VALUE, Role.FOOTPRINT):
            attributes.setdefault(column.title, text)
    ignored = tuple(ignored_cells(header, row.cells, texts, groups, attributes))
    goes_on = _continues(row, header)
    if sheet.separator is None and not goes_on:
        remarks = [cell.strip() for cell in row.cells[len(header.titles) :] if cell.strip()]
        if remarks:
            texts[Role.NOTES] = "; ".join(filter(None, (texts.get(Role.NOTES), *remarks)))
    notes = header.column(Role.NOTES)
    is_comment = notes is not None and folded_title(header.titles[notes]) in _COMMENTS
    return Record(
        sheet.origin(row.number),
        texts,
        attributes,
        texts.get(Role.NOTES, "") if is_comment else "",
        more_sources=(*groups.values(), *(_past_the_header(header, row) if goes_on else ())),
        ignored=ignored,
    )


def _take(column: Column, text: str, texts: dict[Role, str]) -> None:
    """Notes what the cell says; a cell that says two things is taken apart, and what stands further left goes first."""
    if column.role is Role.MANUFACTURER_AND_MPN:
        match = _MAKER_AND_NUMBER.fullmatch(text)
        maker, number = (match[1] or match[3], match[2] or match[4]) if match else ("", text)
        if Role.MPN not in texts and Role.MANUFACTURER not in texts:
            texts.update({Role.MANUFACTURER: maker, Role.MPN: number} if maker else {Role.MPN: number})
        return
    shop = shop_and_number(text) if column.role is Role.SKU and not column.supplier else None
    if shop is not None and Role.SUPPLIER not in texts:
        texts[Role.SUPPLIER], text = shop
    assert column.role is not None, "a cell without a role is a specification"
    texts.setdefault(column.role, text)
    if column.supplier:
        texts.setdefault(Role.SUPPLIER, column.supplier)
    if column.currency:
        texts.setdefault(Role.CURRENCY, column.currency)


def _past_the_header(header: Header, row: Row) -> Iterator[Texts]:
    cells, tail = row.cells[len(header.titles) :], header.tail
    for start in range(0, len(cells) if tail else 0, len(tail) or 1):
        texts: dict[Role, str] = {}
        for column, cell in zip(tail, cells[start:], strict=False):
            if cell.strip():
                _take(column, cell.strip(), texts)
        if texts:
            yield texts


def _tell_oddities(records: Iterable[Record], header: Header, gatherer: Gatherer) -> None:
    told: set[str] = set()
    for record in records:
        is_named = record.kind is PartKind.PART and not record.stand_in
        if header.has(Role.NUMBER) and Role.NUMBER not in record.texts and is_named:
            sentence = f"{record.key} has no part number; it is known by its name."
            gatherer.tell(Severity.WARNING, "NUMBER_MISSING", sentence, record.origin)
        text = record.text(Role.SHORT_NAME, Role.NAME)
        match = _FULL_WIDTH.search(record.key) or _FULL_WIDTH.search(text)
        if match is not None and text not in told:
            told.add(text)
            usual = unicodedata.normalize("NFKC", match.group())
            sign = f"{match.group()} (U+{ord(match.group()):04X})"
            sentence = f"{text} is written with the full-width {sign} instead of {usual}; it was kept."
            gatherer.tell(Severity.WARNING, "FULL_WIDTH_CHARACTER", sentence, record.origin)
        _tell_quantity(record, header, gatherer)


def _tell_quantity(record: Record, header: Header, gatherer: Gatherer) -> None:
    if not header.has(Role.QUANTITY):
        return
    amount, designators = record.quantity, record.designators
    if amount is None:
        written = record.text(Role.QUANTITY)
        sentence = (
            f"{record.key} has the quantity {written}, which is no number."
            if written
            else f"{record.key} has no quantity."
        )
        gatherer.tell(Severity.WARNING, "QUANTITY_UNKNOWN", sentence, record.origin)
        return
    places = (
        designators
        if len(designators) > 1 or are_designators(designators)
        else listed_words(record.text(Role.DESIGNATORS))
    )
    if places and amount.value != len(places):
        sentence = (
            f"{record.key} has the quantity {amount.value} and {len(places)} designators; the quantity was taken."
        )
        gatherer.tell(Severity.WARNING, "QUANTITY_CONTRADICTED", sentence, record.origin)


def common_currency(records: Iterable[Record]) -> str | None:
    """The one currency that all prices with a currency are in; None when there are several or none."""
    prices = (price_in(record.text(Role.PRICE)) for record in records)
    currencies = {price.currency for price in prices if price is not None and price.currency}
    return currencies.pop() if len(currencies) == 1 else None


def part_of(record: Record, currency: str | None) -> ImportedPart:
    """The part that a row is about; `currency` is for prices that name none."""
    category = record.text(Role.CATEGORY) or _type_as_category(record)
    row_id = record.text(Role.ROW_ID)
    return ImportedPart(
        key=record.key,
        name=record.name,
        origin=record.origin,
        number=record.texts.get(Role.NUMBER),
        description=record.text(Role.LONG_NAME, Role.DESCRIPTION),
        kind=record.kind,
        category_path=tuple(filter(None, (step.strip() for step in category.split("/")))),
        unit=record.texts.get(Role.UNIT),
        attributes=_attributes(record),
        extra={"row id": row_id} if row_id else {},
        sources=sources_in(record.texts, record.more_sources, currency),
        link=record.texts.get(Role.LINK),
        revision=record.texts.get(Role.REVISION),
        status=record.texts.get(Role.STATUS),
    )


def _attributes(record: Record) -> Mapping[str, str]:
    """Without the sign that KiCad writes for a field that is empty on purpose."""
    if NOTHING not in record.attributes.values():
        return record.attributes
    return {title: text for title, text in record.attributes.items() if text != NOTHING}


def _type_as_category(record: Record) -> str:
    """A type that only repeats the kind is no category; any other word for the part is one."""
    text = record.text(Role.TYPE)
    return "" if is_kind_word(text) else text


def is_kind_word(text: str) -> bool:
    """Whether a type says no more than that the thing is a part, an assembly or a document."""
    return text.casefold() in (*_PART_WORDS, "assembly", "document")
