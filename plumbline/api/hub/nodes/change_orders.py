"""Change orders on the wire. What belongs to the orders of a page is loaded once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import orjson

from plumbline.access.reads import current_library
from plumbline.api.graphql_kit.placement import Make, placed, plain
from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import library_node, user_nodes
from plumbline.api.hub.nodes.catalog import status_node
from plumbline.api.hub.nodes.change_order_forms import field_nodes
from plumbline.api.hub.nodes.components import component_nodes
from plumbline.api.hub.nodes.validation_runs import last_run_nodes, run_connections
from plumbline.catalog.model import CategoryType
from plumbline.change_orders.lifecycle import verbs_in
from plumbline.change_orders.model import ChangeOrder, Comment, Decision, Delegation, Item, Reviewer, ReviewStage, Run
from plumbline.change_orders.reads.orders import (
    IN_FLIGHT,
    Review,
    comments_of,
    decisions_of,
    last_runs,
    orders_holding,
    reviews_of_orders,
)
from plumbline.change_orders.templates import template_config_of
from plumbline.components.model import Component

Node = dict[str, object]
Made = TypeVar("Made")


def change_order_nodes(context: HubContext, orders: Sequence[ChangeOrder], selection: Selection) -> list[Node]:
    loaded = _Loaded(context, orders)
    return [_order_node(loaded, order, selection) for order in orders]


def item_nodes(context: HubContext, review: Review, items: Sequence[Item], selection: Selection) -> list[Node]:
    """Some of the items of a change order; nothing is loaded for the others."""
    components = {each.component_key: review.components[each.component_key] for each in items}
    loaded = _Loaded(context, [review.order])
    loaded.reviews = {review.order.id: review._replace(items=tuple(items), components=components)}
    return _item_nodes(loaded, review.order, selection)


class _Loaded:
    """Whatever a selection asks for, loaded when it is first needed, for every order of the page."""

    def __init__(self, context: HubContext, orders: Sequence[ChangeOrder]) -> None:
        self.context = context
        self._orders = orders
        self._ids = [each.id for each in orders]
        self._made: dict[int, Any] = {}

    def once(self, field: SelectedField, make: Callable[[SelectedField], Made]) -> Made:
        """What is made of one selected field for all orders together."""
        if id(field) not in self._made:
            self._made[id(field)] = make(field)
        made: Made = self._made[id(field)]
        return made

    def last_run_nodes(self, field: SelectedField) -> dict[str, Node]:
        return last_run_nodes(self.context, field, self.last_runs)

    def run_connections(self, field: SelectedField) -> dict[str, Node]:
        return run_connections(self.context, field, self._ids)

    @cached_property
    def reviews(self) -> dict[str, Review]:
        return {each.order.id: each for each in self.context.ask(reviews_of_orders, self._orders)}

    @cached_property
    def decisions(self) -> dict[str, list[Decision]]:
        return self.context.ask(decisions_of, self._ids)

    @cached_property
    def comments(self) -> dict[str, list[Comment]]:
        return self.context.ask(comments_of, self._ids)

    @cached_property
    def last_runs(self) -> dict[str, Run]:
        return self.context.ask(last_runs, self._ids)

    @cached_property
    def in_flight(self) -> dict[int, list[ChangeOrder]]:
        components = {key: each for review in self.reviews.values() for key, each in review.components.items()}
        return self.context.ask(orders_holding, list(components.values()), IN_FLIGHT)

    @cached_property
    def people(self) -> dict[str, Node]:
        """Everybody whom any part of the orders names."""
        ids = {person for each in self._orders for person in (each.created_by, each.updated_by)}
        for review in self.reviews.values():
            ids |= {each.user_id for each in review.reviewers if each.user_id}
            ids |= {
                told["userId"] for stage in review.stages for told in orjson.loads(stage.notify) if "userId" in told
            }
        for decisions in self.decisions.values():
            ids |= {person for each in decisions for person in (each.reviewer_id, each.decided_by)}
        for comments in self.comments.values():
            ids |= {person for each in comments for person in (each.created_by, each.resolved_by) if person}
        return user_nodes(self.context, ids, [], with_roles=True)

    def authors(self, field: SelectedField) -> dict[str, Node]:
        """Creators and last editors alone, which need nothing else of the orders."""
        return user_nodes(
            self.context, (person for each in self._orders for person in (each.created_by, each.updated_by)), [field]
        )

    def components(self, field: SelectedField) -> dict[int, Node]:
        """The nodes of all items' components, for one selection of them."""
        rows = {key: each for review in self.reviews.values() for key, each in review.components.items()}
        nodes = component_nodes(self.context, list(rows.values()), field.selection)
        return dict(zip(rows, nodes, strict=True))


