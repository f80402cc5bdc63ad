from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from plumbline.boms.actions import edit_boms
from plumbline.boms.model import BomEdit, LineChange
from plumbline.boms.reads import lines_of, rolled_up_quantities
from plumbline.catalog.reads import catalog
from plumbline.components.model import Offer
from plumbline.components.model import PriceBreak as PieceBreak
from plumbline.components.reads import aliases_of, attribute_values_of, component_by_cpn, list_components, sources_of
from plumbline.exchange.actions import apply_import
from plumbline.exchange.errors import CatalogMustGrow, ImportUndecided, NoSingleTop, PlanOutdated
from plumbline.exchange.library_lines import QUANTITY_UNKNOWN
from plumbline.exchange.model import (
    ImportedData,
    ImportedLine,
    ImportedOffer,
    ImportedPart,
    ImportedSource,
    Origin,
    PartKind,
    PriceBreak,
)
from plumbline.exchange.plan import LineAction, PartAction
from plumbline.exchange.reads.library import plan_digest, planned_import
from plumbline.kit.errors import Forbidden, Refusal
from plumbline.kit.paging import PageRequest
from plumbline.storage.outbox import events_after
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing import make

HERE = Origin("bom.csv", row=2)


def part(key: str, **values) -> ImportedPart:
    return ImportedPart(key, values.pop("name", f"Part {key}"), HERE, **values)


def line(parent: str, child: str, quantity: str | None = "1", **values) -> ImportedLine:
    return ImportedLine(parent, child, None if quantity is None else Decimal(quantity), HERE, **values)


def imported(*parts: ImportedPart, lines: tuple[ImportedLine, ...] = ()) -> ImportedData:
    children = {each.child_key for each in lines}
    tops = dict.fromkeys(each.parent_key for each in lines if each.parent_key not in children)
    return ImportedData("table", parts, lines, tops=tuple(tops))


def change_number(caller) -> int:
    with caller.application.asking(caller.actor) as asked:
        return change_number_now(asked.scope)


def top_lines(caller, result):
    top = caller.ask(component_by_cpn, result.tops[0])
    return caller.ask(lines_of, [top])[top.key]


def the_only_line(caller, result):
    (found,) = top_lines(caller, result)
    return found


def test_parts_and_lines_arrive_in_one_change(team):
    before = change_number(team.engineer)
    data = imported(part("TOP"), part("A", number="A-1"), lines=(line("TOP", "A", "2"),))
    result = team.engineer.run(apply_import, data)
    assert (result.created, result.lines, result.conflicts) == (2, 1, 0)
    assert change_number(team.engineer) == before + 1
    assert {team.viewer.ask(component_by_cpn, number).name for number in ("A", "A-1")} == {"Part A"}


def test_the_event_tells_what_was_done_and_an_import_of_nothing_new_has_none(team):
    data = imported(part("TOP"), part("A"), lines=(line("TOP", "A"),))
    result = team.engineer.run(apply_import, data)
    team.engineer.run(apply_import, data)
    with team.application.database.reading() as connection:
        events = events_after(connection, 0, 1000, team.engineer.actor.library_id)
    (event,) = [each.payload for each in events if each.kind == "exchange.import_applied"]
    assert event == {"format": "table", "created": 2, "updated": 0, "lines": 1, "tops": list(result.tops)}


@pytest.mark.parametrize(
    "bad",
    [
        part(
            "B", name="Good", sources=(ImportedSource("Acme", "B-1"), *(ImportedSource("A", f"{n}") for n in range(60)))
        ),
        part("", name="No key"),
    ],
    ids=["more sources than a part can have", "no key"],
)
def test_one_bad_part_refuses_everything(team, bad):
    before = change_number(team.engineer)
    good = [part(f"G{number}") for number in range(30)]
    lines = tuple(line("G0", f"G{number}") for number in range(1, 30))
    with pytest.raises(Refusal):
        team.engineer.run(apply_import, imported(*good, bad, lines=lines))
    assert change_number(team.engineer) == before
    assert not team.viewer.ask(list_components, PageRequest(10)).items


