"""Verbs of change orders. Each answers the order as it is then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plumbline.api.graphql_kit.placement import placed, plain
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.change_orders import change_order_nodes, delegation_nodes
from plumbline.api.hub.nodes.configuration import template_node
from plumbline.api.hub.nodes.validation_runs import run_nodes
from plumbline.change_orders.actions.comments import add_comment, edit_comment, resolve_comment
from plumbline.change_orders.actions.delegating import delegate_review, end_delegation
from plumbline.change_orders.actions.drafting import create_change_order, delete_change_order, update_change_order
from plumbline.change_orders.actions.items import add_items, refresh_items, remove_items, update_items
from plumbline.change_orders.actions.review import (
    close_change_order,
    decide_stage,
    hold_change_order,
    reopen_change_order,
    reset_change_order,
    withdraw_change_order,
)
from plumbline.change_orders.errors import InvalidChangeOrder
from plumbline.change_orders.jobs import resume_validated, submit_validated, validate_change_order
from plumbline.change_orders.model import (
    ChangeOrder,
    ChangeOrderEdit,
    ItemWish,
    NewChangeOrder,
    NewComment,
    OrderType,
    ReviewerWish,
    StageWish,
)
from plumbline.change_orders.reads.orders import change_order_by_id
from plumbline.configuration.actions import create_template
from plumbline.kit.clock import from_iso

resolvers = Resolvers()
Wire = Mapping[str, Any]
_MOVES = {
    "hold": hold_change_order,
    "withdraw": withdraw_change_order,
    "reset": reset_change_order,
    "close": close_change_order,
    "reopen": reopen_change_order,
}


@resolvers.field("ChangeOrderMutations.create")
def create(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    new = NewChangeOrder(
        name=wire["name"],
        type=wire.get("type") or OrderType.ECO,
        description=wire.get("description") or "",
        template=wire.get("templateId"),
        contents=_contents(wire.get("contents")) or {},
        items=_items(wire.get("items")),
        stages=_stages(wire.get("stages")),
    )
    return _answered(info, info.context.run(create_change_order, new))


@resolvers.field("Mutation.createChangeOrder")
def create_by_title(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    context: HubContext = info.context
    items = tuple(ItemWish(each) for each in wire.get("affectedComponentIds") or ())
    new = NewChangeOrder(name=wire["title"], description=wire.get("description") or "", items=items)
    order = context.run(create_change_order, new)
    return placed(
        selection_of(info),
        {},
        {"changeOrder": lambda field: change_order_nodes(context, [order], field.selection)[0]},
    )


@resolvers.field("ChangeOrderMutations.update")
def update(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    edit = ChangeOrderEdit(
        id=wire["id"],
        expected_version=wire.get("expectedVersion"),
        name=wire.get("name"),
        description=wire.get("description"),
        type=wire.get("type"),
        contents=_contents(wire.get("contents")),
        stages=_stages(wire.get("stages")),
    )
    return _answered(info, info.context.run(update_change_order, edit))


@resolvers.field("ChangeOrderMutations.delete")
def delete(_source: object, info: Info, arguments: Arguments) -> object:
    expected = arguments.get("expectedVersion")
    return info.context.run(delete_change_order, arguments["id"], expected_version=expected).id


@resolvers.field("ChangeOrderMutations.addItems")
def add(_source: object, info: Info, arguments: Arguments) -> object:
    return _with_items(info, arguments, add_items, _items(arguments["input"]))


@resolvers.field("ChangeOrderMutations.updateItems")
def update_wishes(_source: object, info: Info, arguments: Arguments) -> object:
    return _with_items(info, arguments, update_items, _items(arguments["input"]))


@resolvers.field("ChangeOrderMutations.refreshItems")
def refresh(_source: object, info: Info, arguments: Arguments) -> object:
    return _with_items(info, arguments, refresh_items, arguments.get("itemIds"))


@resolvers.field("ChangeOrderMutations.removeItems")
def remove(_source: object, info: Info, arguments: Arguments) -> object:
    return _with_items(info, arguments, remove_items, arguments["itemIds"])


@resolvers.field("ChangeOrderMutations.decide")
def decide(_source: object, info: Info, arguments: Arguments) -> object:
    decided = info.context.run(
        decide_stage,
        arguments["id"],
        arguments["decision"],
        note=arguments.get("note") or "",
        stage_id=arguments.get("stageId"),
        expected_digest=arguments.get("expectedDigest"),
        on_behalf_of=arguments.get("onBehalfOf"),
    )
    return _answered(info, decided)


def _move(verb: str) -> None:
    action = _MOVES[verb]

    @resolvers.field(f"ChangeOrderMutations.{verb}")
    def move(_source: object, info: Info, arguments: Arguments) -> object:
        expected = arguments.get("expectedVersion")
        return _answered(info, info.context.run(action, arguments["id"], expected_version=expected))


for _verb in _MOVES:
    _move(_verb)


@resolvers.field("ChangeOrderMutations.submitForReview")
def submit(_source: object, info: Info, arguments: Arguments) -> object:
    return _validated(info, arguments, submit_validated)


@resolvers.field("ChangeOrderMutations.resume")
def resume(_source: object, info: Info, arguments: Arguments) -> object:
    return _validated(info, arguments, resume_validated)


@resolvers.field("ChangeOrderMutations.validate")
def validate(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    context.close()
    run = validate_change_order(context.application, context.actor, arguments["id"])
    order = context.ask(change_order_by_id, run.change_order_id)
    return placed(
        selection_of(info),
        {"id": order.id, "isValid": run.state == "PASS"},
        {
            "validationRun": lambda field: run_nodes(context, field.selection, [run])[0],
            "changeOrder": lambda field: change_order_nodes(context, [order], field.selection)[0],
        },
    )


@resolvers.field("ChangeOrderMutations.addComment")
def comment(_source: object, info: Info, arguments: Arguments) -> object:
    wire = arguments["input"]
    new = NewComment(wire["text"], wire.get("parentId"), wire.get("itemId"), wire.get("field"), wire.get("lineId"))
    info.context.run(add_comment, arguments["changeOrderId"], new)
    return _present(info, arguments["changeOrderId"])


@resolvers.field("ChangeOrderMutations.editComment")
def comment_otherwise(_source: object, info: Info, arguments: Arguments) -> object:
    info.context.run(edit_comment, arguments["changeOrderId"], arguments["commentId"], arguments["text"])
    return _present(info, arguments["changeOrderId"])


@resolvers.field("ChangeOrderMutations.resolveComment")
def settle(_source: object, info: Info, arguments: Arguments) -> object:
    info.context.run(resolve_comment, arguments["changeOrderId"], arguments["commentId"])
    return _present(info, arguments["changeOrderId"])


@resolvers.field("ChangeOrderMutations.reopenComment")
def take_up_again(_source: object, info: Info, arguments: Arguments) -> object:
    info.context.run(resolve_comment, arguments["changeOrderId"], arguments["commentId"], resolved=False)
    return _present(info, arguments["changeOrderId"])


@resolvers.field("ChangeOrderMutations.delegateReview")
def delegate(_source: object, info: Info, arguments: Arguments) -> object:
    made = info.context.run(
        delegate_review,
        arguments["delegateId"],
        from_iso(arguments["startsAt"]),
        from_iso(arguments["endsAt"]),
        user=arguments.get("userId"),
    )
    return plain(selection_of(info), delegation_nodes(info.context, [made])[0])


@resolvers.field("ChangeOrderMutations.endDelegation")
def call_off(_source: object, info: Info, arguments: Arguments) -> object:
    ended = info.context.run(end_delegation, arguments["id"])
    return plain(selection_of(info), delegation_nodes(info.context, [ended])[0])


@resolvers.field("ChangeOrderMutations.createTemplate")
def create_new_template(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    wire = arguments["input"]
    made = context.run(create_template, wire["name"], wire["configYAML"])
    return plain(selection_of(info), template_node(context, made))


def _validated(info: Info, arguments: Arguments, move: Any) -> object:
    """Rules run while no transaction is open, and no snapshot either."""
    context: HubContext = info.context
    context.close()
    expected = arguments.get("expectedVersion")
    return _answered(info, move(context.application, context.actor, arguments["id"], expected_version=expected))


def _with_items(info: Info, arguments: Arguments, action: Any, items: object) -> object:
    expected = arguments.get("expectedVersion")
    return _answered(info, info.context.run(action, arguments["changeOrderId"], items, expected_version=expected))


def _answered(info: Info, order: ChangeOrder) -> object:
    return change_order_nodes(info.context, [order], selection_of(info))[0]


def _present(info: Info, order_id: str) -> object:
    return _answered(info, info.context.ask(change_order_by_id, order_id))


def _contents(wire: object) -> Mapping[str, object] | None:
    if wire is not None and not isinstance(wire, Mapping):
        raise InvalidChangeOrder(
            "The contents are no object.", path=("contents",), expected='values by field name: {"reason": "Cost"}'
        )
    return wire


def _items(wire: Sequence[Wire] | None) -> tuple[ItemWish, ...]:
    return tuple(
        ItemWish(each["itemId"], each.get("itemVersion"), each.get("proposedStatusId"), each.get("proposedRevision"))
        for each in wire or ()
    )


def _stages(wire: Sequence[Wire] | None) -> tuple[StageWish, ...]:
    return tuple(_stage(each) for each in wire or ())


def _stage(wire: Wire) -> StageWish:
    reviewers, told = wire.get("reviewers"), wire.get("notify")
    return StageWish(
        stage=wire["stage"],
        approval_type=wire.get("decisionMethod"),
        reviewers=None
        if reviewers is None
        else tuple(
            ReviewerWish(each["user"], bool(each.get("isRequired")), bool(each.get("isRequiredToApprove")))
            for each in reviewers
        ),
        notify=None if told is None else tuple(told),
    )
