"""`configuration`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plumbline.api.graphql_kit.placement import placed_connection, plain, selection_of_items
from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.configuration import (
    document_node,
    file_node,
    plan_node,
    step_node,
    version_node,
    violation_nodes,
)
from plumbline.api.hub.pages import offset_of, offset_page
from plumbline.configuration.model import File
from plumbline.configuration.reads import (
    configuration_drift,
    configuration_files,
    configuration_state,
    faults_of_configuration,
    plan_configuration,
    plan_rollback,
    spec_violations,
    version_of_configuration,
)
from plumbline.definitions.reads import configuration_history, definitions_in_force
from plumbline.kit.paging import Page, encode_cursor, page_request

resolvers = Resolvers()


def files_of(wire: Iterable[Mapping[str, Any]]) -> list[File]:
    return [File(each["path"], each["text"]) for each in wire]


@resolvers.field("ConfigurationQueries.state")
def state(_source: object, info: Info, _arguments: Arguments) -> object:
    return str(info.context.ask(configuration_state))


@resolvers.field("ConfigurationQueries.documents")
def documents(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(definitions_in_force, arguments.get("kind"))
    return plain(selection_of(info), [document_node(context, each) for each in found.values()])


@resolvers.field("ConfigurationQueries.pull")
def pull(_source: object, info: Info, _arguments: Arguments) -> object:
    return [file_node(each) for each in info.context.ask(configuration_files)]


@resolvers.field("ConfigurationQueries.validate")
def validate(_source: object, info: Info, arguments: Arguments) -> object:
    files = files_of(arguments["files"])
    found = info.context.ask(faults_of_configuration, files, complete=arguments["complete"])
    return plain(selection_of(info), [each.as_fields() for each in found])


@resolvers.field("ConfigurationQueries.plan")
def plan(_source: object, info: Info, arguments: Arguments) -> object:
    files = files_of(arguments["files"])
    found = info.context.ask(plan_configuration, files, complete=arguments["complete"])
    return plain(selection_of(info), plan_node(found))


@resolvers.field("ConfigurationQueries.rollbackPlan")
def rollback_plan(_source: object, info: Info, arguments: Arguments) -> object:
    return plain(selection_of(info), plan_node(info.context.ask(plan_rollback, arguments["version"])))


@resolvers.field("ConfigurationQueries.drift")
def drift(_source: object, info: Info, _arguments: Arguments) -> object:
    return plain(selection_of(info), [step_node(each) for each in info.context.ask(configuration_drift)])


@resolvers.field("ConfigurationQueries.history")
def history(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    request = page_request(arguments.get("first"), arguments.get("after"))
    before = offset_of(request.after) or None
    found = context.ask(configuration_history, before=before, limit=request.first + 1)
    shown = found[: request.first]
    page = Page(shown, [encode_cursor([each.number]) for each in shown], len(found) > request.first)
    selection = selection_of(info)
    nodes = plain(selection_of_items(selection), [version_node(context, each) for each in shown])
    return placed_connection(selection, page, nodes)  # type: ignore[arg-type]  # a list of mappings stays one


@resolvers.field("ConfigurationQueries.version")
def version(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    found = context.ask(version_of_configuration, arguments["number"])
    return plain(selection_of(info), version_node(context, found))


@resolvers.field("ConfigurationQueries.violations")
def violations(_source: object, info: Info, arguments: Arguments) -> object:
    context: HubContext = info.context
    category = arguments.get("categoryId")
    category_id = None if category is None else context.catalog.category(category, ("categoryId",)).id
    found = context.ask(spec_violations, severity=arguments.get("severity"), category_id=category_id)
    page = offset_page(found, arguments.get("first"), arguments.get("after"))
    selection = selection_of(info)
    nodes = plain(selection_of_items(selection), violation_nodes(page.items))
    return placed_connection(selection, page, nodes)  # type: ignore[arg-type]  # a list of mappings stays one
