"""Lines of an archive as records. What is not one is refused with file, line and field (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from plumbline.archives.errors import InvalidArchive
from plumbline.kit.document_faults import shown
from plumbline.kit.errors import PathPart, Place
from plumbline.kit.record_model import FORMS, Record, layout_of

FAULTS_TOLD_MAX = 20
RECORDS_AT_ONCE = 500
"""Records in memory at a time, on the way in."""


class Checked(NamedTuple):
    """A record that has the right form: its fields as on the wire, and the columns that follow from them."""

    wire: Mapping[str, Any]
    derived: Mapping[str, object]


def checked_batches(
    lines: Iterable[bytes], record: type[Record], file: str, changes: int
) -> Iterator[tuple[int, list[Checked]]]:
    """Records, so many at a time, each with the number of the line before them. `changes`: how many the library has."""
    numbered = enumerate(lines, start=1)
    before = 0
    while batch := [checked(line, record, file, number, changes) for number, line in islice(numbered, RECORDS_AT_ONCE)]:
        yield before, batch
        before += len(batch)


def checked(line: bytes, record: type[Record], file: str, number: int, changes: int) -> Checked:
    try:
        wire = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise refused(file, number, (), f"is no JSON: {error}", expected="one JSON object per line") from None
    try:
        read = record.model_validate_json(line)
    except ValidationError as error:
        raise faults_of(error, file, number) from None
    for field in layout_of(record).fields:
        if field.is_change and (wire[field.wire] or 0) > changes:
            message = f"names the change {wire[field.wire]} of a library that has {changes}"
            raise refused(file, number, (field.wire,), message, expected=f"1 to {changes}")
    return Checked(wire, read.derived())


def refused(
    file: str, line: int | None, path: tuple[PathPart, ...], message: str, *, expected: str | None = None
) -> InvalidArchive:
    """`message` follows the place in the sentence."""
    where = file if line is None else f"{file}, line {line}"
    field = ".".join(str(part) for part in path)
    fault = InvalidArchive(
        f"{where}: {field} {message}." if field else f"{where} {message}.",
        path=(file, *(() if line is None else (line,)), *path),
        expected=expected,
    )
    fault.place = None if line is None else Place(file, line, 1)
    return fault


def faults_of(error: ValidationError, file: str, line: int | None = None) -> InvalidArchive:
    """Everything that is wrong with one object, the first fault in front."""
    found = error.errors(include_url=False)[:FAULTS_TOLD_MAX]
    first, *others = [_fault(each, file, line) for each in found]
    first.also = tuple(others)
    return first


def _fault(details: ErrorDetails, file: str, line: int | None) -> InvalidArchive:
    path, kind, context = tuple(details["loc"]), details["type"], details.get("ctx") or {}
    if kind == "missing":
        return refused(file, line, path, "is missing", expected="every field in every record; null for nothing")
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return refused(file, line, path, "is no field of this record")
    return refused(file, line, path, f"is {shown(details['input'])}", expected=_expected(details["msg"], context))


def _expected(message: str, context: Mapping[str, Any]) -> str:
    form = FORMS.get(str(context.get("pattern")))
    if form is not None:
        return form
    if "error" in context:
        return str(context["error"])
    words = message.removeprefix("Input should be ")
    return words.replace("String should have", "a text of").removeprefix("Value should be ")
