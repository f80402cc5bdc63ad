"""What the page on configuration tests shows is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plumbline.configuration.documents import named, read_documents
from plumbline.configuration.examples import run_examples
from plumbline.configuration.examples_language import PAGE, schema
from plumbline.configuration.model import File
from plumbline.configuration.presets import preset_files

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
SECTIONS = ("components", "numbers", "revisions", "changeOrders")


def test_there_are_examples_of_every_section() -> None:
    assert len(EXAMPLES) == 5
    assert all(sum(f"{section}:" in each for each in EXAMPLES) == 2 for section in SECTIONS)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_page_loads_and_passes(example: str) -> None:
    text = example if "schema_type" in example else f"schema_type: configuration_tests\n{example}"
    documents = read_documents(named([*preset_files("all-sets"), File("tests/page.yaml", text)]))
    outcomes = run_examples(documents.tests.values())
    assert outcomes
    assert [each for each in outcomes if not each.passed] == []


def test_the_page_names_every_key() -> None:
    models = schema("/x")["definitions"]
    assert isinstance(models, dict)
    keys = {key for model in models.values() for key in model["properties"]}
    assert {key for key in keys if f"`{key}`" not in TEXT and f"{key}:" not in TEXT} == set()


def test_what_the_page_links_to_is_there() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert ((ROOT / PAGE).parent / link).exists(), link
