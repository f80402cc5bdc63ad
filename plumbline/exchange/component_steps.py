"""The steps of a plan as inputs of the components room (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from plumbline.catalog.model import Category, Status
from plumbline.components.fields import REVISION_LENGTH_MAX
from plumbline.components.model import UNSET, Alias, Component, ComponentChange, NewComponent, Procurement, Source
from plumbline.exchange.catalog_steps import CategoryPath, folded, usual_category
from plumbline.exchange.errors import NoSingleTop
from plumbline.exchange.library_sources import merged_sources
from plumbline.exchange.model import ImportedData, ImportedPart, Notice, PartKind, Severity
from plumbline.exchange.notices import Notices, shown
from plumbline.exchange.plan import PartStep

ALIAS_KIND = "import"


def aimed_at(data: ImportedData, into: str) -> ImportedData:
    """The same import with its one top standing for the component of this part number, whose own fields stay as they are."""
    if len(data.tops) != 1:
        raise NoSingleTop(
            f"The import has {len(data.tops)} top assemblies, so it cannot go into {into[:80]}.",
            path=("into",),
            expected="an import of one product",
            hint="Leave the component out, and put the tops where they belong afterwards.",
        )
    return replace(
        data, parts=tuple(_standing_for(into, part) if part.key == data.tops[0] else part for part in data.parts)
    )


def _standing_for(cpn: str, part: ImportedPart) -> ImportedPart:
    return replace(part, number=cpn, name="", description="", category_path=(), unit=None, attributes={}, sources=())


def category_of(
    step: PartStep,
    kind: PartKind,
    by_path: Mapping[CategoryPath, str],
    categories: Sequence[Category],
    *,
    is_top: bool,
) -> str | None:
    """The id of the category of a new part; None for the library's default."""
    if step.values.category_path:
        return by_path[folded(step.values.category_path)]
    usual = usual_category(categories, kind, is_top=is_top)
    return None if usual is None else usual.id


def new_component(
    step: PartStep, category_id: str | None, statuses: Sequence[Status], *, is_made: bool
) -> NewComponent:
    """Revision and status are taken at creation only: later, the library's own are the truth."""
    part, values = step.part, step.values
    return NewComponent(
        name=values.name,
        category=category_id,
        description=values.description,
        status=next((each.id for each in statuses if each.name.casefold() == _wanted_status(part)), None),
        revision=_wanted_revision(part),
        procurement=Procurement.MAKE if is_made else None,
        unit_of_measure=values.unit,
        attributes=values.attributes,
        sources=merged_sources(values.sources, ()),
        aliases=tuple((ALIAS_KIND, value) for value in sorted(values.aliases)),
    )


def _wanted_status(part: ImportedPart) -> str:
    return (part.status or "").strip().casefold()


def _wanted_revision(part: ImportedPart) -> str | None:
    revision = (part.revision or "").strip()
    return revision if revision.isprintable() and 0 < len(revision) <= REVISION_LENGTH_MAX else None


def words_not_taken(
    steps: Sequence[PartStep], present: Mapping[str, Component], statuses: Sequence[Status]
) -> tuple[Notice, ...]:
    """Statuses and revisions of the import that no part gets; `present` are the library's components by id."""
    notices = Notices()
    names = {each.id: each.name for each in statuses}
    for step in steps:
        part, known = step.part, present.get(step.known.id) if step.known else None
        has_status = [names[known.status_id]] if known else [each.name for each in statuses if not each.retired_change]
        if part.status and _wanted_status(part) not in map(str.casefold, has_status):
            here = f"and {names[known.status_id]} here, which stays" if known else "which the library does not have"
            sentence = f"{part.key} has the status {shown(part.status)} in the import, {here}."
            notices.tell(Severity.INFO, "STATUS_NOT_TAKEN", sentence, part.origin)
        has_revision = known.revision if known else _wanted_revision(part)
        if part.revision and part.revision.strip() != has_revision:
            here = f"and {has_revision or 'none'} here, which stays" if known else "which is none that a part can have"
            sentence = f"{part.key} has the revision {shown(part.revision)} in the import, {here}."
            notices.tell(Severity.INFO, "REVISION_NOT_TAKEN", sentence, part.origin)
    return notices.all()


def component_change(
    step: PartStep, present: Component, category_id: str | None, sources: Sequence[Source], aliases: Sequence[Alias]
) -> ComponentChange | None:
    """The fields that the step changes and no others; None if only lines change."""
    if not step.changes:
        return None
    values = step.values
    changed = {change.field for change in step.changes}
    kinds = {alias.value: alias.kind for alias in aliases}
    return ComponentChange(
        id=present.id,
        expected_version=present.version,
        name=values.name if "name" in changed else UNSET,
        description=values.description if "description" in changed else UNSET,
        category=category_id if "category" in changed and category_id is not None else UNSET,
        unit_of_measure=values.unit if "unit" in changed and values.unit is not None else UNSET,
        attributes={name: text for name, text in values.attributes.items() if f"attributes.{name}" in changed},
        sources=merged_sources(values.sources, [each.source for each in sources]) if "sources" in changed else UNSET,
        aliases=tuple((kinds.get(value, ALIAS_KIND), value) for value in sorted(values.aliases))
        if "aliases" in changed
        else UNSET,
    )
