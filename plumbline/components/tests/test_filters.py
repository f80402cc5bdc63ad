"""Filters and orders of the component list, on both databases, against the same questions answered in Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import pytest

from plumbline.application import Application
from plumbline.boms.actions import release_components
from plumbline.catalog.actions import create_attributes
from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.model import AttributeType, NewAttribute, api_type
from plumbline.catalog.reads import Catalog, catalog
from plumbline.components.actions.create import create_components
from plumbline.components.actions.mark import mark_component
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.errors import InvalidFilter
from plumbline.components.fields import labels_of
from plumbline.components.filter import (
    EVERYTHING,
    All,
    AnyOf,
    Field,
    Filter,
    Not,
    Operator,
    Order,
    OrderField,
    Value,
    Where,
)
from plumbline.components.filter_terms import moment_filter, people_filter
from plumbline.components.model import Component, ComponentChange, MarkKind, NewComponent, NewSource, ReleaseRequest
from plumbline.components.reads import aliases_of, attribute_values_of, list_components, marks_of, sources_of
from plumbline.components.search_syntax import search_filter
from plumbline.components.view import RELEASED, WORKING, View, ViewMode
from plumbline.kit.measures import measure
from plumbline.kit.paging import InvalidPage, PageRequest, encode_cursor
from plumbline.numbering.revision_scheme import sort_key
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing.callers import Team, new_team
from plumbline.testing.plugin import shared_application

REVISIONS = (None, "A", "B", "AA", "A.2", "A.10", "1", "Z", None, "b")
LABELS: tuple[tuple[str, ...], ...] = (
    (), ("RoHS",), ("rohs", "lead free"), (",", 'in "quotes"'), ("a,b", "back\\slash"), ("100%", "under_score"), ("grün",), ("[",),
)  # fmt: skip
RESISTANCES = ("4k7", "4.7 kΩ", "10", "4700", "0.1", "1 MΩ")
MATERIALS = ["Steel", "steel 304", "10 mm", "1 cm", "Brass", "brass"]
NAMES = (
    "Bracket", "bracket, long", "Flat head screw M3", "100% cotton", "under_score", "back\\slash", "Müller plate", "MÜLLER PLATE", "O'Ring",
    "ΔP sensor", "x", "Resistor 4k7", "resistor",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Everything that a filter can ask about one component."""

    component: Component
    attributes: Mapping[str, TypedValue]
    sources: tuple[NewSource, ...]
    aliases: tuple[str, ...]
    marks: frozenset[MarkKind]


@dataclass(frozen=True)
class Library:
    team: Team
    catalog: Catalog
    views: Mapping[str, View]

    def shown(self, tree: Filter, view: View = WORKING) -> set[str]:
        page = self.team.viewer.ask(list_components, PageRequest(1000), narrowed_to=tree, view=view, counted=True)
        assert page.total == len(page.items)
        return {each.cpn for each in page.items}

    def names(self, tree: Filter) -> list[str]:
        order = [Order(OrderField.CPN)]
        page = self.team.viewer.ask(list_components, PageRequest(1000), narrowed_to=tree, order=order)
        return [each.name for each in page.items]

    def facts(self, view: View) -> list[Facts]:
        items = self.team.viewer.ask(list_components, PageRequest(1000), view=view).items
        values = self.team.viewer.ask(attribute_values_of, items, view=view)
        sources = self.team.viewer.ask(sources_of, items, view=view)
        aliases = self.team.viewer.ask(aliases_of, items, view=view)
        marks = self.team.viewer.ask(marks_of, items)
        return [
            Facts(
                each,
                {self.catalog.attribute_by_id[value.attribute_id].name: value.value for value in values[each.key]},
                tuple(source.source for source in sources[each.key]),
                tuple(alias.value for alias in aliases[each.key]),
                frozenset(marks[each.key]),
            )
            for each in items
        ]


