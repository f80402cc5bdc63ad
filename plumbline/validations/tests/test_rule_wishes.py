"""What callers want of a rule: kept to the letter, or refused with all its faults at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plumbline.validations.errors import InvalidValidationRule, ValidationRuleNameTaken
from plumbline.validations.model import NewRule, OnFailure, RuleChange, RuleDefinition, rule_id
from plumbline.validations.rule_wishes import changed_definition, free_path, new_definition

CODE = "exports.validate = () => ({ valid: true });"
WISH = NewRule("Mass: every part", CODE)
RULE = RuleDefinition("Mass", None, "1.0.0", True, OnFailure.ERROR, "validations/mass.js", CODE)


def test_a_wish_that_says_little_becomes_an_active_rule() -> None:
    made = new_definition(WISH, (), ())
    assert made == RuleDefinition(
        "Mass: every part", None, "1.0.0", True, OnFailure.ERROR, "validations/mass-every-part.js", CODE
    )


def test_what_is_wanted_is_kept_to_the_letter() -> None:
    code = f"\ufeff\r\n  {CODE} \n"
    wish = NewRule(" Größe ", code, "  a\r\n'b': \"c\" ", " v 1 ", is_active=False, on_failure="Warning", type="CUSTOM")
    made = new_definition(wish, (RULE,), ())
    assert (made.name, made.code, made.description, made.version) == (wish.name, code, wish.description, " v 1 ")
    assert (made.is_active, made.on_failure, made.path) == (False, OnFailure.WARNING, "validations/grosse.js")


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "blank"),
    ({"name": " \n"}, "name", "blank"),
    ({"name": "n" * 201}, "name", "201 characters"),
    ({"name": "a\nb"}, "name", "cannot be printed"),
    ({"name": "a\x07"}, "name", "cannot be printed"),
    ({"type": "system"}, "type", "no type of rules 'system'"),
    ({"code": ""}, "code", "does not assign exports.validate"),
    ({"code": "validate = 1"}, "code", "does not assign exports.validate"),
    ({"code": f"{CODE}\0"}, "code", "control character"),
    ({"code": f"{CODE}\ud800"}, "code", "control character"),
    ({"code": CODE + "é" * 131_072}, "code", "bytes"),
    ({"description": "d" * 2_001}, "description", "2001 characters"),
    ({"description": "a\x0bb"}, "description", "U+000B"),
    ({"version": ""}, "version", "0 characters"),
    ({"version": "1" * 101}, "version", "101 characters"),
    ({"on_failure": "warn"}, "onFailure", "'warn'"),
]


@pytest.mark.parametrize(("fields", "field", "phrase"), FAULTS, ids=[f"{field} {p}" for _, field, p in FAULTS])
def test_what_cannot_be_is_refused_at_its_field(fields: dict[str, Any], field: str, phrase: str) -> None:
    with pytest.raises(InvalidValidationRule) as caught:
        new_definition(replace(WISH, **fields), (), ())
    assert caught.value.path == (field,)
    assert phrase in caught.value.message
    assert caught.value.expected


def test_all_faults_are_told_at_once() -> None:
    wish = NewRule("", "", "d" * 3_000, "", on_failure="", type="")
    with pytest.raises(InvalidValidationRule) as caught:
        new_definition(wish, (), ())
    told = [each.path[0] for each in (caught.value, *caught.value.also)]
    assert told == ["name", "type", "code", "description", "version", "onFailure"]


def test_a_name_is_taken_whatever_its_capitals() -> None:
    with pytest.raises(ValidationRuleNameTaken, match="'MASS'"):
        new_definition(replace(WISH, name="MASS"), (RULE,), ())


def test_the_bound_of_rules() -> None:
    many = [replace(RULE, name=f"Rule {number}") for number in range(500)]
    assert new_definition(WISH, many[:-1], ()).name == WISH.name
    with pytest.raises(InvalidValidationRule, match="500 validation rules already"):
        new_definition(WISH, many, ())


def test_a_change_leaves_alone_what_it_does_not_name() -> None:
    old = replace(RULE, code="// of an older time", description="d")
    assert changed_definition(old, RuleChange(), (old,), ()) == old
    assert changed_definition(old, RuleChange(is_active=False), (old,), ()) == replace(old, is_active=False)
    assert changed_definition(old, RuleChange(description=None), (old,), ()).description is None
    assert changed_definition(old, RuleChange(description=""), (old,), ()).description == ""
    all_five = RuleChange(CODE, "e", "2", False, "warning")
    wanted = RuleDefinition("Mass", "e", "2", False, OnFailure.WARNING, old.path, CODE)
    assert changed_definition(old, all_five, (old,), ()) == wanted


def test_new_code_of_a_rule_that_shares_its_file_goes_into_a_file_of_its_own() -> None:
    other = replace(RULE, name="Other")
    change = RuleChange(code=f"{CODE}// new")
    changed = changed_definition(RULE, change, (RULE, other), {RULE.path})
    assert changed.path == "validations/mass-2.js"
    assert changed_definition(RULE, change, (RULE,), {RULE.path}).path == RULE.path
    assert changed_definition(RULE, RuleChange(version="2"), (RULE, other), {RULE.path}).path == RULE.path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Purchasing: a 2nd Source!", "validations/purchasing-a-2nd-source.js"),
        ("../../etc/passwd", "validations/etc-passwd.js"),
        ("質量", "validations/rule.js"),
        ("ä" * 200, f"validations/{'a' * 60}.js"),
        ("Mass", "validations/mass-3.js"),
    ],
)
def test_files_are_named_after_rules(name: str, path: str) -> None:
    assert free_path(name, {"validations/MASS.js", "validations/mass-2.js"}) == path


def test_ids_are_made_of_library_and_name() -> None:
    library, other = "6f1c6b0e-5a1d-4c59-9b5b-0d2f3f6f2a11", "7f1c6b0e-5a1d-4c59-9b5b-0d2f3f6f2a11"
    assert rule_id(library, "Mass") == rule_id(library, "MASS") != rule_id(other, "Mass")
    assert len(rule_id(library, "Mass")) == 36
