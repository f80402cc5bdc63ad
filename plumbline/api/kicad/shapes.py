"""Categories and parts as KiCad's HTTP library has them (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.exchange.exporting.kicad_parts import KicadPart
from plumbline.exchange.exporting.kicad_symbols import symbol_name
from plumbline.exchange.reads.kicad import KicadCategory

SHOWN_FIELDS = frozenset({"reference", "value"})
"""All others would cover the drawing."""

Shape = dict[str, object]


def root_shape() -> Shape:
    """KiCad takes the server for one of its kind when both are there."""
    return {"categories": "", "parts": ""}


def category_shape(category: KicadCategory) -> Shape:
    return {"id": category.id, "name": " / ".join(category.path), "description": ""}


def part_shape(part: KicadPart) -> Shape:
    """The whole record, in lists too: newer KiCads then ask for no part by itself. The name is a key of KiCad's, so it is unique."""
    return {
        "id": part.id,
        "name": symbol_name(part.name),
        "symbolIdStr": part.symbol,
        "description": part.description,
        "keywords": part.keywords,
        "exclude_from_bom": "False",
        "exclude_from_board": "False",
        "exclude_from_sim": "False",
        "fields": {name: _field(name, text) for name, text in _fields(part).items()},
    }


def _fields(part: KicadPart) -> Mapping[str, str]:
    known = {
        "reference": part.reference,
        "value": part.value,
        "footprint": part.footprint,
        "datasheet": part.datasheet,
        "description": part.description,
        "keywords": part.keywords,
    }
    return {name: text for name, text in {**known, **part.fields}.items() if text}


def _field(name: str, text: str) -> Mapping[str, str]:
    return {"value": text, "visible": "True" if name in SHOWN_FIELDS else "False"}
