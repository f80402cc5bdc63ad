"""Rows that are never overwritten: each says for which changes of its library, and for which versions of its owner, it holds.

A row holds from `from_change` up to, not including, `to_change`; the same for versions. A row that still holds ends at `OPEN`. To change
a row, close it and insert its successor: two rows written, whatever the size of the assembly around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, update
from sqlalchemy.sql.schema import Column

from plumbline.storage.schema import number_column

OPEN = 2**53 - 1
"""The end of a row that still holds. The largest whole number that every client language can hold exactly."""

IN_LIST_MAX = 900
"""Values in one IN list: SQLite's oldest supported limit is 999 variables a statement."""


def change_interval_columns() -> tuple[Column[int], Column[int]]:
    return number_column("from_change"), number_column("to_change")


def version_interval_columns() -> tuple[Column[int], Column[int]]:
    return number_column("from_version"), number_column("to_version")


def holds_at_change(table: Any, at_change: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """The rows that hold at a change of the library; None means now."""
    if at_change is None:
        return table.c.to_change == OPEN  # type: ignore[no-any-return]  # `table` may also be an alias
    return and_(table.c.from_change <= at_change, table.c.to_change > at_change)


def holds_at_version(table: Any, version: int | ColumnElement[int]) -> ColumnElement[bool]:
    """The rows that belong to a version of their owner."""
    return and_(table.c.from_version <= version, table.c.to_version > version)


AtVersion = tuple[int, int]
"""An owner, by its key, and the number of one of its versions."""


def holds_between(table: Any) -> ColumnElement[bool]:
    """The rows that belong to some version from the parameter `earliest` up to `latest`."""
    return and_(table.c.from_version <= bindparam("latest"), table.c.to_version > bindparam("earliest"))


def at_versions(rows: Iterable[tuple[Any, ...]], wanted: Iterable[AtVersion]) -> dict[AtVersion, list[tuple[Any, ...]]]:
    """The rows that hold at each version, in their order. A row begins with its owner, its first version and the version after its last."""
    found: dict[AtVersion, list[tuple[Any, ...]]] = {each: [] for each in wanted}
    lists: dict[int, list[tuple[int, list[tuple[Any, ...]]]]] = {}
    for (owner, version), held in found.items():
        lists.setdefault(owner, []).append((version, held))
    for row in rows:
        for version, held in lists[row[0]]:
            if row[1] <= version < row[2]:
                held.append(row)
    return found


def close_rows(connection: Connection, table: Table, keys: Sequence[int], *, change: int, version: int) -> None:
    """Ends rows with this change, which makes this version of their owner."""
    for start in range(0, len(keys), IN_LIST_MAX):
        connection.execute(
            update(table)
            .where(table.c.key.in_(keys[start : start + IN_LIST_MAX]))
            .values(to_change=change, to_version=version)
        )
