"""A BOM as a receiver wants it, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from plumbline.access.permissions import Permission, read
from plumbline.boms.reads import lines_by_keys, rolled_up_quantities, structure
from plumbline.boms.roll_up import Cost, Quantities, best_cost
from plumbline.catalog.reads import catalog
from plumbline.components.model import Alias, Component
from plumbline.components.reads import aliases_of, attribute_values_of, components_by_keys, sources_of
from plumbline.components.view import WORKING, View
from plumbline.exchange.exporting.attributes import named_attributes
from plumbline.exchange.exporting.fields import LINE_FIELDS, PRICE_FIELDS, SOURCE_FIELDS, ExportRow, shown_cell
from plumbline.exchange.exporting.lists import Counted, PartLine, flat_lines, flat_rows, indented_lines, unit_costs
from plumbline.exchange.exporting.sheet import ROWS_MAX, Column, SheetRow, too_many_rows
from plumbline.exchange.exporting.template import ExportTemplate, ListKind
from plumbline.exchange.reads.shown import heads, moment, shown_in, substitute_ids, substitute_numbers
from plumbline.kit.quantity import EXACT
from plumbline.storage.unit_of_work import Scope


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
    at, shown = moment(scope, view, at_change)
    lines = _listed(scope, top, template, shown, offset, limit + 1)
    rows = tuple(_sheet_rows(scope, top, template, shown, lines[:limit]))
    return ExportedPage(template.shown_columns, rows, len(lines) > limit, at)


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
    known = shown_in(scope, [key for line in lines for key in (line.child, line.parent) if key], view)
    shown = [known[key] for key in dict.fromkeys(line.child for line in lines)]
    values = attribute_values_of(scope, shown, view=view) if attribute_names else {}
    sources = sources_of(scope, shown, view=view, with_offers=False) if wanted & SOURCE_FIELDS else {}
    aliases = aliases_of(scope, shown, view=view) if "alias" in wanted else {}
    line_keys = [key for line in lines for key in line.line_keys]
    bom_lines = lines_by_keys(scope, line_keys) if wanted & LINE_FIELDS else {}
    substitutes = substitute_numbers(scope, bom_lines.values()) if "substitutes" in wanted else {}
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
                substitutes=[substitutes[each] for each in substitute_ids(own_lines) if each in substitutes]
                if substitutes
                else (),
                cost=costs.get(line.child) if line.is_built else None,
                cost_below=below.get(line.child) if line.is_built else None,
            )
        )
    return found


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
    sources = sources_of(scope, list(components_by_keys(scope, parts, view=heads(view)).values()), view=heads(view))
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
