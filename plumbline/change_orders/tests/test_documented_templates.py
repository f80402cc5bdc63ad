"""Every example that the documentation of the template language gives, made whole where it is a fragment, does what its text says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from plumbline.change_orders.approval import Outcome, Seat, Verdict, approval_outcome, panel_of
from plumbline.change_orders.errors import InvalidFieldValue
from plumbline.change_orders.field_values import checked_field_values
from plumbline.change_orders.shipped import DEFAULTS, preset_document, preset_names, preset_text
from plumbline.change_orders.template import ApprovalType, Closing, FieldType, NamedUser, Template
from plumbline.change_orders.template_reading import template_config, template_from
from plumbline.kit.yaml_source import load_yaml

HEAD = """
version: "1.0"
description: A fragment made whole
schema_type: change_order_scheme
"""
NO_DETAILS = "details: {}\n"
ONE_STAGE = "stages: {open: [{name: Review, types: [Majority], default: Majority}]}\n"
USER_ID = "7d2f0a6e-93b1-4a55-8c1e-5e0c2d4b9f10"


def template(text: str) -> Template:
    return template_from(load_yaml(text, "template.yaml"))


def with_details(text: str) -> Template:
    return template(HEAD + ONE_STAGE + text)


def with_stages(text: str) -> Template:
    return template(HEAD + NO_DETAILS + text)


def test_structure_of_a_template_with_comments_in_place_of_content() -> None:
    found = template("""
version: '1.0'
description: A clear description of this workflow's purpose
schema_type: change_order_scheme
details:
  info:
    groups:
      # Custom fields for change order creation
stages:
  open:
    # Review stages configuration
    - {name: Review, types: [Unanimous], default: Unanimous}
  resolved:
    # Actions when change order is resolved
  closed:
    # Final state configuration
""")
    assert found.groups == ()
    assert found.description == "A clear description of this workflow's purpose"
    assert found.resolutions.on_approval is Closing.MANUAL


def test_custom_fields_in_groups() -> None:
    found = with_details("""
details:
  info:
    groups:
      - name: Change Classification
        icon: mdi-tag-multiple
        fields:
          - name: change_category
            type: enum
            label: Category
            description: Primary category of this change
            options:
              - label: Design Update
                value: design
              - label: Cost Reduction
                value: cost
              - label: Quality Improvement
                value: quality
            validations:
              required: true
""")
    [group] = found.groups
    [field] = group.fields
    assert (group.name, group.icon) == ("Change Classification", "mdi-tag-multiple")
    assert (field.name, field.type, field.is_required) == ("change_category", FieldType.ENUM, True)
    assert [option.value for option in field.options] == ["design", "cost", "quality"]
    with pytest.raises(InvalidFieldValue, match="'Category' has no value"):
        checked_field_values(found, {})
    assert checked_field_values(found, {"change_category": "cost"}) == {"change_category": "cost"}


def test_review_stage_with_three_approval_types() -> None:
    [stage] = with_stages("""
stages:
  open:
    - name: Engineering Review
      types: ['Unanimous', 'Majority', 'Minimum']
      default: Majority
      minReviewers: 2
""").stages
    assert stage.types == (ApprovalType.UNANIMOUS, ApprovalType.MAJORITY, ApprovalType.MINIMUM)
    assert (stage.default_type, stage.minimum, stage.reviewers) == (ApprovalType.MAJORITY, 2, ())
    seats = [Seat("ada"), Seat("ben"), Seat("cem")]
    two = {"ada": Verdict.APPROVED, "ben": Verdict.APPROVED}
    assert approval_outcome(panel_of(stage, seats), two) is Outcome.APPROVED
    assert approval_outcome(panel_of(stage, seats, ApprovalType.MINIMUM), two) is Outcome.APPROVED
    assert approval_outcome(panel_of(stage, seats, ApprovalType.UNANIMOUS), two) is Outcome.PENDING


def test_two_stages_with_required_reviewers() -> None:
    technical, management = with_stages("""
