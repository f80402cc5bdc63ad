"""One KiCad schematic file as values: its symbols, the sheets it calls in, and what it knows about numbering."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from plumbline.exchange.columns import folded_title
from plumbline.exchange.files import NamedFile
from plumbline.exchange.model import Origin
from plumbline.exchange.readers.expressions import Node, parsed
from plumbline.exchange.readers.kicad_words import properties, unescaped_name

ROOT = "kicad_sch"
_KEPT = frozenset(
    {"uuid", "title_block", "title", "rev", "lib_symbols", "symbol", "power", "property", "lib_id", "lib_name"}
    | {
        "in_bom",
        "dnp",
        "unit",
        "instances",
        "project",
        "path",
        "reference",
        "sheet",
        "symbol_instances",
        "sheet_instances",
    }
)
_DESCRIPTIONS = ("Description", "ki_description")


class Numbered(NamedTuple):
    """What a symbol is called where its sheet is used."""

    designator: str
    unit: str
    """Which part of the component it draws: the second of four gates."""


@dataclass(frozen=True, slots=True)
class SheetSymbol:
    uuid: str
    library_name: str
    fields: Mapping[str, str]
    """Its own properties; the description comes from the library where it has none."""
    is_power: bool
    is_in_bom: bool
    is_left_off: bool
    unit: str
    references: Mapping[str, Numbered]
    """By path of the sheet, where the symbol itself says it (KiCad 7 and later)."""
    references_below_root: Mapping[str, Numbered]
    """The same by path without the root, where it is certain: a sheet copied from another project keeps that one's root."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class SubSheet:
    uuid: str
    name: str
    file: str
    is_in_bom: bool
    is_left_off: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class SchematicSheet:
    file: NamedFile
    uuid: str
    title: str
    revision: str
    symbols: tuple[SheetSymbol, ...]
    sheets: tuple[SubSheet, ...]
    references: Mapping[str, Mapping[str, Numbered]]
    """By path of the sheet and by symbol, in the root file (KiCad 6)."""
    has_pages: bool
    """Whether the file numbers the pages of a design, which only root files do."""


def schematic_sheet(file: NamedFile) -> SchematicSheet:
    root = parsed(file, ROOT, _KEPT)
    title_block = root.first("title_block")
    library = dict(_library_symbols(root))
    return SchematicSheet(
        file=file,
        uuid=root.text("uuid"),
        title="" if title_block is None else title_block.text("title").strip(),
        revision="" if title_block is None else title_block.text("rev").strip(),
        symbols=tuple(_symbol(node, library, file) for node in root.all("symbol")),
        sheets=tuple(_sub_sheet(node, file) for node in root.all("sheet")),
        references=_by_sheet(_paths(root.all("symbol_instances"))),
        has_pages=root.first("sheet_instances") is not None,
    )


class _LibrarySymbol(NamedTuple):
    is_power: bool
    description: str


def _library_symbols(root: Node) -> Iterator[tuple[str, _LibrarySymbol]]:
    for holder in root.all("lib_symbols"):
        for node in holder.all("symbol"):
            if node.texts:
                yield node.texts[0], _LibrarySymbol(node.first("power") is not None, _description(properties(node)))


def _description(fields: Mapping[str, str]) -> str:
    return next((fields[name] for name in _DESCRIPTIONS if fields.get(name)), "")


def _symbol(node: Node, library: Mapping[str, _LibrarySymbol], file: NamedFile) -> SheetSymbol:
    lib_id = node.text("lib_id")
    drawn = library.get(node.text("lib_name")) or library.get(lib_id)
    fields = properties(node)
    if drawn is not None and drawn.description and not _description(fields):
        fields[_DESCRIPTIONS[0]] = drawn.description
    references = dict(_paths(project for holder in node.all("instances") for project in holder.all("project")))
    return SheetSymbol(
        uuid=node.text("uuid"),
        library_name=unescaped_name(lib_id),
        fields=fields,
        is_power=drawn is not None and drawn.is_power,
        is_in_bom=node.flag("in_bom", default=True),
        is_left_off=node.flag("dnp"),
        unit=node.text("unit"),
        references=references,
        references_below_root=_below_root(references),
        origin=Origin(file.name, row=node.row),
    )


def _below_root(references: Mapping[str, Numbered]) -> dict[str, Numbered]:
    below: dict[str, set[Numbered]] = defaultdict(set)
    for path, numbered in references.items():
        if numbered.designator:
            below["/".join(path.split("/")[2:])].add(numbered)
    return {path: found.pop() for path, found in below.items() if len(found) == 1}


def _by_sheet(references: Iterable[tuple[str, Numbered]]) -> dict[str, dict[str, Numbered]]:
    found: dict[str, dict[str, Numbered]] = defaultdict(dict)
    for path, numbered in references:
        sheet, _, symbol = path.rpartition("/")
        found[sheet][symbol] = numbered
    return dict(found)


def _sub_sheet(node: Node, file: NamedFile) -> SubSheet:
    fields = {folded_title(name): text for name, text in properties(node).items()}
    return SubSheet(
        uuid=node.text("uuid"),
        name=fields.get("sheetname", ""),
        file=fields.get("sheetfile", ""),
        is_in_bom=node.flag("in_bom", default=True),
        is_left_off=node.flag("dnp"),
        origin=Origin(file.name, row=node.row),
    )


def _paths(holders: Iterable[Node]) -> Iterator[tuple[str, Numbered]]:
    for holder in holders:
        for path in holder.all("path"):
            if path.texts:
                yield path.texts[0], Numbered(path.text("reference"), path.text("unit"))
