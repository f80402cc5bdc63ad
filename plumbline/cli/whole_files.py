"""Files that a command reads or writes as bytes: written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from plumbline.cli.errors import FileUnreadable


@contextmanager
def written_whole(output: Path) -> Iterator[IO[bytes]]:
    """A file to write into, which takes its place when everything is written. Until then whoever looks sees the old one, or none.

    A link, a pipe or a device (`/dev/stdout` is all of them) is written through; a file in its place would break it for everybody.
    """
    replaces = is_replaced(output)
    beside = output.with_name(f".{output.name}.{os.getpid()}.part") if replaces else output
    try:
        with beside.open("wb") as file:
            yield file
        if replaces:
            beside.replace(output)
    except OSError as error:
        raise FileUnreadable(f"{output} cannot be written: {error}.", path=("output",)) from error
    finally:
        if replaces:
            beside.unlink(missing_ok=True)


@contextmanager
def opened_to_read(file: Path) -> Iterator[IO[bytes]]:
    """Raises FileUnreadable, also where it cannot be read from any place in it, as a pipe cannot."""
    try:
        content = file.open("rb")
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error}.", path=("file",)) from error
    with content:
        if not content.seekable():
            raise FileUnreadable(f"{file} is no file.", path=("file",), expected="a file, not a pipe")
        yield content


def is_replaced(output: Path) -> bool:
    """Whether a new file takes the place of what is there, or of nothing."""
    return not output.is_symlink() and (output.is_file() or not output.exists())
