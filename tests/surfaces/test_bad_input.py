"""What cannot be is refused: with the right code and reason, in words, at its place; nothing of the inside shows, and nothing is written.

Every case is one request. Texts such as `@bolt` in its variables stand for ids that exist: see `Ground`. Cases that share a mutation or a
query name it by the constants below.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
import pytest

from plumbline.access.reads import api_keys
from plumbline.boms.actions import release_components
from plumbline.boms.reads import lines_of
from plumbline.catalog.actions import create_attributes
from plumbline.catalog.model import AttributeType, NewAttribute
from plumbline.components.actions.update import archive_components
from plumbline.components.model import NumberWish, ReleaseRequest
from plumbline.configuration.actions import apply_configuration
from plumbline.configuration.model import File
from plumbline.kit.paging import encode_cursor
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team, new_team
from plumbline.testing.plugin import shared_application

TINY_SCHEME = """
version: "1.0"
schema_type: "id_generation_scheme"
settings:
  allow_override: true
  allow_freeform: false
  override_elements: [sequence]
elements:
  - { type: list, name: family, required: true, values: [AA, BB] }
  - { type: constant, name: dash, required: true, value: "-" }
  - type: numeric_counter
    name: sequence
    required: true
    attachedTo: [family]
    format: { min_value: 1, max_value: 2 }
examples: [AA-1, BB-2]
"""
INSIDE = re.compile(
    r"Traceback|\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b|/work/|/home/|/usr/|\.py\b|<plumbline|plumbline\.|site-packages"
    r"|sqlalchemy|psycopg|sqlite|graphql_kit| object at 0x|\b(New|Component|Bom|Line)[A-Z]\w*\(|Decimal\(",
    re.IGNORECASE,
)
"""What only the inside of the server says."""
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Ground:
    """What requests are about: the names that `@name` stands for, and who asks."""

    team: Team
    tiny: Team
    """A library whose numbers are used up: AA-1 and AA-2."""
    ids: Mapping[str, str]

    def asking(self, who: str) -> Caller:
        if who == "tiny":
            return self.tiny.administrator
        return {"viewer": self.team.viewer, "manager": self.team.manager}.get(who, self.team.administrator)

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.filled(each) for name, each in value.items()}
        if isinstance(value, list) and len(value) < 1000:
            return [self.filled(each) for each in value]
        return self.ids[value[1:]] if isinstance(value, str) and value.startswith("@") else value


@cache
def ground_of(dialect: str) -> Ground:
    team, strangers, tiny = (new_team(shared_application(dialect)) for _ in range(3))
    engineer = team.engineer
    parts = {name: make.component(engineer, name) for name in ("bolt", "nut", "washer", "spare", "old", "released")}
    parts["named"] = make.component(engineer, "named", aliases=(("legacy", "L-1"),), number=NumberWish("TAKEN-1"))
    deep = parts["bottom"] = make.component(engineer, "bottom")
    for name in ("third", "second", "first"):
        deep = parts[name] = make.assembly(engineer, name, [(deep, 2)])
    parts["frame"] = make.assembly(engineer, "frame", [(parts["bolt"], 4), (parts["nut"], 1)])
    parts["other frame"] = make.assembly(engineer, "other frame", [(parts["washer"], 1)])
    team.manager.run(archive_components, [parts["old"].id])
    team.manager.run(release_components, [ReleaseRequest(parts["released"].id, "B")])
    types = {"contact": "EMAIL", "phone": "PHONE", "tested": "DATE", "colours": "LIST"}
    team.manager.run(create_attributes, [NewAttribute(name, AttributeType[kind]) for name, kind in types.items()])
    foreign = make.component(strangers.engineer, "foreign")
    foreign_frame = make.assembly(strangers.engineer, "foreign frame", [(foreign, 1)])
    ids = {name: each.id for name, each in parts.items()}
    for name, caller, frame in (
        ("line", team.viewer, parts["frame"]),
        ("foreign line", strangers.viewer, foreign_frame),
    ):
        ids[name] = caller.ask(lines_of, [frame])[frame.key][0].line_id
    ids["line of other frame"] = team.viewer.ask(lines_of, [parts["other frame"]])[parts["other frame"].key][0].line_id
    for name, caller in (("key of administrator", team.administrator), ("foreign key", strangers.administrator)):
        caller.key()
        ids[name] = caller.ask(api_keys)[0].id
    ids |= {
        "foreign": foreign.id,
        "foreign frame": foreign_frame.id,
        "foreign user": strangers.viewer.actor.user_id,
        "foreign library": strangers.viewer.actor.library_id,
        "administrator": team.administrator.actor.user_id,
        "viewer": team.viewer.actor.user_id,
        "organization": team.viewer.actor.organization_id,
    }
    tiny.administrator.run(apply_configuration, [File("numbering.yaml", TINY_SCHEME)], complete=False)
    for sequence in ("1", "2"):
        make.component(tiny.engineer, "used up", number=NumberWish(None, {"family": "AA", "sequence": sequence}))
    return Ground(team, tiny, ids)


@pytest.fixture
def ground(dialect: str) -> Ground:
    return ground_of(dialect)


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    variables: Mapping[str, Any]
    code: str
    reason: str | None
    phrase: str
    """A part of one of the messages."""
    at: list[str | int] | None = None
    """The place in the input, where the refusal names one."""
    who: str = "administrator"
    status: int = 200


CASES: list[Case] = []
"""By `refused`: of the operation as it runs, so the status is 200. By `invalid`: of the document or its variables, 400."""


def refused(
    name: str, text: str, variables: Mapping[str, Any], reason: str, phrase: str, at: Any = None, **more: Any
) -> None:
    code = CODES.get(reason, "BAD_USER_INPUT")
    CASES.append(Case(name, text, variables, code, reason, phrase, at, **more))


def invalid(
    name: str, text: str, phrase: str, variables: Mapping[str, Any] | None = None, *, reason: str | None = None
) -> None:
    code = "BAD_USER_INPUT" if reason else "GRAPHQL_VALIDATION_FAILED"
    CASES.append(Case(name, text, variables or {}, code, reason, phrase, status=400))


CODES = {
    **dict.fromkeys(
        ("COMPONENT_MISSING", "VERSION_MISSING", "LINE_MISSING", "CATEGORY_MISSING", "STATUS_MISSING", "MEMBER_MISSING", "API_KEY_MISSING"),
        "NOT_FOUND",
    ),
    **dict.fromkeys(
        ("STALE_VERSION", "ALIAS_TAKEN", "NUMBER_TAKEN", "COUNTER_EXHAUSTED", "NOTHING_TO_RELEASE", "CATALOG_NAME_TAKEN", "ALREADY_TAKEN",
         "LAST_ADMINISTRATOR", "IMPORT_UNDECIDED"),
        "CONFLICT",
    ),
    **dict.fromkeys(("WRONG_TENANT", "FORBIDDEN", "ROLE_TOO_HIGH"), "FORBIDDEN"),
}  # fmt: skip

CREATE = "mutation ($inputs: [CreateComponentInput!]!) { component { create(inputs: $inputs) { id } } }"
UPDATE = "mutation ($inputs: [UpdateComponentInput!]!) { component { update(inputs: $inputs) { id } } }"
RELEASE = "mutation ($inputs: [ReleaseComponentInput!]!) { component { release(inputs: $inputs) { id } } }"
EDIT = "mutation ($edits: [BomEditInput!]!) { component { editBoms(edits: $edits) { id } } }"
ADD = "mutation ($links: [AssemblyLinkInput!]!, $to: ID!) { component { addChildren(parentId: $to, links: $links) { id } } }"
MOVE = (
    'mutation ($moves: [AssemblyLinkMoveInput!]!) { component { moveChildren(parentId: "%s", moves: $moves) { id } } }'
)
APPLY = "mutation ($data: JSON!, $into: String) { imports { applyData(data: $data, into: $into) { created } } }"
SEARCH = "query ($filter: ComponentFilter) { componentSearch(filter: $filter) { totalCount } }"
TREE = "query ($input: ComponentConditionInput) { component { filter(input: $input) { totalCount } } }"
FLAT = "query ($filter: ComponentFilterInput) { component { findAll(filter: $filter) { totalCount } } }"
BAR = "query ($text: String!) { component { search(text: $text) { totalCount } } }"
INDENTED = """query ($id: ID!, $depth: Int, $first: Int, $after: String) {
  bom { indented(id: $id, depth: $depth, first: $first, after: $after) { nodes { cpn } } }
}"""


def creating(**fields: Any) -> dict[str, Any]:
    return {"inputs": [{"name": "Bracket", **fields}]}


def valued(attribute: str, value: Any) -> dict[str, Any]:
    return creating(attributeValues=[{"attribute": attribute, "value": value}])


def sourced(**source: Any) -> dict[str, Any]:
    return creating(sources=[source])


def offered(**offer: Any) -> dict[str, Any]:
    return sourced(mpn="1", offers=[{"distributor": "Parts & Co", "currency": "USD", **offer}])


def linking(to: str = "@frame", **link: Any) -> dict[str, Any]:
    return {"to": to, "links": [{"childId": "@spare", "quantity": 1, **link}]}


def nested(levels: int, inner: Any = 1) -> Any:
    for _ in range(levels):
        inner = [inner]
    return inner


def adding_lines(*pairs: tuple[str, str]) -> dict[str, Any]:
    """Edits that put each pair's second into its first."""
    return {"edits": [{"parentId": parent, "add": [{"childId": child, "quantity": 1}]} for parent, child in pairs]}


