"""From answers to results and from results to runs, by their laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.validations.model import OnFailure
from plumbline.validations.outcome import NO_MESSAGE, ResultState, RuleResult, RunState, result_of, summary_of
from plumbline.validations.ports import Ending, LogKind, LogLine, NoPlaceForRules, NoRules, RuleAnswer, RuleCode
from plumbline.validations.running import RunnableRule, run_rules

LINE = LogLine(LogKind.INFO, "looking")

answers = st.builds(
    RuleAnswer,
    ended=st.sampled_from(Ending),
    valid=st.none() | st.booleans(),
    message=st.none() | st.text(max_size=5),
    logs=st.lists(st.builds(LogLine, st.sampled_from(LogKind), st.text(max_size=5)), max_size=3).map(tuple),
    seconds=st.floats(0, 60),
    trace=st.text(max_size=5),
)


@pytest.mark.parametrize(
    ("answer", "on_failure", "result"),
    [
        (RuleAnswer(Ending.RETURNED, True, None), OnFailure.ERROR, RuleResult(ResultState.PASS, None)),
        (RuleAnswer(Ending.RETURNED, True, "fine"), OnFailure.WARNING, RuleResult(ResultState.PASS, "fine")),
        (RuleAnswer(Ending.RETURNED, False, "bad"), OnFailure.ERROR, RuleResult(ResultState.FAIL, "bad")),
        (RuleAnswer(Ending.RETURNED, False, "bad"), OnFailure.WARNING, RuleResult(ResultState.WARNING, "bad")),
        (RuleAnswer(Ending.RETURNED, False, None), OnFailure.ERROR, RuleResult(ResultState.FAIL, NO_MESSAGE)),
        (RuleAnswer(Ending.RETURNED, False, ""), OnFailure.ERROR, RuleResult(ResultState.FAIL, NO_MESSAGE)),
        (
            RuleAnswer(Ending.THREW, None, "TypeError: odd", (LINE,), trace="at massOf (rule:2:5)"),
            OnFailure.ERROR,
            RuleResult(
                ResultState.FAIL,
                "TypeError: odd",
                (LINE, LogLine(LogKind.ERROR, "TypeError: odd\nat massOf (rule:2:5)")),
            ),
        ),
        (
            RuleAnswer(Ending.TIMED_OUT, None, "The rule ran for more than 2 s.", (LINE,)),
            OnFailure.WARNING,
            RuleResult(
                ResultState.WARNING,
                "The rule ran for more than 2 s.",
                (LINE, LogLine(LogKind.ERROR, "The rule ran for more than 2 s.")),
            ),
        ),
        (
            RuleAnswer(Ending.KILLED, None, None),
            OnFailure.ERROR,
            RuleResult(
                ResultState.FAIL,
                "The rule did not answer: KILLED.",
                (LogLine(LogKind.ERROR, "The rule did not answer: KILLED."),),
            ),
        ),
    ],
)
def test_what_comes_of_an_answer(answer: RuleAnswer, on_failure: OnFailure, result: RuleResult) -> None:
    assert result_of(answer, on_failure) == result


@given(answers, st.sampled_from(OnFailure))
def test_only_a_rule_that_returned_true_passes(answer: RuleAnswer, on_failure: OnFailure) -> None:
    state = result_of(answer, on_failure).state
    assert (state is ResultState.PASS) == (answer.ended is Ending.RETURNED and answer.valid is True)
    assert state in (ResultState.PASS, ResultState.FAIL if on_failure is OnFailure.ERROR else ResultState.WARNING)


@given(answers, st.sampled_from(OnFailure))
def test_whoever_does_not_pass_says_why(answer: RuleAnswer, on_failure: OnFailure) -> None:
    result = result_of(answer, on_failure)
    assert result.state is ResultState.PASS or result.error_message


@given(answers, st.sampled_from(OnFailure))
def test_no_line_is_lost_and_one_is_added_for_a_fault(answer: RuleAnswer, on_failure: OnFailure) -> None:
    logs = result_of(answer, on_failure).logs
    assert logs[: len(answer.logs)] == answer.logs
    added = logs[len(answer.logs) :]
    assert [line.kind for line in added] == ([] if answer.ended is Ending.RETURNED else [LogKind.ERROR])


@given(st.lists(st.sampled_from(ResultState)))
def test_a_run_counts_every_result_once_and_fails_if_one_does(states: list[ResultState]) -> None:
    summary = summary_of(states)
    assert summary.pass_count + summary.fail_count + summary.warning_count == len(states)
    assert summary.warning_count == states.count(ResultState.WARNING)
    assert (summary.state is RunState.FAIL) == (ResultState.FAIL in states)
    assert summary == summary_of(reversed(states))


def test_each_rule_gets_its_own_answer_and_its_own_consequence() -> None:
    class Runner:
        """Finds everything invalid and says which rule it was."""

        def run(
            self, rules: Sequence[RuleCode], payload: bytes | Mapping[str, object], *, moment: datetime
        ) -> list[RuleAnswer]:
            return [RuleAnswer(Ending.RETURNED, False, f"{each.name}: {each.code} at {moment:%Y}") for each in rules]

    rules = [RunnableRule("Mass", "a", OnFailure.ERROR), RunnableRule("Source", "b", OnFailure.WARNING)]
    assert run_rules(Runner(), rules, {}, moment=datetime(2026, 1, 1, tzinfo=UTC)) == [
        RuleResult(ResultState.FAIL, "Mass: a at 2026"),
        RuleResult(ResultState.WARNING, "Source: b at 2026"),
    ]


def test_without_a_place_to_run_rules_in_there_can_be_none() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert NoRules().run([], {}, moment=moment) == []
    with pytest.raises(NoPlaceForRules):
        NoRules().run([RuleCode("Mass", "a")], {}, moment=moment)