stages:
  open:
    - name: Technical Review
      types: ['Unanimous']
      default: Unanimous
      minReviewers: 2
      reviewers:
        users:
          - email: tech.lead@example.com
            isRequired: true
    - name: Management Approval
      types: ['Majority', 'Minimum']
      default: Majority
      minReviewers: 1
      reviewers:
        users:
          - email: Manager@Example.com
            isRequired: true
""").stages
    assert (technical.name, management.name) == ("Technical Review", "Management Approval")
    [lead] = technical.reviewers
    assert (lead.user.email, lead.is_required, lead.is_required_to_approve) == ("tech.lead@example.com", True, False)
    assert management.reviewers[0].user == NamedUser(email="manager@example.com")


def test_field_validations() -> None:
    found = with_details("""
details:
  info:
    groups:
      - name: Cost and part
        fields:
          - name: estimated_cost
            type: currency
            label: Estimated Cost
            validations:
              required: true
              min: 0
              max: 1000000
          - name: part_number
            type: text
            label: Affected Part Number
            validations:
              pattern: "^[A-Z]{3}-\\\\d{4}$"
              required: true
""")
    good = {"estimated_cost": "1000000", "part_number": "ABC-1234"}
    assert checked_field_values(found, good) == {"estimated_cost": Decimal(1_000_000), "part_number": "ABC-1234"}
    with pytest.raises(InvalidFieldValue) as caught:
        checked_field_values(found, {"estimated_cost": -1, "part_number": "ABC-12345"})
    assert [fault.path for fault in (caught.value, *caught.value.also)] == [("estimated_cost",), ("part_number",)]


def test_resolutions_that_close_or_wait() -> None:
    found = with_stages("""
stages:
  open: [{name: Review, types: [Majority], default: Majority}]
  resolved:
    resolutions:
      onapproval: [AUTO_CLOSE]      # Automatically close when approved
      onrejection: [MANUAL_CLOSE]   # Require manual closure when rejected
      onwithdrawal: [MANUAL_CLOSE]  # Require manual closure when withdrawn
""").resolutions
    assert (found.on_approval, found.on_rejection, found.on_withdrawal) == (
        Closing.AUTO,
        Closing.MANUAL,
        Closing.MANUAL,
    )


def test_fields_grouped_logically() -> None:
    found = with_details("""
details:
  info:
    groups:
      - name: Impact Analysis
        icon: mdi-chart-line
        fields:
          - {name: schedule_impact, type: number, label: Schedule}
          - {name: cost_impact, type: currency, label: Cost}
          - {name: quality_impact, type: longtext, label: Quality}
""")
    assert [field.name for field in found.fields()] == ["schedule_impact", "cost_impact", "quality_impact"]


def test_description_in_several_lines() -> None:
    found = template(
        """
version: '1.0'
schema_type: change_order_scheme
description: |
  Engineering change workflow for hardware modifications.
  Requires technical review followed by management approval
  for changes exceeding $10,000 in impact.
"""
        + NO_DETAILS
        + ONE_STAGE
    )
    assert found.description.count("\n") == 3
    assert "exceeding $10,000" in found.description


def test_higher_cost_needs_an_executive() -> None:
    _, executive = with_stages("""
stages:
  open:
    - name: Initial Review
      types: ['Majority']
      default: Majority
      minReviewers: 2
    - name: Executive Approval
      types: ['Minimum']
      default: Minimum
      minReviewers: 1
      reviewers:
        users:
          - email: executive@example.com
            isRequiredToApprove: true
""").stages
    [boss] = executive.reviewers
    assert boss.is_required
    assert boss.is_required_to_approve
    panel = panel_of(executive, [Seat("boss", is_required_to_approve=True), Seat("deputy")])
    assert approval_outcome(panel, {"deputy": Verdict.APPROVED}) is Outcome.PENDING
    assert approval_outcome(panel, {"deputy": Verdict.APPROVED, "boss": Verdict.REJECTED}) is Outcome.REJECTED
    assert approval_outcome(panel, {"boss": Verdict.APPROVED}) is Outcome.APPROVED


def test_departments_review_one_after_the_other() -> None:
    stages = with_stages("""
