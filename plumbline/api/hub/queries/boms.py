"""`bom`: everything that is asked of the structure below or above a component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from plumbline.api.graphql_kit.placement import placed, placed_connection, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import Selection, selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.boms import components_in_view, link_nodes, quantity_text
from plumbline.api.hub.nodes.catalog import attribute_node
from plumbline.api.hub.nodes.components import component_nodes, component_nodes_by_key
from plumbline.api.hub.nodes.differences import line_difference_nodes
from plumbline.api.hub.pages import offset_cursors, offset_of, offset_page
from plumbline.api.hub.views import chosen_component, chosen_currency, chosen_top, chosen_view
from plumbline.boms.errors import InvalidBomEdit
from plumbline.boms.explosion import DEPTH_MAX, ExplodedLine
from plumbline.boms.reads import (
    ancestors_of,
    compared_components,
    compared_versions,
    exploded,
    lines_by_keys,
    lines_of,
    longest_lead_time,
    rolled_up_attribute,
    rolled_up_cost,
    rolled_up_quantities,
    structure,
    tops_of,
    used_in,
)
from plumbline.boms.roll_up import Combine, CostLine, Quantities
from plumbline.components.model import Brief, Component
from plumbline.components.reads import briefs_by_keys
from plumbline.components.view import View, ViewMode
from plumbline.kit.paging import Page, page_request
from plumbline.kit.quantity import QUANTITY_MAX, canonical

resolvers = Resolvers()
resolvers.prefetched("AttributeRollUp.missing", "WhereUsed.ancestors")

INDENTED_PAGE_MAX = 10_000
"""Rows of an indented BOM are small, and people scroll through thousands."""
LISTED_MAX = 1000
"""Components listed in full beside a roll-up."""

Node = dict[str, object]


@resolvers.field("BomQueries.tree")
def tree(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    top, view = chosen_top(context, arguments)
    lines = context.ask(lines_of, [top], view=view)[top.key]
    page = offset_page(lines, arguments.get("first"), arguments.get("after"))
    graph = context.ask(structure, view)
    selection = selection_of(info)
    below = selection_of_items(selection)
    links = link_nodes(context, page.items, below.find("link"), component_nodes, view)
    nodes = [
        placed(
            below,
            {"hasChildren": bool(graph.children(line.child_key))},
            {"link": lambda _field, link=link: link},  # type: ignore[misc]  # bound early
        )
        for line, link in zip(page.items, links, strict=True)
    ]
    return placed_connection(selection, page, nodes)


@resolvers.field("BomQueries.indented")
def indented(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    top, view = chosen_top(context, arguments)
    request = page_request(arguments.get("first"), arguments.get("after"), size_max=INDENTED_PAGE_MAX)
    depth = DEPTH_MAX if arguments.get("depth") is None else arguments["depth"]
    if not 1 <= depth <= DEPTH_MAX:
        raise InvalidBomEdit(f"depth is {depth}.", path=("depth",), expected=f"1 to {DEPTH_MAX}")
    offset = offset_of(request.after)
    rows, more = context.ask(exploded, top, view=view, depth_max=depth, offset=offset, limit=request.first)
    selection = selection_of(info)
    nodes = _indented_nodes(context, rows, selection_of_items(selection).leaf_names, view)
    page = Page(rows, offset_cursors(offset, len(rows)), more)
    return placed_connection(selection, page, nodes)


@resolvers.field("BomQueries.flat")
def flat(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    top, view = chosen_top(context, arguments)
    counted = context.ask(rolled_up_quantities, top, view=view, include_do_not_place=arguments["includeDoNotPlace"])
    keys = list(counted.totals) if arguments["includeAssemblies"] else counted.leaves
    page = offset_page(keys, arguments.get("first"), arguments.get("after"))
    selection = selection_of(info)
    names = selection_of_items(selection).leaf_names
    source = placed_connection(selection, page, _flat_nodes(context, page.items, counted, names, view))
    for field in selection.named("top"):
        source[field.response_key] = component_nodes(context, [top], field.selection)[0]
    return source


@resolvers.field("BomQueries.cost")
def cost(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    top, view = chosen_top(context, arguments)
    build_quantity = Decimal(1) if arguments.get("buildQuantity") is None else arguments["buildQuantity"]
    if not 0 < build_quantity <= QUANTITY_MAX:
        raise InvalidBomEdit(
            f"buildQuantity is {canonical(build_quantity)}.", path=("buildQuantity",), expected="more than 0"
        )
    currency = chosen_currency(arguments)
    found = context.ask(rolled_up_cost, top, view=view, build_quantity=build_quantity, currency=currency)
    page = offset_page(found.lines, arguments.get("first"), arguments.get("after"))
    leaves = {
        "currency": found.currency,
        "buildQuantity": canonical(found.build_quantity),
        "total": canonical(found.total),
        "perTop": canonical(found.per_top),
        "unpricedCount": len(found.unpriced),
    }
    return placed(
        selection_of(info),
        leaves,
        {"lines": lambda field: placed_connection(field.selection, page, _cost_nodes(context, page.items, view))},
    )


@resolvers.field("BomQueries.attribute")
def attribute(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    top, view = chosen_top(context, arguments)
    name = arguments.get("name") or _name_of_mass(context)
    found = context.ask(rolled_up_attribute, top, name, Combine(arguments["combine"]), view=view)
    rolled_up = context.catalog.attribute_by_id[found.attribute_id]
    leaves = {
        "value": None if found.value is None else canonical(found.value),
        "unit": found.unit,
        "missingCount": len(found.missing),
    }

    def missing(selection: Selection, first: int | None) -> list[Node]:
        keys = found.missing[: page_request(first, None, size_max=LISTED_MAX).first]
        return component_nodes(context, list(components_in_view(context, keys, view).values()), selection, view)

    return placed(
        selection_of(info),
        leaves,
        {
            "attribute": lambda _field: attribute_node(rolled_up),
            "missing": lambda field: missing(field.selection, field.arguments.get("first")),
        },
    )


@resolvers.field("BomQueries.leadTime")
def lead_time(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    top, view = chosen_top(context, arguments)
    days, key = context.ask(longest_lead_time, top, view=view)
    slowest = [] if key is None else list(components_in_view(context, [key], view).values())

    def component(selection: Selection) -> Node | None:
        return component_nodes(context, slowest, selection, view)[0] if slowest else None

    return placed(selection_of(info), {"days": days}, {"component": lambda field: component(field.selection)})


@resolvers.field("BomQueries.whereUsed")
def where_used(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    view = chosen_view(context, arguments)
    used = chosen_component(context, arguments)
    selection = selection_of(info)
    above = context.ask(ancestors_of, used, view=view) if selection.wants("ancestors", "ancestorCount") else {}

    def ancestors(below: Selection, first: int | None) -> list[Node]:
        keys = list(above)[: page_request(first, None, size_max=LISTED_MAX).first]
        shown = component_nodes_by_key(context, keys, below.find("component"), view)
        return [
            placed(below, {"distance": above[key]}, {"component": lambda _field, node=shown[key]: node})  # type: ignore[misc]  # bound early
            for key in keys
        ]

    def tops(below: Selection) -> list[Node]:
        return list(
            component_nodes_by_key(context, context.ask(tops_of, used, view=view)[:LISTED_MAX], below, view).values()
        )

    return placed(
        selection,
        {"ancestorCount": len(above)},
        {
            "direct": lambda field: _where_used_lines(context, used, field.selection, view),
            "ancestors": lambda field: ancestors(field.selection, field.arguments.get("first")),
            "tops": lambda field: tops(field.selection),
        },
    )


@resolvers.field("BomQueries.compareVersions")
def compare_versions(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    component = chosen_component(context, arguments)
    found = context.ask(compared_versions, component, arguments["from"], arguments["to"])
    return line_difference_nodes(context, found, selection_of(info))


@resolvers.field("BomQueries.compare")
def compare(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    view = chosen_view(context, arguments)
    other_view = View(ViewMode(arguments["otherView"])) if arguments.get("otherView") else view
    one = chosen_component(context, arguments)
    named = arguments.get("otherId") is not None or arguments.get("otherCpn") is not None
    other = chosen_component(context, arguments, prefix="other") if named else one
    found = context.ask(compared_components, one, other, view=view, other_view=other_view)
    return line_difference_nodes(context, found, selection_of(info))


def _briefs(context: HubContext, keys: Sequence[int], view: View) -> Mapping[int, Brief]:
    """Names in the view, and as they are now for what the view does not show."""
    found = context.ask(briefs_by_keys, keys, view=view)
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    return {**found, **context.ask(briefs_by_keys, missing, view=View(at_change=view.at_change))} if missing else found


def _indented_nodes(context: HubContext, rows: Sequence[ExplodedLine], names: frozenset[str], view: View) -> list[Node]:
    briefs = _briefs(context, [row.child for row in rows], view)
    wants_lines = bool(names & {"unit", "itemNumber", "refDes", "notes"})
    lines = context.ask(lines_by_keys, [row.line_key for row in rows]) if wants_lines else {}
    nodes: list[Node] = []
    for row in rows:
        brief = briefs[row.child]
        node: Node = {
            "level": row.level,
            "path": ".".join(map(str, row.path)),
            "cpn": brief.cpn,
            "name": brief.name,
            "componentId": brief.id,
            "revision": brief.revision,
            "quantity": quantity_text(row.quantity),
            "totalQuantity": quantity_text(row.total),
            "isDoNotPlace": bool(row.is_do_not_place),
            "hasChildren": row.has_children,
        }
        if wants_lines:
            line = lines[row.line_key]
            node["unit"] = line.unit
            node["itemNumber"] = line.item_number
            node["refDes"] = line.reference_designators
            node["notes"] = line.notes
        nodes.append(node)
    return nodes


def _flat_nodes(
    context: HubContext, keys: Sequence[int], counted: Quantities, names: frozenset[str], view: View
) -> list[Node]:
    briefs = _briefs(context, keys, view)
    levels = counted.levels if "level" in names else {}
    return [
        {
            "componentId": briefs[key].id,
            "cpn": briefs[key].cpn,
            "name": briefs[key].name,
            "revision": briefs[key].revision,
            "quantity": quantity_text(counted.totals[key]),
            "unit": briefs[key].unit_of_measure,
            "level": levels.get(key),
        }
        for key in keys
    ]


def _cost_nodes(context: HubContext, lines: Sequence[CostLine], view: View) -> list[Node]:
    briefs = _briefs(context, [line.component_key for line in lines], view)
    nodes: list[Node] = []
    for line in lines:
        brief, best = briefs[line.component_key], line.cost
        nodes.append(
            {
                "componentId": brief.id,
                "cpn": brief.cpn,
                "name": brief.name,
                "quantity": quantity_text(line.quantity),
                "unitPrice": None if best is None else canonical(best.unit_price),
                "extendedPrice": None if line.extended is None else canonical(line.extended),
                "manufacturer": None if best is None else best.source.manufacturer,
                "mpn": None if best is None else best.source.mpn,
                "distributor": None if best is None else best.offer.distributor,
                "sku": None if best is None else best.offer.sku,
            }
        )
    return nodes


def _where_used_lines(context: HubContext, used: Component, selection: Selection, view: View) -> list[Node]:
    lines = context.ask(used_in, used, view=view)
    links = link_nodes(context, lines, selection.find("link"), component_nodes, view)
    parents = component_nodes_by_key(
        context, list(dict.fromkeys(line.parent_key for line in lines)), selection.find("parent"), view
    )
    return [
        placed(
            selection,
            {},
            {"link": lambda _field, link=link: link, "parent": lambda _field, key=line.parent_key: parents[key]},  # type: ignore[misc]  # bound early
        )
        for line, link in zip(lines, links, strict=True)
    ]


def _name_of_mass(context: HubContext) -> str:
    mass = context.catalog.attribute_by_source_key("mass")
    if mass is None:
        raise InvalidBomEdit(
            "The library has no attribute for mass.", path=("name",), expected="the name of an attribute"
        )
    return mass.id
