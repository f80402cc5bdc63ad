"""Measured values: what means the same has the same number, and no text makes it stumble."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.kit.measures import BASE_UNITS, BINARY_PREFIXES, PREFIXES, UNITS, dimension_of, measure, to_unit

FORCES = {
    "N": "1",
    "kgf": "9.80665",
    "kg": "9.80665",
    "gf": "0.00980665",
    "lbf": "4.4482216152605",
    "ozf": "0.27801385095378125",
}
LEVERS = {
    "N": "m cm mm", "kgf": "m cm mm", "kg": "m cm mm", "gf": "cm", "lbf": "in ft", "ozf": "in",
}  # fmt: skip
"""The forces and levers of which torques are written as products."""
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
    ("°C", ["-40", "-40 ℃", "−40 °C", "-40C", "-40 C", "-40 º C", "-40 ˚C", "-40 deg C", "-40 Celsius", "233.15 K"]),
    ("Ω", ["R100", "R10", "0R1", "0.1", "100 mΩ", "100m", ".1 Ohm"]),
    ("Ω", ["10K", "10 K", "10k", "10 kOhm", "10KΩ", "10 kΩ", "10K0"]),
    ("Ω", ["M47", "470k", "470 KOHM"]),
    ("F", ["p33", "0p33", "0.33 pF", "330 fF"]),
    ("F", ["10 UF", "10µF", "10 uF", "10u"]),
    ("V", ["5 kVrms", "5 kV rms", "5 kV AC", "5000 VAC", "5000"]),
    (
        "N·m",
        ["40 Ncm", "40 N·cm", "40 N cm", "40 N-cm", "40 N*cm", "40 N⋅cm", "400 Nmm", "0.4 Nm", "400 mNm", "0.4 N·m"],
    ),
    ("N·m", ["4 kg·cm", "4 kgcm", "4 kgf·cm", "4 kgf-cm", "4 kg cm", "4000 g·cm", "39.2266 N·cm", "0.392266"]),
    ("N·m", ["16 oz-in", "16 oz·in", "16 ozf·in", "16 in-oz", "1 in-lb", "1 lbf·in", "1 lb-in", "1 in·lbf"]),
    ("N", ["1 kgf", "1000 gf", "9.80665"]),
    ("kB", ["1.024", "1 KiB", "1024 B", "8 Kibit", "8192 bit", "1.024 KB"]),
    ("MB", ["128 Mbit", "128 Mb", "16 MB", "16 MByte", "16000 kB", "16"]),
    ("bit/s", ["100 Mbps", "100 Mbit/s", "12.5 MB/s", "100000 kbps"]),
    ("bit", ["12-bit", "12 bit", "12 bits", "12"]),
    ("h", ["2000", "2000 hours", "2000 hrs", "2000h", "2000 Hours", "7200000 s"]),
    ("days", ["2 years", "24 months", "24 mo", "2 yr", "730.5 d", "730.5"]),
    ("ppm/K", ["100", "100 ppm/K", "100 ppm/°C", "±100 ppm/℃", "100ppm", "0.01 %/K"]),
    ("nm", ["550", "5500 Å", "5500 Å", "0.55 µm", "0.55 micron"]),
    ("mm", ["1.6002", "63 mil", "63 thou", "63 mils", "0.063 in", "0.063″", "0.063 in.", "0.063-inch", "1.6002 MM"]),
    ("mm²", ["0.5", "0.5 mm2", "0.5 mm^2", "0.5 sq mm", "0.5 mm²"]),
    ("m²", ["5", "5m2", "5 m2", "5 m^2", "50000 cm2"]),
    ("ft²", ["2m2", "2 m²"]),
    ("mm²", ["5m2", "5 m²"]),
    ("m³", ["5", "5m3", "5 m3"]),
    ("L", ["5000", "5m3", "5 m³"]),
    ("rpm", ["5", "5 min-1", "5 min⁻¹", "5 min^-1", "5 r/min"]),
    ("mL", ["50", "50 cc", "50 ml", "50 cm³", "0.05 l"]),
    ("bar", ["6 Bar", "6 bar", "6 bar(g)", "0.6 MPa", "0.6 N/mm²", "6000 hPa", "600 kPa"]),
    ("Hz", ["1 MSPS", "1 MS/s", "1 MHz", "1000 ksps", "1 MHZ"]),
    ("W", ["10 VA", "10 V·A", "10 W", "10000 mVA"]),
    ("dB", ["32 dB(A)", "32 dBA", "32"]),
    ("USD", ["$4.20", "4.20 $", "USD 4.20", "4.2 USD", "4.20"]),
    ("EUR", ["€ 4.20", "4.20 €", "EUR 4.20", "4.2"]),
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


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("24 AWG", None),
        ("24 AWG", "mm²"),
        ("1 oz", "µm"),
        ("25 C", "V"),
        ("10 m", "g"),
        ("100 ppm", "°C"),
        ("5 N·s", None),
        ("$4.20", "EUR"),
        ("$4.20", None),
        ("1 KiΩ", "Ω"),
        ("5 MPS", None),
        ("4 -", "mm"),
        ("4 mm·", "mm"),
        ("4m7", "mL"),
        ("4m7 kg", "g"),
        ("5 cm-3", "cm³"),
        ("5 cm-3", None),
        ("5 cm^-3", "cm³"),
        ("5 cm - 3", None),
        ("5 cm−3", None),
        ("5 cm⁻³", "cm³"),
        ("10 m-2", "m²"),
        ("10 m^-2", None),
        ("10 m·-2", None),
        ("5 min 1", "Hz"),
    ],
)
def test_what_is_no_unit_of_what_is_wanted_is_none(text: str, unit: str | None) -> None:
    assert measure(text, unit) is None


@pytest.mark.parametrize("unit", [None, "mm", "V", "g", "°C", "days"])
@given(letter=st.sampled_from("RCLDQUJKTXYMpnuµmkG"), number=st.integers(1, 999_999))
def test_a_place_on_a_board_is_no_value_but_where_such_a_value_is_wanted(
    unit: str | None, letter: str, number: int
) -> None:
    assert measure(f"{letter}{number}", unit) is None


@given(
    digits=st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    short=st.sampled_from(["RΩ", "kΩ", "MΩ", "pF", "nF", "µF", "nH"]),
)
def test_a_letter_at_the_head_is_the_point_after_nothing(digits: str, short: str) -> None:
    letter, unit = short
    head, long = measure(f"{letter}{digits}", unit), measure(f"0.{digits} {letter.strip('R')}{unit}", unit)
    assert head is not None
    assert long is not None
    assert (head.number, head.dimension) == (long.number, long.dimension)


@given(
    number=st.decimals(min_value=0, max_value=10**5, places=3), force=st.sampled_from(sorted(FORCES)), data=st.data()
)
def test_a_torque_is_its_force_times_its_lever_in_any_hand(number: Decimal, force: str, data: st.DataObject) -> None:
    lever = data.draw(st.sampled_from(LEVERS[force].split()))
    joint = data.draw(st.sampled_from(["·", "⋅", "-", " ", "*", ""]))
    found, length = measure(f"{number} {force}{joint}{lever}", "N·m"), measure(f"1 {lever}", "mm")
    assert found is not None
    assert length is not None
    assert found.number == number * Decimal(FORCES[force]) * length.number
    assert Decimal(found.value) == number


@given(
    number=st.integers(0, 10**6),
    prefix=st.sampled_from(sorted(BINARY_PREFIXES)),
    base=st.sampled_from(["B", "bit", "B/s"]),
)
def test_binary_prefixes_are_powers_of_1024_and_for_data_alone(number: int, prefix: str, base: str) -> None:
    found, plain = measure(f"{number} {prefix}{base}"), measure(f"{number} {base}")
    assert found is not None
    assert plain is not None
    assert found.number == plain.number * 1024 ** BINARY_PREFIXES[prefix]
    assert measure(f"{number} {prefix}Hz") is None


@given(number=st.decimals(min_value=0, max_value=10**6, places=3), symbol=st.sampled_from(sorted(UNITS)))
def test_blanks_and_a_point_at_the_end_change_no_unit(number: Decimal, symbol: str) -> None:
    found = measure(f"{number} {symbol}")
    if found is not None:
        spellings = [f"{number}{symbol}", f" {number}  {symbol} ", f"{number} {symbol}."]
        assert {each.number for text in spellings if (each := measure(text)) is not None} == {found.number}


def test_no_two_units_are_one_when_their_joints_are_left_out() -> None:
    bare: dict[str, set[object]] = {}
    for symbol, unit in UNITS.items():
        bare.setdefault("".join(letter for letter in symbol if letter not in " ·-"), set()).add(unit)
    assert {symbol: units for symbol, units in bare.items() if len(units) > 1} == {}


# Of each pair the left is its own unit, and no prefix before the right.
@pytest.mark.parametrize(
    ("symbol", "dimension"),
    [("min", "time"), ("cd", "luminous intensity"), ("ft", "length"), ("mo", "time"), ("PS", "power"), ("kp", "force"),
     ("Pa", "pressure"), ("Torr", "pressure"), ("gal", "volume"), ("hPa", "pressure"), ("mil", "length"), ("mmHg", "pressure")],
)  # fmt: skip
def test_a_unit_that_begins_like_a_prefix_is_itself(symbol: str, dimension: str) -> None:
    assert dimension_of(symbol) == dimension


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


def test_without_a_wanted_unit_a_letter_for_the_point_belongs_to_a_resistance() -> None:
    found = measure("10m2")
    assert found is not None
    assert (found.number, found.unit) == (Decimal("0.0102"), "mΩ")


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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2,5 mm", "2.5"),
        ("0,047 mm", "0.047"),
        ("1,234 mm", "1234"),
        ("1,234.5 mm", "1234.5"),
        ("1'234.5 mm", "1234.5"),
        ("12 500 mm", "12500"),
        ("12 5 mm", None),
        ("1,23,4 mm", None),
        ("7'' mm", None),
    ],
)
def test_a_comma_is_a_decimal_point_unless_it_groups_thousands(text: str, number: str | None) -> None:
    found = measure(text)
    if number is None:
        assert found is None
    else:
        assert found is not None
        assert found.value == number


def test_every_base_unit_is_one() -> None:
    for dimension, unit in BASE_UNITS.items():
        if unit and dimension not in ("mass", "ratio"):
            assert dimension_of(unit) == dimension
            assert to_unit(Decimal(7), unit) == 7