def negated(levels: int) -> dict[str, Any]:
    return {"not": negated(levels - 1)} if levels else {"name": {"eq": "x"}}


# A case reads best as the row of a table.
# fmt: off

# --- Documents and variables that do not fit the schema
invalid("unknown field", "{ components { colour } }", "Cannot query field 'colour'")
invalid("unknown namespace", "{ widgets { id } }", "Cannot query field 'widgets'")
invalid("unknown argument", "{ components(last: 1) { totalCount } }", "Unknown argument 'last'")
invalid("unknown enum value", "{ component { findAll(view: FUTURE) { totalCount } } }", "'FUTURE' does not exist in 'ViewMode' enum")
invalid("enum as text", '{ component { findAll(view: "WORKING") { totalCount } } }', "cannot represent non-enum value")
invalid("text for a number", '{ components(first: "ten") { totalCount } }', "Int cannot represent non-integer value")
invalid("number beyond 32 bits", "{ components(first: 99999999999) { totalCount } }", "Int cannot represent non 32-bit signed integer")
invalid("no fields of an object", "{ components }", "must have a selection of subfields")
invalid("fields of a leaf", "{ components { totalCount { value } } }", "must not have a selection")
invalid("missing argument", "{ component { search { totalCount } } }", "(text:)' of type 'String!' is required")
invalid("unused variable", "query ($first: Int) { components { totalCount } }", "'$first' is never used")
invalid("undefined variable", "{ components(first: $first) { totalCount } }", "'$first' is not defined")
invalid("variable of another type", "query ($first: String) { components(first: $first) { totalCount } }",
        "used in position expecting type 'Int'")
invalid("fields that cannot be merged", "{ component { findAll { totalCount: edges { cursor } totalCount } } }", "conflict")
invalid("fragment of itself", "{ components { ...A } } fragment A on Components { ...A }", "Cannot spread fragment 'A' within itself")
invalid("fragment on an unknown type", "{ ...A } fragment A on Widget { id }", "Unknown type 'Widget'")
invalid("unused fragment", "{ components { totalCount } } fragment A on Components { totalCount }", "Fragment 'A' is never used")
invalid("unknown directive", "{ components @cached { totalCount } }", "Unknown directive '@cached'")
invalid("subscription", "subscription { components { totalCount } }", "subscription")
invalid("mutation as query", "query { component { create(inputs: []) { id } } }", "Cannot query field 'create'")
invalid("missing variable", CREATE, "'$inputs' has invalid value: Expected a value of non-null type", reason="INVALID_VARIABLE")
invalid("null for a required variable", CREATE, "non-null type '[CreateComponentInput!]!' not to be", {"inputs": None},
        reason="INVALID_VARIABLE")
invalid("unknown input field", CREATE, "not to include unknown field 'colour'", creating(colour="red"), reason="INVALID_VARIABLE")
invalid("input without a required field", CREATE, "to include required field 'name'", {"inputs": [{}]}, reason="INVALID_VARIABLE")
invalid("number for a name", CREATE, "String cannot represent a non string value", creating(name=5), reason="INVALID_VARIABLE")
invalid("text for a list", CREATE, "'CreateComponentInput' to be an object", {"inputs": "Bracket"}, reason="INVALID_VARIABLE")
invalid("unknown procurement", CREATE, "does not exist in 'Procurement' enum", creating(procurement="STEAL"), reason="INVALID_VARIABLE")
invalid("quantity that is no number", ADD, "Expected a decimal number", linking(quantity="many"), reason="INVALID_VARIABLE")
invalid("quantity NaN", ADD, "Expected a finite number", linking(quantity="NaN"), reason="INVALID_VARIABLE")
invalid("quantity infinite", ADD, "Expected a finite number", linking(quantity="-Infinity"), reason="INVALID_VARIABLE")
invalid("quantity with a huge exponent", ADD, "Expected a finite number", linking(quantity="1e999999"), reason="INVALID_VARIABLE")
invalid("quantity true", ADD, "Expected a decimal number", linking(quantity=True), reason="INVALID_VARIABLE")
invalid("quantity with 5,000 digits in the document",
        'mutation { component { addChildren(parentId: "1", links: [{ childId: "1", quantity: %s }]) { id } } }'
    % ("9" * 5000),
        "finite number")
invalid("JSON nested too deep", CREATE, "nested at most 32 levels", valued("Pins", nested(40)), reason="INVALID_VARIABLE")
invalid("asOf in a wrong form", "query ($at: DateTime) { component { findAll(asOf: $at) { totalCount } } }", "a moment such as",
        {"at": "yesterday"}, reason="INVALID_VARIABLE")
invalid("asOf in a wrong form in the document", '{ component { findAll(asOf: "2024-13-01") { totalCount } } }', "a moment such as")
invalid("asOf as a number", "{ component { findAll(asOf: 20240101) { totalCount } } }", "a moment such as")

# --- Documents that are too much
invalid("too deep", "{ component { findAll { nodes { " + "children { child { " * 8 + "id" + " } }" * 8 + " } } } }", "too deep",
        reason="QUERY_TOO_DEEP")
invalid("inline fragments too deep", "{ " + "... { " * 150 + "__typename" + " }" * 150 + " }", "too deep", reason="QUERY_TOO_DEEP")
invalid("too large", "{ components { totalCount } } #" + "x" * 17_000, "too large in bytes", reason="DOCUMENT_TOO_LARGE")
invalid("too many tokens", "{ " + "a " * 2500 + "}", "too many tokens", reason="TOO_MANY_TOKENS")
invalid("too many aliases", "{ component { " + " ".join(f'a{n}: search(text: "x") {{ totalCount }}' for n in range(51)) + " } }",
        "too many aliases", reason="TOO_MANY_ALIASES")
invalid("too many root fields", "{ " + " ".join(f"a{n}: components {{ totalCount }}" for n in range(21)) + " }", "too many root fields",
        reason="TOO_MANY_ROOT_FIELDS")
invalid("fragment bomb",
        "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    + " fragment F30 on Query { __typename }",
        "too many", reason="TOO_MANY_FIELDS")
invalid("too many directives", "{ components { " + "totalCount @include(if: true) " * 51 + "} }", "too many directives",
        reason="TOO_MANY_DIRECTIVES")
invalid("lists inside lists",
        "{ component { findAll(pagination: { first: 1000 }) { nodes { children { child { children { child { id } } } } } } } }",
        "too many nodes", reason="TOO_MANY_NODES")
invalid("introspection again and again", "{ " + " ".join(f"a{n}: __schema {{ types {{ name }} }}" for n in range(4)) + " }",
        "introspects too often", reason="INTROSPECTION_TOO_LARGE")
invalid("two operations and no name", "query A { components { totalCount } } query B { components { totalCount } }",
        "operationName is missing", reason="UNKNOWN_OPERATION")
invalid("page beyond every list", INDENTED, "A page is too large", {"id": "@frame", "first": 10_001}, reason="PAGE_TOO_LARGE")

