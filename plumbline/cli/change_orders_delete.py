"""`plumbline change-orders delete`."""

from __future__ import annotations

from plumbline.cli.change_orders import Number
from plumbline.cli.client import connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

FIND = "query Find($number: ID!) { changeOrders { findOne(id: $number) { id number name } } }"
DELETE = "mutation Delete($id: ID!) { changeOrders { delete(id: $id) } }"


def delete(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Throw a draft away. Its number is not used again."""
    with connected(target) as client:
        order = client.ask(FIND, {"number": number})["changeOrders"]["findOne"]
        client.ask(DELETE, {"id": order["id"]})
    if as_json:
        print_json(order)
    else:
        print(f"{order['number']} {order['name']}: deleted")
