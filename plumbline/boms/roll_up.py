"""Sums over a whole product: how many of each part, what it costs, what it weighs, how long it takes (pure, exact).

Quantities are rolled up level by level over the distinct components, never along the paths, so that the work grows with the lines
of a product and not with its paths.

What is not placed is not built: lines marked do-not-place, and all that is only below them, count nothing unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from functools import cached_property

from plumbline.boms.explosion import simplest
from plumbline.boms.structure import NO_LINES, Lines, Quantity, Structure
from plumbline.catalog.attributes import number_in_unit
from plumbline.catalog.model import Attribute
from plumbline.components.model import AttributeValue, NewSource, Offer
from plumbline.kit.quantity import EXACT

_ROUNDING = Context(prec=EXACT.prec)
"""For divisions, which seldom are exact; as many digits as the sums have."""


class Combine(StrEnum):
    SUM = "SUM"
    MAX = "MAX"
    MIN = "MIN"


@dataclass(frozen=True)
class Quantities:
    """Per one top: `totals` of every component below it, in an order in which parents come before their children; `leaves`, those that
    have no lines of their own."""

    top: int
    totals: Mapping[int, Quantity]
    leaves: tuple[int, ...]
    lines: Mapping[int, Lines]

    @cached_property
    def levels(self) -> Mapping[int, int]:
        """The deepest level at which each component occurs; worked out when somebody asks."""
        levels = dict.fromkeys((self.top, *self.totals), 0)
        for parent, level in levels.items():  # parents first, so that each level is final when it is met
            for child in self.lines.get(parent, NO_LINES).children:
                if levels[child] <= level:
                    levels[child] = level + 1
        del levels[self.top]
        return levels


def quantities(structure: Structure, top: int, *, include_do_not_place: bool = False) -> Quantities:
    lines = structure.lines if include_do_not_place else _placed(structure)
    order = _parents_first(lines, top)
    totals: dict[int, Quantity] = dict.fromkeys(order, 0)
    totals[top] = 1
    with localcontext(EXACT):  # ints and decimals mix freely below, and nothing is rounded
        for parent in order:
            below = lines.get(parent)
            if below is None:
                continue
            above = totals[parent]
            for child, quantity in zip(below.children, below.quantities, strict=True):
                totals[child] += above * quantity
    del totals[top]
    for component, amount in totals.items():
        if amount.__class__ is not int:
            totals[component] = simplest(amount)
    leaves = tuple(component for component in totals if component not in lines)
    return Quantities(top, totals, leaves, lines)


def _placed(structure: Structure) -> Mapping[int, Lines]:
    """The lines that are fitted; computed once per graph."""
    return structure.derived("placed", lambda: _placed_lines(structure.lines))


def _placed_lines(lines: Mapping[int, Lines]) -> Mapping[int, Lines]:
    if not any(each.not_placed for each in lines.values()):
        return lines
    return {
        parent: each.where(lambda place, each=each: place not in each.not_placed) if each.not_placed else each  # type: ignore[misc]  # bound early
        for parent, each in lines.items()
    }


@dataclass(frozen=True, slots=True)
class AttributeRollUp:
    """`value` in the attribute's unit, or None when no leaf has one; `missing` names the leaves that have none."""

    attribute_id: str
    value: Decimal | None
    unit: str | None
    missing: tuple[int, ...]


def combined(
    values: Mapping[int, Decimal], counted: Quantities, how: Combine
) -> tuple[Decimal | None, tuple[int, ...]]:
    """An attribute of the leaves rolled up to the top, and the leaves that have no value. SUM counts each piece."""
    present = [(each, values[each]) for each in counted.leaves if each in values]
    missing = tuple(each for each in counted.leaves if each not in values)
    if not present:
        return None, missing
    if how is Combine.SUM:
        return total(EXACT.multiply(value, counted.totals[each]) for each, value in present), missing
    chosen = max if how is Combine.MAX else min
    return chosen(value for _, value in present), missing