# --- Pages
for size in (0, -1, 1001):
    refused(f"page of {size}", "query ($first: Int) { components(first: $first) { totalCount } }", {"first": size}, "INVALID_PAGE",
            f"first is {size}; a page holds 1 to 1000", ["first"])
refused("page of 0 in pagination", "{ component { findAll(pagination: { first: 0 }) { totalCount } } }", {}, "INVALID_PAGE",
        "first is 0", ["first"])
for name, cursor in {
    "that is no base64": "cursor_value",
    "with letters outside ASCII": "é",
    "of a list with another order": encode_cursor(["Bolt", 1]),
    "with values of other types": encode_cursor([1, "x"]),
    "with a float": encode_cursor(["2024-01-01", 1.5]),
    "with a number beyond 64 bits": base64.urlsafe_b64encode(b'["2024-01-01",123456789012345678901234567890]').decode(),
    "with NUL": encode_cursor(["\0", 1]),
    "with lists inside": base64.urlsafe_b64encode(orjson.dumps(nested(200))).decode(),
    "of a numbered list": encode_cursor([3]),
}.items():
    if name != "of a list with another order":
        refused(f"cursor {name}", "query ($after: String) { components(after: $after) { totalCount } }", {"after": cursor},
                "INVALID_PAGE", "does not belong to this list", ["after"])
refused("cursor of components in a numbered list", "query ($after: String) { roles(after: $after) { totalCount } }",
        {"after": encode_cursor(["2024", 1])}, "INVALID_PAGE", "does not belong to this list", ["after"])
refused("cursor of names where versions order",
        "query ($after: String) { components(after: $after, orderBy: { field: VERSION }) { totalCount } }",
        {"after": encode_cursor(["Bolt", 1])}, "INVALID_PAGE", "does not belong to this list", ["after"])
for name, offset in {"huge": 2**63, "beyond 64 bits": 2**64 - 1, "negative": -1, "true": True}.items():
    refused(f"{name} offset", INDENTED, {"id": "@frame", "after": encode_cursor([offset])}, "INVALID_PAGE", "does not belong",
            ["after"])
refused("page of 0 ancestors", '{ bom { whereUsed(cpn: "TAKEN-1") { ancestors(first: 0) { distance } } } }', {}, "INVALID_PAGE",
        "first is 0")
refused("ordered twice", "{ component { findAll(orderBy: [{ field: CPN }, { field: PART_NUMBER }]) { totalCount } } }", {},
        "INVALID_FILTER", "orders twice", ["orderBy", 1])
refused("ordered by five fields", "query ($order: [ComponentOrderBy!]) { component { findAll(orderBy: $order) { totalCount } } }",
        {"order": [{"field": each} for each in ("CPN", "NAME", "STATUS", "CATEGORY", "VERSION")]}, "INVALID_FILTER",
        "The order has 5 fields", ["orderBy"])

# --- What is not there, or not for this caller
FIND = "query ($id: ID, $cpn: String, $version: Int) { component { findOne(id: $id, cpn: $cpn, version: $version) { id } } }"
refused("unknown component", FIND, {"id": UNKNOWN_ID}, "COMPONENT_MISSING", "There is no component with the id", ["id", 0])
refused("malformed id", FIND, {"id": "'; DROP TABLE components; --"}, "COMPONENT_MISSING", "There is no component", ["id", 0])
refused("foreign component", FIND, {"id": "@foreign"}, "COMPONENT_MISSING", "There is no component with the id", ["id", 0])
refused("unknown part number", FIND, {"cpn": "NOPE"}, "COMPONENT_MISSING", "number 'NOPE'", ["cpn"])
refused("NUL in a part number", FIND, {"cpn": "a\0b"}, "COMPONENT_MISSING", "There is no component", ["cpn"])
refused("neither id nor part number", FIND, {}, "INVALID_FILTER", "Either id or cpn must be given", ["id"])
refused("both id and part number", FIND, {"id": "@bolt", "cpn": "TAKEN-1"}, "INVALID_FILTER", "Either id or cpn", ["id"])
refused("version 0", FIND, {"id": "@bolt", "version": 0}, "VERSION_MISSING", "has no version 0", ["version"])
refused("version 99", FIND, {"id": "@bolt", "version": 99}, "VERSION_MISSING", "has no version 99", ["version"])
refused("before its creation", '{ component { findOne(cpn: "TAKEN-1", asOf: "1999-12-31T23:59:59Z") { id } } }', {},
        "COMPONENT_MISSING", "TAKEN-1")
refused("part numbers of which one is unknown",
        '{ components { get(filter: { cpns: ["TAKEN-1", "NOPE"] }) { connection { totalCount } } } }', {}, "COMPONENT_MISSING",
        "number 'NOPE'", ["cpn"])
refused("too many ids", "query ($ids: [ID!]) { components { get(filter: { ids: $ids }) { connection { totalCount } } } }",
        {"ids": [UNKNOWN_ID] * 1001}, "INVALID_PAGE", "1001")
refused("history of a foreign component", "query ($id: ID!) { component { versions(id: $id) { number } } }", {"id": "@foreign"},
        "COMPONENT_MISSING", "")
refused("releases of an unknown component", "query ($id: ID!) { component { releases(id: $id) { version } } }", {"id": "x"},
        "COMPONENT_MISSING", "'x'")
refused("unknown user", "query ($id: ID!) { user { findOne(id: $id) { id } } }", {"id": "nobody\0"}, "MEMBER_MISSING",
        "No member of this library")
refused("foreign user", "query ($id: ID!) { user { findOne(id: $id) { id } } }", {"id": "@foreign user"}, "MEMBER_MISSING",
        "No member of this library")
refused("attributes of a foreign library", "query ($id: ID) { attribute { findAll(libraryId: $id) { id } } }",
        {"id": "@foreign library"}, "WRONG_TENANT", "Not authorized", ["libraryId"])
refused("attributes of no library", 'query { attribute { findAll(libraryId: "x") { id } } }', {}, "WRONG_TENANT", "Not authorized",
        ["libraryId"])
refused("unknown category", '{ category { findOne(id: "Widget") { id } } }', {}, "CATEGORY_MISSING", "no category 'Widget'", ["id"])
refused("number of an unknown category", '{ numbering { nextNumber(categoryId: "") } }', {}, "CATEGORY_MISSING", "no category ''",
        ["categoryId"])
refused("foreign key", "mutation ($id: ID!) { apiKeys { revoke(id: $id) { id } } }", {"id": "@foreign key"}, "API_KEY_MISSING",
        "no API key", ["id"])
refused("malformed key id", "mutation ($id: ID!) { apiKeys { revoke(id: $id) { id } } }", {"id": "\0"}, "API_KEY_MISSING", "no API key",
        ["id"])
refused("key of somebody else", "mutation ($id: ID!) { apiKeys { revoke(id: $id) { id } } }", {"id": "@key of administrator"},
        "API_KEY_MISSING", "no API key", ["id"], who="viewer")

# --- Fields of a component
refused("no name", CREATE, creating(name=""), "INVALID_COMPONENT", "name is empty", ["inputs", 0, "name"])
refused("blank name", CREATE, creating(name=" \t\n "), "INVALID_COMPONENT", "name is empty", ["inputs", 0, "name"])
refused("name of 501 characters", CREATE, creating(name="x" * 501), "INVALID_COMPONENT", "name has 501 characters",
        ["inputs", 0, "name"])
refused("name with NUL", CREATE, creating(name="a\0b"), "INVALID_COMPONENT", "control characters", ["inputs", 0, "name"])
refused("name with an escape", CREATE, creating(name="\x1b[31mred"), "INVALID_COMPONENT", "control characters", ["inputs", 0, "name"])
refused("description of 10,001 characters", CREATE, creating(description="x" * 10_001), "INVALID_COMPONENT", "10001 characters",
        ["inputs", 0, "description"])
refused("eid too long", CREATE, creating(eid="x" * 201), "INVALID_COMPONENT", "eid has 201", ["inputs", 0, "eid"])
refused("revision too long", CREATE, creating(revisionValue="x" * 51), "INVALID_COMPONENT", "revision has 51",
        ["inputs", 0, "revision"])
