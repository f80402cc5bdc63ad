"""KiCad's netlist as XML (`<export version="E">`), which bill-of-materials scripts work from: components already counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from plumbline.exchange.bounds import check_row_count
from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedData, Origin, ReadOptions, Severity
from plumbline.exchange.placements import Board, Placement, add_board
from plumbline.exchange.readers.elements import Element, element_tree, mentions

NAME = "kicad-netlist"
_ROOT = "export"
_KEPT = frozenset(
    {
        "design",
        "sheet",
        "title_block",
        "title",
        "rev",
        "components",
        "comp",
        "value",
        "footprint",
        "datasheet",
        "description",
    }
    | {"fields", "field", "libsource", "property"}
)
_EXCLUDED, _LEFT_OFF = "exclude_from_bom", "dnp"
_FLAGS = frozenset({_EXCLUDED, _LEFT_OFF, "exclude_from_board", "exclude_from_sim", "Sheetname", "Sheetfile"})
"""Properties that say nothing about the part itself; the others repeat its fields or add to them."""


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is a netlist."""
    for file in files:
        if _is_netlist(file):
            return f"{file.name} is a KiCad netlist"
    return None


def _is_netlist(file: NamedFile) -> bool:
    return file.suffix in (".xml", ".net") and mentions(file, "<export") and b"<components" in file.content


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    gatherer = Gatherer()
    netlists = {file.name for file in files if _is_netlist(file)}
    if not netlists:
        raise UnreadableFile(
            f"{files[0].name} is no netlist.", path=(files[0].name,), expected=f"<{_ROOT}> with components"
        )
    rows = 0
    for file in files:
        if file.name not in netlists:
            gatherer.tell(
                Severity.INFO, "FILE_IGNORED", f"{file.name} is no netlist and was not read.", Origin(file.name)
            )
            continue
        root = element_tree(file, _ROOT, _KEPT)
        components = root.all("components", "comp")
        rows += len(components)
        check_row_count(rows, file=file.name)
        add_board(
            _board(file, root, options, alone=len(netlists) == 1), _placements(file, components, gatherer), gatherer
        )
    return gatherer.data(NAME)


def _board(file: NamedFile, root: Element, options: ReadOptions, *, alone: bool) -> Board:
    title_block = root.first("design", "sheet", "title_block")
    title = title_block.first("title") if title_block is not None else None
    revision = title_block.first("rev") if title_block is not None else None
    key = (options.top_name if alone else None) or file.stem
    name = key if options.top_name or title is None or not title.text else title.text
    return Board(key, name, Origin(file.name), revision.text if revision is not None and revision.text else None)


def _placements(file: NamedFile, components: Sequence[Element], gatherer: Gatherer) -> list[Placement]:
    found: list[Placement] = []
    left_out: Counter[str] = Counter()
    for component in components:
        designator = component.get("ref")
        flags = {each.get("name"): each.get("value") for each in component.all("property")}
        if designator.startswith("#"):
            left_out["power symbols and flags"] += 1
        elif _is_flagged(flags, _EXCLUDED):
            left_out["kept off the bill of materials"] += 1
        else:
            found.append(_placement(file, component, designator, flags))
    for reason, count in left_out.items():
        sentence = f"{count} components of {file.name} were left out: they are {reason}."
        gatherer.tell(Severity.INFO, "SYMBOLS_LEFT_OUT", sentence, Origin(file.name))
    return found


def _is_flagged(flags: Mapping[str, str], name: str) -> bool:
    """A flag stands there without a value; some scripts write one."""
    return name in flags and flags[name].casefold() not in ("0", "no", "false")


def _placement(file: NamedFile, component: Element, designator: str, flags: Mapping[str, str]) -> Placement:
    source = component.first("libsource")
    value, footprint = _text(component, "value"), _text(component, "footprint")
    fields = {each.get("name"): each.text for each in component.all("fields", "field")}
    more = {name: text for name, text in flags.items() if text and name not in _FLAGS}
    written = {
        "Value": value,
        "Footprint": footprint,
        "Datasheet": _text(component, "datasheet"),
        "Description": _text(component, "description") or (source.get("description") if source is not None else ""),
        **more,
        **{name: text for name, text in fields.items() if text},
    }
    return Placement(
        designator=designator if designator and not designator.endswith("?") else None,
        value=value,
        footprint=footprint,
        symbol=f"{source.get('lib')}:{source.get('part')}" if source is not None else "",
        fields=written,
        origin=Origin(file.name, row=component.row),
        is_left_off=_is_flagged(flags, _LEFT_OFF),
    )


def _text(component: Element, name: str) -> str:
    found = component.first(name)
    return "" if found is None or found.text == "~" else found.text
