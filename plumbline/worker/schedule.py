"""The jobs that come round by themselves, put into the queue one round ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from plumbline.bootstrap import JobKind
from plumbline.storage.engine import Database
from plumbline.storage.job_queue import enqueue

_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


def enqueue_recurring(database: Database, now: datetime, jobs: Mapping[str, JobKind]) -> None:
    """Makes sure that every recurring job waits in the queue for its next round.

    The unique key is free again as soon as a round is over, so however many workers ask, and however often, one round is waiting.
    A round that no worker was there for is run once, late.
    """
    recurring = {name: kind.every_seconds for name, kind in jobs.items() if kind.every_seconds > 0}
    if recurring:
        with database.writing() as connection:
            for name, seconds in sorted(recurring.items()):
                enqueue(connection, name, {}, now, run_at=next_round(now, seconds), unique_key=f"every:{name}")


def next_round(now: datetime, every_seconds: int) -> datetime:
    """The next whole multiple of the interval since 1970: the same for every worker, and without drift."""
    interval = timedelta(seconds=every_seconds)
    return now + interval - (now - _ORIGIN) % interval
