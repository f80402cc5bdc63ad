"""`plumbline change-orders create`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import Parameter

from plumbline.cli.change_orders import BRIEF, added_children, item_inputs, order_line, wanted_item
from plumbline.cli.client import connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

CREATE = f"""
mutation Create($input: CreateChangeOrderInput!) {{ changeOrders {{ create(input: $input) {BRIEF} }} }}
"""
TypeName = Literal["eco", "mco", "dco"]


def create(
    *,
    name: str,
    type_name: Annotated[TypeName, Parameter(name="--type")] = "eco",
    template: str | None = None,
    description: str | None = None,
    item: Annotated[list[str] | None, Parameter(negative=())] = None,
    field: Annotated[list[str] | None, Parameter(negative=())] = None,
    reviewer: Annotated[list[str] | None, Parameter(negative=())] = None,
    include_children: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Create a change order, as a draft.

    Parameters
    ----------
    name
        What it is about, in a line.
    type_name
        Engineering, manufacturing, or of documentation, which releases nothing.
    template
        Name of a template; the one called default without.
    description
        Why, and what to look at.
    item
        A component to change, as CPN[:STATUS[:REVISION]]; several with several options. What is left out is worked out.
    field
        NAME=VALUE of a field of the template; a list has one option for each of its values.
    reviewer
        STAGE=EMAIL of somebody who reviews a stage; several with several options.
    include_children
        Take in what the items are made of and is not released as it is now.
    """
    items = [wanted_item(each) for each in item or ()]
    wanted: dict[str, object] = {
        "name": name,
        "type": type_name.upper(),
        "templateId": template,
        "description": description,
        "contents": contents_of(field or []),
        "stages": stages_of(reviewer or []),
    }
    with connected(target) as client:
        wanted["items"] = item_inputs(client, items) or None
        order = client.ask(CREATE, {"input": wanted})["changeOrders"]["create"]
        children = added_children(client, order["id"]) if include_children else []
    if as_json:
        print_json({**order, "addedChildren": children})
        return
    print(order_line(order))
    for each in children:
        print(f"  + {each['cpn']} {each['name']}: {each['reason']}")


def contents_of(given: Sequence[str]) -> dict[str, object]:
    """A name that is given several times has a list of values."""
    found: dict[str, list[str]] = {}
    for each in given:
        name, value = _pair(each, "--field", "NAME=VALUE")
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def stages_of(given: Sequence[str]) -> list[dict[str, object]]:
    found: dict[str, list[dict[str, str]]] = {}
    for each in given:
        stage, email = _pair(each, "--reviewer", "STAGE=EMAIL")
        found.setdefault(stage, []).append({"user": email})
    return [{"stage": stage, "reviewers": reviewers} for stage, reviewers in found.items()]


def _pair(text: str, option: str, expected: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name.strip()):
        raise WrongUsage(f"{option} {text!r} cannot be understood.", expected=expected)
    return name.strip(), value.strip()
