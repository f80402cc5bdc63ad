"""What each field of an export template shows of a row (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from plumbline.boms.designators import format_designators, parse_designators
from plumbline.boms.model import BomLine
from plumbline.boms.roll_up import Cost
from plumbline.catalog.attributes import TypedValue, number_in_unit
from plumbline.components.fields import labels_of
from plumbline.components.model import Component, NewSource
from plumbline.exchange.exporting.lists import PartLine
from plumbline.exchange.exporting.sheet import NUMBERS, Cell
from plumbline.kit.quantity import EXACT, canonical

SOURCES_MAX = 20
"""`manufacturer.20` is the last source that a column can show."""


class ExportRow(NamedTuple):
    """Everything that a field may show of one row."""

    line: PartLine
    component: Component
    category: tuple[str, str]
    """Code and name."""
    status: str
    bom_lines: Sequence[BomLine]
    parent_cpn: str
    needed: Decimal
    """Pieces for all products that are built."""
    currency: str
    attributes: Mapping[str, TypedValue]
    """By name in lower case."""
    sources: Sequence[NewSource]
    aliases: Mapping[str, Sequence[str]]
    """By kind in lower case."""
    substitutes: Sequence[str]
    cost: Cost | None
    """Of one piece, for a part that is built."""
    cost_below: Decimal | None
    """Of one piece with everything in it."""


class FieldName(NamedTuple):
    """A field as a template names it: `manufacturer.2` has the number 2, `attribute.Resistance` the name."""

    name: str
    number: int = 1
    of: str = ""

    def __str__(self) -> str:
        if self.of:
            return f"{self.name}.{self.of}"
        return f"{self.name}.{self.number}" if self.number != 1 else self.name

    @property
    def title(self) -> str:
        if self.of:
            return self.of
        words = FIELDS[self.name].title or self.name.replace("_", " ").capitalize()
        return f"{words} {self.number}" if self.number != 1 else words


Show = Callable[[ExportRow, FieldName], Cell]


class Meaning(NamedTuple):
    about: str
    show: Show
    format: str = "text"
    width: int | None = None
    title: str = ""
    has_number: bool = False
    has_name: bool = False
    is_totalled: bool = False


def read_field(word: str) -> FieldName | None:
    """None for a word that names no field."""
    name, dot, rest = word.strip().partition(".")
    meaning = FIELDS.get(name)
    if meaning is None:
        return None
    if meaning.has_name:
        return FieldName(name, of=rest.strip()) if rest.strip() else None
    if not dot:
        return FieldName(name)
    if meaning.has_number and rest.isascii() and rest.isdigit() and len(rest) <= 2 and 1 <= int(rest) <= SOURCES_MAX:
        return FieldName(name, int(rest))
    return None


def field_words() -> list[str]:
    """As a refusal lists them."""
    return [
        f"{name}.NAME" if name == "attribute" else f"{name}.KIND" if meaning.has_name else name
        for name, meaning in FIELDS.items()
    ]


def fits_format(name: FieldName, wanted: str) -> bool:
    """A number can be written as text; a text is no number, and only attributes may turn out to be one."""
    own = FIELDS[name.name].format
    return wanted in ("text", own) or (wanted in NUMBERS and (own in NUMBERS or name.name == "attribute"))


def shown_cell(row: ExportRow, fields: Sequence[FieldName], wanted: str, units: Mapping[str, str | None]) -> Cell:
    """The first field that has a value, in the format of its column. `units` are those of attributes, by name in lower case."""
    for name in fields:
        cell = _number_of(row, name, units) if _is_measured(name, wanted) else FIELDS[name.name].show(row, name)
        if cell is None or cell == "":
            continue
        if wanted != "text" or isinstance(cell, str | bool):
            return cell
        return canonical(Decimal(cell))
    return None


def _is_measured(name: FieldName, wanted: str) -> bool:
    return name.name == "attribute" and wanted in NUMBERS


def _number_of(row: ExportRow, name: FieldName, units: Mapping[str, str | None]) -> Decimal | None:
    value = row.attributes.get(name.of.lower())
    return None if value is None else number_in_unit(value, units.get(name.of.lower()))


# --- what stands in the table -----------------------------------------------------------------------------------------------------


def _source(row: ExportRow, name: FieldName) -> NewSource | None:
    return row.sources[name.number - 1] if name.number <= len(row.sources) else None


def _of_source(what: Callable[[NewSource], str | None]) -> Show:
    def show(row: ExportRow, name: FieldName) -> Cell:
        source = _source(row, name)
        return None if source is None else what(source)

    return show


def _of_cost(what: Callable[[Cost], Cell]) -> Show:
    return lambda row, _: None if row.cost is None else what(row.cost)


def _only_line(row: ExportRow) -> BomLine | None:
    return row.bom_lines[0] if len(row.bom_lines) == 1 else None


def _item_number(row: ExportRow, _: FieldName) -> Cell:
    line = _only_line(row)
    return None if line is None else line.item_number


def _designators(row: ExportRow) -> list[str]:
    """Of several lines each once: a board that is built in twice has its R7 once."""
    found = (each for line in row.bom_lines for each in parse_designators(line.reference_designators))
    return list(dict.fromkeys(found))


def _designator_ranges(row: ExportRow, _: FieldName) -> Cell:
    line = _only_line(row)
    return format_designators(_designators(row)) if line is None else line.reference_designators


def _notes(row: ExportRow, _: FieldName) -> Cell:
    return "; ".join(dict.fromkeys(line.notes for line in row.bom_lines if line.notes))


def _unit(row: ExportRow, _: FieldName) -> Cell:
    line = _only_line(row) if row.line.quantity is not None else None
    return row.component.unit_of_measure if line is None else line.unit


def _extended(row: ExportRow, _: FieldName) -> Cell:
    return None if row.cost is None else EXACT.multiply(row.cost.unit_price, row.needed)


def _rolled_up(row: ExportRow, _: FieldName) -> Cell:
    return None if row.cost_below is None else EXACT.multiply(row.cost_below, row.needed)


def _aliases(row: ExportRow, name: FieldName) -> Cell:
    return ", ".join(row.aliases.get(name.of.lower(), ()))


def _attribute(row: ExportRow, name: FieldName) -> Cell:
    value = row.attributes.get(name.of.lower())
    return None if value is None else value.text


def _pieces(amount: Decimal | int | None) -> Cell:
    return amount


FIELDS: dict[str, Meaning] = {
    "row": Meaning("the number of the row, from 1", lambda r, _: r.line.number, "number", 6),
    "level": Meaning("1 directly below the product", lambda r, _: r.line.level, "number", 6),
    "path": Meaning("the places of the lines from the product down: 1.4.2", lambda r, _: r.line.path, width=10),
    "parent": Meaning("part number of the assembly that the row stands in", lambda r, _: r.parent_cpn),
    "item_number": Meaning("the item number of the line", _item_number, "number", 6, "Item"),
    "cpn": Meaning("the part number", lambda r, _: r.component.cpn, width=18, title="Part number"),
    "name": Meaning("the name", lambda r, _: r.component.name, width=36),
    "description": Meaning("the description", lambda r, _: r.component.description, width=40),
    "category": Meaning("the name of the category", lambda r, _: r.category[1], width=20),
    "category_code": Meaning("the code of the category", lambda r, _: r.category[0]),
    "revision": Meaning("the revision", lambda r, _: r.component.revision, width=9),
    "version": Meaning("the number of the version that is shown", lambda r, _: r.component.version, "number", 8),
    "status": Meaning("the status", lambda r, _: r.status),
    "state": Meaning("RELEASED, or MODIFIED since", lambda r, _: str(r.component.state)),
    "procurement": Meaning("MAKE or BUY", lambda r, _: r.component.procurement, width=12),
    "eid": Meaning("the number in an ERP system", lambda r, _: r.component.eid, title="EID"),
    "labels": Meaning("the labels", lambda r, _: ", ".join(labels_of(r.component.labels))),
    "quantity": Meaning("pieces per one parent; indented lists only", lambda r, _: _pieces(r.line.quantity), "number", 10),
    "total_quantity": Meaning("pieces per one product", lambda r, _: r.line.total, "number", 12),
    "needed_quantity": Meaning("pieces for all products that are built", lambda r, _: r.needed, "number", 12),
    "unit": Meaning("the unit of the quantity", _unit, width=8),
    "reference_designators": Meaning(
        "every designator: C1, C2, C3", lambda r, _: ", ".join(_designators(r)), width=30, title="Designators"
    ),
    "designator_ranges": Meaning("with runs as ranges: C1-C3", _designator_ranges, width=30, title="Designators"),
    "notes": Meaning("the notes of the line", _notes, width=30),
    "do_not_place": Meaning(
        "whether it is not placed", lambda r, _: not r.line.is_built, "yes_no", 12, "Do not place"
    ),
    "substitutes": Meaning("part numbers that may be used instead", lambda r, _: ", ".join(r.substitutes), width=20),
    "manufacturer": Meaning(
        "the maker of the preferred source; manufacturer.2 of the second",
        _of_source(lambda s: s.manufacturer), width=22, has_number=True,
    ),
    "mpn": Meaning(
        "the maker's part number; mpn.2 of the second source",
        _of_source(lambda s: s.mpn), width=22, title="MPN", has_number=True,
    ),
    "source_status": Meaning(
        "whether the source is approved", _of_source(lambda s: str(s.status)), title="Source status", has_number=True
    ),
    "datasheet": Meaning("the address of the datasheet", _of_source(lambda s: s.datasheet), width=30, has_number=True),
    "supplier": Meaning("who offers the unit price", _of_cost(lambda c: c.offer.distributor), width=20),
    "sku": Meaning("the supplier's number", _of_cost(lambda c: c.offer.sku), width=20, title="SKU"),
    "link": Meaning("the address of the offer", _of_cost(lambda c: c.offer.link), width=30),
    "pack_quantity": Meaning("pieces in a pack", _of_cost(lambda c: c.offer.pack_quantity), "number"),
    "minimum_quantity": Meaning("pieces that must be bought", _of_cost(lambda c: c.offer.minimum_quantity), "number"),
    "lead_time_days": Meaning("days until that offer delivers", _of_cost(lambda c: c.offer.lead_time_days), "number"),
    "unit_price": Meaning(
        "of one piece at the price break that the pieces for all products reach",
        _of_cost(lambda c: c.unit_price), "price", 12,
    ),
    "extended_price": Meaning(
        "the unit price for all pieces of the row; assemblies have none", _extended, "price", 14, is_totalled=True
    ),
    "rolled_up_price": Meaning("of an assembly with everything in it; of a part the extended price", _rolled_up, "price", 14),
    "currency": Meaning("the currency of the prices", lambda r, _: r.currency if r.cost else None, width=9),
    "attribute": Meaning("attribute.NAME: a value as it was typed", _attribute, has_name=True),
    "alias": Meaning("alias.KIND: other numbers of the part", _aliases, has_name=True),
}  # fmt: skip
"""By the word in a template."""

SOURCE_FIELDS = frozenset({"manufacturer", "mpn", "source_status", "datasheet"})
LINE_FIELDS = frozenset({"item_number", "unit", "reference_designators", "designator_ranges", "notes", "substitutes"})
PRICE_FIELDS = frozenset(
    {
        "supplier",
        "sku",
        "link",
        "pack_quantity",
        "minimum_quantity",
        "lead_time_days",
        "unit_price",
        "extended_price",
        "currency",
    }
)
