"""What every filter of the wire goes through last: its size, and the archive."""

from __future__ import annotations

from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import (
    DEPTH_MAX,
    EVERYTHING,
    LEAVES_MAX,
    All,
    Field,
    Filter,
    Not,
    Operator,
    Where,
    size_of,
)
from plumbline.components.filter_terms import mentions

VALUES_MAX = 5000
"""Members of all lists of a filter together; each is a variable of the statement, and databases take 32,766."""


def finished(tree: Filter) -> Filter:
    """The filter as a list takes it: of bearable size, and without archived components."""
    checked_size(tree)
    return without_archived(tree)


def checked_size(tree: Filter) -> Filter:
    depth, leaves = size_of(tree)
    if depth > DEPTH_MAX or leaves > LEAVES_MAX:
        raise InvalidFilter(
            f"The filter has {leaves} conditions in {depth} levels.",
            expected=f"at most {LEAVES_MAX} conditions in {DEPTH_MAX} levels",
        )
    values = _values_in(tree)
    if values > VALUES_MAX:
        raise InvalidFilter(f"The lists of the filter have {values} members.", expected=f"at most {VALUES_MAX}")
    return tree


def without_archived(tree: Filter) -> Filter:
    """Leaves archived components out, unless the filter says something about the archive itself."""
    if mentions(tree, Field.ARCHIVED):
        return tree
    present = Where(Field.ARCHIVED, Operator.EQ, False)
    return present if tree == EVERYTHING else All((tree, present))


def _values_in(tree: Filter) -> int:
    if isinstance(tree, Where):
        return len(tree.value) if isinstance(tree.value, tuple) else 1
    parts = (tree.part,) if isinstance(tree, Not) else tree.parts
    return sum(_values_in(part) for part in parts)
