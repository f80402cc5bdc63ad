"""The nouns of the part master. Rows that are read by the thousand are NamedTuples: made straight from a database row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from typing import NamedTuple

from plumbline.catalog.attributes import TypedValue


class ComponentState(StrEnum):
    RELEASED = "RELEASED"
    MODIFIED = "MODIFIED"


class Procurement(StrEnum):
    MAKE = "MAKE"
    BUY = "BUY"


class MarkKind(StrEnum):
    """What one user hangs on a component for himself."""

    FAVORITE = "FAVORITE"
    PINNED = "PINNED"


class SourceStatus(StrEnum):
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    OBSOLETE = "OBSOLETE"


class Component(NamedTuple):
    """A component at one of its versions. `key` is the row number that other tables join on; it is never shown."""

    key: int
    id: str
    cpn: str
    version: int
    name: str
    description: str
    category_id: str
    status_id: str
    revision: str | None
    eid: str | None
    procurement: str
    unit_of_measure: str
    labels: str
    """A JSON list; see `labels_of`."""
    is_archived: bool
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    released_version: int | None
    released_revision: str | None
    released_at: str | None

    @property
    def state(self) -> ComponentState:
        return ComponentState.RELEASED if self.version == self.released_version else ComponentState.MODIFIED


class Brief(NamedTuple):
    """What names a component."""

    key: int
    id: str
    cpn: str
    name: str
    revision: str | None
    unit_of_measure: str
    category_id: str
    version: int


class PriceBreak(NamedTuple):
    """From this quantity on, one piece costs `unit_price`."""

    quantity: Decimal
    unit_price: Decimal


class Offer(NamedTuple):
    """What a distributor sells a source for."""

    distributor: str
    sku: str
    currency: str
    breaks: tuple[PriceBreak, ...]
    pack_quantity: Decimal = Decimal(1)
    minimum_quantity: Decimal = Decimal(1)
    lead_time_days: int | None = None
    link: str | None = None


class NewSource(NamedTuple):
    """A manufacturer part that may be bought for a component. A supplier part without a maker has an empty maker and MPN."""

    manufacturer: str = ""
    mpn: str = ""
    description: str = ""
    datasheet: str | None = None
    status: SourceStatus = SourceStatus.APPROVED
    offers: tuple[Offer, ...] = ()


class Source(NamedTuple):
    id: str
    component_key: int
    rank: int
    """1 is preferred."""
    source: NewSource


class AttributeValue(NamedTuple):
    component_key: int
    attribute_id: str
    value: TypedValue


class Alias(NamedTuple):
    """Another number under which the component is known: from before, from outside, or from an import."""

    component_key: int
    value: str
    kind: str


class Lock(NamedTuple):
    """A component under review: who reviews it (the id and the number of a change order), and whether it may be edited meanwhile."""

    component_key: int
    holder_id: str
    holder_label: str
    refuses_edits: bool


class Release(NamedTuple):
    component_key: int
    version: int
    revision: str
    status_id: str
    change: int
    released_at: str
    released_by: str
    change_order_id: str | None


class Version(NamedTuple):
    """An entry of a component's history."""

    component_key: int
    number: int
    change: int
    saved_at: str
    saved_by: str
    revision: str | None
    reason: str | None


class Unset(Enum):
    """The value of a field that an update leaves alone; None clears it."""

    UNSET = "UNSET"


UNSET = Unset.UNSET


@dataclass(frozen=True, slots=True)
class NumberWish:
    """How a new component wants to be numbered; nothing means: by the scheme."""

    number: str | None = None
    """A whole number, kept as typed if the scheme allows it."""
    elements: Mapping[str, str] = field(default_factory=dict)
    """Values for single elements of the scheme, by element name."""


@dataclass(frozen=True, slots=True)
class NewComponent:
    """References to category, status and attributes are ids, codes or names, as the caller has them."""

    name: str
    category: str | None = None
    description: str = ""
    status: str | None = None
    revision: str | None = None
    eid: str | None = None
    procurement: str | None = None
    unit_of_measure: str | None = None
    labels: tuple[str, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    sources: tuple[NewSource, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    """Pairs of kind and value."""
    number: NumberWish = NumberWish()


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """An update: every field that is not UNSET. `expected_version` is the version that the caller saw."""

    id: str
    expected_version: int | None = None
    name: str | Unset = UNSET
    description: str | Unset | None = UNSET
    category: str | Unset = UNSET
    status: str | Unset = UNSET
    revision: str | Unset | None = UNSET
    eid: str | Unset | None = UNSET
    procurement: str | Unset = UNSET
    unit_of_measure: str | Unset = UNSET
    labels: tuple[str, ...] | Unset = UNSET
    attributes: Mapping[str, object] = field(default_factory=dict)
    """Only the attributes named change; None clears one."""
    sources: tuple[NewSource, ...] | Unset = UNSET
    aliases: tuple[tuple[str, str], ...] | Unset = UNSET
    is_archived: bool | Unset = UNSET


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """`revision` None lets the library's revision scheme choose the next one; `status` None keeps the present status."""

    id: str
    revision: str | None = None
    status: str | None = None
    expected_version: int | None = None


class Head(NamedTuple):
    """The newest version of a component that is not archived."""

    key: int
    id: str
    cpn: str
    category_id: str
    status_id: str


class SavedIn(NamedTuple):
    """A component of which a change of the library saved a version."""

    component_key: int
    is_newest: bool
    """Whether that version is still the newest."""
    is_first: bool
    """Whether the component was created by the change."""


class PastValue(NamedTuple):
    """A value that a component has or had of an attribute, by the key of its row."""

    key: int
    component_key: int
    cpn: str
    value: TypedValue


class RevisionsInUse(NamedTuple):
    """How many components of a status were last released as a revision; the lowest number among them as an example."""

    status_id: str
    revision: str
    components: int
    cpn: str
