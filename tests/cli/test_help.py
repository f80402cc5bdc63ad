from __future__ import annotations

import subprocess
import sys

import pytest

from plumbline.cli.main import (
    ARCHIVE_COMMANDS,
    BOM_COMMANDS,
    CHANGE_ORDER_COMMANDS,
    COMMANDS,
    COMPONENT_COMMANDS,
    CONFIG_COMMANDS,
    EXPORT_COMMANDS,
    KEY_COMMANDS,
    RULE_COMMANDS,
    USER_COMMANDS,
)

EVERY = [
    *((name,) for name in COMMANDS),
    *(("archive", name) for name in ARCHIVE_COMMANDS),
    *(("bom", name) for name in BOM_COMMANDS),
    *(("change-orders", name) for name in CHANGE_ORDER_COMMANDS),
    *(("components", name) for name in COMPONENT_COMMANDS),
    *(("config", name) for name in CONFIG_COMMANDS),
    *(("export", name) for name in EXPORT_COMMANDS),
    *(("keys", name) for name in KEY_COMMANDS),
    *(("rules", name) for name in RULE_COMMANDS),
    *(("users", name) for name in USER_COMMANDS),
]


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_explains_itself(plumbline, command):
    outcome = plumbline(*command, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(f"Usage: plumbline {' '.join(command)}")
    options = [line for line in outcome.out.splitlines() if line.startswith("  --")]
    assert all(":" in line for line in options)


@pytest.mark.parametrize(
    "group",
    [
        (),
        ("archive",),
        ("bom",),
        ("change-orders",),
        ("components",),
        ("config",),
        ("export",),
        ("keys",),
        ("rules",),
        ("users",),
    ],
    ids=" ".join,
)
def test_every_group_lists_its_commands(plumbline, group):
    outcome = plumbline(*group, "--help")
    assert outcome.code == 0
    names = [command[-1] for command in EVERY if command[:-1] == group]
    assert all(f"  {name}: " in outcome.out for name in names)


def test_wrong_usage_ends_with_2_and_says_why(plumbline):
    for arguments in (("nonsense",), ("bom", "explode"), ("serve", "--port", "many"), ("init", "--unknown")):
        outcome = plumbline(*arguments)
        assert outcome.code == 2
        assert outcome.err.startswith("error: ")
        assert "Traceback" not in outcome.err


def test_the_version_is_said(plumbline):
    assert plumbline("--version").out.strip()[0].isdigit()


def test_client_commands_do_not_load_the_server():
    """On an address, a command needs neither SQLAlchemy nor the schema, which take longer to load than to answer."""
    program = """
import sys
from plumbline.cli.main import run
commands = [
    "bom explode X", "archive export out.zip", "export bom X", "keys list", "users list", "bom compare X", "components diff X",
    "change-orders list", "change-orders diff 1", "change-orders create --name X", "change-orders approve 1", "change-orders comment 1 X",
]
for command in map(str.split, commands):
    assert run([*command, "--url", "http://127.0.0.1:1", "--api-key", "plk_x"]) == 1
open("bom.csv", "w").write("Part Number,Quantity\\nA-1,2\\n")
assert run(["import", "bom.csv", "--url", "http://127.0.0.1:1", "--api-key", "plk_x"]) == 1
heavy = {"sqlalchemy", "graphql", "starlette", "uvicorn", "alembic", "structlog", "pydantic"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
