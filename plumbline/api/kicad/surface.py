"""What answers at `/kicad`: one thread hop per request, the key in `Authorization: Token`, answers that KiCad may keep for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from plumbline.access.errors import KeyRefused
from plumbline.api.http import Resource, cached_response, refusal_response
from plumbline.api.kicad.shapes import category_shape, part_shape, root_shape
from plumbline.api.request import Entrance
from plumbline.application import Application, Asking
from plumbline.components.view import RELEASED, WORKING, View
from plumbline.exchange.reads.kicad import kicad_categories, kicad_part_by_id, kicad_parts
from plumbline.kit.errors import Refusal
from plumbline.kit.log import Log

AT = "/kicad"
SURFACE = "kicad"
LIST_SECONDS, PART_SECONDS = 300, 60
"""How long KiCad may keep answers; the file that it is set up with says the same."""

Make = Callable[[Asking, View, Request], object]

log = Log("plumbline.api.kicad")


class KicadSurface:
    def __init__(self, application: Application, entrance: Entrance, pool: ThreadPoolExecutor) -> None:
        self._application = application
        self._entrance = entrance
        self._pool = pool

    def routes(self) -> list[Route]:
        """For what people work on, and for what is released."""
        return [
            Route(f"{at}/v1/{path}", Resource({"GET": partial(self._answer, view=view, seconds=seconds, make=make)}))
            for at, view in ((AT, WORKING), (f"{AT}/released", RELEASED))
            for path, seconds, make in (
                ("", LIST_SECONDS, _root),
                ("categories.json", LIST_SECONDS, _categories),
                ("parts/category/{id}.json", LIST_SECONDS, _parts),
                ("parts/{id}.json", PART_SECONDS, _part),
            )
        ]

    async def _answer(self, request: Request, *, view: View, seconds: int, make: Make) -> Response:
        answered = partial(self._answered, request, view, seconds, make)
        return await asyncio.get_running_loop().run_in_executor(self._pool, answered)

    def _answered(self, request: Request, view: View, seconds: int, make: Make) -> Response:
        try:
            actor = self._entrance.admit(request.headers, SURFACE)
            with self._application.asking(actor) as asked:
                answer = make(asked, view, request)
        except Refusal as refusal:
            if isinstance(refusal, KeyRefused):
                log.info("key_refused", surface=SURFACE, address=request.client.host if request.client else None)
            return refusal_response(refusal)
        headers = {"cache-control": f"private, max-age={seconds}", "vary": "authorization"}
        return cached_response(request, orjson.dumps(answer), "application/json", headers)


def _root(_asked: Asking, _view: View, _request: Request) -> object:
    return root_shape()


def _categories(asked: Asking, _view: View, _request: Request) -> object:
    return [category_shape(each) for each in asked(kicad_categories)]


def _parts(asked: Asking, view: View, request: Request) -> object:
    return [part_shape(each) for each in asked(kicad_parts, request.path_params["id"], view=view)]


def _part(asked: Asking, view: View, request: Request) -> object:
    return part_shape(asked(kicad_part_by_id, request.path_params["id"], view=view))
