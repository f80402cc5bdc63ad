from __future__ import annotations

import pytest

from plumbline.exchange.part_fields import KEY_LENGTH_MAX, is_not_placed, one_line, part_fields


@pytest.mark.parametrize(
    "name",
    ["MPN", "Manufacturer Part Number", "MFR.Part #", "Manufacturer_No", "MANF#", "PARTNO", "MP", "MFG P/N", "Part #"],
)
def test_many_names_for_the_makers_number(name):
    assert part_fields({name: "X-1", "Value": "10k"}).mpn == "X-1"


@pytest.mark.parametrize(
    ("name", "supplier"),
    [
        ("LCSC", "LCSC"),
        ("JLCPCB Part #", "JLCPCB"),
        ("Digi-Key_PN", "DigiKey"),
        ("DIGIKEY#", "DigiKey"),
        ("Mouser No", "Mouser"),
    ],
)
def test_many_names_for_a_suppliers_number(name, supplier):
    (source,) = part_fields({name: "S-1"}).sources
    assert [(offer.distributor, offer.sku) for offer in source.offers] == [(supplier, "S-1")]


def test_the_first_known_word_counts_and_the_others_are_kept():
    fields = part_fields({"MFGPN": "third", "MANF#": "second", "PARTNO": "first"})
    assert fields.mpn == "first"
    assert fields.attributes == {"MFGPN": "third", "MANF#": "second"}


def test_a_placeholder_is_no_number_and_is_kept_as_written():
    fields = part_fields({"PARTNO": "*", "MANF#": "tbd", "LCSC": "~"})
    assert (fields.mpn, fields.sku, fields.sources) == (None, None, ())
    assert fields.attributes == {"PARTNO": "*", "MANF#": "tbd"}


def test_two_spellings_of_one_name_are_both_kept():
    fields = part_fields({"Part #": "A", "part number": "B"})
    assert (fields.mpn, fields.attributes) == ("A", {"part number": "B"})


def test_part_is_the_makers_number_where_a_maker_is_named():
    assert part_fields({"Part": "X-1", "Manufacturer": "Maker"}).mpn == "X-1"
    assert part_fields({"Part": "X-1"}).attributes == {"Part": "X-1"}


def test_a_maker_without_a_number_is_a_specification():
    assert part_fields({"MF": "Maker"}).attributes == {"Manufacturer": "Maker"}


def test_a_supplier_named_in_one_field_and_its_number_in_another():
    (source,) = part_fields({"Supplier": "Shop", "SKU": "S-1", "Price": "$2.50"}).sources
    (offer,) = source.offers
    assert (offer.distributor, offer.sku, offer.currency, str(offer.price_breaks[0].price)) == (
        "Shop",
        "S-1",
        "USD",
        "2.50",
    )


def test_a_datasheet_that_is_no_link_stays_a_specification():
    assert part_fields({"Datasheet": "docs/r.pdf"}).attributes == {"Datasheet": "docs/r.pdf"}
    assert part_fields({"Datasheet": "javascript:alert(1)"}).link is None
    assert part_fields({"Datasheet": "https://maker.example/r.pdf"}).link == "https://maker.example/r.pdf"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Resistors,Chip Resistor", ("Resistors", "Chip Resistor")),
        ("Filters/EMI,Beads", ("Filters/EMI", "Beads")),
        ("A/B", ("A", "B")),
        ("A", ("A",)),
    ],
)
def test_categories(text, path):
    assert part_fields({"Category": text}).category_path == path


def test_keys_have_one_line_and_an_end():
    assert one_line("10k\n", "", " R\x000603 ") == "10k R 0603"
    assert len(one_line("x" * 10_000)) == KEY_LENGTH_MAX


@pytest.mark.parametrize(
    ("name", "text", "is_off"),
    [
        ("DNP", "fitted", False),
        ("DNP", "1", True),
        ("Config", "NF", True),
        ("Populate", "DNP", True),
        ("Populate", "no", True),
        ("Populate", "yes", False),
        ("Value", "100 nf", False),
        ("BOM", "EXCLUDE", True),
    ],
)
def test_not_placed_is_said_in_the_words_that_tables_use(name, text, is_off):
    assert is_not_placed({name: text}, "10k") is is_off


def test_a_capacitance_is_not_taken_for_not_fitted():
    assert not is_not_placed({}, "100 nf")
    assert is_not_placed({}, "100n DNP")
