"""`category`, `attribute`, `status` and `numbering`."""

from __future__ import annotations

from plumbline.api.graphql_kit.placement import placed_connection
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.catalog import attribute_node, category_node, category_nodes, status_node
from plumbline.api.hub.pages import offset_page
from plumbline.api.hub.queries.access import refuse_other_library
from plumbline.numbering.reads import next_number_of

resolvers = Resolvers()


@resolvers.field("CategoryQueries.findAll")
def find_categories(_source: object, info: Info, _arguments: Arguments) -> object:
    context: HubContext = info.context
    return category_nodes(context, context.catalog.categories, selection_of(info))


@resolvers.field("CategoryQueries.findOne")
def find_category(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    return category_node(context, context.catalog.category(arguments["id"], ("id",)), [selection_of(info)])


@resolvers.field("AttributeQueries.findAll")
def find_attributes(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    refuse_other_library(context, arguments.get("libraryId"))
    return [attribute_node(each) for each in context.catalog.attributes]


@resolvers.field("AttributeQueries.list")
def list_attributes(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    nodes = [attribute_node(each) for each in context.catalog.attributes]
    page = offset_page(nodes, arguments.get("first"), arguments.get("after"))
    return placed_connection(selection_of(info), page, page.items)


@resolvers.field("StatusQueries.findAll")
def find_statuses(_source: object, info: Info, _arguments: Arguments) -> object:
    return [status_node(each) for each in info.context.catalog.statuses]


@resolvers.field("NumberingQueries.nextNumber")
def next_number(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    return context.ask(next_number_of, context.catalog.category(arguments["categoryId"], ("categoryId",)))
