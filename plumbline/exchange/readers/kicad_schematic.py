"""KiCad schematics (`.kicad_sch`, KiCad 6 and later): the root sheet is the assembly, symbols with a designator are what it holds.

All sheet files of a design are read together. A sheet that is called in twice counts twice, and the designator of a symbol
depends on the path by which its sheet was reached: KiCad 7 writes it into the symbol, KiCad 6 into the root file. The units of one
part (four gates of one chip) share a designator and count once.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from plumbline.exchange.bounds import check_field_count, check_row_count
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedData, Origin, ReadOptions, Severity
from plumbline.exchange.placements import Board, Placement, add_board
from plumbline.exchange.readers.kicad_sheets import (
    ROOT,
    Numbered,
    SchematicSheet,
    SheetSymbol,
    SubSheet,
    schematic_sheet,
)
from plumbline.exchange.readers.kicad_words import starts_with, tell_encoding

NAME = "kicad-schematic"
SUFFIX = ".kicad_sch"
SHEET_USES_MAX = 5_000
"""Sheets that call in one another double with every level: 20 files can ask for a million."""
SHEET_DEPTH_MAX = 100
"""Of sheets in sheets; people stay below ten."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A sheet as reached from the root: through which sheets, and whether all of them are fitted and listed."""

    sheet: SchematicSheet
    path: tuple[str, ...]
    files: tuple[str, ...]
    is_in_bom: bool = True
    is_left_off: bool = False


class _Numbering(NamedTuple):
    """Where the numbers of the symbols of one use of a sheet stand; made once for all of them, because paths can be long."""

    of_paths: tuple[tuple[str, Mapping[str, Numbered]], ...]
    """The path with the root and without it, each with what the root file says of the symbols there."""
    below_root: str