@cache
def library_on(dialect: str) -> Library:
    """Forty components in every state; built once per database."""
    application: Application = shared_application(dialect)
    team = new_team(application)
    team.administrator.run(
        create_attributes, [NewAttribute("Tags", AttributeType.LIST), NewAttribute("Introduced", AttributeType.DATE)]
    )
    known = team.viewer.ask(catalog)
    made = team.engineer.run(create_components, [_new(index) for index in range(40)])
    for each in made[:6]:
        team.viewer.run(mark_component, each.id, MarkKind.FAVORITE)
    for each in made[3:9]:
        team.viewer.run(mark_component, each.id, MarkKind.PINNED)
    team.engineer.run(mark_component, made[20].id, MarkKind.FAVORITE)
    team.manager.run(release_components, [ReleaseRequest(each.id, revision="ZZ") for each in made[::3]])
    with application.asking(team.viewer.actor) as asked:
        then = change_number_now(asked.scope)
    changes = [
        ComponentChange(
            each.id, name=f"{each.name} again", status="Production", sources=(NewSource("Kemet", f"K{index}"),),
            attributes={"Resistance": None, "Material": "Brass"}, aliases=(), labels=("changed",), eid=None,
        )
        for index, each in enumerate(made[::2])
    ]  # fmt: skip
    team.manager.run(update_components, changes)
    team.manager.run(archive_components, [each.id for each in made[::7]])
    as_of = {"as of": View(ViewMode.WORKING, then), "released as of": View(ViewMode.RELEASED, then)}
    return Library(team, known, {"working": WORKING, "released": RELEASED, **as_of})


def _new(index: int) -> NewComponent:
    attributes: dict[str, object] = {}
    if index % 4:
        attributes["Resistance"] = RESISTANCES[index % len(RESISTANCES)]
    if index % 3:
        attributes["Material"] = ("Steel", "steel 304", "10 mm", "Brass")[index % 4]
    if index % 5 == 0:
        attributes |= {
            "RoHS": bool(index % 2),
            "Tags": ["one", "two"][: index % 2 + 1],
            "Introduced": f"2024-01-{index % 28 + 1:02}",
        }
    sources = (NewSource("Yageo", f"RC{index}"), NewSource("Distributor only", ""), NewSource("", "NoMaker"))
    return NewComponent(
        NAMES[index % len(NAMES)],
        category=("Resistor", "Screw", "Mechanical Assembly", "Drawing", "Capacitor")[index % 5],
        description=("", "Made of steel", "50% off")[index % 3],
        status=("Design", "Prototype", "Obsolete")[index % 3],
        revision=REVISIONS[index % len(REVISIONS)],
        eid=None if index % 3 else f"E{index}",
        procurement=(None, "MAKE", "BUY")[index % 3],
        labels=LABELS[index % len(LABELS)],
        attributes=attributes,
        sources=sources[: index % 4] if index % 5 else (),
        aliases=(("old", f"N{index}"), ("other", f"Müller {index}"))[: index % 3],
    )


@pytest.fixture
def library(dialect: str) -> Library:
    return library_on(dialect)


# The same questions, answered in Python.


def lower(text: str) -> str:
    return "".join(each.lower() if each.isascii() else each for each in text)


def compares(here: str | None, operator: Operator, value: Value) -> bool:
    if operator is Operator.IS_NULL:
        return (here is None) == value
    if here is None:
        return False
    wanted = lower(str(value))
    answers: Mapping[Operator, Callable[[], bool]] = {
        Operator.EQ: lambda: here == value,
        Operator.IN: lambda: here in value,  # type: ignore[operator]  # a tuple
        Operator.CONTAINS: lambda: wanted in lower(here),
        Operator.STARTS_WITH: lambda: lower(here).startswith(wanted),
        Operator.ENDS_WITH: lambda: lower(here).endswith(wanted),
        Operator.GT: lambda: here > str(value),
        Operator.GTE: lambda: here >= str(value),
        Operator.LT: lambda: here < str(value),
        Operator.LTE: lambda: here <= str(value),
    }
    return answers[operator]()


def named(text: str, operator: Operator, value: Value) -> bool:
    """Names of the catalog are equal in any case."""
    if operator is Operator.EQ:
        return lower(text) == lower(str(value))
    if operator is Operator.IN:
        return lower(text) in {lower(each) for each in value}  # type: ignore[union-attr]  # a tuple
    return compares(text, operator, value)


def any_compares(texts: tuple[str, ...] | list[str], operator: Operator, value: Value) -> bool:
    if operator is Operator.IS_NULL:
        return (not texts) == value
    return any(compares(text, operator, value) for text in texts)