stages:
  open:
    - name: Engineering Review
      types: [Unanimous]
      default: Unanimous
      reviewers:
        users:
          - email: mechanics@example.com
          - email: electronics@example.com
    - name: Manufacturing Review
      types: [Unanimous]
      default: Unanimous
      reviewers:
        users:
          - email: production@example.com
          - email: tooling@example.com
    - name: Quality Review
      types: [Unanimous]
      default: Unanimous
      reviewers:
        users:
          - email: quality@example.com
          - email: regulatory@example.com
""").stages
    assert [stage.name for stage in stages] == ["Engineering Review", "Manufacturing Review", "Quality Review"]
    assert [len(stage.reviewers) for stage in stages] == [2, 2, 2]
    assert [stage.minimum for stage in stages] == [1, 1, 1]
    assert not any(reviewer.is_required for stage in stages for reviewer in stage.reviewers)


STARTER = """
version: '1.0'
description: Engineering Change Review Process
schema_type: change_order_scheme
details:
  info:
    groups:
      - name: Change Information
        icon: mdi-information
        fields:
          - name: change_description
            type: longtext
            label: Change Description
            description: Detailed description of the proposed change
            validations:
              required: true
          - name: impact_assessment
            type: enum
            label: Impact Level
            description: Estimated impact of this change
            options:
              - label: Low Impact
                value: low
              - label: Medium Impact
                value: medium
              - label: High Impact
                value: high
            validations:
              required: true
stages:
  open:
    - name: Engineering Review
      types: ['Unanimous', 'Majority']
      default: Majority
      minReviewers: 2
      reviewers:
        users:
          - email: chief.engineer@example.com
            isRequired: true
  resolved:
    resolutions:
      onapproval: [AUTO_CLOSE]
      onrejection: [MANUAL_CLOSE]
      onwithdrawal: [MANUAL_CLOSE]
  closed:
    notifyList:
      users: []
      emails: []
"""


def test_starter_template() -> None:
    found = template(STARTER)
    assert [field.name for field in found.fields()] == ["change_description", "impact_assessment"]
    assert all(field.is_required for field in found.fields())
    assert found.resolutions.on_approval is Closing.AUTO
    assert (found.closed.notify.users, found.closed.notify.emails) == ((), ())


def test_starter_template_in_one_line_as_it_is_sent_to_the_api() -> None:
    flow = yaml.safe_dump(yaml.safe_load(STARTER), default_flow_style=True, width=100_000, sort_keys=False).strip()
    assert "\n" not in flow
    assert template(flow) == template(STARTER)


def test_config_of_the_starter_template_keeps_the_order_of_keys() -> None:
    config = template_config(load_yaml(STARTER, "template.yaml"))
    assert list(config) == ["version", "description", "schema_type", "details", "stages"]
    assert config["version"] == "1.0"
    assert config == yaml.safe_load(STARTER)


def test_overall_structure_of_the_reference() -> None:
    found = template("""
version: "1.0"
description: "Engineering change order workflow with dual approval"
schema_type: "change_order_scheme"
details: { }
validations: [ ]
stages: { open: [ { name: "A", types: ["Majority"], default: "Majority" } ] }
""")
    assert (found.groups, found.rules) == ((), ())


def test_group_structure_of_the_reference() -> None:
    found = with_details("""
details:
  info:
    groups:
      - name: string
        icon: mdi-string
        description: string
        fields: [ ]
""")
    assert found.groups[0].fields == ()
    assert found.groups[0].description == "string"


def test_field_validations_of_the_reference() -> None:
    found = with_details("""
details:
  info:
    groups:
      - name: G
        fields:
          - label: Serial Number
            type: text
            validations:
              required: true
              min: 2
              max: 5
              pattern: ^[A-Z]+$
