"""A component as KiCad places it: designator letter, value, symbol, footprint and fields, told from its attributes (pure).

What an attribute says goes before what the category suggests: `Reference`, `Value`, `Symbol` (`Device:R`), `Footprint` and `Datasheet`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

LETTERS: tuple[tuple[str, str], ...] = (
    ("ferrite bead", "FB"), ("potentiometer", "RV"), ("varistor", "RV"), ("thermistor", "TH"), ("resistor", "R"), ("capacitor", "C"),
    ("transformer", "T"), ("inductor", "L"), ("choke", "L"), ("light emitting", "D"), ("led", "D"), ("photodiode", "D"), ("diode", "D"),
    ("tvs", "D"), ("mosfet", "Q"), ("transistor", "Q"), ("crystal", "Y"), ("resonator", "Y"), ("oscillator", "Y"), ("fuse", "F"),
    ("test point", "TP"), ("switch", "SW"), ("button", "SW"), ("relay", "K"), ("header", "J"), ("connector", "J"), ("socket", "J"),
    ("terminal", "J"), ("antenna", "AE"), ("battery", "BT"), ("motor", "M"), ("buzzer", "BZ"), ("speaker", "LS"), ("microphone", "MK"),
)  # fmt: skip
"""Words in the names of categories, and the letters of their designators; the first that fits counts, the narrow before the wide."""
OTHER_LETTER = "U"
SYMBOLS = {
    "R": "Device:R", "C": "Device:C", "L": "Device:L", "D": "Device:D", "FB": "Device:FerriteBead", "Y": "Device:Crystal",
    "F": "Device:Fuse", "RV": "Device:R_Potentiometer", "TH": "Device:Thermistor", "TP": "Connector:TestPoint", "BT": "Device:Battery",
}  # fmt: skip
"""Of KiCad's own libraries, by designator letter; for other letters no symbol is the usual one."""
LED_SYMBOL = "Device:LED"
MAIN_VALUES = {
    "R": "resistance",
    "C": "capacitance",
    "L": "inductance",
    "FB": "impedance",
    "Y": "frequency",
    "F": "current",
}
"""The attribute that is a part's value in a schematic, by designator letter."""
PIN_COUNTS = ("pins", "pin count", "number of pins", "pin quantity", "positions", "number of positions")
PINS_MAX = 2_000
_OWN_FIELDS = frozenset(
    {
        "reference",
        "value",
        "footprint",
        "datasheet",
        "description",
        "symbol",
        "cpn",
        "manufacturer",
        "mpn",
        "status",
        "category",
    }
)
_LIBRARY_ITEM = re.compile(r"[^:\s][^:]*:[^:]*[^:\s]")
_NUMBER = re.compile(r"[1-9]\d{0,3}")


PLACED_BY = frozenset({"symbol", "footprint", "reference"})
"""Attributes that only parts of a schematic have; imports make categories of which nobody has said that they are electrical."""
TELLS_SYMBOL = frozenset({"symbol", "reference"})


class KicadPart(NamedTuple):
    id: str
    name: str
    """The part number: it stays when everything else changes, and there is one of each."""
    reference: str
    value: str
    symbol: str
    """`Library:Symbol`; empty where nothing says which."""
    footprint: str
    datasheet: str
    description: str
    keywords: str
    category: tuple[str, ...]
    pins: int | None
    fields: Mapping[str, str]
    """All others, by the names that they have in KiCad."""


class PartFacts(NamedTuple):
    """What the library knows of a component."""

    id: str
    cpn: str
    name: str
    description: str
    category: tuple[str, ...]
    """Names from the root down."""
    status: str
    is_obsolete: bool
    attributes: Mapping[str, str]
    """As they were typed, by name."""
    makers: Sequence[tuple[str, str, str | None]]
    """Manufacturer, part number and datasheet of the sources, preferred first."""


def kicad_part(facts: PartFacts) -> KicadPart:
    said = {name.lower(): text.strip() for name, text in facts.attributes.items() if text.strip()}
    reference = said.get("reference", "") or letter_of(facts.category)
    manufacturer, mpn, datasheet = facts.makers[0] if facts.makers else ("", "", None)
    own = {
        "CPN": facts.cpn,
        "Manufacturer": manufacturer,
        "MPN": mpn,
        "Status": facts.status,
        "Category": "/".join(facts.category),
    }
    others = {name: text.strip() for name, text in facts.attributes.items() if _is_free(name)}
    return KicadPart(
        id=facts.id,
        name=facts.cpn,
        reference=reference,
        value=said.get("value") or said.get(MAIN_VALUES.get(reference, ""), "") or mpn or facts.name,
        symbol=_symbol(said.get("symbol", ""), reference, facts.category),
        footprint=said.get("footprint", ""),
        datasheet=said.get("datasheet") or datasheet or "",
        description=("OBSOLETE. " if facts.is_obsolete else "") + (facts.description or facts.name),
        keywords=" ".join(dict.fromkeys([*facts.name.split(), *facts.category[-1:]])),
        category=facts.category,
        pins=_pins(said),
        fields={name: text for name, text in {**own, **others}.items() if text},
    )


def _is_free(name: str) -> bool:
    """Whether a field may have the name: KiCad keeps some for itself."""
    return name.lower() not in _OWN_FIELDS and not name.lower().startswith("ki_")


def is_placed(attribute_names: Iterable[str], *, is_electrical: bool) -> bool:
    """Whether designers place the part: electrical ones, and whatever has a symbol, a footprint or letters for its designators."""
    return is_electrical or any(name.lower() in PLACED_BY for name in attribute_names)


def usual_symbol(category: Sequence[str]) -> str:
    """Of a part in this category that says nothing itself; empty where there is none."""
    return _symbol("", letter_of(category), category)


def letter_of(category: Sequence[str]) -> str:
    """From the names of the category, the innermost first."""
    for name in reversed(category):
        folded = name.casefold()
        for word, letter in LETTERS:
            if re.search(rf"\b{word}", folded):
                return letter
    return OTHER_LETTER


def _symbol(said: str, reference: str, category: Sequence[str]) -> str:
    if _LIBRARY_ITEM.fullmatch(said):
        return said
    is_led = reference == "D" and any(re.search(r"\bled", name.casefold()) for name in category)
    return LED_SYMBOL if is_led else SYMBOLS.get(reference, "")


def _pins(said: Mapping[str, str]) -> int | None:
    for title in PIN_COUNTS:
        match = _NUMBER.fullmatch(said.get(title, "").removesuffix(" pins").strip())
        if match is not None and int(match[0]) <= PINS_MAX:
            return int(match[0])
    return None
