"""The one collection of tables. Each room's `store.py` adds its own; nobody reads another room's.

Column types are chosen so that both databases hold and order exactly the same values: texts compare by bytes (collation "C" on
PostgreSQL, which is what SQLite does anyway), moments are ISO 8601 texts, exact decimals are texts in canonical form.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Float, Index, Integer, MetaData, Subquery, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.compiler import DDLCompiler

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

text_type = Text().with_variant(Text(collation="C"), "postgresql")
key_type = BigInteger().with_variant(Integer(), "sqlite")
number_type = Float(precision=53)

Relation = Subquery
"""A named result that a room offers others to join with, so that its tables stay its own."""


def key_column() -> Column[int]:
    """A row's own number, never shown outside: small to join on, and rows lie in the order in which they were written."""
    return Column("key", key_type, primary_key=True, autoincrement=True)


def text_column(name: str, *arguments: Any, nullable: bool = False, primary_key: bool = False) -> Column[str]:
    return Column(name, text_type, *arguments, nullable=nullable, primary_key=primary_key)


def reference_column(name: str, *arguments: Any, nullable: bool = False) -> Column[int]:
    """The `key` of a row elsewhere."""
    return Column(name, key_type, *arguments, nullable=nullable)


def number_column(name: str, *arguments: Any, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    return Column(name, BigInteger, *arguments, nullable=nullable, primary_key=primary_key)


def unique_where(name: str, *columns: Column[Any], where: ColumnElement[bool]) -> Index:
    """A unique index over the rows that a condition holds for. SQLAlchemy's own options for it are one per dialect, and naming
    PostgreSQL's loads that dialect into every server on SQLite."""
    return Index(name, *columns, unique=True, info={"where": where})


@compiles(CreateIndex)
def _create_index(element: CreateIndex, compiler: DDLCompiler, **options: Any) -> str:
    text: str = compiler.visit_create_index(element, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    where = element.element.info.get("where")
    if where is None:
        return text
    return f"{text} WHERE {compiler.sql_compiler.process(where, include_table=False, literal_binds=True)}"
