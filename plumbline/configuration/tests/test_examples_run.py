"""What is told of a case that does not hold."""

from __future__ import annotations

import time

import pytest

from plumbline.configuration.documents import named, read_documents
from plumbline.configuration.errors import InvalidConfigurationTest
from plumbline.configuration.examples import run_examples
from plumbline.configuration.examples_cases import Outcome
from plumbline.configuration.model import File
from plumbline.configuration.presets import preset_files
from plumbline.numbering.shipped import PresetKind, preset_text

FILES = {file.path: file for file in preset_files("all-sets")}


def outcomes(text: str, *without: str, **instead: str) -> list[Outcome]:
    """Under the preset all-sets without some of its files, and with others in place of them."""
    files = {path: file for path, file in FILES.items() if path not in without}
    files |= {f"{path}.yaml": File(f"{path}.yaml", each) for path, each in instead.items()}
    wanted = File("tests/cases.yaml", f"schema_type: configuration_tests\n{text}")
    return run_examples(read_documents(named([*files.values(), wanted])).tests.values())


def one(section: str, case: str) -> Outcome:
    (outcome,) = outcomes(f"{section}: [{{{case}}}]")
    assert not outcome.passed
    return outcome


FAILING = [
    (
        "components",
        "category: Resistor, specs: {Tolerance: 120}, expect: valid",
        "valid",
        "errors: Tolerance (maximum)",
        ("Tolerance: '120' is above 100 %", "expected at most 100 %", "rule of duro/electrical-categories@"),
    ),
    ("components", "category: Resistor, expect: {errors: [Tolerance]}", "errors: Tolerance", "valid", ()),
    (
        "components",
        "category: Resistor, specs: {Tolerance: 120}, expect: {errors: {Tolerance: minimum}}",
        "errors: Tolerance (minimum)",
        "errors: Tolerance (maximum)",
        ("'120' is above",),
    ),
    (
        "components",
        "category: Resistor, specs: {Tolerance: 120}, expect: {warnings: [Tolerance]}",
        "warnings: Tolerance",
        "errors: Tolerance (maximum)",
        ("'120' is above",),
    ),
    (
        "components",
        "category: Resistor, specs: {Tolerance: 120, Power: lots}, expect: {errors: [Tolerance]}",
        "errors: Tolerance",
        "errors: Power (type), Tolerance (maximum)",
        ("Power: 'lots' is not a value of Power. (expected a number in W, or with a unit of power)",),
    ),
    (
        "components",
        "category: Machined Part, status: Production, specs: {General tolerance: fine}, expect: valid",
        "valid",
        "errors: Material (required); warnings: Finish (required), General tolerance (pattern), Mass (required), RoHS (required)",
        ("A standard with its class, such as ISO 2768-mK (",),
    ),
    (
        "components",
        "category: Script, status: Production, specs: {Programming language: Lua}, expect: valid",
        "valid",
        "warnings: Commit (required)",
        ("Commit has no value; it must have one from Production on.",),
    ),
    ("numbers", "number: 200-1, category: Screw, expect: generated", "generated", "overridden", ()),
    ("numbers", "number: 200-00001, category: Screw, expect: overridden", "overridden", "generated", ()),
    ("numbers", "number: 200-00001, category: Screw, expect: invalid", "invalid", "generated", ()),
    ("numbers", 'number: " ", category: Screw, expect: valid', "valid", "invalid", ()),
    ("numbers", "category: Screw, first: 200-1", "200-1", "200-00001", ()),
    (
        "numbers",
        "category: Screw, first: 200-00001, then: 200-00003",
        "200-00001, 200-00003",
        "200-00001, 200-00002",
        (),
    ),
    (
        "numbers",
        'category: Screw, elements: {sequence: "99999"}, first: 200-99999, then: 200-00001',
        "200-99999, 200-00001",
        "200-99999, invalid",
        ("The number '200-99999' is in use already.",),
    ),
    ("numbers", "first: 200-00001", "200-00001", "invalid", ("'category' needs a value.",)),
    ("numbers", "category: Screw, elements: {}, expect: invalid", "invalid", "200-00001", ()),
    ("revisions", "status: Design, revision: I, expect: valid", "valid", "invalid", ()),
    ("revisions", "status: Design, revision: A, expect: valid, next: C", "valid, next C", "valid, next B", ()),
    ("revisions", "status: Design, revision: ZZ, next: AAA", "next AAA", "next none", ()),
    ("revisions", "status: Design, first: A, then: [B, D]", "A, B, D", "A, B, C", ()),
    ("revisions", "order: [A, AA, B]", "A, AA, B", "A, B, AA", ()),
    ("revisions", "order: [A, A]", "A, A", "A, A", ("No two of them may be the same.",)),
    ("revisions", "from: Design, to: Production, expect: invalid", "invalid", "valid", ()),
    (
        "changeOrders",
        "template: default, fields: {reason: whim}, expect: {errors: [details]}",
        "errors: details",
        "errors: details, reason",
        ("'whim' is not an option of 'Reason'.", "'What changes, and why' has no value."),
    ),
    ("changeOrders", "template: default, draft: true, expect: {errors: [details]}", "errors: details", "valid", ()),
    ("changeOrders", "template: default, stage: Review, expect: approved", "approved", "pending", ()),
]


