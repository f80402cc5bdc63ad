"""The built-in validations of a change order (pure). Each answers what is wrong, one sentence for each problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import orjson

from plumbline.change_orders.errors import InvalidFieldValue
from plumbline.change_orders.facts import ItemFacts, OrderFacts
from plumbline.change_orders.field_values import checked_field_values
from plumbline.change_orders.model import OrderType
from plumbline.components.model import Component, ComponentState
from plumbline.numbering.revision_scheme import compare_revisions, is_revision, may_move, next_revision
from plumbline.validations.model import OnFailure

PROBLEMS_TOLD_MAX = 20
OBSOLETE = "OBSOLETE"
AS_REQUIRED = "AS_REQUIRED"
Problems = Iterator[str]


class Check(NamedTuple):
    name: str
    on_failure: OnFailure
    problems: Callable[[OrderFacts], Problems]


def told(problems: Sequence[str]) -> str:
    """One text for people; a change order of 500 items can have thousands of problems."""
    rest = len(problems) - PROBLEMS_TOLD_MAX
    return "\n".join([*problems[:PROBLEMS_TOLD_MAX], *([f"… and {rest} more."] if rest > 0 else [])])


def _other_orders(facts: OrderFacts) -> Problems:
    for each in facts.items:
        for other in each.others:
            yield f"Item {each.component.cpn} exists in Change Order {other.number}"


def _no_items(facts: OrderFacts) -> Problems:
    if not facts.items:
        yield "The change order has no items."


def _fields(facts: OrderFacts) -> Problems:
    try:
        checked_field_values(facts.template, orjson.loads(facts.order.contents))
    except InvalidFieldValue as refusal:
        yield refusal.message
        yield from (each.message for each in refusal.also)


def _stale_items(facts: OrderFacts) -> Problems:
    for each in facts.items:
        if each.component.version != each.item.component_version:
            yield (
                f"{each.component.cpn} is at version {each.component.version} now; the change order looks at"
                f" version {each.item.component_version}."
            )


def _archived(facts: OrderFacts) -> Problems:
    for each in facts.items:
        if each.component.is_archived:
            yield f"{each.component.cpn} is archived."
        for child in _children(facts, each):
            if child.is_archived:
                yield f"{each.component.cpn} contains {child.cpn}, which is archived."
        for line in each.lines:
            for substitute in orjson.loads(line.substitutes):
                found = facts.named_by_id.get(substitute)
                if found is None or found.is_archived:
                    name = substitute if found is None else found.cpn
                    yield f"{each.component.cpn} names the substitute {name}, which is archived or gone."


def _specs(facts: OrderFacts, *, severity: str) -> Problems:
    """What the registry demands of the status that an item is to get, and of every value."""
    attributes = facts.catalog.attribute_by_id
    for each in facts.items:
        values = {attributes[key].name: value for key, value in each.values.items()}
        status = facts.status(each.item.proposed_status_id).name
        for violation in facts.checkers.of(each.component.category_id).violations(values, status):
            if violation.severity == severity:
                yield f"{each.component.cpn}: {violation.spec}: {violation.message}"


def _moves(facts: OrderFacts) -> Problems:
    for each in facts.items:
        before, after = facts.status(each.component.status_id), facts.status(each.item.proposed_status_id)
        if before.id != after.id and not may_move(facts.scheme, before.name, after.name):
            yield f"{each.component.cpn} cannot go from {before.name} to {after.name}."


def _revisions(facts: OrderFacts) -> Problems:
    for each in facts.items:
        revision, released = each.item.proposed_revision, each.component.released_revision
        if revision is None:
            continue
        status = facts.status(each.item.proposed_status_id).name
        if not is_revision(facts.scheme, status, revision):
            yield f"{revision} is no revision of {each.component.cpn} in the status {status}."
        elif released is not None and compare_revisions(revision, released) <= 0:
            yield f"{each.component.cpn} is released as {released} already, and {revision} does not follow it."
        elif not each.item.is_revision_chosen and revision != next_revision(facts.scheme, status, released):
            yield f"{revision} is not the next revision of {each.component.cpn} any more."


def _nothing_to_release(facts: OrderFacts) -> Problems:
    if facts.order.type == OrderType.DCO:
        return
    for each in facts.items:
        is_same = each.item.proposed_status_id == each.component.status_id
        if each.component.state is ComponentState.RELEASED and is_same:
            yield f"{each.component.cpn} is released as it is, and its status does not change."


def _unreleased_children(facts: OrderFacts) -> Problems:
    if facts.order.type == OrderType.DCO:
        return
    items = {each.component.key for each in facts.items}
    for each in facts.items:
        for child in _children(facts, each):
            if child.key not in items and child.released_version is None:
                yield f"{each.component.cpn} contains {child.cpn}, which is neither released nor an item."


def _changed_children(facts: OrderFacts) -> Problems:
    items = {each.component.key for each in facts.items}
    for each in facts.items:
        for child in _children(facts, each):
            is_changed = child.released_version is not None and child.state is ComponentState.MODIFIED
            if child.key not in items and is_changed:
                yield f"{each.component.cpn} contains {child.cpn}, which was changed since its revision {child.released_revision}."


def _children_below(facts: OrderFacts) -> Problems:
    """An assembly is no further in its life than what it is made of."""
    proposed = {each.component.key: each.item.proposed_status_id for each in facts.items}
    for each in facts.items:
        own = facts.status(each.item.proposed_status_id)
        for child in _children(facts, each):
            status = facts.status(proposed.get(child.key, child.status_id))
            if status.position < own.position and own.maps_to != OBSOLETE:
                yield f"{each.component.cpn} is to be {own.name} and contains {child.cpn}, which is {status.name}."


def _obsolete_children(facts: OrderFacts) -> Problems:
    for each in facts.items:
        if facts.status(each.item.proposed_status_id).maps_to == OBSOLETE:
            continue
        for child in _children(facts, each):
            if facts.status(child.status_id).maps_to == OBSOLETE:
                yield f"{each.component.cpn} contains {child.cpn}, which is obsolete."


def _quantities(facts: OrderFacts) -> Problems:
    for each in facts.items:
        for line in each.lines:
            if line.unit == AS_REQUIRED:
                yield f"{each.component.cpn} contains {facts.named[line.child_key].cpn} without a quantity."


def _reviewers(facts: OrderFacts) -> Problems:
    for stage in facts.stages:
        seats = [each for each in facts.reviewers if each.stage_id == stage.id]
        for nobody in (each for each in seats if each.user_id is None):
            yield f"The stage {stage.name} waits for {nobody.named}, who is no member of the library."
        if len(seats) < max(stage.minimum, 1):
            yield f"The stage {stage.name} has {len(seats)} reviewers and needs {max(stage.minimum, 1)}."


def _rings(facts: OrderFacts) -> Problems:
    if facts.ring:
        yield f"As released, {' → '.join(each.cpn for each in facts.ring)} would contain itself."


def _children(facts: OrderFacts, each: ItemFacts) -> list[Component]:
    keys = dict.fromkeys(line.child_key for line in each.lines)
    return [facts.named[key] for key in keys if key in facts.named]


ERROR, WARNING = OnFailure.ERROR, OnFailure.WARNING
CHECKS = (
    Check("Items must not exist in other OPEN Change Orders", ERROR, _other_orders),
    Check("A change order must have items", ERROR, _no_items),
    Check("Required fields must be populated", ERROR, _fields),
    Check("Stages must have their reviewers", ERROR, _reviewers),
    Check("Items must be at their newest version", ERROR, _stale_items),
    Check("Items must have something to release", ERROR, _nothing_to_release),
    Check("Cross-references must be valid", ERROR, _archived),
    Check("Specs must be as their category defines them", ERROR, lambda facts: _specs(facts, severity="ERROR")),
    Check("Specs should be as their category recommends", WARNING, lambda facts: _specs(facts, severity="WARNING")),
    Check("Status transitions must be allowed", ERROR, _moves),
    Check("Revisions must follow the revision scheme", ERROR, _revisions),
    Check("Children must be released, or items themselves", ERROR, _unreleased_children),
    Check("Children must be at or above the status of their parents", ERROR, _children_below),
    Check("Products must not contain themselves", ERROR, _rings),
    Check("Changed children should be items as well", WARNING, _changed_children),
    Check("Children should not be obsolete", WARNING, _obsolete_children),
    Check("Lines should state a quantity", WARNING, _quantities),
)
"""In the order in which they are told."""