""")
    [field] = found.fields()
    assert field.name == "serial_number"
    assert checked_field_values(found, {"serial_number": "ABCDE"}) == {"serial_number": "ABCDE"}
    for wrong in ("A", "ABCDEF", "abc", "", None):
        with pytest.raises(InvalidFieldValue):
            checked_field_values(found, {"serial_number": wrong})


def test_field_that_is_required_in_the_deprecated_way() -> None:
    found = with_details("""
details: {info: {groups: [{name: G, fields: [
  {name: old, type: text, label: Old, required: true},
  {name: both, type: text, label: Both, required: true, validations: {required: true}},
  {name: free, type: text, label: Free, required: false},
]}]}}
""")
    assert {field.name: field.is_required for field in found.fields()} == {"old": True, "both": True, "free": False}


def test_options_of_the_reference() -> None:
    found = with_details("""
details: {info: {groups: [{name: G, fields: [
  {name: a, type: list, label: A, options: [{label: string, value: string, description: string}, {label: 2, value: 02}]},
  {name: b, type: list, label: B, multiSelect: false, options: [{label: X, value: x}, {label: Y, value: y}]},
]}]}}
""")
    several, one = found.fields()
    assert (several.options[0].description, several.options[1].value) == ("string", "02")
    assert (several.takes_several, one.takes_several) == (True, False)


def test_global_validations_are_kept_for_later() -> None:
    found = with_details(NO_DETAILS + "validations: [{id: 1.10, severity: warn}, {id: '2.0', severity: info}]\n")
    assert [(rule.id, rule.severity) for rule in found.rules] == [("1.10", "warn"), ("2.0", "info")]


def test_stage_structure_of_the_reference() -> None:
    found = with_stages("""
stages:
  open: [ { name: A, types: [Minimum], default: Minimum } ]  # Required: Active review stages
  resolved: { }  # Optional: Resolution configuration
  closed: { }  # Optional: Closed state configuration
  onHold: { }  # Optional: On-hold state configuration
""")
    assert found.stages[0].minimum == 1
    assert found.on_hold.actions == ()


def test_reviewers_by_id_or_by_email() -> None:
    [stage] = with_stages(f"""
stages:
  open:
    - name: A
      types: [Unanimous]
      default: Unanimous
      reviewers:
        users:
          - id: {USER_ID.upper()}
            isRequired: true
            isRequiredToApprove: false
          # OR
          - email: reviewer@example.com
            isRequired: false
            isRequiredToApprove: true
""").stages
    by_id, by_email = stage.reviewers
    assert (by_id.user, by_id.is_required_to_approve) == (NamedUser(id=USER_ID), False)
    assert (by_email.user.email, by_email.is_required, by_email.is_required_to_approve) == (
        "reviewer@example.com",
        True,
        True,
    )


def test_resolved_state_of_the_reference() -> None:
    found = with_stages("""
stages:
  open: [ { name: A, types: [Minimum], default: Minimum } ]
  resolved:
    actions: [string]
    notifyList: { }
    resolutions:
      onapproval: [AUTO_CLOSE]
      onrejection: [AUTO_CLOSE]
      onwithdrawal: []
""")
    assert found.resolved.actions == ("string",)
    assert (found.resolutions.on_rejection, found.resolutions.on_withdrawal) == (Closing.AUTO, Closing.MANUAL)


def test_notify_list_of_the_reference() -> None:
    found = with_stages(f"""
stages:
  open:
    - name: A
      types: [Minimum]
      default: Minimum
      notifyList:
        users:
          - id: {USER_ID}
          # OR
          - email: planner@example.com
          - email: Planner@example.com
        emails:
          - workshop@example.org
  onHold: {{notifyList: {{emails: [board@example.org]}}}}
""")
    notify = found.stages[0].notify
    assert notify.users == (NamedUser(id=USER_ID), NamedUser(email="planner@example.com"))
    assert notify.emails == ("workshop@example.org",)
    assert found.on_hold.notify.emails == ("board@example.org",)


def test_complete_template_of_a_medical_device() -> None:
    found = template("""
