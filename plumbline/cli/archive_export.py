"""`plumbline archive export`: a library with its whole history as one file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import orjson

from plumbline.cli.client import Data, connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, progress
from plumbline.cli.whole_files import is_replaced, written_whole


def export(file: Path, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Write a library with its whole history, its configuration and its people into one open file, as of one moment. Administrators only.

    Parameters
    ----------
    file
        The zip that is written; /dev/stdout for a pipe.
    """
    says = is_replaced(file)
    with connected(target) as client, written_whole(file) as output:
        progress("Archiving …")
        client.archive(output)
    progress("")
    if says:
        _say(file, _manifest(file), as_json)


def _manifest(file: Path) -> Data:
    with zipfile.ZipFile(file) as archive:
        manifest = orjson.loads(archive.read("manifest.json"))
    assert isinstance(manifest, dict), "the manifest of an archive is an object"
    return manifest


def _say(file: Path, manifest: Data, as_json: bool) -> None:
    counts = {each["name"].removesuffix(".jsonl"): each["records"] for each in manifest["files"]}
    address = f"@{manifest['organization']['slug']}/{manifest['library']['slug']}"
    if as_json:
        print_json({"file": str(file), "library": address, "changes": manifest["changes"]["number"], "records": counts})
        return
    print(
        f"Wrote {address} to {file}: {counts['components']} components, {counts['bom-lines']} lines that are or were, "
        f"{manifest['changes']['number']} changes."
    )
