"""Reference designators: `C1-C3, R7, U2A`. Ranges are read, runs are written as ranges (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from plumbline.boms.errors import InvalidDesignators
from plumbline.kit.errors import PathPart

DESIGNATORS_MAX = 5000
"""On one line: more than the largest board has of one part."""
LENGTH_MAX = 40
_SEPARATOR = re.compile(r"[,;\s]+")
_RANGE = re.compile(r"([A-Za-z_]+)(\d{1,6})\s*(?:-|–|\.\.|…|:)\s*([A-Za-z_]*)(\d{1,6})", re.ASCII)
_NUMBERED = re.compile(r"([A-Za-z_]+)([1-9]\d{0,5}|0)", re.ASCII)
_BLANK_AT_DASH = re.compile(r"\s[-–.…]|[-–.…]\s")
_AROUND_DASH = re.compile(r"\s*(-|–|\.\.|…)\s*(?=[A-Za-z_]*\d)")


def parse_designators(text: str, path: Sequence[PathPart] = ()) -> tuple[str, ...]:
    """Every designator, in the order written. A range counts up from its first to its last number; both ends have the same letters."""
    found: list[str] = []
    joined = _AROUND_DASH.sub(r"\1", text) if _BLANK_AT_DASH.search(text) else text  # which lines in store never need
    for word in _SEPARATOR.split(joined.strip()):
        if word.isalnum() and len(word) <= LENGTH_MAX:  # neither a range nor anything to object to
            found.append(word)
        elif word:
            found.extend(_expand(word, path))
        if len(found) > DESIGNATORS_MAX:
            raise InvalidDesignators(
                "There are too many reference designators.", path=path, expected=f"at most {DESIGNATORS_MAX}"
            )
    repeated = (
        next((each for index, each in enumerate(found) if each in found[:index]), None)
        if len(set(found)) < len(found)
        else None
    )
    if repeated is not None:
        raise InvalidDesignators(
            f"The reference designator {repeated} is written twice.", path=path, expected="every one once"
        )
    return tuple(found)


def format_designators(designators: Iterable[str]) -> str:
    """In natural order, with runs of three and more written as ranges: `C1-C3, R7`."""
    ordered = sorted(designators, key=natural_key)
    parts: list[str] = []
    index = 0
    while index < len(ordered):
        end = _end_of_run(ordered, index)
        if end - index >= 2:
            parts.append(f"{ordered[index]}-{ordered[end]}")
        else:
            parts.extend(ordered[index : end + 1])
        index = end + 1
    return ", ".join(parts)


def natural_key(designator: str) -> list[tuple[int, int, str]]:
    """Sorts R2 before R10."""
    parts = re.split(r"(\d+)", designator)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _expand(word: str, path: Sequence[PathPart]) -> Iterable[str]:
    match = _RANGE.fullmatch(word)
    if match is None:
        if len(word) > LENGTH_MAX or not word.isprintable():
            raise InvalidDesignators(
                f"{word[:50]!r} is not a reference designator.", path=path, expected="designators such as C1-C3, R7"
            )
        return [word]
    letters, first, last_letters, last = match.groups()
    if last_letters not in ("", letters):
        return [word]  # a name with a dash in it, such as J1-P2
    start, end = int(first), int(last)
    if end < start or end - start >= DESIGNATORS_MAX:
        raise InvalidDesignators(
            f"The range {word[:50]!r} does not count up, or counts too far.",
            path=path,
            expected=f"at most {DESIGNATORS_MAX} designators",
        )
    if first.startswith("0"):  # R01-R12 are R01, R02 … R12
        return [f"{letters}{number:0{len(first)}d}" for number in range(start, end + 1)]
    return [f"{letters}{number}" for number in range(start, end + 1)]


def _end_of_run(ordered: Sequence[str], start: int) -> int:
    match = _NUMBERED.fullmatch(ordered[start])
    if match is None:
        return start
    letters, number = match[1], int(match[2])
    end = start
    while end + 1 < len(ordered) and ordered[end + 1] == f"{letters}{number + end + 1 - start}":
        end += 1
    return end
