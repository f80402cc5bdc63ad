"""Examples of change orders as cases: templates, fields, stages and reviewers found (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.change_orders.approval import Outcome as StageOutcome
from plumbline.change_orders.approval import Seat, Verdict, panel_of
from plumbline.change_orders.template import ApprovalType, Stage, Template
from plumbline.configuration.examples_cases import Case, FormCase, Label, StageCase, UntestableCase
from plumbline.configuration.examples_language import DecidedStage, ExpectedFaults, FilledForm
from plumbline.configuration.examples_lookup import Lookup
from plumbline.kit.document_faults import listed
from plumbline.kit.document_model import Path

VERDICTS = {"approve": Verdict.APPROVED, "reject": Verdict.REJECTED}


def change_order_case(model: FilledForm | DecidedStage, index: int, known: Lookup) -> Case | None:
    path: Path = ("changeOrders", index)
    what = model.stage if isinstance(model, DecidedStage) else "a draft" if model.draft else "a form"
    label = known.label("changeOrders", index, model.name or f"{model.template}: {what}")
    if not known.setting.templates:
        return UntestableCase(label, "a change order template")
    template = known.template(model.template, (*path, "template"))
    if template is None:
        return None
    if isinstance(model, FilledForm):
        return _form_case(label, model, template, path, known)
    stage = next((each for each in template.stages if each.name.lower() == model.stage.lower()), None)
    if stage is None:
        known.note_unknown("stage", model.stage, [each.name for each in template.stages], (*path, "stage"))
        return None
    return _stage_case(label, model, stage, path, known)


def _form_case(label: Label, model: FilledForm, template: Template, path: Path, known: Lookup) -> Case:
    names = [field.name for field in template.fields()]
    for name in model.fields or {}:
        if name not in names:
            known.note_unknown("field", name, names, (*path, "fields", name), at_key=True)
    errors = model.expect.errors if isinstance(model.expect, ExpectedFaults) else ()
    for number, name in enumerate(errors):
        if name not in names:
            known.note_unknown("field", name, names, (*path, "expect", "errors", number))
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in (model.fields or {}).items()}
    return FormCase(label, template, values, bool(model.draft), frozenset(errors))


def _stage_case(label: Label, model: DecidedStage, stage: Stage, path: Path, known: Lookup) -> Case:
    seats = _seats(model, stage, path, known)
    chosen = stage.default_type if model.approval_type is None else ApprovalType(model.approval_type)
    if chosen not in stage.types:
        message = f"The stage {stage.name!r} cannot be decided by {chosen}."
        known.faults.add((*path, "approvalType"), message, expected=f"one of {listed(stage.types)}")
        chosen = stage.default_type
    decisions = _decisions(model, seats, path, known)
    return StageCase(label, panel_of(stage, seats.values(), chosen), decisions, StageOutcome(model.expect.upper()))


def _seats(model: DecidedStage, stage: Stage, path: Path, known: Lookup) -> Mapping[str, Seat]:
    """Those of the template and those that were added, by address or id in small letters."""
    seats: dict[str, Seat] = {}
    for each in stage.reviewers:
        person = each.user.email or each.user.id or ""
        seats[person] = Seat(person, each.is_required, each.is_required_to_approve)
    for number, name in enumerate(model.reviewers or ()):
        person = name.lower()
        if person in seats:
            message = f"{name} is a reviewer of this stage already."
            known.faults.add((*path, "reviewers", number), message, expected="each reviewer once")
        seats.setdefault(person, Seat(person))
    return seats


def _decisions(model: DecidedStage, seats: Mapping[str, Seat], path: Path, known: Lookup) -> Mapping[str, Verdict]:
    decisions: dict[str, Verdict] = {}
    for name, word in (model.decisions or {}).items():
        place = (*path, "decisions", name)
        if name.lower() not in seats:
            known.note_unknown("reviewer", name, list(seats), place, at_key=True)
        elif name.lower() in decisions:
            known.faults.add(place, f"{name} decides twice.", expected="one decision of each reviewer", at_key=True)
        decisions[name.lower()] = VERDICTS[word]
    return decisions
