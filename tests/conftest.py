"""A server that runs as people run it, and somebody who asks it all the while."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from plumbline.testing.databases import fresh_address


@dataclass(frozen=True)
class Client:
    """One caller of the server, over the network."""

    http: httpx2.Client

    def answer(self, document: str, **variables: object) -> Any:
        answer = self.http.post("/graphql", json={"query": document, "variables": variables})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, document: str, **variables: object) -> Any:
        body = self.answer(document, **variables)
        assert "errors" not in body, body
        return body["data"]


@dataclass
class Asking:
    """Somebody who asks one small question after the other, until told to stop."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def ask_until(self, server: Server, stop: threading.Event) -> None:
        with server.client() as client:
            while not stop.wait(0.02):
                began = time.monotonic()
                try:
                    answer: object = client.ask("{ library { current { name } } }")
                except Exception as error:  # told by the test, where it is seen
                    answer = error
                self.seconds.append(time.monotonic() - began)
                if answer != {"library": {"current": {"name": "Main"}}}:
                    self.wrong.append(repr(answer))


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    address: str
    key: str

    @contextmanager
    def client(self) -> Iterator[Client]:
        with httpx2.Client(base_url=self.address, headers={"x-api-key": self.key}, timeout=120) as http:
            yield Client(http)

    @contextmanager
    def asking(self) -> Iterator[Asking]:
        """Somebody asks until the end of the block."""
        asking, stop = Asking(), threading.Event()
        thread = threading.Thread(target=asking.ask_until, args=(self, stop))
        thread.start()
        try:
            yield asking
        finally:
            stop.set()
            thread.join()

    def memory_bytes_max(self) -> int:
        """The most that the process has held so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found, status
        return int(found[1]) * 1024


@pytest.fixture
def server(dialect: str, tmp_path: Path) -> Iterator[Server]:
    """`plumbline serve` with its worker, on a library of its own."""
    command = [sys.executable, "-m", "plumbline.cli.main"]
    environment = {
        **os.environ,
        "PLUMBLINE_DATABASE_URL": fresh_address(dialect),
        "PLUMBLINE_WORKER_POLL_SECONDS": "0.1",
    }
    person = ("--organization", "Acme", "--library", "Main", "--admin-email", "ada@acme.example")
    said = subprocess.run(
        [*command, "init", "--data", str(tmp_path), *person, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    key = str(json.loads(said.stdout)["keys"]["hub"])
    process = subprocess.Popen(
        [*command, "serve", "--data", str(tmp_path), "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert address
        yield Server(process, address.group(), key)
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0, "and it still stops when it is told to"
