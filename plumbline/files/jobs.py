"""Work of files that is done later."""

from __future__ import annotations

from plumbline.files import store
from plumbline.files.pieces import drop
from plumbline.files.ports import FileStore
from plumbline.kit.clock import Clock, to_iso
from plumbline.storage.engine import Database

BATCH = 500


def sweep_expired_uploads(database: Database, clock: Clock, files: FileStore) -> int:
    """Drops uploads whose time is over, bytes first: a run that is cut short leaves rows to begin again from. Answers how many."""
    swept = 0
    while True:
        with database.reading() as connection:
            found = store.expired_uploads(connection, to_iso(clock()), BATCH)
        if not found:
            return swept
        for each in found:
            drop(files, each)
        with database.writing() as connection:
            store.delete_uploads(connection, [each.id for each in found])
        swept += len(found)
