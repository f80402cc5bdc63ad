"""From bytes to bytes: choosing operations, order of changes, the clock, threads, and the off switch."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from graphql import get_introspection_query

from plumbline.api.graphql_kit.engine import Engine, execute_request
from plumbline.api.graphql_kit.limits import Limits
from plumbline.api.graphql_kit.placement import placed_connection
from plumbline.api.graphql_kit.request import GraphQLRequest
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import ExecutableSchema, build_executable_schema
from plumbline.api.graphql_kit.selection import selection_of
from plumbline.kit.errors import Conflict
from plumbline.kit.paging import Page

SDL = """
scalar JSON
type Item { id: ID! name: String data: JSON }
type Edge { cursor: String! node: Item! }
type PageInfo { hasNextPage: Boolean! endCursor: String startCursor: String }
type Items { edges: [Edge!]! nodes: [Item!]! pageInfo: PageInfo! totalCount: Int! }
type ItemQueries { all(first: Int): Items! slow(name: String): Item }
type ItemMutations { note(text: String!): String! }
type Query { item: ItemQueries! }
type Mutation { item: ItemMutations! note(text: String!): String }
"""
ITEMS = [{"id": str(number), "name": f"Item {number}", "data": {"n": 2**70}} for number in range(3)]


class Tick:
    """A clock that a resolver can push forward."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def schema(clock: Tick | None = None) -> ExecutableSchema:
    resolvers = Resolvers()

    @resolvers.field("ItemQueries.all")
    def find_all(_source: Any, info: Any, _arguments: Any) -> object:
        return placed_connection(selection_of(info), Page(ITEMS, ["a", "b", "c"], has_next=True, total=9), ITEMS)

    @resolvers.field("ItemQueries.slow", "Mutation.note", "ItemMutations.note")
    def push(_source: Any, info: Any, arguments: dict[str, Any]) -> object:
        if clock:
            clock.now += 6.0
        if info.context is not None:
            info.context.append(arguments.get("text"))
        if arguments.get("text") == "refuse":
            raise Conflict("No.")
        return arguments.get("text")

    return build_executable_schema(SDL, resolvers)


def run(
    engine: Engine, text: str, context: Any = None, operation: str | None = None, **variables: Any
) -> tuple[int, dict[str, Any]]:
    response = execute_request(engine, GraphQLRequest(text, variables, operation), context)
    return response.status, orjson.loads(response.body)


def test_a_connection_is_placed_under_every_alias() -> None:
    text = """{ item { all { totalCount p: pageInfo { hasNextPage endCursor startCursor } nodes { id }
        e: edges { c: cursor n: node { name } node { id } } } } }"""
    status, answer = run(Engine(schema()), text)
    found = answer["data"]["item"]["all"]
    assert status == 200
    assert found["totalCount"] == 9
    assert found["p"] == {"hasNextPage": True, "endCursor": "c", "startCursor": "a"}
    assert found["nodes"] == [{"id": "0"}, {"id": "1"}, {"id": "2"}]
    assert found["e"][1] == {"c": "b", "n": {"name": "Item 1"}, "node": {"id": "1"}}


def test_an_empty_page_has_no_cursors() -> None:
    resolvers = Resolvers()
    resolvers.field("Query.all")(
        lambda _s, info, _a: placed_connection(selection_of(info), Page([], [], has_next=False), [])
    )
    sdl = """type PageInfo { endCursor: String hasNextPage: Boolean }
        type Items { edges: [PageInfo] pageInfo: PageInfo } type Query { all: Items }"""
    engine = Engine(build_executable_schema(sdl, resolvers))
    assert run(engine, "{ all { edges { endCursor } pageInfo { endCursor hasNextPage } } }") == (
        200,
        {"data": {"all": {"edges": [], "pageInfo": {"endCursor": None, "hasNextPage": False}}}},
    )


def test_integers_beyond_64_bits_inside_json_are_written_exactly() -> None:
    _, answer = run(Engine(schema()), "{ item { all { nodes { data } } } }")
    assert answer["data"]["item"]["all"]["nodes"][0] == {"data": {"n": pytest.approx(2**70)}}
    body = execute_request(Engine(schema()), GraphQLRequest("{ item { all { nodes { data } } } }", {}), None).body
    assert str(2**70).encode() in body


def test_the_operation_is_chosen_by_name() -> None:
    engine, text = Engine(schema()), "query A { a: __typename } query B { b: __typename }"
    assert run(engine, text, operation="B") == (200, {"data": {"b": "Query"}})
    for operation, message in ((None, "2 operations and operationName is missing"), ("C", "no operation named 'C'")):
        status, answer = run(engine, text, operation=operation)
        assert status == 400
        assert message in answer["errors"][0]["message"]
        assert answer["errors"][0]["extensions"]["reason"] == "UNKNOWN_OPERATION"
        assert answer["errors"][0]["extensions"]["expected"] == "one of: A, B"
    assert run(engine, "query A { a: __typename }") == (200, {"data": {"a": "Query"}})


