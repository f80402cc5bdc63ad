"""How many statements a page costs does not depend on how many rows it has, nor on how many lines and children those have."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pytest

from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.boms.reads import component_differences, impact_of, lines_of
from plumbline.change_orders.actions.comments import add_comment
from plumbline.change_orders.actions.drafting import create_change_order
from plumbline.change_orders.jobs import validate_change_order
from plumbline.change_orders.model import ItemWish, NewChangeOrder, NewComment, ReviewerWish, StageWish
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.differences import VersionSpan
from plumbline.components.model import ComponentChange, NewComponent, ReleaseRequest
from plumbline.components.reads import components_by_ids, components_by_keys
from plumbline.testing import make
from plumbline.testing.callers import Team, new_team
from plumbline.testing.plugin import shared_application

STATEMENTS_MAX = 15
"""Of a page of components with their category, status, sources, attributes, makers and children."""
EVERYTHING_MAX = 25
"""Of a page with every field there is: some kinds of rows are asked for by two fields each."""
SIZES = (1, 10, 100)
CHILDREN = 3
LEAVES = """id cpn name description revisionValue version state eid procurement unitOfMeasure labels isArchived createdAt updatedAt
  releasedVersion releasedRevision releasedAt"""
NODE = f"""{{ {LEAVES}
  category {{ name type }} status {{ name color }} createdBy {{ name }}
  attributes {{ name text value unit number }} sources {{ manufacturer mpn }}
}}"""
WITH_CHILDREN = f"""{{ {LEAVES} category {{ name }} status {{ name }} sources {{ mpn }} createdBy {{ name }} attributes {{ name text }}
  children {{ id quantity refDes child {{ cpn name category {{ name }} status {{ name }} }} }}
}}"""
WHOLE = f"""{{ {LEAVES}
  category {{ name attributes {{ name }} }} status {{ name }} createdBy {{ name role }} updatedBy {{ email role }}
  attributes {{ text }} attributeValues aliases {{ value }} isFavorite isBookmarked isPinned
  sources {{ mpn offers {{ distributor priceBreaks {{ quantity unitPrice }} }} }}
}}"""


@dataclass(frozen=True)
class Sized:
    """`top` contains each of 100 assemblies once, and each of those its own three parts."""

    team: Team
    top: str
    tops: dict[int, str]
    """For each of SIZES, an assembly with so many lines: the first assemblies of `top`."""
    used: dict[int, str]
    """For each of SIZES, a part that is used in so many assemblies."""


@pytest.fixture
def sized(dialect: str) -> Sized:
    return sized_library(dialect)


@cache
def sized_library(dialect: str) -> Sized:
    team = new_team(shared_application(dialect))
    engineer, count = team.engineer, max(SIZES)
    many = [
        NewComponent(
            f"Part {number}",
            category="Resistor",
            attributes={"Mass": "1 g", "Resistance": f"{number + 1}k"},
            sources=(make.source("Acme", f"A-{number}", (1, "0.10"), (100, "0.05"), lead_time_days=number % 40),),
            aliases=(("legacy", f"old-{number}"),),
        )
        for number in range(count * CHILDREN)
    ]
    parts = engineer.run(create_components, many)
    frames = engineer.run(
        create_components, [NewComponent(f"Frame {n}", category="Kit", eid=f"E{n}") for n in range(count)]
    )
    used = dict(zip(SIZES, engineer.run(create_components, [NewComponent(f"Used {n}") for n in SIZES]), strict=True))
    edits = []
    for number, frame in enumerate(frames):
        children = parts[number * CHILDREN : (number + 1) * CHILDREN]
        lines = [NewLine(child.id, Decimal(2), reference_designators="R1, R2") for child in children]
        lines += [NewLine(each.id, Decimal(1)) for size, each in used.items() if number < size]
        edits.append(BomEdit(frame.id, add=tuple(lines)))
    engineer.run(edit_boms, edits)
    team.manager.run(release_components, [ReleaseRequest(each.id, "A") for each in [*parts, *used.values(), *frames]])
    tops = {size: make.assembly(engineer, f"Top of {size}", [(frame, 1) for frame in frames[:size]]) for size in SIZES}
    team.manager.run(release_components, [ReleaseRequest(each.id, "A") for each in tops.values()])
    return Sized(
        team,
        tops[count].id,
        {size: each.id for size, each in tops.items()},
        {size: each.id for size, each in used.items()},
    )


PARTS = 'filter(input: { attributes: [{ name: "Resistance", gt: "0" }] }, pagination: { first: $first })'
LISTED = "id partNumber status category { name code } sources { mpn } specs { name value unit }"


def found(field: str, selection: str, arguments: str = "pagination: { first: $first }") -> str:
    """A page of `component { … }`; `field` may have arguments of its own."""
    call = field if "(" in field else f"{field}({arguments})"
    return f"query ($first: Int) {{ component {{ {call} {{ {selection} }} }} }}"


def below(field: str, selection: str, arguments: str = "") -> str:
    return f"query ($id: ID!) {{ bom {{ {field}(id: $id{arguments}) {{ {selection} }} }} }}"


PAGES = {
    "findAll": found("findAll", f"nodes {NODE} totalCount pageInfo {{ endCursor }}"),
    "findAll with children": found("findAll", f"edges {{ node {WITH_CHILDREN} }}"),
    "whole components": found("findAll", f"nodes {WHOLE} totalCount"),
    "findAll of releases": found("findAll", f"nodes {WITH_CHILDREN}", "view: RELEASED, pagination: { first: $first }"),
    "filter": found(PARTS, f"nodes {NODE}"),
    "components": f"query ($first: Int) {{ components(first: $first) {{ edges {{ cursor node {{ {LISTED} }} }} }} }}",
    "componentSearch": """query ($first: Int) {
        componentSearch(filter: { mpn: { isNull: false } }, first: $first) { nodes { id name status } }
    }""",
    "products": """query ($first: Int) {
        products(first: $first) { edges { node { id name version status components { totalCount } } } }
    }""",
}
ROW = "level cpn name revision"
BOMS = {
    "tree": below(
        "tree", f"nodes {{ hasChildren link {{ quantity child {NODE} substitutes {{ cpn }} }} }}", ", first: 100"
    ),
    "indented": below(
        "indented", f"nodes {{ {ROW} path quantity totalQuantity unit refDes hasChildren }}", ", first: 1000"
    ),
    "released indented": below("indented", f"nodes {{ {ROW} unit }}", ", first: 1000, view: RELEASED"),
    "flat": below("flat", f"nodes {{ {ROW} quantity unit }} totalCount", ", first: 1000"),
    "cost": below("cost", "total perTop lines { nodes { cpn unitPrice } }", ', first: 1000, buildQuantity: "10"'),
    "attribute": below("attribute", "value missing(first: 500) { cpn name }"),
    "leadTime": below("leadTime", "days component { cpn }"),
    "export": "query ($id: ID!) { exports { bom(id: $id, first: 1000) { top { cpn } rows { nodes { level cells } } } } }",
    "package": """query ($id: ID!) {
        exports { package(id: $id, first: 500) { top { cpn } items { nodes { cpn attributes sources lines } } } }
    }""",
    "flat export": """query ($id: ID!) {
        exports { bom(id: $id, first: 1000, template: "assembly-house", view: RELEASED) { rows { nodes { cells } } } }
    }""",
}
WHERE_USED = f"""query ($id: ID!) {{ bom {{ whereUsed(id: $id) {{
  direct {{ link {{ quantity }} parent {NODE} }} ancestors(first: 200) {{ distance component {NODE} }} ancestorCount tops {NODE}
}} }} }}"""


@pytest.mark.parametrize("name", PAGES)
def test_pages(hub_of, sized, counted_statements, name) -> None:
    hub = hub_of(sized.team.viewer)
    hub.data(PAGES[name], {"first": 1})
    counts = {}
    for size in SIZES:
        with counted_statements() as statements:
            hub.data(PAGES[name], {"first": size})
        counts[size] = statements.count
    assert len(set(counts.values())) == 1, counts
    assert 0 < counts[1] <= (EVERYTHING_MAX if name == "whole components" else STATEMENTS_MAX)


@pytest.mark.parametrize("name", BOMS)
def test_boms_of_1_10_and_100_lines(hub_of, sized, counted_statements, name) -> None:
    hub = hub_of(sized.team.viewer)
    counts = {}
    for size in SIZES:
        hub.data(BOMS[name], {"id": sized.tops[size]})  # brings the structure in memory up to date
        with counted_statements() as statements:
            hub.data(BOMS[name], {"id": sized.tops[size]})
        counts[size] = statements.count
    assert len(set(counts.values())) == 1, counts
    assert 0 < counts[1] <= STATEMENTS_MAX


def test_where_used_of_1_10_and_100_parents(hub_of, sized, counted_statements) -> None:
    hub = hub_of(sized.team.viewer)
    counts = {}
    for size in SIZES:
        hub.data(WHERE_USED, {"id": sized.used[size]})
        with counted_statements() as statements:
            found = hub.data(WHERE_USED, {"id": sized.used[size]})
        assert len(found["bom"]["whereUsed"]["direct"]) == size
        counts[size] = statements.count
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 2 * STATEMENTS_MAX, "three lists of components"


DIFF = """query ($id: ID!) { component { diff(id: $id, fromVersion: 1) {
  component { cpn } count differences(first: 1000) { nodes { area name before after line { kinds after { child { cpn name } } } } }
} } }"""
IMPACT = """query ($id: ID!) { component { impact(id: $id) {
  released { tops { quantity component { cpn } } } working { topCount tops { quantity component { cpn } } }
  cost { before after missingAfter { cpn } } mass { change } leadTime { change } report
} } }"""


@pytest.mark.parametrize("text", [DIFF, IMPACT], ids=["diff", "impact"])
def test_differences_and_impact_of_1_10_and_100_lines(hub_of, sized, counted_statements, text) -> None:
    hub = hub_of(sized.team.viewer)
    counts = {}
    for size in SIZES:
        hub.data(text, {"id": sized.tops[size]})
        with counted_statements() as statements:
            hub.data(text, {"id": sized.tops[size]})
        counts[size] = statements.count
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= STATEMENTS_MAX


def test_five_hundred_take_as_many_statements_as_five(team: Team, counted_statements) -> None:
    many = [
        NewComponent(f"Part {number}", sources=(make.source("Acme", f"A-{number}", (1, "1")),)) for number in range(440)
    ]
    parts = team.engineer.run(create_components, many)
    frames = team.engineer.run(create_components, [NewComponent(f"Frame {number}") for number in range(20)])
    edits = [BomEdit(frame.id, add=(NewLine(part.id, Decimal(1)),)) for frame, part in zip(frames, parts, strict=False)]
    team.engineer.run(edit_boms, edits)
    team.engineer.run(
        update_components,
        [ComponentChange(each.id, description="changed", attributes={"Mass": "1 g"}) for each in parts],
    )
    everything = [VersionSpan(each.id, 1) for each in [*frames, *parts]]
    counts = []
    for spans in (everything[:5], everything[:440]):
        team.viewer.ask(component_differences, spans)
        with counted_statements() as statements:
            found = team.viewer.ask(component_differences, spans)
        assert all(found)
        counts.append(statements.count)
    assert counts[0] <= 8
    assert counts[1] == counts[0] + 1, "components are asked for 450 versions at a time"


def test_the_impact_of_a_hundred_takes_as_many_statements_as_of_one(sized, counted_statements) -> None:
    viewer = sized.team.viewer
    [top] = viewer.ask(components_by_ids, [sized.top])
    frames = [line.child_key for line in viewer.ask(lines_of, [top])[top.key]]
    ids = [each.id for each in viewer.ask(components_by_keys, frames).values()]
    counts = []
    for some in (ids[:1], ids):
        viewer.ask(impact_of, some)
        with counted_statements() as statements:
            found = viewer.ask(impact_of, some)
        assert len(found) == len(some)
        counts.append(statements.count)
    assert counts[0] == counts[1] <= STATEMENTS_MAX


def test_the_structure_is_read_anew_only_after_a_change(hub_of, counted_statements, team) -> None:
    part = make.component(team.engineer, "Bolt")
    frame = make.assembly(team.engineer, "Frame", [(part, 1)])
    hub = hub_of(team.viewer)

    def asked() -> int:
        with counted_statements() as statements:
            hub.data(BOMS["flat"], {"id": frame.id})
        return statements.count

    cold, warm = asked(), asked()
    assert warm < cold
    make.assembly(team.engineer, "Other", [(part, 1)])
    assert warm < asked() <= cold + 1
    assert asked() == warm


CHANGE_ORDERS = """query($first: Int!) { changeOrders(first: $first) { totalCount edges { node {
  id number digest possibleVerbs isValid library { name } createdBy { name role } updatedBy { email }
  template { name config } contents { name values }
  items { id isStale proposedStatus { name } component { cpn category { name } sources { mpn } } inFlight { number } }
  affectedItems { components { cpn } documents { cpn } }
  stages { name reviewers { user { name } decisionState } notifyList { email } decisions { note reviewer { name } } }
  comments { text createdBy { name } replies { text } }
  latestValidationRun { state createdBy { name } results(pagination: { first: 2 }) { nodes { name validationRule { name } } } }
  validationRuns(pagination: { first: 2 }) { totalCount nodes { summary { failCount } results(pagination: { first: 2 }) { totalCount } } }
} } } }"""
CHANGE_ORDERS_MAX = 40


def test_a_page_of_change_orders_with_everything_in_them(hub_of, team, counted_statements) -> None:
    engineer = team.engineer
    counts = []
    for size in (2, 8):
        parts = engineer.run(create_components, [NewComponent(f"Part {number}") for number in range(2 * size)])
        for number in range(size):
            items = tuple(ItemWish(each.id) for each in parts[2 * number : 2 * number + 2])
            stages = (StageWish("Review", reviewers=(ReviewerWish(team.manager.actor.user_id),)),)
            order = engineer.run(create_change_order, NewChangeOrder("Order", items=items, stages=stages))
            engineer.run(add_comment, order.id, NewComment("Why?"))
            validate_change_order(team.application, engineer.actor, order.id)
        with counted_statements() as counted:
            answer = hub_of(engineer).data(CHANGE_ORDERS, {"first": size})
        assert len(answer["changeOrders"]["edges"]) == size
        counts.append(counted.count)
    assert counts[0] == counts[1] <= CHANGE_ORDERS_MAX
