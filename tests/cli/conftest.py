"""Commands are run inside the test process, except where a process is what is tested."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from plumbline.cli.main import run


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


Command = Callable[..., Outcome]


@pytest.fixture
def plumbline(capfd: pytest.CaptureFixture[str]) -> Command:
    """`plumbline("bom", "explode", "100-00001")`."""

    def command(*arguments: object) -> Outcome:
        capfd.readouterr()
        code = run([str(each) for each in arguments])
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return command


@dataclass(frozen=True)
class Process:
    process: subprocess.Popen[str]
    address: str
    said: str

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=40)


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    """Starts a server command and waits until it says its address."""
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: object, lines: int = 1) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-m", "plumbline.cli.main", *map(str, arguments)], stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(lines))
        found = re.search(r"http://[\d.]+:\d+", said)
        assert found, said
        return Process(process, found.group(), said)

    yield started
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No setting of the machine, no data folder but the test's own, and no log left as a command set it up."""
    for name in os.environ:
        if name.startswith("PLUMBLINE_") and name != "PLUMBLINE_TEST_POSTGRESQL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield
    structlog.reset_defaults()


BOM = """\
Level,Part Number,Description,Quantity,Unit,Reference Designators
0,KIT-1,"=Kit, @home",1,EACH,
1,BOARD-1,Control board,2,EACH,
2,RES-4K7,Resistor 4k7,3,EACH,"R1-R3"
2,CAP-100N,Capacitor 100 nF,1,EACH,C1
1,WIRE-1,Wire,0.25,M,
1,CAP-100N,Capacitor 100 nF,5,EACH,
"""


@pytest.fixture
def bom_file(tmp_path: Path) -> Path:
    file = tmp_path / "kit.csv"
    file.write_text(BOM, encoding="utf-8")
    return file


@pytest.fixture
def library(plumbline: Command, tmp_path: Path) -> Path:
    """A data folder with an empty library."""
    folder = tmp_path / "data"
    outcome = plumbline(
        "init", "--data", folder, "--organization", "Acme", "--library", "Main", "--admin-email", "ada@acme.example"
    )
    assert outcome.code == 0, outcome.err
    return folder
