"""What the library has, as plain values: the left side of an import plan.

It holds the parts that an import may touch and, for finding loops, the lines of everything below and above them; taking all
of a library is always right. It is read in one transaction with the plan's application, or checked again by version there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from plumbline.exchange.model import ImportedSource


@dataclass(frozen=True, slots=True)
class PartValues:
    """The values of a part that an import can set."""

    name: str
    description: str = ""
    category_path: tuple[str, ...] = ()
    unit: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[ImportedSource, ...] = ()
    aliases: frozenset[str] = frozenset()
    """Import keys and numbers that the part also goes by, its own part number not among them."""


@dataclass(frozen=True, slots=True)
class KnownLine:
    line_id: str
    child_id: str
    quantity: Decimal | None
    unit: str | None = None
    item_number: str | None = None
    reference_designators: tuple[str, ...] = ()
    notes: str = ""
    do_not_place: bool = False
    substitutes: tuple[str, ...] | None = None
    """Ids of parts; None when the library does not keep substitutes, and then they are not compared."""


@dataclass(frozen=True, slots=True)
class KnownPart:
    id: str
    cpn: str
    head_version: int
    values: PartValues
    lines: tuple[KnownLine, ...] = ()
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    parts: tuple[KnownPart, ...] = ()
    categories: tuple[tuple[str, ...], ...] = ()
