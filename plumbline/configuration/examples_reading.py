"""A file of configuration tests as cases: the structure first; then, under the documents it is about, every name that it uses (pure)."""

from __future__ import annotations

from plumbline.configuration.errors import InvalidConfigurationTest
from plumbline.configuration.examples_cases import (
    Case,
    FirstRevisionsCase,
    GeneratedCase,
    MoveCase,
    NumberCase,
    OrderCase,
    RevisionCase,
    UntestableCase,
)
from plumbline.configuration.examples_change_orders import change_order_case
from plumbline.configuration.examples_components import component_case
from plumbline.configuration.examples_language import (
    PAGE,
    ConfigurationTestsModel,
    FirstRevisions,
    GeneratedNumbers,
    NumberExample,
    RevisionExample,
    RevisionOrder,
    StatusMove,
)
from plumbline.configuration.examples_lookup import Lookup, Setting
from plumbline.kit.document_model import Path, read_model
from plumbline.kit.yaml_source import YamlDocument


def structure_of(document: YamlDocument) -> ConfigurationTestsModel:
    """The file by itself; raises InvalidConfigurationTest with every fault of its structure."""
    return read_model(ConfigurationTestsModel, document, InvalidConfigurationTest, PAGE)


def cases_of(document: YamlDocument, tests: ConfigurationTestsModel, setting: Setting) -> tuple[Case, ...]:
    """Its cases in their order; raises InvalidConfigurationTest with everything it names that is not there."""
    known = Lookup.of(document, setting)
    found = [
        *(component_case(each, index, known) for index, each in enumerate(tests.components or ())),
        *(number_case(each, index, known) for index, each in enumerate(tests.numbers or ())),
        *(revision_case(each, index, known) for index, each in enumerate(tests.revisions or ())),
        *(change_order_case(each, index, known) for index, each in enumerate(tests.change_orders or ())),
    ]
    known.faults.raise_if_any()
    return tuple(each for each in found if each is not None)


def number_case(model: NumberExample | GeneratedNumbers, index: int, known: Lookup) -> Case | None:
    path: Path = ("numbers", index)
    label = known.label("numbers", index, model.name or _title_of_number(model))
    scheme = known.setting.numbering
    if scheme is None:
        return UntestableCase(label, "a part number scheme")
    if known.setting.registry is None and (model.category is not None or known.setting.numbers_name_categories):
        return UntestableCase(label, "a category registry")
    category = None if model.category is None else known.category(model.category, (*path, "category"))
    choices = known.setting.choices(category)
    if isinstance(model, NumberExample):
        return NumberCase(label, scheme, choices, model.number, model.expect)
    for name in model.elements or {}:
        known.check_element(scheme, name, (*path, "elements", name))
    return GeneratedCase(label, scheme, choices, model.elements or {}, _counted(model.first, model.then))


def _title_of_number(model: NumberExample | GeneratedNumbers) -> str:
    what = model.number if isinstance(model, NumberExample) else f"from {model.first}" if model.first else "none"
    return f"{what} of {model.category}" if model.category else what


def _counted(first: str | None, then: str | tuple[str, ...] | None) -> tuple[str, ...]:
    following = (then,) if isinstance(then, str) else then or ()
    return () if first is None else (first, *following)


def revision_case(
    model: RevisionExample | FirstRevisions | RevisionOrder | StatusMove, index: int, known: Lookup
) -> Case | None:
    path: Path = ("revisions", index)
    label = known.label("revisions", index, model.name or _title_of_revision(model))
    if isinstance(model, RevisionOrder):
        return OrderCase(label, model.order)
    scheme = known.setting.revisions
    if scheme is None:
        return UntestableCase(label, "a revision scheme")
    if isinstance(model, StatusMove):
        before = known.status(model.from_status, (*path, "from"))
        after = known.status(model.to_status, (*path, "to"))
        return None if before is None or after is None else MoveCase(label, scheme, before, after, model.expect)
    status = known.status(model.status, (*path, "status"))
    if status is None:
        return None
    if isinstance(model, FirstRevisions):
        return FirstRevisionsCase(label, scheme, status, _counted(model.first, model.then))
    if model.segment is not None:
        segments = [segment.name for segment in scheme.for_status(status).segments]
        if model.segment not in segments:
            known.note_unknown("segment", model.segment, segments, (*path, "segment"))
    return RevisionCase(label, scheme, status, model.revision, model.expect, model.next, model.segment)


def _title_of_revision(model: RevisionExample | FirstRevisions | RevisionOrder | StatusMove) -> str:
    if isinstance(model, RevisionOrder):
        return "the order of " + ", ".join(model.order[:5])
    if isinstance(model, StatusMove):
        return f"from {model.from_status} to {model.to_status}"
    return f"{model.revision if isinstance(model, RevisionExample) else f'from {model.first}'} in {model.status}"
