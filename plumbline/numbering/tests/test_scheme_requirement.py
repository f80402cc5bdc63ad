"""Every fragment of the API's reference for part number schemes, made whole where the page shows a piece, and doing what its text says.

Keys, patterns and bounds are the page's; what is said beside them for people is in our own words.
"""

from __future__ import annotations

import pytest

from plumbline.kit.yaml_source import load_yaml
from plumbline.numbering import scheme_language as language
from plumbline.numbering.errors import (
    CounterExhausted,
    ElementValueInvalid,
    OverrideInvalid,
    OverrideNotAllowed,
    SchemeInvalid,
)
from plumbline.numbering.model import (
    FREEFORM_PATTERN,
    Choice,
    ChoiceLists,
    CounterElement,
    FreeElement,
    ListElement,
    ListSource,
    Scheme,
    TextRule,
    leaves_of,
)
from plumbline.numbering.number import next_number, plan_number
from plumbline.numbering.scheme import scheme_from

HEAD = 'version: "1.0"\nschema_type: "id_generation_scheme"\n'
LIBRARY = ChoiceLists([Choice("410", "Screws"), Choice("591", "Resistors")], [Choice("RES", "Resistors")])


def read(*fragments: str) -> Scheme:
    """A document of these fragments; what the page leaves out is put in by the test."""
    return scheme_from(load_yaml(HEAD + "\n".join(fragments), "cpn.yaml"))


def issue(scheme: Scheme, *wishes: object, choices: ChoiceLists = LIBRARY) -> list[str]:
    """A number for each wish, one after the other; a wish is the value of the first list, or a mapping for `plan_number`."""
    first = next((leaf.path for leaf in leaves_of(scheme.elements) if isinstance(leaf, ListElement)), "")
    last: dict[str, int] = {}
    made: list[str] = []
    for wish in wishes:
        asked = wish if isinstance(wish, dict) else {"picks": {first: str(wish)}} if wish is not None else {}
        issued = next_number(
            plan_number(scheme, choices, **asked), lambda scope: last.get(scope.key), made.__contains__
        )
        last.update({scope.key: value for scope, value in issued.counters})
        made.append(issued.text)
    return made


def may_type(scheme: Scheme, number: str) -> bool:
    try:
        return plan_number(scheme, LIBRARY, number=number).number == number
    except (OverrideInvalid, OverrideNotAllowed):
        return False


SEQUENCE = """
elements:
  - {type: "numeric_counter", name: "sequence", required: true, format: {min_value: 1, max_value: 9999}}
examples: ["0001"]
"""

# --- settings ---------------------------------------------------------------------------------------------------------------------


def keys_of(model: type[language.Part]) -> set[str]:
    return {each.alias or name for name, each in model.model_fields.items()}


def test_outline_of_the_settings() -> None:
    """Four keys, three more in the fourth, and none of them need be there."""
    assert keys_of(language.SettingsModel) == {
        "allow_override",
        "allow_freeform",
        "override_elements",
        "freeform_validation",
    }
    assert keys_of(language.FreeformRule) == {"pattern", "max_length", "description"}
    settings = read("settings: {}", SEQUENCE).settings
    assert (settings.allow_override, settings.allow_freeform, settings.override_elements) == (False, False, None)


