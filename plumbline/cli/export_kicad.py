"""`plumbline export kicad`: the parts of the library as symbol libraries that KiCad reads, one per category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from plumbline.cli.bom_view import ViewName
from plumbline.cli.client import Client, all_nodes, connected
from plumbline.cli.errors import FileUnreadable, FolderInUse
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, print_json, progress
from plumbline.exchange.exporting.kicad_parts import KicadPart, PartFacts, is_placed, kicad_part
from plumbline.exchange.exporting.kicad_symbols import GENERATOR, SUFFIX, TABLE, is_drawn, library_table, write_symbols

CATEGORIES = "{ category { findAll { id name registryType parentId } } }"
PARTS = """
query Parts($after: String, $view: ViewMode) {
  component { findAll(pagination: { first: 100, after: $after }, orderBy: [{ field: CPN }], view: $view) {
    nodes {
      id cpn name description status { name mapsTo } category { id } attributes { name text } sources { manufacturer mpn datasheet }
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  } }
}
"""
PLACED_TYPE = "ELECTRICAL"
_START = 200


def kicad(folder: Path, *, view: ViewName | None = None, target: Target | None = None, as_json: AsJson = False) -> None:
    """Write the electrical parts of the library as KiCad symbol libraries, one per category.

    Parts carry their number, maker, value, footprint, datasheet and attributes as fields. What an earlier export wrote into the
    folder is replaced; any other file in it is a reason to refuse.

    Parameters
    ----------
    folder
        Where the libraries go, with a sym-lib-table that lists them.
    view
        The newest versions (working, without), or the newest releases (released).
    """
    _refuse_foreign_files(folder)
    with connected(target) as client:
        by_category = _parts_by_category(client, view)
    files = _write(folder, by_category)
    parts = [part for members in by_category.values() for part in members]
    without_pins = sum(not is_drawn(part) for part in parts)
    if as_json:
        print_json({"folder": str(folder), "libraries": files, "parts": len(parts), "withoutPins": without_pins})
        return
    print(f"Wrote {len(parts)} parts in {len(files)} libraries to {folder}.")
    if not parts:
        note(
            "No part is for a schematic: give categories the type ELECTRICAL, or parts the attribute Symbol or Reference."
        )
    if without_pins:
        note(
            f"{without_pins} symbols have no pins, since the library does not say how many there are (attribute Pins)."
        )


def _refuse_foreign_files(folder: Path) -> None:
    if not folder.exists():
        return
    foreign = (
        folder.name
        if not folder.is_dir()
        else next((each.name for each in sorted(folder.iterdir()) if not _is_ours(each)), None)
    )
    if foreign is not None:
        raise FolderInUse(
            f"{folder} holds {foreign}, which no export of symbols wrote.",
            path=("folder",),
            expected="a new or an empty folder, or one that an earlier export wrote",
        )


def _is_ours(file: Path) -> bool:
    if file.name == TABLE:
        text = file.read_text(encoding="utf-8", errors="replace")
        return text.count("(uri ") == text.count(f'(uri "{file.parent.resolve().as_posix()}/')
    if file.suffix != SUFFIX or not file.is_file():
        return False
    with file.open("rb") as opened:
        return f'(generator "{GENERATOR}")'.encode() in opened.read(_START)


def _parts_by_category(client: Client, view: ViewName | None) -> Mapping[tuple[str, ...], list[KicadPart]]:
    categories = {each["id"]: each for each in client.ask(CATEGORIES)["category"]["findAll"]}
    found: dict[tuple[str, ...], list[KicadPart]] = defaultdict(list)
    count = 0
    variables = {"view": None if view is None else view.upper()}
    for data, nodes in all_nodes(client, PARTS, variables, at=("component", "findAll")):
        for node in nodes:
            category = categories[node["category"]["id"]]
            if is_placed(
                (each["name"] for each in node["attributes"]), is_electrical=category["registryType"] == PLACED_TYPE
            ):
                part = kicad_part(_facts(node, _path(category, categories)))
                found[part.category].append(part)
        count += len(nodes)
        progress(f"{count} of {data['component']['findAll']['totalCount']} components …")
    progress("")
    return found


def _path(category: Mapping[str, Any], categories: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    names = [category["name"]]
    above = category["parentId"]
    while above in categories and len(names) <= len(categories):
        names.append(categories[above]["name"])
        above = categories[above]["parentId"]
    return tuple(reversed(names))


def _facts(node: Mapping[str, Any], category: tuple[str, ...]) -> PartFacts:
    return PartFacts(
        node["id"],
        node["cpn"],
        node["name"],
        node["description"],
        category,
        node["status"]["name"],
        node["status"]["mapsTo"] == "OBSOLETE",
        {each["name"]: each["text"] for each in node["attributes"]},
        [(each["manufacturer"], each["mpn"], each["datasheet"]) for each in node["sources"]],
    )


def _write(folder: Path, by_category: Mapping[tuple[str, ...], list[KicadPart]]) -> list[str]:
    """The names of the libraries; those that an earlier export wrote and that have no part any more are gone."""
    names = _names(by_category)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for category, name in names.items():
            with (folder / f"{name}{SUFFIX}").open("w", encoding="utf-8", newline="\n") as file:
                write_symbols(file, by_category[category])
        rows = [
            (name, (folder.resolve() / f"{name}{SUFFIX}").as_posix(), " / ".join(category))
            for category, name in names.items()
        ]
        (folder / TABLE).write_text(library_table(rows), encoding="utf-8")
        for old in folder.glob(f"*{SUFFIX}"):
            if old.stem not in names.values():
                old.unlink()
    except OSError as error:
        raise FileUnreadable(f"{folder} cannot be written: {error}.", path=("folder",)) from error
    return list(names.values())


def _names(categories: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """File names, on every system: letters, digits, `-` and `_`; the innermost category, with those above it where that is not enough."""
    ordered = sorted(categories)
    found: dict[tuple[str, ...], str] = {}
    taken: set[str] = set()
    for category in ordered:
        for depth in range(1, len(category) + 1):
            name = _file_name("-".join(category[-depth:]))
            if name.casefold() not in taken:
                break
        number = 2
        while name.casefold() in taken:
            name, number = f"{_file_name('-'.join(category))}-{number}", number + 1
        taken.add(name.casefold())
        found[category] = name
    return found


def _file_name(text: str) -> str:
    return (
        "_".join(filter(None, "".join(each if each.isalnum() or each == "-" else " " for each in text).split()))[:100]
        or "Parts"
    )
