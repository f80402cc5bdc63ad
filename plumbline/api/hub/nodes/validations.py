"""Validation rules on the wire."""

from __future__ import annotations

from plumbline.access.reads import current_library
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import library_node
from plumbline.api.hub.nodes.configuration import person
from plumbline.validations.model import RULE_TYPE, ValidationRule

Node = dict[str, object]


def rule_node(context: HubContext, rule: ValidationRule) -> Node:
    definition = rule.definition
    return {
        "id": rule.id,
        "name": definition.name,
        "type": RULE_TYPE,
        "version": definition.version,
        "code": definition.code,
        "description": definition.description,
        "onFailure": definition.on_failure,
        "isActive": definition.is_active,
        "path": definition.path,
        "library": lambda _field: library_node(context.ask(current_library)),
        "createdAt": rule.created_at,
        "createdBy": lambda field: person(context, rule.created_by, field),
        "updatedAt": rule.updated_at,
        "updatedBy": lambda field: person(context, rule.updated_by, field),
    }
