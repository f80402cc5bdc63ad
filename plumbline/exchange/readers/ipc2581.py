"""IPC-2581 (revisions A to C): the one XML of a board for fabrication and assembly, of which the bill of materials and the approved
vendor list are read. KiCad, Altium, Allegro and others write it.

A `BomItem` is a part under the number of its designer (`OEMDesignNumberRef`), with the places where it goes; `populate="false"` leaves a
place empty. The vendor list says for a designer's number whose parts may be bought, in the order of their ranks. Layers, pads and nets are
passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from plumbline.exchange.amounts import number_in
from plumbline.exchange.bounds import check_row_count
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
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

NAME = "ipc-2581"
ROOT = "IPC-2581"
_KEPT = frozenset(
    {
        "LogisticHeader", "Enterprise", "Bom", "BomHeader", "BomItem", "RefDes", "FindDes", "MatDes", "DocDes", "ToolDes",
        "Characteristics", "Textual", "Measured", "Enumerated", "Ranged", "Avl", "AvlItem", "AvlVmpn", "AvlMpn", "AvlVendor",
    }
)  # fmt: skip
_PLACES = ("RefDes", "FindDes", "MatDes", "DocDes", "ToolDes")
_NO = ("false", "0")
_VALUE_NAMES = ("value", "val", "comment")


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is one."""
    for file in files:
        if _is_one(file):
            return f"{file.name} is IPC-2581"
    return None


def _is_one(file: NamedFile) -> bool:
    return file.suffix in (".xml", ".cvg") and mentions(file, f"<{ROOT}")


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    """A file with several bills of materials, one for each variant of the board, gives several boards."""
    gatherer = Gatherer()
    if not any(_is_one(file) for file in files):
        raise UnreadableFile(f"{files[0].name} is no IPC-2581.", path=(files[0].name,), expected=f"<{ROOT}>")
    rows = 0
    for file in files:
        if not _is_one(file):
            sentence = f"{file.name} is no IPC-2581 and was not read."
            gatherer.tell(Severity.INFO, "FILE_IGNORED", sentence, Origin(file.name))
            continue
        root = element_tree(file, ROOT, _KEPT)
        bills = root.all("Bom")
        rows += len(root.all("Bom", "BomItem"))
        check_row_count(rows, file=file.name)
        if not bills:
            sentence = f"{file.name} has no bill of materials; the design tool can be told to write one."
            gatherer.tell(Severity.WARNING, "BOM_MISSING", sentence, Origin(file.name))
        vendors = _vendors(root)
        for bill in bills:
            _read_bill(_Bill(file, bill, vendors, gatherer, options.top_name if len(bills) == 1 else None))
    return gatherer.data(NAME)


@dataclass
class _Bill:
    """One bill of materials while it is read."""

    file: NamedFile
    element: Element
    vendors: Mapping[str, tuple[ImportedSource, ...]]
    gatherer: Gatherer
    top_name: str | None
    named: dict[str, str] = field(default_factory=dict)
    """Keys of parts by their designers' numbers; a board that is called like one of its parts gets another key."""

    def origin(self, element: Element) -> Origin:
        return Origin(self.file.name, row=element.row)


def _read_bill(bill: _Bill) -> None:
    items = [each for each in bill.element.all("BomItem") if _number(each)]
    header = bill.element.first("BomHeader")
    name = (header.get("assembly") if header is not None else "") or bill.element.get("name") or bill.file.stem
    key = bill.top_name or name
    if key in {_number(each) for each in items}:
        key = f"{key} assembly"
    revision = header.get("revision") if header is not None else ""
    top = ImportedPart(key, name, bill.origin(bill.element), kind=PartKind.ASSEMBLY, revision=revision or None)
    bill.gatherer.add_part(top)
    for item in items:
        bill.gatherer.add_part(_part(bill, item))
        for line in _lines(bill, key, item):
            bill.gatherer.add_line(line)
    unnamed = len(bill.element.all("BomItem")) - len(items)
    if unnamed:
        sentence = f"{unnamed} items without a number were left out."
        bill.gatherer.tell(Severity.ERROR, "ITEM_UNNAMED", sentence, bill.origin(bill.element))


