"""`changeOrders`, in the shape of all generations of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plumbline.api.graphql_kit.placement import placed, placed_connection, plain, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import Selection, selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.change_orders import change_order_nodes, delegation_nodes
from plumbline.api.hub.nodes.components import component_nodes
from plumbline.api.hub.nodes.configuration import template_node
from plumbline.api.hub.pages import offset_page, pagination
from plumbline.change_orders.model import ChangeOrder, OrderFilter
from plumbline.change_orders.reads.orders import (
    awaiting_caller,
    change_order_by_id,
    delegations,
    find_change_orders,
    list_change_orders,
    suggested_items,
)
from plumbline.components.reads import components_by_ids
from plumbline.configuration.kinds import TEMPLATE
from plumbline.definitions.reads import definitions_in_force
from plumbline.kit.paging import Page, page_request

resolvers = Resolvers()
resolvers.prefetched("ChangeOrder.validationRuns", "ValidationRun.results")
FIND_MAX = 1000


@resolvers.field("Query.changeOrders")
def change_orders(_source: object, info: Info, arguments: Arguments) -> object:
    selection = selection_of(info)
    if not selection.wants("edges", "nodes", "pageInfo", "totalCount"):
        return {}
    return _placed(info.context, _page(info.context, arguments, selection), selection)


@resolvers.field("ChangeOrders.get")
def get(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    ids = (arguments.get("filter") or {}).get("ids")
    selection = selection_of(info)
    request = pagination(arguments)
    if ids is None:
        page = context.ask(list_change_orders, request, counted=selection.find("connection").wants("totalCount"))
    else:
        page_request(max(len(ids), 1), None, size_max=FIND_MAX)
        page = offset_page(context.ask(find_change_orders, ids), request.first, request.after)
    return placed(selection, {}, {"connection": lambda field: _placed(context, page, field.selection)})


@resolvers.field("ChangeOrders.findOne")
def find_one(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    return change_order_nodes(context, [context.ask(change_order_by_id, arguments["id"])], selection_of(info))[0]


@resolvers.field("ChangeOrders.findAll")
def find_all(_source: object, info: Info, arguments: Arguments) -> object:
    selection = selection_of(info)
    return _placed(info.context, _page(info.context, arguments, selection), selection)


@resolvers.field("ChangeOrders.awaitingMe")
def awaiting_me(_source: object, info: Info, _arguments: Arguments) -> object:
    return change_order_nodes(info.context, info.context.ask(awaiting_caller), selection_of(info))


@resolvers.field("ChangeOrders.suggestedItems")
def suggested(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(suggested_items, arguments["id"])
    selection = selection_of(info)
    rows = [component for component, _ in found]
    nodes = {
        field.response_key: component_nodes(context, rows, field.selection) for field in selection.named("component")
    }
    return [
        placed(
            selection,
            {"reason": reason},
            {"component": lambda field, place=place: nodes[field.response_key][place]},  # type: ignore[misc]  # bound early
        )
        for place, (_, reason) in enumerate(found)
    ]


@resolvers.field("ChangeOrders.delegations")
def all_delegations(_source: object, info: Info, _arguments: Arguments) -> object:
    return plain(selection_of(info), delegation_nodes(info.context, info.context.ask(delegations)))


@resolvers.field("ChangeOrders.templates")
def templates(_source: object, info: Info, _arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(definitions_in_force, TEMPLATE.schema_type)
    return plain(selection_of(info), [template_node(context, each) for each in found.values()])


def _page(context: HubContext, arguments: Mapping[str, Any], selection: Selection) -> Page[ChangeOrder]:
    order = arguments.get("orderBy") or {}
    return context.ask(
        list_change_orders,
        pagination(arguments),
        narrowed_to=_filter(context, arguments.get("filter") or {}),
        newest_first=order.get("direction") != "ASC",
        counted=selection.wants("totalCount"),
    )


def _placed(context: HubContext, page: Page[ChangeOrder], selection: Selection) -> dict[str, object]:
    nodes = change_order_nodes(context, page.items, selection_of_items(selection))
    return placed_connection(selection, page, nodes)


def _filter(context: HubContext, wire: Mapping[str, Any]) -> OrderFilter:
    people = tuple(dict.fromkeys(user for text in wire.get("createdBy") or () for user in context.people(text)))
    component_id = wire.get("componentId")
    component = None if component_id is None else context.ask(components_by_ids, [component_id], path="componentId")[0]
    return OrderFilter(
        statuses=tuple(wire.get("statuses") or ()),
        resolutions=tuple(wire.get("resolutions") or ()),
        types=tuple(wire.get("types") or ()),
        # Nobody of that name created any: an id that nobody has.
        created_by=people if people or not wire.get("createdBy") else ("",),
        component_key=None if component is None else component.key,
        text=wire.get("text") or "",
    )
