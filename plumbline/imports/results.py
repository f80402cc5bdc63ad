"""What was read and planned, in the file store: too large for a row, and needed until the import is applied."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

import orjson

from plumbline.exchange.model import ImportedData
from plumbline.exchange.plan import ImportPlan
from plumbline.exchange.wire import from_wire, json_of
from plumbline.files.ports import FileStore


def keep_data(files: FileStore, import_id: str, wire: bytes) -> None:
    files.replace(_key(import_id, "data"), wire)


def data_of(files: FileStore, import_id: str) -> ImportedData:
    """Raises FileNotFoundError before the files were read."""
    return from_wire(orjson.loads(files.read(_key(import_id, "data"))))


def keep_plan(files: FileStore, import_id: str, plan: ImportPlan) -> None:
    files.replace(_key(import_id, "plan"), orjson.dumps(json_of(plan)))


def plan_of(files: FileStore, import_id: str) -> dict[str, list[dict[str, object]]]:
    """Steps of parts and lines, conflicts and notices, as JSON values; none where the plan did not come along, as in a library that was
    imported from an archive."""
    try:
        found: dict[str, list[dict[str, object]]] = orjson.loads(files.read(_key(import_id, "plan")))
    except FileNotFoundError:
        return defaultdict(list)
    return found


def keep_mapping(files: FileStore, import_id: str, mapping: str) -> None:
    files.replace(_key(import_id, "mapping"), orjson.dumps(mapping))


def mapping_of(files: FileStore, import_id: str) -> str | None:
    """How the tables were read; None before they were, and for what is no table."""
    try:
        return str(orjson.loads(files.read(_key(import_id, "mapping"))))
    except FileNotFoundError:
        return None


class Progress:
    """How far the work on an import has come, told in the file store: a transaction that has begun cannot show anything of itself."""

    def __init__(self, files: FileStore, import_id: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._files = files
        self._key = _key(import_id, "progress")
        self._monotonic = monotonic
        self._told: tuple[str, float] = ("", 0.0)

    def __call__(self, what: str, done: int, all_of_it: int) -> None:
        """At most once a second, unless something else begins."""
        now = self._monotonic()
        if what != self._told[0] or now - self._told[1] >= 1.0:
            self._told = (what, now)
            self._files.replace(self._key, orjson.dumps({"what": what, "done": done, "total": all_of_it}))


def progress_of(files: FileStore, import_id: str) -> dict[str, object] | None:
    try:
        found: dict[str, object] = orjson.loads(files.read(_key(import_id, "progress")))
    except FileNotFoundError:
        return None
    return found


def drop_results(files: FileStore, import_id: str) -> None:
    files.delete([_key(import_id, what) for what in ("data", "plan", "mapping", "progress")])


def _key(import_id: str, what: str) -> str:
    return f"imports/{import_id}/{what}.json"
