"""Files of configuration tests: what every key means, and files that are wrong, each in one way and told with its line."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.configuration.documents import Documents, named, read_documents
from plumbline.configuration.errors import InvalidConfigurationTest
from plumbline.configuration.examples import run_examples
from plumbline.configuration.examples_cases import Outcome
from plumbline.configuration.examples_language import PAGE, schema
from plumbline.configuration.model import File
from plumbline.configuration.presets import preset_files
from plumbline.kit.errors import Refusal
from plumbline.kit.yaml_source import YamlRefused

REGISTRY = """
schema_type: category_registry
categories:
  - code: "300"
    type: ELECTRICAL
    name: Resistor
    specs:
      - {name: Resistance, type: number, unit: Ω, required: Prototype, validation: {minimum: 0}}
      - {name: Tolerance, type: number, unit: "%", validation: {maximum: 50}}
      - {name: Mounting, type: string, validation: {enum: [SMD, THT]}}
      - {name: Series, type: string, validation: {pattern: "^[A-Z]{3}$"}}
      - {name: Length, type: number, unit: mm, required: Production, severity: Warning, validation: {minimum: 1}}
      - {name: Layers, type: integer}
      - {name: RoHS, type: boolean}
      - {name: Marks, type: list, validation: {enum: [UL, VDE]}}
      - name: Size
        type: paired
        display: "{value}{unit}"
        components:
          value: {name: Size value, type: number, validation: {minimum: 1}}
          unit: {name: Size unit, type: string, validation: {enum: [mm, in]}}
  - {code: "200", type: MECHANICAL, name: Screw, specs: [{name: Length, type: number, unit: mm}]}
"""
NUMBERING = """
version: "1.0"
schema_type: id_generation_scheme
settings: {allow_override: true, override_elements: [sequence]}
elements:
  - {type: list, name: category, required: true, values: "${{ duro.categories }}"}
  - {type: constant, name: dash, value: "-"}
  - {type: numeric_counter, name: sequence, required: true, attachedTo: [category], format: {min_value: 1, max_value: 999}}
  - {type: constant, name: slash, value: "/"}
  - {type: list, name: variant, values: [A, B]}
examples: [300-001, 300-001/A]
"""
REVISIONS = """
version: "1.0"
schema_type: revision_scheme_config
status_order: [Design, Prototype, Production]
schemes:
  - status: Design
    segments:
      major: {type: letter, min_value: A, max_value: C}
      minor: {type: integer, min_value: 1, max_value: 9, delimiter: "."}
    examples: [A, A.1]
transitions:
  allowed:
    - {from: Design, to: [Prototype]}
    - {from: Prototype, to: [Production]}
"""
TEMPLATE = """
version: "1.0"
description: A form and two stages
schema_type: change_order_scheme
details:
  info:
    groups:
      - name: All
        fields:
          - {name: title, type: text, label: Title, validations: {required: true}}
          - {name: cost, type: currency, label: Cost, validations: {min: 0}}
          - {name: sites, type: list, label: Sites, options: [{label: Linz, value: linz}, {label: Ulm, value: ulm}]}
stages:
  open:
    - name: Engineering
      types: [Majority, Unanimous]
      default: Majority
      minReviewers: 1
      reviewers: {users: [{email: Ada@acme.example, isRequiredToApprove: true}]}
    - name: Board
      types: [Minimum]
      default: Minimum
      reviewers: {users: [{email: cleo@acme.example, isRequired: true}]}