def _order_node(loaded: _Loaded, order: ChangeOrder, selection: Selection) -> Node:
    context = loaded.context
    leaves: Node = {
        "id": order.id,
        "number": order.number,
        "type": order.type,
        "name": order.name,
        "title": order.name,
        "description": order.description,
        "status": order.status,
        "resolution": order.resolution,
        "version": order.version,
        "releaseChange": order.release_change,
        "createdAt": order.created_at,
        "updatedAt": order.updated_at,
        "submittedAt": order.submitted_at,
        "resolvedAt": order.resolved_at,
        "closedAt": order.closed_at,
    }
    if selection.wants("digest"):
        leaves["digest"] = loaded.reviews[order.id].digest
    if selection.wants("possibleVerbs"):
        leaves["possibleVerbs"] = [str(verb) for verb in verbs_in(loaded.reviews[order.id].state)]
    if selection.wants("isValid"):
        run = loaded.last_runs.get(order.id)
        leaves["isValid"] = None if run is None else run.state == "PASS"
    made: dict[str, Make] = {
        "library": lambda field: loaded.once(field, lambda _: library_node(context.ask(current_library))),
        "template": lambda field: plain(field.selection, _template(order)),
        "contents": lambda field: plain(field.selection, field_nodes(order)),
        "items": lambda field: _item_nodes(loaded, order, field.selection),
        "affectedItems": lambda field: plain(field.selection, _affected(loaded, order)),
        "stages": lambda field: plain(field.selection, _stages(loaded, order)),
        "comments": lambda field: plain(field.selection, _threads(loaded, order)),
        "createdBy": lambda field: loaded.once(field, loaded.authors).get(order.created_by),
        "updatedBy": lambda field: loaded.once(field, loaded.authors).get(order.updated_by),
        "latestValidationRun": lambda field: loaded.once(field, loaded.last_run_nodes).get(order.id),
        "validationRuns": lambda field: loaded.once(field, loaded.run_connections)[order.id],
    }
    return placed(selection, leaves, made)


def _template(order: ChangeOrder) -> Node:
    return {
        "id": order.template_id,
        "name": order.template_name,
        "config": lambda _field: template_config_of(order.template),
    }


def _item_nodes(loaded: _Loaded, order: ChangeOrder, selection: Selection) -> list[Node]:
    review = loaded.reviews[order.id]
    statuses = loaded.context.catalog.status_by_id
    components = {field.response_key: loaded.once(field, loaded.components) for field in selection.named("component")}

    def node(item: Item) -> Node:
        component = review.components[item.component_key]
        leaves: Node = {
            "id": item.id,
            "itemId": component.id,
            "itemVersion": item.component_version,
            "isStale": component.version != item.component_version,
            "proposedRevision": item.proposed_revision,
            "isRevisionChosen": item.is_revision_chosen,
            "proposedStatusId": item.proposed_status_id,
        }
        made: dict[str, Make] = {
            "component": lambda field: components[field.response_key][item.component_key],
            "proposedStatus": lambda _: status_node(statuses[item.proposed_status_id]),
            "inFlight": lambda field: plain(field.selection, _others(loaded, order, item)),
        }
        return placed(selection, leaves, made)

    return [node(item) for item in review.items]


def _others(loaded: _Loaded, order: ChangeOrder, item: Item) -> list[Node]:
    return [
        {"id": each.id, "number": each.number, "name": each.name, "status": each.status}
        for each in loaded.in_flight[item.component_key]
        if each.id != order.id
    ]


