"""A spec of the file as a rule, and what can be wrong with it: limits that nothing fits, conditions that can never hold."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import re2

from plumbline.catalog.registry.composites import adjacent_parts, display_faults, part_value, splitter, usual_display
from plumbline.catalog.registry.conditions import (
    Condition as ParsedCondition,
)
from plumbline.catalog.registry.conditions import (
    Effort,
    InvalidCondition,
    Literal,
    can_hold,
    comparisons,
    parse_condition,
)
from plumbline.catalog.registry.language import CompositeSpec, PartModel, ScalarSpec, Validation
from plumbline.catalog.registry.language import Limits as LimitsModel
from plumbline.catalog.registry.package import Path
from plumbline.catalog.registry.rules import Condition, Limits, Part, SpecRule
from plumbline.kit.document_faults import Faults, listed, nearest_hint
from plumbline.kit.measures import dimension_of
from plumbline.kit.patterns import InvalidPattern, Pattern, compile_pattern

NUMERIC = ("integer", "number")
WITH_CHOICES = ("string", "integer", "number", "list")


@dataclass(frozen=True, slots=True)
class SpecFaults:
    """Where faults of a document's specs go, and the effort that is left to find them."""

    faults: Faults
    effort: Effort = field(default_factory=Effort)

    def add(self, path: Path, message: str, *, expected: str | None = None, hint: str | None = None) -> None:
        self.faults.add(path, message, expected=expected, hint=hint)


def rule_of(spec: ScalarSpec | CompositeSpec, path: Path, faults: SpecFaults, origin: str) -> SpecRule:
    """The rule; what is wrong with it is noted."""
    required = spec.required if spec.required != "" else None
    severity = (spec.severity or "").upper()
    of_missing = severity if required is not None else ""
    if isinstance(spec, CompositeSpec):
        parts, display = _parts(spec, path, faults)
        return SpecRule(
            spec.name, spec.type, description=spec.description, parts=parts, display=display,
            required_from=required, severity=severity, required_severity=of_missing, origin=origin, formerly=spec.formerly,
        )  # fmt: skip
    _check_number(spec, path, faults)
    limits = _limits(spec.validation, spec.type, (*path, "validation"), faults)
    return SpecRule(
        spec.name, spec.type, spec.unit, spec.source_key, spec.description, limits,
        required_from=required, severity=severity, required_severity=of_missing, origin=origin, formerly=spec.formerly,
    )  # fmt: skip


def _check_number(spec: ScalarSpec, path: Path, faults: SpecFaults) -> None:
    """What only a number can have."""
    for key, value in (("unit", spec.unit), ("sourceKey", spec.source_key)):
        if value is not None and spec.type not in NUMERIC:
            message = f"A spec of type {spec.type} has no {key}."
            faults.add((*path, key), message, expected=f"type: number beside {key}")
    if spec.unit is not None and spec.type in NUMERIC and dimension_of(spec.unit) is None:
        faults.add(
            (*path, "unit"), f"{spec.unit!r} is not a known unit.", expected="a unit such as mm, kΩ, g, °C or USD"
        )


# --- limits -----------------------------------------------------------------------------------------------------------------------


def _limits(model: LimitsModel, kind: str, path: Path, faults: SpecFaults) -> Limits:
    pattern = model.pattern if isinstance(model, Validation) else None
    compiled = _pattern(pattern, kind, path, faults)
    if (model.minimum is not None or model.maximum is not None) and kind not in NUMERIC:
        key = "minimum" if model.minimum is not None else "maximum"
        hint = "Limit the length of a text by a pattern such as ^.{1,20}$." if kind == "string" else None
        faults.add((*path, key), f"A value of type {kind} has no {key}.", expected="type: integer or number", hint=hint)
    elif model.minimum is not None and model.maximum is not None and model.minimum > model.maximum:
        message = f"minimum {model.minimum} is above maximum {model.maximum}: no value fits."
        faults.add((*path, "minimum"), message, expected=f"at most {model.maximum}")
    elif kind == "integer" and _lies_between_wholes(model.minimum, model.maximum):
        message = f"No whole number lies between minimum {model.minimum} and maximum {model.maximum}."
        faults.add((*path, "minimum"), message, expected="whole numbers, or type: number")
    if model.enum is not None:
        _check_choices(model, compiled, kind, path, faults)
    return Limits(pattern, model.enum or (), model.minimum, model.maximum, model.description)