"""
CONFIGURATION = (
    File("categories.yaml", REGISTRY),
    File("numbering.yaml", NUMBERING),
    File("revisions.yaml", REVISIONS),
    File("change-orders/quick.yaml", TEMPLATE),
)


def documents(text: str, *files: File) -> Documents:
    return read_documents(named([*(files or CONFIGURATION), File("tests/wanted.yaml", text)]))


def outcomes(section: str, *cases: str) -> list[Outcome]:
    """Of cases in flow style."""
    text = f"schema_type: configuration_tests\n{section}:\n" + "".join(f"  - {{{case}}}\n" for case in cases)
    return run_examples(documents(text).tests.values())


# --- what every key means ---------------------------------------------------------------------------------------------------------

HOLDS = {
    "components": [
        "category: Resistor, expect: valid",
        'category: "300", status: Prototype, specs: {Resistance: 4k7}, expect: valid',
        "category: resistor, status: prototype, specs: {resistance: 4k7}, expect: valid",
        "name: told where it fails, category: Resistor, status: Prototype, expect: {errors: [Resistance]}",
        "category: Resistor, specs: {Resistance: lots}, expect: {errors: {Resistance: type}}",
        "category: Resistor, specs: {Resistance: -1}, expect: {errors: {Resistance: minimum}}",
        "category: Resistor, specs: {Tolerance: 51 %}, expect: {errors: {Tolerance: maximum}}",
        "category: Resistor, specs: {Mounting: smd}, expect: {errors: {Mounting: choice}}",
        "category: Resistor, specs: {Series: abc}, expect: {errors: {Series: pattern}}",
        "category: Resistor, specs: {Layers: 1.5}, expect: {errors: {Layers: type}}",
        "category: Resistor, specs: {Marks: [UL, XX]}, expect: {errors: {Marks: choice}}",
        "category: Resistor, specs: {Marks: [UL, VDE], RoHS: true, Size: 3mm}, expect: valid",
        "category: Resistor, specs: {Size: three}, expect: {errors: {Size: [form]}}",
        "category: Resistor, specs: {Size: 0km}, expect: {errors: {Size: [minimum, choice]}}",
        "category: Resistor, specs: {Size: 0km}, expect: {errors: [Size]}",
        "category: Resistor, specs: {Length: 0}, expect: {warnings: {Length: minimum}}",
        "category: Resistor, specs: {Length: far}, expect: {errors: {Length: type}}",
        "category: Resistor, status: Production, expect: {errors: {Resistance: required}, warnings: {Length: required}}",
        "category: Resistor, specs: {Resistance: {value: 4.7, unit: kΩ}}, expect: valid",
        "category: Resistor, specs: {Resistance: {value: 4.7}}, expect: valid",
        "category: Resistor, status: Prototype, specs: {Resistance: }, expect: {errors: {Resistance: required}}",
        'category: Resistor, status: Prototype, specs: {Resistance: ""}, expect: {errors: {Resistance: required}}',
        "category: Screw, specs: {Length: 0}, expect: valid",
    ],
    "numbers": [
        "number: 300-001, category: Resistor, expect: generated",
        "number: 300-001/B, category: Resistor, expect: generated",
        "number: 300-001, category: Resistor, expect: valid",
        "number: 300-001, expect: generated",
        "number: 300-001, category: Screw, expect: invalid",
        "number: 300-1, category: Resistor, expect: invalid",
        "number: 300-001/C, category: Resistor, expect: invalid",
        "category: Resistor, first: 300-001",
        "category: Resistor, first: 300-001, then: 300-002",
        'category: "200", first: 200-001, then: [200-002, 200-003]',
        "category: Resistor, elements: {variant: B}, first: 300-001/B",
        'category: Resistor, elements: {sequence: "007"}, first: 300-007',
        "category: Resistor, elements: {variant: C}, expect: invalid",
        'category: Resistor, elements: {sequence: "1000"}, expect: invalid',
        "elements: {}, expect: invalid",
        "name: counted, category: Resistor, first: 300-001",
    ],
    "revisions": [
        "status: Design, revision: A, expect: valid",
        "status: design, revision: D, expect: invalid",
        "status: Production, revision: A, next: B",
        "status: Design, revision: A.9, expect: valid, next: B.1",
        "status: Design, revision: C.9, next: none",
        "status: Design, revision: C, next: C.1, segment: minor",
        "status: Design, revision: A.3, next: B, segment: major",
        'status: Design, revision: "-", expect: invalid, next: A',
        "status: Design, first: A",
        "status: Prototype, first: A, then: B",
        "status: Design, first: A, then: [B, C, none]",
        "order: [A, A.1, A.10, B, AA]",
        "from: Design, to: Prototype, expect: valid",
        "from: design, to: production, expect: invalid",
        "from: Production, to: Production, expect: valid",
        "name: said, from: Production, to: Design, expect: invalid",
    ],
    "changeOrders": [
        "template: quick, fields: {title: A, cost: 12.50, sites: [linz, ulm]}, expect: valid",
        "template: QUICK, fields: {title: A, sites: linz}, expect: valid",
        "template: quick, expect: {errors: [title]}",
        "template: quick, fields: {title: , cost: -1}, expect: {errors: [cost, title]}",
        "template: quick, draft: true, expect: valid",
        "template: quick, draft: false, expect: {errors: [title]}",
        "template: quick, draft: true, fields: {sites: [graz]}, expect: {errors: [sites]}",
        "template: quick, stage: Engineering, expect: pending",
        "template: quick, stage: engineering, decisions: {ada@acme.example: approve}, expect: approved",
        "template: quick, stage: Engineering, decisions: {Ada@acme.example: REJECT}, expect: REJECTED",
        "template: quick, stage: Engineering, reviewers: [ben@acme.example], decisions: {ada@acme.example: approve},"
        " expect: pending",
        "template: quick, stage: Engineering, reviewers: [ben@acme.example, eve@acme.example],"
        " decisions: {ada@acme.example: approve, eve@acme.example: approve}, expect: approved",
        "template: quick, stage: Engineering, approvalType: Unanimous, reviewers: [ben@acme.example, eve@acme.example],"
        " decisions: {ada@acme.example: approve, eve@acme.example: approve}, expect: pending",
        "template: quick, stage: Engineering, reviewers: [ben@acme.example, eve@acme.example],"
        " decisions: {ada@acme.example: reject, ben@acme.example: approve, eve@acme.example: approve}, expect: rejected",
        "template: quick, stage: Board, reviewers: [ben@acme.example], decisions: {ben@acme.example: approve}, expect: pending",
        "template: quick, stage: Board, reviewers: [ben@acme.example],"
        " decisions: {ben@acme.example: approve, cleo@acme.example: reject}, expect: approved",
        "name: told, template: quick, stage: Board, expect: pending",
    ],
}


@pytest.mark.parametrize(("section", "case"), [(section, case) for section, cases in HOLDS.items() for case in cases])
def test_a_case_that_holds(section: str, case: str) -> None:
    (outcome,) = outcomes(section, case)
    assert outcome.passed, (outcome.expected, outcome.found, outcome.details)
    assert (
        outcome.expected in ("valid", outcome.found) or outcome.details
    )  # kinds that are not asked for are told as well


SPECS = ["Resistance", "Tolerance", "Mounting", "Series", "Length", "Layers", "RoHS", "Marks", "Size"]
VALUES = ["", "1", "-1", "0.5", "60 %", "4k7", "lots", "SMD", "ABC", "true", "UL", "XX", "3mm", "0km", "2 in"]


@given(
    st.dictionaries(st.sampled_from(SPECS), st.sampled_from(VALUES)),
    st.sampled_from(["Design", "Prototype", "Production"]),
    st.booleans(),
)
def test_what_came_of_a_case_can_be_expected_and_nothing_else_can(
    specs: dict[str, str], status: str, with_kinds: bool
) -> None:
    def outcome_if(expect: object) -> Outcome:
        case = {"category": "Resistor", "status": status, "specs": specs, "expect": expect}
        return outcomes("components", json.dumps(case, ensure_ascii=False)[1:-1])[0]

    first = outcome_if("valid")
    assert first.passed is (first.found == "valid")
    came: dict[str, dict[str, list[str]]] = {}
    for part in first.found.split("; "):
        key, _, told = part.partition(": ")
        for spec, kinds in re.findall(r"(\w+) \(([\w, ]+)\)", told):
            came.setdefault(key, {})[spec] = kinds.split(", ")
    if came:
        assert outcome_if({key: specs if with_kinds else list(specs) for key, specs in came.items()}).passed
    for key, spec in [(key, spec) for key, specs in came.items() for spec in specs]:
        less = {
            each: {one: kinds for one, kinds in specs.items() if (each, one) != (key, spec)}
            for each, specs in came.items()
        }
        assert not outcome_if(less if any(less.values()) else "valid").passed


def test_kinds_that_are_named_are_all_of_them() -> None:
    assert not outcomes("components", "category: Resistor, specs: {Size: 0km}, expect: {errors: {Size: minimum}}")[
        0
    ].passed


def test_every_key_of_the_language_is_used_here() -> None:
    models = schema("/x")["definitions"]
    assert isinstance(models, dict)
    text = " ".join(case for cases in HOLDS.values() for case in cases)
    keys = {key for model in models.values() for key in model["properties"]}
    assert {key for key in keys if f"{key}:" not in text} == set()


def test_every_key_of_the_language_is_described_for_editors() -> None:
    found = schema("/static/schemes/tests/schema.json")
    models = found["definitions"]
    assert isinstance(models, dict)
    for model in [found, *models.values()]:
        assert model["additionalProperties"] is False
        assert all(each["description"] for each in model["properties"].values())


def test_the_head_of_a_file() -> None:
    text = "version: 1.0\nschema_type: configuration_tests\ndescription: Nothing yet\ncomponents: []\nnumbers:\n"
    assert documents(text).tests == {"wanted": ()}


def test_cases_are_known_by_name_and_place() -> None:
    cases = "  - {number: X, expect: invalid}\n  - name: said\n    number: X\n    expect: invalid\n"
    first, second = run_examples(documents(f"schema_type: configuration_tests\nnumbers:\n{cases}").tests.values())
    assert (first.section, first.name, str(first.place)) == ("numbers", "X", "tests/wanted.yaml:3:5")
    assert (second.name, str(second.place)) == ("said", "tests/wanted.yaml:4:5")


# --- files that are wrong ---------------------------------------------------------------------------------------------------------

GOOD = """
version: "1.0"
schema_type: configuration_tests
description: Good
components:
  - name: fine
    category: Resistor
    status: Prototype
    specs: {Resistance: 4k7}
    expect: valid
  - category: Resistor
    specs: {Tolerance: 60 %}
    expect: {errors: {Tolerance: maximum}}
