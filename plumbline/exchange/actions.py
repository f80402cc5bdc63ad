"""The verb of exchange: an import becomes part of the library, all of it or nothing, in one transaction.

The plan is made again under the library's lock, so it is the plan of exactly the state that it is applied to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from plumbline.access.permissions import HELD_BY, Permission, action
from plumbline.boms.actions import LINES_MAX, PARENTS_MAX, edit_boms
from plumbline.boms.model import BomEdit, LineChange, NewLine
from plumbline.catalog.actions import add_attributes_to_category, create_attributes, create_categories
from plumbline.catalog.model import NewCategory
from plumbline.catalog.reads import Catalog, catalog
from plumbline.components.actions.create import INPUTS_MAX as CREATED_MAX
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import INPUTS_MAX as UPDATED_MAX
from plumbline.components.actions.update import update_components
from plumbline.components.model import Component, NewComponent
from plumbline.exchange import store
from plumbline.exchange.catalog_steps import (
    CategoryPath,
    assemblies_in,
    attributes_by_category,
    category_paths,
    category_type,
    folded,
    kinds_below,
)
from plumbline.exchange.component_steps import category_of, component_change, new_component
from plumbline.exchange.errors import (
    CatalogMustGrow,
    ColumnMappingMissing,
    ImportUndecided,
    PlanOutdated,
    TooManyMappings,
)
from plumbline.exchange.events import ColumnMappingForgotten, ColumnMappingRemembered, ImportApplied
from plumbline.exchange.library_lines import line_change, new_line
from plumbline.exchange.mapping import remembered_form
from plumbline.exchange.matching import NOTHING_DECIDED, Decisions
from plumbline.exchange.model import ColumnMapping, ImportedData, ImportedLine, Notice, PartKind
from plumbline.exchange.numbers_to_be import levels
from plumbline.exchange.plan import ImportPlan, LineAction, LineStep, PartAction, PlanCounts
from plumbline.exchange.reads.library import LibraryNow, library_now, plan_digest, plan_in
from plumbline.storage.unit_of_work import UnitOfWork

MAPPINGS_MAX = 1_000
"""Headers whose columns a library remembers: ten times what one team's tools write."""
TOLD_EVERY = 2_000
"""Parts that are written between two words about how far the import has come."""
Told = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and how much there is."""
NAMED_MAX = 10
"""Categories or attributes that a refusal names."""
Item = TypeVar("Item")


def untold(_what: str, _done: int, _all: int) -> None:
    """For whoever does not want to know."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """`tops` are the part numbers of the import's top assemblies; `conflicts` is 0, since an import with any is refused."""

    created: int
    updated: int
    unchanged: int
    lines: int
    conflicts: int
    tops: tuple[str, ...]
    notices: tuple[Notice, ...]


@action(needs=Permission.COMPONENTS_EDIT)
def apply_import(
    work: UnitOfWork,
    data: ImportedData,
    *,
    into: str | None = None,
    decided: Decisions = NOTHING_DECIDED,
    expected_plan: str | None = None,
    told: Told = untold,
) -> ImportResult:
    """Brings the library to what the import says. What it says already stays untouched, and an import of nothing new writes nothing.

    `decided` says for parts of the import, by key, which part of the library each is, or that it is `new`. What the user said
    about the columns of tables is remembered for their headers. Refuses while a conflict is undecided, and if
    `expected_plan` is not the digest of the plan as it is now. New categories and attributes need the right to edit the catalog.
    """
    now = library_now(work)
    plan = plan_in(work, now, data, into, decided, for_people=False)
    _refuse_other_plan(plan, expected_plan)
    _refuse_undecided(plan)
    components = {step.key: now.components[step.known.id] for step in plan.parts if step.known is not None}
    if not plan.changes_nothing:
        _refuse_growth(work, plan)
        work.origin = work.origin or f"import:{plan.format}"
        known = _grown_catalog(work, plan, now.catalog)
        components |= _save_components(work, plan, now, known, told)
        _save_lines(work, plan, now, components, told)
        work.emit(_event(plan.counts, plan, components))
    _remember(work, data.mappings)
    return _result(plan.counts, plan, components)


