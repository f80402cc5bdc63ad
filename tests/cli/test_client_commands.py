from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def top(plumbline, library: Path, bom_file: Path) -> str:
    """The part number of the imported kit."""
    return plumbline("import", bom_file, "--data", library, "--json").json["tops"][0]


def by_name(lines: list[dict]) -> dict[str, dict]:
    return {line["name"]: line for line in lines}


def test_an_import_is_shown_before_it_is_applied_and_changes_nothing_the_second_time(plumbline, library, bom_file):
    planned = plumbline("import", bom_file, "--data", library, "--dry-run", "--json").json
    assert (planned["dryRun"], planned["created"], planned["lines"], planned["conflicts"]) == (True, 5, 5, 0)
    assert planned["counts"]["created"] == 5
    assert {step["part"]["key"] for step in planned["steps"]["parts"]} >= {"KIT-1", "RES-4K7"}
    applied = plumbline("import", bom_file, "--data", library, "--json").json
    assert (applied["dryRun"], applied["created"], applied["lines"]) == (False, 5, 5)
    assert len(applied["tops"]) == 1
    again = plumbline("import", bom_file, "--data", library, "--json").json
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 5)
    assert again["tops"] == applied["tops"]


def test_an_import_for_people_says_what_it_does(plumbline, library, bom_file):
    planned = plumbline("import", bom_file, "--data", library, "--dry-run")
    assert "CREATE\tKIT-1" in planned.out
    assert "Would create 5" in planned.out
    applied = plumbline("import", bom_file, "--data", library)
    assert "Created 5" in applied.out
    assert "Top assemblies: " in applied.out


def test_columns_can_be_named_in_a_mapping(plumbline, library, tmp_path):
    file = tmp_path / "odd.csv"
    file.write_text("Foo,Bar,Baz\nA-1,Bolt,4\nA-2,Nut,8\n")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("Foo: number\nBar: name\nBaz: quantity\n")
    imported = plumbline("import", file, "--mapping", mapping, "--data", library, "--json").json
    lines = plumbline("bom", "explode", imported["tops"][0], "--json", "--data", library).json["lines"]
    assert {name: line["quantity"] for name, line in by_name(lines).items()} == {"Bolt": 4, "Nut": 8}


@pytest.mark.parametrize("content", ["- 1\n", "Foo: 1\n", "Foo: no-such-role\n", "Foo: [", None])
def test_a_mapping_that_makes_no_sense_is_refused(plumbline, library, bom_file, tmp_path, content):
    mapping = tmp_path / "mapping.yaml"
    if content is not None:
        mapping.write_text(content)
    refused = plumbline("import", bom_file, "--mapping", mapping, "--data", library)
    assert refused.code == 1
    assert refused.err.startswith("error: ")


def test_files_that_cannot_be_read_are_refused_with_place_and_hint(plumbline, library, tmp_path):
    missing = plumbline("import", tmp_path / "no.csv", "--data", library)
    assert missing.code == 1
    assert missing.err.startswith("error: There is no file or folder")
    unknown = tmp_path / "picture.png"
    unknown.write_bytes(b"\x89PNG")
    refused = plumbline("import", unknown, "--data", library)
    assert refused.code == 1
    assert "expected:" in refused.err
    assert plumbline("import", "--data", library).code == 2


def test_a_flat_bom_has_every_part_once_with_exact_quantities(plumbline, library, top):
    outcome = plumbline("bom", "explode", top, "--flat", "--json", "--data", library)
    assert set(outcome.json) == {"top", "view", "lines"}
    assert (outcome.json["top"], outcome.json["view"]) == (top, "WORKING")
    lines = by_name(outcome.json["lines"])
    assert {name: (line["quantity"], line["unit"]) for name, line in lines.items()} == {
        "Resistor 4k7": (6, "EACH"),
        "Capacitor 100 nF": (7, "EACH"),
        "Wire": (0.25, "METER"),
    }
    assert set(lines["Wire"]) == {"cpn", "name", "quantity", "unit"}
    assert '"quantity":0.25,' in outcome.out