def attribute_compares(stored: TypedValue | None, unit: str | None, operator: Operator, value: Value) -> bool:
    if operator is Operator.IS_NULL:
        return (stored is None) == value
    if stored is None:
        return False
    if operator is Operator.IN:
        return any(attribute_compares(stored, unit, Operator.EQ, each) for each in value)  # type: ignore[union-attr]
    found = measure(str(value), unit)
    if found is None or operator in (Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH):
        return compares(stored.text, operator, value)
    if stored.number is None:
        return False
    here, wanted = round(stored.number, 6), round(float(found.number), 6)
    return {
        Operator.EQ: here == wanted, Operator.GT: here > wanted, Operator.GTE: here >= wanted,
        Operator.LT: here < wanted, Operator.LTE: here <= wanted,
    }[operator]  # fmt: skip


def leaf_holds(leaf: Where, facts: Facts, known: Catalog) -> bool:
    shown, operator, value = facts.component, leaf.operator, leaf.value
    category, status = known.category_by_id[shown.category_id], known.status_by_id[shown.status_id]
    values = value if isinstance(value, tuple) else (value,)
    texts = {
        Field.CPN: shown.cpn, Field.CREATED_AT: shown.created_at, Field.CREATED_BY: shown.created_by, Field.EID: shown.eid,
        Field.DESCRIPTION: shown.description, Field.ID: shown.id, Field.CATEGORY_ID: category.id, Field.NAME: shown.name,
        Field.PROCUREMENT: shown.procurement, Field.STATUS_ID: status.id, Field.UPDATED_AT: shown.updated_at,
        Field.UPDATED_BY: shown.updated_by,
    }  # fmt: skip
    if leaf.field in texts:
        return compares(texts[leaf.field], operator, value)
    if leaf.field is Field.REVISION:
        if operator in (Operator.GT, Operator.GTE, Operator.LT, Operator.LTE) and shown.revision is not None:
            return compares(sort_key(shown.revision), operator, sort_key(str(value)))
        return compares(shown.revision, operator, value)
    answers: Mapping[Field, Callable[[], bool]] = {
        Field.ALIAS: lambda: any_compares(facts.aliases, operator, value),
        Field.ARCHIVED: lambda: shown.is_archived == value,
        Field.CATEGORY_CODE: lambda: named(category.code, operator, value),
        Field.CATEGORY_NAME: lambda: named(category.name, operator, value),
        Field.CATEGORY_TYPE: lambda: bool({category.type, api_type(category.type)} & set(values)),
        Field.FAVORITE: lambda: (MarkKind.FAVORITE in facts.marks) == value,
        Field.LABEL: lambda: any_compares(labels_of(shown.labels), operator, value),
        Field.MANUFACTURER: lambda: any_compares(_filled(each.manufacturer for each in facts.sources), operator, value),
        Field.MPN: lambda: any_compares(_filled(each.mpn for each in facts.sources), operator, value),
        Field.PINNED: lambda: (MarkKind.PINNED in facts.marks) == value,
        Field.STATE: lambda: shown.state in values,
        Field.STATUS_NAME: lambda: named(status.name, operator, value),
        Field.STATUS_TYPE: lambda: named(status.maps_to, operator, value),
        Field.TEXT: lambda: any_compares([shown.name, shown.cpn, shown.description], operator, value),
        Field.ATTRIBUTE: lambda: attribute_compares(
            facts.attributes.get(str(leaf.attribute)), known.attribute(str(leaf.attribute)).unit, operator, value
        ),
    }
    return answers[leaf.field]()


def _filled(texts: object) -> list[str]:
    return [text for text in texts if text]  # type: ignore[attr-defined]  # any iterable of texts


def holds(tree: Filter, facts: Facts, known: Catalog) -> bool:
    if isinstance(tree, All):
        return all(holds(part, facts, known) for part in tree.parts)
    if isinstance(tree, AnyOf):
        return any(holds(part, facts, known) for part in tree.parts)
    if isinstance(tree, Not):
        return not holds(tree.part, facts, known)
    return leaf_holds(tree, facts, known)


# Filters at random.

