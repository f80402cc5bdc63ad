"""Components at a version: which rows a view shows, and how a row becomes a `Component`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, func, literal_column, select

from plumbline.components.model import Brief, Component
from plumbline.components.store.tables import components, releases, versions
from plumbline.components.view import WORKING, View, ViewMode
from plumbline.storage.intervals import IN_LIST_MAX, holds_at_change

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


def shown_in(view: View) -> FromClause:
    """Components joined with the version that the view shows, and with their newest release in it."""
    release = and_(releases.c.component_key == components.c.key, holds_at_change(releases, view.at_change))
    if view.mode is ViewMode.RELEASED:
        version = and_(versions.c.component_key == components.c.key, versions.c.number == releases.c.version)
        return components.join(releases, release).join(versions, version)
    version = and_(versions.c.component_key == components.c.key, holds_at_change(versions, view.at_change))
    return components.join(versions, version).outerjoin(releases, release)


def to_component(row: Row[Any] | Sequence[Any]) -> Component:
    return Component._make(row)


def components_where(
    connection: Connection, library_id: str, view: View, *conditions: ColumnElement[bool]
) -> list[Component]:
    query = select(*COLUMNS).select_from(shown_in(view)).where(components.c.library_id == library_id, *conditions)
    return [Component._make(row) for row in connection.execute(query)]


def components_by_ids(
    connection: Connection, library_id: str, ids: Sequence[str], view: View = WORKING
) -> dict[str, Component]:
    found: dict[str, Component] = {}
    for part in _slices(ids):
        found.update(
            (each.id, each) for each in components_where(connection, library_id, view, components.c.id.in_(part))
        )
    return found


def components_by_keys(
    connection: Connection, library_id: str, keys: Sequence[int], view: View = WORKING
) -> dict[int, Component]:
    found: dict[int, Component] = {}
    for part in _slices(keys):
        found.update(
            (each.key, each) for each in components_where(connection, library_id, view, components.c.key.in_(part))
        )
    return found


def components_by_cpns(
    connection: Connection, library_id: str, cpns: Sequence[str], view: View = WORKING
) -> dict[str, Component]:
    found: dict[str, Component] = {}
    for part in _slices(cpns):
        found.update(
            (each.cpn, each) for each in components_where(connection, library_id, view, components.c.cpn.in_(part))
        )
    return found


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
    found: dict[int, Brief] = {}
    for part in _slices(keys):
        query = select(*_BRIEF).select_from(shown_in(view))
        query = query.where(components.c.library_id == library_id, components.c.key.in_(part))
        found.update((row[0], Brief._make(row)) for row in connection.execute(query))
    return found


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
    order: Sequence[ColumnElement[Any]],
    sort_columns: Sequence[ColumnElement[Any]],
    limit: int,
) -> list[Row[Any]]:
    """Rows of COLUMNS followed by the sort values."""
    query: Select[Any] = select(*COLUMNS, *sort_columns).select_from(shown_in(view))
    query = query.where(components.c.library_id == library_id, *conditions).order_by(*order).limit(limit)
    return list(connection.execute(query).all())


def component_count(
    connection: Connection, library_id: str, view: View, conditions: Sequence[ColumnElement[bool]]
) -> int:
    query = select(func.count(literal_column("1"))).select_from(shown_in(view))
    return int(connection.execute(query.where(components.c.library_id == library_id, *conditions)).scalar_one())


def _slices(values: Iterable[Any]) -> Iterable[list[Any]]:
    distinct = list(dict.fromkeys(values))
    return (distinct[start : start + IN_LIST_MAX] for start in range(0, len(distinct), IN_LIST_MAX))
