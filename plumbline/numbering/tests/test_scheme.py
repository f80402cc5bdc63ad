import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from plumbline.kit.yaml_source import YamlDocument, load_yaml
from plumbline.numbering.errors import SchemeInvalid
from plumbline.numbering.model import (
    Choice,
    ChoiceLists,
    CounterElement,
    FreeElement,
    GroupElement,
    ListElement,
    ListSource,
    Scheme,
    TextRule,
    leaves_of,
    outline,
)
from plumbline.numbering.scheme import scheme_from

# Schemes like those of the API documents; every fragment of them is held by test_scheme_requirement.

CUSTOM_VARIANT = r"""
$schema: "https://json-schema.org/draft-07/schema#"
version: "1.0"
schema_type: "id_generation_scheme"
settings:
  allow_override: true
  allow_freeform: true
  override_elements: ["variant"]
  freeform_validation:
    pattern: "^[A-Z]{2,4}-\\d{4,6}$"
    max_length: 20
    description: "2-4 letters, a hyphen, 4-6 digits"
elements:
  - type: list
    name: category
    required: true
    use: id
    values:
      - id: "410"
        name: Screws
        description: All that has a thread
    validation:
      pattern: "^\\d{3}$"
  - {type: constant, name: separator, required: true, value: "-"}
  - type: numeric_counter
    name: sequence
    required: true
    attachedTo: [category]
    format: {min_value: 1, max_value: 9999}
  - {type: constant, name: separator2, value: "-"}
  - type: list
    name: variant
    required: true
    attachedTo: [category, sequence]
    values: ["A", "B", "C"]
    allow_freeform: true
    freeform_validation:
      pattern: "^[A-Z]{1,3}$"
      max_length: 3
      description: "1-3 capitals"
examples:
  - "410-0001-A"
  - "410-0001-Z"   # only through an override of the variant
"""

SEVERAL_OVERRIDES = r"""
version: 1.0
schema_type: id_generation_scheme
settings:
  allow_override: true
  allow_freeform: false
  override_elements: [category, variant]
elements:
  - {type: list, name: category, required: true, values: [ELEC, MECH, SOFT]}
  - {type: constant, name: delimiter1, value: "-"}
  - type: numeric_counter
    name: sequence
    required: true
    attachedTo: [category]
    format: {min_value: 1, max_value: 999}
  - {type: constant, name: delimiter2, value: "-"}
  - type: list
    name: variant
    required: true
    values: [STD, ALT]
    allow_freeform: true
    freeform_validation: {pattern: "^[A-Z]{2,5}$", max_length: 5, description: 2-5 capitals}
examples:
  - ELEC-001-STD
  - ELEC-001-PROTO   # a variant of one's own
  - CHEM-001-STD     # a category of one's own
"""

BASE_GROUP = r"""
version: "1.0"
schema_type: id_generation_scheme
settings: {}
elements:
  - type: group
    name: base_cpn
    required: true
    elements:
      - type: list
        name: prefix
        required: true
        values:
          - {id: Category100, value: "100"}
          - {id: Category101, value: "101"}
        validation: {pattern: "^[1-9][0-9]{2}$"}
      - {type: constant, name: delimiter_1, value: "-"}
      - type: numeric_counter
        name: sequence
        required: true
        attachedTo: ['prefix']
        format: {min_value: 1, max_value: 99999}
        validation: {pattern: "^[1-9][0-9]{4}$"}
  - {type: constant, name: delimiter_2, value: "-"}
  - type: list
    name: variant
    required: true
    attachedTo: ['base_cpn']
    values: [{id: A, value: A}, {id: B, value: B}]
    validation: {pattern: "^[A-Z]{1}$"}
examples: [100-10000-A]
"""

OPTIONAL_FREE_VARIANT = r"""
version: "1.0"
schema_type: id_generation_scheme
settings: {allow_override: true}
elements:
  - {type: list, name: prefix, required: true, values: ["123"]}
  - {type: constant, name: dash, value: "-"}
  - {type: numeric_counter, name: sequence, required: true, attachedTo: [prefix], format: {min_value: 1, max_value: 9999}}
  - type: group
    name: variant group
    required: false
    elements:
      - {type: constant, name: separator, value: "."}
      - type: free
        name: variant
        validation: {pattern: "^\\w{1,10}$"}
examples: [123-4567, 123-4567.A, 123-4567.TEST1]
"""

