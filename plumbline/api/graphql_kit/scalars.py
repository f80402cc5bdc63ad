"""Custom scalars: how a value goes on the wire and how it comes back.

Each is a pair of plain functions. Input arrives as text, numbers and containers, never as an AST, except that numbers written in
a document are handed over as their exact text where a scalar asks for it (a Decimal must not pass through a float).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from graphql import FloatValueNode, GraphQLError, GraphQLScalarType, IntValueNode, ValueNode, value_from_ast_untyped

from plumbline.kit.clock import from_iso, to_iso

PASSING = "plumbline.passing"
"""Key of `Scalar.passing` among the extensions of the type."""
LONG_MAX = 2**63 - 1
DECIMAL_DIGITS_MAX = 40
"""Digits of a Decimal, before and after the point together; far above any quantity, mass or price."""
JSON_DEPTH_MAX = 32
"""Nesting of a JSON value. The writer of answers would stop at 254; no document of ours comes near either."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """Both functions raise on a value they do not take: `from_wire` a GraphQLError for the caller to read, `to_wire` anything."""

    to_wire: Callable[[object], object]
    from_wire: Callable[[object], object]
    exact_numbers: bool = False
    """Whether `from_wire` wants a number written in the document as its text."""
    passing: type | None = None
    """The class whose values (subclasses apart) `to_wire` returns as they are; plans then save the call."""


def install_scalar(target: GraphQLScalarType, scalar: Scalar) -> None:
    """Gives a scalar declared in SDL, which passes everything through, its behaviour."""
    target.coerce_output_value = scalar.to_wire
    target.extensions[PASSING] = scalar.passing
    target.coerce_input_value = scalar.from_wire
    if scalar.exact_numbers:
        target.coerce_input_literal = lambda node: scalar.from_wire(_exact(node))


def _exact(node: ValueNode) -> object:
    if isinstance(node, IntValueNode | FloatValueNode):
        return node.value
    return value_from_ast_untyped(node)


def _moment_to_wire(value: object) -> object:
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, str):
        return value  # The tables keep moments in the form of the wire already.
    raise TypeError(f"A DateTime cannot be made from {type(value).__name__}.")


def _moment_from_wire(value: object) -> object:
    """Normalised text, so that it compares with what the tables hold."""
    try:
        return (
            to_iso(from_iso(value))
            if isinstance(value, str)
            else _refuse("a moment such as 2026-11-22T10:30:00Z", value)
        )
    except (ValueError, OverflowError):
        return _refuse("a moment such as 2026-11-22T10:30:00Z", value)


def _long_to_wire(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and -LONG_MAX <= value <= LONG_MAX:
        return value
    raise TypeError("A Long is a whole number of at most 64 bits.")


def _long_from_wire(value: object) -> object:
    if (
        isinstance(value, str)
        and len(value) <= 20
        and value.removeprefix("-").isascii()
        and value.removeprefix("-").isdigit()
    ):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and -LONG_MAX <= value <= LONG_MAX:
        return value
    return _refuse("a whole number of at most 64 bits", value)


def _decimal_from_wire(value: object) -> object:
    """A Decimal. JSON numbers arrive as floats and keep the 15 digits a float shows; more digits want text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _refuse("a decimal number", value)
    text = repr(value) if isinstance(value, float) else str(value)
    try:
        number = Decimal(text) if len(text) <= DECIMAL_DIGITS_MAX + 10 else Decimal("nan")
    except InvalidOperation:
        return _refuse("a decimal number", value)
    return number if _is_bounded(number) else _refuse(f"a finite number of at most {DECIMAL_DIGITS_MAX} digits", value)


def _is_bounded(number: Decimal) -> bool:
    """Whether it can be written out without an exponent in the digits allowed: `1e999999` must not become a megabyte of zeros."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        return False  # NaN and the infinities
    return len(number.as_tuple().digits) + abs(exponent) <= DECIMAL_DIGITS_MAX * 2


def _decimal_to_text(value: object) -> object:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, str):
        return value
    raise TypeError(f"A Decimal cannot be made from {type(value).__name__}.")


def _decimal_to_number(value: object) -> object:
    number = Decimal(str(_decimal_to_text(value)))
    return int(number) if number == number.to_integral_value() and abs(number) <= LONG_MAX else float(number)


def _json_from_wire(value: object) -> object:
    return (
        value
        if _depth_within(value, JSON_DEPTH_MAX)
        else _refuse(f"JSON nested at most {JSON_DEPTH_MAX} levels deep", None)
    )


def _depth_within(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels > 0 and all(_depth_within(item, levels - 1) for item in value.values())
    if isinstance(value, list):
        return levels > 0 and all(_depth_within(item, levels - 1) for item in value)
    return True


def _refuse(expected: str, value: object) -> object:
    shown = "" if value is None else f", not {str(value)[:60]!r}"
    raise GraphQLError(f"Expected {expected}{shown}.")


DATE_TIME = Scalar(_moment_to_wire, _moment_from_wire, passing=str)
JSON = Scalar(lambda value: value, _json_from_wire)
LONG = Scalar(_long_to_wire, _long_from_wire, exact_numbers=True)
DECIMAL = Scalar(_decimal_to_text, _decimal_from_wire, exact_numbers=True, passing=str)
"""Exact decimals as text on the way out."""
DECIMAL_NUMBER = Scalar(_decimal_to_number, _decimal_from_wire, exact_numbers=True)
"""The same as JSON numbers, for clients that calculate; floats, so 15 digits."""

STANDARD_SCALARS: Mapping[str, Scalar] = {"DateTime": DATE_TIME, "JSON": JSON, "Long": LONG, "Decimal": DECIMAL}
