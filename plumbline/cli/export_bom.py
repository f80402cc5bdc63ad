"""`plumbline export bom`: one BOM for whoever receives it, in any view, written as it comes, page by page."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Annotated, Any, Literal, get_args

from cyclopts import Parameter

from plumbline.cli.bom_view import ChosenView
from plumbline.cli.client import Client, Data, all_nodes, connected
from plumbline.cli.errors import FileUnreadable, WrongUsage
from plumbline.cli.export_package import Counted, product_package
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, progress
from plumbline.exchange.exporting.csv_writing import write_sheet_csv
from plumbline.exchange.exporting.json_writing import write_sheet_json, write_sheet_json_lines
from plumbline.exchange.exporting.pdf_writing import write_sheet_pdf
from plumbline.exchange.exporting.pdx_writing import write_pdx
from plumbline.exchange.exporting.sheet import Column, Sheet, SheetRow, cells_from_wire
from plumbline.exchange.exporting.xlsx_writing import write_sheet_xlsx

EXPORT = """
query Export(
  $cpn: String!, $view: ViewMode, $asOf: DateTime, $asReleased: String, $template: String, $templateText: String,
  $buildQuantity: Decimal, $currency: String, $after: String
) {
  exports {
    bom(
      cpn: $cpn, view: $view, asOf: $asOf, asReleased: $asReleased, template: $template, templateText: $templateText,
      buildQuantity: $buildQuantity, currency: $currency, first: 10000, after: $after
    ) {
      top { cpn name revisionValue } title currency buildQuantity
      columns { field title format width whenTrue whenFalse isTotalled }
      rows { nodes { level cells } pageInfo { hasNextPage endCursor } }
    }
  }
}
"""
FormatName = Literal["csv", "xlsx", "json", "jsonl", "pdf", "pdx"]
FORMATS: tuple[str, ...] = get_args(FormatName)
BINARY = {"xlsx": "A workbook", "pdf": "A PDF", "pdx": "A package"}
Paper = Literal["a4", "letter"]

Write = Callable[[IO[bytes]], None]


def bom(
    cpn: str,
    *,
    format_name: Annotated[FormatName | None, Parameter(name="--format")] = None,
    template: str | None = None,
    output: Path | None = None,
    build_quantity: str | None = None,
    currency: str | None = None,
    byte_order_mark: Annotated[bool, Parameter(negative=())] = False,
    paper: Paper = "a4",
    view: ChosenView | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Write one BOM as CSV, XLSX or JSON in the columns of a template, to print (PDF), or as a PDX package.

    Parameters
    ----------
    cpn
        Part number of the product.
    format_name
        csv, xlsx, json, jsonl (an object per line), pdf or pdx; told by the name of the output without, else CSV.
    template
        A template of the library, one that comes along (default, assembly-house, purchasing, kicad), or a YAML file.
    output
        The file that is written; standard output without, which workbooks, PDFs and packages cannot go to.
    build_quantity
        For how many products quantities and prices are; as the template says without.
    currency
        Currency of the prices, such as EUR; as the template says without.
    byte_order_mark
        Begins a CSV file so that spreadsheets on Windows read it as UTF-8.
    paper
        a4 or letter, for PDF; it lies down where the columns need it.
    """
    wanted = format_name or _format_of(output)
    chosen = view or ChosenView()
    given = {"buildQuantity": build_quantity, "currency": currency, **_template(template)}
    _refuse_misfits(wanted, output, as_json=as_json, has_columns=any(value is not None for value in given.values()))
    counted = Counted()
    variables = {"cpn": cpn, **chosen.variables}
    with connected(target) as client:
        write = (
            _package_writer(client, variables, chosen, counted)
            if wanted == "pdx"
            else _sheet_writer(client, {**variables, **given}, chosen, counted, wanted, byte_order_mark, paper)
        )
        if output is None:
            write(sys.stdout.buffer)
        else:
            _write_file(output, write)
    if output is not None and as_json:
        print_json({"file": str(output), "format": wanted, "rows": counted.rows})
    elif output is not None:
        print(f"Wrote {counted.rows} rows to {output}.")


