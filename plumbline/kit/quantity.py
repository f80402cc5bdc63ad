"""Exact decimals: quantities of BOM lines, prices, lengths. Never a binary float.

Canonical text (`0.125`, `12`, no exponent, no trailing zeros) is what the tables store and what equality compares.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

from plumbline.kit.errors import InvalidInput, PathPart

DECIMALS_MAX = 12
QUANTITY_MAX = Decimal(10) ** 9
EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation, Overflow])
"""Raises rather than rounds. 1000 digits hold the product of 45 levels of the longest quantities there are, of 21 digits each."""


class InvalidQuantity(InvalidInput):
    """Not a number that a quantity can be."""


def canonical(value: Decimal) -> str:
    """`Decimal('1E+2')` is written `100`, `Decimal('0.50')` `0.5`."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def exact_decimal(value: object, *, path: tuple[PathPart, ...] = (), what: str = "quantity") -> Decimal:
    """A finite decimal from a number or a text, as it was written: 0.1 is a tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise InvalidQuantity(f"The {what} is not a number.", path=path, expected="a number such as 2 or 0.125")
    text = repr(value) if isinstance(value, float) else str(value).strip()
    try:
        number = Decimal(text) if len(text) <= 40 and "_" not in text else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise InvalidQuantity(
            f"The {what} {text[:40]!r} is not a number.", path=path, expected="a number such as 2 or 0.125"
        )
    exponent = number.normalize(EXACT).as_tuple().exponent
    if abs(number.adjusted()) > 30 or (isinstance(exponent, int) and exponent < -DECIMALS_MAX):
        raise InvalidQuantity(
            f"The {what} {text} has more digits than can be kept.",
            path=path,
            expected=f"at most {DECIMALS_MAX} decimals",
        )
    return number


def bom_quantity(value: object, *, path: tuple[PathPart, ...] = ()) -> Decimal:
    """A quantity per parent: more than zero, at most a milliard."""
    number = exact_decimal(value, path=path)
    if not 0 < number <= QUANTITY_MAX:
        raise InvalidQuantity(
            f"The quantity {canonical(number) if abs(number) < 10**15 else value} is out of range.",
            path=path,
            expected=f"more than 0 and at most {canonical(QUANTITY_MAX)}",
            hint="A part that is drawn but not fitted keeps its quantity and is marked do-not-place.",
        )
    return number
