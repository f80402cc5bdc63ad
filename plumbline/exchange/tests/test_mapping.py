"""What users say about columns: proposed, edited, given back, remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.exchange.actions import MAPPINGS_MAX, apply_import, forget_column_mapping
from plumbline.exchange.columns import Role, column_titled
from plumbline.exchange.errors import (
    ColumnMappingMissing,
    InvalidColumnMapping,
    TooManyMappings,
    UnknownColumnRole,
    UnreadableFile,
)
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files
from plumbline.exchange.mapping import (
    ENCODINGS,
    column_said,
    group_numbers,
    header_key,
    meaning_of,
    read_mapping,
    remembered_form,
)
from plumbline.exchange.model import ColumnMapping, ImportedData, ImportedPart, Origin, ReadOptions
from plumbline.exchange.proposal import proposed_mapping
from plumbline.exchange.reads.mappings import HEADERS_MAX, column_mappings
from plumbline.exchange.remembering import header_keys
from plumbline.exchange.sheets import TABLE_SUFFIXES
from plumbline.kit.errors import Forbidden
from plumbline.kit.yaml_source import load_yaml
from plumbline.storage.unit_of_work import change_number_now

ODD = NamedFile("odd.csv", b"Foo;Bar;Baz\nA-1;Bolt;4\nA-2;Nut;8\n")
SAID = {"Foo": "number", "Bar": "name", "Baz": "quantity"}


def given_back(text: str) -> ReadOptions:
    columns, tables = read_mapping(load_yaml(text, "mapping.yaml").value)
    return ReadOptions(columns=columns, tables=tables)


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("Part #", "number"), ("PartNumber", "number"), ("Manufacturer 2", "manufacturer 2"), ("MPN3", "mpn 3"),
        ("Supplier Part Number 1", "sku"), ("Supplier 2 Part Number", "sku 2"), ("Mouser Part Number", "sku of Mouser"),
        ("DigiKey PN", "sku of DigiKey"), ("LCSC", "sku of LCSC"), ("Mouser Price", "price of Mouser"),
        ("Unit Price (CHF)", "price in CHF"),
        ("Manufacturer / Part No.", "manufacturer_and_mpn"), ("Supplier/Seller", "supplier"), ("Spplier/Seller", "supplier"),
        ("DigiKey Quantity", "ignored"), ("SOLIDWORKS PART NUMBER", "number"), ("Quantity 1", "quantity"), ("N.M", "do_not_place"),
        ("Barcode", "specification"), ("Level 2", "specification"), ("RS", "specification"), ("Resistance", "specification"),
        ("Capacitance", "specification"), ("Tolerance", "specification"), ("Mounting", "specification"), ("Rsense", "specification"),
        ("Value 2", "specification"), ("TMEAS", "specification"), ("Currents", "specification"),
    ],
)  # fmt: skip
def test_what_a_title_says_by_itself(title, meaning):
    column = column_titled(title)
    assert meaning_of(column, group_numbers([column])) == meaning
    assert 0 < column.confidence <= 100
    assert column.reason


@given(st.text(max_size=60))
def test_any_title_is_read(title):
    column = column_titled(title)
    meaning = meaning_of(column, group_numbers([column]))
    assert column_said(title, meaning).role is column.role


@pytest.mark.parametrize(
    "meaning", [*Role, "specification", "mpn 2", "sku of Digi-Key Europe", "price 3 of Mouser in EUR", "price in CHF"]
)
def test_a_meaning_is_read_as_it_is_written(meaning):
    column = column_said("Title", str(meaning))
    shown = meaning_of(column, {column.group: 3 if " 3 " in meaning else 2 if meaning.endswith(" 2") else 1})
    assert shown == meaning


@pytest.mark.parametrize(
    "meaning", ["colour", "", "mpn of", "mpn x", "name 2", "number of Mouser", "price in chf", "mpn 0", "mpn 100"]
)
def test_other_meanings_are_refused(meaning):
    with pytest.raises(UnknownColumnRole) as refusal:
        column_said("Title", meaning)
    assert refusal.value.path[-1] == "Title"
    assert refusal.value.expected


@pytest.mark.parametrize(
    "document",
    [
        [], None, "number", {"Foo": 1}, {"Foo": ["number"]}, {"tables": {}}, {"tables": [], "Foo": "number"}, {"tables": ["x"]},
        {"tables": [{"columns": []}]}, {"tables": [{"colums": {}}]}, {"tables": [{"header_row": 0}]}, {"tables": [{"header_row": True}]},
        {"tables": [{"header_row": "1"}]}, {"tables": [{"ignored": "yes"}]}, {"tables": [{"encoding": "zlib"}]},
        {"tables": [{"encoding": "unicode_escape"}]}, {"tables": [{"separator": "ab"}]}, {"tables": [{"separator": "a"}]},
        {"tables": [{"separator": '"'}]}, {"tables": [{"file": 3}]}, {"tables": [{}] * 2_001},
        {"tables": [{"columns": {f"T{n}": "ignored" for n in range(501)}}]},
    ],
)  # fmt: skip
def test_mappings_that_make_no_sense_are_refused(document):
    with pytest.raises((InvalidColumnMapping, UnknownColumnRole)) as refusal:
        read_mapping(document)
    assert refusal.value.expected


def test_every_encoding_that_may_be_said_is_one_of_python(tmp_path):
    for name in ENCODINGS:
        assert "A".encode(name).decode(name).strip("\ufeff") == "A"


def test_a_mapping_says_separator_encoding_header_and_columns():
    content = "a remark; of mine\nFoo;Bär;Baz\nA-1;Bolt, long;4\n".encode("cp850")
    text = """
