"""`plumbline config …`, as people run it: a folder pulled, edited, planned, applied, taken back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

TEMPLATE = """\
version: "1.0"
description: A second pair of eyes
schema_type: change_order_scheme
details: { info: { groups: [] } }
stages: { open: [{ name: Review, types: [Majority], default: Majority }] }
"""


@pytest.fixture
def folder(plumbline, library: Path, tmp_path: Path) -> Path:
    """The library's configuration in a folder."""
    pulled = tmp_path / "configuration"
    assert plumbline("config", "pull", pulled, "--data", library).code == 0
    return pulled


def rewrite(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text(encoding="utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new), encoding="utf-8")


def test_what_was_pulled_plans_to_nothing_and_is_not_written_again(plumbline, library, folder):
    assert sorted(path.name for path in folder.rglob("*.yaml")) == [
        "categories.yaml", "default.yaml", "double.yaml", "numbering.yaml", "revisions.yaml",
    ]  # fmt: skip
    planned = plumbline("config", "plan", folder, "--data", library)
    assert (planned.code, planned.out) == (0, "Nothing to do: the library is as the files say.\n")
    again = plumbline("config", "pull", folder, "--data", library)
    assert {line.split()[0] for line in again.out.splitlines()} == {"same"}
    assert again.err == ""


def test_a_pull_names_files_that_the_library_does_not_have(plumbline, library, folder):
    (folder / "change-orders" / "old.yaml").write_text(TEMPLATE)
    again = plumbline("config", "pull", folder, "--data", library)
    assert again.out.splitlines()[-1] == "extra    change-orders/old.yaml"
    assert "applying the folder would bring it in" in again.err


def test_a_change_is_planned_applied_told_and_taken_back(plumbline, library, folder):
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    (folder / "change-orders" / "second.yaml").write_text(TEMPLATE)
    rewrite(
        folder,
        "categories.yaml",
        "{ name: Thread, type: string }",
        "{ name: Thread, type: string, required: Production }",
    )
    planned = plumbline("config", "plan", folder, "--data", library, "--diff")
    assert "+ Add the change order template 'second'." in planned.out
    assert "+ Change the spec Thread of Screw: required none becomes Production." in planned.out
    assert "+    thread: { name: Thread, type: string, required: Production }" in planned.out
    applied = plumbline("config", "apply", folder, "--reason", "Threads matter", "--data", library, "--json").json
    assert applied["version"]["number"] == 2
    assert applied["version"]["reason"] == "Threads matter"
    again = plumbline("config", "apply", folder, "--data", library, "--json").json
    assert again["version"] is None
    history = plumbline("config", "history", "--data", library)
    assert [line.split("\t")[0] for line in history.out.splitlines()] == ["version", "2", "1"]
    whole = plumbline("config", "history", "2", "--data", library)
    assert "Threads matter" in whole.out
    assert "+++ b/change-orders/second.yaml" in whole.out
    unknown = plumbline("config", "history", "99", "--data", library)
    assert (unknown.code, unknown.out) == (1, "")
    assert "The configuration has no version 99." in unknown.err
    assert plumbline("config", "history", "--last", "0", "--data", library).code == 2
    rolled = plumbline("config", "rollback", "1", "--data", library, "--json").json
    assert rolled["version"]["origin"] == "rollback"
    (folder / "change-orders" / "second.yaml").unlink()
    plumbline("config", "pull", folder, "--data", library)
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before


def test_validate_tells_every_fault_of_every_file_with_its_place_and_needs_no_server(plumbline, folder):
    assert plumbline("config", "validate", folder).out == "5 documents, no fault.\n"
    rewrite(folder, "categories.yaml", "type: MECHANICAL\n    name: Screw", "typ: MECHANICAL\n    name: Screw")
    rewrite(folder, "revisions.yaml", "status_order:", "status_ordre:")
    refused = plumbline("config", "validate", folder)
    assert refused.code == 1
    assert re.search(r"error: categories\.yaml:\d+:\d+: 'typ' means nothing here", refused.err)
    assert re.search(r"error: revisions\.yaml:\d+:\d+: 'status_ordre' means nothing here", refused.err)
    assert "Did you mean 'type'?" in refused.err
    as_json = plumbline("config", "validate", folder, "--json")
    assert as_json.code == 1
    faults = json.loads(as_json.out)["faults"]
    assert {fault["file"] for fault in faults} == {"categories.yaml", "revisions.yaml"}
    assert all(fault["line"] and fault["page"] for fault in faults)


def test_what_breaks_is_applied_only_if_it_is_allowed(plumbline, library, folder, bom_file):
    plumbline("import", bom_file, "--data", library)
    entry = '  - code: "000"\n    type: MECHANICAL\n    name: Uncategorized\n    shortName: MISC\n'
    rewrite(folder, "categories.yaml", entry, "")
    planned = plumbline("config", "plan", folder, "--data", library)
    assert "x Retire the category Uncategorized (000)." in planned.out
    assert "Refused: it would lose data." in planned.out
    refused = plumbline("config", "apply", folder, "--allow", "all", "--data", library)
    assert refused.code == 1
    assert "Components in this category" in refused.err


def test_the_report_names_every_component_that_breaks_a_rule(plumbline, library, folder, bom_file):
    plumbline("import", bom_file, "--data", library)
    assert plumbline("config", "report", "--data", library).out == "No violation.\n"
    rewrite(
        folder, "categories.yaml", "{ name: Material, type: string }", '{ name: Material, type: string, required: "*" }'
    )
    plumbline("config", "apply", folder, "--allow", "spec.change", "--data", library)
    found = plumbline("config", "report", "--severity", "error", "--data", library, "--json").json["violations"]
    assert found
    assert {each["violation"]["spec"] for each in found} == {"Material"}
    assert all(each["violation"]["rule"].startswith("#/commonSpecs/") for each in found)


def test_several_libraries_are_configured_from_one_folder(plumbline, tmp_path):
    data, folder = tmp_path / "two", tmp_path / "configuration"
    for name in ("Main", "Lab"):
        made = plumbline(
            "init", "--data", data, "--organization", "Acme", "--library", name, "--admin-email", "a@acme.example"
        )
        assert made.code == 0
    plumbline("config", "pull", folder / "shared", "--data", data, "--library", "@acme/main")
    (folder / "lab" / "change-orders").mkdir(parents=True)
    (folder / "lab" / "change-orders" / "second.yaml").write_text(TEMPLATE)
    (folder / "plumbline.yaml").write_text(
        'schema_type: configuration_folder\nlibraries:\n  "@acme/main": [shared]\n  "@acme/lab": [shared, lab]\n'
    )
    plans = plumbline("config", "plan", folder, "--data", data, "--json").json
    assert [len(plans[address]["steps"]) for address in ("@acme/main", "@acme/lab")] == [0, 1]
    applied = plumbline("config", "apply", folder, "--data", data, "--json").json
    assert applied["@acme/lab"]["version"]["number"] == 2
    assert plumbline("config", "plan", folder, "--data", data).out.count("Nothing to do") == 2
    (folder / "plumbline.yaml").write_text('schema_type: configuration_folder\nlibraries: { "@acme/main": [shred] }\n')
    refused = plumbline("config", "validate", folder)
    assert refused.code == 1
    assert "plumbline.yaml:2:" in refused.err


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"categories: [", b"x" * 300_000])
def test_files_that_cannot_be_read_are_refused_by_name(plumbline, folder, content):
    (folder / "categories.yaml").write_bytes(content)
    refused = plumbline("config", "validate", folder)
    assert refused.code == 1
    assert "categories.yaml" in refused.err


