"""Factories: `make.component(engineer)` with sensible defaults, everything else as the test says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from plumbline.boms.actions import edit_boms
from plumbline.boms.model import BomEdit, NewLine
from plumbline.components.actions.create import create_components
from plumbline.components.model import Component, NewComponent, NewSource, Offer, PriceBreak
from plumbline.testing.callers import Caller


def component(caller: Caller, name: str = "Bracket", **fields: Any) -> Component:
    return caller.run(create_components, [NewComponent(name=name, **fields)])[0]


def components(caller: Caller, *names: str, **fields: Any) -> list[Component]:
    return caller.run(create_components, [NewComponent(name=name, **fields) for name in names])


def assembly(caller: Caller, name: str, lines: Sequence[tuple[Component, int | str]]) -> Component:
    """An assembly with one line per child and quantity; answered at the version that has the lines."""
    parent = component(caller, name, category="Mechanical Assembly")
    new = tuple(NewLine(child.id, Decimal(quantity)) for child, quantity in lines)
    return caller.run(edit_boms, [BomEdit(parent.id, add=new)])[0]


def source(manufacturer: str, mpn: str, *prices: tuple[int, str], lead_time_days: int | None = None) -> NewSource:
    """A source with one offer in USD and these price breaks."""
    breaks = tuple(PriceBreak(Decimal(quantity), Decimal(price)) for quantity, price in prices)
    offers = (Offer("Parts & Co", f"PC-{mpn}", "USD", breaks, lead_time_days=lead_time_days),) if prices else ()
    return NewSource(manufacturer, mpn, offers=offers)
