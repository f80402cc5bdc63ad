"""What the commands about change orders share: how an order is told in a line, and from what people know to ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.client import Client
from plumbline.cli.errors import WrongUsage
from plumbline.cli.output import print_json

BRIEF = """{
  id number type name status resolution version digest possibleVerbs isValid releaseChange
  stages { name order state }
}"""
"""What a verb answers: the order as it is then."""
ALL_ITEMS = """
query Items($number: ID!) {
  changeOrders { findOne(id: $number) { id items { id itemId component { cpn name } } } }
}
"""
BY_NUMBER = """
query Ids($cpns: [String!], $first: Int) {
  component { findAll(filter: { cpns: $cpns }, pagination: { first: $first }) { nodes { id cpn } } }
}
"""
BY_NUMBER_OR_ALIAS = "query Id($cpn: String!) { component { findOne(cpn: $cpn) { id } } }"
ASKED_MAX = 100
"""Part numbers in one request."""
SUGGESTED = """
query Suggested($number: ID!) { changeOrders { suggestedItems(id: $number) { reason component { id cpn name } } } }
"""
ADD = f"""
mutation Add($number: ID!, $items: [ChangeOrderItemInput!]!) {{
  changeOrders {{ addItems(changeOrderId: $number, input: $items) {BRIEF} }}
}}
"""

Number = Annotated[str, Parameter(help="Number of the change order, such as ECO-00012 or 12.")]
Order = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WantedItem:
    """`CPN[:STATUS[:REVISION]]`; what is not said, the server works out."""

    cpn: str
    status: str | None
    revision: str | None


def wanted_item(text: str) -> WantedItem:
    """Raises WrongUsage."""
    cpn, *more = (part.strip() for part in text.split(":", 2))
    if not cpn:
        raise WrongUsage(f"{text!r} names no component.", expected="CPN[:STATUS[:REVISION]]")
    status, revision = [*more, "", ""][:2]
    return WantedItem(cpn, status or None, revision or None)


def item_inputs(client: Client, wanted: Sequence[WantedItem]) -> list[dict[str, object]]:
    """As the API takes them. Raises ServerRefused for a part number that there is not."""
    ids = component_ids(client, [each.cpn for each in wanted])
    return [
        {"itemId": ids[each.cpn], "proposedStatusId": each.status, "proposedRevision": each.revision} for each in wanted
    ]


def component_ids(client: Client, cpns: Sequence[str]) -> dict[str, str]:
    """By what was asked for. Raises ServerRefused."""
    found: dict[str, str] = {}
    for start in range(0, len(cpns), ASKED_MAX):
        asked = cpns[start : start + ASKED_MAX]
        nodes = client.ask(BY_NUMBER, {"cpns": asked, "first": len(asked)})["component"]["findAll"]["nodes"]
        found |= {each["cpn"]: each["id"] for each in nodes}
    for cpn in cpns:
        if cpn not in found:  # an alias, or in other capitals, or nothing at all
            found[cpn] = client.ask(BY_NUMBER_OR_ALIAS, {"cpn": cpn})["component"]["findOne"]["id"]
    return found


def added_children(client: Client, number: str) -> list[dict[str, str]]:
    """Puts under change what the items drag along; `cpn`, `name` and `reason` of each."""
    suggested = client.ask(SUGGESTED, {"number": number})["changeOrders"]["suggestedItems"]
    if suggested:
        client.ask(ADD, {"number": number, "items": [{"itemId": each["component"]["id"]} for each in suggested]})
    return [
        {"cpn": each["component"]["cpn"], "name": each["component"]["name"], "reason": each["reason"]}
        for each in suggested
    ]


def show_order(order: Order, *, as_json: bool) -> None:
    if as_json:
        print_json(order)
    else:
        print(order_line(order))


def order_line(order: Order) -> str:
    """`ECO-00012 Better brackets: OPEN, in the stage Quality`"""
    return f"{order['number']} {order['name']}: {order_state(order)}{_stage(order)}"


def order_state(order: Order) -> str:
    """`OPEN`, or `RESOLVED and APPROVED`."""
    is_pending = order["resolution"] == "PENDING"
    return str(order["status"]) if is_pending else f"{order['status']} and {order['resolution']}"


def _stage(order: Order) -> str:
    if order["status"] != "OPEN":
        return ""
    stage = next((each["name"] for each in order["stages"] if each["state"] != "APPROVED"), None)
    return "" if stage is None else f", in the stage {stage}"
