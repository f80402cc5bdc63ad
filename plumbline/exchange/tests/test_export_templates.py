from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from plumbline.exchange.errors import InvalidExportTemplate, UnknownExportTemplate
from plumbline.exchange.exporting.fields import FIELDS, SOURCES_MAX, read_field
from plumbline.exchange.exporting.shipped import chosen_template, shipped_names, shipped_text
from plumbline.exchange.exporting.template import ListKind, template_from_text

HEAD = "schema_type: export_template\nname: mine\nkind: flat\n"
COLUMN = "columns: [{ field: cpn }]\n"


def test_a_template_that_says_little_means_the_usual():
    template = template_from_text(HEAD + COLUMN)
    assert (template.name, template.title, template.kind) == ("mine", "mine", ListKind.FLAT)
    assert (template.currency, template.build_quantity, template.include_do_not_place) == ("USD", Decimal(1), False)
    (column,) = template.shown_columns
    assert (column.field, column.title, column.format, column.is_totalled) == ("cpn", "Part number", "text", False)


def test_a_template_says_everything_itself():
    template = template_from_text(
        "schema_type: export_template\nname: acme\ntitle: 100\nkind: indented\ncurrency: eur\nbuild_quantity: 12.50\n"
        "include_do_not_place: true\ncolumns:\n"
        "  - { field: manufacturer.2, title: Second, width: 30 }\n"
        "  - { field: attribute.Rated Voltage, format: number, otherwise: [attribute.Voltage], is_optional: true }\n"
        "  - { field: alias.ERP 2.0 }\n"
        "  - { field: do_not_place, when_true: DNP, when_false: fit }\n"
        "  - { field: extended_price }\n"
    )
    assert (template.title, template.currency, template.build_quantity) == ("100", "EUR", Decimal("12.50"))
    assert [column.title for column in template.shown_columns] == [
        "Second",
        "Rated Voltage",
        "ERP 2.0",
        "Do not place",
        "Extended price",
    ]
    assert template.columns[1].fields == (read_field("attribute.Rated Voltage"), read_field("attribute.Voltage"))
    assert template.columns[1].is_optional
    assert template.shown_columns[3].when_false == "fit"
    assert [column.is_totalled for column in template.shown_columns] == [False, False, False, False, True]


WRONG = {
    "unknown field": (COLUMN.replace("cpn", "manufacture"), "There is no field 'manufacture'", "manufacturer"),
    "unknown field that has a name": (COLUMN.replace("cpn", "atribute.Mass"), "no field", "attribute.NAME"),
    "a source too far": (COLUMN.replace("cpn", f"mpn.{SOURCES_MAX + 1}"), "There is no field 'mpn.21'", "mpn"),
    "attribute without a name": (COLUMN.replace("cpn", "attribute"), "no field 'attribute'", "attribute.NAME"),
    "unknown alternative": ("columns: [{ field: cpn, otherwise: [eid, nam] }]", "no field 'nam'", "name"),
    "unknown key": ("columns: [{ field: cpn, titel: x }]", "'titel' means nothing here", "title"),
    "two of one title": ("columns: [{ field: cpn }, { field: name, title: Part number }]", "Two columns", None),
    "text as a number": ("columns: [{ field: cpn, format: number }]", "cannot be written as number", None),
    "number as yes": ("columns: [{ field: quantity, format: yes_no }]", "cannot be written as yes_no", None),
    "no columns": ("columns: []", "There are 0 entries", None),
    "too wide": ("columns: [{ field: cpn, width: 999 }]", "999 is out of range", None),
    "a currency that is none": (COLUMN + "currency: euro", "'euro' is not a currency", None),
    "nothing built": (COLUMN + "build_quantity: 0", "0 is out of range", None),
}


@pytest.mark.parametrize(("text", "message", "word"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_told_with_its_place_and_the_nearest_word(text, message, word):
    with pytest.raises(InvalidExportTemplate) as told:
        template_from_text(HEAD + text, "acme.yaml")
    assert str(told.value).startswith("acme.yaml:")
    assert message in str(told.value)
    assert word is None or f"{word!r}" in str(told.value.hint)


def test_every_fault_is_told_at_once():
    with pytest.raises(InvalidExportTemplate) as told:
        template_from_text(HEAD + "columns: [{ field: cp }, { field: nam }]")
    assert len(told.value.also) == 1


def test_shipped_templates_are_named_after_themselves():
    assert shipped_names() == ("assembly-house", "default", "kicad", "purchasing")
    assert [chosen_template(name, None).name for name in shipped_names()] == list(shipped_names())
    assert chosen_template(None, None).name == "default"
    kicad = chosen_template("kicad", None)
    assert [each.title for each in kicad.shown_columns] == [
        "Reference",
        "Value",
        "Datasheet",
        "Footprint",
        "Qty",
        "DNP",
    ]


def test_a_template_is_chosen_by_name_or_as_text_and_adjusted():
    sent = chosen_template(None, shipped_text("purchasing"), build_quantity=Decimal(50), currency="eur")
    assert (sent.name, sent.build_quantity, sent.currency) == ("purchasing", Decimal(50), "EUR")
    with pytest.raises(UnknownExportTemplate, match="'purchase'") as told:
        chosen_template("purchase", None)
    assert "purchasing" in str(told.value.hint)
    with pytest.raises(UnknownExportTemplate, match="not both"):
        chosen_template("kicad", shipped_text("kicad"))
    with pytest.raises(InvalidExportTemplate, match="build quantity"):
        chosen_template(None, None, build_quantity=Decimal(0))
    with pytest.raises(InvalidExportTemplate, match="not a currency"):
        chosen_template(None, None, currency="euros")


def test_every_field_can_be_read_and_names_itself():
    for name, meaning in FIELDS.items():
        field = read_field(f"{name}.X" if meaning.has_name else name)
        assert field is not None
        assert field.title
        assert meaning.about


def test_the_page_tells_of_every_field_and_its_example_is_one():
    page = (Path(__file__).parents[3] / "docs" / "reference" / "export.md").read_text(encoding="utf-8")
    told = {
        tuple(cells)
        for cells in re.findall(r"^\| `([a-z_]+)(?:\.[A-Z]+)?` \| (text|number|price|yes_no) \|", page, re.M)
    }
    assert told == {(name, meaning.format) for name, meaning in FIELDS.items()}
    example = re.search(r"```yaml\n(.*?)```", page, re.S)
    assert example is not None
    assert template_from_text(example[1]).name == "acme"