def test_over_the_network_it_is_the_same(plumbline, start, library, tmp_path):
    key = plumbline("keys", "create", "network", "--data", library, "--json").json["secret"]
    served = ("--url", start("serve", "--data", library, "--port", "0").address, "--api-key", key)
    folder = tmp_path / "configuration"
    assert plumbline("config", "pull", folder, *served).code == 0
    (folder / "change-orders" / "second.yaml").write_text(TEMPLATE)
    assert "Add the change order template" in plumbline("config", "plan", folder, *served).out
    assert plumbline("config", "apply", folder, *served).code == 0
    assert plumbline("config", "drift", *served).out == "Nothing to do: the library is as the files say.\n"


def test_what_one_process_applies_another_sees_at_once(plumbline, start, library, folder):
    key = plumbline("keys", "create", "network", "--data", library, "--json").json["secret"]
    served = ("--url", start("serve", "--data", library, "--port", "0").address, "--api-key", key)
    assert plumbline("config", "plan", folder, *served).out.startswith("Nothing to do")
    rewrite(folder, "categories.yaml", "name: Screw\n", "name: Machine Screw\n    formerly: Screw\n")
    assert plumbline("config", "apply", folder, "--data", library).code == 0
    assert plumbline("config", "plan", folder, *served).out.startswith("Nothing to do")
    assert plumbline("config", "drift", *served).out.startswith("Nothing to do")
