"""Faults of a configuration document, collected so that its author sees all of them at once, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from plumbline.kit.errors import InvalidInput, PathPart, Place
from plumbline.kit.yaml_source import YamlDocument

FAULTS_MAX = 50


@dataclass(slots=True)
class Faults:
    """What is wrong with one document so far. `page` is where its language is explained."""

    refusal: type[InvalidInput]
    document: YamlDocument | None = None
    found: list[InvalidInput] = field(default_factory=list)
    page: str | None = None

    def add(
        self,
        path: Sequence[PathPart],
        message: str,
        *,
        expected: str | None = None,
        hint: str | None = None,
        at_key: bool = False,
    ) -> None:
        """`at_key`: the key is wrong, not its value. What is missing has the place of the mapping around it."""
        place = self._place(tuple(path), at_key=at_key)
        fault = self.refusal(
            message if place is None else f"{place}: {message}", path=path, expected=expected, hint=hint
        )
        fault.page = self.page
        fault.place = place
        told = any(other.path == fault.path and other.message == fault.message for other in self.found)
        if not told and len(self.found) < FAULTS_MAX:
            self.found.append(fault)

    def raise_if_any(self) -> None:
        if self.found:
            first, *others = self.found
            first.also = tuple(others)
            raise first

    def _place(self, path: tuple[PathPart, ...], *, at_key: bool) -> Place | None:
        if self.document is None:
            return None
        position = self.document.key_position_of(path) if at_key else self.document.position_of(path)
        return Place(self.document.name, position.line, position.column)


def shown(value: object) -> str:
    """A value in a sentence, shortened."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    written = getattr(value, "text", None)
    text = written if isinstance(written, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest_hint(word: str, known: Iterable[str]) -> str | None:
    """A question that names the known word most like this one, if one is like it at all."""
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word[:100].lower(), list(by_lower), n=1, cutoff=0.6)
    return f"Did you mean {by_lower[found[0]]!r}?" if found else None


def listed(words: Sequence[str], shown_max: int = 20) -> str:
    """Words in a sentence; of very many only the first."""
    return ", ".join(words[:shown_max]) + (f" and {len(words) - shown_max} more" if len(words) > shown_max else "")
