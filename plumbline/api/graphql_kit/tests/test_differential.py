"""The fast executor answers as plain graphql-core does: random documents over random values, sound and broken."""

from __future__ import annotations

import random
import re
from types import SimpleNamespace
from typing import Any

from graphql import Undefined

from plumbline.api.graphql_kit.differential import differential
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.schema import ExecutableSchema, build_executable_schema

SDL = """
scalar JSON
scalar DateTime
enum State { RELEASED MODIFIED }
interface Node { id: ID! }
input Window { first: Int! = 2, after: String }
type User implements Node {
  id: ID!
  name: String
  email: String!
  boss: User
  team: [User!]!
  tags: [[String]!]
  node: Node
  counted(first: Int): Int
  windowed(window: Window): [User!]
  strict(factor: Int! = 3): String
  computed: Int
  note: JSON
  items: JSON
}
type Part implements Node {
  id: ID!
  count: Int!
  mass: Float
  isActive: Boolean!
  state: State
  createdAt: DateTime!
  data: JSON
  owner: User!
  reviewers: [User]
  documents: [User!]!
  optional: [User!]
}
type Query { parts: [Part]  exactParts: [Part!]!  part: Part  names: [String!]  union: Either }
union Either = User | Part
"""
LEAVES_OF_USER = ["id", "name", "email", "tags", "note", "items", "__typename", "computed"]
LEAVES_OF_PART = ["id", "count", "mass", "isActive", "state", "createdAt", "data", "__typename"]
DOCUMENTS = 2_100
DOCUMENTS_PER_VALUES = 5


def schema() -> ExecutableSchema:
    resolvers = Resolvers()
    resolvers.prefetched("User.counted", "User.windowed", "User.strict")
    for name in ("parts", "exactParts", "part", "names", "union"):
        resolvers.field(f"Query.{name}")(lambda _source, info, _arguments, name=name: info.context[name])
    resolvers.field("User.computed")(lambda _source, _info, _arguments: 7)
    return build_executable_schema(SDL, resolvers)


