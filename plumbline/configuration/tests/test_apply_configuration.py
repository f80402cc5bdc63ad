"""Configuration planned, applied, taken back and written back, in a library that has components."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from plumbline.access.reads import members
from plumbline.boms.actions import release_components
from plumbline.catalog.actions import (
    add_attributes_to_category,
    create_attributes,
    create_categories,
    create_statuses,
)
from plumbline.catalog.errors import InvalidCatalogEntry
from plumbline.catalog.installing import ENTRIES_MAX
from plumbline.catalog.model import CategoryType, NewAttribute, NewCategory, NewStatus
from plumbline.catalog.reads import catalog
from plumbline.change_orders.shipped import preset_text
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.model import ComponentChange, ReleaseRequest
from plumbline.components.reads import attribute_values_of
from plumbline.configuration.actions import (
    Applied,
    apply_configuration,
    create_template,
    roll_back_configuration,
)
from plumbline.configuration.errors import (
    ConfigurationMoved,
    ConfigurationRefused,
    ConfigurationVersionMissing,
    InvalidConfiguration,
    TemplateNameTaken,
)
from plumbline.configuration.model import File, Plan, Step, Verdict
from plumbline.configuration.presets import preset_files
from plumbline.configuration.reads import (
    configuration_drift,
    configuration_files,
    configuration_state,
    plan_configuration,
    plan_rollback,
    spec_violations,
    version_changes,
)
from plumbline.definitions.reads import configuration_history, definitions_in_force
from plumbline.kit.errors import Refusal
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing import make
from plumbline.testing.callers import Team

REGISTRY = """\
version: "1.0"
categories:
  - code: "100"
    type: MECHANICAL
    name: Bracket
    specs:
      - { name: Width, type: number, unit: mm }
      - { name: Finish, type: string, validation: { enum: [Raw, Zinc] } }
  - { code: "200", type: ELECTRICAL, name: Resistor, specs: [{ name: Resistance, type: number, unit: Ω }] }
  - { code: "900", type: ASSEMBLY, name: Mechanical Assembly }
"""


def files_of(team: Team) -> list[File]:
    return team.viewer.ask(configuration_files)


def changed(files: Sequence[File], path: str, old: str, new: str) -> list[File]:
    """The files with one text in one of them replaced; it must be there."""
    found = [file for file in files if file.path == path]
    assert old in found[0].text
    return [File(path, file.text.replace(old, new)) if file.path == path else file for file in files]


def apply(team: Team, files: Sequence[File], *allow: str, complete: bool = True) -> Applied:
    return team.manager.run(apply_configuration, files, complete=complete, allow=allow)


def small(team: Team, registry: str = REGISTRY) -> list[File]:
    """The team's library with the small registry in force; answers its files."""
    apply(team, [File("categories.yaml", registry)], "all", complete=False)
    return files_of(team)


def planned(team: Team, files: Sequence[File]) -> Plan:
    return team.viewer.ask(plan_configuration, files)


def steps(team: Team, files: Sequence[File]) -> dict[str, Step]:
    return {step.key: step for step in planned(team, files).steps}


def refusals(refusal: Refusal) -> list[str]:
    return [each.message for each in (refusal, *refusal.also)]


def test_what_is_pulled_plans_to_nothing_and_applying_it_leaves_no_trace(team: Team) -> None:
    files = files_of(team)
    assert {file.path for file in files} == {
        "categories.yaml",
        "numbering.yaml",
        "revisions.yaml",
        "change-orders/default.yaml",
        "change-orders/double.yaml",
    }
    assert planned(team, files).is_empty
    with team.application.asking(team.viewer.actor) as asked:
        before = change_number_now(asked.scope)
    assert apply(team, files).version is None
    with team.application.asking(team.viewer.actor) as asked:
        assert change_number_now(asked.scope) == before


