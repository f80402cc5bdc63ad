"""`plumbline change-orders diff`: what a change order changes, to be read like a pull request."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.change_orders import Number, component_ids
from plumbline.cli.client import Client, all_nodes, connected
from plumbline.cli.components_diff import differences_between
from plumbline.cli.difference_data import DIFFERENCE, IMPACT, difference_data, impact_data
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, progress

RELEASE = "release"
REPORT = """
query Report(
  $number: ID!, $format: ReportFormat!, $items: [ID!], $from: Int, $impact: Boolean!, $currency: String
) {
  changeOrders {
    report(id: $number, format: $format, itemIds: $items, fromVersion: $from, impact: $impact, currency: $currency)
  }
}
"""
# Ten items with 50 differences each come at once; an item that has more is asked for the rest by itself.
DIFF = f"""
query Diff($number: ID!, $items: [ID!], $from: Int, $impact: Boolean!, $currency: String, $after: String) {{
  changeOrders {{ diff(id: $number, itemIds: $items, fromVersion: $from) {{
    changeOrder {{ id number name status resolution digest }}
    items(first: 10, after: $after) {{
      nodes {{
        item {{
          itemVersion isStale proposedRevision proposedStatus {{ name }} component {{ id cpn name }}
          inFlight {{ number name status }}
        }}
        diff {{
          fromVersion fromRevision toVersion toRevision count
          differences(first: 50) {{ nodes {DIFFERENCE} pageInfo {{ hasNextPage endCursor }} }}
        }}
        impact(currency: $currency) @include(if: $impact) {IMPACT}
      }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }} }}
}}
"""


def diff(
    number: Number,
    *,
    from_version: Annotated[str, Parameter(name="--from")] = RELEASE,
    item: Annotated[list[str] | None, Parameter(negative=())] = None,
    impact: bool = True,
    currency: str | None = None,
    markdown: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """What a change order changes: its review, the differences of every item, what they mean, and what else changes the same parts.

    Parameters
    ----------
    from_version
        Compare with the last release of each item (release), or with its version of this number.
    item
        Part number of an item; several with several options. All items without.
    impact
        Say which products contain the items and what becomes of cost, mass and lead time.
    currency
        Currency of the cost, such as EUR. USD without.
    markdown
        Write Markdown, for a review or a ticket.
    """
    if markdown and as_json:
        raise WrongUsage("--markdown and --json are two forms of the same.", expected="one of them")
    version = _version(from_version)
    with connected(target) as client:
        ids = None if item is None else list(component_ids(client, item).values())
        asked = {"number": number, "items": ids, "from": version, "impact": impact, "currency": currency}
        if as_json:
            print_json(_data(client, asked))
            return
        form = "MARKDOWN" if markdown else "TEXT"
        sys.stdout.write(client.ask(REPORT, {**asked, "format": form})["changeOrders"]["report"])


def _version(text: str) -> int | None:
    if text == RELEASE:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise WrongUsage(f"--from {text!r} is no version.", expected="release, or the number of a version")
    return int(text)


def _data(client: Client, asked: Mapping[str, object]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    items: list[dict[str, object]] = []
    for data, nodes in all_nodes(client, DIFF, asked, at=("changeOrders", "diff", "items")):
        shown = data["changeOrders"]["diff"]["changeOrder"]
        items += [_item(client, each) for each in nodes]
        progress(f"{len(items)} items")
    progress("")
    return {**shown, "items": items}


def _item(client: Client, node: dict[str, Any]) -> dict[str, object]:
    item, found = node["item"], node["diff"]
    component = item["component"]
    differences = [difference_data(each) for each in found["differences"]["nodes"]]
    page = found["differences"]["pageInfo"]
    before, after = found["fromVersion"], found["toVersion"]
    if page["hasNextPage"]:
        differences += differences_between(client, component["id"], before or 0, after, since=page["endCursor"])
    shown: dict[str, object] = {
        "cpn": component["cpn"],
        "name": component["name"],
        "itemVersion": item["itemVersion"],
        "isStale": item["isStale"],
        "proposedRevision": item["proposedRevision"],
        "proposedStatus": item["proposedStatus"]["name"],
        "from": None if before is None else {"version": before, "revision": found["fromRevision"]},
        "to": {"version": after, "revision": found["toRevision"]},
        "differences": differences,
        "inFlight": item["inFlight"],
    }
    return {**shown, "impact": impact_data(node["impact"])} if "impact" in node else shown
