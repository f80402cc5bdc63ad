"""`plumbline change-orders list`."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from plumbline.cli.change_orders import order_state
from plumbline.cli.client import Client, all_nodes, connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, print_json, print_table

StatusName = Literal["draft", "open", "on-hold", "resolved", "closed"]
SHOWN_MAX = 100
"""Of the lines for people; the JSON has all."""
FIELDS = "{ id number type name status resolution isValid createdAt updatedAt createdBy { name email } }"
LIST = f"""
query List($filter: ChangeOrderFilter, $after: String) {{
  changeOrders {{ findAll(filter: $filter, pagination: {{ first: 100, after: $after }}) {{
    nodes {FIELDS} pageInfo {{ hasNextPage endCursor }}
  }} }}
}}
"""
AWAITING = f"query Awaiting {{ changeOrders {{ awaitingMe {FIELDS} }} }}"
ME = "query Me { user { current { id } } }"


def list_change_orders(
    *,
    status: Annotated[list[StatusName] | None, Parameter(negative=())] = None,
    mine: Annotated[bool, Parameter(negative=())] = False,
    awaiting_me: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """List the change orders, the newest first.

    Parameters
    ----------
    status
        Only those in this status; several with several options.
    mine
        Only those that you created.
    awaiting_me
        Only those that wait for your decision, or for that of somebody for whom you stand in.
    """
    if awaiting_me and (mine or status):
        raise WrongUsage("--awaiting-me stands alone.", expected="no --mine and no --status beside it")
    with connected(target) as client:
        found, is_cut = _found(
            client, status or [], mine=mine, awaiting_me=awaiting_me, shown_max=None if as_json else SHOWN_MAX
        )
    if as_json:
        print_json(found)
        return
    rows = [(each["number"], order_state(each), each["name"], _author(each), each["updatedAt"][:10]) for each in found]
    print_table(("number", "state", "name", "by", "updated"), rows)
    if is_cut:
        note(f"There are more than these {SHOWN_MAX}; --status narrows them, and --json has all.")


def _found(
    client: Client, statuses: list[StatusName], *, mine: bool, awaiting_me: bool, shown_max: int | None
) -> tuple[list[dict[str, Any]], bool]:
    """The change orders, and whether there are more."""
    if awaiting_me:
        return client.ask(AWAITING)["changeOrders"]["awaitingMe"], False
    wanted: dict[str, object] = {}
    if statuses:
        wanted["statuses"] = [each.upper().replace("-", "_") for each in statuses]
    if mine:
        wanted["createdBy"] = [client.ask(ME)["user"]["current"]["id"]]
    pages = all_nodes(client, LIST, {"filter": wanted}, at=("changeOrders", "findAll"))
    every = (each for _, nodes in pages for each in nodes)
    if shown_max is None:
        return list(every), False
    found = list(islice(every, shown_max + 1))
    return found[:shown_max], len(found) > shown_max


def _author(order: dict[str, Any]) -> str:
    return str(order["createdBy"]["name"]) if order["createdBy"] else ""
