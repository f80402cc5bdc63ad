"""IPC-2581: the bill of materials and the vendor list of a board."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.model import ImportedData, PartKind, ReadOptions

BOM = """
<Bom name="pump">
 <BomHeader assembly="Pump board" revision="B"><StepRef name="pump"/></BomHeader>
 <BomItem OEMDesignNumberRef="RES-10K" quantity="3" pinCount="2" category="ELECTRICAL" description="Resistor 10k">
  <RefDes name="R1" packageRef="R_0603" populate="true" layerRef="F.Cu"/>
  <RefDes name="R2" packageRef="R_0603" populate="true" layerRef="F.Cu"/>
  <RefDes name="R9" packageRef="R_0603" populate="false" layerRef="B.Cu"/>
  <Characteristics category="ELECTRICAL">
   <Textual definitionSource="KICAD" textualCharacteristicName="Value" textualCharacteristicValue="10k"/>
   <Measured measuredCharacteristicName="Power" measuredCharacteristicValue="100" engineeringUnitOfMeasure="mW"/>
   <Ranged rangedCharacteristicName="Temperature" rangedCharacteristicLowerValue="-55" rangedCharacteristicUpperValue="155"
    engineeringUnitOfMeasure="°C"/>
  </Characteristics>
 </BomItem>
 <BomItem OEMDesignNumberRef="GLUE" quantity="0.5" category="MATERIAL" internalPartNumber="900-1"><MatDes name="G1" layerRef="F"/></BomItem>
 <BomItem OEMDesignNumberRef="DRAWING" quantity="1" category="DOCUMENT"/>
 <BomItem quantity="1" category="ELECTRICAL"/>
</Bom>
"""
AVL = """
<Avl name="vendors"><AvlHeader title="a" source="b" author="c" datetime="2026-01-01T00:00:00"/>
 <AvlItem OEMDesignNumber="RES-10K">
  <AvlVmpn><AvlMpn name="CRCW0603" rank="2"/><AvlVendor enterpriseRef="V2"/></AvlVmpn>
  <AvlVmpn><AvlMpn name="RC0603FR-0710KL" rank="1"/><AvlVendor enterpriseRef="V1"/></AvlVmpn>
  <AvlVmpn chosen="true"><AvlMpn name="ERJ-3EKF1002V" rank="9"/><AvlVendor enterpriseRef="V9"/></AvlVmpn>
  <AvlVmpn><AvlMpn name=""/></AvlVmpn>
 </AvlItem>
</Avl>
"""
HEADER = """
<LogisticHeader><Role id="Owner" roleFunction="SENDER"/>
 <Enterprise id="V1" name="Yageo" code="NONE"/><Enterprise id="V2" name="Vishay" code="NONE"/></LogisticHeader>
"""


def board(*sections: str, before: str = "") -> NamedFile:
    noise = (
        "<Ecad><CadHeader units='MILLIMETER'/><CadData><Step name='pump'><RefDes name='X1'/></Step></CadData></Ecad>"
    )
    body = "".join(sections) + noise
    text = f'<?xml version="1.0" encoding="UTF-8"?>{before}<IPC-2581 revision="C" xmlns="http://webstds.ipc.org/2581">{body}</IPC-2581>'
    return NamedFile("pump.xml", text.encode())


def read(*sections: str, **options: str) -> ImportedData:
    return read_files([board(*sections)], None, ReadOptions(**options))  # type: ignore[arg-type]  # texts only, as the tests call it


def test_a_maker_without_an_identifier_makes_no_part_that_names_none() -> None:
    nameless = HEADER.replace("</LogisticHeader>", '<Enterprise name="Nobody" code="NONE"/></LogisticHeader>')
    data = read(nameless, BOM, AVL.replace('<AvlVendor enterpriseRef="V1"/>', "<AvlVendor/>"))
    makers = {source.mpn: source.manufacturer for source in data.parts[1].sources}
    assert (makers["RC0603FR-0710KL"], makers["CRCW0603"]) == (None, "Vishay")


def test_items_become_parts_and_lines_and_empty_places_are_not_placed() -> None:
    assert recognise([board(BOM)]).format == "ipc-2581"
    data = read(HEADER, BOM, AVL)
    assert [(line.child_key, line.quantity, line.reference_designators, line.do_not_place) for line in data.lines] == [
        ("RES-10K", 2, ("R1", "R2"), False),
        ("RES-10K", 1, ("R9",), True),
        ("GLUE", Decimal("0.5"), (), False),
        ("DRAWING", 1, (), False),
    ]
    top, resistor, glue, drawing = data.parts
    assert (top.name, top.revision, top.kind, data.tops) == ("Pump board", "B", PartKind.ASSEMBLY, ("Pump board",))
    assert (resistor.name, resistor.description, resistor.number) == ("10k", "Resistor 10k", "RES-10K")
    assert resistor.attributes == {
        "Value": "10k",
        "Power": "100 mW",
        "Temperature": "-55 to 155 °C",
        "Package": "R_0603",
    }
    assert (glue.number, drawing.kind) == ("900-1", PartKind.DOCUMENT)
    assert [notice.code for notice in data.notices] == ["ITEM_UNNAMED"]


def test_the_vendor_list_gives_sources_the_chosen_one_first_and_then_by_rank() -> None:
    resistor = read(HEADER, BOM, AVL).parts[1]
    assert [(each.manufacturer, each.mpn) for each in resistor.sources] == [
        (None, "ERJ-3EKF1002V"),
        ("Yageo", "RC0603FR-0710KL"),
        ("Vishay", "CRCW0603"),
    ]


def test_a_quantity_that_is_not_the_number_of_places_is_told() -> None:
    data = read(BOM.replace('quantity="3"', 'quantity="7"'))
    assert "QUANTITY_CONTRADICTED" in {notice.code for notice in data.notices}
    assert data.lines[0].quantity == 2


def test_each_variant_of_a_board_is_a_board() -> None:
    data = read(BOM, BOM.replace("Pump board", "Pump board 230 V"))
    assert data.tops == ("Pump board", "Pump board 230 V")


def test_a_board_called_like_one_of_its_parts_is_another_thing() -> None:
    data = read(BOM.replace("Pump board", "RES-10K"))
    assert data.tops == ("RES-10K assembly",)


def test_a_file_without_a_bill_of_materials_says_so() -> None:
    data = read()
    assert (data.parts, [notice.code for notice in data.notices]) == ((), ["BOM_MISSING"])


def test_entities_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="declares the entity"):
        read_files([board(BOM, before='<!DOCTYPE a [<!ENTITY b "c">]>')])
