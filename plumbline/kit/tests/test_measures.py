"""Measured values: what means the same has the same number, and no text makes it stumble."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.kit.measures import BASE_UNITS, PREFIXES, UNITS, dimension_of, measure, to_unit

SAME = [
    (
        "Ω",
        [
            "4k7",
            "4.7k",
            "4.7 k",
            "4.7 kΩ",
            "4.7kOhm",
            "4700",
            "4700 Ohm",
            "4700 ohms",
            "4,700 Ω",
            "4.7e3 Ω",
            "0.0047 MΩ",
        ],
    ),
    ("Ω", ["4R7", "4.7 R", "4.7", "4700 mΩ"]),
    ("F", ["100n", "100nF", "100 nF", "0.1 µF", "0.1uF", "0.1 μF", "100000 pF"]),
    ("mm", ["25.4", "25.4 mm", "1 in", '1"', "2.54 cm", "1000 mil"]),
    ("mm", ["1/2 in", "0.5 in", "12.7"]),
    ("g", ["500", "0.5 kg", "500 g", "500000 mg"]),
    ("V", ["3V3", "3.3 V", "3300 mV", "3.3 VDC"]),
    ("°C", ["25", "25 °C", "298.15 K"]),
]


@pytest.mark.parametrize(("unit", "texts"), SAME, ids=[texts[0] for _, texts in SAME])
def test_what_means_the_same_has_the_same_number(unit: str, texts: list[str]) -> None:
    numbers = {text: found.number if (found := measure(text, unit)) else None for text in texts}
    assert len(set(numbers.values())) == 1, numbers
    assert None not in numbers.values(), numbers


def test_a_unit_of_another_dimension_is_no_value() -> None:
    assert measure("5 V", "Ω") is None
    assert measure("5 furlongs", "mm") is None
    assert measure("5 mm") is not None


@given(
    number=st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False, allow_infinity=False),
    symbol=st.sampled_from(sorted(symbol for symbol, unit in UNITS.items() if unit.offset == 0 and unit.factor == 1)),
)
def test_a_number_comes_back_in_the_unit_it_was_written_in(number: Decimal, symbol: str) -> None:
    found = measure(f"{number:f} {symbol}")
    assert found is not None
    assert found.dimension == dimension_of(symbol) == UNITS[symbol].dimension
    assert to_unit(found.number, symbol) == number
    assert Decimal(found.value) == number


@given(
    number=st.integers(0, 10**6),
    prefix=st.sampled_from(sorted(PREFIXES)),
    base=st.sampled_from(["V", "A", "Ω", "Hz", "m", "g"]),
)
def test_prefixes_are_powers_of_ten(number: int, prefix: str, base: str) -> None:
    found, plain = measure(f"{number} {prefix}{base}"), measure(f"{number} {base}")
    assert plain is not None
    if found is None or prefix + base in UNITS:  # `min`, `ft` and their like are units of their own
        return
    assert found.number == plain.number.scaleb(PREFIXES[prefix])


@given(whole=st.integers(0, 999_999), decimals=st.integers(0, 999), letter=st.sampled_from("pnuµmkM"))
def test_a_letter_for_the_point_is_a_prefix(whole: int, decimals: int, letter: str) -> None:
    short, long = measure(f"{whole}{letter}{decimals}", "Ω"), measure(f"{whole}.{decimals} {letter}Ω")
    assert short is not None
    assert long is not None
    assert (short.number, short.dimension) == (long.number, "resistance")


@given(text=st.text(max_size=220), unit=st.one_of(st.none(), st.sampled_from(sorted(UNITS)), st.text(max_size=5)))
def test_no_text_makes_it_raise(text: str, unit: str | None) -> None:
    found = measure(text, unit)
    assert found is None or found.number.is_finite()


@given(
    text=st.from_regex(r"[+\-−±]?[0-9.,' ]{1,12}([eE][+-]?[0-9]{1,3})?[ a-zA-ZµΩ°%/\"0-9]{0,8}", fullmatch=True),
    unit=st.one_of(st.none(), st.sampled_from(["mm", "Ω", "g", "°C", "USD"])),
)
def test_no_text_that_looks_like_a_measure_makes_it_raise(text: str, unit: str | None) -> None:
    found = measure(text, unit)
    assert found is None or found.number.is_finite()


def test_every_base_unit_is_one() -> None:
    for dimension, unit in BASE_UNITS.items():
        if unit and dimension not in ("mass", "ratio"):
            assert dimension_of(unit) == dimension
            assert to_unit(Decimal(7), unit) == 7
