"""A change order template as the product works with it: nothing left open that its YAML may leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from plumbline.kit.patterns import Pattern

PAGE = "docs/reference/configuration/change-orders.md"
"""Where templates are described."""


class FieldType(StrEnum):
    TEXT = "text"
    LONGTEXT = "longtext"
    NUMBER = "number"
    DATE = "date"
    CURRENCY = "currency"
    ENUM = "enum"
    LIST = "list"

    @property
    def is_text(self) -> bool:
        return self in (FieldType.TEXT, FieldType.LONGTEXT)

    @property
    def is_number(self) -> bool:
        return self in (FieldType.NUMBER, FieldType.CURRENCY)

    @property
    def has_options(self) -> bool:
        return self in (FieldType.ENUM, FieldType.LIST)


class ApprovalType(StrEnum):
    UNANIMOUS = "Unanimous"
    MAJORITY = "Majority"
    MINIMUM = "Minimum"


class Closing(StrEnum):
    """What follows once a change order is resolved."""

    AUTO = "AUTO_CLOSE"
    MANUAL = "MANUAL_CLOSE"


FieldValue = str | Decimal | date | tuple[str, ...]
"""Text and the choice of an enum; numbers and currency; dates; the choices of a list."""


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    value: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form."""

    name: str
    """What programs call it; unique in the template."""
    type: FieldType
    label: str
    description: str | None = None
    placeholder: str | None = None
    is_required: bool = False
    minimum: Decimal | None = None
    """The smallest number, or the shortest length of a text."""
    maximum: Decimal | None = None
    pattern: Pattern | None = None
    default: FieldValue | None = None
    options: tuple[Option, ...] = ()
    takes_several: bool = False


@dataclass(frozen=True, slots=True)
class FieldGroup:
    name: str
    icon: str | None = None
    description: str | None = None
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedUser:
    """A user as a template names one: by id or by e-mail address, the other is None. Both are in lower case."""

    id: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewer:
    user: NamedUser
    is_required: bool = False
    """The stage waits for this decision; so it does for everybody who must approve."""
    is_required_to_approve: bool = False


@dataclass(frozen=True, slots=True)
class NotifyList:
    users: tuple[NamedUser, ...] = ()
    emails: tuple[str, ...] = ()


NOBODY = NotifyList()


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    types: tuple[ApprovalType, ...]
    """Those that a change order can choose from."""
    default_type: ApprovalType
    minimum: int = 1
    """How many reviewers the stage needs, and how many must approve where Minimum decides. Never 0: nobody would have decided."""
    reviewers: tuple[Reviewer, ...] = ()
    notify: NotifyList = NOBODY


@dataclass(frozen=True, slots=True)
class Resolutions:
    on_approval: Closing = Closing.MANUAL
    on_rejection: Closing = Closing.MANUAL
    on_withdrawal: Closing = Closing.MANUAL


@dataclass(frozen=True, slots=True)
class StateSettings:
    """What a template says about a state in which a change order is not under review."""

    actions: tuple[str, ...] = ()
    notify: NotifyList = NOBODY


QUIET = StateSettings()


@dataclass(frozen=True, slots=True)
class ReservedRule:
    """An entry of the global `validations`, which have no effect yet."""

    id: str
    severity: str


@dataclass(frozen=True, slots=True)
class Template:
    version: str
    description: str
    groups: tuple[FieldGroup, ...]
    stages: tuple[Stage, ...]
    """The stages of the review, in their order; at least one."""
    resolutions: Resolutions = Resolutions()
    resolved: StateSettings = QUIET
    closed: StateSettings = QUIET
    on_hold: StateSettings = QUIET
    rules: tuple[ReservedRule, ...] = ()

    def fields(self) -> Iterator[Field]:
        """All fields, in the order of the form."""
        for group in self.groups:
            yield from group.fields
