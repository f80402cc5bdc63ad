"""From submission to the end: each verb moves the change order along its life cycle, in one transaction."""

from __future__ import annotations

from plumbline.access.permissions import Permission, action
from plumbline.change_orders.actions.items import refuse_held_elsewhere
from plumbline.change_orders.actions.releasing import released
from plumbline.change_orders.actions.saving import (
    loaded,
    moved,
    require_owner,
    saved,
    with_stage,
    with_stage_opened,
    without_decisions,
)
from plumbline.change_orders.actions.validating import refuse_not_validated
from plumbline.change_orders.approval import Outcome, Panel, Seat, Verdict, approval_outcome
from plumbline.change_orders.errors import (
    DecisionNoteMissing,
    InvalidChangeOrder,
    InvalidReviewer,
    NotReviewer,
    StaleChangeOrder,
    StateRefused,
)
from plumbline.change_orders.events import ChangeOrderResolved, ReviewerDecided
from plumbline.change_orders.lifecycle import Verb, state_after
from plumbline.change_orders.model import ChangeOrder, Decision, ReviewStage, StageState
from plumbline.change_orders.reads.orders import Review, stood_in_for
from plumbline.change_orders.store import orders as store
from plumbline.change_orders.template import ApprovalType, Closing
from plumbline.change_orders.templates import template_of
from plumbline.components.actions.lock import lock_components, set_edits_refused, unlock_components
from plumbline.components.fields import checked_text
from plumbline.storage.unit_of_work import UnitOfWork

NOTE_LENGTH_MAX = 20_000


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def submit_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """Into review, once it was validated as it is: its items are locked, the first stage opens."""
    review = loaded(work, order_id, expected_version)
    state_after(review.state, Verb.SUBMIT)
    refuse_not_validated(work, review)
    components = list(review.components.values())
    refuse_held_elsewhere(work, review, components)
    lock_components(work, components, review.order.id, review.order.number)
    review = without_decisions(work, review)
    review = moved(work, review, Verb.SUBMIT, submitted_at=work.change.changed_at, resolved_at=None, closed_at=None)
    return with_stage_opened(work, review).order


@action(needs=Permission.CHANGE_ORDERS_REVIEW)
def decide_stage(
    work: UnitOfWork,
    order_id: str,
    verdict: str,
    *,
    note: str = "",
    stage_id: str | None = None,
    expected_digest: str | None = None,
    on_behalf_of: str | None = None,
) -> ChangeOrder:
    """A reviewer approves or rejects the stage under review. With the decision that settles it the next stage opens, or the change order
    is resolved: approved, all of its items are released in the same transaction."""
    review = loaded(work, order_id)
    stage = _stage_under_review(review, stage_id)
    _refuse_other_content(review, expected_digest)
    reviewer_id = _seat(work, review, stage, on_behalf_of)
    decision = _decision(work, review, stage, reviewer_id, _verdict(verdict), note)
    return settled(work, _with_decision(work, review, decision)).order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def hold_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """The review pauses. Its items can be edited, and stay in this change order."""
    review = loaded(work, order_id, expected_version)
    require_owner(work, review, Verb.HOLD)
    review = moved(work, review, Verb.HOLD)
    set_edits_refused(work, review.order.id, refused=False)
    return review.order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def resume_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """The review goes on, once the order was validated as it is. Stages whose reviewers decided about other content are reviewed again."""
    review = loaded(work, order_id, expected_version)
    require_owner(work, review, Verb.RESUME)
    state_after(review.state, Verb.RESUME)
    refuse_not_validated(work, review)
    set_edits_refused(work, review.order.id, refused=True)
    review = without_decisions(work, moved(work, review, Verb.RESUME), of_other_content=True)
    return with_stage_opened(work, review).order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def withdraw_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """Gives the change up. Nothing is released, and the items are free."""
    review = loaded(work, order_id, expected_version)
    require_owner(work, review, Verb.WITHDRAW)
    return _resolved(work, review, Verb.WITHDRAW).order


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def reset_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """Back to a draft: the items are free, and every stage is to be reviewed anew."""
    review = loaded(work, order_id, expected_version)
    require_owner(work, review, Verb.RESET)
    return _drafted_again(work, review, Verb.RESET)


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def reopen_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """A closed change order that was not approved becomes a draft again."""
    review = loaded(work, order_id, expected_version)
    require_owner(work, review, Verb.REOPEN)
    return _drafted_again(work, review, Verb.REOPEN)


@action(needs=Permission.CHANGE_ORDERS_EDIT)
def close_change_order(work: UnitOfWork, order_id: str, *, expected_version: int | None = None) -> ChangeOrder:
    """The end of a change order that is resolved and does not close by itself."""
    review = loaded(work, order_id, expected_version)
    require_owner(work, review, Verb.CLOSE)
    return moved(work, review, Verb.CLOSE, closed_at=work.change.changed_at).order


def settled(work: UnitOfWork, review: Review) -> Review:
    """The order after what is under review was decided, or its reviewers became others; saved either way. No verb."""
    stage = review.stage_under_review
    outcome = Outcome.PENDING if stage is None else stage_outcome(review, stage)
    if stage is None or outcome is Outcome.PENDING:
        return saved(work, review)
    decided = stage._replace(state=StageState(outcome.value), decided_at=work.change.changed_at)
    review = with_stage(work, review, decided)
    if outcome is Outcome.REJECTED:
        return _resolved(work, review, Verb.REJECT)
    if review.stage_under_review is None:
        return _resolved(work, review, Verb.APPROVE)
    return saved(work, with_stage_opened(work, review))


