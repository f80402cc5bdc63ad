"""A large product to measure with: many components, many lines, many levels, popular parts shared by thousands of assemblies."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from plumbline.boms.actions import edit_boms
from plumbline.boms.model import BomEdit, NewLine
from plumbline.components.actions.create import create_components
from plumbline.components.model import Component, NewComponent, NewSource, Offer, PriceBreak
from plumbline.testing.callers import Caller


@dataclass(frozen=True, slots=True)
class LargeProduct:
    components: list[Component]
    top: Component
    shared: Component
    """The leaf that the most assemblies use."""
    lines: int


def build_large_product(
    caller: Caller, *, components: int = 20_000, lines: int = 100_000, levels: int = 12, seed: int = 7
) -> LargeProduct:
    """Every component except the top stands on at least one line, always below a component of a higher level."""
    made = _components(caller, components)
    by_level = _by_level(made, levels)
    edges = _edges(by_level, lines, random.Random(seed))
    count = _write(caller, edges)
    return LargeProduct(made, by_level[0][0], by_level[-1][0], count)


def _components(caller: Caller, count: int) -> list[Component]:
    made: list[Component] = []
    for start in range(0, count, 5_000):
        size = min(5_000, count - start)
        made += caller.run(create_components, [_new(start + place) for place in range(size)])
    return made


def _new(number: int) -> NewComponent:
    offer = Offer(
        "Parts & Co",
        f"PC-{number}",
        "USD",
        (PriceBreak(Decimal(1), Decimal(number % 97 + 1) / 100),),
        lead_time_days=number % 60,
    )
    return NewComponent(
        name=f"Part {number}",
        category="Screw" if number % 3 else "Resistor",
        description=f"Generated for measuring, number {number}",
        attributes={"Mass": f"{number % 500 + 1} g"},
        sources=(NewSource("Maker & Sons", f"MS-{number}", offers=(offer,)),),
    )


def _by_level(made: list[Component], levels: int) -> list[list[Component]]:
    """Narrow at the top, wide at the bottom: each level has about twice the components of the one above."""
    weights = [2**level for level in range(levels)]
    sizes = [max(1, len(made) * weight // sum(weights)) for weight in weights]
    sizes[0] = 1
    sizes[-1] = len(made) - sum(sizes[:-1])
    found, start = [], 0
    for size in sizes:
        found.append(made[start : start + size])
        start += size
    return found


def _edges(by_level: list[list[Component]], lines: int, choose: random.Random) -> set[tuple[str, str]]:
    edges: set[tuple[str, str]] = set()
    for above, below in pairwise(by_level):
        edges.update((choose.choice(above).id, child.id) for child in below)
    parents = [component.id for level in by_level[:-1] for component in level]
    level_of = {component.id: number for number, level in enumerate(by_level) for component in level}
    popular = by_level[-1][:50]
    while len(edges) < lines:
        parent = choose.choice(parents)
        if choose.random() < 0.25:
            child = popular[min(int(choose.expovariate(0.15)), len(popular) - 1)]
        else:
            child = choose.choice(by_level[choose.randint(level_of[parent] + 1, len(by_level) - 1)])
        edges.add((parent, child.id))
    return edges


def _write(caller: Caller, edges: set[tuple[str, str]]) -> int:
    by_parent: dict[str, list[NewLine]] = {}
    for parent, child in sorted(edges):
        by_parent.setdefault(parent, []).append(NewLine(child, Decimal(1 + int(child[0], 16) % 3)))
    edits = [BomEdit(parent, add=tuple(lines)) for parent, lines in by_parent.items()]
    for start in range(0, len(edits), 1_000):
        caller.run(edit_boms, edits[start : start + 1_000])
    return len(edges)