def test_an_indented_bom_says_where_every_line_stands(plumbline, library, top):
    lines = plumbline("bom", "explode", top, "--json", "--data", library).json["lines"]
    assert [line["level"] for line in lines] == [1, 2, 2, 1, 1]
    resistor = by_name(lines)["Resistor 4k7"]
    assert resistor["referenceDesignators"] == ["R1", "R2", "R3"]
    assert resistor["path"].count(".") == 1
    assert (resistor["quantity"], resistor["totalQuantity"]) == (3, 6)
    assert {"itemNumber", "cpn", "name", "unit"} <= set(resistor)
    shallow = plumbline("bom", "explode", top, "--depth", 1, "--json", "--data", library).json["lines"]
    assert {line["level"] for line in shallow} == {1}


def test_views_and_moments_choose_versions(plumbline, library, top):
    def flat(*options: str) -> dict:
        return plumbline("bom", "explode", top, "--flat", "--json", "--data", library, *options).json

    assert (flat("--view", "released")["view"], flat("--view", "released")["lines"]) == ("RELEASED", [])
    assert flat("--as-of", "2020-01-01")["lines"] == []
    assert len(flat("--as-of", "2100-01-01T00:00:00Z")["lines"]) == 3
    for options, code in (
        (("--as-released", "A"), 1),
        (("--as-of", "yesterday"), 1),
        (("--view", "working", "--as-released", "A"), 2),
        (("--view", "newest"), 2),
        (("--depth", "0"), 2),
        (("--flat", "--depth", "1"), 2),
    ):
        assert plumbline("bom", "explode", top, "--data", library, *options).code == code, options


def test_two_versions_of_a_bom_are_compared(plumbline, library, bom_file, top):
    bom_file.write_text(bom_file.read_text().replace("2,RES-4K7,Resistor 4k7,3,EACH", "2,RES-4K7,Resistor 4k7,2,EACH"))
    assert plumbline("import", bom_file, "--data", library, "--json").code == 0
    used = plumbline("bom", "explode", top, "--json", "--data", library).json["lines"]
    board = by_name(used)["Control board"]["cpn"]
    compared = plumbline("bom", "compare", board, "--from", 2, "--to", 3, "--json", "--data", library).json
    assert [each["kinds"] for each in compared["differences"]] == [["REQUANTIFIED"]]
    difference = compared["differences"][0]
    assert (difference["before"]["quantity"], difference["after"]["quantity"]) == (3, 2)
    assert difference["before"]["name"] == "Resistor 4k7"
    assert "requantified" in plumbline("bom", "compare", board, "--from", 2, "--to", 3, "--data", library).out
    assert plumbline("bom", "compare", board, board, "--json", "--data", library).json["differences"] == []
    assert plumbline("bom", "compare", board, "--from", 2, "--data", library).code == 2


