"""`INSERT … ON CONFLICT`, which both databases know and SQLAlchemy offers on their dialects only."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert


def insert_on_its_own(connection: Connection, table: Table) -> Insert:
    """An insertion that may say what happens when the row is there already. Only the dialect in use is loaded."""
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    return cast("Insert", dialect.insert(table))
