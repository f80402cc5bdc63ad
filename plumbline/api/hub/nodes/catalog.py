"""Categories, attributes and statuses on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.catalog.model import Attribute, Category, Status, api_type

if TYPE_CHECKING:
    from plumbline.catalog.registry.checks import Violation

Node = dict[str, object]


def attribute_node(attribute: Attribute) -> Node:
    return {
        "id": attribute.id,
        "name": attribute.name,
        "type": attribute.type,
        "unit": attribute.unit,
        "source": attribute.source,
        "sourceKey": attribute.source_key,
        "choices": attribute.choices,
    }


def status_node(status: Status) -> Node:
    return {"id": status.id, "name": status.name, "mapsTo": status.maps_to, "color": status.color}


def category_node(context: HubContext, category: Category, selections: Sequence[SelectedField | Selection]) -> Node:
    node: Node = {
        "id": category.id,
        "code": category.code,
        "name": category.name,
        "shortName": category.short_name,
        "type": api_type(category.type),
        "registryType": category.type,
        "unitOfMeasure": category.unit_of_measure,
        "parentId": category.parent_id,
    }
    for each in selections:
        selection = each.selection if isinstance(each, SelectedField) else each
        for field in selection.named("attributes"):
            attributes = context.catalog.attributes_of_category[category.id]
            node[field.response_key] = [attribute_node(attribute) for attribute in attributes]
    return node


def violation_node(violation: Violation) -> Node:
    return {
        "spec": violation.spec,
        "kind": violation.kind,
        "severity": violation.severity,
        "message": violation.message,
        "expected": violation.expected,
        "rule": violation.origin,
    }


def category_nodes(context: HubContext, categories: Iterable[Category], selection: Selection) -> list[Node]:
    return [category_node(context, each, [selection]) for each in categories]
