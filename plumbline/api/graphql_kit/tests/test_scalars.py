"""Custom scalars, on the way in (as variable and as literal) and on the way out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.graphql_kit.resolvers import Resolvers
from plumbline.api.graphql_kit.scalars import DECIMAL, DECIMAL_NUMBER, STANDARD_SCALARS
from plumbline.api.graphql_kit.schema import build_executable_schema

SDL = """
scalar DateTime
scalar JSON
scalar Long
scalar Decimal
type Query { DateTime(v: DateTime): DateTime  JSON(v: JSON): JSON  Long(v: Long): Long  Decimal(v: Decimal): Decimal }
"""


class Echo:
    """An engine that remembers the argument and answers a prepared value."""

    def __init__(self, answer: object = None, number: bool = False) -> None:
        self.seen: Any = None
        self.answer = answer
        resolvers = Resolvers()
        resolvers.field(*(f"Query.{name}" for name in STANDARD_SCALARS))(self.resolve)
        scalars = {**STANDARD_SCALARS, "Decimal": DECIMAL_NUMBER if number else DECIMAL}
        self.engine = Engine(build_executable_schema(SDL, resolvers, scalars=scalars))

    def resolve(self, _source: object, _info: object, arguments: dict[str, Any]) -> object:
        self.seen = arguments.get("v")
        return self.answer

    def run(self, text: str, variables: object = None) -> dict[str, Any]:
        response = self.engine.answer(orjson.dumps({"query": text, "variables": variables}), "application/json", None)
        found: dict[str, Any] = orjson.loads(response.body)
        return found


@pytest.mark.parametrize(
    ("name", "sent", "seen"),
    [
        ("DateTime", '"2026-11-22T10:30:00Z"', "2026-11-22T10:30:00.000Z"),
        ("DateTime", '"2026-11-22T10:30:00.1234+02:00"', "2026-11-22T08:30:00.123Z"),
        ("DateTime", '"2026-11-22"', "2026-11-22T00:00:00.000Z"),
        ("Long", "9007199254740993", 9007199254740993),
        ("Long", '"-12"', -12),
        ("Decimal", "0.1", Decimal("0.1")),
        ("Decimal", '"0.10000000000000000001"', Decimal("0.10000000000000000001")),
        ("Decimal", '"1e-7"', Decimal("1e-7")),
        ("JSON", '{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
        ("JSON", '"text"', "text"),
    ],
)
def test_value_is_read_alike_as_variable_and_as_literal(name: str, sent: str, seen: object) -> None:
    echo = Echo()
    assert "errors" not in echo.run(f"query($v: {name}) {{ {name}(v: $v) }}", orjson.loads(f'{{"v": {sent}}}'))
    assert (type(echo.seen), echo.seen) == (type(seen), seen)
    literal = sent.replace('"a":', "a:")
    assert "errors" not in echo.run(f"{{ {name}(v: {literal}) }}")
    assert (type(echo.seen), echo.seen) == (type(seen), seen)


def test_a_decimal_literal_keeps_every_digit() -> None:
    echo = Echo()
    echo.run("{ Decimal(v: 1.000000000000000000000000000001) }")
    assert echo.seen == Decimal("1.000000000000000000000000000001")


def test_json_literals_take_variables_inside() -> None:
    echo = Echo()
    echo.run("query($x: JSON) { JSON(v: {a: $x, b: [$x]}) }", {"x": 1})
    assert echo.seen == {"a": 1, "b": [1]}


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("DateTime", '"yesterday"'),
        ("DateTime", "5"),
        ("DateTime", '"2026-13-01"'),
        ("DateTime", '"0001-01-01T00:00:00+23:00"'),
        ("Long", "9223372036854775808"),
        ("Long", "1.5"),
        ("Long", '"1_000"'),
        ("Long", '"' + "9" * 5_000 + '"'),
        ("Long", "true"),
        ("Decimal", '"NaN"'),
        ("Decimal", '"Infinity"'),
        ("Decimal", '"1e999999999"'),
        ("Decimal", '"' + "1" * 60 + '"'),
        ("Decimal", '"one"'),
        ("Decimal", "false"),
        ("Decimal", '{"a": 1}'),
    ],
)
def test_value_of_the_wrong_kind_is_bad_input(name: str, sent: str) -> None:
    echo = Echo()
    answer = echo.run(f"query($v: {name}) {{ {name}(v: $v) }}", orjson.loads(f'{{"v": {sent}}}'))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert "Expected" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("DateTime", datetime(2026, 1, 2, 3, 4, 5, 678000, UTC), "2026-01-02T03:04:05.678Z"),
        ("DateTime", datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T01:04:05.000Z"),
        ("DateTime", "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"),
        ("Long", 2**62, 2**62),
        ("Decimal", Decimal("1.50"), "1.50"),
        ("Decimal", Decimal("1E+3"), "1000"),
        ("Decimal", 3, "3"),
        ("Decimal", "0.25", "0.25"),
        ("JSON", {"a": [1]}, {"a": [1]}),
    ],
)
def test_value_is_shown(name: str, value: object, shown: object) -> None:
    assert Echo(value).run(f"{{ {name} }}") == {"data": {name: shown}}


@pytest.mark.parametrize(("value", "shown"), [(Decimal("1.50"), 1.5), (Decimal("3"), 3), ("0.25", 0.25), (7, 7)])
def test_decimal_can_be_shown_as_a_number(value: object, shown: object) -> None:
    assert Echo(value, number=True).run("{ Decimal }") == {"data": {"Decimal": shown}}


@pytest.mark.parametrize(("name", "value"), [("DateTime", 5), ("Long", 2**64), ("Long", True), ("Decimal", 1.5)])
def test_value_of_ours_of_the_wrong_kind_is_a_fault(name: str, value: object) -> None:
    with capture_logs():
        assert Echo(value).run(f"{{ {name} }}")["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20))
def test_decimals_survive_the_wire_exactly(number: Decimal) -> None:
    assert DECIMAL.from_wire(DECIMAL.to_wire(number)) == number
