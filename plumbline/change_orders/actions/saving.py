"""Loading a change order for a verb, and saving what became of it. No verbs."""

from __future__ import annotations

from typing import Any

from plumbline.change_orders.errors import NotOwner, StaleChangeOrder
from plumbline.change_orders.events import ChangeOrderMoved, ChangeOrderUpdated, StageMoved
from plumbline.change_orders.lifecycle import Verb, state_after
from plumbline.change_orders.model import ReviewStage, StageState
from plumbline.change_orders.reads.orders import Review, review_of
from plumbline.change_orders.store import orders as store
from plumbline.kit.actor import Role
from plumbline.storage.unit_of_work import UnitOfWork


def loaded(work: UnitOfWork, order_id: str, expected_version: int | None = None) -> Review:
    """The change order as it is now; refuses if it is not at the version that the caller saw."""
    review = review_of(work, order_id)
    if expected_version is not None and expected_version != review.order.version:
        raise StaleChangeOrder(
            f"{review.order.number} is at version {review.order.version} now, not {expected_version}.",
            path=("expectedVersion",),
            expected=str(review.order.version),
            hint="Read it again, look at what changed, and send the change once more.",
        )
    work.origin = f"change-order:{review.order.id}"
    return review


def require_owner(work: UnitOfWork, review: Review, verb: Verb) -> None:
    """Whoever created the change order, and managers, decide about its course."""
    is_manager = work.actor.role in (Role.MANAGER, Role.ADMINISTRATOR)
    if not is_manager and work.actor.user_id != review.order.created_by:
        raise NotOwner(
            f"Only who created {review.order.number}, or a manager, can {verb} it.",
            path=("id",),
            expected=f"its creator, or the role {Role.MANAGER} or {Role.ADMINISTRATOR}",
        )


def saved(work: UnitOfWork, review: Review, *fields: str, **values: Any) -> Review:
    """The next version of the order, with these values; `fields` is what listeners are told."""
    order = review.order._replace(
        **values,
        version=review.order.version + 1,
        updated_by=work.actor.user_id,
        updated_at=work.change.changed_at,
    )
    store.update_order(work.connection, order)
    if fields:
        work.emit(ChangeOrderUpdated(order.id, order.number, order.status, order.resolution, fields))
    return review._replace(order=order)


def moved(work: UnitOfWork, review: Review, verb: Verb, **values: Any) -> Review:
    """The order after the verb. Refuses what its state does not allow."""
    after = state_after(review.state, verb)
    found = saved(work, review, status=after.status, resolution=after.resolution, **values)
    order = found.order
    work.emit(ChangeOrderMoved(order.id, order.number, verb.value, order.status, order.resolution))
    return found


def with_stage(work: UnitOfWork, review: Review, stage: ReviewStage, *, is_told: bool = True) -> Review:
    """The review with the stage as it is now."""
    store.update_part(work.connection, stage)
    if is_told:
        order = review.order
        told = StageMoved(order.id, order.number, stage.id, stage.name, stage.state, order.status, order.resolution)
        work.emit(told)
    return review._replace(stages=tuple(stage if each.id == stage.id else each for each in review.stages))


def without_decisions(work: UnitOfWork, review: Review, *, of_other_content: bool = False) -> Review:
    """Ends decisions, all of them or those that spoke of other content, and puts the stages that they decided back to the beginning.

    A stage after one that has to be reviewed again has to be reviewed again too: its reviewers relied on the one before.
    """
    digest = review.digest
    ended = [each for each in review.decisions if not of_other_content or each.digest != digest]
    positions = {each.id: each.position for each in review.stages}
    if not ended and (of_other_content or all(each.opened_at is None for each in review.stages)):
        return review
    first = 0 if not of_other_content else min(positions[each.stage_id] for each in ended)
    ended = [each for each in review.decisions if positions[each.stage_id] >= first]
    store.end_decisions(work.connection, [each.id for each in ended], work.change.changed_at)
    gone = {each.id for each in ended}
    found = review._replace(decisions=tuple(each for each in review.decisions if each.id not in gone))
    for stage in review.stages:
        if stage.position >= first and (stage.state, stage.opened_at) != (StageState.PENDING, None):
            found = with_stage(
                work, found, stage._replace(state=StageState.PENDING, opened_at=None, decided_at=None), is_told=False
            )
    return found


def with_stage_opened(work: UnitOfWork, review: Review) -> Review:
    """The first stage that is not approved is under review from now on."""
    stage = review.stage_under_review
    if stage is None or stage.opened_at is not None:
        return review
    return with_stage(work, review, stage._replace(opened_at=work.change.changed_at))
