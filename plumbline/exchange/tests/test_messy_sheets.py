"""Lists as people keep them by hand: every row of nine projects, whatever stands between, above and below them."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, ImportedLine, ImportedPart

FREE_ISSUED = "FREE ISSUED"
"""Stands where a part number should, and is none."""


@pytest.fixture(scope="module")
def messy(data_set):
    return data_set("messy-sheets")


@pytest.fixture(scope="module")
def by_file(messy) -> dict[str, ImportedData]:
    files = dict.fromkeys(row["file"] for row in messy.expected("expected_sheet_totals.csv"))
    assert len(files) == 17
    return {file: read_files(messy.files(file)) for file in files}


def lines_of(data: ImportedData, sheet: str) -> list[ImportedLine]:
    """Of parts; the lines that put assemblies into the product stand for no row."""
    parents = {line.parent_key for line in data.lines}
    return [line for line in data.lines if line.child_key not in parents and (line.origin.sheet or "") == sheet]


def numbers_of(part: ImportedPart) -> set[str]:
    """As any column of the sheet may have written it: the part's own, the maker's, both together, the shop's."""
    found = {part.number or ""} | {source.mpn or "" for source in part.sources}
    for source in part.sources:
        found |= {offer.sku or "" for offer in source.offers}
        found |= {
            f"{source.manufacturer} - {source.mpn}",
            f"{source.manufacturer}  - {source.mpn}",
            f"{source.manufacturer}, {source.mpn}",
        }
    return found


SHEETS = [
    ("mesospim/mesoSPIM-V4-parts-list-30-11-18.xlsx", "Sheet1"),
    ("mesospim/mesoSPIM-V5-parts-list-12-12-18.xlsx", "Sheet1"),
    ("mesospim/mesoSPIM-V5-parts-list-8-5-19.xlsx", "Sheet1"),
    ("mesospim/mesoSPIM-V5-parts-list-latest.xlsx", "Sheet1"),
    ("emontx/emonTx_V3.4_BOM.ods", "SMT"),
    ("emontx/emonTx_V3.4_BOM.ods", "CON"),
    ("duet-0.4/Duet0.4 BOM.xls", "Future Electronics2"),
    ("duet-0.4/Duet0.4.csv", ""),
    ("libresolarbox/Bill of Materials.xlsx", "Sheet1"),
    ("libresolarbox/Bill of Materials.ods", "Sheet1"),
    ("foot-contact-switch/bom_foot_contact_switch_v1.xlsx", "Tabelle1"),
    ("exa-spim/BOM.xlsx", "in"),
    ("exa-spim/BOM.csv", ""),
    ("ulx3s/1-click-bom.tsv", ""),
    ("ulx3s/parts-cost-estimate.csv", ""),
    ("libresolar-mppt/mppt-2420-hc_bom_(hv_supply,can).csv", ""),
    ("libresolar-mppt/mppt-2420-hc_bom_mechanical.csv", ""),
    ("hackrf-jellybean/jellybean_BOM.ods", "JellyBean_BOM"),
    ("hackrf-jellybean/jellybean_BOM.ods", "ImportPart_DigiKey"),
]


def test_no_sheet_was_forgotten(messy):
    assert {(row["file"], row["sheet"]) for row in messy.expected("expected_sheet_totals.csv")} == set(SHEETS)


@pytest.mark.parametrize(("file", "sheet"), [each for each in SHEETS if each[1] != "JellyBean_BOM"])
def test_every_row_of_every_sheet(messy, by_file, file, sheet):
    data = by_file[file]
    parts = {part.key: part for part in data.parts}
    wanted = {
        int(row["row"]): row
        for row in messy.expected("expected_lines.csv")
        if (row["file"], row["sheet"]) == (file, sheet)
    }
    lines = lines_of(data, sheet)
    assert sorted(line.origin.row for line in lines) == sorted(wanted)
    for line in lines:
        row, part = wanted[line.origin.row], parts[line.child_key]
        assert amount(line) == row["qty_as_number_or_text"], row
        assert places(line) == row["refdes"].split(), row
        if row["part_number"] and row["part_number"] != FREE_ISSUED:
            assert row["part_number"] in numbers_of(part), row
        if row["section"]:
            assert f"Section: {row['section']}" in line.notes, row


def amount(line: ImportedLine) -> str:
    """As the sheet has it."""
    number = "" if line.quantity is None else format(line.quantity, "f")
    return f"{number} {line.unit}" if line.unit else number


