"""Components at a version: which rows a view shows, and how a row becomes a `Component`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, bindparam, func, literal_column, select

from plumbline.components.filter import Order, OrderField
from plumbline.components.model import Brief, Component
from plumbline.components.store.tables import components, releases, versions
from plumbline.components.view import WORKING, View, ViewMode
from plumbline.storage.intervals import holds_at_change
from plumbline.storage.prepared import CheckedAfterwards, Prepared, Row, among

COLUMNS: tuple[ColumnElement[Any], ...] = (
    components.c.key,
    components.c.id,
    components.c.cpn,
    versions.c.number,
    versions.c.name,
    versions.c.description,
    versions.c.category_id,
    versions.c.status_id,
    versions.c.revision,
    versions.c.eid,
    versions.c.procurement,
    versions.c.unit_of_measure,
    versions.c.labels,
    versions.c.is_archived,
    components.c.created_at,
    components.c.created_by,
    versions.c.saved_at,
    versions.c.saved_by,
    releases.c.version,
    releases.c.revision.label("released_revision"),
    releases.c.released_at,
)
"""In the order of the fields of `Component`."""


_SORT: Mapping[OrderField, ColumnElement[Any]] = {
    OrderField.CPN: components.c.cpn,
    OrderField.NAME: versions.c.name,
    OrderField.CREATED_AT: components.c.created_at,
    OrderField.UPDATED_AT: versions.c.saved_at,
    OrderField.REVISION: versions.c.revision_sort,
    OrderField.VERSION: versions.c.number,
}


def is_usual_order(order: Sequence[Order]) -> bool:
    """Whether columns of components alone tell the order, without the catalog."""
    return bool(order) and all(each.field in _SORT for each in order)


def usual_sort_column(field: OrderField) -> ColumnElement[Any]:
    return _SORT[field]


def shown_in(view: View) -> FromClause:
    """Components joined with the version that the view shows, and with their newest release in it."""
    return _shown_in(view.mode, view.at_change)


def _shown_in(mode: ViewMode, at_change: int | ColumnElement[int] | None) -> FromClause:
    release = and_(releases.c.component_key == components.c.key, holds_at_change(releases, at_change))
    if mode is ViewMode.RELEASED:
        version = and_(versions.c.component_key == components.c.key, versions.c.number == releases.c.version)
        return components.join(releases, release).join(versions, version)
    version = and_(versions.c.component_key == components.c.key, holds_at_change(versions, at_change))
    return components.join(versions, version).outerjoin(releases, release)


def components_by_ids(
    connection: Connection, library_id: str, ids: Sequence[str], view: View = WORKING
) -> dict[str, Component]:
    rows = _rows_by(connection, "id", library_id, ids, view)
    return {row[1]: Component._make(row) for row in rows}


def components_by_keys(
    connection: Connection, library_id: str, keys: Sequence[int], view: View = WORKING
) -> dict[int, Component]:
    """Those that the view shows, in the order of the keys: databases answer in whatever order they like."""
    found = {row[0]: Component._make(row) for row in _rows_by(connection, "key", library_id, keys, view)}
    return {key: found[key] for key in keys if key in found}


def components_by_cpns(
    connection: Connection, library_id: str, cpns: Sequence[str], view: View = WORKING
) -> dict[str, Component]:
    rows = _rows_by(connection, "cpn", library_id, cpns, view)
    return {row[2]: Component._make(row) for row in rows}


def _rows_by(
    connection: Connection, name: str, library_id: str, wanted: Sequence[Any], view: View, *, brief: bool = False
) -> list[Row]:
    if not wanted:
        return []
    prepared = _prepared_by(name, view.mode, view.at_change is None, brief)
    moment = {} if view.at_change is None else {"at_change": view.at_change}
    return prepared.rows(connection, library=library_id, wanted=list(wanted), **moment)


@cache
def _prepared_by(name: str, mode: ViewMode, is_now: bool, brief: bool) -> Prepared:
    tables = _shown_in(mode, None if is_now else bindparam("at_change"))
    mine = CheckedAfterwards(components.c.library_id) == bindparam("library")
    columns = _BRIEF if brief else COLUMNS
    if name == "cpn":  # which is unique within a library only, so both columns of its index are wanted
        mine = components.c.library_id == bindparam("library")
    return Prepared(lambda: select(*columns).select_from(tables).where(mine, among(components.c[name], "wanted")))


_BRIEF = (
    components.c.key,
    components.c.id,
    components.c.cpn,
    versions.c.name,
    versions.c.revision,
    versions.c.unit_of_measure,
    versions.c.category_id,
    versions.c.number,
)


def briefs_by_keys(connection: Connection, library_id: str, keys: Sequence[int], view: View) -> dict[int, Brief]:
    rows = _rows_by(connection, "key", library_id, keys, view, brief=True)
    return {row[0]: Brief._make(row) for row in rows}


def component_at_version(connection: Connection, component: Component, number: int) -> Component | None:
    """The component as it was at one of its versions."""
    version = and_(versions.c.component_key == components.c.key, versions.c.number == number)
    release = and_(releases.c.component_key == components.c.key, holds_at_change(releases, None))
    tables = components.join(versions, version).outerjoin(releases, release)
    row = connection.execute(
        select(*COLUMNS).select_from(tables).where(components.c.key == component.key)
    ).one_or_none()
    return None if row is None else Component._make(row)


def component_page(
    connection: Connection,
    library_id: str,
    view: View,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[tuple[ColumnElement[Any], bool]],
    limit: int,
) -> list[Row]:
    """Rows of COLUMNS followed by the sort values."""
    query = _page_query(shown_in(view), conditions, order).where(components.c.library_id == library_id).limit(limit)
    return [tuple(row) for row in connection.execute(query)]


def usual_page(
    connection: Connection, library_id: str, order: tuple[Order, ...], limit: int, *, without_archived: bool
) -> list[Row]:
    """The first page of the library as it is now: what is asked most of all."""
    prepared = _usual_page(order, without_archived)
    return prepared.rows(connection, library=library_id, limit=limit)


@lru_cache(maxsize=64)
def _usual_page(order: tuple[Order, ...], without_archived: bool) -> Prepared:
    columns = [(usual_sort_column(each.field), each.descending) for each in order]
    columns.append((components.c.key, order[-1].descending))
    conditions = [components.c.library_id == bindparam("library")]
    if without_archived:
        conditions.append(versions.c.is_archived.is_(False))
    tables = shown_in(WORKING)
    return Prepared(lambda: _page_query(tables, conditions, columns).limit(bindparam("limit")))


def usual_count(connection: Connection, library_id: str, *, without_archived: bool) -> int:
    rows = _usual_count(without_archived).rows(connection, library=library_id)
    return int(rows[0][0])


@cache
def _usual_count(without_archived: bool) -> Prepared:
    mine = [versions.c.library_id == bindparam("library"), holds_at_change(versions, None)]
    if without_archived:
        mine.append(versions.c.is_archived.is_(False))
    return Prepared(lambda: select(func.count(literal_column("1"))).select_from(versions).where(*mine))


def _page_query(
    tables: FromClause, conditions: Sequence[ColumnElement[bool]], order: Sequence[tuple[ColumnElement[Any], bool]]
) -> Select[Any]:
    sorted_by = [column.desc() if descending else column.asc() for column, descending in order]
    query = select(*COLUMNS, *(column for column, _ in order)).select_from(tables)
    return query.where(*conditions).order_by(*sorted_by)


def component_count(
    connection: Connection, library_id: str, view: View, conditions: Sequence[ColumnElement[bool]], tables: FromClause
) -> int:
    """`tables` is what the conditions speak of: `shown_in`, or `versions_shown_in` when that is enough."""
    query = select(func.count(literal_column("1"))).select_from(tables)
    return int(connection.execute(query.where(versions.c.library_id == library_id, *conditions)).scalar_one())


def versions_shown_in(view: View, conditions: list[ColumnElement[bool]]) -> FromClause:
    """The rows of versions alone, for a count that asks nothing of other tables; adds the condition of the view."""
    conditions.append(holds_at_change(versions, view.at_change))
    return versions
