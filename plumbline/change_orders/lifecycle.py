"""Which verb is possible in which state of a change order, and what the state is then (pure)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from plumbline.change_orders.errors import StateRefused
from plumbline.change_orders.model import Resolution, Status


class State(NamedTuple):
    status: Status
    resolution: Resolution

    def __str__(self) -> str:
        is_pending = self.resolution is Resolution.PENDING
        return self.status.value if is_pending else f"{self.status.value} and {self.resolution.value}"


class Verb(StrEnum):
    """Everything that moves a change order; `edit` and `delete`, which do not, are possible in some states only."""

    EDIT = "edit"
    DELETE = "delete"
    SUBMIT = "submit"
    HOLD = "hold"
    RESUME = "resume"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    RESET = "reset"
    CLOSE = "close"
    REOPEN = "reopen"


DRAFT = State(Status.DRAFT, Resolution.PENDING)
OPEN = State(Status.OPEN, Resolution.PENDING)
ON_HOLD = State(Status.ON_HOLD, Resolution.PENDING)
APPROVED, REJECTED, WITHDRAWN = (
    State(Status.RESOLVED, each) for each in (Resolution.APPROVED, Resolution.REJECTED, Resolution.WITHDRAWN)
)
CLOSED = {each.resolution: State(Status.CLOSED, each.resolution) for each in (APPROVED, REJECTED, WITHDRAWN)}

STATES = (DRAFT, OPEN, ON_HOLD, APPROVED, REJECTED, WITHDRAWN, *CLOSED.values())

AFTER: dict[Verb, dict[State, State]] = {
    Verb.EDIT: {each: each for each in (DRAFT, OPEN, ON_HOLD)},
    Verb.DELETE: {DRAFT: DRAFT},
    Verb.SUBMIT: {DRAFT: OPEN},
    Verb.HOLD: {OPEN: ON_HOLD},
    Verb.RESUME: {ON_HOLD: OPEN},
    Verb.APPROVE: {OPEN: APPROVED},
    Verb.REJECT: {OPEN: REJECTED},
    Verb.WITHDRAW: dict.fromkeys((DRAFT, OPEN, ON_HOLD), WITHDRAWN),
    # What was released stays released: an approved change order has no way back.
    Verb.RESET: dict.fromkeys((OPEN, ON_HOLD, REJECTED, WITHDRAWN), DRAFT),
    Verb.CLOSE: {each: CLOSED[each.resolution] for each in (APPROVED, REJECTED, WITHDRAWN)},
    Verb.REOPEN: {CLOSED[each.resolution]: DRAFT for each in (REJECTED, WITHDRAWN)},
}


def state_after(state: State, verb: Verb) -> State:
    """Raises StateRefused."""
    after = AFTER[verb].get(state)
    if after is None:
        raise StateRefused(
            f"A change order that is {state} cannot be {_PARTICIPLE[verb]}.",
            path=("id",),
            expected=f"one that is {', '.join(map(str, AFTER[verb]))}",
        )
    return after


def verbs_in(state: State) -> tuple[Verb, ...]:
    """What is possible now."""
    return tuple(verb for verb, moves in AFTER.items() if state in moves)


def lifecycle_table() -> str:
    """Every state with every verb, as a table of Markdown: what stands in docs/reference/change-orders.md."""
    lines = [f"| {' | '.join(('state', *Verb))} |", f"| {' | '.join(['---'] * (len(Verb) + 1))} |"]
    for state in STATES:
        cells = [str(AFTER[verb][state]) if state in AFTER[verb] else "" for verb in Verb]
        lines.append(f"| {' | '.join((str(state), *cells))} |")
    return "\n".join(lines) + "\n"


_PARTICIPLE = {
    Verb.EDIT: "edited",
    Verb.DELETE: "deleted",
    Verb.SUBMIT: "submitted",
    Verb.HOLD: "put on hold",
    Verb.RESUME: "resumed",
    Verb.APPROVE: "decided",
    Verb.REJECT: "decided",
    Verb.WITHDRAW: "withdrawn",
    Verb.RESET: "reset",
    Verb.CLOSE: "closed",
    Verb.REOPEN: "reopened",
}
