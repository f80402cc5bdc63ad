"""The examples of the requirement's chapter on categories and specs: each loads, and does what the text beside it says.

Where the chapter shows a fragment, the rest of a registry stands around it here. A version that the chapter's page has masked is read as
@v1.0.1.
"""

from __future__ import annotations

import pytest

from plumbline.catalog.attributes import typed_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Attribute
from plumbline.catalog.registry.checks import Violation, checker_of
from plumbline.catalog.registry.reading import registry_package
from plumbline.catalog.registry.references import Version
from plumbline.catalog.registry.resolution import Registry, resolve
from plumbline.catalog.registry.shelf import Shelf
from plumbline.kit.yaml_source import load_yaml

STATUSES = ("Design", "Prototype", "In Review", "Production", "Obsolete")
STANDARD_DIMENSIONS = r"""
commonSpecs:
  dimensions:
    standard_length:
      name: "Length"
      type: "string"
      validation:
        pattern: "^\\d+(\\.\\d+)?\\s*(mm|cm|m|in)$"
        description: "Must be a number followed by a valid unit"
    standard_width:
      name: "Width"
      type: "string"
      validation:
        pattern: "^\\d+(\\.\\d+)?\\s*(mm|cm|m|in)$"
        description: "Must be a number followed by a valid unit"
"""


def registry_of(text: str) -> Registry:
    return resolve(registry_package(load_yaml(text, "registry.yaml")), Shelf())


def with_specs(specs: str, more: str = "") -> Registry:
    """A registry of one category with the specs of a fragment."""
    indented = "".join(f"    {line}\n" for line in specs.strip("\n").splitlines())
    return registry_of(f'{more}\ncategories:\n  - code: "100"\n    type: MECHANICAL\n    name: Part\n{indented}')


def violations(registry: Registry, status: str = "Design", /, **values: object) -> list[Violation]:
    """Of a component of the last category with these values; the names of specs are written with _ for a blank."""
    rules = registry.categories[-1].specs
    kept = {}
    for rule in rules:
        raw = values.pop(rule.name.replace(" ", "_"), None)
        kept[rule.name] = typed_value(Attribute("", rule.name, rule.attribute_type, rule.unit, "", None, ()), raw, ())
    assert values == {}
    return checker_of(rules, STATUSES).violations(kept, status)


def told(registry: Registry, status: str = "Design", /, **values: object) -> list[tuple[str, str]]:
    """The kinds and words of what is wrong with these values, not counting what is missing."""
    found = violations(registry, status, **values)
    return [(each.kind, each.message) for each in found if each.kind != "required"]


def missing(registry: Registry, status: str, /, **values: object) -> dict[str, str]:
    found = violations(registry, status, **values)
    return {each.spec: each.severity for each in found if each.kind == "required"}


def test_simple_category_definition() -> None:
    registry = registry_of(r"""
categories:
  - code: "920"
    type: ASSEMBLY
    name: Cable Assembly
    specs:
      - name: Length
        type: string
        required: true
        validation:
          pattern: "^\\d+(\\.\\d+)?\\s*(mm|m)$"
""")
    [cable] = registry.categories
    assert (cable.code, cable.type, cable.name, cable.unit_of_measure) == ("920", "ASSEMBLY", "Cable Assembly", "EACH")
    assert missing(registry, "Design") == {"Length": "ERROR"}
    assert told(registry, Length="1.5 m") == []
    assert told(registry, Length="1.5 cm") == [("pattern", "'1.5 cm' does not have the form that Length must have.")]


def test_uses() -> None:
    registry = registry_of("""
uses:
  - duro/mechanical-categories@v1
  - duro/electrical-categories@v1.0.1
""")
    assert registry.sets == (
        ("duro/mechanical-categories", Version(1, 1, 0)),
        ("duro/electrical-categories", Version(1, 0, 1)),
    )
    assert {"Screw", "Bearing", "Resistor"} <= {each.name for each in registry.categories}


@pytest.mark.parametrize("version", ["v1", "v1.0", "v1.0.1"])
def test_excludes(version: str) -> None:
    text = f"""
uses:
  - duro/electrical-categories@{version}
"""
    excludes = """
excludes:
  - "Basic Electrical Component" # Excludes category with name "Basic Electrical Component"
  - "Capacitance" # Excludes category with name "Capacitance"
"""
    whole = {each.code for each in registry_of(text).categories}
    assert whole - {each.code for each in registry_of(text + excludes).categories} == {"499", "305"}


