"""`validations.yaml`: what is read, and how each fault is told."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from plumbline.kit.errors import Refusal
from plumbline.kit.yaml_source import YamlRefused, load_yaml
from plumbline.validations.errors import InvalidValidations
from plumbline.validations.model import OnFailure, RuleDefinition
from plumbline.validations.rules_language import PAGE, schema
from plumbline.validations.rules_reading import CODE_BYTES_MAX, rule_notices, rules_from

CODE = "exports.validate = async (data) => ({ valid: data.items.length > 0 });\n"
FILES = {
    "validations/mass.js": CODE,
    "second.js": "// längst überfällig\n",
    "big.js": "é" * (CODE_BYTES_MAX // 2 + 1),
    "huge.js": "x" * (CODE_BYTES_MAX + 1),
    "full.js": "x" * CODE_BYTES_MAX,
    "picture.js": b"\x89PNG\r\n\x1a\n\x00".decode("utf-8", "surrogateescape"),
    "latin.js": "// Größe".encode("latin-1").decode("utf-8", "surrogateescape"),
    "zero.js": "a\0b",
}

GOOD = """
version: "1.0"
schema_type: validations
validations:
  - name: "Mass: every part has one"
    description: Sums need it
    version: 1.0.0
    isActive: true
    onFailure: error
    path: validations/mass.js
  - name: Second
    description: ""
    version: 2.1.0-beta.1+build.7
    isActive: false
    onFailure: Warning
    path: ./second.js
