"""`plumbline bom explode`: every use of every part by level, or every part once with its quantity per one top."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.boms.designators import parse_designators
from plumbline.cli.bom_view import ChosenView
from plumbline.cli.client import Client, all_nodes, connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import ExactNumber, print_json, print_table

FLAT = """
query Flat($cpn: String!, $view: ViewMode, $asOf: DateTime, $asReleased: String, $after: String) {
  bom { flat(cpn: $cpn, view: $view, asOf: $asOf, asReleased: $asReleased, first: 1000, after: $after) {
    top { cpn }
    nodes { cpn name quantity unit }
    pageInfo { hasNextPage endCursor }
  } }
}
"""
INDENTED = """
query Indented($cpn: String!, $view: ViewMode, $asOf: DateTime, $asReleased: String, $depth: Int, $after: String) {
  component { findOne(cpn: $cpn) { cpn } }
  bom { indented(cpn: $cpn, view: $view, asOf: $asOf, asReleased: $asReleased, depth: $depth, first: 1000, after: $after) {
    nodes { level path cpn name quantity unit itemNumber refDes revision totalQuantity notes isDoNotPlace }
    pageInfo { hasNextPage endCursor }
  } }
}
"""


def explode(
    cpn: str,
    *,
    flat: Annotated[bool, Parameter(negative=())] = False,
    view: ChosenView | None = None,
    depth: int | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Everything that a product consists of, through all levels.

    Parameters
    ----------
    cpn
        Part number of the product.
    flat
        Every part once, with its quantity per one product; assemblies are resolved into their parts.
    depth
        How many levels to go down; all without.
    """
    if flat and depth is not None:
        raise WrongUsage("--flat has no levels, so --depth means nothing.", expected="one of them")
    if depth is not None and depth < 1:
        raise WrongUsage(f"--depth is {depth}.", expected="1 or more")
    chosen = view or ChosenView()
    with connected(target) as client:
        exploded = flat_bom(client, cpn, chosen) if flat else indented_bom(client, cpn, chosen, depth)
    if as_json:
        print_json(exploded)
    elif flat:
        rows = [(each["cpn"], each["name"], each["quantity"], each["unit"]) for each in exploded["lines"]]
        print_table(("cpn", "name", "quantity", "unit"), rows)
    else:
        _show_indented(exploded)


def flat_bom(client: Client, cpn: str, view: ChosenView) -> dict[str, Any]:
    """`{"top", "view", "lines": [{"cpn", "name", "quantity", "unit"}]}`."""
    top, lines = cpn, []
    for data, nodes in all_nodes(client, FLAT, {"cpn": cpn, **view.variables}, at=("bom", "flat")):
        top = data["bom"]["flat"]["top"]["cpn"]
        lines += [{**node, "quantity": ExactNumber(node["quantity"])} for node in nodes]
    return {"top": top, "view": view.name, "lines": lines}


def indented_bom(client: Client, cpn: str, view: ChosenView, depth: int | None = None) -> dict[str, Any]:
    """Like the flat one; lines stand in the order of the structure and say where they stand."""
    top, lines = cpn, []
    variables = {"cpn": cpn, "depth": depth, **view.variables}
    for data, nodes in all_nodes(client, INDENTED, variables, at=("bom", "indented")):
        top = data["component"]["findOne"]["cpn"]
        lines += [_line(node) for node in nodes]
    return {"top": top, "view": view.name, "lines": lines}


def _line(node: dict[str, Any]) -> dict[str, object]:
    return {
        "level": node["level"],
        "path": node["path"],
        "itemNumber": node["itemNumber"],
        "cpn": node["cpn"],
        "name": node["name"],
        "revision": node["revision"],
        "quantity": ExactNumber(node["quantity"]),
        "totalQuantity": ExactNumber(node["totalQuantity"]),
        "unit": node["unit"],
        "referenceDesignators": list(parse_designators(node["refDes"])),
        "notes": node["notes"],
        "isDoNotPlace": node["isDoNotPlace"],
    }


def _show_indented(exploded: dict[str, Any]) -> None:
    rows = [
        (
            each["level"],
            "  " * (each["level"] - 1) + each["cpn"],
            each["name"],
            each["revision"],
            each["quantity"],
            each["unit"],
            ", ".join(each["referenceDesignators"]),
        )
        for each in exploded["lines"]
    ]
    print_table(("level", "cpn", "name", "revision", "quantity", "unit", "designators"), rows)
