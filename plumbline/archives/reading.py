"""An archive from outside. Its directory, its sizes and its sums are looked at before anything in it is believed.

The directory of a zip can state anything; so an archive has exactly the files of this format and no other names, every file is unfolded in
small pieces up to the size that the manifest states and not a byte further, and nothing is ever written under a name that it brings along.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from plumbline.archives.errors import InvalidArchive, OversizeArchive
from plumbline.archives.manifest import MANIFEST_BYTES_MAX, MANIFEST_NAME, FileForm, Manifest, read_manifest

GIBIBYTE = 1024**3
UNFOLDED_BYTES_MAX = 64 * GIBIBYTE
"""A hundred times a library of 100,000 components."""
RATIO_MAX = 200
"""Lines of JSON fold to a tenth; a file of zeros to a thousandth."""
RATIO_FREE_BYTES = 1024 * 1024
LINE_BYTES_MAX = 8 * 1024 * 1024
"""Configuration documents are the longest records, of a quarter of a megabyte at most."""
DIRECTORY_BYTES_MAX = 1024 * 1024
_PIECE_BYTES = 256 * 1024
_END_BYTES = 22
_LOCATOR_BYTES, _LARGE_END_BYTES = 20, 56
_COMMENT_BYTES_MAX = 65_535
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError, struct.error)
"""All that the reader of zips raises for files that are none; RuntimeError for passwords and ways of folding that it does not know."""


class Archive:
    """An archive whose directory was looked at. `file` stays the caller's, who closes it."""

    def __init__(self, file: IO[bytes], names: Sequence[str]) -> None:
        """`names`: the files that the format has, besides the manifest."""
        with _refusing_broken():
            _refuse_large_directory(file)
            self._zip = zipfile.ZipFile(file)
            self._entries = {entry.filename: entry for entry in self._zip.infolist()}
            self._refuse_other_files(names)
            self.manifest: Manifest = read_manifest(self._manifest_content())
        self._files = {each.name: each for each in self.manifest.files}
        self._refuse_other_manifest(names)

    def check_sums(self) -> None:
        """Reads every file to its end."""
        for name in self._files:
            for _ in self._pieces(name):
                pass

    def lines(self, name: str) -> Iterator[bytes]:
        """Every line of a file, without its line feed. The sum is checked at the end: whoever stops before it has read nothing."""
        rest = b""
        for piece in self._pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
            if len(rest) > LINE_BYTES_MAX:
                raise OversizeArchive(
                    f"{name} has a line of more than {LINE_BYTES_MAX} bytes.", path=(name,), expected="shorter records"
                )
        if rest:
            raise InvalidArchive(
                f"{name} ends in the middle of a line.", path=(name,), expected="a line feed at the end"
            )

    def _pieces(self, name: str) -> Iterator[bytes]:
        stated = self._files[name]
        digest, size, records = hashlib.sha256(), 0, 0
        with _refusing_broken(), self._zip.open(self._entries[name]) as file:
            while piece := file.read(min(_PIECE_BYTES, stated.bytes - size + 1)):
                size += len(piece)
                if size > stated.bytes:
                    break
                digest.update(piece)
                records += piece.count(b"\n")
                yield piece
        if (size, records, digest.hexdigest()) != (stated.bytes, stated.records, stated.sha256):
            raise _differs(stated, size, records)

    def _manifest_content(self) -> bytes:
        with self._zip.open(MANIFEST_NAME) as file:
            content = file.read(MANIFEST_BYTES_MAX + 1)
        if len(content) > MANIFEST_BYTES_MAX:
            raise OversizeArchive(f"{MANIFEST_NAME} has more than {MANIFEST_BYTES_MAX} bytes.", path=(MANIFEST_NAME,))
        return content

    def _refuse_other_files(self, names: Sequence[str]) -> None:
        present = [entry.filename for entry in self._zip.infolist()]
        if MANIFEST_NAME not in present:
            raise InvalidArchive(
                "The file is a zip, but no archive of a library.", expected=f"an archive, with a file {MANIFEST_NAME}"
            )
        if len(present) > len(self._entries):
            raise InvalidArchive("The archive holds two files of one name.", expected="every file once")
        unknown = sorted(set(present) - {MANIFEST_NAME, *names})
        # Files may be missing or new where another version of the format says so: that the manifest is asked first.
        if any(_leads_out(name) for name in unknown):
            raise InvalidArchive(f"The archive holds {unknown[0][:200]!r}, which is a place outside of it.")
        for entry in self._entries.values():
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
                raise InvalidArchive(
                    f"{entry.filename[:200]} is folded in a way that is not read here, or has a password.",
                    expected="stored or deflated files without a password",
                )

    def _refuse_other_manifest(self, names: Sequence[str]) -> None:
        """The directory, the manifest and the format name the same files, and nothing unfolds too far."""
        for found in (sorted(self._files), sorted(self._entries.keys() - {MANIFEST_NAME})):
            wrong = sorted(set(found) ^ set(names))
            if wrong or len(self._files) < len(self.manifest.files):
                raise InvalidArchive(
                    f"The archive and the format differ in {', '.join(each[:60] for each in wrong[:10]) or 'a name'}.",
                    path=(MANIFEST_NAME, "files"),
                    expected="exactly the files of the format: " + ", ".join(names),
                )
        for file in self.manifest.files:
            folded = self._entries[file.name].compress_size
            if file.bytes > max(RATIO_FREE_BYTES, RATIO_MAX * folded):
                raise OversizeArchive(
                    f"{file.name} unfolds too far: {folded} bytes become {file.bytes}.",
                    path=(file.name,),
                    expected=f"at most {RATIO_MAX} times the folded size",
                )
        if sum(file.bytes for file in self.manifest.files) > UNFOLDED_BYTES_MAX:
            raise OversizeArchive(
                "The files of the archive are too large together.",
                expected=f"at most {UNFOLDED_BYTES_MAX // GIBIBYTE} GiB",
            )


