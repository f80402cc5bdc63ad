"""The BOMs of a library as a graph in memory: a value, never changed once made."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeVar

Quantity = int | Decimal
"""Exact: whole numbers as int, which is most of them and ten times as fast, the rest as Decimal."""


DERIVED_MAX = 32
"""Answers kept with one graph: a roll-up of 20,000 components takes about 3 MB."""

Answer = TypeVar("Answer")


class Edge(NamedTuple):
    """A line, as far as walking the graph needs it."""

    line_key: int
    child: int
    quantity: Quantity
    is_do_not_place: bool


class Structure:
    """Lines by parent, in their order, as of one change of the library."""

    def __init__(
        self, at_change: int, lines: Mapping[int, tuple[Edge, ...]], derived: dict[Hashable, object] | None = None
    ) -> None:
        self.at_change = at_change
        self.lines = lines
        self._derived = {} if derived is None else derived

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

    def children(self, parent: int) -> tuple[Edge, ...]:
        return self.lines.get(parent, ())

    @cached_property
    def parents(self) -> dict[int, list[int]]:
        """The parents of each child, each parent once."""
        found: dict[int, list[int]] = {}
        for parent, edges in self.lines.items():
            for child in {edge.child for edge in edges}:
                found.setdefault(child, []).append(parent)
        return found

    def with_lines(self, at_change: int, changed: Mapping[int, Sequence[Edge]]) -> Structure:
        """The graph after some parents got other lines."""
        lines = dict(self.lines)
        for parent, edges in changed.items():
            if edges:
                lines[parent] = tuple(edges)
            else:
                lines.pop(parent, None)
        return Structure(at_change, lines)


_quantities: dict[str, Quantity] = {}
"""Quantities that were read before, by their text: a library has few different ones."""


def quantity_of(text: str) -> Quantity:
    known = _quantities.get(text)
    if known is None:
        number = Decimal(text)
        known = int(number) if number == number.to_integral_value() else number
        if len(_quantities) < 10_000:
            _quantities[text] = known
    return known


def edges_by_parent(rows: Iterable[Sequence[object]]) -> dict[int, tuple[Edge, ...]]:
    """Rows of (parent key, line key, child key, quantity text, do-not-place), the lines of one parent together and in order."""
    found: dict[int, list[Edge]] = {}
    make = tuple.__new__
    known = _quantities
    for parent, line_key, child, text, is_do_not_place in rows:
        quantity = known.get(text)  # type: ignore[call-overload]  # rows come typed as object; the columns are known
        if quantity is None:
            quantity = quantity_of(text)  # type: ignore[arg-type]  # the same
        edge = make(Edge, (line_key, child, quantity, is_do_not_place))
        siblings = found.get(parent)  # type: ignore[call-overload]  # the same
        if siblings is None:
            found[parent] = [edge]  # type: ignore[index]  # the same
        else:
            siblings.append(edge)
    return {parent: tuple(edges) for parent, edges in found.items()}
