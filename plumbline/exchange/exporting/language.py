"""What may stand in an export template: the typed model of the file. Refusals name the descriptions as what was expected."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict

from plumbline.components.fields import is_currency
from plumbline.kit.document_model import DocumentModel, Number, Switch, Text, fault, in_form, json_schema, not_blank
from plumbline.kit.quantity import QUANTITY_MAX

PAGE = "docs/reference/export.md"

NAME_LENGTH_MAX = 100
COLUMNS_MAX = 200
"""Wider than any list that a person reads."""
ALTERNATIVES_MAX = 10
WIDTH_MAX = 250
"""Characters; spreadsheets have 255."""
NAME = r"^[a-z0-9][a-z0-9-]*$"

KindName = Literal["indented", "flat", "parts"]
FormatName = Literal["text", "number", "price", "yes_no"]


def _known_currency(text: str) -> str:
    if not is_currency(text):
        raise fault(f"{text[:20]!r} is not a currency.", expected="a code of ISO 4217, such as USD")
    return text


def _quantity_in_range(number: Decimal) -> Decimal:
    if not 0 < number <= QUANTITY_MAX:
        raise fault(f"{number} is out of range.", expected="more than 0 and at most a milliard")
    return number


Label = Annotated[Text, Field(min_length=1, max_length=NAME_LENGTH_MAX), AfterValidator(not_blank)]
Word = Annotated[Text, Field(max_length=NAME_LENGTH_MAX)]
FieldWord = Annotated[Text, Field(min_length=1, max_length=2 * NAME_LENGTH_MAX)]


class ColumnModel(DocumentModel):
    """One column of the list."""

    field: FieldWord = Field(
        description="what the column shows: a field, manufacturer.2 for a further source, attribute.NAME, alias.KIND"
    )
    title: Label | None = Field(default=None, description="the text above the column; made from the field without")
    otherwise: Annotated[tuple[FieldWord, ...], Field(max_length=ALTERNATIVES_MAX)] | None = Field(
        default=None, description="fields that are tried in turn where the first is empty"
    )
    width: Annotated[int, Strict(), Field(ge=1, le=WIDTH_MAX)] | None = Field(
        default=None, description="characters in a spreadsheet, 1 to 250"
    )
    format: FormatName | None = Field(
        default=None,
        description="text, number, price (with two decimals and more in a spreadsheet) or yes_no; the field's own without",
    )
    when_true: Word | None = Field(default=None, description="what stands for yes, such as DNP; yes without")
    when_false: Word | None = Field(default=None, description="what stands for no; nothing without")
    is_optional: Switch | None = Field(
        default=None,
        description="leaves the column empty where the library has no such attribute, instead of refusing",
        json_schema_extra={"default": False},
    )


class ExportTemplateModel(DocumentModel):
    """How a bill of materials looks when it leaves the house."""

    schema_type: Literal["export_template"] = Field(description="export_template")
    name: Annotated[Text, Field(max_length=NAME_LENGTH_MAX), in_form(NAME, "a name", "small letters, digits and -")] = (
        Field(description="small letters, digits and -", json_schema_extra={"pattern": NAME})
    )
    title: Label | None = Field(default=None, description="the heading of the list; the name without")
    kind: KindName = Field(
        description="indented (every use of every part), flat (every part once, assemblies resolved) or parts (every component once)"
    )
    currency: Annotated[Text, AfterValidator(_known_currency)] | None = Field(
        default=None, description="a code of ISO 4217, in which prices are asked; USD without"
    )
    build_quantity: Annotated[Number, AfterValidator(_quantity_in_range)] | None = Field(
        default=None,
        description="how many products are built: prices and needed quantities are for all of them; 1 without",
    )
    include_do_not_place: Switch | None = Field(
        default=None,
        description="whether lines that are not placed are listed; they never cost anything",
        json_schema_extra={"default": False},
    )
    columns: Annotated[tuple[ColumnModel, ...], Field(min_length=1, max_length=COLUMNS_MAX)] = Field(
        description="the columns, from left to right"
    )


def schema(identity: str) -> dict[str, object]:
    """The JSON Schema of an export template."""
    return json_schema(ExportTemplateModel, identity=identity, title="Export template")
