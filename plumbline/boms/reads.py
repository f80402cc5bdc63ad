"""Questions about BOMs, each in every view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import islice

from plumbline.access.permissions import Permission, read
from plumbline.boms import store
from plumbline.boms.comparison import LineDifference, compare_lines
from plumbline.boms.cycles import cycle_through
from plumbline.boms.errors import LineMissing
from plumbline.boms.explosion import DEPTH_MAX, ExplodedLine, explode
from plumbline.boms.graphs import GRAPHS
from plumbline.boms.model import BomLine
from plumbline.boms.roll_up import (
    Combine,
    Cost,
    Quantities,
    best_cost,
    combined,
    quantities,
    shortest_lead_time,
    total,
)
from plumbline.boms.structure import NO_LINES, Quantity, Structure
from plumbline.boms.where_used import ancestors, direct_parents, tops
from plumbline.catalog.attributes import number_in_unit
from plumbline.catalog.model import Attribute
from plumbline.catalog.reads import catalog
from plumbline.components.model import Component
from plumbline.components.reads import (
    attribute_values_of,
    component_at_version,
    components_by_keys,
    released_between,
    released_versions,
    sources_of,
)
from plumbline.components.view import RELEASED, WORKING, View, ViewMode
from plumbline.kit.quantity import EXACT
from plumbline.storage.unit_of_work import Scope, change_number_now

LAWS = store.LAWS

_ROUNDING = Context(prec=EXACT.prec)
"""For divisions, which seldom are exact; as many digits as the sums have."""


@read(needs=Permission.LIBRARY_READ)
def structure(scope: Scope, view: View = WORKING) -> Structure:
    """The BOMs of the whole library as a graph; kept in memory, brought up to date by what changed since."""
    at_change = change_number_now(scope) if view.at_change is None else view.at_change
    return structure_at(scope, view, at_change)


def structure_at(scope: Scope, view: View, at_change: int) -> Structure:
    name = (scope.library_id, view.mode, view.at_change)
    bring_up_to = _bring_working_up_to if view.mode is ViewMode.WORKING else _bring_released_up_to
    return GRAPHS.get(name, at_change, lambda known: bring_up_to(scope, known, at_change))


@read(needs=Permission.LIBRARY_READ)
def ring_if_released(scope: Scope, components: Sequence[Component]) -> list[Component]:
    """Components that would contain each other if these were released as they are now, the first one last again; none where all is well."""
    number = change_number_now(scope)
    lines = store.graph_of_parents(scope.connection, scope.library_id, [each.key for each in components], number)
    if not lines:
        return []
    graph = structure_at(scope, RELEASED, number).with_lines(
        number, {each.key: lines.get(each.key, NO_LINES) for each in components}
    )
    ring = cycle_through(graph, {key: set(each.children) for key, each in lines.items()})
    if ring is None:
        return []
    named = components_by_keys(scope, ring)
    return [named[key] for key in ring]


@read(needs=Permission.LIBRARY_READ)
def lines_of(scope: Scope, parents: Sequence[Component], *, view: View = WORKING) -> dict[int, list[BomLine]]:
    """The lines of each parent, in order, by the parent's key."""
    keys = [parent.key for parent in parents]
    if view.mode is ViewMode.RELEASED:
        lines = store.lines_of_released(
            scope.connection, scope.library_id, keys, released_versions(scope, view.at_change)
        )
    else:
        lines = store.lines_of_parents(scope.connection, scope.library_id, keys, view.at_change)
    found: dict[int, list[BomLine]] = {key: [] for key in keys}
    for line in lines:
        found[line.parent_key].append(line)
    return found


@read(needs=Permission.LIBRARY_READ)
def lines_by_keys(scope: Scope, keys: Sequence[int]) -> dict[int, BomLine]:
    """Whole lines for the rows of an explosion."""
    return store.lines_by_keys(scope.connection, scope.library_id, keys)


@read(needs=Permission.LIBRARY_READ)
def line_by_id(scope: Scope, line_id: str) -> BomLine:
    """A line that holds now."""
    found = store.open_lines_by_ids(scope.connection, scope.library_id, [line_id]).get(line_id)
    if found is None:
        raise LineMissing(f"There is no BOM line with the id {line_id[:50]!r}.", path=("lineId",))
    return found


