"""PDX packages (IPC-2571, IPC-2578), as PLM systems hand products to suppliers: a zip archive whose `pdx.xml` has items with their BOMs.

Attachments are not kept. What the package says in `AdditionalAttributes` beside the standard becomes attributes, except for the group
that this product writes itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plumbline.components.fields import NAME_LENGTH_MAX
from plumbline.exchange import pdx_words as words
from plumbline.exchange.amounts import number_in
from plumbline.exchange.bounds import check_row_count
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.fitting import SAID_NO, SAID_YES, is_not_fitted
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import (
    ImportedData,
    ImportedLine,
    ImportedPart,
    ImportedSource,
    Origin,
    PartKind,
    ReadOptions,
    Severity,
)
from plumbline.exchange.readers.elements import Element, element_tree, mentions

NAME = "pdx"
_KEPT = frozenset(
    {
        "Items", "Item", "AdditionalAttributes", "AdditionalAttribute", "BillOfMaterial", "BillOfMaterialItem", "ReferenceDesignators",
        "ReferenceDesignator", "AlternateItems", "AlternateItem", "ApprovedManufacturerList", "ApprovedManufacturerListItem",
        "Attachments", "Attachment", "Characteristics", "Characteristic",
    }
)  # fmt: skip
_KINDS = {written: PartKind(kind) for kind, written in words.CLASSIFICATION.items()}


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is a package."""
    for file in files:
        if _is_package(file):
            return f"{file.name} is a PDX package"
    return None


def _is_package(file: NamedFile) -> bool:
    return file.suffix == ".xml" and mentions(file, words.PACKAGE)


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    gatherer = Gatherer()
    if not any(_is_package(file) for file in files):
        raise UnreadableFile(
            f"{files[0].name} is no PDX package.", path=(files[0].name,), expected=f"<{words.PACKAGE}>"
        )
    rows = 0
    for file in files:
        if not _is_package(file):
            sentence = f"{file.name} is no PDX package and was not read."
            gatherer.tell(Severity.INFO, "FILE_IGNORED", sentence, Origin(file.name))
            continue
        reading = _Reading(file, gatherer)
        root = element_tree(file, words.PACKAGE, _KEPT)
        items = root.all("Items", "Item")
        rows += len(items)
        check_row_count(rows, file=file.name)
        _read_items(reading, items)
        _tell_attachments(file, root, items, gatherer)
    return gatherer.data(NAME)


@dataclass
class _Reading:
    """One package while it is read."""

    file: NamedFile
    gatherer: Gatherer
    keys: dict[str, str] = field(default_factory=dict)
    """Of the items, by their unique identifiers."""

    def origin(self, element: Element) -> Origin:
        return Origin(self.file.name, row=element.row)


def _read_items(reading: _Reading, items: Sequence[Element]) -> None:
    chosen: dict[str, Element] = {}
    for item in items:
        key = item.get("itemIdentifier") or item.get("itemUniqueIdentifier")
        if not key:
            sentence = "An item without an identifier was left out."
            reading.gatherer.tell(Severity.ERROR, "ITEM_UNNAMED", sentence, reading.origin(item))
            continue
        if unique := item.get("itemUniqueIdentifier"):  # what has none is not what lines mean that name none
            reading.keys[unique] = key
        first = chosen.setdefault(key, item)
        if first is not item:
            sentence = f"{key} stands at row {first.row} too (revision {first.get('revisionIdentifier') or 'none'}); that one was taken."
            reading.gatherer.tell(Severity.WARNING, "ITEM_TWICE", sentence, reading.origin(item))
    for key, item in chosen.items():
        reading.gatherer.add_part(_part(reading, key, item))
    for key, item in chosen.items():
        for element in item.all("BillOfMaterial", "BillOfMaterialItem"):
            _add_line(reading, key, element)


def _part(reading: _Reading, key: str, item: Element) -> ImportedPart:
    own = _additional(item, own=True)
    description = item.get("description")
    is_ours = words.NAME in own
    name = own[words.NAME] if is_ours else description.partition("\n")[0][:NAME_LENGTH_MAX].strip()
    category = (
        words.path_steps(own[words.CATEGORY]) if words.CATEGORY in own else tuple(filter(None, [item.get("category")]))
    )
    return ImportedPart(
        key=key,
        number=item.get("itemIdentifier") or None,
        name=name or key,
        origin=reading.origin(item),
        description=own.get(words.DESCRIPTION, "") if is_ours else description if description != name else "",
        kind=_KINDS.get(item.get("itemClassification"), PartKind.PART),
        category_path=category,
        unit=item.get("globalProductUnitOfMeasureCode") or None,
        attributes={**_characteristics(item), **_additional(item, own=False)},
        sources=tuple(_sources(item)),
        revision=item.get("revisionIdentifier") or None,
        status=own.get(words.STATUS) or _lifecycle(item) or None,
    )


