"""Each limit at its value and one beyond, through an engine; and the bombs that the limits are there for."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import orjson
import pytest
from graphql import get_introspection_query

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.limits import Limits
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import ExecutableSchema, build_executable_schema

SDL = """
input Pagination { first: Int, after: String }
type Item { id: ID  child: Item  children(first: Int): ItemConnection  parts: [Item]  paged(pagination: Pagination): Wrapper }
type ItemConnection { edges: [ItemEdge]  nodes: [Item]  totalCount: Int }
type ItemEdge { node: Item }
type Wrapper { connection: ItemConnection }
type Query { item: Item  items(first: Int): ItemConnection  tops: [Item] }
"""


def schema() -> ExecutableSchema:
    resolvers = Resolvers()
    resolvers.prefetched("Item.children", "Item.paged")
    resolvers.field("Query.item", "Query.items", "Query.tops")(lambda _source, _info, _arguments: None)
    return build_executable_schema(SDL, resolvers)


SCHEMA = schema()


def reasons(text: str, variables: dict[str, Any] | None = None, limits: Limits | None = None) -> list[str]:
    """Reasons of the refusal; empty for a request that ran."""
    body = orjson.dumps({"query": text, "variables": variables})
    response = Engine(SCHEMA, limits=limits).answer(body, "application/json", None)
    answer = orjson.loads(response.body)
    assert (response.status == 200) == ("errors" not in answer), answer
    return [error["extensions"].get("reason", error["extensions"]["code"]) for error in answer.get("errors", ())]


def nested(depth: int) -> str:
    """A query of this depth."""
    return "{ item " + "{ child " * (depth - 2) + "{ id }" + " }" * (depth - 2) + " }"


def test_document_of_16_kib_passes_and_a_byte_more_is_refused() -> None:
    text = "{ item { id } }"
    filled = text + " " * (16 * 1024 - len(text))
    assert reasons(filled) == []
    assert reasons(filled + " ") == ["DOCUMENT_TOO_LARGE"]
    assert reasons("#" + "é" * 8_200 + "\n" + text) == ["DOCUMENT_TOO_LARGE"], "bytes count, not characters"


def test_2000_tokens_pass_and_one_more_is_refused() -> None:
    limits = Limits(fields_max=5_000, root_fields_max=5_000)
    # Braces and names are tokens; validation gives up on that many equal fields, which is its own answer.
    assert reasons("{" + "id " * 1_998 + "}", limits=limits) != ["TOO_MANY_TOKENS"]
    assert reasons("{" + "id " * 1_999 + "}", limits=limits) == ["TOO_MANY_TOKENS"]


def test_comments_count_as_tokens() -> None:
    assert reasons("#\n" * 2_100 + "{ item { id } }") == ["TOO_MANY_TOKENS"]


def test_depth_15_passes_and_16_is_refused() -> None:
    assert reasons(nested(15)) == []
    assert reasons(nested(16)) == ["QUERY_TOO_DEEP"]


def test_depth_counts_through_fragments_but_not_inline_fragments() -> None:
    fragments = "fragment F on Item { child { child { child { child { child { id } } } } } }"
    assert (
        reasons(
            "{ item { child { child { child { child { child { child { child { child { ...F } } } } } } } } } }"
            + fragments
        )
        == []
    )
    deeper = (
        "{ item { child { child { child { child { child { child { child { child { child { ...F } } } } } } } } } } }"
    )
    assert reasons(deeper + fragments) == ["QUERY_TOO_DEEP"]
    assert reasons("{ ... { ... { ... { ... { ... { ... " + nested(15) + " } } } } } }") == []


def test_nesting_without_depth_is_bounded_too() -> None:
    assert reasons("{ item " + "{ ... " * 120 + "{ id }" + "}" * 120 + "}") == ["QUERY_TOO_DEEP"]


def test_20_root_fields_pass_and_21_are_refused_also_through_fragments() -> None:
    assert reasons("{" + "item { id } " * 20 + "}") == []
    assert reasons("{" + "item { id } " * 21 + "}") == ["TOO_MANY_ROOT_FIELDS"]
    fragment = "fragment F on Query {" + "item { id } " * 11 + "}"
    assert reasons("{ ...F ... { ...F } }" + fragment) == ["TOO_MANY_ROOT_FIELDS"]


def test_fields_are_counted_after_expansion() -> None:
    fragment = "fragment F on Item { id id id id id }"
    limits = Limits(fields_max=11)
    assert reasons("{ item { ...F ...F } }" + fragment, limits=limits) == []
    assert reasons("{ item { ...F ...F id } }" + fragment, limits=limits) == ["TOO_MANY_FIELDS"]


def test_50_aliases_pass_and_51_are_refused_also_through_fragments() -> None:
    assert reasons("{ item {" + " ".join(f"a{i}: id" for i in range(50)) + "} }") == []
    assert reasons("{ item {" + " ".join(f"a{i}: id" for i in range(51)) + "} }") == ["TOO_MANY_ALIASES"]
    fragment = "fragment F on Item {" + " ".join(f"a{i}: id" for i in range(17)) + "}"
    assert reasons("{ item { ...F child { ...F child { ...F } } } }" + fragment) == ["TOO_MANY_ALIASES"]


def test_50_directives_pass_and_51_are_refused_wherever_they_stand() -> None:
    fields = "id @include(if: true) " * 50
    assert reasons("{ item {" + fields + "} }") == []
    assert reasons("{ item {" + fields + "... @skip(if: false) { id } } }") == ["TOO_MANY_DIRECTIVES"]
    assert reasons("{ item {" + fields + "...F @skip(if: false) } } fragment F on Item { id }") == [
        "TOO_MANY_DIRECTIVES"
    ]


def test_page_of_1000_passes_and_1001_is_refused_in_every_form() -> None:
    assert reasons("{ items(first: 1000) { totalCount } }") == []
    assert reasons("{ items(first: 1001) { totalCount } }") == ["PAGE_TOO_LARGE"]
    text = "query($n: Int) { items(first: $n) { totalCount } }"
    assert reasons(text, {"n": 1000}) == []
    assert reasons(text, {"n": 1001}) == ["PAGE_TOO_LARGE"]
    assert reasons("query($n: Int = 1001) { items(first: $n) { totalCount } }") == ["PAGE_TOO_LARGE"]
    assert reasons(
        "query($p: Pagination) { item { paged(pagination: $p) { connection { totalCount } } } }", {"p": {"first": 1001}}
    ) == ["PAGE_TOO_LARGE"]
    assert reasons("{ item { paged(pagination: {first: 1001}) { connection { totalCount } } } }") == ["PAGE_TOO_LARGE"]


def test_nodes_multiply_down_connections() -> None:
    text = "query($m: Int, $n: Int) { items(first: $m) { nodes { children(first: $n) { edges { node { id } } } } } }"
    assert reasons(text, {"m": 100, "n": 199}) == []
    assert reasons(text, {"m": 100, "n": 200}) == ["TOO_MANY_NODES"]
    assert reasons(text, {"m": 199}) == [], "199 and 199 x 50 by default are 10,149"
    assert reasons(text, {"m": 400}) == ["TOO_MANY_NODES"]


def test_the_message_of_a_limit_names_value_and_limit() -> None:
    response = Engine(SCHEMA).answer(
        orjson.dumps({"query": "{ items(first: 1001) { totalCount } }"}), "application/json", None
    )
    (error,) = orjson.loads(response.body)["errors"]
    assert response.status == 400
    assert error["message"] == "A page is too large: 1001; the limit is 1000."
    assert error["extensions"] == {
        "code": "BAD_USER_INPUT",
        "classification": "ValidationError",
        "reason": "PAGE_TOO_LARGE",
        "expected": "at most 1000",
    }


def test_a_page_size_reaches_through_a_wrapper_and_each_list_uses_it_once() -> None:
    limits = Limits(nodes_max=1_000)
    text = "{ item { paged(pagination: {first: %d}) { connection { edges { node { id } } } } } }"
    assert reasons(text % 1_000, limits=limits) == []
    assert reasons(text.replace("edges", "e: edges { node { id } } edges") % 501, limits=limits) == ["TOO_MANY_NODES"]


def test_lists_without_a_page_size_count_as_a_few() -> None:
    limits = Limits(nodes_max=30)
    assert reasons("{ tops { parts { id } } }", limits=limits) == [], "5 and 5 x 5"
    assert reasons("{ tops { parts { id } } t: tops { id } }", limits=limits) == ["TOO_MANY_NODES"]


def test_cost_counts_every_field_of_the_answer() -> None:
    text = "{ items(first: 10) { nodes { id child { id } } } }"
    # items, nodes, then ten times: id, child, id.
    assert reasons(text, limits=Limits(cost_max=32)) == []
    assert reasons(text, limits=Limits(cost_max=31)) == ["QUERY_TOO_COSTLY"]


def test_negative_and_absurd_page_sizes_do_not_confuse_the_estimate() -> None:
    assert reasons("{ items(first: -5) { nodes { id } } }") == [], "the resolver's business"
    assert reasons("{ items(first: 99999999999999999999) { nodes { id } } }") == ["GRAPHQL_VALIDATION_FAILED"]


def test_many_combinations_of_page_sizes_do_not_grow_the_memory_of_verdicts() -> None:
    engine = Engine(SCHEMA)
    text = "query($n: Int) { items(first: $n) { totalCount } }"
    for size in range(300):
        engine.answer(orjson.dumps({"query": text, "variables": {"n": size}}), "application/json", None)
    operation = engine.documents.document(text).operation(None)
    assert len(operation.paged._verdicts) == 64


@pytest.mark.parametrize("descriptions", [True, False])
def test_the_introspection_query_of_the_usual_tools_passes(descriptions: bool) -> None:
    text = get_introspection_query(
        descriptions=descriptions,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert reasons(text) == []


def test_introspection_is_bounded_by_its_own_limits() -> None:
    of_type = '{ __type(name: "Item") { ' + "ofType { " * 28 + "name" + " }" * 28 + " } }"
    assert reasons(of_type) == []
    assert reasons(of_type.replace("name }", "ofType { ofType { name } } }", 1)) == ["INTROSPECTION_TOO_LARGE"]
    roots = "a: __schema { queryType { name } } b: __schema { queryType { name } } c: __schema { queryType { name } }"
    assert reasons("{" + roots + "}") == []
    assert reasons("{" + roots + " __schema { queryType { name } } }") == ["INTROSPECTION_TOO_LARGE"]
    assert reasons("{ __schema { types { " + "name " * 999 + "} } }") != []


def test_circular_introspection_is_refused() -> None:
    text = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    assert reasons(text) == ["GRAPHQL_VALIDATION_FAILED"]


def test_fragments_that_stand_for_a_million_fields_are_refused_in_no_time() -> None:
    text = "{ item { ...f0 } }" + "".join(
        f"fragment f{i} on Item {{ a: child {{ ...f{i + 1} }} ...f{i + 1} }} " for i in range(20)
    )
    started = time.process_time()
    found = reasons(text + "fragment f20 on Item { id }")
    assert {"QUERY_TOO_DEEP", "TOO_MANY_FIELDS", "TOO_MANY_ALIASES"} == set(found)
    assert time.process_time() - started < 0.2


def test_spreads_without_depth_or_aliases_are_counted_as_well() -> None:
    text = "{ item { ...f0 } }" + "".join(
        f"fragment f{i} on Item {{ ...f{i + 1} ... {{ ...f{i + 1} }} }} " for i in range(30)
    )
    assert reasons(text + "fragment f30 on Item { id }") == ["TOO_MANY_FIELDS"]


def test_all_exceeded_limits_are_reported_at_once() -> None:
    text = "{" + " ".join(f"a{i}: item {{ id @skip(if: false) @include(if: true) }}" for i in range(51)) + "}"
    assert reasons(text) == ["TOO_MANY_ROOT_FIELDS", "TOO_MANY_ALIASES", "TOO_MANY_DIRECTIVES"]


def test_limits_are_configurable() -> None:
    assert reasons(nested(16), limits=replace(Limits(), depth_max=16)) == []
