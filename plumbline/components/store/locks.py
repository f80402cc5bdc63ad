"""Components that a review holds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from plumbline.components.model import Lock
from plumbline.components.store.tables import locks
from plumbline.storage.intervals import IN_LIST_MAX

_LOCK = [locks.c[name] for name in Lock._fields]


def locks_on(connection: Connection, component_keys: Sequence[int]) -> list[Lock]:
    found: list[Lock] = []
    for start in range(0, len(component_keys), IN_LIST_MAX):
        query = select(*_LOCK).where(locks.c.component_key.in_(component_keys[start : start + IN_LIST_MAX]))
        found.extend(Lock._make(row) for row in connection.execute(query.order_by(locks.c.component_key)))
    return found


def insert_locks(connection: Connection, library_id: str, new: Sequence[Lock]) -> None:
    if new:
        connection.execute(insert(locks), [{**each._asdict(), "library_id": library_id} for each in new])


def update_locks(connection: Connection, library_id: str, holder_id: str, *, refuses_edits: bool) -> None:
    these = (locks.c.library_id == library_id, locks.c.holder_id == holder_id)
    connection.execute(update(locks).where(*these).values(refuses_edits=refuses_edits))


def delete_locks(
    connection: Connection, library_id: str, holder_id: str, component_keys: Sequence[int] | None = None
) -> None:
    """All that the holder has, or those on these components."""
    these = delete(locks).where(locks.c.library_id == library_id, locks.c.holder_id == holder_id)
    if component_keys is None:
        connection.execute(these)
        return
    for start in range(0, len(component_keys), IN_LIST_MAX):
        connection.execute(these.where(locks.c.component_key.in_(component_keys[start : start + IN_LIST_MAX])))
