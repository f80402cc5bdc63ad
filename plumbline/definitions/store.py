"""The tables of definitions: intervals on the library's line of changes, closed and never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, ForeignKey, Index, Table, and_, func, insert, select, update

from plumbline.definitions.model import ConfigurationVersion, Definition
from plumbline.storage.intervals import OPEN, change_interval_columns, holds_at_change
from plumbline.storage.laws import law, twice_at_once
from plumbline.storage.schema import key_column, metadata, number_column, text_column

definitions = Table(
    "definitions",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("id"),
    text_column("kind"),
    text_column("name"),
    number_column("version"),
    text_column("text"),
    *change_interval_columns(),
    text_column("created_at"),
    text_column("created_by"),
    Index("uq_definitions_library_id_kind_name_version", "library_id", "kind", "name", "version", unique=True),
    Index("ix_definitions_library_id_to_change", "library_id", "to_change"),
)

configuration_versions = Table(
    "configuration_versions",
    metadata,
    text_column("library_id", ForeignKey("libraries.id"), primary_key=True),
    number_column("number", primary_key=True),
    number_column("change"),
    text_column("origin"),
    text_column("reason"),
    text_column("steps"),
    text_column("created_at"),
    text_column("created_by"),
)

LAWS = (
    law(
        "configuration-documents",
        "holds where another version of the document holds",
        twice_at_once(definitions, "kind", "name"),
    ),
)

_DEFINITION = [definitions.c[name] for name in Definition._fields]
_VERSION = [configuration_versions.c[name] for name in ConfigurationVersion._fields]


def definitions_at(
    connection: Connection, library_id: str, at_change: int | None, kind: str | None = None
) -> list[Definition]:
    """The documents in force at a change, None meaning now, by kind and name."""
    query = select(*_DEFINITION).where(definitions.c.library_id == library_id, holds_at_change(definitions, at_change))
    if kind is not None:
        query = query.where(definitions.c.kind == kind)
    rows = connection.execute(query.order_by(definitions.c.kind, definitions.c.name))
    return [Definition._make(row) for row in rows]


def definition(connection: Connection, library_id: str, kind: str, name: str) -> Definition | None:
    """One document as it is now."""
    query = select(*_DEFINITION).where(
        definitions.c.library_id == library_id,
        definitions.c.kind == kind,
        definitions.c.name == name,
        definitions.c.to_change == OPEN,
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Definition._make(row)


def beginnings(connection: Connection, library_id: str, kind: str) -> dict[str, tuple[str, str]]:
    """Moment and author of the first version of every document of a kind, by id."""
    table = definitions
    is_asked = and_(table.c.library_id == library_id, table.c.kind == kind)
    first = (
        select(table.c.id, func.min(table.c.version).label("version")).where(is_asked).group_by(table.c.id).subquery()
    )
    query = select(table.c.id, table.c.created_at, table.c.created_by).join(
        first, and_(table.c.id == first.c.id, table.c.version == first.c.version)
    )
    return {row.id: (row.created_at, row.created_by) for row in connection.execute(query.where(is_asked))}


def last_version(connection: Connection, library_id: str, kind: str, name: str) -> int:
    query = select(func.max(definitions.c.version)).where(
        definitions.c.library_id == library_id, definitions.c.kind == kind, definitions.c.name == name
    )
    return int(connection.execute(query).scalar() or 0)


def close_definition(connection: Connection, library_id: str, kind: str, name: str, change: int) -> None:
    connection.execute(
        update(definitions)
        .where(
            definitions.c.library_id == library_id,
            definitions.c.kind == kind,
            definitions.c.name == name,
            definitions.c.to_change == OPEN,
        )
        .values(to_change=change)
    )


def insert_definition(connection: Connection, library_id: str, new: Definition, change: int) -> None:
    row: dict[str, Any] = {**new._asdict(), "library_id": library_id, "from_change": change, "to_change": OPEN}
    connection.execute(insert(definitions), row)


def configuration_versions_before(
    connection: Connection, library_id: str, before: int | None, limit: int
) -> list[ConfigurationVersion]:
    """The newest first."""
    table = configuration_versions
    query = select(*_VERSION).where(
        and_(table.c.library_id == library_id, *([table.c.number < before] if before is not None else []))
    )
    rows: Sequence[Any] = connection.execute(query.order_by(table.c.number.desc()).limit(limit)).all()
    return [ConfigurationVersion._make(row)._replace(steps=tuple(orjson.loads(row.steps))) for row in rows]


def insert_configuration_version(connection: Connection, library_id: str, new: ConfigurationVersion) -> None:
    row = {**new._asdict(), "library_id": library_id, "steps": orjson.dumps(new.steps).decode()}
    connection.execute(insert(configuration_versions), row)
