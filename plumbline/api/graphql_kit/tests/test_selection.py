"""Looking ahead: the selection equals what graphql-core would execute, and is computed once where it can be."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.errors import ConflictingAliases
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import build_executable_schema
from plumbline.api.graphql_kit.selection import Selection, selection_of

SDL = """
interface Named { name: String }
type Category implements Named { id: ID! name: String code: String }
type Component implements Named {
  id: ID!  name: String  cpn: String  category: Category  sources(first: Int = 5, after: String): [Component]
}
type Edge { cursor: String node: Component }
type Connection { edges: [Edge] totalCount: Int }
input Pagination { first: Int }
type Query { components(pagination: Pagination): Connection  named: Named }
"""


class Looker:
    """An engine whose root resolver records the selection it sees and answers null."""

    def __init__(self) -> None:
        self.seen: list[Selection] = []
        resolvers = Resolvers()
        resolvers.prefetched("Component.sources")
        resolvers.field("Query.components", "Query.named")(self.look)
        self.engine = Engine(build_executable_schema(SDL, resolvers))

    def look(self, _source: object, info: Any, _arguments: object) -> None:
        self.seen.append(selection_of(info))

    def selection(self, text: str, variables: dict[str, Any] | None = None) -> Selection:
        response = self.engine.answer(orjson.dumps({"query": text, "variables": variables}), "application/json", None)
        assert response.status == 200, response.body
        return self.seen[-1]


def look(text: str, variables: dict[str, Any] | None = None) -> Selection:
    return Looker().selection(text, variables)


def test_fields_keep_order_aliases_and_arguments_with_defaults() -> None:
    nodes = look("{ components { edges { node { b: cpn s: sources(first: 2) { id } sources { name } id } } } }").find(
        "edges", "node"
    )
    assert list(nodes.fields) == ["b", "s", "sources", "id"]
    assert [(field.name, dict(field.arguments)) for field in nodes] == [
        ("cpn", {}),
        ("sources", {"first": 2}),
        ("sources", {"first": 5}),
        ("id", {}),
    ]
    assert nodes.leaf_names == {"cpn", "id"}
    assert [field.response_key for field in nodes.named("sources")] == ["s", "sources"]
    assert nodes.fields["s"].selection.leaf_names == {"id"}


def test_wants_asks_by_name_under_any_alias() -> None:
    selection = look("{ components { n: totalCount __typename } }")
    assert selection.wants("totalCount")
    assert not selection.wants("edges")
    assert selection.wants("edges", "totalCount")
    assert not selection.find("edges", "node")
    assert selection.leaf_names == {"totalCount"}


def test_fragments_and_equal_response_keys_merge() -> None:
    text = """{ components { edges { node { id category { id } ...F ... { cpn } ... on Component { category { code } } } } } }
        fragment F on Component { name category { ...G } } fragment G on Named { name }"""
    nodes = look(text).find("edges", "node")
    assert list(nodes.fields) == ["id", "category", "name", "cpn"]
    assert nodes.find("category").leaf_names == {"id", "name", "code"}


def test_fragments_on_other_types_are_left_out() -> None:
    nodes = look("{ components { edges { node { ... on Named { name ... on Category { code } } } } } }").find(
        "edges", "node"
    )
    assert list(nodes.fields) == ["name"]


def test_below_an_interface_the_types_are_united() -> None:
    selection = look("{ named { name ... on Component { cpn category { id } } ... on Category { code } } }")
    assert list(selection.fields) == ["name", "cpn", "category", "code"]
    assert selection.find("category").leaf_names == {"id"}


@pytest.mark.parametrize(("yes", "names"), [(True, {"id", "cpn", "name"}), (False, {"id"})])
def test_skip_and_include_follow_the_variables(yes: bool, names: set[str]) -> None:
    text = """query($yes: Boolean!, $no: Boolean!) { components { edges { node {
        id cpn @include(if: $yes) ...F @skip(if: $no) code: cpn @skip(if: true) } } } } fragment F on Component { name }"""
    assert look(text, {"yes": yes, "no": not yes}).find("edges", "node").leaf_names == names


def test_arguments_take_the_values_of_the_request() -> None:
    looker = Looker()
    text = "query($n: Int, $a: String) { components { edges { node { sources(first: $n, after: $a) { id } } } } }"
    for variables in ({"n": 3, "a": "x"}, {"n": 4}, {}):
        field = looker.selection(text, variables).find("edges", "node").fields["sources"]
        assert field.arguments == {"first": variables.get("n", 5)} | ({"after": "x"} if "a" in variables else {})


def test_a_selection_without_variables_is_computed_once() -> None:
    looker = Looker()
    text = "query($n: Int) { components(pagination: {first: $n}) { edges { node { id sources(first: 3) { id } } } } }"
    one, other = looker.selection(text, {"n": 1}), looker.selection(text, {"n": 2})
    assert one is other


def test_static_parts_are_shared_beside_parts_with_variables() -> None:
    looker = Looker()
    text = "query($n: Int) { components { edges { node { category { id } sources(first: $n) { id name } } } } }"
    one = looker.selection(text, {"n": 1}).find("edges", "node")
    other = looker.selection(text, {"n": 2}).find("edges", "node")
    assert one is not other
    assert one.fields["category"].selection is other.fields["category"].selection
    assert (one.fields["sources"].arguments, other.fields["sources"].arguments) == ({"first": 1}, {"first": 2})


def test_find_merges_aliases_that_agree() -> None:
    selection = look(
        "{ components { edges { node { id } } e: edges { node { id cpn category { id } } n: node { category { name } } } } }"
    )
    nodes = selection.find("edges", "node")
    assert list(nodes.fields) == ["id", "cpn", "category"]
    assert nodes.find("category").leaf_names == {"id", "name"}


def test_find_refuses_aliases_that_contradict_each_other() -> None:
    text = "{ components { edges { node { s: sources(first: 1) { id } } } e: edges { node { s: sources(first: 2) { id } } } } }"
    with pytest.raises(ConflictingAliases, match="s below it means two different things"):
        look(text).find("edges", "node")
