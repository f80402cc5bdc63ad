"""The example is what its tables say: sums are held against a recursion over the tables that shares nothing with the product."""

from __future__ import annotations

import time
from collections import Counter
from decimal import Decimal

import pytest

from plumbline.boms.comparison import Difference
from plumbline.boms.reads import (
    compared_components,
    longest_lead_time,
    rolled_up_attribute,
    rolled_up_cost,
    rolled_up_quantities,
)
from plumbline.boms.roll_up import Combine
from plumbline.components.model import ComponentState
from plumbline.components.reads import component_by_cpn, list_components, view_as_released
from plumbline.components.view import RELEASED, WORKING
from plumbline.kit.paging import PageRequest
from plumbline.testing.callers import new_team
from plumbline.testing.databases import DIALECTS
from plumbline.testing.plugin import shared_application
from plumbline.testing.scenarios.library import TOP, build
from plumbline.testing.scenarios.tables import part_tables

UNPRICED = {"fw-controller", "fw-light", "dwg-gantry", "sch-controller", "wi-assembly", "test-final"}


@pytest.fixture(scope="module", params=DIALECTS)
def dialect(request) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def team(dialect):
    return new_team(shared_application(dialect))


@pytest.fixture(scope="module")
def example(team):
    return build(team.administrator)


@pytest.fixture(scope="module")
def top(team, example):
    return team.viewer.ask(component_by_cpn, example.top)


@pytest.fixture(scope="module")
def key_of(team, example):
    """Keys of the tables by component key."""
    by_cpn = {cpn: key for key, cpn in example.cpns.items()}
    return {each.key: by_cpn[each.cpn] for each in everything(team)}


def everything(team):
    return team.viewer.ask(list_components, PageRequest(1000)).items


def component(team, example, key):
    return team.viewer.ask(component_by_cpn, example.cpns[key])


def pieces() -> Counter[str]:
    """How many of each leaf the tables put into one product, every path walked."""
    rows = {row.key: row for row in part_tables()}
    found: Counter[str] = Counter()

    def walk(key: str, times: Decimal) -> None:
        if not rows[key].lines:
            found[key] += times
        for line in rows[key].lines:
            if not line.is_do_not_place:
                designated = sum(_count(word) for word in (line.designators or "").split(","))
                walk(line.part, times * (line.quantity or Decimal(designated or 1)))

    walk(TOP, Decimal(1))
    return found


