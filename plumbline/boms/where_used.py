"""Where a component is used: directly, anywhere above, and in which tops (pure)."""

from __future__ import annotations

from plumbline.boms.structure import Structure


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
