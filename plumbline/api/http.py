"""Pieces of HTTP that every surface uses: bodies within a bound, methods of an address, and refusals as answers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from plumbline.api.errors import MethodNotAllowed, RequestTimedOut, http_status
from plumbline.api.graphql_kit.engine import ANSWER_CONTENT_TYPE, refused
from plumbline.api.graphql_kit.errors import RequestTooLarge
from plumbline.kit.errors import RateLimited, Refusal

BODY_SECONDS_MAX = 60.0
DRAINED_BYTES_MAX = 64 * 2**20
"""Of a body that is too large: read and dropped, so that the client sees the answer instead of a broken connection."""

Handler = Callable[[Request], Awaitable[Response]]


async def bounded_body(request: Request, bytes_max: int) -> bytes:
    """Raises RequestTooLarge, at once where the length is announced, and RequestTimedOut."""
    announced = request.headers.get("content-length", "")
    too_large = announced.isdecimal() and int(announced) > bytes_max
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            async for chunk in request.stream():
                size += len(chunk)
                too_large = too_large or size > bytes_max
                if too_large:
                    chunks.clear()
                else:
                    chunks.append(chunk)
                if size > bytes_max + DRAINED_BYTES_MAX:
                    break
    except TimeoutError:
        raise RequestTimedOut(f"The body did not arrive within {BODY_SECONDS_MAX:g} s.") from None
    if too_large:
        raise RequestTooLarge(
            f"The request body has more than {bytes_max} bytes.", expected=f"at most {bytes_max} bytes"
        )
    return b"".join(chunks)


def method_refused(request: Request, allowed: str, *, hint: str | None = None) -> Response:
    refusal = MethodNotAllowed(
        f"{request.method[:20]} is not possible at {request.url.path[:200]}.", expected=allowed, hint=hint
    )
    response = refusal_response(refusal)
    response.headers["allow"] = allowed
    return response


def refusal_response(refusal: Refusal) -> Response:
    answer = refused([refusal], status=http_status(refusal))
    response = Response(answer.body, answer.status, media_type=answer.content_type)
    if isinstance(refusal, RateLimited):
        response.headers["retry-after"] = str(refusal.retry_after)
    if answer.status == 401:
        response.headers["www-authenticate"] = "Bearer"
    return response


class Resource:
    """One address with its methods: HEAD as GET unless it has a handler, OPTIONS by itself, others are 405 with what is allowed."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = {**({"HEAD": handlers["GET"]} if "GET" in handlers else {}), **handlers}
        self._allowed = ", ".join(sorted([*self._handlers, "OPTIONS"]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        handler = self._handlers.get(request.method)
        if handler is not None:
            response = await handler(request)
        elif request.method == "OPTIONS":
            response = Response(status_code=204, headers={"allow": self._allowed})
        else:
            response = method_refused(request, self._allowed)
        await response(scope, receive, send)


def json_response(status: int, answer: object) -> Response:
    return Response(orjson.dumps(answer), status, media_type=ANSWER_CONTENT_TYPE)


def cached_response(request: Request, content: bytes, content_type: str, headers: Mapping[str, str]) -> Response:
    """With a tag of its content, so that whoever has it already is told just that."""
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers={**headers, "etag": tag})
    return Response(content, media_type=content_type, headers={**headers, "etag": tag})
