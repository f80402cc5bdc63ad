from __future__ import annotations

import pytest

from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise

COMPONENTS = """
<comp ref="R1"><value>10k</value><footprint>R_0603</footprint><datasheet>~</datasheet>
 <fields><field name="MPN">RC-10K</field><field name="Manufacturer">Maker</field></fields>
 <libsource lib="Device" part="R" description="Resistor"/></comp>
<comp ref="R3"><value>10k</value><footprint>R_0603</footprint><fields><field name="MPN">RC-10K</field></fields></comp>
<comp ref="C1"><value>1u</value><footprint>C_0603</footprint><property name="dnp"/></comp>
<comp ref="H1"><value>Hole</value><property name="exclude_from_bom"/></comp>
<comp ref="J1"><value>Plug</value><property name="Colour" value="red"/><property name="Sheetfile" value="a.kicad_sch"/></comp>
"""


def netlist(components: str = COMPONENTS, before: str = "") -> NamedFile:
    title = "<design><sheet><title_block><title>Pump</title><rev>B</rev></title_block></sheet></design>"
    text = f'<?xml version="1.0" encoding="UTF-8"?>{before}<export version="E">{title}<components>{components}</components></export>'
    return NamedFile("pump.xml", text.encode())


def test_components_become_lines():
    data = read_files([netlist()])
    assert recognise([netlist()]).format == "kicad-netlist"
    assert [(line.child_key, line.quantity, line.reference_designators, line.do_not_place) for line in data.lines] == [
        ("1u C_0603", 1, ("C1",), True),
        ("Plug", 1, ("J1",), False),
        ("RC-10K", 2, ("R1", "R3"), False),
    ]
    board, _, plug, resistor = data.parts
    assert plug.attributes == {"Value": "Plug", "Colour": "red"}
    assert (board.key, board.name, board.revision) == ("pump", "Pump", "B")
    assert resistor.description == "Resistor"
    assert (resistor.sources[0].manufacturer, resistor.sources[0].mpn) == ("Maker", "RC-10K")
    assert [notice.code for notice in data.notices] == ["SYMBOLS_LEFT_OUT"]


def test_entities_are_refused_before_they_unfold():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(UnreadableFile, match="declares the entity l0"):
        read_files([netlist("<comp ref='&l9;'/>", f'<!DOCTYPE export [<!ENTITY l0 "ha">{laughs}]>')])


def test_a_file_is_not_opened_for_an_entity():
    with pytest.raises(UnreadableFile, match="declares the entity x"):
        read_files(
            [
                netlist(
                    "<comp ref='R1'><value>&x;</value></comp>",
                    '<!DOCTYPE export [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
                )
            ]
        )


def test_a_text_that_is_too_long_is_refused_and_not_cut():
    field = f'<comp ref="R1"><value>1k</value><fields><field name="MPN">{"z" * 10_001}</field></fields></comp>'
    with pytest.raises(ImportTooLarge, match="a text of more than 10000 characters"):
        read_files([netlist(field)])


def test_blanks_between_elements_are_no_text():
    between = " " * 200 + "<tstamp>1</tstamp>"
    data = read_files([netlist(f'<comp ref="R1"><value>1k</value></comp>{between * 200}')])
    assert [line.child_key for line in data.lines] == ["1k"]
