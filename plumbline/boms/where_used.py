"""Where a component is used: directly, anywhere above, and in which tops (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import localcontext

from plumbline.boms.explosion import simplest
from plumbline.boms.structure import Quantity, Structure
from plumbline.kit.quantity import EXACT


def direct_parents(structure: Structure, component: int) -> list[int]:
    return structure.parents.get(component, [])


def ancestors(structure: Structure, component: int) -> dict[int, int]:
    """Everything that contains the component at any depth, with the length of the shortest way up; nearest first."""
    parents = structure.parents
    found: dict[int, int] = {}
    level, distance = [component], 0
    while level:
        distance += 1
        above: list[int] = []
        for each in level:
            for parent in parents.get(each, ()):
                if parent not in found:
                    found[parent] = distance
                    above.append(parent)
        level = above
    return found


def tops(structure: Structure, component: int) -> list[int]:
    """The products that contain the component: ancestors that nothing contains."""
    parents = structure.parents
    return [each for each in ancestors(structure, component) if each not in parents]


def quantities_above(structure: Structure, component: int) -> dict[int, Quantity]:
    """How many of the component are built into one of everything that contains it. What is not placed is not built: it counts nothing,
    and what contains it nowhere placed is absent.

    Goes up level by level over the assemblies that contain the component, never along the paths, and never down into their other parts.
    """
    uses = structure.derived("uses", lambda: _uses(structure))
    found: dict[int, Quantity] = {component: 1}
    with localcontext(EXACT):  # ints and decimals mix freely below, and nothing is rounded
        for here in _children_first(uses, component):
            amount = found[here]
            for parent, quantity in uses.get(here, ()):
                found[parent] = found.get(parent, 0) + amount * quantity
    del found[component]
    return {key: amount if isinstance(amount, int) else simplest(amount) for key, amount in found.items()}


Uses = Mapping[int, Sequence[tuple[int, Quantity]]]
"""By child: its parents, each with the quantity of its placed lines together."""


def _uses(structure: Structure) -> Uses:
    found: dict[int, list[tuple[int, Quantity]]] = {}
    with localcontext(EXACT):
        for parent, lines in structure.lines.items():
            together: dict[int, Quantity] = {}
            for place, child in enumerate(lines.children):
                if place not in lines.not_placed:
                    together[child] = together.get(child, 0) + lines.quantities[place]
            for child, quantity in together.items():
                found.setdefault(child, []).append((parent, quantity))
    return found


def _children_first(uses: Uses, component: int) -> list[int]:
    """The component and everything above it, each before what contains it (reversed depth-first finishing order)."""
    finished: list[int] = []
    seen = {component}
    stack = [(component, iter(uses.get(component, ())))]
    while stack:
        here, remaining = stack[-1]
        for parent, _ in remaining:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(uses.get(parent, ()))))
                break
        else:
            stack.pop()
            finished.append(here)
    finished.reverse()
    return finished
