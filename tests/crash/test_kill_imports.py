"""Imports of archives that are killed at random moments: the library is there whole or not at all, and can be imported again."""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import signal
import sqlite3
import time

import pytest
from sqlalchemy import func, literal, make_url, select, union_all

from plumbline.access.reads import first_administrator, library_addresses
from plumbline.archives.actions import import_library
from plumbline.bootstrap import open_application
from plumbline.storage.schema import metadata
from plumbline.testing import make
from plumbline.testing.archives import archived
from plumbline.testing.callers import Caller, new_team
from plumbline.testing.databases import fresh_address
from plumbline.testing.scenarios.library import build

pytestmark = pytest.mark.xdist_group("heavy")

KILLS = {"sqlite": 80, "postgresql": 30}
SECONDS_MAX = 60
_FORK = multiprocessing.get_context("fork")


def test_a_killed_import_leaves_nothing_half_there(dialect: str) -> None:
    archive = archive_of_a_library()
    took = seconds_of_import(server_with_a_library(dialect), archive)
    chance = random.Random(dialect)
    address = server_with_a_library(dialect)
    untouched = rows(address)
    left_nothing = 0
    for _ in range(KILLS[dialect]):
        kill_an_import(address, archive, after_seconds=chance.uniform(0, took))
        if rows(address) == untouched:
            left_nothing += 1
        else:
            assert archive_of_the_other(address) == archive, "done before it was killed: whole"
            address = server_with_a_library(dialect)
            untouched = rows(address)
    assert left_nothing >= KILLS[dialect] // 3, "most imports were killed at work"
    import_into(address, archive)
    assert archive_of_the_other(address) == archive
    if dialect == "sqlite":
        file = sqlite3.connect(make_url(address).database or "")
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        file.close()


def archive_of_a_library() -> bytes:
    application = open_application(fresh_address("sqlite"))
    administrator = new_team(application).administrator
    build(administrator)
    archive = archived(administrator)
    application.database.close()
    return archive


def server_with_a_library(dialect: str) -> str:
    """Closed again: SQLite's locks belong to a process, and a fork must find none."""
    address = fresh_address(dialect)
    application = open_application(address)
    make.component(new_team(application).engineer, "Of another library")
    application.database.close()
    return address


def seconds_of_import(address: str, archive: bytes) -> float:
    began = time.perf_counter()
    import_into(address, archive)
    return time.perf_counter() - began


def import_into(address: str, archive: bytes) -> None:
    application = open_application(address)
    import_library(application.database, application.clock, application.new_id, io.BytesIO(archive))
    application.database.close()


def kill_an_import(address: str, archive: bytes, *, after_seconds: float) -> None:
    importer = _FORK.Process(target=import_into, args=(address, archive), daemon=True)
    importer.start()
    time.sleep(after_seconds)
    os.kill(importer.pid or 0, signal.SIGKILL)
    importer.join(SECONDS_MAX)


def rows(address: str) -> dict[str, int]:
    """How many rows each table has."""
    counts = [
        select(literal(name).label("name"), func.count().label("rows")).select_from(table)
        for name, table in metadata.tables.items()
    ]
    application = open_application(address)
    with application.database.reading() as connection:
        found = {row.name: row.rows for row in connection.execute(union_all(*counts))}
    application.database.close()
    return found


def archive_of_the_other(address: str) -> bytes:
    """Of the library that was not there from the beginning: the older one."""
    application = open_application(address)
    libraries = [library for _, library in library_addresses(application.database)]
    assert len(libraries) == 2
    actor = first_administrator(application.database, min(libraries, key=lambda each: each.created_at), "cli")
    archive = archived(Caller(application, actor))
    application.database.close()
    return archive
