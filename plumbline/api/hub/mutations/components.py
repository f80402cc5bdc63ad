"""Changes of components."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.inputs import component_change, new_component, release_request
from plumbline.api.hub.nodes.components import component_nodes
from plumbline.boms.actions import release_components
from plumbline.components.actions.create import create_components
from plumbline.components.actions.mark import mark_component
from plumbline.components.actions.update import archive_components, restore_components, update_components
from plumbline.components.model import Component, MarkKind

resolvers = Resolvers()


@resolvers.field("ComponentMutations.create")
def create(_source: object, info: Info, arguments: Arguments) -> object:
    inputs = [new_component(wire, ("inputs", index)) for index, wire in enumerate(arguments["inputs"])]
    return _shown(info, info.context.run(create_components, inputs))


@resolvers.field("ComponentMutations.update")
def update(_source: object, info: Info, arguments: Arguments) -> object:
    changes = [component_change(wire, ("inputs", index)) for index, wire in enumerate(arguments["inputs"])]
    return _shown(info, info.context.run(update_components, changes))


@resolvers.field("ComponentMutations.delete")
def delete(_source: object, info: Info, arguments: Arguments) -> object:
    return [each.id for each in info.context.run(archive_components, arguments["ids"])]


@resolvers.field("ComponentMutations.archive")
def archive(_source: object, info: Info, arguments: Arguments) -> object:
    return _shown(info, info.context.run(archive_components, arguments["ids"]))


@resolvers.field("ComponentMutations.restore")
def restore(_source: object, info: Info, arguments: Arguments) -> object:
    return _shown(info, info.context.run(restore_components, arguments["ids"]))


@resolvers.field("ComponentMutations.release")
def release(_source: object, info: Info, arguments: Arguments) -> object:
    requests = [release_request(wire) for wire in arguments["inputs"]]
    return _shown(info, info.context.run(release_components, requests))


@resolvers.field("ComponentMutations.setFavorite")
def set_favorite(_source: object, info: Info, arguments: Arguments) -> object:
    return _marked(info, arguments["id"], MarkKind.FAVORITE, marked=arguments["favorite"])


@resolvers.field("ComponentMutations.setPinned")
def set_pinned(_source: object, info: Info, arguments: Arguments) -> object:
    return _marked(info, arguments["id"], MarkKind.PINNED, marked=arguments["pinned"])


def _marked(info: Info, component_id: str, kind: MarkKind, *, marked: bool) -> object:
    return _shown(info, [info.context.run(mark_component, component_id, kind, marked=marked)])[0]


def _shown(info: Info, rows: Sequence[Component]) -> list[dict[str, object]]:
    context: HubContext = info.context
    return component_nodes(context, rows, selection_of(info))
