"""`plumbline change-orders update`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from plumbline.cli.change_orders import BRIEF, Number, Order, show_order
from plumbline.cli.change_orders_create import contents_of, stages_of
from plumbline.cli.client import connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target

ID = "query Id($number: ID!) { changeOrders { findOne(id: $number) { id } } }"
UPDATE = f"""
mutation Update($input: UpdateChangeOrderInput!) {{ changeOrders {{ update(input: $input) {BRIEF} }} }}
"""


def update(
    number: Number,
    *,
    name: str | None = None,
    description: str | None = None,
    field: Annotated[list[str] | None, Parameter(negative=())] = None,
    reviewer: Annotated[list[str] | None, Parameter(negative=())] = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Change what a change order says and who reviews it. Stages whose reviewers decided about other content are reviewed again.

    Parameters
    ----------
    name
        What it is about, in a line.
    description
        Why, and what to look at.
    field
        NAME=VALUE of a field of the template, NAME= to clear it; a list has one option for each of its values.
    reviewer
        STAGE=EMAIL of all who review that stage, beside those of the template that it waits for.
    """
    wanted = {
        "name": name,
        "description": description,
        "contents": contents_of(field) if field else None,
        "stages": stages_of(reviewer) if reviewer else None,
    }
    if not any(each is not None for each in wanted.values()):
        raise WrongUsage("Nothing is to change.", expected="--name, --description, --field or --reviewer")
    with connected(target) as client:
        found = client.ask(ID, {"number": number})["changeOrders"]["findOne"]["id"]
        order: Order = client.ask(UPDATE, {"input": {"id": found, **wanted}})["changeOrders"]["update"]
    show_order(order, as_json=as_json)
