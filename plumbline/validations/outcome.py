"""From what came of a rule to its result, and from the results to the run: a rule that did not answer has failed, never passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from plumbline.validations.model import OnFailure
from plumbline.validations.ports import Ending, LogKind, LogLine, RuleAnswer

NO_MESSAGE = "The rule finds the change order invalid and does not say why."


class ResultState(StrEnum):
    PASS = "PASS"
    FAIL = "FAIL"
    """It stops the change order."""
    WARNING = "WARNING"
    """It is shown and stops nothing."""


class RunState(StrEnum):
    PASS = "PASS"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule, or a check of our own, says about a change order."""

    state: ResultState
    error_message: str | None
    """A rule that passes may have one, too."""
    logs: tuple[LogLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSummary:
    pass_count: int
    fail_count: int
    warning_count: int

    @property
    def state(self) -> RunState:
        return RunState.FAIL if self.fail_count else RunState.PASS


def result_of(answer: RuleAnswer, on_failure: OnFailure) -> RuleResult:
    """A rule that was stopped, threw or returned nonsense gets what it gives to others, with a line more in its log."""
    if answer.ended is not Ending.RETURNED:
        message = answer.message or f"The rule did not answer: {answer.ended}."
        line = LogLine(LogKind.ERROR, "\n".join(part for part in (message, answer.trace) if part))
        return RuleResult(_unless_valid(on_failure), message, (*answer.logs, line))
    if answer.valid is True:
        return RuleResult(ResultState.PASS, answer.message, answer.logs)
    return RuleResult(_unless_valid(on_failure), answer.message or NO_MESSAGE, answer.logs)


def summary_of(states: Iterable[ResultState]) -> RunSummary:
    """Of no results at all: nothing stops the change order."""
    counts = dict.fromkeys(ResultState, 0)
    for state in states:
        counts[state] += 1
    return RunSummary(counts[ResultState.PASS], counts[ResultState.FAIL], counts[ResultState.WARNING])


def _unless_valid(on_failure: OnFailure) -> ResultState:
    return ResultState.FAIL if on_failure is OnFailure.ERROR else ResultState.WARNING
