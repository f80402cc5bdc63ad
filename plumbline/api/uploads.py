"""Where the bytes of uploads go: signed addresses that speak the core of the tus protocol 1.0.0 (HEAD and PATCH, for pieces and for going
on after a break), and take a whole small file with PUT.

The address is the permission, so no API key is sent here. What arrives is kept piece by piece; with the last one the file is checked
against its announced SHA-256, and is complete.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from plumbline.api.http import bounded_body, refusal_response
from plumbline.application import Application
from plumbline.files.errors import ChecksumMismatch, InvalidUpload
from plumbline.files.model import Upload
from plumbline.files.pieces import append, content_of, drop, received
from plumbline.files.reads import announced_upload
from plumbline.files.signing import check_address
from plumbline.kit.errors import Refusal

Handler = Callable[[Request, Upload], Response]
BodyHandler = Callable[..., Response]
"""Like a handler, with `body` on top."""

TUS = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"


class UploadSurface:
    def __init__(self, application: Application, piece_bytes_max: int, pool: ThreadPoolExecutor) -> None:
        self._application = application
        self._piece_bytes_max = piece_bytes_max
        self._pool = pool

    async def state(self, request: Request) -> Response:
        """HEAD: how far the upload has come."""
        return await self._answered(request, self._state)

    async def piece(self, request: Request) -> Response:
        """PATCH: the piece that begins at `Upload-Offset`."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != PIECE_TYPE:
            return refusal_response(
                InvalidUpload("The body is not a piece of a file.", path=("Content-Type",), expected=PIECE_TYPE)
            )
        return await self._with_body(request, self._piece)

    async def whole(self, request: Request) -> Response:
        """PUT: the whole file in one request."""
        return await self._with_body(request, self._whole)

    async def _with_body(self, request: Request, handle: BodyHandler) -> Response:
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._admitted, request)
            body = await bounded_body(request, self._piece_bytes_max)
        except Refusal as refusal:
            return refusal_response(refusal)
        except ClientDisconnect:
            return Response(status_code=400)
        return await self._answered(request, partial(handle, body=body))

    async def _answered(self, request: Request, handle: Handler) -> Response:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._checked, request, handle)

    def _checked(self, request: Request, handle: Handler) -> Response:
        try:
            response = handle(request, self._admitted(request))
        except Refusal as refusal:
            response = refusal_response(refusal)
        response.headers["tus-resumable"] = TUS
        return response

    def _admitted(self, request: Request) -> Upload:
        """Before a body is read, and once more when it is here: a slow one may outlive its address."""
        upload = announced_upload(self._application.database, request.path_params["id"])
        now = int(self._application.clock().timestamp())
        query = request.query_params
        check_address(upload, query.get("expires", ""), query.get("signature", ""), now)
        return upload

    def _state(self, _: Request, upload: Upload) -> Response:
        return _progress(200, upload, received(self._application.files, upload))

    def _piece(self, request: Request, upload: Upload, *, body: bytes) -> Response:
        offset = request.headers.get("upload-offset", "")
        if not offset.isascii() or not offset.isdigit() or len(offset) > 15:
            raise InvalidUpload("The offset is no whole number.", path=("Upload-Offset",), expected="bytes, from 0")
        return self._kept(upload, int(offset), body)

    def _whole(self, _: Request, upload: Upload, *, body: bytes) -> Response:
        if len(body) != upload.size:
            message = f"The body has {len(body)} bytes."
            raise InvalidUpload(message, expected=f"the {upload.size} bytes of {upload.name}")
        return self._kept(upload, 0, body)

    def _kept(self, upload: Upload, offset: int, body: bytes) -> Response:
        files = self._application.files
        is_empty_end = not body and offset == upload.size == received(
            files, upload
        )  # a client that did not hear of its success
        here = offset if is_empty_end else append(files, upload, offset, body)
        if here == upload.size:
            self._prove(upload)
        return _progress(204, upload, here)

    def _prove(self, upload: Upload) -> None:
        try:
            content_of(self._application.files, upload)
        except ChecksumMismatch:
            drop(self._application.files, upload)
            raise


def _progress(status: int, upload: Upload, here: int) -> Response:
    return Response(status_code=status, headers={"upload-offset": str(here), "upload-length": str(upload.size)})
