"""A registry with a set: what is resolved, and how faults are told."""

from __future__ import annotations

import pytest

from plumbline.catalog.attributes import typed_value
from plumbline.catalog.errors import InvalidRegistry
from plumbline.catalog.installing import CatalogRows, with_registry
from plumbline.catalog.registry.checks import checker_of
from plumbline.catalog.registry.kinds import mixed_kinds
from plumbline.catalog.registry.reading import registry_package, set_package
from plumbline.catalog.registry.resolution import Registry, resolve, status_mentions
from plumbline.catalog.registry.rules import rule_from_text, rule_text
from plumbline.catalog.registry.shelf import Shelf
from plumbline.kit.yaml_source import load_yaml

SET = """
schema_type: category_set
name: acme/mechanical
version: 1.0.1
changelog: [{version: 1.0.1, changes: [first]}]
commonSpecs:
  dimensions:
    height: {name: Height, type: number, unit: mm}
    width: {name: Width, type: number, unit: mm, required: Design}
categoryTypeSpecs: {MECHANICAL: [{name: Material, type: string}]}
categories:
  - {code: 230, type: MECHANICAL, name: Bearing, specs: [{name: Bore, type: number, unit: mm}]}
  - {code: 240, type: MECHANICAL, name: Bracket}
"""


def resolved(text: str) -> Registry:
    shelf = Shelf([set_package(load_yaml(SET, "set.yaml"))])
    return resolve(registry_package(load_yaml(text, "registry.yaml")), shelf)


def test_a_set_is_used_a_category_left_out_and_another_extended_in_its_place() -> None:
    registry = resolved("""
uses: [acme/mechanical@v1]
excludes: [Bracket]
categories:
  - extends: acme/mechanical/bearing@v1.0.1
    name: Custom Bearing
    specs: [{name: Surface Treatment, type: string, required: Production, validation: {enum: [Chrome, None]}}]
""")
    [bearing] = registry.categories
    assert (bearing.code, bearing.name) == ("230", "Custom Bearing")
    assert [rule.name for rule in bearing.specs] == ["Bore", "Material", "Surface Treatment"]
    assert all(rule_from_text(rule_text(rule)) == rule for rule in bearing.specs)


def test_required_beside_a_wildcard_is_a_default() -> None:
    registry = resolved("""
categories:
  - code: 920
    type: ASSEMBLY
    name: Cable
    specs: [{$ref: "acme/mechanical/specs/dimensions/*", required: Prototype}]
""")
    assert [(rule.name, rule.required_from) for rule in registry.categories[0].specs] == [
        ("Height", "Prototype"),
        ("Width", "Design"),
    ]


def test_statuses_that_a_file_names_are_told_with_their_place() -> None:
    text = "categories: [{code: 1, type: SOFTWARE, name: X, specs: [{name: A, type: string, required: In Review}]}]"
    package = registry_package(load_yaml(text))
    assert list(status_mentions(package)) == [("In Review", ("categories", 0, "specs", 0, "required"))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("uses: [acme/mechancal@v1]", "1:8: There is no category set 'acme/mechancal'."),
        ("uses: [acme/mechanical@v2]", "1:8: The category set acme/mechanical@v2 has not been released."),
        ("uses: [acme/mechanical]", "1:8: 'acme/mechanical' names no version."),
        ("excludes: [Bearng]", "1:12: No set that is used has a category 'Bearng'."),
        ("categorys: []", "1:1: 'categorys' means nothing here."),
        ("categories: [{extends: B, name: A}, {extends: A, name: B}]", "The category extends itself"),
        (
            "commonSpecs: {a: [{name: q, type: string, validation: {pattern: '('}}]}",
            "1:65: A parenthesis is opened here and never closed.",
        ),
        (
            "commonSpecs: {a: [{name: q, type: integer, validation: {minimum: 3, maximum: 2}}]}",
            "1:66: minimum 3 is above maximum 2",
        ),
        (
            "commonSpecs: {a: [{name: q, type: conditional, components: {c: {type: string, validation: {enum: [red]}},"
            " n: {type: integer, validation: {conditions: [{when: \"c == 'blue'\", minimum: 1}]}}}}]}",
            "The condition can never hold.",
        ),
    ],
)
def test_a_wrong_registry_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(InvalidRegistry) as refused:
        resolved(text)
    assert told in refused.value.message
    assert refused.value.message.startswith("registry.yaml:")


MIXED = """
categories:
  - {code: "1", type: MECHANICAL, name: Shaft, specs: [{name: Length, type: number, unit: mm}]}
  - {code: "2", type: ASSEMBLY, name: Cable, specs: [{name: length, type: string, validation: {pattern: " m$"}}]}
"""


def test_a_spec_of_two_kinds_is_one_attribute_kept_as_text_and_each_category_reads_it_its_way() -> None:
    registry = resolved(MIXED)
    ids = iter("abcdefgh")
    rows = with_registry(CatalogRows((), (), (), ()), registry, lambda: next(ids), 1)
    [attribute] = rows.attributes
    assert (attribute.name, attribute.type, attribute.unit) == ("Length", "STRING", None)
    shaft, cable = (checker_of([rule_from_text(link.rule or "")], ["Design"]) for link in rows.links)
    for text, in_shaft, in_cable in (("12 mm", 0, 1), ("1.5 m", 0, 0), ("long m", 1, 0)):
        values = {"Length": typed_value(attribute, text, ())}
        assert (len(shaft.violations(values, "Design")), len(cable.violations(values, "Design"))) == (
            in_shaft,
            in_cable,
        )
    told = list(mixed_kinds((each.name, rule) for each in registry.categories for rule in each.specs))
    assert told == [
        "The spec 'length' is of type number in mm in Shaft and of type string in Cable: it is kept as text, and cannot be compared"
        " as a number."
    ]
