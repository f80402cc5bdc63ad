"""Differences and impact on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from plumbline.api.graphql_kit.placement import placed, placed_connection, selection_of_items
from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.boms import link_nodes, quantity_text
from plumbline.api.hub.nodes.components import component_nodes, component_nodes_by_key
from plumbline.api.hub.pages import offset_page
from plumbline.api.hub.views import chosen_currency
from plumbline.boms.comparison import LineDifference
from plumbline.boms.differences import ComponentDifferences, line_told
from plumbline.boms.impact import Delta, Impact, Use
from plumbline.boms.model import BomLine
from plumbline.boms.reads import impact_of
from plumbline.boms.report import ReportFormat, report
from plumbline.components.differences import ComponentDifference
from plumbline.components.model import Component
from plumbline.components.view import RELEASED, WORKING, View
from plumbline.kit.paging import Page
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


def component_diff_nodes(
    context: HubContext, newest: Sequence[Component], found: Sequence[ComponentDifferences], selection: Selection
) -> list[Node]:
    """`found` of each component, in their order; in as many statements for many as for one."""

    def components(field: SelectedField) -> list[Node]:
        return component_nodes(context, newest, field.selection)

    def differences(field: SelectedField) -> list[Node]:
        pages = [_page(each, field) for each in found]
        below = selection_of_items(field.selection)
        shown = [item for page in pages for item in page.items]
        # All were found together, so that each knows what the lines of the others are called.
        nodes = iter(difference_nodes(context, shown, found[0], below) if found else ())
        return [placed_connection(field.selection, page, list(islice(nodes, len(page.items)))) for page in pages]

    def reports(field: SelectedField) -> list[str]:
        currency, form = chosen_currency(field.arguments), ReportFormat(field.arguments["format"])
        wants_impact = field.arguments["impact"]
        impacts = context.ask(impact_of, [each.id for each in newest], currency=currency) if wants_impact else []
        return [report([each], form, impacts=impacts[place : place + 1]) for place, each in enumerate(found)]

    leaves = [
        {
            "fromVersion": None if each.before is None else each.before.version,
            "fromRevision": None if each.before is None else each.before.revision,
            "toVersion": each.after.version,
            "toRevision": each.after.revision,
            "count": each.count,
        }
        for each in found
    ]
    return _placed_each(selection, leaves, {"component": components, "differences": differences, "report": reports})


def _page(found: ComponentDifferences, field: SelectedField) -> Page[ComponentDifference | LineDifference]:
    everything: list[ComponentDifference | LineDifference] = [*found.contents, *found.lines]
    return offset_page(everything, field.arguments.get("first"), field.arguments.get("after"))


def impact_nodes(context: HubContext, found: Sequence[Impact], selection: Selection) -> list[Node]:
    """In as many statements for many as for one."""

    def reports(field: SelectedField) -> list[str]:
        form = ReportFormat(field.arguments["format"])
        return [report([], form, impacts=[each]) for each in found]

    return _placed_each(
        selection,
        [{}] * len(found),
        {
            "component": lambda field: component_nodes(context, [each.component for each in found], field.selection),
            "released": lambda field: _use_nodes(context, [each.released for each in found], field.selection, RELEASED),
            "working": lambda field: _use_nodes(context, [each.working for each in found], field.selection, WORKING),
            "cost": lambda field: _delta_nodes(context, [each.cost for each in found], field.selection),
            "mass": lambda field: _delta_nodes(context, [each.mass for each in found], field.selection),
            "leadTime": lambda field: _delta_nodes(context, [each.lead_time for each in found], field.selection),
            "report": reports,
        },
    )


def _placed_each(
    selection: Selection,
    leaves: Sequence[Mapping[str, object]],
    made: Mapping[str, Callable[[SelectedField], Sequence[object]]],
) -> list[Node]:
    """Objects of one list: what `made` answers of a field is answered for all of them at once."""
    columns = {field.response_key: made[field.name](field) for field in selection if field.name in made}
    return [{**each, **{key: column[place] for key, column in columns.items()}} for place, each in enumerate(leaves)]


def _use_nodes(context: HubContext, uses: Sequence[Use], selection: Selection, view: View) -> list[Node]:
    keys = list(dict.fromkeys(key for use in uses for key, _ in use.tops))
    products = {
        field.response_key: component_nodes_by_key(context, keys, field.selection, view)
        for field in selection.find("tops").named("component")
    }

    def tops(use: Use, below: Selection) -> list[Node]:
        return [
            placed(
                below,
                {"quantity": quantity_text(quantity)},
                {"component": lambda field, key=key: products[field.response_key][key]},  # type: ignore[misc]  # bound early
            )
            for key, quantity in use.tops
        ]

    return [
        placed(
            selection,
            {"directCount": use.direct_count, "ancestorCount": use.ancestor_count, "topCount": use.top_count},
            {"tops": lambda field, use=use: tops(use, field.selection)},  # type: ignore[misc]  # bound early
        )
        for use in uses
    ]


def _delta_nodes(context: HubContext, deltas: Sequence[Delta | None], selection: Selection) -> list[Node | None]:
    known = [each for each in deltas if each is not None]
    parts = {
        field.response_key: component_nodes_by_key(context, _missing(known, field.name), field.selection, WORKING)
        for name in ("missingBefore", "missingAfter")
        for field in selection.named(name)
    }
    return [None if each is None else _delta_node(each, selection, parts) for each in deltas]


def _missing(deltas: Sequence[Delta], name: str) -> list[int]:
    listed = [(each.missing_before if name == "missingBefore" else each.missing_after).listed for each in deltas]
    return list(dict.fromkeys(key for keys in listed for key in keys))


def _delta_node(delta: Delta, selection: Selection, parts: Mapping[str, Mapping[int, Node]]) -> Node:
    def named(keys: Sequence[int], field: SelectedField) -> list[Node]:
        return [parts[field.response_key][key] for key in keys]

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
            "missingBefore": lambda field: named(delta.missing_before.listed, field),
            "missingAfter": lambda field: named(delta.missing_after.listed, field),
        },
    )
