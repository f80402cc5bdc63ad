"""Components as they were at some of their versions, with what belonged to them then: many at once, for comparisons.

Each statement reads the rows of all these components that hold somewhere between the earliest and the latest version that is wanted of
any of them; which of them holds at whose version is told afterwards, in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Table, and_, bindparam, select, tuple_

from plumbline.catalog.attributes import TypedValue
from plumbline.components.model import Alias, AttributeValue, Component, NewSource, Source, SourceStatus
from plumbline.components.store.details import offers_from
from plumbline.components.store.rows import COLUMNS
from plumbline.components.store.tables import aliases, attribute_values, components, releases, sources, versions
from plumbline.storage.intervals import IN_LIST_MAX, AtVersion, at_versions, holds_at_change, holds_between
from plumbline.storage.prepared import CheckedAfterwards, Prepared, Row, among

Detail = TypeVar("Detail")


def components_at(connection: Connection, library_id: str, wanted: Sequence[AtVersion]) -> dict[AtVersion, Component]:
    """Versions that never were are absent."""
    version = versions.c.component_key == components.c.key
    release = and_(releases.c.component_key == components.c.key, holds_at_change(releases, None))
    tables = components.join(versions, version).outerjoin(releases, release)
    found: dict[AtVersion, Component] = {}
    asked = list(dict.fromkeys(wanted))
    pairs_max = IN_LIST_MAX // 2
    for start in range(0, len(asked), pairs_max):
        condition = tuple_(versions.c.component_key, versions.c.number).in_(asked[start : start + pairs_max])
        query = select(*COLUMNS).select_from(tables).where(components.c.library_id == library_id, condition)
        shown = map(Component._make, connection.execute(query))
        found.update(((each.key, each.version), each) for each in shown)
    return found


def attribute_values_at(
    connection: Connection, library_id: str, wanted: Sequence[AtVersion]
) -> dict[AtVersion, list[AttributeValue]]:
    return _details(
        connection, library_id, _values, wanted, lambda row: AttributeValue(row[0], row[3], TypedValue(*row[4:]))
    )


def sources_at(connection: Connection, library_id: str, wanted: Sequence[AtVersion]) -> dict[AtVersion, list[Source]]:
    """Preferred first."""
    return _details(connection, library_id, _sources, wanted, _source)


def aliases_at(connection: Connection, library_id: str, wanted: Sequence[AtVersion]) -> dict[AtVersion, list[Alias]]:
    return _details(connection, library_id, _aliases, wanted, lambda row: Alias(row[0], row[3], row[4]))


def versions_released(connection: Connection, library_id: str, keys: Sequence[int]) -> dict[int, list[int]]:
    """The versions of each component that were ever released, in order."""
    found: dict[int, list[int]] = {key: [] for key in keys}
    for start in range(0, len(keys), IN_LIST_MAX):
        condition = releases.c.component_key.in_(keys[start : start + IN_LIST_MAX])
        query = select(releases.c.component_key, releases.c.version).where(
            releases.c.library_id == library_id, condition
        )
        for key, version in connection.execute(query.order_by(releases.c.component_key, releases.c.version)):
            found[key].append(version)
    return found


def _details(
    connection: Connection,
    library_id: str,
    prepared: Prepared,
    wanted: Sequence[AtVersion],
    made: Callable[[Row], Detail],
) -> dict[AtVersion, list[Detail]]:
    """Each row becomes a detail once, and only if somebody wants it."""
    if not wanted:
        return {}
    numbers = [number for _, number in wanted]
    keys = list(dict.fromkeys(key for key, _ in wanted))
    rows = prepared.rows(connection, library=library_id, keys=keys, earliest=min(numbers), latest=max(numbers))
    known: dict[Row, Detail] = {}
    found: dict[AtVersion, list[Detail]] = {}
    for at, held in at_versions(rows, wanted).items():
        found[at] = [known[row] if row in known else known.setdefault(row, made(row)) for row in held]
    return found


def _prepared(table: Table, order: str, *names: str) -> Prepared:
    """Rows that begin with component, first version and the version after the last."""
    columns = [table.c[name] for name in ("component_key", "from_version", "to_version", *names)]
    mine = CheckedAfterwards(table.c.library_id) == bindparam("library")
    query = select(*columns).where(among(table.c.component_key, "keys"), mine, holds_between(table))
    return Prepared(lambda: query.order_by(table.c.component_key, table.c[order]))


_values = _prepared(attribute_values, "key", "attribute_id", "text", "number", "value", "unit")
_sources = _prepared(
    sources, "rank", "id", "rank", "manufacturer", "mpn", "description", "datasheet", "status", "offers"
)
_aliases = _prepared(aliases, "value", "value", "kind")


def _source(row: Row) -> Source:
    key, _, _, source_id, rank, maker, mpn, description, datasheet, status, offers = row
    about = NewSource(maker, mpn, description, datasheet, SourceStatus(status), offers_from(offers))
    return Source(source_id, key, rank, about)
