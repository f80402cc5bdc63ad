"""`plumbline change-orders …`: a change from its draft to its release, in a data folder and over a server."""

from __future__ import annotations

import json

import pytest

FILLED = ("--field", "reason=cost", "--field", "details=The board gets cheaper")


@pytest.fixture
def orders(plumbline, library, bom_file):
    """`orders("show", 1)`, in a library with a kit of two boards and some parts."""
    plumbline("import", bom_file, "--data", library)

    def command(*arguments: object):
        return plumbline("change-orders", *arguments, "--data", library)

    return command


@pytest.fixture
def cpns(plumbline, library, orders) -> dict[str, str]:
    """Part numbers by name."""
    lines = plumbline("bom", "explode", "KIT-1", "--json", "--data", library).json["lines"]
    return {"Kit": "900-00001", **{each["name"]: each["cpn"] for each in lines}}


def drafted(orders, *items: str, name: str = "Cheaper board", reviewer: str = "ada@acme.example") -> str:
    given = [word for each in items for word in ("--item", each)]
    made = orders("create", "--name", name, *given, *FILLED, "--reviewer", f"Review={reviewer}", "--json")
    return str(made.json["number"])


@pytest.fixture
def released(orders, cpns) -> str:
    """An order that has released everything."""
    number = drafted(orders, *cpns.values(), name="First release")
    assert orders("submit", number).code == 0
    assert orders("approve", number, "--note", "Go").code == 0
    return number


def reworked(plumbline, library, bom_file, cpns) -> None:
    """Two resistors instead of three on the board; the file changes the parts that are there."""
    bom_file.write_text(bom_file.read_text().replace('4k7,3,EACH,"R1-R3"', '4k7,2,EACH,"R1, R2"'))
    assert plumbline("import", bom_file, "--data", library).code == 0


def test_a_draft_takes_in_the_children_that_its_items_need(orders, cpns):
    made = orders("create", "--name", "All of it", "--item", cpns["Kit"], "--include-children")
    assert made.code == 0
    first, *children = made.out.splitlines()
    assert first == "ECO-00001 All of it: DRAFT"
    assert {line.split(":")[0] for line in children} == {
        f"  + {cpn} {name}" for name, cpn in cpns.items() if name != "Kit"
    }
    shown = orders("show", 1, "--json").json
    assert {each["component"]["cpn"] for each in shown["items"]} == set(cpns.values())
    assert orders("add-items", 1, "--include-children", "--json").json["addedChildren"] == []


def test_items_are_named_by_part_number_with_status_and_revision(orders, cpns):
    board, wire = cpns["Control board"], cpns["Wire"]
    number = drafted(orders, f"{board}:Prototype:C", "WIRE-1::B")
    items = {each["component"]["cpn"]: each for each in orders("show", number, "--json").json["items"]}
    assert items[board]["proposedStatus"]["name"] == "Prototype"
    assert (items[board]["proposedRevision"], items[wire]["proposedRevision"]) == ("C", "B")
    assert orders("remove-items", number, wire).code == 0
    assert [each["component"]["cpn"] for each in orders("show", number, "--json").json["items"]] == [board]
    refused = orders("add-items", number, "no-such-part")
    assert refused.code == 1
    assert "no-such-part" in refused.err
    assert orders("add-items", number, board).err.startswith(f"error: {board} is in ECO-00001 already.")
    assert orders("add-items", number, ":Prototype").code == 2
    assert orders("add-items", number).code == 2


def test_validation_tells_each_failure_in_a_line(orders, cpns):
    orders("create", "--name", "Empty fields", "--item", cpns["Wire"])
    found = orders("validate", 1)
    assert found.code == 1
    *failures, last = found.out.splitlines()
    assert any(
        line.startswith("FAIL    Required fields must be populated: 'Reason' has no value.") for line in failures
    )
    assert last.startswith("ECO-00001: FAIL (")
    assert all(line.startswith(("FAIL", "WARNING")) for line in failures)
    refused = orders("submit", 1)
    assert (refused.code, refused.out) == (1, "")
    lines = refused.err.splitlines()
    assert lines[0].startswith("error: ECO-00001 fails ")
    assert any(line.startswith("error: Required fields must be populated: 'Reason' has no value.") for line in lines)
    assert any(line.startswith("  expected: a change order that passes") for line in lines)
    assert orders("update", 1, *FILLED, "--reviewer", "Review=ada@acme.example").code == 0
    passed = orders("validate", 1, "--verbose")
    assert passed.code == 0
    assert "PASS    Required fields must be populated" in passed.out
    run = json.loads(orders("validate", 1, "--json").out)
    assert (run["number"], run["state"], run["summary"]["failCount"]) == ("ECO-00001", "PASS", 0)


