"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import plumbline
import plumbline.bootstrap
from plumbline.access.permissions import VERBS
from plumbline.kit.errors import Refusal
from plumbline.settings import settings_reference
from plumbline.testing.schemas import outdated

ROOT = Path(__file__).parents[2]
assert plumbline.bootstrap.JOBS, "importing the rooms registers their verbs"

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

IMPORTS_INSIDE: dict[str, str] = {}
"""Functions that may import, as `file:function`, each with its reason."""

LINES_MAX = 60
LONG_FUNCTIONS = {
    "plumbline/storage/migrations/versions/0001_foundation.py:downgrade": 71,
    "plumbline/storage/migrations/versions/0001_foundation.py:upgrade": 465,
}
"""A ratchet: these may shrink and leave the list; nothing may join it or grow. Migrations are lists of statements."""

FILE_LINES_MAX = 400

CODES = {
    "BAD_USER_INPUT",
    "CONFIGURATION_INVALID",
    "CONFLICT",
    "FORBIDDEN",
    "NOT_FOUND",
    "RATE_LIMITED",
    "REFUSED",
    "UNAUTHENTICATED",
}


def sources() -> Iterator[Path]:
    for file in sorted((ROOT / "plumbline").rglob("*.py")):
        if "tests" not in file.relative_to(ROOT).parts and "vendor" not in file.parts:
            yield file


def functions_of(file: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file.relative_to(ROOT).as_posix()}:{node.name}", node


def refusals() -> set[type[Refusal]]:
    for module in pkgutil.walk_packages(plumbline.__path__, "plumbline."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    def below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    # Tests, which may have been loaded into the same process, make refusals of their own to play with.
    return {
        each for each in below(Refusal) if each.__module__.startswith("plumbline.") and ".tests." not in each.__module__
    }


def rows_of(page: Path) -> dict[str, tuple[str, ...]]:
    """The rows of the table on a page, by the name in their first cell."""
    found: dict[str, tuple[str, ...]] = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            name = cells[0].strip("`")
            assert name not in found, f"{name} has two rows"
            found[name] = tuple(cells[1:])
    return found


def test_no_file_has_a_name_that_says_nothing() -> None:
    named = [file for file in sources() if VAGUE_NAMES & set(re.split(r"[_.]", file.name))]
    named += [file for file in (ROOT / "plumbline").rglob("*") if file.is_dir() and file.name in VAGUE_NAMES]
    assert named == []


def test_no_function_imports() -> None:
    found = {
        name
        for file in sources()
        for name, function in functions_of(file)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    }
    assert found == set(IMPORTS_INSIDE)


def test_every_verb_says_what_it_does() -> None:
    assert [f"{verb.room}.{verb.name}" for verb in VERBS.values() if len(verb.summary) < 15] == []


def test_functions_only_get_shorter() -> None:
    long = {}
    for file in sources():
        for name, function in functions_of(file):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > LINES_MAX:
                long[name] = length
    assert long == LONG_FUNCTIONS, "a function longer than 60 lines; or one that shrank: take it off the list"


def test_files_stay_readable_in_one_go() -> None:
    long = {
        file.relative_to(ROOT).as_posix(): lines
        for file in sources()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > FILE_LINES_MAX
    }
    assert set(long) <= {"plumbline/storage/migrations/versions/0001_foundation.py"}


def test_every_suppression_has_a_reason() -> None:
    bare = re.compile(r"#\s*(?:noqa|type: ignore)(?::\s*[A-Z0-9, ]+|\[[a-z\-, ]+\])?\s*$")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sources()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []


def test_every_refusal_has_its_row_on_the_page() -> None:
    rows = rows_of(ROOT / "docs" / "errors" / "README.md")
    reasons = {each.reason: each.code for each in refusals()}
    assert set(rows) == set(reasons)
    assert {reason: cells[0].strip("`") for reason, cells in rows.items()} == reasons
    for reason, (_, meaning, remedy) in rows.items():
        assert len(meaning) > 10, reason
        assert len(remedy) > 5, reason


def test_refusals_keep_to_the_codes_of_the_api() -> None:
    assert {each.code for each in refusals()} <= CODES


def test_no_two_refusals_share_a_reason() -> None:
    by_reason: dict[str, str] = {}
    for each in refusals():
        assert by_reason.setdefault(each.reason, each.__qualname__) == each.__qualname__


def test_every_setting_is_documented() -> None:
    rows = rows_of(ROOT / "docs" / "reference" / "settings.md")
    expected = {
        variable: (f"`{default}`" if default else "empty", text) for variable, default, text in settings_reference()
    }
    assert rows == expected


def test_generated_files_are_up_to_date() -> None:
    assert outdated() == [], "run `make schemas` and look at the difference"
