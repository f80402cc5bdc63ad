from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.model import ImportedData, PartKind, Severity

TOP = "machine_assembly"


@pytest.fixture(scope="module")
def mendel(data_set):
    return data_set("mendel90-dibond")


@pytest.fixture(scope="module")
def data(mendel) -> ImportedData:
    return read_files(mendel.files())


def section(part):
    return "Sub-assemblies" if part.kind is PartKind.ASSEMBLY else part.category_path[0]


def test_the_folder_is_recognised(mendel):
    assert recognise(mendel.files()).format == "assembly-texts"


def test_every_line_and_no_other(mendel, data, explode):
    reached = explode(data.lines, TOP).quantity
    parts = {part.key: part for part in data.parts}
    found = Counter(
        (line.parent_key, line.child_key, line.quantity, section(parts[line.child_key]), line.parent_key in reached)
        for line in data.lines
    )
    wanted = Counter(
        (
            row["parent"],
            row["child"],
            Decimal(row["qty"]),
            row["section"],
            row["reachable_from_machine_assembly"] == "yes",
        )
        for row in mendel.expected("expected_edges.csv")
    )
    assert found == wanted
    assert sum(found.values()) == 303


def test_every_assembly_with_its_level_and_quantity(mendel, data, explode):
    exploded = explode(data.lines, TOP)
    parts = {part.key: part for part in data.parts}
    found = set()
    for key, quantity in exploded.quantity.items():
        if parts[key].kind is PartKind.ASSEMBLY:
            below = [line for line in data.lines if line.parent_key == key]
            direct = sum(parts[line.child_key].kind is PartKind.ASSEMBLY for line in below)
            found.add((key, exploded.deepest[key], quantity, len(below), direct))
    wanted = {
        (
            r["assembly"],
            int(r["level"]),
            Decimal(r["qty_per_machine"]),
            int(r["lines"]),
            int(r["direct_sub_assemblies"]),
        )
        for r in mendel.expected("expected_assemblies.csv")
    }
    assert found == wanted
    assert len(found) == 22


def test_the_flat_list_is_the_literal_roll_up(mendel, data, explode):
    exploded = explode(data.lines, TOP)
    leaves = {part.key: part for part in data.parts if part.kind is PartKind.PART}
    found = {
        (key, leaves[key].category_path[0], quantity, exploded.deepest[key], " | ".join(sorted(exploded.parents[key])))
        for key, quantity in exploded.quantity.items()
        if key in leaves
    }
    wanted = {
        (r["part"], r["section"], Decimal(r["qty_rolled_up"]), int(r["deepest_level"]), r["used_in_assemblies"])
        for r in mendel.expected("expected_flat.csv")
    }
    assert found == wanted
    assert sum(row[2] for row in found) == 899


def test_each_part_on_which_the_author_disagrees_is_named(mendel, data):
    told = {notice.sentence for notice in data.notices if notice.code == "TOTAL_DISAGREES"}
    wanted = {
        f"{r['part']} adds up to {r['qty_rolled_up']}, and the author's own list says {r['qty_in_author_bom_txt']}; "
        "the lines were taken."
        for r in mendel.expected("expected_flat.csv")
        if r["difference"] != "0"
    }
    assert told == wanted
    assert len(told) == 14


def test_the_assembly_that_explains_all_of_them_is_named(data):
    (notice,) = [notice for notice in data.notices if notice.code == "ASSEMBLY_COUNTED_TWICE"]
    assert "z_motor_assemblies" in notice.sentence
    assert "14 parts" in notice.sentence


def test_accessories_are_tops_of_their_own(data):
    assert set(data.tops) == {
        TOP,
        "light_strip_assembly",
        "raspberry_pi_assembly",
        "raspberry_pi_camera_assembly",
        "z_limit_switch_assembly",
    }
    assert len([part for part in data.parts if part.kind is PartKind.ASSEMBLY]) == 26


def test_nothing_was_unreadable(data):
    assert not [notice for notice in data.notices if notice.severity is Severity.ERROR]


def test_every_part_and_line_knows_its_file_and_row(data):
    for item in (*data.parts, *data.lines):
        assert item.origin.file.endswith(".txt")
        assert item.origin.row