def test_a_comment_is_stored_as_it_was_written_and_is_no_step(team: Team) -> None:
    files = files_of(team)
    commented = [
        File(each.path, each.text + "# reviewed\n") if each.path == "numbering.yaml" else each for each in files
    ]
    plan = planned(team, commented)
    assert (plan.steps, [each.path for each in plan.documents]) == ((), ["numbering.yaml"])
    apply(team, commented)
    assert files_of(team) == commented


def test_a_registry_replaces_the_one_before_and_entries_of_the_same_name_keep_their_identity(team: Team) -> None:
    before = team.viewer.ask(catalog)
    resistor = before.category("Resistor")
    small(team)
    after = team.viewer.ask(catalog)
    assert [each.name for each in after.categories] == ["Bracket", "Resistor", "Mechanical Assembly"]
    assert after.category("Resistor").id == resistor.id
    assert after.category("Resistor").code == "200"
    assert [each.name for each in after.attributes_of_category[after.category("Bracket").id]] == ["Width", "Finish"]
    assert before.category("Screw").id not in {each.id for each in after.categories}
    [newest, *_] = team.viewer.ask(configuration_history)
    assert after.category_by_id[before.category("Screw").id].retired_change == newest.change


def test_a_rename_keeps_the_components(team: Team) -> None:
    files = small(team)
    part = make.component(team.engineer, category="Bracket", attributes={"Width": "12 mm"})
    renamed = changed(files, "categories.yaml", "name: Bracket", "name: Angle\n    formerly: Bracket")
    renamed = changed(renamed, "categories.yaml", "{ name: Width,", "{ name: Breadth, formerly: Width,")
    assert list(steps(team, renamed)) == ["attribute.rename:Breadth", "category.rename:Angle"]
    apply(team, renamed)
    known = team.viewer.ask(catalog)
    assert known.category("Angle").id == part.category_id
    [value] = team.viewer.ask(attribute_values_of, [part])[part.key]
    assert known.attribute_by_id[value.attribute_id].name == "Breadth"
    assert planned(team, renamed).is_empty


def test_a_former_name_that_stays_in_the_file_does_not_take_the_next_entry_of_that_name(team: Team) -> None:
    """Who renames Bracket to Angle and later needs another Bracket has both, and so for specs and statuses."""
    files = small(team)
    part = make.component(team.engineer, category="Bracket", attributes={"Width": "12 mm"})
    renamed = changed(files, "categories.yaml", "name: Bracket", "name: Angle\n    formerly: Bracket")
    renamed = changed(renamed, "categories.yaml", "{ name: Width,", "{ name: Breadth, formerly: Width,")
    renamed = changed(renamed, "revisions.yaml", "[Design,", "[{ name: Draft, maps_to: DESIGN, formerly: Design },")
    renamed = changed(renamed, "revisions.yaml", "status: Design", "status: Draft")
    apply(team, renamed, "all")
    team.manager.run(create_attributes, [NewAttribute("Width", "STRING")])
    team.manager.run(create_statuses, [NewStatus("Design", "DESIGN", "#000000")])
    team.manager.run(create_categories, [NewCategory("Bracket", CategoryType.MECHANICAL, "150", attributes=("Width",))])
    drift = {step.key for step in team.viewer.ask(configuration_drift)}
    assert drift == {"attribute.retire:Width", "category.retire:Bracket", "status.retire:Design"}
    apply(team, files_of(team), "all")
    known = team.viewer.ask(catalog)
    assert known.category("Angle").id == part.category_id
    assert known.category("Bracket").id != part.category_id
    [value] = team.viewer.ask(attribute_values_of, [part])[part.key]
    assert known.attribute_by_id[value.attribute_id].name == "Breadth"
    assert {"Draft", "Design"} <= {each.name for each in known.statuses}
    assert team.viewer.ask(configuration_drift) == ()


