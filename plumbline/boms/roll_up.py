"""Sums over a whole product: how many of each part, what it costs, what it weighs, how long it takes (pure, exact).

Quantities are rolled up level by level over the distinct components, never along the paths, so that the work grows with the lines
of a product and not with its paths.

What is not placed is not built: lines marked do-not-place, and all that is only below them, count nothing unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from plumbline.boms.explosion import times
from plumbline.boms.structure import Quantity, Structure
from plumbline.components.model import NewSource, Offer
from plumbline.kit.quantity import EXACT


class Combine(StrEnum):
    SUM = "SUM"
    MAX = "MAX"
    MIN = "MIN"


@dataclass(frozen=True, slots=True)
class Quantities:
    """Per one top: `totals` of every component below it, in an order in which parents come before their children; `levels`, the
    deepest at which each occurs; `leaves`, those that have no lines of their own."""

    totals: Mapping[int, Quantity]
    levels: Mapping[int, int]
    leaves: tuple[int, ...]


def quantities(structure: Structure, top: int, *, include_do_not_place: bool = False) -> Quantities:
    order = _parents_first(structure, top, include_do_not_place)
    totals: dict[int, Quantity] = {top: 1}
    levels: dict[int, int] = {top: 0}
    lines = structure.lines
    for parent in order:
        edges = lines.get(parent)
        if edges is None:
            continue
        above, level = totals[parent], levels[parent] + 1
        for _, child, quantity, is_do_not_place in edges:
            if is_do_not_place and not include_do_not_place:
                continue
            if above.__class__ is int and quantity.__class__ is int:
                totals[child] = totals.get(child, 0) + above * quantity
            else:
                totals[child] = _plus(totals.get(child, 0), times(above, quantity))
            if levels.get(child, 0) < level:
                levels[child] = level
    del totals[top]
    leaves = tuple(component for component in order if component != top and component not in lines)
    return Quantities({each: totals[each] for each in order if each != top}, levels, leaves)


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


def _parents_first(structure: Structure, top: int, include_do_not_place: bool) -> list[int]:
    """The top and everything below, every parent before its children (reversed depth-first finishing order)."""
    lines = structure.lines
    finished: list[int] = []
    seen = {top}
    stack: list[tuple[int, int]] = [(top, 0)]
    while stack:
        here, place = stack.pop()
        edges = lines.get(here, ())
        count = len(edges)
        while place < count:
            edge = edges[place]
            place += 1
            if edge[1] not in seen and (include_do_not_place or not edge[3]):
                seen.add(edge[1])
                stack.append((here, place))
                here, place, edges = edge[1], 0, lines.get(edge[1], ())
                count = len(edges)
        finished.append(here)
    finished.reverse()
    return finished


def _plus(one: Quantity, other: Quantity) -> Quantity:
    if one.__class__ is int and other.__class__ is int:
        return one + other
    amount = EXACT.add(one, other)
    whole = amount.to_integral_value()
    return int(whole) if whole == amount else amount
