"""Values of several parts: `25mm` is a value and a unit, `Red 40` a color and a number. They are kept as the text that displays them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from plumbline.catalog.registry.conditions import Literal
from plumbline.catalog.registry.rules import Part
from plumbline.kit.late import LateModule
from plumbline.kit.quantity import canonical

if TYPE_CHECKING:
    import re2
else:
    re2 = LateModule("re2")

_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_ANY = ".+?"
_NUMERIC = ("integer", "number")
TEXT_LENGTH_MAX = 1000


class Forms(NamedTuple):
    """What parts look like in a text: by their types, or by their choices where they have some."""

    integer: str
    number: str
    boolean: str
    with_choices: bool


_FORMS = Forms(r"[-+]?\d+", _NUMBER, "true|false", with_choices=True)
_LENIENT = (
    _FORMS,
    Forms(_NUMBER, _NUMBER, _ANY, with_choices=True),
    Forms(_ANY, _ANY, _ANY, with_choices=True),
    Forms(_NUMBER, _NUMBER, _ANY, with_choices=False),
)
"""From strict to less strict: what is not whole, what is no number, what is no choice."""
_NUMBER_GOES_ON = re.compile(r"[.,]?\d")


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


def adjacent_parts(display: str, parts: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
    """Neighbours whose texts would run into each other: `{a}{b}` of two numbers, or of a text of any form and anything."""
    by_key = {part.key: part for part in parts}
    places = list(_PLACE.finditer(display))
    for one, other in itertools.pairwise(places):
        left, right = by_key[one.group(1)], by_key[other.group(1)]
        if one.end() == other.start() and _run_together(left, right):
            yield left, right


def _run_together(left: Part, right: Part) -> bool:
    if left.limits.choices:
        return False
    return left.type == "string" or (left.type in _NUMERIC and right.type in _NUMERIC)


def split_leniently(display: str, parts: tuple[Part, ...], text: str) -> Mapping[str, str] | None:
    """The parts as they stand in the text, one of them perhaps not as it must be: `12xy` is the number 12 and the unit `xy`, which is
    no unit. So a fault can be told of the part that has it. None if the text cannot be taken apart at all, as `70`, which is one number
    and not the number 7 in the unit `0`."""
    for forms in _LENIENT:
        found = _match(display, parts, text, forms)
        if found is not None and (forms is _FORMS or not _cuts_a_number(found, len(parts))):
            return found.groupdict()
    return None


def _cuts_a_number(found: re.Match[str], count: int) -> bool:
    """Whether a part ends within a number: the forms of the parts would have it so, but nobody who reads the text."""
    text = found.string
    ends = ((found.end(place), found.start(place + 1)) for place in range(1, count))
    return any(end == start and text[end - 1].isdigit() and _NUMBER_GOES_ON.match(text, end) for end, start in ends)


def _match(display: str, parts: tuple[Part, ...], text: str, forms: Forms) -> re.Match[str] | None:
    if len(text) > TEXT_LENGTH_MAX:
        return None
    try:
        return splitter(display, parts, forms).fullmatch(text.strip())
    except UnicodeEncodeError:  # half a character, which is part of nothing
        return None


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
def splitter(display: str, parts: tuple[Part, ...], forms: Forms = _FORMS) -> re.Pattern[str]:
    """Runs on RE2, so that no display can make it slow. Raises re2.error if there are more choices than it can hold."""
    by_key = {part.key: part for part in parts}
    pattern, position, left = "", 0, None
    for found in _PLACE.finditer(display):
        right = by_key[found.group(1)]
        pattern += _between(display[position : found.start()], left, right)
        pattern += f"(?P<{right.key}>{_form(right, forms)})"
        position, left = found.end(), right
    compiled: re.Pattern[str] = re2.compile(pattern + _between(display[position:], left, None), _options())
    return compiled


def _between(text: str, left: Part | None, right: Part | None) -> str:
    """What stands between two parts; blanks may be more or none, but for one that alone tells where a part ends."""
    words = r"\s*".join(re2.escape(word) for word in text.split())
    if words:
        return rf"\s*{words}\s*"
    return r"\s+" if text and left is not None and right is not None and _run_together(left, right) else r"\s*"


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


def _form(part: Part, forms: Forms) -> str:
    if part.limits.choices and forms.with_choices:
        longest_first = sorted(part.limits.choices, key=len, reverse=True)
        return "|".join(re2.escape(choice) for choice in longest_first)
    return {"integer": forms.integer, "number": forms.number, "boolean": forms.boolean}.get(part.type, ".+?")
