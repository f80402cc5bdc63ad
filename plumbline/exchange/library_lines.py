"""Lines as imports state them and as the library keeps them, both ways (pure).

A line without a quantity cannot be kept as such: it becomes one piece in the unit AS_REQUIRED with a note that says so. That note
is put on and taken off here, at the border, so a plan still sees that the quantity is unknown, and a quantity that somebody fills in
by hand stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

import orjson

from plumbline.boms.designators import parse_designators
from plumbline.boms.errors import InvalidDesignators
from plumbline.boms.lines import ITEM_NUMBER_MAX, NOTES_LENGTH_MAX, SUBSTITUTES_MAX
from plumbline.boms.model import BomLine, LineChange, NewLine
from plumbline.catalog.model import unit_of_measure
from plumbline.components.model import UNSET, Component, Unset
from plumbline.exchange.adjusting import Findings, fitted
from plumbline.exchange.model import ImportedLine
from plumbline.exchange.plan import LineStep
from plumbline.exchange.snapshot import KnownLine
from plumbline.kit.quantity import DECIMALS_MAX, QUANTITY_MAX

QUANTITY_UNKNOWN = "The import states no quantity"
AS_REQUIRED = "AS_REQUIRED"
_STEP = Decimal(1).scaleb(-DECIMALS_MAX)
_Value = TypeVar("_Value")


def fitted_line(line: ImportedLine, findings: Findings) -> ImportedLine:
    """As `known_line` will give it back; whatever the library has no field for is told in the notes."""
    remarks = [line.notes]
    unit = None if line.unit is None else unit_of_measure(line.unit)
    if line.unit and unit is None:
        findings.note("UNIT_UNKNOWN", line.unit, line.origin)
        remarks.append(f"Unit: {line.unit}")
    item = _whole_item_number(line.item_number)
    if line.item_number and item is None:
        findings.note("ITEM_NUMBER_IN_NOTES", line.item_number, line.origin)
        remarks.append(f"Item: {line.item_number}")
    designators = _plain_designators(line.reference_designators)
    if designators is None:
        written = ", ".join(line.reference_designators)
        findings.note("DESIGNATORS_IN_NOTES", written, line.origin)
        remarks.append(f"Reference: {written}")
    remarks += ["Consumable"] * line.is_consumable + ["Optional"] * line.is_optional
    quantity = _fitted_quantity(line, findings)
    if line.quantity is not None and (line.quantity <= 0 or quantity is None):
        remarks.append(f"Quantity in the import: {format(line.quantity, 'f')}")
    room_for_remark = NOTES_LENGTH_MAX - len(QUANTITY_UNKNOWN) - 2
    return replace(
        line,
        quantity=quantity,
        unit=None if quantity is None else unit,
        item_number=item,
        reference_designators=designators or (),
        notes=fitted("; ".join(filter(None, remarks)), room_for_remark, findings, line.origin),
        do_not_place=line.do_not_place or line.quantity == 0,
        is_consumable=False,
        is_optional=False,
        substitutes=_fitted_substitutes(line, findings),
    )


def known_line(line: BomLine, id_of: Mapping[int, str]) -> KnownLine:
    """A line of the library in the words of an import."""
    is_unknown = line.unit == AS_REQUIRED and line.quantity == "1" and line.notes.endswith(QUANTITY_UNKNOWN)
    return KnownLine(
        line_id=line.line_id,
        child_id=id_of[line.child_key],
        quantity=None if is_unknown else Decimal(line.quantity),
        unit=None if is_unknown else line.unit,
        item_number=None if line.item_number is None else str(line.item_number),
        reference_designators=parse_designators(line.reference_designators),
        notes=line.notes.removesuffix(QUANTITY_UNKNOWN).removesuffix("; ") if is_unknown else line.notes,
        do_not_place=line.is_do_not_place,
        substitutes=() if line.substitutes == "[]" else tuple(orjson.loads(line.substitutes)),
    )


def new_line(line: ImportedLine, child: Component, substitutes: Sequence[str]) -> NewLine:
    return NewLine(
        child=child.id,
        quantity=Decimal(1) if line.quantity is None else line.quantity,
        unit=AS_REQUIRED if line.quantity is None else line.unit,
        item_number=None if line.item_number is None else int(line.item_number),
        reference_designators=", ".join(line.reference_designators),
        notes=_noted(line.notes) if line.quantity is None else line.notes,
        is_do_not_place=line.do_not_place,
        substitutes=tuple(substitutes),
    )


def line_change(step: LineStep, child: Component, substitutes: Sequence[str]) -> LineChange:
    """The fields that the step changes, and no others."""
    line, known = step.line, step.known
    assert line is not None, "only a line that the import has changes"
    assert known is not None, "only a line that the library has changes"
    changed = {change.field for change in step.changes}
    still_unknown = known.quantity is None and line.quantity is None
    became_known = known.quantity is None and line.quantity is not None
    notes = line.notes or known.notes
    return LineChange(
        line_id=known.line_id,
        child=child.id if "child" in changed else UNSET,
        quantity=_or_unset(line.quantity, "quantity" in changed),
        unit=_or_unset(line.unit or child.unit_of_measure, "unit" in changed or became_known),
        item_number=_or_unset(None if line.item_number is None else int(line.item_number), "itemNumber" in changed),
        reference_designators=_or_unset(", ".join(line.reference_designators), "referenceDesignators" in changed),
        notes=_or_unset(_noted(notes) if still_unknown else notes, "notes" in changed or became_known),
        is_do_not_place=_or_unset(line.do_not_place, "doNotPlace" in changed),
        substitutes=_or_unset(tuple(substitutes), "substitutes" in changed),
    )


def _or_unset(value: _Value | None, is_changed: bool) -> _Value | Unset:
    return value if is_changed and value is not None else UNSET


def _noted(notes: str) -> str:
    return "; ".join(filter(None, (notes, QUANTITY_UNKNOWN)))


def _fitted_quantity(line: ImportedLine, findings: Findings) -> Decimal | None:
    """None where there is no number that a line can have; a zero is one piece that is not placed."""
    quantity = line.quantity
    if quantity is None or quantity < 0 or quantity > QUANTITY_MAX:
        findings.note("QUANTITY_NOT_STATED", line.child_key, line.origin)
        return None
    if quantity == 0:
        findings.note("QUANTITY_ZERO", line.child_key, line.origin)
        return Decimal(1)
    rounded = quantity.quantize(_STEP).normalize()
    if rounded != quantity:
        findings.note("QUANTITY_ROUNDED", format(quantity, "f"), line.origin)
    return rounded or _STEP


def _whole_item_number(text: str | None) -> str | None:
    stripped = (text or "").strip()
    if not (stripped.isascii() and stripped.isdigit()) or len(stripped) > 10 or int(stripped) > ITEM_NUMBER_MAX:
        return None
    return str(int(stripped))


def _plain_designators(designators: Sequence[str]) -> tuple[str, ...] | None:
    """Each as the library reads it; None where one is a text with blanks in it, or they do not read at all."""
    if any(len(each.split()) > 1 for each in designators):
        return None
    try:
        return parse_designators(", ".join(dict.fromkeys(designators)))
    except InvalidDesignators:
        return None


def _fitted_substitutes(line: ImportedLine, findings: Findings) -> tuple[str, ...]:
    others = [key for key in dict.fromkeys(line.substitutes) if key not in (line.child_key, line.parent_key)]
    kept = others[:SUBSTITUTES_MAX]
    for key in dict.fromkeys(line.substitutes):
        if key not in kept:
            findings.note("SUBSTITUTE_DROPPED", key, line.origin)
    return tuple(kept)