@action(needs=Permission.COMPONENTS_EDIT)
def forget_column_mapping(work: UnitOfWork, header: str) -> None:
    """Tables with this header are read by the words of their titles again."""
    if not store.mappings_of(work.connection, work.library_id, [header]):
        raise ColumnMappingMissing(f"The library remembers no mapping {header[:80]}.", path=("header",))
    store.remove_mapping(work.connection, work.library_id, header)
    work.emit(ColumnMappingForgotten(header))


def _remember(work: UnitOfWork, mappings: Sequence[ColumnMapping]) -> None:
    """Writes what is new or other than before; a client may have made it, so it is checked."""
    known = {each.header: each for each in store.mappings_of(work.connection, work.library_id)} if mappings else {}
    for said in mappings:
        mapping = remembered_form(said.titles, said.columns)
        before = known.get(mapping.header)
        if before is not None and (before.titles, before.columns) == (mapping.titles, mapping.columns):
            continue
        if before is None and len(known) >= MAPPINGS_MAX:
            raise TooManyMappings(
                f"The library remembers the columns of {len(known)} headers already.",
                path=("mappings",),
                expected=f"at most {MAPPINGS_MAX} headers",
                hint="Forget some of them first.",
            )
        store.put_mapping(work.connection, work.library_id, mapping, work.change.changed_at, work.actor.user_id)
        known[mapping.header] = mapping
        work.emit(ColumnMappingRemembered(mapping.header, mapping.titles))


def _refuse_other_plan(plan: ImportPlan, expected: str | None) -> None:
    if expected is not None and expected != plan_digest(plan):
        raise PlanOutdated(
            "The import would now do something else than the plan that was shown.",
            path=("expectedPlan",),
            expected="the digest of the present plan",
            hint="Make the plan again, look at it, and send its digest.",
        )


def _refuse_undecided(plan: ImportPlan) -> None:
    if plan.conflicts:
        first, *others = [
            ImportUndecided(conflict.sentence, path=("parts", *conflict.keys[:1]), hint="Nothing was imported.")
            for conflict in plan.conflicts
        ]
        first.also = tuple(others)
        raise first


def _refuse_growth(work: UnitOfWork, plan: ImportPlan) -> None:
    missing = ["/".join(category.path) for category in plan.categories] + [each.name for each in plan.attributes]
    if missing and Permission.CATALOG_EDIT not in HELD_BY[work.actor.role]:
        named = ", ".join(missing[:NAMED_MAX]) + (" …" if len(missing) > NAMED_MAX else "")
        raise CatalogMustGrow(
            f"The import needs {len(plan.categories)} new categories and {len(plan.attributes)} new attributes ({named}); "
            f"the role {work.actor.role} may not create them.",
            hint="Ask somebody who may edit the catalog to import this once, or to create them first.",
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """The catalog with everything that the import needs."""

    catalog: Catalog
    category_ids: Mapping[CategoryPath, str]


def _grown_catalog(work: UnitOfWork, plan: ImportPlan, before: Catalog) -> _Known:
    if plan.attributes:
        create_attributes(work, plan.attributes)
    ids: dict[CategoryPath, str] = {}
    for category_id, path in category_paths(before.categories).items():
        ids.setdefault(folded(path), category_id)
    used = attributes_by_category(plan)
    kinds = kinds_below(plan)
    for level in levels(plan.categories):
        new = [
            NewCategory(
                each.path[-1],
                category_type(each.path, kinds.get(folded(each.path), frozenset())),
                parent_id=ids.get(folded(each.path[:-1])),
                attributes=used.get(folded(each.path), ()),
            )
            for each in level
        ]
        made = create_categories(work, new)
        ids.update((folded(each.path), category.id) for each, category in zip(level, made, strict=True))
    _link_new_attributes(work, plan, ids, before)
    return _Known(catalog(work) if plan.categories or plan.attributes else before, ids)


def _link_new_attributes(work: UnitOfWork, plan: ImportPlan, ids: Mapping[CategoryPath, str], before: Catalog) -> None:
    """Categories that were there already carry the attributes that are new."""
    new = {each.name for each in plan.attributes}
    for path, names in attributes_by_category(plan).items():
        added = [name for name in names if name in new]
        if added and ids.get(path) in before.category_by_id:
            add_attributes_to_category(work, ids[path], added)


def _save_components(
    work: UnitOfWork, plan: ImportPlan, now: LibraryNow, known: _Known, told: Told
) -> dict[str, Component]:
    """Created and updated components, by import key."""
    created = [step for step in plan.parts if step.action is PartAction.CREATE]
    inputs = _new_components(plan, known)
    saved: dict[str, Component] = {}
    for batch in _batches(list(zip(created, inputs, strict=True)), min(CREATED_MAX, TOLD_EVERY)):
        told("creating parts", len(saved), len(created))
        made = create_components(work, [new for _, new in batch])
        saved.update((step.key, component) for (step, _), component in zip(batch, made, strict=True))
    changes = []
    for step in plan.parts:
        if step.action is PartAction.UPDATE and step.known is not None:
            present = now.components[step.known.id]
            category_id = known.category_ids.get(folded(step.values.category_path))
            change = component_change(step, present, category_id, now.sources[present.key], now.aliases[present.key])
            if change is not None:
                changes.append((step, change))
    for place, changed in enumerate(_batches(changes, min(UPDATED_MAX, TOLD_EVERY))):
        told("changing parts", place * TOLD_EVERY, len(changes))
        made = update_components(work, [change for _, change in changed])
        saved.update((step.key, component) for (step, _), component in zip(changed, made, strict=True))
    return saved


def _new_components(plan: ImportPlan, known: _Known) -> list[NewComponent]:
    assemblies, tops = assemblies_in(plan), set(plan.tops)
    inputs = []
    for step in plan.parts:
        if step.action is PartAction.CREATE:
            is_made = step.key in assemblies
            kind = PartKind.ASSEMBLY if is_made else step.part.kind
            category_id = category_of(step, kind, known.category_ids, known.catalog.categories, is_top=step.key in tops)
            inputs.append(new_component(step, category_id, known.catalog.statuses, is_made=is_made))
    return inputs


@dataclass(slots=True)
class _Edit:
    """The steps of one parent, being gathered."""

    add: list[NewLine] = field(default_factory=list)
    change: list[LineChange] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.add) + len(self.change) + len(self.remove)


