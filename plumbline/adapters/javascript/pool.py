"""The runner of rules that rooms see: a few processes, each for one run at a time."""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from queue import Empty, LifoQueue
from threading import BoundedSemaphore

import orjson

from plumbline.adapters.javascript.worker import Lost, LostInTime, Worker
from plumbline.settings import RuleSettings
from plumbline.validations.errors import RulesBusy
from plumbline.validations.ports import Ending, RuleAnswer, RuleCode

WAITING_MAX = 1
"""Runs; with the processes, one less than the threads of a server as it comes."""
PATIENCE_SECONDS = 0.2
RETRY_SECONDS = 5
RULES_PER_PROCESS_MAX = 500
"""Then another takes its place: whatever a library of ours forgets to give back does not add up."""


class JavaScriptRules:
    """A `RuleRunner` for all threads of a server. Nothing is started before the first rule. A run that finds no process free waits, for as
    long as a run may take; where others wait already it is turned away, so that rules never hold all threads of a server."""

    def __init__(self, settings: RuleSettings) -> None:
        self._settings = settings
        self._workers = workers = [Worker(settings) for _ in range(max(1, settings.processes))]
        # Last in, first out: the second process starts when two runs meet, and not before.
        self._free: LifoQueue[Worker] = LifoQueue()
        for each in workers:
            self._free.put(each)
        self._waiting = BoundedSemaphore(WAITING_MAX)
        self.close = weakref.finalize(self, _stop_all, workers)
        """Ends the processes; happens by itself at the end of the program."""

    def run(
        self, rules: Sequence[RuleCode], payload: bytes | Mapping[str, object], *, moment: datetime
    ) -> list[RuleAnswer]:
        """Raises ValueError if `payload` is no JSON object, RulesBusy if too many runs are at work and waiting."""
        content = payload if isinstance(payload, bytes) else orjson.dumps(payload)
        if isinstance(payload, bytes) and not isinstance(orjson.loads(content), dict):
            raise ValueError("rules are given an object")
        if not rules:
            return []
        worker = self._free_worker()
        if worker is None:
            late = f"The rule did not run: no process was free for {self._settings.run_seconds:g} s."
            return [_without_answer(Ending.TIMED_OUT, late) for _ in rules]
        with self._giving_back(worker):
            run = _Run(worker, self._settings, content, moment)
            return [run.answer(rule) for rule in rules]

    def _free_worker(self) -> Worker | None:
        """None where none became free in time."""
        try:
            return self._free.get_nowait()
        except Empty:
            pass
        if not self._waiting.acquire(timeout=PATIENCE_SECONDS):
            raise RulesBusy("The rules of other change orders run now.", retry_after=RETRY_SECONDS)
        try:
            return self._free.get(timeout=self._settings.run_seconds)
        except Empty:
            return None
        finally:
            self._waiting.release()

    @property
    def process_ids(self) -> list[int]:
        """Of the processes that run now."""
        return [each.process_id for each in self._workers if each.process_id is not None]

    @contextmanager
    def _giving_back(self, worker: Worker) -> Iterator[None]:
        try:
            yield
            if worker.rules_run >= RULES_PER_PROCESS_MAX:
                worker.stop()
        except BaseException:
            worker.stop()  # in the middle of something; the next run wants a fresh one
            raise
        finally:
            self._free.put(worker)


@cache
def rules_of_this_process(settings: RuleSettings) -> JavaScriptRules:
    """One pool for all applications of a process, which in tests are hundreds."""
    return JavaScriptRules(settings)


class _Run:
    """One change order before its rules. A rule that costs the process its life has failed; the next gets another process."""

    def __init__(self, worker: Worker, settings: RuleSettings, payload: bytes, moment: datetime) -> None:
        self._worker = worker
        self._settings = settings
        self._payload = payload
        self._moment = moment
        self._is_loaded = False
        self._is_too_large = False
        self._end = time.monotonic() + settings.run_seconds

    def answer(self, rule: RuleCode) -> RuleAnswer:
        started = time.monotonic()
        if started >= self._end:
            return _without_answer(
                Ending.TIMED_OUT, f"The rule did not run: those before it took all of {self._settings.run_seconds:g} s."
            )
        try:
            self._load()
        except Lost:
            return _without_answer(Ending.KILLED, "The process that runs rules does not start.")
        if self._is_too_large:
            limit = f"{self._settings.memory_mebibytes} MiB"
            return _without_answer(
                Ending.OUT_OF_MEMORY, f"The change order does not fit into the memory of a rule, which is {limit}."
            )
        try:
            return self._worker.judge(rule.code)
        except LostInTime:
            self._is_loaded = False
            seconds = time.monotonic() - started
            return RuleAnswer(
                Ending.TIMED_OUT, None, f"The rule ran for more than {self._settings.seconds:g} s.", seconds=seconds
            )
        except Lost:
            self._is_loaded = False
            return _without_answer(Ending.KILLED, "The process that ran the rule died.")

    def _load(self) -> None:
        if not self._is_loaded and not self._is_too_large:
            self._is_loaded = self._worker.load(self._payload, self._moment)
            self._is_too_large = not self._is_loaded


def _without_answer(ended: Ending, message: str) -> RuleAnswer:
    return RuleAnswer(ended, None, message)


def _stop_all(workers: list[Worker]) -> None:
    for each in workers:
        each.stop()
