"""An archive as it is written: each file as its lines come, none of them kept. The same library gives the same bytes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO

from plumbline.archives.manifest import MANIFEST_NAME, FileForm, Manifest, manifest_bytes

_LINES_AT_ONCE = 500
_TIME = (1980, 1, 1, 0, 0, 0)
"""The moment that every entry carries, the first that a zip can tell: when an archive was written is no part of the library."""
_READABLE_FILE = 0o644 << 16


def write_archive(
    target: IO[bytes],
    files: Iterable[tuple[str, Iterator[bytes]]],
    manifest_of: Callable[[Sequence[FileForm]], Manifest],
) -> Manifest:
    """Writes to a file or a pipe. `files`: names with lines, each of which ends in a line feed; `manifest_of` says what they make."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        manifest = manifest_of([_written(archive, name, lines) for name, lines in files])
        archive.writestr(_entry(MANIFEST_NAME), manifest_bytes(manifest))
    return manifest


def _written(archive: zipfile.ZipFile, name: str, lines: Iterator[bytes]) -> FileForm:
    records = size = 0
    digest = hashlib.sha256()
    with archive.open(_entry(name), "w", force_zip64=True) as file:
        while batch := list(islice(lines, _LINES_AT_ONCE)):
            content = b"".join(batch)
            records += len(batch)
            size += len(content)
            digest.update(content)
            file.write(content)
    return FileForm(name=name, records=records, bytes=size, sha256=digest.hexdigest())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _READABLE_FILE
    entry.create_system = 3  # as on Unix, wherever it is written
    return entry
