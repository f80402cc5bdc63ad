"""Up, down and up again; the schema that the migrations make is the schema that the code declares, on both databases alike."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.dialects import postgresql, sqlite

import plumbline.bootstrap
from plumbline.bootstrap import open_application
from plumbline.storage.engine import Database, open_database
from plumbline.storage.migrating import (
    FOLDER,
    DatabaseTooNew,
    known_revisions,
    migrate,
    migrate_to_newest,
    newest_revision,
    present_revision,
)
from plumbline.storage.schema import metadata
from plumbline.testing import make
from plumbline.testing.callers import new_team
from plumbline.testing.databases import fresh_address
from plumbline.testing.schemas import sql_of

assert plumbline.bootstrap.JOBS, "importing the rooms registers their tables"

Shape = dict[str, Any]


@pytest.fixture
def address(dialect: str) -> str:
    return fresh_address(dialect)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    database.close()


def shape_of(database: Database) -> Shape:
    """What the database itself says about its tables: columns with type and collation, keys, indexes with their conditions."""
    with database.writing() as connection:
        query = {
            "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
            "postgresql": "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 2",
        }[database.dialect]
        texts = {
            (row[0], row[1]): _plain(row[2] or "")
            for row in connection.execute(text(query))
            if row[1] != "alembic_version"
        }
        looked = inspect(connection)
        tables = {}
        for table in sorted(set(looked.get_table_names()) - {"alembic_version"}):
            tables[table] = {
                "columns": [
                    (each["name"], str(each["type"]), getattr(each["type"], "collation", None), each["nullable"])
                    for each in looked.get_columns(table)
                ],
                "primary key": looked.get_pk_constraint(table),
                "foreign keys": sorted(map(str, looked.get_foreign_keys(table))),
                "indexes": sorted(
                    (str(each["name"]), tuple(each["column_names"]), each["unique"])
                    for each in looked.get_indexes(table)
                ),
            }
    indexes = {name: sql for (kind, name), sql in texts.items() if kind == "index" and "alembic" not in name}
    return {"tables": tables, "indexes": indexes}


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def test_up_down_and_up_again(database: Database) -> None:
    migrate(database, "head")
    assert present_revision(database) == newest_revision()
    first = shape_of(database)
    assert set(first["tables"]) == set(metadata.tables)
    migrate(database, "base")
    assert shape_of(database) == {"tables": {}, "indexes": {}}
    assert present_revision(database) is None
    migrate(database, "head")
    assert shape_of(database) == first


def test_every_step_goes_up_down_and_up(database: Database) -> None:
    """The stairway: each migration is undone and done again before the next one."""
    before = "base"
    for revision in known_revisions():
        migrate(database, revision)
        there = shape_of(database)
        migrate(database, before)
        migrate(database, revision)
        assert shape_of(database) == there
        assert present_revision(database) == revision
        before = revision


def test_the_files_are_one_line_of_revisions() -> None:
    revisions = known_revisions()
    for file, before in zip(sorted((FOLDER / "versions").glob("[0-9]*.py")), [None, *revisions], strict=False):
        source = file.read_text(encoding="utf-8")
        assert f'revision = "{file.name[:4]}"' in source
        assert f"down_revision = {before!r}".replace("'", '"') in source


def test_alembic_finds_no_difference_to_what_the_code_declares(database: Database) -> None:
    migrate_to_newest(database)
    with database.writing() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        )
        assert compare_metadata(context, metadata) == []


def test_the_migrated_schema_is_the_declared_schema(dialect: str, database: Database) -> None:
    """Both ways, with the conditions of partial indexes, which Alembic does not compare."""
    migrate_to_newest(database)
    declared = open_database(fresh_address(dialect))
    with declared.writing() as connection:
        metadata.create_all(connection)
    assert shape_of(database) == shape_of(declared)
    declared.close()


def test_positions_in_the_outbox_are_never_used_again(address: str) -> None:
    """SQLite would hand out the number of a deleted last row anew unless the table says AUTOINCREMENT; migrations can forget that."""
    application = open_application(address)
    team = new_team(application)
    make.component(team.engineer)
    with application.database.writing() as connection:
        last = connection.execute(text("SELECT max(key) FROM outbox")).scalar_one()
        connection.execute(text("DELETE FROM outbox"))
    make.component(team.engineer)
    with application.database.reading() as connection:
        assert connection.execute(text("SELECT min(key) FROM outbox")).scalar_one() > last
    application.database.close()


def test_opening_twice_changes_nothing(address: str) -> None:
    first = open_application(address)
    team = new_team(first)
    made = make.component(team.engineer)
    second = open_application(address)
    assert shape_of(first.database) == shape_of(second.database)
    with second.database.reading() as connection:
        assert connection.execute(text("SELECT cpn FROM components")).scalars().all() == [made.cpn]
    first.database.close()
    second.database.close()


def test_processes_that_start_together_on_an_empty_database_all_come_up(address: str) -> None:
    fork = multiprocessing.get_context("fork")
    gate, answers = fork.Barrier(4), fork.SimpleQueue()

    def start() -> None:
        try:
            gate.wait(30)
            application = open_application(address)
            answers.put(present_revision(application.database))
        except Exception as fault:
            answers.put(repr(fault))

    processes = [fork.Process(target=start, daemon=True) for _ in range(4)]
    for each in processes:
        each.start()
    for each in processes:
        each.join(60)
    assert [answers.get() for _ in processes] == [newest_revision()] * 4


@pytest.mark.parametrize("revision", ["9999", "a1b2c3d4"])
def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    address: str, database: Database, revision: str
) -> None:
    migrate_to_newest(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    before = shape_of(database)
    with pytest.raises(DatabaseTooNew, match=f"has schema {revision}; this Plumbline knows schemas up to") as refused:
        open_application(address)
    assert refused.value.hint is not None
    assert refused.value.code == "CONFIGURATION_INVALID"
    assert shape_of(database) == before
    assert present_revision(database) == revision


def test_a_migration_that_fails_leaves_the_database_as_it_was(address: str, database: Database) -> None:
    """Everything happens in one transaction; a table that is in the way makes it fail in the middle."""
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE components (id TEXT)"))
    with pytest.raises(Exception, match="components"):
        migrate_to_newest(database)
    assert set(shape_of(database)["tables"]) == {"components"}
    assert present_revision(database) is None


def _sql(dialect: str) -> dict[str, tuple[list[str], dict[str, str]]]:
    """From the committed text of a dialect: columns and constraints by table, and every index."""
    text_of = sql_of({"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}[dialect]())
    tables: dict[str, tuple[list[str], dict[str, str]]] = {}
    for statement in text_of.split(";"):
        plain = _plain(statement).replace('"', "")
        if made := re.fullmatch(r"CREATE TABLE (\w+) \( (.*) \)", plain):
            parts = re.split(r", (?![^(]*\))", made[2])
            tables[made[1]] = ([_neutral(part) for part in parts], {})
        elif index := re.fullmatch(r"CREATE (UNIQUE )?INDEX (\w+) ON (\w+) (.*)", plain):
            tables[index[3]][1][index[2]] = f"{index[1] or ''}{index[4]}"
    return tables


def _neutral(part: str) -> str:
    """A column or constraint without what the two databases call differently."""
    part = part.replace(" COLLATE C", "").replace("BIGSERIAL", "INTEGER").replace("BIGINT", "INTEGER")
    part = part.replace("DOUBLE PRECISION", "FLOAT").replace("FLOAT(53)", "FLOAT").replace("DATETIME", "TIMESTAMP")
    part = part.replace(" PRIMARY KEY AUTOINCREMENT", "")
    return part.strip()


def test_both_databases_have_the_same_tables_columns_indexes_and_constraints() -> None:
    one, other = _sql("sqlite"), _sql("postgresql")
    assert set(one) == set(other) == set(metadata.tables)
    for name in one:
        without_key = {"CONSTRAINT pk_outbox PRIMARY KEY (key)"}  # SQLite writes AUTOINCREMENT at the column
        assert set(one[name][0]) - without_key == set(other[name][0]) - without_key, name
        assert one[name][1] == other[name][1], name
    assert sum(len(indexes) for _, indexes in one.values()) == sum(
        len(table.indexes) for table in metadata.tables.values()
    )


def test_texts_compare_by_bytes_on_both() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            if "TEXT" in str(column.type.compile(dialect=postgresql.dialect())):
                assert 'COLLATE "C"' in str(column.type.compile(dialect=postgresql.dialect())), (
                    f"{table.name}.{column.name}"
                )
