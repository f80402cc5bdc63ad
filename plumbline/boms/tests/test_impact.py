"""What a change of a component means: for the products above it, and for what it costs, weighs and takes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.impact import Delta, Impact, Missing
from plumbline.boms.model import BomEdit, LineChange, NewLine
from plumbline.boms.reads import impact_of, lines_of, longest_lead_time, rolled_up_attribute, rolled_up_cost
from plumbline.boms.roll_up import Combine
from plumbline.components.actions.update import update_components
from plumbline.components.errors import ComponentMissing
from plumbline.components.model import Component, ComponentChange, ReleaseRequest
from plumbline.components.view import RELEASED
from plumbline.testing import make
from plumbline.testing.callers import Team


@pytest.fixture
def product(team: Team) -> dict[str, Component]:
    """A table with four legs of eight screws each, and a stool that nobody has released, with three legs."""
    engineer = team.engineer
    screw = make.component(
        engineer,
        "Screw",
        category="Screw",
        attributes={"Mass": "2 g"},
        sources=(make.source("Bossard", "B1", (1, "0.10"), lead_time_days=5),),
    )
    glue = make.component(engineer, "Glue")
    leg = make.assembly(engineer, "Leg", [(screw, 8)])
    table = make.assembly(engineer, "Table", [(leg, 4), (screw, 3)])
    team.manager.run(release_components, [ReleaseRequest(each.id) for each in (screw, leg, table)])
    stool = make.assembly(engineer, "Stool", [(leg, 3)])
    return {"screw": screw, "glue": glue, "leg": leg, "table": table, "stool": stool}


def impact(team: Team, component: Component, currency: str = "USD") -> Impact:
    return team.viewer.ask(impact_of, [component.id], currency=currency)[0]


def values(delta: Delta | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    assert delta is not None
    return delta.before, delta.after, delta.change


def test_released_products_and_those_in_work_are_told_with_their_quantities(
    team: Team, product: dict[str, Component]
) -> None:
    found = impact(team, product["screw"])
    table, stool = product["table"].key, product["stool"].key
    assert found.released.tops == ((table, 35),)
    assert found.working.tops == ((table, 35), (stool, 24))
    assert (found.working.direct_count, found.working.ancestor_count, found.working.top_count) == (2, 3, 2)
    assert {brief.name for brief in found.names.values()} == {"Table", "Stool"}
    top = impact(team, product["table"])
    assert (top.released.tops, top.working.tops, top.working.top_count) == ((), (), 0)


def test_what_a_changed_bom_costs_weighs_and_takes_more(team: Team, product: dict[str, Component]) -> None:
    leg, glue, screw = product["leg"], product["glue"], product["screw"]
    [line] = team.viewer.ask(lines_of, [leg])[leg.key]
    edit = BomEdit(
        leg.id, change=(LineChange(line.line_id, quantity=Decimal(10)),), add=(NewLine(glue.id, Decimal(1)),)
    )
    team.engineer.run(edit_boms, [edit])
    found = impact(team, leg)
    assert values(found.cost) == (Decimal("0.8"), Decimal("1"), Decimal("0.2"))
    assert values(found.mass) == (Decimal(16), Decimal(20), Decimal(4))
    assert values(found.lead_time) == (Decimal(5), Decimal(5), Decimal(0))
    assert (found.cost.unit, found.lead_time.unit) == ("USD", "d")
    assert found.cost.missing_after == Missing(1, (glue.key,))
    assert (found.cost.missing_before, found.cost.is_complete) == (Missing(0, ()), False)
    assert found.names[glue.key].name == "Glue"
    whole = impact(team, product["table"])
    for view, cost, mass in ((RELEASED, whole.cost.before, values(whole.mass)[0]),):
        assert team.viewer.ask(rolled_up_cost, product["table"], view=view).total == cost
        assert team.viewer.ask(rolled_up_attribute, product["table"], "Mass", Combine.SUM, view=view).value == mass
        assert team.viewer.ask(longest_lead_time, product["table"], view=view) == (5, screw.key)
    assert values(whole.cost) == (Decimal("3.5"), Decimal("4.3"), Decimal("0.8"))


def test_a_part_is_measured_by_itself_at_either_version(team: Team, product: dict[str, Component]) -> None:
    screw = product["screw"]
    dearer = make.source("Bossard", "B1", (1, "0.12"), lead_time_days=12)
    team.engineer.run(update_components, [ComponentChange(screw.id, sources=(dearer,), attributes={"Mass": None})])
    found = impact(team, screw)
    assert values(found.cost) == (Decimal("0.10"), Decimal("0.12"), Decimal("0.02"))
    assert values(found.lead_time) == (Decimal(5), Decimal(12), Decimal(7))
    assert values(found.mass) == (Decimal(2), None, None)
    assert found.mass is not None
    assert (found.mass.missing_before, found.mass.missing_after) == (Missing(0, ()), Missing(1, (screw.key,)))
    assert values(impact(team, product["leg"]).cost) == (Decimal("0.96"), Decimal("0.96"), Decimal(0)), "today's prices"


def test_before_the_first_release_there_is_nothing_to_compare_with(team: Team, product: dict[str, Component]) -> None:
    found = impact(team, product["stool"])
    assert values(found.cost) == (None, Decimal("2.4"), None)
    assert values(impact(team, product["glue"]).cost) == (None, None, None)


def test_another_currency_is_another_question(team: Team, product: dict[str, Component]) -> None:
    found = impact(team, product["leg"], "EUR")
    assert values(found.cost) == (None, None, None)
    assert found.cost.missing_after.count == 1


def test_what_is_not_there_is_refused(team: Team) -> None:
    with pytest.raises(ComponentMissing):
        team.viewer.ask(impact_of, ["00000000-0000-4000-8000-000000000000"])
    assert team.viewer.ask(impact_of, []) == []
