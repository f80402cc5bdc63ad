"""Measured values as engineers write them: `4k7`, `4.7 kΩ` and `4700 Ohm` are the same resistance.

A measure keeps the text that was typed and a number in the base unit of its dimension, so that values are found and sorted by what
they mean. Units and prefixes follow the SI Brochure; the letter-for-the-point notation is IEC 60062. Inch, pound and their kin are exact
by definition (international yard and pound, 1959).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

PREFIXES = {
    "f": -15, "p": -12, "n": -9, "u": -6, "µ": -6, "μ": -6, "m": -3, "c": -2, "d": -1,
    "k": 3, "K": 3, "M": 6, "G": 9, "T": 12,
}  # fmt: skip
TEXT_LENGTH_MAX = 200


class Unit(NamedTuple):
    dimension: str
    factor: Decimal
    offset: Decimal = Decimal(0)
    takes_prefix: bool = False


def _units() -> dict[str, Unit]:
    table: dict[str, Unit] = {}

    def add(dimension: str, prefixed: str, plain: dict[str, str] | None = None, factor: str = "1") -> None:
        for symbol in prefixed.split():
            table[symbol] = Unit(dimension, Decimal(factor), takes_prefix=True)
        for symbol, each in (plain or {}).items():
            table[symbol] = Unit(dimension, Decimal(each))

    add("resistance", "Ω Ω Ohm ohm ohms Ohms R")
    add("capacitance", "F")
    add("inductance", "H")
    add("voltage", "V", {"VDC": "1", "VAC": "1", "Vdc": "1", "Vac": "1"})
    add("current", "A", {"Amp": "1", "amp": "1"})
    add("power", "W", {"hp": "745.69987158227022"})
    add("charge", "C Ah", {"Ah": "3600", "mAh": "3.6"})
    add("energy", "J Wh", {"Wh": "3600", "kWh": "3600000"})
    add("frequency", "Hz", {"rpm": "0.0166666666666666666667"})
    add(
        "length",
        "m",
        {"in": "0.0254", '"': "0.0254", "inch": "0.0254", "inches": "0.0254", "ft": "0.3048", "mil": "0.0000254"},
    )
    add("area", "", {"m²": "1", "m2": "1", "cm²": "0.0001", "cm2": "0.0001", "mm²": "0.000001", "mm2": "0.000001"})
    add("volume", "L l", {"m³": "1", "m3": "1", "cm³": "0.000001", "cm3": "0.000001", "mm³": "0.000000001"}, "0.001")
    add("mass", "g", {"t": "1000", "lb": "0.45359237", "lbs": "0.45359237", "oz": "0.028349523125"}, "0.001")
    add("force", "N", {"lbf": "4.4482216152605"})
    add("torque", "Nm N·m", {"in-lb": "0.1129848290276167", "oz-in": "0.00706155181422604375"})
    add("pressure", "Pa bar", {"psi": "6894.757293168361", "atm": "101325"})
    table["bar"] = Unit("pressure", Decimal(100_000), takes_prefix=True)
    add(
        "time",
        "s",
        {"min": "60", "h": "3600", "d": "86400", "days": "86400", "day": "86400", "weeks": "604800", "wk": "604800"},
    )
    add("data", "B b", {"bit": "0.125"})
    table["b"] = Unit("data", Decimal("0.125"), takes_prefix=True)
    add("luminous flux", "lm")
    add("ratio", "", {"%": "0.01", "ppm": "0.000001"})
    add("level", "dB", {"dBm": "1", "dBi": "1"})
    add("angle", "", {"°": "1", "deg": "1"})
    table["°C"] = table["C°"] = table["degC"] = Unit("temperature", Decimal(1), Decimal("273.15"))
    table["K"] = Unit("temperature", Decimal(1))
    table["°F"] = table["degF"] = Unit("temperature", Decimal(5) / Decimal(9), Decimal("255.372222222222222222"))
    for currency in ("USD", "EUR", "GBP", "CHF", "CNY", "JPY", "CAD", "AUD", "SEK", "INR"):
        table[currency] = Unit(f"money in {currency}", Decimal(1))
    return table


UNITS = _units()
BASE_UNITS = {
    "resistance": "Ω", "capacitance": "F", "inductance": "H", "voltage": "V", "current": "A", "power": "W", "charge": "C",
    "energy": "J", "frequency": "Hz", "length": "m", "area": "m²", "volume": "m³", "mass": "kg", "force": "N", "torque": "N·m",
    "pressure": "Pa", "time": "s", "data": "B", "luminous flux": "lm", "ratio": "", "level": "dB", "angle": "°", "temperature": "K",
}  # fmt: skip

_NUMBER_AND_UNIT = re.compile(r"([+\-−±]?\s*(?:\d[\d,' ]*\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)\s*(.{0,20})", re.DOTALL)
_LETTER_FOR_POINT = re.compile(r"(\d{1,6})([fpnuµμmkKMGRrLVF])(\d{1,6})\s*(.{0,20})", re.DOTALL)
_FRACTION = re.compile(r"(?:(\d{1,4})[ -])?(\d{1,4})/(\d{1,4})\s*(.{0,20})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measure:
    """`text` as typed; `number` in the base unit of `dimension`, or as it stands when it has no unit."""

    text: str
    number: Decimal
    dimension: str | None
    value: str
    """The number as written, without its unit: `4.7` of `4.7 kΩ`."""
    unit: str | None
    """The unit as written or implied: `kΩ`."""


def measure(text: str, unit: str | None = None) -> Measure | None:
    """Reads a measured value; None if the text is not one.

    `unit` is what a bare number means and settles which dimension is wanted: `10` with `mm` is 10 mm, `4k7` with `Ω` is 4.7 kΩ. A value
    of another dimension is None, not an approximation.
    """
    cleaned = text.strip()
    if not cleaned or len(cleaned) > TEXT_LENGTH_MAX:
        return None
    for read in (_read_letter_for_point, _read_fraction, _read_plain):
        found = read(cleaned, unit)
        if found is not None:
            value, symbol = found
            return _in_base_unit(cleaned, value, symbol, unit)
    return None


def dimension_of(unit: str) -> str | None:
    """`resistance` for `kΩ`; None for a unit that is not known."""
    found = _resolve(unit)
    return None if found is None else found[0].dimension


def to_unit(number: Decimal, unit: str) -> Decimal:
    """A number in base units, expressed in another unit of the same dimension; raises KeyError for an unknown unit."""
    found = _resolve(unit)
    if found is None:
        raise KeyError(unit)
    known, scale = found
    return (number - known.offset) / (known.factor * scale)


def _read_letter_for_point(text: str, unit: str | None) -> tuple[Decimal, str] | None:
    match = _LETTER_FOR_POINT.fullmatch(text)
    if match is None:
        return None
    whole, letter, decimals, rest = match.groups()
    letter = {"r": "R"}.get(letter, letter)
    value = Decimal(f"{whole}.{decimals}")
    rest = rest.strip()
    if letter in "RVF":  # the letter is the unit itself
        return (value, letter) if rest in ("", letter, "Ω", "Ohm", "ohm") else None
    if letter == "L":
        return None
    base = rest or (BASE_UNITS.get(dimension_of(unit) or "", "") if unit else "Ω")
    return value, f"{letter}{'g' if base == 'kg' else base}"


def _read_fraction(text: str, unit: str | None) -> tuple[Decimal, str] | None:
    match = _FRACTION.fullmatch(text)
    if match is None or int(match[3]) == 0:
        return None
    return Decimal(match[1] or 0) + Decimal(match[2]) / Decimal(match[3]), match[4].strip() or unit or ""


def _read_plain(text: str, unit: str | None) -> tuple[Decimal, str] | None:
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        return None
    digits = re.sub(r"[\s,'±]", "", match[1]).replace("−", "-")
    try:
        return Decimal(digits), match[2].strip() or unit or ""
    except InvalidOperation:
        return None


def _in_base_unit(text: str, value: Decimal, symbol: str, unit: str | None) -> Measure | None:
    if not symbol:
        return Measure(text, value, None, _plain_text(value), None)
    found = _resolve(symbol)
    if found is None and unit is not None:
        # "4.7 k" with Ω wanted: a prefix alone, on the base unit of what is wanted
        wanted = dimension_of(unit)
        found = (
            _resolve(symbol + {"kg": "g"}.get(BASE_UNITS.get(wanted or "", ""), BASE_UNITS.get(wanted or "", "")))
            if wanted
            else None
        )
    if found is None:
        return None
    known, scale = found
    if unit is not None and known.dimension != dimension_of(unit):
        return None
    return Measure(text, value * known.factor * scale + known.offset, known.dimension, _plain_text(value), symbol)


def _resolve(symbol: str) -> tuple[Unit, Decimal] | None:
    unit = UNITS.get(symbol)
    if unit is not None:
        return unit, Decimal(1)
    prefix, rest = symbol[:1], symbol[1:].lstrip()
    unit = UNITS.get(rest)
    if unit is not None and unit.takes_prefix and prefix in PREFIXES:
        return unit, Decimal(1).scaleb(PREFIXES[prefix])
    return None


def _plain_text(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