TEXT_OPERATORS = tuple(each for each in Operator if each is not Operator.IS_NULL)
FLAGS = (Field.ARCHIVED, Field.FAVORITE, Field.PINNED)
CHOICES = {Field.STATE: ("RELEASED", "MODIFIED"), Field.CATEGORY_TYPE: ("PART", "ASSEMBLY", "DOCUMENT", "ELECTRICAL")}


def random_leaf(source: random.Random, pool: Mapping[Field, list[str]], field: Field, operator: Operator) -> Where:
    if field in FLAGS:
        return Where(field, Operator.EQ, source.random() < 0.5)
    attribute = source.choice(("Resistance", "Material")) if field is Field.ATTRIBUTE else None
    if field in CHOICES:
        wanted = tuple(source.sample(CHOICES[field], k=source.randint(1, 2)))
        return Where(field, Operator.IN, wanted) if operator is Operator.IN else Where(field, Operator.EQ, wanted[0])
    if operator is Operator.IS_NULL:
        return Where(field, operator, source.random() < 0.5, attribute)
    values = MATERIALS if attribute == "Material" else pool[field]
    if operator is Operator.IN:
        return Where(field, operator, tuple(source.choices(values, k=source.randint(1, 3))), attribute)
    text = source.choice(values)
    if operator in (Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH):
        start = source.randint(0, max(len(text) - 3, 0))
        text = text[start : start + source.randint(1, 4)]
        text = source.choice((text, text.upper(), text.lower()))
    return Where(field, operator, text, attribute)


def random_tree(source: random.Random, pool: Mapping[Field, list[str]], depth: int) -> Filter:
    draw = source.random()
    if depth == 0 or draw < 0.4:
        field = source.choice(list(Field))
        operator = source.choice(list(Operator) if field is not Field.TEXT else TEXT_OPERATORS)
        return random_leaf(source, pool, field, operator)
    if draw < 0.55:
        return Not(random_tree(source, pool, depth - 1))
    parts = tuple(random_tree(source, pool, depth - 1) for _ in range(source.randint(0 if draw > 0.97 else 1, 3)))
    return All(parts) if draw < 0.77 else AnyOf(parts)


def pool_of(library: Library, facts: list[Facts]) -> Mapping[Field, list[str]]:
    known, shown = library.catalog, [each.component for each in facts]
    statuses = [known.status_by_id[each.status_id] for each in shown]
    categories = [known.category_by_id[each.category_id] for each in shown]
    pool = {
        Field.ALIAS: [alias for each in facts for alias in each.aliases],
        Field.ATTRIBUTE: [*RESISTANCES, "9 kΩ", "1e3"],
        Field.CATEGORY_CODE: [each.code for each in categories],
        Field.CATEGORY_ID: [each.id for each in categories],
        Field.CATEGORY_NAME: [each.name for each in categories],
        Field.CPN: [each.cpn for each in shown],
        Field.CREATED_AT: [each.created_at for each in shown],
        Field.CREATED_BY: [each.created_by for each in shown],
        Field.DESCRIPTION: [each.description or "x" for each in shown],
        Field.EID: [each.eid for each in shown if each.eid],
        Field.ID: [each.id for each in shown],
        Field.LABEL: [label for labels in LABELS for label in labels],
        Field.MANUFACTURER: ["Yageo", "Kemet", "Distributor only"],
        Field.MPN: [source.mpn for each in facts for source in each.sources if source.mpn],
        Field.NAME: [each.name for each in shown],
        Field.PROCUREMENT: ["MAKE", "BUY"],
        Field.REVISION: [each for each in REVISIONS if each],
        Field.STATUS_ID: [each.id for each in statuses],
        Field.STATUS_NAME: [each.name for each in statuses],
        Field.STATUS_TYPE: [each.maps_to for each in statuses],
        Field.TEXT: [*NAMES, "steel"],
        Field.UPDATED_AT: [each.updated_at for each in shown],
        Field.UPDATED_BY: [each.updated_by for each in shown],
    }
    return {field: values or ["x"] for field, values in pool.items()}


def agrees(library: Library, facts: list[Facts], tree: Filter, view: View) -> bool:
    expected = {each.component.cpn for each in facts if holds(tree, each, library.catalog)}
    found = library.shown(tree, view)
    assert found == expected, f"{tree}: too many {found - expected}, missing {expected - found}"
    return bool(expected) and len(expected) < len(facts)