def test_common_specs() -> None:
    registry = with_specs("""
specs:
  - $ref: "#/commonSpecs/dimensions/standard_length"
  - $ref: "#/commonSpecs/dimensions/standard_width"
""", STANDARD_DIMENSIONS)  # fmt: skip
    assert told(registry, Length="10mm", Width="2.5 in") == []
    assert (
        told(registry, Length="10 yd", Width="wide") == [("pattern", "Must be a number followed by a valid unit")] * 2
    )


def test_categories() -> None:
    registry = registry_of(f"""{STANDARD_DIMENSIONS}
categories:
  - code: "920"
    type: ASSEMBLY
    name: Cable Assembly
    shortName: CABLE
    unitOfMeasure: EACH
    specs:
      - $ref: "#/commonSpecs/dimensions/standard_length"
        required: "*"
      - name: Conductors
        type: integer
        required: "*"
        validation:
          minimum: 1
          maximum: 100
          description: "Number of conductors (1-100)"
""")
    assert registry.categories[0].short_name == "CABLE"
    assert missing(registry, "Design") == {"Length": "ERROR", "Conductors": "ERROR"}
    for conductors in (1, 4, 100):
        assert violations(registry, Length="2 m", Conductors=conductors) == []
    for conductors, kind in ((0, "minimum"), (101, "maximum"), ("1.5", "type")):
        assert told(registry, Conductors=conductors) == [(kind, "Number of conductors (1-100)")]


def test_category_type_specs() -> None:
    types = f"""{STANDARD_DIMENSIONS}
  physical:
    weight: {{ name: Weight, type: string }}
  electrical:
    operating_temp_max: {{ name: Max Temperature, type: integer }}
    fuse: {{ name: Fuse, type: string, required: Design }}
  quality:
    iso_certification: {{ name: ISOCertification, type: string }}

categoryTypeSpecs:
  ASSEMBLY:
    - $ref: "#/commonSpecs/dimensions/*" # Reference all dimension specs
      required: "Prototype"
    - $ref: "#/commonSpecs/physical/weight"
      required: Production
      severity: Warning
  ELECTRICAL:
    - $ref: "#/commonSpecs/electrical/*" # Reference all electrical specs
    - $ref: "#/commonSpecs/quality/iso_certification"
      required: Production

categories:
"""
    assembly = registry_of(f"{types}  - {{ code: '900', type: ASSEMBLY, name: Table }}")
    assert missing(assembly, "Design") == {}
    assert missing(assembly, "Prototype") == {"Length": "ERROR", "Width": "ERROR"}
    assert missing(assembly, "Production") == {"Length": "ERROR", "Width": "ERROR", "Weight": "WARNING"}
    assert told(assembly, Length="tall") == [("pattern", "Must be a number followed by a valid unit")]
    electrical = registry_of(f"{types}  - {{ code: '300', type: ELECTRICAL, name: Resistor }}")
    assert missing(electrical, "Prototype") == {"Fuse": "ERROR"}
    assert missing(electrical, "Production") == {"Fuse": "ERROR", "ISOCertification": "ERROR"}
    software = registry_of(f"{types}  - {{ code: '800', type: SOFTWARE, name: Firmware }}")
    assert software.categories[0].specs == ()


def test_validation_rules() -> None:
    registry = with_specs(r"""
specs:
  - name: Voltage
    type: string
    validation:
      pattern: "^\\d+(\\.\\d+)?\\s*V$"
      description: "Must be a number followed by V (e.g., 5V, 3.3V)"
  - name: PPAPLevel
    type: integer
    validation:
      minimum: 1
      maximum: 5
      description: "Production Part Approval Process level (1-5)"
  - name: Material
    type: string
    validation:
      enum: [Plastic, Metal, Glass, Ceramic, Wood, Composite]
      description: "Must be one of the specified materials"
""")
    assert violations(registry, "Production", Voltage="3.3V", PPAPLevel=5, Material="Wood") == []
    assert violations(registry, "Production") == []
    assert told(registry, Voltage="5 A", PPAPLevel=6, Material="wood") == [
        ("pattern", "Must be a number followed by V (e.g., 5V, 3.3V)"),
        ("maximum", "Production Part Approval Process level (1-5)"),
        ("choice", "Must be one of the specified materials"),
    ]


