"""The pages on categories and sets: their examples load, they name every key, and what is written from the sets is up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.registry import language
from plumbline.catalog.registry.catalogue_page import catalogue_page
from plumbline.catalog.registry.checks import checker_of
from plumbline.catalog.registry.reading import registry_package, set_package
from plumbline.catalog.registry.resolution import Registry, resolve
from plumbline.catalog.registry.shelf import Shelf
from plumbline.kit.yaml_source import load_yaml

FOLDER = Path(__file__).parents[3] / "docs" / "reference" / "configuration"
PAGE = (FOLDER / "categories.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def resolved(text: str) -> Registry:
    document = load_yaml(text, "example.yaml")
    is_set = "schema_type: category_set" in text
    return resolve(set_package(document) if is_set else registry_package(document), Shelf())


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str) -> None:
    registry = resolved(text)
    for category in registry.categories:
        checker_of(category.specs, ["Design", "Prototype", "Production"]).violations({}, "Production")
    assert registry.categories or "commonSpecs" in text


def test_what_the_page_says_of_an_example_is_so() -> None:
    [text] = [each for each in EXAMPLES if "Sheet Metal Part" in each]
    demands = [(rule.name, rule.required_from, rule.is_warning) for rule in resolved(text).categories[0].specs]
    assert demands == [("Length", "*", False), ("Thickness", None, False), ("Width", "Design", True)]


def test_what_the_page_says_of_severities_is_so() -> None:
    [text] = [each for each in EXAMPLES if "Molded Part" in each]
    molded, cast = resolved(text).categories
    wrong = {"Weight": TypedValue("-1", None, None, None), "Finish": TypedValue("Painted", None, None, None)}
    for category, of_finish in ((molded, "WARNING"), (cast, None)):
        checker = checker_of(category.specs, ["Design", "Production"])
        assert {each.spec: each.severity for each in checker.violations({}, "Production")} == dict.fromkeys(
            wrong, "WARNING"
        )
        found = {each.spec: each.severity for each in checker.violations(wrong, "Production")}
        assert (found["Weight"], found.get("Finish")) == ("ERROR", of_finish)
    [zinc] = checker_of(cast.specs, ["Design"]).violations({"Finish": TypedValue("Zinc", None, None, None)}, "Design")
    assert (zinc.kind, zinc.severity) == ("choice", "ERROR")


def test_the_page_names_every_key_and_every_type() -> None:
    models = [
        each for each in vars(language).values() if isinstance(each, type) and issubclass(each, language.CamelModel)
    ]
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    types = {word for name in ("CategoryTypeName", "ScalarTypeName") for word in getattr(language, name).__args__}
    missing = [word for word in sorted(keys | types) if not re.search(rf"[`({{ \"]{re.escape(word)}[`:,]", PAGE)]
    assert len(keys) > 30
    assert missing == []


@pytest.mark.parametrize(
    "bound", ["CATEGORIES_MAX", "SPECS_MAX", "CHOICES_MAX", "PARTS_MAX", "CONDITIONS_MAX", "USES_MAX"]
)
def test_the_page_tells_the_bounds(bound: str) -> None:
    assert f"{getattr(language, bound):,}" in PAGE


def test_the_page_of_the_sets_is_up_to_date() -> None:
    told = "run `python -m plumbline.catalog.registry.catalogue_page > docs/reference/configuration/sets.md`"
    assert (FOLDER / "sets.md").read_text(encoding="utf-8") == catalogue_page(), told


@pytest.mark.parametrize("page", ["categories.md", "sets.md"])
def test_links_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", (FOLDER / page).read_text(encoding="utf-8"))
    assert [target for target in targets if not (FOLDER / target).exists()] == []
