"""The client over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

import httpx2
import orjson

from plumbline.cli.client import Data, data_of
from plumbline.cli.errors import ServerUnreachable

DONE = 200
CONNECT_SECONDS_MAX = 10.0
ANSWER_SECONDS_MAX = 600.0
"""A large import is one request, and one transaction."""


class HttpClient:
    def __init__(self, url: str, api_key: str, library: str | None = None) -> None:
        self._address = url.rstrip("/").removesuffix("/graphql") + "/graphql"
        headers = {"x-api-key": api_key, "content-type": "application/json"}
        if library is not None:
            headers["x-library"] = library
        timeout = httpx2.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX)
        self._http = httpx2.Client(headers=headers, timeout=timeout)

    def ask(self, document: str, variables: Mapping[str, object] | None = None) -> Data:
        body = orjson.dumps({"query": document, "variables": variables or {}})
        try:
            response = self._http.post(self._address, content=body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _unreachable(self._address, error) from error
        return data_of(_answer(response.content, response.status_code, self._address))

    def archive(self, target: IO[bytes]) -> None:
        address = self._address.removesuffix("/graphql") + "/archive/library.zip"
        try:
            with self._http.stream("GET", address) as response:
                if response.status_code != DONE:
                    data_of(_answer(response.read(), response.status_code, address))
                for piece in response.iter_bytes():
                    target.write(piece)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _unreachable(address, error) from error

    def close(self) -> None:
        self._http.close()


def _answer(content: bytes, status: int, address: str) -> Data:
    """The answer as the server shapes all of them; raises ServerUnreachable if it is something else."""
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
        raise ServerUnreachable(
            f"{address} answers with status {status} and no GraphQL.",
            hint="Is there a Plumbline server at that address?",
        )
    return answer


def _unreachable(address: str, error: Exception) -> ServerUnreachable:
    return ServerUnreachable(
        f"{address} does not answer: {error or type(error).__name__}.",
        hint="Is the server running, and is --url right?",
    )