def test_required_by_lifecycle_stage() -> None:
    registry = with_specs(r"""
specs:
  - name: NetsuiteItemId
    type: string
    required: "Production"
    validation:
      pattern: "^NS-\\d{8}$"
      description: "Must be NS- followed by 8 digits"
  - name: IONProcessTemplate
    type: string
    required: "Design"
    severity: "Warning"
    validation:
      pattern: "^TPL-[A-Z0-9]{8}$"
""")
    assert missing(registry, "Design") == {"IONProcessTemplate": "WARNING"}
    assert missing(registry, "Prototype") == {"IONProcessTemplate": "WARNING"}
    assert missing(registry, "Production") == {"NetsuiteItemId": "ERROR", "IONProcessTemplate": "WARNING"}
    assert missing(registry, "Obsolete", NetsuiteItemId="NS-12345678") == {"IONProcessTemplate": "WARNING"}
    wrong = violations(registry, NetsuiteItemId="NS-1", IONProcessTemplate="TPL-1")
    assert [(each.severity, each.kind, each.message) for each in wrong] == [
        ("ERROR", "pattern", "Must be NS- followed by 8 digits"),
        ("WARNING", "pattern", "'TPL-1' does not have the form that IONProcessTemplate must have."),
    ]


@pytest.mark.parametrize("version", ["v1", "v1.0", "v1.0.1"])
def test_extends(version: str) -> None:
    registry = registry_of(f"""
categories:
  - extends: duro/mechanical-categories/bearing@{version}
    name: Custom Bearing # change the name for this category
    specs:
      - name: Surface Treatment
        type: string
        required: Production
        validation:
          enum: [Chrome, Nickel, Phosphate, None]
""")
    [bearing] = registry.categories
    assert (bearing.code, bearing.type, bearing.name) == ("230", "MECHANICAL", "Custom Bearing")
    names = [rule.name for rule in bearing.specs]
    assert names[:2] == ["Bearing type", "Inner diameter"]
    assert "Surface Treatment" in names
    assert "Surface Treatment" not in missing(registry, "Prototype")
    assert missing(registry, "Production")["Surface Treatment"] == "ERROR"
    assert told(registry, Surface_Treatment="None") == []
    assert [kind for kind, _ in told(registry, Surface_Treatment="Gold")] == ["choice"]


def test_spec_references() -> None:
    registry = with_specs("""
specs:
  - $ref: "#/commonSpecs/dimensions/standard_length"
    required: "*"
  - $ref: "#/commonSpecs/electrical/operating_temp_max"
    required: "Design"
""", STANDARD_DIMENSIONS + "  electrical: { operating_temp_max: { name: Max Temperature, type: integer } }")  # fmt: skip
    assert missing(registry, "Design") == {"Length": "ERROR", "Max Temperature": "ERROR"}


def test_spec_of_an_external_set() -> None:
    registry = with_specs("""
specs:
  - $ref: "duro/electrical-categories/specs/voltage/input_voltage"
    required: Design
""")
    assert missing(registry, "Design") == {"Input voltage": "ERROR"}
    assert violations(registry, Input_voltage="12 V") == []
    with pytest.raises(InvalidAttributeValue):
        violations(registry, Input_voltage="12 A")


def test_wildcard_of_an_external_set() -> None:
    registry = with_specs("""
specs:
  # Imports all dimension specifications from Duro's mechanical specs
  - $ref: "duro/mechanical-categories/specs/dimensions/*"
    required: Prototype
    # This will include Height, Width, Length, Thickness, etc. as defined in the Duro specs
    # Each imported spec will maintain its validation rules while inheriting the required status
""")
    assert missing(registry, "Design") == {}
    assert {"Height", "Width", "Length", "Thickness"} <= set(missing(registry, "Prototype"))
    assert [kind for kind, _ in told(registry, Height="-1 mm", Width="2 cm")] == ["minimum"]


def test_severity_warning() -> None:
    registry = with_specs(r"""
specs:
  - name: ERPCostCenter
    type: string
    required: "In Review"
    severity: "Warning"
    validation:
      pattern: "^CC-[A-Z]{2}-\\d{4}$"
""")
    assert missing(registry, "Prototype") == {}
    assert missing(registry, "In Review") == {"ERPCostCenter": "WARNING"}
    assert violations(registry, "In Review", ERPCostCenter="CC-DE-0001") == []
    assert [each.severity for each in violations(registry, ERPCostCenter="CC-1")] == ["WARNING"]


