from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.exchange.amounts import number_in, plain, price_in, quantity_in
from plumbline.exchange.designators import are_designators, designators_in
from plumbline.exchange.errors import UnknownColumnRole, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, PartKind, ReadOptions


def read(text: str, name: str = "bom.csv", encoding: str = "utf-8", **options) -> ImportedData:
    return read_files([NamedFile(name, text.encode(encoding))], options=ReadOptions(**options))


def edges(data: ImportedData) -> set[tuple[str, str, str]]:
    return {(line.parent_key, line.child_key, str(line.quantity)) for line in data.lines}


def codes(data: ImportedData) -> list[str]:
    return [notice.code for notice in data.notices]


FLAT = "Part Number;Description;Qty\nR-1;Widerstand 4,7 kΩ µ;4\nC-1;Kondensator;2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_gives_the_same_lines(encoding):
    data = read(FLAT, encoding=encoding)
    assert edges(data) == {("bom", "R-1", "4"), ("bom", "C-1", "2")}
    assert data.parts[0].description == "Widerstand 4,7 kΩ µ"


def test_windows_1252_is_taken_when_it_is_no_utf_8_and_said():
    data = read(FLAT.replace("Ω", "°"), encoding="cp1252")
    assert data.parts[0].description == "Widerstand 4,7 k° µ"
    assert "ENCODING" in codes(data)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    text = f"Part Number{separator}Qty\nA{separator}1\nB{separator}2\n"
    assert edges(read(text)) == {("bom", "A", "1"), ("bom", "B", "2")}


def test_the_header_may_stand_below_a_title():
    data = read("Rover parts 2024\n\nItem,Part Number,Name,Qty\n1,A,Axle,2\n")
    assert edges(data) == {("bom", "A", "2")}
    assert data.lines[0].item_number == "1"
    assert data.lines[0].origin.row == 4


def test_a_cell_over_two_lines_does_not_shift_the_row_numbers():
    data = read('Part Number,Name,Qty\nA,"two\nlines",1\nB,x,1\n')
    assert [line.origin.row for line in data.lines] == [2, 4]


def test_levels_become_assemblies():
    data = read("Level,Part Number,Qty\n0,TOP,1\n1,A,2\n2,B,3\n1,B,1\n")
    assert edges(data) == {("TOP", "A", "2"), ("A", "B", "3"), ("TOP", "B", "1")}
    assert data.tops == ("TOP",)
    assert {part.key for part in data.parts if part.kind is PartKind.ASSEMBLY} == {"TOP", "A"}


@pytest.mark.parametrize("levels", [["1", "2", "2"], [".1", "..2", "..2"], ["1", "1.1", "1.2"]])
def test_levels_in_other_hands(levels):
    rows = "\n".join(f"{level},{part},1" for level, part in zip(levels, "ABC", strict=True))
    assert edges(read(f"Level,Part Number,Qty\n{rows}\n")) == {("A", "B", "1"), ("A", "C", "1")}


def test_an_assembly_expanded_twice_has_its_lines_once():
    data = read("Level,Part Number,Qty\n0,TOP,1\n1,A,1\n2,B,3\n1,C,1\n2,A,1\n3,B,3\n")
    assert sum(line.parent_key == "A" for line in data.lines) == 1
    assert "EXPANSION_DIFFERS" not in codes(data)


def test_an_assembly_expanded_differently_is_reported():
    data = read("Level,Part Number,Qty\n0,TOP,1\n1,A,1\n2,B,3\n1,C,1\n2,A,1\n3,B,4\n")
    assert "EXPANSION_DIFFERS" in codes(data)


def test_parents_by_number_with_quantities_stay_separate_lines():
    data = read("Part Number,Parent,Qty\nTOP,,1\nA,TOP,2\nA,TOP,3\n")
    assert [(line.parent_key, line.child_key, line.quantity) for line in data.lines] == [
        ("TOP", "A", 2),
        ("TOP", "A", 3),
    ]


def test_parents_without_a_row_are_made_and_reported():
    data = read("Part Number,Parent\nA,PUMP\nB,PUMP\n")
    assert data.tops == ("PUMP",)
    assert "PARENT_WITHOUT_ROW" in codes(data)


def test_rows_without_a_quantity_column_are_pieces_and_counted():
    data = read("Part Number,Designator\nR,R1\nR,R2\nC,C1\n")
    assert edges(data) == {("bom", "R", "2"), ("bom", "C", "1")}
    assert data.lines[0].reference_designators == ("R1", "R2")


def test_a_missing_quantity_stays_unknown_and_is_reported():
    data = read("Part Number,Qty\nA,-\nB,\nC,1 set\n")
    assert [line.quantity for line in data.lines] == [None, None, 1]
    assert data.lines[2].unit == "set"
    assert codes(data).count("QUANTITY_UNKNOWN") == 2


def test_a_quantity_that_contradicts_the_designators_is_reported():
    data = read('Part Number,Designator,Qty\nA,"C1-3, C7",5\nB,D1,1\n')
    assert codes(data).count("QUANTITY_CONTRADICTED") == 1
    assert data.lines[0].reference_designators == ("C1", "C2", "C3", "C7")


