"""`plumbline change-orders add-items|remove-items|refresh-items`: what is under change."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from plumbline.cli.change_orders import (
    ADD,
    BRIEF,
    Number,
    added_children,
    component_ids,
    item_inputs,
    order_line,
    show_order,
    wanted_item,
)
from plumbline.cli.client import connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

REMOVE = f"""
mutation Remove($number: ID!, $items: [ID!]!) {{
  changeOrders {{ removeItems(changeOrderId: $number, itemIds: $items) {BRIEF} }}
}}
"""
REFRESH = f"""
mutation Refresh($number: ID!, $items: [ID!]) {{
  changeOrders {{ refreshItems(changeOrderId: $number, itemIds: $items) {BRIEF} }}
}}
"""
OF_ORDER = f"query Order($number: ID!) {{ changeOrders {{ findOne(id: $number) {BRIEF} }} }}"
Cpn = Annotated[str, Parameter(help="Part numbers of items.")]


def add_items(
    number: Number,
    *items: Annotated[str, Parameter(help="Components to change, each as CPN[:STATUS[:REVISION]].")],
    include_children: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Put components under change, each with the status and revision that it is to get.

    Parameters
    ----------
    include_children
        Take in what the items are made of and is not released as it is now; alone, for the items that are there.
    """
    if not items and not include_children:
        raise WrongUsage("No components are named.", expected="CPN[:STATUS[:REVISION]] …, or --include-children")
    wanted = [wanted_item(each) for each in items]
    with connected(target) as client:
        if wanted:
            client.ask(ADD, {"number": number, "items": item_inputs(client, wanted)})
        children = added_children(client, number) if include_children else []
        order = client.ask(OF_ORDER, {"number": number})["changeOrders"]["findOne"]
    if as_json:
        print_json({**order, "addedChildren": children})
        return
    print(order_line(order))
    for each in children:
        print(f"  + {each['cpn']} {each['name']}: {each['reason']}")


def remove_items(number: Number, *items: Cpn, target: Target | None = None, as_json: AsJson = False) -> None:
    """Take components off."""
    if not items:
        raise WrongUsage("No components are named.", expected="CPN …")
    with connected(target) as client:
        ids = list(component_ids(client, items).values())
        order = client.ask(REMOVE, {"number": number, "items": ids})["changeOrders"]["removeItems"]
    show_order(order, as_json=as_json)


def refresh_items(number: Number, *items: Cpn, target: Target | None = None, as_json: AsJson = False) -> None:
    """Look at the newest versions of items that have moved on; of all items if none is named."""
    with connected(target) as client:
        ids = list(component_ids(client, items).values()) if items else None
        order = client.ask(REFRESH, {"number": number, "items": ids})["changeOrders"]["refreshItems"]
    show_order(order, as_json=as_json)
