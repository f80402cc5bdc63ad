"""Eagle and Fusion Electronics schematics as XML (`.sch`), and boards (`.brd`) where there is no schematic of the same name.

What a part is stands in the library section of the same file: library, device set, device, technology. Parts whose device has no
package (frames, supplies) are no parts of a bill of materials. Design blocks may call in one another. The document type is not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from plumbline.exchange.bounds import check_field_count, check_row_count
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedData, Origin, ReadOptions, Severity
from plumbline.exchange.placements import Board, Placement, add_board
from plumbline.exchange.readers.elements import Element, element_tree, mentions

NAME = "eagle"
SUFFIXES = (".sch", ".brd")
_ROOT = "eagle"
_KEPT = frozenset(
    {"drawing", "schematic", "board", "libraries", "library", "devicesets", "deviceset", "devices", "device"}
    | {
        "technologies",
        "technology",
        "attribute",
        "parts",
        "part",
        "variantdefs",
        "variantdef",
        "variant",
        "elements",
        "element",
    }
    | {"modules", "module", "sheets", "sheet", "moduleinsts", "moduleinst"}
)
_CALLS = ("sheets", "sheet", "moduleinsts", "moduleinst")
"""Where a schematic, or a design block, calls in design blocks."""
BLOCK_DEPTH_MAX = 100
"""Of blocks in blocks; people stay below ten."""
_SHOWN_ONLY = frozenset({"NAME", "VALUE"})
"""Attributes that say where the name and the value are drawn."""


@dataclass(frozen=True, slots=True)
class _Device:
    package: str
    technologies: Mapping[str, Mapping[str, str]]
    """Attributes by technology."""


_Devices = Mapping[tuple[str, str, str, str], _Device]
"""By library, the library's address in the tool's cloud, device set and device."""


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is Eagle's XML; the binary files of Eagle 5 and of other tools have the same endings."""
    for file in files:
        if _is_eagle(file):
            return f"{file.name} is an Eagle drawing in XML"
    return None


def _is_eagle(file: NamedFile) -> bool:
    return file.suffix in SUFFIXES and mentions(file, "<eagle")


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    gatherer = Gatherer()
    drawings = list(_drawings(files, gatherer))
    if not drawings:
        raise UnreadableFile(
            f"{files[0].name} is no Eagle drawing.", path=(files[0].name,), expected="XML of Eagle 6 or later"
        )
    rows = 0
    for file in drawings:
        root = element_tree(file, _ROOT, _KEPT)
        name = (options.top_name if len(drawings) == 1 else None) or file.stem
        placements = (
            _board_placements(file, root, gatherer) if _is_board(root) else _schematic_placements(file, root, gatherer)
        )
        rows += len(placements)
        check_row_count(rows, file=file.name)
        add_board(Board(name, name, Origin(file.name)), placements, gatherer)
    return gatherer.data(NAME)


def _drawings(files: Sequence[NamedFile], gatherer: Gatherer) -> Iterator[NamedFile]:
    """Schematics, and boards without one: a board repeats its schematic and knows less."""
    schematics = {file.name for file in files if file.suffix == ".sch" and _is_eagle(file)}
    for file in files:
        beside = f"{file.name[:-4]}.sch"
        if not _is_eagle(file):
            sentence = f"{file.name} is no Eagle drawing and was not read."
        elif file.suffix == ".brd" and beside in schematics:
            sentence = f"{file.name} has a schematic beside it and was not read."
        else:
            yield file
            continue
        gatherer.tell(Severity.INFO, "FILE_IGNORED", sentence, Origin(file.name))


def _is_board(root: Element) -> bool:
    return root.first("drawing", "board") is not None


def _schematic_placements(file: NamedFile, root: Element, gatherer: Gatherer) -> list[Placement]:
    schematic = root.first("drawing", "schematic")
    if schematic is None:
        raise UnreadableFile(
            f"{file.name} holds neither a schematic nor a board.",
            path=(file.name,),
            expected="an Eagle schematic or board",
        )
    devices = _devices(schematic)
    current = _current_variant(schematic, file, gatherer)
    own = ((designator, part, current) for designator, part in _parts(schematic))
    found: list[Placement] = []
    without_package = field_count = 0
    for designator, part, variant in chain(own, _block_parts(schematic, file, gatherer)):
        device = devices.get((part.get("library"), part.get("library_urn"), part.get("deviceset"), part.get("device")))
        if device is not None and not device.package:
            without_package += 1
            continue
        if device is None:
            sentence = f"{designator} is a {_device_name(part)} of {part.get('library')}, which is not in the file; it was kept."
            gatherer.tell(Severity.WARNING, "DEVICE_MISSING", sentence, Origin(file.name, row=part.row))
        check_row_count(len(found), file=file.name)
        found.append(_placement(file, designator, part, device, variant))
        field_count += len(found[-1].fields)
        check_field_count(field_count, file=file.name)
    if without_package:
        sentence = (
            f"{without_package} symbols of {file.name} were left out: they have no package, like frames and supplies."
        )
        gatherer.tell(Severity.INFO, "SYMBOLS_LEFT_OUT", sentence, Origin(file.name))
    return found


def _devices(schematic: Element) -> _Devices:
    return {
        (library.get("name"), library.get("urn"), device_set.get("name"), device.get("name")): _Device(
            device.get("package"),
            {each.get("name"): _attributes(each) for each in device.all("technologies", "technology")},
        )
        for library in schematic.all("libraries", "library")
        for device_set in library.all("devicesets", "deviceset")
        for device in device_set.all("devices", "device")
    }


def _attributes(element: Element) -> dict[str, str]:
    return {
        each.get("name"): each.get("value") for each in element.all("attribute") if each.get("name") not in _SHOWN_ONLY
    }


