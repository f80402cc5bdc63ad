"""The worker: claims a job in one transaction, does it with none open, and records the outcome in another.

A worker that dies says nothing more, and its lease runs out; then the job is due again for whoever comes first. While a job runs, a
second thread renews its lease, so a long job is not taken for a dead one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from plumbline.application import Application
from plumbline.bootstrap import JobKind
from plumbline.kit.log import Log
from plumbline.storage.job_queue import (
    ATTEMPTS_MAX,
    LEASE_SECONDS,
    Job,
    claim,
    record_failure,
    record_success,
    renew_lease,
)
from plumbline.worker.schedule import enqueue_recurring

POLL_SECONDS = 1.0
SCHEDULE_SECONDS = 30
"""Between two looks at the recurring jobs; the shortest of them comes round every few minutes."""
LOGGED_ERROR_MAX = 300
log = Log("plumbline.worker")


class JobUnknown(Exception):
    """The queue holds a job that this worker does not know: it comes from another version of the program."""


class JobAbandoned(Exception):
    """Every worker that took the job disappeared while doing it."""


@dataclass(frozen=True, slots=True)
class Worker:
    application: Application
    jobs: Mapping[str, JobKind]
    poll_seconds: float = POLL_SECONDS
    renewal_seconds: float = LEASE_SECONDS / 3

    def run_until(self, stop: threading.Event) -> None:
        """Works until the event is set; a job that has begun is finished first. A database that is away for a while is waited for."""
        scheduled_at: datetime | None = None
        while not stop.is_set():
            done = 0
            try:
                now = self.application.clock()
                if scheduled_at is None or now - scheduled_at >= timedelta(seconds=SCHEDULE_SECONDS):
                    enqueue_recurring(self.application.database, now, self.jobs)
                    scheduled_at = now
                done = self.run_due(stop)
            except Exception as error:
                log.error("worker_round_failed", error=_in_short(error))
            if not done:
                stop.wait(self.poll_seconds)

    def run_due(self, stop: threading.Event | None = None) -> int:
        """Does everything that is due, one job after the other, until nothing is left or the event is set; answers how many."""
        done = 0
        while (stop is None or not stop.is_set()) and (job := self._claimed()) is not None:
            self._work_on(job)
            done += 1
        return done

    def _claimed(self) -> Job | None:
        """One at a time: a lease must not run out while its job waits for another one of the same worker."""
        with self.application.database.writing() as connection:
            found = claim(connection, self.application.clock(), self.application.new_id())
        return found[0] if found else None

    def _work_on(self, job: Job) -> None:
        started = self.application.clock()
        try:
            kind = self._kind_of(job)
            with self._kept_lease(job):
                kind.run(self.application, job.payload)
        except Exception as error:
            self._record_failure(job, error)
        else:
            self._record_success(job, started)

    def _kind_of(self, job: Job) -> JobKind:
        if job.attempts > ATTEMPTS_MAX:
            raise JobAbandoned(f"{ATTEMPTS_MAX} workers took the job and none of them came back.")
        kind = self.jobs.get(job.name)
        if kind is None:
            raise JobUnknown(f"This worker knows no job of the name {job.name[:100]!r}.")
        return kind

    @contextmanager
    def _kept_lease(self, job: Job) -> Iterator[None]:
        finished = threading.Event()
        renewing = threading.Thread(
            target=self._renew_until, args=(job, finished), name=f"lease of job {job.key}", daemon=True
        )
        renewing.start()
        try:
            yield
        finally:
            finished.set()
            renewing.join()

    def _renew_until(self, job: Job, finished: threading.Event) -> None:
        while not finished.wait(self.renewal_seconds):
            try:
                with self.application.database.writing() as connection:
                    if not renew_lease(connection, job, self.application.clock()):
                        return
            except Exception as error:
                log.warning("lease_not_renewed", job=job.name, key=job.key, error=_in_short(error))

    def _record_success(self, job: Job, started: datetime) -> None:
        now = self.application.clock()
        with self.application.database.writing() as connection:
            is_ours = record_success(connection, job, now)
        if is_ours:
            seconds = round((now - started).total_seconds(), 3)
            log.info("job_done", job=job.name, key=job.key, attempt=job.attempts, seconds=seconds)
        else:
            log.warning("job_done_without_lease", job=job.name, key=job.key, attempt=job.attempts)

    def _record_failure(self, job: Job, error: Exception) -> None:
        if job.attempts >= ATTEMPTS_MAX:
            self._give_up(job)
        with self.application.database.writing() as connection:
            record_failure(connection, job, self.application.clock(), f"{type(error).__name__}: {error}")
        level = log.error if job.attempts >= ATTEMPTS_MAX else log.warning
        level("job_failed", job=job.name, key=job.key, attempt=job.attempts, error=_in_short(error))

    def _give_up(self, job: Job) -> None:
        """Before the job is recorded as dead, so that a worker that disappears meanwhile leaves it to the next one."""
        kind = self.jobs.get(job.name)
        if kind is None or kind.give_up is None:
            return
        try:
            kind.give_up(self.application, job.payload)
        except Exception as error:
            log.error("job_not_given_up", job=job.name, key=job.key, error=_in_short(error))


def _in_short(error: Exception) -> str:
    """The class and the beginning of the message: enough to find the cause, too little to spill what a job was working on."""
    return f"{type(error).__name__}: {error}"[:LOGGED_ERROR_MAX]
