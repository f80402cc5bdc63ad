"""Imported data as plain JSON, and back: a client reads the files and sends this, the server trusts none of it.

The form follows the dataclasses of `model`, with names in camelCase, decimals as text and absent values as null or left out.
Everything is checked on the way back, all faults are reported at once, each with its path.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from plumbline.exchange.bounds import NOTICES_PER_CODE_MAX, ROWS_MAX, TEXT_MAX
from plumbline.exchange.designators import DESIGNATORS_MAX
from plumbline.exchange.errors import InvalidImportData
from plumbline.exchange.model import ImportedData
from plumbline.kit.errors import PathPart

VERSION = 1
FAULTS_MAX = 100
_DIGITS_MAX = 40
_LIST_MAX = 1_000
_LONG_LISTS = {
    "parts": ROWS_MAX,
    "lines": ROWS_MAX,
    "categories": ROWS_MAX,
    "tops": ROWS_MAX,
    "notices": NOTICES_PER_CODE_MAX * 100,
    "referenceDesignators": DESIGNATORS_MAX,
}

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Place = tuple[PathPart, ...]


def to_wire(data: ImportedData) -> dict[str, Json]:
    """A dict of JSON values; `from_wire` of it gives the same data."""
    return {"version": VERSION, **typing.cast("dict[str, Json]", json_of(data))}


def json_of(value: object) -> Json:
    """Any value made of our dataclasses, text, numbers and collections; fields that hold their default are left out."""
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {str(name): json_of(item) for name, item in value.items()}
    if isinstance(value, frozenset):
        return [json_of(item) for item in sorted(value)]
    if isinstance(value, Sequence):
        return [json_of(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            _camel(field.name): json_of(item)
            for field in dataclasses.fields(value)
            if not _is_default(field, item := getattr(value, field.name))
        }
    raise TypeError(f"{type(value).__name__} has no wire form")


def from_wire(document: object) -> ImportedData:
    """The data again; refuses anything that is not exactly the form above, and keys that name no part."""
    faults: list[InvalidImportData] = []
    if not isinstance(document, dict):
        raise _fault((), "is no object", "an object")
    if document.get("version") != VERSION:
        raise _fault(("version",), f"is {document.get('version')!r:.40}", f"{VERSION}")
    body = {name: value for name, value in document.items() if name != "version"}
    data = _decoded(body, ImportedData, (), faults)
    if not faults and isinstance(data, ImportedData):
        faults.extend(_broken_references(data))
    if faults:
        raise _joined(faults)
    assert isinstance(data, ImportedData), "without faults the document is complete"
    return data


def _decoded(value: object, wanted: object, place: Place, faults: list[InvalidImportData]) -> object:
    """The value as the type `wanted`; None after a fault, which is added to `faults`."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return None if value is None else _decoded(value, inner, place, faults)
    if origin is tuple:
        return tuple(_items(value, arguments[0], place, faults))
    if origin is not None:
        return _texts_by_name(value, place, faults)
    assert isinstance(wanted, type), f"{wanted} is no type that the model uses"
    if dataclasses.is_dataclass(wanted):
        return _object(value, wanted, place, faults)
    return _scalar(value, wanted, place, faults)


def _object(value: object, wanted: type, place: Place, faults: list[InvalidImportData]) -> object:
    if not isinstance(value, dict):
        _note(faults, place, f"is {_shown(value)}", "an object")
        return None
    fields, hints = _form(wanted)
    for name in value:
        if name not in fields:
            _note(faults, (*place, str(name)), "is unknown", f"one of {', '.join(fields)}")
    before = len(faults)
    found: dict[str, object] = {}
    for name, field in fields.items():
        if name in value:
            found[field.name] = _decoded(value[name], hints[field.name], (*place, name), faults)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            _note(faults, (*place, name), "is missing", "a value")
    return wanted(**found) if len(faults) == before else None


@functools.cache
def _form(wanted: type) -> tuple[dict[str, dataclasses.Field[object]], dict[str, object]]:
    """Fields by their wire names, and their types by their own; worked out once per class."""
    return {_camel(field.name): field for field in dataclasses.fields(wanted)}, typing.get_type_hints(wanted)


