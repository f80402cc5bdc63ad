"""Components on the wire, in the shape of the platform API and in the older listed one.

The leaves of a page come from its rows; everything else is loaded once for all rows of the page, and below that again for all of those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import user_nodes
from plumbline.api.hub.nodes.boms import components_in_view, link_nodes
from plumbline.api.hub.nodes.catalog import category_node, status_node, violation_node
from plumbline.boms.reads import lines_of
from plumbline.catalog.attributes import wire_value
from plumbline.components.fields import labels_of
from plumbline.components.model import Component, MarkKind, NewSource, Offer, Source
from plumbline.components.reads import aliases_of, attribute_values_of, marks_of, sources_of
from plumbline.components.view import WORKING, View
from plumbline.kit.quantity import canonical

Node = dict[str, object]
Components = Sequence[Component]

_COLUMN = {
    "id": "id",
    "cpn": "cpn",
    "partNumber": "cpn",
    "name": "name",
    "description": "description",
    "revisionValue": "revision",
    "revision": "revision",
    "version": "version",
    "eid": "eid",
    "procurement": "procurement",
    "unitOfMeasure": "unit_of_measure",
    "isArchived": "is_archived",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "releasedVersion": "released_version",
    "releasedRevision": "released_revision",
    "releasedAt": "released_at",
}
_COMPUTED: Mapping[str, Callable[[Component], object]] = {
    "state": lambda component: component.state,
    "labels": lambda component: labels_of(component.labels),
}


def component_nodes(context: HubContext, rows: Components, selection: Selection, view: View = WORKING) -> list[Node]:
    """One source per row, holding what is selected."""
    if not rows:
        return []
    nodes = _leaves(rows, selection.leaf_names)
    for field in selection:
        load = _LOADED.get(field.name)
        if load is not None:
            load(context, rows, nodes, field, view)
    return nodes


def component_nodes_by_key(
    context: HubContext, keys: Sequence[int], selection: Selection, view: View
) -> dict[int, Node]:
    """By the keys that rows of BOMs hold; what was never released is shown as it is."""
    found = components_in_view(context, keys, view)
    rows = [found[key] for key in keys]
    return dict(zip(keys, component_nodes(context, rows, selection, view), strict=True))


def _leaves(rows: Components, names: frozenset[str]) -> list[Node]:
    keys, getter = _row_reader(names)
    nodes = [dict(zip(keys, getter(row), strict=True)) for row in rows] if keys else [{} for _ in rows]
    for name in names & _COMPUTED.keys():
        compute = _COMPUTED[name]
        for row, node in zip(rows, nodes, strict=True):
            node[name] = compute(row)
    return nodes


@lru_cache(maxsize=1024)
def _row_reader(names: frozenset[str]) -> tuple[tuple[str, ...], Callable[[Component], tuple[object, ...]]]:
    """The wire names that are columns, and what picks their values from a row."""
    keys = tuple(sorted(names & _COLUMN.keys()))
    positions = [Component._fields.index(_COLUMN[key]) for key in keys]
    if len(positions) == 1:
        only = positions[0]
        return keys, lambda row: (row[only],)
    return keys, itemgetter(*positions) if positions else lambda _row: ()


def _load_category(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, _view: View) -> None:
    known = context.catalog.category_by_id
    shown = {key: category_node(context, known[key], [field]) for key in {row.category_id for row in rows}}
    for row, node in zip(rows, nodes, strict=True):
        node[field.response_key] = shown[row.category_id]


def _load_status(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, _view: View) -> None:
    """An object in the platform's shape, the bare name in the older one."""
    found = context.catalog.status_by_id
    shown: Mapping[str, object] = {
        key: status.name if field.is_leaf else status_node(status) for key, status in found.items()
    }
    for row, node in zip(rows, nodes, strict=True):
        node[field.response_key if not field.is_leaf else field.name] = shown[row.status_id]


def _load_people(attribute: str) -> Callable[[HubContext, Components, list[Node], SelectedField, View], None]:
    def load(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, _view: View) -> None:
        shown = user_nodes(context, [getattr(row, attribute) for row in rows], [field])
        for row, node in zip(rows, nodes, strict=True):
            node[field.response_key] = shown[getattr(row, attribute)]

    return load


def _load_attributes(
    context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, view: View
) -> None:
    known = context.catalog.attribute_by_id
    values = context.ask(attribute_values_of, rows, view=view)
    for row, node in zip(rows, nodes, strict=True):
        node[field.response_key] = [
            {
                "attributeId": each.attribute_id,
                "name": known[each.attribute_id].name,
                "text": each.value.text,
                "value": wire_value(known[each.attribute_id], each.value),
                "unit": each.value.unit or known[each.attribute_id].unit,
                "number": each.value.number,
            }
            for each in values[row.key]
        ]


