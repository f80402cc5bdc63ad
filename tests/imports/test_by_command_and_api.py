"""As a user would: `plumbline init`, `plumbline import`, `plumbline serve`, and the flat lists asked of the running server.

On both databases.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from plumbline.testing.databases import DIALECTS, fresh_address

COMMAND = Path(sys.executable).with_name("plumbline")
FLAT = """
query Flat($cpn: String!, $after: String) {
  bom { flat(cpn: $cpn, first: 1000, after: $after) { pageInfo { hasNextPage endCursor } nodes { name quantity level } } }
}
"""
COST = "query Cost($cpn: String!) { bom { cost(cpn: $cpn) { total unpricedCount } } }"


@dataclass(frozen=True)
class Server:
    """A server of its own, with one set imported by command."""

    url: str
    key: str
    tops: list[str]

    def ask(self, document: str, **variables: object) -> Any:
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"content-type": "application/json", "x-api-key": self.key}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/graphql", body, headers), timeout=30) as answer:
            found = json.load(answer)
        assert "errors" not in found, found
        return found["data"]

    def flat(self, cpn: str) -> dict[str, tuple[Decimal, int]]:
        """Quantity and level by name."""
        found: dict[str, tuple[Decimal, int]] = {}
        after = None
        while True:
            page = self.ask(FLAT, cpn=cpn, after=after)["bom"]["flat"]
            found.update((node["name"], (Decimal(node["quantity"]), node["level"])) for node in page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def top_named(self, name: str) -> str:
        document = (
            "query Find($name: String!) { component { findAll(filter: { exactNames: [$name] }) { nodes { cpn } } } }"
        )
        return str(self.ask(document, name=name)["component"]["findAll"]["nodes"][0]["cpn"])


@pytest.fixture(scope="module", params=DIALECTS)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, data_set: Any) -> Iterator[Any]:
    """Answers, for the files of a set, a server that has them; all in one process for each database, each set in a library of its own."""
    environment = {
        **os.environ,
        "PLUMBLINE_DATABASE_URL": fresh_address(request.param),
        "PLUMBLINE_WORKER_POLL_SECONDS": "5",
    }
    folder = tmp_path_factory.mktemp("served")
    process: subprocess.Popen[str] | None = None
    servers: dict[tuple[str, ...], Server] = {}

    def run(*words: str) -> Any:
        done = subprocess.run(
            [COMMAND, *words, "--json"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def with_set(name: str, *files: str) -> Server:
        nonlocal process
        if (name, *files) in servers:
            return servers[name, *files]
        library = f"Set {len(servers)}"
        made = run(
            "init", "--data", ".", "--organization", "Acme", "--library", library, "--admin-email", "ada@acme.example"
        )
        paths = [str(data_set(name).folder / "files" / each) for each in files] or [
            str(data_set(name).folder / "files")
        ]
        result = run("import", *paths, "--data", ".", "--library", f"@acme/{made['library']['slug']}")
        if process is None:
            process = subprocess.Popen(
                [COMMAND, "serve", "--data", ".", "--port", "0"],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
        url = next(iter(servers.values())).url if servers else _address(process)
        servers[name, *files] = Server(url, made["keys"]["hub"], result["tops"])
        return servers[name, *files]

    yield with_set
    if process is not None:
        process.terminate()
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert not (folder / "plumbline.db").exists(), "the database is where the address says, not in the data folder"


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    return next(word for word in line.split() if word.startswith("http")).removesuffix("/graphql")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_mendel90_dibond(served: Any, data_set: Any) -> None:
    server = served("mendel90-dibond")
    found = server.flat(server.top_named("machine_assembly"))
    expected = rows(data_set("mendel90-dibond").folder / "expected_flat.csv")
    assert found == {row["part"]: (Decimal(row["qty_rolled_up"]), int(row["deepest_level"])) for row in expected}


def test_open_source_rover_workbook(served: Any, data_set: Any) -> None:
    server = served("open-source-rover", "output_file.xlsx")
    found = server.flat(server.tops[0])
    expected = rows(data_set("open-source-rover").folder / "expected_flat.csv")
    parts = {row["short_name"]: (Decimal(row["qty_counted_instances"]), int(row["level"])) for row in expected}
    assert {name: found[name] for name in parts} == parts
    # What is left are the subsystems that the workbook leaves without parts.
    assert len(found) == len(parts) + 4


def test_open_source_rover_shopping_list(served: Any, data_set: Any) -> None:
    server = served("open-source-rover", "parts_list.csv")
    found = server.flat(server.tops[0])
    expected = rows(data_set("open-source-rover").folder / "expected_flat_parts_list.csv")
    assert sorted(quantity for quantity, _ in found.values()) == sorted(
        Decimal(row["qty_per_rover"]) for row in expected
    )
    assert sum(quantity for quantity, _ in found.values()) == 147
    cost = server.ask(COST, cpn=server.tops[0])["bom"]["cost"]
    assert Decimal(cost["total"]) == Decimal("1253.31")


def test_inventree_demo(served: Any, data_set: Any) -> None:
    server = served("inventree-demo")
    by_assembly: dict[str, dict[str, tuple[Decimal, int]]] = {}
    for row in rows(data_set("inventree-demo").folder / "expected_flat.csv"):
        if row["inherited_lines_included"] == "yes":
            level = int(row["deepest_level"])
            by_assembly.setdefault(row["assembly_name"], {})[row["part_name"]] = (
                Decimal(row["qty_per_assembly"]),
                level,
            )
    assert len(by_assembly) > 10
    for name, expected in by_assembly.items():
        assert server.flat(server.top_named(name)) == expected, name
