"""Runs configuration tests: what comes of each case, beside what was expected (pure).

    tests = read_documents(named(files)).tests      read, and every name in them looked up
    outcomes = run_examples(tests.values())

A case is run through the very functions that the product calls: values are typed and checked as those of a component that is saved,
numbers are made as for a new component, forms are checked as when a change order is submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any, NamedTuple

from plumbline.catalog.attributes import TypedValue, typed_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.registry.checks import Violation
from plumbline.change_orders.approval import approval_outcome
from plumbline.change_orders.errors import InvalidFieldValue
from plumbline.change_orders.field_values import checked_field_values
from plumbline.configuration.examples_cases import (
    NO_REVISION,
    Case,
    ComponentCase,
    FirstRevisionsCase,
    FormCase,
    GeneratedCase,
    Kinds,
    MoveCase,
    NumberCase,
    OrderCase,
    Outcome,
    RevisionCase,
    StageCase,
    UntestableCase,
)
from plumbline.kit.errors import Refusal
from plumbline.numbering.errors import RevisionExhausted
from plumbline.numbering.number import next_number, plan_number
from plumbline.numbering.number_matching import fits
from plumbline.numbering.number_parsing import Latitude, is_readable
from plumbline.numbering.overrides import own_choices
from plumbline.numbering.revision_scheme import first_revision, is_revision, may_move, next_revision, sort_key


class Found(NamedTuple):
    """An outcome but for the case it belongs to."""

    passed: bool
    expected: str
    found: str
    details: tuple[str, ...] = ()


def run_examples(tests: Iterable[Iterable[Case]]) -> list[Outcome]:
    return [outcome_of(case) for cases in tests for case in cases]


def outcome_of(case: Case) -> Outcome:
    try:
        found = came_of(case)
    except Refusal as refusal:  # such as a pattern that takes too long
        found = Found(False, "an answer", "a refusal", (refusal.message,))
    section, name, place = case.label
    return Outcome(section, name, place, found.passed, found.expected, found.found, found.details)


@singledispatch
def came_of(case: Any) -> Found:
    raise AssertionError(f"{type(case).__name__} is no case")


@came_of.register
def _(case: UntestableCase) -> Found:
    return Found(False, f"{case.missing} in the files", "none")


# --- components -------------------------------------------------------------------------------------------------------------------


@came_of.register
def _(case: ComponentCase) -> Found:
    violations = violations_of(case)
    found: dict[str, dict[str, set[str]]] = {"ERROR": {}, "WARNING": {}}
    for each in violations:
        found[each.severity].setdefault(each.spec, set()).add(each.kind)
    errors, warnings = ({spec: frozenset(kinds) for spec, kinds in found[key].items()} for key in ("ERROR", "WARNING"))
    passed = _are_those(case.errors, errors) and _are_those(case.warnings, warnings)
    details = tuple(_explained(each) for each in violations)
    return Found(passed, _told(case.errors, case.warnings), _told(errors, warnings), details)


def violations_of(case: ComponentCase) -> list[Violation]:
    """A value that its attribute cannot hold is never saved, whatever the severity of its rule."""
    values: dict[str, TypedValue | None] = {}
    refused: list[Violation] = []
    for name, (attribute, raw) in case.values.items():
        try:
            values[name] = typed_value(attribute, raw, ())
        except InvalidAttributeValue as refusal:
            refused.append(Violation(name, "type", "ERROR", refusal.message, refusal.expected or "", ""))
    told = {each.spec for each in refused}
    return [*refused, *(each for each in case.checker.violations(values, case.status) if each.spec not in told)]


def _are_those(expected: Mapping[str, Kinds], found: Mapping[str, Kinds]) -> bool:
    return expected.keys() == found.keys() and all(found[spec] == kinds for spec, kinds in expected.items() if kinds)


def _told(errors: Mapping[str, Kinds], warnings: Mapping[str, Kinds]) -> str:
    parts = []
    for noun, specs in (("errors", errors), ("warnings", warnings)):
        if specs:
            told = (f"{spec} ({', '.join(sorted(kinds))})" if kinds else spec for spec, kinds in sorted(specs.items()))
            parts.append(f"{noun}: {', '.join(told)}")
    return "; ".join(parts) or "valid"


def _explained(violation: Violation) -> str:
    """Messages are of our own or of an author, who may leave out the period."""
    more = [f"expected {violation.expected}"] if violation.expected else []
    more += [f"rule of {violation.origin}"] if violation.origin else []
    return f"{violation.spec}: {violation.message}" + (f" ({'; '.join(more)})" if more else "")


# --- numbers ----------------------------------------------------------------------------------------------------------------------


@came_of.register
def _(case: NumberCase) -> Found:
    own = own_choices(case.scheme, case.choices)
    if is_readable(case.scheme, case.choices, case.number, Latitude.SCHEME, own):
        found = "generated"
    else:
        found = "overridden" if fits(case.scheme, case.choices, case.number) else "invalid"
    passed = found != "invalid" if case.expected == "valid" else found == case.expected
    return Found(passed, case.expected, found)


@came_of.register
def _(case: GeneratedCase) -> Found:
    """Counts on as a library would that has no other component."""
    expected = ", ".join(case.numbers) or "invalid"
    found: list[str] = []
    last: dict[str, int] = {}
    try:
        plan = plan_number(case.scheme, case.choices, picks=case.elements)
        for _ in case.numbers or ("the first",):
            issued = next_number(plan, lambda scope: last.get(scope.key), found.__contains__)
            last.update({scope.key: value for scope, value in issued.counters})
            found.append(issued.text)
    except Refusal as refusal:
        told = ", ".join([*found, "invalid"])
        return Found(expected == told, expected, told, tuple(each.message for each in (refusal, *refusal.also)))
    return Found(tuple(found) == case.numbers, expected, ", ".join(found))


# --- revisions --------------------------------------------------------------------------------------------------------------------


@came_of.register
def _(case: RevisionCase) -> Found:
    expected: list[str] = []
    found: list[str] = []
    if case.expected is not None:
        expected.append(case.expected)
        found.append("valid" if is_revision(case.scheme, case.status, case.revision) else "invalid")
    if case.following is not None:
        expected.append(f"next {case.following}")
        found.append(f"next {_following(case)}")
    return Found(expected == found, ", ".join(expected), ", ".join(found))


def _following(case: RevisionCase) -> str:
    try:
        return next_revision(case.scheme, case.status, case.revision, case.segment)
    except RevisionExhausted:
        return NO_REVISION


@came_of.register
def _(case: FirstRevisionsCase) -> Found:
    found = [first_revision(case.scheme, case.status)]
    while len(found) < len(case.revisions) and found[-1] != NO_REVISION:
        following = RevisionCase(case.label, case.scheme, case.status, found[-1], None, None, None)
        found.append(_following(following))
    return Found(tuple(found) == case.revisions, ", ".join(case.revisions), ", ".join(found))


@came_of.register
def _(case: OrderCase) -> Found:
    found = tuple(sorted(case.revisions, key=sort_key))
    is_strict = len(set(found)) == len(found)
    details = () if is_strict else ("No two of them may be the same.",)
    return Found(found == case.revisions and is_strict, ", ".join(case.revisions), ", ".join(found), details)


@came_of.register
def _(case: MoveCase) -> Found:
    found = "valid" if may_move(case.scheme, case.from_status, case.to_status) else "invalid"
    return Found(found == case.expected, case.expected, found)


# --- change orders ----------------------------------------------------------------------------------------------------------------


@came_of.register
def _(case: FormCase) -> Found:
    faults: Sequence[Refusal] = ()
    try:
        checked_field_values(case.template, case.values, may_be_incomplete=case.is_draft)
    except InvalidFieldValue as refusal:
        faults = (refusal, *refusal.also)
    found = frozenset(str(each.path[0]) for each in faults)
    return Found(found == case.errors, _fields(case.errors), _fields(found), tuple(each.message for each in faults))


def _fields(names: frozenset[str]) -> str:
    return f"errors: {', '.join(sorted(names))}" if names else "valid"


@came_of.register
def _(case: StageCase) -> Found:
    found = approval_outcome(case.panel, case.decisions)
    return Found(found is case.expected, case.expected.lower(), found.lower())
