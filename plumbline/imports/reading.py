"""Files are read in a process of their own, with bounds on its time and memory: a file can be made to hurt its reader, and then only that
process is gone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from plumbline.exchange.files import NamedFile
from plumbline.imports.errors import ImportFilesUnreadable
from plumbline.imports.model import ImportOptions, Reading

GRACE_SECONDS = 30
"""Of a reader that waits more than it computes."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one reading may take."""

    seconds: int = 120
    """Of processor time."""
    memory_bytes: int = 2**30
    answer_bytes: int = 256 * 2**20


USUAL = Bounds()


def read_apart(
    files: Sequence[NamedFile],
    options: ImportOptions,
    bounds: Bounds = USUAL,
    *,
    remembered: Mapping[str, Mapping[str, str]] | None = None,
) -> Reading:
    """`remembered` is what the library knows of headers, by their keys.

    Raises ImportFilesUnreadable if the reader ran into a bound or died; refusals of the reader are in the answer.
    """
    with tempfile.TemporaryDirectory(prefix="plumbline-import-") as name:
        folder = Path(name)
        for place, file in enumerate(files):
            (folder / str(place)).write_bytes(file.content)
        request = {
            "names": [file.name for file in files],
            "format": options.format,
            "inherit_lines": options.inherit_lines,
            "mapping": options.mapping,
            "remembered": {header: dict(columns) for header, columns in (remembered or {}).items()},
            "bounds": asdict(bounds),
        }
        (folder / "request.json").write_bytes(orjson.dumps(request))
        _run(folder, bounds)
        return _answer(folder, bounds)


def _run(folder: Path, bounds: Bounds) -> None:
    """The child gets no environment but where Python finds its modules, and bounds itself before it opens a file."""
    command = [sys.executable, "-m", "plumbline.imports.reading_process", str(folder)]
    try:
        done = subprocess.run(
            command,
            timeout=bounds.seconds + GRACE_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": ":".join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=folder,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much(bounds) from None
    if done.returncode != 0:
        raise _too_much(bounds)


def _answer(folder: Path, bounds: Bounds) -> Reading:
    file = folder / "answer.json"
    if not file.exists() or file.stat().st_size > bounds.answer_bytes:
        raise _too_much(bounds)
    content = file.read_bytes()
    proposal = folder / "mapping.yaml"
    mapping = proposal.read_text(encoding="utf-8") if proposal.exists() else None
    if content.startswith(b"["):
        return Reading(None, tuple(orjson.loads(content)), mapping)
    return Reading(content, mapping=mapping)


def _too_much(bounds: Bounds) -> ImportFilesUnreadable:
    return ImportFilesUnreadable(
        f"The files took more than {bounds.seconds} s or {bounds.memory_bytes >> 20} MiB to read, or stopped their reader.",
        path=("files",),
        hint="Send fewer or smaller files, or the table as CSV.",
    )
