"""The parts of the library as KiCad places them, category by category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plumbline.access.permissions import Permission, read
from plumbline.catalog.model import CategoryType
from plumbline.catalog.reads import catalog
from plumbline.components.errors import ComponentMissing
from plumbline.components.filter import All, Field, Operator, Order, OrderField, Where
from plumbline.components.model import Component
from plumbline.components.reads import (
    NOT_ARCHIVED,
    attribute_values_of,
    find_components,
    list_components,
    sources_of,
    survey_heads,
    survey_values,
)
from plumbline.components.view import WORKING, View
from plumbline.exchange.catalog_steps import category_paths
from plumbline.exchange.errors import ExportTooLarge
from plumbline.exchange.exporting.kicad_parts import (
    PLACED_BY,
    TELLS_SYMBOL,
    KicadPart,
    PartFacts,
    is_placed,
    kicad_part,
    usual_symbol,
)
from plumbline.kit.paging import PAGE_SIZE_MAX, PageRequest
from plumbline.storage.unit_of_work import Scope

PARTS_MAX = 20_000
"""Of one category, since designers scroll through them."""
OBSOLETE = "OBSOLETE"


class KicadCategory(NamedTuple):
    id: str
    path: tuple[str, ...]
    """Names from the root down."""


@read(needs=Permission.LIBRARY_READ)
def kicad_categories(scope: Scope) -> list[KicadCategory]:
    """Categories with parts that designers place and that have a symbol, by name."""
    known = catalog(scope)
    electrical = {each.id for each in known.categories if each.type == CategoryType.ELECTRICAL}
    paths = category_paths(known.categories)
    placed, named = _holders(scope, PLACED_BY), _holders(scope, TELLS_SYMBOL)
    shown = {
        head.category_id
        for head in survey_heads(scope)
        if head.key in named
        or ((head.key in placed or head.category_id in electrical) and usual_symbol(paths[head.category_id]))
    }
    return sorted((KicadCategory(each, paths[each]) for each in shown), key=lambda each: each.path)


@read(needs=Permission.LIBRARY_READ)
def kicad_parts(scope: Scope, category_id: str, *, view: View = WORKING) -> list[KicadPart]:
    """The parts of one category that have a symbol, by part number; none for a category that is not there."""
    if category_id not in catalog(scope).category_by_id:
        return []
    return list(_with_symbol(scope, _components(scope, category_id, view), view))


@read(needs=Permission.LIBRARY_READ)
def kicad_part_by_id(scope: Scope, component_id: str, *, view: View = WORKING) -> KicadPart:
    """One part; refuses what is not there, is archived, or has no symbol."""
    found = [each for each in find_components(scope, [component_id], view=view) if not each.is_archived]
    for part in _with_symbol(scope, found, view):
        return part
    raise ComponentMissing(f"There is no part with the id {component_id[:50]!r} to place.", path=("id",))


def _holders(scope: Scope, names: frozenset[str]) -> set[int]:
    """Keys of the components that have a value of one of the attributes."""
    by_name = catalog(scope).attribute_by_name
    return {key for name in names if name in by_name for key, _ in survey_values(scope, by_name[name].id)}


def _components(scope: Scope, category_id: str, view: View) -> Sequence[Component]:
    wanted = All((NOT_ARCHIVED, Where(Field.CATEGORY_ID, Operator.EQ, category_id)))
    found: list[Component] = []
    after: str | None = None
    while True:
        page = list_components(
            scope, PageRequest(PAGE_SIZE_MAX, after), narrowed_to=wanted, order=(Order(OrderField.CPN),), view=view
        )
        found += page.items
        if len(found) > PARTS_MAX:
            raise ExportTooLarge(
                f"The category has more than {PARTS_MAX} parts.", hint="Divide it: designers choose from short lists."
            )
        if not page.has_next:
            return found
        after = page.cursors[-1]


def _with_symbol(scope: Scope, shown: Sequence[Component], view: View) -> Iterator[KicadPart]:
    now = catalog(scope)
    names, paths = {each.id: each.name for each in now.attributes}, category_paths(now.categories)
    values, sources = (
        attribute_values_of(scope, shown, view=view),
        sources_of(scope, shown, view=view, with_offers=False),
    )
    for each in shown:
        attributes = {names[value.attribute_id]: value.value.text for value in values.get(each.key, ())}
        is_electrical = now.category_by_id[each.category_id].type == CategoryType.ELECTRICAL
        status = now.status_by_id[each.status_id]
        facts = PartFacts(
            each.id,
            each.cpn,
            each.name,
            each.description,
            paths[each.category_id],
            status.name,
            status.maps_to == OBSOLETE,
            attributes,
            [
                (found.source.manufacturer, found.source.mpn, found.source.datasheet)
                for found in sources.get(each.key, ())
            ],
        )
        part = kicad_part(facts)
        if part.symbol and is_placed(attributes, is_electrical=is_electrical):
            yield part
