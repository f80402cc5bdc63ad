"""Attribute values: what a text, number, date or list must be to be the value of an attribute, and what it is normalised to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import orjson

from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Attribute, AttributeType
from plumbline.kit.errors import PathPart
from plumbline.kit.measures import dimension_of, measure, to_unit
from plumbline.kit.quantity import InvalidQuantity, canonical, exact_decimal

TEXT_LENGTH_MAX = 4000
LIST_ITEMS_MAX = 100
_URL = re.compile(r"https?://[^\s<>\"]{1,2000}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{2,30}")


class TypedValue(NamedTuple):
    """`text` as it was typed (a list as JSON); `number` in base units, for order and range, when there is one."""

    text: str
    number: float | None
    value: str | None
    """The number as written, without unit."""
    unit: str | None


def typed_value(attribute: Attribute, raw: object, path: Sequence[PathPart]) -> TypedValue | None:
    """The value made fit to keep; None clears it. Refuses what the attribute cannot hold, saying what it can."""
    if raw is None or raw == "" or raw == []:
        return None
    try:
        value = _READERS[AttributeType(attribute.type)](attribute, _measured(raw) if isinstance(raw, dict) else raw)
    except InvalidQuantity:  # infinite, or of more digits than can be kept
        value = None
    if value is None:
        raise InvalidAttributeValue(
            f"{str(raw)[:80]!r} is not a value of {attribute.name}.", path=path, expected=expectation(attribute)
        )
    if attribute.choices and value.text not in attribute.choices:
        raise InvalidAttributeValue(
            f"{value.text[:80]!r} is not one of the values of {attribute.name}.",
            path=path,
            expected=expectation(attribute),
        )
    return value


def _measured(wire: Mapping[str, object]) -> str | None:
    """The text of a measured value on the wire, `{"value": "25", "unit": "g"}`; None if it is something else."""
    value, unit = wire.get("value"), wire.get("unit") or ""
    is_one = isinstance(value, str | int | float) and not isinstance(value, bool) and isinstance(unit, str)
    return f"{value} {unit}".strip() if is_one else None


def expectation(attribute: Attribute) -> str:
    """What an attribute takes, in words."""
    if attribute.choices:
        return "one of " + ", ".join(attribute.choices)
    words = {
        AttributeType.STRING: f"a text of at most {TEXT_LENGTH_MAX} characters",
        AttributeType.NUMBER: "a number",
        AttributeType.URL: "an http or https address",
        AttributeType.EMAIL: "an e-mail address",
        AttributeType.PHONE: "a telephone number",
        AttributeType.DATE: "a date such as 2026-11-22",
        AttributeType.BOOLEAN: "true or false",
        AttributeType.LIST: f"a list of at most {LIST_ITEMS_MAX} texts",
    }
    if attribute.type == AttributeType.NUMBER and attribute.unit:
        return f"a number in {attribute.unit}, or with a unit of {dimension_of(attribute.unit) or attribute.unit}"
    return words[AttributeType(attribute.type)]


def wire_value(attribute: Attribute, value: TypedValue) -> object:
    """What the API and validation rules show: measured numbers as value and unit, lists as lists, the rest bare."""
    if attribute.type == AttributeType.NUMBER:
        if attribute.unit is not None:
            return {"value": value.value, "unit": value.unit or attribute.unit}
        number = Decimal(value.value or "0")
        return int(number) if number == number.to_integral_value() else float(number)
    if attribute.type == AttributeType.BOOLEAN:
        return value.text == "true"
    return orjson.loads(value.text) if attribute.type == AttributeType.LIST else value.text


def number_in_unit(value: TypedValue, unit: str | None) -> Decimal | None:
    """The exact number of a value, in the unit of its attribute."""
    found = measure(value.text, unit)
    if found is None:
        return None
    return found.number if unit is None or found.dimension is None else to_unit(found.number, unit)


def _text(attribute: Attribute, raw: object) -> TypedValue | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    text = raw.strip() if isinstance(raw, str) else canonical(exact_decimal(raw))
    if len(text) > TEXT_LENGTH_MAX or "\x00" in text:
        return None
    found = measure(text, attribute.unit) if text[:1] in "0123456789+-.±−" else None
    return TypedValue(text, None if found is None else float(found.number), None, None)


def _number(attribute: Attribute, raw: object) -> TypedValue | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return None
    text = raw.strip() if isinstance(raw, str) else canonical(exact_decimal(raw))
    found = measure(text, attribute.unit)
    if found is None or (attribute.unit is None and found.dimension is not None):
        return None
    return TypedValue(text, float(found.number), found.value, found.unit)


def _matching(pattern: re.Pattern[str], attribute: Attribute, raw: object) -> TypedValue | None:
    value = _text(attribute, raw)
    return value._replace(number=None) if value is not None and pattern.fullmatch(value.text) else None


def _date(attribute: Attribute, raw: object) -> TypedValue | None:
    try:
        moment = date.fromisoformat(str(raw).strip())
    except ValueError:
        return None
    return TypedValue(moment.isoformat(), float(moment.toordinal()), None, None)


def _boolean(attribute: Attribute, raw: object) -> TypedValue | None:
    word = {"true": True, "yes": True, "false": False, "no": False}.get(str(raw).strip().lower())
    return None if word is None else TypedValue("true" if word else "false", float(word), None, None)


def _list(attribute: Attribute, raw: object) -> TypedValue | None:
    items = raw if isinstance(raw, list | tuple) else [raw]
    if len(items) > LIST_ITEMS_MAX or not all(isinstance(item, str) and len(item) <= TEXT_LENGTH_MAX for item in items):
        return None
    return TypedValue(orjson.dumps(items).decode(), None, None, None)


_READERS = {
    AttributeType.STRING: _text,
    AttributeType.NUMBER: _number,
    AttributeType.URL: lambda attribute, raw: _matching(_URL, attribute, raw),
    AttributeType.EMAIL: lambda attribute, raw: _matching(_EMAIL, attribute, raw),
    AttributeType.PHONE: lambda attribute, raw: _matching(_PHONE, attribute, raw),
    AttributeType.DATE: _date,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.LIST: _list,
}
