"""Quantities and prices as people write them: `4`, `0,5`, `1 set`, `$5.99`, `1'250.00 CHF`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

_NUMBER = re.compile(r"[-+]?[.,]?\d[\d.,'’ \u00a0\u202f]*")
_DIGITS_MAX = 30
_SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "FR.": "CHF",
    "SFR.": "CHF",
}
_CODES = frozenset(
    {
        "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "INR", "JPY", "KRW", "MXN", "NOK", "NZD", "PLN",
        "RMB", "RUB", "SEK", "SGD", "TRY", "TWD", "USD", "ZAR",
    }
)  # fmt: skip
"""Those that people write beside a price; any three letters would be too many."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNIT_LENGTH_MAX = 20


class Amount(NamedTuple):
    value: Decimal
    unit: str | None


class Price(NamedTuple):
    value: Decimal
    currency: str | None


def number_in(text: str) -> Decimal | None:
    """The number that the whole text is, in either the point or the comma notation; None when it is none.

    A single comma or point before exactly three digits groups thousands only when a group sign came before it or when it
    is a comma (`1,250` is 1250, `1.250` is 1.25): bills of materials that use the decimal comma rarely have three places.
    """
    stripped = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    if not re.fullmatch(r"[-+]?(\d[\d.,]*|[.,]\d+)", stripped) or len(stripped) > _DIGITS_MAX:
        return None
    try:
        return Decimal(_with_decimal_point(stripped))
    except InvalidOperation:  # several signs that do not group thousands, as in 1.2.3
        return None


def _with_decimal_point(digits: str) -> str:
    last_point, last_comma = digits.rfind("."), digits.rfind(",")
    if last_point >= 0 and last_comma >= 0:
        group, mark = (",", ".") if last_point > last_comma else (".", ",")
        return digits.replace(group, "").replace(mark, ".")
    sign = "," if last_comma >= 0 else "."
    if re.fullmatch(rf"[-+]?\d{{1,3}}({re.escape(sign)}\d{{3}}){{2,}}", digits):
        return digits.replace(sign, "")
    if sign == "," and re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", digits):
        return digits.replace(",", "")
    return digits.replace(",", ".")


def quantity_in(text: str) -> Amount | None:
    """A quantity with its unit, if any is written: `1 set`, `0.5m`, `4x`; None when the text starts with no number."""
    stripped = text.strip()
    match = _NUMBER.match(stripped)
    if match is None:
        return None
    value = number_in(match.group().rstrip(" .,'’\u00a0\u202f"))
    unit = stripped[match.end() :].strip()
    if value is None or len(unit) > _UNIT_LENGTH_MAX or any(character.isdigit() for character in unit):
        return None
    return Amount(value, None if unit.lower() in ("", "x", "×", "pcs", "pc", "pieces", "stk", "stk.") else unit)


def price_in(text: str) -> Price | None:
    """A price with its currency as a code of three letters, if it is written: `$5.99`, `5.99 EUR`, `2.79`."""
    stripped = text.strip()
    match = _NUMBER.search(stripped)
    if match is None:
        return None
    around = (stripped[: match.start()] + stripped[match.end() :]).strip().upper()
    value = number_in(match.group().strip())
    if value is None or not (around == "" or around in _SIGNS or _CURRENCY.fullmatch(around)):
        return None
    return Price(value, _SIGNS.get(around, around or None))


def currency_in(text: str) -> str | None:
    """The code of the currency that the whole text is: `CHF`, `€`; None when it is none."""
    upper = text.strip().upper()
    return _SIGNS.get(upper) or (upper if upper in _CODES else None)


def plain(value: Decimal) -> Decimal:
    """The same number without needless zeros or an exponent: 3.00000 is 3, 1E+2 is 100."""
    whole = value.to_integral_value()
    return Decimal(format(whole, "f")) if value == whole else value.normalize()
