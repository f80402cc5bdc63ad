"""The examples of the README, and of the page on configuration, run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from plumbline.api.hub.context import HubContext
from plumbline.api.hub.schema import hub_engine
from plumbline.settings import Settings, settings_reference
from plumbline.testing.callers import Team
from plumbline.testing.scenarios.library import build

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PARTS = "Part Number,Name,Quantity,Level\nTBL-1,Table,1,0\nLEG-1,Leg,4,1\nSCR-1,Screw M4,16,1\n"


CONFIGURATION = (ROOT / "docs" / "reference" / "configuration" / "README.md").read_text(encoding="utf-8")


def command_lines(page: str) -> list[str]:
    block = re.search(r"<!-- runs in tests/docs -->\n```sh\n(.*?)```", page, re.DOTALL)
    assert block is not None
    return block[1].strip().splitlines()


def test_the_command_lines_run_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "parts.csv").write_text(PARTS, encoding="utf-8")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    # The page on configuration goes on where the README ends.
    for line in [*command_lines(README), *command_lines(CONFIGURATION)]:
        words = shlex.split(line)
        if "serve" in words:
            _serves(words, tmp_path, environment)
            continue
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def _serves(words: list[str], folder: Path, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*words, "--port", "0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.terminate()
    process.communicate(timeout=20)
    assert "http://127.0.0.1:" in first, first


def test_the_query_answers_with_assemblies(team: Team) -> None:
    build(team.administrator)
    query = re.search(r"```graphql\n(.*?)```", README, re.DOTALL)
    assert query is not None
    context = HubContext(team.application, team.viewer.actor)
    try:
        answer = orjson.loads(
            hub_engine(Settings()).answer(orjson.dumps({"query": query[1]}), "application/json", context).body
        )
    finally:
        context.close()
    found = answer["data"]["component"]["findAll"]
    assert found["totalCount"] > 5
    assert any(node["children"] for node in found["nodes"])


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    missing = [variable for variable, _, _ in settings_reference() if variable not in page]
    assert missing == []


@pytest.mark.parametrize(
    "page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "STYLE.md", "docs/decisions/README.md"]
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [target for target in targets if not (ROOT / page).parent.joinpath(target).exists()] == []