@read(needs=Permission.LIBRARY_READ)
def exploded(
    scope: Scope,
    top: Component,
    *,
    view: View = WORKING,
    depth_max: int = DEPTH_MAX,
    offset: int = 0,
    limit: int = 1000,
) -> tuple[list[ExplodedLine], bool]:
    """A page of the indented BOM, depth first, and whether there is more."""
    rows = explode(structure(scope, view), top.key, depth_max=depth_max)
    found = list(islice(rows, offset, offset + limit + 1))
    return found[:limit], len(found) > limit


@read(needs=Permission.LIBRARY_READ)
def rolled_up_quantities(
    scope: Scope, top: Component, *, view: View = WORKING, include_do_not_place: bool = False
) -> Quantities:
    """How many of every component one top contains."""
    graph = structure(scope, view)
    return graph.derived(
        ("quantities", top.key, include_do_not_place), lambda: _quantities(graph, top.key, include_do_not_place)
    )


@read(needs=Permission.LIBRARY_READ)
def used_in(scope: Scope, component: Component, *, view: View = WORKING) -> list[BomLine]:
    """The lines on which the component stands directly."""
    parents = direct_parents(structure(scope, view), component.key)
    found = lines_of(scope, list(components_by_keys(scope, parents, view=view).values()), view=view)
    return [line for parent in parents for line in found.get(parent, ()) if line.child_key == component.key]


@read(needs=Permission.LIBRARY_READ)
def ancestors_of(scope: Scope, component: Component, *, view: View = WORKING) -> dict[int, int]:
    """Keys of everything that contains the component, nearest first, with the distance."""
    return ancestors(structure(scope, view), component.key)


@read(needs=Permission.LIBRARY_READ)
def tops_of(scope: Scope, component: Component, *, view: View = WORKING) -> list[int]:
    """Keys of the products that contain the component."""
    return tops(structure(scope, view), component.key)


@read(needs=Permission.LIBRARY_READ)
def product_keys(scope: Scope, *, view: View = WORKING) -> list[int]:
    """Keys of the assemblies that no other assembly contains."""
    graph = structure(scope, view)
    return [parent for parent in graph.lines if parent not in graph.parents]


@read(needs=Permission.LIBRARY_READ)
def line_counts(scope: Scope, keys: Sequence[int], *, view: View = WORKING) -> dict[int, int]:
    """How many lines each of the components has."""
    graph = structure(scope, view)
    return {key: len(graph.children(key)) for key in keys}


@read(needs=Permission.LIBRARY_READ)
def compared_versions(scope: Scope, component: Component, from_version: int, to_version: int) -> list[LineDifference]:
    """What changed in the BOM of a component between two of its versions."""
    for version in (from_version, to_version):
        component_at_version(scope, component.id, version)
    before = store.lines_at_version(scope.connection, scope.library_id, component.key, from_version)
    after = store.lines_at_version(scope.connection, scope.library_id, component.key, to_version)
    return compare_lines(before, after)


@read(needs=Permission.LIBRARY_READ)
def compared_components(
    scope: Scope, one: Component, other: Component, *, view: View = WORKING, other_view: View | None = None
) -> list[LineDifference]:
    """What differs between the BOMs of two components, or of one component in two views."""
    before = lines_of(scope, [one], view=view)[one.key]
    after = lines_of(scope, [other], view=other_view or view)[other.key]
    return compare_lines(before, after)


@dataclass(frozen=True, slots=True)
class CostLine:
    """A leaf of the roll-up: `quantity` pieces for all tops together."""

    component_key: int
    quantity: Quantity
    cost: Cost | None
    extended: Decimal | None


@dataclass(frozen=True, slots=True)
class CostRollUp:
    """`total` leaves out the parts without a price; `unpriced` names them. `per_top` is rounded to 6 decimals where it is not exact."""

    currency: str
    build_quantity: Decimal
    total: Decimal
    per_top: Decimal
    lines: tuple[CostLine, ...]
    unpriced: tuple[int, ...]