@pytest.mark.parametrize("view", ["working", "released", "as of", "released as of"])
def test_random_filters_agree_with_the_same_questions_in_python(library: Library, view: str) -> None:
    facts = library.facts(library.views[view])
    source, pool = random.Random(20261122), pool_of(library, facts)
    telling = sum(agrees(library, facts, random_tree(source, pool, 3), library.views[view]) for _ in range(100))
    assert telling > 35, "most filters find all or nothing, and tell little"


def test_every_field_with_every_operator_agrees_also_when_negated(library: Library) -> None:
    facts = library.facts(WORKING)
    source, pool = random.Random(7), pool_of(library, facts)
    for field, operator in product(Field, Operator):
        if field is Field.TEXT and operator is Operator.IS_NULL:
            continue
        leaf = random_leaf(source, pool, field, operator)
        agrees(library, facts, leaf, WORKING)
        agrees(library, facts, Not(leaf), WORKING)


def test_what_has_no_value_fits_no_comparison_and_every_negated_one(library: Library) -> None:
    everything = library.shown(EVERYTHING)
    for field in (Field.REVISION, Field.EID):
        without = library.shown(Where(field, Operator.IS_NULL, True))
        assert without
        for operator in (Operator.EQ, Operator.GT, Operator.CONTAINS):
            comparison = Where(field, operator, "A")
            assert not library.shown(comparison) & without
            assert without <= library.shown(Not(comparison))
            assert library.shown(comparison) | library.shown(Not(comparison)) == everything


def test_revisions_compare_in_their_own_order(library: Library) -> None:
    def revisions(tree: Filter) -> set[str | None]:
        page = library.team.viewer.ask(list_components, PageRequest(100), narrowed_to=tree, view=library.views["as of"])
        return {each.revision for each in page.items}

    assert revisions(Where(Field.REVISION, Operator.GT, "A.2")) == {"A.10", "B", "b", "Z", "AA", "ZZ"}
    assert revisions(Where(Field.REVISION, Operator.LTE, "A.2")) == {"1", "A", "A.2"}
    assert revisions(search_filter("rev:>=B rev:<=b", lambda _: ())) == {"B", "b"}
    assert revisions(search_filter("rev:b", lambda _: ())) == {"B", "b"}
    assert revisions(search_filter("rev:>B", lambda _: ())) == {"Z", "AA", "ZZ"}


def test_attributes_compare_by_what_they_mean(library: Library) -> None:
    facts = library.facts(WORKING)
    same = {
        each.component.cpn
        for each in facts
        if "Resistance" in each.attributes and each.attributes["Resistance"].number == 4700
    }
    assert len(same) > 2
    for spelling in ("4k7", "4.7 kΩ", "4700", "0.0047 MΩ"):
        assert library.shown(Where(Field.ATTRIBUTE, Operator.EQ, spelling, "resistance")) == same
        assert library.shown(Where(Field.ATTRIBUTE, Operator.IN, (spelling, "77"), "Resistance")) == same
        at_least = library.shown(Where(Field.ATTRIBUTE, Operator.GTE, spelling, "Resistance"))
        assert same <= at_least
        assert library.shown(Where(Field.ATTRIBUTE, Operator.GT, spelling, "Resistance")) == at_least - same
    assert library.shown(search_filter("attr:Resistance:>4k7 attr:Resistance:<2MΩ", lambda _: ()))


def test_attributes_of_other_types_compare_too(library: Library) -> None:
    def count(operator: Operator, value: Value, attribute: str) -> int:
        return len(library.shown(Where(Field.ATTRIBUTE, operator, value, attribute)))

    assert count(Operator.EQ, "yes", "RoHS") == count(Operator.EQ, True, "RoHS") == 4
    assert count(Operator.EQ, "one", "Tags") == 8
    assert count(Operator.EQ, "two", "Tags") == 4
    assert count(Operator.EQ, "on", "Tags") == 0
    assert count(Operator.GTE, "2024-01-06", "Introduced") + count(Operator.LT, "2024-01-06", "Introduced") == 8
    for value in (1e300, "10 mm", "many", True):
        with pytest.raises(InvalidFilter, match="cannot be compared with Resistance"):
            count(Operator.GT, value, "Resistance")
    assert count(Operator.IS_NULL, False, "Mass") == 0


