"""`exports`: a BOM as its receiver wants it."""

from __future__ import annotations

from plumbline.api.graphql_kit.placement import placed, placed_connection, plain
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.components import component_nodes
from plumbline.api.hub.pages import OFFSET_MAX
from plumbline.api.hub.queries.boms import INDENTED_PAGE_MAX
from plumbline.api.hub.views import chosen_top
from plumbline.definitions.reads import definitions_in_force
from plumbline.exchange.exporting.package import item_on_wire
from plumbline.exchange.exporting.sheet import Column, cells_on_wire
from plumbline.exchange.exporting.shipped import SCHEMA_TYPE, chosen_template, shipped_names, shipped_text
from plumbline.exchange.reads.lists import exported_bom
from plumbline.exchange.reads.packages import packaged_product
from plumbline.kit.paging import InvalidPage, Page, decode_cursor, encode_cursor, page_request
from plumbline.kit.quantity import canonical

resolvers = Resolvers()

PACKAGE_PAGE_MAX = 1000


@resolvers.field("ExportQueries.bom")
def export(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    template = chosen_template(
        arguments.get("template"),
        arguments.get("templateText"),
        own=_own_texts(context) if arguments.get("templateText") is None else {},
        build_quantity=arguments.get("buildQuantity"),
        currency=arguments.get("currency"),
    )
    top, view = chosen_top(context, arguments)
    request = page_request(arguments.get("first"), arguments.get("after"), size_max=INDENTED_PAGE_MAX)
    offset, at_change = _position(request.after)
    found = context.ask(exported_bom, top, template, view=view, at_change=at_change, offset=offset, limit=request.first)
    cursors = [encode_cursor([offset + place, found.at_change]) for place in range(1, len(found.rows) + 1)]
    page = Page(found.rows, cursors, found.has_next)
    nodes = [{"level": row.level, "cells": cells_on_wire(row.cells)} for row in found.rows]
    leaves = {
        "name": template.name,
        "title": template.title,
        "kind": template.kind.name,
        "currency": template.currency,
        "buildQuantity": canonical(template.build_quantity),
    }
    return placed(
        selection_of(info),
        leaves,
        {
            "top": lambda field: component_nodes(context, [top], field.selection, view)[0],
            "columns": lambda field: plain(field.selection, [_column_node(each) for each in found.columns]),
            "rows": lambda field: placed_connection(field.selection, page, nodes),
        },
    )


@resolvers.field("ExportQueries.package")
def package(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    top, view = chosen_top(context, arguments)
    request = page_request(arguments.get("first"), arguments.get("after"), size_max=PACKAGE_PAGE_MAX)
    offset, at_change = _position(request.after)
    found = context.ask(packaged_product, top, view=view, at_change=at_change, offset=offset, limit=request.first)
    cursors = [encode_cursor([offset + place, found.at_change]) for place in range(1, len(found.items) + 1)]
    page = Page(found.items, cursors, found.has_next)
    nodes = [item_on_wire(item) for item in found.items]
    return placed(
        selection_of(info),
        {},
        {
            "top": lambda field: component_nodes(context, [top], field.selection, view)[0],
            "items": lambda field: placed_connection(field.selection, page, nodes),
        },
    )


@resolvers.field("ExportQueries.templates")
def export_templates(_source: object, info: Info, _arguments: Arguments) -> object:
    own = _own_texts(info.context)
    shipped = {name: shipped_text(name) for name in shipped_names() if name not in own}
    shown = []
    for name, text in {**own, **shipped}.items():
        template = chosen_template(name, None, own=own)
        kind = template.kind.name
        shown.append({"name": name, "title": template.title, "kind": kind, "text": text, "isOwn": name in own})
    return plain(selection_of(info), shown)


def _own_texts(context: HubContext) -> dict[str, str]:
    """The templates of the library's configuration, by name."""
    return {name: each.text for (_, name), each in context.ask(definitions_in_force, SCHEMA_TYPE).items()}


def _position(after: str | None) -> tuple[int, int | None]:
    """How many rows come before the page, and the change of the library that the first page showed."""
    if after is None:
        return 0, None
    position = decode_cursor(after, 2)
    if not all(type(each) is int and 0 <= each <= OFFSET_MAX for each in position):
        raise InvalidPage("The cursor in `after` does not belong to this list.", path=("after",))
    return int(str(position[0])), int(str(position[1]))


def _column_node(column: Column) -> dict[str, object]:
    return {
        "field": column.field,
        "title": column.title,
        "format": column.format.upper(),
        "width": column.width,
        "whenTrue": column.when_true,
        "whenFalse": column.when_false,
        "isTotalled": column.is_totalled,
    }
