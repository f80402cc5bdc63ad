"""A product as a PDX package (IPC-2571 with the items of IPC-2578): a zip archive with `pdx.xml`, written item by item.

Unique identifiers begin with a letter, as the document type wants of an ID. A package holds no prices.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import RawIOBase, TextIOWrapper
from typing import IO, TYPE_CHECKING, cast
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from plumbline.exchange import pdx_words as words
from plumbline.exchange.errors import ExportTooLarge
from plumbline.exchange.exporting.package import Package, PackagedItem, PackagedLine, PackagedSource

if TYPE_CHECKING:
    from typing_extensions import Buffer

ITEMS_MAX = 1_000_000
XML_BYTES_MAX = 2_000_000_000
"""What a plain zip archive can hold in one file, about."""
_UNFIT = re.compile("[^\t\n\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, not even escaped."""

Attributes = Mapping[str, str | None]


def write_pdx(file: IO[bytes], package: Package, created: datetime) -> None:
    moment = created.timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(words.FILE, date_time=moment)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w") as inside:
            text = TextIOWrapper(cast("IO[bytes]", _Bounded(inside)), encoding="utf-8", newline="\n")
            _write_xml(text, package, created)
            text.detach()


class _Bounded(RawIOBase):
    """Refuses what no longer fits, rather than leaving a broken archive behind."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._count = file, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        self._count += memoryview(data).nbytes
        if self._count > XML_BYTES_MAX:
            raise ExportTooLarge(
                f"The package has more than {XML_BYTES_MAX} bytes.", hint="Export the assemblies below one by one."
            )
        return self._file.write(data)


def _write_xml(text: TextIOWrapper, package: Package, created: datetime) -> None:
    xml = _Xml(text)
    root = {
        "thisDocumentIdentifier": package.top,
        "thisDocumentGenerationDateTime": created.isoformat(timespec="seconds"),
        "originatedByContactName": package.owner,
        "description": package.title,
        "dataSource": f"Plumbline, {package.view}",
    }
    with xml.element(words.PACKAGE, root), xml.element("Items", {}):
        for number, item in enumerate(package.items):
            if number == ITEMS_MAX:
                raise ExportTooLarge(f"The package has more than {ITEMS_MAX} items.")
            _write_item(xml, item, package, is_top=number == 0)
    xml.end()


def _write_item(xml: _Xml, item: PackagedItem, package: Package, *, is_top: bool) -> None:
    with xml.element("Item", _item_attributes(item, package, is_top=is_top)):
        own = {
            words.NAME: item.name,
            words.DESCRIPTION: item.description,
            words.CATEGORY: words.path_text(item.category),
            words.STATUS: item.status,
            words.EID: item.eid,
        }
        xml.additional(words.OWN_GROUP, own)
        xml.additional(words.ATTRIBUTES_GROUP, item.attributes)
        if item.lines:
            with xml.element("BillOfMaterial", {}):
                for line in item.lines:
                    _write_line(xml, line)
        if item.sources:
            with xml.element("ApprovedManufacturerList", {}):
                for source in item.sources:
                    _write_source(xml, source)


def _item_attributes(item: PackagedItem, package: Package, *, is_top: bool) -> Attributes:
    return {
        "itemIdentifier": item.cpn,
        "itemUniqueIdentifier": _unique(item.id),
        "globalLifeCyclePhaseCode": words.LIFECYCLE[item.status_meaning],
        "itemClassification": words.CLASSIFICATION[item.kind],
        "revisionIdentifier": item.revision or "",
        "category": item.category[-1] if item.category else "",
        "globalProductUnitOfMeasureCode": item.unit,
        "makeBuy": item.procurement.capitalize(),
        "revisionReleasedDate": item.released_at,
        "ownerName": package.owner,
        "isTopLevel": _yes_no(is_top),
        "description": " - ".join(filter(None, (item.name, item.description))),
    }


def _write_line(xml: _Xml, line: PackagedLine) -> None:
    attributes = {
        "billOfMaterialItemIdentifier": line.cpn,
        "billOfMaterialItemUniqueIdentifier": _unique(line.id),
        "itemQuantity": line.quantity,
        "globalProductQuantityTypeCode": words.AS_NEEDED if line.unit == words.AS_REQUIRED else words.PER_ASSEMBLY,
        "revisionIdentifier": line.revision or "",
        "description": line.name,
        "notes": line.notes or None,
        "proprietarySequenceIdentifier": None if line.item_number is None else str(line.item_number),
        "isSerializationRequired": "No",
    }
    with xml.element("BillOfMaterialItem", attributes):
        own = {words.UNIT: line.unit if line.unit != line.child_unit else None}
        xml.additional(words.OWN_GROUP, {**own, words.DO_NOT_PLACE: "Yes" if line.is_do_not_place else None})
        xml.listed(
            "ReferenceDesignators",
            "ReferenceDesignator",
            ({"referenceDesignatorName": each} for each in line.reference_designators),
        )
        xml.listed(
            "AlternateItems",
            "AlternateItem",
            ({"itemIdentifier": cpn, "itemUniqueIdentifier": _unique(id_)} for id_, cpn in line.substitutes),
        )


def _write_source(xml: _Xml, source: PackagedSource) -> None:
    attributes = {
        "manufacturerPartIdentifier": source.mpn,
        "globalManufacturerPartStatusCode": words.SOURCE_STATUS[source.status],
        "description": source.description or None,
        "manufacturedBy": source.manufacturer,
    }
    with xml.element("ApprovedManufacturerListItem", attributes):
        xml.additional(words.OWN_GROUP, {words.DATASHEET: source.datasheet})


def _unique(id_: str) -> str:
    return f"item-{id_}"


def _yes_no(value: bool) -> str:
    return "Yes" if value else "No"


class _Xml:
    """The writer of the standard library, with an element a line; attributes that are None are left out."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._writer = XMLGenerator(text, encoding="UTF-8", short_empty_elements=True)
        self._writer.startDocument()
        text.write('<?pdx_version "1.0"?>\n')

    @contextmanager
    def element(self, name: str, attributes: Attributes) -> Iterator[None]:
        given = {key: _fit(value) for key, value in attributes.items() if value is not None}
        self._writer.startElement(name, AttributesImpl(given))
        yield
        self._writer.endElement(name)
        self._writer.ignorableWhitespace("\n")

    def additional(self, group: str, values: Attributes) -> None:
        """A group of attributes that the standard does not have; nothing if there is none."""
        given = {name: value for name, value in values.items() if value}
        if given:
            with self.element("AdditionalAttributes", {"groupLabel": group}):
                for name, value in given.items():
                    with self.element("AdditionalAttribute", {"name": name, "value": value}):
                        pass

    def listed(self, name: str, each: str, members: Iterable[Attributes]) -> None:
        found = list(members)
        if found:
            with self.element(name, {}):
                for attributes in found:
                    with self.element(each, attributes):
                        pass

    def end(self) -> None:
        self._writer.endDocument()
        self._text.flush()


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
