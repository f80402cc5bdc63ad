"""Conditions of parts: whether they can hold is found out quickly, and the same as by trying everything."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.catalog.registry.conditions import Effort, can_hold, parse_condition
from plumbline.catalog.registry.reading import registry_package
from plumbline.catalog.registry.resolution import resolve
from plumbline.catalog.registry.shelf import Shelf
from plumbline.kit.yaml_source import load_yaml

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


@pytest.mark.parametrize("severity", ["Error", "Warning"])
def test_a_severity_that_a_category_says_stays_when_its_type_requires_the_spec(severity: str) -> None:
    registry = resolve(
        registry_package(
            load_yaml(f"""
commonSpecs: {{g: [{{name: A, type: string}}]}}
categoryTypeSpecs:
  SOFTWARE: [{{$ref: "#/commonSpecs/g/A", required: Production}}]
categories:
  - {{code: 1, type: SOFTWARE, name: X, specs: [{{$ref: "#/commonSpecs/g/A", severity: {severity}}}]}}
""")
        ),
        Shelf(),
    )
    [rule] = registry.categories[0].specs
    assert (rule.required_from, rule.severity) == ("Production", severity.upper())
