"""The web application: which address answers what, around the surfaces. Everything answers errors in one shape, as JSON.

A request for a surface makes one hop: the body is read on the event loop, within its bound, and everything else happens on one thread of a
small pool. A client that goes away changes nothing: what was begun is finished, and the answer is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plumbline.access.errors import KeyRefused
from plumbline.api.archives import ARCHIVE_AT, ArchiveSurface
from plumbline.api.errors import AddressMissing, ServerBusy
from plumbline.api.explorer.files import (
    ASSETS_AT,
    CONTENT_SECURITY_POLICY,
    CONTENT_TYPES,
    explorer_files,
    explorer_page,
)
from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.error_answers import fault_entry
from plumbline.api.http import (
    Resource,
    bounded_body,
    cached_response,
    json_response,
    method_refused,
    refusal_response,
)
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.schema import hub_engine
from plumbline.api.kicad.surface import KicadSurface
from plumbline.api.request import Entrance, presented_key
from plumbline.api.uploads import UploadSurface
from plumbline.application import Application
from plumbline.files.signing import UPLOADS_AT
from plumbline.kit.errors import Refusal
from plumbline.kit.ids import random_id
from plumbline.kit.late import LateModule
from plumbline.kit.log import Log
from plumbline.settings import Settings
from plumbline.storage.migrating import newest_revision, present_revision

if TYPE_CHECKING:
    from plumbline.configuration import schemes
else:
    schemes = LateModule("plumbline.configuration.schemes")

REQUESTS_WAITING_MAX = 512
"""Per process: beyond this a caller would wait longer than he is ready to."""
READY_SECONDS_MAX = 5.0
ASSET_SECONDS = 3600

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""On every answer that does not say otherwise. No CORS headers: pages of other origins get nothing."""

log = Log("plumbline.api")


def build_asgi(application: Application, settings: Settings) -> Starlette:
    """Every surface on one application; what it starts ends with the ASGI lifespan."""
    entrance = Entrance(application, settings.rate_limit)
    pool = ThreadPoolExecutor(settings.web.threads, thread_name_prefix="plumbline-web")
    hub = GraphQLSurface(application, hub_engine(settings), entrance, pool)
    kicad = KicadSurface(application, entrance, pool)
    uploads = UploadSurface(application, settings.web.body_bytes_max, pool)
    archives = ArchiveSurface(application, entrance)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(pool.shutdown)
        await asyncio.to_thread(archives.close)
        await asyncio.to_thread(entrance.close)

    app = Starlette(
        routes=[
            Route("/graphql", Resource({"GET": hub.page, "POST": hub.answer})),
            Route(f"{ASSETS_AT}/{{path:path}}", Resource({"GET": explorer_asset})),
            Route(
                f"{UPLOADS_AT}/{{id}}", Resource({"HEAD": uploads.state, "PATCH": uploads.piece, "PUT": uploads.whole})
            ),
            Route(ARCHIVE_AT, Resource({"GET": archives.answer, "HEAD": archives.head})),
            Route("/static/schemes/{path:path}", Resource({"GET": scheme_file})),
            *kicad.routes(),
            Route("/healthz", Resource({"GET": healthy})),
            Route("/readyz", Resource({"GET": partial(ready, application)})),
        ],
        middleware=[Middleware(SecureHeaders), Middleware(FaultShield)],
        exception_handlers={404: missing_address},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # a redirect would repeat the caller's Host header
    return app


class GraphQLSurface:
    """The platform API at one address: the explorer for browsers, answers for programs."""

    def __init__(self, application: Application, engine: Engine, entrance: Entrance, pool: ThreadPoolExecutor) -> None:
        self._application = application
        self._engine = engine
        self._entrance = entrance
        self._pool = pool
        self._waiting = 0

    async def page(self, request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return method_refused(request, "GET, HEAD, OPTIONS, POST", hint="Send the operation with POST, as JSON.")
        headers = {"content-security-policy": CONTENT_SECURITY_POLICY, "cache-control": "no-cache", "vary": "accept"}
        return cached_response(request, explorer_page(request.url.path), CONTENT_TYPES["html"], headers)

    async def answer(self, request: Request) -> Response:
        if self._waiting >= REQUESTS_WAITING_MAX:
            return refusal_response(ServerBusy(f"{self._waiting} requests are waiting already.", retry_after=1))
        self._waiting += 1
        try:
            presented_key(request.headers)
            body = await bounded_body(request, self._engine.body_bytes_max)
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, self._answered, request.headers, body, request.client.host if request.client else None
            )
        except Refusal as refusal:
            return refusal_response(refusal)
        except ClientDisconnect:
            return Response(status_code=400)
        finally:
            self._waiting -= 1

    def _answered(self, headers: Headers, body: bytes, address: str | None) -> Response:
        """All the work of one request, on one thread."""
        try:
            actor = self._entrance.admit(headers, "hub")
        except Refusal as refusal:
            if isinstance(refusal, KeyRefused):
                log.info("key_refused", surface="hub", address=address)
            return refusal_response(refusal)
        context = HubContext(self._application, actor)
        misses = self._engine.documents.misses
        try:
            answer = self._engine.answer(body, headers.get("content-type"), context)
        finally:
            context.close()
        # Another thread's new document may be counted here as well; it costs a few requests of a minute's allowance.
        if self._engine.documents.misses != misses:
            self._entrance.charge_cold_document(actor)
        return Response(answer.body, answer.status, media_type=answer.content_type)


async def explorer_asset(request: Request) -> Response:
    path = request.path_params["path"]
    shipped = None if path == "index.html" else explorer_files().get(path)
    if shipped is None:
        return await missing_address(request)
    content, content_type = shipped
    return cached_response(request, content, content_type, {"cache-control": f"public, max-age={ASSET_SECONDS}"})


async def scheme_file(request: Request) -> Response:
    """JSON Schemas and shipped documents; any editor may read them, from whichever page it runs in."""
    path = request.path_params["path"]
    text = (await asyncio.to_thread(lambda: schemes.scheme_files())).get(path)
    if text is None:
        return await missing_address(request)
    content_type = "application/schema+json" if path.endswith(".json") else "application/yaml"
    headers = {
        "cache-control": f"public, max-age={ASSET_SECONDS}",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }
    return cached_response(request, text.encode(), f"{content_type}; charset=utf-8", headers)


async def healthy(_: Request) -> Response:
    """The process runs; nothing else is looked at."""
    return json_response(200, {"status": "ok"})


async def ready(application: Application, _: Request) -> Response:
    """The database answers, and its tables are the newest."""
    try:
        async with asyncio.timeout(READY_SECONDS_MAX):
            present = await asyncio.to_thread(present_revision, application.database)
    except Exception as fault:
        log.warning("not_ready", exc_info=(type(fault), fault, fault.__traceback__))
        return json_response(503, {"status": "unavailable", "reason": "the database does not answer"})
    if present != newest_revision():
        return json_response(503, {"status": "unavailable", "reason": "the tables are not up to date"})
    return json_response(200, {"status": "ready"})


async def missing_address(request: Request, _: Exception | None = None) -> Response:
    refusal = AddressMissing(
        f"There is nothing at {request.url.path[:200]}.", hint="The API is at /graphql; open it in a browser."
    )
    return refusal_response(refusal)


class FaultShield:
    """Turns an exception into an answer that says nothing of it but the id under which the log has it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as fault:
            if scope["type"] != "http":
                raise
            entry = fault_entry(fault, random_id)
            if not begun:
                await json_response(500, {"errors": [entry]})(scope, receive, send)


class SecureHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
