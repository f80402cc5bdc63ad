"""Laws of planning and applying, on random registries and status orders."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plumbline.catalog.installing import CatalogRows, with_registry, with_statuses
from plumbline.catalog.model import NewStatus
from plumbline.catalog.reads import Catalog
from plumbline.catalog.registry.resolution import Registry, resolve
from plumbline.catalog.registry.shelf import Shelf
from plumbline.configuration.actions import apply_configuration, roll_back_configuration
from plumbline.configuration.documents import read_registry
from plumbline.configuration.model import File
from plumbline.configuration.presets import preset_files
from plumbline.configuration.reads import configuration_drift, configuration_files, plan_configuration
from plumbline.configuration.steps import catalog_steps
from plumbline.configuration.writing import dumped, registry_text
from plumbline.definitions.reads import configuration_history
from plumbline.testing import make
from plumbline.testing.callers import Team, new_team
from plumbline.testing.databases import DIALECTS
from plumbline.testing.plugin import shared_application

EMPTY = CatalogRows((), (), (), ())
STATUSES = ["Design", "Prototype", "Production", "Obsolete"]

limits = st.fixed_dictionaries({}, optional={"minimum": st.integers(0, 5), "maximum": st.integers(5, 9)})
demands = st.fixed_dictionaries(
    {},
    optional={
        "required": st.sampled_from(["*", True, False, *STATUSES]),
        "severity": st.sampled_from(["Error", "Warning"]),
        "description": st.sampled_from(["why", "because"]),
    },
)
numbers = st.builds(
    lambda more, bounds: {"type": "number", "unit": "mm", "validation": bounds, **more}, demands, limits
)
texts = st.builds(
    lambda more, enum: {"type": "string", "validation": {"enum": enum}, **more},
    demands,
    st.lists(st.sampled_from(["Raw", "Zinc", "Black"]), min_size=1, unique=True),
)
pairs = st.builds(
    lambda more: {
        "type": "paired",
        "components": {
            "value": {"type": "integer", "validation": {"minimum": 0}},
            "unit": {"type": "string", "validation": {"enum": ["mm", "in"]}},
        },
        "display": "{value} {unit}",
        **more,
    },
    demands,
)


@st.composite
def registries(draw: st.DrawFn) -> dict[str, Any]:
    categories = []
    for name in draw(st.lists(st.sampled_from("ABCDE"), min_size=1, unique=True)):
        specs = draw(
            st.dictionaries(st.sampled_from(["Width", "Finish", "Size", "Depth"]), st.one_of(numbers, texts, pairs))
        )
        category = {
            "code": str(100 + ord(name) + draw(st.sampled_from([0, 0, 0, 50]))),
            "type": draw(st.sampled_from(["MECHANICAL", "ELECTRICAL", "ASSEMBLY"])),
            "name": f"Part {name}",
            "specs": [{"name": key, **spec} for key, spec in specs.items()],
        }
        categories.append(category)
    return {"version": "1.0", "schema_type": "category_registry", "categories": categories}


def registry_of(document: dict[str, Any]) -> Registry:
    return resolve(read_registry(File("categories.yaml", dumped(document))), Shelf())


def ids() -> Any:
    numbers = count()
    return lambda: f"id{next(numbers)}"


@given(one=registries(), other=registries())
def test_a_catalog_under_a_registry_is_what_the_registry_says_whatever_was_before(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    new_id = ids()
    first = with_registry(EMPTY, registry_of(one), new_id, 1)
    after = with_registry(first, registry_of(other), new_id, 2)
    active = [each for each in after.categories if each.retired_change is None]
    assert [(each.code, each.name) for each in active] == [
        (each.code, each.name) for each in registry_of(other).categories
    ]
    assert {each.id for each in first.categories} <= {each.id for each in after.categories}
    assert {each.id for each in first.attributes} <= {each.id for each in after.attributes}
    assert len({each.id for each in after.categories}) == len(after.categories)
    assert with_registry(after, registry_of(other), new_id, 3) == after
    assert catalog_steps(after, after) == []
    assert (catalog_steps(first, after) == []) == (
        catalog_steps(first, with_registry(first, registry_of(other), new_id, 9)) == []
    )


@given(one=registries(), other=registries())
def test_coming_back_to_a_registry_brings_every_entry_back_as_it_was(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    new_id = ids()
    first = with_registry(EMPTY, registry_of(one), new_id, 1)
    back = with_registry(with_registry(first, registry_of(other), new_id, 2), registry_of(one), new_id, 3)
    assert catalog_steps(first, back) == []
    active = [each for each in back.categories if each.retired_change is None]
    assert [(each.code, each.name) for each in active] == [(each.code, each.name) for each in first.categories]


@given(document=registries())
def test_a_registry_written_from_its_catalog_makes_the_same_catalog(document: dict[str, Any]) -> None:
    rows = with_registry(EMPTY, registry_of(document), ids(), 1)
    text = registry_text(Catalog(rows.statuses, rows.categories, rows.attributes, rows.links))
    written = resolve(read_registry(File("categories.yaml", text)), Shelf())
    assert catalog_steps(rows, with_registry(rows, written, ids(), 2)) == []


def test_the_shipped_registry_survives_being_written_anew() -> None:
    """It has requirements with a severity of their own, which only references can say."""
    file = next(each for each in preset_files("electromechanical") if each.path == "categories.yaml")
    rows = with_registry(EMPTY, resolve(read_registry(file), Shelf()), ids(), 1)
    text = registry_text(Catalog(rows.statuses, rows.categories, rows.attributes, rows.links))
    written = resolve(read_registry(File("categories.yaml", text)), Shelf())
    assert catalog_steps(rows, with_registry(rows, written, ids(), 2)) == []


@given(
    one=st.lists(st.sampled_from(STATUSES), min_size=1, unique=True),
    other=st.lists(st.sampled_from(STATUSES), min_size=1, unique=True),
)
def test_statuses_keep_their_identity_by_name(one: list[str], other: list[str]) -> None:
    new_id = ids()
    first = with_statuses(EMPTY, [NewStatus(name, "DESIGN", "#000000") for name in one], new_id, 1)
    after = with_statuses(first, [NewStatus(name, "DESIGN", "#000000") for name in other], new_id, 2)
    known = {each.name: each.id for each in first.statuses}
    assert [each.name for each in after.statuses if each.retired_change is None] == other
    assert all(known.get(each.name, each.id) == each.id for each in after.statuses)
    assert {each.name for each in after.statuses if each.retired_change is not None} == set(one) - set(other)


@cache
def team_on(dialect: str) -> Team:
    """One library for all examples: what came before must make no difference."""
    team = new_team(shared_application(dialect))
    make.component(team.engineer, "a part that goes along", category="Screw", attributes={"Length": "12 mm"})
    return team


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=registries())
def test_what_was_applied_plans_to_nothing_and_going_back_restores_the_files(
    dialect: str, document: dict[str, Any]
) -> None:
    team = team_on(dialect)
    before = team.viewer.ask(configuration_files)
    [newest] = team.viewer.ask(configuration_history, limit=1)
    # The part that goes along keeps its category, which a plan would refuse to retire.
    screw = {
        "code": "999",
        "type": "MECHANICAL",
        "name": "Screw",
        "specs": [{"name": "Length", "type": "number", "unit": "mm"}],
    }
    text = dumped({**document, "categories": [*document["categories"], screw]})
    files = [File(each.path, text) if each.path == "categories.yaml" else each for each in before]
    team.manager.run(apply_configuration, files, allow=["all"])
    assert team.viewer.ask(plan_configuration, files).is_empty
    assert team.viewer.ask(configuration_files) == sorted(files)
    assert team.viewer.ask(configuration_drift) == ()
    team.manager.run(roll_back_configuration, newest.number, allow=["all"])
    assert team.viewer.ask(configuration_files) == before
    assert team.viewer.ask(configuration_drift) == ()