def test_conflicts_are_all_named_and_nothing_is_written(team):
    before = change_number(team.engineer)
    loop = imported(part("A"), part("B"), part("C"), lines=(line("A", "B"), line("B", "A"), line("A", "C")))
    twice = (part("X", number="N"), part("Y", number="N"))
    with pytest.raises(ImportUndecided) as refusal:
        team.engineer.run(apply_import, replace(loop, parts=(*loop.parts, *twice)))
    sentences = [refusal.value.message, *(other.message for other in refusal.value.also)]
    assert any("is a loop" in each for each in sentences)
    assert any("have the number N" in each for each in sentences)
    assert change_number(team.engineer) == before


def test_an_unknown_quantity_is_visible_and_stays_unknown(team):
    data = imported(part("TOP"), part("GLUE"), lines=(line("TOP", "GLUE", None, notes="thin film"),))
    result = team.engineer.run(apply_import, data)
    kept = the_only_line(team.viewer, result)
    assert (kept.quantity, kept.unit, kept.notes) == ("1", "AS_REQUIRED", f"thin film; {QUANTITY_UNKNOWN}")
    assert "QUANTITY_NOT_STATED" in {notice.code for notice in result.notices}
    assert team.viewer.ask(planned_import, data).changes_nothing


def test_a_quantity_filled_in_by_hand_survives_the_next_import(team):
    data = imported(part("TOP"), part("GLUE"), lines=(line("TOP", "GLUE", None, notes="thin film"),))
    result = team.engineer.run(apply_import, data)
    kept = the_only_line(team.viewer, result)
    top = team.viewer.ask(component_by_cpn, result.tops[0])
    change = LineChange(kept.line_id, quantity=Decimal(5), unit="GRAM", notes="thin film")
    team.engineer.run(edit_boms, [BomEdit(top.id, change=(change,))])
    assert team.viewer.ask(planned_import, data).changes_nothing


def test_an_unknown_quantity_that_becomes_known_is_told_as_such(team):
    unknown = imported(part("TOP"), part("GLUE"), lines=(line("TOP", "GLUE", None, notes="thin film"),))
    team.engineer.run(apply_import, unknown)
    known = replace(unknown, lines=(line("TOP", "GLUE", "3", notes="thin film"),))
    (step,) = team.viewer.ask(planned_import, known).lines
    assert [(each.field, each.before, each.after) for each in step.changes] == [("quantity", None, "3")]
    result = team.engineer.run(apply_import, known)
    kept = the_only_line(team.viewer, result)
    assert (kept.quantity, kept.unit, kept.notes) == ("3", "EACH", "thin film")


def test_what_a_line_has_no_field_for_is_told_in_its_notes(team):
    odd = line(
        "TOP", "A", item_number="1.2", unit="Stk", reference_designators=("see drawing",), is_optional=True, notes="n"
    )
    data = imported(part("TOP"), part("A"), part("B"), lines=(odd, line("TOP", "B", item_number="0010")))
    result = team.engineer.run(apply_import, data)
    first, second = top_lines(team.viewer, result)
    assert first.notes == "n; Unit: Stk; Item: 1.2; Reference: see drawing; Optional"
    assert (first.item_number, second.item_number) == (None, 10)
    assert team.viewer.ask(planned_import, data).changes_nothing


def test_a_quantity_of_zero_is_a_part_that_is_not_placed(team):
    data = imported(part("TOP"), part("A"), part("B"), lines=(line("TOP", "A", "0"), line("TOP", "B", "2")))
    result = team.engineer.run(apply_import, data)
    top = team.viewer.ask(component_by_cpn, result.tops[0])
    counted = team.viewer.ask(rolled_up_quantities, top)
    assert list(counted.totals.values()) == [2]
    assert top_lines(team.viewer, result)[0].is_do_not_place
    assert team.viewer.ask(planned_import, data).changes_nothing


