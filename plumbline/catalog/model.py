"""The nouns of the catalog."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class CategoryType(StrEnum):
    """As configuration writes it."""

    MECHANICAL = "MECHANICAL"
    ELECTRICAL = "ELECTRICAL"
    ASSEMBLY = "ASSEMBLY"
    DOCUMENT = "DOCUMENT"
    SOFTWARE = "SOFTWARE"


def api_type(category_type: str) -> str:
    """As the API shows it: ASSEMBLY and DOCUMENT are themselves, all else is a PART."""
    return category_type if category_type in (CategoryType.ASSEMBLY, CategoryType.DOCUMENT) else "PART"


def configured_types(shown: str) -> list[CategoryType]:
    """The reverse of `api_type`; a configured type names itself."""
    return [each for each in CategoryType if shown in (each, api_type(each))]


class AttributeType(StrEnum):
    STRING = "STRING"
    NUMBER = "NUMBER"
    URL = "URL"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    DATE = "DATE"
    BOOLEAN = "BOOLEAN"
    LIST = "LIST"


STATUS_MEANINGS = ("DESIGN", "PROTOTYPE", "PRODUCTION", "OBSOLETE")


class Status(NamedTuple):
    """A lifecycle stage. `maps_to` is what it means to programs: one of STATUS_MEANINGS."""

    id: str
    name: str
    maps_to: str
    color: str
    position: int
    retired_change: int | None = None
    """The change since which it is kept for the past only."""


class Attribute(NamedTuple):
    """`unit` is the one shown and meant by a bare number; `source_key` marks the few that the product itself computes with."""

    id: str
    name: str
    type: str
    unit: str | None
    source: str
    source_key: str | None
    choices: tuple[str, ...]
    retired_change: int | None = None


class Category(NamedTuple):
    id: str
    code: str
    name: str
    short_name: str | None
    type: str
    unit_of_measure: str
    parent_id: str | None
    retired_change: int | None = None


class CategoryAttribute(NamedTuple):
    """One attribute of a category; `rule` is what the registry says of its values, as JSON (`registry.rules`)."""

    category_id: str
    attribute_id: str
    position: int
    rule: str | None


@dataclass(frozen=True, slots=True)
class NewAttribute:
    name: str
    type: AttributeType = AttributeType.STRING
    unit: str | None = None
    source_key: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewCategory:
    """`attributes` are names of attributes that exist already. Without a code the next free one of its type is taken."""

    name: str
    type: CategoryType
    code: str | None = None
    short_name: str | None = None
    unit_of_measure: str = "EACH"
    parent_id: str | None = None
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewStatus:
    name: str
    maps_to: str
    color: str
    formerly: str | None = None


UNITS_OF_MEASURE = (
    "EACH", "PAIR", "SET", "PACK", "REEL", "ROLL", "SHEET", "KILOGRAM", "GRAM", "POUND", "OUNCE", "METER", "CENTIMETER", "MILLIMETER",
    "FOOT", "INCH", "SQUARE_METER", "SQUARE_CENTIMETER", "CUBIC_METER", "LITER", "MILLILITER", "HOUR", "AS_REQUIRED",
)  # fmt: skip

_UNIT_SPELLINGS = {
    spelling: unit
    for unit, spellings in {
        "EACH": ",ea,pc,pcs,piece,pieces,nos",
        "PAIR": "pairs",
        "SET": "sets,kit",
        "PACK": "packs,pkg",
        "REEL": "reels",
        "ROLL": "rolls",
        "SHEET": "sheets",
        "KILOGRAM": "kg",
        "GRAM": "g",
        "POUND": "lb,lbs",
        "OUNCE": "oz",
        "METER": "m,meters,metre,metres",
        "CENTIMETER": "cm",
        "MILLIMETER": "mm",
        "FOOT": "ft,feet",
        "INCH": "in,inches",
        "SQUARE_METER": "m2,m²",
        "SQUARE_CENTIMETER": "cm2,cm²",
        "CUBIC_METER": "m3,m³",
        "LITER": "l,litre,litres,liters",
        "MILLILITER": "ml",
        "HOUR": "h,hr,hours",
        "AS_REQUIRED": "ar,a/r",
    }.items()
    for spelling in spellings.split(",")
}


def unit_of_measure(text: str) -> str | None:
    """The unit that a spelling means; None if it means none."""
    name = text.strip().upper().replace(" ", "_")
    return name if name in UNITS_OF_MEASURE else _UNIT_SPELLINGS.get(text.strip().lower())