class _Sheets(NamedTuple):
    by_name: Mapping[str, SchematicSheet]
    alone_of_name: Mapping[str, str]
    """Full name by the name without folders, where no two files share it."""


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is a schematic."""
    for file in files:
        if file.suffix == SUFFIX and starts_with(file, ROOT):
            return f"{file.name} is a KiCad schematic"
    return None


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    gatherer = Gatherer()
    sheets = _indexed(_sheets(files, gatherer))
    if not sheets.by_name:
        raise UnreadableFile(f"{files[0].name} is no schematic.", path=(files[0].name,), expected=f"a {SUFFIX} file")
    roots = _roots(sheets)
    seen: Counter[str] = Counter()
    reached: set[str] = set()
    for name, sheet in roots.items():
        alone = len(roots) == 1
        key = (options.top_name if alone else None) or name
        title = (options.top_name if alone else None) or sheet.title or name
        board = Board(key, title, Origin(sheet.file.name), sheet.revision or None)
        add_board(board, _placements(sheet, sheets, seen, reached, gatherer), gatherer)
    for name in sheets.by_name:
        if name not in reached:
            sentence = f"{name} belongs to no design that was read, and was not read either."
            gatherer.tell(Severity.WARNING, "SHEET_UNUSED", sentence, Origin(name))
    return gatherer.data(NAME)


def _sheets(files: Sequence[NamedFile], gatherer: Gatherer) -> Iterator[SchematicSheet]:
    for file in files:
        if file.suffix == SUFFIX:
            tell_encoding(file, gatherer)
            yield schematic_sheet(file)
        else:
            sentence = f"{file.name} is no schematic and was not read."
            gatherer.tell(Severity.INFO, "FILE_IGNORED", sentence, Origin(file.name))


def _indexed(sheets: Iterable[SchematicSheet]) -> _Sheets:
    by_name = {sheet.file.name: sheet for sheet in sheets}
    counts = Counter(map(posixpath.basename, by_name))
    return _Sheets(by_name, {base: name for name in by_name if counts[base := posixpath.basename(name)] == 1})


def _roots(sheets: _Sheets) -> dict[str, SchematicSheet]:
    """By name: the sheets that no other one calls in; all in a circle, the first one. Equal names get their folders.

    A sheet that nothing calls in and that numbers no pages, beside one that does, was left behind by an earlier design.
    """
    called = {
        name
        for sheet in sheets.by_name.values()
        for sub in sheet.sheets
        if (name := _file_of(sub, sheet, sheets)) != sheet.file.name
    }
    uncalled = [sheet for name, sheet in sheets.by_name.items() if name not in called] or list(sheets.by_name.values())[
        :1
    ]
    roots = [sheet for sheet in uncalled if sheet.has_pages] or uncalled
    stems = Counter(sheet.file.stem for sheet in roots)
    return {
        sheet.file.stem if stems[sheet.file.stem] == 1 else str(PurePosixPath(sheet.file.name).with_suffix("")): sheet
        for sheet in roots
    }


def _file_of(sub: SubSheet, sheet: SchematicSheet, sheets: _Sheets) -> str | None:
    """The name among the files given, where the folder says or, if they came without folders, the only one of that name."""
    folder = posixpath.dirname(sheet.file.name)
    wanted = posixpath.normpath(posixpath.join(folder, sub.file.replace("\\", "/")))
    return wanted if wanted in sheets.by_name else sheets.alone_of_name.get(posixpath.basename(wanted))


def _placements(
    root: SchematicSheet, sheets: _Sheets, seen: Counter[str], reached: set[str], gatherer: Gatherer
) -> list[Placement]:
    """`seen` counts everything looked at in the whole import, also what is left out, so that it has an end; `reached` collects files."""
    found: dict[str, Placement] = {}
    unnumbered: list[Placement] = []
    units: dict[str, set[str]] = defaultdict(set)
    left_out: Counter[str] = Counter()
    for use in _uses(root, sheets, gatherer):
        reached.add(use.sheet.file.name)
        seen["symbols"] += 1 + len(use.sheet.symbols) + len(use.sheet.sheets)
        seen["fields"] += sum(len(symbol.fields) for symbol in use.sheet.symbols)
        check_row_count(seen["symbols"], file=use.sheet.file.name)
        check_field_count(seen["fields"], file=use.sheet.file.name)
        numbering = _numbering(use, root)
        for symbol in use.sheet.symbols:
            designator, unit = _numbered(symbol, numbering)
            reason = _reason_to_leave_out(symbol, use, designator)
            if reason:
                left_out[reason] += 1
                continue
            placement = _placement(symbol, use, designator)
            if placement.designator is None:
                unnumbered.append(placement)
                continue
            known = found.get(placement.designator)
            is_same_unit = unit in units[placement.designator]
            units[placement.designator].add(unit)
            found[placement.designator] = (
                placement if known is None else _one_part(known, placement, gatherer, is_same_unit=is_same_unit)
            )
    _tell(left_out, unnumbered, root, gatherer)
    return [*found.values(), *unnumbered]


def _uses(root: SchematicSheet, sheets: _Sheets, gatherer: Gatherer) -> Iterator[_Use]:
    """The root and every sheet below it, as often as it is called in."""
    waiting = [_Use(root, (), (root.file.name,))]
    count = 0
    while waiting:
        use = waiting.pop()
        count += 1
        if count > SHEET_USES_MAX:
            raise ImportTooLarge(
                f"{root.file.name} calls in more than {SHEET_USES_MAX} sheets.",
                path=(root.file.name,),
                expected=f"at most {SHEET_USES_MAX} uses of sheets",
            )
        yield use
        for sub in reversed(use.sheet.sheets):
            below = _below(use, sub, sheets, gatherer)
            if below is not None:
                waiting.append(below)


def _below(use: _Use, sub: SubSheet, sheets: _Sheets, gatherer: Gatherer) -> _Use | None:
    name = _file_of(sub, use.sheet, sheets)
    if name is None:
        sentence = (
            f"The sheet {sub.name or sub.file} is in {sub.file}, which is not among the files; its parts are missing."
        )
        gatherer.tell(Severity.ERROR, "SHEET_MISSING", sentence, sub.origin)
        return None
    if len(use.files) > SHEET_DEPTH_MAX:
        raise ImportTooLarge(
            f"{sub.origin} nests sheets deeper than {SHEET_DEPTH_MAX} levels.",
            path=(use.sheet.file.name,),
            expected=f"at most {SHEET_DEPTH_MAX} levels of sheets",
        )
    if name in use.files:
        sentence = f"The sheet {sub.name or sub.file} calls in {sub.file}, which it is part of; it was not followed."
        gatherer.tell(Severity.ERROR, "SHEET_LOOP", sentence, sub.origin)
        return None
    return _Use(
        sheets.by_name[name],
        (*use.path, sub.uuid),
        (*use.files, name),
        use.is_in_bom and sub.is_in_bom,
        use.is_left_off or sub.is_left_off,
    )


def _numbering(use: _Use, root: SchematicSheet) -> _Numbering:
    below_root = "/".join(use.path)
    paths = ("/" + "/".join(filter(None, (root.uuid, *use.path))), f"/{below_root}")
    return _Numbering(tuple((path, root.references.get(path.rstrip("/"), {})) for path in paths), below_root)


def _numbered(symbol: SheetSymbol, numbering: _Numbering) -> Numbered:
    """As numbered for this path; the symbol's own property where no numbering speaks of the path."""
    for path, in_root_file in numbering.of_paths:
        for found in (symbol.references.get(path), in_root_file.get(symbol.uuid)):
            if found is not None and found.designator:
                return found
    own = Numbered(symbol.fields.get("Reference", ""), symbol.unit)
    return symbol.references_below_root.get(numbering.below_root, own)


