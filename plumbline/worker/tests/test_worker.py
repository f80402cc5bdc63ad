"""The worker on real queues, with real threads where it matters that there are several."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from plumbline.application import Application
from plumbline.bootstrap import JOBS, JobKind
from plumbline.kit.clock import from_iso
from plumbline.storage.job_queue import ATTEMPTS_MAX, LEASE_SECONDS, claim, count_by_state, enqueue, jobs
from plumbline.worker.loop import Worker
from plumbline.worker.schedule import enqueue_recurring, next_round


class TurnedClock:
    """Stands still until somebody turns it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def database(own_application):
    return own_application.database


def once(run: Callable[[], object]) -> JobKind:
    return JobKind(lambda application, payload: run(), every_seconds=0)


def put(database, clock, *names: str) -> None:
    with database.writing() as connection:
        for name in names:
            enqueue(connection, name, {"secret": "hunter2"}, clock())


def states(database) -> dict[str, int]:
    with database.reading() as connection:
        return count_by_state(connection)


def rows(database):
    with database.reading() as connection:
        return connection.execute(select(jobs).order_by(jobs.c.key)).all()


def test_what_is_due_is_done_once(database, clock):
    done = []
    put(database, clock, "greet", "greet")
    worker = Worker(Application(database, clock), {"greet": once(lambda: done.append(1))})
    assert (worker.run_due(), worker.run_due()) == (2, 0)
    assert len(done) == 2
    assert states(database) == {"DONE": 2}


def test_no_transaction_is_open_while_a_job_runs(database, clock):
    """On SQLite a write inside the job would wait for the worker's own, for half a minute, and then fail."""
    put(database, clock, "chain")
    jobs_known = {"chain": once(lambda: put(database, clock, "next")), "next": once(lambda: None)}
    assert Worker(Application(database, clock), jobs_known).run_due() == 2
    assert states(database) == {"DONE": 2}


def test_a_failing_job_is_tried_again_after_growing_pauses_and_then_given_up(database, clock):
    def fail() -> None:
        raise ValueError("no such printer")

    put(database, clock, "print")
    worker = Worker(Application(database, clock), {"print": once(fail)})
    pauses = []
    for _ in range(ATTEMPTS_MAX - 1):
        assert worker.run_due() == 1
        (row,) = rows(database)
        assert (row.state, row.last_error) == ("DUE", "ValueError: no such printer")
        pauses.append((from_iso(row.run_at) - clock()).total_seconds())
        assert worker.run_due() == 0
        clock.turn(pauses[-1])
    assert all(2**n <= pause <= 2**n * 1.11 for n, pause in enumerate(pauses[:8]))
    assert worker.run_due() == 1
    clock.turn(10_000)
    assert worker.run_due() == 0
    (row,) = rows(database)
    assert (row.state, row.attempts, row.last_error) == ("DEAD", ATTEMPTS_MAX, "ValueError: no such printer")


def test_a_job_of_an_unknown_name_fails_and_says_so(database, clock):
    put(database, clock, "from_the_future", "greet")
    assert Worker(Application(database, clock), {"greet": once(lambda: None)}).run_due() == 2
    unknown, greeted = rows(database)
    assert unknown.state == "DUE"
    assert "knows no job of the name 'from_the_future'" in unknown.last_error
    assert greeted.state == "DONE"


def test_a_lease_that_ran_out_lets_another_worker_take_over(database, clock):
    done = []
    put(database, clock, "greet")
    with database.writing() as connection:
        assert claim(connection, clock(), "a worker that crashes now")
    survivor = Worker(Application(database, clock), {"greet": once(lambda: done.append(1))})
    clock.turn(LEASE_SECONDS)
    assert survivor.run_due() == 0
    clock.turn(1)
    assert survivor.run_due() == 1
    (row,) = rows(database)
    assert (row.state, row.attempts, len(done)) == ("DONE", 2, 1)


def test_a_job_that_kills_every_worker_is_given_up(database, clock):
    put(database, clock, "poison")
    for number in range(ATTEMPTS_MAX):
        with database.writing() as connection:
            assert claim(connection, clock(), f"victim {number}")
        clock.turn(LEASE_SECONDS + 1)
    done = []
    assert Worker(Application(database, clock), {"poison": once(lambda: done.append(1))}).run_due() == 1
    (row,) = rows(database)
    assert (row.state, done) == ("DEAD", [])
    assert "JobAbandoned" in row.last_error