def _refuse_misfits(wanted: str, output: Path | None, *, as_json: bool, has_columns: bool) -> None:
    if wanted in BINARY and output is None:
        raise WrongUsage(f"{BINARY[wanted]} is no text for standard output.", expected=f"--output FILE.{wanted}")
    if as_json and output is None:
        raise WrongUsage("--json tells of the file that was written.", expected="--output FILE, or --format json")
    if wanted == "pdx" and has_columns:
        raise WrongUsage(
            "A package holds the whole product, without prices.", expected="no --template, --build-quantity, --currency"
        )


def _format_of(output: Path | None) -> str:
    suffix = "" if output is None else output.suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS else "csv"


def _template(template: str | None) -> dict[str, str | None]:
    """A file is sent as its text; anything else is the name of one that the server has."""
    if template is None or not template.endswith((".yaml", ".yml")):
        return {"template": template, "templateText": None}
    try:
        return {"template": None, "templateText": Path(template).read_text(encoding="utf-8")}
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(
            f"{template} cannot be read: {error}.", path=("template",), expected="a YAML file in UTF-8"
        ) from error


def _package_writer(client: Client, variables: Data, view: ChosenView, counted: Counted) -> Write:
    package = product_package(client, variables, view.title, counted)
    return partial(write_pdx, package=package, created=datetime.now(UTC))


def _sheet_writer(
    client: Client,
    variables: Data,
    view: ChosenView,
    counted: Counted,
    wanted: str,
    byte_order_mark: bool,
    paper: Paper,
) -> Write:
    sheet = _sheet(client, variables, view, counted)
    if wanted == "json":
        return partial(write_sheet_json, sheet=sheet)
    if wanted == "jsonl":
        return partial(write_sheet_json_lines, sheet=sheet)
    if wanted == "xlsx":
        return partial(write_sheet_xlsx, sheet=sheet, created=datetime.now(UTC))
    if wanted == "pdf":
        return partial(write_sheet_pdf, sheet=sheet, created=datetime.now(UTC), paper=paper)
    return partial(write_sheet_csv, sheet=sheet, byte_order_mark=byte_order_mark)


def _sheet(client: Client, variables: Data, view: ChosenView, counted: Counted) -> Sheet:
    pages = all_nodes(client, EXPORT, variables, at=("exports", "bom", "rows"))
    data, first = next(pages)
    exported = data["exports"]["bom"]
    columns = tuple(_column(each) for each in exported["columns"])

    def rows() -> Iterator[SheetRow]:
        nodes = first
        while nodes:
            for node in nodes:
                counted.rows += 1
                yield SheetRow(node["level"], cells_from_wire(columns, node["cells"]))
            progress(f"{counted.rows} rows …")
            nodes = next(pages, (None, []))[1]
        progress("")

    top = exported["top"]
    head = exported["title"], top["cpn"], view.name, exported["currency"], Decimal(exported["buildQuantity"])
    return Sheet(*head, columns, rows(), top["name"], top["revisionValue"], view.title)


def _column(node: dict[str, Any]) -> Column:
    return Column(
        node["field"],
        node["title"],
        node["format"].lower(),
        node["width"],
        node["whenTrue"],
        node["whenFalse"],
        is_totalled=node["isTotalled"],
    )


def _write_file(output: Path, write: Write) -> None:
    """Beside the file first: whoever looks at it sees the whole of the old one or of the new one.

    A link, a pipe or a device (`/dev/stdout` is all of them) is written through; a file in its place would break it for everybody.
    """
    is_written_through = output.is_symlink() or (output.exists() and not output.is_file())
    beside = output if is_written_through else output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            write(file)
        if not is_written_through:
            beside.replace(output)
    except OSError as error:
        raise FileUnreadable(f"{output} cannot be written: {error}.", path=("output",)) from error
    finally:
        if not is_written_through:
            beside.unlink(missing_ok=True)
