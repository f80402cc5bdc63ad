"""The life cycle as a table, and held by every verb."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.change_orders.errors import StateRefused
from plumbline.change_orders.lifecycle import (
    AFTER,
    APPROVED,
    CLOSED,
    DRAFT,
    STATES,
    Verb,
    lifecycle_table,
    state_after,
    verbs_in,
)
from plumbline.change_orders.model import Resolution, Status

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "change-orders.md"


def test_the_page_holds_the_table():
    assert lifecycle_table() in PAGE.read_text(encoding="utf-8")


def test_every_state_is_reached_and_only_approved_ones_have_no_way_back():
    reached, waiting = {DRAFT}, [DRAFT]
    while waiting:
        for after in (moves[state] for state in [waiting.pop()] for moves in AFTER.values() if state in moves):
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    assert reached == set(STATES)
    assert verbs_in(APPROVED) == (Verb.CLOSE,)
    assert verbs_in(CLOSED[Resolution.APPROVED]) == ()


@given(st.lists(st.sampled_from(Verb), max_size=40))
def test_whatever_is_tried_an_order_stays_in_a_state_that_there_is(verbs):
    state, was_approved = DRAFT, False
    for verb in verbs:
        if verb not in verbs_in(state):
            with pytest.raises(StateRefused):
                state_after(state, verb)
            continue
        after = state_after(state, verb)
        assert after in STATES
        assert not was_approved or after.resolution is Resolution.APPROVED
        assert (after.resolution is Resolution.PENDING) == (after.status in (Status.DRAFT, Status.OPEN, Status.ON_HOLD))
        was_approved = after.resolution is Resolution.APPROVED
        state = after


@pytest.mark.parametrize("verb", [each for each in Verb if each is not Verb.SUBMIT and each is not Verb.EDIT])
def test_a_refusal_names_the_states_that_would_do(verb):
    state = next(each for each in STATES if each not in AFTER[verb])
    with pytest.raises(StateRefused, match="cannot be") as refusal:
        state_after(state, verb)
    assert all(str(each) in (refusal.value.expected or "") for each in AFTER[verb])
