"""One value against one rule. What can be prepared is prepared: `value_check` answers with a function that only compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

import orjson

from plumbline.catalog.attributes import TypedValue, expectation, number_in_unit, typed_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Attribute
from plumbline.catalog.registry.composites import part_value, split_leniently, text_of
from plumbline.catalog.registry.conditions import Condition as ParsedCondition
from plumbline.catalog.registry.conditions import Literal as PartValue
from plumbline.catalog.registry.conditions import parse_condition
from plumbline.catalog.registry.rules import Limits, Part, SpecRule
from plumbline.kit.document_faults import listed
from plumbline.kit.measures import measure
from plumbline.kit.patterns import Pattern, PatternTooSlow, TextTooLong, compile_pattern

Kind = Literal["required", "type", "pattern", "choice", "minimum", "maximum", "condition", "form"]


class ValueFault(NamedTuple):
    kind: Kind
    message: str
    expected: str


Check = Callable[[TypedValue], tuple[ValueFault, ...]]
FINE: tuple[ValueFault, ...] = ()

CHECKS_KEPT = 16_384
"""Rules whose check is in memory: a large registry has some thousands of different ones."""
NUMBERS_KEPT = 65_536
"""Converted numbers in memory; parts of a library share their values by the thousand."""
TEXTS_KEPT = 1_024
"""Judged texts in memory, for each rule of several parts: they are few, and taking one apart costs ten times as much as looking it up."""
_SHARED_DIGITS = Context(prec=18)
"""Conversions such as 212 °F to °C end in a remainder near the 28th digit, which must not decide whether a limit is kept."""


@lru_cache(maxsize=CHECKS_KEPT)
def value_check(rule: SpecRule) -> Check | None:
    """The check of a rule; None if every value is fine."""
    if rule.is_composite:
        return _composite_check(rule)
    if rule.type in ("integer", "number"):
        return _number_check(rule)
    if rule.type == "list":
        return _list_check(rule)
    if rule.type == "string":
        return _text_check(rule) if rule.limits else None
    return _typed_check(rule)


def expectation_of(rule: SpecRule) -> str:
    """What a value of the rule is, in words."""
    if rule.is_composite:
        return f"{' and '.join(f'{part.name} ({_wanted(part.type, part.limits)})' for part in rule.parts)} as {rule.display}"
    if rule.limits or rule.type in ("string", "integer"):
        return _wanted(rule.type, rule.limits, rule.unit)
    return expectation(_attribute_of(rule))


def _wanted(kind: str, limits: Limits, unit: str | None = None) -> str:
    if limits.choices:
        return f"one of {listed(limits.choices)}"
    if limits.pattern is not None:
        return f"a text that matches {limits.pattern}"
    noun = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}.get(kind, "a text")
    return noun + _range(limits, unit)


def _range(limits: Limits, unit: str | None = None) -> str:
    low, high = (None if bound is None else text_of(bound) for bound in (limits.minimum, limits.maximum))
    if low is not None and high is not None:
        words = f" from {low} to {high}"
    else:
        words = f" of at least {low}" if low is not None else f" of at most {high}" if high is not None else ""
    return f"{words}{' ' if words else ' in '}{unit}" if unit else words


# --- texts, lists and what has a form of its own ----------------------------------------------------------------------------------


def _text_check(rule: SpecRule) -> Check:
    judge = _text_judge(rule.name, rule.limits)
    return lambda value: judge(value.text)


def _text_judge(name: str, limits: Limits) -> Callable[[str], tuple[ValueFault, ...]]:
    """Pattern and choices, for the texts of a spec, of the items of a list, and of parts."""
    pattern = None if limits.pattern is None else compile_pattern(limits.pattern)
    choices = frozenset(limits.choices)

    def judge(text: str) -> tuple[ValueFault, ...]:
        if choices and text not in choices:
            return _fault("choice", limits, f"{_shown(text)} is not one of the values of {name}.", _wanted("", limits))
        if pattern is not None and not _matches(pattern, text):
            message = f"{_shown(text)} does not have the form that {name} must have."
            return _fault("pattern", limits, message, f"a text that matches {pattern.text}")
        return FINE

    return judge


def _matches(pattern: Pattern, text: str) -> bool:
    """What cannot be decided in time is no match: the value must not pass because its author made the check slow."""
    try:
        return pattern.matches(text)
    except (PatternTooSlow, TextTooLong):
        return False


def _typed_check(rule: SpecRule) -> Check:
    """Addresses, dates and booleans. They were typed when they were saved, but perhaps as the text that the spec was at that time."""
    attribute = _attribute_of(rule)
    judge = _text_judge(rule.name, rule.limits)
    has_limits = bool(rule.limits)

    def check(value: TypedValue) -> tuple[ValueFault, ...]:
        if not _is_typed(attribute, value.text):
            return _fault(
                "type", rule.limits, f"{_shown(value.text)} is not a value of {rule.name}.", expectation(attribute)
            )
        return judge(value.text) if has_limits else FINE

    return check


def _attribute_of(rule: SpecRule) -> Attribute:
    return Attribute("", rule.name, rule.attribute_type, rule.unit, "", None, ())


def _is_typed(attribute: Attribute, raw: object) -> bool:
    try:
        return typed_value(attribute, raw, ()) is not None
    except InvalidAttributeValue:
        return False


def _list_check(rule: SpecRule) -> Check:
    attribute = _attribute_of(rule)
    judge = _text_judge(rule.name, rule.limits)

    def check(value: TypedValue) -> tuple[ValueFault, ...]:
        items = _items(value.text)
        if items is None or not _is_typed(attribute, items):
            return _fault("type", rule.limits, f"{_shown(value.text)} is not a list of texts.", expectation(attribute))
        return next((faults for faults in map(judge, items) if faults), FINE)

    return check


def _items(text: str) -> list[str] | None:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, list) else None


# --- numbers ----------------------------------------------------------------------------------------------------------------------


def _number_check(rule: SpecRule) -> Check:
    unit, limits, is_whole = rule.unit, rule.limits, rule.type == "integer"
    judge = _number_judge(rule.name, limits, unit)

    def check(value: TypedValue) -> tuple[ValueFault, ...]:
        number = _number(value, unit)
        if number is None or (is_whole and number != number.to_integral_value()):
            message = f"{_shown(value.text)} is not a {'whole ' if is_whole and number is not None else ''}number of {rule.name}."
            return _fault("type", limits, message, expectation_of(rule))
        return judge(number, value.text)

    return check


def _number_judge(
    name: str, limits: Limits, unit: str | None = None
) -> Callable[[Decimal, str], tuple[ValueFault, ...]]:
    """Choices, which are compared as numbers where the texts differ (`3.0` is 3), and bounds."""
    texts = frozenset(limits.choices)
    choices = frozenset(Decimal(choice) for choice in limits.choices)
    minimum, maximum = limits.minimum, limits.maximum

    def judge(number: Decimal, text: str) -> tuple[ValueFault, ...]:
        if choices and text not in texts and number not in choices:
            return _fault("choice", limits, f"{_shown(text)} is not one of the values of {name}.", _wanted("", limits))
        if minimum is not None and number < minimum:
            bound = _measured(minimum, unit)
            return _fault(
                "minimum",
                limits,
                f"{_shown(text)} is below {bound}, the least that {name} may be.",
                f"at least {bound}",
            )
        if maximum is not None and number > maximum:
            bound = _measured(maximum, unit)
            return _fault(
                "maximum", limits, f"{_shown(text)} is above {bound}, the most that {name} may be.", f"at most {bound}"
            )
        return FINE

    return judge


def _number(value: TypedValue, unit: str | None) -> Decimal | None:
    """The exact number in the unit of the spec; None if the value is none, or measures something else."""
    if value.value is not None and (value.unit is None or value.unit == unit):
        return Decimal(value.value)
    return _converted(value.text, unit)


@lru_cache(maxsize=NUMBERS_KEPT)
def _converted(text: str, unit: str | None) -> Decimal | None:
    found = measure(text, unit)
    if found is None or (unit is None and found.dimension is not None):
        return None
    if found.unit is None or found.unit == unit:
        return Decimal(found.value)
    number = number_in_unit(TypedValue(text, None, None, None), unit)
    return None if number is None else _SHARED_DIGITS.plus(number)


def _measured(number: Decimal, unit: str | None) -> str:
    return f"{text_of(number)} {unit}" if unit else text_of(number)


# --- values of several parts ------------------------------------------------------------------------------------------------------

PartJudge = Callable[[PartValue], tuple[ValueFault, ...]]


def _composite_check(rule: SpecRule) -> Check:
    """Takes the text apart by the display, checks each part, and then the conditions that hold."""
    parts = [(part, _part_judge(part), _conditions_of(part)) for part in rule.parts]
    conditional = [(part, conditions) for part, _, conditions in parts if conditions]

    @lru_cache(maxsize=TEXTS_KEPT)
    def judged(text: str) -> tuple[ValueFault, ...]:
        raw = split_leniently(rule.display, rule.parts, text)
        if raw is None:
            message = f"{_shown(text)} cannot be read as {rule.display}."
            return _fault("form", rule.limits, message, expectation_of(rule))
        typed = {part.key: part_value(part, raw[part.key]) for part in rule.parts}
        found = [
            fault for part, judge, _ in parts for fault in _part_faults(part, judge, typed[part.key], raw[part.key])
        ]
        if not found:
            found = [fault for part, conditions in conditional for fault in _broken(part, conditions, typed)]
        return tuple(found)

    return lambda value: judged(value.text)


def _part_judge(part: Part) -> PartJudge:
    if part.type in ("integer", "number"):
        judge_number = _number_judge(part.name, part.limits)
        return lambda value: judge_number(value, text_of(value)) if isinstance(value, Decimal) else FINE
    judge_text = _text_judge(part.name, part.limits)
    return lambda value: judge_text(text_of(value))


def _part_faults(part: Part, judge: PartJudge, value: PartValue | None, raw: str) -> tuple[ValueFault, ...]:
    if value is None:
        wanted = _wanted(part.type, part.limits)
        return _fault("type", part.limits, f"{_shown(raw)} is not a value of {part.name}.", wanted)
    return judge(value)


class _PartCondition(NamedTuple):
    when: str
    parsed: ParsedCondition
    limits: Limits
    judge: PartJudge


def _conditions_of(part: Part) -> tuple[_PartCondition, ...]:
    """Bounds of a condition are judged like those of the part; what differs is how the fault is told."""
    return tuple(
        _PartCondition(
            each.when, parse_condition(each.when), each.limits, _part_judge(Part("", part.name, part.type, each.limits))
        )
        for each in part.conditions
    )


def _broken(
    part: Part, conditions: tuple[_PartCondition, ...], values: Mapping[str, PartValue | None]
) -> tuple[ValueFault, ...]:
    value = values[part.key]
    found: list[ValueFault] = []
    for each in conditions:
        if value is None or not each.parsed.holds(values) or not (faults := each.judge(value)):
            continue
        message = each.limits.message or part.limits.message or faults[0].message
        found.append(ValueFault("condition", message, f"{faults[0].expected}, because {each.when}"))
    return tuple(found)


def _fault(kind: Kind, limits: Limits, message: str, expected: str) -> tuple[ValueFault, ...]:
    return (ValueFault(kind, limits.message or message, expected),)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
