"""Explosion, roll-ups, where-used and cycles on random products, against implementations too simple to be wrong."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st

from plumbline.boms.cycles import cycle_through
from plumbline.boms.explosion import explode, explode_page
from plumbline.boms.graphs import Graphs
from plumbline.boms.impact import use_of
from plumbline.boms.roll_up import quantities
from plumbline.boms.structure import LineColumns, Lines, Quantity, Structure, lines_by_parent, quantity_of
from plumbline.boms.where_used import ancestors, direct_parents, quantities_above, tops
from plumbline.components.view import ViewMode

Edge = tuple[int, int, str, bool]
"""Parent, child, quantity, do-not-place."""

AMOUNTS = st.one_of(
    st.integers(1, 50).map(str), st.sampled_from(["0.125", "0.5", "1.1", "2.000000000001", "0.333333333333", "10"])
)


@st.composite
def products(draw: st.DrawFn, nodes: int = 7) -> list[Edge]:
    """Edges that point to higher numbers, so that there is no cycle; the same child may stand on several lines."""
    pairs = st.tuples(st.integers(0, nodes - 2), st.integers(1, nodes - 1)).filter(lambda pair: pair[0] < pair[1])
    return [(*pair, draw(AMOUNTS), draw(st.booleans())) for pair in draw(st.lists(pairs, max_size=14))]


def structure_of(edges: list[Edge], at_change: int = 1) -> Structure:
    ordered = sorted(enumerate(edges), key=lambda item: (item[1][0], item[0]))
    rows = [(*edge, key) for key, edge in ordered]
    return Structure(
        at_change,
        lines_by_parent(
            LineColumns(
                [row[0] for row in rows],
                [row[1] for row in rows],
                ",".join(row[2] for row in rows),
                [row[4] for row in rows],
                frozenset(row[4] for row in rows if row[3]),
            )
        ),
    )


def every_path(edges: list[Edge], top: int, *, placed_only: bool = False) -> list[tuple[int, Decimal, int]]:
    """Each use below the top, depth first: child, quantity per top, level."""
    found: list[tuple[int, Decimal, int]] = []

    def walk(parent: int, above: Decimal, level: int) -> None:
        for one, child, quantity, is_do_not_place in edges:
            if one == parent and not (placed_only and is_do_not_place):
                found.append((child, above * Decimal(quantity), level))
                walk(child, above * Decimal(quantity), level + 1)

    walk(top, Decimal(1), 1)
    return found


@given(edges=products(), top=st.integers(0, 6))
def test_an_explosion_is_every_path(edges: list[Edge], top: int) -> None:
    rows = list(explode(structure_of(edges), top))
    close = [(row.child, row.level) for row in rows]
    expected = every_path(edges, top)
    assert close == [(child, level) for child, _, level in expected]
    for row, (_, total, _) in zip(rows, expected, strict=True):
        assert abs(Decimal(row.total) - total) <= abs(total) * Decimal("1e-20")  # the naive one rounds to 28 digits
        assert len(row.path) == row.level
        assert row.has_children == any(parent == row.child for parent, *_ in edges)
    assert [row.path for row in rows] == sorted(row.path for row in rows)


@given(edges=products(), offset=st.integers(0, 10), limit=st.integers(1, 5))
def test_pages_of_an_explosion_are_pieces_of_it(edges: list[Edge], offset: int, limit: int) -> None:
    graph = structure_of(edges)
    assert explode_page(graph, 0, offset=offset, limit=limit) == list(explode(graph, 0))[offset : offset + limit]


@given(edges=products(), depth=st.integers(1, 4))
def test_a_depth_cuts_the_explosion_off(edges: list[Edge], depth: int) -> None:
    graph = structure_of(edges)
    assert list(explode(graph, 0, depth_max=depth)) == [row for row in explode(graph, 0) if row.level <= depth]


@given(edges=products(), top=st.integers(0, 6), everything=st.booleans())
def test_roll_ups_sum_over_every_path_exactly(edges: list[Edge], top: int, everything: bool) -> None:
    counted = quantities(structure_of(edges), top, include_do_not_place=everything)
    scaled: Counter[int] = Counter()
    levels: dict[int, int] = {}

    def walk(parent: int, above: int, scale: int, level: int) -> None:
        """In whole numbers of 10^-12 per level, so that nothing rounds."""
        for one, child, quantity, is_do_not_place in edges:
            if one == parent and (everything or not is_do_not_place):
                amount = above * int(Decimal(quantity).scaleb(12))
                scaled[child] += amount * 10 ** (12 * (10 - scale - 1))
                levels[child] = max(levels.get(child, 0), level)
                walk(child, amount, scale + 1, level + 1)

    walk(top, 1, 0, 1)
    assert {child: _scaled(total) for child, total in counted.totals.items()} == dict(scaled)
    assert {child: counted.levels[child] for child in counted.totals} == levels
    assert all(isinstance(total, int) or total != total.to_integral_value() for total in counted.totals.values())
    used = [edge for edge in edges if everything or not edge[3]]
    order = list(counted.totals)
    for parent, child, *_ in used:
        if parent in counted.totals:
            assert order.index(parent) < order.index(child), "parents come before their children"


def _scaled(quantity: Quantity) -> int:
    number = Decimal(quantity)
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    assert not sign
    return int("".join(map(str, digits))) * 10 ** (120 + exponent)


@given(edges=products(), component=st.integers(0, 6))
def test_where_used_is_everything_from_which_a_path_leads_down(edges: list[Edge], component: int) -> None:
    graph = structure_of(edges)
    distances = {}
    for top in range(7):
        levels = [level for child, _, level in every_path(edges, top) if child == component]
        if levels:
            distances[top] = min(levels)
    found = ancestors(graph, component)
    assert found == distances
    assert list(found.values()) == sorted(found.values()), "nearest first"
    assert set(direct_parents(graph, component)) == {parent for parent, child, *_ in edges if child == component}
    used = {child for _, child, *_ in edges}
    assert set(tops(graph, component)) == {each for each in distances if each not in used}


@given(edges=products(), component=st.integers(0, 6))
def test_quantities_upwards_are_what_every_roll_up_says(edges: list[Edge], component: int) -> None:
    graph = structure_of(edges)
    amounts = quantities_above(graph, component)
    assert amounts == {
        top: totals[component] for top in range(7) if component in (totals := quantities(graph, top).totals)
    }
    assert all(isinstance(each, int) == (each == int(each)) for each in amounts.values())
    assert set(amounts) <= set(ancestors(graph, component))


def test_a_part_of_a_hundred_products_lists_the_nearest_ones_and_counts_all() -> None:
    """Product 0 has it through 150 levels; products 1 to 150 have it directly, 50 of them not placed."""
    chain = [(0 if level == 0 else 1000 + level, 1001 + level, "2", False) for level in range(150)]
    direct = [(product, 999, "3", product % 3 == 0) for product in range(1, 151)]
    use = use_of(structure_of([*chain, (1150, 999, "1", False), *direct]), 999)
    assert (use.direct_count, use.ancestor_count, use.top_count) == (151, 301, 151)
    assert use.tops == tuple((product, 0 if product % 3 == 0 else 3) for product in range(1, 101))
    assert quantities_above(structure_of([*chain, (1150, 999, "1", False)]), 999)[0] == 2**150


@given(edges=products(), new=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=4))
def test_a_cycle_is_found_exactly_when_there_is_one(edges: list[Edge], new: list[tuple[int, int]]) -> None:
    children: dict[int, set[int]] = {}
    for parent, child in new:
        children.setdefault(parent, set()).add(child)
    found = cycle_through(structure_of(edges), children)
    together = {(parent, child) for parent, child, *_ in edges} | set(new)
    graph: dict[int, set[int]] = {}
    for parent, child in together:
        graph.setdefault(parent, set()).add(child)
    try:
        TopologicalSorter(graph).prepare()
        has_cycle = any(parent == child for parent, child in together)
    except CycleError:
        has_cycle = True
    assert (found is not None) == has_cycle
    if found is not None:
        assert found[0] == found[-1]
        assert all(step in together for step in itertools.pairwise(found)), "the way round exists"


@given(before=products(), after=products(), parents=st.sets(st.integers(0, 6)))
def test_changing_the_lines_of_some_parents_is_building_anew(
    before: list[Edge], after: list[Edge], parents: set[int]
) -> None:
    mixed = [edge for edge in before if edge[0] not in parents] + [edge for edge in after if edge[0] in parents]
    old, new = structure_of(before), structure_of(after, 2)
    old.derived("answer", lambda: 1)
    changed = old.with_lines(2, {parent: new.of(parent) for parent in parents})
    rebuilt = structure_of(mixed, 2)
    assert changed.at_change == 2
    assert {parent: _plain(lines) for parent, lines in changed.lines.items()} == {
        parent: _plain(lines) for parent, lines in rebuilt.lines.items()
    }
    assert {child: set(found) for child, found in changed.parents.items()} == {
        child: set(found) for child, found in rebuilt.parents.items()
    }
    assert changed.derived("answer", lambda: 2) == 2, "what was derived from other lines is not kept"


def _plain(lines: Lines) -> tuple[object, ...]:
    return lines.children, lines.quantities, lines.not_placed


@given(edges=products())
def test_a_change_that_touches_no_line_keeps_what_was_derived(edges: list[Edge]) -> None:
    graph = structure_of(edges)
    parents = graph.parents
    graph.derived("answer", lambda: 1)
    moved = graph.moved_to(5)
    assert (moved.at_change, moved.lines) == (5, graph.lines)
    assert moved.parents is parents
    assert moved.derived("answer", lambda: 2) == 1
    moved.derived("later", lambda: 3)
    assert graph.derived("later", lambda: 4) == 3


def test_whole_quantities_are_ints_and_others_exact() -> None:
    assert quantity_of("3").__class__ is int
    assert quantity_of("0.1") == Decimal("0.1")


NAME = ("library", ViewMode.WORKING, None)


def test_a_reader_of_an_older_snapshot_gets_its_own_graph_and_spoils_nothing() -> None:
    graphs = Graphs()
    newer = graphs.get(NAME, 5, lambda known: Structure(5, {}))
    built_from: list[Structure | None] = []

    def build(known: Structure | None) -> Structure:
        built_from.append(known)
        return Structure(3, {})

    assert graphs.get(NAME, 3, build).at_change == 3
    assert built_from == [None], "never made from a graph of later"
    assert graphs.get(NAME, 5, build) is newer


def test_a_newer_reader_makes_the_graph_from_the_one_that_is_kept() -> None:
    graphs = Graphs()
    old = graphs.get(NAME, 1, lambda known: Structure(1, {}))
    seen: list[Structure | None] = []
    new = graphs.get(NAME, 2, lambda known: seen.append(known) or Structure(2, {}))
    assert seen == [old]
    assert graphs.get(NAME, 2, lambda known: Structure(99, {})) is new


def test_only_so_many_graphs_are_kept_and_the_least_used_goes() -> None:
    graphs = Graphs(kept_max=2)
    names = [(f"library {i}", ViewMode.WORKING, None) for i in range(3)]
    kept = [graphs.get(name, 1, lambda known: Structure(1, {})) for name in names]
    assert graphs.get(names[2], 1, lambda known: Structure(1, {})) is kept[2]
    assert graphs.get(names[0], 1, lambda known: Structure(1, {})) is not kept[0]


def test_a_slow_reader_never_puts_an_older_graph_in_the_place_of_a_newer_one() -> None:
    graphs = Graphs()
    started, finish = threading.Event(), threading.Event()

    def slow(known: Structure | None) -> Structure:
        started.set()
        assert finish.wait(10)
        return Structure(1, {})

    reader = threading.Thread(target=lambda: graphs.get(NAME, 1, slow))
    reader.start()
    assert started.wait(10)
    newer = graphs.get(NAME, 2, lambda known: Structure(2, {}))
    finish.set()
    reader.join(10)
    assert graphs.get(NAME, 2, lambda known: Structure(99, {})) is newer
