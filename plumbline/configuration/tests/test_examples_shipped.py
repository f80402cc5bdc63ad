"""The shipped presets, category sets and schemes under the tests that come with them; and those tests beside what the product does."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

import plumbline.configuration
from plumbline.catalog.model import CategoryType
from plumbline.catalog.reads import catalog
from plumbline.components.actions.create import create_components
from plumbline.components.model import NewComponent
from plumbline.configuration.actions import apply_configuration
from plumbline.configuration.documents import Documents, named, read_documents
from plumbline.configuration.examples import run_examples, violations_of
from plumbline.configuration.examples_cases import (
    ComponentCase,
    FormCase,
    GeneratedCase,
    MoveCase,
    Outcome,
    StageCase,
)
from plumbline.configuration.kinds import NUMBERING, REVISIONS
from plumbline.configuration.model import File
from plumbline.configuration.presets import preset_files, preset_names
from plumbline.kit.errors import Refusal
from plumbline.numbering.reads import next_number_of
from plumbline.numbering.shipped import DEFAULTS, PresetKind, preset_text
from plumbline.numbering.shipped import preset_names as scheme_names
from plumbline.testing.callers import Team

FOLDER = Path(plumbline.configuration.__file__).parent / "preset_tests"
OTHER_SCHEMES = [(kind, name) for kind in PresetKind for name in scheme_names(kind) if name != DEFAULTS[kind]]

Case = TypeVar("Case")


def files_of(*folders: str) -> list[File]:
    files = [file for folder in folders for file in sorted((FOLDER / folder).glob("*.yaml"))]
    return [File(f"tests/{file.parent.name} {file.name}", file.read_text(encoding="utf-8")) for file in files]


@cache
def documents_of(preset: str) -> Documents:
    """Beside the preset its own tests, and those of the numbers, revisions and templates that all presets have."""
    return read_documents(named([*preset_files(preset), *files_of(preset, "every")]))


@cache
def with_scheme(kind: PresetKind, name: str) -> Documents:
    path = NUMBERING.file if kind is PresetKind.NUMBERS else REVISIONS.file
    files = {file.path: file for file in preset_files("electromechanical")}
    files[path] = File(path, preset_text(kind, name))
    wanted = [file for file in files_of("schemes") if file.path == f"tests/schemes {name}.yaml"]
    return read_documents(named([*files.values(), *wanted]))


def cases_of(documents: Documents, kind: type[Case]) -> list[Case]:
    return [case for cases in documents.tests.values() for case in cases if isinstance(case, kind)]


def failed(documents: Documents) -> list[Outcome]:
    outcomes = run_examples(documents.tests.values())
    assert outcomes
    return [each for each in outcomes if not each.passed]


@pytest.mark.parametrize("preset", preset_names())
def test_a_preset_does_what_its_tests_say(preset: str) -> None:
    assert failed(documents_of(preset)) == []


@pytest.mark.parametrize(("kind", "name"), OTHER_SCHEMES)
def test_a_scheme_does_what_its_tests_say(kind: PresetKind, name: str) -> None:
    assert failed(with_scheme(kind, name)) == []


def test_every_file_of_tests_is_run_here() -> None:
    folders = {*preset_names(), "every", "schemes"}
    assert {file.relative_to(FOLDER).parts[0] for file in FOLDER.rglob("*.yaml")} == folders
    assert {file.stem for file in (FOLDER / "schemes").iterdir()} == {name for _, name in OTHER_SCHEMES}


def test_there_are_many_of_every_kind() -> None:
    shipped = [documents_of(preset) for preset in preset_names()]
    cases = {case.label.place: case for each in shipped for found in each.tests.values() for case in found}
    sections = Counter(case.label.section for case in cases.values())
    assert sum(sections.values()) >= 300
    assert all(sections[section] >= 20 for section in ("components", "numbers", "revisions", "changeOrders"))
    for documents in shipped:
        forms, templates = cases_of(documents, FormCase), documents.templates.values()
        assert cases_of(documents, MoveCase)
        assert all(any(case.template == template and case.errors for case in forms) for template in templates)
        assert len({case.panel for case in cases_of(documents, StageCase)}) >= 3


@pytest.mark.parametrize("preset", preset_names())
def test_components_of_every_type_are_among_them_good_and_bad(preset: str) -> None:
    found: Counter[tuple[str, bool]] = Counter()
    for case in cases_of(documents_of(preset), ComponentCase):
        found[case.category.type, bool(case.errors or case.warnings)] += 1
    assert {kind for kind, _ in found} == set(CategoryType)
    if preset == "all-sets":
        assert all(found[kind, is_wrong] >= 6 for kind in CategoryType for is_wrong in (True, False)), found


@pytest.mark.parametrize("preset", preset_names())
def test_the_product_refuses_what_the_tests_say_is_wrong(team: Team, preset: str) -> None:
    """A new component is refused for the values that it has, not yet for those that it does not have."""
    team.manager.run(apply_configuration, preset_files(preset), allow=("all",))
    for case in cases_of(documents_of(preset), ComponentCase):
        wrong = {each.spec for each in violations_of(case) if each.severity == "ERROR" and each.kind != "required"}
        values = {name: raw for name, (_, raw) in case.values.items()}
        new = NewComponent(name="Part", category=case.category.code, status=case.status, attributes=values)
        refused: set[str] = set()
        try:
            team.engineer.run(create_components, [new])
        except Refusal as refusal:
            refused = {str(each.path[-1]) for each in (refusal, *refusal.also)}
        # Values that cannot be read are told before those that break a rule.
        assert refused <= wrong, case.label
        assert bool(refused) == bool(wrong), case.label


@pytest.mark.parametrize("preset", preset_names())
def test_the_product_makes_the_numbers_that_the_tests_say(team: Team, preset: str) -> None:
    team.manager.run(apply_configuration, preset_files(preset), allow=("all",))
    known = team.viewer.ask(catalog)
    for case in cases_of(documents_of(preset), GeneratedCase):
        if case.choices.category is not None and not case.elements:
            category = known.category(case.choices.category)
            assert team.viewer.ask(next_number_of, category) == case.numbers[0]
