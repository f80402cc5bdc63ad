"""Configuration files on disk: what stands in a folder, and for which library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from plumbline.cli.errors import FileUnreadable
from plumbline.configuration.documents import FILE_BYTES_MAX, FILES_MAX
from plumbline.configuration.manifest import layered
from plumbline.configuration.model import File

ENDINGS = (".yaml", ".yml", ".js")
PASSED_OVER = {"node_modules"}


def configured(paths: Sequence[Path]) -> Mapping[str, list[File]]:
    """The files by the library that they are for; without `plumbline.yaml` there is one, whose address is empty."""
    return layered(read_files(paths))


def is_whole_folder(paths: Sequence[Path]) -> bool:
    """A folder stands for the whole configuration; single files for themselves."""
    return all(path.is_dir() for path in paths)


def read_files(paths: Sequence[Path]) -> list[File]:
    found = [(name, path) for given in paths or [Path()] for name, path in files_below(given)]
    if len(found) > FILES_MAX:
        raise FileUnreadable(f"There are {len(found)} files.", expected=f"at most {FILES_MAX}")
    return [File(name, _text(name, path)) for name, path in sorted(found)]


def files_below(given: Path) -> Iterator[tuple[str, Path]]:
    """Configuration files in a folder, by their paths in it; or the file itself."""
    if given.is_file():
        yield given.name, given
        return
    if not given.is_dir():
        raise FileUnreadable(f"There is no file or folder {given}.", path=(str(given),))
    for path in given.rglob("*"):
        parts = path.relative_to(given).parts
        hidden = any(part.startswith(".") or part in PASSED_OVER for part in parts)
        if path.is_file() and path.suffix in ENDINGS and not hidden:
            yield "/".join(parts), path


def _text(name: str, path: Path) -> str:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise FileUnreadable(f"{name} is larger than {FILE_BYTES_MAX} bytes.", path=(name,))
    try:
        # Code is kept to the letter; in YAML, a byte order mark is no part of the text.
        return path.read_bytes().decode("utf-8" if path.suffix == ".js" else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8: byte {error.start} cannot be read."
        raise FileUnreadable(message, path=(name,), hint="Save it as UTF-8.") from None
    except OSError as error:
        raise FileUnreadable(f"{name} cannot be read: {error.strerror}.", path=(name,)) from None
