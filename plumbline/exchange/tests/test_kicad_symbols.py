from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.model import ImportedData, ImportedPart, Severity


def library(*symbols: str, name: str = "Shop.kicad_sym") -> NamedFile:
    text = f'(kicad_symbol_lib (version 20231120) (generator "hand") {" ".join(symbols)})'
    return NamedFile(name, text.encode())


def symbol(name: str, inside: str = "", **properties: str) -> str:
    written = " ".join(f'(property "{key}" "{text}" (at 0 0 0))' for key, text in properties.items())
    return f'(symbol "{name}" {inside} {written} (symbol "{name}_0_1" (polyline (pts (xy 0 0) (xy 1 1)))))'


def read(*symbols: str) -> ImportedData:
    return read_files([library(*symbols)])


def keys(data: ImportedData) -> list[str]:
    return [part.key for part in data.parts]


def codes(data: ImportedData) -> list[str]:
    return [notice.code for notice in data.notices]


@pytest.fixture(scope="module")
def stock(data_set):
    return data_set("jlcpcb-kicad-passives")


@pytest.fixture(scope="module")
def data(stock) -> ImportedData:
    return read_files(stock.files())


def offered(part: ImportedPart) -> tuple[str, str, str]:
    """Supplier number, maker and maker's number of the one offer that each part has."""
    (source,) = part.sources
    (offer,) = source.offers
    assert offer.distributor == "LCSC"
    return offer.sku or "", source.manufacturer or "", source.mpn or ""


def test_every_symbol_with_all_that_is_expected_of_it(stock, data):
    found = Counter()
    for part in data.parts:
        (step,) = part.sources[0].offers[0].price_breaks
        attributes = part.attributes
        found[
            part.origin.file, part.name, attributes["Reference"], attributes.get("Value", ""), *offered(part),
            ",".join(part.category_path), attributes["Class"], attributes["Stock"],
            f"{step.price}{part.sources[0].offers[0].currency}",
        ] += 1  # fmt: skip
    columns = (
        "file",
        "symbol",
        "reference_prefix",
        "value",
        "lcsc",
        "manufacturer",
        "part",
        "category",
        "class",
        "stock",
        "price",
    )
    wanted = Counter(tuple(row[column] for column in columns) for row in stock.expected("expected_parts.csv"))
    assert found == wanted
    assert sum(found.values()) == 470


def test_the_totals_of_every_file(stock, data):
    by_file: dict[str, list[ImportedPart]] = defaultdict(list)
    for part in data.parts:
        by_file[part.origin.file].append(part)
    for row in stock.expected("expected_file_totals.csv"):
        parts = by_file.pop(row["file"])
        offers = [offered(part) for part in parts]
        assert len(parts) == int(row["symbols"])
        assert sum(bool(sku) for sku, _, _ in offers) == int(row["symbols_with_lcsc_number"])
        assert len({sku for sku, _, _ in offers}) == int(row["distinct_lcsc"])
        assert len({maker for _, maker, _ in offers}) == int(row["distinct_manufacturer"])
        assert len({mpn for _, _, mpn in offers}) == int(row["distinct_part"])
        assert len({part.attributes["Class"] for part in parts}) == int(row["distinct_class"])
    assert not by_file


def test_the_real_libraries_are_recognised_and_hold_nothing_odd(stock, data):
    assert recognise(stock.files()).format == "kicad-symbols"
    assert data.notices == ()
    assert len({part.category_path for part in data.parts}) == 18
    assert not data.lines


def test_a_symbol_is_a_part_with_its_properties():
    data = read(
        symbol(
            "R_10k", Reference="R", Value="10k", Footprint="R_0603", Datasheet="https://maker.example/r.pdf",
            Description="thick film", ki_keywords="res resistor", MPN="RC-10K", Manufacturer="Maker", LCSC="C1",
            Price="0.01EUR", Power="100mW", ki_fp_filters="R_*",
        )
    )  # fmt: skip
    (part,) = data.parts
    (source,) = part.sources
    assert (part.key, part.name, part.description, part.link) == (
        "RC-10K",
        "R_10k",
        "thick film",
        "https://maker.example/r.pdf",
    )
    assert part.attributes == {"Reference": "R", "Value": "10k", "Footprint": "R_0603", "Power": "100mW"}
    assert part.extra == {"keywords": "res resistor"}
    assert (source.manufacturer, source.mpn, source.link) == ("Maker", "RC-10K", part.link)
    (offer,) = source.offers
    assert (offer.distributor, offer.sku, offer.currency) == ("LCSC", "C1", "EUR")
    assert [(each.quantity, each.price) for each in offer.price_breaks] == [(1, Decimal("0.01"))]


def test_a_symbol_that_extends_another_has_its_own_words_over_those():
    data = read(
        symbol("BASE", Reference="U", Value="base", Footprint="SO8", MPN="B-1"),
        symbol("CHILD", '(extends "BASE")', Value="child", MPN="B-2"),
    )
    child = data.parts[1]
    assert keys(data) == ["B-1", "B-2"]
    assert child.attributes == {"Reference": "U", "Value": "child", "Footprint": "SO8"}


def test_a_template_that_cannot_be_bought_is_left_out():
    data = read(
        symbol("BASE", Reference="R", Footprint="0603"),
        symbol("R1k", '(extends "BASE")', MPN="R-1K"),
        symbol("~HIDDEN", Reference="X"),
    )
    assert keys(data) == ["R-1K"]
    (notice,) = data.notices
    assert notice.sentence == "2 symbols of Shop.kicad_sym were left out: they are templates of others."


