"""What holds between the rows of change orders, and between them and what they hold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, exists, func, not_, or_, select

from plumbline.change_orders.model import Resolution, Status
from plumbline.change_orders.store.tables import (
    change_orders,
    comments,
    decisions,
    delegations,
    items,
    reviewers,
    stages,
    validation_results,
    validation_runs,
)
from plumbline.storage.laws import Law, Offending, law
from plumbline.storage.schema import metadata

HOLDING = (Status.OPEN, Status.ON_HOLD)
"""In which a change order holds its items."""
COUNTER = "change-orders"


def _of_no_state(library_id: str) -> Select[Any]:
    is_resolved = change_orders.c.status.in_((Status.RESOLVED, Status.CLOSED))
    is_pending = change_orders.c.resolution == Resolution.PENDING
    return _ids(change_orders, library_id, is_resolved == is_pending)


def _approved_without_release(library_id: str) -> Select[Any]:
    is_approved = change_orders.c.resolution == Resolution.APPROVED
    return _ids(change_orders, library_id, is_approved != change_orders.c.release_change.is_not(None))


def _beyond_the_counter(library_id: str) -> Select[Any]:
    """The next change order would get a number that is taken."""
    counters = metadata.tables["number_counters"]
    is_reached = exists().where(
        counters.c.library_id == change_orders.c.library_id,
        counters.c.scope == COUNTER,
        counters.c.last_value >= change_orders.c.sequence,
    )
    return _ids(change_orders, library_id, not_(is_reached))


def _item_of_no_version(library_id: str) -> Select[Any]:
    versions = metadata.tables["component_versions"]
    is_saved = exists().where(
        versions.c.component_key == items.c.component_key, versions.c.number == items.c.component_version
    )
    return _ids(items, library_id, not_(is_saved))


def _held_by_nothing(library_id: str) -> Select[Any]:
    locks = metadata.tables["component_locks"]
    is_locked = exists().where(
        locks.c.component_key == items.c.component_key, locks.c.holder_id == items.c.change_order_id
    )
    is_under_review = exists().where(change_orders.c.id == items.c.change_order_id, change_orders.c.status.in_(HOLDING))
    return _ids(items, library_id, is_under_review, not_(is_locked))


def _holding_without_cause(library_id: str) -> Select[Any]:
    """A component that nobody could edit or release any more: no change order would ever let it go."""
    locks, components = metadata.tables["component_locks"], metadata.tables["components"]
    is_open = change_orders.c.status == Status.OPEN
    # One `exists`, not one within another: that would look at the locks of everybody.
    is_item = exists().where(
        items.c.change_order_id == locks.c.holder_id,
        items.c.component_key == locks.c.component_key,
        change_orders.c.id == items.c.change_order_id,
        change_orders.c.status.in_(HOLDING),
        case((is_open, True), else_=False) == locks.c.refuses_edits,
    )
    named = select(components.c.id).join(locks, locks.c.component_key == components.c.key)
    return named.where(locks.c.library_id == library_id, not_(is_item))


def _of_another_order(table: Table) -> Offending:
    """A row that names one change order, and a stage of another."""

    def offending(library_id: str) -> Select[Any]:
        own = exists().where(stages.c.id == table.c.stage_id, stages.c.change_order_id == table.c.change_order_id)
        return _ids(table, library_id, not_(own))

    return offending


def _answer_to_no_thread(library_id: str) -> Select[Any]:
    above = comments.alias()
    begins = exists().where(
        above.c.id == comments.c.parent_id,
        above.c.parent_id.is_(None),
        above.c.change_order_id == comments.c.change_order_id,
    )
    return _ids(comments, library_id, comments.c.parent_id.is_not(None), not_(begins))


def _miscounted(library_id: str) -> Select[Any]:
    runs, results = validation_runs, validation_results

    def is_otherwise(count: ColumnElement[Any], state: str) -> ColumnElement[bool]:
        found = select(func.count()).where(results.c.run_id == runs.c.id, results.c.state == state).scalar_subquery()
        return count != found

    counted = (runs.c.pass_count, "PASS"), (runs.c.fail_count, "FAIL"), (runs.c.warning_count, "WARNING")
    fails = runs.c.fail_count > 0
    wrong = or_(*(is_otherwise(*each) for each in counted), fails != (runs.c.state == "FAIL"))
    return _ids(runs, library_id, wrong)


def _ended_before_it_began(library_id: str) -> Select[Any]:
    return _ids(delegations, library_id, delegations.c.ends_at <= delegations.c.starts_at)


def _ids(table: Table, library_id: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(table.c.id).where(table.c.library_id == library_id, *conditions)


LAWS: tuple[Law, ...] = (
    law("change-orders", "has a status and a resolution that do not go together", _of_no_state),
    law("change-orders", "is approved by no change, or not approved by one", _approved_without_release),
    law("change-orders", "has a number that its counter has not reached", _beyond_the_counter),
    law("change-order-items", "names a version that was not saved", _item_of_no_version),
    law("change-order-items", "is under review and not held by its change order", _held_by_nothing),
    law(
        "component-locks", "is held by no change order under review, or not as its state wants", _holding_without_cause
    ),
    law("change-order-reviewers", "has a seat in a stage of another change order", _of_another_order(reviewers)),
    law("change-order-decisions", "decides a stage of another change order", _of_another_order(decisions)),
    law("change-order-comments", "answers no beginning of a thread of its change order", _answer_to_no_thread),
    law("review-delegations", "ends before it begins", _ended_before_it_began),
    law("validation-runs", "has other counts than its results", _miscounted),
)