@pytest.mark.parametrize(("section", "case", "expected", "found", "details"), FAILING)
def test_a_case_that_fails(section: str, case: str, expected: str, found: str, details: tuple[str, ...]) -> None:
    outcome = one(section, case)
    assert (outcome.section, outcome.expected, outcome.found) == (section, expected, found)
    assert str(outcome.place).startswith("tests/cases.yaml:2:")
    assert all(any(phrase in each for each in outcome.details) for phrase in details), outcome.details
    if not details and section != "components":
        assert outcome.details == ()


def test_some_hold_and_some_do_not() -> None:
    found = outcomes(
        "numbers:\n  - {number: A, expect: valid}\n  - {number: A, expect: invalid}\n  - {number: B, expect: valid}"
    )
    assert [each.passed for each in found] == [True, False, True]
    assert [each.place.line for each in found] == [3, 4, 5]


def test_files_come_in_their_order() -> None:
    text = "schema_type: configuration_tests\nnumbers: [{name: %s, number: A, expect: valid}]"
    tests = [File(f"tests/{name}.yaml", text % name) for name in ("a", "b", "c")]
    found = run_examples(read_documents(named([*FILES.values(), *tests])).tests.values())
    assert [(each.name, each.place.file) for each in found] == [(n, f"tests/{n}.yaml") for n in ("a", "b", "c")]


@pytest.mark.parametrize(
    ("missing", "text", "told"),
    [
        ("categories.yaml", "components: [{category: Resistor, expect: valid}]", "a category registry in the files"),
        ("revisions.yaml", "components: [{category: Resistor, expect: valid}]", "a revision scheme, which puts"),
        ("numbering.yaml", "numbers: [{number: A, expect: valid}]", "a part number scheme in the files"),
        ("categories.yaml", "numbers: [{number: A, expect: valid}]", "a category registry in the files"),
        ("revisions.yaml", "revisions: [{status: Design, first: A}]", "a revision scheme in the files"),
        ("revisions.yaml", "revisions: [{from: Design, to: Sold, expect: valid}]", "a revision scheme in the files"),
    ],
)
def test_a_case_about_a_file_that_is_not_there_fails(missing: str, text: str, told: str) -> None:
    """A single file of a configuration may be without the others, which are in the library."""
    (outcome,) = outcomes(text, missing)
    assert (outcome.passed, outcome.found) == (False, "none")
    assert outcome.expected.startswith(told)


def test_templates_that_are_not_there() -> None:
    without = [path for path in FILES if path.startswith("change-orders/")]
    (outcome,) = outcomes("changeOrders: [{template: default, expect: valid}]", *without)
    assert (outcome.passed, outcome.expected) == (False, "a change order template in the files")


def test_what_needs_no_other_file_needs_none() -> None:
    """The order of revisions is the same under every scheme, and a number without categories needs no registry."""
    (order,) = outcomes("revisions: [{order: [A, B]}]", *FILES)
    assert order.passed
    scheme = """
version: "1.0"
schema_type: id_generation_scheme
settings: {}
elements: [{type: numeric_counter, name: sequence, required: true, format: {min_value: 100, max_value: 999}}]
examples: ["100"]
"""
    found = outcomes('numbers: [{first: "100"}, {number: "099", expect: invalid}]', *FILES, numbering=scheme)
    assert [each.passed for each in found] == [True, True]


def test_a_category_that_is_named_needs_a_registry_in_any_case() -> None:
    scheme = preset_text(PresetKind.NUMBERS, "sequence-only")
    (outcome,) = outcomes('numbers: [{category: Screw, first: "100000"}]', *FILES, numbering=scheme)
    assert (outcome.passed, outcome.expected) == (False, "a category registry in the files")


def test_a_group_is_no_element_that_has_a_value() -> None:
    scheme = preset_text(PresetKind.NUMBERS, "category-sequence-variant")
    with pytest.raises(InvalidConfigurationTest) as caught:
        outcomes("numbers: [{category: Screw, elements: {base: 200-00001}, expect: invalid}]", numbering=scheme)
    assert "The part number scheme has no element 'base'." in caught.value.message
    assert "base/sequence" in (caught.value.expected or "")


def test_a_library_without_categories() -> None:
    found = outcomes("numbers: [{number: 1-1, expect: valid}, {first: A}]", categories="categories: []")
    assert [(each.passed, each.found) for each in found] == [(True, "overridden"), (False, "invalid")]


def test_a_pattern_that_takes_too_long_fails_the_case() -> None:
    scheme = r"""
version: "1.0"
schema_type: id_generation_scheme
settings: {allow_override: true, allow_freeform: true, freeform_validation: {pattern: "^(?=(a+)+$)(a|aa)+b$", max_length: 90}}
elements: [{type: numeric_counter, name: sequence, required: true, format: {min_value: 1, max_value: 9}}]
examples: ["1"]
"""
    start = time.process_time()
    (outcome,) = outcomes(f"numbers: [{{number: {'a' * 60}c, expect: valid}}]", numbering=scheme)
    assert time.process_time() - start < 5
    assert not outcome.passed
    assert outcome.found in ("invalid", "a refusal")