version: "1.0"
description: "Medical device change control workflow"
schema_type: "change_order_scheme"
details:
  info:
    groups:
      - name: "Change Classification"
        icon: "mdi-medical-bag"
        fields:
          - name: "change_type"
            type: "enum"
            label: "Change Type"
            options:
              - label: "Design Change"
                value: "design"
                description: "Modifications to product design"
              - label: "Process Change"
                value: "process"
                description: "Manufacturing process updates"
            default: "design"
            validations:
              required: true
          - name: "risk_level"
            type: "list"
            label: "Risk Categories"
            multiSelect: true
            options:
              - label: "Patient Safety"
                value: "safety"
              - label: "Product Performance"
                value: "performance"
              - label: "Regulatory Compliance"
                value: "regulatory"
      - name: "Impact Assessment"
        icon: "mdi-chart-line"
        fields:
          - name: "validation_required"
            type: "enum"
            label: "Validation Required"
            options:
              - label: "Full Validation"
                value: "full"
              - label: "Partial Validation"
                value: "partial"
              - label: "No Validation"
                value: "none"
            validations:
              required: true
stages:
  open:
    - name: "Engineering Review"
      types: ["Unanimous"]
      default: "Unanimous"
      minReviewers: 2
      reviewers:
        users:
          - email: "engineering@example.com"
            isRequired: true
    - name: "Quality Review"
      types: ["Unanimous", "Majority"]
      default: "Unanimous"
      minReviewers: 1
      reviewers:
        users:
          - email: "quality@example.com"
            isRequiredToApprove: true
  resolved:
    resolutions:
      onapproval: ["AUTO_CLOSE"]
      onrejection: ["MANUAL_CLOSE"]
    notifyList:
      users:
        - email: "regulatory@example.com"
  closed:
    notifyList:
      emails:
        - "records@example.com"
""")
    assert checked_field_values(found, {"risk_level": ["safety", "regulatory"], "validation_required": "full"}) == {
        "change_type": "design",
        "risk_level": ("safety", "regulatory"),
        "validation_required": "full",
    }
    assert found.resolutions.on_withdrawal is Closing.MANUAL
    assert found.resolved.notify.users == (NamedUser(email="regulatory@example.com"),)
    assert found.closed.notify.emails == ("records@example.com",)
    assert [stage.reviewers[0].is_required_to_approve for stage in found.stages] == [False, True]


# --- what we ship, and our own pages ---


@pytest.mark.parametrize("name", preset_names())
def test_a_shipped_template_loads_and_names_its_schema(name: str) -> None:
    text = preset_text(name)
    assert text.startswith("# yaml-language-server: $schema=/static/schemes/change-orders/schema.json\n")
    assert template_from(preset_document(name)).stages


def test_the_default_template_has_one_stage_and_closes_what_is_approved() -> None:
    assert set(DEFAULTS) <= set(preset_names())
    found = template_from(preset_document("default"))
    assert len(found.stages) == 1
    assert found.resolutions.on_approval is Closing.AUTO


def test_the_double_template_has_two_stages_an_impact_analysis_and_is_closed_by_hand() -> None:
    found = template_from(preset_document("double"))
    assert len(found.stages) == 2
    assert "Impact analysis" in [group.name for group in found.groups]
    assert found.resolutions.on_approval is Closing.MANUAL
    values = {
        "reason": "supply",
        "details": "The regulator is no longer made.\nIts successor needs one capacitor more.",
        "interchangeability": "forward",
        "affected_areas": ["production", "documents"],
        "stock": "use_up",
        "one_time_cost": "1250.50",
    }
    assert checked_field_values(found, values)["delay_days"] == 0


PAGE = Path(__file__).parents[3] / "docs" / "reference" / "configuration" / "change-orders.md"


@pytest.mark.parametrize("fence", re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE))
def test_examples_of_the_page_load(fence: str) -> None:
    missing = {"version": HEAD, "details": NO_DETAILS, "stages": ONE_STAGE}
    template(fence + "".join(text for key, text in missing.items() if not re.search(rf"^{key}:", fence, re.MULTILINE)))
