"""The template as the API shows it again, and what its JSON Schema says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plumbline.change_orders.shipped import preset_document, preset_text
from plumbline.change_orders.template_language import schema
from plumbline.change_orders.template_reading import name_from, template_config, template_from
from plumbline.kit.yaml_source import load_yaml


def test_keys_keep_their_order_and_texts_the_way_they_were_written() -> None:
    config = template_config(
        load_yaml("""
version: 1.10
stages:
  open: [{name: 007, minReviewers: 2}]
  closed:
details:
  info: {groups: [{fields: [{label: 0x1F, validations: {required: true, max: 12.5, min: -3}, default: 1e3}]}]}
""")
    )
    assert json.dumps(config) == (
        '{"version": "1.10", "stages": {"open": [{"name": "007", "minReviewers": 2}], "closed": null}, "details": {"info": '
        '{"groups": [{"fields": [{"label": "0x1F", "validations": {"required": true, "max": 12.5, "min": -3}, '
        '"default": "1e3"}]}]}}}'
    )


def test_numbers_that_json_cannot_carry_are_shown_as_text() -> None:
    config = template_config(load_yaml("{min: .inf, max: 123456789012345678901234567890}"))
    assert config == {"min": ".inf", "max": "123456789012345678901234567890"}


def test_a_bound_may_be_written_in_any_way_that_yaml_knows() -> None:
    text = preset_text("double").replace("min: 0\n              max: 1000", "min: -.5e1\n              max: 0x10")
    [delay] = [field for field in template_from(load_yaml(text)).fields() if field.name == "delay_days"]
    assert (delay.minimum, delay.maximum) == (Decimal(-5), Decimal(16))


def test_aliases_are_written_out() -> None:
    config = template_config(load_yaml("a: &x {types: [Majority]}\nb: *x\nc: {<<: *x, name: 1}\n"))
    assert config == {
        "a": {"types": ["Majority"]},
        "b": {"types": ["Majority"]},
        "c": {"name": "1", "types": ["Majority"]},
    }


def test_a_shipped_template_can_be_shown() -> None:
    assert json.loads(json.dumps(template_config(preset_document("double"))))["version"] == "1.0"


def test_a_name_is_made_from_a_label() -> None:
    assert name_from("Estimated cost (€)") == "estimated_cost"
    assert name_from("  Größe / Maße ") == "grosse_masse"
    assert name_from("2nd source?") == "_2nd_source"
    assert name_from("説明") == ""
    assert len(name_from("9" * 100)) == 100


def objects_of(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in (schema, *schema["definitions"].values()):
        if each.get("type") == "object":
            yield each


def test_the_json_schema_explains_every_key_and_allows_no_other() -> None:
    found: dict[str, Any] = schema("https://plm.example.com/static/schemes/change-orders/schema.json")
    assert found["$schema"].endswith("draft-07/schema#")
    assert found["$id"].endswith("/change-orders/schema.json")
    assert found["required"] == ["version", "description", "schema_type", "details", "stages"]
    for each in objects_of(found):
        assert each["additionalProperties"] is False
        for key, value in each["properties"].items():
            assert value.get("description"), key
            assert "title" not in value


def test_the_json_schema_says_bounds_choices_and_defaults() -> None:
    definitions: dict[str, Any] = schema("x")["definitions"]  # type: ignore[assignment]
    stage, reviewer, field = (definitions[name] for name in ("StageModel", "ReviewerModel", "FieldModel"))
    assert stage["properties"]["types"]["items"]["enum"] == ["Unanimous", "Majority", "Minimum"]
    assert stage["properties"]["minReviewers"]["default"] == 1
    assert stage["properties"]["name"]["maxLength"] == 100
    assert reviewer["oneOf"] == [{"required": ["id"]}, {"required": ["email"]}]
    assert field["properties"]["type"]["enum"][0] == "text"
    assert field["properties"]["required"]["deprecated"] is True
