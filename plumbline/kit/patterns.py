"""Regular expressions that users write: what they match is JavaScript's, how they run cannot hang the server.

RE2 runs them in time linear in the text. A pattern that needs look-around or a back-reference, which RE2 cannot offer, runs on `regex`
under a timeout; `engine` says so, for `validate` to pass on. Never use the standard library's `re` on a user's pattern: it hangs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from plumbline.kit.errors import InvalidInput
from plumbline.kit.late import LateModule
from plumbline.kit.pattern_dialect import PATTERN_LENGTH_MAX, REPEATS_MAX, InvalidPattern, translation_of

if TYPE_CHECKING:
    import re2
    import regex
else:
    re2 = LateModule("re2")
    regex = LateModule("regex")

__all__ = [
    "PATTERN_LENGTH_MAX",
    "REPEATS_MAX",
    "TEXT_LENGTH_MAX",
    "Engine",
    "InvalidPattern",
    "Pattern",
    "PatternTooSlow",
    "TextTooLong",
    "compile_pattern",
]

TEXT_LENGTH_MAX = 10_000
TIMEOUT_SECONDS = 0.2
RE2_MEMORY_MAX_BYTES = 8 << 20
PATTERNS_KEPT = 512
"""Compiled patterns in memory; a library uses a few dozen."""


class Engine(StrEnum):
    LINEAR = "re2"
    BACKTRACKING = "regex"


class TextTooLong(InvalidInput):
    """A text is too long to be checked against a pattern."""


class PatternTooSlow(InvalidInput):
    """A pattern with look-around or back-references took too long on this text."""


class Searcher(Protocol):
    def __call__(self, text: str, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; equal to another of the same text."""

    text: str
    engine: Engine
    search: Searcher = field(compare=False, repr=False)

    def matches(self, text: str) -> bool:
        """Whether the pattern is found anywhere in the text; `^` and `$` bind it to the ends. Half characters never match."""
        if len(text) > TEXT_LENGTH_MAX:
            raise TextTooLong(f"The text has {len(text)} characters; a pattern is tried on at most {TEXT_LENGTH_MAX}.")
        try:
            return self.search(text) is not None
        except UnicodeEncodeError:
            return False
        except TimeoutError as error:
            raise PatternTooSlow(
                f"The pattern {self.text!r} took longer than {TIMEOUT_SECONDS} s on a text of {len(text)} characters.",
                hint="Write it without look-around and back-references; then it cannot take long.",
            ) from error


@lru_cache(maxsize=PATTERNS_KEPT)
def compile_pattern(text: str) -> Pattern:
    """The pattern ready for use; raises InvalidPattern, with the position where it is known."""
    translation = translation_of(text)
    if translation.needs_backtracking:
        search = backtracking_search(translation.text(end_of_input="\\Z"), ascii_only=not translation.names_properties)
        return Pattern(text, Engine.BACKTRACKING, search)
    return Pattern(text, Engine.LINEAR, linear_search(translation.text(end_of_input="\\z")))


def linear_search(text: str) -> Searcher:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = RE2_MEMORY_MAX_BYTES
    try:
        compiled = re2.compile(text, options)
    except re2.error as error:
        raise InvalidPattern(f"The pattern cannot be compiled: {engine_message(error)}.") from error
    search: Searcher = compiled.search
    return search


def backtracking_search(text: str, *, ascii_only: bool) -> Searcher:
    try:
        compiled = regex.compile(text, regex.VERSION0 | (regex.ASCII if ascii_only else regex.UNICODE))
    except regex.error as error:
        raise InvalidPattern(f"The pattern cannot be compiled: {engine_message(error)}.") from error

    def search(subject: str) -> object:
        return compiled.search(subject, timeout=TIMEOUT_SECONDS)

    return search


def engine_message(error: Exception) -> str:
    """RE2 complains in bytes, `regex` in text with a position of the rewritten pattern, which would mislead."""
    reason = error.args[0] if error.args else ""
    return (reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)).partition(" at position ")[
        0
    ]
