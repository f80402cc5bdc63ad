"""`plumbline rules …`: a repository of rules brought into a library, over a server and in a data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

CODE = "// Größe\r\nexports.validate = async (data) => ({ valid: data.items.length > 0 });\n"
LIST = """\
validations:
  - name: "Mass: every part has one"
    description: Sums need it
    version: 1.0.0
    isActive: true
    onFailure: error
    path: validations/mass.js
  - name: Second source
    description: ""
    version: 1.10
    isActive: false
    onFailure: Warning
    path: ./validations/purchasing/second.js
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "validations" / "purchasing").mkdir(parents=True)
    (folder / "validations.yaml").write_text(LIST)
    (folder / "validations" / "mass.js").write_bytes(CODE.encode())
    (folder / "validations" / "purchasing" / "second.js").write_bytes(b"\xef\xbb\xbf" + CODE.encode())
    return folder


def rewrite(repository: Path, old: str, new: str) -> None:
    text = (repository / "validations.yaml").read_text()
    assert old in text
    (repository / "validations.yaml").write_text(text.replace(old, new))


NOTHING = {"dryRun": False, "created": [], "updated": [], "switchedOff": [], "failed": [], "rules": 2}


def test_rules_are_brought_in_once_and_then_nothing_is_done(plumbline, library, repository):
    dry = plumbline("rules", "sync", repository, "--dry-run", "--data", library)
    assert (dry.code, dry.out) == (0, "create     Mass: every part has one\ncreate     Second source\n")
    assert "2 to create, 0 to update, 0 to switch off. Nothing was done." in dry.err
    first = plumbline("rules", "sync", repository, "--data", library, "--json")
    assert first.json == {**NOTHING, "created": ["Mass: every part has one", "Second source"]}
    assert plumbline("rules", "sync", repository, "--data", library, "--json").json == NOTHING
    again = plumbline("rules", "sync", repository, "--data", library)
    assert again.out == "Nothing to do: the library is as the folder says.\n"
    found = {each["name"]: each for each in plumbline("rules", "list", "--data", library, "--json").json}
    assert found["Mass: every part has one"]["code"] == CODE
    assert found["Second source"]["code"] == "\ufeff" + CODE
    assert (found["Second source"]["version"], found["Second source"]["onFailure"]) == ("1.10", "WARNING")


def test_what_differs_is_updated_and_what_is_gone_is_switched_off(plumbline, library, repository):
    plumbline("rules", "sync", repository, "--data", library)
    rewrite(repository, "onFailure: Warning", "onFailure: error")
    rewrite(repository, "isActive: false", "isActive: true")
    outcome = plumbline("rules", "sync", repository, "--data", library)
    assert outcome.out == "update     Second source (onFailure, isActive)\n"
    (repository / "validations.yaml").write_text("validations: []\n")
    outcome = plumbline("rules", "sync", repository, "--data", library)
    assert outcome.out == "switch off Mass: every part has one\nswitch off Second source\n"
    listed = plumbline("rules", "list", "--data", library).out.splitlines()
    assert listed[0].split("\t") == ["name", "version", "active", "on failure", "updated", "file"]
    assert [line.split("\t")[:4] for line in listed[1:]] == [
        ["Mass: every part has one", "1.0.0", "no", "error"],
        ["Second source", "1.10", "no", "error"],
    ]
    (repository / "validations.yaml").write_text(LIST.replace("every part has one", "EVERY part has one"))
    outcome = plumbline("rules", "sync", repository, "--data", library)
    assert outcome.out.splitlines()[0] == "update     Mass: EVERY part has one (isActive)"


def test_a_call_that_fails_is_told_and_the_others_are_made(plumbline, library, repository):
    (repository / "validations" / "mass.js").write_text("// nothing to run\n")
    outcome = plumbline("rules", "sync", repository, "--data", library)
    assert (outcome.code, outcome.out) == (1, "create     Second source\n")
    assert "The code does not assign exports.validate." in outcome.err
    assert "exports.validate = async (data)" in outcome.err
    outcome = plumbline("rules", "sync", repository, "--data", library, "--json")
    assert outcome.code == 1
    assert '"failed":[{"name":"Mass: every part has one"' in outcome.out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("onFailure: error", "onFailure: maybe", "validations.yaml:6:16: 'maybe' is not known here"),
        ("validations/mass.js", "validations/gone.js", "There is no file 'validations/gone.js'"),
        ("validations/mass.js", "../outside.js", "leads out of a folder"),
        ("version: 1.0.0", "version:", "nothing stands where a text is expected"),
    ],
)
def test_a_wrong_list_is_refused_before_anything_is_done(plumbline, library, repository, old, new, told):
    rewrite(repository, old, new)
    outcome = plumbline("rules", "sync", repository, "--data", library)
    assert (outcome.code, outcome.out) == (1, "")
    assert told in outcome.err
    assert plumbline("rules", "list", "--data", library, "--json").json == []


def test_a_folder_without_a_list_and_a_file_that_is_not_text_are_refused(plumbline, library, repository, tmp_path):
    assert "There is no file" in plumbline("rules", "sync", tmp_path, "--data", library).err
    (repository / "validations" / "mass.js").write_bytes(b"\xff\xfe")
    outcome = plumbline("rules", "sync", repository, "--data", library)
    assert outcome.code == 1
    assert "is not UTF-8: byte 0" in outcome.err


def test_the_same_over_a_server(plumbline, start, library, repository):
    key = plumbline("keys", "create", "Build server", "--data", library, "--json").json["secret"]
    server = start("serve", "--data", library, "--port", "0")
    there = ("--url", server.address, "--api-key", key)
    assert plumbline("rules", "sync", repository, *there, "--json").json["created"] == [
        "Mass: every part has one",
        "Second source",
    ]
    assert plumbline("rules", "sync", repository, *there, "--json").json == NOTHING
    assert len(plumbline("rules", "list", *there, "--json").json) == 2


def test_rules_that_were_synced_are_pulled_as_files_that_plan_to_nothing(plumbline, library, repository, tmp_path):
    plumbline("rules", "sync", repository, "--data", library)
    pulled = tmp_path / "pulled"
    assert plumbline("config", "pull", pulled, "--data", library).code == 0
    assert (pulled / "validations" / "second-source.js").read_bytes() == b"\xef\xbb\xbf" + CODE.encode()
    planned = plumbline("config", "plan", pulled, "--data", library)
    assert planned.out.startswith("Nothing to do")
    assert "'1.10' of the rule 'Second source' is no semantic version" in planned.out + planned.err
    assert plumbline("rules", "sync", pulled, "--data", library, "--json").json == NOTHING