"""


def rules(text: str) -> tuple[RuleDefinition, ...]:
    return rules_from(load_yaml(text, "validations.yaml"), FILES.get)


def test_rules_are_read_to_the_letter() -> None:
    first, second = rules(GOOD)
    assert first == RuleDefinition(
        "Mass: every part has one", "Sums need it", "1.0.0", True, OnFailure.ERROR, "validations/mass.js", CODE
    )
    assert (second.description, second.version, second.is_active) == ("", "2.1.0-beta.1+build.7", False)
    assert (second.on_failure, second.path) == (OnFailure.WARNING, "second.js")
    assert second.code == FILES["second.js"]


@pytest.mark.parametrize("text", ["validations: []", "validations:\n", "schema_type: validations\nvalidations: []"])
def test_a_library_may_have_no_rules(text: str) -> None:
    assert rules(text) == ()


@pytest.mark.parametrize("word", ["error", "ERROR", "Error", "eRRor"])
def test_capitals_make_no_difference_for_on_failure(word: str) -> None:
    assert rules(GOOD.replace("onFailure: error", f"onFailure: {word}"))[0].on_failure is OnFailure.ERROR


def test_any_text_is_a_version_and_a_description_may_be_missing() -> None:
    found = rules(GOOD.replace("version: 1.0.0", "version: 1.10").replace('description: ""', "description:"))
    assert (found[0].version, found[1].description) == ("1.10", None)


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "01.0.0", " 1.0.0", "latest"])
def test_a_version_that_is_not_semantic_is_told(version: str) -> None:
    [notice] = rule_notices([*rules(GOOD.replace("version: 1.0.0", f"version: {json.dumps(version)}"))][:1])
    assert f"{version!r} of the rule 'Mass: every part has one' is no semantic version" in notice


def test_code_that_can_never_run_is_told() -> None:
    [notice] = rule_notices(rules(GOOD))
    assert notice == "second.js does not assign exports.validate, so that the rule 'Second' cannot run."


def test_a_file_may_be_as_large_as_the_bound_and_serve_two_rules() -> None:
    found = rules(GOOD.replace("validations/mass.js", "full.js").replace("./second.js", "full.js"))
    assert [len(rule.code) for rule in found] == [CODE_BYTES_MAX] * 2


def but(old: str, new: str) -> str:
    """The good list with one change; the fault is expected in the line that ends in `#!`."""
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def with_path(path: str) -> str:
    return but("path: validations/mass.js", f"path: {path} #!")


WRONG = [
    ("nothing in the file", "", "nothing stands where a mapping is expected"),
    ("a list without its key", "- name: a #!", "a list stands where a mapping is expected"),
    ("no list", 'version: "1.0"', "'validations' is missing"),
    ("list that is a mapping", "validations: {a: 1} #!", "a mapping stands where a list is expected"),
    ("unknown key", but("schema_type: validations", "schematype: validations #!"), "'schematype' means nothing here"),
    ("another kind of document", but("schema_type: validations", "schema_type: validation #!"), "'validation' is not known"),
    ("version of another language", but('version: "1.0"', 'version: "3" #!'), "'3' is not a version of this language"),
    ("rule that is a text", "validations: [mass.js] #!", "'mass.js' stands where a mapping is expected"),
    ("no name", but("- name: Second\n    description", "- description"), "'name' is missing"),
    ("empty name", but("name: Second", "name: '' #!"), "The text is empty"),
    ("blank name", but("name: Second", "name: '  ' #!"), "The text is blank"),
    ("name too long", but("name: Second", f"name: {'n' * 201} #!"), "201 characters; at most 200"),
    ("two rules of one name", but("name: Second", 'name: "mass: every part has one" #!'), "two rules named"),
    ("no description", but('    description: ""\n', ""), "'description' is missing"),
    ("description too long", but('description: ""', f"description: {'d' * 2_001} #!"), "2001 characters; at most 2000"),
    ("version that is empty", but("version: 1.0.0", 'version: "" #!'), "The text is empty"),
    ("version too long", but("version: 1.0.0", f"version: v{'1' * 100}.0 #!"), "103 characters; at most 100"),
    ("version with nothing in it", but("version: 1.0.0", "version: #!"), "nothing stands where a text"),
    ("isActive is yes", but("isActive: true", "isActive: yes #!"), "'yes' stands where true or false is expected"),
    ("isActive is a number", but("isActive: true", "isActive: 1 #!"), "1 stands where true or false is expected"),
    ("misspelled key", but("isActive: true", "isactive: true #!"), "'isactive' means nothing here"),
    ("unknown failure", but("onFailure: error", "onFailure: warn #!"), "'warn' is not known here"),
    ("failure that is true", but("onFailure: error", "onFailure: true #!"), "true is not known here"),
    ("path from the root", with_path("/etc/passwd.js"), "is not relative"),
    ("path from home", with_path("~/rule.js"), "is not relative"),
    ("path with a drive", with_path("C:/rule.js"), "is not relative"),
    ("path with backslashes", with_path("validations\\mass.js"), "has a backslash"),
    ("path that leads out", with_path("../rule.js"), "leads out of a folder"),
    ("path that leads out later", with_path("a/../../rule.js"), "leads out of a folder"),
    ("path with an empty folder", with_path("a//rule.js"), "is not the path of a file"),
    ("path with a point", with_path("a/./rule.js"), "is not the path of a file"),
    ("path with a line end", with_path('"a\\nb.js"'), "is not the path of a file"),
    ("path of another language", with_path("rule.ts"), "is not a JavaScript file"),
    ("path of a folder", with_path("validations/"), "is not the path of a file"),
    ("path that is only an ending", with_path("validations/.js"), "is not a JavaScript file"),
    ("path too long", with_path("a" * 300 + ".js"), "303 characters; at most 300"),
    ("empty path", with_path("''"), "The text is empty"),
    ("file that is missing", with_path("validations/masss.js"), "There is no file 'validations/masss.js'"),
    ("file that is too large in bytes", with_path("big.js"), "too large: 262146 bytes"),
    ("file that is too large in characters", with_path("huge.js"), "too large: 262145 bytes"),
    ("file that is a picture", with_path("picture.js"), "is not text"),
    ("file that is not UTF-8", with_path("latin.js"), "is not text"),
    ("file with a zero in it", with_path("zero.js"), "is not text"),
    ("too many rules", "validations: [" + "{}," * 501 + "] #!", "'name' is missing"),
    ("key twice", but("isActive: true", "isActive: true\n    isActive: true #!"), "stands twice in this mapping"),
]  # fmt: skip

LINES = {"nothing in the file": 1, "no list": 1, "no name": 11, "no description": 11}

HINTS = {
    "unknown key": "schema_type",
    "another kind of document": "validations",
    "misspelled key": "isActive",
    "unknown failure": "warning",
}


@pytest.mark.parametrize(("name", "text", "phrase"), WRONG, ids=[name for name, _, _ in WRONG])
def test_a_wrong_list_is_refused_at_its_line(name: str, text: str, phrase: str) -> None:
    spent = []
    for _ in range(3):
        start = time.process_time()
        with pytest.raises(Refusal) as caught:
            rules(text)
        spent.append(time.process_time() - start)
    refusal = caught.value
    assert type(refusal) is (YamlRefused if name == "key twice" else InvalidValidations)
    marked = [number for number, line in enumerate(text.split("\n"), start=1) if line.endswith("#!")]
    told = [each for each in (refusal, *refusal.also) if phrase in str(each)]
    assert told, [str(each) for each in (refusal, *refusal.also)]
    assert str(told[0]).startswith(f"validations.yaml:{marked[0] if marked else LINES[name]}:")
    assert HINTS.get(name, "") in (told[0].hint or "")
    assert name == "key twice" or refusal.page == PAGE
    assert min(spent) <= 0.1


def test_the_bound_of_rules() -> None:
    rule = "{name: N, description: d, version: 1.0.0, isActive: true, onFailure: error, path: second.js},"
    with pytest.raises(InvalidValidations, match="501 entries; at most 500"):
        rules("validations: [" + "".join(rule.replace("N", f"R{n}") for n in range(501)) + "]")


def test_faults_of_all_rules_are_told_at_once() -> None:
    with pytest.raises(InvalidValidations) as caught:
        rules(GOOD.replace("validations/mass.js", "mass.js").replace("./second.js", "../second.js"))
    assert [fault.path for fault in (caught.value, *caught.value.also)] == [
        ("validations", 0, "path"),
        ("validations", 1, "path"),
    ]


def test_files_are_asked_for_by_good_paths_only() -> None:
    asked: list[str] = []

    def code_of(path: str) -> str | None:
        asked.append(path)
        return CODE

    with pytest.raises(InvalidValidations):
        rules_from(load_yaml(GOOD.replace("validations/mass.js", "../../etc/secret.js")), code_of)
    assert asked == ["second.js"]


PAGE_FILE = Path(__file__).parents[3] / PAGE


@pytest.mark.parametrize(
    "fence", re.findall(r"^```yaml\n(.*?)^```", PAGE_FILE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
)
def test_examples_of_the_page_load(fence: str) -> None:
    assert rules_from(load_yaml(fence), lambda path: CODE)


def test_the_json_schema_explains_every_key_and_allows_no_other() -> None:
    found: dict[str, Any] = schema("https://plm.example.com/static/schemes/validations/schema.json")
    rule = found["definitions"]["RuleModel"]
    assert rule["required"] == ["name", "description", "version", "isActive", "onFailure", "path"]
    for each in (found, rule):
        assert each["additionalProperties"] is False
        assert all(value["description"] for value in each["properties"].values())
    for path, fits in (
        ("validations/mass.js", True),
        ("./a.js", True),
        ("/a.js", False),
        ("a\\b.js", False),
        ("a", False),
    ):
        assert bool(re.search(rule["properties"]["path"]["pattern"], path)) is fits
