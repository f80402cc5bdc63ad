"""A server that runs, one file after the other that is made to hurt it, and somebody else who wants answers all the while."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import pytest

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


def test_others_are_answered_while_hostile_files_are_read(server: Any) -> None:
    with server.client() as client:
        assert outcome_of(client, import_of(client, "small.csv", b"Name,Quantity\nBulb,2\n"))["state"] == "PLANNED"
        before = server.memory_bytes_max()
        for hostile in HOSTILE:
            content = hostile.content()
            with server.asking() as asking:
                outcome = outcome_of(client, import_of(client, hostile.name, content))
            check_outcome(hostile, outcome)
            assert asking.wrong == [], hostile.name
            assert asking.seconds, hostile.name
            assert max(asking.seconds) < ANSWER_SECONDS_MAX, hostile.name
        assert server.memory_bytes_max() - before < GROWTH_BYTES_MAX
        assert outcome_of(client, import_of(client, "small.csv", b"Name,Quantity\nBulb,2\n"))["state"] == "PLANNED"


def import_of(client: Any, name: str, content: bytes) -> str:
    """The id of an import whose file was sent and is about to be read."""
    file = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    made = client.ask(CREATE, input={"files": [file]})["imports"]["create"]
    for offset in range(0, len(content), PIECE_BYTES):
        headers = {"content-type": "application/offset+octet-stream", "upload-offset": str(offset)}
        piece = content[offset : offset + PIECE_BYTES]
        sent = client.http.patch(made["files"][0]["uploadAddress"], content=piece, headers=headers)
        assert sent.status_code == 204, sent.text
    client.ask(READ, input={"id": made["id"]})
    return str(made["id"])


def outcome_of(client: Any, import_id: str) -> Any:
    """Of the reading, when it is over."""
    end = time.monotonic() + READ_SECONDS_MAX
    while time.monotonic() < end:
        found = client.ask(ASK, id=import_id)["imports"]["get"]
        if found["state"] != "READING":
            return found
        time.sleep(0.1)
    pytest.fail(f"not read within {READ_SECONDS_MAX} s")


def check_outcome(hostile: Hostile, outcome: Any) -> None:
    if hostile.reason is None:
        assert (outcome["state"], outcome["problems"]) == ("PLANNED", []), hostile.name
        assert outcome["counts"]["created"] == BIG_TABLE_ROWS + 1, "its rows and their top"
        return
    assert outcome["state"] == "FAILED", hostile.name
    assert {each["reason"] for each in outcome["problems"]} == {hostile.reason}, outcome["problems"]
    assert all(hostile.name in each["message"] for each in outcome["problems"]), outcome["problems"]
