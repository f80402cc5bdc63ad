"""A runner with real processes, and what the kernel says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from plumbline.adapters.javascript.pool import JavaScriptRules
from plumbline.settings import RuleSettings
from plumbline.validations.ports import RuleAnswer, RuleCode

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 890_000, tzinfo=UTC)
PAYLOAD: dict[str, object] = {
    "change_order": {
        "id": "0199",
        "name": "ECO-7",
        "createdAt": "2026-02-01T08:00:00.000Z",
        "updatedAt": "2026-02-02T08:00:00.000Z",
        "stages": [{"reviewers": [{"note": None, "decidedAt": "2026-02-03T08:00:00.000Z"}, {"decidedAt": None}]}],
    },
    "items": [
        {
            "id": "1",
            "name": "Bracket",
            "releasedAt": None,
            "createdAt": "2025-01-01T00:00:00.000Z",
            "category": {"attributes": [{"name": "createdAt", "type": "STRING"}]},
            "attributes": {"createdAt": "2020-01-01T00:00:00.000Z", "Mass": {"value": "25", "unit": "g"}},
            "attributeValues": {"0199-a": {"createdAt": "2020-01-01T00:00:00.000Z"}},
        },
        {"id": "2", "name": "Screw", "releasedAt": "2024-01-01T00:00:00.000Z", "attributes": {"Mass": None}},
    ],
}

Judge = Callable[[str], RuleAnswer]


@pytest.fixture(scope="session")
def hasty() -> Iterator[JavaScriptRules]:
    """One process; a rule may take 0.5 s and 64 MiB. For rules that are stopped: honest ones could miss this on a busy machine."""
    runner = JavaScriptRules(RuleSettings(seconds=0.5, processes=1))
    yield runner
    runner.close()


@pytest.fixture(scope="session")
def rules() -> Iterator[JavaScriptRules]:
    """One process; a rule may take 10 s and 64 MiB."""
    runner = JavaScriptRules(RuleSettings(seconds=10.0, processes=1))
    yield runner
    runner.close()


@pytest.fixture
def judge(rules: JavaScriptRules) -> Judge:
    """The answer of one rule, given its code."""
    return lambda code: rules.run([RuleCode("a rule", code)], PAYLOAD, moment=MOMENT)[0]


@pytest.fixture
def stop(hasty: JavaScriptRules) -> Judge:
    """The answer of one rule that runs into the end of its time."""
    return lambda code: hasty.run([RuleCode("a rule", code)], PAYLOAD, moment=MOMENT)[0]