def test_every_result_of_a_library_with_many_rules_is_told(plumbline, library, orders, cpns, tmp_path):
    folder = tmp_path / "configuration"
    assert plumbline("config", "pull", folder, "--data", library).code == 0
    (folder / "validations").mkdir()
    (folder / "validations" / "rule.js").write_text("exports.validate = () => ({ valid: true });\n")
    fields = 'description: "", version: 1.0.0, isActive: true, onFailure: error, path: validations/rule.js'
    rules = "".join(f"  - {{ name: Rule {each}, {fields} }}\n" for each in range(495))
    (folder / "validations.yaml").write_text(f"validations:\n{rules}")
    assert plumbline("config", "apply", folder, "--data", library).code == 0
    number = drafted(orders, cpns["Wire"])
    run = orders("validate", number, "--json").json
    assert len({each["name"] for each in run["results"]}) == sum(run["summary"].values()) > 500
    assert orders("show", number, "--json").json["latestValidationRun"]["results"] == run["results"]


def test_approval_releases_what_was_reviewed(plumbline, library, orders, cpns, released):
    done = orders("show", released, "--json").json
    assert (done["status"], done["resolution"]) == ("CLOSED", "APPROVED")
    board = plumbline("components", "diff", cpns["Control board"], "--data", library, "--json").json
    assert board["to"]["revision"] == "A"
    text = orders("show", released).out
    assert "State: CLOSED and APPROVED" in text
    assert "    ada: APPROVED " in text
    assert " UTC: Go\n" in text


def test_the_diff_reads_like_a_pull_request(plumbline, library, orders, cpns, bom_file, released):
    reworked(plumbline, library, bom_file, cpns)
    board, kit = cpns["Control board"], cpns["Kit"]
    number = drafted(orders, f"{board}:Prototype")
    other = drafted(orders, board, name="Something else")
    assert (
        orders("comment", number, "Is that enough?", "--item", board, "--line", "R2", "--field", "quantity").code == 0
    )
    text = orders("diff", number).out
    parts = ["Cheaper board", "Review\n", "Comments\n", "Items\n", "Differences\n", "Impact\n", "In flight on"]
    places = [text.index(each) for each in parts]
    assert places == sorted(places)
    resistor = cpns["Resistor 4k7"]
    assert f"  ~ R1, R2 {resistor} Resistor 4k7: 3 → 2, -R3\n" in text
    assert f"  {board} Control board: version 4, revision A → B, status Design → Prototype, 1 difference\n" in text
    assert f"  Released products: 1 (2 in {kit} =Kit, @home)\n" in text
    assert f"  #1 ada on {board}, line {resistor}, quantity: Is that enough?\n" in text
    assert f"  {board} Control board: {other} Something else (DRAFT)\n" in text
    markdown = orders("diff", number, "--markdown").out
    assert markdown.startswith(f"# {number} Cheaper board\n")
    assert f"\n### {board} Control board\n" in markdown
    assert "Impact" not in orders("diff", number, "--no-impact").out


def test_the_diff_as_data_has_everything(plumbline, library, orders, cpns, bom_file, released):
    reworked(plumbline, library, bom_file, cpns)
    board = cpns["Control board"]
    number = drafted(orders, board, cpns["Wire"])
    shown = orders("diff", number, "--json").json
    assert (shown["number"], shown["status"]) == (number, "DRAFT")
    by_cpn = {each["cpn"]: each for each in shown["items"]}
    [difference] = by_cpn[board]["differences"]
    assert (difference["area"], difference["line"]["designatorsRemoved"]) == ("LINE", ["R3"])
    assert (difference["line"]["before"]["quantity"], difference["line"]["after"]["quantity"]) == (3, 2)
    assert by_cpn[board]["impact"]["working"]["tops"][0]["quantity"] == 2
    assert by_cpn[cpns["Wire"]]["differences"] == []
    narrowed = orders("diff", number, "--item", board, "--from", 1, "--no-impact", "--json").json["items"]
    assert [each["cpn"] for each in narrowed] == [board]
    assert narrowed[0]["from"] == {"version": 1, "revision": None}
    assert "impact" not in narrowed[0]
    assert orders("diff", number, "--from", "last").code == 2
    assert orders("diff", number, "--json", "--markdown").code == 2
    refused = orders("diff", number, "--from", 99)
    assert refused.code == 1
    assert "no version 99" in refused.err


