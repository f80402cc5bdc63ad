"""A `revision_scheme_config` as frozen values: for each status the segments that its revisions are made of."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from plumbline.kit.document_faults import nearest_hint
from plumbline.numbering.errors import StatusUnknown

LETTERS = string.ascii_uppercase
DIGITS = string.digits
MEANING_COLORS = {"DESIGN": "#4C7EF3", "PROTOTYPE": "#8E5BD6", "PRODUCTION": "#2E9E5B", "OBSOLETE": "#8A8F98"}
"""What a status can mean to programs, each with the colour of a status that does not say its own."""


class SegmentType(StrEnum):
    LETTER = "letter"
    INTEGER = "integer"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class LetterRange:
    """A, B … Z, AA, AB …, like the columns of a spreadsheet."""

    minimum: str
    maximum: str

    def __contains__(self, text: str) -> bool:
        return is_letters(text) and (len(self.minimum), self.minimum) <= (len(text), text) <= (
            len(self.maximum),
            self.maximum,
        )


@dataclass(frozen=True, slots=True)
class IntegerRange:
    minimum: int
    maximum: int

    def __contains__(self, text: str) -> bool:
        return is_integer(text) and self.minimum <= int(text) <= self.maximum


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    type: SegmentType
    delimiter: str
    """Stands in front of the segment."""
    required: bool
    letters: LetterRange | None
    """The letters allowed; None for an integer segment. An `either` segment has both ranges, integers first."""
    integers: IntegerRange | None
    starts_with_integers: bool = False
    """Where an `either` segment begins: at its smallest integer if its min_value is one, else at its first letter."""

    def accepts(self, text: str) -> bool:
        return (self.letters is not None and text in self.letters) or (
            self.integers is not None and text in self.integers
        )


@dataclass(frozen=True, slots=True)
class StatusScheme:
    """How the revisions of one status are written. Optional segments come last, and can only be left out from the right."""

    status: str
    segments: tuple[Segment, ...]
    examples: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class StatusDefinition:
    """A stage in the life of a component: what it means to programs, and how it is shown."""

    name: str
    maps_to: str
    """One of the keys of MEANING_COLORS."""
    color: str
    formerly: str | None = None


@dataclass(frozen=True, slots=True)
class RevisionScheme:
    version: str
    status_definitions: tuple[StatusDefinition, ...]
    """From the first status to the last."""
    schemes: tuple[StatusScheme, ...]
    empty_value: str = "-"
    """What stands for no revision yet."""
    blacklist: frozenset[str] = frozenset()
    """A single character is barred wherever it occurs, a longer entry as a whole segment."""
    transitions: Mapping[str, tuple[str, ...]] | None = field(default=None)
    """By status the statuses that may follow; None if the scheme does not say, and then any may."""

    @property
    def status_order(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.status_definitions)

    def for_status(self, status: str) -> StatusScheme:
        """The scheme of the status; without one of its own, that of the nearest status before it, else the first of all."""
        by_status = {scheme.status: scheme for scheme in self.schemes}
        if status in by_status:
            return by_status[status]
        if status not in self.status_order:
            known = [*self.status_order, *by_status]
            raise StatusUnknown(
                f"The revision scheme does not know the status {status!r}.",
                expected=f"one of {', '.join(dict.fromkeys(known))}",
                hint=nearest_hint(status, known),
            )
        before = self.status_order[: self.status_order.index(status)]
        return next((by_status[other] for other in reversed(before) if other in by_status), self.schemes[0])

    def bars(self, text: str) -> bool:
        """Whether the blacklist forbids this value of a segment."""
        return text in self.blacklist or any(character in self.blacklist for character in text)


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision taken apart: the segments that are present, in order."""

    status: str
    values: tuple[str, ...]


def is_letters(text: str) -> bool:
    return bool(text) and all(character in LETTERS for character in text)


def is_integer(text: str) -> bool:
    """Digits without a leading zero, since `A.01` and `A.1` would be two texts for one revision."""
    return bool(text) and all(character in DIGITS for character in text) and (text == "0" or text[0] != "0")
