"""The worker beside a server, on a thread of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plumbline.application import Application
from plumbline.settings import Settings


@contextmanager
def running_worker(application: Application, settings: Settings, *, wanted: bool) -> Iterator[None]:
    yield
