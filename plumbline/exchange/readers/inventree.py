"""An InvenTree database written out as a Django fixture: one JSON list of `{"model", "pk", "fields"}`.

Read are categories, parts with their parameters, maker's and supplier's parts with price breaks, and BOM lines with their
substitutes. Users, settings, news, orders, stock and builds in the same file are passed over without being looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from plumbline.exchange.amounts import number_in
from plumbline.exchange.designators import designators_in
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import (
    ImportedCategory,
    ImportedData,
    ImportedLine,
    ImportedOffer,
    ImportedPart,
    ImportedSource,
    Origin,
    PartKind,
    PriceBreak,
    ReadOptions,
    Severity,
)
from plumbline.exchange.readers.fixture import Entry, Fixture, fixture_in, grouped

NAME = "inventree"
_CATEGORY, _PART, _BOM_ITEM = "part.partcategory", "part.part", "part.bomitem"
_TEMPLATE, _PARAMETER, _SUBSTITUTE = "part.partparametertemplate", "part.partparameter", "part.bomitemsubstitute"
_COMPANY, _MAKER_PART = "company.company", "company.manufacturerpart"
_SUPPLIER_PART, _PRICE_BREAK = "company.supplierpart", "company.supplierpricebreak"
_ATTACHMENT = "part.partattachment"
_MODELS = frozenset(
    {
        _CATEGORY,
        _PART,
        _BOM_ITEM,
        _TEMPLATE,
        _PARAMETER,
        _SUBSTITUTE,
        _COMPANY,
        _MAKER_PART,
        _SUPPLIER_PART,
        _PRICE_BREAK,
    }
    | {_ATTACHMENT}
)
_EXTRA_TEXTS = ("keywords", "notes")
_DEPTH_MAX = 100
"""Of categories and of variants; deeper only when they run in a circle."""


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is a fixture with parts in it."""
    for file in files:
        starts_a_list = file.content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
        if file.suffix == ".json" and starts_a_list and f'"{_PART}"'.encode() in file.content:
            return f"{file.name} is a JSON fixture with entries of the model {_PART}"
    return None


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    gatherer = Gatherer()
    read_any = False
    for file in files:
        if recognise([file]) is None:
            sentence = f"{file.name} is no fixture with parts and was not read."
            gatherer.tell(Severity.INFO, "FILE_IGNORED", sentence, Origin(file.name))
            continue
        read_any = True
        _read_fixture(fixture_in(file, _MODELS), options, gatherer)
    if not read_any:
        expected = f"a JSON fixture with {_PART}"
        raise UnreadableFile(f"{files[0].name} is no InvenTree fixture.", path=(files[0].name,), expected=expected)
    return gatherer.data(NAME)


def _read_fixture(fixture: Fixture, options: ReadOptions, gatherer: Gatherer) -> None:
    paths = _category_paths(fixture, gatherer)
    keys = _part_keys(fixture, gatherer)
    parameters = grouped(_of(fixture, _PARAMETER), "part")
    sources = _sources(fixture, gatherer)
    for pk, entry in _of(fixture, _PART).items():
        category = entry.reference("category")
        variant_of = entry.reference("variant_of")
        gatherer.add_part(
            ImportedPart(
                key=keys[pk],
                name=entry.text("name"),
                origin=entry.origin,
                number=entry.text("IPN") or None,
                description=entry.text("description"),
                kind=PartKind.ASSEMBLY if entry.flag("assembly") else PartKind.PART,
                category_path=paths.get(category, ()) if category is not None else (),
                unit=entry.text("units") or None,
                attributes=_attributes(parameters.get(pk, ()), _of(fixture, _TEMPLATE)),
                extra={name: text for name in _EXTRA_TEXTS if (text := entry.text(name))},
                sources=sources.get(pk, ()),
                link=entry.text("link") or None,
                revision=entry.text("revision") or None,
                variant_of=keys.get(variant_of) if variant_of is not None else None,
                is_template=entry.flag("is_template"),
                is_active=entry.flag("active", default=True),
            )
        )
    _read_lines(fixture, keys, options, gatherer)
    _tell_attachments(fixture, keys, gatherer)


def _of(fixture: Fixture, model: str) -> Mapping[int, Entry]:
    return fixture.get(model, {})


