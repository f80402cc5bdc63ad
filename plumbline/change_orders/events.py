"""What happened to change orders."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kit.events import Event


@dataclass(frozen=True, slots=True)
class ChangeOrderCreated(Event):
    change_order_id: str
    number: str
    status: str
    resolution: str


@dataclass(frozen=True, slots=True)
class ChangeOrderUpdated(Event):
    """`fields` names what changed: name, description, type, contents, items, stages, comments."""

    change_order_id: str
    number: str
    status: str
    resolution: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeOrderDeleted(Event):
    """A draft was thrown away."""

    change_order_id: str
    number: str
    status: str
    resolution: str


@dataclass(frozen=True, slots=True)
class ChangeOrderMoved(Event):
    """By a verb of the life cycle; `verb` is one of submit, hold, resume, withdraw, reset, close, reopen, approve, reject."""

    change_order_id: str
    number: str
    verb: str
    status: str
    resolution: str


@dataclass(frozen=True, slots=True)
class StageMoved(Event):
    """A stage was opened (PENDING), approved or rejected."""

    change_order_id: str
    number: str
    stage_id: str
    stage: str
    state: str
    status: str
    resolution: str


@dataclass(frozen=True, slots=True)
class ReviewerDecided(Event):
    """`decided_by` differs from the reviewer where a delegate decided; `decision` is APPROVED or REJECTED."""

    change_order_id: str
    number: str
    stage_id: str
    reviewer_id: str
    decided_by: str
    decision: str
    digest: str
    status: str
    resolution: str


@dataclass(frozen=True, slots=True)
class ChangeOrderResolved(Event):
    """Approved, rejected or withdrawn; approved ones have released their items in the same change."""

    change_order_id: str
    number: str
    status: str
    resolution: str
