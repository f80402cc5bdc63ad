"""From settings to a running application. The one module that knows every room: importing it registers all tables and verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plumbline.access.actions
import plumbline.access.jobs
import plumbline.access.reads
import plumbline.boms.actions
import plumbline.boms.reads
import plumbline.catalog.actions
import plumbline.catalog.reads
import plumbline.components.actions.create
import plumbline.components.actions.mark
import plumbline.components.actions.release
import plumbline.components.actions.update
import plumbline.components.reads
import plumbline.configuration.actions
import plumbline.configuration.reads
import plumbline.definitions.reads
import plumbline.exchange.actions
import plumbline.exchange.reads
import plumbline.numbering.actions
import plumbline.numbering.reads
import plumbline.storage.jobs
from plumbline.application import Application
from plumbline.kit.clock import Clock, system_clock
from plumbline.storage.engine import Database, open_database
from plumbline.storage.migrating import migrate_to_newest


@dataclass(frozen=True, slots=True)
class JobKind:
    """Work that the worker knows by name; `every_seconds` for work that comes round by itself."""

    run: Callable[[Database, Clock], object]
    every_seconds: int


JOBS: dict[str, JobKind] = {
    "access.forget_dead_keys": JobKind(plumbline.access.jobs.forget_dead_keys, 24 * 3600),
    "storage.sweep_finished_jobs": JobKind(plumbline.storage.jobs.sweep_finished_jobs, 3600),
}


def open_application(address: str, *, clock: Clock = system_clock) -> Application:
    """The application on a database, whose tables are brought up to date first."""
    database = open_database(address)
    try:
        migrate_to_newest(database)
    except BaseException:
        database.close()
        raise
    return Application(database, clock)
