"""Rows of any table as records and back. What a record is, rooms say (`kit.record_model`); here rows are only moved.

Rows leave in the order of their keys, which is the order in which they were written, and come back in it: whatever the keys are then, rows
lie in the same order as before. A row of another library is never read, and never named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    cast,
    collate,
    func,
    insert,
    literal,
    select,
    true,
)
from sqlalchemy.exc import DBAPIError

from plumbline.kit.quantity import canonical
from plumbline.storage.intervals import IN_LIST_MAX, OPEN
from plumbline.storage.prepared import CheckedAfterwards
from plumbline.storage.schema import metadata

if TYPE_CHECKING:
    from plumbline.kit.record_model import FieldLayout, Layout

ROWS_AT_ONCE = 1_000
"""Rows in memory at a time, on the way out."""
USERS = "users"
_DEPTH_UNKNOWN = 2**31


class RecordRejected(Exception):
    """A record that the library cannot take: which of those handed in, at which field, and why."""

    def __init__(self, place: int, field: str | None, why: str) -> None:
        super().__init__(why)
        self.place, self.field, self.why = place, field, why


class Incoming(NamedTuple):
    """A record that was read: its fields as on the wire, and the columns that were worked out from them."""

    wire: Mapping[str, Any]
    derived: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Passage:
    """The library that records leave or enter. `layouts`: all that travel, by noun."""

    connection: Connection
    library_id: str
    layouts: Mapping[str, Layout]

    def table(self, noun: str) -> Table:
        return metadata.tables[self.layouts[noun].table]


def record_lines(passage: Passage, layout: Layout) -> Iterator[bytes]:
    """Every row of the library as a line of JSON, as the database hands them out."""
    names = [field.wire for field in layout.fields]
    converted = [
        (place, _TO_WIRE[field.stored.name])
        for place, field in enumerate(layout.fields)
        if field.stored.name in _TO_WIRE
    ]
    query = _rows_in_order(passage, layout)
    with passage.connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        for row in rows:
            values = list(row)
            for place, convert in converted:
                values[place] = convert(values[place])
            yield orjson.dumps(dict(zip(names, values, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


def insert_records(passage: Passage, layout: Layout, records: Sequence[Incoming], people: Mapping[str, str]) -> None:
    """Adds rows, in order. `people`: users' ids here by their ids in the records. Raises RecordRejected; then nothing was added."""
    table = passage.table(layout.noun)
    common = {"library_id": passage.library_id} if "library_id" in table.c else {}
    rows: list[dict[str, Any]] = [{**common, **each.derived} for each in records]
    for field in layout.fields:
        values = [each.wire[field.wire] for each in records]
        if field.names is not None:
            values = _resolved(passage, layout, field, records, people)
        convert = _TO_COLUMN.get(field.stored.name)
        for row, value in zip(rows, values, strict=True):
            row[field.column] = value if convert is None else convert(value)
    _insert(passage.connection, table, rows)


def line_of_key(passage: Passage, noun: str, key: int) -> int:
    """Where a row stands among those of its library and table, counted from 1: its line in the file that it came from."""
    table = passage.table(noun)
    query = select(func.count()).where(table.c.library_id == passage.library_id, table.c.key <= key)
    return int(passage.connection.execute(query).scalar_one())


def _rows_in_order(passage: Passage, layout: Layout) -> Select[Any]:
    table = passage.table(layout.noun)
    tables: FromClause = table
    columns: list[ColumnElement[Any]] = []
    for field in layout.fields:
        if field.stored.name == "KEY":
            named = passage.table(field.names or "").alias()
            tables = tables.join(named, named.c.key == table.c[field.column])
            columns.append(named.c.id)
        else:
            columns.append(table.c[field.column])
    order: list[ColumnElement[Any]] = [table.c.key] if "key" in table.c else list(table.primary_key.columns)
    own = next((field for field in layout.fields if field.names == layout.noun), None)
    if own is not None:
        depths = _depths(table, table.c[own.column], passage.library_id)
        tables = tables.outerjoin(depths, depths.c.id == table.c.id)
        order.insert(0, func.coalesce(depths.c.depth, _DEPTH_UNKNOWN))
    return select(*columns).select_from(tables).where(_of_library(passage, layout)).order_by(*order)


def _of_library(passage: Passage, layout: Layout) -> ColumnElement[bool]:
    table = passage.table(layout.noun)
    if layout.noun == USERS:
        return table.c.id.in_(_people(passage))
    conditions = [_belongs(passage, layout, table)]
    if layout.only is not None:
        conditions.append(table.c[layout.only.column].in_(layout.only.values))
    for field in layout.fields:
        named = passage.layouts.get(field.names or "")
        if named is not None and named.only is not None:
            travelling = select(passage.table(named.noun).c.id).where(_of_library(passage, named))
            conditions.append(table.c[field.column].in_(travelling))
    return and_(*conditions)