refused("unknown unit of measure", CREATE, creating(unitOfMeasure="furlong"), "INVALID_COMPONENT", "'furlong' is not a unit",
        ["inputs", 0, "unitOfMeasure"])
refused("51 labels", CREATE, creating(labels=[f"l{n}" for n in range(51)]), "INVALID_COMPONENT", "51 labels", ["inputs", 0, "labels"])
refused("blank label", CREATE, creating(labels=["a", " "]), "INVALID_COMPONENT", "is empty", ["inputs", 0, "labels", 1])
refused("category that is not there", CREATE, creating(categoryId="Widget"), "CATEGORY_MISSING", "no category 'Widget'",
        ["inputs", 0, "category"])
refused("status that is not there", CREATE, creating(statusId="Perfect"), "STATUS_MISSING", "no status 'Perfect'",
        ["inputs", 0, "status"])
refused("no inputs", CREATE, {"inputs": []}, "INVALID_COMPONENT", "There are 0 inputs", ["inputs"])
refused("10,001 inputs", CREATE, {"inputs": [{"name": "x"}] * 10_001}, "INVALID_COMPONENT", "There are 10001 inputs", ["inputs"])
refused("one bad input among good ones", CREATE, {"inputs": [{"name": "good"}, {"name": ""}, {"name": "good"}]}, "INVALID_COMPONENT",
        "name is empty", ["inputs", 1, "name"])
refused("one alias for two", CREATE,
        {"inputs": [{"name": "a", "aliases": [{"value": "A"}]}, {"name": "b", "aliases": [{"value": "A"}]}]}, "INVALID_ALIAS",
        "'A' is wanted twice", ["inputs", 1, "aliases"])
refused("alias of another component", CREATE, creating(aliases=[{"value": "L-1"}]), "ALIAS_TAKEN", "belongs to TAKEN-1",
        ["inputs", 0, "aliases"])
refused("blank alias", CREATE, creating(aliases=[{"value": " "}]), "INVALID_COMPONENT", "value is empty",
        ["inputs", 0, "aliases", 0, "value"])
refused("21 aliases", CREATE, creating(aliases=[{"value": f"{n}"} for n in range(21)]), "INVALID_ALIAS", "21 aliases",
        ["inputs", 0, "aliases"])

# --- Attribute values, one per type
BAD_VALUES = {
    "Pins": ("eight", "a number"), "Mass": ("5 V", "a number in g"), "Mounting": ("Floating", "one of SMD"),
    "Datasheet": ("ftp://x", "http"), "contact": ("not an address", "e-mail"), "phone": ("call me", "telephone"),
    "tested": ("2024-02-30", "a date"), "RoHS": ("maybe", "true or false"),
    "colours": ([1, 2], "a list"), "Material": ([["steel"]], "a text"),
}  # fmt: skip
for attribute, (value, _) in BAD_VALUES.items():
    refused(f"value of {attribute}", CREATE, valued(attribute, value), "INVALID_ATTRIBUTE_VALUE",
            f"is not a value of {attribute}" if attribute != "Mounting" else "is not one of the values",
            ["inputs", 0, "attributes", attribute])
refused("number of 400 digits", CREATE, valued("Pins", "9" * 400), "INVALID_ATTRIBUTE_VALUE", "is not a value of Pins",
        ["inputs", 0, "attributes", "Pins"])
refused("number with a huge exponent", CREATE, valued("Pins", 1e300), "INVALID_ATTRIBUTE_VALUE", "is not a value of Pins",
        ["inputs", 0, "attributes", "Pins"])
refused("object for a text", CREATE, valued("Material", {"steel": 1}), "INVALID_ATTRIBUTE_VALUE", "is not a value of Material")
refused("object inside a measured value", CREATE, valued("Mass", {"value": {"x": 1}}), "INVALID_ATTRIBUTE_VALUE",
        "is not a value of Mass")
refused("text of 4,001 characters", CREATE, valued("Material", "x" * 4001), "INVALID_ATTRIBUTE_VALUE", "is not a value of Material")
refused("text with NUL", CREATE, valued("Material", "a\0b"), "INVALID_ATTRIBUTE_VALUE", "is not a value of Material")
refused("unknown attribute", CREATE, valued("Colour of the sky", 1), "UNKNOWN_ATTRIBUTE", "no attribute 'Colour of the sky'",
        ["inputs", 0, "attributes", "Colour of the sky"])
refused("attribute given twice", CREATE,
        creating(attributeValues=[{"attribute": "Mass", "value": 1}, {"attribute": "Mass", "value": 2}]), "INVALID_COMPONENT",
        "given twice", ["inputs", 0, "attributeValues", 1])
refused("attribute given twice under two spellings", CREATE,
        creating(attributeValues=[{"attribute": "Mass", "value": 1}, {"attribute": "mass", "value": 2}]), "INVALID_ATTRIBUTE_VALUE",
        "Mass is given twice")

# --- Sources, offers, prices
refused("source of nothing", CREATE, sourced(description="?"), "INVALID_SOURCE", "names nothing that can be bought",
        ["inputs", 0, "sources", 0])
refused("source twice", CREATE, creating(sources=[{"manufacturer": "Acme", "mpn": "1"}, {"manufacturer": "ACME", "mpn": "1"}]),
        "INVALID_SOURCE", "listed twice", ["inputs", 0, "sources", 1])
refused("currency of two letters", CREATE, offered(currency="US"), "INVALID_SOURCE", "'US' is not a currency",
        ["inputs", 0, "sources", 0, "offers", 0, "currency"])
refused("negative price", CREATE, offered(priceBreaks=[{"quantity": 1, "unitPrice": -1}]), "INVALID_SOURCE",
        "unit price -1 is out of range")
refused("price that is too exact", CREATE, offered(priceBreaks=[{"quantity": 1, "unitPrice": "0.0000000000001"}]), "INVALID_QUANTITY",
        "more digits")
refused("price break at zero", CREATE, offered(priceBreaks=[{"quantity": 0, "unitPrice": 1}]), "INVALID_SOURCE",
        "quantity 0 is out of range")
refused("two price breaks at one quantity", CREATE,
        offered(priceBreaks=[{"quantity": 1, "unitPrice": 1}, {"quantity": "1.0", "unitPrice": 2}]), "INVALID_SOURCE",
        "start at the same quantity", ["inputs", 0, "sources", 0, "offers", 0, "priceBreaks"])
refused("lead time before today", CREATE, offered(leadTimeDays=-1), "INVALID_SOURCE", "lead time of -1 days",
        ["inputs", 0, "sources", 0, "offers", 0, "leadTimeDays"])
refused("pack of nothing", CREATE, offered(packQuantity=0), "INVALID_SOURCE", "packQuantity 0",
        ["inputs", 0, "sources", 0, "offers", 0, "packQuantity"])
refused("51 sources", CREATE, creating(sources=[{"mpn": f"{n}"} for n in range(51)]), "INVALID_SOURCE", "51 sources",
        ["inputs", 0, "sources"])

# --- Part numbers
refused("number that is taken", CREATE, creating(cpn="TAKEN-1"), "NUMBER_TAKEN", "TAKEN-1", ["inputs", 0, "number"])
refused("number with blanks at its ends", CREATE, creating(cpn=" A-1"), "OVERRIDE_INVALID", "cannot be a number",
        ["inputs", 0, "number"])
refused("number with NUL", CREATE, creating(cpn="a\0b"), "OVERRIDE_INVALID", "cannot be a number", ["inputs", 0, "number"])
refused("the same number twice", CREATE, {"inputs": [{"name": "a", "cpn": "NEW-1"}, {"name": "b", "cpn": "NEW-1"}]}, "NUMBER_TAKEN",
        "NEW-1", ["inputs", 1, "number"])
refused("unknown element", CREATE, creating(cpnElements=[{"name": "colour", "value": "1"}]), "ELEMENT_UNKNOWN", "colour",
        ["inputs", 0, "number", "colour"])
refused("element out of range", CREATE, creating(cpnElements=[{"name": "sequence", "value": "100000"}]), "OVERRIDE_INVALID", "'100000'")
refused("counter used up", CREATE, creating(cpnElements=[{"name": "family", "value": "AA"}]), "COUNTER_EXHAUSTED", "", who="tiny")
refused("counter used up half-way", CREATE, {"inputs": [{"name": "x", "cpnElements": [{"name": "family", "value": "BB"}]}] * 3},
        "COUNTER_EXHAUSTED", "", who="tiny")