def test_what_a_component_has_become_is_told_for_people_reviews_and_programs(plumbline, library, bom_file, top):
    bom_file.write_text(bom_file.read_text().replace("2,RES-4K7,Resistor 4k7,3,EACH", "2,RES-4K7,Resistor 4k7,2,EACH"))
    assert plumbline("import", bom_file, "--data", library, "--json").code == 0
    used = plumbline("bom", "explode", top, "--json", "--data", library).json["lines"]
    board, resistor = (by_name(used)[name]["cpn"] for name in ("Control board", "Resistor 4k7"))
    ends = ("--from", 2, "--to", 3, "--data", library)
    assert plumbline("components", "diff", board, *ends).out == (
        f"{board} Control board\n  Version 2 → version 3\n  ~ R1-R3 {resistor} Resistor 4k7: 3 → 2\n"
    )
    written = plumbline("components", "diff", board, "--markdown", "--impact", *ends).out
    assert written.startswith(f"## {board} Control board\n\nVersion 2 → version 3\n\n```diff\n~ R1-R3 {resistor}")
    assert f"- Products in work: 1 (2 in {top} " in written
    found = plumbline("components", "diff", board, "--json", "--impact", *ends).json
    assert (found["cpn"], found["from"], found["to"]) == (
        board,
        {"version": 2, "revision": None},
        {"version": 3, "revision": None},
    )
    [difference] = found["differences"]
    assert (difference["area"], difference["kind"], difference["name"]) == ("LINE", "CHANGED", "requantified")
    assert difference["subject"] == f"{resistor} Resistor 4k7"
    assert (difference["line"]["before"]["quantity"], difference["line"]["after"]["quantity"]) == (3, 2)
    assert [(each["cpn"], each["quantity"]) for each in found["impact"]["working"]["tops"]] == [(top, 2)]
    assert (found["impact"]["released"]["topCount"], found["impact"]["cost"]["after"]) == (0, None)
    assert found["impact"]["cost"]["missingAfterCount"] == 2


def test_a_version_is_named_by_its_number_or_its_revision(plumbline, library, top):
    new = plumbline("components", "diff", top, "--json", "--data", library).json
    assert new["from"] is None
    assert {each["kind"] for each in new["differences"]} == {"ADDED"}
    assert "impact" not in new
    assert plumbline("components", "diff", top, "--from", 0, "--json", "--data", library).json == new
    for name in ("A", "rev:1"):
        refused = plumbline("components", "diff", top, "--from", name, "--data", library)
        assert refused.code == 1
        assert f"was never released as '{name.removeprefix('rev:')}'" in refused.err
    assert plumbline("components", "diff", top, "--to", 99, "--data", library).code == 1
    assert plumbline("components", "diff", top, "--json", "--markdown", "--data", library).code == 2


def test_where_used_goes_up_to_the_products(plumbline, library, top):
    lines = by_name(plumbline("bom", "explode", top, "--json", "--data", library).json["lines"])
    used = plumbline("bom", "where-used", lines["Capacitor 100 nF"]["cpn"], "--json", "--data", library).json
    assert {line["cpn"] for line in used["direct"]} == {top, lines["Control board"]["cpn"]}
    assert [each["cpn"] for each in used["tops"]] == [top]
    assert used["ancestorCount"] == 2


def test_an_unknown_part_number_is_refused_on_stderr(plumbline, library):
    asking = ("bom", "explode"), ("bom", "compare"), ("bom", "where-used"), ("components", "diff"), ("export", "bom")
    for arguments in asking:
        outcome = plumbline(*arguments, "999-99999", "--data", library)
        assert outcome.code == 1
        assert outcome.out == ""
        assert "999-99999" in outcome.err


def test_keys_are_made_shown_and_ended(plumbline, library):
    made = plumbline("keys", "create", "for the robot", "--life-days", 30, "--data", library, "--json").json
    assert made["secret"].startswith("plk_")
    assert "for the robot" in plumbline("keys", "list", "--data", library).out
    assert plumbline("keys", "revoke", made["key"]["id"], "--data", library, "--json").json["revokedAt"]
    assert plumbline("keys", "revoke", "no-such-id", "--data", library).code == 1


def test_members_come_change_and_go(plumbline, library):
    added = plumbline("users", "add", "bob@acme.example", "--role", "view-only", "--data", library, "--json").json
    assert (added["name"], added["role"]) == ("bob", "VIEW_ONLY")
    assert (
        plumbline("users", "role", "bob@acme.example", "manager", "--data", library, "--json").json["role"] == "MANAGER"
    )
    assert plumbline("users", "remove", added["id"], "--data", library).code == 0
    assert [user["email"] for user in plumbline("users", "list", "--data", library, "--json").json] == [
        "ada@acme.example"
    ]
    assert plumbline("users", "remove", "bob@acme.example", "--data", library).code == 1
    assert plumbline("users", "role", "ada@acme.example", "editor", "--data", library).code == 1
    assert plumbline("users", "add", "bob@acme.example", "--role", "king", "--data", library).code == 2


