"""The laws of rings, against a search that looks at every change by itself."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as some

from plumbline.boms.rings import SpannedLine, first_ring, on_rings

FEW = some.integers(0, 6)
pairs = some.lists(some.tuples(FEW, FEW), max_size=20)


@some.composite
def lines(draw: some.DrawFn) -> list[SpannedLine]:
    found = []
    for key, (parent, child) in enumerate(draw(pairs)):
        begin = draw(some.integers(1, 8))
        found.append(SpannedLine(key, parent, child, begin, draw(some.integers(begin, 10))))
    return sorted(found, key=lambda line: line.from_change)


def reaches(edges: set[tuple[int, int]], start: int, goal: int) -> bool:
    seen, waiting = set(), [child for parent, child in edges if parent == start]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [child for parent, child in edges if parent == here]
    return goal in seen


@given(pairs)
@example([(0, 1), (1, 2), (2, 1), (2, 3)])
def test_what_is_on_a_ring_is_suspected_and_what_only_leads_to_one_or_away_is_not_without_need(
    found: list[tuple[int, int]],
) -> None:
    suspects = on_rings(found)
    edges = set(found)
    on_one = {each for each in range(7) if reaches(edges, each, each)}
    assert on_one <= suspects
    assert bool(on_one) == bool(suspects)


@given(lines())
def test_a_ring_is_found_with_the_first_change_that_has_one(found: list[SpannedLine]) -> None:
    key = first_ring(found)
    ringed = [change for change in range(1, 11) if _has_ring(found, change)]
    if key is None:
        assert ringed == []
    else:
        line = next(each for each in found if each.key == key)
        assert line.from_change == ringed[0]


def _has_ring(found: list[SpannedLine], change: int) -> bool:
    edges = {(each.parent_key, each.child_key) for each in found if each.from_change <= change < each.to_change}
    return any(reaches(edges, each, each) for each in range(7))


def test_a_library_deeper_than_the_stack_is_walked_through() -> None:
    assert on_rings((each, each + 1) for each in range(100_000)) == set()
