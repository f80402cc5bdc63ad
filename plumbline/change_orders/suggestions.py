"""Which components a change drags along: what an item is made of and is not released as it is now (pure)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plumbline.boms.structure import Structure


class Dragged(NamedTuple):
    component_key: int
    """What is missing."""
    parent_key: int
    """What is made of it and comes first on the way down from an item."""


def dragged_along(structure: Structure, items: Iterable[int], is_released: Mapping[int, bool]) -> list[Dragged]:
    """Everything below the items that has no release, or one of an older version, nearest to the items first, each once.

    The walk goes on below what it finds and stops at what is released as it is: its release holds what is below it.
    """
    found: list[Dragged] = []
    waiting = deque(items)
    seen = set(waiting)
    while waiting:
        parent = waiting.popleft()
        for child in structure.children(parent):
            if child in seen:
                continue
            seen.add(child)
            if not is_released.get(child, True):
                found.append(Dragged(child, parent))
                waiting.append(child)
    return found


def reached(structure: Structure, items: Iterable[int]) -> set[int]:
    """The items and everything below them."""
    found = set(items)
    waiting = list(found)
    while waiting:
        for child in structure.children(waiting.pop()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found
