"""`GET /archive/library.zip`: the whole library of the caller's key as one file, for Administrators.

The archive is written into a temporary file first, so that a slow download holds no snapshot of the database and its length is known. That
takes a thread of its own for seconds: one archive at a time, and few who wait for it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from plumbline.access.permissions import require
from plumbline.api.errors import ServerBusy
from plumbline.api.http import refusal_response
from plumbline.api.request import Entrance
from plumbline.application import Application
from plumbline.archives.reads import archive_library
from plumbline.kit.actor import Actor
from plumbline.kit.errors import Refusal
from plumbline.kit.log import Log

ARCHIVE_AT = "/archive/library.zip"
ARCHIVES_WAITING_MAX = 4
"""Per process, the one that is written among them."""
BUSY_SECONDS = 30
_PIECE_BYTES = 256 * 1024
_HEADERS = {"content-disposition": 'attachment; filename="library.zip"'}


log = Log("plumbline.api.archives")


class ArchiveSurface:
    def __init__(self, application: Application, entrance: Entrance) -> None:
        self._application = application
        self._entrance = entrance
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="plumbline-archive")
        self._waiting = 0

    async def answer(self, request: Request) -> Response:
        if self._waiting >= ARCHIVES_WAITING_MAX:
            busy = ServerBusy(f"{self._waiting} archives are being written.", retry_after=BUSY_SECONDS)
            return refusal_response(busy)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            archive = await loop.run_in_executor(self._writer, self._archived, request.headers)
        except Refusal as refusal:
            return refusal_response(refusal)
        finally:
            self._waiting -= 1
        length = str(archive.seek(0, os.SEEK_END))
        archive.seek(0)
        headers = {**_HEADERS, "content-length": length}
        return StreamingResponse(_pieces(archive), media_type="application/zip", headers=headers)

    async def head(self, request: Request) -> Response:
        """Whether there would be an archive for this caller. Its length is not told: for that it would have to be written."""
        try:
            await asyncio.to_thread(self._admitted, request.headers)
        except Refusal as refusal:
            return refusal_response(refusal)
        response = Response(media_type="application/zip", headers=_HEADERS)
        del response.headers["content-length"]
        return response

    def close(self) -> None:
        self._writer.shutdown()

    def _archived(self, headers: Headers) -> IO[bytes]:
        actor = self._admitted(headers)
        archive = tempfile.TemporaryFile()  # noqa: SIM115  # closed when its last byte is sent
        try:
            self._application.ask(actor, archive_library, archive)
        except BaseException:
            archive.close()
            raise
        log.info("library_archived", library_id=actor.library_id, user_id=actor.user_id, key_id=actor.key_id)
        return archive

    def _admitted(self, headers: Headers) -> Actor:
        actor = self._entrance.admit(headers, "hub")
        require(actor, archive_library)
        return actor


async def _pieces(archive: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(archive.read, _PIECE_BYTES):
            yield piece
    finally:
        archive.close()
