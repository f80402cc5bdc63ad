"""What a change of a component means: the products that contain it, and what it costs, weighs and takes now and before (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plumbline.boms.roll_up import Combine, Quantities, combined, cost_of, lead_times, quantities
from plumbline.boms.structure import Quantity, Structure
from plumbline.boms.where_used import ancestors, direct_parents, quantities_above
from plumbline.catalog.model import Attribute
from plumbline.components.model import Brief, Component, NewSource
from plumbline.kit.quantity import EXACT

LISTED_MAX = 100
"""Products, and parts without a value, that an impact names; the rest is counted. A screw is in everything that a company makes."""


@dataclass(frozen=True, slots=True)
class Use:
    """Where a component stands in one view. A top is a product: nothing contains it."""

    direct_count: int
    ancestor_count: int
    top_count: int
    tops: tuple[tuple[int, Quantity], ...]
    """The nearest ones, by key, with how many of the component are built into one; 0 where it is nowhere placed."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Parts that count nothing in a sum, for nobody has said what they cost, weigh or take."""

    count: int
    listed: tuple[int, ...]


NOTHING_MISSING = Missing(0, ())


@dataclass(frozen=True, slots=True)
class Delta:
    """A rolled-up value of one component at its last release and of its newest version. None where no part has a value, and before the
    first release."""

    before: Decimal | None
    after: Decimal | None
    unit: str | None
    missing_before: Missing = NOTHING_MISSING
    missing_after: Missing = NOTHING_MISSING

    @property
    def change(self) -> Decimal | None:
        if self.before is None or self.after is None:
            return None
        return EXACT.subtract(self.after, self.before)

    @property
    def is_complete(self) -> bool:
        """Whether nothing was missing on either side, so that the change is the whole truth."""
        return not (self.missing_before.count or self.missing_after.count)


@dataclass(frozen=True, slots=True)
class Impact:
    component: Component
    released: Use
    """In the products as they were last released."""
    working: Use
    """In the products as people work on them."""
    cost: Delta
    mass: Delta | None
    """None where the library has no attribute for mass."""
    lead_time: Delta
    names: Mapping[int, Brief]
    """Of every component that is listed."""

    def listed(self) -> list[int]:
        """Keys of what is named anywhere, each once."""
        keys = [key for use in (self.released, self.working) for key, _ in use.tops]
        for delta in filter(None, (self.cost, self.mass, self.lead_time)):
            keys += [*delta.missing_before.listed, *delta.missing_after.listed]
        return list(dict.fromkeys(keys))


def use_of(structure: Structure, component: int) -> Use:
    above = ancestors(structure, component)
    tops = [key for key in above if key not in structure.parents]
    nearest = sorted(tops, key=lambda key: (above[key], key))[:LISTED_MAX]
    amounts = quantities_above(structure, component) if nearest else {}
    return Use(
        len(direct_parents(structure, component)),
        len(above),
        len(tops),
        tuple((key, amounts.get(key, 0)) for key in nearest),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """What is known of the parts that something consists of, by key."""

    sources: Mapping[int, Sequence[NewSource]]
    masses: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Totals:
    """What one piece of a component costs, weighs and takes."""

    cost: Decimal | None
    mass: Decimal | None
    lead_time: Decimal | None
    unpriced: Missing
    unweighed: Missing
    undated: Missing


UNKNOWN = Totals(None, None, None, NOTHING_MISSING, NOTHING_MISSING, NOTHING_MISSING)


def consists_of(structure: Structure, component: int) -> Quantities:
    """Every part of one component; a component without lines, or with none that is placed, is its own and only part."""
    counted = quantities(structure, component)
    return counted if counted.totals else Quantities(component, {component: 1}, (component,), {})


def totals_of(counted: Quantities, parts: Parts, currency: str) -> Totals:
    cost = cost_of(counted, parts.sources, Decimal(1), currency)
    mass, unweighed = combined(parts.masses, counted, Combine.SUM)
    days = lead_times(counted.leaves, parts.sources)
    return Totals(
        cost.total if len(cost.unpriced) < len(cost.lines) else None,
        mass,
        Decimal(max(days.values())) if days else None,
        _missing(cost.unpriced),
        _missing(unweighed),
        _missing([key for key in counted.leaves if key not in days]),
    )


def totals_before(
    then: Quantities | None, now: Quantities, after: Totals, *, parts: Parts, own: Parts, currency: str
) -> Totals:
    """At the last release, `then`. A component that was its own only part is taken as it was (`own`); all other parts as they are."""
    if then is None:
        return UNKNOWN
    if then.leaves == (then.top,):
        return totals_of(then, own, currency)
    return after if then.totals == now.totals else totals_of(then, parts, currency)


def deltas(before: Totals, after: Totals, currency: str, mass: Attribute | None) -> tuple[Delta, Delta | None, Delta]:
    """Of cost, mass and lead time."""
    return (
        Delta(before.cost, after.cost, currency, before.unpriced, after.unpriced),
        None if mass is None else Delta(before.mass, after.mass, mass.unit, before.unweighed, after.unweighed),
        Delta(before.lead_time, after.lead_time, "d", before.undated, after.undated),
    )


def _missing(keys: Sequence[int]) -> Missing:
    return Missing(len(keys), tuple(keys[:LISTED_MAX]))