class Values:
    """Prefetched values by the rule: leaves by name, object and argument fields under each alias that documents use."""

    def __init__(self, chance: random.Random, fault_rate: float) -> None:
        self.chance = chance
        self.fault_rate = fault_rate

    def faulty(self, good: Any, *bad: Any) -> Any:
        return self.chance.choice(bad) if self.chance.random() < self.fault_rate else good

    def user(self, depth: int) -> Any:
        pick = self.chance
        user: dict[str, Any] = {
            "__typename": "User",
            "id": self.faulty(f"u{pick.randrange(9)}", 7, None, [1], ValueError("in an id")),
            "name": self.faulty(pick.choice(["Ada", None]), 5, True, {}, Undefined),
            "email": self.faulty("a@b.c", None, 3, Undefined),
            "tags": self.faulty(
                pick.choice([None, [["a", None]], [[]]]), [None], "text", [[1.5]], [["x", {}]], {"a": 1}
            ),
            "note": self.faulty(pick.choice([{"a": [1]}, None, "x"]), ValueError("in JSON"), Undefined),
            "items": [1],
            "counted": self.faulty(1, "one"),
            "k1": self.faulty(2, None, 2**40),
            "strict": self.faulty("s", None, object()),
            "k2": "s2",
        }
        for key in ("boss", "b"):
            user[key] = (
                self.user(depth - 1)
                if depth and pick.random() < 0.5
                else self.faulty(None, 5, "text", ValueError("boss"))
            )
        for key in ("team", "t", "windowed", "w"):
            users = [self.user(depth - 1) for _ in range(pick.randrange(3))] if depth else []
            user[key] = self.faulty(users, None, [None], 5, tuple(users), iter(users) if not users else "text")
        user["node"] = user["n"] = pick.choice(
            [None, {"__typename": "User", **user}, self.faulty(None, {"__typename": "Gone"}, {})]
        )
        return self.wrapped(user)

    def part(self) -> Any:
        pick = self.chance
        part: dict[str, Any] = {
            "__typename": "Part",
            "id": "p",
            "count": self.faulty(4, 2**40, "4", "four", 1.5, True, None),
            "mass": self.faulty(1.25, 2, None, float("nan"), float("inf"), "1"),
            "isActive": self.faulty(True, 1, "yes", None),
            "state": self.faulty("RELEASED", "GONE", None, [], 1),
            "createdAt": self.faulty("2026-01-01T00:00:00.000Z", None, 5),
            "data": self.faulty({"a": 1}, None, [1], KeyError("x")),
            "owner": self.faulty(self.user(self.chance.choice([1, 1, 2])), None, 5),
            "reviewers": pick.choice([None, [self.user(1), None], []]),
            "documents": [self.user(1) for _ in range(pick.randrange(3))],
            "optional": (self.user(1),) if pick.random() < 0.2 else None,
        }
        part["o"] = part["owner"]
        return self.wrapped(part)

    def wrapped(self, source: dict[str, Any]) -> Any:
        """Now and then with a key missing, as an object with attributes, as a dict of its own class, or as an exception."""
        form = self.faulty("dict", "missing", "object", "subclass", "exception")
        if form == "missing":
            source.pop(self.chance.choice(list(source)))
        if form == "object":
            return SimpleNamespace(**source)
        if form == "subclass":
            return type("Row", (dict,), {})(source)
        return ValueError("instead of an object") if form == "exception" else source

    def root(self) -> dict[str, Any]:
        pick = self.chance
        return {
            "parts": [self.faulty(self.part(), None) for _ in range(pick.randrange(3))],
            "exactParts": [self.part() for _ in range(pick.randrange(3))],
            "part": self.faulty(self.part(), None),
            "names": self.faulty(["a", "b"], ["a", None], [1], "a", None),
            "union": pick.choice([self.user(1), self.part()]),
        }


