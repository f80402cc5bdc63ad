"""Values under an attribute of another type or unit: read as if they had been typed now, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.catalog.attributes import TypedValue, typed_value, wire_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Attribute, AttributeType
from plumbline.configuration.effects import reread

UNITS = {AttributeType.NUMBER: [None, "mm", "cm", "kΩ"]}
words = st.sampled_from(
    ["Red", "true", "True", "yes", "No", "25", "25 mm", "-3", "2.5 cm", "2026-11-25", "[]", '["Red"]']
)
texts = words | st.sampled_from(["https://example.com/a", "a@example.com", "+49 30 1234567", '"x"', "null", "5 kΩ"])
attributes = st.sampled_from(list(AttributeType)).flatmap(
    lambda kind: st.sampled_from(UNITS.get(kind, [None])).map(
        lambda unit: Attribute("a", "Finish", kind, unit, "USER", None, ())
    )
)


def typed(attribute: Attribute, raw: object) -> TypedValue | None:
    try:
        return typed_value(attribute, raw, ())
    except InvalidAttributeValue:
        return None


@given(attributes, attributes, texts | st.lists(texts, min_size=1, max_size=3))
def test_a_value_that_is_kept_is_shown_as_if_it_had_been_typed_now(
    old: Attribute, new: Attribute, raw: str | list[str]
) -> None:
    value = typed(old, raw)
    read = None if value is None else reread(old, new, value)
    if value is None or read is None:
        return
    assert read.text == value.text
    assert wire_value(new, read) == wire_value(new, TypedValue(value.text, read.number, read.value, read.unit))
    again = typed(new, wire_value(new, read))
    assert again is not None
    assert (wire_value(new, again), again.number) == (wire_value(new, read), read.number)


@pytest.mark.parametrize(
    ("before", "after", "raw"),
    [
        ("STRING", "LIST", "Red"),
        ("STRING", "LIST", '["Red"]'),
        ("LIST", "STRING", ["Red"]),
        ("STRING", "BOOLEAN", "yes"),
        ("STRING", "BOOLEAN", "True"),
        ("STRING", "NUMBER", "Red"),
    ],
)
def test_a_text_that_would_be_another_value_is_not_kept(before: str, after: str, raw: object) -> None:
    old, new = (Attribute("a", "Finish", AttributeType(kind), None, "USER", None, ()) for kind in (before, after))
    value = typed(old, raw)
    assert value is not None
    assert reread(old, new, value) is None


@pytest.mark.parametrize(
    ("before", "after", "raw", "shown"),
    [
        ("STRING", "BOOLEAN", "true", True),
        ("STRING", "NUMBER", "25", 25),
        ("BOOLEAN", "STRING", "yes", "true"),
        ("STRING", "DATE", "2026-11-25", "2026-11-25"),
        ("LIST", "LIST", ["Red", "Blue"], ["Red", "Blue"]),
        ("URL", "STRING", "https://example.com/", "https://example.com/"),
    ],
)
def test_a_text_that_means_the_same_is_kept(before: str, after: str, raw: object, shown: object) -> None:
    old, new = (Attribute("a", "Finish", AttributeType(kind), None, "USER", None, ()) for kind in (before, after))
    value = typed(old, raw)
    assert value is not None
    read = reread(old, new, value)
    assert read is not None
    assert wire_value(new, read) == shown