def test_external_systems() -> None:
    registry = with_specs(r"""
specs:
  - name: JiraECO
    type: string
    validation:
      pattern: "^ECO-\\d{4}$"
      description: "Jira ECO number"
  - name: SAPMaterialNumber
    type: string
    validation:
      pattern: "^\\d{9}$"
      description: "Must be exactly 9 digits"
""")
    assert violations(registry, "Production", JiraECO="ECO-0042", SAPMaterialNumber="000123456") == []
    assert told(registry, JiraECO="ECO-42", SAPMaterialNumber="12345678") == [
        ("pattern", "Jira ECO number"),
        ("pattern", "Must be exactly 9 digits"),
    ]


def test_quality() -> None:
    registry = with_specs(r"""
specs:
  - name: QualityInspectionFreq
    type: string
    required: "Production"
    validation:
      enum: [PerBatch, PerShift, Daily, Weekly, Monthly]
      description: "Frequency of quality inspections"
  - name: ISOCertification
    type: string
    required: "In Review"
    severity: "Warning"
    validation:
      pattern: "^ISO\\d{4,5}:\\d{4}$"
      description: "ISO certification number and year"
""")
    assert missing(registry, "In Review") == {"ISOCertification": "WARNING"}
    assert missing(registry, "Production") == {"QualityInspectionFreq": "ERROR", "ISOCertification": "WARNING"}
    assert told(registry, QualityInspectionFreq="Daily", ISOCertification="ISO9001:2015") == []
    assert told(registry, QualityInspectionFreq="Hourly", ISOCertification="ISO 9001") == [
        ("choice", "Frequency of quality inspections"),
        ("pattern", "ISO certification number and year"),
    ]


@pytest.mark.parametrize("kind", ["MECHANICAL", "ELECTRICAL", "ASSEMBLY", "DOCUMENT", "SOFTWARE"])
def test_category_types(kind: str) -> None:
    text = f"""
categories:
  - code: "920"
    # Available types:
    type: {kind} # For parts, assemblies, documentation and software
    name: Something
"""
    assert [each.type for each in registry_of(text).categories] == [kind]


def test_string_validations() -> None:
    registry = with_specs('specs: [{ $ref: "#/commonSpecs/validation/*" }]', r"""
commonSpecs:
  validation:
    # Pattern-based string validation
    - name: PartNumber
      type: string
      validation:
        pattern: "^[A-Z]{2}-\\d{6}$"
        description: "Must be 2 capital letters followed by 6 digits"
    # Enum-based string validation
    - name: Material
      type: string
      validation:
        enum: [Plastic, Metal, Glass, Ceramic]
        description: "Must be one of the allowed materials"
    # Unit-based measurements
    - name: Length
      type: string
      validation:
        pattern: "^\\d+(\\.\\d+)?\\s*(mm|cm|m|in)$"
        description: "Number with valid unit (e.g., 10mm, 2.5cm)"
""")  # fmt: skip
    assert told(registry, PartNumber="AB-123456", Material="Glass", Length="2.5cm") == []
    assert told(registry, PartNumber="ab-123456", Material="Wood", Length="2.5") == [
        ("pattern", "Must be 2 capital letters followed by 6 digits"),
        ("choice", "Must be one of the allowed materials"),
        ("pattern", "Number with valid unit (e.g., 10mm, 2.5cm)"),
    ]


def test_integer_validations() -> None:
    registry = with_specs('specs: [{ $ref: "#/commonSpecs/validation/*" }]', """
commonSpecs:
  validation:
    # Range-based integer validation
    - name: Quantity
      type: integer
      validation:
        minimum: 1
        maximum: 1000
        description: "Must be between 1 and 1000"
    # Simple integer validation
    - name: PinCount
      type: integer
      validation:
        minimum: 1
        description: "Must be at least 1"
""")  # fmt: skip
    assert told(registry, Quantity=1000, PinCount=10_000) == []
    assert told(registry, Quantity=1001, PinCount=0) == [
        ("maximum", "Must be between 1 and 1000"),
        ("minimum", "Must be at least 1"),
    ]


