"""The YAML tables of the example as inputs of actions (pure). A table that does not read is our own fault, so it fails loudly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

from plumbline.components.model import NewComponent, NewSource, Offer, PriceBreak
from plumbline.kit.yaml_source import YamlValue, load_yaml

FOLDER = Path(__file__).parent
CURRENCY = "USD"
LEGACY = "legacy"
_PART_FIELDS = frozenset(
    {"name", "description", "unit", "mass", "legacy", "maker", "mpn", "shop", "days", "price", "also", "lines"}
)

Table = Mapping[str, YamlValue]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the tables write it. `part` is None where a change leaves it as it is; so are the others."""

    part: str | None
    quantity: Decimal | None = None
    designators: str | None = None
    notes: str | None = None
    is_do_not_place: bool | None = None
    substitutes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class PartRow:
    key: str
    component: NewComponent
    lines: tuple[LineRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Exactly one of: `line` names a line to change (or to move before another), `remove` one to remove; neither: `row` is added."""

    row: LineRow
    line: str | None = None
    before: str | None = None
    remove: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An engineering change: what is new, what differs, and what is released with it."""

    new_parts: tuple[PartRow, ...]
    parts: Mapping[str, Table]
    boms: Mapping[str, tuple[LineEdit, ...]]
    release: tuple[str, ...] = ()
    revision: str | None = None


def part_tables() -> tuple[PartRow, ...]:
    """Parts first, then assemblies from the inside out."""
    names = ("mechanical_parts.yaml", "electrical_parts.yaml", "assemblies.yaml")
    return tuple(row for name in names for row in _parts(_document(name)))


def change_table(name: str) -> Change:
    table = _map(_document("changes.yaml")[name])
    return Change(
        new_parts=tuple(_parts(_map(table.get("new_parts", {})))),
        parts={key: _map(value) for key, value in _map(table.get("parts", {})).items()},
        boms={
            parent: tuple(_line_edit(_map(each)) for each in _list(edits))
            for parent, edits in _map(table.get("boms", {})).items()
        },
        release=tuple(str(key) for key in _list(table.get("release", []))),
        revision=_text(table, "revision"),
    )


def attributes_in(table: Table) -> dict[str, object]:
    """What is written with a capital, and the mass."""
    found: dict[str, object] = {name: value for name, value in table.items() if name[0].isupper()}
    if "mass" in table:
        found["Mass"] = table["mass"]
    unknown = {name for name in table if not name[0].isupper()} - _PART_FIELDS
    assert not unknown, f"the tables know no field {', '.join(sorted(unknown))}"
    return found


def _parts(document: Table) -> Iterator[PartRow]:
    for category, parts in document.items():
        for key, value in _map(parts).items():
            table = _map(value)
            lines = tuple(_line(_map(each)) for each in _list(table.get("lines", [])))
            yield PartRow(key, _new_component(category, table), lines)


def _new_component(category: str, table: Table) -> NewComponent:
    legacy = _text(table, "legacy")
    return NewComponent(
        name=_text(table, "name") or "",
        category=category,
        description=_text(table, "description") or "",
        unit_of_measure=_text(table, "unit"),
        attributes=attributes_in(table),
        sources=tuple(_source(each) for each in (table, *map(_map, _list(table.get("also", [])))))
        if "mpn" in table
        else (),
        aliases=() if legacy is None else ((LEGACY, legacy),),
    )


def _source(table: Table) -> NewSource:
    prices = _map(table["price"])
    offer = Offer(
        distributor=_text(table, "shop") or "",
        sku=f"{(_text(table, 'shop') or '')[:2].upper()}-{table['mpn']}",
        currency=CURRENCY,
        breaks=tuple(PriceBreak(Decimal(quantity), Decimal(str(price))) for quantity, price in prices.items()),
        lead_time_days=int(str(table["days"])),
    )
    return NewSource(_text(table, "maker") or "", str(table["mpn"]), offers=(offer,))


def _line(table: Table, part_field: str = "part") -> LineRow:
    quantity = table.get("quantity")
    return LineRow(
        part=_text(table, part_field),
        quantity=None if quantity is None else Decimal(str(quantity)),
        designators=_text(table, "at"),
        notes=_text(table, "notes"),
        is_do_not_place=cast("bool | None", table.get("dnp")),
        substitutes=tuple(str(each) for each in _list(table["substitutes"])) if "substitutes" in table else None,
    )


def _line_edit(table: Table) -> LineEdit:
    row = _line(table, "add" if "add" in table else "with")
    return LineEdit(row, _text(table, "line"), _text(table, "before"), _text(table, "remove"))


def _document(name: str) -> Table:
    return _map(load_yaml((FOLDER / name).read_bytes(), name).value)


def _map(value: YamlValue) -> Table:
    assert isinstance(value, dict), f"{value!r:.60} is no map"
    return value


def _list(value: YamlValue) -> list[YamlValue]:
    assert isinstance(value, list), f"{value!r:.60} is no list"
    return value


def _text(table: Table, name: str) -> str | None:
    return None if table.get(name) is None else str(table[name])