def test_a_document_without_operations_is_refused() -> None:
    status, answer = run(Engine(schema()), "fragment F on Item { id }")
    assert (status, "data" in answer) == (400, False)


def test_changes_run_one_after_another_and_go_on_after_a_refusal() -> None:
    order: list[str] = []
    text = 'mutation { a: note(text: "1") b: note(text: "refuse") item { c: note(text: "2") d: note(text: "3") } e: note(text: "4") }'
    status, answer = run(Engine(schema()), text, order)
    assert order == ["1", "refuse", "2", "3", "4"]
    assert (status, answer["data"]) == (200, {"a": "1", "b": None, "item": {"c": "2", "d": "3"}, "e": "4"})
    assert [error["path"] for error in answer["errors"]] == [["b"]]


def test_a_query_is_stopped_by_the_clock_and_a_change_is_not() -> None:
    clock = Tick()
    engine = Engine(schema(clock), monotonic=clock)
    status, answer = run(engine, "{ item { a: slow { id } b: slow { id } c: slow { id } } }")
    (error,) = answer["errors"]
    assert (status, answer["data"]) == (200, None)
    assert error["message"] == "The query ran longer than 10 s and was stopped."
    assert error["extensions"]["reason"] == "REQUEST_TOO_SLOW"
    assert clock.now == 12.0, "the third was not begun"
    assert run(engine, "{ item { a: slow { id } } }")[1] == {"data": {"item": {"a": None}}}
    changes = "mutation { " + " ".join(f'n{i}: note(text: "x")' for i in range(5)) + " }"
    assert "errors" not in run(engine, changes)[1]


def test_the_deadline_is_given_to_resolvers() -> None:
    seen: list[float] = []
    resolvers = Resolvers()
    resolvers.field("Query.a")(lambda _source, info, _arguments: seen.append(info.deadline))
    clock = Tick()
    clock.now = 100.0
    run(
        Engine(
            build_executable_schema("type Query { a: Int }", resolvers),
            monotonic=clock,
            limits=Limits(query_seconds_max=2.5),
        ),
        "{ a }",
    )
    assert seen == [102.5]


def test_without_plans_the_answers_are_the_same() -> None:
    text = "{ item { all { totalCount pageInfo { hasNextPage } edges { cursor node { id name data } } } } }"
    assert run(Engine(schema()), text) == run(Engine(schema(), use_plans=False), text)


def test_a_caller_who_may_not_see_the_schema_gets_neither_introspection_nor_hints() -> None:
    engine = Engine(schema())
    for text in (
        get_introspection_query(),
        '{ a: __type(name: "Item") { name } }',
        "{ ...F } fragment F on Query { __schema { queryType { name } } }",
    ):
        closed = execute_request(engine, GraphQLRequest(text, {}), None, shows_schema=False)
        assert closed.status == 400
        assert orjson.loads(closed.body)["errors"][0]["extensions"]["reason"] == "INTROSPECTION_DISABLED"
        assert execute_request(engine, GraphQLRequest(text, {}), None).status == 200
    for shows_schema in (True, False):
        response = execute_request(
            engine, GraphQLRequest("{ item { al { id } } }", {}), None, shows_schema=shows_schema
        )
        assert (b"Did you mean" in response.body) is shows_schema
    assert (
        execute_request(engine, GraphQLRequest("{ item { __typename } }", {}), None, shows_schema=False).status == 200
    )


def test_documents_are_read_once_and_cached_by_text() -> None:
    engine = Engine(schema())
    for _ in range(5):
        run(engine, "{ item { __typename } }")
        run(engine, "{ broken")
    assert engine.documents.misses == 2
    run(engine, "{ item { __typename }  }")
    assert engine.documents.misses == 3


def test_the_least_recently_used_document_goes_first() -> None:
    engine = Engine(schema(), entries_max=2)
    texts = [f"{{ item {{ a{i}: __typename }} }}" for i in range(3)]
    run(engine, texts[0])
    run(engine, texts[1])
    run(engine, texts[0])
    run(engine, texts[2])
    assert (len(engine.documents), engine.documents.misses) == (2, 3)
    run(engine, texts[0])
    assert engine.documents.misses == 3
    run(engine, texts[1])
    assert engine.documents.misses == 4


def test_many_threads_share_documents_plans_and_shapes() -> None:
    engine = Engine(schema(), entries_max=4)
    texts = [
        f"query($n: Int) {{ item {{ all(first: $n) {{ a{i}: totalCount edges {{ node {{ id }} }} }} }} }}"
        for i in range(8)
    ]
    barrier = threading.Barrier(8)

    def work(number: int) -> int:
        barrier.wait()
        wrong = 0
        for turn in range(60):
            index = (number + turn) % len(texts)
            _, answer = run(engine, texts[index], n=turn % 7 + 1)
            wrong += answer != {
                "data": {
                    "item": {
                        "all": {
                            f"a{index}": 9,
                            "edges": [{"node": {"id": "0"}}, {"node": {"id": "1"}}, {"node": {"id": "2"}}],
                        }
                    }
                }
            }
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 0
    assert len(engine.documents) == 4