def test_a_label_is_compared_as_a_whole_whatever_is_in_it(library: Library) -> None:
    facts = library.facts(library.views["as of"])
    for label in {label for labels in LABELS for label in labels} | {"rohS", "green", "]", '"', "a", "free"}:
        for operator in (Operator.EQ, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH):
            agrees(library, facts, Where(Field.LABEL, operator, label), library.views["as of"])


def test_names_of_the_catalog_are_equal_in_any_case(library: Library) -> None:
    assert library.shown(Where(Field.STATUS_NAME, Operator.EQ, "prototype"))
    assert library.shown(Where(Field.CATEGORY_NAME, Operator.IN, ("SCREW", "nothing")))
    assert library.shown(search_filter("status:DESIGN category:resistor", lambda _: ()))


def test_marks_are_the_callers_own(library: Library) -> None:
    favorites = Where(Field.FAVORITE, Operator.EQ, True)
    assert len(library.shown(favorites)) == 6
    assert len(library.shown(All((favorites, Where(Field.PINNED, Operator.EQ, True))))) == 3
    assert len(library.team.engineer.ask(list_components, PageRequest(9), narrowed_to=favorites).items) == 1
    assert library.team.manager.ask(list_components, PageRequest(9), narrowed_to=favorites).items == []


def test_a_date_is_its_whole_day(library: Library) -> None:
    today = library.facts(WORKING)[0].component.created_at[:10]
    everything = library.shown(EVERYTHING)
    days = {each.component.created_at[:10] for each in library.facts(WORKING)}
    assert days == {today}, "the library was built across midnight"
    for operator in (Operator.EQ, Operator.GTE, Operator.LTE):
        assert library.shown(moment_filter(Field.CREATED_AT, operator, today)) == everything
    for operator in (Operator.GT, Operator.LT):
        assert library.shown(moment_filter(Field.CREATED_AT, operator, today)) == set()
    assert library.shown(moment_filter(Field.CREATED_AT, Operator.GT, "0001-01-01")) == everything


def test_people_are_found_by_name(library: Library) -> None:
    team = library.team
    people = {"Edith": (team.engineer.actor.user_id,), "Mary": (team.manager.actor.user_id,)}
    assert library.shown(people_filter(Field.CREATED_BY, ["Edith"], lambda name: people.get(name, ())))
    assert library.shown(search_filter("modifiedBy:Mary", lambda name: people.get(name, ())))
    assert library.shown(search_filter("createdBy:Nobody", lambda name: people.get(name, ()))) == set()
    assert len(library.shown(search_filter("createdBy!:Nobody", lambda name: people.get(name, ())))) == 40


def test_wildcards_of_the_database_mean_themselves(library: Library) -> None:
    assert set(library.names(Where(Field.NAME, Operator.CONTAINS, "%"))) == {"100% cotton", "100% cotton again"}
    assert set(library.names(Where(Field.NAME, Operator.CONTAINS, "_"))) == {"under_score", "under_score again"}
    assert set(library.names(Where(Field.NAME, Operator.ENDS_WITH, "\\SLASH"))) == {"back\\slash"}
    assert set(library.names(Where(Field.NAME, Operator.STARTS_WITH, "mü"))) == {"Müller plate", "Müller plate again"}


def test_a_search_finds_what_it_says(library: Library) -> None:
    def found(text: str) -> set[str]:
        return set(library.names(search_filter(text, lambda _: ())))

    assert found('"flat head" m3') == {"Flat head screw M3", "Flat head screw M3 again"}
    assert found("flat resistor") == set()
    assert found("name:brack*") == {"Bracket", "bracket, long", "Bracket again", "bracket, long again"}
    assert found("mpn:K1* mfr:kemet") <= {name for name in library.names(EVERYTHING) if name.endswith("again")}
    assert found("mpn:*") | found("mpn!:*") == set(library.names(EVERYTHING))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", list(OrderField))
