"""`component { diff impact }`: what a component has become, and what that means."""

from __future__ import annotations

from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.differences import component_diff_nodes, impact_nodes
from plumbline.api.hub.views import chosen_component, chosen_currency, chosen_version
from plumbline.boms.reads import component_differences, impact_of
from plumbline.components.differences import VersionSpan

resolvers = Resolvers()
resolvers.prefetched("ComponentDiff.differences", "ComponentDiff.report", "ComponentImpact.report")


@resolvers.field("ComponentQueries.diff")
def diff(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    newest = chosen_component(context, arguments)
    ends = (chosen_version(context, newest, arguments, end) for end in ("from", "to"))
    found = context.ask(component_differences, [VersionSpan(newest.id, *ends)])
    return component_diff_nodes(context, [newest], found, selection_of(info))[0]


@resolvers.field("ComponentQueries.impact")
def impact(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    component = chosen_component(context, arguments)
    found = context.ask(impact_of, [component.id], currency=chosen_currency(arguments))
    return impact_nodes(context, found, selection_of(info))[0]
