"""What people fill in: which values a field takes, what becomes of them, and how all faults are told at once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.change_orders.errors import InvalidFieldValue
from plumbline.change_orders.field_values import TEXT_LENGTH_MAX, checked_field_values, field_value
from plumbline.change_orders.template import Field, FieldGroup, FieldType, Option, Template
from plumbline.kit.errors import InvalidInput
from plumbline.kit.patterns import compile_pattern

OPTIONS = (Option("Red paint", "red"), Option("Blue paint", "blue"), Option("Green", "green"))


def a_field(kind: str, **settings: Any) -> Field:
    if kind in ("enum", "list"):
        settings = {"options": OPTIONS, "takes_several": kind == "list", **settings}
    return Field(kind, FieldType(kind), kind.capitalize(), **settings)


def a_template(*fields: Field) -> Template:
    return Template("1.0", "x", (FieldGroup("Form", fields=fields),), ())


@pytest.mark.parametrize(
    ("field", "given_value", "kept"),
    [
        (a_field("text"), " as typed ", " as typed "),
        (a_field("text", maximum=Decimal(3)), "äöü", "äöü"),
        (a_field("text", maximum=Decimal(0)), "", None),
        (a_field("text", pattern=compile_pattern(r"\d")), "has 1 digit", "has 1 digit"),
        (a_field("longtext"), "two\nlines\tand a tab", "two\nlines\tand a tab"),
        (a_field("number"), 0.1, Decimal("0.1")),
        (a_field("number"), "12.50", Decimal("12.50")),
        (a_field("number", minimum=Decimal(0)), 0, Decimal(0)),
        (a_field("currency", maximum=Decimal(10)), Decimal(10), Decimal(10)),
        (a_field("date"), "2028-02-29", date(2028, 2, 29)),
        (a_field("date"), date(2026, 1, 1), date(2026, 1, 1)),
        (a_field("enum"), "red", "red"),
        (a_field("list"), ["blue", "red"], ("blue", "red")),
        (a_field("list"), "blue", ("blue",)),
        (a_field("list", takes_several=False), ["blue"], ("blue",)),
        (a_field("list"), [], None),
        (a_field("text"), "   ", None),
        (a_field("number"), None, None),
        (a_field("number"), "", None),
    ],
)
def test_a_value_is_kept(field: Field, given_value: object, kept: object) -> None:
    found = field_value(field, given_value)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("field", "given_value", "phrase", "expected"),
    [
        (a_field("text"), 5, "5 is not what 'Text' takes", "a text in one line"),
        (a_field("text"), "two\nlines", "more than one line", "a text in one line"),
        (a_field("text"), "bell\x07", "control character", "characters that can be seen"),
        (a_field("text", minimum=Decimal(3)), "ab", "has 2 characters", "at least 3 characters"),
        (a_field("text", maximum=Decimal(3)), "abcd", "has 4 characters", "at most 3 characters"),
        (a_field("text"), "x" * 10_001, "has 10001 characters", "at most 10000 characters"),
        (a_field("text", pattern=compile_pattern("^[A-Z]+$")), "abc", "'abc' is not what", "that matches ^[A-Z]+$"),
        (a_field("longtext"), "x" * 100_001, "has 100001 characters", "at most 100000 characters"),
        (
            a_field("longtext", pattern=compile_pattern("x")),
            "x" * 10_001,
            "has 10001 characters",
            "at most 10000 characters",
        ),
        (a_field("longtext"), ["a"], "a list is not what", "a text"),
        (a_field("number"), "twelve", "value of 'Number' 'twelve' is not a number", "a number such as"),
        (a_field("number"), True, "is not a number", "a number such as"),
        (a_field("number"), float("nan"), "is not a number", "a number such as"),
        (a_field("number"), float("inf"), "is not a number", "a number such as"),
        (a_field("number"), "1e400", "more digits than can be kept", "decimals"),
        (a_field("number"), {"value": 1}, "is not a number", "a number such as"),
        (a_field("currency", minimum=Decimal(0)), "-0.01", "-0.01 is too small for 'Currency'", "not below 0"),
        (a_field("currency", maximum=Decimal("9.5")), 9.51, "9.51 is too great", "not above 9.5"),
        (a_field("date"), "29.02.2028", "is not what 'Date' takes", "a date such as"),
        (a_field("date"), "2026-02-29", "is not what 'Date' takes", "a date such as"),
        (a_field("date"), "20260228", "is not what 'Date' takes", "a date such as"),
        (a_field("date"), datetime(2026, 1, 1, 12), "is not what 'Date' takes", "a date such as"),  # noqa: DTZ001
        (a_field("enum"), "redd", "'redd' is not an option of 'Enum'", "one of red, blue, green"),
        (a_field("enum"), ["red"], "a list is not an option", "one of red, blue, green"),
        (a_field("list"), ["red", "pink"], "'pink' is not an option", "one of red, blue, green"),
        (a_field("list"), ["red", "red"], "an option twice", "each option at most once"),
        (a_field("list"), ["red"] * 1_000, "1000 choices", "each option at most once"),
        (a_field("list", takes_several=False), ["red", "blue"], "has 2 choices", "one option"),
    ],
)
def test_a_value_is_refused(field: Field, given_value: object, phrase: str, expected: str | None) -> None:
    with pytest.raises(InvalidFieldValue) as caught:
        checked_field_values(a_template(field), {field.name: given_value})
    assert phrase in str(caught.value)
    assert caught.value.path == (field.name,)
    assert expected is None or expected in (caught.value.expected or "")


def test_all_faults_are_told_at_once_each_with_its_field() -> None:
    template = a_template(
        a_field("text", is_required=True), a_field("number"), a_field("enum"), a_field("date", is_required=True)
    )
    with pytest.raises(InvalidFieldValue) as caught:
        checked_field_values(template, {"numbre": 1, "number": "x", "enum": "Red paint", "date": ""})
    faults = [caught.value, *caught.value.also]
    assert [fault.path for fault in faults] == [("numbre",), ("text",), ("number",), ("enum",), ("date",)]
    assert faults[0].hint == "Did you mean 'number'?"
    assert faults[1].expected == "a text in one line"
    assert faults[3].hint == "Send 'red', the value behind the label."
    assert all(fault.page and isinstance(fault, InvalidFieldValue) for fault in faults)


def test_a_field_that_is_not_mentioned_takes_its_default_and_one_that_is_emptied_has_none() -> None:
    template = a_template(a_field("number", default=Decimal(7), is_required=True), a_field("text"))
    assert checked_field_values(template, {}) == {"number": Decimal(7)}
    with pytest.raises(InvalidFieldValue, match="'Number' has no value"):
        checked_field_values(template, {"number": None})
    assert checked_field_values(template, {"number": None}, may_be_incomplete=True) == {}


def test_a_draft_may_lack_values_but_not_have_wrong_ones() -> None:
    template = a_template(a_field("text", is_required=True), a_field("number"))
    assert checked_field_values(template, {}, may_be_incomplete=True) == {}
    with pytest.raises(InvalidFieldValue):
        checked_field_values(template, {"number": "x"}, may_be_incomplete=True)


def test_a_template_without_fields_takes_no_values() -> None:
    assert checked_field_values(a_template(), {}) == {}
    with pytest.raises(InvalidFieldValue, match="There is no field 'a'"):
        checked_field_values(a_template(), {"a": 1})


def test_values_come_in_the_order_of_the_form() -> None:
    template = a_template(a_field("text"), a_field("number"), a_field("enum"))
    assert list(checked_field_values(template, {"enum": "red", "number": 1, "text": "a"})) == ["text", "number", "enum"]


def test_a_text_that_can_be_kept_can_be_tried_against_a_pattern() -> None:
    field = a_field("text", pattern=compile_pattern("x$"))
    assert field_value(field, "x" * TEXT_LENGTH_MAX[FieldType.TEXT])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([kind.value for kind in FieldType]), json_values)
def test_any_value_is_kept_or_refused_and_what_is_kept_is_kept_again(kind: str, given_value: object) -> None:
    field = a_field(kind)
    try:
        kept = field_value(field, given_value)
    except InvalidInput:
        return
    assert field_value(field, list(kept) if isinstance(kept, tuple) else kept) == kept
