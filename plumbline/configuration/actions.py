"""Applying configuration: checked as a whole, planned in the transaction that writes it, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plumbline.access.permissions import Permission, action
from plumbline.catalog.actions import put_catalog
from plumbline.components.actions.reread import read_values_anew
from plumbline.components.reads import survey_values_ever
from plumbline.configuration.errors import (
    ConfigurationMoved,
    ConfigurationRefused,
    InvalidConfiguration,
    TemplateNameTaken,
)
from plumbline.configuration.kinds import TEMPLATE, VALIDATION_CODE, VALIDATIONS, DocumentName, is_safe_name, path_of
from plumbline.configuration.model import File, Plan, Step, StepKind, Verdict
from plumbline.configuration.reads import Draft, draft, draft_of_version
from plumbline.definitions.actions import put_definition, record_version, remove_definition
from plumbline.definitions.model import ConfigurationVersion, Definition
from plumbline.definitions.reads import definition_in_force, definitions_in_force
from plumbline.kit.errors import Refusal
from plumbline.kit.late import LateModule
from plumbline.storage.unit_of_work import UnitOfWork
from plumbline.validations.model import NewRule, RuleChange, RuleDefinition, ValidationRule, rule_id
from plumbline.validations.reads import rules_listed, validation_rule

if TYPE_CHECKING:
    from plumbline.configuration import documents, effects
    from plumbline.validations import rule_list, rule_wishes
else:
    documents = LateModule("plumbline.configuration.documents")
    effects = LateModule("plumbline.configuration.effects")
    rule_list = LateModule("plumbline.validations.rule_list")
    rule_wishes = LateModule("plumbline.validations.rule_wishes")

REASON_LENGTH_MAX = 2_000
BARRIERS_TOLD_MAX = 50


@dataclass(frozen=True, slots=True)
class Applied:
    """`version` is None if there was nothing to do."""

    plan: Plan
    version: ConfigurationVersion | None


@action(needs=Permission.CONFIGURATION_EDIT)
def apply_configuration(
    work: UnitOfWork,
    files: Sequence[File],
    *,
    complete: bool = True,
    allow: Collection[str] = (),
    reason: str = "",
    expected_state: int | None = None,
    origin: str = "apply",
) -> Applied:
    """Puts the files in force, with all that follows from them; refuses what would lose data, and what breaks and was not allowed."""
    _refuse_moved(work, expected_state)
    wanted = draft(work, files, complete=complete, new_id=work.new_id)
    return _applied(work, wanted, allow=allow, reason=reason, origin=origin)


@action(needs=Permission.CONFIGURATION_EDIT)
def roll_back_configuration(
    work: UnitOfWork,
    number: int,
    *,
    allow: Collection[str] = (),
    reason: str = "",
    expected_state: int | None = None,
) -> Applied:
    """Puts the documents of an earlier version in force again, as a new version."""
    _refuse_moved(work, expected_state)
    wanted = draft_of_version(work, number, new_id=work.new_id)
    return _applied(work, wanted, allow=allow, reason=reason or f"Back to version {number}.", origin="rollback")


@action(needs=Permission.CONFIGURATION_EDIT)
def create_template(work: UnitOfWork, name: str, text: str) -> Definition:
    """Adds a change order template under a name of its own."""
    document = DocumentName(TEMPLATE.schema_type, " ".join(name.split()))
    if not is_safe_name(document.name):
        raise InvalidConfiguration(
            f"{name[:80]!r} cannot be the name of a template.",
            path=("name",),
            expected="1 to 100 letters, digits, blanks and ( ) . + & , ' -",
        )
    names = {each.lower() for _, each in definitions_in_force(work, TEMPLATE.schema_type)}
    if document.name.lower() in names:
        message = f"There is a change order template {document.name!r} already."
        raise TemplateNameTaken(
            message, path=("name",), hint="Choose another name, or change it with plumbline config."
        )
    file = File(path_of(document), text)
    _refuse_other_kinds(file)
    wanted = draft(work, [file], complete=False, new_id=work.new_id)
    _applied(work, wanted, allow=(), reason=f"Template {document.name}", origin="template")
    made = definition_in_force(work, *document)
    assert made is not None
    return made


def _refuse_other_kinds(file: File) -> None:
    said = documents.document_name(file).kind
    if said != TEMPLATE.schema_type:
        raise InvalidConfiguration(
            f"The document says that it is a {said}.",
            path=("configYAML",),
            expected=f"schema_type: {TEMPLATE.schema_type}",
            hint="Other documents are put in force with plumbline config apply.",
        )


@action(needs=Permission.CONFIGURATION_EDIT)
def create_rule(work: UnitOfWork, wish: NewRule) -> ValidationRule:
    """Adds a validation rule to the list, its code in a file of its own."""
    present = rules_listed(work)
    return _put_rule(work, present, rule_wishes.new_definition(wish, present, _code_files(work)))


@action(needs=Permission.CONFIGURATION_EDIT)
def update_rule(work: UnitOfWork, rule_id: str, change: RuleChange) -> ValidationRule:
    """Changes a validation rule; writes nothing if all of it is so already."""
    rule, present = validation_rule(work, rule_id), rules_listed(work)
    wanted = rule_wishes.changed_definition(rule.definition, change, present, _code_files(work))
    return rule if wanted == rule.definition else _put_rule(work, present, wanted)


def _code_files(work: UnitOfWork) -> set[str]:
    return {path for _, path in definitions_in_force(work, VALIDATION_CODE.schema_type)}


def _put_rule(work: UnitOfWork, present: Sequence[RuleDefinition], rule: RuleDefinition) -> ValidationRule:
    listed = definition_in_force(work, VALIDATIONS.schema_type)
    text = rule_list.list_with(None if listed is None else listed.text, present, rule)
    files = [File(VALIDATIONS.file, text), File(rule.path, rule.code)]
    wanted = draft(work, files, complete=False, new_id=work.new_id)
    _refuse_oversize(wanted)
    _applied(work, wanted, allow=(), reason=f"Rule {rule.name}", origin="rule")
    return validation_rule(work, rule_id(work.library_id, rule.name))


def _refuse_oversize(wanted: Draft) -> None:
    """What grows one by one must still be such that a folder of it can be applied."""
    size = sum(len(file.text) for file in wanted.wanted.texts.values())
    if size > documents.TOTAL_BYTES_MAX:
        message = f"The configuration would have {size} characters."
        raise InvalidConfiguration(message, path=("code",), expected=f"at most {documents.TOTAL_BYTES_MAX}")


def _applied(work: UnitOfWork, wanted: Draft, *, allow: Collection[str], reason: str, origin: str) -> Applied:
    plan = wanted.plan
    if len(reason) > REASON_LENGTH_MAX:
        message = f"The reason has {len(reason)} characters."
        raise InvalidConfiguration(message, path=("reason",), expected=f"at most {REASON_LENGTH_MAX}")
    _refuse_barriers(plan.barriers(frozenset(allow)))
    if plan.is_empty:
        return Applied(plan, None)
    work.reason = reason or None
    for change in plan.documents:
        if change.what == "REMOVE":
            remove_definition(work, change.kind, change.name)
        else:
            text = wanted.wanted.texts[DocumentName(change.kind, change.name)].text
            put_definition(work, change.kind, change.name, text)
    _read_values_anew(work, wanted)
    put_catalog(work, wanted.outcome.rows)
    steps = [step.text for step in plan.steps]
    return Applied(plan, record_version(work, origin=origin, reason=reason, steps=steps))


def _read_values_anew(work: UnitOfWork, wanted: Draft) -> None:
    """Values of attributes that get another type or unit: the plan has made sure that all of them can be read."""
    before = {each.id: each for each in wanted.before.attributes}
    after = {each.id: each for each in wanted.outcome.rows.attributes}
    for step in wanted.plan.steps:
        attribute_id = step.subject.attribute_id
        if step.kind is StepKind.ATTRIBUTE_CHANGE and attribute_id is not None:
            old, new = before[attribute_id], after[attribute_id]
            values = [
                (each.key, read)
                for each in survey_values_ever(work, attribute_id)
                if (read := effects.reread(old, new, each.value)) is not None
            ]
            read_values_anew(work, values)


def _refuse_moved(work: UnitOfWork, expected_state: int | None) -> None:
    if expected_state is not None and expected_state != work.configuration_change:
        raise ConfigurationMoved(
            f"The configuration is at state {work.configuration_change}, not at {expected_state}.",
            path=("expectedState",),
            expected=str(work.configuration_change),
            hint="Somebody changed it since the plan was made. Plan again and look at the steps.",
        )


def _refuse_barriers(barriers: Sequence[Step]) -> None:
    if barriers:
        first, *others = [_barrier(step) for step in barriers[:BARRIERS_TOLD_MAX]]
        first.also = tuple(others)
        raise first


def _barrier(step: Step) -> Refusal:
    told = " ".join([step.text, *(effect.text for effect in step.effects)])
    if step.verdict is Verdict.REFUSED:
        return ConfigurationRefused(told, path=("steps", step.key), hint=step.hint)
    hint = f"If that is meant, allow it by name: --allow {step.key!r}, or --allow {step.kind} for all of the kind."
    return ConfigurationRefused(told, path=("steps", step.key), expected="a step that was allowed", hint=hint)
