"""Questions that an import asks of the library: what is there, and what the import would make of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from plumbline.access.permissions import Permission, read
from plumbline.boms.model import BomLine
from plumbline.boms.reads import lines_of
from plumbline.catalog.reads import Catalog, catalog
from plumbline.components.model import Alias, AttributeValue, Component, Source
from plumbline.components.reads import aliases_of, attribute_values_of, component_by_cpn, list_components, sources_of
from plumbline.exchange.catalog_steps import category_paths, missing_attributes
from plumbline.exchange.component_steps import aimed_at
from plumbline.exchange.library_form import in_library_form
from plumbline.exchange.library_lines import known_line
from plumbline.exchange.library_sources import imported_source
from plumbline.exchange.model import ImportedData
from plumbline.exchange.plan import ImportPlan, plan_import
from plumbline.exchange.snapshot import KnownPart, PartValues, Snapshot
from plumbline.exchange.wire import json_of
from plumbline.kit.paging import PAGE_SIZE_MAX, PageRequest
from plumbline.storage.unit_of_work import Scope


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
def planned_import(scope: Scope, data: ImportedData, *, into: str | None = None) -> ImportPlan:
    """What an import would do, step by step. `into` names a component that the one top of the import stands for."""
    return plan_in(scope, library_now(scope), data, into)


def plan_in(scope: Scope, now: LibraryNow, data: ImportedData, into: str | None) -> ImportPlan:
    wanted = in_library_form(data, now.catalog.attribute_by_name)
    if into is not None:
        wanted = aimed_at(wanted, component_by_cpn(scope, into).cpn)
    plan = plan_import(wanted, now.snapshot())
    return replace(plan, attributes=missing_attributes(wanted.parts, now.catalog.attribute_by_name))


def plan_digest(plan: ImportPlan) -> str:
    """Equal for equal plans: sent back with the import, it makes sure that what was shown is what is applied."""
    return hashlib.sha256(orjson.dumps(json_of(plan), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _all_components(scope: Scope) -> Sequence[Component]:
    found: list[Component] = []
    after: str | None = None
    while True:
        page = list_components(scope, PageRequest(PAGE_SIZE_MAX, after))
        found.extend(page.items)
        if not page.has_next:
            return sorted(found, key=lambda each: each.cpn)
        after = page.cursors[-1]
