"""`plumbline rules test`: rules run here, on a change order or on recorded data, in the sandbox that servers run them in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

LIST = """\
validations:
  - name: Has a name
    description: Every item is called something
    version: 1.0.0
    isActive: true
    onFailure: error
    path: validations/name.js
  - name: Is released
    description: Every item was released before
    version: 1.0.0
    isActive: true
    onFailure: warning
    path: validations/released.js
  - name: Never
    description: Not in use
    version: 1.0.0
    isActive: false
    onFailure: error
    path: validations/never.js
"""
NAME = """exports.validate = async (data) => {
  console.log('looking at', data.components.length);
  console.warn('a\\nb');
  return { valid: data.items.every((each) => each.name.length > 0) };
};
"""
RELEASED = """exports.validate = (data) => {
  const never = data.items.filter((each) => each.revisionValue === null).map((each) => each.cpn);
  return never.length ? { valid: false, message: `Never released: ${never}` } : { valid: true };
};
"""
NEVER = "exports.validate = () => { throw new Error('not today'); };\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "validations").mkdir(parents=True)
    (folder / "validations.yaml").write_text(LIST)
    for name, code in (("name", NAME), ("released", RELEASED), ("never", NEVER)):
        (folder / "validations" / f"{name}.js").write_text(code)
    return folder


@pytest.fixture
def order(plumbline, library, bom_file) -> str:
    plumbline("import", bom_file, "--data", library)
    made = plumbline("change-orders", "create", "--name", "Wire", "--item", "WIRE-1", "--data", library, "--json")
    return str(made.json["number"])


def test_the_active_rules_of_a_folder_run_on_a_change_order(plumbline, library, repository, order):
    outcome = plumbline("rules", "test", repository, "--change-order", order, "--data", library)
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[0].startswith("PASS    Has a name (0.")
    assert lines[1:4] == ["        log: looking at 1", "        warn: a", "        warn: b"]
    assert lines[4].startswith("WARNING Is released: Never released: 000-00003 (")
    assert lines[5] == "1 passed, 0 failed, 1 warnings"


def test_a_file_is_what_the_list_above_it_says(plumbline, library, repository, order):
    code = repository / "validations" / "released.js"
    there = ("--change-order", order, "--data", library)
    assert plumbline("rules", "test", code, *there).code == 0
    strict = plumbline("rules", "test", code, "--on-failure", "error", *there, "--json")
    assert strict.code == 1
    found = json.loads(strict.out)
    assert (found["changeOrder"], found["passed"], found["failed"], found["warnings"]) == (order, 0, 1, 0)
    [result] = found["results"]
    assert (result["name"], result["state"], result["onFailure"], result["ended"]) == (
        "Is released", "FAIL", "ERROR", "RETURNED",
    )  # fmt: skip
    assert result["message"] == "Never released: 000-00003"
    assert result["seconds"] >= 0
    alone = repository.parent / "alone.js"
    alone.write_text(RELEASED)
    assert plumbline("rules", "test", alone, *there).code == 1, "a rule of no list stops change orders"


def test_recorded_data_stands_for_the_server(plumbline, library, repository, order, tmp_path):
    file = tmp_path / "order.json"
    saved = plumbline("rules", "test", "--change-order", order, "--save-data", file, "--data", library)
    assert (saved.code, saved.out) == (0, "")
    assert f"The data of {order} is in" in saved.err
    data = json.loads(file.read_text())
    assert (data["change_order"]["number"], [each["cpn"] for each in data["items"]]) == (order, ["000-00003"])
    outcome = plumbline("rules", "test", repository, "--data", file)
    assert outcome.code == 0
    assert outcome.out.endswith("1 passed, 0 failed, 1 warnings\n")
    data["items"][0]["name"] = ""
    file.write_text(json.dumps(data))
    assert plumbline("rules", "test", repository, "--data", file).code == 1


def test_a_rule_that_does_not_answer_fails_with_what_it_did(plumbline, library, repository, order):
    outcome = plumbline("rules", "test", repository / "validations" / "never.js", "--change-order", order,
                        "--data", library)  # fmt: skip
    assert outcome.code == 1
    assert outcome.out.startswith("FAIL    Never: ")
    assert "not today" in outcome.out
    assert "        error: " in outcome.out


def test_what_cannot_be_run_is_told(plumbline, library, repository, order, tmp_path):
    code = repository / "validations" / "name.js"
    assert plumbline("rules", "test", code, "--data", library).code == 2
    assert plumbline("rules", "test", "--change-order", order, "--data", library).code == 2
    data = tmp_path / "data.json"
    data.write_text("[]")
    assert plumbline("rules", "test", code, "--change-order", order, "--data", data).code == 2
    for content, told in (("[]", "holds no object"), ("{", "is no JSON")):
        data.write_text(content)
        refused = plumbline("rules", "test", code, "--data", data)
        assert refused.code == 1
        assert told in refused.err
    assert "There is no file" in plumbline("rules", "test", tmp_path / "no.js", "--data", data).err
    missing = plumbline("rules", "test", code, "--change-order", "ECO-9", "--data", library)
    assert missing.code == 1
    assert "There is no change order 'ECO-9'" in missing.err


def test_nothing_is_changed_and_a_viewer_may_do_it(plumbline, start, library, repository, order):
    key = plumbline("keys", "create", "Rules", "--data", library, "--json").json["secret"]
    server = start("serve", "--data", library, "--port", "0")
    there = ("--url", server.address, "--api-key", key)
    assert plumbline("rules", "test", repository, "--change-order", order, *there).code == 0
    assert plumbline("change-orders", "show", order, *there, "--json").json["latestValidationRun"] is None
