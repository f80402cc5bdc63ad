"""A printer in one text file per assembly, five levels deep."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from plumbline.boms.reads import exploded
from plumbline.catalog.model import CategoryType
from plumbline.catalog.reads import catalog

TOP = "machine_assembly"


@pytest.fixture(scope="module")
def mendel(fresh_import):
    return fresh_import("mendel90-dibond")


@pytest.fixture(scope="module")
def expected(data_set):
    return data_set("mendel90-dibond").expected


def section(mendel, component) -> str:
    category = mendel.team.viewer.ask(catalog).category_by_id[component.category_id]
    return "Sub-assemblies" if category.type == CategoryType.ASSEMBLY else category.name


def test_every_line_and_no_other(mendel, expected):
    below_top = {mendel.key_of[key] for key in mendel.counted(TOP).totals} | {TOP}
    by_key = {each.key: each for each in mendel.all_components()}
    sections = {key: section(mendel, component) for key, component in mendel.components.items()}
    found = Counter(
        (
            mendel.key_of[parent],
            mendel.key_of[line.child_key],
            Decimal(line.quantity),
            sections[mendel.key_of[line.child_key]],
            mendel.key_of[parent] in below_top,
        )
        for parent, lines in mendel.lines.items()
        for line in lines
    )
    assert found == Counter(
        (
            row["parent"],
            row["child"],
            Decimal(row["qty"]),
            row["section"],
            row["reachable_from_machine_assembly"] == "yes",
        )
        for row in expected("expected_edges.csv")
    )
    assert sum(found.values()) == mendel.result.lines == 303
    assert len(by_key) == mendel.result.created == 196


def test_every_assembly_with_its_level_and_quantity(mendel, expected):
    counted = mendel.counted(TOP)
    totals = {**counted.totals, mendel.components[TOP].key: 1}
    levels = {**counted.levels, mendel.components[TOP].key: 0}
    found = set()
    for key, quantity in totals.items():
        lines = mendel.lines[key]
        if lines:
            direct = sum(bool(mendel.lines[line.child_key]) for line in lines)
            found.add((mendel.key_of[key], levels[key], Decimal(quantity), len(lines), direct))
    assert found == {
        (
            row["assembly"],
            int(row["level"]),
            Decimal(row["qty_per_machine"]),
            int(row["lines"]),
            int(row["direct_sub_assemblies"]),
        )
        for row in expected("expected_assemblies.csv")
    }


def test_the_flat_list(mendel, expected):
    counted = mendel.counted(TOP)
    used_in = defaultdict(set)
    rows, more = mendel.team.viewer.ask(exploded, mendel.components[TOP])
    for row in rows:
        used_in[row.child].add(mendel.key_of[row.parent])
    assert not more
    by_key = {each.key: each for each in mendel.all_components()}
    found = {
        (
            mendel.key_of[leaf],
            section(mendel, by_key[leaf]),
            Decimal(counted.totals[leaf]),
            counted.levels[leaf],
            " | ".join(sorted(used_in[leaf])),
        )
        for leaf in counted.leaves
    }
    assert found == {
        (r["part"], r["section"], Decimal(r["qty_rolled_up"]), int(r["deepest_level"]), r["used_in_assemblies"])
        for r in expected("expected_flat.csv")
    }
    assert sum(row[2] for row in found) == 899


def test_the_product_is_told_apart_from_its_assemblies(mendel):
    known = mendel.team.viewer.ask(catalog)
    names = {key: known.category_by_id[each.category_id].name for key, each in mendel.components.items()}
    assert names[TOP] == "Top Level Assembly"
    assert names["x_motor_assembly"] == "Mechanical Assembly"
    assert mendel.components[TOP].procurement == "MAKE"
    assert set(mendel.result.tops) == {mendel.components[key].cpn for key in mendel.data.tops}