TEMPLATE = r"""
version: "1.0"
schema_type: id_generation_scheme
settings: {}
elements:
  - type: list
    name: category
    required: true
    values: ${{ duro.categories }}
    validation: {pattern: "^\\d{3}$"}
  - {type: constant, name: dash, value: "-"}
  - {type: numeric_counter, name: sequence, required: true, attachedTo: [category], format: {min_value: 1, max_value: 99999}}
examples: [410-00001]
"""

SMALL: dict[str, Any] = {
    "version": "1.0",
    "schema_type": "id_generation_scheme",
    "settings": {"allow_override": True},
    "elements": [
        {"type": "list", "name": "category", "required": True, "values": ["410", "591"]},
        {"type": "constant", "name": "dash", "value": "-"},
        {
            "type": "numeric_counter",
            "name": "sequence",
            "required": True,
            "attachedTo": ["category"],
            "format": {"min_value": 1, "max_value": 999},
        },
    ],
    "examples": ["410-001"],
}


def document(source: object) -> YamlDocument:
    return load_yaml(source if isinstance(source, str) else json.dumps(source, ensure_ascii=False), "cpn.yaml")


def scheme(text: str, choices: ChoiceLists | None = None) -> Scheme:
    return scheme_from(document(text), choices)


def faults(source: Any) -> list[SchemeInvalid]:
    with pytest.raises(SchemeInvalid) as caught:
        scheme_from(document(source))
    return [caught.value, *(other for other in caught.value.also if isinstance(other, SchemeInvalid))]


def changed(change: Callable[[Any], object]) -> dict[str, Any]:
    source = deepcopy(SMALL)
    change(source)
    return source


def test_the_model_says_what_the_yaml_said() -> None:
    read = scheme(CUSTOM_VARIANT)
    assert read.settings.freeform == TextRule("^[A-Z]{2,4}-\\d{4,6}$", 20, "2-4 letters, a hyphen, 4-6 digits")
    category, _, sequence, _, variant = leaves_of(read.elements)
    assert isinstance(category, ListElement)
    assert [(value.text, value.name) for value in category.values] == [("410", "Screws")]
    assert isinstance(sequence, CounterElement)
    assert (sequence.minimum, sequence.maximum, sequence.width) == (1, 9999, 4)
    assert isinstance(variant, ListElement)
    assert variant.freeform == TextRule("^[A-Z]{1,3}$", 3, "1-3 capitals")
    assert read.scopes == {"sequence": ("category",), "variant": ("category", "sequence")}
    assert read.overridable == {"variant"}
    assert read.warnings == ()


def test_a_version_without_quotes_is_text() -> None:
    assert scheme(SEVERAL_OVERRIDES).version == "1.0"


def test_an_example_outside_a_strict_list_is_accepted_with_a_warning() -> None:
    read = scheme(SEVERAL_OVERRIDES)
    assert [warning for warning in read.warnings if "CHEM-001-STD" in warning]
    assert len(read.warnings) == 1


def test_a_group_stands_for_all_its_elements() -> None:
    read = scheme(BASE_GROUP)
    assert read.scopes["variant"] == ("base_cpn/prefix", "base_cpn/sequence")
    assert isinstance(read.elements[0], GroupElement)


def test_an_attachment_brings_its_own_context_along() -> None:
    tail = {
        "type": "hex_counter",
        "name": "v",
        "attachedTo": ["sequence"],
        "format": {"min_value": "0", "max_value": "F"},
    }
    source = changed(lambda s: s["elements"].append(tail))
    source["examples"] = ["410-001A"]
    assert scheme_from(document(source)).scopes["v"] == ("category", "sequence")


