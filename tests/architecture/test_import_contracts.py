"""The import contracts hold, and they catch what they are there for: violations planted in a copy of the code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ROOMS = "Rooms are stacked; imports point down"
INSIDE = "Inside a room: jobs, actions, reads, store, then pure modules"
STORES = "A room's tables are its own"
SQL = "SQL lives in storage and in the stores"
DATABASE = "Pure modules never see the database"
GRAPHQL = "GraphQL stays at the edge"
NETWORK = "One door to the network: the command line's client"
RULES = "Rules run behind one door"
CYCLES = "No cycles between siblings"

PLANTED = [
    ("a room imports a higher one", "catalog/model.py", "plumbline.boms.model", ROOMS),
    ("the floor imports a room", "storage/intervals.py", "plumbline.access.model", ROOMS),
    ("the API imports the command line", "api/errors.py", "plumbline.cli.options", ROOMS),
    ("the worker imports the API", "worker/schedule.py", "plumbline.api.errors", ROOMS),
    ("the product imports what is for tests", "application.py", "plumbline.testing.make", ROOMS),
    ("a store imports an action", "catalog/store.py", "plumbline.catalog.actions", INSIDE),
    ("a model imports reads", "components/model.py", "plumbline.components.reads", INSIDE),
    ("a read uses another room's store", "boms/reads.py", "plumbline.components.store.rows", STORES),
    ("a pure module writes SQL", "kit/quantity.py", "sqlalchemy", SQL),
    ("a resolver writes SQL", "api/hub/pages.py", "sqlalchemy", SQL),
    ("a pure module opens a transaction", "boms/roll_up.py", "plumbline.storage.intervals", DATABASE),
    ("GraphQL in a room", "catalog/attributes.py", "graphql", GRAPHQL),
    ("a room dials out", "exchange/matching.py", "httpx2", NETWORK),
    ("a room runs rules itself", "validations/outcome.py", "wasmtime", RULES),
    ("two siblings import each other", "boms/structure.py", "plumbline.boms.cycles", CYCLES),
]


class Report:
    """What import-linter says: contracts by name, and the imports that it objects to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.status = dict(re.findall(r"^(.+) (KEPT|BROKEN)(?: .*)?$", text, flags=re.MULTILINE))
        self.sections: dict[str, str] = {}
        broken = text.partition("Broken contracts")[2]
        names = [name for name in self.status if f"\n{name}\n" in broken]
        starts = sorted((broken.index(f"\n{name}\n"), name) for name in names)
        ends = [start for start, _ in starts[1:]] + [len(broken)]
        for (start, name), end in zip(starts, ends, strict=False):
            self.sections[name] = broken[start:end]


def lint(folder: Path) -> Report:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Report(ran.stdout + ran.stderr)


def copied(target: Path) -> Path:
    shutil.copytree(
        ROOT / "plumbline",
        target / "plumbline",
        ignore=shutil.ignore_patterns("tests", "__pycache__", "vendor", "*.yaml"),
    )
    shutil.copy(ROOT / ".importlinter", target)
    return target / "plumbline"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("planted")
    package = copied(folder)
    for _, file, imported, _ in PLANTED:
        with (package / file).open("a", encoding="utf-8") as source:
            source.write(f"\nimport {imported}\n")
    return lint(folder)


def test_the_contracts_hold() -> None:
    report = lint(ROOT)
    assert {name for name, status in report.status.items() if status == "BROKEN"} == set(), report.text
    assert {ROOMS, INSIDE, STORES, SQL, DATABASE, GRAPHQL, NETWORK, RULES, CYCLES} <= set(report.status), report.text


@pytest.mark.parametrize(("what", "file", "imported", "contract"), PLANTED, ids=[each[0] for each in PLANTED])
def test_a_planted_violation_is_caught(planted: Report, what: str, file: str, imported: str, contract: str) -> None:
    assert planted.status.get(contract) == "BROKEN", planted.text[-3000:]
    importer = "plumbline." + file.removesuffix(".py").replace("/", ".")
    if contract != CYCLES:
        assert f"{importer} -> {imported} " in planted.sections[contract], f"{what}: {planted.sections[contract]}"
    else:
        assert f"No cycles are allowed in {importer.rpartition('.')[0]}.\n" in planted.sections[contract]


def test_a_room_that_nobody_placed_is_caught(tmp_path: Path) -> None:
    package = copied(tmp_path)
    (package / "gadgets").mkdir()
    (package / "gadgets" / "__init__.py").write_text('"""A room without a place in the stack."""\n', encoding="utf-8")
    report = lint(tmp_path)
    assert "gadgets" in report.text
    assert report.status.get(ROOMS) != "KEPT"
