"""`plumbline config history`: who changed the configuration, when, why and how."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from cyclopts import Parameter

from plumbline.cli.client import all_nodes, connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

HISTORY = """
query History($first: Int, $after: String) {
  configuration {
    history(first: $first, after: $after) {
      nodes { number origin reason steps createdAt createdBy { email } documents { path what diff } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def history(
    version: int | None = None,
    *,
    last: Annotated[int, Parameter(help="How many versions to show.")] = 20,
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
        pages = all_nodes(client, HISTORY, {"first": min(max(last, 1), 100)}, at=("configuration", "history"))
        versions = (each for _, nodes in pages for each in nodes)
        if version is None:
            found = list(islice(versions, last))
        else:
            found = [each for each in versions if each["number"] == version]
    if as_json:
        print_json({"versions": found})
    elif version is None:
        rows = [
            (each["number"], each["createdAt"], each["createdBy"]["email"], each["origin"], each["reason"])
            for each in found
        ]
        print_table(("version", "when", "who", "what", "why"), rows)
    else:
        for each in found:
            print(f"version {each['number']}: {each['origin']} by {each['createdBy']['email']}, {each['createdAt']}")
            print("\n".join([each["reason"], *each["steps"], *(document["diff"] for document in each["documents"])]))
