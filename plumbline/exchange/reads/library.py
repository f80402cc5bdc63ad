"""What the library has, and what an import would make of it."""

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
from plumbline.exchange.component_steps import aimed_at, words_not_taken
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
from plumbline.numbering.model import NumberRequest
from plumbline.numbering.reads import drawn_numbers
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
    plan = replace(
        plan,
        attributes=missing_attributes(wanted.parts, now.catalog.attribute_by_name),
        notices=(*plan.notices, *words_not_taken(plan.parts, now.components, now.catalog.every_status)),
    )
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
