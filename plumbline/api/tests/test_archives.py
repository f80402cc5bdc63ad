"""A library over the network as one file."""

from __future__ import annotations

import asyncio
import io
import tempfile
import zipfile
from typing import Any

import httpx2
import orjson
import pytest

from plumbline.api.archives import ARCHIVES_WAITING_MAX
from plumbline.api.asgi import build_asgi
from plumbline.settings import Settings
from plumbline.testing import make
from plumbline.testing.archives import archived, contents_of
from plumbline.testing.callers import Team

AT = "/archive/library.zip"


@pytest.fixture
def app(team: Team):
    return build_asgi(team.application, Settings())


def get(app: Any, key: str | None, *, times: int = 1, method: str = "GET", **headers: str) -> list[httpx2.Response]:
    given = {**headers, **({} if key is None else {"x-api-key": key})}

    async def sent() -> list[httpx2.Response]:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://plumbline.example"
        ) as client:
            return await asyncio.gather(*(client.request(method, AT, headers=given) for _ in range(times)))

    return asyncio.run(sent())


def test_an_administrator_gets_the_archive_that_the_shell_would_write(team: Team, app) -> None:
    make.component(team.engineer, "Part")
    [response] = get(app, team.administrator.key())
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"] == 'attachment; filename="library.zip"'
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.headers["cache-control"] == "no-store"
    assert contents_of(response.content) == contents_of(archived(team.administrator))
    assert zipfile.ZipFile(io.BytesIO(response.content)).testzip() is None


def test_nobody_else_does(team: Team, app) -> None:
    for caller in (team.viewer, team.engineer, team.manager):
        [response] = get(app, caller.key())
        [error] = orjson.loads(response.content)["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert "library:archive" in error["message"]
    assert get(app, None)[0].status_code == 401
    assert get(app, "plk_nonsense")[0].status_code == 401
    assert get(app, team.administrator.key("mfg"))[0].status_code == 401
    assert get(app, team.administrator.key(), **{"x-library": "another"})[0].status_code == 403


def test_more_who_want_one_than_can_be_served_soon_are_sent_away(team: Team, app) -> None:
    responses = get(app, team.administrator.key(), times=ARCHIVES_WAITING_MAX + 3)
    assert sorted(each.status_code for each in responses) == [200] * ARCHIVES_WAITING_MAX + [503] * 3
    assert {each.headers["retry-after"] for each in responses if each.status_code == 503} == {"30"}


def test_who_asks_for_the_head_only_has_no_archive_written(
    team: Team, app, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no folder to write into"))
    [response] = get(app, team.administrator.key(), method="HEAD")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == "application/zip"
    assert "content-length" not in response.headers, "nobody knows it before it is written"
    for key, status in ((team.manager.key(), 403), (None, 401), ("plk_nonsense", 401)):
        [refused] = get(app, key, method="HEAD")
        assert refused.status_code == status
    with pytest.raises(FileNotFoundError):
        tempfile.TemporaryFile().close()
