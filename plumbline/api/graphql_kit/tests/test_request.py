"""What counts as a GraphQL request, and what is said to everything else."""

from __future__ import annotations

import orjson
import pytest

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.errors import MalformedRequest
from plumbline.api.graphql_kit.request import GraphQLRequest, parse_request
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import build_executable_schema

JSON = "application/json"

READ = [
    (b'{"query":"{ a }"}', JSON, GraphQLRequest("{ a }", {})),
    (b'{"query":"{ a }"}', "Application/JSON; charset=UTF-8", GraphQLRequest("{ a }", {})),
    (b'{"query":"{ a }"}', 'application/json;charset="utf-8"', GraphQLRequest("{ a }", {})),
    (b'{"query":"{ a }"}', "application/graphql+json", GraphQLRequest("{ a }", {})),
    (b"{ a }", "application/graphql", GraphQLRequest("{ a }", {})),
    (b'{"query":"{ a }","variables":null,"operationName":null}', JSON, GraphQLRequest("{ a }", {})),
    (b'{"query":"{ a }","operationName":""}', JSON, GraphQLRequest("{ a }", {})),
    (b'{"query":"{ a }","variables":{"x":[1]},"operationName":"Q"}', JSON, GraphQLRequest("{ a }", {"x": [1]}, "Q")),
    (b'{"query":"{ a }","extensions":{"persistedQuery":1},"more":true}', JSON, GraphQLRequest("{ a }", {})),
    ('{"query":"{ a(name: \\"Größe µ\\") }"}'.encode(), JSON, GraphQLRequest('{ a(name: "Größe µ") }', {})),
]

REFUSED = [
    (b"", JSON, "not JSON"),
    (b"{", JSON, "not JSON"),
    (b'{"query":"{ a }"} x', JSON, "not JSON"),
    (b"{'query':1}", JSON, "not JSON"),
    (b'{"query":NaN}', JSON, "not JSON"),
    (b'{"query":"\xff"}', JSON, "not UTF-8: byte 10"),
    ('{"query":"{ a }"}'.encode("utf-16"), JSON, "not UTF-8"),
    (b"\xfe", "application/graphql", "not UTF-8"),
    (b'[{"query":"{ a }"}]', JSON, "batches"),
    (b"[]", JSON, "batches"),
    (b'"{ a }"', JSON, "not a JSON object"),
    (b"null", JSON, "not a JSON object"),
    (b"{}", JSON, "query is missing"),
    (b'{"query":null}', JSON, "query is missing"),
    (b'{"query":""}', JSON, "query is empty"),
    (b'{"query":" \\n"}', JSON, "query is empty"),
    (b"", "application/graphql", "query is empty"),
    (b'{"query":{"a":1}}', JSON, "query is not text"),
    (b'{"query":"{ a }","variables":"{}"}', JSON, "variables is not an object"),
    (b'{"query":"{ a }","variables":[1]}', JSON, "variables is not an object"),
    (b'{"query":"{ a }","operationName":7}', JSON, "operationName is not text"),
]

SIMPLE_REQUESTS = [
    (b'{"query":"{ ping }"}', "text/plain"),
    (b'{"query":"{ ping }"}', "text/plain; charset=utf-8"),
    (b'{"query":"{ ping }"}', "text/plain; application/json"),
    (b'{"query":"{ ping }"}', "text/plain, application/json"),
    (b'{"query":"{ ping }"}', "application/x-www-form-urlencoded; application/json"),
    (b"query=%7B+ping+%7D", "application/x-www-form-urlencoded"),
    (
        b'--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ ping }"}\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (b'{"query":"{ ping }"}', "multipart/form-data"),
    (b'{"query":"{ ping }"}', ""),
    (b'{"query":"{ ping }"}', None),
    (b'{"query":"{ ping }"}', "application/jsonp"),
    (b'{"query":"{ ping }"}', "text/json"),
    (b'{"query":"{ ping }"}', "application/json; charset=utf-16"),
]


def engine(**options: int) -> Engine:
    resolvers = Resolvers()
    resolvers.field("Query.ping")(lambda _source, _info, _arguments: "pong")
    return Engine(build_executable_schema("type Query { ping: String }", resolvers), **options)


@pytest.mark.parametrize(("body", "content_type", "expected"), READ)
def test_request_is_read(body: bytes, content_type: str, expected: GraphQLRequest) -> None:
    assert parse_request(body, content_type) == expected


@pytest.mark.parametrize(("body", "content_type", "message"), REFUSED)
def test_malformed_body_is_refused_with_the_reason(body: bytes, content_type: str, message: str) -> None:
    with pytest.raises(MalformedRequest, match=message):
        parse_request(body, content_type)
    response = engine().answer(body, content_type, None)
    (error,) = orjson.loads(response.body)["errors"]
    assert response.status == 400
    assert message in error["message"]
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("BAD_USER_INPUT", "MALFORMED_REQUEST")
    assert error["extensions"]["expected"]


@pytest.mark.parametrize(("body", "content_type"), SIMPLE_REQUESTS)
def test_a_request_that_a_foreign_page_could_send_does_not_run(body: bytes, content_type: str | None) -> None:
    response = engine().answer(body, content_type, None)
    assert response.status == 415
    assert b"pong" not in response.body
    assert orjson.loads(response.body)["errors"][0]["extensions"]["reason"] == "UNSUPPORTED_CONTENT_TYPE"


def test_body_at_the_bound_is_read_and_a_byte_more_refused() -> None:
    body = b'{"query":"{ ping }"}'
    assert engine(body_bytes_max=len(body)).answer(body, JSON, None).status == 200
    response = engine(body_bytes_max=len(body)).answer(body + b" ", JSON, None)
    assert response.status == 413
    assert orjson.loads(response.body)["errors"][0]["extensions"]["reason"] == "REQUEST_TOO_LARGE"
