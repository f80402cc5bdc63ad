"""Which formats can be read, which one some files are in, and the one door to reading them.

A format is a name, a recogniser and a reader. Recognisers look at names and first bytes and say why they think so; they
are asked in this order, the narrow formats before the wide ones; a schematic goes before the libraries and tables beside it,
which say less. An archive is read as the folder that is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from plumbline.exchange.archives import unfolded
from plumbline.exchange.errors import UnknownFormat
from plumbline.exchange.files import NamedFile, check_files
from plumbline.exchange.model import ImportedData, ReadOptions
from plumbline.exchange.readers import (
    assembly_texts,
    eagle,
    inventree,
    ipc2581,
    kicad_netlist,
    kicad_schematic,
    kicad_symbols,
    pdx,
    table,
)


class Format(NamedTuple):
    name: str
    title: str
    recognise: Callable[[Sequence[NamedFile]], str | None]
    """Why the files are in this format; None when they are not."""
    read: Callable[[Sequence[NamedFile], ReadOptions], ImportedData]


class Recognition(NamedTuple):
    format: str
    reason: str


FORMATS: tuple[Format, ...] = (
    Format(inventree.NAME, "InvenTree database as a JSON fixture", inventree.recognise, inventree.read),
    Format(kicad_schematic.NAME, "KiCad schematic, 6 and later", kicad_schematic.recognise, kicad_schematic.read),
    Format(pdx.NAME, "PDX package (IPC-2571)", pdx.recognise, pdx.read),
    Format(kicad_netlist.NAME, "KiCad netlist as XML", kicad_netlist.recognise, kicad_netlist.read),
    Format(ipc2581.NAME, "IPC-2581 board as XML", ipc2581.recognise, ipc2581.read),
    Format(eagle.NAME, "Eagle schematic or board as XML", eagle.recognise, eagle.read),
    Format(kicad_symbols.NAME, "KiCad symbol library, 6 and later", kicad_symbols.recognise, kicad_symbols.read),
    Format(assembly_texts.NAME, "Parts lists of OpenSCAD assemblies", assembly_texts.recognise, assembly_texts.read),
    Format(table.NAME, "Table with named columns (CSV, TSV, XLSX, XLS, ODS)", table.recognise, table.read),
)


def recognise(files: Sequence[NamedFile]) -> Recognition:
    """The first format that fits the files, and why; refuses files that no reader understands."""
    return _recognised(_opened(files))


def read_files(
    files: Sequence[NamedFile], format_name: str | None = None, options: ReadOptions | None = None
) -> ImportedData:
    """Reads the files in the format named, or in the one they are recognised to be in."""
    opened = _opened(files)
    chosen = _named(format_name) if format_name is not None else _named(_recognised(opened).format)
    return chosen.read(opened, options or ReadOptions())


def _opened(files: Sequence[NamedFile]) -> Sequence[NamedFile]:
    check_files(files)
    opened = unfolded(files)
    check_files(opened)
    return opened


def _recognised(files: Sequence[NamedFile]) -> Recognition:
    for candidate in FORMATS:
        reason = candidate.recognise(files)
        if reason is not None:
            return Recognition(candidate.name, reason)
    names = ", ".join(file.name for file in files[:5])
    expected = "; ".join(candidate.title for candidate in FORMATS)
    raise UnknownFormat(f"No reader understands {names}.", path=(files[0].name,), expected=expected)


def _named(name: str) -> Format:
    for candidate in FORMATS:
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in FORMATS)
    raise UnknownFormat(f"There is no import format {name}.", path=("format",), expected=f"one of {known}")
