"""What differs between two lists of lines: two versions of a BOM, or the BOMs of two components (pure).

Lines are paired by their identity where they have one in common. What is left is paired by the best key the lines offer: the same child
with the same designators and item number, then the same child, then the same place (item number or a common designator) with another
child.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from plumbline.boms.designators import parse_designators
from plumbline.boms.model import BomLine

CANDIDATES_MAX = 50
"""Old lines that one key can offer to a new one; a designator that stands on more lines than that says nothing."""


class Difference(StrEnum):
    """What happened to a line; one line can have several."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    REPLACED = "REPLACED"
    """The same place, another child."""
    REQUANTIFIED = "REQUANTIFIED"
    REDESIGNATED = "REDESIGNATED"
    MOVED = "MOVED"
    """Another item number, or another place in the order."""
    CHANGED = "CHANGED"
    """Unit, notes, do-not-place or substitutes."""


class LineDifference(NamedTuple):
    before: BomLine | None
    after: BomLine | None
    kinds: tuple[Difference, ...]
    fields: tuple[str, ...]
    designators_added: tuple[str, ...]
    designators_removed: tuple[str, ...]


def compare_lines(before: Sequence[BomLine], after: Sequence[BomLine]) -> list[LineDifference]:
    """The lines that differ, in the order of the second list, removed ones last."""
    pairs = _paired(before, after)
    out_of_order = _out_of_order([(old, new) for old, new in pairs if old is not None and new is not None])
    found = []
    for old, new in pairs:
        difference = _difference(old, new, moved=new is not None and new.key in out_of_order)
        if difference is not None:
            found.append(difference)
    return found


def _paired(before: Sequence[BomLine], after: Sequence[BomLine]) -> list[tuple[BomLine | None, BomLine | None]]:
    remaining = {line.key: line for line in before}
    partner: dict[int, BomLine] = {}
    for keys_of in _KEYS:
        by_key: dict[Hashable, list[int]] = {}
        for line in remaining.values():
            for key in keys_of(line):
                by_key.setdefault(key, []).append(line.key)
        wishes = {
            line.key: [old for key in keys_of(line) for old in by_key.get(key, ())[:CANDIDATES_MAX]]
            for line in after
            if line.key not in partner
        }
        for new, old in matched(wishes).items():
            partner[new] = remaining.pop(old)
    pairs: list[tuple[BomLine | None, BomLine | None]] = [(partner.get(line.key), line) for line in after]
    return pairs + [(line, None) for line in before if line.key in remaining]


def matched(wishes: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """As many pairs as can be made, each new line with one of the old lines it could be; earlier lines and earlier wishes first.

    Taking the first free one would pair fewer lines in one direction of a comparison than in the other. So a line whose wishes are all
    taken asks their holders to take another one (augmenting paths, found breadth first).
    """
    partner: dict[int, int] = {}
    holder: dict[int, int] = {}
    for start in wishes:
        asked_by: dict[int, int] = {}
        queue = [start]
        free = None
        for new in queue:
            for old in wishes[new]:
                if old not in asked_by:
                    asked_by[old] = new
                    if old not in holder:
                        free = old
                        break
                    queue.append(holder[old])
            if free is not None:
                break
        while free is not None:
            new = asked_by[free]
            given_up = partner.get(new)
            partner[new], holder[free] = free, new
            free = given_up
    return partner


def _by_identity(line: BomLine) -> list[Hashable]:
    return [line.line_id]


def _by_child_and_place(line: BomLine) -> list[Hashable]:
    return [(line.child_key, line.item_number, line.reference_designators)]


def _by_child(line: BomLine) -> list[Hashable]:
    return [line.child_key]


def _by_place(line: BomLine) -> list[Hashable]:
    places: list[Hashable] = [("designator", each) for each in _designators(line)]
    return places + ([("item", line.item_number)] if line.item_number is not None else [])


_KEYS: tuple[Callable[[BomLine], list[Hashable]], ...] = (_by_identity, _by_child_and_place, _by_child, _by_place)


def _difference(old: BomLine | None, new: BomLine | None, *, moved: bool) -> LineDifference | None:
    if old is None or new is None:
        line = new or old
        designators = _designators(line) if line is not None else ()
        return LineDifference(
            old,
            new,
            (Difference.ADDED if old is None else Difference.REMOVED,),
            (),
            designators if old is None else (),
            designators if new is None else (),
        )
    kinds: list[Difference] = []
    fields = [name for name in _COMPARED if getattr(old, name) != getattr(new, name)]
    if "child_key" in fields:
        kinds.append(Difference.REPLACED)
    if "quantity" in fields:
        kinds.append(Difference.REQUANTIFIED)
    here, there = _designators(old), _designators(new)
    added = tuple(each for each in there if each not in set(here))
    removed = tuple(each for each in here if each not in set(there))
    if added or removed:
        kinds.append(Difference.REDESIGNATED)
    if "item_number" in fields or moved or (old.parent_key != new.parent_key and old.line_id == new.line_id):
        kinds.append(Difference.MOVED)
    if any(name in fields for name in ("unit", "notes", "is_do_not_place", "substitutes")):
        kinds.append(Difference.CHANGED)
    if not kinds:
        return None
    return LineDifference(old, new, tuple(kinds), tuple(fields), added, removed)


_COMPARED = (
    "child_key",
    "quantity",
    "unit",
    "item_number",
    "reference_designators",
    "notes",
    "is_do_not_place",
    "substitutes",
)


def _designators(line: BomLine) -> tuple[str, ...]:
    return parse_designators(line.reference_designators)


def _out_of_order(pairs: Sequence[tuple[BomLine, BomLine]]) -> set[int]:
    """Keys of new lines whose order changed: those outside the longest run that kept it. Only lines with one identity can move."""
    kept = sorted(((old, new) for old, new in pairs if old.line_id == new.line_id), key=lambda pair: pair[1].position)
    positions = [old.position for old, _ in kept]
    in_order = _longest_increasing(positions)
    return {kept[index][1].key for index in range(len(kept)) if index not in in_order}


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """Indexes of a longest increasing subsequence."""
    ends: list[int] = []
    before: list[int | None] = []
    for index, value in enumerate(values):
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) // 2
            if values[ends[middle]] < value:
                low = middle + 1
            else:
                high = middle
        before.append(ends[low - 1] if low else None)
        ends[low : low + 1] = [index]
    chosen: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        chosen.add(step)
        step = before[step]
    return chosen
