"""From settings to a running application. The one module that knows every room: importing it registers all tables and verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import plumbline.access.actions
import plumbline.access.jobs
import plumbline.access.reads
import plumbline.archives.reads
import plumbline.boms.actions
import plumbline.boms.reads
import plumbline.catalog.actions
import plumbline.catalog.reads
import plumbline.change_orders.actions.comments
import plumbline.change_orders.actions.delegating
import plumbline.change_orders.actions.drafting
import plumbline.change_orders.actions.items
import plumbline.change_orders.actions.review
import plumbline.change_orders.reads.differences
import plumbline.change_orders.reads.facts
import plumbline.change_orders.reads.orders
import plumbline.components.actions.create
import plumbline.components.actions.mark
import plumbline.components.actions.update
import plumbline.components.reads
import plumbline.configuration.actions
import plumbline.configuration.reads
import plumbline.definitions.reads
import plumbline.exchange.actions
import plumbline.exchange.reads.kicad
import plumbline.exchange.reads.library
import plumbline.exchange.reads.lists
import plumbline.exchange.reads.mappings
import plumbline.exchange.reads.packages
import plumbline.files.actions
import plumbline.files.jobs
import plumbline.files.reads
import plumbline.imports.actions.steps
import plumbline.imports.actions.undo
import plumbline.imports.jobs
import plumbline.imports.reads
import plumbline.numbering.actions
import plumbline.numbering.reads
import plumbline.storage.jobs
import plumbline.validations.reads
from plumbline.adapters.javascript.pool import rules_of_this_process
from plumbline.adapters.object_files import ObjectFiles
from plumbline.application import Application
from plumbline.files.ports import NoFiles
from plumbline.imports.actions.steps import APPLY_JOB, READ_JOB
from plumbline.kit.clock import Clock, system_clock
from plumbline.settings import RuleSettings
from plumbline.storage.engine import open_database
from plumbline.storage.migrating import migrate_to_newest


@dataclass(frozen=True, slots=True)
class JobKind:
    """Work that the worker knows by name; `every_seconds` for work that comes round by itself."""

    run: Callable[[Application, Mapping[str, object]], object]
    """Gets the application and what the job was enqueued with."""
    every_seconds: int
    give_up: Callable[[Application, Mapping[str, object]], None] | None = None
    """Asked when the last attempt has failed: for work that somebody waits for. May be asked again."""


JOBS: dict[str, JobKind] = {
    "access.forget_dead_keys": JobKind(
        lambda app, _: plumbline.access.jobs.forget_dead_keys(app.database, app.clock), 24 * 3600
    ),
    "files.sweep_expired_uploads": JobKind(
        lambda app, _: plumbline.files.jobs.sweep_expired_uploads(app.database, app.clock, app.files), 3600
    ),
    READ_JOB: JobKind(plumbline.imports.jobs.read_files_of_import, 0, plumbline.imports.jobs.give_up_reading),
    "imports.sweep_results": JobKind(
        lambda app, _: plumbline.imports.jobs.sweep_results(app.database, app.clock, app.files), 24 * 3600
    ),
    APPLY_JOB: JobKind(plumbline.imports.jobs.apply_plan_of_import, 0, plumbline.imports.jobs.give_up_applying),
    "storage.sweep_finished_jobs": JobKind(
        lambda app, _: plumbline.storage.jobs.sweep_finished_jobs(app.database, app.clock), 3600
    ),
}


def open_application(
    address: str, *, files: str | None = None, clock: Clock = system_clock, rules: RuleSettings | None = None
) -> Application:
    """The application on a database, whose tables are brought up to date first; `files` is the address of the file store, `rules` bound
    the rules that libraries wrote."""
    database = open_database(address)
    try:
        migrate_to_newest(database)
    except BaseException:
        database.close()
        raise
    return Application(
        database,
        clock,
        files=NoFiles() if files is None else ObjectFiles(files),
        rules=rules_of_this_process(rules or RuleSettings()),
    )
