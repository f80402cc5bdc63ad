"""Changes of validation rules."""

from __future__ import annotations

from plumbline.api.graphql_kit.placement import plain
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.inputs import new_rule, rule_change
from plumbline.api.hub.nodes.validations import rule_nodes
from plumbline.configuration.actions import create_rule, update_rule

resolvers = Resolvers()


@resolvers.field("ValidationMutations.create")
def create(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    made = context.run(create_rule, new_rule(arguments["input"]))
    return plain(selection_of(info), rule_nodes(context, [made])[0])


@resolvers.field("ValidationMutations.update")
def update(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    changed = context.run(update_rule, arguments["id"], rule_change(arguments["input"]))
    return plain(selection_of(info), rule_nodes(context, [changed])[0])
