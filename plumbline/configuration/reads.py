"""Questions about the configuration: its files, what other files would do, and what has moved away from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from plumbline.access.permissions import Permission, read
from plumbline.access.reads import members
from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.installing import CatalogRows, refuse_oversize, rows_of
from plumbline.catalog.reads import catalog, prepared_rules
from plumbline.components.model import Head, PastValue, RevisionsInUse
from plumbline.components.reads import survey_heads, survey_revisions, survey_values, survey_values_ever
from plumbline.configuration.errors import ConfigurationVersionMissing
from plumbline.configuration.kinds import KINDS, TEMPLATE, DocumentName
from plumbline.configuration.model import DocumentChange, File, Plan, Step
from plumbline.definitions.model import ConfigurationVersion
from plumbline.definitions.reads import (
    Definitions,
    configuration_version,
    definitions_at_version,
    definitions_in_force,
)
from plumbline.kit.errors import Refusal
from plumbline.kit.ids import IdSource, random_id
from plumbline.kit.late import LateModule
from plumbline.storage.unit_of_work import Scope, change_number_now

if TYPE_CHECKING:
    from plumbline.catalog.registry.checks import Violation
    from plumbline.configuration import documents, effects, planning, writing
else:
    # They load pydantic, which a server needs for its first plan and not for its start.
    documents = LateModule("plumbline.configuration.documents")
    effects = LateModule("plumbline.configuration.effects")
    planning = LateModule("plumbline.configuration.planning")
    writing = LateModule("plumbline.configuration.writing")


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan with everything that applying it needs."""

    plan: Plan
    before: CatalogRows
    outcome: planning.Outcome
    wanted: documents.Documents


@read(needs=Permission.LIBRARY_READ)
def plan_configuration(scope: Scope, files: Sequence[File], *, complete: bool = True) -> Plan:
    """What applying the files would do, with its effects on the library; changes nothing."""
    return draft(scope, files, complete=complete).plan


@read(needs=Permission.LIBRARY_READ)
def plan_rollback(scope: Scope, number: int) -> Plan:
    """What going back to a version of the configuration would do; changes nothing."""
    return draft_of_version(scope, number).plan


@read(needs=Permission.LIBRARY_READ)
def configuration_drift(scope: Scope) -> tuple[Step, ...]:
    """What was changed past the files since they were applied: the steps that applying them once more would take."""
    present = present_documents(scope)
    return _draft(scope, present, present, KINDS, random_id).plan.steps


@read(needs=Permission.LIBRARY_READ)
def configuration_files(scope: Scope) -> list[File]:
    """The present state as files that plan to nothing: as they were written, or written anew where the catalog has moved away."""
    present = present_documents(scope)
    steps = _draft(scope, present, present, KINDS, random_id).plan.steps
    written = writing.files_of(present, catalog(scope), has_drifted=bool(steps))
    return sorted(written)


@read(needs=Permission.LIBRARY_READ)
def configuration_state(scope: Scope) -> int:
    """Names the configuration as it is now."""
    return scope.configuration_change or 0


@read(needs=Permission.LIBRARY_READ)
def faults_of_configuration(scope: Scope, files: Sequence[File], *, complete: bool = True) -> list[Refusal]:
    """Every fault of the files, together with the documents of the library that they leave as they are."""
    try:
        sent = documents.named(files)
        documents.read_documents(planning.overlaid(present_documents(scope).texts, sent, complete=complete))
    except Refusal as refusal:
        return [refusal, *refusal.also]
    return []


@read(needs=Permission.LIBRARY_READ)
def version_of_configuration(scope: Scope, number: int) -> ConfigurationVersion:
    """One version of the configuration: who, when, why, and its steps."""
    found = configuration_version(scope, number)
    if found is None:
        raise ConfigurationVersionMissing(f"The configuration has no version {number}.", path=("number",))
    return found


@read(needs=Permission.LIBRARY_READ)
def version_changes(scope: Scope, number: int) -> list[DocumentChange]:
    """What a version of the configuration changed in its documents, compared with the version before."""
    after, before = definitions_at_version(scope, number), definitions_at_version(scope, number - 1)
    if after is None:
        raise ConfigurationVersionMissing(f"The configuration has no version {number}.", path=("version",))
    return list(planning.document_changes(_texts(before or {}), _texts(after)))


