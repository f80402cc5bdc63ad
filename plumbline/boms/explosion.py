"""The indented BOM: every use of every part below a top, depth first, in the order of the lines (pure).

The number of rows can be astronomical where assemblies are shared (a product of 100,000 lines may have 10^8 paths), so rows are made
one by one and the caller takes as many as a page holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from plumbline.boms.structure import Lines, Quantity, Structure
from plumbline.kit.quantity import EXACT

DEPTH_MAX = 100


class ExplodedLine(NamedTuple):
    """A line at its place below the top: `level` 1 is directly below."""

    level: int
    parent: int
    line_key: int
    child: int
    quantity: Quantity
    """Per one parent."""
    total: Quantity
    """Per one top: the product along the path."""
    is_do_not_place: bool
    has_children: bool
    path: tuple[int, ...]
    """The places of the lines from the top down, counted from 1."""


def explode(structure: Structure, top: int, *, depth_max: int = DEPTH_MAX) -> Iterator[ExplodedLine]:
    """Every row, lazily. A line that is not placed is shown with all that is below it."""
    yield from _below(structure, top, 1, (), depth_max)


def explode_page(
    structure: Structure, top: int, *, offset: int, limit: int, depth_max: int = DEPTH_MAX
) -> list[ExplodedLine]:
    return list(islice(explode(structure, top, depth_max=depth_max), offset, offset + limit))


def _below(
    structure: Structure, top: int, top_total: Quantity, top_path: tuple[int, ...], depth_max: int
) -> Iterator[ExplodedLine]:
    """Depth first with a stack of its own: recursion would cost a Python frame for every level of every row."""
    graph = structure.lines
    lines = structure.of(top)
    stack: list[tuple[int, Lines, Quantity, tuple[int, ...], Iterator[int]]] = [
        (top, lines, top_total, top_path, iter(range(len(lines.children))))
    ]
    while stack:
        parent, lines, parent_total, path, remaining = stack[-1]
        place = next(remaining, None)
        if place is None:
            stack.pop()
            continue
        child, quantity = lines.children[place], lines.quantities[place]
        total = times(parent_total, quantity)
        below = graph.get(child)
        here = (*path, place + 1)
        yield ExplodedLine(
            len(stack),
            parent,
            lines.keys[place],
            child,
            quantity,
            total,
            place in lines.not_placed,
            below is not None,
            here,
        )
        if below is not None and len(stack) < depth_max:
            stack.append((child, below, total, here, iter(range(len(below.children)))))


def times(one: Quantity, other: Quantity) -> Quantity:
    """The exact product."""
    if one.__class__ is int and other.__class__ is int:
        return one * other
    return simplest(EXACT.multiply(one, other))


def simplest(quantity: Quantity) -> Quantity:
    """A whole quantity as an int."""
    whole = int(quantity)
    return whole if whole == quantity else quantity