def test_two_entries_that_swap_their_names_swap_them_once(team: Team) -> None:
    files = small(team)
    bracket, resistor = (make.component(team.engineer, category=each) for each in ("Bracket", "Resistor"))
    swapped = changed(files, "categories.yaml", "name: Bracket", "name: Resistor\n    formerly: Bracket")
    swapped = changed(
        swapped,
        "categories.yaml",
        "type: ELECTRICAL, name: Resistor",
        "type: ELECTRICAL, name: Bracket, formerly: Resistor",
    )
    apply(team, swapped, "all")
    assert team.viewer.ask(configuration_drift) == ()
    assert planned(team, swapped).is_empty
    apply(team, [File(each.path, each.text + "# again\n") for each in swapped])
    known = team.viewer.ask(catalog)
    assert known.category("Resistor").id == bracket.category_id
    assert known.category("Bracket").id == resistor.category_id


def test_a_rename_that_was_taken_back_can_be_made_again(team: Team) -> None:
    files = small(team)
    renamed = changed(files, "categories.yaml", "name: Bracket", "name: Angle\n    formerly: Bracket")
    apply(team, renamed)
    identity = team.viewer.ask(catalog).category("Angle").id
    apply(team, files)
    assert team.viewer.ask(catalog).category("Bracket").id == identity
    apply(team, renamed)
    assert team.viewer.ask(catalog).category("Angle").id == identity


def test_a_category_with_components_is_never_retired_and_an_empty_one_is(team: Team) -> None:
    files = small(team)
    part = make.component(team.engineer, category="Resistor")
    line = REGISTRY.splitlines(keepends=True)[8]
    assert "Resistor" in line
    without = changed(files, "categories.yaml", line, "")
    step = steps(team, without)["category.retire:Resistor"]
    assert (step.verdict, step.effects[0].text) == (Verdict.REFUSED, "Components in this category: 1.")
    assert step.effects[0].examples[0].cpn == part.cpn
    with pytest.raises(ConfigurationRefused) as refused:
        apply(team, without, "all")
    assert refused.value.hint is not None
    assert files_of(team) == files
    team.manager.run(archive_components, [part.id])
    apply(team, without, "all")
    assert [each.name for each in team.viewer.ask(catalog).categories] == ["Bracket", "Mechanical Assembly"]


def test_a_retired_category_comes_back_as_the_one_it_was(team: Team) -> None:
    files = small(team)
    identity = team.viewer.ask(catalog).category("Resistor").id
    line = REGISTRY.splitlines(keepends=True)[8]
    apply(team, changed(files, "categories.yaml", line, ""), "all")
    assert "category.restore:Resistor" in steps(team, files)
    apply(team, files)
    assert team.viewer.ask(catalog).category("Resistor").id == identity


def test_a_spec_that_components_would_violate_is_applied_only_if_it_is_allowed_by_name(team: Team) -> None:
    files = small(team)
    wide, narrow = (
        make.component(team.engineer, category="Bracket", attributes={"Width": width}) for width in ("30 cm", "10 mm")
    )
    stricter = changed(
        files, "categories.yaml", "unit: mm }", "unit: mm, validation: { maximum: 100, description: At most 100 mm } }"
    )
    [step] = planned(team, stricter).steps
    assert (step.verdict, step.key) == (Verdict.BREAKING, "spec.change:Bracket / Width")
    [effect] = step.effects
    assert (effect.text, effect.components) == ("Components that would violate it: 1.", 1)
    assert [(each.cpn, each.detail) for each in effect.examples] == [(wide.cpn, "At most 100 mm")]
    with pytest.raises(ConfigurationRefused, match="Components that would violate it: 1"):
        apply(team, stricter)
    with pytest.raises(ConfigurationRefused):
        apply(team, stricter, "spec.change:Bracket / Finish", "category.retire")
    assert apply(team, stricter, "spec.change:Bracket / Width").version is not None
    [found] = team.viewer.ask(spec_violations)
    assert (found.cpn, found.violation.spec, found.violation.kind) == (wide.cpn, "Width", "maximum")
    assert narrow.cpn != wide.cpn


