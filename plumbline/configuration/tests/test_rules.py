"""Validation rules as records: created and changed one by one, and the same rules as files."""

from __future__ import annotations

import pytest

from plumbline.configuration.actions import (
    apply_configuration,
    create_rule,
    roll_back_configuration,
    update_rule,
)
from plumbline.configuration.errors import InvalidConfiguration
from plumbline.configuration.model import File
from plumbline.configuration.reads import configuration_files, plan_configuration, version_changes
from plumbline.definitions.reads import configuration_history
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing.callers import Team
from plumbline.validations.errors import (
    InvalidValidationRule,
    ValidationRuleMissing,
    ValidationRuleNameTaken,
)
from plumbline.validations.model import NewRule, OnFailure, RuleChange, ValidationRule
from plumbline.validations.reads import active_rules, rules_at_change, validation_rule, validation_rules

CODE = "exports.validate = async (data) => ({ valid: data.items.length > 0 });\n"
LIST = """\
# Agreed in June.
validations:
  - name: Second source # purchasing
    description: Stops production
    version: 1.0.0
    isActive: true
    onFailure: warning
    path: rules/second.js
"""


def files_of(team: Team) -> dict[str, str]:
    return dict(team.viewer.ask(configuration_files))


def rules(team: Team) -> dict[str, ValidationRule]:
    return {each.definition.name: each for each in team.viewer.ask(validation_rules)}


def create(team: Team, name: str, **fields: object) -> ValidationRule:
    return team.manager.run(create_rule, NewRule(name, CODE, **fields))  # type: ignore[arg-type]  # by their names


def apply(team: Team, *files: File) -> None:
    team.manager.run(apply_configuration, files, complete=False)


def change_now(team: Team) -> int:
    with team.application.asking(team.viewer.actor) as asked:
        return change_number_now(asked.scope)


def test_a_library_begins_without_rules(team: Team) -> None:
    assert team.viewer.ask(validation_rules) == ()


def test_a_rule_that_is_created_is_a_line_of_the_list_and_a_file_of_code(team: Team) -> None:
    made = create(team, "Mass: all parts", description="Sums need it", version="v1", on_failure="warning")
    definition = made.definition
    assert (definition.name, definition.code, definition.description) == ("Mass: all parts", CODE, "Sums need it")
    assert (definition.version, definition.is_active, definition.on_failure) == ("v1", True, OnFailure.WARNING)
    assert made.created_by == made.updated_by == team.manager.actor.user_id
    assert rules(team) == {"Mass: all parts": made}
    files = files_of(team)
    assert files[definition.path] == CODE
    assert 'name: "Mass: all parts"' in files["validations.yaml"]
    plan = team.viewer.ask(plan_configuration, [File(*each) for each in files.items()])
    assert plan.is_empty
    assert plan.notices == ("The version 'v1' of the rule 'Mass: all parts' is no semantic version, such as 1.0.0.",)


def test_every_change_is_a_version_of_the_configuration_that_can_be_taken_back(team: Team) -> None:
    made = create(team, "Mass")
    team.manager.run(update_rule, made.id, RuleChange(is_active=False))
    newest, before, *_ = team.viewer.ask(configuration_history)
    assert (newest.origin, newest.reason, newest.steps) == (
        "rule",
        "Rule Mass",
        ("Change the validation rule 'Mass'.",),
    )
    assert before.steps == ("Add the validation rule 'Mass'.",)
    [changed] = team.viewer.ask(version_changes, newest.number)
    assert (changed.path, changed.what) == ("validations.yaml", "CHANGE")
    assert "-    isActive: true\n+    isActive: false" in changed.diff
    team.manager.run(roll_back_configuration, before.number)
    assert rules(team)["Mass"].definition.is_active


def test_rules_of_files_have_ids_and_are_changed_where_they_stand(team: Team) -> None:
    apply(team, File("validations.yaml", LIST), File("rules/second.js", CODE))
    [rule] = team.viewer.ask(validation_rules)
    assert team.viewer.ask(validation_rule, rule.id) == rule
    team.manager.run(update_rule, rule.id, RuleChange(code=f"{CODE}// more\n", version="1.1.0"))
    assert files_of(team)["validations.yaml"] == LIST.replace("version: 1.0.0", 'version: "1.1.0"')
    assert files_of(team)["rules/second.js"] == f"{CODE}// more\n"
    again = rules(team)["Second source"]
    assert (again.id, again.definition.version) == (rule.id, "1.1.0")
    create(team, "First: a source")
    assert files_of(team)["validations.yaml"].startswith(LIST.replace("version: 1.0.0", 'version: "1.1.0"'))


