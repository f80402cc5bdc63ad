"""What belongs to a version beside its own row: attribute values, sources and aliases; and the marks that users hang on components.

Reads take the keys of many components and answer with one list for each, in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, select

from plumbline.catalog.attributes import TypedValue
from plumbline.components.model import (
    Alias,
    AttributeValue,
    Component,
    MarkKind,
    NewSource,
    Offer,
    PriceBreak,
    Source,
    SourceStatus,
)
from plumbline.components.store.tables import aliases, attribute_values, marks, sources
from plumbline.components.view import View, ViewMode
from plumbline.kit.quantity import canonical
from plumbline.storage.intervals import IN_LIST_MAX, OPEN, holds_at_change, holds_at_version
from plumbline.storage.prepared import CheckedAfterwards, Prepared, Row, among

Detail = TypeVar("Detail", AttributeValue, Alias)

_ATTRIBUTE_VALUE = ("component_key", "attribute_id", "text", "number", "value", "unit")
_SOURCE = ("id", "component_key", "rank", "manufacturer", "mpn", "description", "datasheet", "status", "offers")
_ALIAS = ("component_key", "value", "kind")
_STATUS = {status.value: status for status in SourceStatus}


def attribute_values_of(
    connection: Connection, library_id: str, shown: Sequence[Component], view: View
) -> dict[int, list[AttributeValue]]:
    rows = _rows_of(connection, library_id, attribute_values, _ATTRIBUTE_VALUE, shown, view, "key")
    return _by_component(shown, (AttributeValue(row[0], row[1], TypedValue(*row[2:])) for row in rows))


def sources_of(
    connection: Connection, library_id: str, shown: Sequence[Component], view: View, *, with_offers: bool = True
) -> dict[int, list[Source]]:
    """Without offers, which are most of the work, `NewSource.offers` is empty."""
    rows = _rows_of(connection, library_id, sources, _SOURCE, shown, view, "rank")
    read = offers_from if with_offers else _no_offers
    found: dict[int, list[Source]] = {each.key: [] for each in shown}
    for row in rows:
        source_id, key, rank, maker, mpn, description, datasheet, status, offers = row
        about = NewSource(maker, mpn, description, datasheet, _STATUS[status], read(offers))
        found[key].append(Source(source_id, key, rank, about))
    return found


def aliases_of(
    connection: Connection, library_id: str, shown: Sequence[Component], view: View
) -> dict[int, list[Alias]]:
    rows = _rows_of(connection, library_id, aliases, _ALIAS, shown, view, "value")
    return _by_component(shown, (Alias._make(row) for row in rows))


def aliases_taken(connection: Connection, library_id: str, values: Sequence[str]) -> dict[str, int]:
    """Who has the aliases now: value → component key."""
    found: dict[str, int] = {}
    for start in range(0, len(values), IN_LIST_MAX):
        query = select(aliases.c.value, aliases.c.component_key).where(
            aliases.c.library_id == library_id,
            aliases.c.to_change == OPEN,
            aliases.c.value.in_(values[start : start + IN_LIST_MAX]),
        )
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def marks_of(connection: Connection, keys: Sequence[int], user_id: str) -> dict[int, set[MarkKind]]:
    """The caller's own marks."""
    query = select(marks.c.component_key, marks.c.kind).where(
        marks.c.user_id == user_id, marks.c.component_key.in_(keys)
    )
    found: dict[int, set[MarkKind]] = {key: set() for key in keys}
    for key, kind in connection.execute(query):
        found[key].add(MarkKind(kind))
    return found


def set_mark(connection: Connection, library_id: str, user_id: str, key: int, kind: MarkKind) -> None:
    connection.execute(insert(marks).values(library_id=library_id, user_id=user_id, component_key=key, kind=kind))


def remove_mark(connection: Connection, user_id: str, key: int, kind: MarkKind) -> None:
    condition = and_(marks.c.user_id == user_id, marks.c.component_key == key, marks.c.kind == kind)
    connection.execute(delete(marks).where(condition))


