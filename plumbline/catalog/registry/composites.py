"""Values of several parts: `25mm` is a value and a unit, `Red 40` a color and a number. They are kept as the text that displays them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import re2

from plumbline.catalog.registry.conditions import Literal
from plumbline.catalog.registry.rules import Part
from plumbline.kit.quantity import canonical

_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_FORMS = {"integer": r"[-+]?\d+", "number": _NUMBER, "boolean": "true|false"}
TEXT_LENGTH_MAX = 1000


def usual_display(keys: Sequence[str]) -> str:
    """How parts are joined where nobody says: one after the other, a blank between."""
    return " ".join(f"{{{key}}}" for key in keys)


def display_faults(display: str, keys: Sequence[str]) -> list[str]:
    """What is wrong with a display, in whole sentences."""
    shown = _PLACE.findall(display)
    faults = [f"{{{key}}} in the display is no part." for key in dict.fromkeys(shown) if key not in keys]
    faults += [f"The display does not show {{{key}}}." for key in keys if key not in shown]
    faults += [f"The display shows {{{key}}} twice." for key in dict.fromkeys(shown) if shown.count(key) > 1]
    if "{" in _PLACE.sub("", display) or "}" in _PLACE.sub("", display):
        faults.append("A brace in the display belongs to no part.")
    return faults


def joined(display: str, values: Mapping[str, Literal]) -> str:
    """The parts as one text."""
    return _PLACE.sub(lambda found: text_of(values[found.group(1)]), display)


def split(display: str, parts: tuple[Part, ...], text: str) -> dict[str, Literal] | None:
    """The parts of a text that was joined by this display; None if it was not. Blanks between parts are as many as you like."""
    if len(text) > TEXT_LENGTH_MAX:
        return None
    found = _splitter(display, parts).fullmatch(text.strip())
    if found is None:
        return None
    values = {part.key: part_value(part, found.group(part.key)) for part in parts}
    return {key: value for key, value in values.items() if value is not None} if None not in values.values() else None


def part_value(part: Part, raw: object) -> Literal | None:
    """A part's value from what was typed or sent; None if it is of another type."""
    if part.type == "boolean":
        return {"true": True, "false": False}.get(str(raw).strip().lower())
    if part.type == "string":
        return str(raw).strip() if isinstance(raw, str | int | float) and not isinstance(raw, bool) else None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        return None
    whole = number.is_finite() and (part.type == "number" or number == number.to_integral_value())
    return number if whole and abs(number.adjusted()) < 100 else None


def text_of(value: Literal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return canonical(value) if isinstance(value, Decimal) else value


@lru_cache(maxsize=1024)
def _splitter(display: str, parts: tuple[Part, ...]) -> re.Pattern[str]:
    """Runs on RE2, so that no display can make it slow."""
    by_key = {part.key: part for part in parts}
    pieces: list[str] = []
    position = 0
    for found in _PLACE.finditer(display):
        pieces.append(_spaced(display[position : found.start()]))
        pieces.append(f"(?P<{found.group(1)}>{_form(by_key[found.group(1)])})")
        position = found.end()
    pieces.append(_spaced(display[position:]))
    compiled: re.Pattern[str] = re2.compile(r"\s*".join(piece for piece in pieces if piece))
    return compiled


def _spaced(text: str) -> str:
    return r"\s*".join(re2.escape(word) for word in text.split())


def _form(part: Part) -> str:
    if part.limits.choices:
        longest_first = sorted(part.limits.choices, key=len, reverse=True)
        return "|".join(re2.escape(choice) for choice in longest_first)
    return _FORMS.get(part.type, ".+?")