def _current_variant(drawn: Element, file: NamedFile, gatherer: Gatherer) -> str | None:
    """The assembly variant that the drawing was saved in; None for the one that fits everything."""
    variants = {each.get("name"): each.get("current") == "yes" for each in drawn.all("variantdefs", "variantdef")}
    current = next((name for name, is_current in variants.items() if is_current), None)
    if variants:
        taken = (
            f"{current} was taken, in which {file.name} was saved"
            if current
            else "the one that fits all parts was taken"
        )
        sentence = f"{file.name} has the assembly variants {', '.join(variants)}; {taken}."
        gatherer.tell(Severity.INFO, "VARIANTS", sentence, Origin(file.name))
    return current


def _parts(holder: Element) -> list[tuple[str, Element]]:
    return [(part.get("name"), part) for part in holder.all("parts", "part")]


def _block_parts(schematic: Element, file: NamedFile, gatherer: Gatherer) -> Iterator[tuple[str, Element, str | None]]:
    """Parts of design blocks with their designators, once for each place that calls the block in, in the variant that it asks for."""
    modules = {module.get("name"): module for module in schematic.all("modules", "module")}
    waiting: list[tuple[Element, ...]] = [(each,) for each in schematic.all(*_CALLS)]
    count = 0
    while waiting:
        path = waiting.pop()
        module = _called(path, modules, file, gatherer)
        if module is None:
            continue
        inner, parts = module.all(*_CALLS), _parts(module)
        count += 1 + len(inner) + len(parts)  # blocks that call in one another double with every level
        check_row_count(count, file=file.name)
        waiting += [(*path, each) for each in inner]
        variant = path[-1].get("modulevariant") or None
        for name, part in parts:
            yield _designator_in(path, name), part, variant


def _called(
    path: Sequence[Element], modules: Mapping[str, Element], file: NamedFile, gatherer: Gatherer
) -> Element | None:
    """The block at the end of a path of places; says why where there is none to follow."""
    *outer, place = path
    name = place.get("module")
    if len(path) > BLOCK_DEPTH_MAX:
        raise ImportTooLarge(
            f"{file.name} nests design blocks deeper than {BLOCK_DEPTH_MAX} levels.",
            path=(file.name, place.row),
            expected=f"at most {BLOCK_DEPTH_MAX} levels of design blocks",
        )
    if name not in modules:
        code, why = "SHEET_MISSING", "which is not in the file; its parts are missing"
    elif any(each.get("module") == name for each in outer):
        code, why = "SHEET_LOOP", "which it is part of; it was not followed"
    else:
        return modules[name]
    sentence = f"{place.get('name')} calls in {name}, {why}."
    gatherer.tell(Severity.ERROR, code, sentence, Origin(file.name, row=place.row))
    return None


def _designator_in(path: Sequence[Element], name: str) -> str:
    """From the innermost block outwards: with an offset, R1 becomes R101; without one, the name of the place goes before it.

    Eagle documents this for one level only; that each further level does the same is our reading.
    """
    for place in reversed(path):
        offset, match = place.get("offset"), re.fullmatch(r"(\D*)(\d{1,6})", name)
        if offset.isdecimal() and len(offset) < 8 and int(offset) and match is not None:
            name = f"{match[1]}{int(match[2]) + int(offset)}"
        else:
            name = f"{place.get('name')}:{name}"
    return name


def _placement(
    file: NamedFile, designator: str, part: Element, device: _Device | None, variant: str | None
) -> Placement:
    technology = part.get("technology")
    of_library = device.technologies.get(technology, {}) if device is not None else {}
    chosen = _chosen(part, variant)
    value = chosen.get("value") if chosen is not None and chosen.get("value") else part.get("value")
    fields = {**of_library, **_attributes(part)}
    described = {"Value": value, "Device": _device_name(part), "Package": device.package if device is not None else ""}
    own = {name.casefold() for name in fields}
    return Placement(
        designator=designator or None,
        value=value,
        footprint=_device_name(part),
        symbol=part.get("deviceset"),
        fields={**{name: text for name, text in described.items() if name.casefold() not in own}, **fields},
        origin=Origin(file.name, row=part.row),
        is_left_off=chosen is not None and chosen.get("populate") == "no",
        model=technology,
    )


def _device_name(part: Element) -> str:
    return "/".join(filter(None, (part.get("deviceset"), part.get("device"))))


def _chosen(holder: Element, variant: str | None) -> Element | None:
    """What a part or an element says of the assembly variant that was taken."""
    return next((each for each in holder.all("variant") if variant is not None and each.get("name") == variant), None)


def _board_placements(file: NamedFile, root: Element, gatherer: Gatherer) -> list[Placement]:
    """The elements of a board with their packages; attributes that are drawn only have no value of their own."""
    found: list[Placement] = []
    field_count = 0
    for board in root.all("drawing", "board"):
        variant = _current_variant(board, file, gatherer)
        for element in board.all("elements", "element"):
            chosen = _chosen(element, variant)
            value = chosen.get("value") if chosen is not None and chosen.get("value") else element.get("value")
            is_left_off = element.get("populate") == "no" or (chosen is not None and chosen.get("populate") == "no")
            package = element.get("package")
            found.append(
                Placement(
                    designator=element.get("name") or None,
                    value=value,
                    footprint=package,
                    symbol=package,
                    fields={"Value": value, "Package": package, **_attributes(element)},
                    origin=Origin(file.name, row=element.row),
                    is_left_off=is_left_off,
                )
            )
            field_count += len(found[-1].fields)
            check_field_count(field_count, file=file.name)
    return found
