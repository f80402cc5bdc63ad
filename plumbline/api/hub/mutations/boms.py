"""Changes of BOMs. The fields for one parent are short forms of `editBoms`; their refusals name the places of their own arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plumbline.api.graphql_kit.resolvers import Arguments, Info, Resolvers
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.inputs import bom_edit, line_change, line_move, new_line
from plumbline.api.hub.nodes.components import component_nodes
from plumbline.boms.actions import edit_boms
from plumbline.boms.model import BomEdit, LineMove
from plumbline.kit.errors import Refusal

resolvers = Resolvers()


@resolvers.field("ComponentMutations.editBoms")
def edit(_source: object, info: Info, arguments: Arguments) -> object:
    return _edited(info, [bom_edit(wire) for wire in arguments["edits"]])


@resolvers.field("ComponentMutations.addChildren")
def add_children(_source: object, info: Info, arguments: Arguments) -> object:
    return _of_parent(info, arguments, add=tuple(map(new_line, arguments["links"])))


@resolvers.field("ComponentMutations.updateChildren")
def update_children(_source: object, info: Info, arguments: Arguments) -> object:
    return _of_parent(info, arguments, change=tuple(map(line_change, arguments["links"])))


@resolvers.field("ComponentMutations.removeChildren")
def remove_children(_source: object, info: Info, arguments: Arguments) -> object:
    return _of_parent(info, arguments, remove=tuple(arguments["linkIds"]))


@resolvers.field("ComponentMutations.replaceChildren")
def replace_children(_source: object, info: Info, arguments: Arguments) -> object:
    return _of_parent(info, arguments, replace_all=tuple(map(new_line, arguments["links"])))


@resolvers.field("ComponentMutations.moveChildren")
def move_children(_source: object, info: Info, arguments: Arguments) -> object:
    """Parents that lines move to take part in the transaction without edits of their own."""
    moves: list[LineMove] = [line_move(wire) for wire in arguments["moves"]]
    parent = arguments["parentId"]
    targets = {move.to_parent for move in moves if move.to_parent} - {parent}
    first = BomEdit(parent, arguments.get("expectedVersion"), move=tuple(moves))
    return _edited(info, [first, *(BomEdit(target) for target in sorted(targets))])[0]


def _of_parent(info: Info, arguments: Arguments, **edits: Any) -> object:
    return _edited(info, [BomEdit(arguments["parentId"], arguments.get("expectedVersion"), **edits)])[0]


def _edited(info: Info, edits: Sequence[BomEdit]) -> list[dict[str, object]]:
    context: HubContext = info.context
    try:
        return component_nodes(context, context.run(edit_boms, edits), selection_of(info))
    except Refusal as refusal:
        raise refusal.renamed(_ON_THE_WIRE) from None


_ON_THE_WIRE = {"referenceDesignators": "refDes", "beforeLineId": "beforeLinkId", "lineId": "id"}
