"""How BOM lines travel in an archive."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from plumbline.boms.designators import parse_designators
from plumbline.boms.errors import InvalidDesignators
from plumbline.boms.lines import ITEM_NUMBER_MAX, NOTES_LENGTH_MAX, SUBSTITUTES_MAX
from plumbline.kit.quantity import QUANTITY_MAX, InvalidQuantity, bom_quantity, canonical
from plumbline.kit.record_model import (
    Change,
    Counted,
    EndChange,
    EndVersion,
    Exact,
    Id,
    Names,
    Record,
    Stored,
    Whole,
    about,
    up_to,
)


def _canonical_quantity(written: str) -> str:
    try:
        is_canonical = canonical(bom_quantity(written)) == written
    except InvalidQuantity:
        is_canonical = False
    if not is_canonical:
        raise ValueError(QUANTITY_EXPECTED)
    return written


def _readable_designators(written: str) -> str:
    try:
        parse_designators(written)
    except InvalidDesignators as refusal:
        raise ValueError(refusal.message) from None
    return written


QUANTITY_EXPECTED = (
    f"a decimal of more than 0 and at most {QUANTITY_MAX}, without zeros in front or at the end of its decimals"
)
ComponentId = Annotated[Id, Names("components", by_key=True)]


class BomLineRecord(Record, noun="bom-lines", table="bom_lines"):
    """A use of a child in a parent, for as long as it holds. No component ever contains itself."""

    line_id: Id = about("The id of the line, the same while it is edited.")
    parent_id: ComponentId = about("The assembly.")
    child_id: ComponentId = about("The component in it.")
    from_version: Counted = about("The version of the parent that it came with.")
    to_version: EndVersion = about("The version of the parent that it is gone with; null while it holds.")
    from_change: Change = about("The change that it came with.")
    to_change: EndChange = about("The change that it is gone with; null while it holds.")
    position: Whole = about("Orders the lines of a parent.")
    quantity: Annotated[Exact, AfterValidator(_canonical_quantity)] = about("Per one parent: 2, or 0.125.")
    unit: Annotated[str, up_to(50)] = about("The unit of the quantity.")
    item_number: Annotated[int, Field(ge=0, le=ITEM_NUMBER_MAX)] | None = about("The item number.")
    reference_designators: Annotated[str, up_to(), AfterValidator(_readable_designators)] = about(
        "With runs as ranges: `C1-C3, R7`."
    )
    notes: Annotated[str, up_to(NOTES_LENGTH_MAX)] = about("Notes.")
    is_do_not_place: bool = about("Whether it is drawn but not fitted.")
    substitutes: Annotated[
        tuple[Annotated[Id, Names("components")], ...],
        Field(max_length=SUBSTITUTES_MAX),
        Names("components"),
        Stored.JSON,
    ] = about("Ids of components that may be used instead.")


RECORDS = (BomLineRecord,)
