"""What takes longer than a transaction may: validating a change order, and submitting one, which validates it first.

What is validated is read in one snapshot; the rules of the library run with no transaction open; what they found is kept only if the
change order is still what they looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import orjson

from plumbline.access.permissions import require
from plumbline.change_orders.actions.review import resume_change_order, submit_change_order
from plumbline.change_orders.actions.validating import Finding, record_run
from plumbline.change_orders.checks import CHECKS, told
from plumbline.change_orders.errors import StaleChangeOrder
from plumbline.change_orders.facts import OrderFacts
from plumbline.change_orders.lifecycle import State, Verb, state_after
from plumbline.change_orders.model import ChangeOrder, Resolution, Run, Status, ValidationType
from plumbline.change_orders.payload import facts_digest, payload_of
from plumbline.change_orders.reads.facts import facts_of
from plumbline.kit.actor import Actor
from plumbline.validations.model import ValidationRule
from plumbline.validations.outcome import ResultState, RuleResult, result_of
from plumbline.validations.ports import RuleCode
from plumbline.validations.reads import active_rules

if TYPE_CHECKING:
    from plumbline.application import Application

ATTEMPTS_MAX = 3
"""Somebody may be editing what is being validated."""


def validate_change_order(application: Application, actor: Actor, order_id: str) -> Run:
    """Runs every validation on the change order as it is, and keeps what they found."""
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            return _validated(application, actor, order_id)
        except StaleChangeOrder:
            if attempt == ATTEMPTS_MAX:
                raise
    raise AssertionError("the last attempt answers or raises")


def submit_validated(
    application: Application, actor: Actor, order_id: str, *, expected_version: int | None = None
) -> ChangeOrder:
    """Validates and submits; what fails a validation stays what it is, and the refusal carries all that failed."""
    return _moved(application, actor, submit_change_order, order_id, expected_version)


def resume_validated(
    application: Application, actor: Actor, order_id: str, *, expected_version: int | None = None
) -> ChangeOrder:
    """Validates and resumes in the same way: what is reviewed further has been changed, perhaps."""
    return _moved(application, actor, resume_change_order, order_id, expected_version)


def _moved(
    application: Application,
    actor: Actor,
    action: Callable[..., ChangeOrder],
    order_id: str,
    expected_version: int | None,
) -> ChangeOrder:
    require(actor, action)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        validate_change_order(application, actor, order_id)
        try:
            return application.run(actor, action, order_id, expected_version=expected_version)
        except StaleChangeOrder:
            if attempt == ATTEMPTS_MAX or expected_version is not None:
                raise
    raise AssertionError("the last attempt answers or raises")


def _validated(application: Application, actor: Actor, order_id: str) -> Run:
    require(actor, record_run)
    with application.asking(actor) as asked:
        facts = asked(facts_of, order_id)
        rules = asked(active_rules)
    state_after(State(Status(facts.order.status), Resolution(facts.order.resolution)), Verb.EDIT)
    findings = [*_built_in(facts), *_custom(application, facts, rules)]
    return application.run(
        actor,
        record_run,
        facts.order.id,
        facts.digest,
        facts_digest(facts),
        facts.configuration_change,
        findings,
    )


def _built_in(facts: OrderFacts) -> Iterator[Finding]:
    for check in CHECKS:
        problems = list(check.problems(facts))
        failed = ResultState.FAIL if check.on_failure == "ERROR" else ResultState.WARNING
        result = RuleResult(failed, told(problems)) if problems else RuleResult(ResultState.PASS, None)
        yield Finding(check.name, ValidationType.SYSTEM, check.on_failure, result)


def _custom(application: Application, facts: OrderFacts, rules: tuple[ValidationRule, ...]) -> Iterator[Finding]:
    if not rules:
        return
    codes = [RuleCode(each.definition.name, each.definition.code) for each in rules]
    payload = orjson.dumps(payload_of(facts))
    answers = application.rules.run(codes, payload, moment=application.clock())
    for rule, answer in zip(rules, answers, strict=True):
        on_failure = rule.definition.on_failure
        yield Finding(rule.definition.name, ValidationType.CUSTOM, on_failure, result_of(answer, on_failure), rule.id)
