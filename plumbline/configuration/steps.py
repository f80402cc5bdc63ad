"""From the catalog now and the catalog wanted to the steps between them (pure): in the words of the files, one thing a step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from plumbline.catalog.installing import CatalogRows
from plumbline.catalog.model import Attribute, Category, CategoryAttribute, Status
from plumbline.catalog.registry.rules import SpecRule, rule_from_text
from plumbline.configuration.model import Step, StepKind, Subject


def catalog_steps(before: CatalogRows, after: CatalogRows) -> list[Step]:
    """In the order in which a reader would want them: statuses, attributes, categories, and the specs of each category."""
    specs = list(spec_steps(before, after))
    return [
        *status_steps(before.statuses, after.statuses),
        *attribute_steps(before.attributes, after.attributes, _with_own_choices(before, specs)),
        *category_steps(before.categories, after.categories),
        *specs,
    ]


def _with_own_choices(before: CatalogRows, specs: Sequence[Step]) -> set[str]:
    """Attributes made by hand: their choices stand in no rule of a category, so that no step about a spec tells of them."""
    told = {step.subject.attribute_id for step in specs}
    return {link.attribute_id for link in before.links if link.rule is None and link.attribute_id not in told}


def status_steps(before: Sequence[Status], after: Sequence[Status]) -> Iterator[Step]:
    present = {each.id: each for each in before if each.retired_change is None}
    wanted = {each.id: each for each in after if each.retired_change is None}
    for each in wanted.values():
        old, subject = present.get(each.id), Subject(status_id=each.id)
        if old is None:
            yield Step(StepKind.STATUS_ADD, each.name, f"Add the status {each.name} ({each.maps_to}).", subject)
        elif changed := _differences(old, each, ("name", "maps_to", "color")):
            yield Step(StepKind.STATUS_CHANGE, each.name, f"Change the status {each.name}: {changed}.", subject)
    kept = [each.name for each in present.values() if each.id in wanted]
    order = [each.name for each in wanted.values() if each.id in present]
    if sorted(kept) == sorted(order) and kept != order:
        yield Step(StepKind.STATUS_MOVE, "order", f"Put the statuses in the order {', '.join(order)}.")
    for each in present.values():
        if each.id not in wanted:
            subject = Subject(status_id=each.id)
            yield Step(StepKind.STATUS_RETIRE, each.name, f"Retire the status {each.name}.", subject)


def attribute_steps(
    before: Sequence[Attribute], after: Sequence[Attribute], with_own_choices: Collection[str]
) -> Iterator[Step]:
    present = {each.id: each for each in before if each.retired_change is None}
    wanted = {each.id: each for each in after if each.retired_change is None}
    for each in wanted.values():
        old, subject = present.get(each.id), Subject(attribute_id=each.id)
        if old is None:
            unit = f", in {each.unit}" if each.unit else ""
            text = f"Add the attribute {each.name} ({each.type}{unit})."
            yield Step(StepKind.ATTRIBUTE_ADD, each.name, text, subject)
            continue
        if old.name != each.name:
            yield Step(
                StepKind.ATTRIBUTE_RENAME, each.name, f"Rename the attribute {old.name} to {each.name}.", subject
            )
        told = ("type", "unit", "source_key", *(["choices"] if each.id in with_own_choices else []))
        if changed := _differences(old, each, told):
            yield Step(StepKind.ATTRIBUTE_CHANGE, each.name, f"Change the attribute {each.name}: {changed}.", subject)
    for each in present.values():
        if each.id not in wanted:
            subject = Subject(attribute_id=each.id)
            yield Step(StepKind.ATTRIBUTE_RETIRE, each.name, f"Retire the attribute {each.name}.", subject)


def category_steps(before: Sequence[Category], after: Sequence[Category]) -> Iterator[Step]:
    present = {each.id: each for each in before}
    wanted = {each.id: each for each in after if each.retired_change is None}
    for each in wanted.values():
        old, subject = present.get(each.id), Subject(category_id=each.id)
        if old is None:
            text = f"Add the category {each.name} ({each.code}, {each.type})."
            yield Step(StepKind.CATEGORY_ADD, each.name, text, subject)
            continue
        if old.retired_change is not None:
            text = f"Bring the category {each.name} ({each.code}) back."
            yield Step(StepKind.CATEGORY_RESTORE, each.name, text, subject)
        if old.name != each.name:
            yield Step(StepKind.CATEGORY_RENAME, each.name, f"Rename the category {old.name} to {each.name}.", subject)
        if old.code != each.code:
            text = f"Change the code of the category {each.name} from {old.code} to {each.code}."
            yield Step(StepKind.CATEGORY_RECODE, each.name, text, subject)
        if changed := _differences(old, each, ("type", "unit_of_measure", "short_name")):
            yield Step(StepKind.CATEGORY_CHANGE, each.name, f"Change the category {each.name}: {changed}.", subject)
    for each in before:
        if each.retired_change is None and each.id not in wanted:
            subject = Subject(category_id=each.id)
            yield Step(StepKind.CATEGORY_RETIRE, each.name, f"Retire the category {each.name} ({each.code}).", subject)


def spec_steps(before: CatalogRows, after: CatalogRows) -> Iterator[Step]:
    """The specs of the categories that stay; those of a new category come with it."""
    present, wanted = _links(before), _links(after)
    names = {each.id: each.name for each in (*before.attributes, *after.attributes)}
    was_active = {each.id for each in before.categories if each.retired_change is None}
    for category in after.categories:
        if category.retired_change is not None or category.id not in was_active:
            continue
        old, new = present.get(category.id, {}), wanted.get(category.id, {})
        for attribute_id, link in new.items():
            name = f"{category.name} / {names[attribute_id]}"
            subject = Subject(category.id, attribute_id, after=link.rule)
            if attribute_id not in old:
                text = f"Give {category.name} the spec {names[attribute_id]}{_demands(link.rule)}."
                yield Step(StepKind.SPEC_ADD, name, text, subject)
                continue
            told = rule_changes(old[attribute_id].rule, link.rule)
            if told:
                text = f"Change the spec {names[attribute_id]} of {category.name}: {'; '.join(told)}."
                yield Step(StepKind.SPEC_CHANGE, name, text, subject._replace(before=old[attribute_id].rule))
        for attribute_id, link in old.items():
            if attribute_id not in new:
                name = f"{category.name} / {names[attribute_id]}"
                text = f"Take the spec {names[attribute_id]} from {category.name}."
                subject = Subject(category.id, attribute_id, before=link.rule)
                yield Step(StepKind.SPEC_REMOVE, name, text, subject)
        kept = [each for each in old if each in new]
        if kept != [each for each in new if each in old]:
            yield Step(StepKind.SPEC_ORDER, category.name, f"Put the specs of {category.name} in another order.")


def rule_changes(before: str | None, after: str | None) -> list[str]:
    """What differs between two rules, in words; where a rule was written makes no difference."""
    old, new = (_neutral(text) for text in (before, after))
    if old == new:
        return []
    if new is None:
        return ["it loses its rules"]
    if old is None:
        old = SpecRule(new.name, new.type, new.unit)
    told = [
        f"{label} {_shown(one)} becomes {_shown(other)}"
        for label, one, other in (
            ("type", old.type, new.type),
            ("unit", old.unit, new.unit),
            ("required", old.required_from, new.required_from),
            ("severity", old.severity or "ERROR", new.severity or "ERROR"),
            ("severity where it is missing", old.required_severity, new.required_severity),
            ("pattern", old.limits.pattern, new.limits.pattern),
            ("choices", ", ".join(old.limits.choices), ", ".join(new.limits.choices)),
            ("minimum", old.limits.minimum, new.limits.minimum),
            ("maximum", old.limits.maximum, new.limits.maximum),
            ("display", old.display, new.display),
        )
        if one != other
    ]
    told += ["its parts change"] if old.parts != new.parts else []
    return told or ["its description changes"]


def _neutral(text: str | None) -> SpecRule | None:
    """None for a rule that demands nothing, as an attribute has that was given to a category by hand."""
    rule = None if text is None else replace(rule_from_text(text), origin="", formerly=None, source_key=None)
    if rule is None:
        return None
    demands = rule.limits or rule.parts or rule.required_from or rule.description or rule.type == "integer"
    return rule if demands else None


def _demands(text: str | None) -> str:
    rule = None if text is None else rule_from_text(text)
    if rule is None or rule.required_from is None:
        return ""
    return ", always required" if rule.required_from == "*" else f", required from {rule.required_from} on"


def _links(rows: CatalogRows) -> Mapping[str, Mapping[str, CategoryAttribute]]:
    found: dict[str, dict[str, CategoryAttribute]] = {}
    for link in sorted(rows.links, key=lambda each: each.position):
        found.setdefault(link.category_id, {})[link.attribute_id] = link
    return found


def _differences(old: object, new: object, names: Sequence[str]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {_shown(getattr(old, name))} becomes {_shown(getattr(new, name))}"
        for name in names
        if getattr(old, name) != getattr(new, name)
    )


def _shown(value: object) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value or "none")
    text = text or "none"
    return text if len(text) <= 60 else f"{text[:57]}..."
