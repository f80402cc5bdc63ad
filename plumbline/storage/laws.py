"""What holds between the rows of a library, whoever wrote them: asked of a library that came in from outside, before it is kept.

Rooms say their laws in their stores, beside the tables, and hand them out as `reads.LAWS`. A law names the file of an archive (`noun`)
whose rows it is about, and answers with the key of a row that breaks it; for rows without one, with the id that their record begins with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, not_, or_, select

from plumbline.storage.intervals import OPEN
from plumbline.storage.schema import metadata

Offending = Callable[[str], Select[Any]]
"""From a library's id to the keys, or the ids, of rows that break a law."""
VERSIONS = "component_versions"
ROWS_AT_ONCE = 1_000
"""Rows in memory at a time, for a law that looks at all of them."""


class Law(NamedTuple):
    noun: str
    sentence: str
    """What a row does that breaks it; follows the place of the row."""
    broken_by: Callable[[Connection, str], int | str | None]


def law(noun: str, sentence: str, offending: Offending) -> Law:
    """One that a single statement asks."""

    def broken_by(connection: Connection, library_id: str) -> int | str | None:
        key: int | str | None = connection.execute(offending(library_id).limit(1)).scalar()
        return key

    return Law(noun, sentence, broken_by)


def out_of_step_with_versions(table: Table, owner: str) -> Offending:
    """Rows that do not begin and end together with versions of the component whose key is in the column `owner`."""

    def offending(library_id: str) -> Select[Any]:
        begun, ended = metadata.tables[VERSIONS].alias(), metadata.tables[VERSIONS].alias()
        begins = _version(begun, table.c[owner], table.c.from_version, table.c.from_change)
        ends = _version(ended, table.c[owner], table.c.to_version, table.c.to_change)
        still_holds = and_(table.c.to_version == OPEN, table.c.to_change == OPEN)
        wrong = or_(not_(begins), and_(not_(still_holds), not_(ends)), table.c.from_version >= table.c.to_version)
        return select(table.c.key).where(table.c.library_id == library_id, wrong)

    return offending


def twice_at_once(table: Table, *identity: str, owner: str | None = None) -> Offending:
    """Rows that hold at a change, or in a version of the same owner, in which another row of the same identity holds; and rows that end
    before they begin. What one change both brings and takes away holds at no change, but in a version."""

    def offending(library_id: str) -> Select[Any]:
        other = table.alias()
        same = and_(*(other.c[name] == table.c[name] for name in identity), other.c.library_id == table.c.library_id)
        meet = and_(other.c.from_change < table.c.to_change, other.c.to_change > table.c.from_change)
        if owner is not None:
            meet_in_version = and_(
                other.c[owner] == table.c[owner],
                other.c.from_version < table.c.to_version,
                other.c.to_version > table.c.from_version,
            )
            meet = or_(meet, meet_in_version)
        overlaps = exists().where(same, meet, other.c.key != table.c.key)
        return select(table.c.key).where(
            table.c.library_id == library_id, or_(table.c.from_change > table.c.to_change, overlaps)
        )

    return offending


def _version(versions: Any, owner: Any, number: Any, change: Any) -> ColumnElement[bool]:
    return exists().where(
        versions.c.component_key == owner, versions.c.number == number, versions.c.from_change == change
    )