def test_a_warning_is_told_and_breaks_nothing(team: Team) -> None:
    files = small(team)
    make.component(team.engineer, category="Bracket", attributes={"Width": "30 cm"})
    warned = changed(
        files, "categories.yaml", "unit: mm }", "unit: mm, severity: Warning, validation: { maximum: 100 } }"
    )
    [step] = planned(team, warned).steps
    assert (step.verdict, step.effects[0].text) == (Verdict.SAFE, "Components that would get a warning: 1.")
    apply(team, warned)


def test_required_from_a_status_counts_components_that_are_so_far(team: Team) -> None:
    files = small(team)
    make.component(team.engineer, "young", category="Bracket")
    old = make.component(team.engineer, "old", category="Bracket", status="Production")
    required = changed(files, "categories.yaml", "{ name: Width,", "{ name: Width, required: Prototype,")
    [step] = planned(team, required).steps
    assert [each.cpn for each in step.effects[0].examples] == [old.cpn]
    assert "required none becomes Prototype" in step.text


def test_a_unit_may_change_only_if_every_value_says_its_own(team: Team) -> None:
    files = small(team)
    part = make.component(team.engineer, category="Bracket", attributes={"Width": "1.5 cm"})
    inches = changed(files, "categories.yaml", "unit: mm }", "unit: cm }")
    step = steps(team, inches)["attribute.change:Width"]
    assert (step.verdict, step.effects[0].text) == (Verdict.BREAKING, "Components whose values are read anew: 1.")
    apply(team, inches, "all")
    [value] = team.viewer.ask(attribute_values_of, [part])[part.key]
    assert (value.value.text, value.value.value, value.value.unit) == ("1.5 cm", "1.5", "cm")
    make.component(team.engineer, category="Bracket", attributes={"Width": "7"})
    step = steps(team, files)["attribute.change:Width"]
    assert step.verdict is Verdict.REFUSED
    assert "7" in [each.detail for each in step.effects[0].examples]


def test_a_type_that_cannot_hold_the_values_is_refused_and_one_that_can_reads_them_anew(team: Team) -> None:
    files = small(team)
    part = make.component(team.engineer, category="Bracket", attributes={"Finish": "Raw"})
    numbers = changed(files, "categories.yaml", "type: string, validation: { enum: [Raw, Zinc] }", "type: number")
    assert steps(team, numbers)["attribute.change:Finish"].verdict is Verdict.REFUSED
    with pytest.raises(ConfigurationRefused):
        apply(team, numbers, "all")
    text = changed(files, "categories.yaml", "{ name: Width, type: number, unit: mm }", "{ name: Width, type: string }")
    apply(team, text, "all")
    assert team.viewer.ask(catalog).attribute("Width").type == "STRING"
    assert [each.value.text for each in team.viewer.ask(attribute_values_of, [part])[part.key]] == ["Raw"]


def test_components_are_counted_once_each_however_many_values_they_had(team: Team) -> None:
    files = small(team)
    parts = [make.component(team.engineer, category="Bracket", attributes={"Width": "1 cm"}) for _ in range(2)]
    for width in ("2 cm", "3 cm"):
        team.engineer.run(update_components, [ComponentChange(parts[0].id, attributes={"Width": width})])
    wider = changed(files, "categories.yaml", "unit: mm }", "unit: cm }")
    [effect] = steps(team, wider)["attribute.change:Width"].effects
    assert (effect.components, [each.cpn for each in effect.examples]) == (2, [each.cpn for each in parts])


def test_choices_made_by_hand_do_not_vanish_without_a_step(team: Team) -> None:
    """Their category takes the attribute over with a spec that offers none."""
    files = small(team)
    team.manager.run(create_attributes, [NewAttribute("Grade", "STRING", choices=("8.8", "10.9"))])
    known = team.viewer.ask(catalog)
    category, attribute = known.category("Bracket").id, known.attribute("Grade").id
    team.manager.run(add_attributes_to_category, category, [attribute])
    listed = changed(
        files, "categories.yaml", "- { name: Width,", "- { name: Grade, type: string }\n      - { name: Width,"
    )
    step = steps(team, listed)["attribute.change:Grade"]
    assert (step.verdict, step.text) == (
        Verdict.SAFE,
        "Change the attribute Grade: choices 8.8, 10.9 becomes none.",
    )
    apply(team, listed)
    assert team.viewer.ask(catalog).attribute("Grade").choices == ()
    assert planned(team, listed).is_empty