def test_an_item_with_more_differences_than_a_page_has_all_of_them(plumbline, library, orders, tmp_path):
    rows = "".join(f"1,P-{each},Part {each},1,EACH,\n" for each in range(130))
    file = tmp_path / "large.csv"
    header = "Level,Part Number,Description,Quantity,Unit,Reference Designators\n"
    file.write_text(f"{header}0,BIG-1,Large kit,1,EACH,\n{rows}")
    plumbline("import", file, "--data", library)
    number = drafted(orders, "BIG-1")
    [item] = orders("diff", number, "--no-impact", "--json").json["items"]
    lines = [each["line"]["after"]["cpn"] for each in item["differences"] if each["area"] == "LINE"]
    assert len(lines) == len(set(lines)) == 130


def test_a_rejection_needs_a_note_and_leads_back_to_a_draft(orders, cpns):
    number = drafted(orders, cpns["Wire"])
    assert orders("submit", number).out == "ECO-00001 Cheaper board: OPEN, in the stage Review\n"
    assert orders("reject", number).code == 2
    empty = orders("reject", number, "--note", " ")
    assert empty.code == 1
    assert "note" in empty.err
    rejected = orders("reject", number, "--note", "Too thin")
    assert rejected.out == "ECO-00001 Cheaper board: RESOLVED and REJECTED\n"
    assert "ada: REJECTED" in orders("show", number).out
    assert orders("reset", number).out == "ECO-00001 Cheaper board: DRAFT\n"
    assert "    before: ada: REJECTED" in orders("show", number).out


def test_the_whole_life_cycle_has_its_commands(orders, cpns):
    number = drafted(orders, cpns["Wire"])
    moves = {
        "submit": "OPEN, in the stage Review",
        "hold": "ON_HOLD",
        "resume": "OPEN, in the stage Review",
        "withdraw": "RESOLVED and WITHDRAWN",
        "close": "CLOSED and WITHDRAWN",
        "reopen": "DRAFT",
    }
    for verb, state in moves.items():
        assert orders(verb, number).out == f"ECO-00001 Cheaper board: {state}\n"
    deleted = drafted(orders)
    assert orders("delete", deleted).out == "ECO-00002 Cheaper board: deleted\n"
    assert orders("show", deleted).code == 1
    refused = orders("hold", number)
    assert refused.code == 1
    assert refused.err.splitlines() == [
        "error: A change order that is DRAFT cannot be put on hold.",
        "  at: id",
        "  expected: one that is OPEN",
    ]


def test_a_decision_can_be_bound_to_what_was_looked_at(orders, cpns):
    number = drafted(orders, cpns["Wire"])
    before = orders("submit", number, "--json").json["digest"]
    assert f"Content: {before}" in orders("show", number).out
    orders("hold", number)
    orders("update", number, "--description", "More to it")
    orders("resume", number)
    refused = orders("approve", number, "--digest", before)
    assert refused.code == 1
    assert "is not what was looked at any more" in refused.err
    assert orders("approve", number).code == 0


def test_items_that_have_moved_on_are_told_and_refreshed(plumbline, library, orders, cpns, bom_file, released):
    board = cpns["Control board"]
    number = drafted(orders, board)
    reworked(plumbline, library, bom_file, cpns)
    assert "stale: there is a version 4" in orders("show", number).out
    assert orders("diff", number, "--json").json["items"][0]["differences"] == []
    assert orders("refresh-items", number).code == 0
    assert "stale" not in orders("show", number).out
    assert len(orders("diff", number, "--json").json["items"][0]["differences"]) == 1


