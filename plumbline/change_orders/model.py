"""Change orders, their items, the stages of their review, and what reviewers decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class OrderType(StrEnum):
    """What sort of change: engineering, manufacturing, or of documentation, which releases nothing."""

    ECO = "ECO"
    MCO = "MCO"
    DCO = "DCO"


class Status(StrEnum):
    DRAFT = "DRAFT"
    OPEN = "OPEN"
    """Under review. What it changes is locked."""
    ON_HOLD = "ON_HOLD"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


class Resolution(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class ChangeOrder(NamedTuple):
    id: str
    sequence: int
    """1, 2, 3 … in the library, whatever the type."""
    type: str
    name: str
    description: str
    status: str
    resolution: str
    template_id: str
    """The document that the template was taken from."""
    template_name: str
    template: str
    """Its YAML as it was when the change order was created."""
    contents: str
    """JSON: the values of the template's fields by name, as the wire has them."""
    version: int
    """1, 2, 3 …: every change of the order or of something in it makes the next one."""
    created_by: str
    created_at: str
    updated_by: str
    updated_at: str
    submitted_at: str | None = None
    resolved_at: str | None = None
    closed_at: str | None = None
    release_change: int | None = None
    """The change of the library that released its items: the moment of its as-released baseline."""
    deleted_at: str | None = None
    """When a draft was thrown away: it is in no list any more, and its number is not given out again."""

    @property
    def number(self) -> str:
        """`ECO-00012`: what people call it."""
        return f"{self.type}-{self.sequence:05}"


class OrderFilter(NamedTuple):
    """Every list that is not empty narrows; `text` is looked for in name and description."""

    statuses: tuple[str, ...] = ()
    resolutions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    created_by: tuple[str, ...] = ()
    component_key: int | None = None
    text: str = ""


class Item(NamedTuple):
    """A component under change: the version that is looked at, and the revision and status that it is to get."""

    id: str
    change_order_id: str
    position: int
    component_key: int
    component_version: int
    proposed_status_id: str
    proposed_revision: str | None
    """None for a change order that releases nothing."""
    is_revision_chosen: bool
    """Whether somebody chose the revision; otherwise it is the next one of the revision scheme."""


class StageState(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class ReviewStage(NamedTuple):
    id: str
    change_order_id: str
    position: int
    name: str
    types: str
    """JSON: the approval types that can be chosen."""
    approval_type: str
    minimum: int
    state: str
    notify: str
    """JSON: whom to tell, `[{"userId": …}, {"email": …}]`."""
    opened_at: str | None = None
    decided_at: str | None = None


class Reviewer(NamedTuple):
    """A seat in a stage. One that the template names and nobody in the library answers to has no user."""

    id: str
    change_order_id: str
    stage_id: str
    position: int
    user_id: str | None
    named: str
    """Whom the template or the caller named: an id or an e-mail address."""
    is_required: bool
    is_required_to_approve: bool
    is_of_template: bool


class Decision(NamedTuple):
    """What a reviewer decided about exactly this content. One that was taken back, or that spoke of other content, has ended."""

    id: str
    change_order_id: str
    stage_id: str
    reviewer_id: str
    """The user whose seat it is."""
    decided_by: str
    """The user who decided: the reviewer, or a delegate."""
    verdict: str
    note: str
    digest: str
    """Of the content that was decided about."""
    decided_at: str
    ended_at: str | None = None


class Comment(NamedTuple):
    """What somebody says about a change order, or about a place in it. One without parent begins a thread, which can be resolved."""

    id: str
    change_order_id: str
    parent_id: str | None
    item_id: str | None
    """The item that it is about."""
    field: str | None
    """A field or an attribute of the item, or a custom field of the order."""
    line_id: str | None
    """A line of the item's BOM."""
    text: str
    created_by: str
    created_at: str
    edited_at: str | None = None
    resolved_by: str | None = None
    resolved_at: str | None = None


class Delegation(NamedTuple):
    """Who decides for a reviewer who is away. Both moments belong to the time."""

    id: str
    user_id: str
    delegate_id: str
    starts_at: str
    ends_at: str
    created_by: str
    created_at: str
    ended_at: str | None = None
    """When it was called off."""


class ValidationType(StrEnum):
    SYSTEM = "SYSTEM"
    """Built in."""
    CUSTOM = "CUSTOM"
    """A rule of the library."""


class Run(NamedTuple):
    """All validations of a change order, once: about exactly this content, with the rules that were in force."""

    id: str
    change_order_id: str
    sequence: int
    """1, 2, 3 … in the change order."""
    digest: str
    """Of the content; see `content`."""
    facts_digest: str
    """Of everything that was looked at; see `payload`."""
    configuration_change: int
    """The library's last change of its configuration before the run."""
    state: str
    """PASS or FAIL."""
    pass_count: int
    fail_count: int
    warning_count: int
    created_by: str
    created_at: str


class Result(NamedTuple):
    run_id: str
    position: int
    name: str
    type: str
    state: str
    """PASS, FAIL or WARNING."""
    on_failure: str
    """ERROR or WARNING."""
    message: str
    rule_id: str | None
    logs: str
    """JSON: `[{"message": …, "type": …}]`, in order."""


@dataclass(frozen=True, slots=True)
class NewComment:
    text: str
    parent: str | None = None
    item: str | None = None
    field: str | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewerWish:
    """A reviewer whom a caller wants in a stage; `user` is an id or an e-mail address."""

    user: str
    is_required: bool = False
    is_required_to_approve: bool = False


@dataclass(frozen=True, slots=True)
class StageWish:
    """What a caller wants of one stage; None leaves it. `stage` is its id or name."""

    stage: str
    approval_type: str | None = None
    reviewers: tuple[ReviewerWish, ...] | None = None
    notify: tuple[str, ...] | None = None
    """Users by id or e-mail address, and bare e-mail addresses."""


@dataclass(frozen=True, slots=True)
class ItemWish:
    """A component to put under change. What is None is worked out: the newest version, the present status, the next revision."""

    component: str
    """Its id."""
    version: int | None = None
    status: str | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class NewChangeOrder:
    name: str
    type: str = OrderType.ECO
    description: str = ""
    template: str | None = None
    """Id or name; the library's default template without."""
    contents: Mapping[str, object] = field(default_factory=dict)
    items: tuple[ItemWish, ...] = ()
    stages: tuple[StageWish, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeOrderEdit:
    """What shall be otherwise; None leaves it. `contents` names only the fields that change."""

    id: str
    expected_version: int | None = None
    name: str | None = None
    description: str | None = None
    type: str | None = None
    contents: Mapping[str, object] | None = None
    stages: tuple[StageWish, ...] = ()
