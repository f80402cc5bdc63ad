"""Runs of validations and their results on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from plumbline.api.graphql_kit.placement import Make, placed, placed_connection, plain, selection_of_items
from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.nodes.access import user_nodes
from plumbline.api.hub.nodes.validations import rule_nodes
from plumbline.api.hub.pages import offset_page, pagination
from plumbline.change_orders.model import Result, Run
from plumbline.change_orders.reads.orders import results_of, runs_of
from plumbline.validations.reads import rules_at_change

Node = dict[str, object]
KINDS = ("info", "warn", "error")


def last_run_nodes(context: HubContext, field: SelectedField, runs: Mapping[str, Run]) -> dict[str, Node]:
    """By change order."""
    return dict(zip(runs, run_nodes(context, field.selection, list(runs.values())), strict=True))


def run_connections(context: HubContext, field: SelectedField, order_ids: Sequence[str]) -> dict[str, Node]:
    """A page of the runs of each change order; what the runs need is loaded for all of them together."""
    counted = field.selection.wants("totalCount")
    pages = context.ask(runs_of, order_ids, pagination(field.arguments), counted=counted)
    every = [run for page in pages.values() for run in page.items]
    nodes = dict(
        zip((each.id for each in every), run_nodes(context, selection_of_items(field.selection), every), strict=True)
    )
    return {
        order_id: placed_connection(field.selection, page, [nodes[each.id] for each in page.items])
        for order_id, page in pages.items()
    }


def run_nodes(context: HubContext, selection: Selection, runs: Sequence[Run]) -> list[Node]:
    results = context.ask(results_of, [each.id for each in runs]) if selection.wants("results") else {}
    people = user_nodes(context, [each.created_by for each in runs], selection.named("createdBy"))
    rules = _Rules(context)
    return [_node(rules, selection, run, results.get(run.id, []), people.get(run.created_by)) for run in runs]


class _Rules:
    """The rules as they ran, read once for each configuration that any of the runs had."""

    def __init__(self, context: HubContext) -> None:
        self._context = context
        self._known: dict[int, dict[str, Node]] = {}

    def of(self, run: Run) -> dict[str, Node]:
        change = run.configuration_change
        if change not in self._known:
            found = self._context.ask(rules_at_change, change)
            self._known[change] = dict(zip((each.id for each in found), rule_nodes(self._context, found), strict=True))
        return self._known[change]


def _node(rules: _Rules, selection: Selection, run: Run, results: Sequence[Result], author: Node | None) -> Node:
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
        "results": lambda field: _results(rules, field, run, results),
    }
    return placed(selection, leaves, made)


def _results(rules: _Rules, field: SelectedField, run: Run, results: Sequence[Result]) -> Node:
    request = pagination(field.arguments)
    page = offset_page(results, request.first, request.after)
    selection = selection_of_items(field.selection)
    ran = rules.of(run) if selection.wants("validationRule") else {}
    nodes = plain(selection, [_result(each, ran.get(each.rule_id or "")) for each in page.items])
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
