"""What people fill in, against the fields of the template.

A value comes as JSON carries it and leaves as the product keeps it: numbers exact, dates as dates, the choices of a list as a tuple.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from plumbline.change_orders.errors import InvalidFieldValue
from plumbline.change_orders.template import PAGE, Field, FieldType, FieldValue, Template
from plumbline.kit import patterns
from plumbline.kit.document_faults import Faults, listed, nearest_hint, shown
from plumbline.kit.errors import InvalidInput
from plumbline.kit.quantity import canonical, exact_decimal
from plumbline.kit.yaml_composer import UNPRINTABLE

TEXT_LENGTH_MAX = {FieldType.TEXT: 10_000, FieldType.LONGTEXT: 100_000}
"""What one value may hold, whatever the template allows; a form is no place for a file."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def text_length_max(kind: FieldType, *, has_pattern: bool) -> int:
    """How long a value of this type of text can be: where there is a pattern, no longer than one is tried on."""
    return min(TEXT_LENGTH_MAX[kind], patterns.TEXT_LENGTH_MAX) if has_pattern else TEXT_LENGTH_MAX[kind]


def checked_field_values(
    template: Template, values: Mapping[str, object], *, may_be_incomplete: bool = False
) -> dict[str, FieldValue]:
    """The values that the change order then has, in the order of the form; raises InvalidFieldValue with every fault.

    A field that is not mentioned takes its default; one that is given as None, an empty text or an empty list has no value. A
    draft `may_be_incomplete`: what is required may still be missing from it.
    """
    faults = Faults(InvalidFieldValue, page=PAGE)
    fields = {field.name: field for field in template.fields()}
    for name in values:
        if name not in fields:
            expected = f"one of {listed(list(fields))}" if fields else "no values: the template has no fields"
            faults.add((name,), f"There is no field {name!r}.", expected=expected, hint=nearest_hint(name, fields))
    found: dict[str, FieldValue] = {}
    for name, field in fields.items():
        try:
            value = field_value(field, values[name]) if name in values else field.default
        except InvalidInput as error:
            faults.add((name,), error.message, expected=error.expected, hint=error.hint)
            continue
        if value is not None:
            found[name] = value
        elif field.is_required and not may_be_incomplete:
            faults.add((name,), f"{field.label!r} has no value.", expected=_wanted(field))
    faults.raise_if_any()
    return found


def field_value(field: Field, given: object) -> FieldValue | None:
    """The value as the product keeps it, None for no value; raises a refusal that says what the field takes."""
    if (
        given is None
        or (isinstance(given, str) and not given.strip())
        or (isinstance(given, list | tuple) and not given)
    ):
        return None
    if field.type.is_text:
        return _text(field, given)
    if field.type.is_number:
        return _number(field, given)
    if field.type is FieldType.DATE:
        return _date(field, given)
    if field.type is FieldType.ENUM:
        return _choice(field, given)
    return _choices(field, given)


def _text(field: Field, given: object) -> str:
    if not isinstance(given, str):
        raise _unfit(field, given)
    shortest, longest = field.minimum, Decimal(text_length_max(field.type, has_pattern=field.pattern is not None))
    if field.maximum is not None:
        longest = min(longest, field.maximum)
    if len(given) > longest or (shortest is not None and len(given) < shortest):
        bound = (
            f"at most {canonical(longest)}" if len(given) > longest else f"at least {canonical(shortest or longest)}"
        )
        raise InvalidFieldValue(f"{field.label!r} has {len(given)} characters.", expected=f"{bound} characters")
    if field.type is FieldType.TEXT and ("\n" in given or "\r" in given):
        raise InvalidFieldValue(f"{field.label!r} has more than one line.", expected="a text in one line")
    if UNPRINTABLE.search(given):
        raise InvalidFieldValue(f"{field.label!r} holds a control character.", expected="characters that can be seen")
    if field.pattern is not None and not field.pattern.matches(given):
        raise InvalidFieldValue(
            f"{shown(given)} is not what {field.label!r} takes.", expected=f"a text that matches {field.pattern.text}"
        )
    return given


def _number(field: Field, given: object) -> Decimal:
    number = exact_decimal(given, what=f"value of {field.label!r}")
    if field.minimum is not None and number < field.minimum:
        expected = f"a number not below {canonical(field.minimum)}"
        raise InvalidFieldValue(f"{canonical(number)} is too small for {field.label!r}.", expected=expected)
    if field.maximum is not None and number > field.maximum:
        expected = f"a number not above {canonical(field.maximum)}"
        raise InvalidFieldValue(f"{canonical(number)} is too great for {field.label!r}.", expected=expected)
    return number


def _date(field: Field, given: object) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        if isinstance(given, str) and _ISO_DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass  # a day that the calendar does not have
    raise _unfit(field, given)


def _choice(field: Field, given: object) -> str:
    values = [option.value for option in field.options]
    if isinstance(given, str) and given in values:
        return given
    labels = {option.label.lower(): option.value for option in field.options}
    hint = None
    if isinstance(given, str):
        named = labels.get(given.lower())
        hint = f"Send {named!r}, the value behind the label." if named else nearest_hint(given, values)
    raise InvalidFieldValue(
        f"{shown(given)} is not an option of {field.label!r}.", expected=f"one of {listed(values)}", hint=hint
    )


def _choices(field: Field, given: object) -> tuple[str, ...]:
    several = given if isinstance(given, list | tuple) else (given,)
    if len(several) > len(field.options):
        raise InvalidFieldValue(
            f"{field.label!r} has {len(several)} choices and only {len(field.options)} options.",
            expected="each option at most once",
        )
    chosen = tuple(_choice(field, each) for each in several)
    if len(set(chosen)) < len(chosen):
        raise InvalidFieldValue(f"{field.label!r} has an option twice.", expected="each option at most once")
    if len(chosen) > 1 and not field.takes_several:
        raise InvalidFieldValue(f"{field.label!r} has {len(chosen)} choices.", expected="one option")
    return chosen


def _unfit(field: Field, given: object) -> InvalidFieldValue:
    return InvalidFieldValue(f"{shown(given)} is not what {field.label!r} takes.", expected=_wanted(field))


def _wanted(field: Field) -> str:
    if field.type.has_options:
        return f"{'some' if field.takes_several else 'one'} of {listed([option.value for option in field.options])}"
    return {
        FieldType.TEXT: "a text in one line",
        FieldType.LONGTEXT: "a text",
        FieldType.DATE: "a date such as 2026-03-31",
    }.get(field.type, "a number such as 12.50")
