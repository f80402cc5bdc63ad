"""The two languages and their pages: examples load, every key is explained, and a server does not load them before it must."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from plumbline.catalog.model import STATUS_MEANINGS
from plumbline.kit.yaml_source import load_yaml
from plumbline.numbering import language, model, revision_language, scheme_language
from plumbline.numbering.revision_model import MEANING_COLORS
from plumbline.numbering.revision_scheme import first_revision, revision_scheme_from
from plumbline.numbering.scheme import scheme_from
from plumbline.numbering.scheme_attachments import GROUPS_DEPTH_MAX

ROOT = Path(__file__).parents[3]
LANGUAGES = [scheme_language, revision_language]
PAGES = {each: (ROOT / each.PAGE).read_text(encoding="utf-8") for each in LANGUAGES}
READERS: dict[ModuleType, Callable[[Any], Any]] = {
    scheme_language: scheme_from,
    revision_language: revision_scheme_from,
}
EXAMPLES = [(each, text) for each in LANGUAGES for text in re.findall(r"```yaml\n(.*?)```", PAGES[each], re.DOTALL)]

languages = pytest.mark.parametrize("told", LANGUAGES, ids=lambda each: each.SCHEMA_TYPE)


@pytest.mark.parametrize(("told", "text"), EXAMPLES, ids=lambda each: getattr(each, "SCHEMA_TYPE", ""))
def test_an_example_of_the_page_loads(told: ModuleType, text: str) -> None:
    scheme = READERS[told](load_yaml(text, "example.yaml"))
    if told is scheme_language:
        assert scheme.warnings == ()
    else:
        assert all(first_revision(scheme, status) for status in scheme.status_order)


def models_of(told: ModuleType) -> list[type[language.Part]]:
    return [each for each in vars(told).values() if isinstance(each, type) and issubclass(each, language.DocumentModel)]


@languages
def test_the_page_names_every_key(told: ModuleType) -> None:
    keys = {field.alias or name for each in models_of(told) for name, field in each.model_fields.items()}
    missing = [key for key in sorted(keys) if not re.search(rf"[`.]{re.escape(key)}[`.:]", PAGES[told])]
    assert len(keys) > 20
    assert missing == []


@languages
def test_the_page_tells_every_bound(told: ModuleType) -> None:
    bounds = {name: value for name, value in vars(told).items() if re.fullmatch(r"[A-Z_]+_MAX", name)}
    bounds |= {"groups": GROUPS_DEPTH_MAX, "elements": model.ELEMENTS_MAX} if told is scheme_language else {}
    assert len(bounds) >= 9
    assert [name for name, value in bounds.items() if not re.search(rf"\b{value:,}\b", PAGES[told])] == []


@languages
def test_links_of_the_page_lead_somewhere(told: ModuleType) -> None:
    folder = (ROOT / told.PAGE).parent
    targets = re.findall(r"\]\(([^)#:]+)\)", PAGES[told])
    assert targets
    assert [target for target in targets if not (folder / target).exists()] == []


@languages
def test_an_editor_can_explain_every_key(told: ModuleType) -> None:
    schema = told.schema("https://plumbline.example/schema.json")
    assert schema["$id"] == "https://plumbline.example/schema.json"
    keys = list(keys_of(schema))
    assert len(keys) > 30
    assert [name for name, said in keys if len(str(said.get("description", ""))) < 8] == []


def keys_of(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for each in schema.values():
            yield from keys_of(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from keys_of(each)


def test_statuses_mean_what_the_catalog_knows() -> None:
    assert tuple(MEANING_COLORS) == STATUS_MEANINGS == revision_language.Meaning.__args__  # type: ignore[attr-defined]


def test_a_server_starts_without_the_languages() -> None:
    program = (
        "import sys, plumbline.numbering.actions, plumbline.numbering.revision_scheme, plumbline.numbering.number_matching\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'pydantic' or name.endswith('_language')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
