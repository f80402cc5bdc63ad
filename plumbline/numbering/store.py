"""The tables of numbering: schemes as they were written, counters, and every number that was ever given out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, ForeignKey, Index, Table, insert, select, update

from plumbline.storage.intervals import IN_LIST_MAX
from plumbline.storage.schema import key_column, metadata, number_column, text_column

numbering_documents = Table(
    "numbering_documents",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("schema_type"),
    number_column("version"),
    text_column("text"),
    text_column("created_at"),
    text_column("created_by"),
    Index("uq_numbering_documents_library_id_schema_type_version", "library_id", "schema_type", "version", unique=True),
)

number_counters = Table(
    "number_counters",
    metadata,
    text_column("library_id", ForeignKey("libraries.id"), primary_key=True),
    text_column("scope", primary_key=True),
    number_column("last_value"),
)

issued_numbers = Table(
    "issued_numbers",
    metadata,
    text_column("library_id", ForeignKey("libraries.id"), primary_key=True),
    text_column("number", primary_key=True),
)


class NumberingDocument(NamedTuple):
    """A scheme as its author wrote it; versions count from 1, the highest is in force."""

    schema_type: str
    version: int
    text: str
    created_at: str
    created_by: str


def newest_document(connection: Connection, library_id: str, schema_type: str) -> NumberingDocument | None:
    table = numbering_documents
    query = select(*(table.c[name] for name in NumberingDocument._fields)).where(
        table.c.library_id == library_id, table.c.schema_type == schema_type
    )
    row = connection.execute(query.order_by(table.c.version.desc()).limit(1)).one_or_none()
    return None if row is None else NumberingDocument._make(row)


def insert_document(connection: Connection, library_id: str, document: NumberingDocument) -> None:
    connection.execute(insert(numbering_documents).values(library_id=library_id, **document._asdict()))


def last_value(connection: Connection, library_id: str, scope: str) -> int | None:
    """The value that the counter gave out last. The library's lock is held, so nobody else can take the next one."""
    table = number_counters
    query = select(table.c.last_value).where(table.c.library_id == library_id, table.c.scope == scope)
    return connection.execute(query).scalar_one_or_none()


def save_counters(
    connection: Connection, library_id: str, values: Mapping[str, int], known: Mapping[str, int | None]
) -> None:
    """`known` tells which counters have a row already."""
    table = number_counters
    new = [scope for scope in values if known.get(scope) is None]
    if new:
        rows = [{"library_id": library_id, "scope": scope, "last_value": values[scope]} for scope in new]
        connection.execute(insert(table), rows)
    for scope in values.keys() - set(new):
        query = update(table).where(table.c.library_id == library_id, table.c.scope == scope)
        connection.execute(query.values(last_value=values[scope]))


def taken_numbers(connection: Connection, library_id: str, numbers: Sequence[str]) -> set[str]:
    """Those of the numbers that were given out before."""
    found: set[str] = set()
    for start in range(0, len(numbers), IN_LIST_MAX):
        query = select(issued_numbers.c.number).where(
            issued_numbers.c.library_id == library_id,
            issued_numbers.c.number.in_(numbers[start : start + IN_LIST_MAX]),
        )
        found.update(connection.execute(query).scalars())
    return found


def insert_numbers(connection: Connection, library_id: str, numbers: Sequence[str]) -> None:
    connection.execute(insert(issued_numbers), [{"library_id": library_id, "number": number} for number in numbers])