def test_a_line_keeps_its_identity_while_its_quantity_changes_and_others_come_and_go(team):
    parts = [part(key) for key in ("TOP", "A", "B", "C")]
    first = team.engineer.run(apply_import, imported(*parts, lines=(line("TOP", "A", "1"), line("TOP", "B", "1"))))
    before = {each.child_key: each.line_id for each in top_lines(team.viewer, first)}
    data = imported(*parts, lines=(line("TOP", "A", "4"), line("TOP", "C", "1")))
    actions = {step.action for step in team.viewer.ask(planned_import, data).lines}
    assert LineAction.CHANGE in actions
    second = team.engineer.run(apply_import, data)
    after = top_lines(team.viewer, second)
    assert [each.quantity for each in after] == ["4", "1"]
    assert after[0].line_id == before[after[0].child_key]
    assert (second.updated, second.unchanged) == (1, 3)


def test_a_part_that_says_more_than_before_is_updated_and_keeps_what_it_has(team):
    team.engineer.run(apply_import, imported(part("A", attributes={"Color": "red"}, description="as it was")))
    more = imported(part("A", attributes={"color": "red", "Material": "PETG"}, number="777"))
    result = team.engineer.run(apply_import, more)
    component = team.viewer.ask(component_by_cpn, "777")
    values = team.viewer.ask(attribute_values_of, [component])[component.key]
    assert (result.updated, component.version, component.description) == (1, 2, "as it was")
    assert sorted(each.value.text for each in values) == ["PETG", "red"]
    assert {each.value for each in team.viewer.ask(aliases_of, [component])[component.key]} == {"A", "777"}


def test_pack_prices_become_piece_prices_and_a_second_import_agrees(team):
    offer = ImportedOffer(
        "Shop", "S1", "USD", (PriceBreak(Decimal(1), Decimal("1")), PriceBreak(Decimal(10), Decimal("0.9"))), Decimal(3)
    )
    data = imported(part("A", sources=(ImportedSource("Acme", "A-1", offers=(offer,)),)))
    result = team.engineer.run(apply_import, data)
    component = team.viewer.ask(component_by_cpn, "A")
    (source,) = team.viewer.ask(sources_of, [component])[component.key]
    assert source.source.offers[0].breaks == (
        PieceBreak(Decimal(3), Decimal("0.333333333333")),
        PieceBreak(Decimal(30), Decimal("0.3")),
    )
    assert "PRICE_ROUNDED" in {notice.code for notice in result.notices}
    assert team.viewer.ask(planned_import, data).changes_nothing


def test_what_an_import_cannot_say_about_a_source_stays(team):
    kept = Offer("Shop", "S1", "USD", (PieceBreak(Decimal(1), Decimal("0.5")),), minimum_quantity=Decimal(50))
    source = make.source("Acme", "A-1")._replace(offers=(kept,))
    made = make.component(team.engineer, "A", sources=(source,), aliases=(("legacy", "A"),))
    cheaper = ImportedOffer("Shop", "S1", "USD", (PriceBreak(Decimal(1), Decimal("0.4")),))
    data = imported(part("A", name="A", number="A-99", sources=(ImportedSource("ACME", "a-1", offers=(cheaper,)),)))
    assert team.engineer.run(apply_import, data).updated == 1
    (found,) = team.viewer.ask(sources_of, [made])[made.key]
    (offer,) = found.source.offers
    assert (offer.minimum_quantity, offer.breaks[0].unit_price) == (Decimal(50), Decimal("0.4"))
    kinds = {alias.value: alias.kind for alias in team.viewer.ask(aliases_of, [made])[made.key]}
    assert kinds == {"A": "legacy", "A-99": "import"}


def test_a_value_that_does_not_fit_stands_beside_the_attribute(team):
    data = imported(part("A", attributes={"Length": "12 mm"}), part("B", attributes={"Length": "about a foot"}))
    team.manager.run(apply_import, data)
    known = team.viewer.ask(catalog)
    assert known.attribute("Length (as imported)").type == "STRING"
    assert team.viewer.ask(planned_import, data).changes_nothing


