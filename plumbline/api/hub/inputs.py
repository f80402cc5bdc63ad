"""From input objects of the wire to the words of the rooms. Checks of content belong to the rooms; here only names change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from plumbline.boms.model import BomEdit, LineChange, LineMove, NewLine
from plumbline.components.errors import InvalidComponent
from plumbline.components.model import (
    UNSET,
    ComponentChange,
    NewComponent,
    NewSource,
    NumberWish,
    Offer,
    PriceBreak,
    ReleaseRequest,
    SourceStatus,
    Unset,
)
from plumbline.imports.errors import InvalidImportOptions
from plumbline.kit.errors import PathPart
from plumbline.validations.errors import InvalidValidationRule
from plumbline.validations.model import NewRule, RuleChange

Wire = Mapping[str, Any]
"""An input object as graphql-core coerced it: JSON-like values, hence Any."""
Path = tuple[PathPart, ...]


def new_component(wire: Wire, path: Path) -> NewComponent:
    return NewComponent(
        name=wire["name"],
        category=wire.get("categoryId"),
        description=wire.get("description") or "",
        status=wire.get("statusId"),
        revision=wire.get("revisionValue"),
        eid=wire.get("eid"),
        procurement=wire.get("procurement"),
        unit_of_measure=wire.get("unitOfMeasure"),
        labels=tuple(wire.get("labels") or ()),
        attributes=attribute_values(wire.get("attributeValues") or (), path),
        sources=tuple(map(new_source, wire.get("sources") or ())),
        aliases=tuple(map(_alias, wire.get("aliases") or ())),
        number=NumberWish(wire.get("cpn"), {each["name"]: each["value"] for each in wire.get("cpnElements") or ()}),
    )


def component_change(wire: Wire, path: Path) -> ComponentChange:
    """A field that is absent stays as it is; one that is null is cleared, where it can be."""

    def given(name: str) -> Any:
        return wire.get(name, UNSET)

    def required(name: str) -> Any:
        value = given(name)
        if value is None:
            raise InvalidComponent(f"{name} cannot be null.", path=(*path, name), expected="a value, or no such field")
        return value

    return ComponentChange(
        id=wire["id"],
        expected_version=wire.get("expectedVersion"),
        name=required("name"),
        description=given("description"),
        category=required("categoryId"),
        status=required("statusId"),
        revision=given("revisionValue"),
        eid=given("eid"),
        procurement=required("procurement"),
        unit_of_measure=required("unitOfMeasure"),
        labels=_listed(given("labels"), tuple),
        attributes=attribute_values(wire.get("attributeValues") or (), path),
        sources=_listed(given("sources"), lambda sources: tuple(map(new_source, sources))),
        aliases=_listed(given("aliases"), lambda aliases: tuple(map(_alias, aliases))),
    )


def attribute_values(wire: Sequence[Wire], path: Path) -> dict[str, object]:
    values: dict[str, object] = {}
    for index, each in enumerate(wire):
        if each["attribute"] in values:
            raise InvalidComponent(
                f"The attribute {each['attribute'][:80]!r} is given twice.",
                path=(*path, "attributeValues", index),
                expected="every attribute once",
            )
        values[each["attribute"]] = each.get("value")
    return values


def new_source(wire: Wire) -> NewSource:
    return NewSource(
        manufacturer=wire.get("manufacturer") or "",
        mpn=wire.get("mpn") or "",
        description=wire.get("description") or "",
        datasheet=wire.get("datasheet"),
        status=SourceStatus(wire.get("status") or SourceStatus.APPROVED),
        offers=tuple(map(_offer, wire.get("offers") or ())),
    )


def release_request(wire: Wire) -> ReleaseRequest:
    return ReleaseRequest(wire["id"], wire.get("revisionValue"), wire.get("statusId"), wire.get("expectedVersion"))


def bom_edit(wire: Wire) -> BomEdit:
    return BomEdit(
        parent=wire["parentId"],
        expected_version=wire.get("expectedVersion"),
        add=tuple(map(new_line, wire.get("add") or ())),
        change=tuple(map(line_change, wire.get("change") or ())),
        move=tuple(map(line_move, wire.get("move") or ())),
        remove=tuple(wire.get("remove") or ()),
        replace_all=None if wire.get("lines") is None else tuple(map(new_line, wire["lines"])),
    )


def new_line(wire: Wire) -> NewLine:
    return NewLine(
        child=wire["childId"],
        quantity=wire["quantity"],
        unit=wire.get("unit"),
        item_number=wire.get("itemNumber"),
        reference_designators=wire.get("refDes") or "",
        notes=wire.get("notes") or "",
        is_do_not_place=bool(wire.get("isDoNotPlace")),
        substitutes=tuple(wire.get("substitutes") or ()),
    )


def line_change(wire: Wire) -> LineChange:
    """Null means empty for texts and lists, and nothing for the rest, which cannot be empty."""

    def given(name: str, empty: object = UNSET) -> Any:
        value = wire.get(name, UNSET)
        return empty if value is None else value

    return LineChange(
        line_id=wire["id"],
        child=given("childId"),
        quantity=given("quantity"),
        unit=given("unit"),
        item_number=wire.get("itemNumber", UNSET),
        reference_designators=given("refDes", ""),
        notes=given("notes", ""),
        is_do_not_place=given("isDoNotPlace"),
        substitutes=_listed(wire.get("substitutes", UNSET), tuple),
    )


def line_move(wire: Wire) -> LineMove:
    return LineMove(wire["id"], wire.get("toParentId"), wire.get("beforeLinkId"))


def new_rule(wire: Wire) -> NewRule:
    """What is null is as if it were absent, but for the description."""
    given = {"version": "version", "isActive": "is_active", "onFailure": "on_failure", "type": "type"}
    said = {word: wire[name] for name, word in given.items() if wire.get(name) is not None}
    return NewRule(wire["name"], wire["code"], wire.get("description"), **said)


def rule_change(wire: Wire) -> RuleChange:
    """A field that is absent stays as it is; only a description can be taken away by null."""
    for name in ("code", "version", "isActive", "onFailure"):
        if wire.get(name, UNSET) is None:
            message = f"{name} cannot be null."
            raise InvalidValidationRule(message, path=(name,), expected="a value, or no such field")
    return RuleChange(
        code=wire.get("code"),
        description=wire.get("description", UNSET),
        version=wire.get("version"),
        is_active=wire.get("isActive"),
        on_failure=wire.get("onFailure"),
    )


def _alias(wire: Wire) -> tuple[str, str]:
    return wire.get("kind") or "legacy", wire["value"]


def _offer(wire: Wire) -> Offer:
    return Offer(
        distributor=wire["distributor"],
        sku=wire.get("sku") or "",
        currency=wire["currency"],
        breaks=tuple(PriceBreak(each["quantity"], each["unitPrice"]) for each in wire.get("priceBreaks") or ()),
        pack_quantity=_or_one(wire.get("packQuantity")),
        minimum_quantity=_or_one(wire.get("minimumQuantity")),
        lead_time_days=wire.get("leadTimeDays"),
        link=wire.get("link"),
    )


def _or_one(value: Decimal | None) -> Decimal:
    return Decimal(1) if value is None else value


def _listed(value: Any, convert: Any) -> Any:
    """UNSET stays; null is an empty list."""
    return value if isinstance(value, Unset) else convert(value or ())


def texts_by_name(wire: object, path: Path, example: str) -> dict[str, str]:
    """A JSON object of texts; none for null."""
    if wire is None:
        return {}
    if not isinstance(wire, dict) or not all(isinstance(text, str) for text in wire.values()):
        raise InvalidImportOptions("This is no object of texts.", path=path, expected=f"an object such as {example}")
    return wire
