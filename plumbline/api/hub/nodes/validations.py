"""Validation rules on the wire."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.reads import current_library
from plumbline.api.graphql_kit.selection import SelectedField
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import Node, library_node, user_nodes
from plumbline.validations.model import RULE_TYPE, ValidationRule


def rule_nodes(context: HubContext, rules: Sequence[ValidationRule]) -> list[Node]:
    """What the rules have in common, their library and their people, is asked for once, if it is selected."""
    user_ids = [user_id for rule in rules for user_id in (rule.created_by, rule.updated_by)]
    people: dict[bool, dict[str, Node]] = {}
    """By whether their roles are in them, since a rule may be selected twice, in two ways."""
    libraries: list[Node] = []

    def person(user_id: str, field: SelectedField) -> Node:
        with_roles = field.selection.wants("role")
        if with_roles not in people:
            people[with_roles] = user_nodes(context, user_ids, [field])
        return people[with_roles][user_id]

    def library(_field: SelectedField) -> Node:
        if not libraries:
            libraries.append(library_node(context.ask(current_library)))
        return libraries[0]

    return [
        {
            **_leaves(rule),
            "library": library,
            "createdBy": lambda field, rule=rule: person(rule.created_by, field),
            "updatedBy": lambda field, rule=rule: person(rule.updated_by, field),
        }
        for rule in rules
    ]


def _leaves(rule: ValidationRule) -> Node:
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
        "createdAt": rule.created_at,
        "updatedAt": rule.updated_at,
    }
