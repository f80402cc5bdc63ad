"""Lists of random products, against sums over every path; and what they cost, against the cost roll-up's own rule."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plumbline.boms.roll_up import quantities
from plumbline.boms.structure import LineColumns, Structure, lines_by_parent
from plumbline.exchange.exporting.lists import Counted, flat_lines, flat_rows, indented_lines, unit_costs

Edge = tuple[int, int, int, bool]
"""Parent, child, quantity, do-not-place."""


@st.composite
def products(draw: st.DrawFn, nodes: int = 7) -> list[Edge]:
    """Edges that point to higher numbers, so that there is no cycle; the same child may stand on several lines."""
    pairs = st.tuples(st.integers(0, nodes - 2), st.integers(1, nodes - 1)).filter(lambda pair: pair[0] < pair[1])
    edges = draw(st.lists(pairs, max_size=14))
    return [(*pair, draw(st.integers(1, 5)), draw(st.booleans())) for pair in edges]


def structure_of(edges: list[Edge]) -> Structure:
    ordered = sorted(enumerate(edges, 1), key=lambda item: item[1][0])
    columns = LineColumns(
        [edge[0] for _, edge in ordered],
        [edge[1] for _, edge in ordered],
        ",".join(str(edge[2]) for _, edge in ordered),
        [key for key, _ in ordered],
        frozenset(key for key, edge in ordered if edge[3]),
    )
    return Structure(1, lines_by_parent(columns))


def counted_of(structure: Structure) -> Counted:
    return Counted(quantities(structure, 0), quantities(structure, 0, include_do_not_place=True))


@given(edges=products())
def test_what_is_built_below_a_line_is_what_is_placed_all_the_way_down(edges: list[Edge]) -> None:
    rows = list(indented_lines(structure_of(edges), 0, include_do_not_place=True))
    by_path = {row.path: row for row in rows}
    for row in rows:
        above = row.path.rpartition(".")[0]
        is_marked = edges[row.line_keys[0] - 1][3]
        assert row.is_built == (not is_marked and (not above or by_path[above].is_built))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    placed = list(indented_lines(structure_of(edges), 0, include_do_not_place=False))
    assert [row.path for row in placed] == [row.path for row in rows if row.is_built]
    assert all(row.is_built for row in placed)


@given(edges=products(), with_unplaced=st.booleans(), with_assemblies=st.booleans())
def test_a_flat_list_has_the_pieces_of_the_indented_one(
    edges: list[Edge], with_unplaced: bool, with_assemblies: bool
) -> None:
    structure = structure_of(edges)
    pieces: Counter[tuple[int, bool]] = Counter()
    lines: dict[tuple[int, bool], set[int]] = {}
    for row in indented_lines(structure, 0, include_do_not_place=with_unplaced):
        if with_assemblies or not row.has_children:
            pieces[row.child, row.is_built] += row.total
            lines.setdefault((row.child, row.is_built), set()).update(row.line_keys)
    counted = counted_of(structure)
    rows = flat_rows(counted, include_do_not_place=with_unplaced, with_assemblies=with_assemblies)
    flat = flat_lines(counted, rows, 1)
    assert {(line.child, line.is_built): line.total for line in flat} == dict(pieces)
    assert {(line.child, line.is_built): set(line.line_keys) for line in flat} == lines
    assert len(flat) == len(pieces)


@given(edges=products(), prices=st.dictionaries(st.integers(1, 6), st.decimals("0.01", "9", places=2)))
def test_an_assembly_costs_what_all_its_parts_cost(edges: list[Edge], prices: dict[int, Decimal]) -> None:
    structure = structure_of(edges)
    costs = unit_costs(quantities(structure, 0), prices)
    spent = [
        prices[row.child] * row.total
        for row in indented_lines(structure, 0, include_do_not_place=False)
        if not row.has_children and row.child in prices
    ]
    assert costs.get(0) == (sum(spent) if spent else None)
