"""KiCad symbol libraries (`.kicad_sym` as KiCad 8 writes it, which 9 and later read): a symbol per part, with all its fields.

Parts with two ends get the usual drawing of their kind. Any other is a box with as many pins as the library says, numbered and without
names: good for bills of materials and for a start, but no replacement for a symbol that somebody drew. Each symbol is whole in itself, so
that none is offered to designers that is no part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from plumbline.exchange.exporting.kicad_parts import KicadPart

VERSION = 20231120
"""Of the format, as KiCad 8 has it."""
GENERATOR = "plumbline"
SUFFIX = ".kicad_sym"
TABLE = "sym-lib-table"
_FORBIDDEN = {
    "/": "{slash}",
    "\\": "{backslash}",
    ":": "{colon}",
    '"': "{dblquote}",
    "<": "{lt}",
    ">": "{gt}",
    "{": "{brace}",
    "\n": " ",
}
_FONT = "(effects (font (size 1.27 1.27)))"
_HIDDEN = "(effects (font (size 1.27 1.27)) (hide yes))"
_LINE = "(stroke (width 0.254) (type default)) (fill (type none))"
_GRID = 2.54
_END = 3.81
"""From the middle to the end of a pin of a part with two ends, in mm."""

Point = tuple[float, float]

_SHAPES: dict[str, tuple[tuple[Point, ...], ...]] = {
    "R": (((-1.016, 2.54), (1.016, 2.54), (1.016, -2.54), (-1.016, -2.54), (-1.016, 2.54)),),
    "C": (((-2.032, 0.762), (2.032, 0.762)), ((-2.032, -0.762), (2.032, -0.762)), ((0, 2.54), (0, 0.762)), ((0, -0.762), (0, -2.54))),
    "L": (
        ((0, 2.54), (0.635, 2.159), (0.635, 1.651), (0, 1.27), (0.635, 0.889), (0.635, 0.381), (0, 0), (0.635, -0.381), (0.635, -0.889),
         (0, -1.27), (0.635, -1.651), (0.635, -2.159), (0, -2.54)),
    ),
    "D": (((-1.27, 1.27), (1.27, 1.27)), ((-1.27, -1.27), (1.27, -1.27), (0, 1.27), (-1.27, -1.27)), ((0, 2.54), (0, -2.54))),
    "F": (((-0.762, 2.54), (0.762, 2.54), (0.762, -2.54), (-0.762, -2.54), (-0.762, 2.54)), ((0, 2.54), (0, -2.54))),
    "Y": (
        ((-2.54, 1.143), (2.54, 1.143), (2.54, -1.143), (-2.54, -1.143), (-2.54, 1.143)),
        ((-2.54, 1.905), (2.54, 1.905)), ((-2.54, -1.905), (2.54, -1.905)), ((0, 2.54), (0, 1.905)), ((0, -1.905), (0, -2.54)),
    ),
}  # fmt: skip
"""Lines of the drawing, in mm around the middle of the part, by designator letter."""
_SHAPES["FB"] = _SHAPES["R"]
_SHAPES["TH"] = _SHAPES["R"]


def is_drawn(part: KicadPart) -> bool:
    """Whether the symbol has pins: its kind has two ends, or the library says how many there are."""
    return part.pins is not None or part.reference in _SHAPES


def write_symbols(file: TextIO, parts: Iterable[KicadPart]) -> None:
    file.write(f'(kicad_symbol_lib\n\t(version {VERSION})\n\t(generator "{GENERATOR}")\n\t(generator_version "8.0")\n')
    for part in parts:
        file.write("".join(_symbol(part)))
    file.write(")\n")


def library_table(libraries: Sequence[tuple[str, str, str]]) -> str:
    """`sym-lib-table` for a project: names, paths and descriptions of libraries."""
    rows = [
        f'  (lib (name {quoted(name)})(type "KiCad")(uri {quoted(uri)})(options "")(descr {quoted(about)}))\n'
        for name, uri, about in libraries
    ]
    return f"(sym_lib_table\n  (version 7)\n{''.join(rows)})\n"


def symbol_name(text: str) -> str:
    """Without the characters that KiCad keeps for itself."""
    return "".join(_FORBIDDEN.get(character, character) for character in text)


def quoted(text: str) -> str:
    """A text on one line between quotation marks."""
    return '"' + re.sub(r"[\x00-\x1f\x7f]+", " ", text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _symbol(part: KicadPart) -> Iterator[str]:
    name = symbol_name(part.name)
    has_shape = part.reference in _SHAPES and part.pins in (None, 2)
    width, height = (0.0, _END) if has_shape else _box(part.pins or 0)
    yield f"\t(symbol {quoted(name)}\n"
    if has_shape:
        yield "\t\t(pin_numbers hide)\n\t\t(pin_names (offset 0) hide)\n"
    yield "\t\t(exclude_from_sim no)\n\t\t(in_bom yes)\n\t\t(on_board yes)\n"
    yield from _properties(part, width, height)
    yield f"\t\t(symbol {quoted(name + '_0_1')}\n"
    for line in _SHAPES[part.reference] if has_shape else (_rectangle(width, height),):
        points = " ".join(f"(xy {_millimetres(x)} {_millimetres(y)})" for x, y in line)
        yield f"\t\t\t(polyline (pts {points}) {_LINE})\n"
    yield f"\t\t)\n\t\t(symbol {quoted(name + '_1_1')}\n"
    yield from _ends() if has_shape else _box_pins(part.pins or 0, width, height)
    yield "\t\t)\n\t)\n"


def _properties(part: KicadPart, width: float, height: float) -> Iterator[str]:
    beside = _millimetres(width + 2.54)
    yield _property("Reference", part.reference, f"{beside} 1.27 0", _FONT)
    yield _property("Value", part.value, f"{beside} -1.27 0", _FONT)
    hidden = {
        "Footprint": part.footprint,
        "Datasheet": part.datasheet or "~",
        "Description": part.description,
        "ki_keywords": part.keywords,
        **part.fields,
    }
    for name, text in hidden.items():
        yield _property(name, text, f"0 {_millimetres(-height)} 0", _HIDDEN)


def _property(name: str, text: str, place: str, effects: str) -> str:
    return f"\t\t(property {quoted(name)} {quoted(text)} (at {place}) {effects})\n"


def _ends() -> Iterator[str]:
    yield _pin("1", 0, _END, 270, 1.27)
    yield _pin("2", 0, -_END, 90, 1.27)


def _box(pins: int) -> Point:
    """Half the width and half the height of a box, on the grid of KiCad."""
    rows = max(1, -(-pins // 2))
    return 2 * _GRID, (rows // 2 + 1) * _GRID


def _rectangle(width: float, height: float) -> tuple[Point, ...]:
    return (-width, height), (width, height), (width, -height), (-width, -height), (-width, height)


def _box_pins(pins: int, width: float, height: float) -> Iterator[str]:
    """Down the left side and up the right one, as the pins of a package run."""
    left = -(-pins // 2)
    for number in range(1, pins + 1):
        is_left = number <= left
        row = number - 1 if is_left else pins - number
        y = height - _GRID * (row + 1)
        yield _pin(str(number), -(width + _GRID) if is_left else width + _GRID, y, 0 if is_left else 180, _GRID)


def _pin(number: str, x: float, y: float, angle: int, length: float) -> str:
    place = f"(at {_millimetres(x)} {_millimetres(y)} {angle}) (length {_millimetres(length)})"
    return f'\t\t\t(pin passive line {place} (name "~" {_FONT}) (number "{number}" {_FONT}))\n'


def _millimetres(number: float) -> str:
    return f"{round(number, 3) + 0.0:g}"  # minus nothing is nothing
