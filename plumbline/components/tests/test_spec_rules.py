"""The rules of a category at work: when a save is refused, when a release is, and what is only told."""

from __future__ import annotations

import pytest

from plumbline.boms.actions import release_components
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.errors import SpecViolated, StatusMoveRefused
from plumbline.components.model import Component, ComponentChange, NewComponent, ReleaseRequest
from plumbline.configuration.actions import apply_configuration
from plumbline.configuration.model import File
from plumbline.configuration.reads import spec_violations
from plumbline.testing import make
from plumbline.testing.callers import Team

RULES = """\
version: "1.0"
categories:
  - code: "100"
    type: MECHANICAL
    name: Shaft
    specs:
      - { name: Length, type: number, unit: mm, required: Prototype, validation: { minimum: 1, maximum: 1000 } }
      - name: Finish
        type: string
        validation: { enum: [Raw, Zinc], description: We only buy raw or zinc-plated shafts }
      - { name: Drawing, type: string, required: Production, severity: Warning, validation: { pattern: "^D-" } }
      - name: Fit
        type: conditional
        display: "{hole} {grade}"
        components:
          hole: { type: string, validation: { enum: [H, G] } }
          grade:
            type: integer
            validation:
              conditions:
                - { when: "hole == 'H'", enum: [7, 8] }
                - { when: "hole == 'G'", minimum: 6, maximum: 6 }
  - { code: "200", type: MECHANICAL, name: Rod, specs: [{ name: Material, type: string, required: "*" }] }
"""
MOVES = """\
version: "1.0"
schema_type: revision_scheme_config
status_order: [Design, Prototype, Production, Obsolete]
schemes:
  - { status: Design, segments: { major: { type: letter } } }
  - { status: Prototype, segments: { major: { type: letter } } }
  - { status: Production, segments: { major: { type: letter } } }
  - { status: Obsolete, segments: { major: { type: letter } } }
transitions:
  allowed:
    - { from: Design, to: [Prototype, Obsolete] }
    - { from: Prototype, to: [Production, Obsolete] }
"""


@pytest.fixture
def ruled(team: Team) -> Team:
    team.manager.run(apply_configuration, [File("categories.yaml", RULES)], complete=False, allow=["all"])
    return team


def shaft(team: Team, **attributes: str) -> Component:
    return make.component(team.engineer, "Shaft", category="Shaft", attributes=attributes)


def change(team: Team, component: Component, **fields: object) -> Component:
    return team.engineer.run(update_components, [ComponentChange(component.id, **fields)])[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"Length": "2 m"}, "Length: '2 m' is above"),
        ({"Length": "0.5"}, "Length: '0.5' is below"),
        ({"Finish": "Gold"}, "Finish: "),
        ({"Fit": "H 6"}, "Fit: "),
        ({"Fit": "G 7"}, "Fit: "),
        ({"Fit": "X 7"}, "Fit: "),
        ({"Fit": "H"}, "Fit: "),
    ],
)
def test_a_value_that_its_rule_forbids_is_not_saved(ruled: Team, attributes: dict[str, str], told: str) -> None:
    with pytest.raises(SpecViolated) as refused:
        shaft(ruled, **attributes)
    [name] = attributes
    assert refused.value.message.startswith(told.split("'")[0])
    assert refused.value.path == ("inputs", 0, "attributes", name)
    assert refused.value.expected
    assert "categories" in (refused.value.hint or "")


def test_values_that_keep_the_rules_are_saved_and_authors_words_are_told(ruled: Team) -> None:
    shaft(ruled, Length="12 mm", Finish="Zinc", Fit="H 7", Drawing="D-1")
    shaft(ruled, Length="0.99 m", Fit="G 6")
    with pytest.raises(SpecViolated, match="We only buy raw or zinc-plated shafts"):
        shaft(ruled, Finish="Chrome")


def test_all_violations_of_all_inputs_come_at_once_and_nothing_is_written(ruled: Team) -> None:
    inputs = [
        NewComponent("Good", "Shaft", attributes={"Length": "1"}),
        NewComponent("Bad", "Shaft", attributes={"Length": "5 m", "Finish": "Gold"}),
        NewComponent("Worse", "Shaft", attributes={"Fit": "Q 1"}),
    ]
    with pytest.raises(SpecViolated) as refused:
        ruled.engineer.run(create_components, inputs)
    places = [each.path for each in (refused.value, *refused.value.also)]
    assert places == [
        ("inputs", 1, "attributes", "Length"),
        ("inputs", 1, "attributes", "Finish"),
        ("inputs", 2, "attributes", "Fit"),
    ]
    assert shaft(ruled).cpn.endswith("-00001")


