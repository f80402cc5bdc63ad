"""How the rows of the part master travel in an archive."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from plumbline.components.fields import (
    BREAKS_MAX,
    DESCRIPTION_LENGTH_MAX,
    LABELS_MAX,
    LEAD_TIME_DAYS_MAX,
    NAME_LENGTH_MAX,
    OFFERS_MAX,
    REVISION_LENGTH_MAX,
    SHORT_TEXT_MAX,
)
from plumbline.components.model import MarkKind, Procurement, SourceStatus
from plumbline.kit.record_model import (
    Amount,
    Change,
    Counted,
    EndChange,
    EndVersion,
    Exact,
    Form,
    Id,
    Moment,
    Names,
    Record,
    Stored,
    UserId,
    about,
    up_to,
)
from plumbline.numbering.model import NUMBER_LENGTH_MAX
from plumbline.numbering.revision_order import sort_key

ComponentId = Annotated[Id, Names("components", by_key=True)]
StatusId = Annotated[Id, Names("statuses")]
ShortText = Annotated[str, up_to(SHORT_TEXT_MAX)]
LongText = Annotated[str, up_to(DESCRIPTION_LENGTH_MAX)]
Address = Annotated[str, up_to(2000)]
Revision = Annotated[str, up_to(REVISION_LENGTH_MAX)]

FROM_VERSION = "The version of the component that it came with."
TO_VERSION = "The version that it is gone with; null while it holds."
FROM_CHANGE = "The change that it came with."
TO_CHANGE = "The change that it is gone with; null while it holds."


class ComponentRecord(Record, noun="components", table="components"):
    """What a component is called for ever; all else is in its versions."""

    id: Id = about("Its id.")
    cpn: Annotated[str, up_to(NUMBER_LENGTH_MAX, length_min=1)] = about("Its part number.")
    created_at: Moment = about("When it was created.")
    created_by: UserId = about("Who created it.")


class VersionRecord(Record, noun="component-versions", table="component_versions"):
    """One saved state of a component. Its versions are 1, 2, 3 …; each ends with the change that the next one begins with."""

    derived_columns = ("revision_sort",)

    component_id: ComponentId = about("The component.")
    number: Counted = about("The number of the version.")
    from_change: Change = about("The change that saved it.")
    to_change: EndChange = about("The change that saved the next one; null for the newest.")
    saved_at: Moment = about("When it was saved.")
    saved_by: UserId = about("Who saved it.")
    name: Annotated[str, up_to(NAME_LENGTH_MAX)] = about("The name.")
    description: LongText = about("The description.")
    category_id: Annotated[Id, Names("categories")] = about("The category.")
    status_id: StatusId = about("The status.")
    revision: Revision | None = about("The revision label; null before there is one.")
    eid: ShortText | None = about("The number in an ERP system.")
    procurement: Procurement = about("Whether it is made or bought.")
    unit_of_measure: Annotated[str, up_to(50)] = about("The unit in which it is counted.")
    labels: Annotated[
        tuple[Annotated[str, up_to(SHORT_TEXT_MAX, length_min=1)], ...], Field(max_length=LABELS_MAX), Stored.JSON
    ] = about("Labels, sorted.")
    is_archived: bool = about("Whether the component is put away.")

    def derived(self) -> dict[str, object]:
        return {"revision_sort": sort_key(self.revision) if self.revision else ""}


class ReleaseRecord(Record, noun="releases", table="releases"):
    """A version that was released. Of the releases of a component, one is the newest at any change."""

    derived_columns = ("revision_sort",)

    component_id: ComponentId = about("The component.")
    version: Counted = about("The number of the version that was released.")
    revision: Revision = about("The revision label that it was released as.")
    status_id: StatusId = about("The status that it was released in.")
    from_change: Change = about("The change that released it.")
    to_change: EndChange = about("The change of the next release of the component; null for the newest.")
    released_at: Moment = about("When it was released.")
    released_by: UserId = about("Who released it.")
    change_order_id: Annotated[str, up_to(100)] | None = about("The change order that released it, if any.")

    def derived(self) -> dict[str, object]:
        return {"revision_sort": sort_key(self.revision) if self.revision else ""}


class AttributeValueRecord(Record, noun="attribute-values", table="attribute_values"):
    """The value of an attribute of a component, for as long as it holds."""

    component_id: ComponentId = about("The component.")
    attribute_id: Annotated[Id, Names("attributes")] = about("The attribute.")
    from_version: Counted = about(FROM_VERSION)
    to_version: EndVersion = about(TO_VERSION)
    from_change: Change = about(FROM_CHANGE)
    to_change: EndChange = about(TO_CHANGE)
    text: Annotated[str, up_to()] = about("The value as it was typed; a list as JSON.")
    number: Annotated[Exact | None, Stored.FLOAT] = about(
        "What it is sorted and compared by, in base units, to the 15 digits of a binary number; null where it is no number."
    )
    value: Exact | None = about("The number as it was typed, without its unit.")
    unit: Annotated[str, up_to(100)] | None = about("The unit, as typed or implied.")


class OfferForm(Form):
    """What a distributor sells a source for."""

    distributor: ShortText = about("The distributor.")
    sku: ShortText = about("The distributor's number.")
    currency: Annotated[str, up_to(3, length_min=3)] = about("Of the prices: a code of ISO 4217.")
    breaks: Annotated[tuple[tuple[Amount, Amount], ...], Field(max_length=BREAKS_MAX)] = about(
        "Pairs of a quantity and the price of one piece from it on."
    )
    pack: Amount = about("Pieces in a pack.")
    minimum: Amount = about("Pieces that must be bought.")
    lead_time_days: Annotated[int, Field(ge=0, le=LEAD_TIME_DAYS_MAX)] | None = about("Days until delivery.")
    link: Address | None = about("The address of the offer.")


class SourceRecord(Record, noun="sources", table="sources"):
    """A manufacturer part that may be bought for a component, with what distributors ask for it."""

    id: Id = about("Its id, the same while manufacturer and MPN stay.")
    component_id: ComponentId = about("The component.")
    from_version: Counted = about(FROM_VERSION)
    to_version: EndVersion = about(TO_VERSION)
    from_change: Change = about(FROM_CHANGE)
    to_change: EndChange = about(TO_CHANGE)
    rank: Counted = about("1 is preferred.")
    manufacturer: ShortText = about("The manufacturer.")
    mpn: ShortText = about("The manufacturer's part number.")
    description: LongText = about("The description.")
    datasheet: Address | None = about("The address of the datasheet.")
    status: SourceStatus = about("Whether it may be used.")
    offers: Annotated[tuple[OfferForm, ...], Field(max_length=OFFERS_MAX), Stored.JSON] = about(
        "Offers of distributors."
    )


class AliasRecord(Record, noun="component-aliases", table="component_aliases"):
    """Another number by which a component is known."""

    component_id: ComponentId = about("The component.")
    from_version: Counted = about(FROM_VERSION)
    to_version: EndVersion = about(TO_VERSION)
    from_change: Change = about(FROM_CHANGE)
    to_change: EndChange = about(TO_CHANGE)
    kind: ShortText = about("What sort of number.")
    value: Annotated[str, up_to(NAME_LENGTH_MAX, length_min=1)] = about("The number; of one component at a time.")


class MarkRecord(Record, noun="component-marks", table="component_marks"):
    """What a user hangs on a component for himself."""

    user_id: UserId = about("The user.")
    component_id: ComponentId = about("The component.")
    kind: MarkKind = about("FAVORITE or PINNED.")


class LockRecord(Record, noun="component-locks", table="component_locks"):
    """A component that a change order holds, so that no other one takes it under review."""

    component_id: ComponentId = about("The component.")
    holder_id: Id = about("The change order, which stands further down.")
    holder_label: ShortText = about("Its number.")
    refuses_edits: bool = about("Whether nobody edits the component meanwhile.")


RECORDS = (
    ComponentRecord,
    VersionRecord,
    ReleaseRecord,
    AttributeValueRecord,
    SourceRecord,
    AliasRecord,
    MarkRecord,
    LockRecord,
)