def test_new_categories_and_attributes_get_types_from_what_lies_in_them(team):
    data = imported(
        part("R", category_path=("Electronics", "Chips"), attributes={"Leakage": "2 µA", "Grade": "1"}),
        part("M", category_path=("Hardware",), attributes={"Leakage": "4.5 nA"}),
        part("S", category_path=("Sets",), kind=PartKind.ASSEMBLY),
        part("D", category_path=("Papers",), kind=PartKind.DOCUMENT),
    )
    plan = team.viewer.ask(planned_import, data)
    assert [(each.name, each.type, each.unit) for each in plan.attributes] == [
        ("Leakage", "NUMBER", "µA"),
        ("Grade", "STRING", None),
    ]
    team.manager.run(apply_import, data)
    types = {each.name: each.type for each in team.viewer.ask(catalog).categories}
    assert [types[name] for name in ("Electronics", "Chips", "Hardware", "Sets", "Papers")] == [
        "ELECTRICAL",
        "ELECTRICAL",
        "MECHANICAL",
        "ASSEMBLY",
        "DOCUMENT",
    ]
    carried = team.viewer.ask(catalog)
    names = [each.name for each in carried.attributes_of_category[carried.category("Chips").id]]
    assert names == ["Leakage", "Grade"]


def test_an_editor_may_import_but_not_make_the_catalog_grow(team):
    team.engineer.run(apply_import, imported(part("A")))
    grows = imported(part("B", category_path=("Gadgets",)))
    with pytest.raises(CatalogMustGrow, match="Gadgets"):
        team.engineer.run(apply_import, grows)
    team.manager.run(apply_import, grows)
    with pytest.raises(Forbidden):
        team.viewer.run(apply_import, imported(part("C")))


def test_an_import_goes_into_a_component_that_is_there(team):
    product = make.component(team.engineer, "Our product", category="Top Level Assembly")
    data = imported(part("board"), part("A"), lines=(line("board", "A", "3"),))
    plan = team.viewer.ask(planned_import, data, into=product.cpn)
    assert [step.action for step in plan.parts] == [PartAction.UPDATE, PartAction.CREATE]
    result = team.engineer.run(apply_import, data, into=product.cpn)
    assert result.tops == (product.cpn,)
    assert team.viewer.ask(component_by_cpn, product.cpn).name == "Our product"
    assert the_only_line(team.viewer, result).quantity == "3"
    before = change_number(team.engineer)
    team.engineer.run(apply_import, data, into=product.cpn)
    assert change_number(team.engineer) == before


def test_several_products_do_not_go_into_one_component(team):
    product = make.component(team.engineer, "Our product")
    two = imported(part("X"), part("Y"), part("A"), lines=(line("X", "A"), line("Y", "A")))
    with pytest.raises(NoSingleTop):
        team.engineer.run(apply_import, two, into=product.cpn)


def test_only_the_plan_that_was_shown_is_applied(team):
    data = imported(part("A"), part("B"))
    shown = plan_digest(team.viewer.ask(planned_import, data))
    make.component(team.engineer, "In between", aliases=(("legacy", "A"),))
    with pytest.raises(PlanOutdated):
        team.engineer.run(apply_import, data, expected_plan=shown)
    now = plan_digest(team.viewer.ask(planned_import, data))
    assert team.engineer.run(apply_import, data, expected_plan=now).created == 1


def test_strangers_do_not_meet(team, strangers):
    strangers.engineer.run(apply_import, imported(part("A", name="Theirs")))
    result = team.engineer.run(apply_import, imported(part("A", name="Ours")))
    assert result.created == 1
    assert strangers.viewer.ask(component_by_cpn, "A").name == "Theirs"


def test_statuses_and_revisions_that_no_part_gets_are_told(team):
    data = imported(part("A", status="Shelved", revision="B"), part("B", status="design", revision="x" * 200))
    first = team.engineer.run(apply_import, data)
    told = {notice.code: notice.sentence for notice in first.notices}
    assert "A has the status Shelved in the import, which the library does not have" in told["STATUS_NOT_TAKEN"]
    assert told["REVISION_NOT_TAKEN"].startswith("B has the revision xxx")
    later = team.viewer.ask(planned_import, imported(part("A", revision="C"), part("B", status="Design")))
    assert [notice.sentence for notice in later.notices] == [
        "A has the revision C in the import, and B here, which stays."
    ]