def places(line: ImportedLine) -> list[str]:
    """`3 X AAA BATTERY HOLDER` is one place with blanks in it, and three fiducials bear one name."""
    if line.reference_designators == ("Fid,Fid,Fid",):
        return ["Fid", "Fid", "Fid"]
    return [place.replace(" ", "_") for place in line.reference_designators]


def test_one_row_per_place_is_counted(messy, by_file):
    """Without a quantity column; the makers' numbers stand in the column called footprint."""
    data = by_file["hackrf-jellybean/jellybean_BOM.ods"]
    parts = {part.key: part for part in data.parts}
    found: dict[str, tuple[str, bool]] = {}
    for line in lines_of(data, "JellyBean_BOM"):
        assert line.quantity == len(line.reference_designators)
        mpn = next((source.mpn for source in parts[line.child_key].sources if source.mpn), "")
        found.update(dict.fromkeys(line.reference_designators, (mpn, line.do_not_place)))
    rows = [row for row in messy.expected("expected_lines.csv") if row["sheet"] == "JellyBean_BOM"]
    assert found == {row["refdes"]: (row["part_number"], row["flag_or_note"] == "DNP") for row in rows}
    assert len(found) == 114


def test_an_order_list_without_a_header_is_of_the_same_parts(by_file):
    data = by_file["hackrf-jellybean/jellybean_BOM.ods"]
    of_board, of_order = (
        {line.child_key for line in lines_of(data, sheet)} for sheet in ("JellyBean_BOM", "ImportPart_DigiKey")
    )
    assert of_order <= of_board


def test_totals_of_every_sheet(messy, by_file):
    for row in messy.expected("expected_sheet_totals.csv"):
        lines = lines_of(by_file[row["file"]], row["sheet"])
        counted = [line for line in lines if line.quantity is not None and line.unit is None]
        assert sum(line.quantity for line in counted) == Decimal(row["sum_of_numeric_qty"])
        assert len(lines) - len(counted) == int(row["rows_with_blank_or_text_qty"])
        assert sum(len(places(line)) for line in lines) == int(row["refdes_count"])
        differing = [line for line in lines if line.reference_designators and len(places(line)) != line.quantity]
        assert len(differing) == int(row["rows_where_refdes_count_differs_from_qty"])


def test_contradictions_of_quantity_and_places_are_told(by_file):
    data = by_file["emontx/emonTx_V3.4_BOM.ods"]
    told = [notice.sentence for notice in data.notices if notice.code == "QUANTITY_CONTRADICTED"]
    assert len(told) == 3


MICROSCOPES = [file for file, _ in SHEETS if file.startswith("mesospim")]


@pytest.mark.parametrize("file", MICROSCOPES)
def test_the_cost_of_every_microscope_is_the_authors(messy, by_file, file):
    (row,) = (row for row in messy.expected("expected_mesospim_cost.csv") if row["file"] == file)
    (notice,) = (notice for notice in by_file[file].notices if notice.code == "STATED_COST")
    assert row["total_chf_computed"].rstrip("0") in notice.sentence
    assert notice.sentence.endswith("as the sheet says.")
    lines = lines_of(by_file[file], "Sheet1")
    assert sum(line.quantity == 0 for line in lines) == int(row["zero_qty_rows"])


def test_what_a_newer_microscope_changes(by_file):
    older, newer = (Counter(_uses(by_file[file])) for file in MICROSCOPES[2:])
    gone, come = older - newer, newer - older
    assert (sum(gone.values()), sum(come.values())) == (3, 3)
    assert {key for key, *_ in gone} >= {"LCP03/M", "SM2NFM"}
    assert {key for key, *_ in come} >= {"LCP31M", "SM2NFMA"}


def _uses(data: ImportedData) -> list[tuple[str, str, Decimal | None]]:
    return [(line.child_key, line.parent_key.partition("/")[2], line.quantity) for line in lines_of(data, "Sheet1")]


def test_the_same_list_in_two_files_is_the_same(by_file):
    found = defaultdict(list)
    for file in ("libresolarbox/Bill of Materials.xlsx", "libresolarbox/Bill of Materials.ods"):
        found[file] = [(line.child_key, line.quantity, line.unit, line.item_number) for line in by_file[file].lines]
    one, other = found.values()
    assert one == other
