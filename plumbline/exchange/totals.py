"""Pieces in a product: every line multiplied down from the tops, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from plumbline.exchange.model import ImportedLine


def pieces(lines: Iterable[ImportedLine], tops: Sequence[str]) -> Mapping[str, Decimal]:
    """How many of each key one piece of every top holds, tops included; nothing below a loop is counted.

    Assemblies are visited once each, after all of their parents, so shared ones cost nothing extra. A line without a
    quantity counts as none.
    """
    below: dict[str, list[ImportedLine]] = defaultdict(list)
    for line in lines:
        below[line.parent_key].append(line)
    uses_left = _uses_within_reach(below, tops)
    counts: dict[str, Decimal] = defaultdict(Decimal)
    ready = [top for top in tops if uses_left[top] == 0]
    for top in ready:
        counts[top] += 1
    while ready:
        parent = ready.pop()
        for line in below.get(parent, ()):
            counts[line.child_key] += counts[parent] * (line.quantity or Decimal(0))
            uses_left[line.child_key] -= 1
            if uses_left[line.child_key] == 0:
                ready.append(line.child_key)
    return counts


def _uses_within_reach(below: Mapping[str, Sequence[ImportedLine]], tops: Sequence[str]) -> dict[str, int]:
    uses: dict[str, int] = defaultdict(int)
    seen, waiting = set(tops), list(tops)
    while waiting:
        for line in below.get(waiting.pop(), ()):
            uses[line.child_key] += 1
            if line.child_key not in seen:
                seen.add(line.child_key)
                waiting.append(line.child_key)
    return uses
