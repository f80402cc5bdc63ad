"""What stands in tables that people keep by hand, one oddity at a time."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.exchange.contents import read_by_contents
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files
from plumbline.exchange.grid import Row, Sheet
from plumbline.exchange.headers import blocks_in, header_in
from plumbline.exchange.library_form import in_library_form
from plumbline.exchange.model import ImportedData, PartKind, Severity
from plumbline.exchange.text_tables import separator_in
from plumbline.exchange.wire import from_wire, to_wire
from plumbline.kit.errors import Refusal


def read(text: str, name: str = "board.csv") -> ImportedData:
    return read_files([NamedFile(name, text.encode())])


def uses(data: ImportedData) -> list[tuple[str, str]]:
    return [(line.child_key, str(line.quantity)) for line in data.lines]


def told(data: ImportedData, code: str) -> list[str]:
    return [notice.sentence for notice in data.notices if notice.code == code]


def sources_of(data: ImportedData, key: str) -> list[tuple[str | None, str | None, str | None, str | None]]:
    part = next(part for part in data.parts if part.key == key)
    return [
        (source.manufacturer, source.mpn, offer.distributor if offer else None, offer.sku if offer else None)
        for source in part.sources
        for offer in source.offers or (None,)
    ]


def test_a_repeated_header_may_move_columns_and_bring_others():
    data = read(
        "Part Number;Qty;Capacitance;Description\nC-1;2;1uF;Capacitor\n"
        "Part Number;Qty;Description;Power;Resistance\nR-1;3;Resistor;1W;10k\n"
    )
    assert uses(data) == [("C-1", "2"), ("R-1", "3")]
    assert [(part.description, dict(part.attributes)) for part in data.parts[:2]] == [
        ("Capacitor", {"Capacitance": "1uF"}),
        ("Resistor", {"Power": "1W", "Resistance": "10k"}),
    ]


def test_titles_above_and_signatures_below_are_no_parts():
    data = read(
        "Bill of materials,,\nAcme Lamp,,\n\nPart Number,Description,Qty\nA-1,Bolt,4\nA-2,Drawn tube,1\nA-3,Approved sticker,1\n"
        "Prepared by,J. Doe,\nApproved: M. Roe,,\nDate,2024-01-31,\nPage 1 of 3,,\n"
    )
    assert uses(data) == [("A-1", "4"), ("A-2", "1"), ("A-3", "1")]
    assert len(told(data, "FOOTER_ROW")) == 4


def test_pages_and_subtotals_in_the_middle_are_no_parts():
    data = read(
        "Part Number,Qty,Price\nA-1,4,1\nSubtotal:,,4\nPage 1 of 2,,\nPart Number,Qty,Price\nA-2,1,2\nSubtotal:,,2\nA-3,1,1\n"
    )
    assert uses(data) == [("A-1", "4"), ("A-2", "1"), ("A-3", "1")]
    assert len(told(data, "ROW_BETWEEN_PARTS")) == 3


def test_a_section_is_known_by_the_lines_below_it_and_a_lone_name_is_not_one():
    data = read("Part,Qty,Note\n\nScrews,,\nM3,4,\nM4,,\nM5,1,long\n\nPlates,,\nBase,1,\n")
    assert uses(data) == [("M3", "4"), ("M4", "None"), ("M5", "1"), ("Base", "1")]
    assert [line.notes for line in data.lines] == [
        "Section: Screws",
        "Section: Screws",
        "long; Section: Screws",
        "Section: Plates",
    ]


def test_further_makers_by_number_by_repetition_and_past_the_header():
    numbered = read("Part Number,Qty,Manufacturer 1,MPN 1,Manufacturer 2,MPN 2\nR-1,1,Yageo,Y1,Vishay,V1\n")
    repeated = read("Part Number,Qty,Manufacturer,MPN,Manufacturer,MPN\nR-1,1,Yageo,Y1,Vishay,V1\n")
    wanted = [("Yageo", "Y1", None, None), ("Vishay", "V1", None, None)]
    assert sources_of(numbered, "R-1") == sources_of(repeated, "R-1") == wanted
    past = read(
        "Part Number;Qty;Manuf;Manuf Code;Supplier;Supplier Code\nR-1;1;Yageo;Y1;Farnell;1;Yageo;Y1;Mouser;2;Vishay;V1;;;\n"
        "R-2;1;Yageo;Y2;Farnell;3\n"
    )
    assert sources_of(past, "R-1") == [
        ("Yageo", "Y1", "Farnell", "1"),
        ("Yageo", "Y1", "Mouser", "2"),
        ("Vishay", "V1", None, None),
    ]
    assert sources_of(past, "R-2") == [("Yageo", "Y2", "Farnell", "3")]
    assert not told(past, "ROW_TOO_LONG")


def test_shops_by_name_sell_the_first_makers_part():
    data = read("MPN,Manufacturer,Qty,Mouser Part Number,Mouser Price,LCSC\nY1,Yageo,1,603-Y1,$0.10,C1\n")
    assert sources_of(data, "Y1") == [("Yageo", "Y1", "Mouser", "603-Y1"), ("Yageo", "Y1", "LCSC", "C1")]


def test_maker_and_number_and_shop_and_number_in_one_cell():
    data = read(
        "Value,Qty,Manufacturer / Part No.,Order Code\n1k,1,Any,\nFET,2,NXP - BSH105,Farnell 1053\nIC,1,NXP,Digi-Key 12-ND\n"
    )
    assert sources_of(data, "BSH105") == [("NXP", "BSH105", "Farnell", "1053")]
    assert uses(data)[0] == ("1k", "1")


def test_an_unquoted_comma_does_not_become_another_maker():
    rows = "".join(f"R-{n},Resistor {n},1,Yageo,Y{n},LCSC,C{n}\n" for n in range(1, 9))
    data = read(
        f"Part Number,Description,Qty,Manufacturer,MPN,Supplier,SKU\n{rows}R-9,Resistor, thick, red,1,Yageo,Y9,LCSC,C9\n"
    )
    assert sources_of(data, "R-9") == [("Yageo", "Y9", "LCSC", "C9")]
    assert told(data, "ROW_REPAIRED")


def test_the_separator_is_the_one_by_which_a_row_names_columns():
    ragged = "Part Number;Qty;Description\nA;1;a, b, c\nB;1;a, b, c;x;y\nC;1;a, b, c;x\n"
    assert separator_in(ragged, tab_first=False) == ";"
    assert separator_in("Name|Qty\nA, B|1\n", tab_first=False) == "|"
    assert separator_in("a,b\nc,d\n", tab_first=False) == ","


def columns(text: str) -> dict[str, str | None]:
    rows = tuple(Row(number, tuple(line.split(","))) for number, line in enumerate(text.splitlines(), start=1))
    sheet = Sheet("a.csv", None, rows)
    header = header_in(sheet, {})
    assert header is not None
    (block,) = read_by_contents(blocks_in(sheet, header, {}))
    return {column.title: column.role and str(column.role) for column in block.header.columns}


@pytest.mark.parametrize(
    ("text", "title", "role"),
    [
        ("Component,References,Value,Qty\n1,R1,1k,1\n2,R2,2k,1\n3,R3,3k,1\n", "Component", "item_number"),
        ("Component,References,Value,Qty\nR,R1,1k,1\nC,R2,2k,1\nL,R3,3k,1\n", "Component", "name"),
        ("Part Number,Name,Qty\n1,a,1\n2,b,1\n3,c,1\n", "Part Number", "number"),
        ("P,Part Number,Qty\n1,A,1\n2,B,1\n3,C,1\n", "P", "ignored"),
        ("P,Part Number,Qty\n5,A,1\n2,B,1\n3,C,1\n", "P", None),
        ("Part,Value,Qty\nR1,1k,1\nR2,2k,1\nR3,3k,1\n", "Part", "designators"),
        ("Designator,Designation,Qty\nR1,1k,1\nR2,2k,1\nR3,3k,1\n", "Designation", "value"),
        ("Part Number,N.M,Qty\nA,,1\nB,X,1\nC,,1\n", "N.M", "do_not_place"),
        ("Part Number,nm,Qty\nA,405,1\nB,488,1\nC,640,1\n", "nm", None),
        ("CATALOG,CATALOG PART NUMBER,Qty\nTI,A,1\nTI,B,1\nNXP,C,1\n", "CATALOG", "manufacturer"),
        ("Value,Manufacturer,Footprint,Qty\n1k,Y,RC1,1\n2k,Y,RC2,1\n3k,Y,RC3,1\n", "Footprint", "mpn"),
        ("Value,Manufacturer,Footprint,Qty\n1k,Y,0603,1\n2k,Y,0603,1\n3k,Y,0603,1\n", "Footprint", "footprint"),
        ("Name,Qty,Unit Price,Sum per row\nA,2,1.5,3\nB,1,2,2\nC,3,1,3\n", "Sum per row", "line_price"),
        ("Name,Qty,Unit Price,Price\nA,2,1.5,3\nB,1,2,2\nC,3,1,3\n", "Price", "line_price"),
        ("Name,Qty,Price\nA,2,1.5\nB,1,2\nC,3,1\n", "Price", "price"),
        ("#,Material,Qty\n1,Side plate,1\n2,Top plate,2\n3,Screw,4\n", "Material", "name"),
        ("Mfr Part Number (Input),Qty,Mfr Part Number\nA1,1,$1.1\nB2,2,$0.6\nC3,1,$2\n", "Mfr Part Number (Input)", "mpn"),
        ("Name,Source 1,Qty\nA,https://a.example,1\nB,https://b.example,1\nC,,1\n", "Source 1", None),
        ("Name,Sub Assembly,Qty\nA,x,1\nB,x,1\nC,y,1\n", "Sub Assembly", "assembly"),
        ("Company Code,Qty,Note\nX1,1,\nX2,1,\nX3,1,\n", "Company Code", "number"),
        ("Name,Colour Code,Qty\nA,X1,1\nB,X2,1\nC,X3,1\n", "Colour Code", None),
    ],
)  # fmt: skip
def test_what_the_cells_add_to_the_title(text, title, role):
    assert columns(text)[title] == role


def test_assemblies_inside_assemblies_whatever_their_letter_case():
    data = read(
        "Name,Qty,Assembly,Subassembly\nLens,2,Detection path,Camera\nScrew,4,Detection Path,\nLamp,1,,\nCap,1,detection path,camera\n"
    )
    edges = {(line.parent_key, line.child_key, str(line.quantity)) for line in data.lines}
    assert edges == {
        ("board", "board/Detection path", "1"), ("board/Detection path", "board/Detection path/Camera", "1"), ("board", "Lamp", "1"),
        ("board/Detection path/Camera", "Lens", "2"), ("board/Detection path/Camera", "Cap", "1"), ("board/Detection path", "Screw", "4"),
    }  # fmt: skip
    assert {part.name for part in data.parts if part.kind is PartKind.ASSEMBLY} == {"board", "Detection path", "Camera"}


def test_files_of_one_name_are_products_of_their_own():
    one, other = b"Part Number,Qty\nA,1\n", b"Part Number,Qty\nA,2\n"
    data = read_files(
        [
            NamedFile("mc2/bom.csv", one),
            NamedFile("mc4/bom.csv", other),
            NamedFile("mc4/bom.tsv", other.replace(b",", b"\t")),
        ]
    )
    assert data.tops == ("mc2/bom", "mc4/bom.csv", "mc4/bom.tsv")


def test_places_go_on_in_the_rows_below():
    data = read(
        "Item\tQuantity\tReference\tPart\n____\n\n1\t4\tC1,C2,\t100n\n\t\tC3,C4\t\n2\t1\tR1\t10k\n", name="board.BOM"
    )
    assert [(line.child_key, line.reference_designators) for line in data.lines] == [
        ("100n", ("C1", "C2", "C3", "C4")),
        ("10k", ("R1",)),
    ]


def test_a_value_that_says_not_to_place_is_no_name():
    data = read("Reference,Value,Footprint\nR1,10k,0603\nR33,DNP,0603\n")
    assert [(line.child_key, line.do_not_place) for line in data.lines] == [("10k 0603", False), ("board: R33", True)]


def test_a_sheet_without_a_header_that_is_an_order_is_read_and_another_is_not():
    order = read("2,P0.0GCT-ND\n10,P100GCT-ND\n7,P470GCT-ND\n")
    assert uses(order) == [("P0.0GCT-ND", "2"), ("P100GCT-ND", "10"), ("P470GCT-ND", "7")]
    assert told(order, "COLUMNS_GUESSED")


def test_the_stated_cost_is_held_against_the_rows():
    table = "Name,Qty,Unit Price (EUR),Total Price\nA,2,1.5,3\nB,1,2,2\n,,Total,{}\n"
    agreeing, other = read(table.format("5.00")), read(table.format("6"))
    assert told(agreeing, "STATED_COST") == ["Quantities times unit prices add up to 5 EUR, as the sheet says."]
    (notice,) = (each for each in other.notices if each.code == "STATED_COST")
    assert (notice.severity, "5 EUR, and the sheet says 6" in notice.sentence) == (Severity.WARNING, True)
    assert [o.currency for part in agreeing.parts for s in part.sources for o in s.offers] == ["EUR", "EUR"]


def test_huge_numbers_below_a_table_do_no_harm():
    data = read(f"Name,Qty,Unit Price,Total Price\nA,{'9' * 29},{'9' * 29},1\n,,Total,{'9' * 29}\n")
    assert told(data, "STATED_COST")


def test_an_open_document_sheet_that_does_not_say_what_it_is_is_read(data_set):
    (file,) = data_set("messy-sheets").files("emontx")
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert "mimetype" not in archive.namelist()
    assert read_files([file]).lines
    broken = NamedFile("broken.ods", file.content[:2_000])
    with pytest.raises(Exception, match=r"broken\.ods"):
        read_files([broken])


def test_a_row_with_a_quantity_and_a_number_but_no_name_is_kept():
    data = read("Item,Part Number,Qty\n1,A,1\n2,,3\n3,,\n")
    assert uses(data) == [("A", "1"), ("board: item 2", "3")]
    assert told(data, "ROW_WITHOUT_PART") == ["A row that names no part was passed over: 3"]


def test_a_remark_beside_the_table_of_a_workbook_stays_in_the_notes(data_set):
    data = read_files(data_set("messy-sheets").files("mesospim/mesoSPIM-V5-parts-list-latest.xlsx"))
    (line,) = (line for line in data.lines if line.child_key == "MVX-10-Bracket-V5.ipt")
    assert "Aluminium" in line.notes
    assert Decimal(1) == line.quantity


TREE = {
    ("board", "Lamp", "1"),
    ("Lamp", "Base", "1"),
    ("Base", "Screw", "4"),
    ("Lamp", "Bulb", "2"),
    ("board", "Box", "1"),
}


def edges(data: ImportedData) -> set[tuple[str, str, str]]:
    return {(line.parent_key, line.child_key, str(line.quantity)) for line in data.lines}


def test_dotted_item_numbers_are_levels():
    assert edges(read("Item,Name,Qty\n1,Lamp,1\n1.1,Base,1\n1.1.1,Screw,4\n1.2,Bulb,2\n2,Box,1\n")) == TREE
    flat = read("Item,Name,Qty\n1.0,Lamp,1\n2.0,Base,1\n3.0,Box,1\n")
    assert {parent for parent, *_ in edges(flat)} == {"board"}


@pytest.mark.parametrize("step", ["  ", "\t", "\u00a0\u00a0"])
def test_indented_names_are_levels(step):
    text = f"Name,Qty\nLamp,1\n{step}Base,1\n{step}{step}Screw,4\n{step}Bulb,2\nBox,1\n"
    assert edges(read(text)) == TREE


@pytest.mark.parametrize(
    "rows", ["  Lamp,1\nBase,1\nBox,1\n", "Lamp,1\n Base,1\n Box,1\n", "Lamp,1\n    Base,1\n  Box,1\n     Pin,1\n"]
)
def test_other_blanks_in_front_of_names_are_only_untidy(rows):
    assert {parent for parent, *_ in edges(read(f"Name,Qty\n{rows}"))} == {"board"}


TITLES = [
    "Part Number", "Name", "Qty", "Reference", "Value", "Footprint", "Manufacturer", "MPN", "Supplier", "SKU", "Price",
    "Level", "Assembly", "Subassembly", "Item", "DNP", "N.M", "Code", "Mouser PN", "MPN 2", "Foo", "", "Total Price",
    "Parent", "Notes",
]  # fmt: skip
CELLS = [
    "", "1", "2,5", "1 set", "A-1", "R1", "R1, R2", "C1-3", ",,,", "X", "DNP", "Total", "Page 1 of 2", "Approved by",
    "$1.10", "~", "1.1", "  indented", "Yageo - RC1", "Farnell 12", "any", "-", "\xe9", "9999999999999999999999999",
    "Part Number", "Qty",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(TITLES), min_size=1, max_size=9),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=12), max_size=12),
    st.sampled_from(",;\t"),
)
def test_any_table_is_read_or_refused_and_travels(titles, rows, separator):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([titles, *rows])
    try:
        data = read(text.getvalue())
    except Refusal:
        return
    assert from_wire(orjson.loads(orjson.dumps(to_wire(data)))) == data
    in_library_form(data, {})
