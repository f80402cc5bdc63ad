"""Conditions of parts: whether they can hold is found out quickly, and the same as by trying everything."""

from __future__ import annotations

import itertools
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.catalog.registry.conditions import Effort, can_hold, parse_condition

VALUES = {"a": ["x", "y", "z"], "b": [True, False], "n": [Decimal(number) for number in range(5)]}
atoms = st.sampled_from(
    ["a == 'x'", "a != 'y'", "a in ['x', 'z']", "a not in ['x']", "b == true", "b != true", "n < 2", "n >= 3", "n == 4"]
)
texts = st.recursive(
    atoms,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda each: f"({' '.join(each)})")
        | inner.map(lambda each: f"not ({each})")
    ),
    max_leaves=6,
)


@given(texts)
@settings(deadline=None)  # a long text is parsed anew each time
def test_whether_a_condition_can_hold_is_what_trying_everything_says(text: str) -> None:
    condition = parse_condition(text)
    every = (dict(zip(VALUES, each, strict=True)) for each in itertools.product(*VALUES.values()))
    assert can_hold(condition, VALUES, Effort()) is any(condition.holds(values) for values in every)


def test_a_condition_is_believed_when_the_effort_is_spent() -> None:
    never = parse_condition("a == 'x' and a == 'y'")
    assert can_hold(never, VALUES, Effort()) is False
    assert can_hold(never, VALUES, Effort(left=3)) is True
