"""`plumbline config pull`: the present state as files; planning a folder that holds nothing else does nothing."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from plumbline.cli.client import connected
from plumbline.cli.config_folder import files_below
from plumbline.cli.errors import FileUnreadable
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, print_json
from plumbline.configuration.manifest import MANIFEST

PULL = "query Pull { configuration { pull { path text } } }"


def pull(folder: Path = Path(), *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Write the library's configuration into a folder. Others in it are left alone and named.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist.
    """
    with connected(target) as client:
        files = client.ask(PULL)["configuration"]["pull"]
    if as_json:
        print_json({"files": files})
        return
    for file in files:
        _write(folder, file["path"], file["text"])
    _tell_others(folder, {file["path"] for file in files} | {MANIFEST})


def _write(folder: Path, path: str, text: str) -> None:
    destination = folder / path
    if not destination.resolve().is_relative_to(folder.resolve()):
        raise FileUnreadable(f"{path} would leave the folder {folder}.", path=(path,))
    content = text.encode()
    if destination.is_file() and destination.read_bytes() == content:
        print(f"same     {path}")
        return
    word = "changed" if destination.exists() else "new"
    destination.parent.mkdir(parents=True, exist_ok=True)
    destination.write_bytes(content)
    print(f"{word:8} {path}")


def _tell_others(folder: Path, known: Set[str]) -> None:
    others = sorted(name for name, _ in files_below(folder) if name not in known) if folder.is_dir() else []
    for name in others:
        print(f"extra    {name}")
    if others:
        note("What is marked extra is not part of the library's configuration; applying the folder would bring it in.")