def test_a_library_has_at_most_so_many_entries_by_files_too(team: Team) -> None:
    files = small(team)
    specs = ", ".join(f"{{ name: Spec %d.{place}, type: string }}" for place in range(ENTRIES_MAX // 20))
    categories = "".join(
        f'  - {{ code: "{10 + index}", type: MECHANICAL, name: Part {index}, specs: [{specs.replace("%d", str(index))}] }}\n'
        for index in range(20)
    )
    many = [File(each.path, each.text + categories) if each.path == "categories.yaml" else each for each in files]
    with pytest.raises(InvalidCatalogEntry, match=f"would have {ENTRIES_MAX + 3} attributes"):
        planned(team, many)
    assert files_of(team) == files


def test_a_numbering_scheme_tells_which_numbers_fit_no_more(team: Team) -> None:
    files = files_of(team)
    part = make.component(team.engineer, category="Screw")
    scheme = """\
version: "1.0"
schema_type: id_generation_scheme
settings: { allow_override: false }
elements:
  - { type: constant, value: P, name: letter }
  - { type: numeric_counter, name: sequence, required: true, format: { min_value: 1000, max_value: 9999 } }
examples: [P1000]
"""
    other = [File(each.path, scheme) if each.path == "numbering.yaml" else each for each in files]
    step = steps(team, other)["numbering.change:numbering.yaml"]
    assert (step.verdict, step.effects[0].text) == (Verdict.BREAKING, "Components whose number fits no more: 1.")
    apply(team, other, "numbering.change")
    assert make.component(team.engineer, category="Screw").cpn != part.cpn
    assert make.component(team.engineer, category="Screw").cpn.startswith("P")


def test_a_revision_scheme_tells_which_revisions_have_no_next(team: Team) -> None:
    files = files_of(team)
    part = make.component(team.engineer, category="Screw")
    team.manager.run(release_components, [ReleaseRequest(part.id, "B")])
    short = """\
version: "1.0"
schema_type: revision_scheme_config
status_order: [Design, Prototype, Production, Obsolete]
schemes:
  - { status: Design, segments: { major: { type: letter, min_value: A, max_value: B } } }
  - { status: Prototype, segments: { major: { type: letter } } }
  - { status: Production, segments: { major: { type: letter } } }
  - { status: Obsolete, segments: { major: { type: letter } } }
"""
    other = [File(each.path, short) if each.path == "revisions.yaml" else each for each in files]
    step = steps(team, other)["revisions.change:revisions.yaml"]
    assert step.verdict is Verdict.BREAKING
    assert step.effects[0].components == 1
    assert step.effects[0].examples[0].cpn == part.cpn


def test_a_status_with_components_is_never_retired(team: Team) -> None:
    files = files_of(team)
    make.component(team.engineer, category="Screw", status="Prototype")
    text = next(file.text for file in files if file.path == "revisions.yaml")
    shorter = text.replace("Prototype", "Pilot")
    other = [File(each.path, shorter) if each.path == "revisions.yaml" else each for each in files]
    found = steps(team, other)
    assert found["status.retire:Prototype"].verdict is Verdict.REFUSED
    assert found["status.add:Pilot"].verdict is Verdict.SAFE


def test_all_faults_of_all_files_are_told_at_once_and_nothing_is_written(team: Team) -> None:
    before = files_of(team)
    wrong = [
        File("categories.yaml", "categories:\n  - { code: 1, type: MECHANICAL, nam: x, name: X }\n"),
        File("numbering.yaml", "schema_type: id_generation_scheme\nversion: '1.0'\nelements: []\n"),
        File("change-orders/mine.yaml", "schema_type: change_order_scheme\n"),
    ]
    with pytest.raises(Refusal) as refused:
        team.manager.run(apply_configuration, wrong)
    told = refusals(refused.value)
    assert {message.split(":")[0] for message in told} == {
        "categories.yaml",
        "numbering.yaml",
        "change-orders/mine.yaml",
    }
    assert files_of(team) == before


def test_a_registry_speaks_only_of_statuses_that_the_revision_scheme_has(team: Team) -> None:
    text = REGISTRY.replace("{ name: Width,", "{ name: Width, required: Prototyp,")
    with pytest.raises(InvalidConfiguration) as refused:
        apply(team, [File("categories.yaml", text)], complete=False)
    assert refused.value.place is not None
    assert refused.value.place.line == 7
    assert refused.value.hint == "Did you mean 'Prototype'?"


def test_a_plan_that_the_state_has_left_behind_is_not_applied(team: Team) -> None:
    files = files_of(team)
    state = team.viewer.ask(configuration_state)
    small(team)
    with pytest.raises(ConfigurationMoved):
        team.manager.run(apply_configuration, files, expected_state=state, allow=["all"])
    team.manager.run(apply_configuration, files, expected_state=team.viewer.ask(configuration_state), allow=["all"])


def test_going_back_restores_the_files_to_the_letter_and_is_a_new_version(team: Team) -> None:
    before = files_of(team)
    small(team)
    extra = [*files_of(team), File("change-orders/extra.yaml", preset_text("default"))]
    apply(team, extra)
    [newest, *_] = team.viewer.ask(configuration_history)
    plan = team.viewer.ask(plan_rollback, 1)
    assert not plan.is_empty
    rolled = team.manager.run(roll_back_configuration, 1, allow=["all"])
    assert rolled.version is not None
    assert (rolled.version.number, rolled.version.origin) == (newest.number + 1, "rollback")
    assert files_of(team) == before
    assert team.viewer.ask(configuration_drift) == ()
    with pytest.raises(ConfigurationVersionMissing):
        team.manager.run(roll_back_configuration, 99)


def test_the_history_says_who_why_and_what(team: Team) -> None:
    small(team)
    files = changed(files_of(team), "categories.yaml", "name: Bracket", "name: Angle\n    formerly: Bracket")
    team.manager.run(apply_configuration, files, reason="Brackets are called angles here.")
    newest, *older = team.viewer.ask(configuration_history)
    assert newest.reason == "Brackets are called angles here."
    assert newest.created_by == team.manager.actor.user_id
    assert newest.steps == ("Rename the category Bracket to Angle.",)
    assert [each.origin for each in older] == ["apply", "founding"]
    [change] = team.viewer.ask(version_changes, newest.number)
    assert (change.path, change.what) == ("categories.yaml", "CHANGE")
    assert "+    name: Angle" not in change.diff.splitlines()[0]
    assert any(line.startswith("+") and "formerly: Bracket" in line for line in change.diff.splitlines())


def test_what_came_past_the_files_is_drift_and_is_pulled_with_them(team: Team) -> None:
    small(team)
    new = [NewCategory("Odd Thing", CategoryType.MECHANICAL, code="777", attributes=("Width",))]
    team.manager.run(create_categories, new)
    team.manager.run(create_statuses, [NewStatus("Review", "DESIGN", "#112233")])
    team.manager.run(create_attributes, [NewAttribute("Loose")])
    drift = [step.key for step in team.viewer.ask(configuration_drift)]
    assert drift == ["status.retire:Review", "category.retire:Odd Thing"]
    files = files_of(team)
    plan = planned(team, files)
    assert plan.steps == ()
    assert {each.path for each in plan.documents} == {"categories.yaml", "revisions.yaml"}
    apply(team, files)
    assert team.viewer.ask(configuration_drift) == ()
    assert planned(team, files_of(team)).is_empty
    assert "Loose" in {each.name for each in team.viewer.ask(catalog).attributes}


def test_single_files_leave_the_rest_alone_and_a_folder_is_the_whole(team: Team) -> None:
    template = File("change-orders/mine.yaml", preset_text("default"))
    apply(team, [template], complete=False)
    assert ("change_order_scheme", "mine") in team.viewer.ask(definitions_in_force)
    whole = [file for file in files_of(team) if file.path != template.path]
    assert list(steps(team, whole)) == ["template.remove:mine"]
    apply(team, whole)
    assert ("change_order_scheme", "mine") not in team.viewer.ask(definitions_in_force)
    assert ("category_registry", "") in team.viewer.ask(definitions_in_force)
    assert planned(team, []).steps != (), "an empty folder removes the templates, and never the registry"
    assert all(step.kind == "template.remove" for step in planned(team, []).steps)


def test_a_library_keeps_sets_of_its_own(team: Team) -> None:
    own = """\
schema_type: category_set
name: acme/parts
version: 1.0.0
changelog: [{ version: 1.0.0, changes: [the first] }]
categories: [{ code: "510", type: MECHANICAL, name: Gimbal, specs: [{ name: Axes, type: integer }] }]
"""
    registry = "uses: [acme/parts@v1]\n" + REGISTRY.partition("\n")[2]
    apply(team, [File("sets/acme/parts/1.0.0.yaml", own), File("categories.yaml", registry)], "all", complete=False)
    assert team.viewer.ask(catalog).category("Gimbal").code == "510"
    newer = own.replace("1.0.0", "1.1.0").replace("Gimbal", "Gimbal Mount")
    newer = newer.replace("[{ version: 1.1.0, changes: [the first] }]", "[{ version: 1.1.0, changes: [a name] }]")
    apply(team, [File("sets/acme/parts/1.1.0.yaml", newer)], "all", complete=False)
    assert team.viewer.ask(catalog).category("510").name == "Gimbal Mount"


def test_validation_rules_come_with_their_code(team: Team) -> None:
    rules = """\
schema_type: validations
validations:
  - { name: Cost, description: Not too dear, version: 1.0.0, isActive: true, onFailure: error, path: rules/cost.js }
"""
    with pytest.raises(Refusal, match=r"validations.yaml:3:.*There is no file 'rules/cost.js'"):
        apply(team, [File("validations.yaml", rules)], complete=False)
    code = File("rules/cost.js", "exports.default = () => true;\n")
    assert apply(team, [File("validations.yaml", rules), code], complete=False).plan.steps[0].key == "rule.add:Cost"
    assert code in files_of(team)


def test_templates_are_made_one_by_one_under_names_of_their_own(team: Team) -> None:
    made = team.manager.run(create_template, "My Engineering Review Process", preset_text("default"))
    assert (made.name, made.version) == ("My Engineering Review Process", 1)
    assert File("change-orders/My Engineering Review Process.yaml", preset_text("default")) in files_of(team)
    with pytest.raises(TemplateNameTaken):
        team.manager.run(create_template, "my engineering review  process", preset_text("double"))
    for name in ("", "../x", "a/b", "x" * 101, ".hidden"):
        with pytest.raises(InvalidConfiguration):
            team.manager.run(create_template, name, preset_text("default"))
    with pytest.raises(InvalidConfiguration, match="says that it is a category_registry") as refused:
        team.manager.run(create_template, "Registry", f"schema_type: category_registry\n{REGISTRY}")
    assert refused.value.path == ("configYAML",)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (File("../categories.yaml", ""), "does not stay inside its folder"),
        (File("/etc/categories.yaml", ""), "does not stay inside its folder"),
        (File("a\\b.yaml", ""), "forward slashes"),
        (File("categories.txt", ""), "neither YAML nor JavaScript"),
        (File("x.yaml", "a: 1"), "does not say what it is"),
        (File("x.yaml", "schema_type: category_registri"), "Did you mean 'category_registry'?"),
        (File("change-orders/a%b.yaml", preset_text("default")), "has no usable name"),
        (File("big.yaml", "#" * 300_000), "has more than 262144 bytes"),
    ],
)
def test_files_that_are_no_configuration_are_refused(team: Team, file: File, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        team.viewer.ask(plan_configuration, [file])
    assert told in f"{refused.value.message} {refused.value.hint}"


def test_two_files_of_one_document_are_refused(team: Team) -> None:
    twice = [File("categories.yaml", REGISTRY), File("other.yaml", REGISTRY)]
    with pytest.raises(InvalidConfiguration, match=r"other.yaml and categories.yaml are both the category registry"):
        team.viewer.ask(plan_configuration, twice)


def test_a_new_template_does_not_undo_what_was_added_to_the_catalog_by_hand(team: Team) -> None:
    team.manager.run(create_categories, [NewCategory("Odd Thing", CategoryType.MECHANICAL, code="777")])
    team.manager.run(create_template, "Another Review", preset_text("default"))
    team.manager.run(roll_back_configuration, 1)
    assert team.viewer.ask(catalog).category("777").name == "Odd Thing"
    assert [step.key for step in team.viewer.ask(configuration_drift)] == ["category.retire:Odd Thing"]


def test_reviewers_whom_nobody_knows_are_told(team: Team) -> None:
    reviewer = "stages: { open: [{ name: Review, types: [Majority], default: Majority, reviewers: { users: [{ email: %s }] } }] }"
    head = "version: '1.0'\ndescription: x\nschema_type: change_order_scheme\ndetails: { info: { groups: [] } }\n"
    mine = next(each.user.email for each in team.viewer.ask(members))
    for email, told in (("nobody@acme.example", 1), (mine.upper(), 0)):
        file = File("change-orders/mine.yaml", head + reviewer % email)
        plan = team.viewer.ask(plan_configuration, [file], complete=False)
        assert len([notice for notice in plan.notices if "is no member of the library" in notice]) == told


def test_a_status_that_is_renamed_keeps_its_components(team: Team) -> None:
    files = files_of(team)
    part = make.component(team.engineer, category="Screw", status="Prototype")
    scheme = """\
version: "1.0"
schema_type: revision_scheme_config
status_order: [Design, { name: Pilot, formerly: Prototype, maps_to: PROTOTYPE }, Production, Obsolete]
schemes: [{ status: Design, segments: { major: { type: letter } } }]
"""
    renamed = [File(each.path, scheme) if each.path == "revisions.yaml" else each for each in files]
    found = steps(team, renamed)
    assert found["status.change:Pilot"].text == "Change the status Pilot: name Prototype becomes Pilot."
    assert not any(step.kind == "status.retire" for step in found.values())
    apply(team, renamed, "all")
    assert team.viewer.ask(catalog).status("Pilot").id == part.status_id
    assert planned(team, renamed).is_empty


def test_what_was_added_by_hand_is_pulled_without_giving_up_sets_and_references(team: Team) -> None:
    all_sets = next(file for file in preset_files("all-sets") if file.path == "categories.yaml")
    apply(team, [all_sets], "all", complete=False)
    known = team.viewer.ask(catalog)
    team.manager.run(create_attributes, [NewAttribute("House note"), NewAttribute("Shelf mark")])
    marks = [team.viewer.ask(catalog).attribute(name).id for name in ("House note", "Shelf mark")]
    team.manager.run(add_attributes_to_category, known.category("Bearing").id, marks)
    team.manager.run(
        create_categories, [NewCategory("Odd Thing", CategoryType.MECHANICAL, code="699", attributes=("Mass",))]
    )
    assert team.viewer.ask(configuration_drift) != ()
    files = files_of(team)
    text = next(file.text for file in files if file.path == "categories.yaml")
    assert "duro/mechanical-categories@v1" in text
    assert len(text) < 5_000
    assert planned(team, files).steps == ()
    apply(team, files)
    assert team.viewer.ask(configuration_drift) == ()
