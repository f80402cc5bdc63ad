"""The open layout of an exported library: `library.json` has everything, the CSV files the same as tables, `LAYOUT.md` says which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from plumbline.exchange.exporting.csv_cells import write_csv

Component = Mapping[str, Any]
"""As library.json has it."""
FORMAT = "plumbline-library"
VERSION = 1
SOURCE_FIELDS = ("rank", "status", "manufacturer", "mpn", "description", "datasheet")
OFFER_FIELDS = ("distributor", "sku", "currency", "packQuantity", "minimumQuantity", "leadTimeDays", "link")


class CsvFile(NamedTuple):
    name: str
    about: str
    header: Sequence[str]
    rows: Callable[[Mapping[str, Any]], Iterator[Sequence[object]]]
    """From the whole library."""


def write_library(folder: Path, library: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "library.json").write_bytes(orjson.dumps(library, option=orjson.OPT_INDENT_2))
    (folder / "LAYOUT.md").write_text(layout_text(), encoding="utf-8")
    for each in CSV_FILES:
        with (folder / each.name).open("w", encoding="utf-8", newline="") as file:
            write_csv(file, each.header, each.rows(library))


def layout_text() -> str:
    lines = [
        "# Layout of an exported library",
        "",
        f'`library.json` holds everything: `{{"format": "{FORMAT}", "version": {VERSION}, …}}`.',
        "The tables hold the same, in UTF-8, with commas.",
        "Part numbers (`cpn`) tie them together. Quantities and prices are exact decimals. The newest version of every component is",
        "exported, without archived ones. A text that a spreadsheet would run as a formula has an apostrophe in front; one that begins",
        "with an apostrophe has a second one.",
        "",
    ]
    for each in CSV_FILES:
        lines += [f"## {each.name}", "", each.about, "", *(f"- `{name}`" for name in each.header), ""]
    return "\n".join(lines)


def _parts(library: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for each in library["components"]:
        values = (each[name] for name in ("cpn", "name", "description", "revision", "version", "state", "status"))
        category, labels = each["category"], "; ".join(each["labels"])
        rest = (each["procurement"], each["unitOfMeasure"], each["eid"], labels, each["createdAt"], each["updatedAt"])
        yield (*values, category["code"], category["name"], *rest)


def _attributes(library: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for each in library["components"]:
        for value in each["attributes"]:
            yield each["cpn"], value["name"], value["text"], value["number"], value["unit"]


def _aliases(library: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for each in library["components"]:
        for alias in each["aliases"]:
            yield each["cpn"], alias["kind"], alias["value"]


def _lines(library: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for each in library["components"]:
        for line in each["lines"]:
            designators = ", ".join(line["referenceDesignators"])
            substitutes = ", ".join(line["substitutes"])
            measure = (line["quantity"], line["unit"])
            yield (
                each["cpn"],
                line["itemNumber"],
                line["cpn"],
                *measure,
                designators,
                line["notes"],
                line["isDoNotPlace"],
                substitutes,
            )


def _sources(library: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    """A row per price break; an offer without prices and a source without offers have one row all the same."""
    for each in library["components"]:
        for source in each["sources"]:
            of_source = (each["cpn"], *(source[name] for name in SOURCE_FIELDS))
            for offer in source["offers"] or [{}]:
                of_offer = tuple(offer.get(name) for name in OFFER_FIELDS)
                for price in offer.get("priceBreaks") or [{}]:
                    yield (*of_source, *of_offer, price.get("quantity"), price.get("unitPrice"))


def _categories(library: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for each in library["categories"]:
        attributes = "; ".join(attribute["name"] for attribute in each["attributes"])
        yield each["code"], each["name"], each["parentCode"], each["registryType"], each["unitOfMeasure"], attributes


def _statuses(library: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for each in library["statuses"]:
        yield each["name"], each["mapsTo"], each["color"]


CSV_FILES = (
    CsvFile(
        "parts.csv",
        "Every component: part, assembly or document.",
        (
            "cpn", "name", "description", "revision", "version", "state", "status", "category code", "category",
            "procurement", "unit", "eid", "labels", "created at", "updated at",
        ),
        _parts,
    ),
    CsvFile(
        "attributes.csv",
        "Attribute values: as typed, and as a number in base units where it is one.",
        ("cpn", "attribute", "text", "number", "unit"),
        _attributes,
    ),
    CsvFile("aliases.csv", "Other numbers by which a component is known.", ("cpn", "kind", "value"), _aliases),
    CsvFile(
        "lines.csv",
        "BOM lines: so many of one child in one parent.",
        ("parent cpn", "item number", "child cpn", "quantity", "unit", "designators", "notes", "do not place", "substitutes"),
        _lines,
    ),
    CsvFile(
        "sources.csv",
        "Manufacturer parts with their offers: a row per price break.",
        (
            "cpn", "rank", "status", "manufacturer", "mpn", "description", "datasheet", "distributor", "sku", "currency",
            "pack quantity", "minimum quantity", "lead time days", "link", "from quantity", "unit price",
        ),
        _sources,
    ),
    CsvFile(
        "categories.csv",
        "Categories with the attributes that belong to them.",
        ("code", "name", "parent code", "type", "unit", "attributes"),
        _categories,
    ),
    CsvFile("statuses.csv", "Statuses, in the order of the lifecycle.", ("name", "maps to", "color"), _statuses),
)  # fmt: skip
