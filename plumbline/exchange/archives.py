"""Zip archives: folders of files that came as one, and workbooks, looked at before any reader unfolds them.

The directory of a zip states sizes, and a hostile one states them wrongly; so every entry is unfolded here in small pieces
and counted. A name in an archive is only a name: nothing is written, and one that points out of the archive is refused. The sheets
of a workbook are walked as XML as well: the workbook reader keeps the area from the first to the last used cell
of a sheet as one dense block, and a single value in a far corner would take hundreds of gigabytes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from xml.parsers import expat

from plumbline.exchange import pdx_words
from plumbline.exchange.bounds import CELLS_MAX, COLUMNS_MAX, MEBIBYTE, ROWS_MAX
from plumbline.exchange.errors import ImportTooLarge, SuspiciousArchive, UnreadableFile
from plumbline.exchange.files import NamedFile

ARCHIVE_SUFFIX = ".zip"
_ZIP, _COMPOUND_FILE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 4_096
ENTRIES_MAX = 2_000
UNFOLDED_BYTES_MAX = 200 * MEBIBYTE
RATIO_MAX = 100
_RATIO_FREE_BYTES = MEBIBYTE
"""Below this an entry may fold as well as it likes: short sheets of blanks do, and cannot harm."""
_LOCAL_HEADER_BYTES = 30
_PIECE_BYTES = 256 * 1024
_NUMBER_LENGTH_MAX = 9
"""Digits of a row number that are looked at."""
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def unfolded(files: Sequence[NamedFile]) -> tuple[NamedFile, ...]:
    """The files with what is in the archives among them in their place; hidden ones are passed over, as in a folder.

    The names are those in the archive; with the archive's own name before them where it is not the only thing to read.
    """
    found: list[NamedFile] = []
    bytes_left = UNFOLDED_BYTES_MAX
    for file in files:
        if file.suffix not in (ARCHIVE_SUFFIX, pdx_words.SUFFIX):
            found.append(file)
            continue
        is_package = file.suffix == pdx_words.SUFFIX
        before = len(found)
        folder = "" if len(files) == 1 else f"{file.name[: -len(file.suffix)]}/"
        for entry, content in _entries(file, bytes_left, _is_package_text if is_package else _is_any):
            bytes_left -= len(content)
            name = _safe_name(file, entry)
            if name is not None:
                found.append(NamedFile(folder + name, content))
        if is_package and len(found) == before:
            raise UnreadableFile(
                f"{file.name} holds no {pdx_words.FILE}.", path=(file.name,), expected="a package as IPC-2571 has it"
            )
    return tuple(found)


def _is_any(_entry: str) -> bool:
    return True


def _is_package_text(entry: str) -> bool:
    """Of a PDX package one file is read; the others are attachments, archives among them."""
    return entry.replace("\\", "/").rpartition("/")[2].lower() == pdx_words.FILE


def _safe_name(file: NamedFile, entry: str) -> str | None:
    """None for folders and hidden files; refuses a place outside the archive, and an archive in the archive."""
    name = entry.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in name.partition("/")[0] or not parts:
        raise SuspiciousArchive(
            f"{file.name} holds {entry[:200]!r}, which is a place outside of it.",
            path=(file.name, entry[:200]),
            expected="names below the archive",
        )
    if name.endswith("/") or any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return None
    if PurePosixPath(name).suffix.lower() == ARCHIVE_SUFFIX:
        raise SuspiciousArchive(
            f"{file.name} holds another archive, {entry[:200]}.",
            path=(file.name, entry[:200]),
            expected="an archive of files",
            hint="Unpack it, and import the folder or the inner archive.",
        )
    return str(PurePosixPath(name))


def check_workbook(file: NamedFile) -> None:
    """Refuses a zipped workbook that unfolds too far or has a value outside the area an import may use."""
    cells = 0
    for name, content in _entries(file):
        if b"sheetData" in content:
            cells += _used_area(file, name, content, _OfficeSheet())
        elif b"table:table" in content:
            cells += _used_area(file, name, content, _OpenDocumentSheets())
        if cells > CELLS_MAX:
            raise ImportTooLarge(
                f"The sheets of {file.name} span {cells} cells.",
                path=(file.name,),
                expected=f"at most {CELLS_MAX} cells",
            )


def _what_it_may_be(content: bytes) -> str | None:
    """For files that are called workbooks or archives and are none."""
    if content.startswith(_COMPOUND_FILE):
        return "It is protected by a password, or an .xls under another name: save it without a password, as .xlsx."
    if content.startswith(_ZIP):
        return "It ends too early, as after a transfer that broke off: send or save it again."
    if content and b"\0" not in content[:_LOOKED_AT]:
        return "It is text: if it is a table, give it the ending .csv."
    return None


def _entries(
    file: NamedFile, bytes_max: int = UNFOLDED_BYTES_MAX, is_wanted: Callable[[str], bool] = _is_any
) -> Iterator[tuple[str, bytes]]:
    try:
        directory = zipfile.ZipFile(io.BytesIO(file.content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile(
            f"{file.name} is not a zip archive: {error}.",
            path=(file.name,),
            expected="a zip archive or a workbook",
            hint=_what_it_may_be(file.content),
        ) from error
    if len(directory) > ENTRIES_MAX:
        raise SuspiciousArchive(
            f"{file.name} holds {len(directory)} entries.", path=(file.name,), expected=f"at most {ENTRIES_MAX} entries"
        )
    count = 0
    for entry in directory:
        if not is_wanted(entry.filename):
            continue
        content = _unfolded(file, entry, bytes_max - count)
        count += len(content)
        yield entry.filename, content


def _unfolded(file: NamedFile, entry: zipfile.ZipInfo, bytes_left: int) -> bytes:
    folded = _folded(file, entry)
    limit = min(bytes_left, max(_RATIO_FREE_BYTES, len(folded) * RATIO_MAX))
    content = _inflated(file, entry, folded, limit)
    if len(content) > limit:
        raise SuspiciousArchive(
            f"{file.name} unfolds too far at {entry.filename}: {len(folded)} bytes become more than {limit}.",
            path=(file.name, entry.filename),
            expected=f"at most {UNFOLDED_BYTES_MAX // MEBIBYTE} MiB in all and {RATIO_MAX} times the folded size",
        )
    if len(content) != entry.file_size:
        raise SuspiciousArchive(
            f"{file.name} states {entry.file_size} bytes for {entry.filename} and holds {len(content)}.",
            path=(file.name, entry.filename),
            expected="a directory that states the true sizes",
        )
    return content


def _folded(file: NamedFile, entry: zipfile.ZipInfo) -> bytes:
    header = file.content[entry.header_offset : entry.header_offset + _LOCAL_HEADER_BYTES]
    if entry.flag_bits & 1:
        raise UnreadableFile(
            f"{file.name} is protected by a password at {entry.filename}.",
            path=(file.name, entry.filename),
            expected="a file without a password",
            hint="Unpack it, or save it without a password.",
        )
    if len(header) < _LOCAL_HEADER_BYTES:
        raise UnreadableFile(
            f"{file.name} is broken at {entry.filename}.", path=(file.name, entry.filename), expected="a whole archive"
        )
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = entry.header_offset + _LOCAL_HEADER_BYTES + name_length + extra_length
    return file.content[start : start + entry.compress_size]


def _inflated(file: NamedFile, entry: zipfile.ZipInfo, folded: bytes, limit: int) -> bytes:
    """At most a little more than `limit` bytes, so that the caller sees when the limit is passed."""
    if entry.compress_type == zipfile.ZIP_STORED:
        return folded
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableFile(
            f"{file.name} folds {entry.filename} in a way that is not read here.",
            path=(file.name, entry.filename),
            expected="stored or deflated entries",
        )
    unfolding, pieces, count, rest = zlib.decompressobj(-zlib.MAX_WBITS), [], 0, folded
    try:
        while not unfolding.eof and count <= limit:
            piece = unfolding.decompress(rest, _PIECE_BYTES)
            rest = unfolding.unconsumed_tail
            if not piece and not rest:
                break
            pieces.append(piece)
            count += len(piece)
    except zlib.error as error:
        raise UnreadableFile(
            f"{file.name} is broken at {entry.filename}: {error}.", path=(file.name, entry.filename)
        ) from error
    return b"".join(pieces)


class _OfficeSheet:
    """The used area of one Office Open XML sheet: row, column and, when a value comes, the furthest of both."""

    def __init__(self) -> None:
        self.row = self.column = self.rows_used = self.columns_used = 0
        self.in_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "row":
            written = attributes.get("r", "")
            self.row = _number(written) if written.isdecimal() else self.row + 1
            self.column = 0
        elif local == "c":
            self.column += 1
            match = _CELL_REFERENCE.fullmatch(attributes.get("r", "").replace("$", ""))
            if match is not None:
                self.column, self.row = _column_number(match[1]), int(match[2])
            self.in_cell = True
        elif self.in_cell and local in ("v", "is", "f"):
            self.rows_used, self.columns_used = max(self.rows_used, self.row), max(self.columns_used, self.column)

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "c":
            self.in_cell = False

    def area(self) -> tuple[int, int, int]:
        return self.rows_used, self.columns_used, self.rows_used * self.columns_used


class _OpenDocumentSheets:
    """The used areas of all tables of an OpenDocument text, repeated cells and rows counted out."""

    def __init__(self) -> None:
        self.row = self.column = self.row_repeat = self.column_repeat = 0
        self.rows_used = self.columns_used = self.rows_most = self.columns_most = self.cells = 0
        self.in_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.row = self.rows_used = self.columns_used = 0
        elif tag == "table:table-row":
            self.row_repeat = _repeat(attributes.get("table:number-rows-repeated"))
            self.row, self.column = self.row + self.row_repeat, 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.column_repeat = _repeat(attributes.get("table:number-columns-repeated"))
            self.column += self.column_repeat
            self.in_cell = True
            if any(name.startswith("office:") or name == "table:formula" for name in attributes):
                self._use()
        elif self.in_cell:
            self._use()

    def end(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self.in_cell = False
        elif tag == "table:table":
            self.cells += self.rows_used * self.columns_used

    def _use(self) -> None:
        self.rows_used, self.columns_used = max(self.rows_used, self.row), max(self.columns_used, self.column)
        self.rows_most, self.columns_most = max(self.rows_most, self.row), max(self.columns_most, self.column)

    def area(self) -> tuple[int, int, int]:
        return self.rows_most, self.columns_most, self.cells


def _used_area(file: NamedFile, entry: str, content: bytes, sheet: _OfficeSheet | _OpenDocumentSheets) -> int:
    """The number of cells in the used area; refuses one outside the bounds, broken XML, and any document type."""

    def refuse_document_type(*_: object) -> None:
        raise SuspiciousArchive(
            f"{file.name} declares a document type in {entry}.",
            path=(file.name, entry[:200]),
            expected="a sheet without one",
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_document_type
    parser.StartElementHandler = sheet.start
    parser.EndElementHandler = sheet.end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnreadableFile(f"{file.name} is broken in {entry}: {error}.", path=(file.name, entry)) from error
    rows, columns, cells = sheet.area()
    if rows > ROWS_MAX or columns > COLUMNS_MAX:
        raise ImportTooLarge(
            f"{file.name} has a value in row {rows} or column {columns} ({entry}).",
            path=(file.name, entry[:200]),
            expected=f"at most {ROWS_MAX} rows and {COLUMNS_MAX} columns",
            hint="Delete what stands far outside the table, also when it looks empty.",
        )
    return cells


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _repeat(text: str | None) -> int:
    return _number(text) if text is not None and text.isdecimal() else 1


def _number(digits: str) -> int:
    """Of thousands of digits the first few, which is past every bound too: the workbook reader takes it at its word."""
    return int(digits.lstrip("0")[:_NUMBER_LENGTH_MAX] or "0")
