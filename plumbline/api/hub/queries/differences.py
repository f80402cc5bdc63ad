"""`component { diff impact }`: what a component has become, and what that means."""

from __future__ import annotations

from plumbline.api.graphql_kit.placement import placed, placed_connection, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import SelectedField, selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.components import component_nodes
from plumbline.api.hub.nodes.differences import delta_node, difference_nodes, use_node
from plumbline.api.hub.pages import offset_page
from plumbline.api.hub.views import chosen_component, chosen_currency, chosen_version
from plumbline.boms.comparison import LineDifference
from plumbline.boms.reads import component_differences, impact_of
from plumbline.boms.report import ReportFormat, report
from plumbline.components.differences import ComponentDifference, VersionSpan
from plumbline.components.view import RELEASED, WORKING

resolvers = Resolvers()
resolvers.prefetched("ComponentDiff.differences", "ComponentDiff.report", "ComponentImpact.report")


@resolvers.field("ComponentQueries.diff")
def diff(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    newest = chosen_component(context, arguments)
    ends = (chosen_version(context, newest, arguments, end) for end in ("from", "to"))
    [found] = context.ask(component_differences, [VersionSpan(newest.id, *ends)])

    def differences(field: SelectedField) -> object:
        everything: list[ComponentDifference | LineDifference] = [*found.contents, *found.lines]
        page = offset_page(everything, field.arguments.get("first"), field.arguments.get("after"))
        nodes = difference_nodes(context, page.items, found, selection_of_items(field.selection))
        return placed_connection(field.selection, page, nodes)

    def written(field: SelectedField) -> str:
        currency = chosen_currency(field.arguments)
        impacts = context.ask(impact_of, [newest.id], currency=currency) if field.arguments["impact"] else []
        return report([found], ReportFormat(field.arguments["format"]), impacts=impacts)

    leaves = {
        "fromVersion": None if found.before is None else found.before.version,
        "fromRevision": None if found.before is None else found.before.revision,
        "toVersion": found.after.version,
        "toRevision": found.after.revision,
        "count": found.count,
    }
    return placed(
        selection_of(info),
        leaves,
        {
            "component": lambda field: component_nodes(context, [newest], field.selection)[0],
            "differences": differences,
            "report": written,
        },
    )


@resolvers.field("ComponentQueries.impact")
def impact(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    component = chosen_component(context, arguments)
    [found] = context.ask(impact_of, [component.id], currency=chosen_currency(arguments))
    return placed(
        selection_of(info),
        {},
        {
            "component": lambda field: component_nodes(context, [component], field.selection)[0],
            "released": lambda field: use_node(context, found.released, field.selection, RELEASED),
            "working": lambda field: use_node(context, found.working, field.selection, WORKING),
            "cost": lambda field: delta_node(context, found.cost, field.selection),
            "mass": lambda field: delta_node(context, found.mass, field.selection),
            "leadTime": lambda field: delta_node(context, found.lead_time, field.selection),
            "report": lambda field: report([], ReportFormat(field.arguments["format"]), impacts=[found]),
        },
    )
