"""What differs between two lists of lines: two versions of a BOM, or the BOMs of two components (pure).

Lines are paired by their identity where they have one in common. What is left is paired by the best key the lines offer: the same child
with the same designators and item number, then the same child, then the same place (item number or a common designator) with another
child.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from operator import attrgetter
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


def order_kept(before: Sequence[BomLine], after: Sequence[BomLine]) -> bool:
    """Whether every line that stayed kept its position. Then none has moved among the others, and rows that are in both lists can be left
    out of both."""
    positions = {line.line_id: line.position for line in before}
    return all(positions.get(line.line_id, line.position) == line.position for line in after)


def in_order(lines: Sequence[BomLine], others: Sequence[BomLine]) -> list[BomLine]:
    """Lines of one parent together, as they stand on its BOM."""
    return sorted([*lines, *others], key=lambda line: (line.position, line.key))


def _paired(before: Sequence[BomLine], after: Sequence[BomLine]) -> list[tuple[BomLine | None, BomLine | None]]:
    remaining = {line.key: line for line in before}
    unpaired = {line.key: line for line in after}
    partner: dict[int, BomLine] = {}
    for keys_of in _KEYS:
        if not remaining or not unpaired:
            break
        for new, old in matched(_wishes(unpaired.values(), remaining.values(), keys_of)).items():
            partner[new] = remaining.pop(old)
            del unpaired[new]
    pairs: list[tuple[BomLine | None, BomLine | None]] = [(partner.get(line.key), line) for line in after]
    return pairs + [(line, None) for line in before if line.key in remaining]


def _wishes(
    news: Iterable[BomLine], olds: Iterable[BomLine], keys_of: Callable[[BomLine], list[Hashable]]
) -> dict[int, list[int]]:
    """For each new line, the keys of the old lines that it could have been; none for a line that nothing fits."""
    by_key: dict[Hashable, list[int]] = {}
    for line in olds:
        for key in keys_of(line):
            offered = by_key.setdefault(key, [])
            if len(offered) < CANDIDATES_MAX:
                offered.append(line.key)
    wishes: dict[int, list[int]] = {}
    for line in news:
        offers = [by_key[key] for key in keys_of(line) if key in by_key]
        if offers:
            wishes[line.key] = offers[0] if len(offers) == 1 else [old for each in offers for old in each]
    return wishes


def matched(wishes: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """As many pairs as can be made, each new line with one of the old lines it could be; earlier lines and earlier wishes first.

    Taking the first free one would pair fewer lines in one direction of a comparison than in the other. So a line whose wishes are all
    taken asks their holders to take another one (augmenting paths, found breadth first). Where nobody who was asked could, nobody of them
    ever will, since all that they wish for is held among themselves: they are not asked again.
    """
    partner: dict[int, int] = {}
    holder: dict[int, int] = {}
    given_away: set[int] = set()
    for start, wished in wishes.items():
        for old in wished:
            if old not in holder:
                partner[start], holder[old] = old, start
                break
        else:
            _ask_holders(start, wishes, partner, holder, given_away)
    return partner


def _ask_holders(
    start: int,
    wishes: Mapping[int, Sequence[int]],
    partner: dict[int, int],
    holder: dict[int, int],
    given_away: set[int],
) -> None:
    asked_by: dict[int, int] = {}
    queue = [start]
    for new in queue:
        for old in wishes[new]:
            if old in asked_by or old in given_away:
                continue
            asked_by[old] = new
            if old not in holder:
                _hand_on(old, asked_by, partner, holder)
                return
            queue.append(holder[old])
    given_away.update(asked_by)


def _hand_on(free: int, asked_by: Mapping[int, int], partner: dict[int, int], holder: dict[int, int]) -> None:
    """The free line goes to who asked for it first; what he gives up to who asked him, and so on."""
    passed_on: int | None = free
    while passed_on is not None:
        new = asked_by[passed_on]
        given_up = partner.get(new)
        partner[new], holder[passed_on] = passed_on, new
        passed_on = given_up


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
    moved = moved or (old.parent_key != new.parent_key and old.line_id == new.line_id)
    here, there = _content(old), _content(new)
    if here == there and not moved:
        return None
    fields = tuple([name for name, one, other in zip(_COMPARED, here, there, strict=True) if one != other])
    added, removed = _redesignated(old, new) if "reference_designators" in fields else ((), ())
    kinds = {_KIND_OF[name] for name in fields if name in _KIND_OF}
    if added or removed:
        kinds.add(Difference.REDESIGNATED)
    if moved:
        kinds.add(Difference.MOVED)
    if not kinds:
        return None
    in_order = tuple([kind for kind in _IN_ORDER if kind in kinds]) if len(kinds) > 1 else tuple(kinds)
    return LineDifference(old, new, in_order, fields, added, removed)


def _redesignated(old: BomLine, new: BomLine) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The designators that came, and those that went."""
    before, after = _designators(old), _designators(new)
    known, wanted = set(before), set(after)
    return tuple([each for each in after if each not in known]), tuple([each for each in before if each not in wanted])


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


_content: Callable[[BomLine], tuple[object, ...]] = attrgetter(*_COMPARED)
_KIND_OF: Mapping[str, Difference] = {
    "child_key": Difference.REPLACED,
    "quantity": Difference.REQUANTIFIED,
    "item_number": Difference.MOVED,
    "unit": Difference.CHANGED,
    "notes": Difference.CHANGED,
    "is_do_not_place": Difference.CHANGED,
    "substitutes": Difference.CHANGED,
}
"""What has happened to a line of which the field is another; to which designators, only a look at both can tell."""
_IN_ORDER = tuple(Difference)


def _designators(line: BomLine) -> tuple[str, ...]:
    return parse_designators(line.reference_designators) if line.reference_designators else ()


def _out_of_order(pairs: Sequence[tuple[BomLine, BomLine]]) -> set[int]:
    """Keys of new lines whose order changed: those outside the longest run that kept it. Only lines with one identity can move."""
    kept = sorted(((old, new) for old, new in pairs if old.line_id == new.line_id), key=lambda pair: pair[1].position)
    positions = [old.position for old, _ in kept]
    in_order = _longest_increasing(positions)
    return {kept[index][1].key for index in range(len(kept)) if index not in in_order}


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """Indexes of a longest increasing subsequence."""
    smallest_ends: list[int] = []
    """The smallest value at which an increasing run of each length ends, and its index."""
    ends: list[int] = []
    before: list[int | None] = []
    for index, value in enumerate(values):
        length = bisect_left(smallest_ends, value)
        before.append(ends[length - 1] if length else None)
        smallest_ends[length : length + 1] = [value]
        ends[length : length + 1] = [index]
    chosen: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        chosen.add(step)
        step = before[step]
    return chosen
