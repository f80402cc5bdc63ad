"""The form of a change order on the wire: the fields of its template with what was filled in."""

from __future__ import annotations

import orjson

from plumbline.change_orders.model import ChangeOrder
from plumbline.change_orders.template import Field, FieldGroup
from plumbline.change_orders.templates import template_of
from plumbline.kit.quantity import canonical

Node = dict[str, object]


def field_nodes(order: ChangeOrder) -> list[Node]:
    values = orjson.loads(order.contents)
    placed = [(group, field) for group in template_of(order.template).groups for field in group.fields]
    return [_field(group, field, place, values.get(field.name)) for place, (group, field) in enumerate(placed, start=1)]


def _field(group: FieldGroup, field: Field, place: int, value: object) -> Node:
    return {
        "id": field.name,
        "name": field.name,
        "label": field.label,
        "groupName": group.name,
        "type": str(field.type),
        "values": [] if value is None else [str(each) for each in (value if isinstance(value, list) else [value])],
        "order": place,
        "isRequired": field.is_required,
        "multipleSelect": field.takes_several,
        "placeholder": field.placeholder,
        "description": field.description,
        "min": None if field.minimum is None else canonical(field.minimum),
        "max": None if field.maximum is None else canonical(field.maximum),
        "pattern": None if field.pattern is None else field.pattern.text,
        "listOptions": [
            {"label": each.label, "value": each.value, "description": each.description} for each in field.options
        ],
    }
