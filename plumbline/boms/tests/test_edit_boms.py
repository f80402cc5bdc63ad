"""Editing BOMs: identity of lines, versions of parents, cycles, views, roll-ups."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.comparison import Difference
from plumbline.boms.errors import BomCycle, InvalidBomEdit, LineMissing
from plumbline.boms.model import BomEdit, BomLine, LineChange, LineMove, NewLine
from plumbline.boms.reads import (
    ancestors_of,
    compared_versions,
    exploded,
    lines_of,
    longest_lead_time,
    rolled_up_attribute,
    rolled_up_cost,
    rolled_up_quantities,
    tops_of,
    used_in,
)
from plumbline.boms.roll_up import Combine
from plumbline.components.errors import ComponentMissing, StaleVersion
from plumbline.components.model import Component, ReleaseRequest
from plumbline.components.reads import view_as_released
from plumbline.components.view import RELEASED, View
from plumbline.kit.errors import InvalidInput
from plumbline.testing import make
from plumbline.testing.callers import Team


def lines(team: Team, parent: Component, view: View | None = None) -> list[BomLine]:
    return team.viewer.ask(lines_of, [parent], view=view or View())[parent.key]


def edit(team: Team, parent: Component, **edits: object) -> Component:
    return team.engineer.run(edit_boms, [BomEdit(parent.id, **edits)])[0]  # type: ignore[arg-type]


@pytest.fixture
def product(team: Team) -> dict[str, Component]:
    """A top with two sub-assemblies that share a screw."""
    screw = make.component(
        team.engineer, "Screw", category="Screw", attributes={"Mass": "2 g"},
        sources=(make.source("Bossard", "B1", (1, "0.10"), (100, "0.05"), lead_time_days=10),),
    )  # fmt: skip
    plate = make.component(
        team.engineer, "Plate", category="Sheet Metal Part", attributes={"Mass": "0.5 kg"},
        sources=(make.source("Metal Works", "P7", (1, "4"), lead_time_days=30),),
    )  # fmt: skip
    glue = make.component(team.engineer, "Glue", category="Adhesive")
    leg = make.assembly(team.engineer, "Leg", [(plate, 1), (screw, 8)])
    frame = make.assembly(team.engineer, "Frame", [(leg, 4), (screw, 3), (glue, "0.125")])
    top = make.assembly(team.engineer, "Table", [(frame, 1), (leg, 1)])
    return {"screw": screw, "plate": plate, "glue": glue, "leg": leg, "frame": frame, "top": top}


def test_quantities_roll_up_exactly(team: Team, product: dict[str, Component]) -> None:
    counted = team.viewer.ask(rolled_up_quantities, product["top"])
    by_name = {name: counted.totals[each.key] for name, each in product.items() if name != "top"}
    assert by_name == {"screw": 43, "plate": 5, "glue": Decimal("0.125"), "leg": 5, "frame": 1}
    assert set(counted.leaves) == {product[name].key for name in ("screw", "plate", "glue")}
    assert counted.levels[product["screw"].key] == 3


def test_cost_uses_the_price_break_that_the_whole_quantity_reaches(team: Team, product: dict[str, Component]) -> None:
    one = team.viewer.ask(rolled_up_cost, product["top"])
    assert (one.total, one.unpriced) == (Decimal("24.30"), (product["glue"].key,))
    ten = team.viewer.ask(rolled_up_cost, product["top"], build_quantity=Decimal(10))
    assert (ten.total, ten.per_top) == (Decimal("221.50"), Decimal("22.150000"))


def test_mass_lead_time_and_extremes_roll_up(team: Team, product: dict[str, Component]) -> None:
    mass = team.viewer.ask(rolled_up_attribute, product["top"], "Mass", Combine.SUM)
    assert (mass.value, mass.unit, mass.missing) == (Decimal(2586), "g", (product["glue"].key,))
    assert team.viewer.ask(rolled_up_attribute, product["top"], "Mass", Combine.MAX).value == 500
    assert team.viewer.ask(longest_lead_time, product["top"]) == (30, product["plate"].key)


def test_the_indented_list_walks_depth_first_in_pages(team: Team, product: dict[str, Component]) -> None:
    name = {each.key: name for name, each in product.items()}
    rows, more = team.viewer.ask(exploded, product["top"])
    assert [(row.level, name[row.child], row.total) for row in rows] == [
        (1, "frame", 1), (2, "leg", 4), (3, "plate", 4), (3, "screw", 32), (2, "screw", 3), (2, "glue", Decimal("0.125")),
        (1, "leg", 1), (2, "plate", 1), (2, "screw", 8),
    ]  # fmt: skip
    assert not more
    page, more = team.viewer.ask(exploded, product["top"], offset=2, limit=3)
    assert ([name[row.child] for row in page], more) == (["plate", "screw", "screw"], True)
    assert page[0].path == (1, 1, 1)


def test_where_used_directly_anywhere_and_in_tops(team: Team, product: dict[str, Component]) -> None:
    screw, key = product["screw"], {name: each.key for name, each in product.items()}
    assert {line.parent_key for line in team.viewer.ask(used_in, screw)} == {key["leg"], key["frame"]}
    assert team.viewer.ask(ancestors_of, screw) == {key["leg"]: 1, key["frame"]: 1, key["top"]: 2}
    assert team.viewer.ask(tops_of, screw) == [key["top"]]


def test_an_edit_writes_only_the_lines_it_touches(team: Team, product: dict[str, Component]) -> None:
    before = lines(team, product["frame"])
    after_edit = edit(team, product["frame"], change=(LineChange(before[1].line_id, quantity=Decimal(5)),))
    after = lines(team, product["frame"])
    assert after_edit.version == product["frame"].version + 1
    assert [line.line_id for line in after] == [line.line_id for line in before]
    assert [new.key == old.key for new, old in zip(after, before, strict=True)] == [True, False, True]
    assert after[1].quantity == "5"


def test_comparison_tells_what_happened_to_each_line(team: Team, product: dict[str, Component]) -> None:
    frame = product["frame"]
    first = frame.version
    leg, screw, glue = (line.line_id for line in lines(team, frame))
    nut = make.component(team.engineer, "Nut", category="Nut")
    edit(
        team, frame,
        change=(LineChange(screw, child=nut.id), LineChange(leg, quantity=Decimal(6), reference_designators="L1-L6")),
        remove=(glue,),
        add=(NewLine(product["plate"].id, Decimal(2), item_number=7),),
    )  # fmt: skip
    found = team.viewer.ask(compared_versions, frame, first, first + 1)
    kinds = {(each.after or each.before).line_id if each.after or each.before else "": each.kinds for each in found}
    assert kinds[leg] == (Difference.REQUANTIFIED, Difference.REDESIGNATED)
    assert kinds[screw] == (Difference.REPLACED,)
    assert kinds[glue] == (Difference.REMOVED,)
    assert sum(each.kinds == (Difference.ADDED,) for each in found) == 1
    assert team.viewer.ask(compared_versions, frame, first, first) == []


def test_moving_a_line_changes_its_place_and_nothing_else(team: Team, product: dict[str, Component]) -> None:
    frame = product["frame"]
    leg, screw, glue = (line.line_id for line in lines(team, frame))
    edit(team, frame, move=(LineMove(glue, before_line_id=leg),))
    assert [line.line_id for line in lines(team, frame)] == [glue, leg, screw]
    found = team.viewer.ask(compared_versions, frame, frame.version, frame.version + 1)
    assert [(each.after.line_id if each.after else None, each.kinds) for each in found] == [(glue, (Difference.MOVED,))]


def test_a_line_can_move_to_another_parent(team: Team, product: dict[str, Component]) -> None:
    screw_line = lines(team, product["frame"])[1].line_id
    team.engineer.run(
        edit_boms,
        [
            BomEdit(product["frame"].id, move=(LineMove(screw_line, to_parent=product["top"].id),)),
            BomEdit(product["top"].id),
        ],
    )
    assert screw_line in [line.line_id for line in lines(team, product["top"])]
    assert screw_line not in [line.line_id for line in lines(team, product["frame"])]


def test_replacing_all_lines_with_the_same_ones_changes_nothing(team: Team, product: dict[str, Component]) -> None:
    quantities = {"leg": "4.0", "screw": "3", "glue": "0.1250"}
    same = tuple(NewLine(product[name].id, Decimal(quantity)) for name, quantity in quantities.items())
    assert edit(team, product["frame"], replace_all=same).version == product["frame"].version


@pytest.mark.parametrize(("parent", "child"), [("leg", "leg"), ("leg", "frame"), ("leg", "top"), ("frame", "top")])
def test_a_cycle_is_refused_with_its_way(team: Team, product: dict[str, Component], parent: str, child: str) -> None:
    with pytest.raises(BomCycle, match=product[parent].cpn):
        edit(team, product[parent], add=(NewLine(product[child].id, Decimal(1)),))
    assert team.viewer.ask(rolled_up_quantities, product["top"]).totals[product["screw"].key] == 43


def test_a_cycle_through_two_parents_of_one_call_is_refused(team: Team) -> None:
    one, other = make.component(team.engineer, "one"), make.component(team.engineer, "other")
    with pytest.raises(BomCycle):
        team.engineer.run(
            edit_boms,
            [
                BomEdit(one.id, add=(NewLine(other.id, Decimal(1)),)),
                BomEdit(other.id, add=(NewLine(one.id, Decimal(1)),)),
            ],
        )


def test_a_cycle_may_be_turned_round_in_one_call(team: Team) -> None:
    inner = make.component(team.engineer, "inner")
    outer = make.assembly(team.engineer, "outer", [(inner, 1)])
    line = lines(team, outer)[0].line_id
    team.engineer.run(
        edit_boms, [BomEdit(outer.id, remove=(line,)), BomEdit(inner.id, add=(NewLine(outer.id, Decimal(1)),))]
    )
    assert team.viewer.ask(tops_of, outer) == [inner.key]


def test_not_placed_lines_are_shown_but_not_counted(team: Team, product: dict[str, Component]) -> None:
    screw_line = lines(team, product["frame"])[1].line_id
    edit(team, product["frame"], change=(LineChange(screw_line, is_do_not_place=True),))
    assert team.viewer.ask(rolled_up_quantities, product["top"]).totals[product["screw"].key] == 40
    everything = team.viewer.ask(rolled_up_quantities, product["top"], include_do_not_place=True)
    assert everything.totals[product["screw"].key] == 43
    assert sum(row.is_do_not_place for row in team.viewer.ask(exploded, product["top"])[0]) == 1


def test_the_released_view_keeps_the_lines_of_the_release(team: Team, product: dict[str, Component]) -> None:
    team.manager.run(release_components, [ReleaseRequest(each.id) for each in product.values()])
    leg = product["leg"]
    plate_line = lines(team, leg)[0].line_id
    edit(team, leg, remove=(plate_line,))
    assert product["plate"].key not in team.viewer.ask(rolled_up_quantities, product["top"]).totals
    released = team.viewer.ask(rolled_up_quantities, product["top"], view=RELEASED)
    assert released.totals[product["plate"].key] == 5
    assert len(lines(team, leg, RELEASED)) == 2
    team.manager.run(release_components, [ReleaseRequest(leg.id)])
    assert product["plate"].key not in team.viewer.ask(rolled_up_quantities, product["top"], view=RELEASED).totals
    baseline = team.viewer.ask(view_as_released, product["top"].id, "A")
    assert team.viewer.ask(rolled_up_quantities, product["top"], view=baseline).totals[product["plate"].key] == 5


@pytest.mark.parametrize(
    "line",
    [
        {"quantity": Decimal(0)}, {"quantity": Decimal(-1)}, {"quantity": Decimal("1e12")}, {"quantity": Decimal("1e-13")},
        {"quantity": Decimal("NaN")}, {"quantity": Decimal(1), "unit": "furlong"}, {"quantity": Decimal(1), "item_number": -1},
        {"quantity": Decimal(1), "reference_designators": "C5-C1"}, {"quantity": Decimal(1), "reference_designators": "C1, C1"},
        {"quantity": Decimal(1), "notes": "x" * 5000},
    ],
)  # fmt: skip
def test_bad_lines_are_refused_and_nothing_is_written(
    team: Team, product: dict[str, Component], line: dict[str, object]
) -> None:
    good = NewLine(product["plate"].id, Decimal(1))
    bad = NewLine(product["plate"].id, **line)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        edit(team, product["frame"], add=(good, bad))
    assert len(lines(team, product["frame"])) == 3


def test_edits_of_what_is_not_there_are_refused(team: Team, strangers: Team, product: dict[str, Component]) -> None:
    foreign = make.component(strangers.engineer, "foreign")
    with pytest.raises(ComponentMissing):
        edit(team, product["frame"], add=(NewLine(foreign.id, Decimal(1)),))
    with pytest.raises(LineMissing):
        edit(team, product["frame"], remove=("00000000-0000-4000-8000-000000000000",))
    with pytest.raises(StaleVersion):
        edit(team, product["frame"], expected_version=1)
    with pytest.raises(InvalidBomEdit):
        team.engineer.run(edit_boms, [])


def test_releases_that_would_contain_each_other_are_refused(team: Team) -> None:
    """The line is turned round between two releases, so that what people work on never has a ring."""
    outer, inner = make.component(team.engineer, "Outer"), make.component(team.engineer, "Inner")
    team.engineer.run(edit_boms, [BomEdit(outer.id, add=(NewLine(inner.id, Decimal(1)),))])
    team.manager.run(release_components, [ReleaseRequest(outer.id)])
    [line] = team.viewer.ask(lines_of, [outer])[outer.key]
    turned = (BomEdit(outer.id, remove=(line.line_id,)), BomEdit(inner.id, add=(NewLine(outer.id, Decimal(1)),)))
    team.engineer.run(edit_boms, turned)
    with pytest.raises(BomCycle, match=f"{inner.cpn} → {outer.cpn} → {inner.cpn}"):
        team.manager.run(release_components, [ReleaseRequest(inner.id)])
    assert [each.child for each in team.viewer.ask(exploded, outer, view=RELEASED)[0]] == [inner.key]
    team.manager.run(release_components, [ReleaseRequest(outer.id), ReleaseRequest(inner.id)])
    assert [each.child for each in team.viewer.ask(exploded, inner, view=RELEASED)[0]] == [outer.key]
    assert team.viewer.ask(exploded, outer, view=RELEASED)[0] == []
