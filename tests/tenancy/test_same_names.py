"""Two libraries hold the same things under the same names and numbers. Lists, counts, filters, cursors, where-used and roll-ups of one
never show a row of the other."""

from __future__ import annotations

from typing import Any

import pytest

import plumbline.bootstrap
from plumbline.boms.reads import (
    ancestors_of,
    exploded,
    product_keys,
    rolled_up_cost,
    rolled_up_quantities,
    tops_of,
    used_in,
)
from plumbline.components.errors import ComponentMissing
from plumbline.components.filter import All, AnyOf, Field, Filter, Not, Operator, Order, OrderField, Where
from plumbline.components.model import Component
from plumbline.components.reads import component_by_cpn, list_components
from plumbline.components.view import RELEASED, WORKING
from plumbline.exchange.reads.library import library_now
from plumbline.kit.errors import InvalidInput
from plumbline.kit.paging import PageRequest
from plumbline.storage.schema import metadata

assert plumbline.bootstrap.JOBS, "importing the rooms registers their tables"

WITHOUT_LIBRARY = {
    "category_attributes": "a row of a category, which carries its library",
    "jobs": "work of the server, not of one library",
    "libraries": "is the library: its id is the tenant",
    "organizations": "owns libraries",
    "users": "one person may be in several libraries",
}
World = Any
PAGE = PageRequest(1000)


def test_every_table_carries_its_library() -> None:
    without = {table.name for table in metadata.sorted_tables if "library_id" not in table.c}
    assert without == set(WITHOUT_LIBRARY)
    assert all(not table.c.library_id.nullable for table in metadata.sorted_tables if "library_id" in table.c)


def test_the_numbers_are_the_same_and_the_rows_are_not(home: World, stranger: World) -> None:
    assert [each.cpn for each in home.parts] == [each.cpn for each in stranger.parts]
    assert not {each.id for each in home.parts} & {each.id for each in stranger.parts}
    for world in (home, stranger):
        for part in world.parts:
            assert world.team.viewer.ask(component_by_cpn, part.cpn).id == part.id
        assert world.team.viewer.ask(component_by_cpn, "OLD-1").id == world.screw.id


def _values(world: World) -> dict[Field, tuple[Operator, Any]]:
    """For every field, a condition that components of this world fulfil."""
    screw: Component = world.screw
    return {
        Field.ALIAS: (Operator.EQ, "OLD-1"),
        Field.ARCHIVED: (Operator.EQ, False),
        Field.ATTRIBUTE: (Operator.EQ, "2 Nm"),
        Field.CATEGORY_CODE: (Operator.EQ, world.category.code),
        Field.CATEGORY_ID: (Operator.EQ, screw.category_id),
        Field.CATEGORY_NAME: (Operator.EQ, "Special Screw"),
        Field.CATEGORY_TYPE: (Operator.EQ, "PART"),
        Field.CPN: (Operator.EQ, screw.cpn),
        Field.CREATED_AT: (Operator.LTE, "2999-01-01T00:00:00.000Z"),
        Field.CREATED_BY: (Operator.EQ, screw.created_by),
        Field.DESCRIPTION: (Operator.CONTAINS, "Holds"),
        Field.EID: (Operator.EQ, "E-1"),
        Field.FAVORITE: (Operator.EQ, True),
        Field.ID: (Operator.EQ, screw.id),
        Field.LABEL: (Operator.EQ, "hot"),
        Field.MANUFACTURER: (Operator.EQ, "Bossard"),
        Field.MPN: (Operator.EQ, "B1"),
        Field.NAME: (Operator.EQ, "Screw"),
        Field.PINNED: (Operator.EQ, False),
        Field.PROCUREMENT: (Operator.EQ, "BUY"),
        Field.REVISION: (Operator.EQ, screw.revision),
        Field.STATE: (Operator.EQ, "RELEASED"),
        Field.STATUS_ID: (Operator.EQ, screw.status_id),
        Field.STATUS_NAME: (Operator.CONTAINS, "e"),
        Field.STATUS_TYPE: (Operator.EQ, world.status.maps_to),
        Field.TEXT: (Operator.CONTAINS, "Screw"),
        Field.UPDATED_AT: (Operator.LTE, "2999-01-01T00:00:00.000Z"),
        Field.UPDATED_BY: (Operator.EQ, screw.updated_by),
    }


IDS = {Field.CATEGORY_ID, Field.CREATED_BY, Field.ID, Field.STATUS_ID, Field.UPDATED_BY}
"""Fields whose values belong to one library: those of another one fit nothing."""


