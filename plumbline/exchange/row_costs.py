"""What the rows of a table cost together, held against the total that the table states below them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from functools import reduce

from plumbline.exchange.amounts import plain, price_in
from plumbline.exchange.columns import Role
from plumbline.exchange.footer import is_total
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import Severity
from plumbline.exchange.records import Record

_TOLERANCE = Decimal("0.005")
"""Half of the smallest coin."""
_SHOWN = Decimal("0.0001")
_WIDE = Context(prec=100)
"""For products of the longest numbers that are read."""


def tell_cost(rows: Sequence[Record], footer: Sequence[Record], gatherer: Gatherer) -> None:
    """Says whether quantities times unit prices are the total that the footer states; nothing where it states none."""
    stated = next((row for row in footer if is_total(row) and price_in(row.text(Role.LINE_PRICE)) is not None), None)
    if stated is None:
        return
    total = price_in(stated.text(Role.LINE_PRICE))
    assert total is not None, "it was looked for"
    cost = reduce(_WIDE.add, (_cost(row) for row in rows), Decimal(0))
    currency = next((f" {row.text(Role.CURRENCY)}" for row in rows if Role.CURRENCY in row.texts), "")
    added = f"Quantities times unit prices add up to {plain(cost.quantize(_SHOWN, context=_WIDE))}{currency}"
    if abs(cost - total.value) <= _TOLERANCE:
        gatherer.tell(Severity.INFO, "STATED_COST", f"{added}, as the sheet says.", stated.origin)
        return
    sentence = f"{added}, and the sheet says {total.value}; the rows were taken."
    gatherer.tell(Severity.WARNING, "STATED_COST", sentence, stated.origin)


def _cost(row: Record) -> Decimal:
    price = price_in(row.text(Role.PRICE))
    return _WIDE.multiply(row.quantity.value, price.value) if row.quantity and price else Decimal(0)