def test_freeform_with_the_usual_validation() -> None:
    scheme = read(
        """
settings:
  allow_override: true
  allow_freeform: true
  # the usual pattern, at most 50 characters
""",
        SEQUENCE,
    )
    assert scheme.settings.freeform == TextRule(FREEFORM_PATTERN, 50)
    assert [may_type(scheme, text) for text in ("ABC-1_z", "x" * 50, "x" * 51, "a b", "a.b")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_pattern_for_the_names_of_a_company() -> None:
    scheme = read(
        r"""
settings:
  allow_override: true
  allow_freeform: true
  freeform_validation:
    pattern: "^[A-Z]{2,4}-\\d{4,6}$"
    max_length: 20
    description: "2 to 4 capitals, a hyphen, 4 to 6 digits"
""",
        SEQUENCE,
    )
    assert [may_type(scheme, text) for text in ("AB-1234", "ABCD-123456", "A-1234", "AB-123", "ab-1234")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(OverrideInvalid) as caught:
        plan_number(scheme, LIBRARY, number="AB1234")
    assert "0001" in str(caught.value.expected)
    assert "2 to 4 capitals" in str(caught.value.expected)


def test_a_flexible_pattern_with_a_length() -> None:
    scheme = read(
        r"""
settings:
  allow_override: true
  allow_freeform: true
  freeform_validation:
    pattern: "^[A-Z][A-Z0-9\\-_]*$"  # begins with a capital
    max_length: 25
    description: "A capital, then capitals, digits, hyphens and underscores"
""",
        SEQUENCE,
    )
    assert may_type(scheme, "A-1_B" + "X" * 20)
    assert not may_type(scheme, "A-1_B" + "X" * 21)
    assert not may_type(scheme, "1A")


CATEGORY_SEQUENCE_VARIANT = """
elements:
  - type: "list"
    name: "category"
    required: true
    values: ["410"]
  - type: "numeric_counter"
    name: "sequence"
    required: true
    format: {min_value: 1, max_value: 999}
  - type: "list"
    name: "variant"
    required: true
    values: ["A", "B", "C"]
examples: ["410001A"]
"""


def test_override_of_some_elements_only() -> None:
    scheme = read(
        """
settings:
  allow_override: true
  allow_freeform: false
  override_elements: ["variant"]  # nothing else
""",
        CATEGORY_SEQUENCE_VARIANT,
    )
    assert scheme.overridable == {"variant"}
    assert issue(scheme, {"overrides": {"variant": "B"}}) == ["410001B"]
    for name, text in (("category", "410"), ("sequence", "007")):
        with pytest.raises(OverrideNotAllowed):
            issue(scheme, {"picks": {"variant": "A"}, "overrides": {name: text}})
    with pytest.raises(OverrideInvalid):
        issue(scheme, {"overrides": {"variant": "Z"}})


@pytest.mark.parametrize("said", ["", "  override_elements:  # not filled in\n", "  override_elements: null\n"])
def test_override_of_all_elements(said: str) -> None:
    scheme = read(f"settings:\n  allow_override: true\n{said}", CATEGORY_SEQUENCE_VARIANT)
    assert scheme.overridable == {"category", "sequence", "variant"}
    assert issue(scheme, {"picks": {"variant": "C"}, "overrides": {"sequence": "007"}}) == ["410007C"]
    assert may_type(scheme, "410123B")


def test_validation_of_a_freeform_element() -> None:
    scheme = read(
        'settings: {allow_override: true, override_elements: ["variant"]}',
        CATEGORY_SEQUENCE_VARIANT.replace(
            'values: ["A", "B", "C"]',
            """values: ["A", "B", "C"]
    allow_freeform: true
    freeform_validation:
      pattern: "^[A-Z]{1,3}$"
      max_length: 10
      description: "1 to 3 capitals"
""",
        ),
    )
    assert issue(scheme, {"overrides": {"variant": "XYZ"}}) == ["410001XYZ"]
    for text in ("WXYZ", "z", "1"):
        with pytest.raises(OverrideInvalid) as caught:
            issue(scheme, {"overrides": {"variant": text}})
        assert caught.value.expected == "1 to 3 capitals"


# --- elements ---------------------------------------------------------------------------------------------------------------------


def test_outlines_of_the_elements() -> None:
    """The keys that the page lists for each type of element, with those that all have."""
    every = {"type", "name", "required", "description", "attachedTo"}
    leaf = {*every, "allow_freeform", "freeform_validation"}
    assert keys_of(language.ListModel) == {*leaf, "use", "values", "validation"}
    assert keys_of(language.ConstantModel) == {*leaf, "value"}
    assert keys_of(language.NumericCounterModel) == {*leaf, "format", "validation"}
    assert keys_of(language.HexCounterModel) == {*leaf, "format", "validation"}
    assert keys_of(language.FreeModel) == {*leaf, "validation"}
    assert keys_of(language.GroupModel) == {*every, "elements"}
    assert keys_of(language.NumericRange) == keys_of(language.HexadecimalRange) == {"min_value", "max_value"}
    assert keys_of(language.FreeRule) == {"pattern", "max_length", "description"}
    assert keys_of(language.ValueModel) == {"id", "name", "value", "description"}


PREFIX = '  - {type: "list", name: "prefix", required: true, values: ["100", "101"]}\n'


def test_a_counter_attached_to_a_prefix() -> None:
    scheme = read(
        "settings: {}\nelements:\n",
        PREFIX,
        """
  - type: "numeric_counter"
    name: "sequence"
    required: true
    attachedTo: ['prefix']
    format:
      min_value: 1
      max_value: 9999
examples: ["1000001"]
""",
    )
    assert scheme.scopes == {"sequence": ("prefix",)}
    assert issue(scheme, "100", "101", "100") == ["1000001", "1010001", "1000002"]


LIST = """
settings: {{}}
elements:
  - type: "list"
    name: "category"
    required: true
    {values}
    validation:
      pattern: "^\\\\d{{3}}$"
  - {{type: "numeric_counter", name: "sequence", required: true, attachedTo: [category], format: {{min_value: 1, max_value: 99}}}}
examples: ["41001"]
"""


def test_a_list_of_texts() -> None:
    scheme = read(LIST.format(values='values: ["410", "591", "423"]'))
    assert issue(scheme, "591", "423") == ["59101", "42301"]
    with pytest.raises(ElementValueInvalid):
        issue(scheme, "999")


def test_a_list_of_objects() -> None:
    values = """use: "id"
    values:
      - id: "410"
        name: "Screws"
        description: "All that has a thread"
      - id: "591"
        name: "Resistors"
        description: "All that resists\""""
    scheme = read(LIST.format(values=values))
    assert issue(scheme, "410", "Resistors") == ["41001", "59101"]


def test_a_list_of_the_systems_categories() -> None:
    scheme = read(LIST.format(values="values: ${{ duro.categories }}"))
    own = ChoiceLists(LIBRARY.categories, category="591")
    assert issue(scheme, None, {"picks": {"category": "410"}}, choices=own) == ["59101", "41001"]


def test_the_pattern_of_a_list_holds_for_its_values() -> None:
    with pytest.raises(SchemeInvalid, match="pattern of its own list"):
        read(LIST.format(values='values: ["410", "41"]'))


def test_a_list_with_freeform_override() -> None:
    scheme = read(
        """
settings: {allow_override: true, override_elements: [variant]}
elements:
  - {type: "numeric_counter", name: "sequence", required: true, format: {min_value: 1, max_value: 9}}
  - type: "list"
    name: "variant"
    required: true
    values: ["A", "B", "C"]
    allow_freeform: true
    freeform_validation:
      pattern: "^[A-Z]{1,3}$"
      max_length: 3
      description: "1 to 3 capitals"
examples: ["1A"]
"""
    )
    assert issue(scheme, "A", "Z", "XY", "ABC") == ["1A", "2Z", "3XY", "4ABC"]
    with pytest.raises(OverrideInvalid):
        issue(scheme, "ABCD")


def test_a_constant_between_two_elements() -> None:
    scheme = read(
        "settings: {}\nelements:\n",
        PREFIX,
        """
  - type: "constant"
    name: "separator"
    required: true
    value: "-"
  - {type: "numeric_counter", name: "sequence", required: true, format: {min_value: 1, max_value: 99}}
examples: ["100-01"]
""",
    )
    assert issue(scheme, "100") == ["100-01"]


def test_a_constant_at_the_beginning() -> None:
    scheme = read(
        """
settings: {}
elements:
  - type: "constant"
    name: "prefix"
    required: true
    value: "TMP-"
  - {type: "numeric_counter", name: "sequence", required: true, format: {min_value: 10001, max_value: 99999}}
examples: ["TMP-10001"]
"""
    )
    assert issue(scheme, None) == ["TMP-10001"]


def test_a_counter_of_five_digits_within_each_prefix() -> None:
    scheme = read(
        "settings: {}\nelements:\n",
        PREFIX.replace("prefix", "category"),
        """
  - {type: "constant", name: "separator", required: true, value: "-"}
  - type: "numeric_counter"
    name: "sequence"
    required: true
    attachedTo: [category]
    format:
      min_value: 1
      max_value: 99999
examples: ["100-00001"]
""",
    )
    counter = leaves_of(scheme.elements)[-1]
    assert isinstance(counter, CounterElement)
    assert (counter.text_of(1), counter.text_of(99999)) == ("00001", "99999")
    assert issue(scheme, "100", "100", "100", "101", "100") == [
        "100-00001",
        "100-00002",
        "100-00003",
        "101-00001",
        "100-00004",
    ]


def test_a_counter_of_two_hexadecimal_digits() -> None:
    scheme = read(
        "settings: {}\nelements:\n",
        PREFIX.replace("prefix", "category"),
        """
  - type: "hex_counter"
    name: "sequence"
    required: true
    attachedTo: [category]
    format:
      min_value: "0"
      max_value: "FF"
examples: ["10000", "100FF"]
""",
    )
    made = issue(scheme, *["100"] * 256)
    assert [made[index] for index in (0, 1, 10, 254, 255)] == ["10000", "10001", "1000A", "100FE", "100FF"]
    with pytest.raises(CounterExhausted):
        issue(scheme, *["100"] * 257)


def test_an_optional_group_with_free_text() -> None:
    scheme = read(
        r"""
settings: {allow_override: true}
elements:
  - {type: "list", name: "prefix", required: true, values: ["123"]}
  - {type: "constant", name: "dash", required: true, value: "-"}
  - {type: "numeric_counter", name: "sequence", required: true, format: {min_value: 1, max_value: 9999}}
  - type: "group"
    name: "variant group"
    required: false
    elements:
      - type: "constant"
        name: "separator"
        value: "."
      - type: "free"
        name: "variant"
        validation:
          pattern: "^\\w{1,10}$"
examples:
  - "123-4567"
  - "123-4567.A"
  - "123-4567.TEST1"
"""
    )
    assert issue(scheme, {}, {"picks": {"variant": "A_1"}}) == ["123-0001", "123-0002.A_1"]
    for text in ("ABCDEFGHIJK", "A-B"):
        with pytest.raises(OverrideInvalid):
            issue(scheme, {"picks": {"variant": text}})


def test_a_group_as_the_base_of_a_number() -> None:
    scheme = read(
        """
settings: {}
elements:
  - type: "group"
    name: "base_cpn"
    required: true
    elements:
      - type: "list"
        name: "prefix"
        required: true
        values:
          - id: "Category100"
            value: "100"
        validation:
          pattern: "^[1-9][0-9]{2}$"
      - type: "constant"
        name: "delimiter_1"
        value: "-"
      - type: "numeric_counter"
        name: "sequence"
        required: true
        attachedTo: ['prefix']
        format:
          min_value: 1
          max_value: 99999
        validation:
          pattern: "^[1-9][0-9]{4}$"
  - type: "constant"
    name: "delimiter_2"
    value: "-"
  - type: "list"
    name: "variant"
    required: true
    attachedTo: ['base_cpn']
    values:
      - id: "A"
        value: "A"
      - id: "B"
        value: "B"
    validation:
      pattern: "^[A-Z]{1}$"
examples: ["100-10000-A", "100-99999-B"]
"""
    )
    assert scheme.scopes["variant"] == ("base_cpn/prefix", "base_cpn/sequence")
    assert issue(scheme, "Category100", "100") == ["100-10000-A", "100-10001-A"]


def test_outline_of_a_free_text() -> None:
    """The page has max_length among what must be there, but the example beside it goes without; so both are read."""
    for said, expected in (("", 50), (", max_length: 4", 4)):
        scheme = read(
            f"""
settings: {{allow_override: true}}
elements:
  - {{type: "numeric_counter", name: "n", required: true, format: {{min_value: 1, max_value: 9}}}}
  - type: "group"
    name: "tail"
    elements:
      - {{type: "free", name: "text", validation: {{pattern: "^[a-z]+$"{said}}}}}
examples: ["1", "1abc"]
"""
        )
        free = leaves_of(scheme.elements)[-1]
        assert isinstance(free, FreeElement)
        assert free.rule == TextRule("^[a-z]+$", expected)


def test_free_text_needs_allow_override() -> None:
    elements = """
elements:
  - {type: "numeric_counter", name: "n", required: true, format: {min_value: 1, max_value: 9}}
  - {type: "group", name: "tail", elements: [{type: "free", name: "text", validation: {pattern: "^[a-z]+$"}}]}
examples: ["1"]
"""
    assert issue(read("settings: {allow_override: true}", elements), {"picks": {"text": "abc"}}) == ["1abc"]
    with pytest.raises(OverrideNotAllowed):
        issue(read("settings: {}", elements), {"picks": {"text": "abc"}})


def test_examples_of_two_shapes() -> None:
    scheme = read(
        r"""
settings: {allow_override: true}
elements:
  - type: "group"
    name: "line"
    elements:
      - {type: "list", name: "product", required: true, values: ["ELEC"]}
      - {type: "constant", name: "dash", value: "-"}
  - {type: "list", name: "category", required: true, values: ["410", "591"]}
  - {type: "constant", name: "dash", required: true, value: "-"}
  - {type: "numeric_counter", name: "sequence", required: true, format: {min_value: 1, max_value: 9999}}
  - type: "group"
    name: "tail"
    elements:
      - {type: "constant", name: "dot", value: "."}
      - {type: "free", name: "text", validation: {pattern: "^\\w+$"}}
examples:
  - "410-0001"
  - "ELEC-591-0042.variant"
"""
    )
    assert len(scheme.examples) == 2


@pytest.mark.parametrize(
    ("template", "source"),
    [
        ("${{ duro.categories }}", ListSource.CATEGORIES),
        ("${{duro.families}}", ListSource.FAMILIES),
        ("${{ duro.units }}", None),
        ("${{ namespace.field }}", None),
        ("${ duro.categories }", None),
    ],
)
def test_a_template_reference(template: str, source: ListSource | None) -> None:
    text = LIST.format(values=f'values: "{template}"')
    if source is None:
        with pytest.raises(SchemeInvalid) as caught:
            read(text)
        assert caught.value.expected is not None
        assert "${{ duro.categories }} or ${{ duro.families }}" in caught.value.expected
    else:
        first = leaves_of(read(text).elements)[0]
        assert isinstance(first, ListElement)
        assert first.source is source


# --- whole documents --------------------------------------------------------------------------------------------------------------

ONE_ELEMENT_TO_OVERRIDE = r"""
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
    description: "2 to 4 capitals, a hyphen, 4 to 6 digits"
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
  - type: constant
    name: separator
    required: true
    value: "-"
  - type: numeric_counter
    name: sequence
    required: true
    attachedTo: [category]
    format:
      min_value: 1
      max_value: 9999
  # here
  - type: list
    name: variant
    required: true
    attachedTo: [category, sequence]
    values: ["A", "B", "C"]
    allow_freeform: true
    freeform_validation:
      pattern: "^[A-Z]{1,3}$"
      max_length: 3
      description: "1 to 3 capitals"
examples:
  - "410-0001-A"
  - "410-0001-Z"  # an override
"""


def test_the_first_whole_document_lacks_a_separator() -> None:
    """As the page prints it, its own examples do not follow it; the refusal shows what is missing."""
    with pytest.raises(SchemeInvalid) as caught:
        scheme_from(load_yaml(ONE_ELEMENT_TO_OVERRIDE, "cpn.yaml"))
    assert caught.value.message.endswith("The example '410-0001-A' does not follow the scheme.")
    assert caught.value.expected == "{category}-{sequence 0001..9999}{variant}"


def test_the_first_whole_document_with_its_separator() -> None:
    separator = '- {type: constant, name: separator2, required: true, value: "-"}'
    scheme = scheme_from(load_yaml(ONE_ELEMENT_TO_OVERRIDE.replace("# here", separator), "cpn.yaml"))
    assert scheme.warnings == ()
    # Nothing says that variants must wait for one another, so each new number is a new base with its first variant.
    assert issue(scheme, "410", "410") == ["410-0001-A", "410-0002-A"]
    assert issue(scheme, {"picks": {"category": "410"}, "overrides": {"variant": "Z"}}) == ["410-0001-Z"]
    assert may_type(scheme, "AB-1234")
    assert not may_type(scheme, "410-0001-A")  # only the variant may be overridden by itself


def test_the_second_whole_document() -> None:
    scheme = scheme_from(
        load_yaml(
            """
version: "1.0"
schema_type: "id_generation_scheme"
settings:
  allow_override: true
  allow_freeform: false
  override_elements: ["category", "variant"]
elements:
  - type: list
    name: category
    required: true
    values: ["ELEC", "MECH", "SOFT"]
    # no allow_freeform: one of the list
  - type: constant
    name: delimiter1
    value: "-"
  - type: numeric_counter
    name: sequence
    required: true
    attachedTo: [category]
    format:
      min_value: 1
      max_value: 999
  - type: constant
    name: delimiter2
    value: "-"
  - type: list
    name: variant
    required: true
    values: ["STD", "ALT"]
    allow_freeform: true
    freeform_validation:
      pattern: "^[A-Z]{2,5}$"
      max_length: 5
      description: "2 to 5 capitals"
examples:
  - "ELEC-001-STD"
  - "ELEC-001-PROTO"  # a variant of one's own
  - "CHEM-001-STD"  # a category of one's own
""",
            "cpn.yaml",
        )
    )
    wishes = [{"category": "ELEC", "variant": "STD"}, {"category": "ELEC", "variant": "PROTO"}]
    assert issue(scheme, *({"picks": each} for each in wishes)) == ["ELEC-001-STD", "ELEC-002-PROTO"]
    with pytest.raises(OverrideNotAllowed):
        issue(scheme, {"picks": wishes[0], "overrides": {"sequence": "007"}})
    # The page calls the third example an override, and says of the list that its values must be picked from it: the rule counts.
    assert ["CHEM-001-STD" in warning for warning in scheme.warnings] == [True]
    with pytest.raises(OverrideInvalid):
        issue(scheme, {"picks": {"variant": "STD"}, "overrides": {"category": "CHEM"}})
