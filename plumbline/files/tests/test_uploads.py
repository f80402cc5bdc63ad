"""Uploads over HTTP as clients send them: pieces by the tus protocol, and whole files."""

from __future__ import annotations

import asyncio
import hashlib
import random
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from plumbline.api.asgi import build_asgi
from plumbline.application import Application
from plumbline.files.actions import BYTES_MAX, UPLOAD_BYTES_MAX, UPLOAD_HOURS, UPLOADS_MAX, open_uploads
from plumbline.files.errors import ChecksumMismatch, InvalidUpload, UploadIncomplete, UploadMissing, UploadQuotaReached
from plumbline.files.jobs import sweep_expired_uploads
from plumbline.files.model import NewUpload, Upload
from plumbline.files.pieces import PIECE_BYTES_MIN, append, content_of, received
from plumbline.files.reads import uploads_by_ids
from plumbline.files.signing import ADDRESS_SECONDS, signed_address
from plumbline.kit.errors import Refusal
from plumbline.settings import Settings
from plumbline.testing.callers import Team, new_team

ORIGIN = "http://plumbline.test"
PIECE = {"content-type": "application/offset+octet-stream", "tus-resumable": "1.0.0"}
CONTENT = random.Random(7).randbytes(3 * PIECE_BYTES_MIN + 1234)


class Sender:
    """A client of the signed addresses of one server."""

    def __init__(self, application: Application) -> None:
        self._app = build_asgi(application, Settings())
        self._application = application

    def address(self, upload: Upload) -> str:
        return signed_address(upload, int(self._application.clock().timestamp()))

    def send(self, method: str, address: str, **options: Any) -> httpx2.Response:
        async def once() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self._app)
            async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                return await client.request(method, address, **options)

        return asyncio.run(once())

    def piece(self, upload: Upload, offset: int, content: bytes) -> httpx2.Response:
        headers = {**PIECE, "upload-offset": str(offset)}
        return self.send("PATCH", self.address(upload), content=content, headers=headers)

    def offset(self, upload: Upload) -> int:
        return int(self.send("HEAD", self.address(upload)).headers["upload-offset"])


@pytest.fixture
def sender(team: Team) -> Sender:
    return Sender(team.application)


