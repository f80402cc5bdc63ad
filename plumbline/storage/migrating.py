"""Bringing a database to the newest schema, and back. Alembic does the work; it is loaded only when there is any."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import inspect, text

from plumbline.storage.engine import Database
from plumbline.storage.schema import metadata

FOLDER = Path(__file__).parent / "migrations"


def newest_revision() -> str:
    """The name of the last migration: files are named `NNNN_what_it_does.py` and their revision is that number."""
    return max(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def present_revision(database: Database) -> str | None:
    with database.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def migrate_to_newest(database: Database) -> None:
    """Does nothing, in a millisecond, if the schema is the newest already."""
    if present_revision(database) != newest_revision():
        migrate(database, "head")


def migrate(database: Database, revision: str) -> None:
    """Upgrades or downgrades; `base` removes everything."""
    command = import_module("alembic.command")
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.writing() as connection:
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
