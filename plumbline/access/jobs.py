"""Work of access that is done later."""

from __future__ import annotations

from datetime import timedelta

from plumbline.access import store
from plumbline.kit.clock import Clock, to_iso
from plumbline.storage.engine import Database

DEAD_KEYS_KEPT_DAYS = 400
"""Longer than a year, so that whoever looks into last year's changes still finds the key that made them."""


def forget_dead_keys(database: Database, clock: Clock) -> int:
    """Deletes keys that were revoked or ran out long ago; answers how many."""
    with database.writing() as connection:
        keys = store.keys_to_forget(connection, to_iso(clock() - timedelta(days=DEAD_KEYS_KEPT_DAYS)))
        if keys:
            store.delete_keys(connection, keys)
    return len(keys)
