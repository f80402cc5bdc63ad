"""`plumbline rules list`: the validation rules of the library."""

from __future__ import annotations

from typing import Any

from plumbline.cli.client import Client, connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

LIST = """
query List {
  validations {
    list { nodes { id name type version code description onFailure isActive path createdAt updatedAt } }
  }
}
"""


def list_rules(*, target: Target | None = None, as_json: AsJson = False) -> None:
    """List the library's validation rules, those that are switched off among them."""
    with connected(target) as client:
        found = rules_of_library(client)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["name"],
            each["version"],
            "yes" if each["isActive"] else "no",
            each["onFailure"].lower(),
            each["updatedAt"],
            each["path"],
        )
        for each in found
    ]
    print_table(("name", "version", "active", "on failure", "updated", "file"), rows)


def rules_of_library(client: Client) -> list[dict[str, Any]]:
    """By name."""
    found: list[dict[str, Any]] = client.ask(LIST)["validations"]["list"]["nodes"]
    return found