tables:
  - {file: odd.csv, encoding: cp850, separator: semicolon, header_row: 2, columns: {Foo: number, Bär: name, Baz: quantity}}
  - {file: other.csv, ignored: true}
"""
    files = [NamedFile("in/odd.csv", content), NamedFile("in/other.csv", b"Part Number,Qty\nX,1\n")]
    data = read_files(files, options=given_back(text))
    assert [(part.key, part.name) for part in data.parts] == [("A-1", "Bolt, long"), ("odd", "odd")]
    assert [(line.child_key, line.quantity) for line in data.lines] == [("A-1", 4)]


def test_the_wrong_encoding_is_refused_with_its_place():
    options = given_back("tables: [{encoding: utf-8}]")
    with pytest.raises(UnreadableFile, match="not utf-8"):
        read_files([NamedFile("a.csv", "Name,Qty\nÄ,1\n".encode("cp1252"))], options=options)


def test_titles_that_no_column_has_are_told():
    data = read_files([NamedFile("a.csv", b"Name,Qty\nBolt,1\n")], options=ReadOptions(columns={"Foo": "number"}))
    assert "Foo" in next(notice.sentence for notice in data.notices if notice.code == "MAPPING_UNUSED")


def test_the_proposal_tells_how_sure_it_is_and_why():
    text = proposed_mapping([NamedFile("a.csv", b"IITCODE;N.M;QTY\n1035;;4\n1036;X;2\n1037;;1\n")], ReadOptions())
    assert "separator: semicolon" in text
    assert "encoding: utf-8" in text
    assert "IITCODE: number  # 65 %: ends in code" in text
    assert "N.M: do_not_place  # 95 %: a word for it" in text


def test_a_table_without_a_header_is_shown_with_its_first_row():
    text = proposed_mapping([NamedFile("a.csv", b"Foo,Bar\nx,y\n")], ReadOptions())
    assert "ignored: true" in text
    assert "# row 1: Foo | Bar" in text


@pytest.mark.parametrize(
    "name",
    ["icub-boards", "messy-sheets", "odrive-v3", "limesdr-usb", "mntreform-boards", "open-source-rover", "lumenpnp"],
)
def test_the_proposal_given_back_reads_the_same(data_set, name):
    tables = [file for file in data_set(name).files() if file.suffix in TABLE_SUFFIXES]
    assert tables
    for file in tables:
        once = read_files([file], "table")
        again = read_files([file], "table", given_back(proposed_mapping([file], ReadOptions())))
        assert (again.parts, again.lines, again.tops) == (once.parts, once.lines, once.tops), file.name


def test_a_remembered_mapping_is_used_and_told_and_what_is_said_now_goes_first():
    (said,) = read_files([ODD], options=ReadOptions(columns=SAID)).mappings
    assert said.header in header_keys([ODD])
    remembered = {said.header: said.columns}
    data = read_files([replace(ODD, name="next.csv")], options=ReadOptions(remembered=remembered))
    assert [part.number for part in data.parts[:2]] == ["A-1", "A-2"]
    assert "MAPPING_REMEMBERED" in [notice.code for notice in data.notices]
    other = ReadOptions(remembered=remembered, columns={**SAID, "Foo": "mpn"})
    data = read_files([ODD], options=other)
    assert [part.number for part in data.parts] == [None, None, None]
    assert "MAPPING_REMEMBERED" not in [notice.code for notice in data.notices]


def test_a_header_is_known_by_its_titles_whatever_their_order_and_case():
    assert header_key(["Part #", "QTY", ""]) == header_key(["qty", "part number"])
    assert header_key(["Part #", "QTY"]) != header_key(["Part #"])


def test_files_that_are_not_read_do_not_stand_in_the_way_of_keys():
    assert header_keys(
        [NamedFile("a.xlsx", b"no workbook"), NamedFile("b.png", b"\x89PNG"), NamedFile("c.csv", b"A,B\n")]
    )


def importing(key: str = "A", said: Sequence[ColumnMapping] = ()) -> ImportedData:
    return ImportedData("table", (ImportedPart(key, f"Part {key}", Origin("a.csv")),), (), mappings=tuple(said))


def test_the_library_remembers_replaces_and_forgets(team):
    first = remembered_form(["Foo", "Bar"], {"Foo": "number"})
    team.engineer.run(apply_import, importing(said=[first]))
    (known,) = team.viewer.ask(column_mappings)
    assert (known.header, known.titles, known.columns) == (first.header, ("Foo", "Bar"), {"Foo": "number"})
    assert known.saved_at
    other = remembered_form(["Foo", "Bar"], {"Foo": "mpn"})
    team.engineer.run(apply_import, importing(said=[other]))
    assert [each.columns for each in team.viewer.ask(column_mappings, [first.header])] == [{"Foo": "mpn"}]
    with pytest.raises(Forbidden):
        team.viewer.run(forget_column_mapping, first.header)
    team.engineer.run(forget_column_mapping, first.header)
    assert team.viewer.ask(column_mappings) == []
    with pytest.raises(ColumnMappingMissing):
        team.engineer.run(forget_column_mapping, first.header)


def test_what_is_remembered_already_writes_nothing(team):
    said = remembered_form(["Foo"], {"Foo": "number"})
    team.engineer.run(apply_import, importing(said=[said]))
    before = change_number(team.engineer)
    team.engineer.run(apply_import, importing(said=[said]))
    assert change_number(team.engineer) == before


def change_number(caller) -> int:
    with caller.application.asking(caller.actor) as asked:
        return change_number_now(asked.scope)


def test_an_import_that_is_refused_remembers_nothing(team):
    loop = replace(importing(), parts=(*importing().parts, *importing("B").parts))
    twice = replace(loop, parts=tuple(replace(part, number="N") for part in loop.parts))
    with pytest.raises(Exception, match="have the number"):
        team.engineer.run(apply_import, replace(twice, mappings=(remembered_form(["Foo"], {"Foo": "number"}),)))
    assert team.viewer.ask(column_mappings) == []


def test_there_is_an_end_to_what_is_remembered_and_asked(team):
    many = [remembered_form([f"Title {number}"], {}) for number in range(MAPPINGS_MAX)]
    team.engineer.run(apply_import, importing(said=many))
    with pytest.raises(TooManyMappings):
        team.engineer.run(apply_import, importing(said=[remembered_form(["One more"], {})]))
    with pytest.raises(InvalidColumnMapping):
        team.viewer.ask(column_mappings, ["x"] * (HEADERS_MAX + 1))
    with pytest.raises(InvalidColumnMapping):
        remembered_form([], {})
