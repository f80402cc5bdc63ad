"""Archives for tests: written, read back, and tampered with."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from plumbline.access.reads import first_administrator
from plumbline.application import Application
from plumbline.archives.actions import Imported, import_library
from plumbline.archives.reads import archive_library
from plumbline.testing.callers import Caller

Lines = list[dict[str, Any]]


def archived(caller: Caller) -> bytes:
    target = io.BytesIO()
    caller.ask(archive_library, target)
    return target.getvalue()


def manifest_in(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return file.read("manifest.json")


def brought_in(application: Application, archive: bytes, name: str | None = None) -> tuple[Imported, Caller]:
    """With a caller who is the Administrator of the imported library."""
    imported = import_library(
        application.database, application.clock, application.new_id, io.BytesIO(archive), name=name
    )
    return imported, Caller(application, first_administrator(application.database, imported.library, "cli"))


def tampered(
    archive: bytes,
    files: Mapping[str, Callable[[Lines], Any]] | None = None,
    manifest: Callable[[dict[str, Any]], Any] | None = None,
) -> bytes:
    """The archive with other records, and a manifest that states their sums. A change works on the list handed to it, or answers bytes."""
    contents = contents_of(archive)
    stated = orjson.loads(contents.pop("manifest.json"))
    for name, change in (files or {}).items():
        lines = [orjson.loads(line) for line in contents[name].splitlines()]
        said = change(lines)
        contents[name] = said if isinstance(said, bytes) else b"".join(orjson.dumps(line) + b"\n" for line in lines)
    for each in stated["files"]:
        content = contents[each["name"]]
        sums = {"records": content.count(b"\n"), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        each.update(sums)
    if manifest is not None:
        manifest(stated)
    return zipped({**contents, "manifest.json": orjson.dumps(stated)})


def contents_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(contents: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return target.getvalue()
