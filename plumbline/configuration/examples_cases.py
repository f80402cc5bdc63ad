"""Examples made ready to run: what each is about is looked up, so that nothing is left but to compare. And what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from plumbline.catalog.model import Attribute, Category
from plumbline.catalog.registry.checks import Checker
from plumbline.change_orders.approval import Outcome as StageOutcome
from plumbline.change_orders.approval import Panel, Verdict
from plumbline.change_orders.template import Template
from plumbline.kit.errors import Place
from plumbline.numbering.model import ChoiceLists, Scheme
from plumbline.numbering.revision_scheme import RevisionScheme

Section = Literal["components", "numbers", "revisions", "changeOrders"]
NO_REVISION = "none"
"""What a file writes where no revision follows; no scheme can write one like this."""


class Label(NamedTuple):
    section: Section
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one example. `details` explain what came, a sentence each."""

    section: Section
    name: str
    place: Place
    passed: bool
    expected: str
    found: str
    details: tuple[str, ...] = ()


Kinds = frozenset[str]
"""Ways in which a spec is at fault; empty where a file does not say which."""


@dataclass(frozen=True, slots=True)
class ComponentCase:
    """`values` are what people typed, by the names of the specs, each with its attribute."""

    label: Label
    category: Category
    checker: Checker
    status: str
    values: Mapping[str, tuple[Attribute, object]]
    errors: Mapping[str, Kinds]
    warnings: Mapping[str, Kinds]


@dataclass(frozen=True, slots=True)
class NumberCase:
    label: Label
    scheme: Scheme
    choices: ChoiceLists
    number: str
    expected: Literal["valid", "invalid", "generated", "overridden"]


@dataclass(frozen=True, slots=True)
class GeneratedCase:
    """`numbers` are empty where none can be made."""

    label: Label
    scheme: Scheme
    choices: ChoiceLists
    elements: Mapping[str, str]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevisionCase:
    label: Label
    scheme: RevisionScheme
    status: str
    revision: str
    expected: Literal["valid", "invalid"] | None
    following: str | None
    segment: str | None


@dataclass(frozen=True, slots=True)
class FirstRevisionsCase:
    label: Label
    scheme: RevisionScheme
    status: str
    revisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderCase:
    label: Label
    revisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveCase:
    label: Label
    scheme: RevisionScheme
    from_status: str
    to_status: str
    expected: Literal["valid", "invalid"]


@dataclass(frozen=True, slots=True)
class FormCase:
    label: Label
    template: Template
    values: Mapping[str, object]
    is_draft: bool
    errors: frozenset[str]


@dataclass(frozen=True, slots=True)
class StageCase:
    label: Label
    panel: Panel
    decisions: Mapping[str, Verdict]
    expected: StageOutcome


@dataclass(frozen=True, slots=True)
class UntestableCase:
    """One about a document that the files do not have, such as the part number scheme."""

    label: Label
    missing: str


Case = (
    ComponentCase
    | NumberCase
    | GeneratedCase
    | RevisionCase
    | FirstRevisionsCase
    | OrderCase
    | MoveCase
    | FormCase
    | StageCase
    | UntestableCase
)