def test_a_part_can_be_begun_with_a_name_alone_even_if_something_is_always_required(ruled: Team) -> None:
    rod = make.component(ruled.engineer, "Rod", category="Rod")
    [found] = ruled.viewer.ask(spec_violations)
    assert (found.cpn, found.violation.spec, found.violation.kind) == (rod.cpn, "Material", "required")


def test_warnings_refuse_nothing_and_stand_in_the_report(ruled: Team) -> None:
    part = shaft(ruled, Length="10", Drawing="X-1")
    change(ruled, part, status="Prototype")
    change(ruled, part, status="Production")
    found = [each.violation for each in ruled.viewer.ask(spec_violations)]
    assert [(each.spec, each.kind, each.severity) for each in found] == [("Drawing", "pattern", "WARNING")]


def test_entering_a_status_asks_for_what_it_requires(ruled: Team) -> None:
    part = shaft(ruled)
    with pytest.raises(SpecViolated, match="Length has no value; it must have one from Prototype on"):
        change(ruled, part, status="Prototype")
    with_it = change(ruled, part, status="Prototype", attributes={"Length": "10"})
    assert with_it.version == 2
    with pytest.raises(SpecViolated, match="Length has no value"):
        change(ruled, with_it, attributes={"Length": None})


def test_a_release_asks_for_what_its_status_requires(ruled: Team) -> None:
    part = shaft(ruled)
    ruled.manager.run(release_components, [ReleaseRequest(part.id)])
    other = shaft(ruled)
    with pytest.raises(SpecViolated) as refused:
        ruled.manager.run(release_components, [ReleaseRequest(other.id, status="Prototype")])
    assert refused.value.path == ("items", 0, "attributes", "Length")


def test_what_was_fine_before_a_rule_came_can_still_be_worked_on(ruled: Team) -> None:
    long = shaft(ruled, Length="900 mm", Finish="Raw")
    stricter = RULES.replace("maximum: 1000", "maximum: 100")
    ruled.manager.run(apply_configuration, [File("categories.yaml", stricter)], complete=False, allow=["spec.change"])
    renamed = change(ruled, long, name="Long shaft")
    assert renamed.version == 2
    kept = change(ruled, renamed, attributes={"Length": "900 mm", "Finish": "Zinc"})
    assert kept.version == 3, "the same value sent again is no change"
    with pytest.raises(SpecViolated):
        change(ruled, kept, attributes={"Length": "901 mm"})


def test_entering_a_category_asks_its_rules_for_everything(ruled: Team) -> None:
    part = shaft(ruled, Length="10")
    with pytest.raises(SpecViolated, match="Material has no value"):
        change(ruled, part, category="Rod")
    moved = change(ruled, part, category="Rod", attributes={"Material": "Steel"})
    assert moved.category_id != part.category_id


def test_a_status_follows_another_as_the_revision_scheme_says(ruled: Team) -> None:
    ruled.manager.run(apply_configuration, [File("revisions.yaml", MOVES)], complete=False, allow=["all"])
    part = shaft(ruled, Length="10")
    with pytest.raises(StatusMoveRefused) as refused:
        change(ruled, part, status="Production")
    assert refused.value.expected == "one of Design, Prototype, Obsolete"
    with pytest.raises(StatusMoveRefused):
        ruled.manager.run(release_components, [ReleaseRequest(part.id, status="Production")])
    change(ruled, part, status="Prototype")
    change(ruled, part, status="Production")
    with pytest.raises(StatusMoveRefused):
        change(ruled, part, status="Design")


def test_rules_follow_the_configuration_at_once(ruled: Team) -> None:
    with pytest.raises(SpecViolated):
        shaft(ruled, Finish="Gold")
    wider = RULES.replace("[Raw, Zinc]", "[Raw, Zinc, Gold]")
    ruled.manager.run(apply_configuration, [File("categories.yaml", wider)], complete=False)
    assert shaft(ruled, Finish="Gold").version == 1
