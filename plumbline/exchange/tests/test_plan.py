"""Plans are tested by carrying them out on the snapshot, in a few lines that share nothing with the planner."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.exchange.formats import read_files
from plumbline.exchange.matching import ConflictCode, MatchedBy
from plumbline.exchange.model import (
    ImportedCategory,
    ImportedData,
    ImportedLine,
    ImportedOffer,
    ImportedPart,
    ImportedSource,
    Origin,
    PriceBreak,
)
from plumbline.exchange.plan import ImportPlan, LineAction, PartAction, plan_import
from plumbline.exchange.snapshot import KnownLine, KnownPart, PartValues, Snapshot

HERE = Origin("bom.csv", row=2)


def part(key: str, **values) -> ImportedPart:
    return ImportedPart(key, values.pop("name", f"Part {key}"), HERE, **values)


def line(parent: str, child: str, quantity: str | None = "1", **values) -> ImportedLine:
    return ImportedLine(parent, child, None if quantity is None else Decimal(quantity), HERE, **values)


def imported(*parts: ImportedPart, lines: tuple[ImportedLine, ...] = (), **values) -> ImportedData:
    return ImportedData("table", parts, lines, **values)


def known(cpn: str, *, aliases: tuple[str, ...] = (), lines: tuple[KnownLine, ...] = (), **values) -> KnownPart:
    named = PartValues(values.pop("name", f"Part {cpn}"), aliases=frozenset(aliases), **values)
    return KnownPart(f"id-{cpn}", cpn, 1, named, lines)


def carried_out(plan: ImportPlan, snapshot: Snapshot, *, keeps_numbers: bool = True) -> Snapshot:
    """The library after the plan; numbers of the source become part numbers, or the library counts its own."""
    counter = count(len(snapshot.parts))
    parts = {part.id: part for part in snapshot.parts}
    ids = {step.key: step.known.id for step in plan.parts if step.known}
    for step in plan.parts:
        if step.action is PartAction.CREATE:
            cpn = step.part.number if keeps_numbers and step.part.number else f"100-{next(counter):05}"
            ids[step.key] = f"id-{cpn}"
            values = replace(step.values, aliases=step.values.aliases - {cpn})
            parts[ids[step.key]] = KnownPart(ids[step.key], cpn, 1, values)
        elif step.action is PartAction.UPDATE and step.known:
            parts[step.known.id] = replace(step.known, values=step.values, head_version=step.known.head_version + 1)
    line_ids = count()
    for step in plan.lines:
        if step.action is LineAction.BLOCKED:
            continue
        parent = parts[ids[step.parent_key]]
        lines = list(parent.lines)
        if step.action in (LineAction.REMOVE, LineAction.CHANGE):
            lines.remove(step.known)
        if step.action in (LineAction.ADD, LineAction.CHANGE):
            lines.append(written(step, ids, f"line-{next(line_ids)}"))
        parts[parent.id] = replace(parent, lines=tuple(lines))
    categories = (*snapshot.categories, *(category.path for category in plan.categories))
    return Snapshot(tuple(parts.values()), categories)


def written(step, ids, line_id: str) -> KnownLine:
    before = step.known or KnownLine(line_id, "", Decimal(0), substitutes=())
    new = step.line
    return replace(
        before,
        child_id=ids.get(step.child, step.child),
        quantity=before.quantity if new.quantity is None and step.known else new.quantity,
        unit=new.unit or before.unit,
        item_number=new.item_number or before.item_number,
        reference_designators=new.reference_designators or before.reference_designators,
        notes=new.notes or before.notes,
        do_not_place=new.do_not_place,
        substitutes=tuple(ids.get(key, key) for key in new.substitutes) or before.substitutes,
    )


@pytest.mark.parametrize("keeps_numbers", [True, False])
@pytest.mark.parametrize(
    "name", ["mendel90-dibond", "open-source-rover", "inventree-demo", "jlcpcb-kicad-passives", "pixhawk"]
)
def test_a_second_import_of_real_data_changes_nothing(data_set, name, keeps_numbers):
    files = data_set(name).files()
    for file_set in [[file] for file in files] if name in ("open-source-rover", "pixhawk") else [files]:
        data = read_files(file_set)
        first = plan_import(data, Snapshot())
        assert first.counts.created == len(data.parts)
        assert first.counts.lines == first.counts.lines_added == len(data.lines)
        assert first.counts.conflicts == 0
        library = carried_out(first, Snapshot(), keeps_numbers=keeps_numbers)
        second = plan_import(data, library)
        assert second.counts.unchanged == len(data.parts)
        assert second.counts.lines == len(data.lines)
        assert second.changes_nothing
        assert carried_out(second, library) == library


def test_both_rover_files_share_parts_by_number(data_set):
    workbook, shopping = ([file] for file in sorted(data_set("open-source-rover").files(), key=lambda f: f.name))
    library = carried_out(plan_import(read_files(workbook), Snapshot()), Snapshot())
    plan = plan_import(read_files(shopping), library)
    matched = [step for step in plan.parts if step.known]
    assert len(matched) == 37
    assert {step.matched_by for step in matched} == {MatchedBy.CPN}


NAMES = st.sampled_from("ABCDEF")


@st.composite
def small_imports(draw) -> ImportedData:
    """Acyclic: a parent's letter comes before its children's."""
    keys = sorted(draw(st.sets(NAMES, min_size=1)))
    text = st.sampled_from(["", "x", "y"])
    maybe = st.sampled_from([None, "1", "2"])
    prices = st.lists(st.builds(PriceBreak, st.just(Decimal(1)), st.sampled_from([Decimal(1), Decimal(2)])), max_size=1)
    offer = st.builds(ImportedOffer, maybe, maybe, st.sampled_from([None, "USD"]), prices.map(tuple))
    source = st.builds(ImportedSource, maybe, maybe, text, offers=st.lists(offer, max_size=2).map(tuple))
    parts = [
        part(
            key,
            name=draw(st.sampled_from(["n", "m"])),
            number=draw(st.sampled_from([None, key, f"N-{key}"])),
            description=draw(text),
            unit=draw(maybe),
            category_path=draw(st.sampled_from([(), ("E",), ("e", "R"), ("M",)])),
            attributes=draw(st.dictionaries(st.sampled_from(["L", "W"]), text, max_size=2)),
            sources=tuple(draw(st.lists(source, max_size=2))),
        )
        for key in keys
    ]
    pairs = [(parent, child) for parent in keys for child in keys if parent < child]
    lines = [
        line(
            *draw(st.sampled_from(pairs)),
            draw(st.sampled_from([None, "1", "2", "0.5"])),
            unit=draw(maybe),
            item_number=draw(maybe),
            reference_designators=draw(st.sampled_from([(), ("R1",), ("R1", "R2")])),
            notes=draw(text),
            do_not_place=draw(st.booleans()),
            substitutes=draw(st.sampled_from([(), (keys[0],)])),
        )
        for _ in range(draw(st.integers(0, 6)) if pairs else 0)
    ]
    return imported(*parts, lines=tuple(lines), categories=(ImportedCategory(("E", "R"), "Resistors"),))


@given(small_imports(), small_imports(), st.booleans())
@settings(max_examples=250, deadline=None)
def test_after_any_two_imports_the_second_one_again_changes_nothing(first, second, keeps_numbers):
    library = Snapshot()
    for data in (first, second):
        plan = plan_import(data, library)
        if not plan.conflicts:  # or nothing of it is imported
            library = carried_out(plan, library, keeps_numbers=keeps_numbers)
    again = plan_import(second, library)
    if plan.conflicts:
        assert again == plan
        return
    assert [step.changes for step in again.parts if step.action is not PartAction.UNCHANGED] == []
    assert {step.action for step in again.lines} <= {LineAction.UNCHANGED}
    assert again.categories == ()


@given(small_imports(), small_imports())
@settings(max_examples=100, deadline=None)
def test_every_imported_line_and_every_known_line_is_in_the_plan_once(first, second):
    library = carried_out(plan_import(first, Snapshot()), Snapshot(), keeps_numbers=False)
    plan = plan_import(second, library)
    assert sum(step.line is not None for step in plan.lines) == len(second.lines)
    seen = [id(step.known) for step in plan.lines if step.known]
    assert len(seen) == len(set(seen))
    assert len(plan.parts) == len(second.parts)


def only_step(data: ImportedData, *parts: KnownPart):
    (step,) = plan_import(data, Snapshot(parts)).parts
    return step


def test_the_import_key_goes_before_the_part_number():
    data = imported(part("A", number="100"))
    step = only_step(data, known("100"), known("200", aliases=("A",)))
    assert (step.known.cpn, step.matched_by) == ("200", MatchedBy.IMPORT_KEY)
    assert "an earlier import" in step.explanation


def test_the_part_number_goes_before_an_alias_of_the_same_number():
    data = imported(part("A", number="100"))
    step = only_step(data, known("100"), known("200", aliases=("100",)))
    assert (step.known.cpn, step.matched_by) == ("100", MatchedBy.CPN)


def test_a_makers_part_number_is_the_last_resort_and_ignores_letter_case():
    made = (ImportedSource("YAGEO", "rc-1"),)
    step = only_step(imported(part("A", sources=made)), known("9", sources=(ImportedSource("Yageo", "RC-1"),)))
    assert (step.known.cpn, step.matched_by) == ("9", MatchedBy.MANUFACTURER_PART)
    assert "YAGEO rc-1" in step.explanation


def test_placeholder_makers_match_nothing():
    anything = (ImportedSource("any", "TBD"),)
    assert only_step(imported(part("A", sources=anything)), known("9", sources=anything)).action is PartAction.CREATE


def test_a_part_claimed_by_number_is_not_given_to_another_by_maker():
    made = (ImportedSource("Yageo", "RC-1"),)
    data = imported(part("B", sources=made), part("A", number="9"))
    plan = plan_import(data, Snapshot((known("9", sources=made),)))
    assert [(step.key, step.action) for step in plan.parts if not step.known] == [("B", PartAction.CREATE)]


def test_several_candidates_are_a_conflict_and_nothing_is_written():
    made = (ImportedSource("Yageo", "RC-1"),)
    data = imported(part("TOP"), part("A", sources=made), lines=(line("TOP", "A"),))
    plan = plan_import(data, Snapshot((known("8", sources=made), known("9", sources=made))))
    assert [conflict.code for conflict in plan.conflicts] == [ConflictCode.AMBIGUOUS_MATCH]
    assert "8, 9" in plan.conflicts[0].sentence
    assert {step.key: step.action for step in plan.parts} == {"TOP": PartAction.CREATE, "A": PartAction.CONFLICT}
    assert [step.action for step in plan.lines] == [LineAction.BLOCKED]


def test_an_archived_part_is_nobody_by_its_maker_and_a_question_by_its_number():
    made = (ImportedSource("Yageo", "RC-1"),)
    archived = replace(known("9", sources=made, aliases=("A",)), is_archived=True)
    assert only_step(imported(part("B", sources=made)), archived).action is PartAction.CREATE
    for named in (part("A"), part("B", number="9")):
        plan = plan_import(imported(named), Snapshot((archived,)))
        assert [conflict.code for conflict in plan.conflicts] == [ConflictCode.PART_ARCHIVED]
        assert "9, which is archived" in plan.conflicts[0].sentence


def test_two_parts_that_would_be_the_same_known_part_are_a_conflict():
    plan = plan_import(imported(part("A", number="9"), part("B")), Snapshot((known("9", aliases=("B",)),)))
    (conflict,) = plan.conflicts
    assert (conflict.code, set(conflict.keys)) == (ConflictCode.PART_CLAIMED_TWICE, {"A", "B"})


def test_two_new_parts_with_one_number_are_a_conflict():
    plan = plan_import(imported(part("A", number="9"), part("B", number="9")), Snapshot())
    assert [conflict.code for conflict in plan.conflicts] == [ConflictCode.NUMBER_CLAIMED_TWICE]
    assert plan.counts.created == 0


def test_a_loop_through_the_librarys_own_lines_is_a_conflict():
    library = Snapshot((known("A"), known("B", lines=(KnownLine("l", "id-C", Decimal(1)),)), known("C")))
    data = imported(part("A"), part("B"), part("C"), lines=(line("A", "B"), line("C", "A")))
    plan = plan_import(data, library)
    assert [conflict.code for conflict in plan.conflicts] == [ConflictCode.CYCLE]
    assert plan.conflicts[0].sentence.count("→") == 3


def test_lines_that_differ_only_in_being_placed_find_themselves_again_in_any_order():
    placed = line("A", "B", "1", reference_designators=("R1",))
    left_off = replace(placed, do_not_place=True)
    library = carried_out(plan_import(imported(part("A"), part("B"), lines=(left_off, placed)), Snapshot()), Snapshot())
    again = plan_import(imported(part("A"), part("B"), lines=(placed, left_off)), library)
    assert again.changes_nothing
    assert {step.action for step in again.lines} == {LineAction.UNCHANGED}


def test_a_deep_chain_is_no_loop_and_needs_no_deep_stack():
    keys = [f"K{number}" for number in range(5_000)]
    lines = tuple(line(parent, child) for parent, child in pairwise(keys))
    plan = plan_import(imported(*(part(key) for key in keys), lines=lines), Snapshot())
    assert plan.conflicts == ()


def test_changes_are_told_field_by_field():
    before = known(
        "9", name="Old", unit="m", attributes={"L": "1 mm", "W": "2 mm"}, sources=(ImportedSource("Y", "1"),)
    )
    offer = ImportedOffer("DigiKey", "311", "USD", (PriceBreak(Decimal(1), Decimal("0.1")),))
    data = imported(
        part(
            "9",
            name="New",
            attributes={"L": "3 mm"},
            category_path=("E",),
            sources=(ImportedSource("Y", "1", offers=(offer,)),),
        )
    )
    step = only_step(data, before)
    assert [(change.field, change.before, change.after) for change in step.changes] == [
        ("name", "Old", "New"),
        ("category", None, "E"),
        ("attributes.L", "1 mm", "3 mm"),
        ("sources", "Y 1", "Y 1; DigiKey 311 1+ 0.1 USD"),
    ]
    assert step.values.attributes == {"L": "3 mm", "W": "2 mm"}
    assert step.values.unit == "m"


def test_what_the_import_does_not_say_stays():
    before = known("9", name="N", description="D", unit="m", category_path=("E",))
    assert only_step(imported(part("9", name="N")), before).action is PartAction.UNCHANGED


def assembly(*lines: KnownLine) -> Snapshot:
    return Snapshot((known("T", lines=lines), known("A"), known("B")))


def line_steps(snapshot: Snapshot, *lines: ImportedLine):
    plan = plan_import(imported(part("T"), part("A"), part("B"), lines=lines), snapshot)
    return plan, [(step.action, step.known.line_id if step.known else None) for step in plan.lines]


def test_a_changed_quantity_keeps_the_line_and_makes_a_new_version():
    plan, steps = line_steps(assembly(KnownLine("l1", "id-A", Decimal(1))), line("T", "A", "2"))
    assert steps == [(LineAction.CHANGE, "l1")]
    assert [(c.field, c.before, c.after) for c in plan.lines[0].changes] == [("quantity", "1", "2")]
    assert {step.key: step.action for step in plan.parts}["T"] is PartAction.UPDATE


def test_equal_quantities_written_differently_are_equal():
    _, steps = line_steps(assembly(KnownLine("l1", "id-A", Decimal("2.000"))), line("T", "A", "2"))
    assert steps == [(LineAction.UNCHANGED, "l1")]


def test_designators_have_no_order():
    snapshot = assembly(KnownLine("l1", "id-A", Decimal(2), reference_designators=("R1", "R2")))
    _, steps = line_steps(snapshot, line("T", "A", "2", reference_designators=("R2", "R1")))
    assert steps == [(LineAction.UNCHANGED, "l1")]


def test_a_line_that_is_gone_is_removed():
    _, steps = line_steps(
        assembly(KnownLine("l1", "id-A", Decimal(1)), KnownLine("l2", "id-B", Decimal(1))), line("T", "A")
    )
    assert steps == [(LineAction.UNCHANGED, "l1"), (LineAction.REMOVE, "l2")]


def test_another_part_at_the_same_item_number_replaces():
    snapshot = assembly(KnownLine("l1", "id-A", Decimal(1), item_number="10"))
    plan, steps = line_steps(snapshot, line("T", "B", "1", item_number="10"))
    assert steps == [(LineAction.CHANGE, "l1")]
    assert [(c.field, c.before, c.after) for c in plan.lines[0].changes] == [("child", "id-A", "id-B")]


def test_the_same_child_on_two_lines_keeps_both_apart():
    snapshot = assembly(
        KnownLine("l1", "id-A", Decimal(1), reference_designators=("R1",)),
        KnownLine("l2", "id-A", Decimal(1), reference_designators=("R2",)),
    )
    _, steps = line_steps(
        snapshot,
        line("T", "A", "1", reference_designators=("R2",)),
        line("T", "A", "3", reference_designators=("R1",)),
    )
    assert steps == [(LineAction.UNCHANGED, "l2"), (LineAction.CHANGE, "l1")]


def test_no_line_is_removed_while_one_of_its_assembly_is_blocked():
    twice = (known("A"), known("x", aliases=("B",)), known("y", aliases=("B",)))
    library = Snapshot((known("T", lines=(KnownLine("l1", "id-x", Decimal(1)),)), *twice))
    _, steps = line_steps(library, line("T", "B"))
    assert steps == [(LineAction.BLOCKED, None)]


def test_an_assembly_without_lines_in_the_import_keeps_its_own():
    _, steps = line_steps(assembly(KnownLine("l1", "id-A", Decimal(1))))
    assert steps == []


def test_missing_categories_come_from_the_top_down_and_ignore_letter_case():
    data = imported(part("A", category_path=("Electronics", "Passives", "Resistors")))
    plan = plan_import(data, Snapshot(categories=(("electronics",),)))
    assert [category.path for category in plan.categories] == [
        ("Electronics", "Passives"),
        ("Electronics", "Passives", "Resistors"),
    ]
