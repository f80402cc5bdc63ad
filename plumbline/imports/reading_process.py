"""The child of `reading`: `python -m plumbline.imports.reading_process FOLDER` reads the files that lie there and leaves an answer: the
wire form of what they say (an object), or the refusals (a list)."""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.mapping import read_mapping
from plumbline.exchange.model import ReadOptions
from plumbline.exchange.proposal import proposed_mapping
from plumbline.exchange.readers import table
from plumbline.exchange.wire import to_wire
from plumbline.imports.reading import Bounds
from plumbline.kit.errors import Refusal
from plumbline.kit.yaml_source import load_yaml


def main(folder: Path) -> None:
    request = orjson.loads((folder / "request.json").read_bytes())
    bound_this_process(Bounds(**request["bounds"]))
    files = [NamedFile(name, (folder / str(place)).read_bytes()) for place, name in enumerate(request["names"])]
    options = ReadOptions(inherit_lines=request["inherit_lines"], remembered=request["remembered"])
    answer: object
    try:
        options = _with_mapping(options, request["mapping"])
        answer = to_wire(read_files(files, request["format"], options))
    except Refusal as refusal:
        answer = [each.as_fields() for each in (refusal, *refusal.also)]
    (folder / "answer.json").write_bytes(orjson.dumps(answer))
    _leave_proposal(folder, files, options)


def _leave_proposal(folder: Path, files: Sequence[NamedFile], options: ReadOptions) -> None:
    """How tables were read, or would be: most wanted where they could not be."""
    try:
        is_table = recognise(files).format == table.NAME
        mapping = proposed_mapping(files, options) if is_table else ""
    except Refusal:
        return
    if mapping:
        (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")


def _with_mapping(options: ReadOptions, mapping: str | None) -> ReadOptions:
    if mapping is None:
        return options
    columns, tables = read_mapping(load_yaml(mapping, "mapping").value)
    return replace(options, columns=columns, tables=tables)


def bound_this_process(bounds: Bounds) -> None:
    """It starts no other process either; the kernel ends it at the first thing too much."""
    for what, limit in (
        (resource.RLIMIT_AS, bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_FSIZE, bounds.answer_bytes),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
