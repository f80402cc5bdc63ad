"""Circuit boards: 28 that share parts, variants and revisions of one, and a newer list imported over an older one."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from plumbline.boms.designators import parse_designators
from plumbline.boms.reads import used_in
from plumbline.components.reads import aliases_of, list_components, sources_of
from plumbline.exchange.actions import apply_import
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, ReadOptions
from plumbline.exchange.plan import ImportPlan, LineAction, PartAction
from plumbline.exchange.reads.library import planned_import
from plumbline.kit.paging import PageRequest

BOARD = "LimeSDR-USB"
NEWER = [
    ("LimeSDR-USB_1v4_BOMr4.xls", "LimeSDR-USB_1v4_BOMr7.xls"),
    ("LimeSDR-USB_1v4s_BOMr4.xls", "LimeSDR-USB_1v4s_BOMr7.xls"),
    ("LimeSDR-USB_1v4_BOMr7.xls", "LimeSDR-USB_1v4s_BOMr7.xls"),
]


@pytest.fixture(scope="module")
def power_boards(fresh_import):
    return fresh_import("wagiminator-power-boards")


def test_totals_of_every_power_board(power_boards, data_set):
    files = {top.origin.file: top.key for top in power_boards.data.parts if top.key in power_boards.data.tops}
    rows = data_set("wagiminator-power-boards").expected("expected_file_totals.csv")
    assert len(files) == len(rows) == 28
    for row in rows:
        board = power_boards.components[files[row["file"]]]
        lines = power_boards.lines[board.key]
        assert len(lines) == int(row["data_rows"])
        assert sum(Decimal(line.quantity) for line in lines) == int(row["qty_sum"])
        assert all(len(parse_designators(line.reference_designators)) == Decimal(line.quantity) for line in lines)


def test_where_every_part_of_the_power_boards_is_used(power_boards, data_set):
    everything = power_boards.all_components()
    by_key = {component.key: component for component in everything}
    by_sku = {}
    for key, sources in power_boards.team.viewer.ask(sources_of, everything).items():
        for each in sources:
            by_sku.update({offer.sku: by_key[key] for offer in each.source.offers if offer.sku})
    file_of = {part.key: part.origin.file for part in power_boards.data.parts}
    rows = data_set("wagiminator-power-boards").expected("expected_where_used.csv")
    assert len(by_sku) == len(rows) == 134
    for row in rows:
        used: dict[str, Decimal] = defaultdict(Decimal)
        for line in power_boards.team.viewer.ask(used_in, by_sku[row["supplier_part"]]):
            used[file_of[power_boards.key_of[line.parent_key]]] += Decimal(line.quantity)
        assert set(used) == set(row["boards"].split(" | ")), row["supplier_part"]
        assert len(used) == int(row["number_of_boards"])
        assert sum(used.values()) == int(row["total_qty_one_of_each_board"])


@pytest.mark.parametrize(("older", "newer"), NEWER, ids=["plug", "socket", "plug to socket"])
def test_a_newer_list_over_an_older_one_is_the_change_order(fresh_import, data_set, older, newer):
    radio = fresh_import("limesdr-usb", older, top_name=BOARD)
    caller = radio.team.manager
    data = read_files(data_set("limesdr-usb").files(newer), options=ReadOptions(top_name=BOARD))
    plan = caller.ask(planned_import, data)
    assert _changes(plan, radio, data) == {
        (row["refdes"], row["mpn_from"], row["fitting_from"], row["mpn_to"], row["fitting_to"])
        for row in data_set("limesdr-usb").expected("expected_revision_diff.csv")
        if (row["from_file"], row["to_file"]) == (older, newer)
    }
    assert not plan.conflicts
    assert sum(step.action is PartAction.CREATE for step in plan.parts) == 1
    assert not any(step.action is LineAction.REMOVE for step in plan.lines)
    caller.run(apply_import, data)
    again = caller.ask(planned_import, data)
    assert again.changes_nothing, [step.changes for step in (*again.parts, *again.lines) if step.changes][:5]
    counts = again.counts
    assert (counts.lines, counts.lines_added, counts.lines_changed, counts.lines_removed) == (len(data.lines), 0, 0, 0)


def test_every_revision_of_the_motor_controller_over_the_one_before(fresh_import, data_set):
    controllers = data_set("odrive-v3")
    rows = controllers.expected("expected_revision_diff.csv")
    steps = [("BOM_v3.1.csv", "BOM_v3.2.csv"), ("BOM_v3.2.csv", "BOM_v3.3.csv"), ("BOM_v3.3.csv", "BOM_v3.4_24V.csv")]
    steps.append(("BOM_v3.4_24V.csv", "BOM_v3.4_48V.csv"))
    first = fresh_import("odrive-v3", steps[0][0], top_name="ODrive")
    caller = first.team.manager
    for older, newer in steps:
        data = read_files(controllers.files(newer), options=ReadOptions(top_name="ODrive"))
        plan = caller.ask(planned_import, data)
        aliases = {c.id: alias.value for c, found in _aliases(caller).items() for alias in found}
        before: dict[str, Decimal] = defaultdict(Decimal)
        after: dict[str, Decimal] = defaultdict(Decimal)
        for step in plan.lines:
            if step.known is not None:
                before[aliases[step.known.child_id]] += step.known.quantity or 0
            if step.line is not None:
                after[step.line.child_key] += step.line.quantity or 0
        changed = {key for key in before.keys() | after.keys() if before[key] != after[key]}
        assert {(key, before[key], after[key]) for key in changed} == {
            (row["libref"], Decimal(row["qty_from"]), Decimal(row["qty_to"]))
            for row in rows
            if (row["from_file"], row["to_file"]) == (older, newer) and row["qty_from"] != row["qty_to"]
        }
        caller.run(apply_import, data)
        assert caller.ask(planned_import, data).changes_nothing


def _aliases(caller):
    everything = caller.ask(list_components, PageRequest(1000)).items
    found = caller.ask(aliases_of, everything)
    return {component: found[component.key] for component in everything}


def _changes(plan: ImportPlan, radio, newer: ImportedData) -> set[tuple[str, ...]]:
    """By place, from the steps that change something."""
    mpn_of = {
        part.key: source.mpn or "" for data in (radio.data, newer) for part in data.parts for source in part.sources
    }
    key_of = {component.id: key for key, component in radio.components.items()}
    before: dict[str, tuple[str, str]] = {}
    after: dict[str, tuple[str, str]] = {}
    for step in plan.lines:
        if step.action is LineAction.UNCHANGED:
            continue
        if step.known is not None:
            told = (mpn_of[key_of[step.known.child_id]], "NF" if step.known.do_not_place else "fitted")
            before.update(dict.fromkeys(step.known.reference_designators, told))
        if step.line is not None:
            told = (mpn_of[step.line.child_key], "NF" if step.line.do_not_place else "fitted")
            after.update(dict.fromkeys(step.line.reference_designators, told))
    assert before.keys() == after.keys()
    return {(place, *before[place], *after[place]) for place in before if before[place] != after[place]}