def _category_paths(fixture: Fixture, gatherer: Gatherer) -> dict[int, tuple[str, ...]]:
    categories = _of(fixture, _CATEGORY)
    paths = {pk: tuple(entry.text("name") for entry in _upwards(pk, categories, "parent")) for pk in categories}
    for pk, path in paths.items():
        entry = categories[pk]
        gatherer.add_category(ImportedCategory(path, entry.text("description"), entry.origin))
    return paths


def _upwards(pk: int, entries: Mapping[int, Entry], field: str) -> list[Entry]:
    """The entry last and what it hangs from before it; refuses a chain that never ends."""
    chain: list[Entry] = []
    at: int | None = pk
    while at is not None and at in entries:
        chain.append(entries[at])
        if len(chain) > _DEPTH_MAX:
            entry = entries[pk]
            path = (entry.file, entry.model, pk, field)
            raise UnreadableFile(
                f"{entry.origin}: {field} never ends.", path=path, expected=f"at most {_DEPTH_MAX} levels"
            )
        at = entries[at].reference(field)
    return chain[::-1]


def _part_keys(fixture: Fixture, gatherer: Gatherer) -> dict[int, str]:
    """The part number, else the name; where two parts share it, the second and later ones go by their database key."""
    keys: dict[int, str] = {}
    taken: dict[str, int] = {}
    by_number_first = sorted(_of(fixture, _PART).items(), key=lambda item: not item[1].text("IPN"))
    for pk, entry in by_number_first:
        wanted = entry.text("IPN") or entry.text("name")
        if not wanted or wanted in taken:
            keys[pk] = f"inventree:{pk}"
            sentence = f"{wanted or 'A part without a name'} is shared with another part; this one goes by {keys[pk]}."
            gatherer.tell(Severity.WARNING, "KEY_SHARED", sentence, entry.origin)
        else:
            keys[pk] = wanted
            taken[wanted] = pk
    return keys


def _attributes(parameters: Sequence[Entry], templates: Mapping[int, Entry]) -> dict[str, str]:
    """A bare number gets the unit of its template; a value with a unit of its own (`47kohm`) keeps it."""
    values: dict[str, str] = {}
    for parameter in parameters:
        template = templates.get(parameter.reference("template") or 0)
        if template is None:
            continue
        text, units = parameter.text("data"), template.text("units")
        bare = units and number_in(text) is not None
        values[template.text("name")] = f"{text} {units}" if bare else text
    return values


def _sources(fixture: Fixture, gatherer: Gatherer) -> dict[int, tuple[ImportedSource, ...]]:
    """Sources by part: each maker's part with the offers for it, then the offers of no known maker, one source each."""
    prices = grouped(_of(fixture, _PRICE_BREAK), "part")
    companies, maker_parts = _of(fixture, _COMPANY), _of(fixture, _MAKER_PART)
    by_maker: dict[int, list[ImportedOffer]] = defaultdict(list)
    unknown_maker: dict[int, list[ImportedSource]] = defaultdict(list)
    for entry in _of(fixture, _SUPPLIER_PART).values():
        part, maker_part = entry.reference("part"), entry.reference("manufacturer_part")
        offers = _offers(entry, prices.get(entry.pk, ()), companies)
        if maker_part is not None and maker_part in maker_parts:
            by_maker[maker_part].extend(offers)
        elif part is not None:
            unknown_maker[part].append(ImportedSource(None, None, entry.text("description"), None, tuple(offers)))
    sources: dict[int, list[ImportedSource]] = defaultdict(list)
    for pk, entry in maker_parts.items():
        part = entry.reference("part")
        if part is not None:
            sources[part].append(_maker_source(entry, by_maker.get(pk, ()), companies))
    for part, others in unknown_maker.items():
        sources[part].extend(others)
    return {part: tuple(found) for part, found in sources.items()}


def _maker_source(entry: Entry, offers: Sequence[ImportedOffer], companies: Mapping[int, Entry]) -> ImportedSource:
    return ImportedSource(
        manufacturer=_company(entry, "manufacturer", companies),
        mpn=entry.text("MPN") or None,
        description=entry.text("description"),
        link=entry.text("link") or None,
        offers=tuple(offers),
    )


