"""One kind for each spec of a library: what categories call by one name is one attribute, with one type, unit and source key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from plumbline.catalog.registry.rules import SpecRule

Owner = TypeVar("Owner")


def kind_conflicts(specs: Iterable[tuple[Owner, str, SpecRule]]) -> Iterator[tuple[Owner, str, str]]:
    """For each spec that contradicts an earlier one: its owner, the fault, and what was expected. Owners come with their names.

    What is allowed, and whether it is required, may differ from category to category.
    """
    first: dict[str, tuple[SpecRule, str]] = {}
    source: dict[str, str] = {}
    for owner, name, rule in specs:
        known, where = first.setdefault(rule.name.lower(), (rule, name))
        if _kind(known) != _kind(rule):
            message = f"The spec {rule.name!r} is {_told(rule)} in {name}, but {_told(known)} in {where}."
            yield owner, message, "one type and one unit for all specs of one name"
        if rule.source_key is not None and source.setdefault(rule.source_key, rule.name.lower()) != rule.name.lower():
            message = (
                f"Two specs have the sourceKey {rule.source_key!r}, of which {rule.name!r} in {name} is the second."
            )
            yield owner, message, "one spec for each sourceKey"


def _kind(rule: SpecRule) -> tuple[object, ...]:
    return rule.attribute_type, rule.unit, rule.source_key


def _told(rule: SpecRule) -> str:
    unit = f" in {rule.unit}" if rule.unit else ""
    key = f" with the sourceKey {rule.source_key}" if rule.source_key else ""
    return f"of type {rule.type}{unit}{key}"
