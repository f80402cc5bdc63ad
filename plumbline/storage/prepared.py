"""Statements that are asked thousands of times a second: written with SQLAlchemy like all others, compiled once per dialect, then run by
the driver alone. A row is a plain tuple.

A statement may take one list of values. PostgreSQL reads it as an array. SQLite gets a list of placeholders, because its planner cannot
see into anything else; lengths are rounded up to a few sizes, the last value repeated, so that a few texts serve every length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Executable, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

Row = tuple[Any, ...]

_LIST = "/*list*/"
"""Stands before the one placeholder that a list of them replaces."""
_LENGTHS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 900)
"""SQLite's oldest supported limit is 999 variables a statement."""


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

    def self_group(self, against: Any = None) -> AmongValues:
        """As it is. SQLAlchemy would write `= 1` behind it on SQLite, and no index would be used any more."""
        return self


def among(column: Any, name: str) -> AmongValues:
    """`column IN (…)`, where the parameter `name` holds the list."""
    return AmongValues(column, name)


@compiles(AmongValues, "sqlite")
def _among_on_sqlite(element: AmongValues, compiler: SQLCompiler, **options: Any) -> str:
    column, values = compiler.process(element.column, **options), compiler.process(element.values, **options)
    return f"{column} IN ({_LIST}{values})"


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


_Compiled = tuple[str, tuple[str, ...] | None, dict[str, Any]]


class Prepared:
    """A statement with named parameters. `build` makes it, on the first use."""

    def __init__(self, build: Callable[[], Executable]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: object) -> list[Row]:
        """All rows, as the driver gives them. A list longer than a statement takes is asked in parts."""
        text, order, constants = self._text(connection)
        given = {**constants, **values}
        if order is None:
            return _run(connection, text, given)
        name = next((name for name, value in given.items() if isinstance(value, list)), None)
        if name is None:
            return _run(connection, text, tuple(given[each] for each in order))
        found: list[Row] = []
        wanted: list[Any] = given[name]
        for start in range(0, len(wanted), _LENGTHS[-1]):
            part = _rounded_up(wanted[start : start + _LENGTHS[-1]])
            expanded = text.replace(f"{_LIST}?", ",".join("?" * len(part)), 1)
            parameters = tuple(value for each in order for value in (part if each == name else (given[each],)))
            found += _run(connection, expanded, parameters)
        return found

    def _text(self, connection: Connection) -> _Compiled:
        """SQL, the order of its parameters where they have no names, and the values that are part of it."""
        dialect = connection.dialect
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self._build().compile(dialect=dialect)  # type: ignore[attr-defined]  # every statement can
            constants = {name: value for name, value in compiled.params.items() if value is not None}
            order = None if compiled.positiontup is None else tuple(compiled.positiontup)
            known = self._compiled[dialect.name] = (str(compiled), order, constants)
        return known


def _run(connection: Connection, text: str, parameters: Any) -> list[Row]:
    """Through SQLAlchemy if somebody listens to its statements, else past it: describing a result costs it as much as reading one."""
    if connection.engine.dispatch.before_cursor_execute:
        result = connection.exec_driver_sql(text, parameters)
        assert result.cursor is not None, "a prepared statement answers with rows"
        rows = list(result.cursor.fetchall())
        result.close()
        return rows
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, parameters)
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _rounded_up(values: list[Any]) -> list[Any]:
    length = next(each for each in _LENGTHS if each >= len(values))
    return values + values[-1:] * (length - len(values))