refused("whole number where the scheme allows none", CREATE, creating(cpn="X-1"), "OVERRIDE_NOT_ALLOWED", "", ["inputs", 0, "number"],
        who="tiny")
refused("element that may not be chosen", CREATE,
        creating(cpnElements=[{"name": "family", "value": "AA"}, {"name": "dash", "value": "+"}]), "OVERRIDE_NOT_ALLOWED", "dash",
        who="tiny")
refused("value that is not in the list", CREATE, creating(cpnElements=[{"name": "family", "value": "CC"}]), "ELEMENT_VALUE_INVALID",
        "CC", who="tiny")
refused("number of somebody else by its element", CREATE,
        creating(cpnElements=[{"name": "family", "value": "AA"}, {"name": "sequence", "value": "1"}]), "NUMBER_TAKEN", "AA-1",
        who="tiny")

# --- Changing, archiving, releasing
refused("stale version", UPDATE, {"inputs": [{"id": "@frame", "expectedVersion": 1, "name": "x"}]}, "STALE_VERSION",
        "is at version 2 now, not 1", ["inputs", 0, "expectedVersion"])
refused("name taken away", UPDATE, {"inputs": [{"id": "@bolt", "name": None}]}, "INVALID_COMPONENT", "name cannot be null",
        ["inputs", 0, "name"])
refused("category taken away", UPDATE, {"inputs": [{"id": "@bolt", "categoryId": None}]}, "INVALID_COMPONENT",
        "categoryId cannot be null", ["inputs", 0, "categoryId"])
refused("one component changed twice", UPDATE, {"inputs": [{"id": "@bolt", "name": "a"}, {"id": "@bolt", "name": "b"}]},
        "INVALID_COMPONENT", "changed twice", ["inputs"])
refused("foreign component changed", UPDATE, {"inputs": [{"id": "@bolt", "name": "a"}, {"id": "@foreign", "name": "b"}]},
        "COMPONENT_MISSING", "", ["inputs", 1])
refused("alias of another on update", UPDATE, {"inputs": [{"id": "@bolt", "aliases": [{"value": "L-1"}]}]}, "ALIAS_TAKEN",
        "belongs to TAKEN-1", ["inputs", 0, "aliases"])
refused("2,001 updates", UPDATE, {"inputs": [{"id": UNKNOWN_ID}] * 2001}, "INVALID_COMPONENT", "There are 2001 inputs", ["inputs"])
refused("no ids to delete", "mutation { component { delete(ids: []) } }", {}, "INVALID_COMPONENT", "There are 0 ids", ["ids"])
refused("foreign component deleted", "mutation ($ids: [ID!]!) { component { delete(ids: $ids) } }", {"ids": ["@bolt", "@foreign"]},
        "COMPONENT_MISSING", "", ["ids", 1])
refused("mark on a foreign component", "mutation ($id: ID!) { component { setFavorite(id: $id) { id } } }", {"id": "@foreign"},
        "COMPONENT_MISSING", "", ["id", 0])
refused("released again", RELEASE, {"inputs": [{"id": "@released"}]}, "NOTHING_TO_RELEASE", "released already", ["items", 0])
refused("archived component released", RELEASE, {"inputs": [{"id": "@old"}]}, "INVALID_RELEASE", "is archived", ["items", 0])
refused("one component released twice", RELEASE, {"inputs": [{"id": "@bolt"}, {"id": "@bolt"}]}, "INVALID_RELEASE", "released twice",
        ["items"])
refused("release of a stale version", RELEASE, {"inputs": [{"id": "@bolt", "expectedVersion": 7}]}, "STALE_VERSION", "not 7",
        ["items", 0, "expectedVersion"])
refused("blank revision", RELEASE, {"inputs": [{"id": "@bolt", "revisionValue": " "}]}, "INVALID_COMPONENT", "revision is empty",
        ["items", 0, "revision"])
refused("release into an unknown status", RELEASE, {"inputs": [{"id": "@bolt", "statusId": "Perfect"}]}, "STATUS_MISSING", "Perfect",
        ["items", 0, "status"])

# --- BOM lines
for quantity, reason, phrase in (
    (0, "INVALID_QUANTITY", "quantity 0 is out of range"), (-1, "INVALID_QUANTITY", "-1 is out of range"),
    ("1000000001", "INVALID_QUANTITY", "out of range"), ("0.0000000000001", "INVALID_QUANTITY", "more digits"),
    ("9" * 35, "INVALID_QUANTITY", "more digits"),
):  # fmt: skip
    refused(f"quantity {quantity}", ADD, linking(quantity=quantity), reason, phrase, ["edits", 0, "add", 0, "quantity"])
refused("unknown unit on a line", ADD, linking(unit="furlong"), "INVALID_COMPONENT", "'furlong' is not a unit",
        ["edits", 0, "add", 0, "unit"])
refused("designators that count down", ADD, linking(refDes="C9-C1"), "INVALID_DESIGNATORS", "does not count up",
        ["edits", 0, "add", 0, "refDes"])
refused("designator twice", ADD, linking(refDes="C1-C3, C2"), "INVALID_DESIGNATORS", "C2 is written twice",
        ["edits", 0, "add", 0, "refDes"])
refused("a million designators", ADD, linking(refDes="C1-C999999"), "INVALID_DESIGNATORS", "counts too far")
refused("item number below zero", ADD, linking(itemNumber=-1), "INVALID_LINE", "item number -1", ["edits", 0, "add", 0, "itemNumber"])
refused("notes of 4,001 characters", ADD, linking(notes="x" * 4001), "INVALID_COMPONENT", "4001 characters",
        ["edits", 0, "add", 0, "notes"])
refused("21 substitutes", ADD, linking(substitutes=["@nut"] * 21), "INVALID_LINE", "21 substitutes",
        ["edits", 0, "add", 0, "substitutes"])
refused("substitute for itself", ADD, linking(substitutes=["@spare"]), "INVALID_LINE", "for itself",
        ["edits", 0, "add", 0, "substitutes"])
refused("foreign substitute", ADD, linking(substitutes=["@foreign"]), "COMPONENT_MISSING", "", ["edits", 0, "add", 0, "substitutes"])
refused("unknown child", ADD, linking(childId=UNKNOWN_ID), "COMPONENT_MISSING", "", ["edits", 0, "add", 0, "childId"])
refused("foreign child", ADD, linking(childId="@foreign"), "COMPONENT_MISSING", "", ["edits", 0, "add", 0, "childId"])
refused("archived child", ADD, linking(childId="@old"), "INVALID_LINE", "is archived", ["edits", 0, "add", 0, "childId"])
refused("foreign parent", ADD, linking(to="@foreign frame"), "COMPONENT_MISSING", "", ["edits", 0])
refused("foreign line", EDIT, {"edits": [{"parentId": "@frame", "remove": ["@foreign line"]}]}, "LINE_MISSING", "has no line",
        ["edits", 0, "remove", 0])
refused("line of another parent", EDIT, {"edits": [{"parentId": "@frame", "change": [{"id": "@line of other frame", "quantity": 2}]}]},
        "LINE_MISSING", "has no line", ["edits", 0, "change", 0])
refused("line removed twice", EDIT, {"edits": [{"parentId": "@frame", "remove": ["@line", "@line"]}]}, "LINE_MISSING", "has no line",
        ["edits", 0, "remove", 1])
refused("line moved nowhere", EDIT, {"edits": [{"parentId": "@frame", "move": [{"id": "@line", "toParentId": "@other frame"}]}]},
        "INVALID_BOM_EDIT", "not among the edited ones", ["edits", 0, "move", 0, "toParentId"])
refused("line moved before a foreign one", EDIT,
        {"edits": [{"parentId": "@frame", "move": [{"id": "@line", "beforeLinkId": "@foreign line"}]}]}, "LINE_MISSING", "",
        ["edits", 0, "move", 0, "beforeLinkId"])
refused("parent named twice", EDIT, {"edits": [{"parentId": "@frame"}, {"parentId": "@frame"}]}, "INVALID_BOM_EDIT", "named twice",
        ["edits"])
