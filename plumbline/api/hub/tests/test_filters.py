"""The filter languages of the platform API: documents as clients write them, and refusals with their places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSchema, parse, validate
from graphql.execution import execute

import plumbline.api.hub
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.scalars import STANDARD_SCALARS
from plumbline.api.graphql_kit.schema import build_executable_schema
from plumbline.api.hub.filters import (
    FILTER_SCALARS,
    condition_filter,
    flat_filter,
    search_filter,
    shorthand_filter,
    tree_filter,
    without_archived,
)
from plumbline.api.hub.ordering import ordering
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import (
    EVERYTHING,
    NEWEST_FIRST,
    All,
    AnyOf,
    Field,
    Filter,
    Not,
    Operator,
    Order,
    OrderField,
    Where,
)

EQ, IN, GTE, LT = Operator.EQ, Operator.IN, Operator.GTE, Operator.LT
ADA = "11111111-1111-4111-8111-111111111111"
PRESENT = Where(Field.ARCHIVED, EQ, False)
SDL = (Path(plumbline.api.hub.__file__).parent / "sdl" / "filters.graphql").read_text(encoding="utf-8")
AROUND = """
enum CategoryType { ASSEMBLY PART DOCUMENT }
enum ComponentState { RELEASED MODIFIED }
enum Procurement { MAKE BUY }
type Query {
  components(first: Int, filter: ComponentShorthandFilter, orderBy: [ComponentOrderBy!]): Boolean
  componentSearch(filter: ComponentFilter): Boolean
  findAll(filter: ComponentFilterInput): Boolean
  filter(input: ComponentConditionInput): Boolean
}
"""


def people(name: str) -> tuple[str, ...]:
    return (ADA,) if name in ("Ada", "ada@acme.example") else ()


class Echo:
    """A schema of the fragment alone, that remembers what its fields were asked."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}
        resolvers = Resolvers()
        names = ("components", "componentSearch", "findAll", "filter")
        resolvers.field(*(f"Query.{name}" for name in names))(self.resolve)
        scalars = {**STANDARD_SCALARS, **FILTER_SCALARS}
        self.schema: GraphQLSchema = build_executable_schema(SDL + AROUND, resolvers, scalars=scalars).graphql

    def resolve(self, _source: object, _info: object, arguments: dict[str, Any]) -> bool:
        self.seen = arguments
        return True

    def run(self, text: str, variables: dict[str, Any] | None = None) -> list[GraphQLError]:
        document = parse(text)
        faults = validate(self.schema, document)
        if faults:
            return faults
        answer = execute(self.schema, document, variable_values=variables)
        return list(answer.errors or ())  # type: ignore[union-attr]  # resolvers are synchronous

    def asked(self, text: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        assert self.run(text, variables) == []
        return self.seen


@pytest.fixture(scope="module")
def echo() -> Echo:
    return Echo()


def condition(tree: Filter) -> Filter:
    """The filter without what keeps archived components out."""
    assert isinstance(tree, All)
    assert tree.parts[1] == PRESENT
    return tree.parts[0]


SEARCH = "query FilterBOMComponents($filter: ComponentFilter) { componentSearch(filter: $filter) }"


def test_the_first_documents_run_word_for_word(echo: Echo) -> None:
    seen = echo.asked(
        """query {
          components(
            first: 10
            filter: {
              status: ACTIVE
              partNumber: { contains: "ABC" }
              createdAt: { gte: "2024-01-01" }
            }
          )
        }"""
    )
    in_use = AnyOf((Where(Field.STATUS_NAME, IN, ("ACTIVE",)), Not(Where(Field.STATUS_TYPE, EQ, "OBSOLETE"))))
    assert shorthand_filter(seen["filter"], people) == All(
        (
            All((PRESENT, in_use)),
            Where(Field.CPN, Operator.CONTAINS, "ABC"),
            Where(Field.CREATED_AT, GTE, "2024-01-01T00:00:00.000Z"),
        )
    )


def test_an_order_is_one_object_or_a_list(echo: Echo) -> None:
    seen = echo.asked("query { components(first: 10 orderBy: { field: CREATED_AT, direction: DESC }) }")
    assert ordering(seen["orderBy"]) == (Order(OrderField.CREATED_AT, descending=True),)
    seen = echo.asked("{ components(orderBy: [{ field: STATUS }, { field: PART_NUMBER, direction: DESC }]) }")
    assert ordering(seen["orderBy"]) == (Order(OrderField.STATUS), Order(OrderField.CPN, descending=True))
    assert ordering({"field": "NAME"}) == (Order(OrderField.NAME),)
    assert ordering(None) == ordering([]) == NEWEST_FIRST
    assert echo.run("{ components(orderBy: { field: COLOR }) }") != []


@pytest.mark.parametrize("field", list(OrderField))
def test_every_order_field_is_on_the_wire(echo: Echo, field: OrderField) -> None:
    assert ordering(echo.asked(f"{{ components(orderBy: {{ field: {field} }}) }}")["orderBy"]) == (Order(field),)


@pytest.mark.parametrize(
    ("wire", "path"),
    [
        ([{"field": "NAME"}] * 2, ("orderBy", 1)),
        ([{"field": name} for name in ("CPN", "NAME", "STATUS", "CATEGORY", "VERSION")], ("orderBy",)),
        ({"field": "COLOR"}, ("orderBy", "field")),
        ([{"field": "NAME", "direction": "UP"}], ("orderBy", 0, "direction")),
    ],
)
def test_an_order_that_cannot_be_is_refused(wire: Any, path: tuple[str | int, ...]) -> None:
    with pytest.raises(InvalidFilter) as refused:
        ordering(wire)
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("variables", "meant"),
    [
        (
            {
                "filter": {
                    "and": [
                        {"status": {"eq": "Prototype"}},
                        {"manufacturer": {"name": {"in": ["Texas Instruments", "Analog Devices"]}}},
                    ]
                }
            },
            All(
                (
                    Where(Field.STATUS_NAME, EQ, "Prototype"),
                    Where(Field.MANUFACTURER, IN, ("Texas Instruments", "Analog Devices")),
                )
            ),
        ),
        (
            {
                "filter": {
                    "and": [
                        {"cpn": {"in": ["CPN-001", "CPN-002", "CPN-003"]}},
                        {"createdAt": {"gte": "2023-01-01", "lte": "2023-12-31"}},
                    ]
                }
            },
            All(
                (
                    Where(Field.CPN, IN, ("CPN-001", "CPN-002", "CPN-003")),
                    All(
                        (
                            Where(Field.CREATED_AT, GTE, "2023-01-01T00:00:00.000Z"),
                            Where(Field.CREATED_AT, LT, "2024-01-01T00:00:00.000Z"),
                        )
                    ),
                )
            ),
        ),
        (
            {
                "filter": {
                    "and": [
                        {"name": {"contains": "47uH"}},
                        {"category": {"name": {"eq": "Capacitor"}}},
                        {"isModified": {"eq": True}},
                    ]
                }
            },
            All(
                (
                    Where(Field.NAME, Operator.CONTAINS, "47uH"),
                    Where(Field.CATEGORY_NAME, EQ, "Capacitor"),
                    Where(Field.STATE, EQ, "MODIFIED"),
                )
            ),
        ),
        (
            {
                "filter": {
                    "or": [
                        {"and": [{"status": {"eq": "Design"}}, {"procurement": {"type": {"in": ["MAKE", "BUY"]}}}]},
                        {"and": [{"isFavorited": {"eq": True}}, {"revision": {"gte": "B"}}]},
                    ],
                    "and": [
                        {"mpn": {"isNull": False}},
                        {"category": {"name": {"notIn": ["Top Level Assembly"]}}},
                    ],
                }
            },
            All(
                (
                    All(
                        (
                            Where(Field.MPN, Operator.IS_NULL, False),
                            Not(Where(Field.CATEGORY_NAME, IN, ("Top Level Assembly",))),
                        )
                    ),
                    AnyOf(
                        (
                            All(
                                (Where(Field.STATUS_NAME, EQ, "Design"), Where(Field.PROCUREMENT, IN, ("MAKE", "BUY")))
                            ),
                            All((Where(Field.FAVORITE, EQ, True), Where(Field.REVISION, GTE, "B"))),
                        )
                    ),
                )
            ),
        ),
    ],
)
def test_trees_of_the_documents_run_word_for_word(echo: Echo, variables: dict[str, Any], meant: Filter) -> None:
    assert condition(tree_filter(echo.asked(SEARCH, variables)["filter"], people)) == meant