def insert_details(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def open_rows(connection: Connection, table: Table, component_key: int) -> dict[Any, int]:
    """The rows of a component that hold now: what identifies each → its key, so that it can be closed."""
    identity = {attribute_values: "attribute_id", sources: "id", aliases: "value"}[table]
    query = select(table.c[identity], table.c.key).where(
        table.c.component_key == component_key, table.c.to_change == OPEN
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def offers_text(offers: Sequence[Offer]) -> str:
    """Offers as the JSON text that is stored; decimals as texts, so that they stay exact."""
    return orjson.dumps(
        [
            {
                "distributor": offer.distributor,
                "sku": offer.sku,
                "currency": offer.currency,
                "breaks": [[canonical(each.quantity), canonical(each.unit_price)] for each in offer.breaks],
                "pack": canonical(offer.pack_quantity),
                "minimum": canonical(offer.minimum_quantity),
                "leadTimeDays": offer.lead_time_days,
                "link": offer.link,
            }
            for offer in offers
        ]
    ).decode()


def offers_from(text: str) -> tuple[Offer, ...]:
    if text == "[]":
        return ()
    return tuple(
        Offer(
            each["distributor"],
            each["sku"],
            each["currency"],
            tuple(PriceBreak(Decimal(quantity), Decimal(price)) for quantity, price in each["breaks"]),
            Decimal(each["pack"]),
            Decimal(each["minimum"]),
            each["leadTimeDays"],
            each["link"],
        )
        for each in orjson.loads(text)
    )


def _no_offers(_text: str) -> tuple[Offer, ...]:
    return ()


def _new_source(row: Sequence[Any]) -> NewSource:
    return NewSource(row[0], row[1], row[2], row[3], _STATUS[row[4]], offers_from(row[5]))


def _rows_of(
    connection: Connection,
    library_id: str,
    table: Table,
    names: tuple[str, ...],
    shown: Sequence[Component],
    view: View,
    order: str,
) -> list[Row]:
    """The rows that belong to the shown version of each component.

    In the WORKING view the interval of changes alone tells; in the RELEASED view a component is shown at an older version than its newest,
    and the interval of versions tells.
    """
    if not shown:
        return []
    wanted = {"library": library_id, "keys": [each.key for each in shown]}
    if view.mode is ViewMode.RELEASED:
        rows = _prepared(table, (*names, "from_version", "to_version"), order, _ALWAYS).rows(connection, **wanted)
        versions_shown = {each.key: each.version for each in shown}
        position = names.index("component_key")
        return [row[:-2] for row in rows if row[-2] <= versions_shown[row[position]] < row[-1]]
    if view.at_change is None:
        return _prepared(table, names, order, _NOW).rows(connection, **wanted)
    return _prepared(table, names, order, _THEN).rows(connection, **wanted, at_change=view.at_change)


_ALWAYS, _NOW, _THEN = "always", "now", "then"


@cache
def _prepared(table: Table, names: tuple[str, ...], order: str, holds: str) -> Prepared:
    mine = CheckedAfterwards(table.c.library_id) == bindparam("library")
    query = select(*(table.c[name] for name in names)).where(among(table.c.component_key, "keys"), mine)
    if holds != _ALWAYS:
        query = query.where(holds_at_change(table, None if holds == _NOW else bindparam("at_change")))
    return Prepared(lambda: query.order_by(table.c.component_key, table.c[order]))


def _by_component(shown: Sequence[Component], details: Iterable[Detail]) -> dict[int, list[Detail]]:
    found: dict[int, list[Detail]] = {each.key: [] for each in shown}
    for detail in details:
        found[detail.component_key].append(detail)
    return found


def details_at_version(
    connection: Connection, component: Component, number: int
) -> tuple[list[Any], list[Any], list[Any]]:
    """Rows of attribute values, sources and aliases at a version: for comparison and history."""
    found = []
    for table, names in (
        (attribute_values, ("component_key", "attribute_id", "text", "number", "value", "unit")),
        (
            sources,
            ("id", "component_key", "rank", "manufacturer", "mpn", "description", "datasheet", "status", "offers"),
        ),
        (aliases, ("component_key", "value", "kind")),
    ):
        condition = and_(table.c.component_key == component.key, holds_at_version(table, number))
        query = select(*(table.c[name] for name in names)).where(condition).order_by(table.c.key)
        found.append(list(connection.execute(query).all()))
    return (
        [AttributeValue(row[0], row[1], TypedValue(*row[2:])) for row in found[0]],
        [Source(row[0], row[1], row[2], _new_source(row[3:])) for row in found[1]],
        [Alias._make(row) for row in found[2]],
    )
