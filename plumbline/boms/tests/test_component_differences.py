"""What differs between versions of components, read from both databases."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.comparison import Difference
from plumbline.boms.differences import ComponentDifferences, Names
from plumbline.boms.model import BomEdit, LineChange, LineMove, NewLine
from plumbline.boms.reads import compared_versions, component_differences, lines_of
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.differences import Area, ChangeKind, VersionSpan
from plumbline.components.errors import ComponentMissing, VersionMissing
from plumbline.components.model import Component, ComponentChange, ReleaseRequest
from plumbline.testing import make
from plumbline.testing.callers import Team

NO_NAMES = Names({}, {})


def update(team: Team, component: Component, **fields: object) -> Component:
    return team.engineer.run(update_components, [ComponentChange(component.id, **fields)])[0]  # type: ignore[arg-type]  # as the test says


def release(team: Team, *components: Component) -> list[Component]:
    return team.manager.run(release_components, [ReleaseRequest(each.id) for each in components])


def differences(
    team: Team, component: Component, from_version: int | None = None, to_version: int | None = None
) -> ComponentDifferences:
    return team.viewer.ask(component_differences, [VersionSpan(component.id, from_version, to_version)])[0]


def told(found: ComponentDifferences) -> list[tuple[str, str, str | None, str | None]]:
    return [(each.area, each.name, each.before, each.after) for each in found.contents]


def test_fields_are_told_in_words(team: Team) -> None:
    bracket = make.component(
        team.engineer, "Bracket", category="Machined Part", description="Holds", labels=("hot", "old")
    )
    update(
        team,
        bracket,
        name="Angle",
        description=None,
        category="Screw",
        eid="E-7",
        labels=("hot", "new"),
        procurement="MAKE",
    )
    team.manager.run(archive_components, [bracket.id])
    found = differences(team, bracket, 1)
    assert (found.before.version if found.before else None, found.after.version) == (1, 3)
    assert told(found) == [
        ("FIELD", "name", "Bracket", "Angle"),
        ("FIELD", "description", "Holds", None),
        ("FIELD", "category", "Machined Part", "Screw"),
        ("FIELD", "procurement", "BUY", "MAKE"),
        ("FIELD", "EID", None, "E-7"),
        ("FIELD", "archived", None, "yes"),
        ("FIELD", "label", None, "new"),
        ("FIELD", "label", "old", None),
    ]
    assert [each.kind for each in found.contents][-3:] == [ChangeKind.ADDED, ChangeKind.ADDED, ChangeKind.REMOVED]


def test_a_value_that_is_only_spelled_otherwise_is_said_to_be(team: Team) -> None:
    values = {"Resistance": "4k7", "Mass": "1 g", "Power": "0.1 W"}
    resistor = make.component(team.engineer, "Resistor", category="Resistor", attributes=values)
    update(team, resistor, attributes={"Resistance": "4.7 kΩ", "Mass": "2 g", "Power": None})
    found = differences(team, resistor, 1)
    assert told(found) == [
        ("ATTRIBUTE", "Mass", "1 g", "2 g"),
        ("ATTRIBUTE", "Power", "0.1 W", None),
        ("ATTRIBUTE", "Resistance", "4k7", "4.7 kΩ"),
    ]
    assert [each.same_quantity for each in found.contents] == [False, False, True]


def test_sources_come_go_overtake_and_change_field_by_field(team: Team) -> None:
    one, other, third = (
        make.source("Acme", mpn, (1, "0.10"), (100, "0.05"), lead_time_days=7) for mpn in ("A-1", "A-2", "A-3")
    )
    part = make.component(team.engineer, sources=(one, other, third), aliases=(("legacy", "OLD-1"),))
    dearer = make.source("Acme", "A-1", (1, "0.12"), (100, "0.05"), lead_time_days=None)._replace(
        datasheet="https://a.example/1"
    )
    newcomer = make.source("Yageo", "Y-1")
    update(team, part, sources=(newcomer, other, dearer), aliases=(("customer", "OLD-1"), ("legacy", "OLD-2")))
    found = differences(team, part, 1)
    assert [(each.subject, each.name, each.before, each.after) for each in found.contents] == [
        ("Yageo Y-1", "source", None, "rank 1, manufacturer Yageo, MPN Y-1, status APPROVED"),
        ("Acme A-1", "rank", "1", "3"),
        ("Acme A-1", "datasheet", None, "https://a.example/1"),
        ("Acme A-1", "offer of Parts & Co PC-A-1 in USD: lead time in days", "7", None),
        ("Acme A-1", "offer of Parts & Co PC-A-1 in USD: price from 1", "0.1 USD", "0.12 USD"),
        ("Acme A-3", "source", "rank 3, manufacturer Acme, MPN A-3, status APPROVED", None),
        (
            "Acme A-3",
            "offer of Parts & Co PC-A-3 in USD",
            "distributor Parts & Co, SKU PC-A-3, currency USD, lead time in days 7, pack quantity 1, minimum quantity 1, "
            "price from 1 0.1 USD, price from 100 0.05 USD",
            None,
        ),
        ("OLD-1", "alias", "legacy", "customer"),
        ("OLD-2", "alias", None, "legacy"),
    ]


def test_a_source_whose_number_was_corrected_is_the_same_source(team: Team) -> None:
    wrong = make.source("Acme", "A1", (1, "0.10"))
    right = wrong._replace(mpn="A-1")
    part = make.component(team.engineer, sources=(wrong,))
    update(team, part, sources=(right,))
    assert told(differences(team, part, 1)) == [("SOURCE", "MPN", "A1", "A-1")]


@pytest.fixture
def frame(team: Team) -> Component:
    """Four lines at version 2, which is released."""
    parts = make.components(team.engineer, "Leg", "Screw", "Glue", "Plate")
    frame = make.assembly(team.engineer, "Frame", [(part, count) for count, part in enumerate(parts, start=1)])
    return release(team, frame)[0]


def test_lines_are_told_with_their_children(team: Team, frame: Component) -> None:
    lines = team.viewer.ask(lines_of, [frame])[frame.key]
    spare = make.component(team.engineer, "Spare")
    team.engineer.run(
        edit_boms,
        [
            BomEdit(
                frame.id,
                change=(LineChange(lines[0].line_id, quantity=Decimal(6), reference_designators="H1-H6"),),
                remove=(lines[2].line_id,),
                add=(NewLine(spare.id, Decimal("0.5"), unit="METER", notes="loose"),),
            )
        ],
    )
    found = differences(team, frame)
    assert (found.before.version if found.before else None, found.after.version) == (frame.version, frame.version + 1)
    assert [(each.area, each.kind, each.name) for each in found.differences] == [
        (Area.LINE, ChangeKind.CHANGED, "requantified, redesignated"),
        (Area.LINE, ChangeKind.ADDED, "added"),
        (Area.LINE, ChangeKind.REMOVED, "removed"),
    ]
    leg, glue = (found.names.children[lines[place].child_key] for place in (0, 2))
    assert [(each.subject, each.before, each.after) for each in found.differences] == [
        (f"{leg.cpn} Leg", f"1 × {leg.cpn} Leg", f"6 × {leg.cpn} Leg [H1-H6]"),
        (f"{spare.cpn} Spare", None, f"0.5 METER × {spare.cpn} Spare (loose)"),
        (f"{glue.cpn} Glue", f"3 × {glue.cpn} Glue", None),
    ]
    assert found.count == 3
    assert found


def test_a_line_that_moved_is_found_among_those_that_stayed(team: Team, frame: Component) -> None:
    lines = team.viewer.ask(lines_of, [frame])[frame.key]
    team.engineer.run(
        edit_boms, [BomEdit(frame.id, move=(LineMove(lines[3].line_id, before_line_id=lines[0].line_id),))]
    )
    found = differences(team, frame)
    assert [(each.kinds, each.after.line_id if each.after else None) for each in found.lines] == [
        ((Difference.MOVED,), lines[3].line_id)
    ]
    assert list(found.lines) == team.viewer.ask(compared_versions, frame, frame.version, frame.version + 1)


def test_what_was_released_is_what_a_version_is_compared_with(team: Team) -> None:
    part = make.component(team.engineer, "One")
    assert differences(team, part).before is None, "nothing before the first release"
    assert {each.kind for each in differences(team, part).differences} == {ChangeKind.ADDED}
    [first] = release(team, part)
    assert not differences(team, part), "nothing was changed since"
    update(team, part, name="Two")
    [second] = release(team, part)
    update(team, part, name="Three")
    assert told(differences(team, part)) == [("FIELD", "name", "Two", "Three")]
    assert ("FIELD", "name", "One", "Two") in told(differences(team, part, to_version=second.version))
    assert differences(team, part, to_version=first.version).before is None
    assert told(differences(team, part, second.version + 1, second.version)) == [("FIELD", "name", "Three", "Two")]
    assert differences(team, part, 0, 1).before is None


@pytest.mark.parametrize(
    ("from_version", "to_version", "place"),
    [(-1, None, "fromVersion"), (9, None, "fromVersion"), (None, 0, "toVersion"), (1, 9, "toVersion")],
)
def test_versions_that_never_were_are_refused(team: Team, from_version: int, to_version: int, place: str) -> None:
    part = make.component(team.engineer)
    with pytest.raises(VersionMissing) as refused:
        differences(team, part, from_version, to_version)
    assert refused.value.path == (place,)
    with pytest.raises(ComponentMissing):
        team.viewer.ask(component_differences, [VersionSpan("00000000-0000-4000-8000-000000000000")])


def test_the_same_component_can_be_compared_over_several_spans_at_once(team: Team, frame: Component) -> None:
    """One of them over a move, for which the whole list is read, the other one not."""
    lines = team.viewer.ask(lines_of, [frame])[frame.key]
    move = BomEdit(frame.id, move=(LineMove(lines[3].line_id, before_line_id=lines[0].line_id),))
    team.engineer.run(edit_boms, [move])
    team.engineer.run(edit_boms, [BomEdit(frame.id, change=(LineChange(lines[1].line_id, notes="checked"),))])
    spans = [
        VersionSpan(frame.id, one, other) for one in range(frame.version + 3) for other in range(1, frame.version + 3)
    ]
    together = team.viewer.ask(component_differences, spans)
    alone = [team.viewer.ask(component_differences, [span])[0] for span in spans]
    assert [replace(each, names=NO_NAMES) for each in together] == [replace(each, names=NO_NAMES) for each in alone]
    for span, found in zip(spans, together, strict=True):
        assert span.to_version is not None
        if span.from_version:
            whole = team.viewer.ask(compared_versions, frame, span.from_version, span.to_version)
            assert list(found.lines) == whole
