"""Questions about BOMs, each in every view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from plumbline.access.permissions import Permission, read
from plumbline.boms import store
from plumbline.boms.comparison import LineDifference, compare_lines, in_order, order_kept
from plumbline.boms.cycles import cycle_through
from plumbline.boms.differences import ComponentDifferences, Names, substitutes_of
from plumbline.boms.errors import LineMissing
from plumbline.boms.explosion import DEPTH_MAX, ExplodedLine, explode
from plumbline.boms.graphs import GRAPHS
from plumbline.boms.impact import Impact, Parts, consists_of, deltas, totals_before, totals_of, use_of
from plumbline.boms.model import BomLine
from plumbline.boms.roll_up import (
    AttributeRollUp,
    Combine,
    CostRollUp,
    Quantities,
    combined,
    cost_of,
    lead_times,
    numbers_of,
    quantities,
)
from plumbline.boms.structure import NO_LINES, Structure
from plumbline.boms.where_used import ancestors, direct_parents, tops
from plumbline.catalog.model import Attribute
from plumbline.catalog.reads import catalog
from plumbline.components.differences import BEFORE_THE_FIRST, VersionSpan, compare_contents
from plumbline.components.model import Component
from plumbline.components.reads import (
    attribute_values_of,
    briefs_by_keys,
    component_at_version,
    components_by_ids,
    components_by_keys,
    contents_at_versions,
    find_components,
    released_between,
    released_versions,
    sources_of,
)
from plumbline.components.view import RELEASED, WORKING, View, ViewMode
from plumbline.storage.intervals import AtVersion
from plumbline.storage.unit_of_work import Scope, change_number_now

LAWS = store.LAWS


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
    ends = ((component.key, from_version), (component.key, to_version))
    return _line_differences(scope, [ends])[0]


@read(needs=Permission.LIBRARY_READ)
def component_differences(scope: Scope, spans: Sequence[VersionSpan]) -> list[ComponentDifferences]:
    """What differs between two versions of each component, its lines among it; in as many statements for hundreds as for one.

    Raises ComponentMissing and VersionMissing.
    """
    known = catalog(scope)
    contents = contents_at_versions(scope, spans)
    versions = [
        (BEFORE_THE_FIRST if before is None else before.component.version, after.component.version)
        for before, after in contents
    ]
    ends = [
        ((after.component.key, old), (after.component.key, new))
        for (_, after), (old, new) in zip(contents, versions, strict=True)
    ]
    lines = _line_differences(scope, ends)
    names = _names_on(scope, [line for found in lines for each in found for line in (each.before, each.after) if line])
    return [
        ComponentDifferences(
            None if before is None else before.component,
            after.component,
            tuple(compare_contents(before, after, known)),
            tuple(found),
            names,
        )
        for (before, after), found in zip(contents, lines, strict=True)
    ]


def _line_differences(scope: Scope, ends: Sequence[tuple[AtVersion, AtVersion]]) -> list[list[LineDifference]]:
    """Between two versions of each parent. Lines that stayed as they were are read only where one has moved: past which others, they
    tell."""
    wanted = [at for pair in ends for at in pair]
    changed = store.changed_lines_at_versions(scope.connection, scope.library_id, wanted)
    moved = {pair for pair in ends if not order_kept(changed[pair[0]], changed[pair[1]])}
    parents = {before[0] for before, _ in moved}
    unchanged = store.unchanged_lines(scope.connection, scope.library_id, wanted, parents) if moved else {}
    found = []
    for pair in ends:
        before, after = (changed[at] for at in pair)
        if pair in moved:
            before, after = (in_order(lines, unchanged[pair[0][0]]) for lines in (before, after))
        found.append(compare_lines(before, after))
    return found


def _names_on(scope: Scope, lines: Sequence[BomLine]) -> Names:
    children = briefs_by_keys(scope, list(dict.fromkeys(line.child_key for line in lines)))
    ids = substitutes_of(lines)
    return Names(children, {each.id: each.cpn for each in find_components(scope, ids)} if ids else {})


@read(needs=Permission.LIBRARY_READ)
def compared_components(
    scope: Scope, one: Component, other: Component, *, view: View = WORKING, other_view: View | None = None
) -> list[LineDifference]:
    """What differs between the BOMs of two components, or of one component in two views."""
    before = lines_of(scope, [one], view=view)[one.key]
    after = lines_of(scope, [other], view=other_view or view)[other.key]
    return compare_lines(before, after)


@read(needs=Permission.LIBRARY_READ)
def rolled_up_cost(
    scope: Scope, top: Component, *, view: View = WORKING, build_quantity: Decimal = Decimal(1), currency: str = "USD"
) -> CostRollUp:
    """What the parts for so many tops cost: each part at the price break that its whole quantity reaches."""
    counted = rolled_up_quantities(scope, top, view=view)
    parts = components_by_keys(scope, counted.leaves, view=_heads(view))
    sources = sources_of(scope, list(parts.values()), view=_heads(view))
    by_part = {key: [each.source for each in found] for key, found in sources.items()}
    return cost_of(counted, by_part, build_quantity, currency)


@read(needs=Permission.LIBRARY_READ)
def rolled_up_attribute(
    scope: Scope, top: Component, attribute: str, how: Combine, *, view: View = WORKING
) -> AttributeRollUp:
    """A numeric attribute of the leaves as a sum over all pieces, or as the largest or smallest. Mass is such an attribute."""
    chosen = catalog(scope).attribute(attribute, ("attribute",))
    counted = rolled_up_quantities(scope, top, view=view)
    parts = components_by_keys(scope, counted.leaves, view=_heads(view))
    values = attribute_values_of(scope, list(parts.values()), view=_heads(view))
    value, missing = combined(numbers_of(values, chosen), counted, how)
    return AttributeRollUp(chosen.id, value, chosen.unit, missing)


@read(needs=Permission.LIBRARY_READ)
def longest_lead_time(scope: Scope, top: Component, *, view: View = WORKING) -> tuple[int | None, int | None]:
    """Days until the last part can be there, each from its fastest offer, and the key of that part."""
    counted = rolled_up_quantities(scope, top, view=view)
    parts = components_by_keys(scope, counted.leaves, view=_heads(view))
    sources = sources_of(scope, list(parts.values()), view=_heads(view))
    days = lead_times(counted.leaves, {key: [each.source for each in found] for key, found in sources.items()})
    slowest = max(days, key=days.__getitem__, default=None)
    return (None, None) if slowest is None else (days[slowest], slowest)


@read(needs=Permission.LIBRARY_READ)
def impact_of(scope: Scope, ids: Sequence[str], *, currency: str = "USD") -> list[Impact]:
    """What a change of each component means: the products that contain it, and what it costs, weighs and takes since its last release.

    Both sides of a change take the parts at today's prices, so that a change of a BOM shows as what it is; a part without lines stands
    for itself, at either version. Raises ComponentMissing.
    """
    components = components_by_ids(scope, ids)
    keys = [each.key for each in components]
    working, released = structure(scope), structure(scope, RELEASED)
    now = {key: consists_of(working, key) for key in keys}
    then = {each.key: consists_of(released, each.key) for each in components if each.released_version is not None}
    mass = catalog(scope).attribute_by_source_key("mass")
    leaves = dict.fromkeys(leaf for counted in (*now.values(), *then.values()) for leaf in counted.leaves)
    parts = _parts(scope, [*leaves], mass, WORKING)
    own = _parts(scope, [*then], mass, RELEASED)
    found = []
    for component in components:
        key = component.key
        after = totals_of(now[key], parts, currency)
        before = totals_before(then.get(key), now[key], after, parts=parts, own=own, currency=currency)
        cost, weight, lead_time = deltas(before, after, currency, mass)
        uses = use_of(released, key), use_of(working, key)
        found.append(Impact(component, *uses, cost, weight, lead_time, {}))
    names = briefs_by_keys(scope, list(dict.fromkeys(key for each in found for key in each.listed())))
    return [replace(each, names={key: names[key] for key in each.listed()}) for each in found]


def _parts(scope: Scope, keys: Sequence[int], mass: Attribute | None, view: View) -> Parts:
    shown = list(components_by_keys(scope, keys, view=view).values())
    sources = sources_of(scope, shown, view=view)
    values = {} if mass is None else attribute_values_of(scope, shown, view=view)
    return Parts(
        {key: [each.source for each in found] for key, found in sources.items()},
        {} if mass is None else numbers_of(values, mass),
    )


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
