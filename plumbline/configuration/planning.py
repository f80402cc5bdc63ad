"""State now and documents wanted: the catalog that they make, the documents that change, and the steps between (pure)."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from plumbline.catalog.installing import CatalogRows, Renames, renames_said, with_registry, with_statuses
from plumbline.catalog.model import NewStatus
from plumbline.change_orders.template import Template
from plumbline.configuration.documents import Documents, Texts
from plumbline.configuration.kinds import (
    CATEGORY_SET,
    NUMBERING,
    REGISTRY,
    REVISIONS,
    VALIDATION_CODE,
    VALIDATIONS,
    DocumentName,
)
from plumbline.configuration.model import DocumentChange, File, Step, StepKind
from plumbline.configuration.steps import catalog_steps
from plumbline.kit.ids import IdSource
from plumbline.numbering.revision_scheme import RevisionScheme

DIFF_LINES_MAX = 400


@dataclass(frozen=True)
class Outcome:
    """What would be there afterwards, and what leads to it. Effects are not measured yet."""

    rows: CatalogRows
    steps: tuple[Step, ...]
    documents: tuple[DocumentChange, ...]


def overlaid(present: Texts, sent: Mapping[DocumentName, File], *, complete: bool) -> dict[DocumentName, File]:
    """All documents that are wanted. `complete`: documents of kinds with names that were not sent are wanted no more; the one registry,
    scheme or list of rules that a library has stays until another one takes its place, and the code of its rules with the list."""
    stays = {VALIDATION_CODE.schema_type} if DocumentName(VALIDATIONS.schema_type) not in sent else set()
    kept = {name: file for name, file in present.items() if not (complete and name.name) or name.kind in stays}
    return {**kept, **sent}


def outcome_of(
    rows: CatalogRows, present: Documents, wanted: Documents, spoken_of: Collection[str], new_id: IdSource, change: int
) -> Outcome:
    """`spoken_of`: the kinds of the documents that were sent. The catalog follows its documents only when they are among them, so that a
    new template does not undo what was added to the catalog by hand."""
    after, said = rows, renames_in(present)
    if wanted.revisions is not None and REVISIONS.schema_type in spoken_of:
        statuses = [
            NewStatus(each.name, each.maps_to, each.color, each.formerly)
            for each in wanted.revisions.status_definitions
        ]
        after = with_statuses(after, statuses, new_id, change, said)
    if wanted.registry is not None and not {REGISTRY.schema_type, CATEGORY_SET.schema_type}.isdisjoint(spoken_of):
        after = with_registry(after, wanted.registry, new_id, change, said)
    steps = (*catalog_steps(rows, after), *document_steps(present, wanted))
    return Outcome(after, steps, tuple(document_changes(present.texts, wanted.texts)))


def renames_in(documents: Documents) -> Renames:
    return renames_said(documents.revisions.status_definitions if documents.revisions else (), documents.registry)


def document_changes(present: Texts, wanted: Texts) -> Iterator[DocumentChange]:
    for name in sorted({*present, *wanted}):
        old, new = present.get(name), wanted.get(name)
        if old is not None and new is not None and old.text == new.text:
            continue
        what = "ADD" if old is None else "REMOVE" if new is None else "CHANGE"
        path = (new or old or File("", "")).path
        yield DocumentChange(path, name.kind, name.name, what, unified(path, old, new))


def unified(path: str, old: File | None, new: File | None) -> str:
    """The difference of two texts as `diff -u` shows it; of a very long one the beginning."""
    before, after = ([] if file is None else file.text.splitlines() for file in (old, new))
    lines = list(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm="", n=2))
    cut = [f"… {len(lines) - DIFF_LINES_MAX} more lines"] if len(lines) > DIFF_LINES_MAX else []
    return "\n".join(lines[:DIFF_LINES_MAX] + cut)


def unknown_people(templates: Mapping[str, Template], ids: Collection[str], emails: Collection[str]) -> Iterator[str]:
    """A sentence for every reviewer whom the library does not know: nobody will decide in his place."""
    for name, template in sorted(templates.items()):
        for stage in template.stages:
            for user in (reviewer.user for reviewer in stage.reviewers):
                if user.id not in ids and user.email not in emails:
                    yield f"{user.email or user.id} reviews {stage.name!r} in the template {name!r}, and is no member of the library."


def document_steps(present: Documents, wanted: Documents) -> Iterator[Step]:
    """Steps of what stands beside the catalog. A file whose meaning stays the same makes none."""
    if wanted.numbering is not None and present.numbering != wanted.numbering:
        verb = "Set the part number scheme" if present.numbering is None else "Change the part number scheme"
        yield Step(StepKind.NUMBERING_CHANGE, NUMBERING.file, f"{verb}.")
    if wanted.revisions is not None and _without_statuses(present.revisions) != _without_statuses(wanted.revisions):
        verb = "Set the revision scheme" if present.revisions is None else "Change the revision scheme"
        yield Step(StepKind.REVISIONS_CHANGE, REVISIONS.file, f"{verb}.")
    template_kinds = (StepKind.TEMPLATE_ADD, StepKind.TEMPLATE_CHANGE, StepKind.TEMPLATE_REMOVE)
    yield from _compared("change order template", template_kinds, present.templates, wanted.templates)
    export_kinds = (StepKind.EXPORT_ADD, StepKind.EXPORT_CHANGE, StepKind.EXPORT_REMOVE)
    yield from _compared("export template", export_kinds, present.exports, wanted.exports)
    rule_kinds = (StepKind.RULE_ADD, StepKind.RULE_CHANGE, StepKind.RULE_REMOVE)
    old, new = ({rule.name: rule for rule in each.rules} for each in (present, wanted))
    yield from _compared("validation rule", rule_kinds, old, new)
    set_kinds = (StepKind.SET_ADD, StepKind.SET_CHANGE, StepKind.SET_REMOVE)
    old_sets, new_sets = (
        {name.name: file.text for name, file in each.texts.items() if name.kind == CATEGORY_SET.schema_type}
        for each in (present, wanted)
    )
    yield from _compared("category set", set_kinds, old_sets, new_sets)


def _without_statuses(scheme: RevisionScheme | None) -> RevisionScheme | None:
    """What a scheme says beyond the statuses, whose steps the catalog tells."""
    return None if scheme is None else replace(scheme, status_definitions=())


def _compared(
    noun: str, kinds: tuple[StepKind, StepKind, StepKind], old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Step]:
    add, change, remove = kinds
    for name in sorted({*old, *new}):
        if name not in old:
            yield Step(add, name, f"Add the {noun} {name!r}.")
        elif name not in new:
            yield Step(remove, name, f"Remove the {noun} {name!r}.")
        elif old[name] != new[name]:
            yield Step(change, name, f"Change the {noun} {name!r}.")