def announced(team: Team, content: bytes = CONTENT, **values: Any) -> Upload:
    values = {"name": "bom.csv", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | values
    return team.engineer.run(open_uploads, [NewUpload(**values)])[0]


def reason(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["reason"]


def test_a_whole_file_arrives_with_one_request(team: Team, sender: Sender) -> None:
    upload = announced(team)
    response = sender.send("PUT", sender.address(upload), content=CONTENT)
    assert (response.status_code, response.headers["upload-offset"]) == (204, str(len(CONTENT)))
    assert content_of(team.application.files, upload) == CONTENT


def test_pieces_go_on_where_the_upload_has_come_to(team: Team, sender: Sender) -> None:
    upload = announced(team)
    place = 0
    for size in (PIECE_BYTES_MIN, 2 * PIECE_BYTES_MIN, 1234):
        assert sender.offset(upload) == place
        response = sender.piece(upload, place, CONTENT[place : place + size])
        place += size
        assert (response.status_code, response.headers["upload-offset"]) == (204, str(place))
        assert response.headers["tus-resumable"] == "1.0.0"
    assert content_of(team.application.files, upload) == CONTENT
    again = sender.piece(upload, place, b"")
    assert again.status_code == 204, "a client that did not hear of its success"


def test_a_piece_out_of_place_is_refused_and_what_is_here_stays(team: Team, sender: Sender) -> None:
    upload = announced(team)
    first = CONTENT[:PIECE_BYTES_MIN]
    assert sender.piece(upload, 0, first).status_code == 204
    for offset in (0, 1, PIECE_BYTES_MIN + 1, len(CONTENT)):
        assert reason(sender.piece(upload, offset, first)) == (409, "UPLOAD_MOVED")
    assert reason(sender.piece(upload, PIECE_BYTES_MIN, b"small")) == (400, "PIECE_REFUSED")
    assert reason(sender.piece(upload, PIECE_BYTES_MIN, CONTENT)) == (400, "PIECE_REFUSED")
    assert sender.offset(upload) == PIECE_BYTES_MIN
    with pytest.raises(UploadIncomplete, match=f"{PIECE_BYTES_MIN} of {len(CONTENT)} bytes"):
        content_of(team.application.files, upload)


def test_a_damaged_file_is_dropped_and_can_be_sent_again(team: Team, sender: Sender) -> None:
    upload = announced(team)
    assert reason(sender.send("PUT", sender.address(upload), content=CONTENT[::-1])) == (400, "CHECKSUM_MISMATCH")
    assert sender.offset(upload) == 0
    assert sender.send("PUT", sender.address(upload), content=CONTENT).status_code == 204


def test_bytes_that_change_in_the_store_are_noticed_when_they_are_read(team: Team) -> None:
    files, upload = team.application.files, announced(team)
    append(files, upload, 0, CONTENT)
    files.replace(f"uploads/{upload.id}/{0:015}", CONTENT[::-1])
    with pytest.raises(ChecksumMismatch):
        content_of(files, upload)


def test_an_empty_file_is_a_file(team: Team, sender: Sender) -> None:
    upload = announced(team, b"")
    assert sender.send("PUT", sender.address(upload), content=b"").status_code == 204
    assert content_of(team.application.files, upload) == b""


def test_an_address_is_good_for_one_upload_and_five_minutes(team: Team, sender: Sender) -> None:
    upload, other = announced(team), announced(team, name="other.csv")
    now = int(team.application.clock().timestamp())
    good = signed_address(upload, now)
    path, _, query = good.partition("?")
    expires, _, signature = query.partition("&")
    forged = [
        path,
        f"{path}?{expires}",
        f"{path}?{signature}",
        f"{path}?expires={now + 10**6}&{signature}",
        f"{path}?expires=-1&{signature}",
        f"{path}?expires=never&{signature}",
        f"{path}?{expires}&signature={'0' * 64}",
        f"{path}?{expires}&signature=%C3%A9",
        good.replace(upload.id, other.id),
        signed_address(upload._replace(size=upload.size + 1), now),
        signed_address(upload._replace(sha256=None), now),
        signed_address(upload._replace(secret="0" * 64), now),
        signed_address(upload, now - ADDRESS_SECONDS - 1),
    ]
    for address in forged:
        assert reason(sender.send("PUT", address, content=CONTENT)) == (403, "UPLOAD_ADDRESS_REFUSED"), address
        assert sender.send("HEAD", address).status_code == 403
    unknown = good.replace(upload.id, "00000000-0000-4000-8000-000000000000")
    assert reason(sender.send("PUT", unknown, content=CONTENT)) == (404, "UPLOAD_MISSING")
    assert reason(sender.send("PUT", good.replace(upload.id, "..%2f..%2fetc"), content=b"")) in (
        (404, "UPLOAD_MISSING"),
        (404, "ADDRESS_MISSING"),
    )
    assert received(team.application.files, upload) == 0


def test_what_is_no_piece_is_refused(team: Team, sender: Sender) -> None:
    upload = announced(team)
    address = sender.address(upload)
    assert reason(sender.send("PATCH", address, content=CONTENT, headers={"upload-offset": "0"}))[0] == 400
    for offset in ("", "-1", "x", "1e3", "9" * 40):
        headers = {**PIECE, "upload-offset": offset}
        assert reason(sender.send("PATCH", address, content=CONTENT, headers=headers)) == (400, "INVALID_UPLOAD")
    assert reason(sender.send("PUT", address, content=CONTENT[1:])) == (400, "INVALID_UPLOAD")
    assert sender.send("POST", address, content=CONTENT).status_code == 405
    assert sender.send("GET", address).status_code == 405


def test_of_two_senders_of_the_same_piece_one_is_heard(team: Team) -> None:
    files, upload = team.application.files, announced(team)
    outcomes: list[str] = []

    def work(content: bytes) -> None:
        try:
            append(files, upload, 0, content)
            outcomes.append("kept")
        except Refusal as refusal:
            outcomes.append(refusal.reason)

    threads = [threading.Thread(target=work, args=(bytes([each]) * PIECE_BYTES_MIN,)) for each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["UPLOAD_MOVED"] * 7 + ["kept"]
    assert received(files, upload) == PIECE_BYTES_MIN


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "../bom.csv"},
        {"name": "/etc/passwd"},
        {"name": "a\\b"},
        {"name": "a//b"},
        {"name": "line\nbreak"},
        {"name": "x" * 501},
        {"size": -1},
        {"size": UPLOAD_BYTES_MAX + 1},
        {"sha256": "abc"},
        {"sha256": "g" * 64},
    ],
)
def test_a_file_that_cannot_be_is_not_announced(team: Team, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidUpload):
        announced(team, **wrong)


def test_a_library_has_so_many_uploads_and_no_more(own_application: Application) -> None:
    team = new_team(own_application)
    for _ in range(BYTES_MAX // UPLOAD_BYTES_MAX):
        announced(team, size=UPLOAD_BYTES_MAX)
    with pytest.raises(UploadQuotaReached):
        announced(team, size=UPLOAD_BYTES_MAX)
    small = [NewUpload("a.csv", 1)] * 500
    for _ in range(UPLOADS_MAX // 500 - 1):
        team.engineer.run(open_uploads, small)
    with pytest.raises(UploadQuotaReached):
        team.engineer.run(open_uploads, small)


def test_what_nobody_took_up_is_swept_after_a_day(own_application: Application) -> None:
    team = new_team(own_application)
    upload = announced(team)
    append(own_application.files, upload, 0, CONTENT)
    database, files = own_application.database, own_application.files
    assert sweep_expired_uploads(database, own_application.clock, files) == 0
    tomorrow = datetime.now(UTC) + timedelta(hours=UPLOAD_HOURS, minutes=1)
    assert sweep_expired_uploads(database, lambda: tomorrow, files) == 1
    assert list(files.sizes(f"uploads/{upload.id}")) == []
    with pytest.raises(UploadMissing):
        team.engineer.ask(uploads_by_ids, [upload.id])