def test_paired() -> None:
    registry = with_specs('specs: [{ $ref: "#/commonSpecs/dimensions/Height" }]', """
commonSpecs:
  dimensions:
    - name: Height
      type: paired
      components:
        value:
          name: "Height Value"
          type: integer
          validation:
            minimum: 0
            maximum: 999999
            description: "Numeric value for height"
        unit:
          name: "Height Unit"
          type: string
          validation:
            enum: ["mm", "cm", "m", "in"]
            description: "Unit for height measurement"
      display: "{value}{unit}"
""")  # fmt: skip
    for height in ("12mm", "0in", "999999 cm"):
        assert told(registry, Height=height) == []
    assert told(registry, Height="12xy") == [("choice", "Unit for height measurement")]
    assert told(registry, Height="-1mm") == [("minimum", "Numeric value for height")]
    assert told(registry, Height="1000000m") == [("maximum", "Numeric value for height")]
    assert told(registry, Height="1.5mm") == [("type", "Numeric value for height")]
    assert told(registry, Height="tall") == [("form", "'tall' cannot be read as {value}{unit}.")]


def test_conditional_on_ranges() -> None:
    registry = with_specs('specs: [{ $ref: "#/commonSpecs/conditional/ColorRange" }]', """
commonSpecs:
  conditional:
    # Example 1: Range-based conditional validation
    - name: ColorRange
      type: conditional
      components:
        color:
          name: "Color"
          type: string
          validation:
            enum: ["red", "blue", "green"]
            description: "Color selection"
        range:
          name: "Range Value"
          type: integer
          validation:
            description: "Range value"
            conditions:
              - when: "color == 'red'"
                minimum: 1
                maximum: 20
              - when: "color == 'blue'"
                minimum: 21
                maximum: 40
              - when: "color == 'green'"
                minimum: 41
                maximum: 50
""")  # fmt: skip
    for fine in ("red 1", "red 20", "blue 21", "blue 40", "green 41", "green 50"):
        assert told(registry, ColorRange=fine) == []
    for wrong in ("red 25", "red 0", "blue 20", "green 51"):
        assert told(registry, ColorRange=wrong) == [("condition", "Range value")]
    assert told(registry, ColorRange="pink 5") == [("choice", "Color selection")]
    [violation] = violations(registry, ColorRange="red 25")
    assert violation.expected == "at most 20, because color == 'red'"


def test_conditional_on_choices() -> None:
    registry = with_specs('specs: [{ $ref: "#/commonSpecs/conditional/food_dye_color" }]', """
commonSpecs:
  conditional:
    # Example 2: Enum-based conditional validation
    - name: Food Dye Color
      type: conditional
      display: "{baseColor} {number}"
      components:
        baseColor:
          name: "Base Color"
          type: string
          validation:
            enum: [Red, Yellow, Blue, Green]
            description: "Base color of the food dye"
        number:
          name: "Dye Number"
          type: integer
          validation:
            description: "FDA approved dye number for the selected color"
            conditions:
              - when: "baseColor == 'Red'"
                enum: [3, 40]
              - when: "baseColor == 'Yellow'"
                enum: [5, 6]
              - when: "baseColor == 'Blue'"
                enum: [1, 2]
              - when: "baseColor == 'Green'"
                enum: [3]
""")  # fmt: skip
    for fine in ("Red 3", "Red 40", "Yellow 5", "Yellow 6", "Blue 1", "Blue 2", "Green 3"):
        assert told(registry, Food_Dye_Color=fine) == []
    for wrong in ("Red 5", "Yellow 40", "Blue 3", "Green 1"):
        assert told(registry, Food_Dye_Color=wrong) == [("condition", "FDA approved dye number for the selected color")]
    assert told(registry, Food_Dye_Color="Purple 3") == [("choice", "Base color of the food dye")]


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("duro/mechanical-categories@v1.0.1", Version(1, 0, 1)),  # full semantic version
        ("duro/electrical-categories@v1.0", Version(1, 0, 1)),  # minor version only: the latest patch
        ("duro/software-categories@v1", Version(1, 1, 0)),  # major version only: the latest minor and patch
    ],
)
def test_version_formats(written: str, chosen: Version) -> None:
    registry = registry_of(f"uses:\n  - {written}\n")
    assert registry.sets == ((written.partition("@")[0], chosen),)
