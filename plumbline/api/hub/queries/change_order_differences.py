"""`changeOrders { diff report rulePayload }`: what a change order changes, as data, as a text, and as rules see it."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.api.graphql_kit.placement import placed, placed_connection, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import SelectedField, Selection, selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.change_orders import change_order_nodes, item_nodes
from plumbline.api.hub.nodes.differences import component_diff_nodes, impact_nodes
from plumbline.api.hub.pages import offset_page
from plumbline.api.hub.views import chosen_currency
from plumbline.boms.reads import impact_of
from plumbline.boms.report import ReportFormat
from plumbline.change_orders.model import Item
from plumbline.change_orders.payload import payload_of
from plumbline.change_orders.reads.differences import account_of, chosen_items, item_differences
from plumbline.change_orders.reads.facts import facts_of
from plumbline.change_orders.reads.orders import Review, review_of
from plumbline.change_orders.report import order_report

resolvers = Resolvers()
resolvers.prefetched("ChangeOrderDiff.items", "ChangeOrderItemDiff.impact")
Node = dict[str, object]
ITEMS_DEFAULT, ITEMS_MAX = 20, 100
"""Of a page: what is told of an item may be long, and its impact is a walk through the products."""


@resolvers.field("ChangeOrders.diff")
def diff(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    review = context.ask(review_of, arguments["id"])
    items = chosen_items(review, arguments.get("itemIds"))

    def shown(field: SelectedField) -> Node:
        first = ITEMS_DEFAULT if field.arguments.get("first") is None else field.arguments["first"]
        page = offset_page(items, first, field.arguments.get("after"), size_max=ITEMS_MAX)
        below = selection_of_items(field.selection)
        return placed_connection(
            field.selection, page, _nodes(context, review, page.items, arguments.get("fromVersion"), below)
        )

    return placed(
        selection_of(info),
        {},
        {"changeOrder": lambda field: change_order_nodes(context, [review.order], field.selection)[0], "items": shown},
    )


@resolvers.field("ChangeOrders.report")
def written(_source: object, info: Info, arguments: Arguments) -> object:
    account = info.context.ask(
        account_of,
        arguments["id"],
        item_ids=arguments.get("itemIds"),
        from_version=arguments.get("fromVersion"),
        differences=arguments["differences"],
        impact=arguments["impact"],
        currency=chosen_currency(arguments),
    )
    return order_report(account, ReportFormat(arguments["format"]))


@resolvers.field("ChangeOrders.rulePayload")
def rule_payload(_source: object, info: Info, arguments: Arguments) -> object:
    return payload_of(info.context.ask(facts_of, arguments["id"]))


def _nodes(
    context: HubContext, review: Review, items: Sequence[Item], from_version: int | None, selection: Selection
) -> list[Node]:
    """Every part of all items of the page at once."""
    newest = [review.components[each.component_key] for each in items]
    columns: dict[str, list[Node]] = {}
    for field in selection:
        if field.name == "item":
            columns[field.response_key] = item_nodes(context, review, items, field.selection)
        elif field.name == "diff":
            found = context.ask(
                item_differences, review.order.id, [each.id for each in items], from_version=from_version
            )
            columns[field.response_key] = component_diff_nodes(context, newest, found, field.selection)
        elif field.name == "impact":
            impacts = context.ask(impact_of, [each.id for each in newest], currency=chosen_currency(field.arguments))
            columns[field.response_key] = impact_nodes(context, impacts, field.selection)
    return [{key: column[place] for key, column in columns.items()} for place in range(len(items))]
