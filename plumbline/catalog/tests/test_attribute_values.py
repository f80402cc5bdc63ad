"""What each type of attribute takes, what it keeps of it, and that everything else is refused in words."""

from __future__ import annotations

from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.catalog.attributes import (
    LIST_ITEMS_MAX,
    TEXT_LENGTH_MAX,
    expectation,
    number_in_unit,
    typed_value,
    wire_value,
)
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Attribute, AttributeType


def attribute(kind: AttributeType, unit: str | None = None, choices: tuple[str, ...] = ()) -> Attribute:
    return Attribute("id", "Thing", kind, unit, "USER", None, choices)


TAKEN = [
    (AttributeType.STRING, None, "  M3 ", "M3", None),
    (AttributeType.STRING, "Ω", "4k7", "4k7", 4700.0),
    (AttributeType.NUMBER, None, 3, "3", 3.0),
    (AttributeType.NUMBER, None, 0.1, "0.1", 0.1),
    (AttributeType.NUMBER, "g", "0.5 kg", "0.5 kg", 0.5),
    (AttributeType.NUMBER, "g", {"value": "500", "unit": "g"}, "500 g", 0.5),
    (AttributeType.NUMBER, "mm", Decimal("25.4"), "25.4", 0.0254),
    (AttributeType.URL, None, "https://acme.example/a?b=c", "https://acme.example/a?b=c", None),
    (AttributeType.EMAIL, None, "ada@acme.example", "ada@acme.example", None),
    (AttributeType.PHONE, None, "+49 30 123456", "+49 30 123456", None),
    (AttributeType.DATE, None, "2026-11-22", "2026-11-22", 739942.0),
    (AttributeType.BOOLEAN, None, True, "true", 1.0),
    (AttributeType.BOOLEAN, None, "No", "false", 0.0),
    (AttributeType.LIST, None, ["a", "b"], '["a","b"]', None),
    (AttributeType.LIST, None, "a", '["a"]', None),
]


@pytest.mark.parametrize(("kind", "unit", "raw", "text", "number"), TAKEN)
def test_a_value_is_kept_as_typed_with_its_number(
    kind: AttributeType, unit: str | None, raw: object, text: str, number: float | None
) -> None:
    value = typed_value(attribute(kind, unit), raw, ())
    assert value is not None
    assert (value.text, value.number) == (text, number)


REFUSED = [
    (AttributeType.STRING, None, ["a"]),
    (AttributeType.STRING, None, "x" * (TEXT_LENGTH_MAX + 1)),
    (AttributeType.STRING, None, "a\x00b"),
    (AttributeType.NUMBER, None, "many"),
    (AttributeType.NUMBER, None, "3 mm"),
    (AttributeType.NUMBER, "mm", "3 V"),
    (AttributeType.NUMBER, None, True),
    (AttributeType.NUMBER, None, float("nan")),
    (AttributeType.NUMBER, None, float("inf")),
    (AttributeType.NUMBER, "g", {"value": "x", "unit": "g"}),
    (AttributeType.URL, None, "javascript:alert(1)"),
    (AttributeType.URL, None, "ftp://acme.example"),
    (AttributeType.EMAIL, None, "nobody"),
    (AttributeType.PHONE, None, "call me"),
    (AttributeType.DATE, None, "22.11.2026"),
    (AttributeType.DATE, None, "2026-02-30"),
    (AttributeType.BOOLEAN, None, "perhaps"),
    (AttributeType.LIST, None, [1, 2]),
    (AttributeType.LIST, None, ["a"] * (LIST_ITEMS_MAX + 1)),
]


@pytest.mark.parametrize(("kind", "unit", "raw"), REFUSED)
def test_what_an_attribute_cannot_hold_is_refused_in_words(kind: AttributeType, unit: str | None, raw: object) -> None:
    with pytest.raises(Exception, match=r".") as refused:
        typed_value(attribute(kind, unit), raw, ("attributes", "Thing"))
    assert getattr(refused.value, "code", None) == "BAD_USER_INPUT", refused.value


@pytest.mark.parametrize("kind", list(AttributeType))
def test_nothing_clears_a_value(kind: AttributeType) -> None:
    for nothing in (None, "", []):
        assert typed_value(attribute(kind), nothing, ()) is None


@pytest.mark.parametrize("kind", list(AttributeType))
@given(
    raw=st.one_of(
        st.text(max_size=30),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.lists(st.text(max_size=5), max_size=3),
        st.dictionaries(
            st.sampled_from(["value", "unit", "x"]), st.one_of(st.text(max_size=8), st.integers(), st.none())
        ),
    )
)
def test_anything_is_kept_or_refused(kind: AttributeType, raw: object) -> None:
    one = attribute(kind, "mm" if kind is AttributeType.NUMBER else None)
    try:
        value = typed_value(one, raw, ())
    except Exception as refused:
        assert getattr(refused, "code", None) == "BAD_USER_INPUT", refused  # noqa: PT017  # any refusal of input will do
        return
    if value is not None:
        orjson.dumps(wire_value(one, value))
        again = typed_value(one, orjson.loads(value.text) if kind is AttributeType.LIST else value.text, ())
        assert again is None or again.text == value.text


def test_choices_are_the_only_values() -> None:
    colour = attribute(AttributeType.STRING, choices=("red", "green"))
    value = typed_value(colour, "red", ())
    assert value is not None
    with pytest.raises(InvalidAttributeValue) as refused:
        typed_value(colour, "blue", ())
    assert refused.value.expected == expectation(colour) == "one of red, green"


@given(number=st.decimals(min_value=-(10**6), max_value=10**6, places=4))
def test_a_measured_number_comes_back_exactly(number: Decimal) -> None:
    mass = attribute(AttributeType.NUMBER, "g")
    value = typed_value(mass, f"{number:f} kg", ())
    assert value is not None
    assert number_in_unit(value, "g") == number * 1000
    assert wire_value(mass, value) == {"value": value.value, "unit": "kg"}