def stage_outcome(review: Review, stage: ReviewStage) -> Outcome:
    """What comes of the stage with the decisions that there are."""
    seats = [
        Seat(each.user_id or each.named, each.is_required, each.is_required_to_approve)
        for each in review.seats_of(stage)
    ]
    panel = Panel(ApprovalType(stage.approval_type), stage.minimum, tuple(seats))
    verdicts = {each.reviewer_id: Verdict(each.verdict) for each in review.decisions if each.stage_id == stage.id}
    return approval_outcome(panel, verdicts)


def _resolved(work: UnitOfWork, review: Review, verb: Verb) -> Review:
    """Approval releases; every resolution lets the items go, and closes the order where its template says so."""
    values: dict[str, object] = {"resolved_at": work.change.changed_at}
    if verb is Verb.APPROVE:
        released(work, review)
        values["release_change"] = work.change.number
    unlock_components(work, review.order.id)
    review = moved(work, review, verb, **values)
    order = review.order
    work.emit(ChangeOrderResolved(order.id, order.number, order.status, order.resolution))
    resolutions = template_of(order.template).resolutions
    closing = {
        Verb.APPROVE: resolutions.on_approval,
        Verb.REJECT: resolutions.on_rejection,
        Verb.WITHDRAW: resolutions.on_withdrawal,
    }[verb]
    if closing is Closing.AUTO:
        return moved(work, review, Verb.CLOSE, closed_at=work.change.changed_at)
    return review


def _drafted_again(work: UnitOfWork, review: Review, verb: Verb) -> ChangeOrder:
    state_after(review.state, verb)
    unlock_components(work, review.order.id)
    review = without_decisions(work, review)
    return moved(work, review, verb, submitted_at=None, resolved_at=None, closed_at=None).order


def _refuse_other_content(review: Review, expected_digest: str | None) -> None:
    if expected_digest is not None and expected_digest != review.digest:
        raise StaleChangeOrder(
            f"The content of {review.order.number} is not what was looked at any more.",
            path=("expectedDigest",),
            expected=review.digest,
            hint="Look at the change order again.",
        )


def _stage_under_review(review: Review, stage_id: str | None) -> ReviewStage:
    stage = review.stage_under_review
    if stage is None:
        state_after(review.state, Verb.APPROVE)
        raise StateRefused(f"{review.order.number} has no stage under review.", path=("id",))
    if stage_id is not None and stage_id != stage.id:
        raise StateRefused(
            f"{review.order.number} is in the stage {stage.name}.", path=("stageId",), expected=f"{stage.id}"
        )
    return stage


def _seat(work: UnitOfWork, review: Review, stage: ReviewStage, on_behalf_of: str | None) -> str:
    """The user whose seat the caller decides from: his own, or that of somebody who is away and named him."""
    seats = {each.user_id for each in review.seats_of(stage) if each.user_id is not None}
    own = work.actor.user_id
    if own in seats and on_behalf_of in (None, own):
        return own
    absent = [each for each in stood_in_for(work, own) if each in seats and on_behalf_of in (None, each)]
    if len(absent) == 1:
        return absent[0]
    if absent:
        raise InvalidReviewer(
            f"The caller stands in for {len(absent)} reviewers of the stage {stage.name}.",
            path=("onBehalfOf",),
            expected=f"one of {', '.join(absent)}",
        )
    raise NotReviewer(
        f"The caller is no reviewer of the stage {stage.name} of {review.order.number}.",
        path=("id",),
        expected="a reviewer of the stage under review, or somebody who stands in for one",
    )


def _verdict(text: str) -> Verdict:
    words = {"APPROVE": Verdict.APPROVED, "REJECT": Verdict.REJECTED, **{each.value: each for each in Verdict}}
    found = words.get(text.strip().upper())
    if found is None:
        raise InvalidChangeOrder(
            f"{text[:40]!r} is no decision.", path=("decision",), expected=f"one of {', '.join(Verdict)}"
        )
    return found


def _decision(
    work: UnitOfWork, review: Review, stage: ReviewStage, reviewer_id: str, verdict: Verdict, note: str
) -> Decision:
    said = checked_text(note, NOTE_LENGTH_MAX, ("note",))
    if verdict is Verdict.REJECTED and not said:
        raise DecisionNoteMissing("A rejection needs a reason.", path=("note",), expected="what has to change")
    return Decision(
        id=work.new_id(),
        change_order_id=review.order.id,
        stage_id=stage.id,
        reviewer_id=reviewer_id,
        decided_by=work.actor.user_id,
        verdict=verdict,
        note=said,
        digest=review.digest,
        decided_at=work.change.changed_at,
    )


def _with_decision(work: UnitOfWork, review: Review, decision: Decision) -> Review:
    """A reviewer who decides again takes back what he decided before."""
    before = [
        each
        for each in review.decisions
        if (each.stage_id, each.reviewer_id) == (decision.stage_id, decision.reviewer_id)
    ]
    store.end_decisions(work.connection, [each.id for each in before], work.change.changed_at)
    store.insert_parts(work.connection, work.library_id, [decision])
    order = review.order
    work.emit(
        ReviewerDecided(
            order.id, order.number, decision.stage_id, decision.reviewer_id, decision.decided_by, decision.verdict,
            decision.digest, order.status, order.resolution,
        )
    )  # fmt: skip
    kept = [each for each in review.decisions if each not in before]
    return review._replace(decisions=(*kept, decision))