def test_conditions_lists_and_groups_stand_side_by_side(echo: Echo) -> None:
    wire = {
        "name": {"startsWith": "M3", "ne": "M3"},
        "not": {"isArchived": {"eq": True}},
        "or": [{"eid": {"isNull": True}}, {"labels": {"name": {"eq": "RoHS"}}}],
        "createdBy": {"email": {"eq": "ada@acme.example"}},
        "specs": [{"name": "Resistance", "gte": 4700, "lt": "1 MΩ"}, {"name": "RoHS", "eq": True}],
    }
    assert tree_filter(echo.asked(SEARCH, {"filter": wire})["filter"], people) == All(
        (
            AnyOf((Where(Field.EID, Operator.IS_NULL, True), Where(Field.LABEL, EQ, "RoHS"))),
            Not(Where(Field.ARCHIVED, EQ, True)),
            All((Not(Where(Field.NAME, EQ, "M3")), Where(Field.NAME, Operator.STARTS_WITH, "M3"))),
            Where(Field.CREATED_BY, IN, (ADA,)),
            All(
                (
                    All(
                        (
                            Where(Field.ATTRIBUTE, GTE, "4700", "Resistance"),
                            Where(Field.ATTRIBUTE, LT, "1 MΩ", "Resistance"),
                        )
                    ),
                    Where(Field.ATTRIBUTE, EQ, "true", "RoHS"),
                )
            ),
        )
    )


