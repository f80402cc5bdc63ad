"""`plumbline components diff`: what a component has become since a release or between any two versions."""

from __future__ import annotations

import sys
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.client import Client, all_nodes, connected
from plumbline.cli.difference_data import DIFFERENCE, IMPACT, difference_data, impact_data
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

ENDS = "fromVersion: $fromVersion, toVersion: $toVersion, fromRevision: $fromRevision, toRevision: $toRevision"
REPORT = f"""
query Report(
  $cpn: String!, $fromVersion: Int, $toVersion: Int, $fromRevision: String, $toRevision: String,
  $format: ReportFormat!, $impact: Boolean!, $currency: String
) {{
  component {{ diff(cpn: $cpn, {ENDS}) {{ report(format: $format, impact: $impact, currency: $currency) }} }}
}}
"""
VERSIONS = f"""
query Versions($cpn: String!, $fromVersion: Int, $toVersion: Int, $fromRevision: String, $toRevision: String) {{
  component {{ diff(cpn: $cpn, {ENDS}) {{
    component {{ id cpn name }} fromVersion fromRevision toVersion toRevision
  }} }}
}}
"""
DIFFERENCES = f"""
query Differences($id: ID!, $from: Int!, $to: Int!, $after: String) {{
  component {{ diff(id: $id, fromVersion: $from, toVersion: $to) {{ differences(first: 500, after: $after) {{
    nodes {DIFFERENCE} pageInfo {{ hasNextPage endCursor }}
  }} }} }}
}}
"""
OF_IMPACT = f"""
query Impact($id: ID!, $currency: String) {{ component {{ impact(id: $id, currency: $currency) {IMPACT} }} }}
"""


def diff(
    cpn: str,
    *,
    from_version: Annotated[str | None, Parameter(name="--from")] = None,
    to_version: Annotated[str | None, Parameter(name="--to")] = None,
    impact: Annotated[bool, Parameter(negative=())] = False,
    currency: str | None = None,
    markdown: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """What differs between two versions of a component. Without `--from`, what has changed since its last release.

    Parameters
    ----------
    cpn
        Part number of the component.
    from_version
        Number of the earlier version (0 is before the first), or the revision it was released as. A revision that is itself a number is
        written rev:1.
    to_version
        The later version, in the same way. The newest without.
    impact
        Say, too, which products contain it and what became of cost, mass and lead time.
    currency
        Currency of the cost, such as EUR. USD without.
    markdown
        Write Markdown, for a review or a ticket.
    """
    if markdown and as_json:
        raise WrongUsage("--markdown and --json are two forms of the same.", expected="one of them")
    variables = {"cpn": cpn, **_end("from", from_version), **_end("to", to_version)}
    with connected(target) as client:
        if as_json:
            print_json(_data(client, variables, currency if impact else None, with_impact=impact))
            return
        form = {"format": "MARKDOWN" if markdown else "TEXT", "impact": impact, "currency": currency}
        sys.stdout.write(client.ask(REPORT, {**variables, **form})["component"]["diff"]["report"])


def _end(end: str, text: str | None) -> dict[str, object]:
    """A number is a version; everything else, and what stands behind `rev:`, is a revision."""
    if text is None:
        return {}
    if text.isascii() and text.isdecimal():
        return {f"{end}Version": int(text)}
    return {f"{end}Revision": text.removeprefix("rev:")}


def _data(client: Client, variables: dict[str, object], currency: str | None, *, with_impact: bool) -> dict[str, Any]:
    """Versions are settled first, so that all pages speak of the same ones."""
    found = client.ask(VERSIONS, variables)["component"]["diff"]
    component = found["component"]
    before = {"version": found["fromVersion"], "revision": found["fromRevision"]}
    shown = {
        "cpn": component["cpn"],
        "name": component["name"],
        "from": None if found["fromVersion"] is None else before,
        "to": {"version": found["toVersion"], "revision": found["toRevision"]},
        "differences": differences_between(client, component["id"], found["fromVersion"] or 0, found["toVersion"]),
    }
    if with_impact:
        asked = client.ask(OF_IMPACT, {"id": component["id"], "currency": currency})
        shown["impact"] = impact_data(asked["component"]["impact"])
    return shown


def differences_between(
    client: Client, component_id: str, before: int, after: int, *, since: str | None = None
) -> list[dict[str, object]]:
    """All of them, or those behind a cursor."""
    settled = {"id": component_id, "from": before, "to": after}
    pages = all_nodes(client, DIFFERENCES, settled, at=("component", "diff", "differences"), since=since)
    return [difference_data(each) for _, nodes in pages for each in nodes]