def _count(word: str) -> int:
    first, _, last = word.strip().partition("-")
    return (
        (int(last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - int(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) + 1)
        if last
        else bool(first)
    )


def test_about_150_components_in_five_levels(team, example, top, key_of):
    counted = team.viewer.ask(rolled_up_quantities, top)
    assert len(everything(team)) == len(example.cpns) == 155
    assert max(counted.levels.values()) == 5
    assert {key_of[key] for key, level in counted.levels.items() if level == 5} >= {"leadscrew-nut", "bearing-625"}


def test_it_is_built_the_same_every_time_and_fast(dialect, example):
    started = time.perf_counter()
    again = build(new_team(shared_application(dialect)).administrator)
    seconds = time.perf_counter() - started
    assert again.cpns == example.cpns
    assert seconds < (3 if dialect == "sqlite" else 10)


def test_the_first_release_adds_up_to_its_tables(team, top, key_of):
    baseline = team.viewer.ask(view_as_released, top.id, "A")
    counted = team.viewer.ask(rolled_up_quantities, top, view=baseline)
    found = {key_of[leaf]: Decimal(counted.totals[leaf]) for leaf in counted.leaves}
    assert found == dict(pieces())


@pytest.mark.parametrize("build_quantity", [1, 20, 200])
def test_what_it_costs(team, top, build_quantity):
    baseline = team.viewer.ask(view_as_released, top.id, "A")
    cost = team.viewer.ask(rolled_up_cost, top, view=baseline, build_quantity=Decimal(build_quantity))
    sources = {row.key: row.component.sources for row in part_tables()}
    wanted = Decimal(0)
    for key, quantity in pieces().items():
        needed = quantity * build_quantity
        offers = [offer for source in sources[key] for offer in source.offers]
        prices = [
            [each.unit_price for each in o.breaks if each.quantity <= needed] or [o.breaks[0].unit_price]
            for o in offers
        ]
        wanted += min((reached[-1] for reached in prices), default=Decimal(0)) * needed
    assert cost.total == wanted


@pytest.mark.parametrize("view", [WORKING, RELEASED], ids=["working", "released"])
def test_only_documents_and_firmware_have_neither_price_nor_mass(team, top, key_of, view):
    cost = team.viewer.ask(rolled_up_cost, top, view=view)
    mass = team.viewer.ask(rolled_up_attribute, top, "Mass", Combine.SUM, view=view)
    assert {key_of[key] for key in cost.unpriced} == {key_of[key] for key in mass.missing} == UNPRICED
    assert mass.unit == "g"
    assert 24_000 < mass.value < 26_000


def test_the_mass_is_the_sum_of_the_tables(team, top):
    baseline = team.viewer.ask(view_as_released, top.id, "A")
    mass = team.viewer.ask(rolled_up_attribute, top, "Mass", Combine.SUM, view=baseline)
    grams = {
        row.key: Decimal(str(row.component.attributes["Mass"]).removesuffix(" g"))
        for row in part_tables()
        if "Mass" in row.component.attributes
    }
    assert mass.value == sum(grams[key] * quantity for key, quantity in pieces().items() if key in grams)


def test_the_microcontroller_takes_longest(team, top, key_of):
    days, key = team.viewer.ask(longest_lead_time, top)
    assert (days, key_of[key]) == (35, "u-mcu")


def test_views_differ_by_what_was_released_and_what_is_in_work(team, top, key_of):
    baseline = team.viewer.ask(view_as_released, top.id, "A")
    holds = {
        name: {key_of[key] for key in team.viewer.ask(rolled_up_quantities, top, view=view).totals}
        for name, view in (("A", baseline), ("released", RELEASED), ("working", WORKING))
    }
    assert holds["released"] - holds["A"] == {"u-buck", "z-damper"}
    assert holds["A"] - holds["released"] == {"u-ldo", "led-red", "motor-34"}
    assert holds["working"] - holds["released"] == {"filter-nir"}


def test_states_and_revisions_follow_the_two_changes(team, example):
    found = {key: component(team, example, key) for key in example.cpns}
    modified = {key for key, each in found.items() if each.state is ComponentState.MODIFIED}
    in_work = example.change_in_work
    assert modified == {*(row.key for row in in_work.new_parts), *in_work.parts, *in_work.boms}
    assert {key for key, each in found.items() if each.released_revision == "B"} == set(example.released_change.release)
    assert found["filter-nir"].released_version is None


def test_every_kind_of_difference_can_be_seen(team, example, top):
    baseline = team.viewer.ask(view_as_released, top.id, "A")
    kinds = set()
    for key in example.released_change.boms:
        each = component(team, example, key)
        found = team.viewer.ask(compared_components, each, each, view=baseline, other_view=RELEASED)
        kinds |= {kind for difference in found for kind in difference.kinds}
    assert kinds == set(Difference)


def test_lines_have_what_a_demonstration_needs(team, example):
    lines = [line for row in part_tables() for line in row.lines]
    assert sum(bool(line.is_do_not_place) for line in lines) == 2
    assert sum(bool(line.substitutes) for line in lines) == 2
    assert {row.component.category for row in part_tables()} >= {"Drawing", "Schematic", "Firmware", "Cable Assembly"}
    wire = component(team, example, "wire-signal-4")
    glue = component(team, example, "threadlocker")
    assert (wire.unit_of_measure, glue.unit_of_measure) == ("METER", "GRAM")
    assert team.viewer.ask(component_by_cpn, "TH-1000").cpn == example.top