def test_flat_filters(echo: Echo) -> None:
    seen = echo.asked(
        """{ findAll(filter: { ids: ["a"] name: "bolt" names: ["M3", "M4"] exactNames: ["Bolt"] cpns: ["1"] statusId: "s"
             categoryId: "c" categoryType: PART isArchived: true eid: "e" search: "rev:>=B" aliases: ["x"] mpns: ["m"] }) }"""
    )
    found = flat_filter(seen["filter"], people)
    assert isinstance(found, All)
    assert set(found.parts) == {
        Where(Field.ID, IN, ("a",)),
        Where(Field.NAME, Operator.CONTAINS, "bolt"),
        AnyOf((Where(Field.NAME, Operator.CONTAINS, "M3"), Where(Field.NAME, Operator.CONTAINS, "M4"))),
        Where(Field.NAME, IN, ("Bolt",)),
        Where(Field.CPN, IN, ("1",)),
        Where(Field.STATUS_ID, EQ, "s"),
        Where(Field.CATEGORY_ID, EQ, "c"),
        Where(Field.CATEGORY_TYPE, EQ, "PART"),
        Where(Field.ARCHIVED, EQ, True),
        Where(Field.EID, EQ, "e"),
        Where(Field.REVISION, GTE, "B"),
        Where(Field.ALIAS, IN, ("x",)),
        Where(Field.MPN, IN, ("m",)),
    }


def test_condition_trees(echo: Echo) -> None:
    seen = echo.asked(
        """{ filter(input: { and: [
              { status: { name: { eq: "Design" } } }
              { or: [{ state: { eq: RELEASED } }, { category: { type: { in: [PART, ASSEMBLY] } } }] }
              { status: { type: { eq: PRODUCTION } } }
              { revision: { gt: "A", lte: "C" } }
              { createdAt: { after: "2024-01-01", before: "2024-06-30T12:00:00+02:00" } }
              { isBookmarked: { eq: true } isPinned: { ne: true } }
              { updatedBy: { id: { in: ["11111111-1111-4111-8111-111111111111"] } } }
              { labels: { contains: "rohs" } }
        ] }) }"""
    )
    assert condition(condition_filter(seen["input"], people)) == All(
        (
            Where(Field.STATUS_NAME, EQ, "Design"),
            AnyOf((Where(Field.STATE, EQ, "RELEASED"), Where(Field.CATEGORY_TYPE, IN, ("PART", "ASSEMBLY")))),
            Where(Field.STATUS_TYPE, EQ, "PRODUCTION"),
            All((Where(Field.REVISION, Operator.GT, "A"), Where(Field.REVISION, Operator.LTE, "C"))),
            All(
                (
                    Where(Field.CREATED_AT, GTE, "2024-01-02T00:00:00.000Z"),
                    Where(Field.CREATED_AT, LT, "2024-06-30T10:00:00.000Z"),
                )
            ),
            All((Not(Where(Field.PINNED, EQ, True)), Where(Field.FAVORITE, EQ, True))),
            Where(Field.UPDATED_BY, IN, (ADA,)),
            Where(Field.LABEL, Operator.CONTAINS, "rohs"),
        )
    )


