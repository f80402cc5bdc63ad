"""The nouns of BOMs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from plumbline.components.model import UNSET, Unset


class BomLine(NamedTuple):
    """A line as it holds in some version of its parent. Components are named by row key; ids are looked up when shown."""

    key: int
    line_id: str
    parent_key: int
    child_key: int
    position: int
    quantity: str
    """An exact decimal per one parent, in canonical form."""
    unit: str
    item_number: int | None
    reference_designators: str
    """As a text in which runs are written as ranges: `C1-C3, R7`."""
    notes: str
    is_do_not_place: bool
    substitutes: str
    """A JSON list of component ids."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """`child` is a component id. Without a unit, the child's own unit of measure is meant."""

    child: str
    quantity: Decimal
    unit: str | None = None
    item_number: int | None = None
    reference_designators: str = ""
    notes: str = ""
    is_do_not_place: bool = False
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineChange:
    """An edit of one line: every field that is not UNSET. Another `child` replaces the part in its place."""

    line_id: str
    child: str | Unset = UNSET
    quantity: Decimal | Unset = UNSET
    unit: str | Unset = UNSET
    item_number: int | Unset | None = UNSET
    reference_designators: str | Unset = UNSET
    notes: str | Unset = UNSET
    is_do_not_place: bool | Unset = UNSET
    substitutes: tuple[str, ...] | Unset = UNSET


@dataclass(frozen=True, slots=True)
class LineMove:
    """Puts a line before another one (at the end without it), in its own parent or in another."""

    line_id: str
    to_parent: str | None = None
    before_line_id: str | None = None


@dataclass(frozen=True, slots=True)
class BomEdit:
    """Everything that is to happen to the lines of one parent. `replace_all` gives it exactly these lines: those with a child that is
    there already keep their identity."""

    parent: str
    expected_version: int | None = None
    add: tuple[NewLine, ...] = ()
    change: tuple[LineChange, ...] = ()
    move: tuple[LineMove, ...] = ()
    remove: tuple[str, ...] = ()
    replace_all: tuple[NewLine, ...] | None = None