def test_with_several_libraries_one_must_be_named(plumbline, library):
    another = ("--organization", "Acme", "--library", "Second", "--admin-email", "ada@acme.example")
    assert plumbline("init", "--data", library, *another).code == 0
    refused = plumbline("users", "list", "--data", library)
    assert refused.code == 1
    assert "@acme/main, @acme/second" in refused.err
    for name in ("@acme/second", "acme/second", "second"):
        assert plumbline("users", "list", "--data", library, "--library", name).code == 0
    assert plumbline("users", "list", "--data", library, "--library", "@acme/third").code == 1


def test_options_that_contradict_each_other_are_wrong_usage(plumbline, library):
    assert plumbline("users", "list", "--data", library, "--url", "http://127.0.0.1:1").code == 2
    assert plumbline("users", "list", "--url", "http://127.0.0.1:1").code == 2
    unreachable = plumbline("users", "list", "--url", "http://127.0.0.1:1", "--api-key", "plk_x")
    assert unreachable.code == 1
    assert "does not answer" in unreachable.err


def test_without_a_library_the_way_to_one_is_shown(plumbline, tmp_path):
    for arguments in (("users", "list"), ("serve",), ("worker",)):
        refused = plumbline(*arguments, "--data", tmp_path / "empty")
        assert refused.code == 1
        assert "plumbline init" in refused.err
        assert not (tmp_path / "empty").exists()


ODD = "Foo;Bar;Baz\nA-1;Bolt;4\nA-2;Nut;8\n"


def test_a_mapping_is_shown_given_back_remembered_and_forgotten(plumbline, library, tmp_path):
    file, mapping = tmp_path / "odd.csv", tmp_path / "mapping.yaml"
    file.write_text(ODD)
    mapping.write_text("Foo: number\nBar: name\nBaz: quantity\n")
    shown = plumbline("import", file, "--mapping", mapping, "--show-mapping")
    assert "separator: semicolon" in shown.out
    assert "Foo: number  # 100 %: the mapping says so" in shown.out
    proposal = tmp_path / "proposal.yaml"
    proposal.write_text(shown.out)
    assert plumbline("import", file, "--data", library).code == 1
    first = plumbline("import", file, "--mapping", proposal, "--data", library, "--json").json
    assert (first["created"], first["lines"]) == (3, 2)
    (known,) = plumbline("mappings", "list", "--data", library, "--json").json
    assert (known["titles"], known["columns"]) == (
        ["Foo", "Bar", "Baz"],
        {"Foo": "number", "Bar": "name", "Baz": "quantity"},
    )
    other = tmp_path / "other.csv"
    other.write_text("Baz,Bar,FOO\n2,Washer,A-3\n3,Pin,A-4\n")
    again = plumbline("import", other, "--data", library, "--json").json
    assert (again["created"], again["lines"]) == (3, 2)
    assert "MAPPING_REMEMBERED" in [notice["code"] for notice in again["notices"]]
    assert plumbline("mappings", "forget", known["header"][:12], "--data", library).code == 0
    assert plumbline("mappings", "list", "--data", library, "--json").json == []
    assert plumbline("import", other, "--data", library).code == 1
    assert plumbline("mappings", "forget", known["header"], "--data", library).code == 1


def test_a_mapping_is_not_remembered_when_nobody_wants_it(plumbline, library, tmp_path):
    file, mapping = tmp_path / "odd.csv", tmp_path / "mapping.yaml"
    file.write_text(ODD)
    mapping.write_text("Foo: number\nBaz: quantity\n")
    plumbline("import", file, "--mapping", mapping, "--no-remember", "--data", library)
    plumbline("import", file, "--mapping", mapping, "--dry-run", "--data", library)
    assert plumbline("mappings", "list", "--data", library, "--json").json == []