def test_unknown_columns_are_specifications_and_known_words_are_sources():
    data = read("MPN,Manufacturer,Supplier,SKU,Unit Price,Qty,Voltage\nRC0402,Yageo,DigiKey,311-1,€0.10,4,50 V\n")
    part = next(part for part in data.parts if part.key == "RC0402")
    assert part.attributes == {"Voltage": "50 V"}
    (source,) = part.sources
    assert (source.manufacturer, source.mpn) == ("Yageo", "RC0402")
    assert (source.offers[0].sku, source.offers[0].currency, source.offers[0].price_breaks[0].price) == (
        "311-1",
        "EUR",
        Decimal("0.10"),
    )


def test_placeholders_are_no_part_numbers():
    data = read("MPN,Value,Qty\nAny,100n,4\nTBD,10k,1\n")
    assert edges(data) == {("bom", "100n", "4"), ("bom", "10k", "1")}
    assert not any(part.sources for part in data.parts)


def test_a_mapping_names_unusual_columns():
    data = read("Foo,Bar\nA,2\nB,3\n", columns={"Foo": "number", "Bar": "quantity"}, top_name="Pump")
    assert edges(data) == {("Pump", "A", "2"), ("Pump", "B", "3")}


def test_a_mapping_to_an_unknown_role_is_refused():
    with pytest.raises(UnknownColumnRole, match="Foo cannot be a colour"):
        read("Foo,Bar\nA,2\n", columns={"Foo": "colour"})


def test_a_table_without_a_header_is_refused():
    with pytest.raises(UnreadableFile, match="No sheet"):
        read("1,2\n3,4\n")


def test_a_part_named_like_the_file_is_not_the_file():
    data = read("Part Number,Qty\nbom,1\n")
    assert edges(data) == {("bom assembly", "bom", "1")}


def test_a_row_that_could_be_mended_in_two_ways_is_cut_and_reported():
    data = read("Name,Description,Qty\na b,c d,1\nx y,u v,w z,1\n")
    assert "ROW_TOO_LONG" in codes(data)


def test_a_row_is_mended_when_one_way_fits():
    data = read("Part Number,Description,Qty,Link\nA-1,a b,1,http://x\nA-2,c d,2,http://y\nA-3,e, f, g,3,http://z\n")
    assert data.parts[2].description == "e, f, g"
    assert data.lines[2].quantity == 3


def test_the_same_part_in_two_files_is_one_part():
    files = [NamedFile("a.csv", b"Part Number,Qty\nX,1\n"), NamedFile("b.csv", b"Part Number,Qty\nX,2\n")]
    data = read_files(files)
    assert edges(data) == {("a", "X", "1"), ("b", "X", "2")}
    assert [part.key for part in data.parts].count("X") == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("4", "4"), ("0,5", "0.5"), ("1.250", "1.250"), ("1,250", "1250"), ("1.250,75", "1250.75"), ("1,250.75", "1250.75"),
     ("1'250", "1250"), ("0,125", "0.125"), ("1.000.000", "1000000"), (".5", "0.5"), ("-3", "-3")],
)  # fmt: skip
def test_numbers_in_both_notations(text, wanted):
    assert number_in(text) == Decimal(wanted)


@pytest.mark.parametrize("text", ["", "-", "abc", "1.2.3", "1e5", "4k7", "9" * 40, "1,2,3"])
def test_other_texts_are_no_numbers(text):
    assert number_in(text) is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("1 set", "1", "set"), ("0.5m", "0.5", "m"), ("4x", "4", None), ("4 plates", "4", "plates")],
)
def test_quantities_with_units(text, value, unit):
    assert quantity_in(text) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["-", "some", "2 of 3", "1/2", "M3"])
def test_no_quantities(text):
    assert quantity_in(text) is None


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [("$5.99", "5.99", "USD"), ("5.99 EUR", "5.99", "EUR"), ("CHF 1'250.00", "1250.00", "CHF"), ("2.79", "2.79", None),
     ("0,35 €", "0.35", "EUR")],
)  # fmt: skip
def test_prices(text, value, currency):
    assert price_in(text) == (Decimal(value), currency)


@given(st.decimals(-(10**12), 10**12, places=5))
def test_plain_numbers_are_equal_and_short(value):
    assert plain(value) == value
    assert "E" not in str(plain(value)) or abs(value) < 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("C1, C2, C5", ("C1", "C2", "C5")), ("C1-3", ("C1", "C2", "C3")), ("D2-D4", ("D2", "D3", "D4")), ("R2. R3", ("R2", "R3")),
     ("Large screw", ("Large screw",)), ("", ()), ("R1 R2", ("R1", "R2")), ("C1 - C3", ("C1", "C2", "C3")),
     ("C1-9999999", ("C1-9999999",))],
)  # fmt: skip
def test_designators(text, wanted):
    assert designators_in(text) == wanted


def test_only_single_designators_are_counted():
    assert are_designators(("R1", "C12"))
    assert not are_designators(("Screws",))


def test_a_table_without_quantities_and_places_is_a_list_of_parts():
    data = read(
        "IPN,MPN,Manufacturer,Resistance\nRES-1,RC0603,Yageo,10k\nRES-2,RC0402,Yageo,1k\n", name="resistors.csv"
    )
    assert [part.number for part in data.parts] == ["RES-1", "RES-2"]
    assert (data.lines, data.tops) == ((), ())
    assert "NO_BILL_OF_MATERIALS" in codes(data)
    assert edges(read("Designator,Value\nR1,10k\n")) != set()
