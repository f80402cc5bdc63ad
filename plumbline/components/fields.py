"""What the fields of a component, its sources and its aliases may hold (pure). Each check returns the value to keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import orjson

from plumbline.catalog.model import UNITS_OF_MEASURE, unit_of_measure
from plumbline.components.errors import InvalidAlias, InvalidComponent, InvalidSource
from plumbline.components.model import NewSource, Offer, PriceBreak, Procurement
from plumbline.kit.errors import PathPart
from plumbline.kit.quantity import canonical, exact_decimal

NAME_LENGTH_MAX = 500
DESCRIPTION_LENGTH_MAX = 10_000
SHORT_TEXT_MAX = 200
REVISION_LENGTH_MAX = 50
LABELS_MAX = 50
SOURCES_MAX = 50
OFFERS_MAX = 50
BREAKS_MAX = 100
ALIASES_MAX = 20
LEAD_TIME_DAYS_MAX = 3650
PRICE_MAX = Decimal(10) ** 9

Path = tuple[PathPart, ...]


def checked_text(value: object, length_max: int, path: Path, *, required: bool = False) -> str:
    """A text without control characters (line ends and tabs aside), blanks around it removed."""
    if not isinstance(value, str):
        raise InvalidComponent(f"{path[-1]} is not a text.", path=path, expected="a text")
    text = value.strip()
    if len(text) > length_max:
        raise InvalidComponent(
            f"{path[-1]} has {len(text)} characters.", path=path, expected=f"at most {length_max} characters"
        )
    if any(ord(character) < 32 and character not in "\n\r\t" for character in text) or "\x7f" in text:
        raise InvalidComponent(f"{path[-1]} holds control characters.", path=path, expected="printable text")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidComponent(f"{path[-1]} is not valid Unicode.", path=path, expected="printable text")
    if required and not text:
        raise InvalidComponent(f"{path[-1]} is empty.", path=path, expected="a text")
    return text


def optional_text(value: object, length_max: int, path: Path) -> str | None:
    """None for nothing and for blanks alone."""
    return None if value is None else checked_text(value, length_max, path) or None


def checked_procurement(value: str, path: Path) -> str:
    if value.upper() not in Procurement.__members__:
        raise InvalidComponent(f"{value[:40]!r} is no way to procure.", path=path, expected="MAKE or BUY")
    return value.upper()


def checked_unit(value: str, path: Path) -> str:
    unit = unit_of_measure(value)
    if unit is None:
        expected = ", ".join(UNITS_OF_MEASURE)
        raise InvalidComponent(f"{value[:40]!r} is not a unit of measure.", path=path, expected=f"one of {expected}")
    return unit


def labels_text(labels: Iterable[str], path: Path) -> str:
    """Labels as the JSON text that is stored, sorted, each once."""
    checked = {checked_text(label, SHORT_TEXT_MAX, (*path, i), required=True) for i, label in enumerate(labels)}
    if len(checked) > LABELS_MAX:
        raise InvalidComponent(f"There are {len(checked)} labels.", path=path, expected=f"at most {LABELS_MAX}")
    return orjson.dumps(sorted(checked)).decode()


def labels_of(text: str) -> list[str]:
    return [] if text == "[]" else list(orjson.loads(text))


def checked_sources(sources: Sequence[NewSource], path: Path) -> tuple[NewSource, ...]:
    if len(sources) > SOURCES_MAX:
        raise InvalidSource(f"There are {len(sources)} sources.", path=path, expected=f"at most {SOURCES_MAX}")
    checked = tuple(_checked_source(source, (*path, i)) for i, source in enumerate(sources))
    seen: set[tuple[str, str]] = set()
    for index, source in enumerate(checked):
        identity = (source.manufacturer.lower(), source.mpn.lower())
        if source.mpn and identity in seen:
            raise InvalidSource(
                f"{source.manufacturer} {source.mpn} is listed twice.",
                path=(*path, index),
                expected="every manufacturer part once",
            )
        seen.add(identity)
    return checked


def checked_aliases(aliases: Sequence[tuple[str, str]], path: Path) -> tuple[tuple[str, str], ...]:
    if len(aliases) > ALIASES_MAX:
        raise InvalidAlias(f"There are {len(aliases)} aliases.", path=path, expected=f"at most {ALIASES_MAX}")
    checked = [
        (
            checked_text(kind, SHORT_TEXT_MAX, (*path, i, "kind")) or "legacy",
            checked_text(value, NAME_LENGTH_MAX, (*path, i, "value"), required=True),
        )
        for i, (kind, value) in enumerate(aliases)
    ]
    return tuple((kind, value) for value, kind in sorted({value: kind for kind, value in checked}.items()))


def _checked_source(source: NewSource, path: Path) -> NewSource:
    if not (source.mpn or source.manufacturer or source.offers):
        raise InvalidSource(
            "A source names nothing that can be bought.",
            path=path,
            expected="a manufacturer and MPN, or an offer of a distributor",
        )
    if len(source.offers) > OFFERS_MAX:
        raise InvalidSource(
            f"There are {len(source.offers)} offers.", path=(*path, "offers"), expected=f"at most {OFFERS_MAX}"
        )
    return source._replace(
        manufacturer=checked_text(source.manufacturer, SHORT_TEXT_MAX, (*path, "manufacturer")),
        mpn=checked_text(source.mpn, SHORT_TEXT_MAX, (*path, "mpn")),
        description=checked_text(source.description, DESCRIPTION_LENGTH_MAX, (*path, "description")),
        datasheet=optional_text(source.datasheet, 2000, (*path, "datasheet")),
        offers=tuple(_checked_offer(offer, (*path, "offers", i)) for i, offer in enumerate(source.offers)),
    )


def is_currency(text: str) -> bool:
    """Whether the text has the form of a code of ISO 4217; which codes there are changes from year to year."""
    return len(text) == 3 and text.isascii() and text.isalpha()


def _checked_offer(offer: Offer, path: Path) -> Offer:
    currency = offer.currency.upper()
    if not is_currency(currency):
        raise InvalidSource(
            f"{offer.currency[:20]!r} is not a currency.",
            path=(*path, "currency"),
            expected="a code of ISO 4217, such as USD",
        )
    if offer.lead_time_days is not None and not 0 <= offer.lead_time_days <= LEAD_TIME_DAYS_MAX:
        raise InvalidSource(
            f"A lead time of {offer.lead_time_days} days cannot be.",
            path=(*path, "leadTimeDays"),
            expected=f"0 to {LEAD_TIME_DAYS_MAX} days",
        )
    if len(offer.breaks) > BREAKS_MAX:
        raise InvalidSource(
            f"There are {len(offer.breaks)} price breaks.",
            path=(*path, "priceBreaks"),
            expected=f"at most {BREAKS_MAX}",
        )
    breaks = sorted(_checked_break(each, (*path, "priceBreaks", i)) for i, each in enumerate(offer.breaks))
    if len({each.quantity for each in breaks}) < len(breaks):
        raise InvalidSource(
            "Two price breaks start at the same quantity.", path=(*path, "priceBreaks"), expected="every quantity once"
        )
    return offer._replace(
        distributor=checked_text(offer.distributor, SHORT_TEXT_MAX, (*path, "distributor")),
        sku=checked_text(offer.sku, SHORT_TEXT_MAX, (*path, "sku")),
        currency=currency,
        breaks=tuple(breaks),
        pack_quantity=_positive(offer.pack_quantity, (*path, "packQuantity")),
        minimum_quantity=_positive(offer.minimum_quantity, (*path, "minimumQuantity")),
        link=optional_text(offer.link, 2000, (*path, "link")),
    )


def _checked_break(each: PriceBreak, path: Path) -> PriceBreak:
    price = exact_decimal(each.unit_price, path=(*path, "unitPrice"), what="unit price")
    if not 0 <= price <= PRICE_MAX:
        raise InvalidSource(
            f"The unit price {canonical(price)} is out of range.", path=(*path, "unitPrice"), expected="0 or more"
        )
    return PriceBreak(_positive(each.quantity, (*path, "quantity")), price)


def _positive(value: object, path: Path) -> Decimal:
    number = exact_decimal(value, path=path)
    if not 0 < number <= PRICE_MAX:
        raise InvalidSource(f"The {path[-1]} {canonical(number)} is out of range.", path=path, expected="more than 0")
    return number
