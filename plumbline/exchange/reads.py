"""Questions of imports and exports: what the library has, what an import would make of it, and a BOM as a receiver wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

import orjson

from plumbline.access.permissions import Permission, read
from plumbline.boms.model import BomLine
from plumbline.boms.reads import lines_by_keys, lines_of, rolled_up_quantities, structure
from plumbline.boms.roll_up import Cost, Quantities, best_cost
from plumbline.boms.structure import Lines
from plumbline.catalog.reads import Catalog, catalog
from plumbline.components.model import Alias, AttributeValue, Component, Source
from plumbline.components.reads import (
    aliases_of,
    attribute_values_of,
    component_by_cpn,
    components_by_keys,
    find_components,
    list_components,
    sources_of,
)
from plumbline.components.view import WORKING, View, ViewMode
from plumbline.exchange.catalog_steps import category_paths, missing_attributes
from plumbline.exchange.component_steps import aimed_at
from plumbline.exchange.exporting.attributes import named_attributes
from plumbline.exchange.exporting.fields import LINE_FIELDS, PRICE_FIELDS, SOURCE_FIELDS, ExportRow, shown_cell
from plumbline.exchange.exporting.lists import Counted, PartLine, flat_lines, flat_rows, indented_lines, unit_costs
from plumbline.exchange.exporting.package import (
    LINES_OF_A_PAGE_MAX,
    PackagedItem,
    keys_of_page,
    packaged_item,
    packaged_line,
)
from plumbline.exchange.exporting.sheet import ROWS_MAX, Column, SheetRow, too_many_rows
from plumbline.exchange.exporting.template import ExportTemplate, ListKind
from plumbline.exchange.library_form import in_library_form
from plumbline.exchange.library_lines import known_line
from plumbline.exchange.library_sources import imported_source
from plumbline.exchange.matching import NOTHING_DECIDED, Decisions, MatchState
from plumbline.exchange.model import ImportedData, Notice, Severity
from plumbline.exchange.numbers_to_be import categories_of_new_parts, categories_to_be
from plumbline.exchange.plan import ImportPlan, plan_import
from plumbline.exchange.snapshot import KnownPart, PartValues, Snapshot
from plumbline.exchange.wire import json_of
from plumbline.kit.errors import Refusal
from plumbline.kit.paging import PAGE_SIZE_MAX, PageRequest
from plumbline.kit.quantity import EXACT
from plumbline.numbering.model import NumberRequest
from plumbline.numbering.reads import drawn_numbers
from plumbline.storage.unit_of_work import Scope, change_number_now


@dataclass(frozen=True, slots=True)
class LibraryNow:
    """A whole library at one moment; details by component key."""

    catalog: Catalog
    components: dict[str, Component]
    """By id, in the order of part numbers."""
    attributes: dict[int, list[AttributeValue]]
    sources: dict[int, list[Source]]
    aliases: dict[int, list[Alias]]
    lines: dict[int, list[BomLine]]

    def snapshot(self) -> Snapshot:
        """The same as the plain values that a plan compares."""
        paths = category_paths(self.catalog.categories)
        names = {attribute.id: attribute.name for attribute in self.catalog.attributes}
        id_of = {component.key: component.id for component in self.components.values()}
        parts = [
            KnownPart(
                id=each.id,
                cpn=each.cpn,
                head_version=each.version,
                values=PartValues(
                    name=each.name,
                    description=each.description,
                    category_path=paths[each.category_id],
                    unit=each.unit_of_measure,
                    attributes={names[value.attribute_id]: value.value.text for value in self.attributes[each.key]},
                    sources=tuple(imported_source(source.source) for source in self.sources[each.key]),
                    aliases=frozenset(alias.value for alias in self.aliases[each.key]),
                ),
                lines=tuple(known_line(line, id_of) for line in self.lines[each.key]),
                is_archived=each.is_archived,
            )
            for each in self.components.values()
        ]
        return Snapshot(tuple(parts), tuple(paths.values()))


def library_now(scope: Scope) -> LibraryNow:
    """Everything that an import may touch or compare with: the whole library, since any part may be the one that is meant."""
    shown = _all_components(scope)
    return LibraryNow(
        catalog(scope),
        {each.id: each for each in shown},
        attribute_values_of(scope, shown),
        sources_of(scope, shown),
        aliases_of(scope, shown),
        lines_of(scope, shown),
    )


def snapshot_of_library(scope: Scope) -> Snapshot:
    """The left side of an import plan."""
    return library_now(scope).snapshot()


@read(needs=Permission.LIBRARY_READ)
def planned_import(
    scope: Scope, data: ImportedData, *, into: str | None = None, decided: Decisions = NOTHING_DECIDED
) -> ImportPlan:
    """What an import would do, step by step. `into` names a component that the one top of the import stands for."""
    return plan_in(scope, library_now(scope), data, into, decided)


def plan_in(
    scope: Scope, now: LibraryNow, data: ImportedData, into: str | None, decided: Decisions, *, for_people: bool = True
) -> ImportPlan:
    """`for_people`: with what nobody needs to apply it, such as the parts that a new one looks like, and the numbers that it would give."""
    wanted = in_library_form(data, now.catalog.attribute_by_name)
    if into is not None:
        wanted = aimed_at(wanted, component_by_cpn(scope, into).cpn)
    plan = plan_import(wanted, now.snapshot(), decided, with_candidates=for_people)
    plan = replace(plan, attributes=missing_attributes(wanted.parts, now.catalog.attribute_by_name))
    return _with_numbers(scope, now, plan) if for_people else plan


def _with_numbers(scope: Scope, now: LibraryNow, plan: ImportPlan) -> ImportPlan:
    """A scheme that cannot number a part says so here; applying would be refused."""
    if plan.counts.created == 0:
        return plan
    try:
        categories = categories_to_be(plan, now.catalog)
        of_parts = categories_of_new_parts(plan, now.catalog, categories)
        requests = [NumberRequest(each, None, {}, ("parts", key)) for key, each in of_parts.items()]
        numbers = dict(zip(of_parts, drawn_numbers(scope, categories, requests)[0], strict=True))
    except Refusal as refusal:
        notice = Notice(Severity.ERROR, refusal.reason, refusal.message)
        return replace(plan, notices=(*plan.notices, notice))
    parts = tuple(replace(step, number=numbers.get(step.key)) for step in plan.parts)
    return replace(plan, parts=parts)


def plan_digest(plan: ImportPlan) -> str:
    """Equal for plans that do the same: sent back with the import, it makes sure that what was shown is what is applied."""
    parts = tuple(
        replace(step, explanation="", state=MatchState.NEW, candidates=(), number=None) for step in plan.parts
    )
    does = json_of(replace(plan, parts=parts, notices=()))
    return hashlib.sha256(orjson.dumps(does, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _all_components(scope: Scope) -> Sequence[Component]:
    found: list[Component] = []
    after: str | None = None
    while True:
        page = list_components(scope, PageRequest(PAGE_SIZE_MAX, after))
        found.extend(page.items)
        if not page.has_next:
            return sorted(found, key=lambda each: each.cpn)
        after = page.cursors[-1]


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """Rows of an export, and the change of the library that all pages of it show."""

    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]
    has_next: bool
    at_change: int


@read(needs=Permission.LIBRARY_READ)
def exported_bom(
    scope: Scope,
    top: Component,
    template: ExportTemplate,
    *,
    view: View = WORKING,
    at_change: int | None = None,
    offset: int = 0,
    limit: int = 1000,
) -> ExportedPage:
    """A page of a BOM as a template wants it. Further pages are asked with the `at_change` of the first, so that all show one moment."""
    if offset >= ROWS_MAX:
        raise too_many_rows()
    at, shown = _moment(scope, view, at_change)
    lines = _listed(scope, top, template, shown, offset, limit + 1)
    rows = tuple(_sheet_rows(scope, top, template, shown, lines[:limit]))
    return ExportedPage(template.shown_columns, rows, len(lines) > limit, at)


def _moment(scope: Scope, view: View, at_change: int | None) -> tuple[int, View]:
    """The change that all pages of an export show, and the view on it; `at_change` is what the first page said."""
    now = change_number_now(scope)
    at = view.at_change if view.at_change is not None else now if at_change is None else min(at_change, now)
    return at, view if at == now else View(view.mode, at)  # what is newest is in memory as such


def _listed(
    scope: Scope, top: Component, template: ExportTemplate, view: View, offset: int, count: int
) -> list[PartLine]:
    with_unplaced = template.include_do_not_place
    if template.kind is ListKind.INDENTED:
        found = indented_lines(structure(scope, view), top.key, include_do_not_place=with_unplaced)
        return list(islice(found, offset, offset + count))
    placed = rolled_up_quantities(scope, top, view=view)
    counted = Counted(placed, rolled_up_quantities(scope, top, view=view, include_do_not_place=True))
    with_assemblies = template.kind is ListKind.PARTS
    rows = flat_rows(counted, include_do_not_place=with_unplaced, with_assemblies=with_assemblies)
    return flat_lines(counted, rows[offset : offset + count], offset + 1)


def _sheet_rows(
    scope: Scope, top: Component, template: ExportTemplate, view: View, lines: Sequence[PartLine]
) -> list[SheetRow]:
    attributes = named_attributes(template, catalog(scope).attribute_by_name)
    units = {name: attribute.unit for name, attribute in attributes.items()}
    rows = _export_rows(scope, top, template, view, lines, {each.id: name for name, each in attributes.items()})
    return [
        SheetRow(
            row.line.level if template.kind is ListKind.INDENTED else 1,
            tuple(shown_cell(row, each.fields, each.column.format, units) for each in template.columns),
        )
        for row in rows
    ]


def _export_rows(
    scope: Scope,
    top: Component,
    template: ExportTemplate,
    view: View,
    lines: Sequence[PartLine],
    attribute_names: Mapping[str, str],
) -> list[ExportRow]:
    """What the template asks for is looked up, for all lines together; nothing else."""
    wanted = template.fields
    known = _shown_in(scope, [key for line in lines for key in (line.child, line.parent) if key], view)
    shown = [known[key] for key in dict.fromkeys(line.child for line in lines)]
    values = attribute_values_of(scope, shown, view=view) if attribute_names else {}
    sources = sources_of(scope, shown, view=view, with_offers=False) if wanted & SOURCE_FIELDS else {}
    aliases = aliases_of(scope, shown, view=view) if "alias" in wanted else {}
    line_keys = [key for line in lines for key in line.line_keys]
    bom_lines = lines_by_keys(scope, line_keys) if wanted & LINE_FIELDS else {}
    substitutes = _substitutes(scope, bom_lines.values()) if "substitutes" in wanted else {}
    costs, below = _prices(scope, top, [each.key for each in shown], template, view)
    categories, statuses = catalog(scope).category_by_id, catalog(scope).status_by_id
    found: list[ExportRow] = []
    for line in lines:
        component = known[line.child]
        category = categories[component.category_id]
        own_lines = [bom_lines[key] for key in line.line_keys] if bom_lines else []
        found.append(
            ExportRow(
                line=line,
                component=component,
                category=(category.code, category.name),
                status=statuses[component.status_id].name,
                bom_lines=own_lines,
                parent_cpn=known[line.parent].cpn if line.parent else "",
                needed=EXACT.multiply(Decimal(line.total), template.build_quantity),
                currency=template.currency,
                attributes={
                    attribute_names[each.attribute_id]: each.value
                    for each in values.get(line.child, ())
                    if each.attribute_id in attribute_names
                },
                sources=[each.source for each in sources.get(line.child, ())],
                aliases=_by_kind(aliases.get(line.child, ())),
                substitutes=[substitutes[each] for each in _substitute_ids(own_lines) if each in substitutes]
                if substitutes
                else (),
                cost=costs.get(line.child) if line.is_built else None,
                cost_below=below.get(line.child) if line.is_built else None,
            )
        )
    return found


def _shown_in(scope: Scope, keys: Sequence[int], view: View) -> dict[int, Component]:
    """As the view shows them; what was never released as it is."""
    found = components_by_keys(scope, list(dict.fromkeys(keys)), view=view)
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    return {**found, **components_by_keys(scope, missing, view=_heads(view))} if missing else found


def _heads(view: View) -> View:
    return View(ViewMode.WORKING, view.at_change)


def _prices(
    scope: Scope, top: Component, keys: Sequence[int], template: ExportTemplate, view: View
) -> tuple[dict[int, Cost], dict[int, Decimal]]:
    """What one piece costs of each part among the components, and of each component with everything in it."""
    is_rolled_up = "rolled_up_price" in template.fields
    if not is_rolled_up and not template.fields & PRICE_FIELDS:
        return {}, {}
    counted = rolled_up_quantities(scope, top, view=view)
    parts = counted.leaves if is_rolled_up else [key for key in keys if key not in counted.lines]
    costs = _costs(scope, parts, counted, template, view)
    prices = {key: cost.unit_price for key, cost in costs.items()}
    return costs, unit_costs(counted, prices) if is_rolled_up else {}


def _costs(
    scope: Scope, parts: Sequence[int], counted: Quantities, template: ExportTemplate, view: View
) -> dict[int, Cost]:
    """Like the cost roll-up: at the price break that all pieces of a part reach together."""
    sources = sources_of(scope, list(components_by_keys(scope, parts, view=_heads(view)).values()), view=_heads(view))
    found: dict[int, Cost] = {}
    for key in parts:
        if key in counted.totals:
            needed = EXACT.multiply(Decimal(counted.totals[key]), template.build_quantity)
            cost = best_cost((each.source for each in sources.get(key, ())), needed, template.currency)
            if cost is not None:
                found[key] = cost
    return found


def _by_kind(aliases: Sequence[Alias]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for alias in aliases:
        found.setdefault(alias.kind.lower(), []).append(alias.value)
    return found


def _substitutes(scope: Scope, lines: Iterable[BomLine]) -> dict[str, str]:
    """Part numbers by component id."""
    return {each.id: each.cpn for each in find_components(scope, sorted(set(_substitute_ids(lines))))}


def _substitute_ids(lines: Iterable[BomLine]) -> list[str]:
    return [each for line in lines if line.substitutes != "[]" for each in orjson.loads(line.substitutes)]


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
    at, shown = _moment(scope, view, at_change)
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
            ids.update(_substitute_ids(lines_by_keys(scope, batch).values()))
        known = sorted(find_components(scope, sorted(ids)), key=lambda each: each.cpn)
        return tuple(each.key for each in known if each.key not in counted.totals and each.key != top.key)

    return structure(scope, view).derived(("substitutes", top.key), found)


def _packaged_items(
    scope: Scope, keys: Sequence[int], inside: Mapping[int, Lines], view: View
) -> Iterator[PackagedItem]:
    """What all of them need is looked up together; what belongs to another library is not there. `inside` has the lines to show."""
    child_keys = [child for key in keys if key in inside for child in inside[key].children]
    known = _shown_in(scope, [*keys, *child_keys], view)
    shown = [known[key] for key in keys if key in known]
    lines = lines_of(scope, [each for each in shown if each.key in inside], view=view)
    substitutes = _substitutes(scope, [line for own in lines.values() for line in own])
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
