"""When a stage of a review is approved, and when it is rejected.

A stage is decided by its panel: seats for reviewers, an approval type, and a minimum of reviewers. Seats that the minimum asks for and
nobody has taken yet count as reviewers who have not decided: so a panel that is still too small can be rejected by somebody who may
reject it, but never approved, and never rejected by mere arithmetic.

    Unanimous   every reviewer approves
    Majority    more than half of the reviewers approve; half is not enough
    Minimum     at least `minimum` reviewers approve

Beside the count, everybody who is required must have decided either way, and everybody who is required to approve must have approved.
A stage is rejected as soon as it cannot be approved any more, whoever is still to decide: waiting would change nothing. Both outcomes
are therefore final as long as nobody takes a decision back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from plumbline.change_orders.template import ApprovalType, Stage


class Verdict(StrEnum):
    """What one reviewer decides."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class Outcome(StrEnum):
    """What comes of a stage."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Seat:
    reviewer: str
    """Whatever identifies the reviewer among the decisions: at run time the id of a user."""
    is_required: bool = False
    is_required_to_approve: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A stage of one change order: its reviewers are those of the template and those that were added, each once."""

    approval_type: ApprovalType
    minimum: int
    seats: tuple[Seat, ...]


def panel_of(stage: Stage, seats: Iterable[Seat], approval_type: ApprovalType | None = None) -> Panel:
    """The stage of a template with the people who sit in it; `approval_type` is one of the stage's types, or its default."""
    chosen = stage.default_type if approval_type is None else approval_type
    assert chosen in stage.types
    return Panel(chosen, stage.minimum, tuple(seats))


def approval_outcome(stage: Panel, decisions: Mapping[str, Verdict]) -> Outcome:
    """Decisions of people without a seat count for nothing; that is how a reviewer is taken off a stage."""
    approvals = sum(decisions.get(seat.reviewer) is Verdict.APPROVED for seat in stage.seats)
    rejections = sum(decisions.get(seat.reviewer) is Verdict.REJECTED for seat in stage.seats)
    size = max(len(stage.seats), stage.minimum, 1)
    needed = approvals_needed(stage.approval_type, size, stage.minimum)
    must_approve = [decisions.get(seat.reviewer) for seat in stage.seats if seat.is_required_to_approve]
    if size - rejections < needed or Verdict.REJECTED in must_approve:
        return Outcome.REJECTED
    is_awaited = (
        len(stage.seats) < size
        or None in must_approve
        or any(seat.is_required and seat.reviewer not in decisions for seat in stage.seats)
    )
    return Outcome.PENDING if is_awaited or approvals < needed else Outcome.APPROVED


def approvals_needed(approval_type: ApprovalType, size: int, minimum: int) -> int:
    """How many of `size` reviewers must approve, `size` being at least 1; never 0, because nobody would have approved."""
    if approval_type is ApprovalType.UNANIMOUS:
        return size
    if approval_type is ApprovalType.MAJORITY:
        return size // 2 + 1
    return max(minimum, 1)
