from __future__ import annotations

from collections import Counter

import pytest

from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.model import ImportedData, ImportedLine, ImportedPart

LIBRARY = """<library name="lib"><devicesets>
<deviceset name="RES"><devices><device name="-0603" package="R0603"><technologies><technology name="">
 <attribute name="MF" value="Maker"/><attribute name="TOLERANCE" value="1%"/></technology></technologies></device></devices></deviceset>
<deviceset name="GND"><devices><device name=""><technologies><technology name=""/></technologies></device></devices></deviceset>
</devicesets></library>"""
DOCTYPE = '<!DOCTYPE eagle SYSTEM "eagle.dtd">'
PIXHAWK = ("PX4FLOW1.3.1.sch", "PX4IOv1.3.sch", "sapog_reference_hardware.sch")


def drawing(parts: str, more: str = "", name: str = "pump.sch", doctype: str = DOCTYPE) -> NamedFile:
    inside = f"<schematic><libraries>{LIBRARY}</libraries>{more}<parts>{parts}</parts></schematic>"
    text = f'<?xml version="1.0" encoding="utf-8"?>{doctype}<eagle version="9.0"><drawing>{inside}</drawing></eagle>'
    return NamedFile(name, text.encode())


def part(name: str, inside: str = "", value: str = "10k", device: str = "-0603", deviceset: str = "RES") -> str:
    return (
        f'<part name="{name}" library="lib" deviceset="{deviceset}" device="{device}" value="{value}">{inside}</part>'
    )


def attribute(name: str, value: str) -> str:
    return f'<attribute name="{name}" value="{value}"/>'


def codes(data: ImportedData) -> list[str]:
    return [notice.code for notice in data.notices]


def as_expected(line: ImportedLine, part: ImportedPart) -> tuple[str, ...]:
    """A line in the columns of the expected lists. A star is no part number: it is kept as the source writes it."""
    said = dict(each.split(": ", 1) for each in line.notes.split("; ") if each)
    number = next((source.mpn for source in part.sources if source.mpn), part.attributes.get("PARTNO", ""))
    return (
        number,
        said.get("Value") or part.attributes.get("Value", ""),
        said.get("Footprint") or part.attributes.get("Device", ""),
        "EXCLUDE" if line.do_not_place else "",
        str(line.quantity),
        " ".join(line.reference_designators),
    )


@pytest.mark.parametrize("name", PIXHAWK)
def test_every_line_of_the_real_boards_and_no_other(data_set, name):
    pixhawk = data_set("pixhawk")
    data = read_files(pixhawk.files(name))
    parts = {part.key: part for part in data.parts}
    found = Counter(as_expected(line, parts[line.child_key]) for line in data.lines)
    columns = ("part_number", "value", "package_or_footprint", "bom_attribute", "qty", "refdes")
    assert found == Counter(
        tuple(row[column] for column in columns) for row in pixhawk.expected("expected_bom.csv") if row["file"] == name
    )


@pytest.mark.parametrize("name", PIXHAWK)
def test_the_totals_of_the_real_boards(data_set, name):
    pixhawk = data_set("pixhawk")
    (row,) = [row for row in pixhawk.expected("expected_file_totals.csv") if row["file"] == name]
    data = read_files(pixhawk.files(name))
    parts = {part.key: part for part in data.parts}
    rows = [(line, as_expected(line, parts[line.child_key])[0]) for line in data.lines]
    (left_out,) = [int(n.sentence.split()[0]) for n in data.notices if n.code == "SYMBOLS_LEFT_OUT"]
    placed = sum(len(line.reference_designators) for line in data.lines)
    assert placed + left_out == int(row["parts_or_rows"])
    assert placed == sum(line.quantity or 0 for line in data.lines) == int(row["placed_refdes"])
    assert sum(line.quantity or 0 for line, number in rows if number) == int(row["qty_with_part_number"])
    assert len({number for _, number in rows if number}) == int(row["distinct_part_numbers"])
    assert sum(line.quantity or 0 for line in data.lines if line.do_not_place) == int(row["placed_with_bom_attribute"])


def test_where_the_parts_of_the_real_boards_are_used(data_set):
    pixhawk = data_set("pixhawk")
    data = read_files(pixhawk.files(*PIXHAWK))
    used = Counter({(line.child_key, f"{line.parent_key}.sch") for line in data.lines})
    parts = {part.key: part for part in data.parts}
    wanted = {
        (row["part_number"], file)
        for row in pixhawk.expected("expected_where_used.csv")
        for file in row["files"].split(" | ")
        if file in PIXHAWK and row["part_number"] != "*"
    }
    assert {(key, file) for key, file in used if parts[key].sources} == wanted


