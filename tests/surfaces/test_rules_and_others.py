"""A server that runs goes on answering others while rules of several change orders never end."""

from __future__ import annotations

import statistics
import threading
import time
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("heavy")

ENDLESS = "exports.validate = () => { for (;;) {} };"
RULES, VALIDATING = 3, 6
IDLE_SECONDS = 1.5
CREATE_RULE = (
    "mutation($name: String!, $code: String!) { validations { create(input: { name: $name, code: $code }) { id } } }"
)
CREATE_PART = 'mutation { component { create(inputs: [{ name: "Bracket" }]) { id } } }'
CREATE = """mutation($part: ID!) {
  changeOrders { create(input: { name: "Endless", items: [{ itemId: $part }] }) { id } }
}"""
VALIDATE = """mutation($id: ID!) { changeOrders { validate(id: $id) {
  validationRun { state results(pagination: { first: 50 }) { nodes { validationType state errorMessage } } }
} } }"""
SLOWER_MAX = 2.0
NOISE_SECONDS = 0.25
"""What a machine that others use adds by itself."""


def test_others_are_answered_while_rules_never_end(server: Any) -> None:
    answers: list[Any] = []
    with server.client() as client:
        for number in range(RULES):
            client.ask(CREATE_RULE, name=f"Endless {number}", code=ENDLESS)
        [part] = client.ask(CREATE_PART)["component"]["create"]
        orders = [client.ask(CREATE, part=part["id"])["changeOrders"]["create"]["id"] for _ in range(VALIDATING)]
        client.answer(VALIDATE, id=orders[0])  # the processes are there from now on
        with server.asking() as idle:
            time.sleep(IDLE_SECONDS)
        crowd = [threading.Thread(target=validate, args=(server, order, answers)) for order in orders]
        for each in crowd:
            each.start()
        with server.asking() as busy:
            for each in crowd:
                each.join(120)
    assert (idle.wrong, busy.wrong) == ([], [])
    assert p95(busy.seconds) <= SLOWER_MAX * p95(idle.seconds) + NOISE_SECONDS
    told = [each["data"]["changeOrders"]["validate"]["validationRun"] for each in answers if "errors" not in each]
    refused = [each["errors"][0]["extensions"] for each in answers if "errors" in each]
    assert len(told) + len(refused) == VALIDATING
    assert told, "some were validated"
    for run in told:
        custom = [each for each in run["results"]["nodes"] if each["validationType"] == "CUSTOM"]
        assert [each["state"] for each in custom] == ["FAIL"] * RULES
        assert all("ran for more than" in each["errorMessage"] for each in custom)
    assert all(each["code"] == "RATE_LIMITED" and each["retryAfter"] >= 1 for each in refused)


def validate(server: Any, order: str, answers: list[Any]) -> None:
    with server.client() as client:
        answers.append(client.answer(VALIDATE, id=order))


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
