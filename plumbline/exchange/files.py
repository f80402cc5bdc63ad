"""Files as they came: a relative name and the bytes, from a folder or from anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from plumbline.exchange.bounds import FILE_BYTES_MAX, FILES_MAX, IMPORT_BYTES_MAX, MEBIBYTE
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile


@dataclass(frozen=True, slots=True)
class NamedFile:
    """`name` is relative and uses forward slashes, so that it reads the same on every machine."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """`.csv` and so on, in lower case."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem


def files_under(paths: Iterable[Path]) -> tuple[NamedFile, ...]:
    """Reads files, and everything below folders in the order of their names; hidden files are passed over."""
    found = [(name, path) for given in paths for name, path in _below(given)]
    if len(found) > FILES_MAX:
        raise ImportTooLarge(f"There are {len(found)} files to read.", expected=f"at most {FILES_MAX} files")
    for name, path in found:
        _check_size(name, path.stat().st_size)
    files = tuple(NamedFile(name, path.read_bytes()) for name, path in found)
    check_files(files)
    return files


def check_files(files: Sequence[NamedFile]) -> None:
    """Refuses an empty import, two files of one name, and more bytes than an import may hold."""
    if not files:
        raise UnreadableFile("There is no file to read.", expected="at least one file")
    if len(files) > FILES_MAX:
        raise ImportTooLarge(f"There are {len(files)} files to read.", expected=f"at most {FILES_MAX} files")
    seen: set[str] = set()
    for file in files:
        if file.name in seen:
            raise UnreadableFile(f"Two files are called {file.name}.", path=(file.name,), expected="a name per file")
        seen.add(file.name)
        _check_size(file.name, len(file.content))
    total = sum(len(file.content) for file in files)
    if total > IMPORT_BYTES_MAX:
        limit = f"at most {IMPORT_BYTES_MAX // MEBIBYTE} MiB together"
        raise ImportTooLarge(f"The files hold {total} bytes.", expected=limit)


def _check_size(name: str, size: int) -> None:
    if size > FILE_BYTES_MAX:
        limit = f"at most {FILE_BYTES_MAX // MEBIBYTE} MiB per file"
        raise ImportTooLarge(f"{name} holds {size} bytes.", path=(name,), expected=limit)


def _below(given: Path) -> list[tuple[str, Path]]:
    if given.is_file():
        return [(given.name, given)]
    if not given.is_dir():
        raise UnreadableFile(
            f"There is no file or folder {given}.", path=(str(given),), expected="an existing file or folder"
        )
    inside = sorted(path for path in given.rglob("*") if path.is_file())
    named = [(path.relative_to(given), path) for path in inside]
    return [(name.as_posix(), path) for name, path in named if not any(part.startswith(".") for part in name.parts)]