def test_parts_of_one_number_are_a_line_with_what_library_and_part_say():
    data = read_files([drawing(part("R2", attribute("MPN", "X-1")) + part("R1", attribute("MPN", "X-1")))])
    assert recognise([drawing("")]).format == "eagle"
    (line,) = data.lines
    board, resistor = data.parts
    assert (line.parent_key, line.child_key, line.reference_designators) == ("pump", "X-1", ("R1", "R2"))
    assert (resistor.sources[0].manufacturer, resistor.sources[0].mpn) == ("Maker", "X-1")
    assert resistor.attributes == {"Value": "10k", "Device": "RES/-0603", "Package": "R0603", "TOLERANCE": "1%"}
    assert board.key == "pump"


def test_symbols_without_a_package_are_left_out():
    data = read_files([drawing(part("R1") + part("GND1", deviceset="GND", device=""))])
    assert [line.reference_designators for line in data.lines] == [("R1",)]
    assert codes(data) == ["SYMBOLS_LEFT_OUT"]


def test_excluded_and_unpopulated_parts_are_not_placed():
    variants = '<variantdefs><variantdef name="lite" current="yes"/><variantdef name="full"/></variantdefs>'
    parts = [
        part("R1"),
        part("R2", attribute("BOM", "EXCLUDE")),
        part("R3", '<variant name="lite" populate="no"/>'),
        part("R4", '<variant name="full" populate="no"/>'),
        part("R5", '<variant name="lite" value="22k"/>'),
    ]
    data = read_files([drawing("".join(parts), variants)])
    assert {(line.child_key, line.reference_designators, line.do_not_place) for line in data.lines} == {
        ("10k RES/-0603", ("R1", "R4"), False),
        ("10k RES/-0603", ("R2", "R3"), True),
        ("22k RES/-0603", ("R5",), False),
    }
    assert codes(data) == ["VARIANTS"]


def test_a_part_whose_library_is_missing_is_kept_and_told():
    data = read_files([drawing(part("R1", deviceset="GONE"))])
    assert [line.child_key for line in data.lines] == ["10k GONE/-0603"]
    assert codes(data) == ["DEVICE_MISSING"]


def test_design_blocks_count_where_they_are_called_in():
    blocks = f"""<modules><module name="M"><parts>{part("R1")}</parts></module></modules><sheets><sheet><moduleinsts>
     <moduleinst name="A" module="M" offset="100"/><moduleinst name="B" module="M" offset="0"/>
     <moduleinst name="C" module="GONE" offset="0"/></moduleinsts></sheet></sheets>"""
    data = read_files([drawing(part("R1"), blocks)])
    assert set(data.lines[0].reference_designators) == {"R1", "R101", "B:R1"}
    assert codes(data) == ["SHEET_MISSING"]


def block(name: str, parts: str, *calls: str) -> str:
    sheets = f"<sheets><sheet><moduleinsts>{''.join(calls)}</moduleinsts></sheet></sheets>"
    return f'<module name="{name}"><parts>{parts}</parts>{sheets}</module>'


def call(name: str, module: str, more: str = "") -> str:
    return f'<moduleinst name="{name}" module="{module}" {more}/>'


def with_blocks(blocks: list[str], *calls: str) -> NamedFile:
    sheets = f"<sheets><sheet><moduleinsts>{''.join(calls)}</moduleinsts></sheet></sheets>"
    return drawing("", f"<modules>{''.join(blocks)}</modules>{sheets}")


def test_design_blocks_in_design_blocks_count_too():
    inner = block("INNER", part("R1") + part("R2"), call("BACK", "OUTER"))
    outer = block("OUTER", part("R1"), call("X", "INNER", 'offset="100"'), call("Y", "INNER"))
    data = read_files([with_blocks([outer, inner], call("A", "OUTER"), call("B", "OUTER", 'offset="1000"'))])
    (line,) = data.lines
    assert line.quantity == 10
    of_place_a = {"A:R1", "A:R101", "A:R102", "A:Y:R1", "A:Y:R2"}
    assert set(line.reference_designators) == of_place_a | {"R1001", "R1101", "R1102", "Y:R1001", "Y:R1002"}
    assert set(codes(data)) == {"SHEET_LOOP"}


def test_a_design_block_is_built_in_the_variant_that_its_place_asks_for():
    inside = part("R1") + part("R2", '<variant name="lite" populate="no"/>')
    calls = (call("A", "M", 'modulevariant="lite"'), call("B", "M"))
    data = read_files([with_blocks([block("M", inside)], *calls)])
    assert {line.do_not_place: set(line.reference_designators) for line in data.lines} == {
        False: {"A:R1", "B:R1", "B:R2"},
        True: {"A:R2"},
    }


def test_design_blocks_have_an_end():
    doubling = [block(f"M{each}", "", *(call(side, f"M{each + 1}") for side in "AB")) for each in range(60)]
    with pytest.raises(ImportTooLarge, match="rows"):
        read_files([with_blocks(doubling, call("A", "M0"))])
    deep = [block(f"M{each}", "", call("A", f"M{each + 1}")) for each in range(200)]
    with pytest.raises(ImportTooLarge, match="deeper than 100 levels"):
        read_files([with_blocks(deep, call("A", "M0"))])