def test_the_table_of_filters_has_every_field(home: World) -> None:
    assert set(_values(home)) == set(Field)


def _asked(world: World, condition: Filter, **options: Any) -> tuple[set[str], int | None]:
    try:
        page = world.administrator.ask(list_components, PAGE, narrowed_to=condition, counted=True, **options)
    except InvalidInput:
        return set(), 0
    return {each.id for each in page.items}, page.total


@pytest.mark.parametrize("field", list(Field))
@pytest.mark.parametrize("view", [WORKING, RELEASED], ids=["working", "released"])
def test_no_filter_finds_or_counts_a_row_of_another_library(
    home: World, stranger: World, field: Field, view: Any
) -> None:
    operator, value = _values(home)[field]
    attribute = "Clamping Torque" if field is Field.ATTRIBUTE else None
    found, total = _asked(home, Where(field, operator, value, attribute), view=view)
    assert home.screw.id in found
    everything, _ = _asked(stranger, All(()), view=view)
    assert not everything & found
    for condition in (
        Where(field, operator, value, attribute),
        AnyOf((Where(field, operator, value, attribute), Where(Field.ID, Operator.EQ, home.screw.id))),
        Not(Where(field, operator, value, attribute)),
    ):
        shown, total = _asked(stranger, condition, view=view)
        assert shown <= everything
        assert total == len(shown)
    if field in IDS:
        assert _asked(stranger, Where(field, operator, value), view=view) == (set(), 0)


def test_an_attribute_of_another_library_is_an_unknown_attribute(home: World, stranger: World) -> None:
    condition = Where(Field.ATTRIBUTE, Operator.EQ, "2 Nm", home.attribute.id)
    assert _asked(home, condition)[0] == {home.screw.id}
    assert _asked(stranger, condition) == (set(), 0)


@pytest.mark.parametrize("order", list(OrderField))
def test_a_cursor_of_another_library_opens_only_ones_own(home: World, stranger: World, order: OrderField) -> None:
    everything, _ = _asked(stranger, All(()))
    by = (Order(order),)
    for cursor in home.administrator.ask(list_components, PAGE, order=by).cursors[:20]:
        page = stranger.administrator.ask(list_components, PageRequest(1000, cursor), order=by)
        assert {each.id for each in page.items} <= everything


def test_where_used_explosion_and_roll_ups_stay_at_home(home: World, stranger: World) -> None:
    own = {each.key for each in stranger.parts}
    ask = stranger.team.viewer.ask
    assert set(ask(ancestors_of, stranger.screw)) <= {row.key for row in _components(stranger)}
    assert {stranger.leg.key, stranger.top.key} <= set(ask(ancestors_of, stranger.screw))
    assert {line.parent_key for line in ask(used_in, stranger.screw)} >= {stranger.leg.key, stranger.top.key}
    assert stranger.top.key in ask(tops_of, stranger.screw)
    assert {row.child for row in ask(exploded, stranger.top)[0]} <= own
    assert ask(rolled_up_quantities, stranger.top).totals == {stranger.leg.key: 4, stranger.screw.key: 35}
    assert ask(rolled_up_cost, stranger.top).total == home.team.viewer.ask(rolled_up_cost, home.top).total
    assert set(ask(product_keys)) <= {row.key for row in _components(stranger)}
    for foreign in home.parts:
        assert ask(ancestors_of, foreign) == {}
        assert ask(used_in, foreign) == []
        assert ask(exploded, foreign)[0] == []
        assert ask(rolled_up_quantities, foreign).totals == {}


def test_what_an_export_or_an_import_reads_is_one_library(home: World, stranger: World) -> None:
    with stranger.administrator.application.asking(stranger.administrator.actor) as asked:
        now = library_now(asked.scope)
    keys = {each.key for each in now.components.values()}
    assert {each.id for each in stranger.parts} <= set(now.components)
    assert not {each.id for each in home.parts} & set(now.components)
    assert {line.child_key for lines in now.lines.values() for line in lines} <= keys
    assert set(now.attributes) | set(now.sources) | set(now.aliases) <= keys


def test_a_number_of_another_library_is_unknown_where_one_has_no_such_number(home: World, stranger: World) -> None:
    made = home.fresh()
    while True:  # numbers run in step; go on until this one is ahead
        try:
            stranger.administrator.ask(component_by_cpn, made.cpn)
        except ComponentMissing:
            return
        made = home.fresh()


def _components(world: World) -> list[Component]:
    return list(world.administrator.ask(list_components, PAGE).items)