def test_a_long_job_keeps_its_lease(database, clock):
    other = Worker(Application(database, clock), {"long": once(lambda: None)})
    found_by_others = []

    def long() -> None:
        for _ in range(3):
            clock.turn(LEASE_SECONDS - 5)
            deadline = time.monotonic() + 10
            while from_iso(rows(database)[0].lease_until) <= clock() + timedelta(seconds=LEASE_SECONDS - 5):
                assert time.monotonic() < deadline, "nobody renewed the lease"
                time.sleep(0.01)
            found_by_others.append(other.run_due())

    put(database, clock, "long")
    assert Worker(Application(database, clock), {"long": once(long)}, renewal_seconds=0.02).run_due() == 1
    assert found_by_others == [0, 0, 0]
    (row,) = rows(database)
    assert (row.state, row.attempts) == ("DONE", 1)


def test_workers_beside_each_other_share_the_work_and_never_a_job(database, clock):
    names = [f"job {number}" for number in range(40)]
    runs: Counter[str] = Counter()
    running: set[str] = set()
    faults = []
    lock = threading.Lock()

    def kind(name: str) -> JobKind:
        def run() -> None:
            with lock:
                if name in running:
                    faults.append(name)
                running.add(name)
                runs[name] += 1
            time.sleep(0.005)
            with lock:
                running.discard(name)

        return once(run)

    put(database, clock, *names)
    known = {name: kind(name) for name in names}
    stop, done = threading.Event(), Counter()

    def work(number: int) -> None:
        done[number] = Worker(Application(database, clock), known).run_due(stop)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not faults
    assert runs == Counter(names)
    assert done.total() == 40
    assert len(+done) > 1
    assert states(database) == {"DONE": 40}


def test_a_running_worker_finds_new_work_and_stops_when_told(database, clock):
    arrived, stop = threading.Event(), threading.Event()
    worker = Worker(Application(database, clock), {"greet": once(arrived.set)}, poll_seconds=0.01)
    thread = threading.Thread(target=worker.run_until, args=(stop,))
    thread.start()
    try:
        put(database, clock, "greet")
        assert arrived.wait(10)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_a_worker_outlives_a_round_that_fails(database, clock):
    """Its clock breaks once, as a database connection would."""
    moments = iter([RuntimeError("the clock stopped")])
    arrived, stop = threading.Event(), threading.Event()

    def moody() -> datetime:
        for error in moments:
            raise error
        return clock()

    put(database, clock, "greet")
    worker = Worker(Application(database, moody), {"greet": once(arrived.set)}, poll_seconds=0.01)
    thread = threading.Thread(target=worker.run_until, args=(stop,))
    thread.start()
    assert arrived.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_the_log_names_the_job_and_never_what_it_worked_on(database, clock):
    def fail() -> None:
        raise ValueError("x" * 5000)

    put(database, clock, "greet", "print")
    with capture_logs() as entries:
        Worker(Application(database, clock), {"greet": once(lambda: None), "print": once(fail)}).run_due()
    assert [(entry["event"], entry["job"], entry["log_level"]) for entry in entries] == [
        ("job_done", "greet", "info"),
        ("job_failed", "print", "warning"),
    ]
    assert "hunter2" not in repr(entries)
    assert len(repr(entries)) < 1000


def test_however_many_workers_ask_one_round_waits(database, clock):
    kinds = {f"tidy {number}": JobKind(lambda application, payload: None, every_seconds=3600) for number in range(5)}
    gate = threading.Barrier(6)
    faults = []

    def ask() -> None:
        gate.wait()
        try:
            for _ in range(5):
                enqueue_recurring(database, clock(), kinds)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not faults
    assert sorted(row.name for row in rows(database)) == sorted(kinds)


def test_a_recurring_job_comes_round_again_and_again(database, clock):
    rounds = []
    kinds = {"tidy": JobKind(lambda application, payload: rounds.append(application.clock()), every_seconds=3600)}
    worker = Worker(Application(database, clock), kinds)
    for _ in range(3):
        enqueue_recurring(database, clock(), kinds)
        assert worker.run_due() == 0
        clock.turn(3600)
        assert worker.run_due() == 1
    assert len(rounds) == 3


def test_rounds_are_the_same_for_everybody_and_never_now():
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert next_round(noon, 3600) == noon + timedelta(hours=1)
    assert next_round(noon + timedelta(minutes=59), 3600) == noon + timedelta(hours=1)


def test_the_jobs_of_the_program_run(database, clock):
    enqueue_recurring(database, clock(), JOBS)
    clock.turn(2 * 24 * 3600)
    recurring = sum(kind.every_seconds > 0 for kind in JOBS.values())
    assert Worker(Application(database, clock), JOBS).run_due() == recurring
    assert states(database) == {"DONE": recurring}