def _pattern(text: str | None, kind: str, path: Path, faults: SpecFaults) -> Pattern | None:
    if text is None:
        return None
    if kind not in ("string", "url", "email", "phone", "list"):
        faults.add((*path, "pattern"), f"A value of type {kind} has no pattern.", expected="type: string")
        return None
    try:
        return compile_pattern(text)
    except InvalidPattern as refusal:
        faults.add((*path, "pattern"), refusal.sentence, expected="a regular expression", hint=refusal.hint)
        return None


def _check_choices(model: LimitsModel, pattern: Pattern | None, kind: str, path: Path, faults: SpecFaults) -> None:
    choices = model.enum or ()
    if kind not in WITH_CHOICES:
        faults.add(
            (*path, "enum"), f"A value of type {kind} has no enum.", expected=f"one of {', '.join(WITH_CHOICES)}"
        )
        return
    seen: set[str] = set()
    for index, choice in enumerate(choices):
        place = (*path, "enum", index)
        if choice in seen:
            faults.add(place, f"{choice!r} stands in the enum twice.", expected="each value once")
        seen.add(choice)
        if choice != choice.strip():
            message = f"{choice!r} begins or ends with a blank, which no value does."
            faults.add(place, message, expected=repr(choice.strip()))
        if pattern is not None and not pattern.matches(choice):
            faults.add(
                place,
                f"{choice!r} does not match the pattern beside it.",
                expected=f"a text that matches {pattern.text}",
            )
        if kind in NUMERIC:
            number = part_value(Part("", "", kind), choice)
            if number is None:
                faults.add(place, f"{choice!r} is not a value of type {kind}.", expected="a number")
            elif isinstance(number, Decimal) and not _within(number, model.minimum, model.maximum):
                faults.add(place, f"{choice} is outside of minimum and maximum.", expected="a number within them")


def _lies_between_wholes(minimum: Decimal | None, maximum: Decimal | None) -> bool:
    return minimum is not None and maximum is not None and math.ceil(minimum) > math.floor(maximum)


def _within(number: Decimal, minimum: Decimal | None, maximum: Decimal | None) -> bool:
    return (minimum is None or number >= minimum) and (maximum is None or number <= maximum)


# --- parts and their conditions ---------------------------------------------------------------------------------------------------


def _parts(spec: CompositeSpec, path: Path, faults: SpecFaults) -> tuple[tuple[Part, ...], str]:
    keys = list(spec.components)
    display = spec.display or usual_display(keys)
    simple = {
        key: Part(key, part.name or key, part.type, _limits(part.validation, part.type, _place(path, key), faults))
        for key, part in spec.components.items()
    }
    _check_display(display, tuple(simple.values()), (*path, "display"), faults)
    has_conditions = any(part.validation.conditions for part in spec.components.values())
    if spec.type == "conditional" and not has_conditions:
        faults.add(
            (*path, "components"),
            "No part of this conditional spec has conditions.",
            expected="conditions under the validation of a part",
        )
    if spec.type == "paired" and has_conditions:
        faults.add((*path, "type"), "A paired spec has no conditions.", expected="type: conditional")
    parts = tuple(
        Part(
            key,
            known.name,
            known.type,
            known.limits,
            tuple(_conditions(spec.components[key], known, simple, path, faults)),
        )
        for key, known in simple.items()
    )
    return parts, display


def _check_display(display: str, parts: tuple[Part, ...], path: Path, faults: SpecFaults) -> None:
    shown = ", ".join(f"{{{part.key}}}" for part in parts)
    found = display_faults(display, [part.key for part in parts])
    for message in found:
        faults.add(path, message, expected=f"each of {shown} once")
    for left, right in adjacent_parts(display, parts) if not found else ():
        message = f"Nothing tells where {{{left.key}}} ends and {{{right.key}}} begins."
        faults.add(path, message, expected=f"a sign between {{{left.key}}} and {{{right.key}}}")
    try:
        found or splitter(display, parts)
    except re2.error:
        faults.add(path, "The parts have too many and too long choices to be told apart.", expected="fewer choices")


def _place(path: Path, key: str) -> Path:
    return (*path, "components", key, "validation")


