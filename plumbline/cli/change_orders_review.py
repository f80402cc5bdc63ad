"""`plumbline change-orders submit|approve|reject|hold|resume|withdraw|reset|close|reopen`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from plumbline.cli.change_orders import BRIEF, Number, Order, show_order
from plumbline.cli.client import connected
from plumbline.cli.options import AsJson, Target

DECIDE = f"""
mutation Decide($number: ID!, $decision: String!, $note: String, $digest: String) {{
  changeOrders {{ decide(id: $number, decision: $decision, note: $note, expectedDigest: $digest) {BRIEF} }}
}}
"""
Digest = Annotated[
    str | None,
    Parameter(
        help="Digest of the content that you looked at, as show and diff tell it; refused if it is another one now."
    ),
]


def submit(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Submit a draft for review. It is validated first; what fails is told, and the draft stays one."""
    _move("submitForReview", number, target, as_json=as_json)


def approve(
    number: Number,
    *,
    note: str | None = None,
    digest: Digest = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Approve the stage under review. With the last approval all items are released.

    Parameters
    ----------
    note
        What there is to say about it.
    """
    _decide("APPROVED", number, note, digest, target, as_json=as_json)


def reject(
    number: Number, *, note: str, digest: Digest = None, target: Target | None = None, as_json: AsJson = False
) -> None:
    """Reject the stage under review, with the reason.

    Parameters
    ----------
    note
        What has to become different.
    """
    _decide("REJECTED", number, note, digest, target, as_json=as_json)


def hold(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Pause the review; the items can be edited meanwhile."""
    _move("hold", number, target, as_json=as_json)


def resume(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Go on with the review; what was changed is validated and reviewed again."""
    _move("resume", number, target, as_json=as_json)


def withdraw(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Give the change up."""
    _move("withdraw", number, target, as_json=as_json)


def reset(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Make it a draft again; every stage is reviewed anew."""
    _move("reset", number, target, as_json=as_json)


def close(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Close a change order that is resolved."""
    _move("close", number, target, as_json=as_json)


def reopen(number: Number, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Make a closed change order that was not approved a draft again."""
    _move("reopen", number, target, as_json=as_json)


def _move(verb: str, number: str, target: Target | None, *, as_json: bool) -> None:
    document = f"mutation Move($number: ID!) {{ changeOrders {{ moved: {verb}(id: $number) {BRIEF} }} }}"
    with connected(target) as client:
        order: Order = client.ask(document, {"number": number})["changeOrders"]["moved"]
    show_order(order, as_json=as_json)


def _decide(
    decision: str, number: str, note: str | None, digest: str | None, target: Target | None, *, as_json: bool
) -> None:
    asked = {"number": number, "decision": decision, "note": note, "digest": digest}
    with connected(target) as client:
        order: Order = client.ask(DECIDE, asked)["changeOrders"]["decide"]
    show_order(order, as_json=as_json)
