"""Differences and impact on the wire."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.api.graphql_kit.placement import placed
from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.boms import link_nodes, quantity_text
from plumbline.api.hub.nodes.components import component_nodes, component_nodes_by_key
from plumbline.boms.comparison import LineDifference
from plumbline.boms.differences import ComponentDifferences, line_told
from plumbline.boms.impact import Delta, Use
from plumbline.boms.model import BomLine
from plumbline.components.differences import ComponentDifference
from plumbline.components.view import WORKING, View
from plumbline.kit.quantity import canonical

Node = dict[str, object]


def difference_nodes(
    context: HubContext,
    shown: Sequence[ComponentDifference | LineDifference],
    found: ComponentDifferences,
    selection: Selection,
) -> list[Node]:
    """Of one page: contents are told already, lines are told here, and what they were is looked up if somebody looks at it."""
    lines = [each for each in shown if isinstance(each, LineDifference)]
    nodes = iter(line_difference_nodes(context, lines, selection.find("line")))
    line_keys = [field.response_key for field in selection.named("line")]
    made: list[Node] = []
    for each in shown:
        is_line = isinstance(each, LineDifference)
        told = line_told(each, found.names) if isinstance(each, LineDifference) else each
        made.append({**_told_node(told), **dict.fromkeys(line_keys, next(nodes) if is_line else None)})
    return made


def _told_node(told: ComponentDifference) -> Node:
    return {
        "area": told.area,
        "kind": told.kind,
        "subject": told.subject,
        "name": told.name,
        "before": told.before,
        "after": told.after,
        "sameQuantity": told.same_quantity,
    }


def line_difference_nodes(context: HubContext, found: Sequence[LineDifference], selection: Selection) -> list[Node]:
    def links(name: str, lines: list[BomLine]) -> dict[int, Node]:
        nodes = link_nodes(context, lines, selection.find(name), component_nodes, WORKING)
        return {line.key: node for line, node in zip(lines, nodes, strict=True)}

    before = links("before", [each.before for each in found if each.before])
    after = links("after", [each.after for each in found if each.after])
    return [
        placed(
            selection,
            {
                "kinds": each.kinds,
                "fields": [_WIRE_FIELDS[name] for name in each.fields],
                "designatorsAdded": each.designators_added,
                "designatorsRemoved": each.designators_removed,
            },
            {
                "before": lambda _field, line=each.before: before[line.key] if line else None,  # type: ignore[misc]  # bound early
                "after": lambda _field, line=each.after: after[line.key] if line else None,  # type: ignore[misc]  # bound early
            },
        )
        for each in found
    ]


_WIRE_FIELDS = {
    "child_key": "childId",
    "quantity": "quantity",
    "unit": "unit",
    "item_number": "itemNumber",
    "reference_designators": "refDes",
    "notes": "notes",
    "is_do_not_place": "isDoNotPlace",
    "substitutes": "substitutes",
}


def use_node(context: HubContext, use: Use, selection: Selection, view: View) -> Node:
    def tops(below: Selection) -> list[Node]:
        keys = [key for key, _ in use.tops]
        products = component_nodes_by_key(context, keys, below.find("component"), view)
        return [
            placed(
                below,
                {"quantity": quantity_text(quantity)},
                {"component": lambda _field, key=key: products[key]},  # type: ignore[misc]  # bound early
            )
            for key, quantity in use.tops
        ]

    return placed(
        selection,
        {"directCount": use.direct_count, "ancestorCount": use.ancestor_count, "topCount": use.top_count},
        {"tops": lambda field: tops(field.selection)},
    )


def delta_node(context: HubContext, delta: Delta | None, selection: Selection) -> Node | None:
    if delta is None:
        return None

    def parts(keys: Sequence[int], field: SelectedField) -> list[Node]:
        return list(component_nodes_by_key(context, keys, field.selection, WORKING).values())

    return placed(
        selection,
        {
            **{
                name: None if value is None else canonical(value)
                for name, value in (("before", delta.before), ("after", delta.after), ("change", delta.change))
            },
            "unit": delta.unit,
            "isComplete": delta.is_complete,
            "missingBeforeCount": delta.missing_before.count,
            "missingAfterCount": delta.missing_after.count,
        },
        {
            "missingBefore": lambda field: parts(delta.missing_before.listed, field),
            "missingAfter": lambda field: parts(delta.missing_after.listed, field),
        },
    )
