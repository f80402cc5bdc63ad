"""Locking components that are under review. Called by whoever reviews; no verbs of their own."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.components.errors import ComponentLocked
from plumbline.components.model import Component, Lock
from plumbline.components.store import locks as store
from plumbline.storage.unit_of_work import UnitOfWork


def lock_components(
    work: UnitOfWork, components: Sequence[Component], holder_id: str, label: str, *, refuses_edits: bool = True
) -> None:
    """Nobody edits them, and no other review takes them, before they are let go."""
    new = [Lock(each.key, holder_id, label, refuses_edits) for each in components]
    store.insert_locks(work.connection, work.library_id, new)


def set_edits_refused(work: UnitOfWork, holder_id: str, *, refused: bool) -> None:
    """Whether what the review holds may be edited; either way no other review takes it."""
    store.update_locks(work.connection, work.library_id, holder_id, refuses_edits=refused)


def unlock_components(work: UnitOfWork, holder_id: str, components: Sequence[Component] | None = None) -> None:
    """All that the review holds, or these."""
    keys = None if components is None else [each.key for each in components]
    store.delete_locks(work.connection, work.library_id, holder_id, keys)


def refuse_locked(work: UnitOfWork, components: Sequence[Component], *, holder_id: str | None = None) -> None:
    """Refuses when somebody else's review holds one of them against edits."""
    for lock in store.locks_on(work.connection, [each.key for each in components]):
        if lock.refuses_edits and lock.holder_id != holder_id:
            held = next(each for each in components if each.key == lock.component_key)
            raise ComponentLocked(
                f"{held.cpn} is under review in {lock.holder_label} and cannot be changed.",
                path=("id",),
                expected="a component that no open change order holds",
                hint=f"Put {lock.holder_label} on hold, or wait until it is resolved.",
            )
