"""Keeping what validations found. The rules themselves run before, outside of any transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from plumbline.access.permissions import Permission, action
from plumbline.change_orders.actions.saving import loaded
from plumbline.change_orders.errors import StaleChangeOrder, ValidationFailed
from plumbline.change_orders.lifecycle import Verb, state_after
from plumbline.change_orders.model import Result, Run, ValidationType
from plumbline.change_orders.payload import facts_digest
from plumbline.change_orders.reads.facts import facts_of
from plumbline.change_orders.reads.orders import Review, last_runs, results_of
from plumbline.change_orders.store import runs
from plumbline.storage.unit_of_work import UnitOfWork
from plumbline.validations.model import OnFailure
from plumbline.validations.outcome import ResultState, RuleResult, summary_of


class Finding(NamedTuple):
    """What one validation found."""

    name: str
    type: ValidationType
    on_failure: OnFailure
    result: RuleResult
    rule_id: str | None = None


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def record_run(
    work: UnitOfWork,
    order_id: str,
    digest: str,
    facts: str,
    configuration_change: int,
    findings: Sequence[Finding],
) -> Run:
    """A run about the content of this digest, with the rules of that configuration; `facts` is the digest of all that was looked at.
    Content that has changed meanwhile refuses it."""
    review = loaded(work, order_id)
    state_after(review.state, Verb.EDIT)
    if digest != review.digest:
        raise StaleChangeOrder(
            f"{review.order.number} was changed while it was validated.",
            path=("id",),
            hint="Validate it again.",
        )
    last = last_runs(work, [review.order.id]).get(review.order.id)
    summary = summary_of(each.result.state for each in findings)
    run = Run(
        id=work.new_id(),
        change_order_id=review.order.id,
        sequence=1 if last is None else last.sequence + 1,
        digest=digest,
        facts_digest=facts,
        configuration_change=configuration_change,
        state=summary.state,
        pass_count=summary.pass_count,
        fail_count=summary.fail_count,
        warning_count=summary.warning_count,
        created_by=work.actor.user_id,
        created_at=work.change.changed_at,
    )
    results = [_result(run, position, each) for position, each in enumerate(findings, start=1)]
    runs.insert_run(work.connection, work.library_id, run, results)
    return run


def refuse_not_validated(work: UnitOfWork, review: Review) -> None:
    """Into review goes only what was validated as everything about it is now, with the rules as they are now, and passed."""
    run = last_runs(work, [review.order.id]).get(review.order.id)
    is_of_now = (
        run is not None
        and run.configuration_change == (work.configuration_change or 0)
        and run.facts_digest == facts_digest(facts_of(work, review.order.id))
    )
    if run is None or not is_of_now:
        raise StaleChangeOrder(
            f"{review.order.number} was not validated as it is now.", path=("id",), hint="Validate it again."
        )
    if run.state != ResultState.PASS:
        raise validation_failed(review, results_of(work, [run.id])[run.id])


def validation_failed(review: Review, results: Sequence[Result]) -> ValidationFailed:
    """One refusal that carries every validation that failed."""
    failed = [each for each in results if each.state == ResultState.FAIL]
    refusals = [ValidationFailed(f"{each.name}: {each.message}", path=("validations", each.name)) for each in failed]
    return ValidationFailed(
        f"{review.order.number} fails {len(failed)} of {len(results)} validations.",
        path=("id",),
        expected="a change order that passes every validation",
        hint="Look at its latest validation run.",
        also=refusals[:20],
    )


def _result(run: Run, position: int, finding: Finding) -> Result:
    logs = [{"message": each.text, "type": each.kind} for each in finding.result.logs]
    return Result(
        run_id=run.id,
        position=position,
        name=finding.name,
        type=finding.type,
        state=finding.result.state,
        on_failure=finding.on_failure,
        message=finding.result.error_message or "",
        rule_id=finding.rule_id,
        logs=orjson.dumps(logs).decode(),
    )
