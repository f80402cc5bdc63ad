"""The indented BOM: every use of every part below a top, depth first, in the order of the lines (pure).

The number of rows can be astronomical where assemblies are shared (a product of 100,000 lines may have 10^8 paths), so rows are made
one by one and the caller takes as many as a page holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from plumbline.boms.structure import Edge, Quantity, Structure
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
    lines = structure.lines
    stack: list[tuple[int, Quantity, tuple[int, ...], Iterator[tuple[int, Edge]]]] = [
        (top, top_total, top_path, iter(enumerate(lines.get(top, ()), start=1)))
    ]
    while stack:
        parent, parent_total, path, remaining = stack[-1]
        following = next(remaining, None)
        if following is None:
            stack.pop()
            continue
        place, edge = following
        total = times(parent_total, edge.quantity)
        below = lines.get(edge.child)
        here = (*path, place)
        yield ExplodedLine(
            len(stack),
            parent,
            edge.line_key,
            edge.child,
            edge.quantity,
            total,
            edge.is_do_not_place,
            below is not None,
            here,
        )
        if below is not None and len(stack) < depth_max:
            stack.append((edge.child, total, here, iter(enumerate(below, start=1))))


def times(one: Quantity, other: Quantity) -> Quantity:
    """The exact product; a whole product of decimals becomes an int again."""
    if one.__class__ is int and other.__class__ is int:
        return one * other
    product = EXACT.multiply(one, other)
    whole = product.to_integral_value()
    return int(whole) if whole == product else product
