"""`plumbline export`: the whole library into a folder, or one BOM to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from plumbline.cli.bom_explode import flat_bom, indented_bom
from plumbline.cli.bom_view import ChosenView
from plumbline.cli.client import Client, all_nodes, connected
from plumbline.cli.errors import FolderInUse, WrongUsage
from plumbline.cli.export_layout import FORMAT, VERSION, write_library
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, progress
from plumbline.exchange.exporting.csv_cells import write_csv

CATALOG = """
query Catalog {
  organization { current { slug name } }
  library { current { slug name } }
  status { findAll { name mapsTo color } }
  category { findAll { id code name shortName registryType unitOfMeasure parentId attributes { name } } }
  attribute { findAll { name type unit choices } }
}
"""
COMPONENTS = """
query Components($after: String) {
  component { findAll(pagination: { first: 100, after: $after }, orderBy: [{ field: CPN }]) {
    nodes {
      id cpn name description revision: revisionValue version state eid procurement unitOfMeasure labels createdAt updatedAt
      status { name } category { code name }
      attributes { name text number unit }
      aliases { kind value }
      sources {
        rank status manufacturer mpn description datasheet
        offers {
          distributor sku currency packQuantity minimumQuantity leadTimeDays link
          priceBreaks { quantity unitPrice }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  } }
}
"""
LINES = """
query Lines($after: String) {
  component { findAll(pagination: { first: 200, after: $after }, orderBy: [{ field: CPN }]) {
    nodes {
      id
      children {
        id quantity: exactQuantity unit itemNumber referenceDesignators notes isDoNotPlace
        child { cpn } substitutes { cpn }
      }
    }
    pageInfo { hasNextPage endCursor }
  } }
}
"""
FLAT_HEADER = ("cpn", "name", "quantity", "unit")
INDENTED_HEADER = ("level", "path", *FLAT_HEADER, "item number", "designators", "notes", "do not place")


def export(
    folder: Path | None = None,
    *,
    cpn: str | None = None,
    flat: Annotated[bool, Parameter(negative=())] = False,
    format_name: Annotated[Literal["csv", "json"] | None, Parameter(name="--format")] = None,
    view: ChosenView | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole library as JSON and CSV into a folder, or one BOM to standard output. LAYOUT.md in the folder explains the files.

    Parameters
    ----------
    folder
        Where the library goes; a new or an empty folder.
    cpn
        Part number of the product whose BOM goes to standard output instead.
    flat
        Every part of that BOM once, with its quantity per one product.
    format_name
        How that BOM is written; CSV without.
    """
    if (folder is None) == (cpn is None):
        raise WrongUsage("What shall be exported?", expected="a folder for the library, or --cpn for one BOM")
    with connected(target) as client:
        if cpn is not None:
            chosen = view or ChosenView()
            bom = flat_bom(client, cpn, chosen) if flat else indented_bom(client, cpn, chosen)
            _write_bom(bom, flat=flat, as_json=as_json or format_name == "json")
        if folder is not None:
            _export_library(client, folder, as_json)


app = App(name="export", default_command=export, help_format="plaintext")
app.command(
    "plumbline.cli.export_bom:bom",
    name="bom",
    help="Write one BOM as CSV, XLSX, JSON or PDF in the columns of a template, or as a PDX package.",
)
app.command(
    "plumbline.cli.export_kicad:kicad", name="kicad", help="Write the electrical parts as KiCad symbol libraries."
)
app.command(
    "plumbline.cli.export_kicad_http:kicad_http",
    name="kicad-http",
    help="Write the file that makes KiCad ask the server for parts.",
)


def whole_library(client: Client) -> dict[str, Any]:
    """As library.json has it. Pages are asked one after the other, so an export of a library at work is not of one moment."""
    catalog = client.ask(CATALOG)
    categories = catalog["category"]["findAll"]
    codes = {each["id"]: each["code"] for each in categories}
    return {
        "format": FORMAT,
        "version": VERSION,
        "organization": catalog["organization"]["current"],
        "library": catalog["library"]["current"],
        "statuses": catalog["status"]["findAll"],
        "attributes": catalog["attribute"]["findAll"],
        "categories": [_category(each, codes) for each in categories],
        "components": _components(client),
    }


def _components(client: Client) -> list[dict[str, Any]]:
    lines: dict[str, list[dict[str, Any]]] = {}
    for _, nodes in all_nodes(client, LINES, {}, at=("component", "findAll")):
        lines |= {node["id"]: [_line(link) for link in node["children"]] for node in nodes}
    found: list[dict[str, Any]] = []
    for data, nodes in all_nodes(client, COMPONENTS, {}, at=("component", "findAll")):
        found += [{**node, "status": node["status"]["name"], "lines": lines.get(node["id"], [])} for node in nodes]
        progress(f"{len(found)} of {data['component']['findAll']['totalCount']} components …")
    progress("")
    return found


def _line(link: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in link.items() if name not in ("child", "substitutes")}
    return {**rest, "cpn": link["child"]["cpn"], "substitutes": [each["cpn"] for each in link["substitutes"]]}


def _category(category: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    return {**category, "parentCode": codes.get(category["parentId"])}


def _export_library(client: Client, folder: Path, as_json: bool) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(f"{folder} is not empty.", path=("folder",), expected="a new or an empty folder")
    library = whole_library(client)
    write_library(folder, library)
    counts = {"components": len(library["components"]), "lines": sum(len(c["lines"]) for c in library["components"])}
    if as_json:
        print_json({"folder": str(folder), **counts})
    else:
        print(f"Wrote {counts['components']} components and {counts['lines']} lines to {folder}.")


def _write_bom(bom: dict[str, Any], *, flat: bool, as_json: bool) -> None:
    if as_json:
        print_json(bom)
        return
    header = FLAT_HEADER if flat else INDENTED_HEADER
    write_csv(sys.stdout, header, [_flat_row(each) if flat else _indented_row(each) for each in bom["lines"]])


def _flat_row(line: dict[str, Any]) -> tuple[object, ...]:
    return line["cpn"], line["name"], line["quantity"], line["unit"]


def _indented_row(line: dict[str, Any]) -> tuple[object, ...]:
    designators = ", ".join(line["referenceDesignators"])
    place = (line["level"], line["path"])
    return *place, *_flat_row(line), line["itemNumber"], designators, line["notes"], line["isDoNotPlace"]
