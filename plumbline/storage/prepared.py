"""Statements that are asked thousands of times a second: written with SQLAlchemy like all others, compiled once per dialect, then run by
the driver alone. A row is a plain tuple.

A list of values is one parameter, whatever its length, so that one text serves a page of one and a page of a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import Boolean, ColumnElement, Connection, Executable, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

Row = tuple[Any, ...]


class AmongValues(ColumnElement[bool]):
    """`column` is one of the values of a list parameter."""

    __visit_name__ = "among_values"
    _traverse_internals = [  # noqa: RUF012  # SQLAlchemy's own form
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]
    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values: ColumnElement[Any] = bindparam(name)


def among(column: Any, name: str) -> AmongValues:
    """`column IN (…)`, where the parameter `name` holds the list."""
    return AmongValues(column, name)


@compiles(AmongValues, "sqlite")
def _among_on_sqlite(element: AmongValues, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # both are SQLAlchemy's own texts


@compiles(AmongValues, "postgresql")
def _among_on_postgresql(element: AmongValues, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} = ANY({values})"


class CheckedAfterwards(ColumnElement[Any]):
    """A column whose index must not be used. SQLite, which knows nothing of a list's length, would otherwise rather walk through a whole
    library than look up ten ids; a plus sign in front of the column forbids it."""

    __visit_name__ = "checked_afterwards"
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]  # noqa: RUF012  # SQLAlchemy's own form
    inherit_cache = True

    def __init__(self, column: Any) -> None:
        self.column: ColumnElement[Any] = column
        self.type = column.type


@compiles(CheckedAfterwards, "sqlite")
def _checked_on_sqlite(element: CheckedAfterwards, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"


@compiles(CheckedAfterwards, "postgresql")
def _checked_on_postgresql(element: CheckedAfterwards, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


class Prepared:
    """A statement with named parameters. `build` makes it, on the first use."""

    def __init__(self, build: Callable[[], Executable]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def rows(self, connection: Connection, **values: object) -> list[Row]:
        """All rows, as the driver gives them."""
        dialect = connection.dialect.name
        known = self._compiled.get(dialect)
        if known is None:
            known = self._compiled[dialect] = self._compile(connection)
        text, order, constants = known
        given = {**constants, **values} if constants else values
        on_sqlite = dialect == "sqlite"
        bound = {name: _list_parameter(value, on_sqlite) for name, value in given.items()}
        parameters: Any = bound if order is None else tuple(bound[name] for name in order)
        result = connection.exec_driver_sql(text, parameters)
        assert result.cursor is not None, "a prepared statement answers with rows"
        rows: list[Row] = list(result.cursor.fetchall())
        result.close()
        return rows

    def _compile(self, connection: Connection) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
        compiled = self._build().compile(dialect=connection.dialect)  # type: ignore[attr-defined]  # every statement can
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        return str(compiled), None if compiled.positiontup is None else tuple(compiled.positiontup), constants


def _list_parameter(value: object, on_sqlite: bool) -> object:
    """SQLite reads a list as JSON, PostgreSQL as an array."""
    if isinstance(value, str | int) or not isinstance(value, Sequence):
        return value
    return orjson.dumps(value).decode() if on_sqlite else list(value)
