"""Everything that the validations of a change order look at, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plumbline.access.model import User
from plumbline.boms.model import BomLine
from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.model import Attribute, Status
from plumbline.catalog.reads import Catalog, Checkers
from plumbline.change_orders.model import ChangeOrder, Item, Reviewer, ReviewStage
from plumbline.change_orders.template import Template
from plumbline.components.model import Component
from plumbline.numbering.revision_scheme import RevisionScheme


@dataclass(frozen=True, slots=True)
class ItemFacts:
    item: Item
    component: Component
    """The newest version."""
    values: Mapping[str, TypedValue]
    """By attribute id."""
    lines: Sequence[BomLine]
    others: Sequence[ChangeOrder]
    """Open change orders, and those on hold, that have the component as well."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    order: ChangeOrder
    digest: str
    template: Template
    items: Sequence[ItemFacts]
    stages: Sequence[ReviewStage]
    reviewers: Sequence[Reviewer]
    verdicts: Mapping[tuple[str, str], tuple[str, str, str]]
    """Verdict, note and moment by stage and reviewer, of the decisions that count."""
    named: Mapping[int, Component]
    """Children and substitutes of the items, in their newest versions, by key."""
    named_by_id: Mapping[str, Component]
    catalog: Catalog
    checkers: Checkers
    scheme: RevisionScheme
    people: Mapping[str, User]
    ring: Sequence[Component]
    """Components that would contain each other as released; empty where none would."""
    library_id: str
    configuration_change: int
    is_valid: bool | None
    """What the run before said."""

    def status(self, status_id: str) -> Status:
        return self.catalog.status_by_id[status_id]

    def attributes_of(self, component: Component) -> Sequence[Attribute]:
        return self.catalog.attributes_of_category[component.category_id]