refused("stale parent", EDIT, {"edits": [{"parentId": "@frame", "expectedVersion": 1, "remove": ["@line"]}]}, "STALE_VERSION",
        "is at version 2 now", ["edits", 0, "expectedVersion"])
refused("no edits", EDIT, {"edits": []}, "INVALID_BOM_EDIT", "edits of 0 parents", ["edits"])
refused("part of itself", ADD, linking(childId="@frame"), "BOM_CYCLE", "would become part of itself", ["edits"])
refused("part of itself, deep down", ADD, linking(to="@third", childId="@first"), "BOM_CYCLE", "would become part of itself", ["edits"])
refused("part of itself, by replacement", EDIT, {"edits": [{"parentId": "@third", "lines": [{"childId": "@second", "quantity": 1}]}]},
        "BOM_CYCLE", " → ", ["edits"])
refused("each other's part in one call", EDIT, adding_lines(("@bolt", "@nut"), ("@nut", "@bolt")), "BOM_CYCLE",
        "would become part of itself", ["edits"])
refused("cycle over three parents in one call", EDIT, adding_lines(("@bolt", "@nut"), ("@nut", "@washer"), ("@washer", "@bolt")),
        "BOM_CYCLE", "would become part of itself", ["edits"])

# --- Questions about BOMs
refused("depth of 0", INDENTED, {"id": "@frame", "depth": 0}, "INVALID_BOM_EDIT", "depth is 0", ["depth"])
refused("depth of 1,000", INDENTED, {"id": "@frame", "depth": 1000}, "INVALID_BOM_EDIT", "depth is 1000", ["depth"])
refused("revision that was never released", 'query ($id: ID!) { bom { tree(id: $id, asReleased: "Q") { totalCount } } }',
        {"id": "@released"}, "VERSION_MISSING", "never released as 'Q'", ["asReleased"])
refused("revision with NUL", 'query ($id: ID!) { bom { tree(id: $id, asReleased: "\\u0000") { totalCount } } }', {"id": "@released"},
        "VERSION_MISSING", "never released", ["asReleased"])
refused("release and moment at once",
        'query ($id: ID!) { bom { tree(id: $id, asReleased: "B", asOf: "2024-01-01T00:00:00Z") { totalCount } } }', {"id": "@released"},
        "INVALID_FILTER", "stands alone", ["asReleased"])
refused("versions that do not exist", "query ($id: ID!) { bom { compareVersions(id: $id, from: 1, to: 9) { kinds } } }",
        {"id": "@frame"}, "VERSION_MISSING", "no version 9", ["version"])
refused("compared with a foreign one", "query ($id: ID!, $other: ID!) { bom { compare(id: $id, otherId: $other) { kinds } } }",
        {"id": "@frame", "other": "@foreign frame"}, "COMPONENT_MISSING", "")
refused("differences from a version that does not exist", "query ($id: ID!) { component { diff(id: $id, fromVersion: 9) { count } } }",
        {"id": "@frame"}, "VERSION_MISSING", "no version 9", ["fromVersion"])
refused("differences up to before the first version", "query ($id: ID!) { component { diff(id: $id, toVersion: 0) { count } } }",
        {"id": "@frame"}, "VERSION_MISSING", "no version 0", ["toVersion"])
refused("differences from an unknown revision", 'query ($id: ID!) { component { diff(id: $id, fromRevision: "\\u0000") { count } } }',
        {"id": "@released"}, "VERSION_MISSING", "never released", ["fromRevision"])
refused("one end of a comparison named twice",
        'query ($id: ID!) { component { diff(id: $id, toVersion: 1, toRevision: "B") { count } } }', {"id": "@released"},
        "INVALID_FILTER", "stand for the same version", ["toRevision"])
refused("differences of a foreign component", "query ($id: ID!) { component { diff(id: $id) { count } } }", {"id": "@foreign frame"},
        "COMPONENT_MISSING", "")
refused("differences in a page of none", "query ($id: ID!) { component { diff(id: $id) { differences(first: 0) { totalCount } } } }",
        {"id": "@frame"}, "INVALID_PAGE", "")
refused("impact in no currency", 'query ($id: ID!) { component { impact(id: $id, currency: "dollars") { report } } }', {"id": "@frame"},
        "INVALID_BOM_EDIT", "'dollars' is not a currency", ["currency"])
refused("impact of nothing", "{ component { impact { report } } }", {}, "INVALID_FILTER", "Either id or cpn")
refused("compared with nothing", "{ bom { compare { kinds } } }", {}, "INVALID_FILTER", "Either id or cpn")
for amount in (0, -1, "1000000001"):
    refused(f"cost of {amount}", "query ($id: ID!, $n: Decimal) { bom { cost(id: $id, buildQuantity: $n) { total } } }",
            {"id": "@frame", "n": amount}, "INVALID_BOM_EDIT", f"buildQuantity is {amount}", ["buildQuantity"])
refused("cost in no currency", 'query ($id: ID!) { bom { cost(id: $id, currency: "dollars") { total } } }', {"id": "@frame"},
        "INVALID_BOM_EDIT", "'dollars' is not a currency", ["currency"])
refused("sum of an unknown attribute", 'query ($id: ID!) { bom { attribute(id: $id, name: "Charm") { value } } }', {"id": "@frame"},
        "UNKNOWN_ATTRIBUTE", "no attribute 'Charm'")

# --- Filters and search texts
refused("filter field against nothing", SEARCH, {"filter": {"name": {}}}, "INVALID_FILTER", "compares with nothing", ["filter", "name"])
refused("empty list in a filter", SEARCH, {"filter": {"name": {"in": []}}}, "INVALID_FILTER", "0 members", ["filter", "name", "in"])
refused("1,001 values in a filter", SEARCH, {"filter": {"name": {"in": ["x"] * 1001}}}, "INVALID_FILTER", "1001 members",
        ["filter", "name", "in"])
refused("null and a value at once", SEARCH, {"filter": {"mpn": {"isNull": True, "eq": "1"}}}, "INVALID_FILTER", "at once",
        ["filter", "mpn"])
refused("date that is none", SEARCH, {"filter": {"createdAt": {"gte": "2024-02-30"}}}, "INVALID_FILTER", "2024-02-30",
        ["filter", "createdAt", "gte"])
refused("dates swapped", SEARCH, {"filter": {"createdAt": {"gte": "2024-12-31", "lte": "2024-01-01"}}}, "INVALID_FILTER",
        "Nothing lies after", ["filter", "createdAt"])
refused("unknown procurement in a filter", SEARCH, {"filter": {"procurement": {"type": {"eq": "STEAL"}}}}, "INVALID_FILTER",
        "'STEAL' is not one of the values")
refused("attribute filter without an attribute", SEARCH, {"filter": {"attributes": [{"eq": 1}]}}, "INVALID_FILTER", "")
refused("unknown attribute in a filter", SEARCH, {"filter": {"attributes": [{"name": "Charm", "eq": 1}]}}, "UNKNOWN_ATTRIBUTE",
        "no attribute 'Charm'")
refused("NUL in a filter", SEARCH, {"filter": {"name": {"contains": "a\0"}}}, "INVALID_FILTER", "characters that no text has",
        ["filter", "name", "contains"])
refused("filter of 201 conditions", SEARCH, {"filter": {"or": [{"and": [{"name": {"eq": "x"}}] * 100}] * 3}}, "INVALID_FILTER",
        "300 conditions", ["filter"])
refused("filter of 13 levels", TREE, {"input": negated(13)}, "INVALID_FILTER", "too deep")
refused("empty and", TREE, {"input": {"and": []}}, "INVALID_FILTER", "`and` has 0 members", ["input", "and"])
refused("status type that is none", TREE, {"input": {"status": {"type": {"eq": ["DESIGN"]}}}}, "INVALID_VARIABLE", "Expected a text",
        status=400)
refused("101 names", FLAT, {"filter": {"names": ["x"] * 101}}, "INVALID_FILTER", "101 names", ["filter", "names"])
refused("search in a flat filter", FLAT, {"filter": {"search": "colour:red"}}, "INVALID_FILTER", "There is no key 'colour'")
refused("shorthand against an object of objects", "{ components(filter: { name: { contains: { x: 1 } } }) { totalCount } }", {},
        "INVALID_FILTER", "cannot be compared")
