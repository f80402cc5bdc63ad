"""Runs of validations and their results. They are never changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from plumbline.change_orders.model import Result, Run
from plumbline.change_orders.store.tables import validation_results, validation_runs
from plumbline.storage.intervals import IN_LIST_MAX

_RUN = [validation_runs.c[name] for name in Run._fields]
_RESULT = [validation_results.c[name] for name in Result._fields]


def insert_run(connection: Connection, library_id: str, run: Run, results: Sequence[Result]) -> None:
    connection.execute(insert(validation_runs).values(**run._asdict(), library_id=library_id))
    if results:
        rows = [{**each._asdict(), "library_id": library_id} for each in results]
        connection.execute(insert(validation_results), rows)


def last_runs(connection: Connection, library_id: str, order_ids: Sequence[str]) -> dict[str, Run]:
    """The newest run of each change order that has one."""
    found: dict[str, Run] = {}
    table = validation_runs
    for start in range(0, len(order_ids), IN_LIST_MAX):
        these = table.c.change_order_id.in_(order_ids[start : start + IN_LIST_MAX])
        newest = select(table.c.change_order_id, func.max(table.c.sequence).label("sequence")).where(these)
        last = newest.group_by(table.c.change_order_id).subquery()
        query = (
            select(*_RUN)
            .join(last, (table.c.change_order_id == last.c.change_order_id) & (table.c.sequence == last.c.sequence))
            .where(table.c.library_id == library_id)
        )
        found.update((row.change_order_id, Run._make(row)) for row in connection.execute(query))
    return found


def runs_before(
    connection: Connection, library_id: str, order_ids: Sequence[str], before: int | None, limit: int
) -> list[Run]:
    """Of each change order so many, the newest first; `before` is the sequence of the last one of the page before."""
    table = validation_runs
    found: list[Run] = []
    for start in range(0, len(order_ids), IN_LIST_MAX):
        these = [table.c.library_id == library_id, table.c.change_order_id.in_(order_ids[start : start + IN_LIST_MAX])]
        if before is not None:
            these.append(table.c.sequence < before)
        place = func.row_number().over(partition_by=table.c.change_order_id, order_by=table.c.sequence.desc())
        placed = select(*_RUN, place.label("place")).where(*these).subquery()
        columns = [placed.c[name] for name in Run._fields]
        query = select(*columns).where(placed.c.place <= limit)
        rows = connection.execute(query.order_by(placed.c.change_order_id, placed.c.sequence.desc()))
        found.extend(Run._make(row) for row in rows)
    return found


def count_runs(connection: Connection, library_id: str, order_ids: Sequence[str]) -> dict[str, int]:
    """Of those that have any."""
    table = validation_runs
    found: dict[str, int] = {}
    for start in range(0, len(order_ids), IN_LIST_MAX):
        these = table.c.change_order_id.in_(order_ids[start : start + IN_LIST_MAX])
        query = select(table.c.change_order_id, func.count(table.c.id)).where(table.c.library_id == library_id, these)
        rows = connection.execute(query.group_by(table.c.change_order_id))
        found.update((row[0], row[1]) for row in rows)
    return found


def results_of(connection: Connection, library_id: str, run_ids: Sequence[str]) -> list[Result]:
    found: list[Result] = []
    for start in range(0, len(run_ids), IN_LIST_MAX):
        query = select(*_RESULT).where(
            validation_results.c.library_id == library_id,
            validation_results.c.run_id.in_(run_ids[start : start + IN_LIST_MAX]),
        )
        rows = connection.execute(query.order_by(validation_results.c.run_id, validation_results.c.position))
        found.extend(Result._make(row) for row in rows)
    return found