def test_power_symbols_and_what_stays_off_bills_of_materials_are_left_out():
    data = read(
        symbol("GND", "(power)", Reference="#PWR"),
        symbol("VCC", "(power global)", Reference="P"),
        symbol("LOGO", "(in_bom no)", Reference="G"),
        symbol("R", Reference="R"),
    )
    assert keys(data) == ["Shop:R"]
    assert codes(data) == ["SYMBOLS_LEFT_OUT", "SYMBOLS_LEFT_OUT"]


@pytest.mark.parametrize(
    "symbols",
    [
        [symbol("A", '(extends "GONE")', MPN="A-1")],
        [symbol("A", '(extends "B")', MPN="A-1"), symbol("B", '(extends "A")')],
    ],
)
def test_a_chain_that_leads_nowhere_is_told(symbols):
    data = read(*symbols)
    assert "A-1" in keys(data)
    told = {notice.severity for notice in data.notices if notice.code == "TEMPLATE_MISSING"}
    assert told == {Severity.ERROR}


def test_two_symbols_of_one_number_stay_two_parts():
    data = read(symbol("A", MPN="X-1"), symbol("B", MPN="X-1"))
    assert keys(data) == ["X-1", "Shop:B"]
    assert codes(data) == ["KEY_SHARED"]


def test_two_symbols_of_one_house_number_are_one_part():
    assert keys(read(symbol("A", IPN="100-1"), symbol("B", IPN="100-1"))) == ["100-1"]


def test_names_are_unescaped_and_private_properties_read():
    data = read('(symbol "LM{slash}358" (property private "MPN" "a \\"b\\" \\\\ c" (at 0 0)))')
    assert (data.parts[0].name, data.parts[0].key) == ("LM/358", 'a "b" \\ c')


def test_several_suppliers_are_several_offers_and_a_price_is_nobodys():
    data = read(symbol("A", MPN="X", LCSC="C1", Digikey="D-1", Price="1USD"))
    offers = data.parts[0].sources[0].offers
    assert [(offer.distributor, offer.sku, offer.price_breaks) for offer in offers] == [
        ("LCSC", "C1", ()),
        ("DigiKey", "D-1", ()),
    ]
    assert data.parts[0].attributes["Price"] == "1USD"


def test_other_encodings_are_told():
    text = '(kicad_symbol_lib (symbol "R" (property "Value" "4,7 k°")))'
    data = read_files([NamedFile("a.kicad_sym", text.encode("cp1252"))])
    assert data.parts[0].attributes["Value"] == "4,7 k°"
    assert codes(data) == ["ENCODING"]
    utf16 = read_files([NamedFile("a.kicad_sym", text.encode("utf-16"))])
    assert utf16.parts[0].attributes["Value"] == "4,7 k°"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"(kicad_symbol_lib (symbol", "ends within"),
        (b'(kicad_symbol_lib (symbol "a', "ends within"),
        (b'(kicad_symbol_lib (x "a', "ends within"),
        (b"(kicad_symbol_lib) (", "goes on after its end"),
        (b"(other (kicad_symbol_lib))", "does not begin with a list"),
    ],
)
def test_broken_files_are_refused_with_the_row(content, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        read_files([NamedFile("a.kicad_sym", content)])


@pytest.mark.parametrize("head", [b"(symbol", b"(x"])
def test_depth_is_refused_without_recursion(head):
    with pytest.raises(ImportTooLarge, match="nested too deep"):
        read_files([NamedFile("a.kicad_sym", b"(kicad_symbol_lib " + head * 3_000_000)])


def test_fifty_megabytes_of_parentheses_are_refused():
    with pytest.raises(ImportTooLarge, match="nested too deep"):
        read_files([NamedFile("a.kicad_sym", b"(kicad_symbol_lib " + b"(" * (50 * 1024 * 1024 - 18))])


def test_more_lists_than_a_library_has_are_refused(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.readers.expressions.TOKENS_MAX", 1_000)
    monkeypatch.setattr("plumbline.exchange.readers.expressions.KEPT_MAX", 500)
    for inside in (b"()" * 2_000, b"(x " + b"()" * 2_000 + b")", b"(symbol)" * 2_000, b"a " * 2_000):
        with pytest.raises(ImportTooLarge, match="holds more than"):
            read_files([NamedFile("a.kicad_sym", b"(kicad_symbol_lib " + inside + b")")])


def test_a_text_longer_than_any_property_is_refused():
    with pytest.raises(ImportTooLarge, match="10001 characters"):
        read(symbol("R", Value="x" * 10_001))


def test_a_template_of_many_properties_for_many_symbols_is_refused(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.bounds.FIELDS_MAX", 1_000)
    base = symbol("BASE", **{f"P{number}": "x" for number in range(100)})
    with pytest.raises(ImportTooLarge, match="past 1000 fields"):
        read(base, *(symbol(f"S{number}", '(extends "BASE")') for number in range(20)))


def test_a_symbol_that_stands_twice_and_differs_is_told():
    data = read(symbol("A", MPN="M1"), symbol("A", MPN="M2"), symbol("B", MPN="M3"), symbol("B", MPN="M3"))
    assert keys(data) == ["M2", "M3"]
    assert codes(data) == ["SYMBOL_TWICE"]