def numbers_of(values: Mapping[int, Iterable[AttributeValue]], attribute: Attribute) -> dict[int, Decimal]:
    """What each component has of a numeric attribute, exact and in its unit, by the component's key."""
    found: dict[int, Decimal] = {}
    for key, several in values.items():
        for each in several:
            if each.attribute_id == attribute.id and (number := number_in_unit(each.value, attribute.unit)) is not None:
                found[key] = number
    return found


def total(amounts: Iterable[Decimal]) -> Decimal:
    result = Decimal(0)
    for amount in amounts:
        result = EXACT.add(result, amount)
    return result


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of a part costs when so many are bought."""

    unit_price: Decimal
    currency: str
    source: NewSource
    offer: Offer


@dataclass(frozen=True, slots=True)
class CostLine:
    """A leaf of the roll-up: `quantity` pieces for all tops together."""

    component_key: int
    quantity: Quantity
    cost: Cost | None
    extended: Decimal | None


@dataclass(frozen=True, slots=True)
class CostRollUp:
    """`total` leaves out the parts without a price; `unpriced` names them. `per_top` is rounded to 6 decimals where it is not exact."""

    currency: str
    build_quantity: Decimal
    total: Decimal
    per_top: Decimal
    lines: tuple[CostLine, ...]
    unpriced: tuple[int, ...]


def cost_of(
    counted: Quantities, sources: Mapping[int, Iterable[NewSource]], build_quantity: Decimal, currency: str
) -> CostRollUp:
    """Each part at the price break that its whole quantity reaches."""
    lines: list[CostLine] = []
    for key in counted.leaves:
        needed = EXACT.multiply(Decimal(counted.totals[key]), build_quantity)
        cost = best_cost(sources.get(key, ()), needed, currency)
        lines.append(CostLine(key, needed, cost, None if cost is None else EXACT.multiply(cost.unit_price, needed)))
    amount = total(line.extended for line in lines if line.extended is not None)
    per_top = amount
    if build_quantity != 1:
        per_top = _ROUNDING.quantize(_ROUNDING.divide(amount, build_quantity), Decimal("0.000001"))
    return CostRollUp(
        currency,
        build_quantity,
        amount,
        per_top,
        tuple(lines),
        tuple(each.component_key for each in lines if each.cost is None),
    )


def best_cost(sources: Iterable[NewSource], quantity: Quantity, currency: str) -> Cost | None:
    """The cheapest offer in the currency at this quantity, by its price break; among equals the preferred source."""
    best: Cost | None = None
    for source in sources:
        for offer in source.offers:
            price = price_at(offer, quantity) if offer.currency == currency else None
            if price is not None and (best is None or price < best.unit_price):
                best = Cost(price, currency, source, offer)
    return best


def price_at(offer: Offer, quantity: Quantity) -> Decimal | None:
    """The unit price of the highest break that the quantity reaches; of the lowest break if it reaches none, for so many must be bought."""
    if not offer.breaks:
        return None
    reached = [each.unit_price for each in offer.breaks if each.quantity <= quantity]
    return reached[-1] if reached else offer.breaks[0].unit_price


def shortest_lead_time(sources: Iterable[NewSource]) -> int | None:
    """Days until the fastest offer delivers."""
    known = [offer.lead_time_days for source in sources for offer in source.offers if offer.lead_time_days is not None]
    return min(known, default=None)


def lead_times(parts: Iterable[int], sources: Mapping[int, Iterable[NewSource]]) -> dict[int, int]:
    """Days until each part can be there; what has no offer with a lead time is absent."""
    known = ((key, shortest_lead_time(sources.get(key, ()))) for key in parts)
    return {key: days for key, days in known if days is not None}


def _parents_first(lines: Mapping[int, Lines], top: int) -> list[int]:
    """The top and everything below, every parent before its children (reversed depth-first finishing order)."""
    finished: list[int] = []
    seen = {top}
    stack = [(top, iter(lines.get(top, NO_LINES).children))]
    while stack:
        here, remaining = stack[-1]
        for child in remaining:
            if child not in seen:
                seen.add(child)
                below = lines.get(child)
                if below is not None:
                    stack.append((child, iter(below.children)))
                    break
                finished.append(child)
        else:
            stack.pop()
            finished.append(here)
    finished.reverse()
    return finished
