"""The worker of a process: beside a server, on a thread of its own, or by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from plumbline.application import Application
from plumbline.bootstrap import JOBS
from plumbline.settings import Settings
from plumbline.worker.loop import Worker

STOP_SECONDS_MAX = 30.0
"""A job that takes longer is left to whoever takes it up when its lease has run out."""


def new_worker(application: Application, settings: Settings) -> Worker:
    return Worker(application, JOBS, poll_seconds=settings.worker.poll_seconds)


@contextmanager
def running_worker(application: Application, settings: Settings, *, wanted: bool) -> Iterator[None]:
    """Works as long as the block lasts; the job in hand is finished at the end."""
    if not wanted:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(
        target=new_worker(application, settings).run_until, args=(stop,), name="plumbline-worker", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS_MAX)
