"""One text file per assembly, as OpenSCAD build scripts write them, and the author's own matrix of totals beside them.

    z_axis_assembly:
    Vitamins:
      2 M3 cap screw x 16mm
    Printed:
      2 z_bar_clamp.stl
    Sub-assemblies:
      1 x_motor_assembly

The first line names the assembly (not the file name, which may differ). There are no part numbers: the description is the
key. The matrix, if there is one, is only compared: it is the author's result, not the data (see `author_matrix`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from plumbline.exchange.bounds import check_row, check_row_count
from plumbline.exchange.decoding import decoded
from plumbline.exchange.files import NamedFile
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import ImportedData, ImportedLine, ImportedPart, Origin, PartKind, ReadOptions, Severity
from plumbline.exchange.readers.author_matrix import AuthorMatrix, author_matrix, is_author_matrix, tell_differences

NAME = "assembly-texts"
_TITLE = re.compile(r"(\S.*):\s*")
_LINE = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s+(\S.*?)\s*")
_SUB_ASSEMBLIES = "Sub-assemblies"
_SECTIONS = ("Vitamins", "Printed", _SUB_ASSEMBLIES)


class _Entry(NamedTuple):
    section: str
    quantity: Decimal
    name: str
    origin: Origin


def recognise(files: Sequence[NamedFile]) -> str | None:
    """Says which file is an assembly: a title line, then the section of bought parts."""
    for file in files:
        if file.suffix == ".txt" and _assembly_name(file) is not None:
            return f"{file.name} is a parts list of one assembly with the section Vitamins"
    return None


def read(files: Sequence[NamedFile], options: ReadOptions) -> ImportedData:
    gatherer = Gatherer()
    matrices: list[AuthorMatrix] = []
    rows = 0
    for file in files:
        name = _assembly_name(file) if file.suffix == ".txt" else None
        if name is not None:
            rows += _read_assembly(file, name, gatherer)
            check_row_count(rows, file=file.name)
        elif file.suffix == ".txt" and is_author_matrix(decoded(file).text):
            matrices.append(author_matrix(file.name, decoded(file).text))
        else:
            sentence = f"{file.name} is no parts list of an assembly and was not read."
            gatherer.tell(Severity.INFO, "FILE_IGNORED", sentence, Origin(file.name))
    _tell_missing(gatherer)
    for matrix in matrices:
        tell_differences(matrix, gatherer)
    return gatherer.data(NAME)


def _assembly_name(file: NamedFile) -> str | None:
    lines = decoded(file).text.splitlines()[:2]
    title = _TITLE.fullmatch(lines[0]) if len(lines) == 2 else None
    return title[1] if title is not None and lines[1].strip() == f"{_SECTIONS[0]}:" else None


def _read_assembly(file: NamedFile, name: str, gatherer: Gatherer) -> int:
    """Adds the assembly, its parts and its lines; the number of lines read."""
    if gatherer.knows(name) and any(line.parent_key == name for line in gatherer.lines):
        sentence = f"{name} is described a second time in {file.name}; both descriptions were taken together."
        gatherer.tell(Severity.WARNING, "ASSEMBLY_TWICE", sentence, Origin(file.name))
    gatherer.add_part(ImportedPart(key=name, name=name, origin=Origin(file.name, row=1), kind=PartKind.ASSEMBLY))
    entries = list(_entries(file, gatherer))
    for entry in entries:
        if entry.section != _SUB_ASSEMBLIES:
            gatherer.add_part(
                ImportedPart(key=entry.name, name=entry.name, origin=entry.origin, category_path=(entry.section,))
            )
        gatherer.add_line(ImportedLine(name, entry.name, entry.quantity, entry.origin))
    return len(entries)


def _entries(file: NamedFile, gatherer: Gatherer) -> Iterator[_Entry]:
    section = ""
    for number, text in enumerate(decoded(file).text.splitlines(), start=1):
        check_row(1, len(text), file=file.name, row=number)
        origin = Origin(file.name, row=number)
        entry = _LINE.fullmatch(text)
        if entry is not None and section:
            yield _Entry(section, Decimal(entry[1]), entry[2], origin)
        elif number > 1 and _TITLE.fullmatch(text):
            section = text.strip().removesuffix(":")
        elif number > 1 and text.strip():
            sentence = f"{text.strip()} is neither a section nor a quantity with a description; it was left out."
            gatherer.tell(Severity.ERROR, "LINE_UNREADABLE", sentence, origin)


def _tell_missing(gatherer: Gatherer) -> None:
    """A sub-assembly without a file of its own becomes an empty assembly, so that its line has something to point to."""
    for line in gatherer.lines:
        if not gatherer.knows(line.child_key):
            kind = PartKind.ASSEMBLY
            gatherer.add_part(ImportedPart(key=line.child_key, name=line.child_key, origin=line.origin, kind=kind))
            sentence = f"{line.child_key} is used by {line.parent_key} and has no file of its own; it was made empty."
            gatherer.tell(Severity.WARNING, "ASSEMBLY_MISSING", sentence, line.origin)