refused("unknown operator of the shorthand", '{ components(filter: { name: { like: "x" } }) { totalCount } }', {}, "INVALID_FILTER",
        "'like' does nothing here", ["filter", "name", "like"])
refused("shorthand type that is none", "{ components(filter: { type: GADGET }) { totalCount } }", {}, "INVALID_FILTER",
        "'GADGET' is not one of the values", ["filter", "type"])
refused("unknown key in the search bar", BAR, {"text": "colour:red"}, "INVALID_FILTER", "There is no key 'colour'", ["search"])
refused("open quotation mark", BAR, {"text": 'name:"flat head'}, "INVALID_FILTER", "Column 6", ["search"])
refused("date that is none in the search bar", BAR, {"text": "created:yesterday"}, "INVALID_FILTER", "yesterday", ["search"])
refused("key without a value", BAR, {"text": "status:"}, "INVALID_FILTER", "Column", ["search"])
refused("search of 1,001 characters", BAR, {"text": "x" * 1001}, "INVALID_FILTER", "1001 characters", ["search"])
refused("51 terms", BAR, {"text": "x " * 51}, "INVALID_FILTER", "51 terms", ["search"])
refused("NUL in the search bar", BAR, {"text": "\0"}, "INVALID_FILTER", "characters that no text has")

# --- Catalog
STATUS = "mutation ($inputs: [CreateStatusInput!]!) { status { create(inputs: $inputs) { id } } }"
ATTRIBUTE = "mutation ($inputs: [CreateAttributeInput!]!) { attribute { create(inputs: $inputs) { id } } }"
CATEGORY = "mutation ($inputs: [CreateCategoryInput!]!) { category { create(inputs: $inputs) { id } } }"
refused("status twice", STATUS, {"inputs": [{"name": " design ", "mapsTo": "DESIGN"}]}, "CATALOG_NAME_TAKEN", "'design' exists already")
refused("status that means nothing", STATUS, {"inputs": [{"name": "Idea", "mapsTo": "DREAM"}]}, "INVALID_CATALOG_ENTRY",
        "cannot mean 'DREAM'", ["inputs", 0, "mapsTo"])
refused("color that is none", STATUS, {"inputs": [{"name": "Idea", "mapsTo": "DESIGN", "color": "red"}]}, "INVALID_CATALOG_ENTRY",
        "'red' is not a color", ["inputs", 0, "color"])
refused("blank attribute", ATTRIBUTE, {"inputs": [{"name": " "}]}, "INVALID_CATALOG_ENTRY", "0 characters", ["inputs", 0, "name"])
refused("attribute with NUL", ATTRIBUTE, {"inputs": [{"name": "a\0"}]}, "INVALID_CATALOG_ENTRY", "control characters",
        ["inputs", 0, "name"])
refused("attribute under another spelling", ATTRIBUTE, {"inputs": [{"name": "Wear"}, {"name": "MASS"}]}, "CATALOG_NAME_TAKEN",
        "'MASS' exists already")
refused("attribute twice in one call", ATTRIBUTE, {"inputs": [{"name": "Wear rate"}, {"name": "Wear  rate"}]}, "CATALOG_NAME_TAKEN",
        "'Wear rate' exists already")
refused("unit of a text", ATTRIBUTE, {"inputs": [{"name": "Wear", "unit": "mm"}]}, "INVALID_CATALOG_ENTRY",
        "cannot be measured in 'mm'", ["inputs", 0, "unit"])
refused("unknown unit", ATTRIBUTE, {"inputs": [{"name": "Wear", "type": "NUMBER", "unit": "furlong"}]}, "INVALID_CATALOG_ENTRY",
        "'furlong'", ["inputs", 0, "unit"])
refused("501 choices", ATTRIBUTE, {"inputs": [{"name": "Wear", "choices": [f"{n}" for n in range(501)]}]}, "INVALID_CATALOG_ENTRY",
        "501 choices", ["inputs", 0, "choices"])
refused("category code twice", CATEGORY, {"inputs": [{"name": "Hinge", "type": "MECHANICAL", "code": " 100"}]}, "CATALOG_NAME_TAKEN",
        "'100' exists already")
refused("category code too long", CATEGORY, {"inputs": [{"name": "Hinge", "type": "MECHANICAL", "code": "9" * 21}]},
        "INVALID_CATALOG_ENTRY", "21 characters", ["inputs", 0, "code"])
refused("category in an unknown unit", CATEGORY, {"inputs": [{"name": "Hinge", "type": "MECHANICAL", "unitOfMeasure": "furlong"}]},
        "INVALID_CATALOG_ENTRY", "'furlong'", ["inputs", 0, "unitOfMeasure"])
refused("category below an unknown one", CATEGORY, {"inputs": [{"name": "Hinge", "type": "MECHANICAL", "parentId": "x"}]},
        "CATEGORY_MISSING", "no category 'x'", ["inputs", 0, "parentId"])
refused("category with an unknown attribute", CATEGORY,
        {"inputs": [{"name": "Hinge", "type": "MECHANICAL", "attributes": ["Mass", "Charm"]}]}, "UNKNOWN_ATTRIBUTE", "Charm",
        ["inputs", 0, "attributes", 1])
refused("unknown attributes for a category",
        'mutation { category { addAttributes(categoryId: "Label", attributeIds: ["Mass", "Charm"]) { id } } }', {}, "UNKNOWN_ATTRIBUTE",
        "Charm", ["attributeIds", 1])

# --- People and keys
ADD_USER = "mutation ($input: AddUserInput!) { user { add(input: $input) { id } } }"
ROLE = "mutation ($id: ID!, $role: Role!) { user { setRole(userId: $id, role: $role) { id } } }"
KEY = "mutation ($input: CreateApiKeyInput!) { apiKeys { create(input: $input) { secret } } }"
refused("e-mail address that is none", ADD_USER, {"input": {"email": "nobody", "name": "N", "role": "EDITOR"}}, "INVALID_ACCOUNT",
        "not an e-mail address", ["email"])
refused("user without a name", ADD_USER, {"input": {"email": "new@acme.example", "name": " ", "role": "EDITOR"}}, "INVALID_ACCOUNT",
        "0 characters", ["name"])
refused("user with NUL in the name", ADD_USER, {"input": {"email": "new@acme.example", "name": "a\0b", "role": "EDITOR"}},
        "INVALID_ACCOUNT", "control characters", ["name"])
refused("role that a Manager cannot give", ROLE, {"id": "@viewer", "role": "ADMINISTRATOR"}, "FORBIDDEN", "Not authorized",
        who="manager")
refused("role of a foreign user", ROLE, {"id": "@foreign user", "role": "EDITOR"}, "MEMBER_MISSING", "No member of this library",
        ["userId"])
refused("last Administrator demoted", ROLE, {"id": "@administrator", "role": "EDITOR"}, "LAST_ADMINISTRATOR", "last Administrator")
refused("last Administrator removed", "mutation ($id: ID!) { user { remove(userId: $id) { id } } }", {"id": "@administrator"},
        "LAST_ADMINISTRATOR", "last Administrator")
for days in (0, -1, 3651):
    refused(f"key for {days} days", KEY, {"input": {"name": "k", "lifeDays": days}}, "INVALID_EXPIRY", f"{days} days", ["lifeDays"])
refused("key without a name", KEY, {"input": {"name": ""}}, "INVALID_ACCOUNT", "0 characters", ["name"])
refused("key with NUL in its name", KEY, {"input": {"name": "a\0"}}, "INVALID_ACCOUNT", "control characters", ["name"])
refused("library without a name", 'mutation { library { update(input: { name: "" }) { id } } }', {}, "INVALID_ACCOUNT", "0 characters",
        ["name"])

# --- Imports
ORIGIN = {"file": "bom.csv", "row": 2}


def importing(*parts: dict[str, Any], lines: Any = (), **more: Any) -> dict[str, Any]:
    return {
        "data": {
            "version": 1,
            "format": "table",
            "parts": [{"origin": ORIGIN, **part} for part in parts],
            "lines": list(lines),
            **more,
        }
    }