def _number(item: Element) -> str:
    return item.get("OEMDesignNumberRef") or item.get("internalPartNumber")


def _part(bill: _Bill, item: Element) -> ImportedPart:
    number, attributes = _number(item), _attributes(item)
    value = next((text for name, text in attributes.items() if name.casefold() in _VALUE_NAMES), "")
    description = item.get("description")
    packages = {each.get("packageRef") for each in item.all("RefDes")} - {""}
    if len(packages) == 1:
        attributes.setdefault("Package", packages.pop())
    return ImportedPart(
        key=number,
        number=item.get("internalPartNumber") or number,
        name=value or description or number,
        description=description,
        origin=bill.origin(item),
        kind=PartKind.DOCUMENT if item.get("category") == "DOCUMENT" else PartKind.PART,
        attributes=attributes,
        sources=bill.vendors.get(number, ()),
    )


def _attributes(item: Element) -> dict[str, str]:
    """Characteristics by their names, measured ones with their unit."""
    found: dict[str, str] = {}
    for each in (one for group in item.all("Characteristics") for one in group.elements):
        kind = each.name.casefold()
        name = each.get(f"{kind}CharacteristicName")
        text = each.get(f"{kind}CharacteristicValue")
        if each.name == "Ranged":
            text = f"{each.get('rangedCharacteristicLowerValue')} to {each.get('rangedCharacteristicUpperValue')}"
        text = f"{text} {each.get('engineeringUnitOfMeasure')}".strip()
        if name and text and text != "to":
            found.setdefault(name, text)
    return found


def _lines(bill: _Bill, parent: str, item: Element) -> Iterator[ImportedLine]:
    """One for the places that are populated, and one for those that are not."""
    number, origin = _number(item), bill.origin(item)
    places = [each for name in _PLACES for each in item.all(name)]
    placed = [each for each in places if _is_populated(each)]
    left = [each for each in places if not _is_populated(each)]
    stated = number_in(item.get("quantity"))
    if stated is not None and stated not in (Decimal(len(places)), Decimal(len(placed))) and item.all("RefDes"):
        sentence = f"{number} has the quantity {stated} and {len(places)} places; the places were counted."
        bill.gatherer.tell(Severity.WARNING, "QUANTITY_CONTRADICTED", sentence, origin)
    if placed or not places:
        quantity = Decimal(len(placed)) if item.all("RefDes") else stated
        yield ImportedLine(parent, number, quantity, origin, reference_designators=_names(placed))
    if left:
        yield ImportedLine(
            parent, number, Decimal(len(left)), origin, reference_designators=_names(left), do_not_place=True
        )


def _is_populated(place: Element) -> bool:
    return place.get("populate").casefold() not in _NO


def _names(places: Sequence[Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.get("name") for each in places if each.name == "RefDes" and each.get("name")))


def _vendors(root: Element) -> dict[str, tuple[ImportedSource, ...]]:
    """Makers' parts by the designer's number, the chosen one first, then by rank."""
    enterprises = {
        each.get("id"): each.get("name") or each.get("id")
        for each in root.all("LogisticHeader", "Enterprise")
        if each.get("id")
    }
    found: dict[str, list[tuple[int, int, ImportedSource]]] = {}
    for item in root.all("Avl", "AvlItem"):
        for place, approved in enumerate(item.all("AvlVmpn")):
            vendor, mpn = approved.first("AvlVendor"), approved.first("AvlMpn")
            maker = enterprises.get(vendor.get("enterpriseRef"), "") if vendor is not None else ""
            name = mpn.get("name") if mpn is not None else ""
            if not name:
                continue
            rank = mpn.get("rank") if mpn is not None else ""
            order = 0 if approved.get("chosen").casefold() == "true" else 1
            by_rank = int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 9 else 10**9
            source = ImportedSource(maker or approved.get("evplVendor") or None, name)
            found.setdefault(item.get("OEMDesignNumber"), []).append((order, by_rank * 10_000 + place, source))
    return {
        number: tuple(each[2] for each in sorted(listed, key=lambda each: each[:2])) for number, listed in found.items()
    }
