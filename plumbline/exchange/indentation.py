"""Structure that only the eye sees: names that are set further to the right the deeper they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from plumbline.exchange.columns import LIKELY, Column, Role
from plumbline.exchange.grid import Row
from plumbline.exchange.headers import Block

_INDENT = re.compile(r"[\s\u00a0]*")
_ROWS_MIN = 3
_STEP_MIN = 2
"""Blanks; a single one in front of a name is only untidy."""
_NAMES = (Role.NUMBER, Role.LONG_NAME, Role.SHORT_NAME, Role.NAME)
_STRUCTURED = (Role.LEVEL, Role.PARENT, Role.ASSEMBLY)


def with_levels_of_indentation(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with a column of levels in front, where the names of the parts are indented like a tree; unchanged otherwise."""
    header = blocks[0].header
    if len(blocks) > 1 or any(header.has(role) for role in _STRUCTURED):
        return list(blocks)
    for role in _NAMES:
        column = header.column(role)
        levels = _levels(blocks[0].rows, column) if column is not None else None
        if levels is not None and column is not None:
            reason = f"{header.titles[column]} is indented like a tree"
            level = Column("", Role.LEVEL, LIKELY, reason)
            rows = [
                Row(row.number, (str(depth), *row.cells)) for row, depth in zip(blocks[0].rows, levels, strict=True)
            ]
            return [Block(replace(header, columns=(level, *header.columns), width=header.width + 1), tuple(rows))]
    return list(blocks)


def _levels(rows: Sequence[Row], column: int) -> list[int] | None:
    """From 1; None where the cells are not a tree: steps of one width, and never more than one of them down at once."""
    cells = [row.cells[column] if column < len(row.cells) else "" for row in rows]
    if len(cells) < _ROWS_MIN or not all(cell.strip() for cell in cells):
        return None
    indents = [len(match.group().expandtabs(4)) for cell in cells if (match := _INDENT.match(cell)) is not None]
    step = min((indent for indent in indents if indent > indents[0]), default=indents[0]) - indents[0]
    if step < _STEP_MIN or any((indent - indents[0]) % step or indent < indents[0] for indent in indents):
        return None
    levels = [1 + (indent - indents[0]) // step for indent in indents]
    return levels if all(below - above <= 1 for above, below in pairwise(levels)) else None