def test_pages_of_any_size_visit_each_component_once(library: Library, field: OrderField, descending: bool) -> None:
    order = [Order(field, descending)]
    for at, step in ((WORKING, 3), (library.views["released as of"], 2)):
        some = Where(Field.CPN, Operator.IN, tuple(sorted(library.shown(EVERYTHING, at))[::step]))
        whole = library.team.viewer.ask(list_components, PageRequest(50), narrowed_to=some, order=order, view=at)
        assert len({each.cpn for each in whole.items}) == len(some.value)  # type: ignore[arg-type]  # a tuple
        for size in range(1, 8):
            assert _walked(library, size, some, order, at) == [each.cpn for each in whole.items], size


def _walked(library: Library, size: int, tree: Filter, order: Sequence[Order], view: View) -> list[str]:
    seen: list[str] = []
    after: str | None = None
    while True:
        page = library.team.viewer.ask(
            list_components, PageRequest(size, after), narrowed_to=tree, order=order, view=view
        )
        seen += [each.cpn for each in page.items]
        if not page.has_next:
            return seen
        after = page.cursors[-1]


def test_pages_of_several_orders_visit_each_component_once(library: Library) -> None:
    order = [Order(OrderField.CATEGORY), Order(OrderField.STATUS, descending=True), Order(OrderField.NAME)]
    seen: list[Component] = []
    page = library.team.viewer.ask(list_components, PageRequest(3), order=order)
    while True:
        seen += page.items
        if not page.has_next:
            break
        page = library.team.viewer.ask(list_components, PageRequest(3, page.cursors[-1]), order=order)

    def rank(each: Component) -> tuple[str, int, str]:
        known = library.catalog
        place = known.status_by_id[each.status_id].position
        return known.category_by_id[each.category_id].name, -place, each.name

    assert [rank(each) for each in seen] == sorted(rank(each) for each in seen)
    assert len({each.id for each in seen}) == 40


def test_orders_are_what_their_names_say(library: Library) -> None:
    def ordered(field: OrderField) -> list[Component]:
        return list(library.team.viewer.ask(list_components, PageRequest(1000), order=[Order(field)]).items)

    known = library.catalog
    keys: Mapping[OrderField, Callable[[Component], object]] = {
        OrderField.CPN: lambda each: each.cpn,
        OrderField.NAME: lambda each: each.name,
        OrderField.CREATED_AT: lambda each: each.created_at,
        OrderField.UPDATED_AT: lambda each: each.updated_at,
        OrderField.STATUS: lambda each: known.status_by_id[each.status_id].position,
        OrderField.CATEGORY: lambda each: known.category_by_id[each.category_id].name,
        OrderField.REVISION: lambda each: sort_key(each.revision) if each.revision else "",
        OrderField.VERSION: lambda each: each.version,
    }
    for field, key in keys.items():
        shown = [key(each) for each in ordered(field)]
        assert shown == sorted(shown), field  # type: ignore[type-var]  # texts or numbers


@pytest.mark.parametrize("values", [["x", "y"], [1, 2], ["x", 2**60], ["a\x00b", 1], [None, 1], [True, 1], ["x", True]])
def test_a_made_up_cursor_is_refused(library: Library, values: list[str | int | None]) -> None:
    with pytest.raises(InvalidPage):
        library.team.viewer.ask(list_components, PageRequest(5, encode_cursor(values)), order=[Order(OrderField.NAME)])


def test_too_large_a_filter_is_refused(library: Library) -> None:
    leaf = Where(Field.NAME, Operator.EQ, "x")
    deep: Filter = leaf
    for _ in range(12):
        deep = Not(deep)
    for tree in (deep, AnyOf((leaf,) * 201), Where(Field.NAME, Operator.IN, ("x",) * 1001)):
        with pytest.raises(InvalidFilter):
            library.shown(tree)
    assert library.shown(AnyOf((leaf,) * 199)) == library.shown(leaf)
    assert library.shown(All(tuple(Where(Field.TEXT, Operator.CONTAINS, "e") for _ in range(200))))


def test_another_library_shows_nothing_of_this_one(library: Library, strangers: Team) -> None:
    assert strangers.viewer.ask(list_components, PageRequest(5)).items == []
    for field in OrderField:
        assert strangers.viewer.ask(list_components, PageRequest(5), order=[Order(field)]).items == []
