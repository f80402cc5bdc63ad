from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.exchange.errors import InvalidImportData
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import (
    ImportedCategory,
    ImportedData,
    ImportedLine,
    ImportedOffer,
    ImportedPart,
    ImportedSource,
    Notice,
    Origin,
    PartKind,
    PriceBreak,
    Severity,
)
from plumbline.exchange.wire import from_wire, to_wire

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
maybe = st.none() | text
number = st.decimals(-1_000_000, 1_000_000, places=4)
origins = st.builds(Origin, text, maybe, st.none() | st.integers(1, 10**6))
offers = st.builds(
    ImportedOffer, maybe, maybe, maybe, st.lists(st.builds(PriceBreak, number, number), max_size=3).map(tuple), number
)
sources = st.builds(ImportedSource, maybe, maybe, text, maybe, st.lists(offers, max_size=2).map(tuple))


@st.composite
def imports(draw) -> ImportedData:
    keys = draw(st.lists(st.text("abc1-", min_size=1, max_size=4), unique=True, min_size=1, max_size=6))
    key = st.sampled_from(keys)
    parts = [
        draw(
            st.builds(
                ImportedPart,
                key=st.just(name),
                name=text,
                origin=origins,
                number=maybe,
                kind=st.sampled_from(PartKind),
                category_path=st.lists(text, max_size=3).map(tuple),
                attributes=st.dictionaries(text, text, max_size=3),
                sources=st.lists(sources, max_size=2).map(tuple),
                variant_of=st.none() | key,
                is_active=st.booleans(),
            )
        )
        for name in keys
    ]
    lines = st.builds(
        ImportedLine,
        key,
        key,
        st.none() | number,
        origins,
        reference_designators=st.lists(text, max_size=3).map(tuple),
        do_not_place=st.booleans(),
        substitutes=st.lists(key, max_size=2).map(tuple),
    )
    return ImportedData(
        format="table",
        parts=tuple(parts),
        lines=tuple(draw(st.lists(lines, max_size=5))),
        categories=tuple(draw(st.lists(st.builds(ImportedCategory, st.lists(text).map(tuple)), max_size=2))),
        tops=tuple(draw(st.lists(key, max_size=2))),
        notices=tuple(draw(st.lists(st.builds(Notice, st.sampled_from(Severity), text, text), max_size=2))),
    )


@given(imports())
@settings(max_examples=60, deadline=None)
def test_there_and_back_through_json_gives_the_same_data(data):
    assert from_wire(json.loads(json.dumps(to_wire(data)))) == data


@pytest.mark.parametrize("name", ["mendel90-dibond", "open-source-rover", "inventree-demo"])
def test_real_data_survives_the_way_to_the_server(data_set, name):
    files = data_set(name).files()
    data = read_files(files)
    assert from_wire(json.loads(json.dumps(to_wire(data)))) == data


def wire_of_one_line():
    origin = Origin("bom.csv", row=2)
    parts = (ImportedPart("A", "a", origin), ImportedPart("B", "b", origin))
    return to_wire(ImportedData("table", parts, (ImportedLine("A", "B", Decimal("0.5"), origin),), tops=("A",)))


def refused(document) -> list[tuple[tuple[str | int, ...], str | None]]:
    with pytest.raises(InvalidImportData) as refusal:
        from_wire(document)
    return [(fault.path, fault.expected) for fault in (refusal.value, *refusal.value.also)]


def test_the_form_is_what_the_documentation_says():
    assert wire_of_one_line() == {
        "version": 1,
        "format": "table",
        "parts": [
            {"key": "A", "name": "a", "origin": {"file": "bom.csv", "row": 2}},
            {"key": "B", "name": "b", "origin": {"file": "bom.csv", "row": 2}},
        ],
        "lines": [
            {"parentKey": "A", "childKey": "B", "quantity": "0.5", "origin": {"file": "bom.csv", "row": 2}},
        ],
        "tops": ["A"],
    }


def test_all_faults_come_at_once_with_their_paths():
    document = wire_of_one_line()
    document["parts"][0]["kind"] = "THING"
    document["parts"][1]["colour"] = "red"
    del document["parts"][1]["name"]
    document["lines"][0]["quantity"] = 0.5
    assert [path for path, _ in refused(document)] == [
        ("parts", 0, "kind"),
        ("parts", 1, "colour"),
        ("parts", 1, "name"),
        ("lines", 0, "quantity"),
    ]


@pytest.mark.parametrize("quantity", ["1E+1000000", "NaN", "Infinity", "", "1,5", "9" * 41, True, None.__class__])
def test_only_plain_decimals_are_numbers(quantity):
    document = wire_of_one_line()
    document["lines"][0]["quantity"] = quantity
    assert refused(document)[0][0] == ("lines", 0, "quantity")


def test_a_key_that_names_no_part_is_refused_where_it_stands():
    document = wire_of_one_line()
    document["lines"][0]["childKey"] = "C"
    document["tops"] = ["A", "Z"]
    assert [path for path, _ in refused(document)] == [("lines", 0, "childKey"), ("tops", 1)]


def test_two_parts_of_one_key_are_refused():
    document = wire_of_one_line()
    document["parts"][1]["key"] = "A"
    assert ("parts", 1, "key") in [path for path, _ in refused(document)]


def test_texts_and_lists_are_bounded():
    document = wire_of_one_line()
    document["parts"][0]["name"] = "n" * 10_001
    document["parts"][1]["sources"] = [{"manufacturer": "m", "mpn": "p"}] * 1_001
    assert [path for path, _ in refused(document)] == [("parts", 0, "name"), ("parts", 1, "sources")]


@pytest.mark.parametrize("document", [None, [], "x", {}, {"version": 2}, {"version": 1}, {"version": 1, "parts": {}}])
def test_anything_else_is_refused(document):
    assert refused(document)


def test_a_flood_of_faults_is_cut_off():
    document = wire_of_one_line()
    document["lines"] = [{}] * 5_000
    assert len(refused(document)) == 100
