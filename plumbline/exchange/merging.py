"""What a part of the library becomes when an import speaks about it, and how that differs from what it is.

An import adds and corrects; what it does not mention stays. So specifications, sources and aliases are joined, and an empty
text or None in the import changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from plumbline.exchange.model import ImportedOffer, ImportedPart, ImportedSource
from plumbline.exchange.snapshot import KnownPart, PartValues

SourceIdentity = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as text for people; None where there is nothing. `field` is `attributes.Length` for a spec."""

    field: str
    before: str | None
    after: str | None


def values_of(part: ImportedPart) -> PartValues:
    """The values that a part gets when the import creates it."""
    return PartValues(
        name=part.name,
        description=part.description,
        category_path=part.category_path,
        unit=part.unit,
        attributes=dict(part.attributes),
        sources=joined_sources((), part.sources),
        aliases=frozenset(filter(None, (part.key, part.number))),
    )


def joined(known: KnownPart, part: ImportedPart) -> PartValues:
    """The values of a known part after the import."""
    now, new = known.values, values_of(part)
    same_category = [step.casefold() for step in now.category_path] == [step.casefold() for step in new.category_path]
    return PartValues(
        name=new.name or now.name,
        description=new.description or now.description,
        category_path=now.category_path if same_category or not new.category_path else new.category_path,
        unit=new.unit or now.unit,
        attributes={**now.attributes, **new.attributes},
        sources=joined_sources(now.sources, new.sources),
        aliases=now.aliases | (new.aliases - {known.cpn}),
    )


def differences(before: PartValues, after: PartValues) -> tuple[FieldChange, ...]:
    """Field by field, in the order in which a person would read them."""
    changes = [
        FieldChange("name", before.name, after.name),
        FieldChange("description", before.description or None, after.description or None),
        FieldChange("category", "/".join(before.category_path) or None, "/".join(after.category_path) or None),
        FieldChange("unit", before.unit, after.unit),
    ]
    for name in sorted({*before.attributes, *after.attributes}):
        changes.append(FieldChange(f"attributes.{name}", before.attributes.get(name), after.attributes.get(name)))
    changes += _source_differences(before.sources, after.sources)
    for alias in sorted(after.aliases - before.aliases):
        changes.append(FieldChange("aliases", None, alias))
    return tuple(change for change in changes if change.before != change.after)


def _source_differences(before: Sequence[ImportedSource], after: Sequence[ImportedSource]) -> list[FieldChange]:
    known = {source_identity(source): source for source in before}
    changes = []
    for source in after:
        earlier = known.get(source_identity(source))
        if earlier != source:
            changes.append(FieldChange("sources", in_words(earlier) if earlier else None, in_words(source)))
    return changes


def joined_sources(now: Sequence[ImportedSource], new: Sequence[ImportedSource]) -> tuple[ImportedSource, ...]:
    """Known sources in their order, brought up to date, then the new ones; a maker alone is no new source beside its numbers."""
    found: dict[SourceIdentity, ImportedSource] = {source_identity(source): source for source in now}
    numbered = {_maker(source) for source in (*now, *new) if source.mpn}
    for source in new:
        identity = source_identity(source)
        if identity not in found and _is_maker_alone(source) and _maker(source) in numbered:
            continue
        # A new source is joined with itself stripped bare, so that an offer it names twice is one here as well.
        found[identity] = _joined_source(found.get(identity, replace(source, offers=())), source)
    return tuple(found.values())


def _maker(source: ImportedSource) -> str:
    return (source.manufacturer or "").casefold()


def _is_maker_alone(source: ImportedSource) -> bool:
    return bool(source.manufacturer) and not (source.mpn or source.offers or source.link or source.description)


def source_identity(source: ImportedSource) -> SourceIdentity:
    """Maker and number; for a source of unknown maker, where it is sold."""
    if source.manufacturer or source.mpn:
        return ("maker", _maker(source), (source.mpn or "").casefold())
    offers = dict.fromkeys(_offer_identity(offer) for offer in source.offers)
    return ("offers", *(text for offer in offers for text in offer))


def _joined_source(now: ImportedSource, new: ImportedSource) -> ImportedSource:
    offers: dict[tuple[str, ...], ImportedOffer] = {_offer_identity(offer): offer for offer in now.offers}
    for offer in new.offers:
        identity = _offer_identity(offer)
        offers[identity] = _joined_offer(offers[identity], offer) if identity in offers else offer
    description, link = new.description or now.description, new.link or now.link
    return replace(now, description=description, link=link, offers=tuple(offers.values()))


def _offer_identity(offer: ImportedOffer) -> tuple[str, ...]:
    return ((offer.distributor or "").casefold(), offer.sku or "", offer.currency or "")


def _joined_offer(now: ImportedOffer, new: ImportedOffer) -> ImportedOffer:
    """Prices are per pack, so they are taken together with the pack that they were stated for."""
    priced = now if now.price_breaks and not new.price_breaks else new
    return replace(
        now,
        price_breaks=priced.price_breaks,
        pack_quantity=priced.pack_quantity,
        packaging=new.packaging or now.packaging,
        lead_time_days=now.lead_time_days if new.lead_time_days is None else new.lead_time_days,
        link=new.link or now.link,
        notes=new.notes or now.notes,
    )


def in_words(source: ImportedSource) -> str:
    """`Yageo RC0402; DigiKey 311-RC 1+ 0.10 USD, 100+ 0.01 USD`."""
    made = " ".join(filter(None, (source.manufacturer, source.mpn)))
    return "; ".join(filter(None, (made, *(_offer_in_words(offer) for offer in source.offers))))


def _offer_in_words(offer: ImportedOffer) -> str:
    prices = ", ".join(f"{step.quantity}+ {step.price} {offer.currency or ''}".rstrip() for step in offer.price_breaks)
    pack = f"pack of {offer.pack_quantity}" if offer.pack_quantity != 1 else ""
    return " ".join(filter(None, (offer.distributor, offer.sku, pack, prices)))