def _save_lines(
    work: UnitOfWork, plan: ImportPlan, now: LibraryNow, components: Mapping[str, Component], told: Told
) -> None:
    """Lines that stay keep their identity: each is added, changed or removed by itself."""
    edits: dict[str, _Edit] = {}
    for step in plan.lines:
        if step.action is not LineAction.UNCHANGED:
            edit = edits.setdefault(components[step.parent_key].id, _Edit())
            _gather(edit, step, now, components)
    complete = [
        BomEdit(parent, add=tuple(edit.add), change=tuple(edit.change), remove=tuple(edit.remove))
        for parent, edit in edits.items()
    ]
    start, size = 0, 0
    for index, each in enumerate(complete):
        if size and (index - start == PARENTS_MAX or size + edits[each.parent].size > LINES_MAX):
            told("writing assemblies", start, len(complete))
            edit_boms(work, complete[start:index])
            start, size = index, 0
        size += edits[each.parent].size
    if complete:
        told("writing assemblies", start, len(complete))
        edit_boms(work, complete[start:])


def _gather(edit: _Edit, step: LineStep, now: LibraryNow, components: Mapping[str, Component]) -> None:
    if step.action is LineAction.REMOVE:
        assert step.known is not None, "only a line that is there can go"
        edit.remove.append(step.known.line_id)
        return
    assert step.line is not None, "a line that is added or changed is in the import"
    child = components[step.line.child_key]
    substitutes = _ids(step.line, components)
    if step.action is LineAction.ADD:
        edit.add.append(new_line(step.line, child, substitutes))
    else:
        edit.change.append(line_change(step, child, substitutes))


def _ids(line: ImportedLine, components: Mapping[str, Component]) -> list[str]:
    return [components[key].id for key in line.substitutes]


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _event(counts: PlanCounts, plan: ImportPlan, components: Mapping[str, Component]) -> ImportApplied:
    lines = counts.lines_added + counts.lines_changed + counts.lines_removed
    return ImportApplied(plan.format, counts.created, counts.updated, lines, _tops(plan, components))


def _tops(plan: ImportPlan, components: Mapping[str, Component]) -> tuple[str, ...]:
    return tuple(components[key].cpn for key in plan.tops)


def _result(counts: PlanCounts, plan: ImportPlan, components: Mapping[str, Component]) -> ImportResult:
    return ImportResult(
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        lines=counts.lines,
        conflicts=counts.conflicts,
        tops=_tops(plan, components),
        notices=plan.notices,
    )
