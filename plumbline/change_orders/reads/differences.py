"""What the items of change orders have become, and all that is told of a change order to whoever reviews it."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.permissions import Permission, read
from plumbline.access.reads import users_by_ids
from plumbline.boms.differences import ComponentDifferences
from plumbline.boms.reads import component_differences, impact_of, lines_of
from plumbline.catalog.reads import catalog
from plumbline.change_orders.errors import ChangeOrderMissing
from plumbline.change_orders.model import Comment, Decision, Item, OrderType, Resolution
from plumbline.change_orders.reads.orders import (
    IN_FLIGHT,
    Review,
    comments_of,
    decisions_of,
    last_runs,
    orders_holding,
    results_of,
    review_of,
)
from plumbline.change_orders.report import Account, RunAccount
from plumbline.components.differences import BEFORE_THE_FIRST, VersionSpan
from plumbline.components.model import Component
from plumbline.components.reads import briefs_by_keys
from plumbline.storage.unit_of_work import Scope


@read(needs=Permission.LIBRARY_READ)
def item_differences(
    scope: Scope, order_id: str, item_ids: Sequence[str] | None = None, *, from_version: int | None = None
) -> list[ComponentDifferences]:
    """Of each item, from its last release, or from a version, to the version under change; of an approved one, to what was released.

    Raises VersionMissing for an item that never had that version.
    """
    review = review_of(scope, order_id)
    return _differences(scope, review, chosen_items(review, item_ids), from_version)


@read(needs=Permission.LIBRARY_READ)
def account_of(
    scope: Scope,
    order_id: str,
    *,
    item_ids: Sequence[str] | None = None,
    from_version: int | None = None,
    differences: bool = True,
    impact: bool = True,
    currency: str = "USD",
) -> Account:
    """Everything that `report` writes. `item_ids`, of items or of their components, narrow it; all of them without."""
    review = review_of(scope, order_id)
    items = chosen_items(review, item_ids)
    components = [review.components[each.component_key] for each in items]
    decisions, comments = decisions_of(scope, [review.order.id]), comments_of(scope, [review.order.id])
    return Account(
        review=review,
        items=items,
        decisions=decisions[review.order.id],
        comments=comments[review.order.id],
        line_names=_line_names(scope, review, comments[review.order.id]),
        people=users_by_ids(scope, _people(review, decisions[review.order.id], comments[review.order.id])),
        statuses={each.id: each.name for each in catalog(scope).statuses},
        run=_last_run(scope, review),
        others=orders_holding(scope, components, IN_FLIGHT),
        differences=_differences(scope, review, items, from_version) if differences else (),
        impacts=impact_of(scope, [each.id for each in components], currency=currency) if impact else (),
    )


def chosen_items(review: Review, ids: Sequence[str] | None) -> list[Item]:
    """In the order of the change order. Raises ChangeOrderMissing."""
    if ids is None:
        return list(review.items)
    known = {review.components[each.component_key].id: each.id for each in review.items}
    known |= {each.id: each.id for each in review.items}
    for place, wanted in enumerate(ids):
        if wanted not in known:
            raise ChangeOrderMissing(
                f"{review.order.number} has no item {wanted[:80]!r}.",
                path=("itemIds", place),
                expected="the id of an item, or of its component",
            )
    chosen = {known[each] for each in ids}
    return [each for each in review.items if each.id in chosen]


def _differences(
    scope: Scope, review: Review, items: Sequence[Item], from_version: int | None
) -> list[ComponentDifferences]:
    return component_differences(scope, [_span(review, each, from_version) for each in items])


def _span(review: Review, item: Item, from_version: int | None) -> VersionSpan:
    component = review.components[item.component_key]
    version = item.component_version
    if _was_released(review):
        # What was looked at became the next version, with its revision and status.
        return VersionSpan(component.id, from_version, version + 1)
    if from_version is None and (component.released_version or BEFORE_THE_FIRST) <= version:
        # Also where the very version is released already: there is nothing new about it.
        from_version = component.released_version or BEFORE_THE_FIRST
    return VersionSpan(component.id, from_version, version)


def _was_released(review: Review) -> bool:
    return review.order.resolution == Resolution.APPROVED and review.order.type != OrderType.DCO


def _line_names(scope: Scope, review: Review, comments: Sequence[Comment]) -> dict[str, str]:
    """Part numbers of the lines that are commented on and that are there still, by line id."""
    wanted = {each.line_id for each in comments if each.line_id is not None}
    if not wanted:
        return {}
    by_item = {each.id: review.components[each.component_key] for each in review.items}
    parents: dict[int, Component] = {
        by_item[each.item_id].key: by_item[each.item_id]
        for each in comments
        if each.line_id is not None and each.item_id in by_item
    }
    lines = [line for found in lines_of(scope, list(parents.values())).values() for line in found]
    children = {line.line_id: line.child_key for line in lines if line.line_id in wanted}
    named = briefs_by_keys(scope, list(dict.fromkeys(children.values())))
    return {line_id: named[key].cpn for line_id, key in children.items()}


def _last_run(scope: Scope, review: Review) -> RunAccount | None:
    run = last_runs(scope, [review.order.id]).get(review.order.id)
    return None if run is None else RunAccount(run, results_of(scope, [run.id])[run.id])


def _people(review: Review, decisions: Sequence[Decision], comments: Sequence[Comment]) -> list[str]:
    people = {review.order.created_by}
    people |= {each.user_id for each in review.reviewers if each.user_id is not None}
    people |= {person for each in decisions for person in (each.reviewer_id, each.decided_by)}
    people |= {each.created_by for each in comments}
    return sorted(people)