@pytest.mark.parametrize(
    "text",
    ["", " ", "a ", "\r\n", "a: 'b' # \"c\"", "- [x]\n- {y}", "null", "true", "Größe 😀 質量", "${{ duro.x }}", None],
)
def test_descriptions_and_code_come_back_to_the_letter(team: Team, text: str | None) -> None:
    code = f"{text or ''}\r\nexports.validate = 1;\t\n\n"
    wish = NewRule("Mass", code, text, (text or "")[:100] or "1")
    made = team.manager.run(create_rule, wish).definition
    assert (made.code, made.description, made.version) == (code, text, wish.version)
    other = team.manager.run(create_rule, NewRule("Other", CODE, "other"))
    changed = team.manager.run(update_rule, other.id, RuleChange(code, text, wish.version)).definition
    assert (changed.code, changed.description, changed.version) == (code, text, wish.version)
    before = change_now(team)
    same = RuleChange(code, text, wish.version, is_active=True, on_failure="error")
    assert team.manager.run(update_rule, other.id, same).definition == changed
    assert change_now(team) == before, "what is so already is not written again"


def test_names_are_unique_whatever_their_capitals(team: Team) -> None:
    create(team, "Mass")
    with pytest.raises(ValidationRuleNameTaken):
        create(team, "mASS")
    create(team, "mass ")
    assert list(rules(team)) == ["Mass", "mass "]


def test_two_rules_whose_names_make_one_file_name_have_two_files(team: Team) -> None:
    paths = {create(team, name).definition.path for name in ("Mass!", "mass?", "MASS")}
    assert paths == {"validations/mass.js", "validations/mass-2.js", "validations/mass-3.js"}


def test_rules_that_share_a_file_part_when_one_gets_new_code(team: Team) -> None:
    second = LIST.split("validations:\n")[1].replace("Second source", "Third source")
    apply(team, File("validations.yaml", LIST + second), File("rules/second.js", CODE))
    one = rules(team)["Second source"]
    team.manager.run(update_rule, one.id, RuleChange(code=f"{CODE}// own\n"))
    assert {each.definition.path: each.definition.code for each in rules(team).values()} == {
        "validations/second-source.js": f"{CODE}// own\n",
        "rules/second.js": CODE,
    }


def test_a_rule_that_is_not_there_cannot_be_changed(team: Team, strangers: Team) -> None:
    made = create(strangers, "Mass")
    for unknown in (made.id, "", "x" * 500):
        with pytest.raises(ValidationRuleMissing):
            team.manager.run(update_rule, unknown, RuleChange(is_active=False))


def test_what_is_wrong_with_a_rule_is_told_and_nothing_is_written(team: Team) -> None:
    made = create(team, "Mass")
    before = change_now(team)
    with pytest.raises(InvalidValidationRule) as caught:
        team.manager.run(update_rule, made.id, RuleChange(code="// nothing", version="", on_failure="maybe"))
    assert [each.path for each in (caught.value, *caught.value.also)] == [("code",), ("version",), ("onFailure",)]
    assert caught.value.hint is not None
    assert "exports.validate = async" in caught.value.hint
    assert change_now(team) == before


def test_rules_are_asked_for_as_they_were(team: Team) -> None:
    made = create(team, "Mass", description="first")
    then = change_now(team)
    team.manager.run(update_rule, made.id, RuleChange(code=f"{CODE}// 2\n", description="second", is_active=False))
    create(team, "Another")
    with team.application.asking(team.viewer.actor) as asked:
        assert rules_at_change(asked.scope, then) == (made,)
        assert rules_at_change(asked.scope, then - 1) == ()
        assert [each.definition.name for each in active_rules(asked.scope)] == ["Another"]


def test_a_rule_says_who_made_it_and_who_changed_it(team: Team) -> None:
    made = create(team, "Mass")
    changed = team.administrator.run(update_rule, made.id, RuleChange(version="2"))
    assert (changed.created_at, changed.created_by) == (made.created_at, team.manager.actor.user_id)
    assert changed.updated_by == team.administrator.actor.user_id
    assert changed.updated_at >= made.updated_at


def test_rules_do_not_grow_into_a_folder_that_cannot_be_applied(team: Team) -> None:
    large = "exports.validate = 1;//" + "x" * 260_000
    text = "validations:\n" + "".join(
        f"  - {{ name: R{number}, description: d, version: 1.0.0, isActive: true, onFailure: error, path: r{number}.js }}\n"
        for number in range(31)
    )
    apply(team, File("validations.yaml", text), *(File(f"r{number}.js", large) for number in range(31)))
    team.manager.run(create_rule, NewRule("One more", large))
    with pytest.raises(InvalidConfiguration, match="The configuration would have") as caught:
        team.manager.run(create_rule, NewRule("Too much", large))
    assert caught.value.expected == "at most 8388608"


def test_a_folder_without_rules_leaves_those_of_the_library_alone(team: Team) -> None:
    """Such as one that was pulled before the first rule came through the API."""
    folder = [File(*each) for each in files_of(team).items()]
    made = create(team, "Mass")
    assert team.viewer.ask(plan_configuration, folder).is_empty
    assert team.manager.run(apply_configuration, folder).version is None
    assert rules(team) == {"Mass": made}


def test_a_folder_with_an_empty_list_takes_the_rules_and_their_code_away(team: Team) -> None:
    create(team, "Mass")
    folder = [
        File(path, text)
        for path, text in files_of(team).items()
        if path not in ("validations.yaml", "validations/mass.js")
    ]
    team.manager.run(apply_configuration, [*folder, File("validations.yaml", "validations: []\n")])
    assert rules(team) == {}
    assert "validations/mass.js" not in files_of(team)
