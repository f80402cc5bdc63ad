"""A product with everything in it, component by component: what a package for suppliers is made of (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from plumbline.boms.designators import parse_designators
from plumbline.boms.model import BomLine
from plumbline.catalog.model import Status, api_type
from plumbline.components.model import Component, ComponentState, NewSource

LINES_OF_A_PAGE_MAX = 20_000
"""BOM lines that one page of items carries; a single assembly with more comes alone."""


class PackagedSource(NamedTuple):
    """A maker's part. Prices stay at home: a package goes to those who bid."""

    manufacturer: str
    mpn: str
    status: str
    description: str
    datasheet: str | None


class PackagedLine(NamedTuple):
    id: str
    """Of the child."""
    cpn: str
    name: str
    revision: str | None
    quantity: str
    """An exact decimal."""
    unit: str
    child_unit: str
    """What the child is measured in by itself; most lines have the same."""
    item_number: int | None
    reference_designators: tuple[str, ...]
    notes: str
    is_do_not_place: bool
    substitutes: tuple[tuple[str, str], ...]
    """Pairs of id and part number."""


class PackagedItem(NamedTuple):
    id: str
    cpn: str
    name: str
    description: str
    kind: str
    """PART, ASSEMBLY or DOCUMENT."""
    category: tuple[str, ...]
    """Names from the root down."""
    revision: str | None
    released_at: str | None
    """Set where the version that is shown is the released one."""
    status: str
    status_meaning: str
    """DESIGN, PROTOTYPE, PRODUCTION or OBSOLETE."""
    procurement: str
    unit: str
    eid: str | None
    attributes: Mapping[str, str]
    """Values as they were typed, by name."""
    sources: tuple[PackagedSource, ...]
    lines: tuple[PackagedLine, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """`items` can be gone through once: the top first, parents before their children, substitutes that stand nowhere else at the end."""

    top: str
    """Part number of the product."""
    title: str
    view: str
    """For people: `released`, `working as of 2026-01-31`."""
    owner: str
    """Who sends it."""
    items: Iterable[PackagedItem]


def keys_of_page(keys: Sequence[int], line_counts: Mapping[int, int]) -> Sequence[int]:
    """As many of the components as have `LINES_OF_A_PAGE_MAX` lines together, but at least one."""
    lines = 0
    for place, key in enumerate(keys):
        lines += line_counts.get(key, 0)
        if place and lines > LINES_OF_A_PAGE_MAX:
            return keys[:place]
    return keys


def packaged_item(
    component: Component,
    category: tuple[tuple[str, ...], str],
    status: Status,
    attributes: Mapping[str, str],
    sources: Sequence[NewSource],
    lines: Sequence[PackagedLine],
) -> PackagedItem:
    """`category` is a path of names and the category's type."""
    path, category_type = category
    return PackagedItem(
        id=component.id,
        cpn=component.cpn,
        name=component.name,
        description=component.description,
        kind=api_type(category_type),
        category=path,
        revision=component.revision,
        released_at=component.released_at if component.state is ComponentState.RELEASED else None,
        status=status.name,
        status_meaning=status.maps_to,
        procurement=component.procurement,
        unit=component.unit_of_measure,
        eid=component.eid,
        attributes=attributes,
        sources=tuple(
            PackagedSource(each.manufacturer, each.mpn, str(each.status), each.description, each.datasheet)
            for each in sources
        ),
        lines=tuple(lines),
    )


def packaged_line(line: BomLine, child: Component, cpns: Mapping[str, str]) -> PackagedLine:
    """`cpns` are the part numbers of substitutes, by id."""
    substitutes = () if line.substitutes == "[]" else orjson.loads(line.substitutes)
    return PackagedLine(
        id=child.id,
        cpn=child.cpn,
        name=child.name,
        revision=child.revision,
        quantity=line.quantity,
        unit=line.unit,
        child_unit=child.unit_of_measure,
        item_number=line.item_number,
        reference_designators=parse_designators(line.reference_designators),
        notes=line.notes,
        is_do_not_place=line.is_do_not_place,
        substitutes=tuple((each, cpns[each]) for each in substitutes if each in cpns),
    )


# --- the same as plain JSON -------------------------------------------------------------------------------------------------------


def item_on_wire(item: PackagedItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "cpn": item.cpn,
        "name": item.name,
        "description": item.description,
        "kind": item.kind,
        "category": list(item.category),
        "revision": item.revision,
        "releasedAt": item.released_at,
        "status": item.status,
        "statusMeaning": item.status_meaning,
        "procurement": item.procurement,
        "unit": item.unit,
        "eid": item.eid,
        "attributes": dict(item.attributes),
        "sources": [source._asdict() for source in item.sources],
        "lines": list(_lines_on_wire(item.lines)),
    }


def _lines_on_wire(lines: Iterable[PackagedLine]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield {
            "id": line.id,
            "cpn": line.cpn,
            "name": line.name,
            "revision": line.revision,
            "quantity": line.quantity,
            "unit": line.unit,
            "childUnit": line.child_unit,
            "itemNumber": line.item_number,
            "referenceDesignators": list(line.reference_designators),
            "notes": line.notes,
            "isDoNotPlace": line.is_do_not_place,
            "substitutes": [{"id": id_, "cpn": cpn} for id_, cpn in line.substitutes],
        }


def item_from_wire(node: Mapping[str, Any]) -> PackagedItem:
    return PackagedItem(
        id=node["id"],
        cpn=node["cpn"],
        name=node["name"],
        description=node["description"],
        kind=node["kind"],
        category=tuple(node["category"]),
        revision=node["revision"],
        released_at=node["releasedAt"],
        status=node["status"],
        status_meaning=node["statusMeaning"],
        procurement=node["procurement"],
        unit=node["unit"],
        eid=node["eid"],
        attributes=node["attributes"],
        sources=tuple(PackagedSource(**source) for source in node["sources"]),
        lines=tuple(_line_from_wire(line) for line in node["lines"]),
    )


def _line_from_wire(line: Mapping[str, Any]) -> PackagedLine:
    return PackagedLine(
        id=line["id"],
        cpn=line["cpn"],
        name=line["name"],
        revision=line["revision"],
        quantity=line["quantity"],
        unit=line["unit"],
        child_unit=line["childUnit"],
        item_number=line["itemNumber"],
        reference_designators=tuple(line["referenceDesignators"]),
        notes=line["notes"],
        is_do_not_place=line["isDoNotPlace"],
        substitutes=tuple((each["id"], each["cpn"]) for each in line["substitutes"]),
    )
