"""Who reviews: seats of the stages, as callers want them beside those of the template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import orjson

from plumbline.change_orders.errors import ChangeOrderMissing, InvalidReviewer, NotOwner, StateRefused
from plumbline.change_orders.model import Reviewer, ReviewerWish, ReviewStage, StageState, StageWish
from plumbline.change_orders.reads.orders import Review, member_ids
from plumbline.change_orders.store import orders as store
from plumbline.kit.actor import Role
from plumbline.kit.errors import PathPart
from plumbline.storage.unit_of_work import UnitOfWork

SEATS_MAX = 100
NOTIFY_MAX = 200
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,250}")


def with_wishes(work: UnitOfWork, review: Review, wishes: Sequence[StageWish]) -> Review:
    """The review with the stages as callers want them. A stage that is decided stays as it is; so do the seats of the template that the
    stage waits for."""
    members = member_ids(work) if wishes else {}
    for index, wish in enumerate(wishes):
        path = ("stages", index)
        stage = _stage(review, wish.stage, path)
        if stage.state != StageState.PENDING:
            raise StateRefused(f"The stage {stage.name} is decided already.", path=path, expected="a stage to come")
        if stage.opened_at is not None:
            _refuse_weakened(work, review, stage, wish, members, path)
        review = _with_stage(work, review, _wished(stage, wish, members, path))
        if wish.reviewers is not None:
            review = _with_seats(work, review, stage, wish.reviewers, members, path)
    return review


def _refuse_weakened(
    work: UnitOfWork,
    review: Review,
    stage: ReviewStage,
    wish: StageWish,
    members: Mapping[str, str],
    path: tuple[PathPart, ...],
) -> None:
    """Whoever wrote a change order adds reviewers while it is reviewed; managers alone take them off, or change how it is decided."""
    if work.actor.role in (Role.MANAGER, Role.ADMINISTRATOR):
        return
    wanted = None if wish.reviewers is None else {members.get(each.user.strip().lower()) for each in wish.reviewers}
    gone = wanted is not None and any(
        each.user_id not in wanted for each in review.seats_of(stage) if not each.is_of_template
    )
    if gone or (wish.approval_type or stage.approval_type).lower() != stage.approval_type.lower():
        raise NotOwner(
            f"The stage {stage.name} is under review: only managers take reviewers off it, or change how it is decided.",
            path=path,
            expected=f"the reviewers that there are, and more, or the role {Role.MANAGER} or {Role.ADMINISTRATOR}",
        )


def _stage(review: Review, wanted: str, path: tuple[PathPart, ...]) -> ReviewStage:
    for each in review.stages:
        if wanted == each.id or wanted.strip().lower() == each.name.lower():
            return each
    names = ", ".join(each.name for each in review.stages)
    raise ChangeOrderMissing(f"There is no stage {wanted[:80]!r}.", path=(*path, "stage"), expected=f"one of {names}")


def _wished(stage: ReviewStage, wish: StageWish, members: Mapping[str, str], path: tuple[PathPart, ...]) -> ReviewStage:
    if wish.approval_type is not None:
        types = {each.lower(): each for each in orjson.loads(stage.types)}
        chosen = types.get(wish.approval_type.strip().lower())
        if chosen is None:
            raise InvalidReviewer(
                f"The stage {stage.name} cannot be decided by {wish.approval_type[:40]!r}.",
                path=(*path, "approvalType"),
                expected=f"one of {', '.join(types.values())}",
            )
        stage = stage._replace(approval_type=chosen)
    if wish.notify is None:
        return stage
    if len(wish.notify) > NOTIFY_MAX:
        raise InvalidReviewer(
            f"The stage {stage.name} is to tell {len(wish.notify)} people.",
            path=(*path, "notify"),
            expected=f"at most {NOTIFY_MAX}",
        )
    told = [_told(each, members, (*path, "notify", place)) for place, each in enumerate(wish.notify)]
    return stage._replace(notify=orjson.dumps(told).decode())


def _told(wanted: str, members: Mapping[str, str], path: tuple[PathPart, ...]) -> dict[str, str]:
    """A member, or a bare address."""
    key = wanted.strip().lower()
    if key in members:
        return {"userId": members[key]}
    if _EMAIL.fullmatch(key):
        return {"email": key}
    raise InvalidReviewer(
        f"{wanted[:80]!r} is nobody who can be told.", path=path, expected="the id of a member, or an e-mail address"
    )


def _with_stage(work: UnitOfWork, review: Review, stage: ReviewStage) -> Review:
    store.update_part(work.connection, stage)
    return review._replace(stages=tuple(stage if each.id == stage.id else each for each in review.stages))


def _with_seats(
    work: UnitOfWork,
    review: Review,
    stage: ReviewStage,
    wishes: Sequence[ReviewerWish],
    members: Mapping[str, str],
    path: tuple[PathPart, ...],
) -> Review:
    """The seats of the template that the stage waits for, then those that are wished for, each person once."""
    if len(wishes) > SEATS_MAX:
        raise InvalidReviewer(
            f"The stage {stage.name} is to have {len(wishes)} reviewers.",
            path=(*path, "reviewers"),
            expected=f"at most {SEATS_MAX}",
        )
    present = review.seats_of(stage)
    kept = [each for each in present if each.is_of_template and (each.is_required or each.is_required_to_approve)]
    seats: dict[str, Reviewer] = {each.user_id or each.named: each for each in kept}
    known = {each.user_id: each for each in present if each.user_id}
    for place, wish in enumerate(wishes):
        user_id = members.get(wish.user.strip().lower())
        if user_id is None:
            raise InvalidReviewer(
                f"{wish.user[:80]!r} is no member of the library.",
                path=(*path, "reviewers", place, "user"),
                expected="the id or the e-mail address of a member",
            )
        if user_id in seats:
            continue
        before = known.get(user_id)
        seats[user_id] = Reviewer(
            id=work.new_id() if before is None else before.id,
            change_order_id=stage.change_order_id,
            stage_id=stage.id,
            position=len(seats) + 1,
            user_id=user_id,
            named=wish.user.strip(),
            is_required=wish.is_required,
            is_required_to_approve=wish.is_required_to_approve,
            is_of_template=before is not None and before.is_of_template,
        )
    store.delete_parts(work.connection, Reviewer, [each.id for each in present])
    store.insert_parts(work.connection, work.library_id, list(seats.values()))
    others = [each for each in review.reviewers if each.stage_id != stage.id]
    return review._replace(reviewers=(*others, *seats.values()))
