"""Where the part of a row is made and sold: from texts by role to sources and offers (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlsplit

from plumbline.exchange.amounts import price_in
from plumbline.exchange.columns import Role
from plumbline.exchange.gathering import joined_sources
from plumbline.exchange.ignored_cells import Texts
from plumbline.exchange.model import ImportedOffer, ImportedSource, PriceBreak
from plumbline.exchange.placeholders import PLACEHOLDERS


def sources_in(first: Texts, more: Sequence[Texts], currency: str | None) -> tuple[ImportedSource, ...]:
    """The maker's part of the row and what further makers and shops say; a shop alone sells the first maker's part. `currency` is for
    prices that name none."""
    found = [_source(first, currency)]
    for texts in more:
        has_maker = Role.MPN in texts or Role.MANUFACTURER in texts
        found.append(_source(texts if has_maker else {**_maker_of(first), **texts}, currency))
    kept = [source for source in found if source is not None]
    return tuple(kept) if len(kept) < 2 else joined_sources(kept)


def _maker_of(texts: Texts) -> Texts:
    return {role: texts[role] for role in (Role.MANUFACTURER, Role.MPN) if role in texts}


def _source(texts: Texts, currency: str | None) -> ImportedSource | None:
    maker, mpn = (_unless_placeholder(texts.get(role, "")) for role in (Role.MANUFACTURER, Role.MPN))
    offer = _offer(texts, currency)
    if maker is None and mpn is None and offer is None:
        return None
    link = texts.get(Role.LINK) if offer is None else None
    return ImportedSource(maker, mpn, link=link, offers=(offer,) if offer else ())


def _unless_placeholder(text: str) -> str | None:
    return None if text.casefold() in PLACEHOLDERS else text


def _offer(texts: Texts, currency: str | None) -> ImportedOffer | None:
    """A shop is named by its column or, next to a price, by the host of the link."""
    price, link = price_in(texts.get(Role.PRICE, "")), texts.get(Role.LINK, "")
    supplier, sku = texts.get(Role.SUPPLIER, ""), texts.get(Role.SKU, "")
    if price is None and not supplier and not sku:
        return None
    named = texts.get(Role.CURRENCY, "").upper() or (price.currency if price else None) or currency
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
