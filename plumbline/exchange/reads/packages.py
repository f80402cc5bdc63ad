"""A product with everything in it, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plumbline.access.permissions import Permission, read
from plumbline.boms.reads import lines_by_keys, lines_of, rolled_up_quantities, structure
from plumbline.boms.roll_up import Quantities
from plumbline.boms.structure import Lines
from plumbline.catalog.reads import catalog
from plumbline.components.model import Component
from plumbline.components.reads import attribute_values_of, find_components, sources_of
from plumbline.components.view import WORKING, View
from plumbline.exchange.catalog_steps import category_paths
from plumbline.exchange.exporting.package import (
    LINES_OF_A_PAGE_MAX,
    PackagedItem,
    keys_of_page,
    packaged_item,
    packaged_line,
)
from plumbline.exchange.reads.shown import moment, shown_in, substitute_ids, substitute_numbers
from plumbline.storage.unit_of_work import Scope


@dataclass(frozen=True, slots=True)
class PackagedPage:
    """Items of a package, and the change of the library that all pages of it show."""

    items: tuple[PackagedItem, ...]
    has_next: bool
    at_change: int


@read(needs=Permission.LIBRARY_READ)
def packaged_product(
    scope: Scope,
    top: Component,
    *,
    view: View = WORKING,
    at_change: int | None = None,
    offset: int = 0,
    limit: int = 500,
) -> PackagedPage:
    """A page of a product with everything in it, component by component; what is not placed stands there too.

    The top comes first, parents before their children; substitutes that stand nowhere else come last, without what is in them.
    """
    at, shown = moment(scope, view, at_change)
    counted = rolled_up_quantities(scope, top, view=shown, include_do_not_place=True)
    keys = (top.key, *counted.totals, *_substitute_keys(scope, top, counted, shown))
    inside = {key: counted.lines[key] for key in keys[offset : offset + limit] if _has_lines(counted, key)}
    chosen = keys_of_page(keys[offset : offset + limit], {key: len(own.children) for key, own in inside.items()})
    items = tuple(_packaged_items(scope, chosen, inside, shown))
    return PackagedPage(items, offset + len(chosen) < len(keys), at)


def _has_lines(counted: Quantities, key: int) -> bool:
    """Not so a substitute that is no part of the product, since what is in it stands nowhere in the package."""
    return key in counted.lines and (key == counted.top or key in counted.totals)


def _substitute_keys(scope: Scope, top: Component, counted: Quantities, view: View) -> tuple[int, ...]:
    """Substitutes of the product's lines that are not in the product themselves; looked for once per state of its lines."""

    def found() -> tuple[int, ...]:
        line_keys = [
            key
            for parent in (top.key, *counted.totals)
            if parent in counted.lines
            for key in counted.lines[parent].keys
        ]
        ids: set[str] = set()
        for start in range(0, len(line_keys), LINES_OF_A_PAGE_MAX):
            batch = line_keys[start : start + LINES_OF_A_PAGE_MAX]
            ids.update(substitute_ids(lines_by_keys(scope, batch).values()))
        known = sorted(find_components(scope, sorted(ids)), key=lambda each: each.cpn)
        return tuple(each.key for each in known if each.key not in counted.totals and each.key != top.key)

    return structure(scope, view).derived(("substitutes", top.key), found)


def _packaged_items(
    scope: Scope, keys: Sequence[int], inside: Mapping[int, Lines], view: View
) -> Iterator[PackagedItem]:
    """What all of them need is looked up together; what belongs to another library is not there. `inside` has the lines to show."""
    child_keys = [child for key in keys if key in inside for child in inside[key].children]
    known = shown_in(scope, [*keys, *child_keys], view)
    shown = [known[key] for key in keys if key in known]
    lines = lines_of(scope, [each for each in shown if each.key in inside], view=view)
    substitutes = substitute_numbers(scope, [line for own in lines.values() for line in own])
    values, sources = (
        attribute_values_of(scope, shown, view=view),
        sources_of(scope, shown, view=view, with_offers=False),
    )
    now = catalog(scope)
    paths, names = category_paths(now.categories), {each.id: each.name for each in now.attributes}
    for each in shown:
        yield packaged_item(
            each,
            (paths[each.category_id], now.category_by_id[each.category_id].type),
            now.status_by_id[each.status_id],
            {names[value.attribute_id]: value.value.text for value in values.get(each.key, ())},
            [source.source for source in sources.get(each.key, ())],
            [packaged_line(line, known[line.child_key], substitutes) for line in lines.get(each.key, ())],
        )
