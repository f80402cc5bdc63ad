"""A library out into an archive and back in. The floors are what the database takes to hand over every row, and what reading the lines as
JSON takes; the memory is what Python holds at most, beyond what it held before."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from sqlalchemy import text

from plumbline.archives.actions import import_library
from plumbline.archives.contents import RECORDS, file_names
from plumbline.archives.reading import Archive
from plumbline.archives.reads import archive_library
from plumbline.bootstrap import open_application
from plumbline.storage.schema import metadata
from plumbline.testing.callers import Caller
from plumbline.testing.databases import fresh_address

MEBIBYTE = 1024 * 1024


def report(caller: Caller, dialect: str) -> list[str]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "library.zip"
        out = _seconds(lambda: _export(caller, file))
        rows = _seconds(lambda: _every_row(caller))
        held_out = _held(lambda: _export(caller, file))
        back = _seconds(lambda: _import(file, dialect))
        lines = _seconds(lambda: _every_line(file))
        held_back = _held(lambda: _import(file, dialect))
        size = file.stat().st_size / MEBIBYTE
    return [
        f"archive of the library, {size:.0f} MiB: {out:.1f} s; handing over every row alone {rows:.1f} s; ratio {out / rows:.1f}; "
        f"at most {held_out:.0f} MiB in memory (goal <= 16)",
        f"import of it: {back:.1f} s; reading every line as JSON alone {lines:.1f} s; ratio {back / lines:.1f}; "
        f"at most {held_back:.0f} MiB in memory (goal <= 64)",
    ]


def _export(caller: Caller, file: Path) -> None:
    with file.open("wb") as target:
        caller.ask(archive_library, target)


def _import(file: Path, dialect: str) -> None:
    application = open_application(fresh_address(dialect))
    with file.open("rb") as content:
        import_library(application.database, application.clock, application.new_id, content)
    application.database.close()


def _every_row(caller: Caller) -> None:
    with caller.application.database.reading() as connection:
        for record in RECORDS:
            mine = "library_id" in metadata.tables[record.table].c
            query = f"SELECT * FROM {record.table}" + (" WHERE library_id = :id" if mine else "")  # noqa: S608  # a name of ours
            found = connection.execute(
                text(query), {"id": caller.actor.library_id} if mine else {}, execution_options={"yield_per": 1_000}
            )
            for _ in found:
                pass


def _every_line(file: Path) -> None:
    with file.open("rb") as content:
        archive = Archive(content, file_names())
        for name in file_names():
            for line in archive.lines(name):
                orjson.loads(line)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _held(work: Callable[[], None]) -> float:
    """MiB at the most."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEBIBYTE
    finally:
        tracemalloc.stop()
