"""Configuration on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plumbline.access.reads import current_library
from plumbline.api.graphql_kit.selection import SelectedField
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import library_node, user_nodes
from plumbline.api.hub.nodes.catalog import violation_node
from plumbline.configuration.kinds import DocumentName, path_of
from plumbline.configuration.model import DocumentChange, File, Plan, Step
from plumbline.configuration.reads import ViolationFound, version_changes
from plumbline.definitions.model import ConfigurationVersion, Definition
from plumbline.kit.late import LateModule

if TYPE_CHECKING:
    from plumbline.change_orders import template_reading
    from plumbline.configuration import documents
else:
    documents = LateModule("plumbline.configuration.documents")
    template_reading = LateModule("plumbline.change_orders.template_reading")

Node = dict[str, object]


def file_node(file: File) -> Node:
    return {"path": file.path, "text": file.text}


def plan_node(plan: Plan) -> Node:
    return {
        "state": str(plan.state),
        "isEmpty": plan.is_empty,
        "steps": [step_node(each) for each in plan.steps],
        "documents": [change_node(each) for each in plan.documents],
        "notices": list(plan.notices),
    }


def step_node(step: Step) -> Node:
    return {
        "key": step.key,
        "kind": step.kind,
        "name": step.name,
        "text": step.text,
        "verdict": step.verdict,
        "hint": step.hint,
        "effects": [
            {
                "text": effect.text,
                "components": effect.components,
                "examples": [{"cpn": each.cpn, "detail": each.detail} for each in effect.examples],
            }
            for effect in step.effects
        ],
    }


def change_node(change: DocumentChange) -> Node:
    return dict(change._asdict())


def version_node(context: HubContext, version: ConfigurationVersion) -> Node:
    return {
        "number": version.number,
        "origin": version.origin,
        "reason": version.reason,
        "steps": list(version.steps),
        "createdAt": version.created_at,
        "createdBy": lambda field: person(context, version.created_by, field),
        "documents": lambda _field: [change_node(each) for each in context.ask(version_changes, version.number)],
    }


def document_node(context: HubContext, document: Definition) -> Node:
    return {
        "id": document.id,
        "kind": document.kind,
        "name": document.name,
        "path": path_of(DocumentName(document.kind, document.name)),
        "version": document.version,
        "text": document.text,
        "createdAt": document.created_at,
        "createdBy": lambda field: person(context, document.created_by, field),
    }


def template_node(context: HubContext, document: Definition) -> Node:
    file = File(path_of(DocumentName(document.kind, document.name)), document.text)
    return {
        "id": document.id,
        "name": document.name,
        "config": lambda _field: template_reading.template_config(documents.parsed(file)),
        "library": lambda _field: library_node(context.ask(current_library)),
        "createdAt": document.created_at,
    }


def violation_nodes(found: Sequence[ViolationFound]) -> list[Node]:
    return [
        {"componentId": each.component_id, "cpn": each.cpn, "violation": violation_node(each.violation)}
        for each in found
    ]


def person(context: HubContext, user_id: str, field: SelectedField) -> object:
    """The sub-selection of a user is placed by `user_nodes` itself."""
    return user_nodes(context, [user_id], [field])[user_id]
