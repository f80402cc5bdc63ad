"""Measured values as engineers write them: `4k7`, `4.7 kΩ` and `4700 Ohm` are the same resistance.

A measure keeps the text that was typed and a number in the base unit of its dimension, so that values are found and sorted by what
they mean. Units and prefixes follow the SI Brochure, those of data IEC 80000-13; the letter-for-the-point notation is IEC 60062. Inch,
pound and their kin are exact by definition (international yard and pound, 1959), and so is the kilogram-force (CGPM 1901). A year is
365.25 days and a month a twelfth of it, as in UCUM, so that 12 months are a year.

What is no unit stays none: a gauge of wire (AWG) is a number of a table, and an ounce of copper is a thickness to nobody but board makers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

PREFIXES = {
    "f": -15, "p": -12, "n": -9, "u": -6, "µ": -6, "μ": -6, "m": -3, "c": -2, "d": -1,
    "k": 3, "K": 3, "M": 6, "G": 9, "T": 12,
}  # fmt: skip
BINARY_PREFIXES = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4}
"""Powers of 1024, for data."""
TEXT_LENGTH_MAX = 200


class Unit(NamedTuple):
    dimension: str
    factor: Decimal
    offset: Decimal = Decimal(0)
    takes_prefix: bool = False


class _Family(NamedTuple):
    """The units of one dimension: factors to its base unit with the symbols that have them, which stand with prefixes or without."""

    dimension: str
    base: str
    prefixed: Mapping[str, str]
    plain: Mapping[str, str] = {}


# Symbols in capitals alone are those of lists that know no small letters, where only one unit can be meant.
_FAMILIES = (
    _Family("resistance", "Ω", {"1": "Ω Ω Ohm ohm ohms Ohms OHM OHMS R"}),
    _Family("conductance", "S", {"1": "S"}),
    _Family("capacitance", "F", {"1": "F"}, {"1E-6": "UF", "1E-9": "NF", "1E-12": "PF"}),
    _Family("inductance", "H", {"1": "H"}, {"1E-6": "UH", "1E-9": "NH"}),
    _Family("voltage", "V", {"1": "V VDC VAC Vdc Vac Vrms VRMS Vpp Vpk"}),
    _Family("current", "A", {"1": "A Amp amp Amps amps ADC AAC Adc Aac Arms"}),
    _Family("power", "W", {"1": "W VA"}, {"745.69987158227022": "hp HP", "735.49875": "PS"}),
    _Family("charge", "C", {"1": "C", "3600": "Ah"}),
    _Family("energy", "J", {"1": "J", "3600": "Wh", "4.184": "cal", "1.602176634E-19": "eV"}, {"1055.05585262": "BTU"}),
    _Family(
        "frequency",
        "Hz",
        {"1": "Hz HZ SPS sps S/s Sa/s"},
        {"0.0166666666666666666667": "rpm RPM r/min rev/min U/min min⁻¹ min-1", "1": "rps"},
    ),
    _Family(
        "length",
        "m",
        {"1": "m"},
        {
            "0.0254": 'in IN " ″ ” inch inches', "0.3048": "ft FT foot feet", "0.9144": "yd yard yards", "0.0000254": "mil mils thou",
            "1": "meter meters metre metres", "0.001": "MM", "0.01": "CM",
            "1E-6": "micron microns", "1E-10": "Å", "2.54E-8": "µin microinch",
        },
    ),
    _Family(
        "area",
        "m²",
        {},
        {
            "1": "m² m2", "0.0001": "cm² cm2", "0.000001": "mm² mm2 sqmm", "1E-12": "µm²",
            "0.00064516": "in² sqin", "0.09290304": "ft² sqft",
        },
    ),
    _Family(
        "volume",
        "m³",
        {"0.001": "L l"},
        {
            "1": "m³ m3", "0.001": "dm³ liter liters litre litres", "0.000001": "cm³ cm3 cc ccm", "0.000000001": "mm³ mm3",
            "0.000016387064": "in³", "0.028316846592": "ft³", "0.003785411784": "gal", "0.0000295735295625": "fl·oz",
        },
    ),
    _Family(
        "mass",
        "kg",
        {"0.001": "g"},
        {
            "1000": "t tonne tonnes", "1": "KG kgs kilogram kilograms", "0.001": "gram grams",
            "0.45359237": "lb LB lbs LBS lbm pound pounds", "0.028349523125": "oz OZ ounce ounces",
        },
    ),
    _Family("force", "N", {"1": "N"}, {"9.80665": "kgf kp", "0.00980665": "gf", "4.4482216152605": "lbf", "0.27801385095378125": "ozf"}),
    _Family(
        "torque",
        "N·m",
        {"1": "Nm N·m"},
        {
            "0.01": "N·cm", "0.001": "N·mm",
            "9.80665": "kgf·m kg·m", "0.0980665": "kgf·cm kg·cm", "0.00980665": "kgf·mm kg·mm", "0.0000980665": "gf·cm g·cm",
            "0.1129848290276167": "lbf·in lb·in lbs·in in·lbf in·lb in·lbs in-lb",
            "1.3558179483314004": "lbf·ft lb·ft lbs·ft ft·lbf ft·lb ft·lbs",
            "0.00706155181422604375": "ozf·in oz·in in·ozf in·oz oz-in",
        },
    ),
    _Family(
        "pressure",
        "Pa",
        {"1": "Pa", "100000": "bar Bar barg bara bar(g) bar(a)", "133.322368421052631579": "Torr torr"},
        {
            "6894.757293168361": "psi PSI psig psia", "6894757.293168361": "ksi", "101325": "atm", "98066.5": "kgf/cm² kg/cm²",
            "100": "hPa", "1": "N/m²", "1000000": "N/mm²", "133.322387415": "mmHg", "3386.388640341": "inHg",
            "9.80665": "mmH2O mmAq", "249.08891": "inH2O inAq", "9806.65": "mH2O",
        },
    ),
    _Family(
        "time",
        "s",
        {"1": "s sec"},
        {
            "1": "Sec secs second seconds", "60": "min mins minute minutes", "3600": "h hr hrs hour hours", "86400": "d day days",
            "604800": "wk wks week weeks", "2629800": "mo mos month months", "31557600": "y yr yrs year years",
        },
    ),
    _Family("data", "B", {"1": "B byte bytes Byte Bytes", "0.125": "b bit bits"}),
    _Family("data rate", "bit/s", {"1": "bit/s bits/s b/s bps", "8": "B/s Bps byte/s bytes/s Byte/s Bytes/s"}),
    _Family("luminous flux", "lm", {"1": "lm"}),
    _Family("luminous intensity", "cd", {"1": "cd"}),
    _Family("illuminance", "lx", {"1": "lx lux"}),
    _Family("ratio", "", {}, {"0.01": "% percent pct", "0.001": "‰", "0.000001": "ppm PPM", "1E-9": "ppb PPB"}),
    _Family(
        "temperature coefficient",
        "ppm/K",
        {},
        {"1": "ppm/K ppm/°C ppm/C PPM/K PPM/°C PPM/C", "0.001": "ppb/K ppb/°C", "10000": "%/K %/°C"},
    ),
    _Family("level", "dB", {"1": "dB"}, {"1": "dBm dBi dBA dB(A) dBc dBV dBu dBFS dBSPL"}),
    _Family(
        "angle",
        "°",
        {"57.295779513082320876798154814": "rad"},
        {"1": "° deg degree degrees", "0.0166666666666666666667": "arcmin", "0.000277777777777777777778": "arcsec"},
    ),
    _Family("temperature", "K", {}, {"1": "K kelvin Kelvin"}),
)  # fmt: skip
_CELSIUS = ("°C", "C°", "degC", "degreeC", "degreesC", "degreescelsius", "Celsius", "celsius")
_FAHRENHEIT = ("°F", "F°", "degF", "degreeF", "degreesF", "Fahrenheit", "fahrenheit")
_CURRENCIES = ("USD", "EUR", "GBP", "CHF", "CNY", "JPY", "CAD", "AUD", "SEK", "INR", "NOK", "DKK", "PLN", "CZK", "KRW", "TWD", "SGD",
               "HKD", "MXN", "BRL", "NZD", "ILS", "THB", "TRY", "ZAR")  # fmt: skip


def _units() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for family in _FAMILIES:
        for symbols, takes_prefix in ((family.prefixed, True), (family.plain, False)):
            for factor, several in symbols.items():
                unit = Unit(family.dimension, Decimal(factor), takes_prefix=takes_prefix)
                table.update(dict.fromkeys(several.split(), unit))
    table.update(dict.fromkeys(_CELSIUS, Unit("temperature", Decimal(1), Decimal("273.15"))))
    fahrenheit = Unit("temperature", Decimal(5) / Decimal(9), Decimal("255.372222222222222222"))
    table.update(dict.fromkeys(_FAHRENHEIT, fahrenheit))
    table.update({currency: Unit(f"money in {currency}", Decimal(1)) for currency in _CURRENCIES})
    return {**table, "€": table["EUR"], "£": table["GBP"]}


UNITS = _units()
BASE_UNITS = {family.dimension: family.base for family in _FAMILIES}
_BASES_TO_PREFIX = {**BASE_UNITS, "mass": "g"}

_SHORT_FOR = {
    **{("temperature", letter): f"°{letter}" for letter in "CF"},
    **{(dimension, "m"): f"m{BASE_UNITS[dimension]}" for dimension in ("resistance", "capacitance", "inductance")},
    **{(dimension, "K"): f"k{BASE_UNITS[dimension]}" for dimension in ("resistance", "frequency", "data")},
    ("temperature coefficient", "ppm"): "ppm/K",
    ("temperature coefficient", "PPM"): "ppm/K",
    **{
        (f"money in {currency}", "$"): currency for currency in ("USD", "CAD", "AUD", "SGD", "HKD", "NZD", "TWD", "MXN")
    },
    **{(f"money in {currency}", "¥"): currency for currency in ("JPY", "CNY")},
}
"""What is written short where only one dimension is wanted: `25 C` is no charge where a temperature is asked for, `10K` no temperature
where a resistance is."""
_LETTERS_FIRST = {"resistance": "RrkKMG", "capacitance": "pnuµμm", "inductance": "nuµμm"}

_NUMBER = r"[+\-−±]?\s*(?:\d(?:[,' ]?\d)*\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?"
_GROUPED = re.compile(r"[1-9]\d{0,2}([,' ])\d{3}(?:\1\d{3})*(?![\d,' ])")
_NUMBER_AND_UNIT = re.compile(rf"({_NUMBER})\s*(.{{0,20}})", re.DOTALL)
_CURRENCY_FIRST = re.compile(rf"([$€£¥]|{'|'.join(_CURRENCIES)})\s*({_NUMBER})")
_LETTER_FOR_POINT = re.compile(r"(\d{1,6})([fpnuµμmkKMGRrLVF])(\d{1,6})\s*(.{0,20})", re.DOTALL)
_LETTER_FIRST = re.compile(r"([a-zA-Zµμ])(\d{1,6})\s*(.{0,20})", re.DOTALL)
_FRACTION = re.compile(r"(?:(\d{1,4})[ -])?(\d{1,4})/(\d{1,4})\s*(.{0,20})", re.DOTALL)
_OTHER_SIGNS = str.maketrans({"º": "°", "˚": "°", "−": "-"})
_JOINTS = re.compile(r"(?:[\s·⋅∙•*×^.]|[‐-](?!\s*\d))+")
"""What stands between the parts of a unit. A hyphen before a digit is the sign of an exponent: `cm-3` is no cm³."""
_ENDS_IN_JOINT = re.compile(r"[\s·⋅∙•*×^‐-]$")


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
    of another dimension is None, not an approximation. Where none is wanted, `R100` is nothing: it is a place on a board more often than
    a tenth of an ohm; and a letter for the point belongs to a resistance: `4k7` is 4.7 kΩ, and so `10m2` is 10.2 mΩ. Write `10 m2`, or
    say that an area is wanted.
    """
    cleaned = text.strip()
    if not cleaned or len(cleaned) > TEXT_LENGTH_MAX:
        return None
    for read in (_read_letter_for_point, _read_letter_first, _read_fraction, _read_plain, _read_currency_first):
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
    base = rest or (_BASES_TO_PREFIX.get(dimension_of(unit) or "", "") if unit else "Ω")
    known = _resolve(base)
    if known is None or not known[0].takes_prefix:  # `5m2` where an area is wanted: the letter belongs to the unit
        return None
    return value, f"{letter}{base}"