def test_a_board_is_read_where_there_is_no_schematic():
    element = '<element name="R1" library="lib" package="R0603" value="10k" populate="no"><attribute name="MPN" value="X-1"/></element>'
    text = f"<eagle><drawing><board><elements>{element}</elements></board></drawing></eagle>"
    board = NamedFile("pump.brd", text.encode())
    data = read_files([board])
    assert [(line.child_key, line.do_not_place) for line in data.lines] == [("X-1", True)]
    both = read_files([board, drawing(part("R7"))])
    assert [line.reference_designators for line in both.lines] == [("R7",)]
    assert codes(both) == ["FILE_IGNORED"]


def test_other_encodings_are_read():
    text = (
        drawing(part("R1", value="47Ω")).content.decode().replace("utf-8", "utf-16").replace("</eagle>", "</eagle>\n")
    )
    data = read_files([NamedFile("a.sch", text.encode("utf-16"))])
    assert data.lines[0].child_key == "47Ω RES/-0603"


def test_the_document_type_is_not_fetched_and_entities_are_refused():
    data = read_files([drawing(part("R1"), doctype='<!DOCTYPE eagle SYSTEM "http://192.0.2.1/eagle.dtd">')])
    assert len(data.lines) == 1
    for entity in (
        '<!ENTITY a "ha">',
        '<!ENTITY a SYSTEM "/etc/passwd">',
        '<!ENTITY % a SYSTEM "http://192.0.2.1/x">%a;',
    ):
        with pytest.raises(UnreadableFile, match="declares the entity a"):
            read_files([drawing(part("R1"), doctype=f"<!DOCTYPE eagle [{entity}]>")])


@pytest.mark.parametrize(
    "content",
    [b"<eagle><drawing>", b"<eagle>&undefined;</eagle>", b"<eagle/>", b"<eagle><drawing/></eagle>",
     b'<?xml version="1.0" encoding="nonsense"?><eagle/>', b"<eagle>\xff\xfe</eagle>", b"<x><eagle/></x>"],
)  # fmt: skip
def test_broken_files_are_refused(content):
    with pytest.raises(UnreadableFile):
        read_files([NamedFile("a.sch", content)])


def test_hostile_sizes_are_refused(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.readers.elements.ELEMENTS_MAX", 1_000)
    monkeypatch.setattr("plumbline.exchange.readers.elements.KEPT_MAX", 500)
    tag = b"<eagle " + b" ".join(b'a%d=""' % number for number in range(1_000_000)) + b"/>"
    long = b'<eagle a="' + b"x" * 10_001 + b'"/>'
    for inside, sentence in (
        (b"<a>" * 1_000_000, "nested deeper"),
        (b"<part>" * 1_000_000, "nested deeper"),
        (b"<a/>" * 2_000, "more than 1000 elements"),
        (b"<part/>" * 2_000, "that matter"),
    ):
        with pytest.raises(ImportTooLarge, match=sentence):
            read_files([NamedFile("a.sch", b"<eagle>" + inside)])
    with pytest.raises(ImportTooLarge, match="a tag of more than"):
        read_files([NamedFile("a.sch", tag)])
    with pytest.raises(ImportTooLarge, match="10001 characters"):
        read_files([NamedFile("a.sch", long)])


def test_a_technology_of_many_attributes_for_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.bounds.FIELDS_MAX", 1_000)
    wide = LIBRARY.replace(
        "</technology></technologies></device></devices></deviceset>",
        "".join(attribute(f"P{number}", "x") for number in range(100))
        + "</technology></technologies></device></devices></deviceset>",
        1,
    )
    text = drawing("".join(part(f"R{number}") for number in range(20))).content.decode().replace(LIBRARY, wide)
    with pytest.raises(ImportTooLarge, match="past 1000 fields"):
        read_files([NamedFile("a.sch", text.encode())])


def test_a_board_is_read_in_the_variant_that_it_was_saved_in():
    off = '<variant name="{}" populate="no"/>'
    said = {"R1": "", "R2": off.format("A"), "R3": off.format("A") + off.format("B")}
    elements = "".join(
        f'<element name="{name}" library="lib" package="R0603" value="10k">{inside}</element>'
        for name, inside in said.items()
    )
    variants = '<variantdefs><variantdef name="A"/><variantdef name="B" current="yes"/></variantdefs>'
    text = f"<eagle><drawing><board>{variants}<elements>{elements}</elements></board></drawing></eagle>"
    data = read_files([NamedFile("pump.brd", text.encode())])
    assert {(line.reference_designators, line.do_not_place) for line in data.lines} == {
        (("R1", "R2"), False),
        (("R3",), True),
    }
    assert codes(data) == ["VARIANTS"]