def _affected(loaded: _Loaded, order: ChangeOrder) -> Node:
    review = loaded.reviews[order.id]
    components = [review.components[each.component_key] for each in review.items]
    categories = loaded.context.catalog.category_by_id

    def is_document(component: Component) -> bool:
        return categories[component.category_id].type == CategoryType.DOCUMENT

    return {
        "components": [
            {"id": each.id, "name": each.name, "cpn": each.cpn} for each in components if not is_document(each)
        ],
        "documents": [{"id": each.id, "title": each.name, "cpn": each.cpn} for each in components if is_document(each)],
    }


def _stages(loaded: _Loaded, order: ChangeOrder) -> list[Node]:
    review = loaded.reviews[order.id]
    return [_stage(loaded, review, each) for each in review.stages]


def _stage(loaded: _Loaded, review: Review, stage: ReviewStage) -> Node:
    decided = {each.reviewer_id: each for each in review.decisions if each.stage_id == stage.id}
    every = [each for each in loaded.decisions[review.order.id] if each.stage_id == stage.id]
    return {
        "id": stage.id,
        "name": stage.name,
        "order": stage.position,
        "state": stage.state,
        "decisionState": stage.state,
        "decisionMethod": stage.approval_type,
        "decisionMethods": orjson.loads(stage.types),
        "decisionMinimumCount": stage.minimum,
        "openedAt": stage.opened_at,
        "decidedAt": stage.decided_at,
        "reviewers": [_reviewer(loaded, each, decided.get(each.user_id or "")) for each in review.seats_of(stage)],
        "notifyList": [_told(loaded, stage, place, each) for place, each in enumerate(orjson.loads(stage.notify))],
        "decisions": [_decision(loaded, each) for each in every],
    }


def _reviewer(loaded: _Loaded, reviewer: Reviewer, decision: Decision | None) -> Node:
    return {
        "id": reviewer.id,
        "user": loaded.people.get(reviewer.user_id or ""),
        "named": reviewer.named,
        "isRequired": reviewer.is_required,
        "isRequiredToApprove": reviewer.is_required_to_approve,
        "decisionState": "PENDING" if decision is None else decision.verdict,
        "note": None if decision is None else decision.note,
        "decidedAt": None if decision is None else decision.decided_at,
        "decidedBy": None if decision is None else loaded.people.get(decision.decided_by),
    }


def _told(loaded: _Loaded, stage: ReviewStage, place: int, told: Mapping[str, str]) -> Node:
    user = loaded.people.get(told.get("userId", ""))
    return {"id": f"{stage.id}:{place}", "email": user["email"] if user else told.get("email", ""), "user": user}


def _decision(loaded: _Loaded, decision: Decision) -> Node:
    return {
        "id": decision.id,
        "decision": decision.verdict,
        "note": decision.note,
        "reviewer": loaded.people.get(decision.reviewer_id),
        "decidedBy": loaded.people.get(decision.decided_by),
        "decidedAt": decision.decided_at,
        "digest": decision.digest,
        "endedAt": decision.ended_at,
    }


def _threads(loaded: _Loaded, order: ChangeOrder) -> list[Node]:
    comments = loaded.comments[order.id]
    replies: dict[str, list[Node]] = {each.id: [] for each in comments}
    for each in comments:
        if each.parent_id is not None:
            replies[each.parent_id].append(_said(loaded, each))
    return [
        {
            **_said(loaded, each),
            "itemId": each.item_id,
            "field": each.field,
            "lineId": each.line_id,
            "resolvedAt": each.resolved_at,
            "resolvedBy": loaded.people.get(each.resolved_by or ""),
            "replies": replies[each.id],
        }
        for each in comments
        if each.parent_id is None
    ]


def _said(loaded: _Loaded, comment: Comment) -> Node:
    return {
        "id": comment.id,
        "text": comment.text,
        "createdAt": comment.created_at,
        "createdBy": loaded.people.get(comment.created_by),
        "editedAt": comment.edited_at,
    }


def delegation_nodes(context: HubContext, found: Iterable[Delegation]) -> list[Node]:
    listed = list(found)
    people = user_nodes(
        context, [person for each in listed for person in (each.user_id, each.delegate_id)], [], with_roles=True
    )
    return [
        {
            "id": each.id,
            "user": people.get(each.user_id),
            "delegate": people.get(each.delegate_id),
            "startsAt": each.starts_at,
            "endsAt": each.ends_at,
        }
        for each in listed
    ]