def _read_letter_first(text: str, unit: str | None) -> tuple[Decimal, str] | None:
    """`R47` is 0.47 Ω and `p33` 0.33 pF, where the point has nothing before it."""
    match = _LETTER_FIRST.fullmatch(text)
    wanted = None if match is None or unit is None else dimension_of(unit)
    if match is None or wanted is None or match[1] not in _LETTERS_FIRST.get(wanted, ""):
        return None
    letter, digits, rest = match.groups()
    value = Decimal(f"0.{digits}")
    if letter in "Rr":
        return (value, "R") if rest in ("", "R", "Ω", "Ohm", "ohm") else None
    return value, f"{letter}{rest.strip() or BASE_UNITS[wanted]}"


def _read_fraction(text: str, unit: str | None) -> tuple[Decimal, str] | None:
    match = _FRACTION.fullmatch(text)
    if match is None or int(match[3]) == 0:
        return None
    return Decimal(match[1] or 0) + Decimal(match[2]) / Decimal(match[3]), match[4].strip() or unit or ""


def _read_plain(text: str, unit: str | None) -> tuple[Decimal, str] | None:
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        return None
    value, symbol = _number(match[1]), match[2].strip()
    if unit is not None and len(symbol) > 1:  # `12-bit`; where no unit is wanted, `12-A` is rather a name
        symbol = symbol.removeprefix("-")
    return None if value is None else (value, symbol or unit or "")


