"""Building a schema: every misfit between SDL and resolvers is named at once, and sources are read by the rule."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import SchemaFaults, build_executable_schema

SDL = """
scalar DateTime
input Filter { name: String, and: [Filter!], kind: Kind = PART }
enum Kind { PART ASSEMBLY }
type Status { name: String }
type Component {
  id: ID!  cpn: String  createdAt: DateTime  status: Status  labels: [String!]
  sources(first: Int): [Status!]  note(short: Boolean): String
}
type ComponentQueries { findOne(id: ID!, filter: Filter): Component }
type Query { component: ComponentQueries! }
type Mutation { component: ComponentMutations! }
type ComponentMutations { delete(ids: [ID!]!): [ID!]! }
"""


def engine(component: Any, seen: list[Any] | None = None) -> Engine:
    resolvers = Resolvers()

    @resolvers.field("ComponentQueries.findOne")
    def find_one(_source: Any, _info: Any, arguments: dict[str, Any]) -> Any:
        if seen is not None:
            seen.append(arguments)
        return component

    @resolvers.field("ComponentMutations.delete")
    def delete(_source: Any, _info: Any, arguments: dict[str, Any]) -> Any:
        return arguments["ids"]

    resolvers.prefetched("Component.sources", "Component.note")
    return Engine(build_executable_schema(SDL, resolvers))


def run(target: Engine, text: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    response = target.answer(orjson.dumps({"query": text, "variables": variables}), "application/json", None)
    answer: dict[str, Any] = orjson.loads(response.body)
    return answer


def test_every_misfit_is_listed_at_once() -> None:
    resolvers = Resolvers()
    resolvers.field("Query.gone", "Gone.field")(lambda _source, _info, _arguments: None)
    resolvers.field("Component.note")(lambda _source, _info, _arguments: None)
    resolvers.prefetched("Component.note", "Component.missing")
    with pytest.raises(SchemaFaults) as caught:
        build_executable_schema(SDL + "scalar Colour", resolvers, required=["Component.status"])
    assert caught.value.faults == [
        "Component.missing has a resolver but is not in the schema",
        "Component.note is declared prefetched and has a resolver",
        "Component.sources has arguments, no resolver, and is not declared prefetched",
        "Component.status must have a resolver",
        "ComponentMutations.delete has arguments, no resolver, and is not declared prefetched",
        "ComponentQueries.findOne has arguments, no resolver, and is not declared prefetched",
        "Gone.field has a resolver but is not in the schema",
        "Mutation.component has no resolver (and is no namespace: each field of its type would need one)",
        "Query.component has no resolver (and is no namespace: each field of its type would need one)",
        "Query.gone has a resolver but is not in the schema",
        "scalar Colour has no behaviour",
    ]


def test_two_resolvers_for_one_field_are_an_error_of_ours() -> None:
    resolvers, other = Resolvers(), Resolvers()
    resolvers.field("Query.a")(lambda _source, _info, _arguments: 1)
    other.field("Query.a")(lambda _source, _info, _arguments: 2)
    with pytest.raises(AssertionError, match=r"Query\.a has two resolvers"):
        resolvers.include([other])


def test_version_follows_the_text() -> None:
    resolvers = Resolvers()
    resolvers.field("Query.a")(lambda _source, _info, _arguments: 1)
    one = build_executable_schema("type Query { a: Int }", resolvers)
    assert one.version == build_executable_schema("type Query { a: Int }", resolvers).version
    assert one.version != build_executable_schema("type Query { a: Int! }", resolvers).version


def test_namespaces_open_without_resolvers_of_their_own() -> None:
    assert run(engine(None), "{ component { findOne(id: 1) { id } } }") == {"data": {"component": {"findOne": None}}}
    assert run(engine(None), "mutation { component { delete(ids: [1, 2]) } }") == {
        "data": {"component": {"delete": ["1", "2"]}}
    }


def test_leaves_are_read_by_name_and_all_else_by_response_key() -> None:
    source = {
        "id": "1",
        "cpn": "123-00001",
        "labels": ["a"],
        "status": {"name": "Design"},
        "s2": {"name": "Production"},
        "two": [{"name": "x"}],
        "sources": [],
        "brief": "b",
    }
    text = """{ component { findOne(id: 1) {
        key: id  number: cpn  l: labels  status { name }  s2: status { n: name }
        two: sources(first: 2) { name }  sources { name }  brief: note(short: true)
    } } }"""
    assert run(engine(source), text)["data"]["component"]["findOne"] == {
        "key": "1",
        "number": "123-00001",
        "l": ["a"],
        "status": {"name": "Design"},
        "s2": {"n": "Production"},
        "two": [{"name": "x"}],
        "sources": [],
        "brief": "b",
    }


def test_a_missing_key_is_a_fault_and_never_a_null() -> None:
    with capture_logs() as logs:
        answer = run(engine({"id": "1"}), "{ component { findOne(id: 1) { id cpn } } }")
    (error,) = answer["errors"]
    assert answer["data"] == {"component": {"findOne": {"id": "1", "cpn": None}}}
    assert error["path"] == ["component", "findOne", "cpn"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "Component.cpn is not in the source under 'cpn'" in str(logs[0]["exc_info"][1])


def test_objects_are_read_by_attribute_in_snake_case() -> None:
    source = SimpleNamespace(id="1", created_at="2026-01-01T00:00:00.000Z", status=SimpleNamespace(name="Design"))
    answer = run(engine(source), "{ component { findOne(id: 1) { id at: createdAt s: status { name } } } }")
    assert answer["data"]["component"]["findOne"] == {
        "id": "1",
        "at": "2026-01-01T00:00:00.000Z",
        "s": {"name": "Design"},
    }


def test_a_field_with_arguments_is_not_read_from_an_attribute() -> None:
    with capture_logs():
        answer = run(
            engine(SimpleNamespace(id="1", note="n")), "{ component { findOne(id: 1) { note(short: true) } } }"
        )
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


def test_input_arrives_as_plain_dicts_with_the_names_of_the_wire() -> None:
    seen: list[Any] = []
    text = """query($f: Filter) { component {
        a: findOne(id: 7, filter: {and: [{name: "x"}]}) { id }
        b: findOne(id: "8", filter: $f) { id }
    } }"""
    run(engine(None, seen), text, {"f": {"name": None, "kind": "ASSEMBLY"}})
    assert seen == [
        {"id": "7", "filter": {"and": [{"name": "x", "kind": "PART"}], "kind": "PART"}},
        {"id": "8", "filter": {"name": None, "kind": "ASSEMBLY"}},
    ]
    assert all(type(arguments["filter"]) is dict for arguments in seen)
