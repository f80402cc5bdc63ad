"""`plumbline change-orders comment|resolve-comment`."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.change_orders import Number, component_ids
from plumbline.cli.client import Client, connected
from plumbline.cli.errors import LineUnknown, ThreadUnknown, WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

COMMENT = """
mutation Comment($number: ID!, $input: CommentInput!) {
  changeOrders { addComment(changeOrderId: $number, input: $input) {
    number name comments {
      id text itemId field lineId createdAt createdBy { name email }
      replies { id text createdAt createdBy { name email } }
    }
  } }
}
"""
THREADS = "query Threads($number: ID!) { changeOrders { findOne(id: $number) { number comments { id } } } }"
RESOLVE = """
mutation Resolve($number: ID!, $thread: ID!, $reopen: Boolean!) {
  changeOrders {
    resolveComment(changeOrderId: $number, commentId: $thread) @skip(if: $reopen) { number name }
    reopenComment(changeOrderId: $number, commentId: $thread) @include(if: $reopen) { number name }
  }
}
"""
Thread = Annotated[int, Parameter(help="Number of the thread, as show and diff tell it.")]
LINES = """
query Lines($id: ID!) {
  component { findOne(id: $id) { cpn children { id itemNumber referenceDesignators child { cpn } } } }
}
"""
LINES_TOLD_MAX = 20


def comment(
    number: Number,
    text: str,
    *,
    item: str | None = None,
    field: str | None = None,
    line: str | None = None,
    thread: Thread | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Say something about a change order, an item, a field of it, or a line of its BOM.

    Parameters
    ----------
    text
        What there is to say.
    item
        Part number of the item that it is about.
    field
        Name of a field or an attribute of the item, or of a field of the change order.
    line
        A line of the item's BOM: a reference designator, an item number, or the part number on it.
    """
    if line is not None and item is None:
        raise WrongUsage("A line belongs to an item.", expected="--item beside --line")
    if thread is not None and (item is not None or field is not None):
        raise WrongUsage("An answer is about what its thread is about.", expected="--thread alone")
    with connected(target) as client:
        wanted: dict[str, object] = {"text": text, "field": field}
        if thread is not None:
            wanted["parentId"] = _thread_id(client, number, thread)
        if item is not None:
            wanted["itemId"] = component_ids(client, [item])[item]
            wanted["lineId"] = None if line is None else _line_id(client, str(wanted["itemId"]), line)
        order = client.ask(COMMENT, {"number": number, "input": wanted})["changeOrders"]["addComment"]
    if as_json:
        print_json(order["comments"][-1 if thread is None else thread - 1])
    else:
        count = len(order["comments"])
        print(f"{order['number']} {order['name']}: {count} {'thread' if count == 1 else 'threads'}")


def resolve_comment(
    number: Number,
    thread: Thread,
    *,
    reopen: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Settle a thread.

    Parameters
    ----------
    reopen
        Take it up again instead.
    """
    with connected(target) as client:
        asked = {"number": number, "thread": _thread_id(client, number, thread), "reopen": reopen}
        [order] = client.ask(RESOLVE, asked)["changeOrders"].values()
    if as_json:
        print_json({**order, "thread": thread, "isResolved": not reopen})
    else:
        print(f"{order['number']} {order['name']}: thread {thread} is {'open' if reopen else 'resolved'}")


def _thread_id(client: Client, number: str, thread: int) -> str:
    """Raises ThreadUnknown."""
    order = client.ask(THREADS, {"number": number})["changeOrders"]["findOne"]
    threads = order["comments"]
    if not 1 <= thread <= len(threads):
        expected = f"a number from 1 to {len(threads)}" if threads else "a change order with comments"
        raise ThreadUnknown(f"{order['number']} has no thread {thread}.", path=("thread",), expected=expected)
    return str(threads[thread - 1]["id"])


def _line_id(client: Client, component_id: str, wanted: str) -> str:
    """Designators first, then item numbers, then part numbers. Raises LineUnknown for none, and for several."""
    component = client.ask(LINES, {"id": component_id})["component"]["findOne"]
    lines: list[dict[str, Any]] = component["children"]
    found = (
        [each for each in lines if wanted in each["referenceDesignators"]]
        or [each for each in lines if str(each["itemNumber"]) == wanted]
        or [each for each in lines if each["child"]["cpn"].lower() == wanted.lower()]
    )
    if len(found) != 1:
        what = f"{len(found)} lines" if found else "no line"
        told = ", ".join(_told(each) for each in (found or lines)[:LINES_TOLD_MAX])
        raise LineUnknown(
            f"{component['cpn']} has {what} {wanted!r}.", path=("line",), expected=f"one of {told}" if told else None
        )
    return str(found[0]["id"])


def _told(line: dict[str, Any]) -> str:
    """By what tells it from others."""
    if line["referenceDesignators"]:
        return str(line["referenceDesignators"][0])
    return str(line["itemNumber"]) if line["itemNumber"] is not None else str(line["child"]["cpn"])
