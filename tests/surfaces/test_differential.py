"""Random documents over the whole platform schema and a library with content: plans on and off answer the same, and no field is forgotten.

Documents are made from the schema itself, with aliases, fragments, `@skip` and `@include`; arguments come from a pool of sensible values.
Fields that were seen least are chosen first, so that a new field of the schema is covered without anybody thinking of it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_object_type,
    parse,
)

from plumbline.api.graphql_kit.differential import Comparison, differential
from plumbline.api.hub.schema import hub_schema
from plumbline.boms.graphs import GRAPHS
from plumbline.testing.archives import archived, brought_in
from plumbline.testing.plugin import shared_application

DOCUMENTS = 300
"""On each database."""
DEPTH_MAX = 7
NEVER_ANSWERED = frozenset({"AffectedDocument.id", "AffectedDocument.title", "AffectedDocument.cpn"})
"""Fields that no query of this test can show: no change order has documents, for which older programs ask."""


def pool_of(example: Any) -> dict[str, list[str]]:
    """Arguments by `Type.field`, as texts between the parentheses."""
    hub, cpns, top = example.hub, example.library.cpns, example.library.top
    changed = [cpns[key] for key in ("camera-unit", "imaging-head", "light-pcba", "controller-pcba", "z-axis")]
    parts = [cpns[key] for key in ("r-10k", "c-10u", "u-mcu", "m3x12")]
    wanted = "query ($cpns: [String!]) { component { findAll(filter: { cpns: $cpns }) { nodes { id cpn version releasedAt } } } }"
    found = hub.data(wanted, {"cpns": [top, *changed]})["component"]["findAll"]["nodes"]
    by_cpn = {each["cpn"]: each for each in found}
    known = hub.data(
        "{ category { findAll { id } } user { findAll { id } } validations { list { nodes { id } } }"
        " changeOrders(first: 50) { nodes { id number name } } }"
    )
    orders = known["changeOrders"]["nodes"]
    full = [each for each in orders if each["name"] in ("With comments", "Better brackets", "Waits for the board")]
    user, category, top_id = known["user"]["findAll"][0]["id"], known["category"]["findAll"][3]["id"], by_cpn[top]["id"]
    tops = [*(f'cpn: "{each}"' for each in (top, *changed)), f'id: "{top_id}"']
    any_part = [f'cpn: "{each}"' for each in parts]
    later, earlier = 'asOf: "2999-01-01T00:00:00Z"', f'asOf: "{by_cpn[top]["releasedAt"]}"'
    views = ["", "view: RELEASED", later, f"view: RELEASED, {later}", earlier]
    sizes = ["", "first: 1", "first: 3", "first: $few"]
    pages = [
        "pagination: { first: 2 }",
        "pagination: { first: $few }",
        "pagination: { first: 3 }, orderBy: { field: CPN }",
    ]
    below = crossed(tops, [*views, 'asReleased: "A"'])
    paged = crossed(below, sizes)
    pairs = [f'filter: {{ cpns: ["{one}", "{two}"] }}' for one, two in zip(parts, changed, strict=False)]
    imported = (
        '{ version: 1, format: "table", parts: [{ key: "a", name: "Lamp", origin: { file: "a.csv" } }], lines: [] }'
    )
    wrong = '[{ path: "categories.yaml", text: "categories:\\n  - { code: 1, typ: X, name: N }" }]'
    other = '[{ path: "categories.yaml", text: "categories: [{ code: \\"1\\", type: MECHANICAL, name: N }]" }]'
    return {
        "Query.roles": sizes,
        "Query.products": ["", "first: 1"],
        "Query.components": crossed(
            sizes[1:],
            [
                "orderBy: { field: CREATED_AT, direction: DESC }",
                "filter: { status: ACTIVE, mpn: { isNull: false } }",
                *(f'filter: {{ partNumber: "{each}" }}' for each in (*parts, top)),
            ],
        ),
        "Query.componentSearch": crossed(
            sizes[1:], ["", 'filter: { or: [{ mpn: { isNull: false } }, { category: { type: { eq: "ASSEMBLY" } } }] }']
        ),
        "Components.get": [*pages[:2], *pairs, f'filter: {{ ids: ["{top_id}"] }}'],
        "Query.changeOrders": crossed(
            sizes[1:],
            [
                "orderBy: { field: NUMBER, direction: ASC }",
                "filter: { statuses: [OPEN, ON_HOLD], types: [ECO] }",
                'filter: { resolutions: [APPROVED], text: "better" }',
            ],
        ),
        "ChangeOrders.get": [*pages[:2], f'filter: {{ ids: ["{orders[0]["id"]}", "{orders[-1]["id"]}"] }}'],
        "ChangeOrders.findOne": [f'id: "{each["number"]}"' for each in full],
        "ChangeOrders.findAll": [
            *pages[:2],
            "filter: { statuses: [CLOSED] }, orderBy: { field: CREATED_AT, direction: DESC }",
        ],
        "ChangeOrders.diff": [f'id: "{each["number"]}"' for each in full],
        "ChangeOrders.report": [f'id: "{each["number"]}", impact: $yes, format: MARKDOWN' for each in full],
        "ChangeOrders.rulePayload": [f'id: "{each["id"]}"' for each in full],
        "ChangeOrderDiff.items": ["first: 1", "first: $few"],
        "ChangeOrderItemDiff.impact": ["", 'currency: "eur"'],
        "ChangeOrders.suggestedItems": [f'id: "{each["id"]}"' for each in full],
        # One only: a change order and a run are items of lists, too.
        "ChangeOrder.validationRuns": ["pagination: { first: 2 }"],
        "ValidationRun.results": ["pagination: { first: 18 }"],
        "UserQueries.findOne": [f'id: "{user}"'],
        "CategoryQueries.findOne": ['id: "Resistor"', f'id: "{category}"'],
        "AttributeQueries.findAll": [""],
        "AttributeQueries.list": sizes,
        "NumberingQueries.nextNumber": ['categoryId: "Resistor"'],
        "ComponentQueries.findOne": [*crossed([*tops, *any_part], views), *(f"{each}, version: 1" for each in tops)],
        "ComponentQueries.findAll": [
            *crossed(pages, views),
            *(f'pagination: {{ first: 2 }}, filter: {{ cpns: ["{each}"] }}' for each in (top, *changed, *parts)),
        ],
        "ComponentQueries.filter": crossed(pages, ["", "input: { category: { type: { eq: ASSEMBLY } } }"]),
        "ComponentQueries.search": crossed(['text: "category:Resistor"', 'text: "type:ASSEMBLY"'], pages),
        "ComponentQueries.versions": crossed([f'id: "{top_id}"'], sizes),
        "ComponentQueries.releases": [f'id: "{top_id}"'],
        "ComponentQueries.diff": [
            *tops,
            *any_part,
            *(f"{each}, toVersion: 1" for each in [*tops, *any_part]),
            *(f"{each}, fromVersion: 1" for each in [*tops, *any_part]),
            f'id: "{top_id}", fromVersion: 0, toRevision: "A"',
        ],
        "ComponentQueries.impact": [*tops, *any_part, *(f'{each}, currency: "eur"' for each in [*tops, *any_part])],
        "ComponentDiff.differences": sizes,
        "ComponentDiff.report": ["", "format: MARKDOWN", 'impact: true, currency: "eur"', "impact: $yes"],
        "ComponentImpact.report": ["", "format: MARKDOWN"],
        "BomQueries.tree": paged,
        "BomQueries.indented": [*paged, *(f"{each}, depth: 1" for each in below)],
        "BomQueries.flat": [*paged, *(f"{each}, includeAssemblies: true, includeDoNotPlace: $yes" for each in below)],
        "BomQueries.cost": [*paged, *(f'{each}, buildQuantity: "12.5", currency: "usd"' for each in below)],
        "BomQueries.attribute": crossed(below, ["", "combine: MAX", 'name: "Resistance", combine: MIN']),
        "BomQueries.leadTime": below,
        "BomQueries.whereUsed": crossed([*any_part, *tops], views),
        "BomQueries.compareVersions": [f'cpn: "{each}", from: 1, to: {by_cpn[each]["version"]}' for each in changed],
        "BomQueries.compare": [
            f'cpn: "{changed[0]}", otherCpn: "{changed[1]}"',
            *(f'cpn: "{each}", view: RELEASED, otherView: WORKING' for each in changed),
        ],
        "AttributeRollUp.missing": sizes,
        "WhereUsed.ancestors": sizes,
        "ImportQueries.get": [f'id: "{each}"' for each in example.imports],
        "ImportQueries.findAll": sizes,
        "Import.steps": ["kind: PARTS, changesOnly: true, first: 2"],  # one only: an import is an item of a list, too
        "ImportQueries.plan": [f"data: {imported}"],
        "ImportQueries.columnMappings": ["", 'headers: ["none"]'],
        "ExportQueries.bom": [
            *paged,
            *crossed(paged, ['template: "kicad"', 'buildQuantity: "2.5", currency: "eur"']),
        ],
        "ExportQueries.package": paged,
        "ValidationQueries.list": ["", "pagination: { first: $few }", 'filter: { type: "custom" }'],
        "ValidationQueries.get": [f'id: "{known["validations"]["list"]["nodes"][0]["id"]}"'],
        "ConfigurationQueries.documents": ["", 'kind: "change_order_scheme"'],
        "ConfigurationQueries.validate": [f"files: {wrong}"],
        "ConfigurationQueries.plan": [f"files: {other}, complete: false"],
        "ConfigurationQueries.rollbackPlan": ["version: 1"],
        "ConfigurationQueries.version": ["number: 1"],
        "ConfigurationQueries.history": sizes,
        "ConfigurationQueries.violations": [*sizes, "severity: WARNING, first: 2", 'categoryId: "Resistor"'],
    }


def logs_of_rules(pool: dict[str, list[str]]) -> str:
    """They stand deeper than random documents go."""
    order = pool["ChangeOrders.findOne"][0]
    logs = "info { message } warn { message } error { message } all { message type }"
    results = f"results(pagination: {{ first: 20 }}) {{ nodes {{ logs {{ {logs} }} }} }}"
    return f"{{ changeOrders {{ findOne({order}) {{ latestValidationRun {{ {results} }} }} }} }}"


def crossed(some: list[str], others: list[str]) -> list[str]:
    """Every one of the first with every one of the second."""
    return [f"{one}, {other}" for one in some for other in others]


DECLARED = {"few": "$few: Int = 2", "yes": "$yes: Boolean! = true", "no": "$no: Boolean!"}


class Documents:
    """Random valid documents. `seen` counts the fields that answers have shown so far."""

    def __init__(self, chance: random.Random, schema: GraphQLSchema, pool: dict[str, list[str]]) -> None:
        self.chance, self.schema, self.pool = chance, schema, pool
        self.seen: Counter[str] = Counter()
        self.fragments: dict[str, str] = {}
        self.rarest: dict[tuple[str, int], float] = {}
        self.number = 0

    def document(self) -> tuple[str, dict[str, Any]]:
        self.fragments, self.rarest, self.number = {}, {}, 0
        root = self.schema.query_type
        assert root is not None
        body = self.selection(root, DEPTH_MAX, width=self.chance.choice([1, 1, 2]))
        text = body + " ".join(f" fragment {name} on {condition}" for name, condition in self.fragments.items())
        used = [name for name in DECLARED if f"${name}" in text]
        head = f"query ({', '.join(DECLARED[name] for name in used)}) " if used else ""
        values = {
            "few": self.chance.choice([1, 2, 3]),
            "yes": self.chance.random() < 0.7,
            "no": self.chance.random() < 0.3,
        }
        return head + text, {name: values[name] for name in used if name == "no" or self.chance.random() < 0.7}

    def selection(self, owner: GraphQLObjectType, depth: int, *, width: int | None = None) -> str:
        wanted = self.chosen(owner, depth, width or self.chance.randint(1, 4))
        parts = [self.field(owner, name, depth) for name in wanted]
        if self.chance.random() < 0.1:
            parts.append("__typename")
        if len(parts) > 1 and self.chance.random() < 0.15:
            parts[-1] = f"... on {owner.name} @include(if: $yes) {{ {parts[-1]} }}"
        if self.chance.random() < 0.1 and len(self.fragments) < 3:
            parts.append(self.spread(owner))
        return "{ " + " ".join(parts) + " }"

    def chosen(self, owner: GraphQLObjectType, depth: int, width: int) -> list[str]:
        """Rarely seen fields first, mostly; without objects where the depth is used up."""
        fields = {
            name: field for name, field in owner.fields.items() if depth > 1 or is_leaf_type(get_named_type(field.type))
        }
        if not fields:
            return ["__typename"]
        rarest = sorted(fields, key=lambda name: (self.rarity(owner, name, depth), self.chance.random()))
        count = min(width, len(rarest))
        return list(dict.fromkeys([*rarest[: (count + 1) // 2], *self.chance.sample(list(fields), count // 2)]))

    def rarity(self, owner: GraphQLObjectType, name: str, depth: int) -> float:
        """How often the field, or the rarest one below it within reach, was seen before this document."""
        below = get_named_type(owner.fields[name].type)
        return min(
            self.seen[f"{owner.name}.{name}"],
            self.rarest_in(below, depth - 1) if is_object_type(below) else float("inf"),
        )

    def rarest_in(self, owner: GraphQLObjectType, depth: int) -> float:
        if (owner.name, depth) not in self.rarest:
            self.rarest[owner.name, depth] = float("inf")
            if depth > 0:
                self.rarest[owner.name, depth] = min(self.rarity(owner, name, depth) for name in owner.fields)
        return self.rarest[owner.name, depth]

    def field(self, owner: GraphQLObjectType, name: str, depth: int) -> str:
        if name.startswith("__"):
            return name
        field: GraphQLField = owner.fields[name]
        arguments = self.pool.get(f"{owner.name}.{name}")
        assert arguments or not field.args, f"{owner.name}.{name} takes arguments that the pool does not have"
        given = self.chance.choice(arguments).strip(", ") if arguments else ""
        below = get_named_type(field.type)
        text = name + (f"({given})" if given else "")
        if self.chance.random() < 0.2:
            self.number += 1
            text = f"k{self.number}: {text}"
        if depth > 1 and self.chance.random() < 0.04:
            text += self.chance.choice([" @skip(if: $no)", " @include(if: $yes)"])
        return f"{text} {self.selection(below, depth - 1)}" if is_object_type(below) else text

    def spread(self, owner: GraphQLObjectType) -> str:
        """A fragment of leaf fields under their own names, which go with whatever stands beside them."""
        leaves = [
            name for name, field in owner.fields.items() if is_leaf_type(get_named_type(field.type)) and not field.args
        ]
        self.fragments.setdefault(
            f"F{owner.name}",
            f"{owner.name} {{ {' '.join(self.chance.sample(leaves, min(2, len(leaves)))) or '__typename'} }}",
        )
        return f"...F{owner.name}"


def answered_fields(schema: GraphQLSchema, text: str, data: Any) -> Iterator[str]:
    """`Type.field` of everything that the answer holds."""
    document = parse(text)
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))

    def below(owner: GraphQLObjectType, selection: SelectionSetNode, value: Any) -> Iterator[str]:
        if isinstance(value, list):
            for item in value:
                yield from below(owner, selection, item)
        elif isinstance(value, dict):
            for node in selection.selections:
                if isinstance(node, FragmentSpreadNode):
                    yield from below(owner, fragments[node.name.value].selection_set, value)
                elif not isinstance(node, FieldNode):
                    yield from below(owner, node.selection_set, value)  # an inline fragment on the same type
                elif (key := (node.alias or node.name).value) in value and not node.name.value.startswith("__"):
                    yield f"{owner.name}.{node.name.value}"
                    if node.selection_set:
                        yield from below(
                            get_named_type(owner.fields[node.name.value].type), node.selection_set, value[key]
                        )

    assert schema.query_type is not None
    yield from below(schema.query_type, operation.selection_set, data)


def fields_of_queries(schema: GraphQLSchema) -> set[str]:
    """`Type.field` of every type that a query can reach."""
    assert schema.query_type is not None
    found: dict[str, GraphQLObjectType] = {}
    waiting = [schema.query_type]
    while waiting:
        owner = waiting.pop()
        found[owner.name] = owner
        below = (get_named_type(field.type) for field in owner.fields.values())
        waiting += [each for each in below if is_object_type(each) and each.name not in found]
    return {f"{owner.name}.{name}" for owner in found.values() for name in owner.fields}


def compared(hub: Any, documents: list[tuple[str, dict[str, Any]]]) -> Comparison:
    """Each run in a snapshot of its own, one at a time: connections are few."""
    with ExitStack() as open_context:

        def fresh_context() -> object:
            open_context.close()
            return open_context.enter_context(hub.context())

        return differential(hub_schema(), documents, fresh_context)


def test_random_documents_answer_the_same_with_and_without_plans(example) -> None:
    schema, hub = hub_schema(), example.hub
    documents = Documents(random.Random(20), schema.graphql, pool_of(example))
    made = []
    for number in range(DOCUMENTS):
        text, variables = documents.document() if number else (logs_of_rules(documents.pool), {})
        made.append((text, variables))
        data = hub.data(text, variables)
        documents.seen.update(set(answered_fields(schema.graphql, text, data)))
    found = compared(hub, made)
    assert found.differences == ()
    assert (found.documents, found.invalid, found.with_errors, found.plans_failed) == (DOCUMENTS, 0, 0, 0)
    assert found.plans_used > DOCUMENTS
    missing = fields_of_queries(schema.graphql) - documents.seen.keys() - NEVER_ANSWERED
    assert sorted(missing) == []


def test_refusals_are_the_same_with_and_without_plans(example) -> None:
    """Refused in front of, between and below what is answered; and nulls that pass up through objects and lists."""
    top = example.library.top
    documents = [
        '{ component { findOne(cpn: "NOPE") { id } } }',
        f'{{ a: component {{ findOne(cpn: "{top}") {{ id }} }} component {{ findOne(cpn: "NOPE") {{ id }} }} }}',
        '{ organization { current { id } } bom { tree(cpn: "NOPE") { totalCount } } }',
        f'{{ bom {{ flat(cpn: "{top}") {{ nodes {{ cpn }} }} indented(cpn: "{top}", depth: 0) {{ nodes {{ cpn }} }} }} }}',
        f'{{ bom {{ whereUsed(cpn: "{top}") {{ ancestors(first: 0) {{ distance }} tops {{ id }} }} }} }}',
        "{ components(first: 0) { nodes { id } } roles { totalCount } }",
        '{ components(first: 2) { nodes { id } get(filter: { cpns: ["NOPE"] }) { connection { totalCount } } } }',
        "{ component { findAll(pagination: { first: 2 }) { edges { node { a: name } } nodes { a: cpn } } } }",
    ]
    found = compared(example.hub, [(text, {}) for text in documents])
    assert found.differences == ()
    assert (found.invalid, found.with_errors) == (0, len(documents))


def test_a_library_answers_the_same_where_its_archive_was_imported(example, dialect) -> None:
    """On the other database, to random documents in every view and as of every moment."""
    other = "postgresql" if dialect == "sqlite" else "sqlite"
    _, there = brought_in(shared_application(other), archived(example.team.administrator))
    imported = replace(example.hub, caller=there)
    schema = hub_schema()
    documents = Travelled(random.Random(7), schema.graphql, pool_of(example))
    top = example.hub.data(f'{{ component {{ findOne(cpn: "{example.library.top}") {{ id }} }} }}')["component"][
        "findOne"
    ]
    saved = example.hub.data(f'{{ component {{ versions(id: "{top["id"]}") {{ savedAt }} }} }}')["component"][
        "versions"
    ]
    documents.pool["ComponentQueries.findAll"] += [
        f'pagination: {{ first: 9 }}, asOf: "{each["savedAt"]}"' for each in saved
    ]
    for _ in range(DOCUMENTS):
        text, variables = documents.document()
        answers = []
        for hub in (example.hub, imported):
            GRAPHS.clear()  # kept by library: one process seldom has the same library in two databases
            answers.append(hub.data(text, variables))
        documents.seen.update(set(answered_fields(schema.graphql, text, answers[0])))
        assert answers[1] == answers[0], text


class Travelled(Documents):
    """Without what stays behind: row numbers, which cursors hold, API keys, and imports that are still under way."""

    BEHIND = frozenset({"cursor", "startCursor", "endCursor", "apiKeys", "imports"})

    def chosen(self, owner: GraphQLObjectType, depth: int, width: int) -> list[str]:
        wanted = [name for name in super().chosen(owner, depth, width) if name not in self.BEHIND]
        return wanted or ["__typename"]

    def spread(self, owner: GraphQLObjectType) -> str:
        return "__typename" if self.BEHIND & owner.fields.keys() else super().spread(owner)