def test_a_shorthand_is_a_word_a_text_a_list_or_operators(echo: Echo) -> None:
    def asked(text: str, variables: dict[str, Any] | None = None) -> Filter:
        head = "query($f: ComponentShorthandFilter)" if variables else ""
        return condition(
            shorthand_filter(echo.asked(f"{head} {{ components(filter: {text}) }}", variables)["filter"], people)
        )

    assert asked("{ revision: B }") == asked('{ revision: "B" }') == Where(Field.REVISION, EQ, "B")
    assert asked('{ cpn: ["1", "2"] }') == Where(Field.CPN, IN, ("1", "2"))
    assert asked("{ cpn: 7 }") == Where(Field.CPN, EQ, "7")
    assert asked("{ isModified: true }") == Where(Field.STATE, EQ, "MODIFIED")
    assert asked('{ category: { code: { startsWith: "1" } } }') == Where(Field.CATEGORY_CODE, Operator.STARTS_WITH, "1")
    assert asked("{ type: PART }") == Where(Field.CATEGORY_TYPE, EQ, "PART")
    assert asked("$f", {"f": {"mpn": {"isNull": True}}}) == Where(Field.MPN, Operator.IS_NULL, True)
    production = (Where(Field.STATUS_NAME, IN, ("PRODUCTION",)), Where(Field.STATUS_TYPE, EQ, "PRODUCTION"))
    assert asked("{ status: PRODUCTION }") == AnyOf(production)
    assert asked('{ status: { ne: "PRODUCTION" } }') == Not(AnyOf(production))
    assert shorthand_filter({"status": "ARCHIVED"}, people) == Where(Field.ARCHIVED, EQ, True)


def test_a_variable_may_stand_inside_a_shorthand(echo: Echo) -> None:
    text = "query($q: String!) { components(filter: { partNumber: { contains: $q } }) }"
    seen = echo.asked(text, {"q": "ABC"})
    assert condition(shorthand_filter(seen["filter"], people)) == Where(Field.CPN, Operator.CONTAINS, "ABC")


@pytest.mark.parametrize("read", [shorthand_filter, tree_filter, flat_filter, condition_filter])
def test_nothing_is_everything_but_the_archive(read: Any) -> None:
    assert read(None, people) == read({}, people) == PRESENT
    assert read({"name": None}, people) == PRESENT


def test_asking_for_the_archive_anywhere_opens_it() -> None:
    archived = Where(Field.ARCHIVED, EQ, True)
    assert without_archived(Not(archived)) == Not(archived)
    assert without_archived(EVERYTHING) == PRESENT
    assert search_filter("archived:yes", people) == archived
    assert search_filter("x", people) == All((Where(Field.TEXT, Operator.CONTAINS, "x"), PRESENT))


