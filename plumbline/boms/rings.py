"""Whether lines that came in from outside ever made a component part of itself (pure).

`cycles` asks the same of single edits of a graph that is known to be sound. Here nothing is known: all lines that ever were are looked at
together first, which nearly always settles it, and the few components that are left one change after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

STEPS_MAX = 20_000_000
"""Lines walked over: some seconds. What people ever turned round between two assemblies takes a few hundred."""


class SpannedLine(NamedTuple):
    """A line with the changes that it holds from and up to."""

    key: int
    parent_key: int
    child_key: int
    from_change: int
    to_change: int


def on_rings(pairs: Iterable[tuple[int, int]]) -> set[int]:
    """The components between which pairs of parent and child lead round; empty if they lead nowhere back."""
    children: dict[int, list[int]] = defaultdict(list)
    parents: dict[int, list[int]] = defaultdict(list)
    for parent, child in pairs:
        children[parent].append(child)
        parents[child].append(parent)
    left = children.keys() & parents.keys()
    left -= _peeled(left, children, parents)
    return left - _peeled(left, parents, children)


def first_ring(lines: Iterable[SpannedLine]) -> int | None:
    """The key of the first line that closes a ring; of any line when too much would have to be walked. `lines` come by `from_change`."""
    holding: dict[int, list[SpannedLine]] = defaultdict(list)
    steps = 0
    for change, opened in groupby(lines, lambda line: line.from_change):
        new = [line for line in opened if line.to_change > change]  # what the change itself takes away holds at none
        for line in new:
            siblings = holding[line.parent_key]
            holding[line.parent_key] = [*(each for each in siblings if each.to_change > change), line]
        for line in new:
            closes, walked = _leads_to(holding, line.child_key, line.parent_key, change)
            steps += walked
            if closes or steps > STEPS_MAX:
                return line.key
    return None


def _peeled(among: set[int], below: Mapping[int, list[int]], above: Mapping[int, list[int]]) -> set[int]:
    """Those from which every way down ends, taken off one by one, the lowest first."""
    counts = {each: sum(child in among for child in below[each]) for each in among}
    waiting = [each for each, count in counts.items() if count == 0]
    off: set[int] = set()
    while waiting:
        lowest = waiting.pop()
        off.add(lowest)
        for parent in above[lowest]:
            if parent in counts:
                counts[parent] -= 1
                if counts[parent] == 0:
                    waiting.append(parent)
    return off


def _leads_to(holding: Mapping[int, list[SpannedLine]], start: int, goal: int, change: int) -> tuple[bool, int]:
    """Whether lines that hold at the change lead from one component down to the other; and how many were looked at."""
    seen, waiting, steps = {start}, [start], 0
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True, steps
        for line in holding.get(here, ()):
            steps += 1
            if line.to_change > change and line.child_key not in seen:
                seen.add(line.child_key)
                waiting.append(line.child_key)
    return False, steps