@read(needs=Permission.LIBRARY_READ)
def rolled_up_cost(
    scope: Scope, top: Component, *, view: View = WORKING, build_quantity: Decimal = Decimal(1), currency: str = "USD"
) -> CostRollUp:
    """What the parts for so many tops cost: each part at the price break that its whole quantity reaches."""
    counted = rolled_up_quantities(scope, top, view=view)
    parts = components_by_keys(scope, counted.leaves, view=_heads(view))
    sources = sources_of(scope, list(parts.values()), view=_heads(view))
    lines: list[CostLine] = []
    for key in counted.leaves:
        needed = EXACT.multiply(Decimal(counted.totals[key]), build_quantity)
        cost = best_cost((each.source for each in sources.get(key, ())), needed, currency)
        lines.append(CostLine(key, needed, cost, None if cost is None else EXACT.multiply(cost.unit_price, needed)))
    amount = total(line.extended for line in lines if line.extended is not None)
    per_top = amount
    if build_quantity != 1:
        per_top = _ROUNDING.quantize(_ROUNDING.divide(amount, build_quantity), Decimal("0.000001"))
    return CostRollUp(
        currency,
        build_quantity,
        amount,
        per_top,
        tuple(lines),
        tuple(each.component_key for each in lines if each.cost is None),
    )


@dataclass(frozen=True, slots=True)
class AttributeRollUp:
    """`value` in the attribute's unit, or None when no leaf has one; `missing` names the leaves that have none."""

    attribute_id: str
    value: Decimal | None
    unit: str | None
    missing: tuple[int, ...]


@read(needs=Permission.LIBRARY_READ)
def rolled_up_attribute(
    scope: Scope, top: Component, attribute: str, how: Combine, *, view: View = WORKING
) -> AttributeRollUp:
    """A numeric attribute of the leaves as a sum over all pieces, or as the largest or smallest. Mass is such an attribute."""
    chosen = catalog(scope).attribute(attribute, ("attribute",))
    counted = rolled_up_quantities(scope, top, view=view)
    values = _numbers(scope, counted.leaves, chosen, view)
    value, missing = combined(values, counted, how)
    return AttributeRollUp(chosen.id, value, chosen.unit, missing)


@read(needs=Permission.LIBRARY_READ)
def longest_lead_time(scope: Scope, top: Component, *, view: View = WORKING) -> tuple[int | None, int | None]:
    """Days until the last part can be there, each from its fastest offer, and the key of that part."""
    counted = rolled_up_quantities(scope, top, view=view)
    parts = components_by_keys(scope, counted.leaves, view=_heads(view))
    sources = sources_of(scope, list(parts.values()), view=_heads(view))
    known = [
        (days, key)
        for key in counted.leaves
        if (days := shortest_lead_time(each.source for each in sources.get(key, ()))) is not None
    ]
    return max(known, key=lambda pair: pair[0], default=(None, None))


def _numbers(scope: Scope, keys: Sequence[int], attribute: Attribute, view: View) -> dict[int, Decimal]:
    """Values as typed, in the unit of the attribute."""
    parts = components_by_keys(scope, keys, view=_heads(view))
    found: dict[int, Decimal] = {}
    for key, values in attribute_values_of(scope, list(parts.values()), view=_heads(view)).items():
        for each in values:
            if each.attribute_id == attribute.id and (number := number_in_unit(each.value, attribute.unit)) is not None:
                found[key] = number
    return found


def _quantities(graph: Structure, top: int, include_do_not_place: bool) -> Quantities:
    return quantities(graph, top, include_do_not_place=include_do_not_place)


def _heads(view: View) -> View:
    """Leaves of a RELEASED product may themselves never have been released; their data is then the newest there is."""
    return View(ViewMode.WORKING, view.at_change)


def _bring_working_up_to(scope: Scope, known: Structure | None, at_change: int) -> Structure:
    if known is None:
        return Structure(at_change, store.graph_at(scope.connection, scope.library_id, at_change))
    parents = store.parents_changed_between(scope.connection, scope.library_id, known.at_change, at_change)
    if not parents:
        return known.moved_to(at_change)
    lines = store.graph_of_parents(scope.connection, scope.library_id, parents, at_change)
    return known.with_lines(at_change, {parent: lines.get(parent, NO_LINES) for parent in parents})


def _bring_released_up_to(scope: Scope, known: Structure | None, at_change: int) -> Structure:
    if known is not None and not released_between(scope, known.at_change, at_change):
        return known.moved_to(at_change)
    lines = store.graph_of_releases(scope.connection, scope.library_id, released_versions(scope, at_change))
    return Structure(at_change, lines)