class Documents:
    """Random valid documents: aliases, fragments used twice, inline fragments, `@skip` and `@include`, arguments with variables."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def user(self, depth: int) -> str:
        pick = self.chance
        fields = pick.sample(LEAVES_OF_USER[: 8 if pick.random() < 0.1 else 7], pick.randint(1, 2))
        if pick.random() < 0.3:
            fields.append(
                pick.choice(
                    [
                        "a: name",
                        "z: email",
                        "counted(first: $n)",
                        "k1: counted(first: 1)",
                        "strict(factor: $n)",
                        "k2: strict",
                    ]
                )
            )
        if depth and pick.random() < 0.5:
            below = self.user(depth - 1)
            fields.append(
                pick.choice(["boss", "b: boss", "team", "t: team", "windowed(window: {first: $n})", "w: windowed"])
                + below
            )
        if pick.random() < 0.06:
            fields.append("node { id __typename ... on User { name } ... on Part { count } }")
        if pick.random() < 0.2:
            fields.append(
                pick.choice(
                    [
                        "...F",
                        "...G",
                        "... on User @include(if: $yes) { q: name }",
                        "w2: email @skip(if: $no)",
                        "... on Node { id }",
                    ]
                )
            )
        return "{" + " ".join(fields) + "}"

    def part(self) -> str:
        fields = self.chance.sample(LEAVES_OF_PART, self.chance.randint(1, 3))
        for name in ("owner", "o: owner", "reviewers", "documents", "optional"):
            if self.chance.random() < 0.2:
                fields.append(name + self.user(2))
        return "{" + " ".join(fields) + "}"

    def document(self) -> tuple[str, dict[str, Any]]:
        pick = self.chance
        roots = [
            f"{name} {self.part()}" for name in pick.sample(["parts", "exactParts", "part"], pick.choice([1, 1, 2]))
        ]
        roots += ["names"] if pick.random() < 0.2 else []
        roots += ["union { ... on User " + self.user(1) + " ... on Node { id } }"] if pick.random() < 0.1 else []
        text = f"query($yes: Boolean!, $no: Boolean!, $n: Int = 2) {{ {' '.join(roots)} }} "
        text += "fragment F on User { id nm: name boss { id } } fragment G on Node { id ...F }"
        used = text.split("fragment")[0]
        if "...F" not in used and "...G" not in used:
            text = used
        elif "...G" not in used:
            text = text.split("fragment G")[0]
        declared = {"yes": "$yes: Boolean!", "no": "$no: Boolean!", "n": "$n: Int = 2"}
        body = text.split("{", 1)[1]
        kept = [declaration for name, declaration in declared.items() if re.search(rf"\${name}\b", body)]
        text = (f"query({', '.join(kept)}) {{" if kept else "{") + body
        values = {"yes": pick.random() < 0.5, "no": pick.random() < 0.5}
        return text, values | ({"n": pick.choice([1, None])} if pick.random() < 0.6 else {})


def test_random_documents_over_broken_values_answer_alike() -> None:
    executable, seed = schema(), 7
    chance = random.Random(seed)
    used = with_errors = invalid = 0
    context: dict[str, Any] = {}
    for number in range(DOCUMENTS):
        if number % DOCUMENTS_PER_VALUES == 0:
            context = Values(chance, chance.choice([0.0, 0.02, 0.1])).root()
        text, variables = Documents(chance).document()
        comparison = differential(executable, [(text, variables)], lambda context=context: context)
        assert not comparison.differences, comparison.differences[0]
        used += comparison.plans_used
        with_errors += comparison.with_errors
        invalid += comparison.invalid
    assert invalid < DOCUMENTS / 20
    assert used > DOCUMENTS
    assert with_errors > DOCUMENTS / 10


def test_sound_values_are_completed_by_plans_alone() -> None:
    values = Values(random.Random(1), 0.0).root() | {"parts": [Values(random.Random(2), 0.0).part()]}
    text = "{ parts { id count owner { id name team { id } } } part { id } names }"
    comparison = differential(schema(), [(text, {})], lambda: values)
    assert (comparison.differences, comparison.plans_failed, comparison.plans_used) == ((), 0, 6)


def test_a_fragment_node_that_begins_two_different_selections_gets_two_plans() -> None:
    boss = {"id": "1", "name": "Ada", "email": "e"}
    user = {"id": "2", "email": "e", "boss": boss}
    part = {"owner": user, "o": user}
    text = "{ part { owner { ...F boss { name } computed } o: owner { ...F computed } } } fragment F on User { boss { id } }"
    comparison = differential(schema(), [(text, {})], lambda: {"part": part})
    assert comparison.differences == ()
    assert comparison.plans_used == 4


def test_a_dict_of_a_class_of_its_own_is_not_read_by_attribute() -> None:
    row = type("Row", (dict,), {})(items=[1])
    comparison = differential(schema(), [("{ part { owner { items } } }", {})], lambda: {"part": {"owner": row}})
    assert comparison.differences == ()
    assert comparison.plans_failed == 4, "the part and the owner, twice"


def test_a_nullable_variable_in_a_place_without_null_is_left_to_graphql_core() -> None:
    part = {"owner": {"strict": "x", "windowed": []}}
    documents = [
        ("query($n: Int = 2) { part { owner { strict(factor: $n) } } }", {"n": None}),
        ("query($n: Int = 2) { part { owner { windowed(window: {first: $n}) { id } } } }", {"n": None}),
        ("query($n: Int! = 2) { part { owner { windowed(window: {first: $n}) { id } } } }", {}),
    ]
    comparison = differential(schema(), documents, lambda: {"part": part})
    assert comparison.differences == ()
    assert (comparison.with_errors, comparison.plans_used) == (2, 2)
