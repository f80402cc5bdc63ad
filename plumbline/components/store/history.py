"""Writing versions and releases, and reading their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from plumbline.components.model import Component, Release, SavedIn, Version
from plumbline.components.store.tables import components, releases, versions
from plumbline.storage.intervals import IN_LIST_MAX, OPEN, holds_at_change
from plumbline.storage.schema import Relation
from plumbline.storage.unit_of_work import change_sets

_RELEASE = [
    releases.c[name]
    for name in (
        "component_key", "version", "revision", "status_id", "from_change", "released_at", "released_by", "change_order_id",
    )
]  # fmt: skip


def insert_components(connection: Connection, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Adds identities; answers id → key."""
    connection.execute(insert(components), rows)
    found: dict[str, int] = {}
    ids = [row["id"] for row in rows]
    for start in range(0, len(ids), IN_LIST_MAX):
        query = select(components.c.id, components.c.key).where(components.c.id.in_(ids[start : start + IN_LIST_MAX]))
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def insert_versions(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(versions), rows)


def close_versions(connection: Connection, component_keys: Sequence[int], change: int) -> None:
    """Ends the newest version of each component, right before its successor is written."""
    for start in range(0, len(component_keys), IN_LIST_MAX):
        part = component_keys[start : start + IN_LIST_MAX]
        condition = and_(versions.c.component_key.in_(part), versions.c.to_change == OPEN)
        connection.execute(update(versions).where(condition).values(to_change=change))


def insert_releases(connection: Connection, rows: list[dict[str, Any]], change: int) -> None:
    """Makes each the newest release of its component."""
    keys = [row["component_key"] for row in rows]
    for start in range(0, len(keys), IN_LIST_MAX):
        condition = and_(releases.c.component_key.in_(keys[start : start + IN_LIST_MAX]), releases.c.to_change == OPEN)
        connection.execute(update(releases).where(condition).values(to_change=change))
    connection.execute(insert(releases), rows)


def releases_of(connection: Connection, component: Component) -> list[Release]:
    """Newest first."""
    query = select(*_RELEASE).where(releases.c.component_key == component.key).order_by(releases.c.from_change.desc())
    return [Release._make(row) for row in connection.execute(query)]


def release_with_revision(connection: Connection, component: Component, revision: str) -> Release | None:
    """The newest release that carries the label."""
    query = select(*_RELEASE).where(releases.c.component_key == component.key, releases.c.revision == revision)
    row = connection.execute(query.order_by(releases.c.from_change.desc()).limit(1)).one_or_none()
    return None if row is None else Release._make(row)


def saved_in(connection: Connection, library_id: str, change: int) -> list[SavedIn]:
    """In the order in which the components were made."""
    query = (
        select(versions.c.component_key, func.max(versions.c.to_change), func.min(versions.c.number))
        .where(versions.c.library_id == library_id, versions.c.from_change == change)
        .group_by(versions.c.component_key)
        .order_by(versions.c.component_key)
    )
    return [SavedIn(row[0], row[1] == OPEN, row[2] == 1) for row in connection.execute(query)]


def change_of_version(connection: Connection, library_id: str, component: Component, number: int) -> int | None:
    """The change with which a version was saved; None if the library has no such version."""
    query = select(versions.c.from_change).where(
        versions.c.library_id == library_id, versions.c.component_key == component.key, versions.c.number == number
    )
    return connection.execute(query).scalar()


def versions_of(connection: Connection, component: Component, limit: int) -> list[Version]:
    """Newest first."""
    query = (
        select(
            versions.c.component_key,
            versions.c.number,
            versions.c.from_change,
            versions.c.saved_at,
            versions.c.saved_by,
            versions.c.revision,
            change_sets.c.reason,
        )
        .join(
            change_sets,
            and_(change_sets.c.library_id == versions.c.library_id, change_sets.c.number == versions.c.from_change),
        )
        .where(versions.c.component_key == component.key)
        .order_by(versions.c.number.desc())
        .limit(limit)
    )
    return [Version._make(row) for row in connection.execute(query)]


def released_versions(library_id: str, at_change: int | None) -> Relation:
    """Component key and version of every newest release, for other rooms to join with."""
    query = select(releases.c.component_key, releases.c.version)
    return query.where(releases.c.library_id == library_id, holds_at_change(releases, at_change)).subquery()


def released_between(connection: Connection, library_id: str, after: int, until: int) -> list[int]:
    """Keys of the components released in changes after the one, up to the other."""
    query = select(releases.c.component_key).where(
        releases.c.library_id == library_id, releases.c.from_change > after, releases.c.from_change <= until
    )
    return list(connection.execute(query.distinct()).scalars())
