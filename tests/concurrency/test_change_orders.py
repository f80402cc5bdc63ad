"""Decisions at the same moment: each change order has one outcome, its items are released all or not at all, and no decision is lost."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from plumbline.access.actions import add_member
from plumbline.access.model import NewMember
from plumbline.change_orders.actions.drafting import create_change_order, update_change_order
from plumbline.change_orders.actions.items import add_items
from plumbline.change_orders.actions.review import decide_stage, reset_change_order, withdraw_change_order
from plumbline.change_orders.approval import Outcome, Panel, Seat, Verdict, approval_outcome
from plumbline.change_orders.jobs import submit_validated
from plumbline.change_orders.model import (
    ChangeOrder,
    ChangeOrderEdit,
    ItemWish,
    NewChangeOrder,
    ReviewerWish,
    StageWish,
)
from plumbline.change_orders.reads.orders import decisions_of, review_of
from plumbline.change_orders.template import ApprovalType
from plumbline.components.actions.create import create_components
from plumbline.components.model import NewComponent
from plumbline.components.reads import releases_of
from plumbline.configuration.actions import create_template
from plumbline.kit.actor import Role
from plumbline.kit.errors import Refusal
from plumbline.storage.outbox import events_after
from plumbline.testing.callers import Caller, Team, new_team

pytestmark = pytest.mark.xdist_group("heavy")

ORDERS = 100
REVIEWERS = 5
PROCESSES = 2
TEMPLATE = """version: "1.0"
description: For tests
schema_type: change_order_scheme
details:
  info:
    groups: []
stages:
  open:
    - name: Review
      types: [{0}]
      default: {0}
      minReviewers: {1}
