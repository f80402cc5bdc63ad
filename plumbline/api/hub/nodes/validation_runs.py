"""Runs of validations and their results on the wire."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from plumbline.api.graphql_kit.placement import Make, placed, placed_connection, plain, selection_of_items
from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import user_nodes
from plumbline.api.hub.nodes.validations import rule_nodes
from plumbline.api.hub.pages import offset_page, pagination
from plumbline.change_orders.model import ChangeOrder, Result, Run
from plumbline.change_orders.reads.orders import results_of, runs_of
from plumbline.validations.reads import rules_at_change

Node = dict[str, object]
KINDS = ("info", "warn", "error")


def last_run_node(context: HubContext, field: SelectedField, run: Run | None) -> Node | None:
    return None if run is None else run_nodes(context, field.selection, [run])[0]


def run_connection(context: HubContext, field: SelectedField, order: ChangeOrder) -> Node:
    page = context.ask(runs_of, order.id, pagination(field.arguments), counted=field.selection.wants("totalCount"))
    return placed_connection(field.selection, page, run_nodes(context, selection_of_items(field.selection), page.items))


def run_nodes(context: HubContext, selection: Selection, runs: Sequence[Run]) -> list[Node]:
    results = context.ask(results_of, [each.id for each in runs]) if selection.wants("results") else {}
    people = user_nodes(context, [each.created_by for each in runs], selection.named("createdBy"))
    return [_node(context, selection, run, results.get(run.id, []), people.get(run.created_by)) for run in runs]


def _node(context: HubContext, selection: Selection, run: Run, results: Sequence[Result], author: Node | None) -> Node:
    summary = {"passCount": run.pass_count, "failCount": run.fail_count, "warningCount": run.warning_count}
    leaves: Node = {
        "id": run.id,
        "collectionId": run.change_order_id,
        "state": run.state,
        "digest": run.digest,
        "createdAt": run.created_at,
    }
    made: dict[str, Make] = {
        "createdBy": lambda _: author,
        "summary": lambda field: plain(field.selection, summary),
        "results": lambda field: _results(context, field, run, results),
    }
    return placed(selection, leaves, made)


def _results(context: HubContext, field: SelectedField, run: Run, results: Sequence[Result]) -> Node:
    request = pagination(field.arguments)
    page = offset_page(results, request.first, request.after)
    selection = selection_of_items(field.selection)
    rules: dict[str, Node] = {}
    if selection.wants("validationRule"):
        found = context.ask(rules_at_change, run.configuration_change)
        rules = dict(zip((each.id for each in found), rule_nodes(context, found), strict=True))
    nodes = plain(selection, [_result(each, rules.get(each.rule_id or "")) for each in page.items])
    return placed_connection(field.selection, page, nodes)  # type: ignore[arg-type]  # a list of mappings stays one


def _result(result: Result, rule: Node | None) -> Node:
    logs = orjson.loads(result.logs)
    by_kind = {kind: [{"message": each["message"]} for each in logs if each["type"] == kind] for kind in KINDS}
    return {
        "name": result.name,
        "validationType": result.type,
        "state": result.state,
        "onFailure": result.on_failure,
        "errorMessage": result.message or None,
        "validationRule": rule,
        "logs": {**by_kind, "all": logs},
    }