TWO = ({"key": "a", "name": "A"}, {"key": "b", "name": "B"})
refused("import of a text", APPLY, {"data": "parts"}, "INVALID_IMPORT_DATA", "is no object")
refused("import of another version", APPLY, {"data": {"version": 2}}, "INVALID_IMPORT_DATA", "version is 2; expected 1", ["version"])
refused("import without parts", APPLY, {"data": {"version": 1, "format": "table", "lines": []}}, "INVALID_IMPORT_DATA",
        "parts is missing", ["parts"])
refused("import with an unknown field", APPLY, importing({"key": "a", "name": "A", "colour": "red"}), "INVALID_IMPORT_DATA",
        "colour is unknown", ["parts", 0, "colour"])
refused("import with a key twice", APPLY, importing(TWO[0], TWO[0]), "INVALID_IMPORT_DATA", "expected a text that no other part has",
        ["parts", 1, "key"])
refused("import of a line to nowhere", APPLY,
        importing(*TWO, lines=[{"parentKey": "a", "childKey": "z", "quantity": "1", "origin": ORIGIN}]), "INVALID_IMPORT_DATA",
        "is 'z'", ["lines", 0, "childKey"])
refused("import with a quantity as a number", APPLY,
        importing(*TWO, lines=[{"parentKey": "a", "childKey": "b", "quantity": 1, "origin": ORIGIN}]), "INVALID_IMPORT_DATA",
        "a number as text", ["lines", 0, "quantity"])
refused("import of a loop", APPLY,
        importing(*TWO, lines=[{"parentKey": x, "childKey": y, "quantity": "1", "origin": ORIGIN} for x, y in ("ab", "ba")]),
        "IMPORT_UNDECIDED", "is a loop")
refused("import into an unknown component", APPLY, {**importing(TWO[0], tops=["a"]), "into": "NOPE\0"}, "COMPONENT_MISSING",
        "There is no component", ["cpn"])
refused("plan of an import of a list", "query ($data: JSON!) { imports { plan(data: $data) { counts } } }", {"data": []},
        "INVALID_IMPORT_DATA", "is no object")


# fmt: on


@dataclass(frozen=True)
class RawCase:
    name: str
    body: bytes
    phrase: str
    content_type: str | None = "application/json"
    status: int = 400
    code: str = "BAD_USER_INPUT"
    reason: str | None = "MALFORMED_REQUEST"
    variables: Mapping[str, Any] = field(default_factory=dict)


QUERY = b'{"query": "{ components { totalCount } }"}'
RAW_CASES = [
    RawCase("nothing", b"", "not JSON"),
    RawCase("broken JSON", b'{"query": ', "not JSON"),
    RawCase("text beside JSON", b"query { a }", "not JSON"),
    RawCase("not UTF-8", b'{"query": "{ \xff }"}', "not UTF-8"),
    RawCase("UTF-16", '{"query": "{ a }"}'.encode("utf-16"), "not UTF-8"),
    RawCase("lone surrogate", b'{"query": "{ a }", "variables": {"a": "\\ud800"}}', "not JSON"),
    RawCase("number without end", b'{"query": "{ a }", "variables": {"a": 1e400}}', "not JSON"),
    RawCase("NaN", b'{"query": "{ a }", "variables": {"a": NaN}}', "not JSON"),
    RawCase("brackets without end", b"[" * 100_000, "not JSON"),
    RawCase("batch", b"[" + QUERY + b"]", "not taken in batches"),
    RawCase("text", b'"{ components }"', "not a JSON object"),
    RawCase("null", b"null", "not a JSON object"),
    RawCase("no query", b"{}", "query is missing"),
    RawCase("blank query", b'{"query": " "}', "query is empty"),
    RawCase("query that is no text", b'{"query": 7}', "query is not text"),
    RawCase("variables as a list", b'{"query": "{ a }", "variables": []}', "variables is not an object"),
    RawCase("variables as text", b'{"query": "{ a }", "variables": "{}"}', "variables is not an object"),
    RawCase("operation name as a number", b'{"query": "{ a }", "operationName": 7}', "operationName is not text"),
    RawCase("unknown operation", b'{"query": "query A { components { totalCount } }", "operationName": "B"}', "no operation named 'B'",
            reason="UNKNOWN_OPERATION"),
    RawCase("syntax error", b'{"query": "{ components { "}', "Syntax Error", code="GRAPHQL_PARSE_FAILED", reason=None),
    RawCase("lone surrogate in the document", b'{"query": "{ component { search(text: \\"\\\\ud800\\") { totalCount } } }"}',
            "Syntax Error", code="GRAPHQL_PARSE_FAILED", reason=None),
    RawCase("no content type", QUERY, "missing", None, 415, reason="UNSUPPORTED_CONTENT_TYPE"),
    RawCase("text/plain", QUERY, "text/plain", "text/plain", 415, reason="UNSUPPORTED_CONTENT_TYPE"),
    RawCase("form", b"query=%7B%20a%20%7D", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded", 415,
            reason="UNSUPPORTED_CONTENT_TYPE"),
    RawCase("multipart", b"--x--", "multipart/form-data", "multipart/form-data; boundary=x", 415, reason="UNSUPPORTED_CONTENT_TYPE"),
    RawCase("Latin-1", QUERY, "latin-1", "application/json; charset=latin-1", 415, reason="UNSUPPORTED_CONTENT_TYPE"),
    RawCase("17 MiB", b'{"query": "' + b"x" * (17 * 2**20) + b'"}', "at most 16777216 are read", status=413, reason="REQUEST_TOO_LARGE"),
    RawCase("bare document that is empty", b"", "query is empty", "application/graphql"),
    RawCase("bare document that is not UTF-8", b"{ \xff }", "not UTF-8", "application/graphql"),
]  # fmt: skip


def refuse_inside(text: str) -> None:
    found = INSIDE.search(text)
    assert found is None, f"the answer shows {found[0]!r}: {text[:500]}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused(hub_of, ground, nothing_written, case) -> None:
    caller = ground.asking(case.who)
    with nothing_written(caller):
        answer = hub_of(caller).answer(case.text, ground.filled(case.variables))
    assert answer.status == case.status, answer.text[:500]
    assert "errors" in answer.body, answer.text[:500]
    assert answer.codes == {case.code}, answer.errors
    assert case.reason is None or case.reason in {each["extensions"]["reason"] for each in answer.errors}, answer.errors
    assert any(case.phrase in each["message"] for each in answer.errors), answer.errors
    if case.at is not None:
        assert case.at in [each["extensions"].get("inputPath") for each in answer.errors], answer.errors
    assert ("data" in answer.body) == (case.status == 200), "only what was run has data"
    refuse_inside(answer.text)


@pytest.mark.parametrize("case", RAW_CASES, ids=lambda case: case.name)
def test_not_even_a_request(hub_of, ground, nothing_written, case) -> None:
    caller = ground.team.administrator
    with nothing_written(caller):
        answer = hub_of(caller).send(case.body, case.content_type)
    assert (answer.status, answer.codes) == (case.status, {case.code}), answer.text[:500]
    assert answer.errors[0]["extensions"].get("reason") == case.reason
    assert case.phrase in answer.errors[0]["message"], answer.errors
    assert "data" not in answer.body
    refuse_inside(answer.text)


def test_there_are_enough_cases_and_none_twice() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert len(CASES) + len(RAW_CASES) >= 80


def test_all_faults_of_a_call_are_told_at_once(hub_of, ground) -> None:
    inputs = [
        {"name": ""},
        {"name": "ok"},
        {"name": "x", "categoryId": "Widget"},
        {"name": "y", "unitOfMeasure": "furlong"},
    ]
    answer = hub_of(ground.team.engineer).answer(CREATE, {"inputs": inputs})
    assert [each["extensions"]["inputPath"] for each in answer.errors] == [
        ["inputs", 0, "name"], ["inputs", 2, "category"], ["inputs", 3, "unitOfMeasure"],
    ]  # fmt: skip


def test_ten_thousand_faults_are_told_briefly(hub_of, ground) -> None:
    answer = hub_of(ground.team.engineer).answer(CREATE, {"inputs": [{"name": ""}] * 10_000})
    assert len(answer.errors) <= 20
    assert len(answer.text) < 20_000
