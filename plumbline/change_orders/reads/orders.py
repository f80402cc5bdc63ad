"""Questions about change orders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from plumbline.access.permissions import Permission, read
from plumbline.access.reads import members
from plumbline.boms.reads import structure
from plumbline.change_orders.content import digest_of
from plumbline.change_orders.errors import ChangeOrderMissing
from plumbline.change_orders.lifecycle import State
from plumbline.change_orders.model import (
    ChangeOrder,
    Comment,
    Decision,
    Delegation,
    Item,
    OrderFilter,
    Resolution,
    Result,
    Reviewer,
    ReviewStage,
    Run,
    Status,
)
from plumbline.change_orders.store import laws, runs
from plumbline.change_orders.store import orders as store
from plumbline.change_orders.suggestions import Dragged, dragged_along, reached
from plumbline.components.model import Component, ComponentState
from plumbline.components.reads import components_by_keys
from plumbline.kit.clock import to_iso
from plumbline.kit.errors import PathPart
from plumbline.kit.paging import InvalidPage, Page, PageRequest, decode_cursor, encode_cursor
from plumbline.storage.unit_of_work import Scope

Part = TypeVar("Part", Item, ReviewStage, Reviewer, Decision, Comment)
EVERY = OrderFilter()
LAWS = laws.LAWS
HOLDING = laws.HOLDING
"""In which an item is in no other change order."""
IN_FLIGHT = (Status.DRAFT, *HOLDING)
"""In which a change order is about to change its items."""
SUGGESTED_MAX = 1000
_NUMBER = re.compile(r"(?:[A-Za-z]{3}-)?0*([1-9]\d{0,8})")


class Review(NamedTuple):
    """A change order with everything in it, as verbs work with it."""

    order: ChangeOrder
    items: tuple[Item, ...]
    stages: tuple[ReviewStage, ...]
    reviewers: tuple[Reviewer, ...]
    decisions: tuple[Decision, ...]
    """Those that count."""
    components: Mapping[int, Component]
    """The newest version of each item, by key."""

    @property
    def state(self) -> State:
        return State(Status(self.order.status), Resolution(self.order.resolution))

    @property
    def digest(self) -> str:
        return digest_of(self.order, self.items, {key: each.id for key, each in self.components.items()})

    @property
    def stage_under_review(self) -> ReviewStage | None:
        """The first that is not approved, while the change order is open."""
        if self.order.status != Status.OPEN:
            return None
        return next((each for each in self.stages if each.state != "APPROVED"), None)

    def seats_of(self, stage: ReviewStage) -> list[Reviewer]:
        return [each for each in self.reviewers if each.stage_id == stage.id]


@read(needs=Permission.LIBRARY_READ)
def list_change_orders(
    scope: Scope,
    request: PageRequest,
    *,
    narrowed_to: OrderFilter = EVERY,
    newest_first: bool = True,
    counted: bool = False,
) -> Page[ChangeOrder]:
    """In the order of their numbers."""
    after = None if request.after is None else _sequence(request.after)
    found = store.page_of_orders(
        scope.connection, scope.library_id, narrowed_to, after, request.first + 1, newest_first=newest_first
    )
    shown = found[: request.first]
    total = store.count_orders(scope.connection, scope.library_id, narrowed_to) if counted else None
    return Page(shown, [encode_cursor([each.sequence]) for each in shown], len(found) > request.first, total)


@read(needs=Permission.LIBRARY_READ)
def find_change_orders(scope: Scope, ids: Sequence[str]) -> list[ChangeOrder]:
    """Those of the ids that there are, in the order asked, each once."""
    found = store.orders_by_ids(scope.connection, scope.library_id, ids)
    return [found[each] for each in dict.fromkeys(ids) if each in found]


@read(needs=Permission.LIBRARY_READ)
def change_order_by_id(scope: Scope, order_id: str, *, path: tuple[PathPart, ...] = ("id",)) -> ChangeOrder:
    """By id or by number (`ECO-00012`, `12`)."""
    found = store.orders_by_ids(scope.connection, scope.library_id, [order_id]).get(order_id)
    if found is None:
        match = _NUMBER.fullmatch(order_id.strip())
        numbered = store.order_by_sequence(scope.connection, scope.library_id, int(match[1])) if match else None
        typed = order_id.strip()[:3].upper()
        if numbered is not None and (typed[:1].isdigit() or typed == numbered.type):
            found = numbered
    if found is None:
        raise ChangeOrderMissing(
            f"There is no change order {order_id[:80]!r}.", path=path, expected="the id or the number of a change order"
        )
    return found


@read(needs=Permission.LIBRARY_READ)
def review_of(scope: Scope, order_id: str) -> Review:
    """The change order with its items, stages, reviewers and the decisions that count."""
    return reviews_of_orders(scope, [change_order_by_id(scope, order_id)])[0]


@read(needs=Permission.LIBRARY_READ)
def reviews_of_orders(scope: Scope, orders: Sequence[ChangeOrder]) -> list[Review]:
    """The same for many."""
    ids = [each.id for each in orders]
    items, stages = items_of(scope, ids), stages_of(scope, ids)
    reviewers, decisions = reviewers_of(scope, ids), decisions_of(scope, ids)
    keys = list(dict.fromkeys(item.component_key for each in items.values() for item in each))
    components = components_by_keys(scope, keys)
    return [
        Review(
            each,
            tuple(items[each.id]),
            tuple(stages[each.id]),
            tuple(reviewers[each.id]),
            tuple(decision for decision in decisions[each.id] if decision.ended_at is None),
            {item.component_key: components[item.component_key] for item in items[each.id]},
        )
        for each in orders
    ]


@read(needs=Permission.LIBRARY_READ)
def items_of(scope: Scope, order_ids: Sequence[str]) -> dict[str, list[Item]]:
    """Their items by the id of the order, in their order."""
    return _parts(scope, Item, order_ids)


@read(needs=Permission.LIBRARY_READ)
def stages_of(scope: Scope, order_ids: Sequence[str]) -> dict[str, list[ReviewStage]]:
    """Their stages by the id of the order, first to last."""
    return _parts(scope, ReviewStage, order_ids)


@read(needs=Permission.LIBRARY_READ)
def reviewers_of(scope: Scope, order_ids: Sequence[str]) -> dict[str, list[Reviewer]]:
    """Their seats by the id of the order, stage by stage."""
    return _parts(scope, Reviewer, order_ids)


@read(needs=Permission.LIBRARY_READ)
def decisions_of(scope: Scope, order_ids: Sequence[str]) -> dict[str, list[Decision]]:
    """All that were ever made, in their order; those that ended as well."""
    return _parts(scope, Decision, order_ids)


@read(needs=Permission.LIBRARY_READ)
def comments_of(scope: Scope, order_ids: Sequence[str]) -> dict[str, list[Comment]]:
    """In the order in which they were written."""
    return _parts(scope, Comment, order_ids)


@read(needs=Permission.LIBRARY_READ)
def delegations(scope: Scope) -> list[Delegation]:
    """Who stands in for whom: all that were not called off, past ones too."""
    return store.delegations_of(scope.connection, scope.library_id)


def stood_in_for(scope: Scope, user_id: str) -> list[str]:
    """Users for whom this one decides now."""
    now = to_iso(scope.clock())
    return [
        each.user_id
        for each in delegations(scope)
        if each.delegate_id == user_id and each.starts_at <= now <= each.ends_at
    ]


@read(needs=Permission.LIBRARY_READ)
def orders_holding(
    scope: Scope, components: Sequence[Component], statuses: Sequence[Status] = HOLDING
) -> dict[int, list[ChangeOrder]]:
    """By key of the component, the change orders in these statuses that it is an item of."""
    pairs = store.orders_holding(scope.connection, scope.library_id, [each.key for each in components], statuses)
    orders = store.orders_by_ids(scope.connection, scope.library_id, list(dict.fromkeys(order for _, order in pairs)))
    found: dict[int, list[ChangeOrder]] = {each.key: [] for each in components}
    for key, order_id in pairs:
        found[key].append(orders[order_id])
    return found


@read(needs=Permission.LIBRARY_READ)
def suggested_items(scope: Scope, order_id: str) -> list[tuple[Component, str]]:
    """Components that the items drag along, each with the reason."""
    review = review_of(scope, order_id)
    graph = structure(scope)
    below = reached(graph, review.components)
    components = components_by_keys(scope, list(below))
    is_released = {key: each.state is ComponentState.RELEASED for key, each in components.items()}
    found = dragged_along(graph, review.components, is_released)
    return [(components[each.component_key], _reason(components, each)) for each in found][:SUGGESTED_MAX]


def _reason(components: Mapping[int, Component], dragged: Dragged) -> str:
    child, parent = components[dragged.component_key], components[dragged.parent_key]
    if child.released_revision is None:
        return f"{child.cpn} is part of {parent.cpn} and was never released."
    return f"{child.cpn} is part of {parent.cpn} and was changed since its revision {child.released_revision}."


@read(needs=Permission.LIBRARY_READ)
def last_runs(scope: Scope, order_ids: Sequence[str]) -> dict[str, Run]:
    """The newest validation run of each change order that has one."""
    return runs.last_runs(scope.connection, scope.library_id, order_ids)


@read(needs=Permission.LIBRARY_READ)
def runs_of(scope: Scope, order_id: str, request: PageRequest, *, counted: bool = False) -> Page[Run]:
    """The newest first."""
    before = None if request.after is None else _sequence(request.after)
    found = runs.runs_before(scope.connection, scope.library_id, order_id, before, request.first + 1)
    shown = found[: request.first]
    total = runs.count_runs(scope.connection, scope.library_id, order_id) if counted else None
    return Page(shown, [encode_cursor([each.sequence]) for each in shown], len(found) > request.first, total)


@read(needs=Permission.LIBRARY_READ)
def results_of(scope: Scope, run_ids: Sequence[str]) -> dict[str, list[Result]]:
    """What each run found, by its id, in the order of the validations."""
    found: dict[str, list[Result]] = {each: [] for each in run_ids}
    for each in runs.results_of(scope.connection, scope.library_id, list(found)):
        found[each.run_id].append(each)
    return found


@read(needs=Permission.LIBRARY_READ)
def awaiting_caller(scope: Scope) -> list[ChangeOrder]:
    """Open change orders that wait for a decision of the caller, or of somebody for whom he stands in."""
    users = [scope.actor.user_id, *stood_in_for(scope, scope.actor.user_id)]
    ids = store.orders_awaiting(scope.connection, scope.library_id, users, Status.OPEN)
    return sorted(find_change_orders(scope, ids), key=lambda each: each.sequence)


def member_ids(scope: Scope) -> dict[str, str]:
    """User ids of the library's members, by id and by e-mail address."""
    found: dict[str, str] = {}
    for each in members(scope):
        found[each.user.id] = each.user.id
        found[each.user.email] = each.user.id
    return found


def _parts(scope: Scope, kind: type[Part], order_ids: Sequence[str]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {each: [] for each in order_ids}
    for part in store.parts_of(scope.connection, scope.library_id, kind, list(found)):
        found[part.change_order_id].append(part)
    return found


def _sequence(cursor: str) -> int:
    value = decode_cursor(cursor, 1)[0]
    if type(value) is not int:
        raise InvalidPage("The cursor in `after` does not belong to this list.", path=("after",))
    return value