def _belongs(passage: Passage, layout: Layout, table: Table) -> ColumnElement[bool]:
    if "library_id" not in table.c:
        owner = next(field for field in layout.fields if field.names is not None)
        named = passage.table(owner.names or "")
        return table.c[owner.column].in_(select(named.c.id).where(named.c.library_id == passage.library_id))
    if "key" in table.c:
        # Walked along the keys: by the index of libraries a whole table would have to be sorted in memory first.
        return CheckedAfterwards(table.c.library_id) == passage.library_id
    return table.c.library_id == passage.library_id


def _people(passage: Passage) -> Any:
    """The ids of all users that a record of the library names."""
    first, *others = [
        _named_by(passage, layout, field)
        for layout in passage.layouts.values()
        for field in layout.fields
        if field.names == USERS
    ]
    return first.union(*others)


def _named_by(passage: Passage, layout: Layout, field: FieldLayout) -> Select[Any]:
    """The ids that stand in a column, in its rows of the library."""
    table = passage.table(layout.noun)
    column = table.c[field.column]
    ids: ColumnElement[Any] = column
    tables: FromClause = table
    if field.within is not None and passage.connection.dialect.name == "sqlite":
        entries = func.json_each(column).table_valued("value")
        ids, tables = func.json_extract(entries.c.value, f"$.{field.within}"), table.join(entries, true())
    elif field.within is not None:
        entries = func.json_array_elements(cast(column, JSON)).table_valued("value")
        found = func.json_extract_path_text(entries.c.value, field.within)
        ids, tables = collate(found, "C"), table.join(entries, true())
    return select(ids).select_from(tables).where(_of_library(passage, layout))


def _depths(table: Table, parent: Column[Any], library_id: str) -> Any:
    """How far below the top each row stands, so that parents leave before their children."""
    tops = select(table.c.id, literal(0).label("depth")).where(table.c.library_id == library_id, parent.is_(None))
    found = tops.cte("depths", recursive=True)
    below = table.alias()
    children = select(below.c.id, found.c.depth + 1).join(found, below.c[parent.name] == found.c.id)
    return found.union_all(children)


def _resolved(
    passage: Passage, layout: Layout, field: FieldLayout, records: Sequence[Incoming], people: Mapping[str, str]
) -> list[Any]:
    """What the column holds for each reference. One that names no record of the library so far is rejected."""
    values = [each.wire[field.wire] for each in records]
    known = dict(people) if field.names == USERS else _present(passage, field, values)
    stored: list[Any] = []
    for place, value in enumerate(values):
        for one in _ids_in(field, value):
            if one not in known:
                raise RecordRejected(place, field.wire, f"names {one}, which no record before it in {field.names} has")
        stored.append(_with_ids(field, value, known))
        if field.names == layout.noun:  # a row may name one that comes with it, before it
            known[records[place].wire["id"]] = records[place].wire["id"]
    return stored


def _ids_in(field: FieldLayout, value: Any) -> list[str]:
    """The ids in a value of the field: none, one, or those of a list."""
    if field.within is not None:
        return [each[field.within] for each in value if field.within in each]
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _with_ids(field: FieldLayout, value: Any, known: Mapping[str, Any]) -> Any:
    """The value with what the column holds in the place of each id."""
    if field.within is not None:
        key = field.within
        return [{**each, key: known[each[key]]} if key in each else each for each in value]
    if isinstance(value, list):
        return [known[each] for each in value]
    return None if value is None else known[value]


def _present(passage: Passage, field: FieldLayout, values: Sequence[Any]) -> dict[str, Any]:
    """What the column holds for the ids that the library has."""
    table = passage.table(field.names or "")
    wanted = list(dict.fromkeys(one for value in values for one in _ids_in(field, value)))
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), IN_LIST_MAX):
        condition = table.c.id.in_(wanted[start : start + IN_LIST_MAX])
        query = select(table.c.id, table.c.key if field.stored.name == "KEY" else table.c.id)
        rows = passage.connection.execute(
            query.where(condition, CheckedAfterwards(table.c.library_id) == passage.library_id)
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """All at once; one by one when that fails, to find out which row it is."""
    try:
        with connection.begin_nested():
            connection.execute(insert(table), rows)
    except DBAPIError as together:
        for place, row in enumerate(rows):
            try:
                with connection.begin_nested():
                    connection.execute(insert(table), row)
            except DBAPIError as alone:
                raise RecordRejected(place, None, _in_words(alone)) from alone
        raise RecordRejected(0, None, _in_words(together)) from together


def _in_words(fault: DBAPIError) -> str:
    """The first line of what the database says; it names the index or the rule, and no value of another library."""
    return f"cannot be kept: {str(fault.orig).splitlines()[0]}"


_TO_WIRE: Mapping[str, Callable[[Any], Any]] = {
    "JSON": lambda kept: None if kept is None else orjson.Fragment(kept),
    "END": lambda kept: None if kept == OPEN else kept,
    "FLOAT": lambda kept: None if kept is None else canonical(Decimal(repr(kept))),
}
_TO_COLUMN: Mapping[str, Callable[[Any], Any]] = {
    "JSON": lambda wire: None if wire is None else orjson.dumps(wire).decode(),
    "END": lambda wire: OPEN if wire is None else wire,
    "FLOAT": lambda wire: None if wire is None else float(wire),
}
