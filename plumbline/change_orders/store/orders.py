"""Rows of change orders and of what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    Connection,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from plumbline.change_orders.model import (
    ChangeOrder,
    Comment,
    Decision,
    Delegation,
    Item,
    OrderFilter,
    Reviewer,
    ReviewStage,
)
from plumbline.change_orders.store.tables import (
    change_orders,
    comments,
    decisions,
    delegations,
    items,
    reviewers,
    stages,
)
from plumbline.storage.intervals import IN_LIST_MAX

Row = TypeVar("Row", Item, ReviewStage, Reviewer, Decision, Comment)

_ORDER = [change_orders.c[name] for name in ChangeOrder._fields]
_THERE = change_orders.c.deleted_at.is_(None)


class _Part(NamedTuple):
    table: Table
    order: tuple[str, ...]


_PARTS: Mapping[type, _Part] = {
    Item: _Part(items, ("change_order_id", "position", "id")),
    ReviewStage: _Part(stages, ("change_order_id", "position")),
    Reviewer: _Part(reviewers, ("change_order_id", "stage_id", "position", "id")),
    Decision: _Part(decisions, ("change_order_id", "decided_at", "id")),
    Comment: _Part(comments, ("change_order_id", "created_at", "id")),
}
"""What belongs to a change order: where it lies, and its order."""


def insert_order(connection: Connection, library_id: str, new: ChangeOrder) -> None:
    connection.execute(insert(change_orders).values(**new._asdict(), library_id=library_id))


def update_order(connection: Connection, order: ChangeOrder) -> None:
    values = order._asdict()
    connection.execute(update(change_orders).where(change_orders.c.id == values.pop("id")).values(**values))


def orders_by_ids(connection: Connection, library_id: str, ids: Sequence[str]) -> dict[str, ChangeOrder]:
    found: dict[str, ChangeOrder] = {}
    for start in range(0, len(ids), IN_LIST_MAX):
        these = change_orders.c.id.in_(ids[start : start + IN_LIST_MAX])
        query = select(*_ORDER).where(change_orders.c.library_id == library_id, these, _THERE)
        found.update((row.id, ChangeOrder._make(row)) for row in connection.execute(query))
    return found


def order_by_sequence(connection: Connection, library_id: str, sequence: int) -> ChangeOrder | None:
    this = change_orders.c.sequence == sequence
    query = select(*_ORDER).where(change_orders.c.library_id == library_id, this, _THERE)
    row = connection.execute(query).one_or_none()
    return None if row is None else ChangeOrder._make(row)


def page_of_orders(
    connection: Connection,
    library_id: str,
    narrowed_to: OrderFilter,
    after: int | None,
    limit: int,
    *,
    newest_first: bool,
) -> list[ChangeOrder]:
    """`after` is the sequence of the last one of the page before."""
    sequence = change_orders.c.sequence
    query = _narrowed(select(*_ORDER), library_id, narrowed_to)
    if after is not None:
        query = query.where(sequence < after if newest_first else sequence > after)
    query = query.order_by(sequence.desc() if newest_first else sequence).limit(limit)
    return [ChangeOrder._make(row) for row in connection.execute(query)]


def count_orders(connection: Connection, library_id: str, narrowed_to: OrderFilter) -> int:
    return int(
        connection.execute(_narrowed(select(func.count(change_orders.c.id)), library_id, narrowed_to)).scalar_one()
    )


def _narrowed(query: Select[Any], library_id: str, wanted: OrderFilter) -> Select[Any]:
    table = change_orders
    query = query.where(table.c.library_id == library_id, _THERE)
    chosen = (
        (table.c.status, wanted.statuses),
        (table.c.resolution, wanted.resolutions),
        (table.c.type, wanted.types),
        (table.c.created_by, wanted.created_by),
    )
    for column, values in chosen:
        if values:
            query = query.where(column.in_(values))
    if wanted.component_key is not None:
        holding = select(items.c.change_order_id).where(items.c.component_key == wanted.component_key)
        query = query.where(table.c.id.in_(holding))
    if wanted.text:
        looked_for = wanted.text.casefold()
        query = query.where(
            func.lower(table.c.name).contains(looked_for, autoescape=True)
            | func.lower(table.c.description).contains(looked_for, autoescape=True)
        )
    return query


def insert_parts(connection: Connection, library_id: str, parts: Sequence[Row]) -> None:
    """Items, stages, reviewers or decisions, all of one sort."""
    if parts:
        table = _PARTS[type(parts[0])].table
        connection.execute(insert(table), [{**each._asdict(), "library_id": library_id} for each in parts])


def update_part(connection: Connection, part: Row) -> None:
    table, values = _PARTS[type(part)].table, part._asdict()
    connection.execute(update(table).where(table.c.id == values.pop("id")).values(**values))


def delete_parts(connection: Connection, kind: type[Row], ids: Sequence[str]) -> None:
    table = _PARTS[kind].table
    for start in range(0, len(ids), IN_LIST_MAX):
        connection.execute(delete(table).where(table.c.id.in_(ids[start : start + IN_LIST_MAX])))


def parts_of(connection: Connection, library_id: str, kind: type[Row], order_ids: Sequence[str]) -> list[Row]:
    table, order = _PARTS[kind]
    columns = [table.c[name] for name in kind._fields]
    found: list[Row] = []
    for start in range(0, len(order_ids), IN_LIST_MAX):
        these = and_(
            table.c.library_id == library_id, table.c.change_order_id.in_(order_ids[start : start + IN_LIST_MAX])
        )
        query = select(*columns).where(these).order_by(*(table.c[name] for name in order))
        found.extend(kind._make(row) for row in connection.execute(query))
    return found


def end_decisions(connection: Connection, ids: Sequence[str], moment: str) -> None:
    """They count no more; what was decided stays on record."""
    for start in range(0, len(ids), IN_LIST_MAX):
        these = decisions.c.id.in_(ids[start : start + IN_LIST_MAX])
        connection.execute(update(decisions).where(these).values(ended_at=moment))


def orders_holding(
    connection: Connection, library_id: str, component_keys: Sequence[int], statuses: Sequence[str]
) -> list[tuple[int, str]]:
    """Pairs of component and change order, for the orders in these statuses that have the component as an item."""
    found: list[tuple[int, str]] = []
    for start in range(0, len(component_keys), IN_LIST_MAX):
        these = items.c.component_key.in_(component_keys[start : start + IN_LIST_MAX])
        query = (
            select(items.c.component_key, items.c.change_order_id)
            .join(change_orders, change_orders.c.id == items.c.change_order_id)
            .where(change_orders.c.library_id == library_id, these, change_orders.c.status.in_(statuses), _THERE)
            .order_by(items.c.component_key, change_orders.c.sequence)
        )
        found.extend((row[0], row[1]) for row in connection.execute(query))
    return found


def orders_awaiting(connection: Connection, library_id: str, user_ids: Sequence[str], status: str) -> list[str]:
    """Ids of change orders of a status in which one of the users sits in a stage that is open, and has not decided it yet."""
    decided = select(decisions.c.id).where(
        decisions.c.stage_id == reviewers.c.stage_id,
        decisions.c.reviewer_id == reviewers.c.user_id,
        decisions.c.ended_at.is_(None),
    )
    query = (
        select(change_orders.c.id)
        .join(stages, stages.c.change_order_id == change_orders.c.id)
        .join(reviewers, reviewers.c.stage_id == stages.c.id)
        .where(
            change_orders.c.library_id == library_id,
            change_orders.c.status == status,
            stages.c.state == "PENDING",
            stages.c.opened_at.is_not(None),
            reviewers.c.user_id.in_(user_ids),
            ~decided.exists(),
        )
        .distinct()
    )
    return list(connection.execute(query).scalars())


_DELEGATION = [delegations.c[name] for name in Delegation._fields]


def insert_delegation(connection: Connection, library_id: str, new: Delegation) -> None:
    connection.execute(insert(delegations).values(**new._asdict(), library_id=library_id))


def end_delegation(connection: Connection, delegation_id: str, moment: str) -> None:
    connection.execute(update(delegations).where(delegations.c.id == delegation_id).values(ended_at=moment))


def delegations_of(connection: Connection, library_id: str) -> list[Delegation]:
    """All that were not called off, by the moment they begin."""
    query = select(*_DELEGATION).where(delegations.c.library_id == library_id, delegations.c.ended_at.is_(None))
    rows = connection.execute(query.order_by(delegations.c.starts_at, delegations.c.id))
    return [Delegation._make(row) for row in rows]
