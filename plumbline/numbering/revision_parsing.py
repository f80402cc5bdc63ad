"""Revisions to segments and back.

Schemes are checked so that reading is never ambiguous: a segment ends where its kind of character does.
"""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.numbering.errors import RevisionInvalid
from plumbline.numbering.revision_model import (
    DIGITS,
    LETTERS,
    Revision,
    RevisionScheme,
    Segment,
    SegmentType,
    StatusScheme,
)


def parse_revision(scheme: RevisionScheme, status: str, text: str) -> Revision:
    """The revision taken apart by the scheme of its status. Raises RevisionInvalid, StatusUnknown."""
    by_status = scheme.for_status(status)
    read = matching_values(scheme, by_status, text)
    complete = len(read) >= sum(segment.required for segment in by_status.segments)
    if not complete or joined(by_status, read) != text:
        raise RevisionInvalid(
            f"{text[:60]!r} is no revision of the status {status!r}.", expected=shape(scheme, by_status)
        )
    return Revision(status, read)


def is_revision(scheme: RevisionScheme, status: str, text: str) -> bool:
    try:
        parse_revision(scheme, status, text)
    except RevisionInvalid:
        return False
    return True


def format_revision(scheme: RevisionScheme, status: str, values: Mapping[str, str]) -> str:
    """The revision with these values by segment name. Raises RevisionInvalid if one is missing, not allowed or unknown."""
    by_status = scheme.for_status(status)
    names = [segment.name for segment in by_status.segments]
    read = tuple(values[name] for name in names if name in values)
    text = joined(by_status, read)
    known = set(values) == set(names[: len(values)])
    if not known or not is_revision(scheme, status, text) or matching_values(scheme, by_status, text) != read:
        raise RevisionInvalid(
            f"{dict(values)} makes no revision of the status {status!r}.", expected=shape(scheme, by_status)
        )
    return text


def joined(by_status: StatusScheme, values: tuple[str, ...]) -> str:
    return "".join(segment.delimiter + value for segment, value in zip(by_status.segments, values, strict=False))


def matching_values(scheme: RevisionScheme, by_status: StatusScheme, text: str) -> tuple[str, ...]:
    """The values of as many segments as the beginning of the text can be read as."""
    values: list[str] = []
    position = 0
    for segment in by_status.segments:
        value = leading_value(segment, text[position:])
        if not value or not segment.accepts(value) or scheme.bars(value):
            break
        values.append(value)
        position += len(segment.delimiter) + len(value)
    return tuple(values)


def leading_value(segment: Segment, text: str) -> str:
    """The run of letters or digits that follows the delimiter; empty if there is none of the right kind."""
    if not text.startswith(segment.delimiter):
        return ""
    rest = text[len(segment.delimiter) :]
    kinds = {SegmentType.LETTER: (LETTERS,), SegmentType.INTEGER: (DIGITS,), SegmentType.EITHER: (LETTERS, DIGITS)}
    alphabet = next((kind for kind in kinds[segment.type] if rest[:1] and rest[0] in kind), "")
    end = next((index for index, character in enumerate(rest) if character not in alphabet), len(rest))
    return rest[:end]


def shape(scheme: RevisionScheme, by_status: StatusScheme) -> str:
    """How a revision looks, for people: `A..ZZ[.1..99] without I, O`."""
    parts = [segment_shape(segment) for segment in by_status.segments]
    shown = "".join(
        part if segment.required else f"[{part}]" for part, segment in zip(parts, by_status.segments, strict=True)
    )
    return f"{shown} without {', '.join(sorted(scheme.blacklist))}" if scheme.blacklist else shown


def segment_shape(segment: Segment) -> str:
    ranges = [f"{found.minimum}..{found.maximum}" for found in (segment.integers, segment.letters) if found is not None]
    return segment.delimiter + " or ".join(ranges)