class ViolationFound(NamedTuple):
    """One violation of one component."""

    component_id: str
    cpn: str
    violation: Violation


@read(needs=Permission.LIBRARY_READ)
def spec_violations(
    scope: Scope, *, severity: str | None = None, category_id: str | None = None
) -> list[ViolationFound]:
    """Everything in the library that the rules of the categories forbid, by part number."""
    known, rules = catalog(scope), prepared_rules(scope)
    ruled = {each for each in known.rules_of_category if category_id in (None, each)}
    heads = [each for each in survey_heads(scope) if each.category_id in ruled]
    asked = {link.attribute_id for link in known.category_attributes if link.category_id in ruled and link.rule}
    values: dict[int, dict[str, TypedValue | None]] = {each.key: {} for each in heads}
    for attribute_id in asked:
        name = known.attribute_by_id[attribute_id].name
        for key, value in survey_values(scope, attribute_id):
            if key in values:
                values[key][name] = value
    return [
        ViolationFound(head.id, head.cpn, violation)
        for head in sorted(heads, key=lambda each: each.cpn)
        for violation in rules.of(head.category_id).violations(
            values[head.key], known.status_by_id[head.status_id].name
        )
        if severity in (None, violation.severity)
    ]


def draft(scope: Scope, files: Iterable[File], *, complete: bool, new_id: IdSource = random_id) -> Draft:
    sent = documents.named(files)
    present = present_documents(scope)
    wanted = documents.read_documents(planning.overlaid(present.texts, sent, complete=complete))
    return _draft(scope, present, wanted, {name.kind for name in sent}, new_id)


def draft_of_version(scope: Scope, number: int, *, new_id: IdSource = random_id) -> Draft:
    found = definitions_at_version(scope, number)
    if found is None:
        raise ConfigurationVersionMissing(f"The configuration has no version {number}.", path=("version",))
    present, wanted = present_documents(scope), documents.read_documents(_texts(found))
    differing = {change.kind for change in planning.document_changes(present.texts, wanted.texts)}
    return _draft(scope, present, wanted, differing, new_id)


def present_documents(scope: Scope) -> documents.Documents:
    texts = _texts(definitions_in_force(scope))
    try:
        return documents.read_documents(texts)
    except Refusal:
        # Written for an earlier language that was less strict: they can be replaced, and be compared as texts.
        return documents.Documents(texts)


def _draft(
    scope: Scope,
    present: documents.Documents,
    wanted: documents.Documents,
    spoken_of: Collection[str],
    new_id: IdSource,
) -> Draft:
    rows = rows_of(catalog(scope))
    # The number that the change gets if it is made now: entries say since when they are retired.
    outcome = planning.outcome_of(rows, present, wanted, spoken_of, new_id, change_number_now(scope) + 1)
    refuse_oversize(outcome.rows)
    live = LibraryNow(scope)
    measured = effects.Effects(live, rows, outcome.rows, present, wanted).measured(outcome.steps)
    people = _unknown_reviewers(scope, wanted) if TEMPLATE.schema_type in spoken_of else ()
    plan = Plan(scope.configuration_change or 0, measured, outcome.documents, (*wanted.notices, *people))
    return Draft(plan, rows, outcome, wanted)


def _unknown_reviewers(scope: Scope, wanted: documents.Documents) -> tuple[str, ...]:
    known = [each.user for each in members(scope)]
    ids, emails = {user.id for user in known}, {user.email.lower() for user in known}
    return tuple(planning.unknown_people(wanted.templates, ids, emails))


def _texts(found: Definitions) -> Mapping[DocumentName, File]:
    return documents.texts_of({key: each.text for key, each in found.items()})


class LibraryNow:
    """The `Live` of a snapshot."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @cached_property
    def _heads(self) -> list[Head]:
        return survey_heads(self._scope)

    def heads(self) -> Sequence[Head]:
        return self._heads

    def values(self, attribute_id: str) -> Iterator[tuple[int, TypedValue]]:
        return survey_values(self._scope, attribute_id)

    def values_ever(self, attribute_id: str) -> Sequence[PastValue]:
        return survey_values_ever(self._scope, attribute_id)

    def revisions(self) -> Sequence[RevisionsInUse]:
        return survey_revisions(self._scope)
