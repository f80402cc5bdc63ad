"""What the rules of a library are given: the change order and its items, in the names that their authors know (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import orjson

from plumbline.access.model import User
from plumbline.boms.model import BomLine
from plumbline.catalog.attributes import wire_value
from plumbline.catalog.model import Attribute, api_type
from plumbline.change_orders.facts import ItemFacts, OrderFacts
from plumbline.change_orders.model import Reviewer, ReviewStage
from plumbline.change_orders.template import Field, FieldGroup, FieldType
from plumbline.kit.quantity import canonical

Json = dict[str, object]
_NO_ENUM = {FieldType.ENUM: "list"}
"""Rules know a choice of one as a list as well."""


def payload_of(facts: OrderFacts) -> Json:
    """`change_order` and `items`; `components`, which older rules read, is made the same list where the rule runs."""
    categories = {each.component.category_id for each in facts.items}
    attributes = {
        each: [_attribute(found) for found in facts.catalog.attributes_of_category[each]] for each in categories
    }
    return {"change_order": _order(facts), "items": [_item(facts, each, attributes) for each in facts.items]}


def facts_digest(facts: OrderFacts) -> str:
    """SHA-256 over all that validations look at, the built-in ones included; what the run before said is left out."""
    payload = payload_of(replace(facts, is_valid=None))
    beside = [
        [each.component.is_archived, each.component.released_version, sorted(other.id for other in each.others)]
        for each in facts.items
    ]
    named = sorted(
        [each.id, each.status_id, each.is_archived, each.version, each.released_version]
        for each in (*facts.named.values(), *facts.named_by_id.values())
    )
    said = [payload, beside, named, [each.id for each in facts.ring]]
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _order(facts: OrderFacts) -> Json:
    order = facts.order
    values = orjson.loads(order.contents)
    fields = [(group, field) for group in facts.template.groups for field in group.fields]
    return {
        "id": order.id,
        "number": order.number,
        "type": order.type,
        "name": order.name,
        "description": order.description or None,
        "status": order.status.lower(),
        "resolution": order.resolution.lower(),
        "libraryId": facts.library_id,
        "isValid": facts.is_valid,
        "createdAt": order.created_at,
        "updatedAt": order.updated_at,
        "createdBy": _person(facts, order.created_by),
        "updatedBy": _person(facts, order.updated_by),
        "contents": [
            _content(group, field, place, values.get(field.name))
            for place, (group, field) in enumerate(fields, start=1)
        ],
        "stages": [_stage(facts, each) for each in facts.stages],
    }


def _content(group: FieldGroup, field: Field, place: int, value: object) -> Json:
    return {
        "id": field.name,
        "name": field.name,
        "label": field.label,
        "values": [] if value is None else [str(each) for each in (value if isinstance(value, list) else [value])],
        "order": place,
        "isRequired": field.is_required,
        "placeholder": field.placeholder,
        "description": field.description,
        "min": None if field.minimum is None else canonical(field.minimum),
        "max": None if field.maximum is None else canonical(field.maximum),
        "pattern": None if field.pattern is None else field.pattern.text,
        "listOptions": [{"label": each.label, "value": each.value} for each in field.options],
        "type": _NO_ENUM.get(field.type, str(field.type)),
        "multipleSelect": field.takes_several,
        "groupName": group.name,
    }


def _stage(facts: OrderFacts, stage: ReviewStage) -> Json:
    seats = [each for each in facts.reviewers if each.stage_id == stage.id]
    is_minimum = stage.approval_type.lower() == "minimum"
    return {
        "id": stage.id,
        "name": stage.name,
        "order": stage.position,
        "decisionState": stage.state.lower(),
        "decisionMethod": stage.approval_type.lower(),
        "decisionMinimumCount": stage.minimum if is_minimum else None,
        "reviewers": [_reviewer(facts, stage, each) for each in seats],
        "notifyList": [_told(facts, stage, place, each) for place, each in enumerate(orjson.loads(stage.notify))],
    }


def _reviewer(facts: OrderFacts, stage: ReviewStage, reviewer: Reviewer) -> Json:
    verdict, note, decided_at = facts.verdicts.get((stage.id, reviewer.user_id or ""), ("PENDING", None, None))
    return {
        "id": reviewer.id,
        "decisionState": verdict.lower(),
        "note": note or None,
        "decidedAt": decided_at,
        "user": None if reviewer.user_id is None else _person(facts, reviewer.user_id),
    }


def _told(facts: OrderFacts, stage: ReviewStage, place: int, told: Mapping[str, str]) -> Json:
    user = facts.people.get(told.get("userId", ""))
    return {
        "id": f"{stage.id}:{place}",
        "email": told.get("email", "") if user is None else user.email,
        "user": None if user is None else _user(user),
    }


def _item(facts: OrderFacts, each: ItemFacts, attributes: Mapping[str, list[Json]]) -> Json:
    component, item = each.component, each.item
    category = facts.catalog.category_by_id[component.category_id]
    status, proposed = facts.status(component.status_id), facts.status(item.proposed_status_id)
    known = facts.catalog.attribute_by_id
    by_name: Json = {found.name: None for found in facts.attributes_of(component)}
    by_name |= {known[key].name: wire_value(known[key], value) for key, value in each.values.items()}
    return {
        "id": item.id,
        "itemId": component.id,
        "itemVersion": item.component_version,
        "proposedRevision": item.proposed_revision,
        "proposedStatusId": proposed.id,
        "proposedStatus": {"id": proposed.id, "name": proposed.name},
        "cpn": component.cpn,
        "name": component.name,
        "description": component.description or None,
        "type": api_type(category.type),
        "eid": component.eid,
        "statusId": status.id,
        "status": {"id": status.id, "name": status.name, "mapsTo": status.maps_to.lower(), "color": status.color},
        "categoryId": category.id,
        "category": {
            "id": category.id,
            "name": category.name,
            "code": category.code,
            "attributes": attributes[category.id],
        },
        "version": component.version,
        "revisionValue": component.released_revision,
        "revisionType": "REV" if component.released_revision is not None else "VER",
        "state": component.state,
        "releasedAt": component.released_at,
        "createdAt": component.created_at,
        "updatedAt": component.updated_at,
        "attributeValues": {key: {"value": wire_value(known[key], value)} for key, value in each.values.items()},
        "attributes": by_name,
        "children": [_line(facts, line) for line in each.lines],
    }


def _line(facts: OrderFacts, line: BomLine) -> Json:
    child = facts.named[line.child_key]
    return {
        "id": line.line_id,
        "childId": child.id,
        "cpn": child.cpn,
        "name": child.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "refDes": line.reference_designators,
        "notes": line.notes,
    }


def _attribute(attribute: Attribute) -> Json:
    return {
        "id": attribute.id,
        "name": attribute.name,
        "type": attribute.type,
        "source": attribute.source,
        "sourceKey": attribute.source_key,
        "unit": attribute.unit,
    }


def _person(facts: OrderFacts, user_id: str) -> Json | None:
    user = facts.people.get(user_id)
    return None if user is None else _user(user)


def _user(user: User) -> Json:
    return {"id": user.id, "name": user.name, "primaryEmail": user.email}
