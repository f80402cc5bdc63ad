"""Django fixtures: JSON lists of `{"model", "pk", "fields"}`, checked as far as they are used.

An entry has no row number, so its place is its model and its key: sheet `part.part`, row 12.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import orjson

from plumbline.exchange.amounts import number_in, plain
from plumbline.exchange.bounds import TEXT_MAX, check_row_count
from plumbline.exchange.errors import ImportTooLarge, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.model import Origin

Fixture = Mapping[str, Mapping[int, "Entry"]]
"""Entries by model and key."""


@dataclass(frozen=True, slots=True)
class Entry:
    file: str
    model: str
    pk: int
    fields: Mapping[str, object]

    @property
    def origin(self) -> Origin:
        return Origin(self.file, self.model, self.pk)

    def text(self, name: str) -> str:
        """The text of a field, trimmed; empty when it is absent or null."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            if len(value) > TEXT_MAX:
                path = (self.file, self.model, self.pk, name)
                message = f"{self.origin} holds a text of {len(value)} characters in {name}."
                raise ImportTooLarge(message, path=path, expected=f"at most {TEXT_MAX} characters")
            return value.strip()
        if isinstance(value, int | float):
            return str(value)
        raise self._wrong(name, "a text")

    def reference(self, name: str) -> int | None:
        """The key that a field points to."""
        value = self.fields.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise self._wrong(name, "a key number or null")

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.fields.get(name, default)
        if isinstance(value, bool):
            return value
        raise self._wrong(name, "true or false")

    def number(self, name: str) -> Decimal:
        value = number_in(self.text(name))
        if value is None:
            raise self._wrong(name, "a number")
        return plain(value)

    def _wrong(self, name: str, expected: str) -> UnreadableFile:
        path = (self.file, self.model, self.pk, name)
        return UnreadableFile(f"{self.origin}: {name} is {self.fields.get(name)!r:.100}.", path=path, expected=expected)


def fixture_in(file: NamedFile, models: Collection[str]) -> Fixture:
    """The entries of the models asked for; all others are passed over unseen. JSON nested deeper than 1024 is refused."""
    try:
        document = orjson.loads(file.content)
    except orjson.JSONDecodeError as error:
        path = (file.name, error.lineno, error.colno)
        raise UnreadableFile(f"{file.name} is not JSON: {error}.", path=path, expected="a JSON list") from error
    if not isinstance(document, list):
        raise UnreadableFile(f"{file.name} holds no list.", path=(file.name,), expected="a JSON list of entries")
    check_row_count(len(document), file=file.name)
    found: dict[str, dict[int, Entry]] = defaultdict(dict)
    for place, item in enumerate(document):
        entry = _entry(file, place, item, models)
        if entry is not None:
            found[entry.model][entry.pk] = entry
    return found


def _entry(file: NamedFile, place: int, item: object, models: Collection[str]) -> Entry | None:
    match item:
        case {"model": str(model)} if model not in models:
            return None
        case {"model": str(model), "pk": int(pk), "fields": dict(fields)}:
            return Entry(file.name, model, pk, fields)
    path = (file.name, place)
    raise UnreadableFile(f"{file.name}, entry {place} is no fixture entry.", path=path, expected="model, pk and fields")


def grouped(entries: Mapping[int, Entry], by: str) -> Mapping[int, Sequence[Entry]]:
    """Entries by the key in one of their fields; those that point nowhere are left out."""
    groups: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries.values():
        target = entry.reference(by)
        if target is not None:
            groups[target].append(entry)
    return groups
