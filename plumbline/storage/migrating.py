"""Bringing a database to the newest schema, and back. Alembic does the work; it is loaded only when there is any."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import inspect, text

from plumbline.kit.errors import Refusal
from plumbline.storage.engine import Database
from plumbline.storage.schema import metadata

FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 7_586_254_632
"""PostgreSQL's name for "somebody is migrating this database": processes that start together wait for the first."""


class DatabaseTooNew(Refusal):
    """The schema of the database was made by a newer Plumbline; this one would not understand what is in it."""

    code = "CONFIGURATION_INVALID"


def known_revisions() -> list[str]:
    """The names of the migrations, oldest first: files are named `NNNN_what_it_does.py` and their revision is that number."""
    return sorted(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def newest_revision() -> str:
    return known_revisions()[-1]


def present_revision(database: Database) -> str | None:
    """None for a database without tables."""
    with database.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def migrate_to_newest(database: Database) -> None:
    """Does nothing, in a millisecond, if the schema is the newest already; refuses a schema that only a newer Plumbline knows."""
    present = present_revision(database)
    if present == newest_revision():
        return
    if present is not None and present not in known_revisions():
        raise DatabaseTooNew(
            f"The database has schema {present}; this Plumbline knows schemas up to {newest_revision()}.",
            expected=f"a database of schema {newest_revision()} or older",
            hint="Start the newer version of Plumbline that this database was last used with, or restore a backup from before.",
        )
    migrate(database, "head")


def migrate(database: Database, revision: str) -> None:
    """Upgrades or downgrades; `base` removes everything."""
    command = import_module("alembic.command")
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.writing() as connection:
        if database.dialect == "postgresql":  # SQLite has one writer at a time anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": _ONE_AT_A_TIME})
        config.attributes["connection"] = connection
        config.attributes["target_metadata"] = metadata
        if revision == "base" or (revision != "head" and revision < (present_revision_in(connection) or "")):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def present_revision_in(connection: object) -> str | None:
    context = import_module("alembic.runtime.migration").MigrationContext.configure(connection)
    revision: str | None = context.get_current_revision()
    return revision
