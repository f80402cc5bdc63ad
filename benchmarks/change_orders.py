"""A change order of 500 items with BOMs of ten lines each: validated with twenty rules, submitted, approved and released.

The floor is the same release without a change order, measured in the same run on items of the same shape.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from benchmarks.rules import CODES
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.actions.review import decide_stage
from plumbline.change_orders.jobs import submit_validated, validate_change_order
from plumbline.change_orders.model import ItemWish, NewChangeOrder, ReviewerWish, StageWish
from plumbline.components.actions.create import create_components
from plumbline.components.model import Component, NewComponent, ReleaseRequest
from plumbline.configuration.actions import create_rule, create_template
from plumbline.testing.callers import Team
from plumbline.validations.model import NewRule

ITEMS, LINES, RULES = 500, 10, 20
TEMPLATE = """version: "1.0"
description: One stage
schema_type: change_order_scheme
details:
  info:
    groups: []
stages:
  open:
    - {name: Review, types: [Unanimous], default: Unanimous}
"""
Answer = TypeVar("Answer")


def report(team: Team) -> list[str]:
    for number in range(RULES):
        team.manager.run(create_rule, NewRule(f"Rule {number}", CODES[number % len(CODES)], on_failure="WARNING"))
    template = team.manager.run(create_template, "One stage", TEMPLATE).id
    children = team.engineer.run(create_components, [NewComponent(f"Child {number}") for number in range(LINES)])
    team.manager.run(release_components, [ReleaseRequest(each.id) for each in children])
    alone = [ReleaseRequest(each.id) for each in _assemblies(team, children)]
    floor, _ = _timed(lambda: team.manager.run(release_components, alone))
    made = _assemblies(team, children)
    stage = StageWish("Review", reviewers=(ReviewerWish(team.manager.actor.user_id),))
    items = tuple(ItemWish(each.id) for each in made)
    new = NewChangeOrder("Benchmark", template=template, items=items, stages=(stage,))
    created, order = _timed(lambda: team.engineer.run(create_change_order, new))
    first, _ = _timed(lambda: validate_change_order(team.application, team.engineer.actor, order.id))
    validated, run = _timed(lambda: validate_change_order(team.application, team.engineer.actor, order.id))
    submitted, _ = _timed(lambda: submit_validated(team.application, team.engineer.actor, order.id))
    approved, _ = _timed(lambda: team.manager.run(decide_stage, order.id, "APPROVED"))
    results = run.pass_count + run.fail_count + run.warning_count
    return [
        f"change order of {ITEMS} items: created {created:.2f} s, validated with {RULES} rules ({results} results) {validated:.2f} s"
        f" (goal <= 5), first time {first:.2f} s; submitted {submitted:.2f} s",
        f"approved and released {approved:.2f} s (goal <= 2); releasing alone {floor:.2f} s; ratio"
        f" {approved / floor:.2f}",
    ]


def _assemblies(team: Team, children: list[Component]) -> list[Component]:
    made = team.engineer.run(create_components, [NewComponent(f"Assembly {number}") for number in range(ITEMS)])
    lines = tuple(NewLine(each.id, Decimal(2)) for each in children)
    return team.engineer.run(edit_boms, [BomEdit(each.id, add=lines) for each in made])


def _timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = call()
    return time.perf_counter() - began, answer
