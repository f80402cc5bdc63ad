"""Export templates as documents of a library's configuration: planned, applied, found before those that come along, gone again."""

from __future__ import annotations

import pytest

from plumbline.configuration.actions import apply_configuration, roll_back_configuration
from plumbline.configuration.model import File, Verdict
from plumbline.configuration.reads import (
    configuration_files,
    faults_of_configuration,
    plan_configuration,
    version_changes,
)
from plumbline.definitions.reads import configuration_history
from plumbline.exchange.exporting.shipped import shipped_names, shipped_text
from plumbline.testing import make
from plumbline.testing.callers import Team

ACME = """\
# What Acme wants of us.
schema_type: export_template
name: acme
title: Parts for Acme
kind: flat
columns:
  - { field: cpn, title: Our number }
  - { field: quantity, format: text }
"""
EXPORT = (
    "query ($cpn: String!, $name: String) { exports { bom(cpn: $cpn, template: $name) { title columns { title } } } }"
)
LISTED = "{ exports { templates { name title kind text isOwn } } }"


def apply(team: Team, *files: File, complete: bool = False) -> tuple[str, ...]:
    applied = team.manager.run(apply_configuration, files, complete=complete)
    return tuple(step.key for step in applied.plan.steps)


def title(hub_of, team: Team, cpn: str, name: str | None) -> str:
    return hub_of(team.viewer).data(EXPORT, {"cpn": cpn, "name": name})["exports"]["bom"]["title"]


def top_of(team: Team) -> str:
    screw = make.component(team.manager, name="Screw")
    return make.assembly(team.manager, "Table", [(screw, 4)]).cpn


def test_a_template_is_planned_applied_changed_and_removed(team: Team) -> None:
    file = File("exports/acme.yaml", ACME)
    plan = team.viewer.ask(plan_configuration, [file], complete=False)
    assert [(step.key, step.verdict) for step in plan.steps] == [("export.add:acme", Verdict.SAFE)]
    assert apply(team, file) == ("export.add:acme",)
    assert file in team.viewer.ask(configuration_files), "it is pulled to the letter, comments included"
    assert apply(team, file) == ()
    assert apply(team, File(file.path, ACME.replace("flat", "parts"))) == ("export.change:acme",)
    without = [each for each in team.viewer.ask(configuration_files) if each.path != file.path]
    assert apply(team, *without, complete=True) == ("export.remove:acme",)


def test_every_version_of_a_template_is_kept(team: Team) -> None:
    first = team.viewer.ask(configuration_history)[0].number
    apply(team, File("exports/acme.yaml", ACME))
    apply(team, File("exports/acme.yaml", ACME.replace("Parts for", "List for")))
    newest = team.viewer.ask(configuration_history)[0].number
    (change,) = team.viewer.ask(version_changes, newest)
    assert (change.path, change.what) == ("exports/acme.yaml", "CHANGE")
    assert "+title: List for Acme" in change.diff
    team.manager.run(roll_back_configuration, first)
    assert not any(each.path.startswith("exports/") for each in team.viewer.ask(configuration_files))


def test_a_comment_is_no_step(team: Team) -> None:
    apply(team, File("exports/acme.yaml", ACME))
    assert apply(team, File("exports/acme.yaml", ACME + "# and no more\n")) == ()


def test_a_template_goes_by_the_name_that_it_gives_itself(team: Team) -> None:
    assert apply(team, File("lists/of acme.yaml", ACME)) == ("export.add:acme",)
    assert "exports/acme.yaml" in [each.path for each in team.viewer.ask(configuration_files)]


def test_all_faults_are_told_with_their_lines(team: Team) -> None:
    wrong = ACME.replace("field: cpn", "field: cpnn").replace("flat", "flatt").replace("name: acme", "name: Acme Inc")
    faults = [
        each.message
        for each in team.viewer.ask(faults_of_configuration, [File("exports/acme.yaml", wrong)], complete=False)
    ]
    assert len(faults) == 2
    assert any("exports/acme.yaml:3:" in each for each in faults)
    assert any("exports/acme.yaml:5:" in each for each in faults)
    fields = ACME.replace("field: cpn", "field: cpnn").replace("field: quantity", "field: qty")
    faults = [
        each.message
        for each in team.viewer.ask(faults_of_configuration, [File("exports/acme.yaml", fields)], complete=False)
    ]
    assert [("cpnn" in each, "qty" in each) for each in faults] == [(True, False), (False, True)]


def test_an_attribute_that_no_category_has_is_told(team: Team) -> None:
    text = ACME + "  - { field: attribute.Shininess }\n  - { field: attribute.Glow, is_optional: true }\n"
    plan = team.viewer.ask(plan_configuration, [File("exports/acme.yaml", text)], complete=False)
    assert [each for each in plan.notices if "Shininess" in each]
    assert not [each for each in plan.notices if "Glow" in each]


def test_the_librarys_templates_are_found_before_those_that_come_along(team: Team, hub_of) -> None:
    cpn = top_of(team)
    assert title(hub_of, team, cpn, None) == "Bill of materials"
    apply(team, File("exports/acme.yaml", ACME))
    apply(
        team,
        File(
            "exports/default.yaml",
            ACME.replace("name: acme", "name: default").replace("Parts for Acme", "As we like it"),
        ),
    )
    assert title(hub_of, team, cpn, "acme") == "Parts for Acme"
    assert title(hub_of, team, cpn, "default") == "As we like it"
    assert title(hub_of, team, cpn, None) == "As we like it"
    assert title(hub_of, team, cpn, "kicad") == "KiCad BOM"


def test_those_to_choose_from_are_listed_each_once(team: Team, hub_of) -> None:
    apply(team, File("exports/kicad.yaml", ACME.replace("name: acme", "name: kicad")))
    listed = {each["name"]: each for each in hub_of(team.viewer).data(LISTED)["exports"]["templates"]}
    assert sorted(listed) == sorted(shipped_names())
    assert [name for name, each in listed.items() if each["isOwn"]] == ["kicad"]
    assert listed["kicad"]["kind"] == "FLAT"
    assert listed["default"]["text"] == shipped_text("default")


def test_another_library_has_no_part_in_it(team: Team, strangers: Team, hub_of) -> None:
    apply(team, File("exports/acme.yaml", ACME))
    cpn = top_of(strangers)
    refused = hub_of(strangers.viewer).answer(EXPORT, {"cpn": cpn, "name": "acme"}).errors
    assert "no export template 'acme'" in refused[0]["message"]
    assert "acme" not in refused[0]["extensions"]["expected"]


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_template_is_a_document_to_start_from(team: Team, name: str) -> None:
    assert apply(team, File(f"exports/{name}.yaml", shipped_text(name))) == (f"export.add:{name}",)
