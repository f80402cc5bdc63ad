"""Exact decimals and their one canonical text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.kit.quantity import (
    DECIMALS_MAX,
    EXACT,
    QUANTITY_MAX,
    InvalidQuantity,
    bom_quantity,
    canonical,
    exact_decimal,
)

decimals = st.decimals(
    min_value=-(10**15), max_value=10**15, places=DECIMALS_MAX, allow_nan=False, allow_infinity=False
)


@given(number=decimals)
def test_the_canonical_text_is_the_number(number: Decimal) -> None:
    text = canonical(number)
    assert Decimal(text) == number
    assert "E" not in text.upper()
    assert not ("." in text and text.endswith(("0", ".")))
    assert text != "-0"


@given(one=decimals, other=decimals)
def test_equal_numbers_have_equal_texts_and_others_do_not(one: Decimal, other: Decimal) -> None:
    assert (canonical(one) == canonical(other)) == (one == other)
    assert canonical(one) == canonical(EXACT.multiply(one, Decimal("1.00")))


@given(number=decimals)
def test_canonical_twice_is_canonical_once(number: Decimal) -> None:
    assert canonical(exact_decimal(canonical(number))) == canonical(number)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("0.50", "0.5"),
        ("1E+2", "100"),
        ("-0", "0"),
        ("0.000", "0"),
        ("007", "7"),
        (0.1, "0.1"),
        (3, "3"),
        (1e-7, "0.0000001"),
    ],
)
def test_one_way_to_write_it(written: object, text: str) -> None:
    assert canonical(exact_decimal(written)) == text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "1_000",
        "NaN",
        "Infinity",
        "-inf",
        float("nan"),
        float("inf"),
        True,
        None,
        [],
        "1e99",
        "0.0000000000001",
        "9" * 41,
        b"1",
    ],
)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidQuantity):
        exact_decimal(value)


@given(
    value=st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.booleans(), st.none(), st.binary(max_size=5))
)
def test_anything_is_a_finite_number_or_refused(value: object) -> None:
    try:
        number = exact_decimal(value)
    except InvalidQuantity:
        return
    assert number.is_finite()
    assert abs(number) < 10**31


@pytest.mark.parametrize("value", [0, "-1", QUANTITY_MAX + 1, "0.0", "-0"])
def test_a_bom_quantity_is_more_than_zero_and_bounded(value: object) -> None:
    with pytest.raises(InvalidQuantity):
        bom_quantity(value)
    assert bom_quantity(QUANTITY_MAX) == QUANTITY_MAX


@given(factors=st.lists(st.decimals(min_value="0.000000000001", max_value=10**9, places=12), min_size=30, max_size=30))
def test_thirty_levels_multiply_without_rounding(factors: list[Decimal]) -> None:
    product, whole = Decimal(1), 1
    for each in factors:
        product = EXACT.multiply(product, each)
        whole *= int(each.scaleb(12, EXACT))
    assert product.scaleb(360, EXACT) == whole
