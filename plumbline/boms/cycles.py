"""Whether new lines would make a component part of itself (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plumbline.boms.structure import Structure


def cycle_through(structure: Structure, new_children: Mapping[int, Iterable[int]]) -> list[int] | None:
    """The keys along a cycle that the new lines would close, beginning and ending with the same component; None if there is none.

    `new_children`: for each parent that gets lines, the children of the new ones. The structure itself has no cycles.
    """
    extra = {parent: set(children) for parent, children in new_children.items()}
    for parent, children in extra.items():
        for child in children:
            path = _path(structure, extra, child, parent)
            if path is not None:
                return [parent, *path]
    return None


def _path(structure: Structure, extra: Mapping[int, set[int]], start: int, goal: int) -> list[int] | None:
    """A way down from `start` to `goal`."""
    came_from: dict[int, int | None] = {start: None}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return _walked(came_from, goal)
        for child in (*structure.children(here), *extra.get(here, ())):
            if child not in came_from:
                came_from[child] = here
                waiting.append(child)
    return None


def _walked(came_from: Mapping[int, int | None], end: int) -> list[int]:
    path = [end]
    while (before := came_from[path[-1]]) is not None:
        path.append(before)
    return path[::-1]
