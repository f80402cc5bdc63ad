"""The rows of a list before anybody asks for columns: indented, flat, or every component once (pure).

Lines that are marked do-not-place, and all that is only below them, are left out unless a template asks for them; they then stand in
the list, are marked, and cost nothing. In a flat list the pieces that are placed and those that are not have a row each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from plumbline.boms.explosion import ExplodedLine, explode, simplest
from plumbline.boms.roll_up import Quantities
from plumbline.boms.structure import NO_LINES, Quantity, Structure
from plumbline.kit.quantity import EXACT


class PartLine(NamedTuple):
    """One row: a component at its place, or in all its places."""

    number: int
    """Counted from 1 through the whole list."""
    level: int
    path: str
    """`1.4.2`; empty where a row stands for several places."""
    parent: int
    """0 where a row stands for several places."""
    child: int
    line_keys: tuple[int, ...]
    quantity: Quantity | None
    """Per one parent; None where a row stands for several places."""
    total: Quantity
    """Per one product."""
    is_built: bool
    """Whether it is placed, and everything above it."""
    has_children: bool


def indented_lines(structure: Structure, top: int, *, include_do_not_place: bool) -> Iterator[PartLine]:
    """Every use of every part, depth first, one by one."""
    number = 0
    for row, is_built in _with_built(explode(structure, top)):
        if not is_built and not include_do_not_place:
            continue
        number += 1
        path = ".".join(map(str, row.path))
        keys = (row.line_key,)
        yield PartLine(
            number, row.level, path, row.parent, row.child, keys, row.quantity, row.total, is_built, row.has_children
        )


def _with_built(rows: Iterable[ExplodedLine]) -> Iterator[tuple[ExplodedLine, bool]]:
    unbuilt_from: int | None = None
    for row in rows:
        if unbuilt_from is not None and row.level <= unbuilt_from:
            unbuilt_from = None
        if unbuilt_from is None and row.is_do_not_place:
            unbuilt_from = row.level
        yield row, unbuilt_from is None


@dataclass(frozen=True)
class Counted:
    """What a product contains: as it is built, and with everything that is drawn but not placed."""

    placed: Quantities
    everything: Quantities

    def is_built_everywhere(self, key: int) -> bool:
        return self.unplaced(key) == 0

    def unplaced(self, key: int) -> Quantity:
        if key == self.everything.top:
            return 0
        with localcontext(EXACT):
            return simplest(self.everything.totals[key] - Decimal(self.placed.totals.get(key, 0)))


def flat_rows(counted: Counted, *, include_do_not_place: bool, with_assemblies: bool) -> list[tuple[int, bool]]:
    """Keys of components, each with whether the row counts what is placed; those that are placed first."""
    placed, everything = counted.placed, counted.everything
    rows = [(key, True) for key in (placed.totals if with_assemblies else placed.leaves) if placed.totals[key]]
    if include_do_not_place:
        others = everything.totals if with_assemblies else everything.leaves
        rows += [(key, False) for key in others if not counted.is_built_everywhere(key)]
    return rows


def flat_lines(counted: Counted, rows: Sequence[tuple[int, bool]], first_number: int) -> list[PartLine]:
    """The rows of a page; `first_number` is that of its first row."""
    lines = _line_keys(counted, rows)
    levels = counted.everything.levels
    return [
        PartLine(
            number,
            levels[key],
            "",
            0,
            key,
            tuple(lines[key, is_built]),
            None,
            counted.placed.totals[key] if is_built else counted.unplaced(key),
            is_built,
            key in counted.everything.lines,
        )
        for number, (key, is_built) in enumerate(rows, first_number)
    ]


def _line_keys(counted: Counted, rows: Sequence[tuple[int, bool]]) -> dict[tuple[int, bool], list[int]]:
    """The lines on which each row's component stands below the top."""
    found: dict[tuple[int, bool], list[int]] = {row: [] for row in rows}
    everything = counted.everything
    for parent in (everything.top, *everything.totals):
        lines = everything.lines.get(parent, NO_LINES)
        is_built = parent == everything.top or bool(counted.placed.totals.get(parent, 0))
        is_unbuilt = not counted.is_built_everywhere(parent)
        for place, (child, key) in enumerate(zip(lines.children, lines.keys, strict=True)):
            is_placed = place not in lines.not_placed
            if is_built and is_placed and (child, True) in found:
                found[child, True].append(key)
            if (is_unbuilt or not is_placed) and (child, False) in found:
                found[child, False].append(key)
    return found


def unit_costs(placed: Quantities, prices: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What one piece of each component costs: a part its price, an assembly what is in it. Without any price, it is not there."""
    found: dict[int, Decimal] = {}
    with localcontext(EXACT):
        for key in reversed((placed.top, *placed.totals)):  # children before their parents
            below = placed.lines.get(key)
            if below is None:
                if key in prices:
                    found[key] = prices[key]
                continue
            costs = [
                found[child] * quantity
                for child, quantity in zip(below.children, below.quantities, strict=True)
                if child in found
            ]
            if costs:
                found[key] = sum(costs, Decimal(0))
    return found
