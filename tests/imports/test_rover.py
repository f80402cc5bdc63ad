"""The same rover in two files of different build: a workbook by instance, and a shopping list with prices and multipliers."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from plumbline.boms.reads import exploded, rolled_up_cost
from plumbline.components.reads import sources_of
from plumbline.exchange.actions import apply_import
from plumbline.exchange.model import PartKind

ROOT = "Rover System"


@pytest.fixture(scope="module")
def workbook(fresh_import):
    return fresh_import("open-source-rover", "output_file.xlsx")


@pytest.fixture(scope="module")
def shopping_list(fresh_import):
    return fresh_import("open-source-rover", "parts_list.csv")


@pytest.fixture(scope="module")
def expected(data_set):
    return data_set("open-source-rover").expected


def test_workbook_edges_with_their_levels(workbook, expected):
    rows, more = workbook.team.viewer.ask(exploded, workbook.components[ROOT])
    assert not more
    found = Counter((workbook.key_of[r.parent], workbook.key_of[r.child], Decimal(r.quantity), r.level) for r in rows)
    found["", ROOT, Decimal(1), 0] += 1
    assert found == Counter(
        (row["parent"], row["child_name_or_part_number"], Decimal(row["qty"]), int(row["level"]))
        for row in expected("expected_edges_output_file.csv")
    )


def test_workbook_flat_list(workbook, expected):
    counted = workbook.counted(ROOT)
    parents = defaultdict(set)
    for parent, lines in workbook.lines.items():
        for line in lines:
            parents[line.child_key].add(workbook.key_of[parent])
    found = set()
    for part in workbook.data.parts:
        if part.kind is PartKind.PART:
            component = workbook.components[part.key]
            level = counted.levels[component.key]
            used_in = " | ".join(sorted(parents[component.key]))
            found.add((part.number, component.name, workbook.quantity(counted, part.key), level, used_in))
    assert found == {
        (r["part_number"], r["short_name"], Decimal(r["qty_counted_instances"]), int(r["level"]), r["parents"])
        for r in expected("expected_flat.csv")
    }


def test_shopping_list_costs_what_it_says(shopping_list, expected):
    (top,) = shopping_list.result.tops
    cost = shopping_list.team.viewer.ask(rolled_up_cost, shopping_list.by_cpn(top))
    found = {
        (shopping_list.key_of[line.component_key], Decimal(line.quantity), line.cost.unit_price, line.extended)
        for line in cost.lines
    }
    assert found == {
        (
            row["part_number_or_name"],
            Decimal(row["qty_per_rover"]),
            Decimal(row["unit_cost_usd"]),
            Decimal(row["extended_cost_usd"]),
        )
        for row in expected("expected_flat_parts_list.csv")
    }
    assert cost.total == Decimal("1253.31")
    assert not cost.unpriced
    assert sum(row[1] for row in found) == 147


def test_both_files_in_one_library_share_their_37_parts(workbook, shopping_list):
    """Runs on the library of the workbook, and leaves both products in it."""
    result = workbook.team.manager.run(apply_import, shopping_list.data)
    assert (result.created, result.created + result.updated + result.unchanged) == (51 - 37, 51)
    (top,) = result.tops
    cost = workbook.team.viewer.ask(rolled_up_cost, workbook.by_cpn(top))
    assert cost.total == Decimal("1253.31")
    assert set(workbook.team.manager.run(apply_import, shopping_list.data).tops) == {top}


def test_a_shop_and_its_price_arrive_on_the_part(shopping_list):
    component = shopping_list.components["1401-0043-0032"]
    (source,) = shopping_list.team.viewer.ask(sources_of, [component])[component.key]
    (offer,) = source.source.offers
    assert (offer.currency, offer.breaks[0].unit_price) == ("USD", Decimal("5.99"))
    assert offer.link
