"""A server that runs, one file after the other that is made to hurt it, and somebody else who wants answers all the while."""

from __future__ import annotations

import hashlib
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
from plumbline.testing.hostile_files import BIG_TABLE_ROWS, HOSTILE, MEBIBYTE, Hostile

pytestmark = pytest.mark.xdist_group("heavy")

ANSWER_SECONDS_MAX = 5.0
"""Generous, as tests share their processors; an answer takes a hundredth of it."""
READ_SECONDS_MAX = 150.0
"""What one reading may take, and a little: the bound of `plumbline.imports.reading`."""
GROWTH_BYTES_MAX = 384 * MEBIBYTE
"""Of the server, over all files together. The bombs unfold into far more; what is held is the plan of the one big table."""
PIECE_BYTES = 8 * MEBIBYTE

CREATE = (
    "mutation Create($input: CreateImportInput!) { imports { create(input: $input) { id files { uploadAddress } } } }"
)
READ = "mutation Read($input: ReadImportInput!) { imports { read(input: $input) { state } } }"
ASK = "query Ask($id: ID!) { imports { get(id: $id) { state counts problems { reason message hint } } } }"


@dataclass(frozen=True)
class Client:
    """One caller of the server, over the network."""

    http: httpx2.Client

    def ask(self, document: str, **variables: object) -> Any:
        answer = self.http.post("/graphql", json={"query": document, "variables": variables})
        assert answer.status_code == 200, answer.text
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    def import_of(self, name: str, content: bytes) -> str:
        """The id of an import whose file was sent and is about to be read."""
        file = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        made = self.ask(CREATE, input={"files": [file]})["imports"]["create"]
        for offset in range(0, len(content), PIECE_BYTES):
            headers = {"content-type": "application/offset+octet-stream", "upload-offset": str(offset)}
            piece = content[offset : offset + PIECE_BYTES]
            sent = self.http.patch(made["files"][0]["uploadAddress"], content=piece, headers=headers)
            assert sent.status_code == 204, sent.text
        self.ask(READ, input={"id": made["id"]})
        return str(made["id"])

    def outcome(self, import_id: str) -> Any:
        """Of the reading, when it is over."""
        end = time.monotonic() + READ_SECONDS_MAX
        while time.monotonic() < end:
            found = self.ask(ASK, id=import_id)["imports"]["get"]
            if found["state"] != "READING":
                return found
            time.sleep(0.1)
        pytest.fail(f"not read within {READ_SECONDS_MAX} s")


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    address: str
    key: str

    @contextmanager
    def client(self) -> Iterator[Client]:
        with httpx2.Client(base_url=self.address, headers={"x-api-key": self.key}, timeout=60) as http:
            yield Client(http)

    def memory_bytes_max(self) -> int:
        """The most that the process has held so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found, status
        return int(found[1]) * 1024


@dataclass
class Asking:
    """Somebody who asks one small question after the other, until told to stop."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def going_on(self, server: Server) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._ask_until, args=(server, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _ask_until(self, server: Server, stop: threading.Event) -> None:
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


def test_others_are_answered_while_hostile_files_are_read(server: Server) -> None:
    with server.client() as client:
        assert client.outcome(client.import_of("small.csv", b"Name,Quantity\nBulb,2\n"))["state"] == "PLANNED"
        before = server.memory_bytes_max()
        for hostile in HOSTILE:
            asking = Asking()
            content = hostile.content()
            with asking.going_on(server):
                outcome = client.outcome(client.import_of(hostile.name, content))
            check_outcome(hostile, outcome)
            assert asking.wrong == [], hostile.name
            assert asking.seconds, hostile.name
            assert max(asking.seconds) < ANSWER_SECONDS_MAX, hostile.name
        assert server.memory_bytes_max() - before < GROWTH_BYTES_MAX
        assert client.outcome(client.import_of("small.csv", b"Name,Quantity\nBulb,2\n"))["state"] == "PLANNED"


def check_outcome(hostile: Hostile, outcome: Any) -> None:
    if hostile.reason is None:
        assert (outcome["state"], outcome["problems"]) == ("PLANNED", []), hostile.name
        assert outcome["counts"]["created"] == BIG_TABLE_ROWS + 1, "its rows and their top"
        return
    assert outcome["state"] == "FAILED", hostile.name
    assert {each["reason"] for each in outcome["problems"]} == {hostile.reason}, outcome["problems"]
    assert all(hostile.name in each["message"] for each in outcome["problems"]), outcome["problems"]