@pytest.mark.parametrize(
    ("wire", "path", "says"),
    [
        ({"and": [{"status": {"eq": 5.5, "in": []}}]}, "filter.and.0.status.in", "0 members"),
        ({"and": [{}]}, "filter.and.0", "no condition"),
        ({"and": []}, "filter.and", "0 members"),
        ({"or": [{"name": {"eq": "x"}}, {"or": []}]}, "filter.or.1.or", "0 members"),
        ({"not": {}}, "filter.not", "no condition"),
        ({"name": {}}, "filter.name", "compares with nothing"),
        ({"name": {"eq": None}}, "filter.name", "compares with nothing"),
        ({"name": {"eq": "x", "isNull": True}}, "filter.name", "at once"),
        ({"name": {"after": "x"}}, "filter.name.after", "does nothing"),
        ({"name": {"like": "x"}}, "filter.name.like", "does nothing"),
        ({"name": {"eq": "x" * 501}}, "filter.name.eq", "501"),
        ({"name": {"eq": "a\x00"}}, "filter.name.eq", "characters"),
        ({"name": {"eq": {"a": 1}}}, "filter.name.eq", "cannot be compared"),
        ({"name": {"eq": True}}, "filter.name.eq", "no texts"),
        ({"name": "x"}, "filter.name", "object of operators"),
        ({"cpn": {"in": ["x"] * 1001}}, "filter.cpn.in", "1001"),
        ({"and": [{"cpn": {"in": ["x"] * 1000}}] * 6}, "filter", "6000"),
        ({"or": [{"name": {"eq": "x"}}] * 201}, "filter.or", "201"),
        ({"and": [{"or": [{"name": {"eq": "x"}}] * 101}] * 2}, "filter", "202 conditions"),
        ({"createdAt": {"gte": "last week"}}, "filter.createdAt.gte", "not a date"),
        ({"createdAt": {"gte": "2024-02-30"}}, "filter.createdAt.gte", "not a date"),
        ({"createdAt": {"lte": "9999-12-31"}}, "filter.createdAt.lte", "not a date"),
        ({"createdAt": {"gte": "2024-12-31", "lte": "2024-01-01"}}, "filter.createdAt", "Nothing lies"),
        ({"state": {"eq": "OPEN"}}, "filter.state.eq", "not one of"),
        ({"procurement": {"type": {"in": ["MAKE", "STEAL"]}}}, "filter.procurement.type.in", "STEAL"),
        ({"category": {"type": {"eq": "WOOD"}}}, "filter.category.type.eq", "WOOD"),
        ({"isModified": {"eq": "yes"}}, "filter.isModified.eq", "neither true"),
        ({"color": {"eq": "x"}}, "filter.color", "no field 'color'"),
        ({"attributes": []}, "filter.attributes", "no conditions"),
        ({"attributes": [{"eq": "x"}]}, "filter.attributes.0", "name one attribute"),
        ({"attributes": [{"name": "a", "id": "b", "eq": "x"}]}, "filter.attributes.0", "name one attribute"),
        ({"attributes": [{"name": "a"}]}, "filter.attributes.0", "compares with nothing"),
        ({"attributes": [{"name": "a", "gt": 1e300}]}, "filter.attributes.0.gt", "out of range"),
    ],
)
def test_a_refusal_names_the_place(wire: Any, path: str, says: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        tree_filter(wire, people)
    assert ".".join(map(str, refused.value.path)) == path
    assert says in refused.value.message


def test_a_deep_tree_is_refused_before_it_is_read() -> None:
    wire: dict[str, Any] = {"name": {"eq": "x"}}
    for _ in range(400):
        wire = {"not": wire}
    with pytest.raises(InvalidFilter, match="too deep"):
        tree_filter(wire, people)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(InvalidFilter) as refused:
        tree_filter({"and": [{"state": {"eq": "X"}}, {"createdAt": {"gt": "X", "lt": "Y"}}], "color": {}}, people)
    places = [each.path for each in (refused.value, *refused.value.also)]
    assert places == [
        ("filter", "and", 0, "state", "eq"),
        ("filter", "and", 1, "createdAt", "gt"),
        ("filter", "and", 1, "createdAt", "lt"),
        ("filter", "color"),
    ]


@pytest.mark.parametrize(
    ("read", "wire", "path"),
    [
        (shorthand_filter, {"state": "OPEN"}, ("filter", "state")),
        (shorthand_filter, {"state": {"eq": "OPEN"}}, ("filter", "state", "eq")),
        (shorthand_filter, {"createdAt": "soon"}, ("filter", "createdAt")),
        (shorthand_filter, {"cpn": []}, ("filter", "cpn")),
        (shorthand_filter, {"cpn": {"has": "x"}}, ("filter", "cpn", "has")),
        (flat_filter, {"ids": []}, ("filter", "ids")),
        (flat_filter, {"names": ["x", "\x00"]}, ("filter", "names", 1)),
        (flat_filter, {"names": ["x"] * 101}, ("filter", "names")),
        (flat_filter, {"search": "colour:red"}, ("filter", "search")),
        (condition_filter, {"or": [{"state": {"eq": "OPEN"}}]}, ("input", "or", 0, "state", "eq")),
    ],
)
def test_the_other_languages_name_the_place_too(read: Any, wire: Any, path: tuple[str | int, ...]) -> None:
    with pytest.raises(InvalidFilter) as refused:
        read(wire, people)
    assert refused.value.path == path


@pytest.mark.parametrize(
    "text",
    [
        "{ componentSearch(filter: { name: 5 }) }",
        '{ componentSearch(filter: { color: { eq: "x" } }) }',
        "{ filter(input: { state: { eq: OPEN } }) }",
        "{ components(filter: { cpn: { a: { b: { c: { d: 1 } } } } }) }",
        "{ components(filter: { colour: RED }) }",
        '{ componentSearch(filter: { attributes: [{ name: "a", eq: { b: 1 } }] }) }',
    ],
)
def test_the_schema_refuses_what_has_the_wrong_shape(echo: Echo, text: str) -> None:
    assert echo.run(text) != []
