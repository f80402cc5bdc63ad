"""The tables of the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, ForeignKey, Index, Table, and_, bindparam, delete, insert, select, update

from plumbline.catalog.model import Attribute, Category, CategoryAttribute, Status
from plumbline.storage.schema import metadata, number_column, text_column, unique_where

statuses = Table(
    "statuses",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("name"),
    text_column("maps_to"),
    text_column("color"),
    number_column("position"),
    number_column("retired_change", nullable=True),
)
unique_where(
    "uq_statuses_library_id_name",
    statuses.c.library_id,
    statuses.c.name,
    where=statuses.c.retired_change.is_(None),
)

attributes = Table(
    "attributes",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("name"),
    text_column("type"),
    text_column("unit", nullable=True),
    text_column("source"),
    text_column("source_key", nullable=True),
    text_column("choices"),
    number_column("retired_change", nullable=True),
)
unique_where(
    "uq_attributes_library_id_name",
    attributes.c.library_id,
    attributes.c.name,
    where=attributes.c.retired_change.is_(None),
)

categories = Table(
    "categories",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("code"),
    text_column("name"),
    text_column("short_name", nullable=True),
    text_column("type"),
    text_column("unit_of_measure"),
    text_column("parent_id", ForeignKey("categories.id"), nullable=True),
    number_column("retired_change", nullable=True),
    Index("ix_categories_library_id_name", "library_id", "name"),
)
unique_where(
    "uq_categories_library_id_code",
    categories.c.library_id,
    categories.c.code,
    where=categories.c.retired_change.is_(None),
)

category_attributes = Table(
    "category_attributes",
    metadata,
    text_column("category_id", ForeignKey("categories.id"), primary_key=True),
    text_column("attribute_id", ForeignKey("attributes.id"), primary_key=True),
    number_column("position"),
    text_column("rule", nullable=True),
)

_STATUS = [statuses.c[name] for name in Status._fields]
_CATEGORY = [categories.c[name] for name in Category._fields]
_ATTRIBUTE = [attributes.c[name] for name in Attribute._fields]
_CATEGORY_ATTRIBUTE = [category_attributes.c[name] for name in CategoryAttribute._fields]


def insert_statuses(connection: Connection, library_id: str, new: Iterable[Status]) -> None:
    if rows := [{**each._asdict(), "library_id": library_id} for each in new]:
        connection.execute(insert(statuses), rows)


def insert_attributes(connection: Connection, library_id: str, new: Iterable[Attribute]) -> None:
    rows = [
        {**each._asdict(), "choices": orjson.dumps(each.choices).decode(), "library_id": library_id} for each in new
    ]
    if rows:
        connection.execute(insert(attributes), rows)


def insert_categories(connection: Connection, library_id: str, new: Iterable[Category]) -> None:
    if rows := [{**each._asdict(), "library_id": library_id} for each in new]:
        connection.execute(insert(categories), rows)


def insert_category_attributes(connection: Connection, new: Iterable[CategoryAttribute]) -> None:
    if rows := [each._asdict() for each in new]:
        connection.execute(insert(category_attributes), rows)


def statuses_of_library(connection: Connection, library_id: str) -> list[Status]:
    query = select(*_STATUS).where(statuses.c.library_id == library_id).order_by(statuses.c.position)
    return [Status._make(row) for row in connection.execute(query)]


def attributes_of_library(connection: Connection, library_id: str) -> list[Attribute]:
    query = select(*_ATTRIBUTE).where(attributes.c.library_id == library_id).order_by(attributes.c.name)
    return [
        Attribute._make(row)._replace(choices=tuple(orjson.loads(row.choices))) for row in connection.execute(query)
    ]


def categories_of_library(connection: Connection, library_id: str) -> list[Category]:
    query = select(*_CATEGORY).where(categories.c.library_id == library_id).order_by(categories.c.code)
    return [Category._make(row) for row in connection.execute(query)]


def category_attributes_of_library(connection: Connection, library_id: str) -> list[CategoryAttribute]:
    query = (
        select(*_CATEGORY_ATTRIBUTE)
        .join(categories, categories.c.id == category_attributes.c.category_id)
        .where(categories.c.library_id == library_id)
        .order_by(category_attributes.c.category_id, category_attributes.c.position)
    )
    return [CategoryAttribute._make(row) for row in connection.execute(query)]


def put_statuses(connection: Connection, library_id: str, before: Sequence[Status], after: Sequence[Status]) -> None:
    """Inserts and updates what differs."""
    _put(connection, statuses, library_id, _wires(before), _wires(after))


def put_attributes(
    connection: Connection, library_id: str, before: Sequence[Attribute], after: Sequence[Attribute]
) -> None:
    _put(connection, attributes, library_id, _wires(before), _wires(after))


def put_categories(
    connection: Connection, library_id: str, before: Sequence[Category], after: Sequence[Category]
) -> None:
    _put(connection, categories, library_id, _wires(before), _wires(after))


def put_category_attributes(
    connection: Connection, before: Sequence[CategoryAttribute], after: Sequence[CategoryAttribute]
) -> None:
    present = {(each.category_id, each.attribute_id): each for each in before}
    wanted = {(each.category_id, each.attribute_id): each for each in after}
    table = category_attributes
    mine = and_(table.c.category_id == bindparam("category"), table.c.attribute_id == bindparam("attribute"))
    gone = [{"category": one, "attribute": other} for one, other in present.keys() - wanted.keys()]
    if gone:
        connection.execute(delete(table).where(mine), gone)
    changed = [
        {"category": key[0], "attribute": key[1], "new_position": each.position, "new_rule": each.rule}
        for key, each in wanted.items()
        if key in present and present[key] != each
    ]
    if changed:
        values: Wire = {"position": bindparam("new_position"), "rule": bindparam("new_rule")}
        connection.execute(update(table).where(mine).values(values), changed)
    insert_category_attributes(connection, [each for key, each in wanted.items() if key not in present])


Wire = dict[str, Any]


def _wires(entries: Iterable[Status | Attribute | Category]) -> list[Wire]:
    return [
        {**each._asdict(), **({"choices": orjson.dumps(each.choices).decode()} if isinstance(each, Attribute) else {})}
        for each in entries
    ]


def _put(connection: Connection, table: Table, library_id: str, before: list[Wire], after: list[Wire]) -> None:
    present = {wire["id"]: wire for wire in before}
    changed = [wire for wire in after if wire["id"] in present and present[wire["id"]] != wire]
    # Names and codes may go round in a circle, so everything that changes retires for a moment before it takes its place.
    for step in ([{**each, "retired_change": 0} for each in changed], changed):
        if step:
            columns: Wire = {name: bindparam(f"new_{name}") for name in step[0] if name != "id"}
            rows = [{f"new_{name}": value for name, value in each.items()} for each in step]
            connection.execute(update(table).where(table.c.id == bindparam("new_id")).values(columns), rows)
    new = [{**wire, "library_id": library_id} for wire in after if wire["id"] not in present]
    if new:
        connection.execute(insert(table), new)
