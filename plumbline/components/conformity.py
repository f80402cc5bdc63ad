"""When a save is refused for what its category's rules say (pure).

A save is refused for what it does, not for what it finds. Values that it sets must keep the rules, and a value that its status requires
may not be cleared. What is required at all is asked when a component enters a status or a category, and when it is released. Warnings
refuse nothing; everything is in the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.reads import Catalog, Checkers
from plumbline.components.drafts import Draft
from plumbline.components.errors import SpecViolated
from plumbline.components.model import AttributeValue, Component
from plumbline.kit.errors import PathPart, Refusal

VIOLATIONS_TOLD_MAX = 20

Path = tuple[PathPart, ...]
Values = Mapping[str, TypedValue | None]
"""By attribute id."""


def violations_of_new(draft: Draft, known: Catalog, checkers: Checkers, path: Path) -> list[Refusal]:
    """What a first version does wrong. It need not have everything yet."""
    return _told(draft, draft.attributes, known, checkers, path, whole=False)


def violations_of_change(
    current: Component, values: Iterable[AttributeValue], draft: Draft, known: Catalog, checkers: Checkers, path: Path
) -> list[Refusal]:
    """What the next version does wrong; `values` are those of the present one."""
    present: dict[str, TypedValue | None] = {each.attribute_id: each.value for each in values}
    fields = draft.fields
    enters = (fields.status_id, fields.category_id) != (current.status_id, current.category_id)
    if enters:
        return _told(draft, {**present, **draft.attributes}, known, checkers, path, whole=True)
    changed = {key: value for key, value in draft.attributes.items() if present.get(key) != value}
    return _told(draft, changed, known, checkers, path, whole=False)


def violations_of_release(
    values: Iterable[AttributeValue], draft: Draft, known: Catalog, checkers: Checkers, path: Path
) -> list[Refusal]:
    """What stands in the way of a release: everything that its status requires, and every value that is not as it must be."""
    return _told(draft, {each.attribute_id: each.value for each in values}, known, checkers, path, whole=True)


def _told(
    draft: Draft, values: Values, known: Catalog, checkers: Checkers, path: Path, *, whole: bool
) -> list[Refusal]:
    if not values and not whole:
        return []
    checker = checkers.of(draft.fields.category_id)
    named = {known.attribute_by_id[key].name: value for key, value in values.items()}
    status = known.status_by_id[draft.fields.status_id].name
    found = checker.violations(named, status) if whole else checker.violations_of_change(named, status)
    return [
        SpecViolated(
            f"{each.spec}: {each.message}", path=(*path, "attributes", each.spec), expected=each.expected,
            hint=f"The rule stands in {each.origin}." if each.origin else None,
        )
        for each in found
        if each.severity == "ERROR"
    ]  # fmt: skip


def refuse_all(found: Iterable[Refusal]) -> None:
    """One refusal that carries the others."""
    told = list(found)[:VIOLATIONS_TOLD_MAX]
    if told:
        told[0].also = tuple(told[1:])
        raise told[0]