def test_lists_narrow_by_status_by_author_and_by_who_is_awaited(plumbline, library, orders, cpns):
    plumbline("users", "add", "bob@acme.example", "--role", "manager", "--data", library)
    mine, his = drafted(orders, cpns["Wire"]), drafted(orders, cpns["Resistor 4k7"], reviewer="bob@acme.example")
    for each in (mine, his):
        assert orders("submit", each).code == 0
    drafted(orders)

    def numbers(*options: str) -> list[str]:
        return [each["number"] for each in orders("list", *options, "--json").json]

    assert numbers() == ["ECO-00003", "ECO-00002", "ECO-00001"]
    assert numbers("--status", "open") == [his, mine]
    assert numbers("--status", "draft", "--status", "on-hold") == ["ECO-00003"]
    assert numbers("--mine") == ["ECO-00003", "ECO-00002", "ECO-00001"]
    assert numbers("--awaiting-me") == [mine]
    assert orders("list", "--status", "lost").code == 2
    assert orders("list", "--mine", "--awaiting-me").code == 2
    rows = [line.split("\t") for line in orders("list").out.splitlines()]
    assert rows[0] == ["number", "state", "name", "by", "updated"]
    assert rows[1][:4] == ["ECO-00003", "DRAFT", "Cheaper board", "ada"]


def test_threads_are_answered_and_settled_by_their_numbers(orders, cpns):
    number = drafted(orders, cpns["Wire"])
    orders("comment", number, "Which colour?")
    orders("comment", number, "How long?", "--item", cpns["Wire"])
    assert orders("comment", number, "Red", "--thread", 1).code == 0
    assert orders("resolve-comment", number, 1).out == "ECO-00001 Cheaper board: thread 1 is resolved\n"
    text = orders("show", number).out
    assert "  #1 ada: Which colour? (resolved)\n    ada: Red\n" in text
    assert f"  #2 ada on {cpns['Wire']}: How long?\n" in text
    assert orders("resolve-comment", number, 1, "--reopen").out == "ECO-00001 Cheaper board: thread 1 is open\n"
    missing = orders("comment", number, "Blue", "--thread", 3)
    assert missing.code == 1
    assert "expected: a number from 1 to 2" in missing.err
    assert orders("comment", number, "Blue", "--thread", 1, "--field", "name").code == 2


def test_what_cannot_be_meant_is_told(orders, cpns):
    assert orders("show", 77).err.startswith("error: There is no change order '77'.")
    number = drafted(orders, cpns["Control board"])
    assert orders("comment", number, "?", "--line", "R1").code == 2
    nowhere = orders("comment", number, "?", "--item", cpns["Control board"], "--line", "R9")
    assert nowhere.code == 1
    assert "has no line 'R9'" in nowhere.err
    assert "expected: one of R1, C1" in nowhere.err
    assert orders("create", "--name", "X", "--field", "reason").code == 2
    wrong = orders("create", "--name", "X", "--field", "reason=cheap")
    assert wrong.code == 1
    assert "expected: one of" in wrong.err
    assert "one of Review" in orders("create", "--name", "X", "--reviewer", "Design=ada@acme.example").err
    assert orders("update", number).code == 2


def test_what_others_wrote_moves_no_cursor(orders, cpns):
    number = drafted(orders, cpns["Wire"])
    assert orders("comment", number, "sold \u202e10 for 01").code == 0
    shown = orders("show", number).out
    assert "sold \ufffd10 for 01" in shown


def test_the_same_over_a_server(plumbline, start, library, orders, cpns):
    key = plumbline("keys", "create", "Review", "--data", library, "--json").json["secret"]
    server = start("serve", "--data", library, "--port", "0")
    there = ("--url", server.address, "--api-key", key)
    made = plumbline("change-orders", "create", "--name", "Wire", "--item", cpns["Wire"], *FILLED,
                     "--reviewer", "Review=ada@acme.example", *there, "--json").json  # fmt: skip
    for verb in ("submit", "approve"):
        assert plumbline("change-orders", verb, made["number"], *there).code == 0
    assert "CLOSED and APPROVED" in plumbline("change-orders", "diff", made["number"], *there).out
    assert plumbline("change-orders", "approve", made["number"], *there).code == 1