def _read_currency_first(text: str, unit: str | None) -> tuple[Decimal, str] | None:
    match = _CURRENCY_FIRST.fullmatch(text)
    value = None if match is None else _number(match[2])
    return None if match is None or value is None else (value, match[1])


def _number(text: str) -> Decimal | None:
    """`1,234.5` and `1'234.5` have groups of three; `2,5` has a decimal comma. Anything else with a mark in it is no number: dropping the
    mark would make 25 of 2,5."""
    plain = re.sub(r"^([+-]?)\s+", r"\1", text.strip().lstrip("±").replace("−", "-").strip())
    digits = plain.lstrip("+-")
    if _GROUPED.match(digits):
        plain = re.sub(r"[,' ]", "", plain)
    elif digits.count(",") == 1 and "." not in digits:
        plain = plain.replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _in_base_unit(text: str, value: Decimal, symbol: str, unit: str | None) -> Measure | None:
    if not symbol:
        return Measure(text, value, None, _plain_text(value), None)
    wanted = None if unit is None else dimension_of(unit)
    symbol = _SHORT_FOR.get((wanted or "", symbol), symbol)
    found = _resolve(symbol)
    if found is None and wanted is not None:
        # "4.7 k" with Ω wanted: a prefix alone, on the base unit of what is wanted
        found = _resolve(symbol + _BASES_TO_PREFIX.get(wanted, ""))
    if found is None:
        return None
    known, scale = found
    if unit is not None and known.dimension != wanted:
        return None
    return Measure(text, value * known.factor * scale + known.offset, known.dimension, _plain_text(value), symbol)