def test_attachments_of_a_group_hold_for_everything_in_it() -> None:
    text = BASE_GROUP.replace(
        "  - type: list\n    name: variant\n    required: true\n    attachedTo: ['base_cpn']",
        "  - type: group\n    name: tail\n    required: true\n    attachedTo: [base_cpn]\n    elements: [{type: numeric_counter, name: n,"
        " required: true, format: {min_value: 0, max_value: 9}}]\n  - type: list\n    name: variant\n    required: true",
    ).replace("100-10000-A", "100-10000-0A")
    assert scheme(text).scopes["tail/n"] == ("base_cpn/prefix", "base_cpn/sequence")


def test_a_name_deep_in_a_group_is_found_from_outside_if_it_is_the_only_one() -> None:
    read = scheme(BASE_GROUP.replace("attachedTo: ['base_cpn']", "attachedTo: [sequence]"))
    assert read.scopes["variant"] == ("base_cpn/prefix", "base_cpn/sequence")


def test_free_text_defaults_to_fifty_characters() -> None:
    free = leaves_of(scheme(OPTIONAL_FREE_VARIANT).elements)[-1]
    assert isinstance(free, FreeElement)
    assert free.rule == TextRule("^\\w{1,10}$", 50)


@pytest.mark.parametrize(
    ("template", "source"),
    [
        ("${{ duro.categories }}", ListSource.CATEGORIES),
        ("${{duro.categories}}", ListSource.CATEGORIES),
        ('"${{ duro.families }}"', ListSource.FAMILIES),
    ],
)
def test_lists_may_come_from_the_library(template: str, source: ListSource) -> None:
    category = leaves_of(scheme(TEMPLATE.replace("${{ duro.categories }}", template)).elements)[0]
    assert isinstance(category, ListElement)
    assert category.source is source


def test_with_the_categories_known_examples_must_use_them() -> None:
    known = ChoiceLists([Choice("410", "Screws")])
    assert scheme(TEMPLATE, known)
    with pytest.raises(SchemeInvalid, match="410-00001"):
        scheme(TEMPLATE, ChoiceLists([Choice("591", "Resistors")]))


@pytest.mark.parametrize(
    ("use", "example"), [(None, "X1-001"), ("id", "one-001"), ("name", "First-001"), ("value", "X1-001")]
)
def test_use_says_which_key_of_a_value_is_written(use: str | None, example: str) -> None:
    value = {"id": "one", "name": "First", "value": "X1", "description": "for a test"}
    source = changed(lambda s: s["elements"][0].update(values=[value], **({"use": use} if use else {})))
    source["examples"] = [example]
    assert scheme_from(document(source))


def test_a_value_without_a_value_is_its_id() -> None:
    source = changed(lambda s: s["elements"][0].update(values=[{"id": "410", "name": "Screws"}]))
    assert scheme_from(document(source))


def test_the_outline_shows_how_a_number_looks() -> None:
    assert (
        outline(scheme(OPTIONAL_FREE_VARIANT).elements) == "{prefix}-{sequence 0001..9999}[.[{variant group/variant}]]"
    )


# --- faults ---------------------------------------------------------------------------------------------------------------------


def group_of(*elements: Any) -> Any:
    return {"type": "group", "name": "g", "required": True, "elements": list(elements)}


FREE = {"type": "free", "name": "f", "validation": {"pattern": "^x$"}}


def with_element(element: Any) -> Callable[[Any], object]:
    return lambda s: s["elements"].append(element)


def with_freeform(**rule: object) -> Callable[[Any], object]:
    return lambda s: s["settings"].update(freeform_validation=rule)


