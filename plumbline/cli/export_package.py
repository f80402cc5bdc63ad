"""One product as a PDX package, page by page: the part of `plumbline export bom` that asks for items instead of rows."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.cli.client import Client, Data, all_nodes
from plumbline.cli.output import progress
from plumbline.exchange.exporting.package import Package, PackagedItem, item_from_wire

PACKAGE = """
query Package($cpn: String!, $view: ViewMode, $asOf: DateTime, $asReleased: String, $after: String) {
  organization { current { name } }
  exports {
    package(cpn: $cpn, view: $view, asOf: $asOf, asReleased: $asReleased, first: 1000, after: $after) {
      top { cpn name }
      items {
        nodes {
          id cpn name description kind category revision releasedAt status statusMeaning procurement unit eid attributes sources lines
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""


class Counted:
    """How many rows or items went by."""

    def __init__(self) -> None:
        self.rows = 0


def product_package(client: Client, variables: Data, view: str, counted: Counted) -> Package:
    pages = all_nodes(client, PACKAGE, variables, at=("exports", "package", "items"))
    data, first = next(pages)
    top = data["exports"]["package"]["top"]

    def items() -> Iterator[PackagedItem]:
        nodes = first
        while nodes:
            for node in nodes:
                counted.rows += 1
                yield item_from_wire(node)
            progress(f"{counted.rows} items …")
            nodes = next(pages, (None, []))[1]
        progress("")

    return Package(top["cpn"], top["name"], view, data["organization"]["current"]["name"], items())
