from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, PartKind, Severity

ROOT = "Rover System"


@pytest.fixture(scope="module")
def rover(data_set):
    return data_set("open-source-rover")


@pytest.fixture(scope="module")
def workbook(rover) -> ImportedData:
    return read_files(rover.files("output_file.xlsx"))


@pytest.fixture(scope="module")
def shopping_list(rover) -> ImportedData:
    return read_files(rover.files("parts_list.csv"))


def sentences(data: ImportedData, code: str) -> list[str]:
    return [notice.sentence for notice in data.notices if notice.code == code]


def test_workbook_has_every_edge_and_no_other(rover, workbook, explode):
    levels = explode(workbook.lines, ROOT).deepest
    found = Counter((line.parent_key, line.child_key, line.quantity, levels[line.child_key]) for line in workbook.lines)
    found["", ROOT, Decimal(1), 0] += 1
    wanted = Counter(
        (row["parent"], row["child_name_or_part_number"], Decimal(row["qty"]), int(row["level"]))
        for row in rover.expected("expected_edges_output_file.csv")
    )
    assert found == wanted
    assert sum(levels[line.child_key] == 3 for line in workbook.lines) == 109


def test_workbook_kinds_follow_the_type_column(rover, workbook):
    kinds = {part.key: part.kind for part in workbook.parts}
    for row in rover.expected("expected_edges_output_file.csv"):
        wanted = PartKind.PART if row["type"] == "Part" else PartKind.ASSEMBLY
        assert kinds[row["child_name_or_part_number"]] is wanted


def test_workbook_flat_list(rover, workbook, explode):
    exploded = explode(workbook.lines, ROOT)
    found = {
        (part.number, part.name, exploded.quantity[part.key], exploded.deepest[part.key],
         " | ".join(sorted(exploded.parents[part.key])))
        for part in workbook.parts
        if part.kind is PartKind.PART
    }  # fmt: skip
    wanted = {
        (
            row["part_number"],
            row["short_name"],
            Decimal(row["qty_counted_instances"]),
            int(row["level"]),
            row["parents"],
        )
        for row in rover.expected("expected_flat.csv")
    }
    assert found == wanted
    assert len(found) == 57
    assert sum(row[2] for row in found) == 168


def test_workbook_names_each_stated_total_that_disagrees(rover, workbook):
    wanted = {
        f"{row['part_number']} is counted {row['qty_counted_instances']} times and stated {row['qty_in_totalreqs_column']} "
        "times; the lines were taken."
        for row in rover.expected("expected_flat.csv")
        if row["difference"] != "0"
    }
    assert set(sentences(workbook, "TOTAL_DISAGREES")) == wanted
    assert len(wanted) == 5


def test_workbook_names_the_full_width_digit_and_keeps_it(workbook):
    (sentence,) = sentences(workbook, "FULL_WIDTH_CHARACTER")
    assert "U+FF12" in sentence
    assert "M4x1２ socket screws" in {part.name for part in workbook.parts}


def test_workbook_says_which_assemblies_are_alike(workbook):
    assert len(sentences(workbook, "EQUAL_ASSEMBLIES")) == 3


def test_workbook_prices_carry_shop_and_currency(workbook):
    (part,) = [part for part in workbook.parts if part.number == "1120-0002-0072"]
    ((offer,),) = [source.offers for source in part.sources]
    assert (offer.distributor, offer.currency, offer.price_breaks[0].price) == ("gobilda.com", "USD", Decimal("4.99"))


def test_shopping_list_flat_quantities_and_costs(rover, shopping_list, explode):
    exploded = explode(shopping_list.lines, "parts_list")
    names = {part.key: part.name for part in shopping_list.parts}
    found = set()
    for part in shopping_list.parts:
        if part.kind is PartKind.PART:
            price = part.sources[0].offers[0].price_breaks[0].price
            quantity = exploded.quantity[part.key]
            used_in = " | ".join(sorted(names[parent] for parent in exploded.parents[part.key]))
            rows = sum(line.child_key == part.key for line in shopping_list.lines)
            found.add((part.key, quantity, price, quantity * price, used_in, rows))
    wanted = {
        (r["part_number_or_name"], Decimal(r["qty_per_rover"]), Decimal(r["unit_cost_usd"]), Decimal(r["extended_cost_usd"]),
         r["assemblies"], int(r["source_rows"]))
        for r in rover.expected("expected_flat_parts_list.csv")
    }  # fmt: skip
    assert found == wanted
    assert len(found) == 45
    assert sum(row[1] for row in found) == 147
    assert sum(row[3] for row in found) == Decimal("1253.31")
    assert sum(line.quantity for line in shopping_list.lines if line.parent_key != "parts_list") == Decimal("88.5")


def test_shopping_list_short_names(rover, shopping_list):
    """The first name is the part's; a second one is in a notice."""
    names = {part.key: part.name for part in shopping_list.parts}
    others = " ".join(sentences(shopping_list, "NAME_DIFFERS"))
    for row in rover.expected("expected_flat_parts_list.csv"):
        first, *more = sorted(
            row["short_names"].split(" | "), key=lambda name: name != names[row["part_number_or_name"]]
        )
        assert names[row["part_number_or_name"]] == first
        assert all(name in others for name in more)


def test_shopping_list_assemblies_and_multipliers(shopping_list):
    names = {part.key: part.name for part in shopping_list.parts}
    multipliers = {
        names[line.child_key]: line.quantity for line in shopping_list.lines if line.parent_key == "parts_list"
    }
    assert multipliers == {"drive wheel": 6, "corner": 4, "rocker bogie": 2, "body": 1, "general": 1}


def test_shopping_list_repairs_the_four_rows_with_unquoted_commas(shopping_list):
    repaired = [notice.origin.row for notice in shopping_list.notices if notice.code == "ROW_REPAIRED"]
    assert repaired == [43, 44, 45, 46]
    (standoff,) = [part for part in shopping_list.parts if part.number == "1501-0006-0080"]
    assert standoff.description == "1501 Series M4 x 0.7mm Standoff (6mm OD, 8mm Length) - 4 Pack"


def test_shopping_list_names_the_part_without_a_number(shopping_list):
    (notice,) = [notice for notice in shopping_list.notices if notice.code == "NUMBER_MISSING"]
    assert notice.origin.row == 2


def test_prices_without_a_sign_take_the_currency_of_the_column(shopping_list):
    offers = [offer for part in shopping_list.parts for source in part.sources for offer in source.offers]
    assert {offer.currency for offer in offers} == {"USD"}


def test_both_files_share_their_37_numbers(workbook, shopping_list):
    first = {part.number for part in workbook.parts if part.kind is PartKind.PART}
    second = {part.number or part.key for part in shopping_list.parts if part.kind is PartKind.PART}
    assert (len(first & second), len(second - first), len(first - second)) == (37, 8, 20)


def test_nothing_was_unreadable(workbook, shopping_list):
    assert not [n for n in (*workbook.notices, *shopping_list.notices) if n.severity is Severity.ERROR]