def _reason_to_leave_out(symbol: SheetSymbol, use: _Use, designator: str) -> str | None:
    if symbol.is_power or designator.startswith("#"):
        return "power symbols and flags"
    return None if symbol.is_in_bom and use.is_in_bom else "kept off the bill of materials"


def _placement(symbol: SheetSymbol, use: _Use, designator: str) -> Placement:
    is_numbered = bool(designator) and not designator.endswith("?")
    value = symbol.fields.get("Value", "").strip()
    footprint = symbol.fields.get("Footprint", "").strip()
    return Placement(
        designator=designator if is_numbered else None,
        value="" if value == "~" else value,
        footprint="" if footprint == "~" else footprint,
        symbol=symbol.library_name,
        fields=symbol.fields,
        origin=symbol.origin,
        is_left_off=symbol.is_left_off or use.is_left_off,
    )


def _one_part(known: Placement, other: Placement, gatherer: Gatherer, *, is_same_unit: bool) -> Placement:
    """Units of one part; the fields of the first one, and of the others what it does not say. It is placed if any of them is."""
    if (known.value, known.symbol) != (other.value, other.symbol):
        sentence = (
            f"{known.designator} is {known.value or known.symbol} at {known.origin} and {other.value or other.symbol} here;"
            " the first was taken."
        )
        gatherer.tell(Severity.WARNING, "DESIGNATOR_TWICE", sentence, other.origin)
        return known
    if is_same_unit:
        sentence = f"{known.designator} stands at {known.origin} and here; it was counted once."
        gatherer.tell(Severity.WARNING, "DESIGNATOR_TWICE", sentence, other.origin)
    if known.is_left_off != other.is_left_off:
        sentence = f"{known.designator} is fitted in one place and not in another; it was taken as placed."
        gatherer.tell(Severity.WARNING, "FITTING_UNKNOWN", sentence, other.origin)
    more = {name: text for name, text in other.fields.items() if text and not known.fields.get(name)}
    return replace(
        known,
        footprint=known.footprint or other.footprint,
        fields={**known.fields, **more} if more else known.fields,
        is_left_off=known.is_left_off and other.is_left_off,
    )


def _tell(left_out: Counter[str], unnumbered: Sequence[Placement], root: SchematicSheet, gatherer: Gatherer) -> None:
    for reason, count in left_out.items():
        sentence = f"{count} symbols of {root.file.name} were left out: they are {reason}."
        gatherer.tell(Severity.INFO, "SYMBOLS_LEFT_OUT", sentence, Origin(root.file.name))
    if unnumbered:
        first = unnumbered[0].origin
        sentence = f"{len(unnumbered)} symbols of {root.file.name} are not numbered, the first at {first}; each counts as one piece."
        gatherer.tell(Severity.WARNING, "NOT_NUMBERED", sentence, first)
