"""The tables of numbering: counters, and every number that was ever given out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, ForeignKey, Table, insert, select, update

from plumbline.storage.intervals import IN_LIST_MAX
from plumbline.storage.schema import metadata, number_column, text_column

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
