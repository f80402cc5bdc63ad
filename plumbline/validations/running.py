"""Rules of a library, run over one change order: code to the runner, answers to results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from plumbline.validations.model import OnFailure
from plumbline.validations.outcome import RuleResult, result_of
from plumbline.validations.ports import RuleCode, RuleRunner


@dataclass(frozen=True, slots=True)
class RunnableRule:
    """What of a rule matters when it runs."""

    name: str
    code: str
    on_failure: OnFailure


def run_rules(
    runner: RuleRunner, rules: Sequence[RunnableRule], payload: bytes | Mapping[str, object], *, moment: datetime
) -> list[RuleResult]:
    """The results in the order of the rules. Takes seconds at worst a rule: never within a transaction."""
    answers = runner.run([RuleCode(each.name, each.code) for each in rules], payload, moment=moment)
    return [result_of(answer, rule.on_failure) for rule, answer in zip(rules, answers, strict=True)]
