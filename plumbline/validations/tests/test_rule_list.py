"""One rule added to a list, or changed in it: what else stands there stays, and what is written is what is read."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plumbline.kit.yaml_composer import UNPRINTABLE
from plumbline.kit.yaml_source import load_yaml
from plumbline.validations.errors import InvalidValidationRule
from plumbline.validations.model import OnFailure, RuleDefinition
from plumbline.validations.rule_list import WRITTEN_ANEW, list_with, quoted
from plumbline.validations.rules_reading import rules_from

CODES = {"a.js": "A", "b.js": "B", "c.js": "C", "d.js": "D", "e.js": "E"}
LIST = """\
# What we ask of every change order.
version: "1.0"
validations:
  # The first rule came with the second assembly line.
  - name: One   # do not rename
    description: |
      A long text
      of two lines

    version: 1.0.0
    isActive: true # since March
    onFailure: Error
    path: ./a.js
  - { name: Two, description: 'x', version: 1.0, isActive: false, onFailure: warning, path: b.js }

  - name: Three
    description:
    version: 1.0.0
    isActive: true
    onFailure: error
    path: c.js # the last one
# End.
schema_type: validations
"""
NEW = RuleDefinition("Four: a new one", "Why", "1.0.0", True, OnFailure.ERROR, "d.js", "D")


def rules(text: str) -> tuple[RuleDefinition, ...]:
    return rules_from(load_yaml(text), CODES.get)


def difference(text: str, rule: RuleDefinition) -> list[str]:
    """Lines that went and came."""
    lines = difflib.unified_diff(text.splitlines(), list_with(text, rules(text), rule).splitlines(), lineterm="", n=0)
    return [line for line in list(lines)[2:] if not line.startswith("@")]


def test_a_switch_is_turned_and_nothing_else() -> None:
    one, two, three = rules(LIST)
    assert difference(LIST, replace(one, is_active=False)) == [
        "-    isActive: true # since March",
        "+    isActive: false # since March",
    ]
    assert difference(LIST, replace(two, is_active=True))[1:] == [
        "+  - { name: Two, description: 'x', version: 1.0, isActive: true, onFailure: warning, path: b.js }"
    ]
    assert difference(LIST, replace(three, description="More: #1")) == [
        "-    description:",
        '+    description: "More: #1"',
    ]
    assert difference(LIST, one) == []


def test_a_text_of_several_lines_becomes_one_of_one_line() -> None:
    one = rules(LIST)[0]
    changed = difference(LIST, replace(one, description="A\nB ", version="v2", on_failure=OnFailure.WARNING))
    assert changed == [
        "-    description: |",
        "-      A long text",
        "-      of two lines",
        "-",
        "-    version: 1.0.0",
        '+    description: "A\\nB "',
        '+    version: "v2"',
        "-    onFailure: Error",
        "+    onFailure: warning",
    ]


ITEM = [
    '+  - name: "Four: a new one"',
    '+    description: "Why"',
    '+    version: "1.0.0"',
    "+    isActive: true",
    "+    onFailure: error",
    '+    path: "d.js"',
]


def test_a_new_rule_comes_after_the_others() -> None:
    assert difference(LIST, NEW) == ITEM
    assert '# the last one\n  - name: "Four: a new one"' in list_with(LIST, rules(LIST), NEW)


@pytest.mark.parametrize("none", ["[]", "", "null", "[ ]"])
def test_the_first_rule_of_an_empty_list(none: str) -> None:
    text = f"# Soon.\nversion: '1.0'\nvalidations: {none}".rstrip() + "\nschema_type: validations"
    assert [line for line in difference(text, NEW) if "validations:" not in line] == ITEM


def test_the_first_rule_of_a_library_without_a_list() -> None:
    text = list_with(None, (), NEW)
    assert rules(text) == (NEW,)
    assert text.startswith("# yaml-language-server: $schema=/static/schemes/validations/schema.json\nversion:")


def test_a_list_that_is_not_indented_and_ends_without_a_line_end() -> None:
    text = "validations:\n- { name: Two, description: x, version: 1.0.0, isActive: true, onFailure: error, path: b.js }"
    assert difference(text, NEW)[-6:] == [line.replace("  ", "", 1) for line in ITEM]
    assert list_with(text, rules(text), NEW).startswith(text + "\n- name:")


def test_windows_line_ends_stay() -> None:
    text = LIST.replace("\n", "\r\n")
    added = list_with(text, rules(text), NEW)
    assert "\n" not in added.replace("\r\n", "")
    assert rules(added)[-1] == NEW
    changed = list_with(text, rules(text), replace(rules(text)[0], description="short"))
    assert "\n" not in changed.replace("\r\n", "")


SHARED = """\
# A comment.
validations:
  - &base { name: One, description: d, version: 1.0.0, isActive: &on true, onFailure: error, path: a.js }
  - { <<: *base, name: Two, path: b.js }
  - { name: Three, description: d, version: 1.0.0, isActive: *on, onFailure: error, path: c.js }
