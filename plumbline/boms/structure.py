"""The BOMs of a library as a graph in memory: a value, never changed once made.

Lines are kept by parent as parallel tuples rather than as one object per line: a hundred thousand objects would cost more to make, and
to be looked through by the garbage collector, than all that is computed from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeVar

import orjson

Quantity = int | Decimal
"""Exact: whole numbers as int, which is most of them and ten times as fast, the rest as Decimal."""

DERIVED_MAX = 32
"""Answers kept with one graph: a roll-up of 20,000 components takes about 3 MB."""

Answer = TypeVar("Answer")
NOWHERE: frozenset[int] = frozenset()


class Lines(NamedTuple):
    """The lines of one parent, in order, as far as walking the graph needs them."""

    children: tuple[int, ...]
    quantities: tuple[Quantity, ...]
    keys: tuple[int, ...]
    not_placed: frozenset[int] = NOWHERE
    """Places of the lines that are marked do-not-place."""

    def where(self, keep: Callable[[int], bool]) -> Lines:
        """Only the lines whose place is kept."""
        places = [place for place in range(len(self.children)) if keep(place)]
        return Lines(
            tuple(self.children[place] for place in places),
            tuple(self.quantities[place] for place in places),
            tuple(self.keys[place] for place in places),
            frozenset(new for new, old in enumerate(places) if old in self.not_placed),
        )


NO_LINES = Lines((), (), ())


class Structure:
    """Lines by parent, in their order, as of one change of the library. A parent without lines is not there."""

    def __init__(
        self, at_change: int, lines: Mapping[int, Lines], derived: dict[Hashable, object] | None = None
    ) -> None:
        self.at_change = at_change
        self.lines = lines
        self._derived = {} if derived is None else derived

    def of(self, parent: int) -> Lines:
        return self.lines.get(parent, NO_LINES)

    def children(self, parent: int) -> tuple[int, ...]:
        return self.of(parent).children

    @cached_property
    def parents(self) -> dict[int, list[int]]:
        """The parents of each child, each parent once."""
        found: dict[int, list[int]] = {}
        for parent, lines in self.lines.items():
            for child in set(lines.children):
                siblings = found.get(child)
                if siblings is None:
                    found[child] = [parent]
                else:
                    siblings.append(parent)
        return found

    def derived(self, name: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Something computed from this graph, kept with it: it lives and dies with the lines it was made from."""
        known = self._derived.get(name)
        if known is None:
            known = compute()
            if len(self._derived) < DERIVED_MAX:
                self._derived[name] = known
        return known  # type: ignore[return-value]  # whatever stands under a name was put there by the same computation

    def moved_to(self, at_change: int) -> Structure:
        """The same graph at a later change that touched no line; what was derived from it still holds."""
        moved = Structure(at_change, self.lines, self._derived)
        if "parents" in self.__dict__:
            moved.__dict__["parents"] = self.parents
        return moved

    def with_lines(self, at_change: int, changed: Mapping[int, Lines]) -> Structure:
        """The graph after some parents got other lines."""
        lines = dict(self.lines)
        for parent, new in changed.items():
            if new.children:
                lines[parent] = new
            else:
                lines.pop(parent, None)
        return Structure(at_change, lines)


def quantity_of(text: str) -> Quantity:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def quantities_of(joined: str) -> tuple[Quantity, ...]:
    """Whole numbers alone are what a product usually has, and then a reader of JSON makes ints of them at once."""
    if "." not in joined:
        return tuple(orjson.loads(f"[{joined}]"))
    texts = joined.split(",")
    read = {text: quantity_of(text) for text in set(texts)}
    return tuple(map(read.__getitem__, texts))


class LineColumns(NamedTuple):
    """Lines as columns, the lines of one parent together and in order."""

    parents: Sequence[int]
    children: Sequence[int]
    quantities: str
    """Canonical decimals, joined by commas: the text that a database makes fastest."""
    keys: Sequence[int]
    not_placed: frozenset[int]
    """Keys of the lines that are marked do-not-place."""


def lines_by_parent(columns: LineColumns) -> dict[int, Lines]:
    # One int object per component, not one per line: they then stay in the processor's cache, which halves what walking costs.
    same: dict[int, int] = {}
    children = tuple(map(same.setdefault, columns.children, columns.children))
    quantities = quantities_of(columns.quantities)
    keys = tuple(columns.keys)
    found: dict[int, Lines] = {}
    start = 0
    for parent, count in Counter(columns.parents).items():  # in the order of the columns
        end = start + count
        own = keys[start:end]
        not_placed = NOWHERE
        if columns.not_placed and not columns.not_placed.isdisjoint(own):
            not_placed = frozenset(place for place, key in enumerate(own) if key in columns.not_placed)
        found[same.setdefault(parent, parent)] = Lines(children[start:end], quantities[start:end], own, not_placed)
        start = end
    return found
