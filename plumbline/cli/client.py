"""How client commands ask: one GraphQL document in, its data out, wherever the library is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import IO, Any, Protocol

from plumbline.cli.errors import ServerRefused, WrongUsage
from plumbline.cli.options import Target

Data = dict[str, Any]
"""JSON as the schema describes it; what a document asks for is known to whoever wrote the document."""


class Client(Protocol):
    def ask(self, document: str, variables: Mapping[str, object] | None = None) -> Data:
        """The `data` of the answer. Raises ServerRefused for any error in it."""
        ...

    def archive(self, target: IO[bytes]) -> None:
        """Writes the whole library as an archive. Raises ServerRefused or another refusal."""
        ...

    def close(self) -> None: ...


@contextmanager
def connected(target: Target | None) -> Iterator[Client]:
    """Over HTTP if an address is given, else inside this process. Each way is loaded only when it is taken."""
    target = target or Target()
    local = target.data is not None or target.database_url is not None
    if local and target.url is not None:
        raise WrongUsage("--url and --data stand for two different servers.", expected="one of them")
    url = None if local else target.url or os.environ.get("PLUMBLINE_URL")
    client: Client
    if url:
        key = target.api_key or os.environ.get("PLUMBLINE_API_KEY")
        if not key:
            raise WrongUsage("A server needs an API key.", expected="--api-key KEY, or PLUMBLINE_API_KEY")
        client = import_module("plumbline.cli.http_client").HttpClient(url, key, target.library)
    else:
        client = import_module("plumbline.cli.local_client").LocalClient(target)
    try:
        yield client
    finally:
        client.close()


def all_nodes(
    client: Client,
    document: str,
    variables: Mapping[str, object],
    *,
    at: Sequence[str],
    since: str | None = None,
) -> Iterator[tuple[Data, list[Data]]]:
    """Every page of the connection that lies at the path `at`: the whole data of the page, and its nodes. The document takes `$after`,
    which begins at the cursor `since`."""
    after = since
    while True:
        data = client.ask(document, {**variables, "after": after})
        connection = data
        for name in at:
            connection = connection[name]
        yield data, connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return
        after = connection["pageInfo"]["endCursor"]


def data_of(answer: object) -> Data:
    """Raises ServerRefused with every error of the answer."""
    if not isinstance(answer, dict):
        raise TypeError("a GraphQL answer is an object")
    errors = answer.get("errors")
    if errors:
        first, *others = [_refusal(entry) for entry in errors]
        first.also = tuple(others)
        raise first
    data = answer["data"]
    assert isinstance(data, dict), "an answer without errors has data"
    return data


def _refusal(entry: Data) -> ServerRefused:
    extensions = entry.get("extensions") or {}
    message = str(entry.get("message", "The server refused and did not say why."))
    error_id = extensions.get("errorId")
    return ServerRefused(
        f"{message} Error id: {error_id}" if error_id else message,
        code=str(extensions.get("code", "")),
        path=tuple(extensions.get("inputPath") or ()),
        expected=extensions.get("expected"),
        hint=extensions.get("hint"),
    )
