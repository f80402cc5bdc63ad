"""`plumbline config report`: the components that the rules of their categories object to."""

from __future__ import annotations

from typing import Literal

from plumbline.cli.client import all_nodes, connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

REPORT = """
query Report($severity: SpecSeverity, $category: ID, $after: String) {
  configuration {
    violations(severity: $severity, categoryId: $category, first: 1000, after: $after) {
      nodes { cpn violation { spec kind severity message expected rule } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def report(
    *,
    severity: Literal["error", "warning"] | None = None,
    category: str | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Every value, and every missing value, that the rules of the categories forbid.

    Parameters
    ----------
    severity
        Only errors, or only warnings.
    category
        Only one category, by its code or name.
    """
    variables = {"severity": severity and severity.upper(), "category": category}
    with connected(target) as client:
        pages = all_nodes(client, REPORT, variables, at=("configuration", "violations"))
        found = [each for _, nodes in pages for each in nodes]
    if as_json:
        print_json({"violations": found})
    elif not found:
        print("No violation.")
    else:
        rows = [
            (
                each["cpn"],
                each["violation"]["severity"].lower(),
                each["violation"]["spec"],
                each["violation"]["message"],
            )
            for each in found
        ]
        print_table(("cpn", "severity", "spec", "what is wrong"), rows)
