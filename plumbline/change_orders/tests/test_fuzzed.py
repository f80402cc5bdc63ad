"""Whatever is done in whatever order: what must always hold holds."""

from __future__ import annotations

import random
from collections import Counter

from sqlalchemy import select

from plumbline.change_orders.actions.drafting import create_change_order, update_change_order
from plumbline.change_orders.actions.items import add_items, refresh_items, remove_items
from plumbline.change_orders.actions.review import (
    close_change_order,
    decide_stage,
    hold_change_order,
    reopen_change_order,
    reset_change_order,
    withdraw_change_order,
)
from plumbline.change_orders.jobs import resume_validated, submit_validated
from plumbline.change_orders.lifecycle import AFTER, DRAFT, STATES, State, Verb, state_after, verbs_in
from plumbline.change_orders.model import (
    ChangeOrderEdit,
    ItemWish,
    NewChangeOrder,
    Resolution,
    ReviewerWish,
    StageWish,
    Status,
)
from plumbline.change_orders.reads.orders import find_change_orders as orders_by_ids
from plumbline.change_orders.reads.orders import reviews_of_orders
from plumbline.components.actions.update import update_components
from plumbline.components.model import ComponentChange
from plumbline.components.reads import releases_of
from plumbline.components.store.tables import locks
from plumbline.kit.errors import Refusal
from plumbline.testing import make

SEQUENCES = 10_000
STEPS = 400
ORDERS, PARTS = 6, 8


def test_ten_thousand_random_sequences_of_verbs_stay_in_the_table():
    chance = random.Random("verbs")
    seen = Counter()
    for _ in range(SEQUENCES):
        state = DRAFT
        for verb in chance.choices(list(Verb), k=chance.randint(1, 25)):
            if verb in verbs_in(state):
                before, state = state, state_after(state, verb)
                assert state in STATES
                assert before.resolution is not Resolution.APPROVED or state.resolution is Resolution.APPROVED
                assert state == AFTER[verb][before]
            seen[state] += 1
    assert set(seen) == set(STATES), "every state was reached"


def test_a_library_in_which_everything_happens_at_random_keeps_its_promises(team, desk):
    chance = random.Random("library")
    template = desk.template("Unanimous", "Minimum:1")
    parts = make.components(team.engineer, *(f"Part {number}" for number in range(PARTS)))
    seats = (ReviewerWish(team.manager.actor.user_id), ReviewerWish(team.viewer.actor.user_id))
    stages = (StageWish("Stage 1", reviewers=seats), StageWish("Stage 2", reviewers=seats[:1]))
    orders = [
        team.engineer.run(
            create_change_order,
            NewChangeOrder(f"Order {number}", template=template, stages=stages, items=(ItemWish(parts[number].id),)),
        ).id
        for number in range(ORDERS)
    ]
    done = Counter()
    for step in range(STEPS):
        deed = _deed(team, chance, chance.choice(orders), chance.choice(parts), step)
        try:
            deed()
        except Refusal:
            continue
        finally:
            if step % 5 == 0:
                _assert_promises(team, orders)
        done[deed.__name__] += 1
    assert len(done) >= 10, f"only these were ever done: {done}"


def _deed(team, chance, order, part, step):
    """One of everything that can happen."""

    def submit():
        submit_validated(team.application, team.engineer.actor, order)

    def approve():
        chance.choice([team.manager, team.viewer]).run(decide_stage, order, "APPROVED")

    def reject():
        chance.choice([team.manager, team.viewer]).run(decide_stage, order, "REJECTED", note="No.")

    def hold():
        team.engineer.run(hold_change_order, order)

    def resume():
        resume_validated(team.application, team.engineer.actor, order)

    def withdraw():
        team.engineer.run(withdraw_change_order, order)

    def reset():
        team.engineer.run(reset_change_order, order)

    def close():
        team.engineer.run(close_change_order, order)

    def reopen():
        team.engineer.run(reopen_change_order, order)

    def add():
        team.engineer.run(add_items, order, [ItemWish(part.id)])

    def remove():
        team.engineer.run(remove_items, order, [part.id])

    def refresh():
        team.engineer.run(refresh_items, order)

    def rename():
        team.engineer.run(update_components, [ComponentChange(part.id, name=f"Part, step {step}")])

    def describe():
        team.engineer.run(update_change_order, ChangeOrderEdit(order, description=f"Step {step}"))

    deeds = [
        submit,
        approve,
        reject,
        hold,
        resume,
        withdraw,
        reset,
        close,
        reopen,
        add,
        remove,
        refresh,
        rename,
        describe,
    ]
    weights = [6, 6, 1, 1, 3, 1, 2, 2, 3, 3, 1, 3, 3, 1]
    return chance.choices(deeds, weights)[0]


def _assert_promises(team, orders):
    reviews = team.viewer.ask(reviews_of_orders, team.viewer.ask(orders_by_ids, orders))
    with team.application.database.reading() as connection:
        found = connection.execute(
            select(locks.c.component_key, locks.c.holder_id, locks.c.refuses_edits).where(
                locks.c.library_id == team.viewer.actor.library_id
            )
        )
        locked = {(key, holder): refuses for key, holder, refuses in found}
    expected = {}
    for review in reviews:
        assert State(Status(review.order.status), Resolution(review.order.resolution)) in STATES
        if review.order.status in ("OPEN", "ON_HOLD"):
            for item in review.items:
                expected[item.component_key, review.order.id] = review.order.status == "OPEN"
        states = [each.state for each in review.stages]
        _assert_stages(review, states)
        for item in review.items:
            component = review.components[item.component_key]
            assert review.order.status != "OPEN" or component.version == item.component_version, "reviewed as it is"
            released = [
                each for each in team.viewer.ask(releases_of, component.id) if each.change_order_id == review.order.id
            ]
            assert bool(released) == (review.order.resolution == "APPROVED")
            assert all(each.change == review.order.release_change for each in released)
    assert locked == expected
    assert len({key for key, _ in locked}) == len(locked), "a component is in one open order at a time"


def _assert_stages(review, states):
    """They are decided in their order, and only what is under review or decided has decisions that count."""
    resolution = review.order.resolution
    if resolution == "APPROVED":
        assert states == ["APPROVED"] * len(states)
    if resolution == "REJECTED":
        assert states.count("REJECTED") == 1
    assert "PENDING" not in states or states.index("PENDING") >= states.count("APPROVED")
    opened = {each.id for each in review.stages if each.opened_at is not None}
    assert {each.stage_id for each in review.decisions} <= opened
    assert all(each.digest == review.digest for each in review.decisions if review.order.status == "OPEN")
