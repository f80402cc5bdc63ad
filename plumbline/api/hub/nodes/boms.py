"""BOM lines on the wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson

from plumbline.api.graphql_kit.selection import Selection
from plumbline.api.hub.context import HubContext
from plumbline.boms.designators import parse_designators
from plumbline.boms.model import BomLine
from plumbline.boms.structure import Quantity
from plumbline.components.model import Component
from plumbline.components.reads import briefs_by_keys, components_by_keys, find_components
from plumbline.components.view import View, ViewMode
from plumbline.kit.quantity import canonical

Node = dict[str, object]
ComponentNodes = Callable[[HubContext, Sequence[Component], Selection, View], list[Node]]


def link_nodes(
    context: HubContext, lines: Sequence[BomLine], selection: Selection, component_nodes: ComponentNodes, view: View
) -> list[Node]:
    """One source per line. Children that were never released are shown as they are now."""
    ids = _ids(context, lines, selection, view)
    nodes = [_leaves(line, ids) for line in lines]
    if selection.wants("referenceDesignators"):
        for line, node in zip(lines, nodes, strict=True):
            node["referenceDesignators"] = parse_designators(line.reference_designators)
    for field in selection.named("child"):
        children = components_in_view(context, [line.child_key for line in lines], view)
        rows = list(children.values())
        shown = dict(zip(children, component_nodes(context, rows, field.selection, view), strict=True))
        for line, node in zip(lines, nodes, strict=True):
            node[field.response_key] = shown[line.child_key]
    for field in selection.named("substitutes"):
        wanted = {each for line in lines for each in _substitutes(line)}
        found = context.ask(find_components, sorted(wanted)) if wanted else []
        by_id = dict(
            zip((each.id for each in found), component_nodes(context, found, field.selection, view), strict=True)
        )
        for line, node in zip(lines, nodes, strict=True):
            node[field.response_key] = [by_id[each] for each in _substitutes(line) if each in by_id]
    return nodes


def components_in_view(context: HubContext, keys: Sequence[int], view: View) -> dict[int, Component]:
    """Components by key, in the order of the keys: as the view shows them, or, where it does not (never released), as they are."""
    found = context.ask(components_by_keys, keys, view=view)
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    if missing and view.mode is ViewMode.RELEASED:
        found = {**found, **context.ask(components_by_keys, missing, view=View(ViewMode.WORKING, view.at_change))}
        return {key: found[key] for key in keys if key in found}
    return found


def quantity_text(quantity: Quantity) -> str:
    return str(quantity) if isinstance(quantity, int) else canonical(quantity)


def _ids(context: HubContext, lines: Sequence[BomLine], selection: Selection, view: View) -> dict[int, str]:
    if not selection.wants("parentId", "childId"):
        return {}
    keys = {key for line in lines for key in (line.parent_key, line.child_key)}
    return {
        key: each.id
        for key, each in context.ask(briefs_by_keys, list(keys), view=View(at_change=view.at_change)).items()
    }


def _leaves(line: BomLine, ids: dict[int, str]) -> Node:
    return {
        "id": line.line_id,
        "parentId": ids.get(line.parent_key),
        "childId": ids.get(line.child_key),
        "quantity": float(line.quantity),
        "exactQuantity": line.quantity,
        "unit": line.unit,
        "itemNumber": line.item_number,
        "refDes": line.reference_designators,
        "notes": line.notes,
        "isDoNotPlace": line.is_do_not_place,
    }


def _substitutes(line: BomLine) -> list[str]:
    return [] if line.substitutes == "[]" else list(orjson.loads(line.substitutes))
