"""Documents that try to burn time or memory: each is answered in less than a second, with an error, or as the small thing it is."""

from __future__ import annotations

import resource
import time

import orjson
import pytest

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import build_executable_schema

SDL = """
scalar JSON
enum State { RELEASED MODIFIED }
input Pagination { first: Int, after: String }
input Filter { and: [Filter!], or: [Filter!], name: String, state: State, data: JSON }
type Category { id: ID! name: String! parent: Category children(pagination: Pagination): [Category!]! }
type ComponentQueries { current: Category findAll(filter: Filter, pagination: Pagination): [Category!]! }
type Query { component: ComponentQueries! }
type Mutation { rename(id: ID!, name: String!): Category }
"""
SECONDS_MAX = 1.0
GROWTH_KIB_MAX = 50 * 1024


def engine() -> Engine:
    resolvers = Resolvers()
    resolvers.prefetched("Category.children")
    resolvers.field("ComponentQueries.current", "Mutation.rename")(
        lambda _source, _info, _arguments: {"id": "1", "name": "n", "parent": None}
    )
    resolvers.field("ComponentQueries.findAll")(lambda _source, _info, _arguments: [])
    return Engine(build_executable_schema(SDL, resolvers))


def current(fields: str) -> str:
    return "{ component { current { " + fields + " } } }"


def fan_out(levels: int, body: str) -> str:
    fragments = " ".join(
        f"fragment f{i} on Category {{ {body.replace('NEXT', f'...f{i + 1}')} }}" for i in range(levels)
    )
    return current("...f0") + fragments + f" fragment f{levels} on Category {{ id }}"


def chain(length: int) -> str:
    fragments = " ".join(f"fragment f{i} on Category {{ ...f{i + 1} }}" for i in range(length))
    return current("...f0") + fragments + f" fragment f{length} on Category {{ id }}"


REFUSED = {
    "fragment fan-out 2^20": fan_out(20, "NEXT a: parent { NEXT }"),
    "fragment fan-out without aliases": fan_out(14, "parent { NEXT } children { NEXT }"),
    "fragment fan-out of inline fragments": fan_out(25, "NEXT ... { NEXT } ... on Category { NEXT }"),
    "fragment cycle of one": current("...F") + "fragment F on Category { parent { ...F } }",
    "fragment cycle of two": current("...F") + "fragment F on Category { ...G } fragment G on Category { ...F }",
    "fragment cycle with fan-out": current("...F") + "fragment F on Category { a: parent { ...F } b: parent { ...F } }",
    "chain of 300 fragments": chain(300),
    "unknown fragment": current("...Gone"),
    "unused fragments": "{ component { current { id } } }"
    + " ".join(f"fragment F{i} on Category {{ id }}" for i in range(250)),
    "300 fragments of one name": "{ component { current { id } } }" + " fragment F on Category { id }" * 280,
    "depth 16": "{ component { current " + "{ parent " * 13 + "{ id }" + "}" * 13 + "} }",
    "8,000 open braces": "{" * 8_000,
    "8,000 open brackets": "{ component { findAll(filter: " + "[" * 8_000,
    "190 inline fragments": current("... { " * 190 + "id" + " }" * 190),
    "1,900 equal fields": current("id " * 1_900),
    "150 conflicting fields": current("x: id x: name " * 25),
    "51 aliases": current(" ".join(f"a{i}: id" for i in range(51))),
    "aliases of the namespace": "{" + " ".join(f"a{i}: component {{ current {{ id }} }}" for i in range(21)) + "}",
    "51 directives": current("id @include(if: true) " * 51),
    "1,000 unknown directives": current("id " + "@x " * 1_000),
    "repeated directive": current("id " + "@skip(if: false) " * 40),
    "5,000 comments": "#\n" * 5_000 + "{ component { current { id } } }",
    "one comment of 20 KiB": "#" + "x" * 20_000 + "\n{ component { current { id } } }",
    "a name of 16,000 letters": current("n" * 16_000),
    "900 unknown fields": current(" ".join(f"nam{i}" for i in range(900))),
    "600 unknown arguments": "{ component { findAll(" + " ".join(f"filte{i}: 1" for i in range(500)) + ") { id } } }",
    "600 unknown input fields": "{ component { findAll(filter: {"
    + " ".join(f"nam{i}: 1" for i in range(480))
    + "}) { id } } }",
    "400 unused variables": "query("
    + " ".join(f"$v{i}: Int" for i in range(400))
    + ") { component { current { id } } }",
    "150 unknown types": " ".join(
        f"query Q{i}($v: Categor{i}) {{ component {{ current {{ id }} }} }}" for i in range(120)
    ),
    "300 operations of one name": "query Q { __typename } " * 300,
    "450 anonymous operations": "{ __typename } " * 450,
    "circular introspection": "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "20 introspections": "{" + " ".join(f"s{i}: __schema {{ types {{ name }} }}" for i in range(20)) + "}",
    "page of a million": "{ component { findAll(pagination: {first: 1000000}) { id } } }",
    "pages inside pages": "{ component { findAll(pagination: {first: 1000}) { children(pagination: {first: 1000}) { id } } } }",
    "number of 10,000 digits": "{ component { findAll(pagination: {first: " + "9" * 10_000 + "}) { id } } }",
    "list instead of a number": "{ component { findAll(pagination: {first: [" + "1 " * 1_900 + "]}) { id } } }",
    "unterminated block string": '{ component { findAll(filter: {name: """' + "x" * 15_000,
    "bad escapes": '{ component { findAll(filter: {name: "' + "\\u12" * 3_000 + '"}) { id } } }',
    "lone surrogate": '{ component { findAll(filter: {name: "\\uD800"}) { id } } }',
    "NUL in the document": "{ component \x00 { current { id } } }",
    "schema definitions": "type Query { a: Int } " * 200,
    "subscription": "subscription { component { current { id } } }",
    "enum bomb": "{ component { findAll(filter: {or: [" + "{state: GONE} " * 300 + "]}) { id } } }",
    "filter nested 150 deep": "{ component { findAll(filter: "
    + "{and: " * 150
    + "{id: 1}"
    + "}" * 150
    + ") { id } } }",
}


