"""The client over HTTP."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2
import orjson

from plumbline.cli.client import Data, data_of
from plumbline.cli.errors import ServerUnreachable

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
            raise ServerUnreachable(
                f"{self._address} does not answer: {error or type(error).__name__}.",
                hint="Is the server running, and is --url right?",
            ) from error
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
            raise ServerUnreachable(
                f"{self._address} answers with status {response.status_code} and no GraphQL.",
                hint="Is there a Plumbline server at that address?",
            )
        return data_of(answer)

    def close(self) -> None:
        self._http.close()
