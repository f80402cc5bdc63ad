"""The tables of the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson
from sqlalchemy import Connection, ForeignKey, Index, Table, bindparam, insert, select

from plumbline.catalog.model import Attribute, Category, CategoryAttribute, Status
from plumbline.storage.prepared import CheckedAfterwards, Prepared, among
from plumbline.storage.schema import metadata, number_column, text_column

statuses = Table(
    "statuses",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("name"),
    text_column("maps_to"),
    text_column("color"),
    number_column("position"),
    Index("uq_statuses_library_id_name", "library_id", "name", unique=True),
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
    Index("uq_attributes_library_id_name", "library_id", "name", unique=True),
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
    Index("uq_categories_library_id_code", "library_id", "code", unique=True),
    Index("ix_categories_library_id_name", "library_id", "name"),
)

category_attributes = Table(
    "category_attributes",
    metadata,
    text_column("category_id", ForeignKey("categories.id"), primary_key=True),
    text_column("attribute_id", ForeignKey("attributes.id"), primary_key=True),
    number_column("position"),
    text_column("required_from", nullable=True),
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
    return [Status._make(row) for row in _statuses.rows(connection, library=library_id)]


_statuses = Prepared(
    lambda: select(*_STATUS).where(statuses.c.library_id == bindparam("library")).order_by(statuses.c.position)
)


def attributes_of_library(connection: Connection, library_id: str) -> list[Attribute]:
    query = select(*_ATTRIBUTE).where(attributes.c.library_id == library_id).order_by(attributes.c.name)
    return [Attribute._make((*row[:-1], tuple(orjson.loads(row[-1])))) for row in connection.execute(query)]


def categories_of_library(connection: Connection, library_id: str) -> list[Category]:
    query = select(*_CATEGORY).where(categories.c.library_id == library_id).order_by(categories.c.code)
    return [Category._make(row) for row in connection.execute(query)]


def categories_by_ids(connection: Connection, library_id: str, ids: Sequence[str]) -> list[Category]:
    return [Category._make(row) for row in _categories_by_ids.rows(connection, library=library_id, ids=list(ids))]


_categories_by_ids = Prepared(
    lambda: select(*_CATEGORY).where(
        CheckedAfterwards(categories.c.library_id) == bindparam("library"), among(categories.c.id, "ids")
    )
)


def category_attributes_of_library(connection: Connection, library_id: str) -> list[CategoryAttribute]:
    query = (
        select(*_CATEGORY_ATTRIBUTE)
        .join(categories, categories.c.id == category_attributes.c.category_id)
        .where(categories.c.library_id == library_id)
        .order_by(category_attributes.c.category_id, category_attributes.c.position)
    )
    return [CategoryAttribute._make(row) for row in connection.execute(query)]