@pytest.mark.parametrize(
    ("change", "path", "word"),
    [
        (lambda s: s.pop("settings"), ("settings",), "missing"),
        (lambda s: s.pop("elements"), ("elements",), "missing"),
        (lambda s: s.pop("examples"), ("examples",), "missing"),
        (lambda s: s.pop("version"), ("version",), "missing"),
        (lambda s: s.update(version="one"), ("version",), "'one'"),
        (lambda s: s.update(version="2.0"), ("version",), "'2.0'"),
        (lambda s: s.update(schema_type="id_scheme"), ("schema_type",), "not known"),
        (lambda s: s.update(elements=[]), ("elements",), "0 entries"),
        (lambda s: s.update(elements={"a": 1}), ("elements",), "a mapping"),
        (lambda s: s.update(examples=[]), ("examples",), "0 entries"),
        (lambda s: s.update(examples="410-001"), ("examples",), "410-001"),
        (lambda s: s.update(examples=["410-01"]), ("examples", 0), "does not follow"),
        (lambda s: s.update(examples=["410-001", True]), ("examples", 1), "true"),
        (lambda s: s["settings"].update(allow_override="yes"), ("settings", "allow_override"), "'yes'"),
        (lambda s: s["settings"].update(allow_overide=True), ("settings", "allow_overide"), "means nothing"),
        (
            lambda s: s["settings"].update(override_elements=["catgory"]),
            ("settings", "override_elements", 0),
            "'catgory'",
        ),
        (
            with_freeform(pattern="(a"),
            ("settings", "freeform_validation", "pattern"),
            "never closed",
        ),
        (
            with_freeform(max_length=101),
            ("settings", "freeform_validation", "max_length"),
            "101",
        ),
        (lambda s: s["elements"][0].pop("type"), ("elements", 0, "type"), "missing"),
        (lambda s: s["elements"][0].update(type="lists"), ("elements", 0, "type"), "'lists'"),
        (lambda s: s["elements"][0].pop("name"), ("elements", 0, "name"), "missing"),
        (lambda s: s["elements"][0].update(name=" a"), ("elements", 0, "name"), "cannot be used"),
        (lambda s: s["elements"][0].update(name="a/b"), ("elements", 0, "name"), "cannot be used"),
        (lambda s: s["elements"][1].update(name="category"), ("elements", 1, "name"), "twice"),
        (lambda s: s["elements"][0].update(required="true"), ("elements", 0, "required"), "'true'"),
        (lambda s: s["elements"][0].update(values=[]), ("elements", 0, "values"), "0 entries"),
        (lambda s: s["elements"][0].update(values=["410", "410"]), ("elements", 0, "values", 1), "twice"),
        (lambda s: s["elements"][0].update(values=["410", None]), ("elements", 0, "values", 1), "nothing stands"),
        (lambda s: s["elements"][0].update(values=["410", "4\n1"]), ("elements", 0, "values", 1), "cannot be part"),
        (lambda s: s["elements"][0].update(values=[{"name": "Screws"}]), ("elements", 0, "values", 0, "id"), "missing"),
        (lambda s: s["elements"][0].update(values="410"), ("elements", 0, "values"), "neither a list nor a template"),
        (lambda s: s["elements"][0].update(values="${{ duro.category }}"), ("elements", 0, "values"), "not known"),
        (lambda s: s["elements"][0].update(use="code"), ("elements", 0, "use"), "'code'"),
        (
            lambda s: s["elements"][0].update(validation={"pattern": "^[A-Z]+$"}),
            ("elements", 0, "values", 0),
            "own list",
        ),
        (
            lambda s: s["elements"][0].update(validation={"pattern": "["}),
            ("elements", 0, "validation", "pattern"),
            "character 1",
        ),
        (lambda s: s["elements"][0].update(value="410"), ("elements", 0, "value"), "means nothing"),
        (lambda s: s["elements"][1].update(value=""), ("elements", 1, "value"), "cannot be part"),
        (lambda s: s["elements"][2].pop("format"), ("elements", 2, "format"), "missing"),
        (lambda s: s["elements"][2]["format"].pop("min_value"), ("elements", 2, "format", "min_value"), "missing"),
        (
            lambda s: s["elements"][2]["format"].update(min_value=1000),
            ("elements", 2, "format", "min_value"),
            "greater",
        ),
        (lambda s: s["elements"][2]["format"].update(min_value=-1), ("elements", 2, "format", "min_value"), "-1"),
        (lambda s: s["elements"][2]["format"].update(max_value="999"), ("elements", 2, "format", "max_value"), "'999'"),
        (
            lambda s: s["elements"][2]["format"].update(max_value=10**15),
            ("elements", 2, "format", "max_value"),
            "1000000000000000",
        ),
        (
            lambda s: s["elements"][2].update(type="hex_counter", format={"min_value": "0", "max_value": "fff"}),
            ("elements", 2, "format", "max_value"),
            "'fff'",
        ),
        (
            lambda s: s["elements"][2].update(type="hex_counter", format={"min_value": "0G", "max_value": "FFF"}),
            ("elements", 2, "format", "min_value"),
            "'0G'",
        ),
        (
            lambda s: s["elements"][2].update(attachedTo=["prefix"]),
            ("elements", 2, "attachedTo", 0),
            "no element named 'prefix'",
        ),
        (
            lambda s: s["elements"][2].update(attachedTo=["sequence"]),
            ("elements", 2, "attachedTo", 0),
            "back to itself",
        ),
        (lambda s: s["elements"][2].update(attachedTo="category"), ("elements", 2, "attachedTo"), "'category'"),
        (
            lambda s: s["elements"][0].update(attachedTo=["sequence"]),
            ("elements", 0, "attachedTo", 0),
            "back to itself",
        ),
        (with_element(FREE), ("elements", 3, "type"), "outside a group"),
        (with_element(group_of()), ("elements", 3, "elements"), "0 entries"),
        (
            with_element(group_of({**FREE, "attachedTo": ["g"]})),
            ("elements", 3, "elements", 0, "attachedTo", 0),
            "back to itself",
        ),
        (
            with_element(group_of({**FREE, "validation": {}})),
            ("elements", 3, "elements", 0, "validation", "pattern"),
            "missing",
        ),
        (
            with_element(group_of({**FREE, "type": "constant"})),
            ("elements", 3, "elements", 0, "value"),
            "missing",
        ),
        (
            lambda s: (s["settings"].clear(), s["elements"].append(group_of({**FREE, "required": True}))),
            ("elements", 3, "elements", 0),
            "nobody may type it",
        ),
    ],
)
def test_a_fault_is_named_with_its_path(
    change: Callable[[Any], object], path: tuple[str | int, ...], word: str
) -> None:
    found = faults(changed(change))
    assert path in [fault.path for fault in found]
    assert word in next(fault for fault in found if fault.path == path).message