EQUAL_OBJECTS = current("parent { " * 5 + "id name " * 60 + "} " * 5 + "parent { parent { id name id name } } " * 120)
"""Costly to validate, small to answer."""


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_document_is_refused_quickly(name: str) -> None:
    target, body = engine(), orjson.dumps({"query": REFUSED[name]})
    growth_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    response = target.answer(body, "application/json", None)
    seconds = time.process_time() - started
    answer = orjson.loads(response.body)
    assert response.status == 400, answer
    assert "data" not in answer
    assert 1 <= len(answer["errors"]) <= 20
    assert all(error["message"] and error["extensions"]["code"] for error in answer["errors"])
    assert seconds < SECONDS_MAX
    assert len(response.body) < 100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - growth_before < GROWTH_KIB_MAX


def test_costly_document_is_paid_for_once() -> None:
    target, body = engine(), orjson.dumps({"query": EQUAL_OBJECTS})
    started = time.process_time()
    first = target.answer(body, "application/json", None)
    cold = time.process_time() - started
    started = time.process_time()
    assert target.answer(body, "application/json", None) == first
    warm = time.process_time() - started
    assert orjson.loads(first.body) == {"data": {"component": {"current": {"parent": None}}}}
    assert cold < SECONDS_MAX
    assert warm < cold / 5
    assert target.documents.misses == 1


@pytest.mark.parametrize(("depth", "message"), [(150, "nested too deeply"), (900, "depth limit exceeded")])
def test_variables_nested_deeply_are_refused(depth: int, message: str) -> None:
    text = b"query($f: Filter) { component { findAll(filter: $f) { id } } }"
    deep = b'{"and":[' * depth + b"{}" + b"]}" * depth
    response = engine().answer(b'{"query":"' + text + b'","variables":{"f":' + deep + b"}}", "application/json", None)
    assert response.status == 400
    assert message in response.body.decode()


def test_json_values_nested_deeply_are_refused() -> None:
    text = "query($d: JSON) { component { findAll(filter: {data: $d}) { id } } }"
    for depth, status in ((30, 200), (40, 400)):
        deep = b"[" * depth + b"]" * depth
        body = b'{"query":"' + text.encode() + b'","variables":{"d":' + deep + b"}}"
        assert engine().answer(body, "application/json", None).status == status


def test_thousands_of_different_documents_stay_within_the_bound_of_the_cache() -> None:
    target = Engine(engine().schema, entries_max=50, bytes_max=10**6)
    for number in range(200):
        target.answer(orjson.dumps({"query": current(f"a{number}: id")}), "application/json", None)
    assert len(target.documents) <= 50
    assert target.documents.bytes_estimated <= 10**6


def test_changing_switches_do_not_grow_a_cached_document_without_end() -> None:
    names = [f"v{i}" for i in range(10)]
    fields = " ".join(f"a{i}: name @include(if: ${name})" for i, name in enumerate(names))
    text = "query(" + " ".join(f"${name}: Boolean!" for name in names) + ") " + current(f"id parent {{ id }} {fields}")
    target = engine()
    for number in range(400):
        variables = {name: bool(number >> bit & 1) for bit, name in enumerate(names)}
        response = target.answer(orjson.dumps({"query": text, "variables": variables}), "application/json", None)
        wanted = {"id": "1", "parent": None} | {f"a{i}": "n" for i, name in enumerate(names) if variables[name]}
        assert orjson.loads(response.body) == {"data": {"component": {"current": wanted}}}
    operation = target.documents.document(text).operation(None)
    assert len(operation.plans._entries) <= 128
    assert len(operation.collected._entries) <= 512
