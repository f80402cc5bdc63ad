"""What clients see of refusals, faults and broken documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from plumbline.api.graphql_kit.engine import Engine, refused
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import build_executable_schema
from plumbline.kit.errors import Conflict, Forbidden, InvalidInput, NotFound, RateLimited, Refusal, Unauthenticated

SDL = """
input Filter { name: String!, count: Int }
type Item { id: ID!  name: String }
type Query { item(id: ID, filter: Filter, factor: Int! = 3): Item  items: [Item!]  count: Int  either: Either }
union Either = Item
"""


class CpnTaken(Conflict):
    """For these tests."""


def engine(resolve: Callable[[], object]) -> Engine:
    resolvers = Resolvers()
    resolvers.field("Query.item", "Query.items", "Query.count", "Query.either")(
        lambda _source, _info, _arguments: resolve()
    )
    return Engine(build_executable_schema(SDL, resolvers), ids=lambda: "fault-1")


def raising(error: Exception) -> Callable[[], object]:
    def resolve() -> object:
        raise error

    return resolve


def run(target: Engine, text: str, variables: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    response = target.answer(orjson.dumps({"query": text, "variables": variables}), "application/json", None)
    return response.status, orjson.loads(response.body)


@pytest.mark.parametrize(
    ("refusal", "code", "classification", "reason"),
    [
        (InvalidInput("m"), "BAD_USER_INPUT", "ValidationError", "INVALID_INPUT"),
        (Unauthenticated("m"), "UNAUTHENTICATED", "AuthenticationError", "UNAUTHENTICATED"),
        (Forbidden("m"), "FORBIDDEN", "AuthorizationError", "FORBIDDEN"),
        (NotFound("m"), "NOT_FOUND", "NotFoundError", "NOT_FOUND"),
        (CpnTaken("m"), "CONFLICT", "ConflictError", "CPN_TAKEN"),
        (RateLimited("m", retry_after=7), "RATE_LIMITED", "RateLimitError", "RATE_LIMITED"),
    ],
)
def test_each_family_has_its_code_and_classification(
    refusal: Refusal, code: str, classification: str, reason: str
) -> None:
    status, answer = run(engine(raising(refusal)), "{ item { id } }")
    (error,) = answer["errors"]
    assert status == 200
    assert answer["data"] == {"item": None}
    assert (error["message"], error["path"], error["locations"]) == ("m", ["item"], [{"line": 1, "column": 3}])
    extensions = error["extensions"]
    assert (extensions["code"], extensions["classification"], extensions["reason"]) == (code, classification, reason)
    assert extensions.get("retryAfter") == (7 if code == "RATE_LIMITED" else None)


def test_a_refusal_with_everything_shows_everything_and_nothing_empty() -> None:
    refusal = InvalidInput("Mass is negative.", path=["inputs", 0, "mass"], expected="0 or more", hint="Leave it out.")
    _, answer = run(engine(raising(refusal)), "{ item { id } }")
    assert answer["errors"][0]["extensions"] == {
        "code": "BAD_USER_INPUT",
        "classification": "ValidationError",
        "reason": "INVALID_INPUT",
        "inputPath": ["inputs", 0, "mass"],
        "expected": "0 or more",
        "hint": "Leave it out.",
    }
    _, bare = run(engine(raising(Forbidden("No."))), "{ item { id } }")
    assert set(bare["errors"][0]["extensions"]) == {"code", "classification", "reason"}


def test_further_refusals_become_errors_of_their_own() -> None:
    refusal = InvalidInput("one", also=[InvalidInput("two", also=[NotFound("three")]), InvalidInput("four")])
    _, answer = run(engine(raising(refusal)), "{ item { id } }")
    assert [error["message"] for error in answer["errors"]] == ["one", "two", "three", "four"]
    assert all(error["path"] == ["item"] for error in answer["errors"])


def test_a_fault_is_masked_and_logged_under_its_id() -> None:
    with capture_logs() as logs:
        status, answer = run(engine(raising(KeyError("secret table"))), "{ item { id } count }")
    assert status == 200
    assert [error["path"] for error in answer["errors"]] == [["item"], ["count"]]
    for error in answer["errors"]:
        assert error["extensions"] == {
            "code": "INTERNAL_SERVER_ERROR",
            "classification": "ServerError",
            "errorId": "fault-1",
        }
        assert "secret" not in orjson.dumps(error).decode()
    assert logs[0]["error_id"] == "fault-1"
    assert logs[0]["path"] == ["item"]
    assert logs[0]["exc_info"][1].args == ("secret table",)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"id": None, "name": "x"}, "{ item { id } }"),
        ({"id": "1", "name": {"deep": "secret"}}, "{ item { name } }"),
        ("secret", "{ items { id } }"),
        ("secret", "{ count }"),
        ({"__typename": "Gone", "secret": 1}, "{ either { __typename } }"),
        ({"secret": 1}, "{ either { __typename } }"),
    ],
)
def test_values_that_break_the_schema_are_faults_of_ours(value: object, text: str) -> None:
    with capture_logs() as logs:
        status, answer = run(engine(lambda: value), text)
    (error,) = answer["errors"]
    assert status == 200
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in orjson.dumps(answer).decode()
    assert len(logs) == 1


def test_a_fault_in_every_item_is_reported_and_logged_once() -> None:
    with capture_logs() as logs:
        _, answer = run(engine(lambda: [{"id": str(i)} for i in range(300)]), "{ items { id name } }")
    (error,) = answer["errors"]
    assert error["extensions"]["omittedErrors"] == 299
    assert error["path"] == ["items", 0, "name"]
    assert len(logs) == 1
    assert len(answer["data"]["items"]) == 300


def test_long_lists_of_refusals_are_cut_at_twenty() -> None:
    refusal = InvalidInput("0", also=[InvalidInput(str(number)) for number in range(1, 45)])
    _, answer = run(engine(raising(refusal)), "{ item { id } }")
    assert [error["message"] for error in answer["errors"]] == [str(number) for number in range(20)]
    assert answer["errors"][-1]["extensions"]["omittedErrors"] == 25


def test_syntax_and_validation_errors_have_their_codes_and_places() -> None:
    status, answer = run(engine(lambda: None), "{ item { id }")
    assert status == 400
    assert answer["errors"][0]["extensions"] == {"code": "GRAPHQL_PARSE_FAILED", "classification": "ValidationError"}
    assert answer["errors"][0]["locations"] == [{"line": 1, "column": 14}]
    status, answer = run(engine(lambda: None), "{ item { ident } }")
    assert status == 400
    assert "data" not in answer
    assert answer["errors"][0]["extensions"] == {
        "code": "GRAPHQL_VALIDATION_FAILED",
        "classification": "ValidationError",
    }
    assert "Did you mean 'id'" in answer["errors"][0]["message"]


def test_variables_of_the_wrong_type_are_bad_input_and_nothing_runs() -> None:
    ran: list[object] = []
    target = engine(lambda: ran.append(1))
    text = "query($f: Filter!, $n: Int) { item(filter: $f, factor: 1) { id } count @skip(if: false) items @include(if: true) { id } }"
    status, answer = run(target, text.replace(", $n: Int", ""), {"f": {"count": "many"}})
    assert status == 400
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert {error["extensions"]["reason"] for error in answer["errors"]} == {"INVALID_VARIABLE"}
    assert len(answer["errors"]) == 2, "the missing name and the wrong count"
    assert ran == []


def test_an_argument_that_fails_at_run_time_is_bad_input() -> None:
    status, answer = run(engine(lambda: {"id": "1"}), "query($n: Int = 3) { item(factor: $n) { id } }", {"n": None})
    (error,) = answer["errors"]
    assert (status, error["extensions"]["code"], error["extensions"]["reason"]) == (
        200,
        "BAD_USER_INPUT",
        "INVALID_ARGUMENT",
    )
    assert error["path"] == ["item"]


def test_overlong_messages_are_cut() -> None:
    _, answer = run(engine(lambda: None), "{ item { " + "n" * 15_000 + " } }")
    assert len(answer["errors"][0]["message"]) < 2_100


def test_a_success_has_no_errors_key() -> None:
    assert run(engine(lambda: {"id": "1", "name": None}), "{ item { id name } }") == (
        200,
        {"data": {"item": {"id": "1", "name": None}}},
    )


def test_surfaces_refuse_in_the_same_shape() -> None:
    response = refused([Unauthenticated("The key is not valid.")], status=401)
    assert response.status == 401
    assert orjson.loads(response.body) == {
        "errors": [
            {
                "message": "The key is not valid.",
                "extensions": {
                    "code": "UNAUTHENTICATED",
                    "classification": "AuthenticationError",
                    "reason": "UNAUTHENTICATED",
                },
            }
        ]
    }
