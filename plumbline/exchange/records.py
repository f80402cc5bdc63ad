"""Rows of a table with a known header: what each row says about a part, a line and where to buy it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from plumbline.exchange.amounts import Amount, plain, price_in, quantity_in
from plumbline.exchange.columns import IDENTITY_ROLES, Header, Role, folded_title
from plumbline.exchange.designators import are_designators, listed_words, places_in
from plumbline.exchange.fitting import SAID_YES, is_not_fitted
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedOffer, ImportedPart, ImportedSource, Origin, PartKind, PriceBreak, Severity
from plumbline.exchange.placeholders import PLACEHOLDERS
from plumbline.exchange.row_repair import column_natures, mended
from plumbline.exchange.sheets import Row, Sheet

_PART_WORDS = frozenset({"part", "component", "item", "piece"})
_ASSEMBLY_WORDS = frozenset({"assembly", "assy", "subassembly", "module", "system", "subsystem", "product", "machine"})
_DOCUMENT_WORDS = frozenset({"document", "drawing", "specification", "manual"})
_COMMENTS = frozenset({"comment", "comments"})
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")


@dataclass(frozen=True, slots=True)
class Record:
    """One row: texts by role, and the columns of no role by their titles. Blank cells are absent from both."""

    origin: Origin
    texts: Mapping[Role, str]
    attributes: Mapping[str, str]
    comment: str = ""
    """Altium's word for the value, as the row has it; a remark tells no part apart."""
    maker: str = ""
    """Where the maker's number alone does not tell the part apart."""

    def text(self, *roles: Role) -> str:
        """The first of the roles that the row fills; empty when it fills none."""
        return next((self.texts[role] for role in roles if role in self.texts), "")

    @property
    def key(self) -> str:
        """What tells the part apart: a number, the maker's number, or the longest name it has.

        A value and, on a board, a name mean something together with the footprint only. Altium calls the value a comment.
        """
        footprint = self.texts.get(Role.FOOTPRINT, "")
        for role in IDENTITY_ROLES:
            text = self.texts.get(role, "")
            if text.casefold() in PLACEHOLDERS:
                continue
            if role is Role.MPN:
                return f"{text} {self.maker}".rstrip()
            needs_footprint = role is Role.VALUE or (role is Role.NAME and Role.DESIGNATORS in self.texts)
            return f"{text} {footprint}" if needs_footprint and footprint not in ("", text) else text
        is_value = Role.DESIGNATORS in self.texts and self.comment.casefold() not in PLACEHOLDERS
        return f"{self.comment} {footprint}".rstrip() if is_value else ""

    @property
    def name(self) -> str:
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
        if is_not_fitted(self.text(Role.FITTING)) or is_not_fitted(self.text(Role.DO_NOT_PLACE)):
            return False
        return self.text(Role.DO_NOT_PLACE).casefold() not in SAID_YES


def rows_in(sheet: Sheet, header: Header, gatherer: Gatherer) -> tuple[Record, ...]:
    """The rows below the header, whatever they say; repaired ones get a notice each."""
    rows = [row for row in sheet.rows if row.number > header.row]
    if header.makers_number is not None:
        title = header.titles[header.makers_number]
        sentence = f"{title} stands right behind the makers, so its numbers were taken as theirs."
        gatherer.tell(Severity.INFO, "NUMBERS_OF_MAKERS", sentence, sheet.origin(header.row))
    records = [_record(sheet, header, row) for row in _mended_rows(sheet, header, rows, gatherer)]
    return tuple(records)


def parts_in(rows: Sequence[Record], header: Header, origin: Origin, gatherer: Gatherer) -> tuple[Record, ...]:
    """The rows that name a part; the others are counted in a notice."""
    records = [record for record in rows if record.key]
    for record in records:
        gatherer.count_places(len(record.designators), record.origin)
    if len(records) < len(rows):
        lost = [row for row in rows if not row.key and Role.DESIGNATORS in row.texts]
        where = f"; {lost[0].text(Role.DESIGNATORS)} at {lost[0].origin} among them" if lost else ""
        sentence = f"{len(rows) - len(records)} rows name no part and were passed over{where}."
        gatherer.tell(Severity.WARNING if lost else Severity.INFO, "ROWS_WITHOUT_PART", sentence, origin)
    _tell_oddities(records, header, gatherer)
    return tuple(records)