def _items(value: object, wanted: object, place: Place, faults: list[InvalidImportData]) -> list[object]:
    items_max = _LONG_LISTS.get(str(place[-1]), _LIST_MAX) if place else _LIST_MAX
    if not isinstance(value, list):
        _note(faults, place, f"is {_shown(value)}", "a list")
        return []
    if len(value) > items_max:
        _note(faults, place, f"has {len(value)} items", f"at most {items_max}")
        return []
    found = []
    for index, item in enumerate(value):
        if len(faults) >= FAULTS_MAX:
            break
        found.append(_decoded(item, wanted, (*place, index), faults))
    return found


def _texts_by_name(value: object, place: Place, faults: list[InvalidImportData]) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > _LIST_MAX:
        _note(faults, place, f"is {_shown(value)}", f"an object of at most {_LIST_MAX} texts")
        return {}
    found = {}
    for name, text in value.items():
        checked = _scalar(text, str, (*place, str(name)), faults)
        if len(str(name)) > TEXT_MAX:
            _note(faults, place, "has a name that is too long", f"at most {TEXT_MAX} characters")
        elif isinstance(checked, str):
            found[str(name)] = checked
    return found


def _scalar(value: object, wanted: type, place: Place, faults: list[InvalidImportData]) -> object:
    if wanted is Decimal:
        return _decimal(value, place, faults)
    if issubclass(wanted, StrEnum):
        if isinstance(value, str) and value in list(wanted):
            return wanted(value)
        _note(faults, place, f"is {_shown(value)}", f"one of {', '.join(wanted)}")
        return None
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        expected = {str: "a text", int: "a whole number", bool: "true or false"}[wanted]
        _note(faults, place, f"is {_shown(value)}", expected)
        return None
    if isinstance(value, str) and len(value) > TEXT_MAX:
        _note(faults, place, f"has {len(value)} characters", f"at most {TEXT_MAX}")
        return None
    return value


def _decimal(value: object, place: Place, faults: list[InvalidImportData]) -> Decimal | None:
    """Plain digits only: an exponent could stand for a number with a billion digits."""
    plain = isinstance(value, str) and len(value) <= _DIGITS_MAX and not set(value) - set("0123456789.-")
    if not plain:
        _note(faults, place, f"is {_shown(value)}", f"a number as text, at most {_DIGITS_MAX} digits")
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        _note(faults, place, f"is {_shown(value)}", "a number as text")
        return None


def _broken_references(data: ImportedData) -> list[InvalidImportData]:
    """Keys used twice, and keys that name no part of the same document."""
    faults: list[InvalidImportData] = []
    known: set[str] = set()
    for index, part in enumerate(data.parts):
        if part.key in known or not part.key:
            _note(faults, ("parts", index, "key"), f"is {_shown(part.key)}", "a text that no other part has")
        known.add(part.key)
    named: list[tuple[Place, str]] = []
    for index, part in enumerate(data.parts):
        if part.variant_of is not None:
            named.append((("parts", index, "variantOf"), part.variant_of))
    for index, line in enumerate(data.lines):
        named += [(("lines", index, "parentKey"), line.parent_key), (("lines", index, "childKey"), line.child_key)]
        named += [(("lines", index, "substitutes", place), key) for place, key in enumerate(line.substitutes)]
        if line.inherited_from is not None:
            named.append((("lines", index, "inheritedFrom"), line.inherited_from))
    named += [(("tops", index), key) for index, key in enumerate(data.tops)]
    for place, key in named:
        if key not in known and len(faults) < FAULTS_MAX:
            _note(faults, place, f"is {_shown(key)}", "the key of one of the parts")
    return faults


def _is_default(field: dataclasses.Field[object], value: object) -> bool:
    if field.default is not dataclasses.MISSING:
        return value == field.default
    return field.default_factory is not dataclasses.MISSING and value == field.default_factory()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _shown(value: object) -> str:
    return f"{value!r:.60}"


def _note(faults: list[InvalidImportData], place: Place, what: str, expected: str) -> None:
    if len(faults) < FAULTS_MAX:
        faults.append(_fault(place, what, expected))


def _fault(place: Place, what: str, expected: str) -> InvalidImportData:
    written = (
        "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".") or "The import"
    )
    return InvalidImportData(f"{written} {what}; expected {expected}.", path=place, expected=expected)


def _joined(faults: Sequence[InvalidImportData]) -> InvalidImportData:
    first, *others = faults
    return InvalidImportData(first.message, path=first.path, expected=first.expected, also=others)
