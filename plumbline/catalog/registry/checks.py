"""A component's values against the rules of its category: what is missing, and what is not as it must be.

    checker = checker_of(rules, statuses)                    once for a category
    checker.violations(values, status)                       of a whole component
    checker.violations_of_change(changed, status)            of what a save sets or clears

Whether a violation refuses anything is decided elsewhere: a save is refused for errors in the values that it sets, entering a status for
what is required there. Warnings refuse nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.registry.rules import ALWAYS, SpecRule
from plumbline.catalog.registry.value_checks import Check, Kind, expectation_of, value_check

Values = Mapping[str, TypedValue | None]
"""By the names of the specs; None, and no entry at all, mean that there is no value."""

_FIRST, _NEVER = -1, 1 << 30
"""Ranks: that of `*`, and that of what is never required."""


class Violation(NamedTuple):
    """`message` is the author's explanation where the rule has one; `origin` tells where the rule was written."""

    spec: str
    kind: Kind
    severity: Literal["ERROR", "WARNING"]
    message: str
    expected: str
    origin: str


class _Prepared(NamedTuple):
    name: str
    check: Check | None
    """None where any value will do."""
    required_rank: int
    rule: SpecRule


@dataclass(frozen=True, slots=True)
class Checker:
    """The rules of one category, prepared once so that components by the hundred thousand can be checked."""

    prepared: tuple[_Prepared, ...]
    by_name: Mapping[str, _Prepared]
    ranks: Mapping[str, int]

    def violations(self, values: Values, status: str) -> list[Violation]:
        """Everything that is wrong with a component in this status, in the order of the rules."""
        return self._found(self.prepared, values, status)

    def violations_of_change(self, changed: Values, status: str) -> list[Violation]:
        """The same for the specs of a change alone. Names that the category has no rule for are passed over."""
        return self._found([self.by_name[name] for name in changed if name in self.by_name], changed, status)

    def _found(self, prepared: Iterable[_Prepared], values: Values, status: str) -> list[Violation]:
        # A status that the order does not know is before all others: only what is always required is required in it.
        rank = self.ranks.get(status.lower(), _FIRST)
        found: list[Violation] = []
        for name, check, required_rank, rule in prepared:
            value = values.get(name)
            if value is None:
                if required_rank <= rank:
                    found.append(_missing(rule))
            elif check is not None:
                for fault in check(value):
                    found.append(_violation(rule, fault.kind, fault.message, fault.expected))
        return found


def checker_of(rules: Iterable[SpecRule], statuses: Sequence[str]) -> Checker:
    """`statuses` stand in their order; capitals make no difference in their names."""
    ranks = {status.lower(): rank for rank, status in enumerate(statuses)}
    prepared = tuple(_Prepared(rule.name, value_check(rule), _required_rank(rule, ranks), rule) for rule in rules)
    return Checker(prepared, {each.name: each for each in prepared}, ranks)


def _required_rank(rule: SpecRule, ranks: Mapping[str, int]) -> int:
    """A status that the order does not know never comes, so that nothing is required from it on."""
    if rule.required_from is None:
        return _NEVER
    return _FIRST if rule.required_from == ALWAYS else ranks.get(rule.required_from.lower(), _NEVER)


@lru_cache(maxsize=8192)
def _missing(rule: SpecRule) -> Violation:
    return _violation(rule, "required", _demand(rule), expectation_of(rule))


def _demand(rule: SpecRule) -> str:
    if rule.required_from == ALWAYS:
        return f"{rule.name} has no value; it must always have one."
    return f"{rule.name} has no value; it must have one from {rule.required_from} on."


def _violation(rule: SpecRule, kind: Kind, message: str, expected: str) -> Violation:
    warns = rule.is_missing_a_warning if kind == "required" else rule.is_warning
    return Violation(rule.name, kind, "WARNING" if warns else "ERROR", message, expected, rule.origin)
