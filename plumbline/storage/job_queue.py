"""Work to be done later: rows, enqueued in the transaction that wants it, claimed with a lease, tried again with growing pauses.

A job may run more than once (a worker can die after its work and before saying so), so every job is written to bear it.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Index, Table, and_, delete, func, or_, select, update

from plumbline.kit.clock import to_iso
from plumbline.storage.conflicts import insert_on_its_own
from plumbline.storage.schema import key_column, metadata, number_column, text_column

ATTEMPTS_MAX = 10
LEASE_SECONDS = 60
PAUSE_SECONDS_MAX = 300
ERROR_TEXT_MAX = 2000


class JobState(StrEnum):
    DUE = "DUE"
    RUNNING = "RUNNING"
    DONE = "DONE"
    DEAD = "DEAD"
    """Given up after the last attempt; kept, with its error, until somebody looks."""


jobs = Table(
    "jobs",
    metadata,
    key_column(),
    text_column("name"),
    text_column("payload"),
    text_column("unique_key", nullable=True),
    text_column("state"),
    text_column("run_at"),
    number_column("attempts"),
    text_column("lease_token", nullable=True),
    text_column("lease_until", nullable=True),
    text_column("last_error", nullable=True),
    text_column("created_at"),
    text_column("finished_at", nullable=True),
    Index("ix_jobs_state_run_at", "state", "run_at"),
    # One unfinished job per unique key: enqueueing it again while it waits changes nothing.
    Index("uq_jobs_unique_key", "unique_key", unique=True),
)


class Job(NamedTuple):
    """A claimed job. `token` proves the claim when the outcome is recorded."""

    key: int
    name: str
    payload: dict[str, object]
    attempts: int
    token: str


def enqueue(
    connection: Connection,
    name: str,
    payload: dict[str, object],
    now: datetime,
    *,
    run_at: datetime | None = None,
    unique_key: str | None = None,
) -> None:
    """Adds a job to the caller's transaction, unless an unfinished one has the unique key."""
    query = insert_on_its_own(connection, jobs).values(
        name=name,
        payload=orjson.dumps(payload).decode(),
        unique_key=unique_key,
        state=JobState.DUE,
        run_at=to_iso(run_at or now),
        attempts=0,
        created_at=to_iso(now),
    )
    # One statement: between a look and an insertion another transaction could enqueue the same, and this one would fail.
    connection.execute(query.on_conflict_do_nothing(index_elements=["unique_key"]))


def claim(connection: Connection, now: datetime, token: str, limit: int = 1) -> list[Job]:
    """Takes due jobs, and jobs whose worker let the lease run out. Two workers never hold the same claim."""
    due = and_(jobs.c.state == JobState.DUE, jobs.c.run_at <= to_iso(now))
    abandoned = and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < to_iso(now))
    query = select(jobs).where(or_(due, abandoned)).order_by(jobs.c.run_at, jobs.c.key).limit(limit)
    rows = connection.execute(query.with_for_update(skip_locked=True)).all()
    if rows:
        connection.execute(
            update(jobs)
            .where(jobs.c.key.in_([row.key for row in rows]))
            .values(
                state=JobState.RUNNING,
                attempts=jobs.c.attempts + 1,
                lease_token=token,
                lease_until=to_iso(now + timedelta(seconds=LEASE_SECONDS)),
            )
        )
    return [Job(row.key, row.name, orjson.loads(row.payload), row.attempts + 1, token) for row in rows]


def renew_lease(connection: Connection, job: Job, now: datetime) -> bool:
    """Keeps the claim of a job that takes long; False if it has passed to somebody else."""
    query = update(jobs).where(jobs.c.key == job.key, jobs.c.lease_token == job.token, jobs.c.state == JobState.RUNNING)
    return connection.execute(query.values(lease_until=to_iso(now + timedelta(seconds=LEASE_SECONDS)))).rowcount == 1


def record_success(connection: Connection, job: Job, now: datetime) -> bool:
    """False if the lease had passed to somebody else in the meantime."""
    return _record(connection, job, state=JobState.DONE, finished_at=to_iso(now), unique_key=None)


def record_failure(connection: Connection, job: Job, now: datetime, error: str) -> bool:
    """Plans the next attempt, or gives the job up after the last."""
    if job.attempts >= ATTEMPTS_MAX:
        return _record(
            connection,
            job,
            state=JobState.DEAD,
            finished_at=to_iso(now),
            last_error=error[:ERROR_TEXT_MAX],
            unique_key=None,
        )
    run_at = now + timedelta(seconds=pause_seconds(job.attempts, random.random()))
    return _record(connection, job, state=JobState.DUE, run_at=to_iso(run_at), last_error=error[:ERROR_TEXT_MAX])


def pause_seconds(attempts: int, jitter: float) -> float:
    """The wait after the n-th failed attempt: 1, 2, 4 … seconds, at most five minutes, plus up to a tenth."""
    return float(min(2 ** (attempts - 1), PAUSE_SECONDS_MAX)) * (1 + jitter / 10)


def sweep_finished(connection: Connection, finished_before: datetime) -> int:
    """Forgets jobs that were done before the moment; returns how many."""
    query = delete(jobs).where(jobs.c.state == JobState.DONE, jobs.c.finished_at < to_iso(finished_before))
    return connection.execute(query).rowcount


def count_by_state(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
    return {row[0]: row[1] for row in rows}


def _record(connection: Connection, job: Job, **values: object) -> bool:
    query = update(jobs).where(jobs.c.key == job.key, jobs.c.lease_token == job.token, jobs.c.state == JobState.RUNNING)
    return connection.execute(query.values(lease_token=None, lease_until=None, **values)).rowcount == 1
