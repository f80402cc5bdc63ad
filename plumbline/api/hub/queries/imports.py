"""`imports`: what was sent, what it would do, what it did."""

from __future__ import annotations

from plumbline.api.graphql_kit.placement import placed_connection, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.inputs import texts_by_name
from plumbline.api.hub.nodes.imports import import_nodes
from plumbline.exchange.reads.library import planned_import
from plumbline.exchange.reads.mappings import column_mappings
from plumbline.exchange.wire import from_wire, json_of
from plumbline.imports.reads import import_by_id, list_imports
from plumbline.kit.paging import page_request

resolvers = Resolvers()
resolvers.prefetched("Import.steps")


@resolvers.field("ImportQueries.get")
def get(_source: object, info: Info, arguments: Arguments) -> object:
    found = info.context.ask(import_by_id, arguments["id"])
    return import_nodes(info.context, selection_of(info), [found])[0]


@resolvers.field("ImportQueries.findAll")
def find_all(_source: object, info: Info, arguments: Arguments) -> object:
    page = info.context.ask(list_imports, page_request(arguments.get("first"), arguments.get("after")))
    selection = selection_of(info)
    return placed_connection(selection, page, import_nodes(info.context, selection_of_items(selection), page.items))


@resolvers.field("ImportQueries.plan")
def plan(_source: object, info: Info, arguments: Arguments) -> object:
    decided = decisions_of(arguments)
    found = info.context.ask(planned_import, from_wire(arguments["data"]), into=arguments.get("into"), decided=decided)
    return {"counts": json_of(found.counts), "tops": list(found.tops), "steps": json_of(found)}


@resolvers.field("ImportQueries.columnMappings")
def mappings(_source: object, info: Info, arguments: Arguments) -> object:
    found = info.context.ask(column_mappings, arguments.get("headers"))
    return [
        {"header": each.header, "titles": list(each.titles), "columns": each.columns, "savedAt": each.saved_at}
        for each in found
    ]


def decisions_of(arguments: Arguments) -> dict[str, str]:
    return texts_by_name(arguments.get("matches"), ("matches",), '{"R1": "413-00012", "R2": "new"}')
