"""Verbs of imports."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from plumbline.access.permissions import Permission, action
from plumbline.exchange.actions import ImportResult, Told, apply_import, untold
from plumbline.exchange.bounds import FILES_MAX, IMPORT_BYTES_MAX, ROWS_MAX
from plumbline.exchange.errors import ImportTooLarge
from plumbline.exchange.matching import NOTHING_DECIDED, Decisions
from plumbline.exchange.model import ImportedData
from plumbline.files.actions import open_uploads, release_uploads
from plumbline.files.model import NewUpload
from plumbline.imports import store
from plumbline.imports.errors import InvalidImportOptions
from plumbline.imports.lifecycle import Verb, state_after
from plumbline.imports.model import MAPPING_LENGTH_MAX, Import, ImportFile, ImportOptions, ImportState
from plumbline.imports.reads import files_of_imports, import_by_id
from plumbline.kit.clock import to_iso
from plumbline.storage.job_queue import enqueue
from plumbline.storage.unit_of_work import UnitOfWork

READ_JOB, APPLY_JOB = "imports.read", "imports.apply"
TEXT_MAX = 500
_OPTIONS = tuple(each.name for each in dataclasses.fields(ImportOptions))


@action(needs=Permission.COMPONENTS_EDIT)
def create_import(work: UnitOfWork, files: Sequence[NewUpload], options: ImportOptions) -> Import:
    """Announces the files of an import, each of which gets an upload."""
    _check_options(options)
    total = sum(each.size for each in files)
    if not 1 <= len(files) <= FILES_MAX or total > IMPORT_BYTES_MAX:
        raise ImportTooLarge(
            f"The import has {len(files)} files of {total} bytes.",
            path=("files",),
            expected=f"1 to {FILES_MAX} files of at most {IMPORT_BYTES_MAX} bytes together",
        )
    uploads = open_uploads(work, files)
    new = _new_import(work, options)
    announced = [ImportFile(new.id, place, each.id, each.name, each.size) for place, each in enumerate(uploads)]
    store.insert_import(work.connection, work.library_id, new, announced)
    return new


@action(needs=Permission.COMPONENTS_EDIT)
def read_import(work: UnitOfWork, import_id: str, options: ImportOptions | None = None) -> Import:
    """Has the files read and planned, the first time or anew with other options; the answer comes when the worker has done it."""
    present = import_by_id(work, import_id)
    if options is not None:
        _check_options(options)
    changed: dict[str, Any] = {} if options is None else {"options": _json(options)}
    read = _moved(work, present, Verb.READ, problems="[]", counts=None, digest=None, **changed)
    _enqueue(work, READ_JOB, present)
    return read


@action(needs=Permission.COMPONENTS_EDIT)
def record_plan(work: UnitOfWork, import_id: str, format_name: str, counts: Mapping[str, int], digest: str) -> Import:
    """What the worker found; nothing if the import was cancelled meanwhile."""
    present = import_by_id(work, import_id)
    if present.state != ImportState.READING:
        return present
    told = orjson.dumps(counts).decode()
    return _moved(work, present, Verb.PLANNED, format=format_name, counts=told, digest=digest)


@action(needs=Permission.COMPONENTS_EDIT)
def start_applying(work: UnitOfWork, import_id: str, expected_plan: str | None = None) -> Import:
    """Has the plan applied, all of it or nothing; the answer comes when the worker has done it. `expected_plan` is the digest of the plan
    that was looked at; without it, the plan that the import has now is meant."""
    present = import_by_id(work, import_id)
    moved = _moved(work, present, Verb.APPLY, problems="[]")
    _enqueue(work, APPLY_JOB, present, expectedPlan=expected_plan or present.digest)
    return moved


@action(needs=Permission.COMPONENTS_EDIT)
def carry_out(
    work: UnitOfWork, import_id: str, data: ImportedData, expected_plan: str | None, told: Told = untold
) -> Import:
    """Applies the data and says so, in one transaction; a second run finds it done."""
    present = import_by_id(work, import_id)
    if present.state != ImportState.APPLYING:
        return present
    options = options_of(present)
    work.origin = f"import:{present.id}"
    apply_import(work, data, into=options.into, decided=options.matches, expected_plan=expected_plan, told=told)
    _release_files(work, present)
    change = work.change.number if work.changed else None
    return _moved(work, present, Verb.APPLIED, change_number=change)


@action(needs=Permission.COMPONENTS_EDIT)
def import_at_once(
    work: UnitOfWork,
    data: ImportedData,
    *,
    into: str | None = None,
    decided: Decisions = NOTHING_DECIDED,
    expected_plan: str | None = None,
) -> tuple[ImportResult, Import | None]:
    """Applies what a client has read itself. It becomes an import that can be undone, unless there is nothing to change."""
    new = _new_import(work, ImportOptions(into=into, format=data.format, matches=dict(decided)))
    work.origin = f"import:{new.id}"
    result = apply_import(work, data, into=into, decided=decided, expected_plan=expected_plan)
    if not work.changed:
        return result, None
    counts = {name: getattr(result, name) for name in ("created", "updated", "unchanged", "lines", "conflicts")}
    done = new._replace(
        state=ImportState.APPLIED,
        format=data.format,
        counts=orjson.dumps(counts).decode(),
        keeps_results=False,
        change_number=work.change.number,
    )
    store.insert_import(work.connection, work.library_id, done, ())
    return result, done


@action(needs=Permission.COMPONENTS_EDIT)
def cancel_import(work: UnitOfWork, import_id: str) -> Import:
    """Gives the import up; nothing was applied."""
    present = import_by_id(work, import_id)
    cancelled = _moved(work, present, Verb.CANCEL)
    _release_files(work, present)
    return cancelled


def record_undone(work: UnitOfWork, present: Import) -> Import:
    """Called by the undoing itself, which is a verb of its own."""
    return _moved(work, present, Verb.UNDO, undone_by=work.change.number if work.changed else None)


def options_of(present: Import) -> ImportOptions:
    """What an older or a newer release stored is understood as far as this one can: what it does not know is left out, what it misses has
    its default."""
    stored = orjson.loads(present.options)
    return ImportOptions(**{name: stored[name] for name in _OPTIONS if name in stored})


def _new_import(work: UnitOfWork, options: ImportOptions) -> Import:
    moment = to_iso(work.clock())
    return Import(
        id=work.new_id(),
        state=ImportState.OPEN,
        options=_json(options),
        format=None,
        counts=None,
        digest=None,
        problems="[]",
        keeps_results=True,
        change_number=None,
        undone_by=None,
        created_by=work.actor.user_id,
        created_at=moment,
        updated_at=moment,
    )


def _moved(work: UnitOfWork, present: Import, verb: Verb, **values: Any) -> Import:
    values |= {"state": state_after(present.state, verb), "updated_at": to_iso(work.clock())}
    store.update_import(work.connection, present.id, **values)
    return present._replace(**values)


def _enqueue(work: UnitOfWork, name: str, present: Import, **more: object) -> None:
    actor = work.actor
    payload = {"library": actor.library_id, "user": actor.user_id, "surface": actor.surface, "import": present.id}
    enqueue(work.connection, name, payload | more, work.clock(), unique_key=f"{name}:{present.id}")


def _release_files(work: UnitOfWork, present: Import) -> None:
    release_uploads(work, [each.upload_id for each in files_of_imports(work, [present])[present.id]])


def _check_options(options: ImportOptions) -> None:
    texts = [options.into or "", options.format or "", *options.matches, *options.matches.values()]
    is_too_much = len(options.matches) > ROWS_MAX or len(options.mapping or "") > MAPPING_LENGTH_MAX
    if is_too_much or any(len(text) > TEXT_MAX for text in texts):
        raise InvalidImportOptions(
            "The options of the import are too long.",
            path=("options",),
            expected=f"a mapping of at most {MAPPING_LENGTH_MAX} characters, {ROWS_MAX} matches, other texts of at most {TEXT_MAX}",
        )


def _json(options: ImportOptions) -> str:
    return orjson.dumps(dataclasses.asdict(options)).decode()