def _differs(stated: FileForm, size: int, records: int) -> InvalidArchive:
    if size != stated.bytes:
        found = "more bytes" if size > stated.bytes else f"{size} bytes"
        return InvalidArchive(
            f"{stated.name} has {found}, where the manifest states {stated.bytes}.",
            path=(stated.name,),
            expected="a whole archive",
        )
    what = "its sum" if records == stated.records else f"its number of lines, {records},"
    return InvalidArchive(
        f"{stated.name} is not what was archived: {what} is not what the manifest states.",
        path=(stated.name,),
        expected=f"{stated.records} lines with the SHA-256 {stated.sha256}",
        hint="Take another copy of the archive. Whoever writes one has to state the sums of what it holds.",
    )


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _refuse_large_directory(file: IO[bytes]) -> None:
    """The reader of zips takes the whole directory into memory, and this archive needs little of one. It follows the record of large
    archives (zip64) where there is one, whatever the plain one says; that stands right before it."""
    end = file.seek(0, 2)
    file.seek(max(0, end - _LARGE_END_BYTES - _LOCATOR_BYTES - _END_BYTES - _COMMENT_BYTES_MAX))
    tail = file.read()
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) - start < _END_BYTES:
        raise InvalidArchive("The file is no zip archive.", expected="an archive that `plumbline archive export` wrote")
    (size,) = struct.unpack("<L", tail[start + 12 : start + 16])
    before = tail[max(0, start - _LOCATOR_BYTES - _LARGE_END_BYTES) : start]
    if before[-_LOCATOR_BYTES:].startswith(b"PK\x06\x07"):
        if not before.startswith(b"PK\x06\x06"):
            raise InvalidArchive("The end of the archive points to another one.", expected="a whole archive")
        (size,) = struct.unpack("<Q", before[40:48])
    if size > DIRECTORY_BYTES_MAX:
        raise OversizeArchive(
            "The directory of the archive is larger than this format needs.",
            expected=f"at most {DIRECTORY_BYTES_MAX // 1024} KiB",
        )


@contextmanager
def _refusing_broken() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise InvalidArchive(
            f"The archive cannot be read: {error or type(error).__name__}.", expected="a whole archive"
        ) from error