"""


def test_of_ten_who_act_at_once_on_each_of_a_hundred_orders_one_outcome_stands(site: Any) -> None:
    with site.opened() as caller:
        team = new_team(caller.application)
        people = [_reviewer(team, number) for number in range(REVIEWERS)]
        orders = _submitted(team, people)
    chance = random.Random("decisions")
    deeds = [(order, deed) for order in orders for deed in _deeds(people, chance)]

    def act(caller: Caller, process: int) -> list[tuple[str, str, str]]:
        """Everything that happens to an order is tried at about the same moment, from several threads of several processes."""
        mine = deeds[process::PROCESSES]
        with ThreadPoolExecutor(5) as pool:
            return [each for each in pool.map(lambda pair: _done(caller, team, *pair), mine) if each is not None]

    done = [each for part in site.run(PROCESSES, act) for each in part]
    with site.opened() as caller:
        viewer = replace(team.viewer, application=caller.application)
        _assert_all_or_none(viewer, orders)
        _assert_outcomes(viewer, orders)
        _assert_no_decision_lost(viewer, orders, done)
        _assert_one_resolution_each(caller, team, orders)


Deed = tuple[str, Any, str]


def _deeds(people: list[Any], chance: random.Random) -> list[Deed]:
    """Ten: each reviewer once or twice, and others who withdraw, edit, reset, and add an item."""
    verdicts = [("decide", each, chance.choice(["APPROVED", "APPROVED", "REJECTED"])) for each in people]
    again = [("decide", chance.choice(people), "APPROVED") for _ in range(2)]
    others = [("edit", None, ""), ("add", None, ""), (chance.choice(["withdraw", "reset", "edit"]), None, "")]
    deeds: list[Deed] = [*verdicts, *again, *others]
    chance.shuffle(deeds)
    return deeds


def _done(caller: Caller, team: Team, order: ChangeOrder, deed: Deed) -> tuple[str, str, str] | None:
    """What was done: the order, who, and the verdict; None for what was refused."""
    verb, who, verdict = deed
    actor = team.engineer.actor if who is None else who
    run = caller.application.run
    try:
        if verb == "decide":
            run(actor, decide_stage, order.id, verdict, note="So be it.")
            return order.id, actor.user_id, verdict
        if verb == "edit":
            run(actor, update_change_order, ChangeOrderEdit(order.id, description=f"Words {random.random()}"))
        elif verb == "add":
            run(actor, add_items, order.id, [ItemWish(order.id)])
        else:
            run(actor, {"withdraw": withdraw_change_order, "reset": reset_change_order}[verb], order.id)
    except Refusal:
        return None
    return None


def _reviewer(team: Team, number: int) -> Any:
    email = f"reviewer{number}-{team.application.new_id()[:8]}@acme.example"
    member = team.administrator.run(add_member, NewMember(email, f"Reviewer {number}", Role.VIEW_ONLY))
    return replace(team.viewer.actor, user_id=member.user.id)


def _submitted(team: Team, people: list[Any]) -> list[ChangeOrder]:
    kinds = [("Unanimous", 1), ("Majority", 2), ("Minimum", 2), ("Minimum", 4)]
    templates = [
        team.manager.run(create_template, f"{kind} {minimum}", TEMPLATE.format(kind, minimum)).id
        for kind, minimum in kinds
    ]
    parts = team.engineer.run(create_components, [NewComponent(f"Part {number}") for number in range(3 * ORDERS)])
    seats = tuple(ReviewerWish(each.user_id) for each in people)
    orders = []
    for number in range(ORDERS):
        items = tuple(ItemWish(each.id) for each in parts[3 * number : 3 * number + 3])
        stage = StageWish("Review", reviewers=seats)
        new = NewChangeOrder(f"Order {number}", template=templates[number % len(kinds)], items=items, stages=(stage,))
        order = team.engineer.run(create_change_order, new)
        orders.append(submit_validated(team.application, team.engineer.actor, order.id))
    return orders


def _assert_all_or_none(viewer: Caller, orders: list[ChangeOrder]) -> None:
    approved = 0
    for order in orders:
        review = viewer.ask(review_of, order.id)
        releases = [viewer.ask(releases_of, each.id) for each in review.components.values()]
        if review.order.resolution == "APPROVED":
            approved += 1
            told = {(each.change_order_id, each.change) for found in releases for each in found}
            assert told == {(order.id, review.order.release_change)}
            assert all(len(found) == 1 for found in releases)
        else:
            assert releases == [[]] * 3
    assert 0 < approved < ORDERS, "some of each, or the test shows nothing"


def _assert_outcomes(viewer: Caller, orders: list[ChangeOrder]) -> None:
    """The rule, recomputed from the decisions that count, says what the change order says."""
    for order in orders:
        review = viewer.ask(review_of, order.id)
        (stage,) = review.stages
        seats = tuple(Seat(each.user_id or "") for each in review.seats_of(stage))
        verdicts = {each.reviewer_id: Verdict(each.verdict) for each in review.decisions}
        outcome = approval_outcome(Panel(ApprovalType(stage.approval_type), stage.minimum, seats), verdicts)
        assert stage.state == outcome
        if review.order.resolution in ("APPROVED", "REJECTED"):
            assert outcome == Outcome(review.order.resolution)
        assert all(each.digest == review.digest for each in review.decisions), "about what stands there now"


def _assert_no_decision_lost(viewer: Caller, orders: list[ChangeOrder], done: list[tuple[str, str, str]]) -> None:
    kept = viewer.ask(decisions_of, [each.id for each in orders])
    found = Counter((each.change_order_id, each.decided_by, each.verdict) for one in kept.values() for each in one)
    assert found == Counter(done)


def _assert_one_resolution_each(caller: Caller, team: Team, orders: list[ChangeOrder]) -> None:
    """As listeners are told: at most one resolution for each submission, and one event for each decision."""
    resolved: Counter[str] = Counter()
    with caller.application.database.reading() as connection:
        for event in events_after(connection, 0, 100_000, team.viewer.actor.library_id):
            if event.kind == "change_orders.change_order_resolved":
                resolved[event.payload["change_order_id"]] += 1
    for order in orders:
        review = replace(team.viewer, application=caller.application).ask(review_of, order.id)
        is_resolved = review.order.resolution != "PENDING"
        assert resolved[order.id] == 1 if is_resolved else resolved[order.id] <= 1
