"""Sources and offers as imports state them and as the library keeps them, both ways (pure).

An import states a price per pack, the library keeps it per piece. Where a pack price does not divide, the price per piece is rounded to
12 decimals and the pack price that it multiplies back to is the one that is compared, so that a second import finds no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

from plumbline.components.fields import (
    DESCRIPTION_LENGTH_MAX,
    LEAD_TIME_DAYS_MAX,
    PRICE_MAX,
    SHORT_TEXT_MAX,
)
from plumbline.components.model import NewSource, Offer
from plumbline.components.model import PriceBreak as PieceBreak
from plumbline.exchange.adjusting import Findings, fitted
from plumbline.exchange.merging import source_identity
from plumbline.exchange.model import ImportedOffer, ImportedSource, Origin, PriceBreak
from plumbline.kit.quantity import DECIMALS_MAX

NO_CURRENCY = "XXX"
"""ISO 4217: no currency."""
LINK_LENGTH_MAX = 2000
_STEP = Decimal(1).scaleb(-DECIMALS_MAX)
_ROUNDING = Context(prec=80)


def fitted_sources(
    sources: Sequence[ImportedSource], findings: Findings, origin: Origin | None
) -> tuple[ImportedSource, ...]:
    """As `imported_source` will give them back; a source that names nothing is left out."""
    kept = []
    for source in sources:
        fit = _fitted_source(source, findings, origin)
        if fit.manufacturer or fit.mpn or fit.offers:
            kept.append(fit)
        elif fit.description or fit.link:
            findings.note("OFFER_REMARKS_NOT_KEPT", f"{fit.description} {fit.link or ''}".strip(), origin)
    return tuple(kept)


def imported_source(source: NewSource) -> ImportedSource:
    """A source of the library in the words of an import."""
    return ImportedSource(
        source.manufacturer or None,
        source.mpn or None,
        source.description,
        source.datasheet,
        tuple(_imported_offer(offer) for offer in source.offers),
    )


def merged_sources(wanted: Sequence[ImportedSource], present: Sequence[NewSource]) -> tuple[NewSource, ...]:
    """The sources to save. What an import cannot say (a source's status, a minimum quantity) stays as it is."""
    known = {source_identity(imported_source(source)): source for source in present}
    return tuple(_merged_source(source, known.get(source_identity(source))) for source in wanted)


def _fitted_source(source: ImportedSource, findings: Findings, origin: Origin | None) -> ImportedSource:
    return ImportedSource(
        fitted(source.manufacturer, SHORT_TEXT_MAX, findings, origin) or None,
        fitted(source.mpn, SHORT_TEXT_MAX, findings, origin) or None,
        fitted(source.description, DESCRIPTION_LENGTH_MAX, findings, origin),
        fitted(source.link, LINK_LENGTH_MAX, findings, origin) or None,
        tuple(_fitted_offer(offer, findings, origin) for offer in source.offers),
    )


def _fitted_offer(offer: ImportedOffer, findings: Findings, origin: Origin | None) -> ImportedOffer:
    for what, remark in (("packaging", offer.packaging), ("note", offer.notes)):
        if remark:
            findings.note("OFFER_REMARKS_NOT_KEPT", f"The {what} {remark}", origin)
    pack, lead_time = offer.pack_quantity, offer.lead_time_days
    if not 0 < pack <= PRICE_MAX:
        findings.note("OFFER_VALUE_OUT_OF_RANGE", f"The pack of {pack:f}", origin)
        pack = Decimal(1)
    if lead_time is not None and not 0 <= lead_time <= LEAD_TIME_DAYS_MAX:
        findings.note("OFFER_VALUE_OUT_OF_RANGE", f"The lead time of {lead_time} days", origin)
        lead_time = None
    return ImportedOffer(
        distributor=fitted(offer.distributor, SHORT_TEXT_MAX, findings, origin) or None,
        sku=fitted(offer.sku, SHORT_TEXT_MAX, findings, origin) or None,
        currency=_currency(offer, findings, origin),
        price_breaks=_fitted_breaks(offer, _rounded(pack), findings, origin),
        pack_quantity=_rounded(pack),
        lead_time_days=lead_time,
        link=fitted(offer.link, LINK_LENGTH_MAX, findings, origin) or None,
    )


def _currency(offer: ImportedOffer, findings: Findings, origin: Origin | None) -> str:
    code = (offer.currency or "").strip().upper()
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    if offer.price_breaks:
        price = f"The price {offer.price_breaks[0].price:f} {offer.currency or ''}".rstrip()
        findings.note("CURRENCY_NOT_STATED", price, origin)
    return NO_CURRENCY


def _fitted_breaks(
    offer: ImportedOffer, pack: Decimal, findings: Findings, origin: Origin | None
) -> tuple[PriceBreak, ...]:
    kept: dict[Decimal, PriceBreak] = {}
    for step in offer.price_breaks:
        pieces, price = _pieces(step.quantity, pack), _price_per_piece(step.price, pack)
        if not (0 < pieces <= PRICE_MAX and 0 <= price <= PRICE_MAX) or pieces in kept:
            findings.note("PRICE_DROPPED", f"{step.price:f} for {step.quantity:f}", origin)
            continue
        fit = _pack_break(PieceBreak(pieces, price), pack)
        if fit.price != step.price:
            findings.note("PRICE_ROUNDED", f"{step.price:f}", origin)
        kept[pieces] = fit
    return tuple(kept[pieces] for pieces in sorted(kept))


def _imported_offer(offer: Offer) -> ImportedOffer:
    return ImportedOffer(
        distributor=offer.distributor or None,
        sku=offer.sku or None,
        currency=offer.currency,
        price_breaks=tuple(_pack_break(step, offer.pack_quantity) for step in offer.breaks),
        pack_quantity=offer.pack_quantity,
        lead_time_days=offer.lead_time_days,
        link=offer.link,
    )


def _merged_source(wanted: ImportedSource, known: NewSource | None) -> NewSource:
    if known is not None and imported_source(known) == wanted:
        return known
    offers = {} if known is None else {_offer_identity(_imported_offer(offer)): offer for offer in known.offers}
    return (known or NewSource())._replace(
        manufacturer=wanted.manufacturer or "",
        mpn=wanted.mpn or "",
        description=wanted.description,
        datasheet=wanted.link,
        offers=tuple(_merged_offer(offer, offers.get(_offer_identity(offer))) for offer in wanted.offers),
    )


def _offer_identity(offer: ImportedOffer) -> tuple[str | None, ...]:
    return ((offer.distributor or "").casefold(), offer.sku, offer.currency)


def _merged_offer(wanted: ImportedOffer, known: Offer | None) -> Offer:
    if known is not None and _imported_offer(known) == wanted:
        return known
    pack = wanted.pack_quantity
    return Offer(
        distributor=wanted.distributor or "",
        sku=wanted.sku or "",
        currency=wanted.currency or NO_CURRENCY,
        breaks=tuple(
            PieceBreak(_pieces(step.quantity, pack), _price_per_piece(step.price, pack)) for step in wanted.price_breaks
        ),
        pack_quantity=pack,
        minimum_quantity=Decimal(1) if known is None else known.minimum_quantity,
        lead_time_days=wanted.lead_time_days,
        link=wanted.link,
    )


def _pack_break(step: PieceBreak, pack: Decimal) -> PriceBreak:
    return PriceBreak(_ROUNDING.divide(step.quantity, pack), _ROUNDING.multiply(step.unit_price, pack))


def _pieces(packs: Decimal, pack: Decimal) -> Decimal:
    return _rounded(_ROUNDING.multiply(packs, pack))


def _price_per_piece(price: Decimal, pack: Decimal) -> Decimal:
    return _rounded(_ROUNDING.divide(price, pack))


def _rounded(number: Decimal) -> Decimal:
    """To the decimals that the library keeps, and unchanged where there are no more than those."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -DECIMALS_MAX:
        return number
    return number.quantize(_STEP, context=_ROUNDING).normalize(_ROUNDING)
