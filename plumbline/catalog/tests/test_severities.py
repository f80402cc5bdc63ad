"""Errors and warnings: what a severity is of when it stands in a spec, beside a reference, or beside what a type demands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.registry.checks import checker_of
from plumbline.catalog.registry.reading import registry_package
from plumbline.catalog.registry.resolution import resolve
from plumbline.catalog.registry.rules import Limits, SpecRule, rule_from_text, rule_text
from plumbline.catalog.registry.shelf import Shelf
from plumbline.kit.yaml_source import load_yaml

STATUSES = ("Design", "Prototype", "Production")
LIMITED = "name: Mass, type: number, unit: g, validation: { minimum: 0 }"
REFERENCE = '$ref: "#/commonSpecs/physical/weight"'
GROUP = '$ref: "#/commonSpecs/physical/*"'
E, W, NONE = "ERROR", "WARNING", None

# What the described spec says, the reference in the category, the reference in the type; then the severities of a missing mass and of a
# negative one in production.
CASES = [
    ("of the spec", "severity: Warning, required: Production", REFERENCE, "", W, W),
    ("of the spec, without a requirement", "severity: Warning", REFERENCE, "", NONE, W),
    ("nothing is an error", "required: Production", REFERENCE, "", E, E),
    ("beside a requirement", "", f"{REFERENCE}, required: Production, severity: Warning", "", W, W),
    ("beside a requirement", "severity: Error", f"{REFERENCE}, required: Production, severity: Warning", "", W, E),
    ("beside a requirement", "severity: Warning", f"{REFERENCE}, required: Production, severity: Error", "", E, W),
    ("of the spec", "severity: Warning", f"{REFERENCE}, required: Production", "", W, W),
    ("alone it is of everything", "severity: Error, required: Production", f"{REFERENCE}, severity: Warning", "", W, W),
    ("no requirement any more", "severity: Error, required: Production", f"{REFERENCE}, required: false", "", NONE, E),
    ("of a group", "", f"{GROUP}, required: Production, severity: Warning", "", W, W),
    ("of a group", "severity: Error", f"{GROUP}, required: Production, severity: Warning", "", W, E),
    ("of a group, too late", "required: Design", f"{GROUP}, required: Production, severity: Warning", "", W, W),
    ("of a group, alone", "severity: Error, required: Design", f"{GROUP}, severity: Warning", "", E, E),
    ("of the type", "", "", f"{REFERENCE}, required: Production, severity: Warning", W, W),
    ("of the type", "severity: Error", "", f"{REFERENCE}, required: Production, severity: Warning", W, E),
    ("of the type for an own spec", "", LIMITED, f"{REFERENCE}, required: Production, severity: Warning", W, E),
    ("of the type for an own spec", "", f"{LIMITED}, severity: Warning", f"{REFERENCE}, required: Production", W, W),
    ("both speak", "", f"{LIMITED}, severity: Warning", f"{REFERENCE}, required: Production, severity: Error", E, W),
    ("the type only speaks", "", LIMITED, f"{REFERENCE}, severity: Warning", NONE, E),
    ("both demand", "", f"{LIMITED}, required: Design", f"{REFERENCE}, required: Production, severity: Warning", E, E),
    ("by name in both", "", REFERENCE, f"{REFERENCE}, required: Production, severity: Warning", W, E),
    ("the category says", "", f"{REFERENCE}, severity: Warning", f"{REFERENCE}, required: Production", W, W),
    (
        "the category says",
        "severity: Error",
        f"{REFERENCE}, severity: Warning",
        f"{REFERENCE}, required: Production",
        W,
        W,
    ),
]


def rule_in_production(described: str, own: str, of_type: str) -> SpecRule:
    registry = resolve(
        registry_package(
            load_yaml(f"""
commonSpecs:
  physical:
    weight: {{ {LIMITED}{", " if described else ""}{described} }}
categoryTypeSpecs:
  MECHANICAL: [{f"{{ {of_type} }}" if of_type else ""}]
categories:
  - code: "100"
    type: MECHANICAL
    name: Part
    specs: [{f"{{ {own} }}" if own else ""}]
""")
        ),
        Shelf(),
    )
    [rule] = registry.categories[0].specs
    return rule


def severities(rule: SpecRule, text: str = "-1") -> tuple[str | None, str | None]:
    """Of a missing value, and of one that breaks a limit; None where there is no violation."""
    checker = checker_of([rule], STATUSES)
    values: list[TypedValue | None] = [None, TypedValue(text, None, None, None)]
    found = [checker.violations({rule.name: value}, "Production") for value in values]
    missing, wrong = (next((each.severity for each in violations), None) for violations in found)
    return missing, wrong


@pytest.mark.parametrize(("told", "described", "own", "of_type", "missing", "wrong"), CASES)
def test_a_severity_is_of_what_it_stands_beside(
    told: str, described: str, own: str, of_type: str, missing: str | None, wrong: str | None
) -> None:
    assert severities(rule_in_production(described, own, of_type)) == (missing, wrong), told


rules = st.builds(
    SpecRule,
    name=st.just("Mass"),
    type=st.just("string"),
    limits=st.just(Limits(pattern="^x$")),
    required_from=st.sampled_from([None, "*", "Production"]),
    severity=st.sampled_from(["", E, W]),
    required_severity=st.sampled_from(["", E, W]),
)


@given(rule=rules)
def test_a_rule_comes_back_from_its_text_with_the_same_verdicts(rule: SpecRule) -> None:
    back = rule_from_text(rule_text(rule))
    assert severities(back, "y") == severities(rule, "y")
    assert rule_text(back) == rule_text(rule)
    assert (back.severity, back.required_severity) in {("", ""), (W, ""), ("", W), (W, E)}


@given(one=rules, other=rules)
def test_rules_that_do_the_same_are_one_text(one: SpecRule, other: SpecRule) -> None:
    same = one.required_from == other.required_from and severities(one, "y") == severities(other, "y")
    assert (rule_text(one) == rule_text(other)) is same


def test_a_rule_without_a_severity_of_its_own_for_the_requirement_is_kept_as_it_was() -> None:
    rule = rule_in_production("", f"{LIMITED}, required: Production, severity: Warning", "")
    assert rule_text(rule) == (
        '{"limits":{"minimum":"0"},"name":"Mass","origin":"#/categories/Part/Mass","required_from":"Production",'
        '"severity":"WARNING","type":"number","unit":"g"}'
    )
