"""Values against the rules of a category: what each kind of rule refuses, in what words, and the laws that hold for all of them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.catalog.attributes import TypedValue, number_in_unit, typed_value
from plumbline.catalog.model import Attribute
from plumbline.catalog.registry.checks import Checker, Violation, checker_of
from plumbline.catalog.registry.rules import Condition, Limits, Part, SpecRule
from plumbline.kit.quantity import canonical

TWO_TEXTS = SpecRule(
    "Look",
    "paired",
    parts=(Part("color", "Color", "string"), Part("finish", "Finish", "string")),
    display="{color} {finish}",
)
TWO_NUMBERS = SpecRule(
    "Span", "paired", parts=(Part("low", "Low", "integer"), Part("high", "High", "integer")), display="{low} {high}"
)
STATUSES = ("Design", "Prototype", "Production", "Obsolete")
BOUNDED = Limits(minimum=Decimal(1), maximum=Decimal(100))
SCALES = Part("scale", "Scale", "string", Limits(choices=("Shore A", "HRC"), message="A known scale"))
HARDNESS = SpecRule(
    "Hardness",
    "conditional",
    parts=(
        Part(
            "value",
            "Hardness value",
            "integer",
            Limits(minimum=Decimal(0)),
            (
                Condition("scale == 'HRC'", Limits(minimum=Decimal(20), maximum=Decimal(70))),
                Condition("scale == 'Shore A'", Limits(maximum=Decimal(100), message="Shore ends at 100")),
            ),
        ),
        SCALES,
    ),
    display="{value} {scale}",
)
SIZE = SpecRule(
    "Size",
    "paired",
    parts=(Part("value", "Size value", "integer"), Part("unit", "Size unit", "string", Limits(choices=("mm", "m")))),
    display="{value}{unit}",
)
DYE = SpecRule(
    "Dye",
    "conditional",
    parts=(
        Part("color", "Color", "string", Limits(choices=("Red", "Blue"))),
        Part(
            "number",
            "Dye number",
            "integer",
            Limits(message="A number that the color has"),
            (Condition("color == 'Red'", Limits(choices=("3", "40"))),),
        ),
    ),
    display="{color} {number}",
)


def kept(rule: SpecRule, raw: object) -> TypedValue | None:
    """The value as a save would keep it."""
    return typed_value(Attribute("", rule.name, rule.attribute_type, rule.unit, "", None, ()), raw, ())


def found(rule: SpecRule, raw: object, status: str = "Design") -> list[Violation]:
    value = raw if isinstance(raw, TypedValue) else kept(rule, raw)
    return checker_of([rule], STATUSES).violations({rule.name: value}, status)


def text(value: str) -> TypedValue:
    """A value that was saved while the spec was a text."""
    return TypedValue(value, None, None, None)


FINE = [
    (SpecRule("A", "string"), "anything"),
    (SpecRule("A", "string", limits=Limits(pattern="^NS-\\d{8}$")), "NS-12345678"),
    (SpecRule("A", "string", limits=Limits(pattern="\\d")), "found anywhere: 1"),
    (SpecRule("A", "string", limits=Limits(choices=("x", "y"))), "x"),
    (SpecRule("A", "integer", limits=BOUNDED), 1),
    (SpecRule("A", "integer", limits=BOUNDED), "100"),
    (SpecRule("A", "integer"), "12.0"),
    (SpecRule("A", "integer", limits=Limits(choices=("3", "40"))), "40.0"),
    (SpecRule("A", "number", "mm", limits=BOUNDED), "10 cm"),
    (SpecRule("A", "number", "mm", limits=Limits(minimum=Decimal("25.4"), maximum=Decimal("25.4"))), "1 in"),
    (SpecRule("A", "number", "°C", limits=Limits(minimum=Decimal(100), maximum=Decimal(100))), "212 °F"),
    (SpecRule("A", "number", "Ω", limits=Limits(choices=("4700",))), "4k7"),
    (SpecRule("A", "boolean"), True),
    (SpecRule("A", "boolean"), text("yes")),
    (SpecRule("A", "date"), "2026-11-22"),
    (SpecRule("A", "url", limits=Limits(pattern="^https:")), "https://acme.example"),
    (SpecRule("A", "email"), "ada@acme.example"),
    (SpecRule("A", "phone"), "+49 30 123456"),
    (SpecRule("A", "list", limits=Limits(choices=("I2C", "SPI"))), ["SPI", "I2C"]),
    (SIZE, "12mm"),
    (SIZE, "12 mm"),
    (SIZE, "-3m"),
    (HARDNESS, "70 Shore A"),
    (HARDNESS, "20 HRC"),
    (DYE, "Red 40"),
    (DYE, "Blue 99"),
    (DYE, "Blue99"),
    (TWO_TEXTS, "Red  matte"),
    (TWO_NUMBERS, "12 34"),
]


@pytest.mark.parametrize(("rule", "raw"), FINE)
def test_a_value_that_is_as_it_must_be_is_fine(rule: SpecRule, raw: object) -> None:
    assert found(rule, raw) == []


WRONG = [
    (
        SpecRule("A", "string", limits=Limits(pattern="^NS-\\d{8}$")),
        "NS-1",
        ("pattern", "'NS-1' does not have the form that A must have.", "a text that matches ^NS-\\d{8}$"),
    ),
    (
        SpecRule("A", "string", limits=Limits(pattern="^x$", message="Must be x")),
        "y",
        ("pattern", "Must be x", "a text that matches ^x$"),
    ),
    (
        SpecRule("A", "string", limits=Limits(choices=("x", "y"))),
        "X",
        ("choice", "'X' is not one of the values of A.", "one of x, y"),
    ),
    (
        SpecRule("A", "integer", limits=BOUNDED),
        0,
        ("minimum", "'0' is below 1, the least that A may be.", "at least 1"),
    ),
    (
        SpecRule("A", "integer", limits=BOUNDED),
        101,
        ("maximum", "'101' is above 100, the most that A may be.", "at most 100"),
    ),
    (
        SpecRule("A", "integer", limits=BOUNDED),
        "1.5",
        ("type", "'1.5' is not a whole number of A.", "a whole number from 1 to 100"),
    ),
    (
        SpecRule("A", "integer", limits=Limits(choices=("3", "40"))),
        4,
        ("choice", "'4' is not one of the values of A.", "one of 3, 40"),
    ),
    (
        SpecRule("A", "number", "mm", limits=BOUNDED),
        "10.1 cm",
        ("maximum", "'10.1 cm' is above 100 mm, the most that A may be.", "at most 100 mm"),
    ),
    (
        SpecRule("A", "number", "mm", limits=Limits(minimum=Decimal(0))),
        text("5 kg"),
        ("type", "'5 kg' is not a number of A.", "a number of at least 0 mm"),
    ),
    (SpecRule("A", "number"), text("5 V"), ("type", "'5 V' is not a number of A.", "a number")),
    (SpecRule("A", "boolean"), text("perhaps"), ("type", "'perhaps' is not a value of A.", "true or false")),
    (SpecRule("A", "date"), text("soon"), ("type", "'soon' is not a value of A.", "a date such as 2026-11-22")),
    (SpecRule("A", "url"), text("acme"), ("type", "'acme' is not a value of A.", "an http or https address")),
    (
        SpecRule("A", "url", limits=Limits(pattern="^https:")),
        "http://acme.example",
        ("pattern", "'http://acme.example' does not have the form that A must have.", "a text that matches ^https:"),
    ),
    (SpecRule("A", "list"), text("a"), ("type", "'a' is not a list of texts.", "a list of at most 100 texts")),
    (
        SpecRule("A", "list", limits=Limits(choices=("I2C", "SPI"))),
        ["SPI", "CAN"],
        ("choice", "'CAN' is not one of the values of A.", "one of I2C, SPI"),
    ),
    (SIZE, "12xy", ("choice", "'xy' is not one of the values of Size unit.", "one of mm, m")),
    (SIZE, "1.5mm", ("type", "'1.5' is not a value of Size value.", "a whole number")),
    (SIZE, "wide mm", ("type", "'wide' is not a value of Size value.", "a whole number")),
    (
        SIZE,
        "wide",
        (
            "form",
            "'wide' cannot be read as {value}{unit}.",
            "Size value (a whole number) and Size unit (one of mm, m) as {value}{unit}",
        ),
    ),
    (HARDNESS, "-1 HRC", ("minimum", "'-1' is below 0, the least that Hardness value may be.", "at least 0")),
    (HARDNESS, "50 HRX", ("choice", "A known scale", "one of Shore A, HRC")),
    (
        HARDNESS,
        "80 HRC",
        (
            "condition",
            "'80' is above 70, the most that Hardness value may be.",
            "at most 70, because scale == 'HRC'",
        ),
    ),
    (HARDNESS, "101 Shore A", ("condition", "Shore ends at 100", "at most 100, because scale == 'Shore A'")),
    (DYE, "Red 5", ("condition", "A number that the color has", "one of 3, 40, because color == 'Red'")),
    (DYE, "Red 4.5", ("type", "A number that the color has", "a whole number")),
    (
        HARDNESS,
        "70",
        (
            "form",
            "'70' cannot be read as {value} {scale}.",
            "Hardness value (a whole number of at least 0) and Scale (one of Shore A, HRC) as {value} {scale}",
        ),
    ),
    (HARDNESS, "7.5", ("form", "'7.5' cannot be read as {value} {scale}.", None)),
    (HARDNESS, "70 0", ("choice", "A known scale", "one of Shore A, HRC")),
    (HARDNESS, "70,5 HRC", ("type", "'70,5' is not a value of Hardness value.", "a whole number of at least 0")),
    (DYE, "40", ("form", "'40' cannot be read as {color} {number}.", None)),
    (DYE, "Pink40", ("choice", "'Pink' is not one of the values of Color.", "one of Red, Blue")),
    (TWO_TEXTS, "Red", ("form", "'Red' cannot be read as {color} {finish}.", None)),
    (TWO_NUMBERS, "1234", ("form", "'1234' cannot be read as {low} {high}.", None)),
    (DYE, "Red \ud800", ("form", "'Red \\ud800' cannot be read as {color} {number}.", None)),
]


@pytest.mark.parametrize(("rule", "raw", "told"), WRONG)
def test_a_value_that_is_not_is_told_with_what_it_must_be(
    rule: SpecRule, raw: object, told: tuple[str, str, str | None]
) -> None:
    [violation] = found(rule, raw)
    kind, message, expected = told
    assert (violation.spec, violation.kind, violation.severity) == (rule.name, kind, "ERROR")
    assert violation.message == message
    assert expected is None or violation.expected == expected


def test_a_rule_that_warns_warns_whatever_is_wrong_and_tells_where_it_was_written() -> None:
    limits = Limits(pattern="^ISO")
    rule = SpecRule(
        "A", "string", limits=limits, required_from="Production", severity="WARNING", origin="acme/x@1.0.0/specs/a"
    )
    [wrong], [missing] = found(rule, "DIN"), found(rule, None, "Production")
    assert (wrong.kind, wrong.severity, wrong.origin) == ("pattern", "WARNING", "acme/x@1.0.0/specs/a")
    assert (missing.kind, missing.severity) == ("required", "WARNING")
    assert missing.message == "A has no value; it must have one from Production on."
    assert missing.expected == "a text that matches ^ISO"


@pytest.mark.parametrize(
    ("required", "status", "is_missing"),
    [
        ("Production", "Design", False),
        ("Production", "Prototype", False),
        ("Production", "Production", True),
        ("Production", "Obsolete", True),
        ("production", "PRODUCTION", True),
        ("Design", "Design", True),
        ("*", "Design", True),
        ("*", "Unheard of", True),
        ("Design", "Unheard of", False),
        ("In Review", "Obsolete", False),
        (None, "Obsolete", False),
    ],
)
def test_what_is_required_is_required_from_its_status_on(required: str | None, status: str, is_missing: bool) -> None:
    rule = SpecRule("A", "string", required_from=required)
    for values in ({}, {"A": None}):
        violations = checker_of([rule], STATUSES).violations(values, status)
        assert [each.kind for each in violations] == (["required"] if is_missing else [])


def test_a_change_is_checked_for_what_it_sets_and_clears_and_nothing_else() -> None:
    rules = [
        SpecRule("Set", "integer", limits=BOUNDED),
        SpecRule("Cleared", "string", required_from="*"),
        SpecRule("Left", "string", required_from="*"),
    ]
    checker = checker_of(rules, STATUSES)
    changed = {"Set": text("500"), "Cleared": None, "Of no rule": text("x")}
    assert [(each.spec, each.kind) for each in checker.violations_of_change(changed, "Design")] == [
        ("Set", "maximum"),
        ("Cleared", "required"),
    ]
    assert [each.spec for each in checker.violations(changed, "Design")] == ["Set", "Cleared", "Left"]


def test_a_pattern_that_backtracks_for_ever_is_a_fault_of_the_value() -> None:
    rule = SpecRule("A", "string", limits=Limits(pattern="^(?=(a+)+$)b"))
    started = time.perf_counter()
    [violation] = found(rule, "a" * 60 + "!")
    assert violation.kind == "pattern"
    assert time.perf_counter() - started < 5


numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-10_000, max_value=10_000, places=4)
UNITS = {"mm": "m cm mm in", "V": "mV V kV", "°C": "°C K °F", "%": "% ppm"}


@given(numbers, numbers, numbers, st.sampled_from(sorted(UNITS)))
def test_bounds_hold_for_exactly_the_numbers_within_them(
    number: Decimal, one: Decimal, other: Decimal, unit: str
) -> None:
    low, high = sorted((one, other))
    rule = SpecRule("A", "number", unit, limits=Limits(minimum=low, maximum=high))
    kinds = [each.kind for each in found(rule, str(number))]
    assert kinds == (["minimum"] if number < low else ["maximum"] if number > high else [])


@given(st.data(), numbers, st.sampled_from(sorted(UNITS)))
def test_a_number_counts_the_same_in_every_unit(data: st.DataObject, number: Decimal, unit: str) -> None:
    typed = data.draw(st.sampled_from(UNITS[unit].split()))
    rule = SpecRule("A", "number", unit, limits=Limits(minimum=Decimal(10)))
    value = kept(rule, f"{canonical(number)} {typed}")
    assert value is not None
    exact = number_in_unit(value, unit)
    assert exact is not None
    if abs(exact - 10) > Decimal("1e-12"):
        assert (found(rule, value) == []) is (exact >= 10)


@given(st.text(max_size=30))
@settings(deadline=None)  # the first texts meet engines that are still being prepared
def test_no_text_is_more_than_a_violation(raw: str) -> None:
    """Whatever was saved under whatever type, a check answers and does not fail."""
    for rule, _ in FINE:
        for violation in found(rule, text(raw)):
            assert violation.message
            assert violation.expected


@given(st.integers(-500, 500), st.sampled_from(["Shore A", "HRC"]))
def test_a_joined_value_is_taken_apart_again_and_judged_by_its_condition(number: int, scale: str) -> None:
    value = HARDNESS.display.format(value=number, scale=scale)
    allowed = range(20, 71) if scale == "HRC" else range(101)
    assert (found(HARDNESS, text(value)) == []) is (number in allowed)


@given(st.lists(st.sampled_from([*STATUSES, "*", None]), min_size=1, max_size=6), st.sampled_from(STATUSES))
def test_what_is_missing_only_grows_from_status_to_status(required: Sequence[str | None], status: str) -> None:
    rules = [SpecRule(str(index), "string", required_from=each) for index, each in enumerate(required)]
    checker = checker_of(rules, STATUSES)
    passed = STATUSES[: STATUSES.index(status) + 1]
    missing = [{violation.spec for violation in checker.violations({}, each)} for each in passed]
    assert all(earlier <= later for earlier, later in itertools.pairwise(missing))


@given(st.dictionaries(st.sampled_from("ABC"), st.none() | st.sampled_from(["1", "x", "200"])))
def test_the_two_ways_in_agree_where_everything_changes(raw: dict[str, str | None]) -> None:
    rules = [SpecRule(name, "integer", limits=BOUNDED, required_from="Production") for name in "ABC"]
    checker = checker_of(rules, STATUSES)
    values = {name: None if raw.get(name) is None else text(str(raw[name])) for name in "ABC"}
    whole, change = (check(values, "Production") for check in (checker.violations, checker.violations_of_change))
    assert whole == change


def test_a_hundred_thousand_components_take_about_a_second() -> None:
    """Floor and bound are far apart: the machine that runs this may be busy with something else."""
    rules = [
        SpecRule("Resistance", "number", "Ω", limits=Limits(minimum=Decimal(0)), required_from="Prototype"),
        SpecRule("Tolerance", "number", "%", limits=BOUNDED),
        SpecRule("Mounting", "string", limits=Limits(choices=("SMD", "THT"))),
        SpecRule("Package", "string", limits=Limits(pattern="^[0-9A-Z-]+$")),
        HARDNESS,
    ]
    raw = {"Tolerance": "5", "Mounting": "SMD", "Package": "SOT-23", "Hardness": "60 Shore A"}
    same = {rule.name: kept(rule, raw.get(rule.name)) for rule in rules}
    components = [{**same, "Resistance": kept(rules[0], f"{number % 997}k{number % 9}")} for number in range(10_000)]
    checker = checker_of(rules, STATUSES)
    assert _seconds(checker, components) < 0.3  # for a tenth of them
    assert checker.violations(components[0], "Production") == []


def _seconds(checker: Checker, components: list[dict[str, TypedValue | None]]) -> float:
    def once() -> float:
        started = time.process_time()
        for values in components:
            checker.violations(values, "Production")
        return time.process_time() - started

    return min(once() for _ in range(3))
