"""Which line of an assembly an imported line is, although imported lines have no identity.

First as many lines as possible are paired with one that they would not change, so that an import that was carried out finds
all of its lines again. The rest is paired off in passes, from what tells most to what tells least: same child at the same item
number; same child with the same designators; same child and quantity; same child. What is left then is paired by item number
and by designators alone: there another part has taken the place. Nothing is paired twice, and equal lines pair in order.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from plumbline.exchange.merging import FieldChange
from plumbline.exchange.model import ImportedLine
from plumbline.exchange.snapshot import KnownLine


class WantedLine(NamedTuple):
    """An imported line with its child as the library knows it: an id, or the import key of a part to be created."""

    line: ImportedLine
    child: str
    substitutes: tuple[str, ...]


class LinePair(NamedTuple):
    wanted: WantedLine | None
    """None for a line that the import does not have."""
    known: KnownLine | None
    """None for a line that the library does not have."""


_Mark = Callable[[str, str | None, tuple[str, ...], Decimal | None], Hashable | None]
"""Child, item number, sorted designators, quantity to what a pass compares; None takes the line out of the pass."""

_SAME_CHILD_PAIRS_MAX = 40_000
"""200 lines of one child in one parent, old against new; beyond that the passes alone must do."""


def _place_and_count(child: str, item: str | None, designators: tuple[str, ...], quantity: Decimal | None) -> Hashable:
    return (child, item, designators, quantity)


_PASSES: tuple[_Mark, ...] = (
    lambda child, item, designators, quantity: (child, item) if item else None,
    lambda child, item, designators, quantity: (child, designators) if designators else None,
    lambda child, item, designators, quantity: (child, quantity),
    lambda child, item, designators, quantity: child,
    lambda child, item, designators, quantity: item or None,
    lambda child, item, designators, quantity: designators or None,
)


def pair_lines(wanted: Sequence[WantedLine], known: Sequence[KnownLine]) -> tuple[LinePair, ...]:
    """Every line of both sides exactly once: the imported ones in their order, then those only the library has."""
    partner: dict[int, int] = {}
    _pair_pass(_place_and_count, wanted, known, partner)
    _pair_unchanged(wanted, known, partner)
    for mark in _PASSES:
        _pair_pass(mark, wanted, known, partner)
    taken = set(partner.values())
    pairs = [LinePair(new, known[partner[index]] if index in partner else None) for index, new in enumerate(wanted)]
    return (*pairs, *(LinePair(None, line) for index, line in enumerate(known) if index not in taken))


def _pair_pass(mark: _Mark, wanted: Sequence[WantedLine], known: Sequence[KnownLine], partner: dict[int, int]) -> None:
    """Pairs lines of the same mark in their order; `partner` holds indices of both sides and grows."""
    taken = set(partner.values())
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for index, line in enumerate(known):
        found = mark(line.child_id, line.item_number, tuple(sorted(line.reference_designators)), line.quantity)
        if index not in taken and found is not None:
            waiting[found].append(index)
    for index, new in enumerate(wanted):
        found = mark(new.child, new.line.item_number, tuple(sorted(new.line.reference_designators)), new.line.quantity)
        if index not in partner and found is not None and waiting.get(found):
            partner[index] = waiting[found].popleft()


def _pair_unchanged(wanted: Sequence[WantedLine], known: Sequence[KnownLine], partner: dict[int, int]) -> None:
    """Pairs as many lines as possible of which the import says nothing new.

    A line that says little fits many, so taking the first that fits is not enough: the pairs are a maximum matching, found
    with augmenting paths among the lines of one child. All lines of the same child are open to it, the identical ones too.
    """
    new_by_child: dict[str, list[int]] = defaultdict(list)
    known_by_child: dict[str, list[int]] = defaultdict(list)
    for index, new in enumerate(wanted):
        new_by_child[new.child].append(index)
    for index, line in enumerate(known):
        known_by_child[line.child_id].append(index)
    for child, indices in new_by_child.items():
        candidates = known_by_child.get(child, [])
        if len(indices) * len(candidates) > _SAME_CHILD_PAIRS_MAX:
            continue
        if all(index in partner and not line_differences(wanted[index], known[partner[index]]) for index in indices):
            continue
        fits = {index: [at for at in candidates if not line_differences(wanted[index], known[at])] for index in indices}
        holder = {partner[index]: index for index in indices if index in partner and partner[index] in fits[index]}
        for index in indices:
            partner.pop(index, None)
        for index in indices:
            if index not in holder.values():
                _augment(index, fits, holder, set())
        partner.update({index: at for at, index in holder.items()})


def _augment(index: int, fits: Mapping[int, Sequence[int]], holder: dict[int, int], tried: set[int]) -> bool:
    """Finds a place for one line, moving others on if need be; no deeper than there are lines of one child."""
    for at in fits[index]:
        if at in tried:
            continue
        tried.add(at)
        if at not in holder or _augment(holder[at], fits, holder, tried):
            holder[at] = index
            return True
    return False


def line_differences(new: WantedLine, known: KnownLine) -> tuple[FieldChange, ...]:
    """Field by field; what the import does not say is no difference."""
    line = new.line
    changes = [
        FieldChange("child", known.child_id, new.child),
        FieldChange(
            "quantity", _text(known.quantity), _text(known.quantity if line.quantity is None else line.quantity)
        ),
        FieldChange("unit", known.unit, line.unit or known.unit),
        FieldChange("itemNumber", known.item_number, line.item_number or known.item_number),
        _set_change("referenceDesignators", known.reference_designators, line.reference_designators),
        FieldChange("notes", known.notes or None, line.notes or known.notes or None),
        FieldChange("doNotPlace", str(known.do_not_place), str(line.do_not_place)),
    ]
    if known.substitutes is not None:
        changes.append(_set_change("substitutes", known.substitutes, new.substitutes))
    return tuple(change for change in changes if change.before != change.after)


def _set_change(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> FieldChange:
    """Neither designators nor substitutes have an order that means anything."""
    return FieldChange(field, ", ".join(sorted(before)) or None, ", ".join(sorted(after or before)) or None)


def _text(quantity: Decimal | None) -> str | None:
    """Equal numbers read the same, whatever zeros they end in."""
    return None if quantity is None else format(quantity.normalize(), "f")
