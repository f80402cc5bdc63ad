"""Creating components: numbers, checks, all or none."""

from __future__ import annotations

import pytest

from plumbline.components.actions.create import create_components
from plumbline.components.filter import Field, Operator, Where
from plumbline.components.model import NewComponent, NumberWish
from plumbline.components.reads import (
    aliases_of,
    attribute_values_of,
    component_by_cpn,
    list_components,
    sources_of,
)
from plumbline.kit.errors import Conflict, InvalidInput
from plumbline.kit.paging import PageRequest
from plumbline.storage.outbox import events_after
from plumbline.testing import make
from plumbline.testing.callers import Team


def test_numbers_count_within_their_category(team: Team) -> None:
    cpns = [
        make.component(team.engineer, name, category=category).cpn
        for name, category in (("M3x8", "Screw"), ("M3x10", "200"), ("1k", "RES"), ("M3", "Nut"))
    ]
    assert cpns == ["200-00001", "200-00002", "300-00001", "205-00001"]


def test_everything_given_is_kept_and_normalised(team: Team) -> None:
    new = NewComponent(
        name=" Pull-up resistor ",
        category="Resistor",
        description="For the reset line",
        attributes={"Resistance": "4k7", "tolerance": "1 %", "RoHS": True},
        sources=(make.source("Yageo", "RC0603FR-074K7L", (1, "0.10"), (100, "0.012")),),
        aliases=(("legacy", "OLD-17"),),
        labels=("smd", "passive"),
    )
    component = team.engineer.run(create_components, [new])[0]
    assert (component.name, component.version, component.revision, component.state) == (
        "Pull-up resistor",
        1,
        None,
        "MODIFIED",
    )
    values = team.viewer.ask(attribute_values_of, [component])[component.key]
    assert {(each.value.text, each.value.number) for each in values} == {("4k7", 4700.0), ("1 %", 0.01), ("true", 1.0)}
    [source] = team.viewer.ask(sources_of, [component])[component.key]
    assert (source.rank, source.source) == (1, new.sources[0])
    assert [alias.value for alias in team.viewer.ask(aliases_of, [component])[component.key]] == ["OLD-17"]
    assert team.viewer.ask(component_by_cpn, "OLD-17").id == component.id


def test_values_written_differently_find_each_other(team: Team) -> None:
    for text in ("4k7", "4.7 kΩ", "4700 Ohm", "4.8 kΩ"):
        make.component(team.engineer, f"R {text}", category="Resistor", attributes={"Resistance": text})
    page = team.viewer.ask(
        list_components,
        PageRequest(10),
        narrowed_to=Where(Field.ATTRIBUTE, Operator.EQ, "4.70k", "Resistance"),
        counted=True,
    )
    assert page.total == 3


def test_a_number_typed_by_hand_is_kept_and_skipped_by_the_counter(team: Team) -> None:
    typed = make.component(team.engineer, "Typed", category="Screw", number=NumberWish(number="200-00002"))
    others = make.components(team.engineer, "a", "b", category="Screw")
    assert [typed.cpn, *(each.cpn for each in others)] == ["200-00002", "200-00001", "200-00003"]
    with pytest.raises(Conflict, match="in use"):
        make.component(team.engineer, "Again", category="Screw", number=NumberWish(number="200-00002"))


def test_all_faults_are_told_at_once_and_nothing_is_written(team: Team) -> None:
    with pytest.raises(InvalidInput) as refused:
        team.engineer.run(
            create_components,
            [
                NewComponent(name="fine"),
                NewComponent(name="  "),
                NewComponent(name="x", attributes={"Resistance": "10 V"}),
                NewComponent(name="y", attributes={"no such": 1}),
            ],
        )
    places = [fault.path for fault in (refused.value, *refused.value.also)]
    assert places == [
        ("inputs", 1, "name"),
        ("inputs", 2, "attributes", "Resistance"),
        ("inputs", 3, "attributes", "no such"),
    ]
    assert team.viewer.ask(list_components, PageRequest(10), counted=True).total == 0
    assert make.component(team.engineer, "first").cpn == "000-00001"


def test_an_alias_belongs_to_one_component(team: Team) -> None:
    make.component(team.engineer, "one", aliases=(("legacy", "A-1"),))
    with pytest.raises(Conflict, match="000-00001"):
        make.component(team.engineer, "two", aliases=(("legacy", "A-1"),))


def test_each_component_tells_its_event_in_order(team: Team) -> None:
    made = make.components(team.engineer, "one", "two")
    with team.application.database.reading() as connection:
        recorded = events_after(connection, 0, 1000, team.engineer.actor.library_id)
    events = [each for each in recorded if each.kind == "components.component_created"]
    assert [each.payload["component_id"] for each in events] == [each.id for each in made]
    assert len({each.change_number for each in events}) == 1