def _resolve(symbol: str) -> tuple[Unit, Decimal] | None:
    """The unit and the power of its prefix: by the letter, or else as it is written in other hands (`kgf-cm`, `mm^2`, `℃`, `Hours`)."""
    found = _known(symbol, UNITS) or _known(_bare(symbol), _BARE_UNITS)
    if found is None and len(symbol) > 2 and symbol.isalpha() and symbol.lower() in UNITS:
        unit = UNITS[symbol.lower()]
        return None if unit.takes_prefix else (unit, Decimal(1))
    return found


def _known(symbol: str, units: Mapping[str, Unit]) -> tuple[Unit, Decimal] | None:
    unit = units.get(symbol)
    if unit is not None:
        return unit, Decimal(1)
    unit, prefix = units.get(symbol[1:].lstrip()), symbol[:1]
    if unit is not None and unit.takes_prefix and prefix in PREFIXES:
        return unit, Decimal(1).scaleb(PREFIXES[prefix])
    unit, prefix = units.get(symbol[2:].lstrip()), symbol[:2]
    if unit is not None and unit.dimension in ("data", "data rate") and prefix in BINARY_PREFIXES:
        return unit, Decimal(1024) ** BINARY_PREFIXES[prefix]
    return None


def _bare(symbol: str) -> str:
    """The symbol without what joins its parts, in compatible characters; as it is where such a sign joins nothing."""
    plain = symbol.translate(_OTHER_SIGNS)
    if _JOINTS.match(plain) or _ENDS_IN_JOINT.search(plain):
        return symbol
    return _JOINTS.sub("", unicodedata.normalize("NFKC", plain))


_BARE_UNITS = {_bare(symbol): unit for symbol, unit in UNITS.items()}


def _plain_text(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
