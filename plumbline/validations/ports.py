"""What validations want of the world: somebody who runs a rule's JavaScript where it can do no harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MESSAGE_LENGTH_MAX = 10_000
"""Of what a rule says to the people whose change order it stops; longer ones are cut, and end in `…`."""
LOG_BYTES_MAX = 64 * 1024
"""Of all lines that one rule writes; what comes after is dropped, and a last line says so."""
LOG_LINES_MAX = 1_000


class LogKind(StrEnum):
    """The function of `console` that wrote the line."""

    INFO = "info"
    WARN = "warn"
    ERROR = "error"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class LogLine:
    kind: LogKind
    text: str


class Ending(StrEnum):
    """How a rule ended. Only RETURNED says anything about the change order; all others are faults of the rule."""

    RETURNED = "RETURNED"
    THREW = "THREW"
    """Its text or its function threw, or the text is no JavaScript."""
    TIMED_OUT = "TIMED_OUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    TOO_DEEP = "TOO_DEEP"
    """Its calls, or the texts and values that it had read, were nested without end."""
    UNSETTLED = "UNSETTLED"
    """It waits for a promise that nothing will ever settle."""
    NO_FUNCTION = "NO_FUNCTION"
    """The text assigns no function to `exports.validate`."""
    NO_OBJECT = "NO_OBJECT"
    """What it returned is no object with `valid: true` or `valid: false`."""
    KILLED = "KILLED"
    """The process that ran it died."""


@dataclass(frozen=True, slots=True)
class RuleCode:
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """What came of one rule."""

    ended: Ending
    valid: bool | None
    """As it returned it; None if it returned no answer."""
    message: str | None
    """Its own if it returned; otherwise what went wrong, in a sentence or as the error that it threw."""
    logs: tuple[LogLine, ...] = ()
    """In the order in which they were written, also those of a rule that was stopped."""
    seconds: float = 0.0
    trace: str = ""
    """Where in its text it threw, a line for each call; empty if it did not or nobody knows."""


class RuleRunner(Protocol):
    """Runs rules that nobody has read. Whatever one of them does, it does not reach the host, the network or another rule, and each has an
    answer."""

    def run(
        self, rules: Sequence[RuleCode], payload: bytes | Mapping[str, object], *, moment: datetime
    ) -> list[RuleAnswer]:
        """The answers in the order of the rules.

        `payload` is the `data` of every rule, as JSON text or as what becomes it. `moment` is what they take for now: the same rules with
        the same payload and moment answer the same. Takes seconds at worst for each rule: not for use within a transaction.
        """
        ...


class NoRules:
    """For programs that open a database and run no rules."""

    def run(
        self, rules: Sequence[RuleCode], payload: bytes | Mapping[str, object], *, moment: datetime
    ) -> list[RuleAnswer]:
        if rules:
            raise NoPlaceForRules
        return []


class NoPlaceForRules(Exception):
    """The application was opened without a place to run rules in."""
