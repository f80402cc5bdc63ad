"""`validations`: the rules that a library writes itself."""

from __future__ import annotations

from plumbline.api.graphql_kit.placement import placed_connection, plain, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.validations import rule_nodes
from plumbline.api.hub.pages import offset_page
from plumbline.api.hub.queries.access import refuse_other_library
from plumbline.validations.model import RULE_TYPE
from plumbline.validations.reads import validation_rule, validation_rules

resolvers = Resolvers()


@resolvers.field("ValidationQueries.list")
def list_rules(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    wanted = arguments.get("filter") or {}
    refuse_other_library(context, wanted.get("libraryId"))
    fits = (wanted.get("type") or RULE_TYPE).lower() == RULE_TYPE
    found = context.ask(validation_rules) if fits else ()
    # Clients that ask for no page take what they get for all there is, and would create the rest anew.
    asked = arguments.get("pagination") or {"first": max(len(found), 1)}
    page = offset_page(found, asked.get("first"), asked.get("after"))
    selection = selection_of(info)
    nodes = plain(selection_of_items(selection), rule_nodes(context, page.items))
    return placed_connection(selection, page, nodes)  # type: ignore[arg-type]  # a list of mappings stays one


@resolvers.field("ValidationQueries.get")
def get_rule(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(validation_rule, arguments["id"])
    return plain(selection_of(info), rule_nodes(context, [found])[0])
