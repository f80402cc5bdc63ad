"""What the worker does for imports: reads and plans the files of one, applies the plan of one. Whatever stops it is told on the import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from plumbline.access.reads import actor_of
from plumbline.exchange.files import NamedFile
from plumbline.exchange.reads.library import plan_digest, planned_import
from plumbline.exchange.reads.mappings import column_mappings
from plumbline.files.pieces import content_of
from plumbline.files.ports import FileStore
from plumbline.files.reads import uploads_by_ids
from plumbline.imports import store
from plumbline.imports.actions.steps import carry_out, options_of, record_plan
from plumbline.imports.errors import ImportUserLeft
from plumbline.imports.lifecycle import Verb, state_after
from plumbline.imports.model import Fields, Import, ImportState
from plumbline.imports.reading import USUAL, Bounds, read_apart
from plumbline.imports.reads import files_of_imports, import_by_id
from plumbline.imports.results import Progress, data_of, drop_results, keep_data, keep_mapping, keep_plan
from plumbline.kit.actor import Actor
from plumbline.kit.clock import Clock, to_iso
from plumbline.kit.errors import Refusal
from plumbline.kit.log import Log
from plumbline.storage.engine import Database

if TYPE_CHECKING:
    from plumbline.application import Application

RESULTS_KEPT_DAYS = 30
BATCH = 500
_AT_WORK = (ImportState.READING, ImportState.APPLYING)
Payload = Mapping[str, object]
log = Log("plumbline.imports")


def read_files_of_import(application: Application, payload: Payload, bounds: Bounds = USUAL) -> None:
    """From the uploads to a plan. Runs again from the beginning after a crash."""
    _with_import(application, payload, ImportState.READING, lambda app, actor, each: _read(app, actor, each, bounds))


def apply_plan_of_import(application: Application, payload: Payload) -> None:
    """From the plan to the library. After a crash it is either all there or not begun."""
    expected = payload.get("expectedPlan")
    wanted = expected if isinstance(expected, str) else None
    _with_import(application, payload, ImportState.APPLYING, lambda app, actor, each: _apply(app, actor, each, wanted))


def give_up_reading(application: Application, payload: Payload) -> None:
    """For a job that no worker came back from."""
    _give_up(application, payload, ImportState.READING)


def give_up_applying(application: Application, payload: Payload) -> None:
    """For a job that no worker came back from."""
    _give_up(application, payload, ImportState.APPLYING)


def sweep_results(database: Database, clock: Clock, files: FileStore) -> int:
    """Drops what was read and planned for imports that nobody touched for a while, and gives up those that wait; answers how many."""
    moment = to_iso(clock() - timedelta(days=RESULTS_KEPT_DAYS))
    swept = 0
    while True:
        with database.reading() as connection:
            ids = store.idle_imports(connection, [each for each in ImportState if each not in _AT_WORK], moment, BATCH)
        if not ids:
            return swept
        for each in ids:
            drop_results(files, each)
        with database.writing() as connection:
            store.give_up_results(connection, ids, to_iso(clock()))
        swept += len(ids)


def _read(application: Application, actor: Actor, present: Import, bounds: Bounds) -> None:
    options = options_of(present)
    remembered = {each.header: each.columns for each in application.ask(actor, column_mappings)}
    told = Progress(application.files, present.id)
    told("fetching files", 0, 0)
    files = _files(application, actor, present)
    told("reading files", 0, len(files))
    reading = read_apart(files, options, bounds, remembered=remembered)
    if reading.mapping is not None:
        keep_mapping(application.files, present.id, reading.mapping)
    if reading.data is None:
        _tell_problems(application, actor.library_id, present.id, ImportState.READING, reading.problems)
        return
    keep_data(application.files, present.id, reading.data)
    data = data_of(application.files, present.id)
    told("planning", 0, len(data.parts))
    plan = application.ask(actor, planned_import, data, into=options.into, decided=options.matches)
    keep_plan(application.files, present.id, plan)
    application.run(actor, record_plan, present.id, plan.format, asdict(plan.counts), plan_digest(plan))


def _apply(application: Application, actor: Actor, present: Import, expected: str | None) -> None:
    told = Progress(application.files, present.id)
    data = data_of(application.files, present.id)
    told("planning", 0, len(data.parts))
    application.run(actor, carry_out, present.id, data, expected, told)


def _files(application: Application, actor: Actor, present: Import) -> list[NamedFile]:
    with application.asking(actor) as asked:
        listed = asked(files_of_imports, [present])[present.id]
        uploads = asked(uploads_by_ids, [each.upload_id for each in listed])
    return [NamedFile(each.name, content_of(application.files, each)) for each in uploads]


def _with_import(
    application: Application,
    payload: Payload,
    state: ImportState,
    work: Callable[[Application, Actor, Import], None],
) -> None:
    import_id, library_id = str(payload["import"]), str(payload["library"])
    actor = actor_of(application.database, library_id, str(payload["user"]), str(payload["surface"]))
    if actor is None:
        log.warning("import_of_nobody", import_id=import_id)
        _tell_problems(application, library_id, import_id, state, [_user_left().as_fields()])
        return
    present = application.ask(actor, import_by_id, import_id)
    if present.state != state:
        return
    try:
        work(application, actor, present)
    except Refusal as refusal:
        problems: list[Fields] = [each.as_fields() for each in (refusal, *refusal.also)]
        _tell_problems(application, library_id, import_id, state, problems)
    except Exception as fault:
        log.error("import_failed", import_id=import_id, exc_info=(type(fault), fault, fault.__traceback__))
        _tell_problems(application, library_id, import_id, state, [_fault(import_id)])


def _give_up(application: Application, payload: Payload, state: ImportState) -> None:
    import_id = str(payload["import"])
    _tell_problems(application, str(payload["library"]), import_id, state, [_fault(import_id)])


def _tell_problems(
    application: Application, library_id: str, import_id: str, state: ImportState, problems: Sequence[Fields]
) -> None:
    """Ends what the import was at. No action of its user: who may no longer do it, or has left, would leave it there for ever."""
    after = state_after(state, Verb.FAILED if state == ImportState.READING else Verb.REFUSED)
    told, moment = orjson.dumps(problems).decode(), to_iso(application.clock())
    with application.database.writing() as connection:
        store.end_attempt(connection, library_id, import_id, state, after, problems=told, updated_at=moment)


def _user_left() -> ImportUserLeft:
    return ImportUserLeft(
        "Who asked for this is no member of the library any more.",
        expected="a member who may edit components",
        hint="Have it read or applied by somebody who is; a file that is kept no longer has to be sent again.",
    )


def _fault(import_id: str) -> Fields:
    """Says nothing of the fault but where the log has it."""
    sentence = f"The server failed at this import; its log has the cause under the id {import_id}."
    return Refusal(sentence, hint="Try again, and tell whoever runs the server.").as_fields()