def _load_attribute_map(
    context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, view: View
) -> None:
    """Every attribute of the category is there, unset ones as null; so are values that the category does not ask for."""
    known = context.catalog
    values = context.ask(attribute_values_of, rows, view=view)
    for row, node in zip(rows, nodes, strict=True):
        shown: dict[str, object] = {each.name: None for each in known.attributes_of_category[row.category_id]}
        for each in values[row.key]:
            attribute = known.attribute_by_id[each.attribute_id]
            shown[attribute.name] = wire_value(attribute, each.value)
        node[field.name] = shown


def _load_specs(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, view: View) -> None:
    """Attributes in the older shape: a number is shown without its unit if the unit stands beside it."""
    known = context.catalog.attribute_by_id
    values = context.ask(attribute_values_of, rows, view=view)
    for row, node in zip(rows, nodes, strict=True):
        node[field.response_key] = [
            {
                "name": known[each.attribute_id].name,
                "value": each.value.value or each.value.text,
                "unit": each.value.unit or (known[each.attribute_id].unit if each.value.value else None),
            }
            for each in values[row.key]
        ]


def _load_sources(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, view: View) -> None:
    offers = field.selection.named("offers")
    found = context.ask(sources_of, rows, view=view, with_offers=bool(offers))
    for row, node in zip(rows, nodes, strict=True):
        node[field.response_key] = [source_node(each, offers) for each in found[row.key]]


def _load_aliases(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, view: View) -> None:
    found = context.ask(aliases_of, rows, view=view)
    for row, node in zip(rows, nodes, strict=True):
        node[field.response_key] = [{"kind": each.kind, "value": each.value} for each in found[row.key]]


def _load_mark(kind: MarkKind) -> Callable[[HubContext, Components, list[Node], SelectedField, View], None]:
    def load(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, _view: View) -> None:
        found = context.ask(marks_of, rows)
        for row, node in zip(rows, nodes, strict=True):
            node[field.name] = kind in found[row.key]

    return load


def _load_children(context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, view: View) -> None:
    lines = context.ask(lines_of, rows, view=view)
    flat = [line for row in rows for line in lines[row.key]]
    shown = iter(link_nodes(context, flat, field.selection, component_nodes, view))
    for row, node in zip(rows, nodes, strict=True):
        node[field.response_key] = [next(shown) for _ in lines[row.key]]


def _load_violations(
    context: HubContext, rows: Components, nodes: list[Node], field: SelectedField, view: View
) -> None:
    known, rules = context.catalog, context.rules
    values = context.ask(attribute_values_of, rows, view=view)
    for row, node in zip(rows, nodes, strict=True):
        named = {known.attribute_by_id[each.attribute_id].name: each.value for each in values[row.key]}
        found = rules.of(row.category_id).violations(named, known.status_by_id[row.status_id].name)
        node[field.response_key] = [violation_node(each) for each in found]


_LOADED: Mapping[str, Callable[[HubContext, Components, list[Node], SelectedField, View], None]] = {
    "category": _load_category,
    "status": _load_status,
    "createdBy": _load_people("created_by"),
    "updatedBy": _load_people("updated_by"),
    "attributes": _load_attributes,
    "attributeValues": _load_attribute_map,
    "specs": _load_specs,
    "specViolations": _load_violations,
    "sources": _load_sources,
    "aliases": _load_aliases,
    "isFavorite": _load_mark(MarkKind.FAVORITE),
    "isBookmarked": _load_mark(MarkKind.FAVORITE),
    "isPinned": _load_mark(MarkKind.PINNED),
    "children": _load_children,
}


def source_node(source: Source, offers: Sequence[SelectedField]) -> Node:
    about: NewSource = source.source
    node: Node = {
        "id": source.id,
        "rank": source.rank,
        "status": about.status,
        "manufacturer": about.manufacturer,
        "mpn": about.mpn,
        "description": about.description,
        "datasheet": about.datasheet,
    }
    for field in offers:
        node[field.response_key] = [offer_node(offer, field.selection) for offer in about.offers]
    return node


def offer_node(offer: Offer, selection: Selection) -> Node:
    node: Node = {
        "distributor": offer.distributor,
        "sku": offer.sku,
        "currency": offer.currency,
        "packQuantity": canonical(offer.pack_quantity),
        "minimumQuantity": canonical(offer.minimum_quantity),
        "leadTimeDays": offer.lead_time_days,
        "link": offer.link,
    }
    for field in selection.named("priceBreaks"):
        node[field.response_key] = [
            {"quantity": canonical(each.quantity), "unitPrice": canonical(each.unit_price)} for each in offer.breaks
        ]
    return node
