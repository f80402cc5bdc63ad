"""What categories call by one name is one attribute of the library. Where they mean one type and unit by it, the attribute has them; where
they do not, it is kept as text, and each category's rule reads the text in its own way. What the product computes with must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from plumbline.catalog.model import AttributeType
from plumbline.catalog.registry.rules import SpecRule

Owner = TypeVar("Owner")


def kind_of(rules: Sequence[SpecRule]) -> tuple[AttributeType, str | None]:
    """The type and unit of the attribute that all these rules are about."""
    kinds = {(rule.attribute_type, rule.unit) for rule in rules}
    return kinds.pop() if len(kinds) == 1 else (AttributeType.STRING, None)


def mixed_kinds(specs: Iterable[tuple[str, SpecRule]]) -> Iterator[str]:
    """A sentence for each spec that is of several kinds; specs come with the names of their categories."""
    first: dict[str, tuple[SpecRule, str]] = {}
    told: set[str] = set()
    for name, rule in specs:
        known, where = first.setdefault(rule.name.lower(), (rule, name))
        if _kind(known) != _kind(rule) and rule.name.lower() not in told:
            told.add(rule.name.lower())
            kinds = f"{_told(known)} in {where} and {_told(rule)} in {name}"
            yield f"The spec {rule.name!r} is {kinds}: it is kept as text, and cannot be compared as a number."


def kind_conflicts(specs: Iterable[tuple[Owner, str, SpecRule]]) -> Iterator[tuple[Owner, str, str]]:
    """For each spec that contradicts an earlier one about what the product computes with: its owner, the fault, and what was expected."""
    first: dict[str, tuple[SpecRule, str]] = {}
    source: dict[str, str] = {}
    for owner, name, rule in specs:
        known, where = first.setdefault(rule.name.lower(), (rule, name))
        computed = known.source_key or rule.source_key
        if computed and (_kind(known), known.source_key) != (_kind(rule), rule.source_key):
            message = f"The spec {rule.name!r} is {_told(rule)} in {name}, but {_told(known)} in {where}."
            yield owner, message, f"one type, unit and sourceKey, since {computed} is computed with"
        if rule.source_key is not None and source.setdefault(rule.source_key, rule.name.lower()) != rule.name.lower():
            message = (
                f"Two specs have the sourceKey {rule.source_key!r}, of which {rule.name!r} in {name} is the second."
            )
            yield owner, message, "one spec for each sourceKey"


def _kind(rule: SpecRule) -> tuple[object, ...]:
    return rule.attribute_type, rule.unit


def _told(rule: SpecRule) -> str:
    unit = f" in {rule.unit}" if rule.unit else ""
    key = f" with the sourceKey {rule.source_key}" if rule.source_key else ""
    return f"of type {rule.type}{unit}{key}"
