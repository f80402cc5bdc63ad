"""Which verb is possible in which state, and what the state is then (pure)."""

from __future__ import annotations

from enum import StrEnum

from plumbline.imports.errors import ImportStateRefused
from plumbline.imports.model import ImportState


class Verb(StrEnum):
    READ = "read"
    PLANNED = "planned"
    FAILED = "failed"
    APPLY = "apply"
    REFUSED = "refused"
    APPLIED = "applied"
    UNDO = "undo"
    CANCEL = "cancel"


_OPEN, _READING, _PLANNED = ImportState.OPEN, ImportState.READING, ImportState.PLANNED
_FAILED, _APPLYING, _APPLIED = ImportState.FAILED, ImportState.APPLYING, ImportState.APPLIED

AFTER: dict[Verb, tuple[tuple[ImportState, ...], ImportState]] = {
    Verb.READ: ((_OPEN, _PLANNED, _FAILED), _READING),
    Verb.PLANNED: ((_READING,), _PLANNED),
    Verb.FAILED: ((_READING,), _FAILED),
    Verb.APPLY: ((_PLANNED,), _APPLYING),
    Verb.REFUSED: ((_APPLYING,), _PLANNED),
    Verb.APPLIED: ((_APPLYING,), _APPLIED),
    Verb.UNDO: ((_APPLIED,), ImportState.UNDONE),
    Verb.CANCEL: ((_OPEN, _READING, _PLANNED, _FAILED), ImportState.CANCELLED),
}


def state_after(state: str, verb: Verb) -> ImportState:
    """Raises ImportStateRefused."""
    before, after = AFTER[verb]
    if state not in before:
        raise ImportStateRefused(
            f"An import that is {state} cannot be {_PARTICIPLE[verb]}.",
            path=("id",),
            expected=f"one that is {' or '.join(before)}",
        )
    return after


_PARTICIPLE = {
    Verb.READ: "read",
    Verb.PLANNED: "planned",
    Verb.FAILED: "given up",
    Verb.APPLY: "applied",
    Verb.REFUSED: "refused",
    Verb.APPLIED: "applied",
    Verb.UNDO: "undone",
    Verb.CANCEL: "cancelled",
}