numbers:
  - {number: 300-001, category: Resistor, expect: valid}
  - {category: Resistor, elements: {variant: A}, first: 300-001/A, then: 300-002/A}
revisions:
  - {status: Design, revision: A, expect: valid, next: B, segment: major}
  - {status: Design, first: A, then: B}
  - {order: [A, B]}
  - {from: Design, to: Production, expect: invalid}
changeOrders:
  - {template: quick, fields: {title: A}, draft: true, expect: valid}
  - template: quick
    stage: Engineering
    reviewers: [ben@acme.example]
    decisions: {ada@acme.example: approve}
    expect: pending
"""


def but(old: str, new: str) -> str:
    """The good file with one change; the fault is expected in the line that ends in `#!`."""
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


FIRST_NUMBER = "{number: 300-001, category: Resistor, expect: valid}"
SECOND_NUMBER = "{category: Resistor, elements: {variant: A}, first: 300-001/A, then: 300-002/A}"
FIRST_REVISION = "{status: Design, revision: A, expect: valid, next: B, segment: major}"
FORM = "{template: quick, fields: {title: A}, draft: true, expect: valid}"
STAGE = "decisions: {ada@acme.example: approve}\n    expect: pending"

WRONG = [
    # the file as a whole
    ("version of another language", but('version: "1.0"', 'version: "2.0" #!'), "'2.0' is not a version of this language"),
    ("section that nobody knows", but("numbers:", "number: [] #!\nnumbers:"), "'number' means nothing here"),
    ("description that is a list", but("description: Good", "description: [Good] #!"), "a list stands where a text"),
    ("section that is a mapping", "schema_type: configuration_tests\nnumbers: {number: A} #!", "a mapping stands where a list"),
    ("case that is a text", but(FIRST_NUMBER, "300-001 #!"), "'300-001' stands where a mapping"),
    ("too many cases", but("components:", "components: [" + "{category: Screw, expect: valid}," * 1001 + "] #!\nothers:"),
     "1001 entries; at most 1000"),
    # components
    ("no category", but("- name: fine\n    category: Resistor", "- name: fine #!"), "'category' is missing"),
    ("no expectation", but("specs: {Resistance: 4k7}\n    expect: valid", "specs: {Resistance: 4k7}"), "'expect' is missing"),
    ("unknown category", but("name: fine\n    category: Resistor", "name: fine\n    category: Resister #!"),
     "There is no category 'Resister'"),
    ("code that no category has", but("name: fine\n    category: Resistor", "name: fine\n    category: 301 #!"),
     "There is no category '301'"),
    ("unknown status", but("status: Prototype", "status: Prototyp #!"), "There is no status 'Prototyp'"),
    ("unknown spec", but("{Resistance: 4k7}", "{Resistence: 4k7} #!"), "The category Resistor has no spec 'Resistence'"),
    ("spec of another category", but("{Resistance: 4k7}", "{Thread: M3} #!"), "The category Resistor has no spec 'Thread'"),
    ("spec twice", but("{Resistance: 4k7}", "{Resistance: 4k7, resistance: 1} #!"), "Resistance is given twice"),
    ("unknown spec in the errors", but("{errors: {Tolerance: maximum}}", "{errors: [Tolerances]} #!"),
     "The category Resistor has no spec 'Tolerances'"),
    ("unknown spec in the warnings", but("{errors: {Tolerance: maximum}}", "{warnings: {Tolerances: maximum}} #!"),
     "The category Resistor has no spec 'Tolerances'"),
    ("unknown kind", but("{Tolerance: maximum}}", "{Tolerance: max}} #!"), "'max' is not known here"),
    ("unknown kind in a list", but("{Tolerance: maximum}}", "{Tolerance: [maximum, minimal]}} #!"), "'minimal' is not known here"),
    ("error and warning at once", but("{errors: {Tolerance: maximum}}", "{errors: [Tolerance], warnings: [tolerance]} #!"),
     "Tolerance stands among the errors and among the warnings"),
    ("nothing expected", but("{errors: {Tolerance: maximum}}", "{errors: []} #!"), "No spec is named"),
    ("expectation that is no word", but("4k7}\n    expect: valid", "4k7}\n    expect: vaild #!"), "'vaild' is not known here"),
    ("expectation that says too little", but("4k7}\n    expect: valid", "4k7}\n    expect: invalid #!"),
     "'invalid' is not known here"),
    ("unknown key of the expectation", but("{errors: {Tolerance: maximum}}", "{error: {Tolerance: maximum}} #!"),
     "'error' means nothing here"),
    ("misspelled key of a component", but("specs: {Resistance: 4k7}", "spec: {Resistance: 4k7} #!"), "'spec' means nothing here"),
    ("specs that are a list", but("specs: {Resistance: 4k7}", "specs: [4k7] #!"), "a list stands where a mapping"),
    ("value that is a mapping of its own", but("{Resistance: 4k7}", "{Resistance: {ohm: 4}} #!"), "'ohm' means nothing here"),
    ("list of lists", but("{Resistance: 4k7}", "{Marks: [[UL]]} #!"), "a list stands where a text"),
    ("empty name", but("name: fine", 'name: "" #!'), "The text is empty"),
    ("blank name", but("name: fine", "name: '  ' #!"), "The text is blank"),
    ("name too long", but("name: fine", f"name: {'n' * 201} #!"), "201 characters; at most 200"),
    # numbers
    ("number of an unknown category", but(FIRST_NUMBER, "{number: A, category: Resistors, expect: valid} #!"),
     "There is no category 'Resistors'"),
    ("number without an expectation", but(FIRST_NUMBER, "{number: A} #!"), "'expect' is missing"),
    ("number with another expectation", but(FIRST_NUMBER, "{number: A, expect: genrated} #!"), "'genrated' is not known here"),
    ("neither number nor first", but(FIRST_NUMBER, "{category: Resistor, expect: valid} #!"), "'number' is missing"),
    ("number that is also made", but(FIRST_NUMBER, "{number: A, first: B, expect: valid} #!"), "'first' means nothing here"),
    ("first and invalid", but(SECOND_NUMBER, "{category: Resistor, first: 300-001, expect: invalid} #!"),
     "must say one of first and expect"),
    ("neither first nor invalid", but(SECOND_NUMBER, "{category: Resistor, elements: {variant: A}} #!"),
     "must say one of first and expect"),
    ("made but only valid", but(SECOND_NUMBER, "{category: Resistor, elements: {}, expect: valid} #!"), "'valid' is not known here"),
    ("next without a first", but(SECOND_NUMBER, "{elements: {}, then: A, expect: invalid} #!"), "'then' needs 'first'"),
    ("unknown element", but("{variant: A}", "{varient: A}").replace("then: 300-002/A}", "then: 300-002/A} #!"),
     "The part number scheme has no element 'varient'"),
    # revisions
    ("revision of an unknown status", but(FIRST_REVISION, "{status: Desing, revision: A, next: B} #!"),
     "There is no status 'Desing'"),
    ("revision without a status", but(FIRST_REVISION, "{revision: A, expect: valid} #!"), "'status' is missing"),
    ("status alone", but(FIRST_REVISION, "{status: Design, expect: valid} #!"), "'revision' is missing"),
    ("revision of which nothing is expected", but(FIRST_REVISION, "{status: Design, revision: A} #!"), "The case expects nothing"),
    ("segment that does not go on", but(FIRST_REVISION, "{status: Design, revision: A, expect: valid, segment: major} #!"),
     "there is no 'next'"),
    ("unknown segment", but("segment: major}", "segment: mayor} #!"), "There is no segment 'mayor'"),
    ("first of an unknown status", but("{status: Design, first: A, then: B}", "{status: Released, first: A} #!"),
     "There is no status 'Released'"),
    ("order of one", but("[A, B]}", "[A]} #!"), "There are 1 entries"),
    ("order that is a text", but("[A, B]}", "A}  #!"), "'A' stands where a list is expected"),
    ("move from nowhere", but("{from: Design, to", "{from: Draft, to").replace("expect: invalid}\n", "expect: invalid} #!\n"),
     "There is no status 'Draft'"),
    ("move to nowhere", but("to: Production, expect: invalid}", "expect: invalid} #!"), "'to' is missing"),
    # change orders
    ("unknown template", but(FORM, "{template: quik, expect: valid} #!"), "There is no change order template 'quik'"),
    ("unknown field", but(FORM, "{template: quick, fields: {titel: A}, expect: valid} #!"), "There is no field 'titel'"),
    ("unknown field in the errors", but(FORM, "{template: quick, expect: {errors: [titel]}} #!"), "There is no field 'titel'"),
    ("empty errors", but(FORM, "{template: quick, expect: {errors: []}} #!"), "There are 0 entries"),
    ("draft that is a word", but("draft: true, expect: valid}", "draft: yes, expect: valid} #!"),
     "'yes' stands where true or false"),
    ("form that is approved", but(FORM, "{template: quick, expect: approved} #!"), "'approved' is not known here"),
    ("unknown stage", but("stage: Engineering", "stage: Enginering #!"), "There is no stage 'Enginering'"),
    ("decision without a stage", but("    stage: Engineering\n", "").replace("- template: quick", "- template: quick #!"),
     "'stage' is missing"),
    ("decision of a stranger", but("{ada@acme.example: approve}", "{adam@acme.example: approve} #!"),
     "There is no reviewer 'adam@acme.example'"),
    ("decision that is none", but("{ada@acme.example: approve}", "{ada@acme.example: approved} #!"), "'approved' is not known here"),
    ("two decisions of one", but("{ada@acme.example: approve}", "{ada@acme.example: approve, Ada@acme.example: reject} #!"),
     "Ada@acme.example decides twice"),
    ("reviewer twice", but("[ben@acme.example]", "[ADA@acme.example] #!"), "is a reviewer of this stage already"),
    ("way of deciding that is not offered", but("[ben@acme.example]", "[ben@acme.example]\n    approvalType: Minimum #!"),
     "cannot be decided by Minimum"),
    ("way of deciding that does not exist", but("[ben@acme.example]", "[ben@acme.example]\n    approvalType: Most #!"),
     "'Most' is not known here"),
    ("outcome that is none", but(STAGE, STAGE.replace("pending", "open #!")), "'open' is not known here"),
    # the text
    ("key twice", but("status: Prototype", "status: Prototype\n    status: Design #!"), "stands twice in this mapping"),
    ("number with too many digits", but("revision: A, ", f"revision: {'1' * 101}, ").replace("major}", "major} #!"), "at most 100 digits"),
    ("thousands of wrong cases", "schema_type: configuration_tests\ncomponents: [" + "{categorie: A}," * 900 + "] #!",
     "'category' is missing"),
    ("thousands of unknown names", "schema_type: configuration_tests\ncomponents: ["
     + "{category: Resister, expect: valid}," * 900 + "] #!", "There is no category 'Resister'"),
]  # fmt: skip

LINES = {"no expectation": 6}
"""Where no comment can mark it: what is missing is told at the mapping around it."""

REFUSED_BY_YAML = {"key twice", "number with too many digits"}

HINTS = {
    "section that nobody knows": "numbers",
    "unknown category": "Resistor",
    "unknown status": "Prototype",
    "unknown spec": "Resistance",
    "unknown spec in the errors": "Tolerance",
    "unknown kind": "maximum",
    "unknown kind in a list": "minimum",
    "expectation that is no word": "valid",
    "misspelled key of a component": "specs",
    "number with another expectation": "generated",
    "unknown element": "variant",
    "revision of an unknown status": "Design",
    "unknown segment": "major",
    "unknown template": "quick",
    "unknown field": "title",
    "unknown stage": "Engineering",
    "decision of a stranger": "ada@acme.example",
    "decision that is none": "approve",
}

CPU_SECONDS_MAX = 0.5


def refusal_of(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        documents(text)
    return caught.value


def test_the_good_file_is_good() -> None:
    assert all(each.passed for each in run_examples(documents(GOOD).tests.values()))
    assert len({name for name, _, _ in WRONG}) == len(WRONG) >= 60


@pytest.mark.parametrize(("name", "text", "phrase"), WRONG, ids=[name for name, _, _ in WRONG])
def test_a_wrong_file_is_refused_at_its_line(name: str, text: str, phrase: str) -> None:
    start = time.process_time()
    refusal = refusal_of(text)
    if (
        time.process_time() - start >= CPU_SECONDS_MAX
    ):  # once more: on a machine that others use, a single measure can be anything
        start = time.process_time()
        refusal = refusal_of(text)
        assert time.process_time() - start < CPU_SECONDS_MAX
    assert type(refusal) is (YamlRefused if name in REFUSED_BY_YAML else InvalidConfigurationTest)
    marked = [number for number, line in enumerate(text.split("\n"), start=1) if line.endswith("#!")]
    line = marked[0] if marked else LINES[name]
    found = [each for each in (refusal, *refusal.also) if phrase in each.message]
    assert found, [each.message for each in (refusal, *refusal.also)]
    assert found[0].message.startswith(f"tests/wanted.yaml:{line}:"), found[0].message
    if name in HINTS:
        assert f"'{HINTS[name]}'" in (found[0].hint or "")
    if type(refusal) is InvalidConfigurationTest:
        assert refusal.page == PAGE
        assert found[0].place is not None
        assert (found[0].place.file, found[0].place.line) == ("tests/wanted.yaml", line)


def test_every_unknown_name_is_told_at_once() -> None:
    text = GOOD
    for old, new in (
        ("status: Prototype", "status: Draft"),
        ("{Resistance: 4k7}", "{Ohms: 4k7}"),
        ("{variant: A}", "{option: A}"),
        ("segment: major", "segment: letter"),
        ("{title: A}", "{headline: A}"),
        ("stage: Engineering", "stage: Purchasing"),
    ):
        text = text.replace(old, new)
    refusal = refusal_of(text)
    assert len((refusal, *refusal.also)) == 6


def test_faults_of_the_configuration_are_told_before_names_are_looked_up() -> None:
    """Else a registry with one mistake would make hundreds of names unknown."""
    registry = File("categories.yaml", REGISTRY.replace("type: ELECTRICAL", "type: ELECTRIC"))
    with pytest.raises(Refusal) as caught:
        documents(GOOD.replace("{template: quick,", "{template: slow,"), registry, *CONFIGURATION[1:])
    assert "'ELECTRIC' is not known" in caught.value.message
    assert caught.value.also == ()


def test_faults_of_the_structure_are_told_together_with_those_of_the_configuration() -> None:
    registry = File("categories.yaml", REGISTRY.replace("type: ELECTRICAL", "type: ELECTRIC"))
    with pytest.raises(Refusal) as caught:
        documents(GOOD.replace("{order: [A, B]}", "{order: A}"), registry, *CONFIGURATION[1:])
    (other,) = caught.value.also
    assert "'ELECTRIC' is not known" in caught.value.message
    assert "'A' stands where a list is expected" in other.message


def test_thousands_of_unknown_names_in_many_files_take_no_time_worth_speaking_of() -> None:
    text = "schema_type: configuration_tests\ncomponents: [" + "{category: Ball Srew, expect: valid}," * 500 + "]"
    files = [*preset_files("all-sets"), *(File(f"tests/{number}.yaml", text) for number in range(100))]
    read_documents(named(files[:-100]))
    start = time.process_time()
    with pytest.raises(InvalidConfigurationTest) as caught:
        read_documents(named(files))
    assert time.process_time() - start < 5
    assert len(caught.value.also) == 199


def test_lists_of_categories_offer_them_by_their_codes() -> None:
    numbering = """
version: "1.0"
schema_type: id_generation_scheme
settings: {}
elements:
  - {type: constant, name: prefix, required: true, value: P}
  - {type: list, name: category, required: true, values: "${{ duro.categories }}", attachedTo: [prefix]}
examples: [P300]
"""
    text = "schema_type: configuration_tests\nnumbers: [{first: P200, then: P300}]"
    found = documents(text, CONFIGURATION[0], File("numbering.yaml", numbering), *CONFIGURATION[2:])
    assert [each.passed for each in run_examples(found.tests.values())] == [True]


def test_names_are_those_of_the_shipped_sets_too() -> None:
    text = "schema_type: configuration_tests\ncomponents: [{category: Ball Srew, expect: valid}]"
    with pytest.raises(InvalidConfigurationTest) as caught:
        documents(text, *preset_files("all-sets"))
    assert caught.value.hint == "Did you mean 'Ball Screw'?"
