"""How change orders, their reviews and their validations travel in an archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, JsonValue, StringConstraints, ValidationInfo, model_validator

from plumbline.change_orders.approval import Verdict
from plumbline.change_orders.field_values import checked_field_values
from plumbline.change_orders.model import OrderType, Resolution, StageState, Status, ValidationType
from plumbline.change_orders.template import ApprovalType
from plumbline.change_orders.templates import template_of
from plumbline.components.fields import REVISION_LENGTH_MAX
from plumbline.components.records import ComponentId, StatusId
from plumbline.kit.errors import Refusal
from plumbline.kit.record_model import (
    Change,
    Counted,
    Form,
    Id,
    Moment,
    Names,
    OnTheLine,
    Record,
    Stored,
    UserId,
    Whole,
    about,
    up_to,
)
from plumbline.validations.model import OnFailure
from plumbline.validations.outcome import ResultState, RunState

OrderId = Annotated[Id, Names("change-orders")]
StageId = Annotated[Id, Names("change-order-stages")]
NobodyOrUser = Annotated[Id | None, Names("users")]
Name = Annotated[str, up_to(500)]
Text = Annotated[str, up_to()]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

ITS_ID = "Its id."
THE_ORDER = "The change order."


def _readable_template(text: str) -> str:
    """Whoever shows the change order reads it again."""
    try:
        template_of(text)
    except Refusal as refusal:
        raise ValueError(f"a template: {refusal.message}") from None
    return text


def _fitting(contents: Mapping[str, JsonValue], info: ValidationInfo) -> Mapping[str, JsonValue]:
    if "template" in info.data:  # otherwise the template is refused already
        try:
            checked_field_values(template_of(info.data["template"]), contents, may_be_incomplete=True)
        except Refusal as refusal:
            raise ValueError(f"values of the template's fields: {refusal.message}") from None
    return contents


class ChangeOrderRecord(Record, noun="change-orders", table="change_orders"):
    """A proposal to change components, as it is now. What is under review holds its items; what was approved has released them."""

    id: Id = about(ITS_ID)
    sequence: Counted = about("The number in `ECO-00012`: 1, 2, 3 … in the library, whatever the type.")
    type: OrderType = about("What sort of change.")
    name: Name = about("The name.")
    description: Text = about("The description.")
    status: Status = about("How far it has come.")
    resolution: Resolution = about("What came of it; `PENDING` before it is resolved.")
    template_id: Id = about("The configuration document that its template was taken from.")
    template_name: Name = about("The name of that document.")
    template: Annotated[str, up_to(), AfterValidator(_readable_template)] = about(
        "The template as it was when the change order was created."
    )
    contents: Annotated[dict[str, JsonValue], Stored.JSON, AfterValidator(_fitting)] = about(
        "The values of the template's fields, by name."
    )
    version: Counted = about("1, 2, 3 …: every change makes the next one.")
    created_by: UserId = about("Who created it.")
    created_at: Moment = about("When.")
    updated_by: UserId = about("Who changed it last.")
    updated_at: Moment = about("When.")
    submitted_at: Moment | None = about("When its review began; null for a draft.")
    resolved_at: Moment | None = about("When it was resolved, if it is.")
    closed_at: Moment | None = about("When it was closed, if it is.")
    deleted_at: Moment | None = about(
        "When it was thrown away as a draft, and left every list; null while it is there."
    )
    release_change: Annotated[Change | None, OnTheLine.OF_CHANGES] = about(
        "The change that approved it and released its items; null if it is not approved."
    )


class ItemRecord(Record, noun="change-order-items", table="change_order_items"):
    """A component under change, and what it is to become."""

    id: Id = about(ITS_ID)
    change_order_id: OrderId = about(THE_ORDER)
    position: Whole = about("Its place among the items.")
    component_id: ComponentId = about("The component.")
    component_version: Counted = about("The version that is looked at.")
    proposed_status_id: StatusId = about("The status that it is to get.")
    proposed_revision: Annotated[str, up_to(REVISION_LENGTH_MAX)] | None = about(
        "The revision label that it is to get; null where nothing is released."
    )
    is_revision_chosen: bool = about("Whether somebody chose the revision; otherwise the scheme did.")


class ToldForm(Form):
    """Somebody to tell of a stage: a user, or a bare e-mail address."""

    user_id: Id | None = about("The user.")
    email: Text | None = about("The e-mail address of somebody who is no user.")

    @model_validator(mode="before")
    @classmethod
    def _either(cls, wire: object) -> object:
        """What is not there is left out, and never null."""
        if not isinstance(wire, dict) or len(wire) != 1 or None in wire.values():
            raise ValueError("either a userId or an email")
        return {"userId": None, "email": None, **wire}


class StageRecord(Record, noun="change-order-stages", table="change_order_stages"):
    """A stage of the review of a change order. Stages are decided one after the other."""

    id: Id = about(ITS_ID)
    change_order_id: OrderId = about(THE_ORDER)
    position: Whole = about("1, 2, 3 … in the change order.")
    name: Name = about("Its name.")
    types: Annotated[tuple[ApprovalType, ...], Stored.JSON] = about("The approval types that can be chosen.")
    approval_type: ApprovalType = about("The one that is chosen.")
    minimum: Whole = about("How many reviewers it needs.")
    state: StageState = about("What came of it so far.")
    notify: Annotated[tuple[ToldForm, ...], Names("users", within="userId"), Stored.JSON] = about("Whom to tell.")
    opened_at: Moment | None = about("When its review began; null before.")
    decided_at: Moment | None = about("When it was decided; null before.")


class ReviewerRecord(Record, noun="change-order-reviewers", table="change_order_reviewers"):
    """A seat in a stage."""

    id: Id = about(ITS_ID)
    change_order_id: OrderId = about(THE_ORDER)
    stage_id: StageId = about("The stage.")
    position: Whole = about("Its place among the seats of the stage.")
    user_id: NobodyOrUser = about("Whose seat it is; null where nobody in the library answered to what was named.")
    named: Name = about(
        "Whom the template or a caller named: an id or an e-mail address, as on the server where it was."
    )
    is_required: bool = about("Whether the stage waits for this reviewer.")
    is_required_to_approve: bool = about("Whether the stage is not approved without this reviewer.")
    is_of_template: bool = about("Whether the template named the reviewer.")


class DecisionRecord(Record, noun="change-order-decisions", table="change_order_decisions"):
    """What a reviewer decided about exactly one content. Of those that count, a reviewer has one in a stage."""

    id: Id = about(ITS_ID)
    change_order_id: OrderId = about(THE_ORDER)
    stage_id: StageId = about("The stage.")
    reviewer_id: UserId = about("The reviewer.")
    decided_by: UserId = about("Who decided: the reviewer, or who stood in.")
    verdict: Verdict = about("What was decided.")
    note: Text = about("What was said.")
    digest: Digest = about("SHA-256 of the content that was decided about.")
    decided_at: Moment = about("When.")
    ended_at: Moment | None = about("When it ceased to count; null while it counts.")


class CommentRecord(Record, noun="change-order-comments", table="change_order_comments"):
    """What somebody said about a change order, or about a place in it. An answer stands after what begins its thread."""

    id: Id = about(ITS_ID)
    change_order_id: OrderId = about(THE_ORDER)
    parent_id: Annotated[Id | None, Names("change-order-comments")] = about(
        "The comment that it answers; null for the beginning of a thread."
    )
    item_id: Id | None = about("The item that it is about, which may be taken off since.")
    field: Name | None = about("The field or attribute that it is about.")
    line_id: Id | None = about("The BOM line that it is about.")
    text: Text = about("What was said.")
    created_by: UserId = about("By whom.")
    created_at: Moment = about("When.")
    edited_at: Moment | None = about("When it was last put otherwise, if it was.")
    resolved_by: NobodyOrUser = about("Who settled the thread; null while it is open.")
    resolved_at: Moment | None = about("When.")


class DelegationRecord(Record, noun="review-delegations", table="review_delegations"):
    """Who decides for a reviewer who is away."""

    id: Id = about(ITS_ID)
    user_id: UserId = about("The reviewer.")
    delegate_id: UserId = about("Who stands in.")
    starts_at: Moment = about("From this moment on.")
    ends_at: Moment = about("Up to this moment.")
    created_by: UserId = about("Who arranged it.")
    created_at: Moment = about("When.")
    ended_at: Moment | None = about("When it was called off, if it was.")


class RunRecord(Record, noun="validation-runs", table="validation_runs"):
    """All validations of a change order, once."""

    id: Id = about(ITS_ID)
    change_order_id: OrderId = about(THE_ORDER)
    sequence: Counted = about("1, 2, 3 … in the change order.")
    digest: Digest = about("SHA-256 of the content that was validated.")
    facts_digest: Digest = about("SHA-256 of everything that was looked at.")
    configuration_change: Annotated[Whole, OnTheLine.OF_CHANGES] = about(
        "The last change of the configuration before it; 0 for none."
    )
    state: RunState = about("Whether the change order may be submitted.")
    pass_count: Whole = about("How many results pass.")
    fail_count: Whole = about("How many fail.")
    warning_count: Whole = about("How many warn.")
    created_by: UserId = about("Who asked for it.")
    created_at: Moment = about("When.")


class LogForm(Form):
    """What a rule wrote while it ran."""

    message: Text = about("The text.")
    type: Annotated[str, up_to(20)] = about("What sort of line.")


class ResultRecord(Record, noun="validation-results", table="validation_results"):
    """What one validation of a run found."""

    run_id: Annotated[Id, Names("validation-runs")] = about("The run.")
    position: Whole = about("Its place among the results.")
    name: Text = about("The name of the validation.")
    type: ValidationType = about("Whether it is built in or a rule of the library.")
    state: ResultState = about("What came of it.")
    on_failure: OnFailure = about("What it gives when something is wrong.")
    message: Text = about("What is wrong.")
    rule_id: Id | None = about("The rule of the library, if it is one.")
    logs: Annotated[tuple[LogForm, ...], Stored.JSON] = about("What the rule wrote while it ran, in order.")


RECORDS = (
    ChangeOrderRecord,
    ItemRecord,
    StageRecord,
    ReviewerRecord,
    DecisionRecord,
    CommentRecord,
    DelegationRecord,
    RunRecord,
    ResultRecord,
)
