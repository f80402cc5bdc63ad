"""The newest versions of a whole library by the thousand, as plain rows: what a plan of another configuration measures its effects on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy import false as sql_false

from plumbline.catalog.attributes import TypedValue
from plumbline.components.model import Head, PastValue, RevisionsInUse
from plumbline.components.store.tables import attribute_values, components, releases, versions
from plumbline.storage.intervals import IN_LIST_MAX, OPEN, holds_at_change
from plumbline.storage.prepared import Prepared

_heads = Prepared(
    lambda: (
        select(components.c.key, components.c.id, components.c.cpn, versions.c.category_id, versions.c.status_id)
        .join(components, components.c.key == versions.c.component_key)
        .where(
            versions.c.library_id == bindparam("library"),
            versions.c.to_change == OPEN,
            versions.c.is_archived == sql_false(),
        )
        .order_by(
            components.c.key
        )  # so that the first examples of an effect are the same ones wherever the library lies
    )
)


def heads(connection: Connection, library_id: str) -> list[Head]:
    return list(map(Head._make, _heads.rows(connection, library=library_id)))


_values = Prepared(
    lambda: (
        select(*(attribute_values.c[name] for name in ("component_key", "text", "number", "value", "unit")))
        .where(attribute_values.c.attribute_id == bindparam("attribute"), attribute_values.c.to_change == OPEN)
        .order_by(attribute_values.c.component_key)
    )
)


def values_of_attribute(connection: Connection, attribute_id: str) -> Iterator[tuple[int, TypedValue]]:
    """Its present values, those of archived components among them. Equal values are one object: parts share them by the thousand."""
    same: dict[tuple[object, ...], TypedValue] = {}
    for row in _values.rows(connection, attribute=attribute_id):
        value = same.get(row[1:])
        if value is None:
            value = same[row[1:]] = TypedValue._make(row[1:])
        yield row[0], value


def revisions_in_use(connection: Connection, library_id: str) -> list[RevisionsInUse]:
    query = (
        select(releases.c.status_id, releases.c.revision, func.count(), func.min(components.c.cpn))
        .join(components, components.c.key == releases.c.component_key)
        .where(releases.c.library_id == library_id, holds_at_change(releases, None))
        .group_by(releases.c.status_id, releases.c.revision)
    )
    return [RevisionsInUse._make(row) for row in connection.execute(query)]


def values_ever(connection: Connection, attribute_id: str) -> list[PastValue]:
    """Every value that the attribute ever had, by part number."""
    of_value = [attribute_values.c[name] for name in ("text", "number", "value", "unit")]
    query = (
        select(attribute_values.c.key, components.c.key, components.c.cpn, *of_value)
        .join(components, components.c.key == attribute_values.c.component_key)
        .where(attribute_values.c.attribute_id == attribute_id)
        .order_by(components.c.cpn, attribute_values.c.key)
    )
    return [PastValue(row[0], row[1], row[2], TypedValue._make(row[3:])) for row in connection.execute(query)]


def read_values_anew(connection: Connection, values: Sequence[tuple[int, TypedValue]]) -> None:
    """What was derived from the texts of values is derived again; the texts themselves stay."""
    statement = (
        update(attribute_values)
        .where(attribute_values.c.key == bindparam("row"))
        .values(number=bindparam("new_number"), value=bindparam("new_value"), unit=bindparam("new_unit"))
    )
    for start in range(0, len(values), IN_LIST_MAX):
        part = values[start : start + IN_LIST_MAX]
        rows = [
            {"row": key, "new_number": each.number, "new_value": each.value, "new_unit": each.unit}
            for key, each in part
        ]
        connection.execute(statement, rows)
