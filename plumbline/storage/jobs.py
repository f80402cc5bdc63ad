"""Work of the floor itself."""

from __future__ import annotations

from datetime import timedelta

from plumbline.kit.clock import Clock
from plumbline.storage.engine import Database
from plumbline.storage.job_queue import sweep_finished

FINISHED_KEPT_DAYS = 7


def sweep_finished_jobs(database: Database, clock: Clock) -> int:
    """Deletes jobs that were done a while ago; answers how many."""
    with database.writing() as connection:
        return sweep_finished(connection, clock() - timedelta(days=FINISHED_KEPT_DAYS))