def _lifecycle(item: Element) -> str:
    code = item.get("globalLifeCyclePhaseCode")
    return item.get("globalLifeCyclePhaseCodeOther") if code in ("", "Other") else code


def _additional(element: Element, *, own: bool) -> dict[str, str]:
    """Names and values of the groups that this product writes itself, or of all others."""
    return {
        each.get("name"): each.attributes.get("value", "")
        for group in element.all("AdditionalAttributes")
        if (group.get("groupLabel") == words.OWN_GROUP) is own
        for each in group.all("AdditionalAttribute")
        if each.get("name") and each.get("value")
    }


def _characteristics(item: Element) -> dict[str, str]:
    """What the standard has for specifications; tools differ in the spelling of the attributes."""
    found: dict[str, str] = {}
    for each in item.all("Characteristics", "Characteristic"):
        name = each.get("characteristicName") or each.get("name")
        value = each.get("characteristicValue") or each.get("value")
        if name and value:
            found.setdefault(name, value)
    return found


def _sources(item: Element) -> Iterator[ImportedSource]:
    for each in item.all("ApprovedManufacturerList", "ApprovedManufacturerListItem"):
        manufacturer, mpn = each.get("manufacturedBy"), each.get("manufacturerPartIdentifier")
        datasheet = _additional(each, own=True).get(words.DATASHEET)
        if manufacturer or mpn:
            yield ImportedSource(manufacturer or None, mpn or None, each.get("description"), datasheet)


def _add_line(reading: _Reading, parent: str, element: Element) -> None:
    child = _named_item(reading, element, "billOfMaterialItem")
    origin = reading.origin(element)
    if not child:
        sentence = f"A line of {parent} names no item and was left out."
        reading.gatherer.tell(Severity.ERROR, "LINE_UNNAMED", sentence, origin)
        return
    own = _additional(element, own=True)
    designators = tuple(_designators(element))
    reading.gatherer.count_places(len(designators), origin)
    reading.gatherer.add_line(
        ImportedLine(
            parent_key=parent,
            child_key=child,
            quantity=number_in(element.get("itemQuantity")),
            origin=origin,
            unit=_unit(element, own),
            item_number=element.get("proprietarySequenceIdentifier") or None,
            reference_designators=designators,
            notes=element.get("notes"),
            do_not_place=_is_left_off(own) or _is_left_off(_additional(element, own=False)),
            substitutes=tuple(
                filter(
                    None,
                    (_named_item(reading, each, "item") for each in element.all("AlternateItems", "AlternateItem")),
                )
            ),
        )
    )


def _unit(element: Element, own: Mapping[str, str]) -> str | None:
    if words.UNIT in own:
        return own[words.UNIT]
    is_as_needed = element.get("globalProductQuantityTypeCode") == words.AS_NEEDED
    return words.AS_REQUIRED if is_as_needed else None


def _named_item(reading: _Reading, element: Element, prefix: str) -> str:
    """The key of the item that an element names; one that is not in the package becomes a part of which only this is known."""
    key = reading.keys.get(element.get(f"{prefix}UniqueIdentifier"), element.get(f"{prefix}Identifier"))
    if key and not reading.gatherer.knows(key):
        name = element.get("description").partition("\n")[0][:NAME_LENGTH_MAX].strip()
        reading.gatherer.add_part(ImportedPart(key, name or key, reading.origin(element), number=key))
        sentence = f"{key} is used and is not among the items of the package."
        reading.gatherer.tell(Severity.WARNING, "ITEM_MISSING", sentence, reading.origin(element))
    return key


def _designators(element: Element) -> Iterator[str]:
    for each in element.all("ReferenceDesignators", "ReferenceDesignator"):
        name = each.get("referenceDesignatorName") or each.get("referenceDesignator") or each.get("name")
        if name:
            yield name


def _is_left_off(values: Mapping[str, str]) -> bool:
    """`Do not place: Yes`, `DNP: x`."""
    return any(is_not_fitted(name) and text.strip().casefold() in SAID_YES - SAID_NO for name, text in values.items())


def _tell_attachments(file: NamedFile, root: Element, items: Sequence[Element], gatherer: Gatherer) -> None:
    count = len(root.all("Attachments", "Attachment")) + sum(
        len(item.all("Attachments", "Attachment")) for item in items
    )
    if count:
        sentence = f"{count} attachments of {file.name} are not kept."
        gatherer.tell(Severity.INFO, "ATTACHMENTS_NOT_KEPT", sentence, Origin(file.name))
