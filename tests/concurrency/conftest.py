"""Writers in real processes, each with its own connections, released at the same moment."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import pytest

from plumbline.application import Application
from plumbline.bootstrap import open_application
from plumbline.kit.actor import Actor
from plumbline.testing.callers import Caller, new_team
from plumbline.testing.databases import fresh_address

SECONDS_MAX = 300
Work = Callable[[Caller, int], Any]
_FORK = multiprocessing.get_context("fork")


@dataclass
class Site:
    """A library that several processes work in. This process opens it only while no process is being started: SQLite's locks belong to
    a process, and a fork would take a copy of what it believes about them."""

    address: str
    engineer: Actor

    @contextmanager
    def opened(self) -> Iterator[Caller]:
        application = open_application(self.address)
        try:
            yield Caller(application, self.engineer)
        finally:
            application.database.close()

    def start(self, processes: int, work: Work) -> Crowd:
        """Runs `work(caller, index)` in so many processes."""
        gate = _FORK.Barrier(processes)
        crowd = Crowd([], [])
        for index in range(processes):
            here, there = _FORK.Pipe(duplex=False)
            process = _FORK.Process(target=_work, args=(self, work, index, gate, there), daemon=True)
            process.start()
            there.close()
            crowd.processes.append(process)
            crowd.pipes.append(here)
        return crowd

    def run(self, processes: int, work: Work) -> list[Any]:
        return self.start(processes, work).results()


@dataclass
class Crowd:
    processes: list[Any]
    pipes: list[Connection]

    @property
    def at_work(self) -> bool:
        return any(process.is_alive() for process in self.processes)

    def results(self) -> list[Any]:
        """What each process answers; fails if one of them failed."""
        found = []
        for process, pipe in zip(self.processes, self.pipes, strict=True):
            assert pipe.poll(SECONDS_MAX), "a writer did not come back"
            fault, result = pipe.recv()
            assert fault is None, fault
            found.append(result)
            process.join(SECONDS_MAX)
        return found


def _work(site: Site, work: Work, index: int, gate: Any, answer: Connection) -> None:
    try:
        application: Application = open_application(site.address)
        gate.wait(SECONDS_MAX)
        answer.send((None, work(Caller(application, site.engineer), index)))
    except BaseException:
        answer.send((traceback.format_exc(), None))


@pytest.fixture
def site(dialect: str) -> Site:
    address = fresh_address(dialect)
    application = open_application(address)
    try:
        return Site(address, new_team(application).engineer.actor)
    finally:
        application.database.close()