def _conditions(
    model: PartModel, part: Part, parts: Mapping[str, Part], path: Path, faults: SpecFaults
) -> list[Condition]:
    found = []
    for index, each in enumerate(model.validation.conditions):
        place = (*_place(path, part.key), "conditions", index)
        limits = _limits(each, part.type, place, faults)
        _check_inside(limits, part, place, faults)
        try:
            parsed = parse_condition(each.when)
        except InvalidCondition as error:
            expected = "a comparison such as color == 'red', joined by and, or, not"
            faults.add((*place, "when"), f"The condition cannot be read: {error}.", expected=expected)
            continue
        _check_condition(parsed, part, parts, (*place, "when"), faults)
        found.append(Condition(each.when, limits))
    return found


def _check_inside(limits: Limits, part: Part, place: Path, faults: SpecFaults) -> None:
    """What a condition allows must be something that the part allows at all."""
    outer = part.limits
    for index, choice in enumerate(limits.choices):
        if outer.choices and choice not in outer.choices:
            faults.add(
                (*place, "enum", index),
                f"{choice!r} is not in the enum of {part.key!r}.",
                expected=f"one of {listed(outer.choices)}",
            )
        number = part_value(part, choice)
        if isinstance(number, Decimal) and not _within(number, outer.minimum, outer.maximum):
            message = f"{choice} is outside of minimum and maximum of {part.key!r}."
            faults.add((*place, "enum", index), message, expected="a number within them")
    low, high = limits.minimum, limits.maximum
    above = low is not None and outer.maximum is not None and low > outer.maximum
    below = high is not None and outer.minimum is not None and high < outer.minimum
    if above or below:
        key = "minimum" if above else "maximum"
        faults.add(
            (*place, key),
            f"No value fits: {part.key!r} itself allows nothing there.",
            expected="a range that overlaps that of the part",
        )


def _check_condition(
    condition: ParsedCondition, part: Part, parts: Mapping[str, Part], path: Path, faults: SpecFaults
) -> None:
    others = [key for key in parts if key != part.key]
    is_sound = True
    for name, operator, value in comparisons(condition):
        if name == part.key or name not in parts:
            problem = "is the part that the condition limits" if name == part.key else "is no part of this spec"
            faults.add(
                path, f"{name!r} {problem}.", expected=f"one of {', '.join(others)}", hint=nearest_hint(name, others)
            )
            is_sound = False
        elif not _fits(parts[name], operator, value):
            words = (
                "text in quotes"
                if parts[name].type == "string"
                else "number"
                if parts[name].type in NUMERIC
                else "true or false"
            )
            faults.add(
                path, f"{name!r} cannot be compared like this: it is of type {parts[name].type}.", expected=words
            )
            is_sound = False
    if is_sound and not can_hold(condition, {key: candidates(parts[key], condition) for key in others}, faults.effort):
        fitting = [f"{key}: {listed(parts[key].limits.choices)}" for key in others if parts[key].limits.choices]
        faults.add(path, "The condition can never hold.", expected="; ".join(fitting) or "values that the parts allow")


def _fits(part: Part, operator: str, value: Literal) -> bool:
    if part.type in NUMERIC:
        return isinstance(value, Decimal)
    if operator not in ("==", "!=", "in"):
        return False
    return isinstance(value, bool) if part.type == "boolean" else isinstance(value, str)


def candidates(part: Part, condition: ParsedCondition) -> Sequence[Literal]:
    """Values of a part that stand for all the others: a condition that holds for none of them holds for none at all."""
    if part.limits.choices:
        values = (part_value(part, choice) for choice in part.limits.choices)
        return [value for value in values if value is not None]
    if part.type == "boolean":
        return [True, False]
    told = [value for name, _, value in comparisons(condition) if name == part.key]
    if part.type == "string":
        pattern = part.limits.pattern
        fitting = [
            value
            for value in told
            if isinstance(value, str) and (pattern is None or compile_pattern(pattern).matches(value))
        ]
        return [*fitting, "\x00 any other text"]
    bounds = [part.limits.minimum, part.limits.maximum]
    points = sorted({value for value in [*told, *bounds] if isinstance(value, Decimal)} or {Decimal(0)})
    between = [(low + high) / 2 for low, high in itertools.pairwise(points)]
    tried = [points[0] - 1, *points, *between, points[-1] + 1]
    if part.type == "integer":
        steps = (number + step for number in tried for step in (-1, 0, 1))
        tried = sorted({number.to_integral_value() for number in steps})
    return [number for number in tried if _within(number, *bounds)]