def _offers(entry: Entry, prices: Sequence[Entry], companies: Mapping[int, Entry]) -> list[ImportedOffer]:
    """One offer, or one per currency where the price breaks are in several."""
    offer = ImportedOffer(
        distributor=_company(entry, "supplier", companies),
        sku=entry.text("SKU") or None,
        pack_quantity=entry.number("pack_quantity_native") if entry.text("pack_quantity_native") else Decimal(1),
        packaging=entry.text("packaging") or entry.text("pack_quantity") or None,
        link=entry.text("link") or None,
        notes=entry.text("note"),
    )
    breaks: dict[str, list[PriceBreak]] = defaultdict(list)
    for price in prices:
        breaks[price.text("price_currency")].append(PriceBreak(price.number("quantity"), price.number("price")))
    if not breaks:
        return [offer]
    ordered = {currency: tuple(sorted(steps, key=lambda step: step.quantity)) for currency, steps in breaks.items()}
    return [replace(offer, currency=currency or None, price_breaks=steps) for currency, steps in ordered.items()]


def _company(entry: Entry, field: str, companies: Mapping[int, Entry]) -> str | None:
    company = companies.get(entry.reference(field) or 0)
    return company.text("name") if company is not None else None


def _read_lines(fixture: Fixture, keys: Mapping[int, str], options: ReadOptions, gatherer: Gatherer) -> None:
    substitutes = grouped(_of(fixture, _SUBSTITUTE), "bom_item")
    inheriting = _heirs(fixture) if options.inherit_lines else {}
    with_variants = 0
    for pk, entry in _of(fixture, _BOM_ITEM).items():
        parent, child = entry.reference("part"), entry.reference("sub_part")
        if parent is None or child is None or parent not in keys or child not in keys:
            sentence = (
                f"A BOM line points from part {parent} to part {child}, and one of them is missing; it was left out."
            )
            gatherer.tell(Severity.ERROR, "LINE_WITHOUT_PART", sentence, entry.origin)
            continue
        others = [other.reference("part") for other in substitutes.get(pk, ())]
        known = [keys[other] for other in others if other is not None and other in keys]
        line = _line(entry, keys[parent], keys[child], known)
        gatherer.count_places(len(line.reference_designators), line.origin)
        gatherer.add_line(line)
        for heir in inheriting.get(parent, ()) if entry.flag("inherited") else ():
            gatherer.add_line(replace(line, parent_key=keys[heir], inherited_from=keys[parent]))
        with_variants += entry.flag("allow_variants")
    if with_variants:
        sentence = (
            f"{with_variants} BOM lines allow any variant of their part; they were read as the part that they name."
        )
        gatherer.tell(Severity.INFO, "VARIANTS_ALLOWED", sentence)


def _line(entry: Entry, parent: str, child: str, substitutes: Sequence[str]) -> ImportedLine:
    overage = entry.text("overage")
    notes = [entry.text("note"), f"Overage: {overage}" if overage else ""]
    return ImportedLine(
        parent_key=parent,
        child_key=child,
        quantity=entry.number("quantity"),
        origin=entry.origin,
        reference_designators=designators_in(entry.text("reference")),
        notes="; ".join(filter(None, notes)),
        is_consumable=entry.flag("consumable"),
        is_optional=entry.flag("optional"),
        substitutes=tuple(substitutes),
    )


def _heirs(fixture: Fixture) -> dict[int, list[int]]:
    """Variants of each part, at any depth."""
    parts = _of(fixture, _PART)
    heirs: dict[int, list[int]] = defaultdict(list)
    for pk in parts:
        for template in _upwards(pk, parts, "variant_of")[:-1]:
            heirs[template.pk].append(pk)
    return heirs


def _tell_attachments(fixture: Fixture, keys: Mapping[int, str], gatherer: Gatherer) -> None:
    """The fixture names attached files, but does not hold them."""
    counts = Counter(entry.reference("part") for entry in _of(fixture, _ATTACHMENT).values())
    for part, count in counts.items():
        if part is not None and part in keys:
            sentence = f"{keys[part]} has {count} attached files that are not in the import; attach them by hand."
            gatherer.tell(Severity.INFO, "FILES_NOT_INCLUDED", sentence)
