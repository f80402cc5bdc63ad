"""`plumbline config history`: who changed the configuration, when, why and how."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from plumbline.cli.client import all_nodes, connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

VERSIONS = """
query Versions($first: Int, $after: String) {
  configuration {
    history(first: $first, after: $after) {
      nodes { number origin reason steps createdAt createdBy { email } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
VERSION = """
query Version($number: Int!) {
  configuration {
    version(number: $number) { number origin reason steps createdAt createdBy { email } documents { path what diff } }
  }
}
"""


def history(
    version: int | None = None,
    *,
    last: Annotated[int, Parameter(help="How many versions to show.", validator=Number(gte=1))] = 20,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """The versions of the configuration, the newest first; or one of them with its difference.

    Parameters
    ----------
    version
        Number of one version to show whole.
    """
    with connected(target) as client:
        if version is None:
            pages = all_nodes(client, VERSIONS, {"first": min(last, 100)}, at=("configuration", "history"))
            found = list(islice((each for _, nodes in pages for each in nodes), last))
        else:
            found = [client.ask(VERSION, {"number": version})["configuration"]["version"]]
    if as_json:
        print_json({"versions": found})
    elif version is None:
        rows = [
            (each["number"], each["createdAt"], each["createdBy"]["email"], each["origin"], each["reason"])
            for each in found
        ]
        print_table(("version", "when", "who", "what", "why"), rows)
    else:
        _show_version(found[0])


def _show_version(found: Mapping[str, Any]) -> None:
    print(f"version {found['number']}: {found['origin']} by {found['createdBy']['email']}, {found['createdAt']}")
    print("\n".join([found["reason"], *found["steps"], *(document["diff"] for document in found["documents"])]))
