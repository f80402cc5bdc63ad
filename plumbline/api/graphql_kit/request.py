"""From the bytes of a POST to a GraphQL request. Nothing is guessed: what is not a request is refused with what was expected.

Only JSON (and `application/graphql`, the bare document) is read. A browser sends text/plain, url-encoded and multipart bodies to other
sites without asking first; because those types are refused, no page elsewhere can run an operation with a visitor's session.
There is no GET for the same reason, and no batching: an array is refused, so that the limits of a request are the limits of a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from plumbline.api.graphql_kit.errors import MalformedRequest, RequestTooLarge, UnsupportedContentType

BODY_BYTES_MAX = 16 * 2**20
JSON_TYPES = ("application/json", "application/graphql+json")
DOCUMENT_TYPE = "application/graphql"


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: Mapping[str, Any]
    """JSON values as sent, not yet coerced, hence Any."""
    operation_name: str | None = None


def parse_request(body: bytes, content_type: str | None, *, body_bytes_max: int = BODY_BYTES_MAX) -> GraphQLRequest:
    """Raises MalformedRequest and its kinds."""
    if len(body) > body_bytes_max:
        raise RequestTooLarge(
            f"The request body has {len(body)} bytes; at most {body_bytes_max} are read.",
            expected=f"at most {body_bytes_max} bytes",
        )
    media_type = _media_type(content_type)
    if media_type == DOCUMENT_TYPE:
        return GraphQLRequest(_required_query(_utf8(body)), {})
    members = _json_object(body)
    return GraphQLRequest(
        query=_required_query(members.get("query")),
        variables=_variables(members.get("variables")),
        operation_name=_operation_name(members.get("operationName")),
    )


def _media_type(content_type: str | None) -> str:
    essence, _, parameters = (content_type or "").partition(";")
    media_type = essence.strip().lower()
    if media_type not in (*JSON_TYPES, DOCUMENT_TYPE):
        raise UnsupportedContentType(
            f"The content type is {media_type[:100] or 'missing'!r}; a GraphQL request is JSON.",
            expected="content-type: application/json",
        )
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8"):
            raise UnsupportedContentType(
                f"The charset is {charset[:40]!r}; JSON is read as UTF-8.", expected="charset=utf-8"
            )
    return media_type


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise MalformedRequest(
            f"The request body is not UTF-8: byte {error.start} cannot be read.", expected="UTF-8 text"
        ) from error


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        _utf8(body)
        raise MalformedRequest(
            f"The request body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            expected='a JSON object such as {"query": "{ … }"}',
        ) from error
    if isinstance(members, list):
        raise MalformedRequest(
            "The request body is an array; requests are not taken in batches.", expected="one JSON object per request"
        )
    if not isinstance(members, dict):
        raise MalformedRequest(
            "The request body is not a JSON object.", expected='a JSON object such as {"query": "{ … }"}'
        )
    return members


def _required_query(query: object) -> str:
    if isinstance(query, str) and query.strip():
        return query
    found = "missing" if query is None else "empty" if isinstance(query, str) else "not text"
    raise MalformedRequest(f"query is {found}.", path=("query",), expected="the text of a GraphQL document")


def _variables(variables: object) -> Mapping[str, Any]:
    if variables is None:
        return {}
    if not isinstance(variables, dict):
        raise MalformedRequest("variables is not an object.", path=("variables",), expected="a JSON object, or null")
    return variables


def _operation_name(name: object) -> str | None:
    if name is not None and not isinstance(name, str):
        raise MalformedRequest("operationName is not text.", path=("operationName",), expected="text, or null")
    return name or None
