"""Reads a configuration document key by key and collects every fault on the way, each with its path and, where known, its line.

A missing or wrong value is noted and replaced by something harmless, so that the reader can go on and find the next fault.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plumbline.kit.errors import InvalidInput, PathPart
from plumbline.kit.yaml_source import YamlDocument

FAULTS_MAX = 50
TEXT_LENGTH_MAX = 2_000

Path = tuple[PathPart, ...]


@dataclass(slots=True)
class Faults:
    """What is wrong with one document so far."""

    refusal: type[InvalidInput]
    document: YamlDocument | None = None
    found: list[InvalidInput] = field(default_factory=list)

    def add(
        self, path: Path, message: str, *, expected: str | None = None, hint: str | None = None, at_key: bool = False
    ) -> None:
        fault = self.refusal(f"{self._place(path, at_key=at_key)}{message}", path=path, expected=expected, hint=hint)
        told = any(other.path == fault.path and other.message == fault.message for other in self.found)
        if not told and len(self.found) < FAULTS_MAX:
            self.found.append(fault)

    def raise_if_any(self) -> None:
        if self.found:
            first, *others = self.found
            first.also = tuple(others)
            raise first

    def _place(self, path: Path, *, at_key: bool) -> str:
        if self.document is None:
            return ""
        position = self.document.key_position_of(path) if at_key else self.document.position_of(path)
        return f"{self.document.name}:{position.line}:{position.column}: "


@dataclass(frozen=True, slots=True)
class Section:
    """One mapping of the document. Reading a key notes a fault if the value has the wrong type or is missing."""

    values: Mapping[str, object]
    path: Path
    faults: Faults

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def only(self, *known: str) -> None:
        """Notes every key that has no meaning here, with the nearest one that has."""
        for key in self.values:
            if key not in known:
                self.fault(
                    key,
                    f"{key!r} means nothing here.",
                    expected=f"one of {', '.join(known)}",
                    hint=nearest_hint(key, known),
                    at_key=True,
                )

    def fault(
        self, key: str, message: str, *, expected: str | None = None, hint: str | None = None, at_key: bool = False
    ) -> None:
        self.faults.add((*self.path, key), message, expected=expected, hint=hint, at_key=at_key)

    def missing(self, key: str, expected: str) -> None:
        self.faults.add((*self.path, key), f"{key!r} is missing.", expected=expected)

    def text(
        self, key: str, *, required: bool = False, expected: str = "a text", length_max: int = TEXT_LENGTH_MAX
    ) -> str | None:
        """A text as it was written; a number counts as the text it was written as."""
        value = self.values.get(key)
        if value is None:
            if required:
                self.missing(key, expected)
            return None
        return text_of(value, (*self.path, key), self.faults, expected=expected, length_max=length_max)

    def choice(self, key: str, known: Sequence[str]) -> str | None:
        """One word of a few; required."""
        expected = f"one of {', '.join(known)}"
        value = self.text(key, required=True, expected=expected)
        if value is None or value in known:
            return value
        self.fault(key, f"{value!r} is not known as {key}.", expected=expected, hint=nearest_hint(value, known))
        return None

    def boolean(self, key: str, default: bool) -> bool:
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(
                key, f"{key!r} is {shown(value)}.", expected="true or false", hint="Write true or false without quotes."
            )
            return default
        return value

    def integer(self, key: str, *, required: bool = False) -> int | None:
        value = self.values.get(key)
        if value is None:
            if required:
                self.missing(key, "a whole number")
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(
                key, f"{key!r} is {shown(value)}.", expected="a whole number", hint="Write the number without quotes."
            )
            return None
        return value

    def section(self, key: str, *, required: bool = False) -> Section | None:
        value = self.values.get(key)
        if value is None:
            if required:
                self.missing(key, "a mapping")
            return None
        return section_of(value, (*self.path, key), self.faults)

    def items(
        self, key: str, *, required: bool = False, count_max: int, expected: str = "a list"
    ) -> list[tuple[Path, object]]:
        """The items of a list, each with its path."""
        value = self.values.get(key)
        if value is None:
            if required:
                self.missing(key, expected)
            return []
        path = (*self.path, key)
        if not isinstance(value, list | tuple):
            self.faults.add(path, f"{key!r} is {shown(value)}.", expected=expected)
            return []
        if len(value) > count_max:
            self.faults.add(path, f"{key!r} has {len(value)} items; at most {count_max} are allowed.")
        return [((*path, index), item) for index, item in enumerate(value[:count_max])]

    def texts(
        self, key: str, *, required: bool = False, count_max: int, length_max: int = TEXT_LENGTH_MAX
    ) -> list[tuple[Path, str]]:
        """A list of texts, each with its path."""
        read = self.items(key, required=required, count_max=count_max, expected="a list of texts")
        found = ((path, text_of(item, path, self.faults, length_max=length_max)) for path, item in read)
        return [(path, text) for path, text in found if text is not None]

    def sections(
        self, key: str, *, required: bool = False, count_max: int, expected: str = "a list"
    ) -> Iterator[Section]:
        """The mappings in a list."""
        for path, item in self.items(key, required=required, count_max=count_max, expected=expected):
            found = section_of(item, path, self.faults)
            if found is not None:
                yield found


def root_section(source: YamlDocument | Mapping[str, object], refusal: type[InvalidInput]) -> Section:
    """The whole document. Raises at once if it is no mapping, because nothing else can be said about it then."""
    document = source if isinstance(source, YamlDocument) else None
    faults = Faults(refusal, document)
    found = section_of(document.value if document else source, (), faults)
    faults.raise_if_any()
    assert found is not None  # or a fault would have been raised
    return found


VERSION = re.compile(r"\d+\.\d+")


def check_header(root: Section, schema_type: str) -> str:
    """Version and kind of a document; every kind begins with both. Version 1 is the only one there is."""
    version = root.text("version", required=True, expected='a version such as "1.0"') or "1.0"
    if not VERSION.fullmatch(version) or not version.startswith("1."):
        root.fault("version", f"version is {version[:20]!r}.", expected='"1.0"')
    root.choice("schema_type", (schema_type,))
    return version


def section_of(value: object, path: Path, faults: Faults) -> Section | None:
    if not isinstance(value, Mapping):
        faults.add(path, f"{shown(value)} stands where a mapping is expected.", expected="a mapping of keys to values")
        return None
    if not all(isinstance(key, str) for key in value):
        faults.add(path, "The keys of this mapping are not all texts.", expected="texts as keys")
        return None
    return Section(value, path, faults)


def text_of(
    value: object, path: Path, faults: Faults, *, expected: str = "a text", length_max: int = TEXT_LENGTH_MAX
) -> str | None:
    """A text, or a number as its author wrote it: `1.0` unquoted is the text "1.0"."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        faults.add(
            path, f"{shown(value)} stands where a text is expected.", expected=expected, hint="Put quotes around it."
        )
        return None
    written = faults.document.text_at(path) if faults.document and not isinstance(value, str) else None
    text = str(value) if written is None else written
    if len(text) > length_max:
        faults.add(path, f"The text has {len(text)} characters; at most {length_max} are allowed.")
        return None
    return text


def shown(value: object) -> str:
    """A value in a sentence, shortened."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest_hint(word: str, known: Iterable[str]) -> str | None:
    """A question that names the known word most like this one, if one is like it at all."""
    found = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0.6)
    return f"Did you mean {found[0]!r}?" if found else None