def _mended_rows(sheet: Sheet, header: Header, rows: Sequence[Row], gatherer: Gatherer) -> Iterator[Row]:
    width = len(header.titles)
    natures = column_natures(rows, width)
    for row in rows:
        if not any(cell.strip() for cell in row.cells[width:]):
            yield Row(row.number, row.cells[:width])
            continue
        cells = mended(row.cells, natures, sheet.separator) if sheet.separator else None
        _tell_surplus(sheet, row, header, cells, gatherer)
        yield Row(row.number, cells or row.cells[:width])


def _tell_surplus(sheet: Sheet, row: Row, header: Header, cells: tuple[str, ...] | None, gatherer: Gatherer) -> None:
    """In a text the surplus means that the row was cut wrongly; in a workbook it is a remark beside the table."""
    origin = sheet.origin(row.number)
    counts = f"Row {row.number} has {len(row.cells)} cells for {len(header.titles)} columns"
    if cells is None:
        sentence = f"{counts}; those past the header were dropped."
        gatherer.tell(Severity.ERROR if sheet.separator else Severity.WARNING, "ROW_TOO_LONG", sentence, origin)
        return
    column = next(i for i, (before, after) in enumerate(zip(row.cells, cells, strict=False)) if before != after)
    sentence = f"{counts}; an unquoted sign was put back into {header.titles[column]}: {cells[column]}"
    gatherer.tell(Severity.WARNING, "ROW_REPAIRED", sentence, origin)


def _record(sheet: Sheet, header: Header, row: Row) -> Record:
    texts: dict[Role, str] = {}
    attributes: dict[str, str] = {}
    for title, role, cell in zip(header.titles, header.roles, row.cells, strict=False):
        text = cell.strip()
        if not text or role is Role.IGNORED:
            continue
        if role is not None:
            texts[role] = text
        elif title:
            attributes.setdefault(title, text)
        if role in (Role.VALUE, Role.FOOTPRINT):
            attributes.setdefault(title, text)
    notes = header.column(Role.NOTES)
    is_comment = notes is not None and folded_title(header.titles[notes]) in _COMMENTS
    return Record(sheet.origin(row.number), texts, attributes, texts.get(Role.NOTES, "") if is_comment else "")


def _tell_oddities(records: Iterable[Record], header: Header, gatherer: Gatherer) -> None:
    told: set[str] = set()
    for record in records:
        if header.has(Role.NUMBER) and Role.NUMBER not in record.texts and record.kind is PartKind.PART:
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
    places = designators if are_designators(designators) else listed_words(record.text(Role.DESIGNATORS))
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
        attributes=record.attributes,
        extra={"row id": row_id} if row_id else {},
        sources=_sources(record, currency),
        link=record.texts.get(Role.LINK),
        revision=record.texts.get(Role.REVISION),
        status=record.texts.get(Role.STATUS),
    )


def _type_as_category(record: Record) -> str:
    """A type that only repeats the kind is no category; any other word for the part is one."""
    text = record.text(Role.TYPE)
    return "" if text.casefold() in (*_PART_WORDS, "assembly", "document") else text


def _sources(record: Record, currency: str | None) -> tuple[ImportedSource, ...]:
    manufacturer, mpn = record.text(Role.MANUFACTURER), record.text(Role.MPN)
    offer = _offer(record, currency)
    if mpn.casefold() in PLACEHOLDERS:
        mpn = ""
    if not mpn and offer is None:
        return ()
    return (ImportedSource(manufacturer or None, mpn or None, offers=(offer,) if offer else ()),)


def _offer(record: Record, currency: str | None) -> ImportedOffer | None:
    """A shop is named by its column or, next to a price, by the host of the link."""
    price, link = price_in(record.text(Role.PRICE)), record.text(Role.LINK)
    supplier, sku = record.text(Role.SUPPLIER), record.text(Role.SKU)
    if price is None and not supplier and not sku:
        return None
    named = record.text(Role.CURRENCY).upper() or (price.currency if price else None) or currency
    return ImportedOffer(
        distributor=supplier or _host(link),
        sku=sku or None,
        currency=named if price else None,
        price_breaks=(PriceBreak(Decimal(1), price.value),) if price else (),
        link=link or None,
    )


def _host(link: str) -> str | None:
    try:
        host = urlsplit(link).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