"""
BRACKETS = (
    "{ validations: [ { name: One, description: d, version: 1.0.0, isActive: true, onFailure: error, path: a.js } ] }"
)


@pytest.mark.parametrize(("text", "at"), [(SHARED, 0), (SHARED, 1), (SHARED, 3), (BRACKETS, 0), (BRACKETS, 3)])
def test_what_cannot_be_edited_is_written_anew(text: str, at: int) -> None:
    """Whatever shares a value with another rule keeps its own."""
    before = rules(text)
    rule = replace(before[at], is_active=False) if at < len(before) else NEW
    written = list_with(text, before, rule)
    assert rules(written) == (*before[:at], rule, *before[at + 1 :])
    assert (WRITTEN_ANEW in written) is ((text, at) not in ((SHARED, 3), (BRACKETS, 0)))
    if WRITTEN_ANEW in written:
        again = list_with(written, rules(written), replace(NEW, name="Five", path="e.js", code="E"))
        assert again.startswith(written), "our own form can be edited"


def test_a_list_that_becomes_too_large_is_refused() -> None:
    many = [
        RuleDefinition(f"Rule {number}", "d" * 2_000, "1.0.0", True, OnFailure.ERROR, "a.js", "A")
        for number in range(140)
    ]
    with pytest.raises(InvalidValidationRule, match="The list of all rules would have") as caught:
        list_with(None, many, NEW)
    assert caught.value.expected == "at most 262144"


# --- laws -----------------------------------------------------------------------------------------------------------------------

texts = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.text("\r\n\t #:-'\"{}[]&*!|>%@`$\\\u2028\x85\ufeff\ue100é😀", max_size=12),
    st.sampled_from(
        ["", " ", "null", "~", "true", "1.0", "- x", "# x", "a: b", "${{ duro.x }}", "\n", "…\r\n", " both "]
    ),
).filter(lambda text: not UNPRINTABLE.search(text))
versions = texts.filter(bool)
names = texts.filter(lambda text: bool(text.strip()))


@given(texts)
def test_every_reader_takes_a_written_text_for_the_same(text: str) -> None:
    assert load_yaml(f"[{quoted(text)}]").value == [text]
    assert yaml.safe_load(f"[{quoted(text)}]") == [text]
    assert len(quoted(text).splitlines()) == 1


@st.composite
def lists(draw: st.DrawFn) -> list[RuleDefinition]:
    found = draw(st.lists(names, max_size=4, unique_by=lambda name: name.lower()))
    return [drawn_rule(draw, name) for name in found]


def drawn_rule(draw: st.DrawFn, name: str) -> RuleDefinition:
    path = draw(st.sampled_from(sorted(CODES)))
    description = draw(st.none() | texts)
    failure = draw(st.sampled_from(OnFailure))
    return RuleDefinition(name, description, draw(versions), draw(st.booleans()), failure, path, CODES[path])


@given(lists(), names, st.data())
def test_a_list_says_what_was_put_into_it(listed: list[RuleDefinition], name: str, data: Any) -> None:
    """Rule by rule, and then one of them changed, or one more added."""
    text: str | None = None
    for index, rule in enumerate(listed):
        text = list_with(text, listed[:index], rule)
    names_known = {each.name.lower(): each.name for each in listed}
    wanted = data.draw(st.composite(lambda draw: drawn_rule(draw, names_known.get(name.lower(), name)))())
    before = () if text is None else rules(text)
    assert before == tuple(listed)
    after = list_with(text, before, wanted)
    assert {each.name: each for each in rules(after)} == {
        **{each.name: each for each in listed},
        wanted.name: wanted,
    }
    assert text is None or WRITTEN_ANEW not in after, "our own form can always be edited"
