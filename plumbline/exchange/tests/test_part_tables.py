"""Tables of parts without a bill of materials: twenty thousand names, and the categories of a team's own part database."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, Severity


@pytest.fixture(scope="module")
def symbols(data_set):
    return data_set("kicad-parts-20k")


@pytest.fixture(scope="module")
def names(symbols) -> ImportedData:
    return read_files(symbols.files())


def test_every_name_is_one_part_and_stays_text(symbols, names):
    with (symbols.folder / "files" / "parts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert len(rows) == 20_277
    described: dict[str, str] = {}
    for row in rows:
        described[row["name"].strip()] = described.get(row["name"].strip()) or row["description"].strip()
    assert {part.key: part.description for part in names.parts} == described
    assert len(described) == 20_174
    links = [link for part in names.parts if (link := part.attributes.get("datasheet"))]
    assert links
    assert "~" not in links
    assert not names.lines


def test_every_repeated_name_is_told_with_what_its_rows_say(symbols, names):
    told = [notice for notice in names.notices if notice.code == "PART_REPEATED"]
    assert {notice.severity for notice in told} == {Severity.WARNING}
    found = {}
    for notice in told:
        name, count = re.match(r"(.+) stands in (\d+) rows", notice.sentence).groups()
        found[name] = (int(count), *(_distinct(notice.sentence, title) for title in ("description", "datasheet")))
    assert found == {
        row["name"]: (int(row["occurrences"]), int(row["distinct_descriptions"]), int(row["distinct_datasheets"]))
        for row in symbols.expected("expected_duplicates.csv")
    }
    assert len(found) == 103


def _distinct(sentence: str, title: str) -> int:
    match = re.search(rf"(\d+) texts as {title}", sentence)
    return int(match[1]) if match else 1


@pytest.fixture(scope="module")
def team_parts(data_set):
    return data_set("gitplm-parts")


@pytest.fixture(scope="module")
def database(team_parts) -> ImportedData:
    return read_files(team_parts.files("database"))


def test_every_part_of_the_database(team_parts, database):
    found = {part.number: part for part in database.parts}
    rows = team_parts.expected("expected_parts.csv")
    assert (len(rows), len(found), len(database.parts)) == (1711, 1709, 1709)
    repeated = {number for number, count in Counter(row["ipn"] for row in rows).items() if count > 1}
    assert repeated == {"CAP-0000-0104", "CBL-0001-3216"}
    for row in rows:
        part = found[row["ipn"]]
        makers = {(source.mpn or "", source.manufacturer or "") for source in part.sources}
        assert (row["mpn"], row["manufacturer"]) in (makers or {("", row["manufacturer"])})
        if row["ipn"] not in repeated:
            assert part.description == row["description"]


def test_totals_of_every_table_of_the_database(team_parts):
    for row in team_parts.expected("expected_file_totals.csv"):
        data = read_files(team_parts.files(f"database/{row['file']}"))
        assert len(data.parts) == int(row["distinct_ipn"])
        mpns = {source.mpn for part in data.parts for source in part.sources if source.mpn}
        assert len(mpns) == int(row["distinct_mpn"])
        titles = {title for part in data.parts for title in part.attributes}
        assert titles <= {
            *row["specification_columns"].split(" | "),
            "Symbol",
            "Footprint",
            "Datasheet",
            "Value",
            "Description",
            "Name",
            "Comments",
            "Manufacturer",
        }
        assert {each.code for each in data.notices} <= {
            "NO_BILL_OF_MATERIALS",
            "PART_REPEATED",
            "NAME_DIFFERS",
            "VALUE_DIFFERS",
        }


def test_the_two_numbers_that_occur_twice_are_told(database):
    told = [notice.sentence for notice in database.notices if notice.code == "PART_REPEATED"]
    assert sorted(sentence.split()[0] for sentence in told) == ["CAP-0000-0104", "CBL-0001-3216"]


RELEASES = [
    "example/ASY-001-0000/ASY-001-0000.csv",
    "example/electrical/pcb-design/PCA-019-0000/PCA-019-0000.csv",
    "example/mechanical/enclosure/ASY-002-0001/ASY-002-0001.csv",
    "example/mechanical/enclosure/endcap/ASY-012-0012/ASY-012-0012.csv",
]
"""One file per assembly, named after its number."""


def test_one_file_per_assembly_makes_a_product_of_three_levels(team_parts, explode):
    data = read_files(team_parts.files(*RELEASES))
    assert data.tops == ("ASY-001-0000",)
    exploded = explode(data.lines, "ASY-001-0000")
    parts = {part.key: part.number or part.key for part in data.parts}
    found = {parts[key]: quantity for key, quantity in exploded.quantity.items()}
    assert max(exploded.deepest.values()) == 3
    for number, quantity in FLAT.items():
        assert found[number] == quantity, number


FLAT = {
    "SCR-002-0002": 56, "CAP-000-1001": 36, "ANA-000-0000": 16, "DIO-002-0000": 14, "RES-008-220K": 8, "MCH-001-0001": 6,
    "ASY-012-0012": 6, "PCB-019-0001": 2,
}  # fmt: skip
"""What the authors' own roll-up says too."""
