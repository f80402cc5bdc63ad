"""`component` and the older `components`, `componentSearch` and `products`."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.api.graphql_kit.placement import placed, placed_connection, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import Selection, selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.filters import condition_filter, flat_filter, search_filter, shorthand_filter, tree_filter
from plumbline.api.hub.nodes.access import user_nodes
from plumbline.api.hub.nodes.components import component_nodes
from plumbline.api.hub.ordering import ordering
from plumbline.api.hub.pages import offset_page, pagination
from plumbline.api.hub.views import chosen_component, chosen_view
from plumbline.boms.reads import line_counts, product_keys
from plumbline.components.filter import Filter, Order
from plumbline.components.model import Component
from plumbline.components.reads import (
    component_at_version,
    component_by_cpn,
    components_by_keys,
    find_components,
    list_components,
    releases_of,
    versions_of,
    view_at_version,
)
from plumbline.components.view import WORKING, View
from plumbline.kit.paging import Page, PageRequest, page_request

resolvers = Resolvers()
FIND_MAX = 1000


@resolvers.field("ComponentQueries.findOne")
def find_one(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    view = chosen_view(context, arguments)
    component = chosen_component(context, arguments, view)
    if arguments.get("version") is not None:
        component = context.ask(component_at_version, component.id, arguments["version"])
        view = context.ask(view_at_version, component)
    return component_nodes(context, [component], selection_of(info), view)[0]


@resolvers.field("ComponentQueries.findAll")
def find_all(_source: object, info: Info, arguments: Arguments) -> object:
    return _connection(info, flat_filter(arguments.get("filter"), info.context.people), arguments)


@resolvers.field("ComponentQueries.filter")
def filter_all(_source: object, info: Info, arguments: Arguments) -> object:
    return _connection(info, condition_filter(arguments.get("input"), info.context.people), arguments)


@resolvers.field("ComponentQueries.search")
def search(_source: object, info: Info, arguments: Arguments) -> object:
    return _connection(info, search_filter(arguments["text"], info.context.people), arguments)


@resolvers.field("ComponentQueries.versions")
def find_versions(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(versions_of, arguments["id"], limit=page_request(arguments.get("first"), None).first)
    selection = selection_of(info)
    people = user_nodes(context, [each.saved_by for each in found], selection.named("savedBy"))
    return [
        placed(
            selection,
            {"number": each.number, "revision": each.revision, "savedAt": each.saved_at, "reason": each.reason},
            {"savedBy": lambda _field, user=each.saved_by: people[user]},  # type: ignore[misc]  # bound early
        )
        for each in found
    ]


@resolvers.field("ComponentQueries.releases")
def find_releases(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(releases_of, arguments["id"])
    selection = selection_of(info)
    people = user_nodes(context, [each.released_by for each in found], selection.named("releasedBy"))
    return [
        placed(
            selection,
            {
                "version": each.version,
                "revision": each.revision,
                "releasedAt": each.released_at,
                "changeOrderId": each.change_order_id,
            },
            {"releasedBy": lambda _field, user=each.released_by: people[user]},  # type: ignore[misc]  # bound early
        )
        for each in found
    ]


@resolvers.field("Query.components")
def components(_source: object, info: Info, arguments: Arguments) -> object:
    """The namespace of the second generation, and the page of the first: read only if something of a page is selected."""
    selection = selection_of(info)
    if not selection.wants("edges", "nodes", "pageInfo", "totalCount"):
        return {}
    return _connection(info, shorthand_filter(arguments.get("filter"), info.context.people), arguments)


@resolvers.field("Components.get")
def get_components(_source: object, info: Info, arguments: Arguments) -> object:
    """By ids or part numbers, in the order asked; without either, every component."""
    context: HubContext = info.context
    wanted = arguments.get("filter") or {}
    selection = selection_of(info)
    request = pagination(arguments)
    if wanted.get("ids") is None and wanted.get("cpns") is None:
        found = context.ask(
            list_components,
            request,
            narrowed_to=flat_filter({}, context.people),
            counted=selection.find("connection").wants("totalCount"),
        )
    else:
        found = offset_page(_found(context, wanted), request.first, request.after)
    return placed(selection, {}, {"connection": lambda field: _placed(context, found, field.selection, WORKING)})


@resolvers.field("Query.componentSearch")
def component_search(_source: object, info: Info, arguments: Arguments) -> object:
    return _connection(info, tree_filter(arguments.get("filter"), info.context.people), arguments)


@resolvers.field("Query.products")
def products(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    request = pagination(arguments)
    found = context.ask(components_by_keys, context.ask(product_keys))
    ordered = sorted((each for each in found.values() if not each.is_archived), key=lambda each: each.cpn)
    page = offset_page(ordered, request.first, request.after)
    selection = selection_of(info)
    return placed_connection(selection, page, _product_nodes(context, page.items, selection_of_items(selection)))


def _found(context: HubContext, wanted: dict[str, list[str]]) -> list[Component]:
    ids, cpns = wanted.get("ids") or [], wanted.get("cpns") or []
    page_request(max(len(ids) + len(cpns), 1), None, size_max=FIND_MAX)
    found = context.ask(find_components, ids)
    for cpn in cpns:
        found.append(context.ask(component_by_cpn, cpn))
    return list({each.id: each for each in found}.values())


def _connection(info: Info, narrowed_to: Filter, arguments: Arguments) -> object:
    context: HubContext = info.context
    view = chosen_view(context, arguments)
    selection = selection_of(info)
    page = _page(context, pagination(arguments), narrowed_to, ordering(arguments.get("orderBy")), view, selection)
    return _placed(context, page, selection, view)


def _page(
    context: HubContext,
    request: PageRequest,
    narrowed_to: Filter,
    order: Sequence[Order],
    view: View,
    selection: Selection,
) -> Page[Component]:
    counted = selection.wants("totalCount")
    return context.ask(list_components, request, narrowed_to=narrowed_to, order=order, view=view, counted=counted)


def _placed(context: HubContext, page: Page[Component], selection: Selection, view: View) -> dict[str, object]:
    return placed_connection(selection, page, component_nodes(context, page.items, selection_of_items(selection), view))


def _product_nodes(context: HubContext, rows: Sequence[Component], selection: Selection) -> list[dict[str, object]]:
    nodes = component_nodes(context, rows, selection)
    for field in selection.named("components"):
        counts = context.ask(line_counts, [row.key for row in rows])
        for row, node in zip(rows, nodes, strict=True):
            node[field.response_key] = {"totalCount": counts[row.key]}
    return nodes
