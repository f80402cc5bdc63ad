"""`plumbline config test`, and the other commands when a test names what is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.cli.main import run
from plumbline.configuration.presets import preset_files

GOOD = """\
schema_type: configuration_tests
components:
  - {name: a resistor, category: Resistor, specs: {Resistance: 4k7}, expect: valid}
  - {name: no resistor, category: Resistor, specs: {Resistance: 4 kg}, expect: {errors: [Resistance]}}
"""
BAD = """\
schema_type: configuration_tests
numbers:
  - {name: made, number: 200-00001, category: Screw, expect: generated}
  - {name: made by nobody, number: 200-1, category: Screw, expect: generated}
components:
  - category: Resistor
    specs: {Resistance: lots}
    expect: valid
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in preset_files("electromechanical"):
        write(tmp_path, file.path, file.text)
    return tmp_path


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def tried(*arguments: object) -> int:
    """The exit code."""
    try:
        return run(["config", "test", *map(str, arguments)])
    except SystemExit as exit_:
        return int(str(exit_.code))


def test_all_is_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "tests/parts.yaml", GOOD)
    assert tried(folder) == 0
    assert capsys.readouterr() == ("2 cases passed.\n", "")


def test_the_folder_one_is_in(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "tests/parts.yaml", GOOD.rpartition("  - ")[0])
    monkeypatch.chdir(folder)
    assert tried() == 0
    assert capsys.readouterr().out == "1 case passed.\n"


def test_what_fails_is_told_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "tests/a.yaml", BAD)
    write(folder, "tests/b.yaml", GOOD)
    assert tried(folder) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "FAILED tests/a.yaml:6:5: Resistor: expected valid, but found errors: Resistance (type)",
        "    Resistance: 'lots' is not a value of Resistance. (expected a number in Ω, or with a unit of resistance)",
        "FAILED tests/a.yaml:4:5: made by nobody: expected generated, but found overridden",
    ]
    assert told.err == "2 of 5 cases failed.\n"


def test_verbose_lists_what_passed_as_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "tests/a.yaml", BAD)
    assert tried(folder, "--verbose") == 1
    assert "passed tests/a.yaml:3:5: made: generated\n" in capsys.readouterr().out
    write(folder, "tests/a.yaml", GOOD)
    assert tried(folder, "-v") == 0
    assert capsys.readouterr().out.splitlines() == [
        "passed tests/a.yaml:3:5: a resistor: valid",
        "passed tests/a.yaml:4:5: no resistor: errors: Resistance (type)",
        "2 cases passed.",
    ]


def wire(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_json_for_programs(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(folder, "tests/a.yaml", BAD)
    assert tried(folder, "--json") == 1
    found = wire(capfd)
    assert (found["passed"], found["failed"]) == (1, 2)
    assert found["cases"][0] == {
        "library": None,
        "section": "components",
        "name": "Resistor",
        "file": "tests/a.yaml",
        "line": 6,
        "column": 5,
        "passed": False,
        "expected": "valid",
        "found": "errors: Resistance (type)",
        "details": [
            "Resistance: 'lots' is not a value of Resistance. (expected a number in Ω, or with a unit of resistance)"
        ],
    }
    write(folder, "tests/a.yaml", GOOD)
    assert tried(folder, "--json") == 0
    assert wire(capfd)["failed"] == 0


def test_several_libraries_each_with_its_own_files(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for file in preset_files("electromechanical"):
        write(folder / "shared", file.path, file.text)
        (folder / file.path).unlink()
    lab = "schema_type: category_registry\ncategories: [{code: A, type: MECHANICAL, name: Sample}]"
    write(folder, "lab/categories.yaml", lab)
    write(folder, "main/tests/parts.yaml", GOOD)
    write(
        folder,
        "lab/tests/parts.yaml",
        "schema_type: configuration_tests\nnumbers: [{category: Sample, first: A-00001}, {category: Sample, first: B-1}]",
    )
    write(
        folder,
        "plumbline.yaml",
        'schema_type: configuration_folder\nlibraries:\n  "@acme/main": [shared, main]\n  "@acme/lab": [shared, lab]\n',
    )
    assert tried(folder) == 1
    told = capfd.readouterr()
    assert told.out.splitlines() == [
        "@acme/lab:",
        "FAILED tests/parts.yaml:2:47: from B-1 of Sample: expected B-1, but found A-00001",
    ]
    assert told.err == "1 of 4 cases failed.\n"
    assert tried(folder, "--json") == 1
    found = wire(capfd)
    assert [each["library"] for each in found["cases"]] == ["@acme/main", "@acme/main", "@acme/lab", "@acme/lab"]


def test_no_tests_are_no_success(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asks for tests in the wrong folder must not hear that all is well."""
    assert tried(folder) == 1
    told = capsys.readouterr().err
    assert "error: There are no tests." in told
    assert "tests/" in told


def test_a_test_of_something_that_is_gone_is_a_fault(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        folder, "tests/parts.yaml", GOOD.replace("category: Resistor, specs: {Resistance: 4k7}", "category: Rezistor")
    )
    for command in ("test", "validate"):
        assert run(["config", command, str(folder)]) == 1
        told = capsys.readouterr()
        assert "error: tests/parts.yaml:3:34: There is no category 'Rezistor'." in told.err
        assert "hint: Did you mean 'Resistor'?" in told.err
        assert told.out == ""


def test_a_library_refuses_a_plan_whose_tests_name_what_it_would_not_have(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = folder / ".data"
    account = ("--organization", "Acme", "--library", "Main", "--admin-email", "ada@acme.example")
    done = run(["init", "--data", str(data), *account])
    assert done == 0
    write(folder, "tests/parts.yaml", GOOD)
    assert run(["config", "apply", str(folder), "--data", str(data), "--yes"]) == 0
    capsys.readouterr()
    registry = "schema_type: category_registry\ncategories: [{code: A, type: MECHANICAL, name: Sample}]"
    write(folder, "categories.yaml", registry)
    assert run(["config", "plan", str(folder), "--data", str(data)]) == 1
    assert "tests/parts.yaml:3:34: There is no category 'Resistor'." in capsys.readouterr().err
    # The tests that the library keeps count as well, where the folder is not sent as a whole.
    assert run(["config", "plan", str(folder / "categories.yaml"), "--data", str(data)]) == 1
    assert "There is no category 'Resistor'." in capsys.readouterr().err
    (folder / "tests" / "parts.yaml").unlink()
    assert run(["config", "plan", str(folder), "--data", str(data)]) == 0
