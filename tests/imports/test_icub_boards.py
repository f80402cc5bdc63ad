"""Lists of one internal part system: 26 boards together, and revisions of five of them imported over each other."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest

from plumbline.boms.designators import parse_designators
from plumbline.boms.reads import used_in
from plumbline.components.reads import aliases_of, component_by_cpn, find_components, sources_of
from plumbline.exchange.actions import apply_import
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ReadOptions
from plumbline.exchange.plan import ImportPlan
from plumbline.exchange.reads.library import planned_import

SET = "icub-boards"
REVISIONS = {
    "BAT": ["bat/bom_tr_10050_B.csv", "bat/bom_tr_10050_C.csv", "bat/bom_tr_10050_D.csv", "bat/bom_tr_10050_E.csv"],
    "MC4plus": [f"mc4-plus/bom_tr_5443_{letter}.csv" for letter in "BCDE"],
    "EMS4": ["ems4/bom_tr_4546_E.csv", "ems4/bom_tr_4546_F.csv"],
    "BMON": ["backpack-bmon/bom_tr_6123_B.csv", "backpack-bmon/bom_tr_6123_C.csv"],
    "2FOC": ["2foc/bom_tr_3336_F.csv", "2foc/bom_tr_3336_L.csv"],
}
"""Nine steps."""


@pytest.fixture(scope="module")
def boards(fresh_import):
    """All files: two different ones carry the same number and revision, and one is a list of the design tool."""
    return fresh_import(SET)


@pytest.mark.parametrize("product", REVISIONS)
def test_each_revision_over_the_one_before_is_the_engineering_change(fresh_import, data_set, product):
    files = REVISIONS[product]
    first = fresh_import(SET, files[0], top_name=product)
    caller = first.team.manager
    rows = data_set(SET).expected("expected_revision_diff.csv")
    for older, newer in pairwise(files):
        data = read_files(data_set(SET).files(newer), options=ReadOptions(top_name=product))
        plan = caller.ask(planned_import, data)
        assert not plan.conflicts
        assert changes_in(plan, caller) == {
            (
                row["change"], row["iitcode"], Decimal(row["qty_from"] or 0), Decimal(row["qty_to"] or 0),
                frozenset(row["refdes_only_in_from"].split()), frozenset(row["refdes_only_in_to"].split()),
            )
            for row in rows
            if (row["from_file"], row["to_file"]) == (older, newer)
        }  # fmt: skip
        caller.run(apply_import, data)
        again = caller.ask(planned_import, data)
        assert again.changes_nothing, [step.changes for step in (*again.parts, *again.lines) if step.changes][:5]


def changes_in(plan: ImportPlan, caller) -> set[tuple[object, ...]]:
    """By code, of what is mounted, from the lines before and after every step of the plan."""
    before: dict[str, list[tuple[Decimal, set[str]]]] = defaultdict(list)
    after: dict[str, list[tuple[Decimal, set[str]]]] = defaultdict(list)
    number_of = {step.known.id: step.part.number for step in plan.parts if step.known is not None}
    keys = {step.key: step.part.number for step in plan.parts}
    for step in plan.lines:
        if step.known is not None and not step.known.do_not_place:
            child = step.known.child_id
            number = number_of.get(child) or code_of(caller, child)
            before[number].append((step.known.quantity, set(step.known.reference_designators)))
        if step.line is not None and not step.line.do_not_place:
            after[keys[step.line.child_key]].append((step.line.quantity, set(step.line.reference_designators)))
    old, new = ({code: summed(lines) for code, lines in side.items()} for side in (before, after))
    found = set()
    for code in old.keys() | new.keys():
        (quantity, places), (now, places_now) = (side.get(code, (Decimal(0), set())) for side in (old, new))
        if (quantity, places) == (now, places_now):
            continue
        change = "quantity changed" if quantity != now else "reference designators changed"
        change = "added" if code not in old else "removed" if code not in new else change
        found.add((change, code, quantity, now, frozenset(places - places_now), frozenset(places_now - places)))
    return found


def summed(lines: list[tuple[Decimal, set[str]]]) -> tuple[Decimal, set[str]]:
    return sum((quantity for quantity, _ in lines), Decimal(0)), {place for _, places in lines for place in places}


def code_of(caller, component_id: str) -> str:
    """Of a part that the newer list does not have."""
    (component,) = caller.ask(find_components, [component_id])
    (alias,) = caller.ask(aliases_of, [component])[component.key]
    return alias.value


def test_totals_of_every_board(boards, data_set):
    files = {top.origin.file: top.key for top in boards.data.parts if top.key in boards.data.tops}
    rows = [row for row in data_set(SET).expected("expected_file_totals.csv") if row["file"] in files]
    assert (len(rows), len(files)) == (26, 27)
    for row in rows:
        lines = boards.lines[boards.components[files[row["file"]]].key]
        assert len(lines) == int(row["data_rows"])
        for off, quantity, places in (
            (False, "qty_mounted", "refdes_mounted"),
            (True, "qty_not_mounted", "refdes_not_mounted"),
        ):
            some = [line for line in lines if line.is_do_not_place is off]
            assert sum(Decimal(line.quantity) for line in some) == Decimal(row[quantity])
            assert sum(len(parse_designators(line.reference_designators)) for line in some) == int(row[places])


def test_where_every_code_is_used(boards, data_set):
    file_of = {part.key: part.origin.file for part in boards.data.parts}
    rows = data_set(SET).expected("expected_where_used.csv")
    assert len(rows) == 316
    for row in rows:
        part = boards.team.viewer.ask(component_by_cpn, row["iitcode"])
        used = {file_of[boards.key_of[line.parent_key]] for line in boards.team.viewer.ask(used_in, part)}
        assert used - {"ems4/ems4_2.BOM"} == set(row["files"].split(" | "))


def test_every_approved_source_of_every_code(boards, data_set):
    everything = boards.all_components()
    sources = boards.team.viewer.ask(sources_of, everything)
    found = {
        (boards.key_of[component.key], each.source.manufacturer, each.source.mpn, offer.distributor, offer.sku)
        for component in everything
        if component.key in boards.key_of
        for each in sources[component.key]
        for offer in each.source.offers
    }
    assert found == {
        (row["iitcode"], row["manufacturer"], row["manufacturer_code"], row["supplier"], row["supplier_code"])
        for row in data_set(SET).expected("expected_sources.csv")
        if row["supplier"] or row["supplier_code"]
    }