def test_all_faults_come_at_once_and_say_where_they_stand() -> None:
    found = faults(
        "version: 3.0\nschema_type: id_generation_scheme\nsettings: {allow_overide: true}\nelements:\n"
        "  - {type: lst, name: a}\n  - {type: constant, name: b}\n  - {type: numeric_counter, name: c, attachedTo: [d],\n"
        "     format: {min_value: 5, max_value: 2}}\nexamples: [1]\n"
    )
    assert [fault.message.partition(": ")[0] for fault in found] == [
        "cpn.yaml:1:10",
        "cpn.yaml:3:12",
        "cpn.yaml:5:12",
        "cpn.yaml:6:5",
        "cpn.yaml:8:26",
        "cpn.yaml:7:51",
    ]
    assert found[1].hint == "Did you mean 'allow_override'?"
    assert found[2].hint == "Did you mean 'list'?"


def test_what_is_no_mapping_is_refused_at_once() -> None:
    assert len(faults("- 1\n- 2\n")) == 1


def test_a_scheme_needs_one_example_without_an_override() -> None:
    found = faults(CUSTOM_VARIANT.replace('  - "410-0001-A"\n', ""))
    assert [fault.path for fault in found] == [("examples",)]


def test_an_ambiguous_name_is_refused_with_the_paths_it_could_mean() -> None:
    inside = ({"type": "constant", "name": "x", "value": "."}, {"type": "list", "name": "n", "values": ["1"]})
    source = changed(lambda s: s["elements"].extend([group_of(*inside), {**group_of(*inside), "name": "h"}]))
    source["elements"][2]["attachedTo"] = ["n"]
    source["settings"]["override_elements"] = ["x"]
    assert sorted(str(fault.expected) for fault in faults(source)) == ["one of g/n, h/n", "one of g/x, h/x"]


def test_what_will_surprise_is_a_warning() -> None:
    source = changed(
        lambda s: s["settings"].update(allow_override=False, allow_freeform=True, override_elements=["category"])
    )
    source["elements"][0]["allow_freeform"] = True
    source["elements"][0]["freeform_validation"] = {"pattern": "^(?!X)"}
    assert [warning.split(" ")[0] for warning in scheme_from(document(source)).warnings] == [
        "allow_freeform",
        "override_elements",
        "allow_freeform",
        "The",
    ]
