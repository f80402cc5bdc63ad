"""Approvals that are killed at random moments: a change order is approved with all of its releases, or nothing of it happened."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import time
from dataclasses import replace

import pytest
from sqlalchemy import make_url

from plumbline.bootstrap import open_application
from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.actions.review import decide_stage
from plumbline.change_orders.jobs import submit_validated
from plumbline.change_orders.model import ItemWish, NewChangeOrder, ReviewerWish, StageWish
from plumbline.change_orders.reads.orders import decisions_of, reviews_of_orders
from plumbline.change_orders.reads.orders import find_change_orders as orders_by_ids
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.model import ComponentChange, ComponentState, NewComponent
from plumbline.configuration.actions import create_template
from plumbline.kit.errors import Refusal
from plumbline.testing.callers import Team, new_team
from plumbline.testing.databases import fresh_address

pytestmark = pytest.mark.xdist_group("heavy")

KILLS = {"sqlite": 120, "postgresql": 80}
ORDERS, ITEMS = 45, 6
SECONDS_MAX = 60
_FORK = multiprocessing.get_context("fork")
TEMPLATE = """version: "1.0"
description: For tests
schema_type: change_order_scheme
details:
  info:
    groups: []
stages:
  open:
    - name: Review
      types: [Unanimous]
      default: Unanimous
"""


def test_a_killed_approval_leaves_nothing_half_done(dialect: str) -> None:
    address = fresh_address(dialect)
    team = opened(address)
    template = team.manager.run(create_template, "Short", TEMPLATE).id
    team.application.database.close()
    chance = random.Random(dialect)
    waiting: list[str] = []
    cut_short = 0
    for _ in range(KILLS[dialect]):
        if len(waiting) < ORDERS:
            waiting += submitted(address, team, template)
        took = kill_a_reviewer(address, team, waiting, after_seconds=chance.uniform(0.02, 0.3))
        approved = whole_or_untouched(address, team, waiting)
        cut_short += took
        waiting = [each for each in waiting if each not in approved]
    assert cut_short > KILLS[dialect] // 2, "most reviewers were killed at work"
    if dialect == "sqlite":
        file = sqlite3.connect(make_url(address).database or "")
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        file.close()


def opened(address: str) -> Team:
    return new_team(open_application(address))


def joined(address: str, team: Team) -> Team:
    """The same people at an application of this process; SQLite's locks belong to a process, so none is open during a fork."""
    application = open_application(address)
    callers = {
        name: replace(getattr(team, name), application=application)
        for name in ("administrator", "manager", "engineer", "viewer")
    }
    return Team(application, **callers)


def submitted(address: str, team: Team, template: str) -> list[str]:
    here = joined(address, team)
    parts = here.engineer.run(create_components, [NewComponent(f"Part {n}") for n in range(ORDERS * ITEMS)])
    stage = StageWish("Review", reviewers=(ReviewerWish(team.manager.actor.user_id),))
    found = []
    for number in range(ORDERS):
        items = tuple(ItemWish(each.id) for each in parts[number * ITEMS : (number + 1) * ITEMS])
        order = here.engineer.run(
            create_change_order, NewChangeOrder("Change", template=template, items=items, stages=(stage,))
        )
        found.append(submit_validated(here.application, here.engineer.actor, order.id).id)
    here.application.database.close()
    return found


def approve_all(address: str, team: Team, orders: list[str]) -> None:
    here = joined(address, team)
    for each in orders:
        here.manager.run(decide_stage, each, "APPROVED")


def kill_a_reviewer(address: str, team: Team, orders: list[str], *, after_seconds: float) -> bool:
    """Whether it was still at work. The time begins when it has opened the database."""
    reviewer = _FORK.Process(target=approve_all, args=(address, team, orders), daemon=True)
    reviewer.start()
    time.sleep(0.1 + after_seconds)
    was_at_work = reviewer.is_alive()
    reviewer.kill()
    reviewer.join(SECONDS_MAX)
    return was_at_work


def whole_or_untouched(address: str, team: Team, waiting: list[str]) -> set[str]:
    """The orders that are approved; each has everything that belongs to it, and every other one nothing."""
    here = joined(address, team)
    reviews = here.viewer.ask(reviews_of_orders, here.viewer.ask(orders_by_ids, waiting))
    decisions = here.viewer.ask(decisions_of, waiting)
    approved = set()
    for review in reviews:
        states = {each.state for each in review.components.values()}
        stages = {each.state for each in review.stages}
        if review.order.resolution == "APPROVED":
            approved.add(review.order.id)
            assert (states, stages, len(decisions[review.order.id])) == ({ComponentState.RELEASED}, {"APPROVED"}, 1)
        else:
            assert (states, stages, decisions[review.order.id]) == ({ComponentState.MODIFIED}, {"PENDING"}, [])
    sample = next((each for each in reviews if each.order.resolution != "APPROVED"), None)
    if sample is not None:
        part = next(iter(sample.components.values()))
        with pytest.raises(Refusal, match="under review"):
            here.engineer.run(update_components, [ComponentChange(part.id, name="Other")])
    here.application.database.close()
    return approved
