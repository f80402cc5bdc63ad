"""`orderBy` on the wire: one object or a list, the most important first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import NEWEST_FIRST, Order, OrderField
from plumbline.components.reads import ORDER_FIELDS_MAX
from plumbline.kit.errors import PathPart

Wire = Mapping[str, object]
_FIELDS = {**{each.value: each for each in OrderField}, "PART_NUMBER": OrderField.CPN}
"""The first documents call the CPN a part number."""


def ordering(wire: Wire | Sequence[Wire] | None, root: PathPart = "orderBy") -> tuple[Order, ...]:
    """Newest first without one."""
    elements = [wire] if isinstance(wire, Mapping) else list(wire or ())
    if not elements:
        return NEWEST_FIRST
    if len(elements) > ORDER_FIELDS_MAX:
        raise InvalidFilter(
            f"The order has {len(elements)} fields.", path=(root,), expected=f"at most {ORDER_FIELDS_MAX}"
        )
    orders: list[Order] = []
    for index, each in enumerate(elements):
        order = _order(each, (root,) if isinstance(wire, Mapping) else (root, index))
        if order.field in {earlier.field for earlier in orders}:
            raise InvalidFilter(f"{order.field} orders twice.", path=(root, index), expected="every field once")
        orders.append(order)
    return tuple(orders)


def _order(wire: Wire, path: tuple[PathPart, ...]) -> Order:
    field, direction = _FIELDS.get(str(wire.get("field"))), str(wire.get("direction") or "ASC")
    if field is None:
        raise InvalidFilter(
            f"{str(wire.get('field'))[:40]!r} is no field to order by.",
            path=(*path, "field"),
            expected=f"one of {', '.join(_FIELDS)}",
        )
    if direction not in ("ASC", "DESC"):
        raise InvalidFilter(f"{direction[:40]!r} is no direction.", path=(*path, "direction"), expected="ASC or DESC")
    return Order(field, descending=direction == "DESC")
