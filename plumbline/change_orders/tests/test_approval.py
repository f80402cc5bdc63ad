"""The laws of approval, for panels of every kind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.change_orders.approval import Outcome, Panel, Seat, Verdict, approval_outcome, panel_of
from plumbline.change_orders.template import ApprovalType, Stage

NAMES = "abcde"
APPROVED, REJECTED = Verdict.APPROVED, Verdict.REJECTED


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    seats = tuple(
        Seat(name, draw(st.booleans()), draw(st.integers(0, 3)) == 0) for name in NAMES[: draw(st.integers(0, 5))]
    )
    return Panel(draw(st.sampled_from(ApprovalType)), draw(st.integers(0, 6)), seats)


some_decisions = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(Verdict))


def completions(panel: Panel, decisions: Mapping[str, Verdict]) -> Iterator[dict[str, Verdict]]:
    """All ways in which everybody who has not decided could still decide."""
    open_seats = [seat.reviewer for seat in panel.seats if seat.reviewer not in decisions]
    for verdicts in itertools.product(Verdict, repeat=len(open_seats)):
        yield {**decisions, **dict(zip(open_seats, verdicts, strict=True))}


def is_approved_by_the_words(panel: Panel, decisions: Mapping[str, Verdict]) -> bool:
    """The definition, as the documentation gives it, of a panel of which everybody has decided."""
    approvals = [seat for seat in panel.seats if decisions.get(seat.reviewer) is APPROVED]
    size = max(len(panel.seats), panel.minimum, 1)
    reached = {
        ApprovalType.UNANIMOUS: len(approvals) == size,
        ApprovalType.MAJORITY: len(approvals) > size / 2,
        ApprovalType.MINIMUM: len(approvals) >= max(panel.minimum, 1),
    }[panel.approval_type]
    return reached and all(seat in approvals for seat in panel.seats if seat.is_required_to_approve)


@given(panels(), some_decisions)
def test_a_stage_is_rejected_exactly_when_nobody_can_approve_it_any_more(
    panel: Panel, decisions: dict[str, Verdict]
) -> None:
    outcome = approval_outcome(panel, decisions)
    if len(panel.seats) >= panel.minimum and panel.seats:
        can_be_approved = any(is_approved_by_the_words(panel, each) for each in completions(panel, decisions))
        assert (outcome is Outcome.REJECTED) is not can_be_approved
    if outcome is Outcome.REJECTED:
        everybody = {**dict.fromkeys(NAMES, APPROVED), **decisions}
        assert approval_outcome(panel, everybody) is Outcome.REJECTED


@given(panels(), some_decisions)
def test_an_outcome_stays_whatever_the_others_decide(panel: Panel, decisions: dict[str, Verdict]) -> None:
    outcome = approval_outcome(panel, decisions)
    if outcome is not Outcome.PENDING:
        assert {approval_outcome(panel, each) for each in completions(panel, decisions)} == {outcome}


@given(panels(), some_decisions)
def test_nothing_is_pending_once_everybody_has_decided(panel: Panel, decisions: dict[str, Verdict]) -> None:
    for whole in completions(panel, decisions):
        outcome = approval_outcome(panel, whole)
        if len(panel.seats) >= max(panel.minimum, 1):
            assert outcome is (Outcome.APPROVED if is_approved_by_the_words(panel, whole) else Outcome.REJECTED)
        else:
            assert outcome is not Outcome.APPROVED


@given(panels(), some_decisions)
def test_who_is_required_is_heard(panel: Panel, decisions: dict[str, Verdict]) -> None:
    if approval_outcome(panel, decisions) is Outcome.APPROVED:
        assert all(seat.reviewer in decisions for seat in panel.seats if seat.is_required)
        assert all(decisions[seat.reviewer] is APPROVED for seat in panel.seats if seat.is_required_to_approve)
        assert APPROVED in decisions.values()


@given(panels(), some_decisions, st.sampled_from(NAMES))
def test_an_approval_never_harms(panel: Panel, decisions: dict[str, Verdict], name: str) -> None:
    order = [Outcome.REJECTED, Outcome.PENDING, Outcome.APPROVED]
    worse = approval_outcome(panel, {**decisions, name: REJECTED})
    better = approval_outcome(panel, {**decisions, name: APPROVED})
    assert order.index(worse) <= order.index(better)


@given(panels(), some_decisions)
def test_decisions_of_strangers_count_for_nothing(panel: Panel, decisions: dict[str, Verdict]) -> None:
    assert approval_outcome(panel, {**decisions, "stranger": REJECTED}) is approval_outcome(panel, decisions)


@pytest.mark.parametrize(
    ("approval_type", "seats", "minimum", "approvals", "rejections", "outcome"),
    [
        (ApprovalType.UNANIMOUS, 3, 1, 2, 0, Outcome.PENDING),
        (ApprovalType.UNANIMOUS, 3, 1, 3, 0, Outcome.APPROVED),
        (ApprovalType.UNANIMOUS, 3, 1, 2, 1, Outcome.REJECTED),
        (ApprovalType.MAJORITY, 4, 1, 2, 0, Outcome.PENDING),
        (ApprovalType.MAJORITY, 4, 1, 3, 0, Outcome.APPROVED),
        (ApprovalType.MAJORITY, 4, 1, 1, 2, Outcome.REJECTED),
        (ApprovalType.MAJORITY, 5, 1, 3, 2, Outcome.APPROVED),
        (ApprovalType.MINIMUM, 4, 2, 2, 2, Outcome.APPROVED),
        (ApprovalType.MINIMUM, 4, 2, 1, 2, Outcome.PENDING),
        (ApprovalType.MINIMUM, 4, 2, 1, 3, Outcome.REJECTED),
        # seats that the minimum asks for and nobody has taken
        (ApprovalType.UNANIMOUS, 1, 2, 1, 0, Outcome.PENDING),
        (ApprovalType.MAJORITY, 1, 3, 1, 0, Outcome.PENDING),
        (ApprovalType.MINIMUM, 0, 2, 0, 0, Outcome.PENDING),
        (ApprovalType.MINIMUM, 0, 0, 0, 0, Outcome.PENDING),
    ],
)
def test_counting(
    approval_type: ApprovalType, seats: int, minimum: int, approvals: int, rejections: int, outcome: Outcome
) -> None:
    panel = Panel(approval_type, minimum, tuple(Seat(name) for name in NAMES[:seats]))
    decisions = dict(zip(NAMES, [APPROVED] * approvals + [REJECTED] * rejections, strict=False))
    assert approval_outcome(panel, decisions) is outcome


def test_a_stage_waits_for_who_must_take_part_but_not_to_be_rejected() -> None:
    seats = (Seat("a", is_required=True), Seat("b"), Seat("c"))
    panel = Panel(ApprovalType.MAJORITY, 1, seats)
    assert approval_outcome(panel, {"b": APPROVED, "c": APPROVED}) is Outcome.PENDING
    assert approval_outcome(panel, {"b": APPROVED, "c": APPROVED, "a": REJECTED}) is Outcome.APPROVED
    assert approval_outcome(panel, {"b": REJECTED, "c": REJECTED}) is Outcome.REJECTED


def test_a_panel_begins_with_the_default_of_its_stage() -> None:
    stage = Stage("Review", (ApprovalType.MAJORITY, ApprovalType.MINIMUM), ApprovalType.MAJORITY, minimum=2)
    assert panel_of(stage, [Seat("a")]) == Panel(ApprovalType.MAJORITY, 2, (Seat("a"),))
    assert panel_of(stage, [], ApprovalType.MINIMUM).approval_type is ApprovalType.MINIMUM
