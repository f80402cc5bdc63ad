"""How the rows of the catalog travel in an archive."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from plumbline.catalog.model import AttributeType, CategoryType
from plumbline.catalog.registry.rules import ATTRIBUTE_TYPES
from plumbline.kit.record_model import Change, Exact, Form, Id, Names, OnTheLine, Record, Stored, Whole, about, up_to

Name = Annotated[str, up_to(500, length_min=1)]
"""500 characters is what an index of PostgreSQL holds in any alphabet."""
Words = Annotated[str, up_to()]
RetiredChange = Annotated[Change | None, OnTheLine.OF_CHANGES]
RETIRED = "The change that retired it, after which it is kept for the past only; null while it is in use."


class StatusRecord(Record, noun="statuses", table="statuses"):
    """A stage of the lifecycle."""

    id: Id = about("Its id.")
    name: Name = about("Its name, unlike that of every other status in use.")
    maps_to: Literal["DESIGN", "PROTOTYPE", "PRODUCTION", "OBSOLETE"] = about("What it means to programs.")
    color: Annotated[str, up_to(20)] = about("As #RRGGBB.")
    position: Whole = about("Its place in the lifecycle.")
    retired_change: RetiredChange = about(RETIRED)


class AttributeRecord(Record, noun="attributes", table="attributes"):
    """Something that components of some category can have a value of."""

    id: Id = about("Its id.")
    name: Name = about("Its name, unlike that of every other attribute in use.")
    type: AttributeType = about("What its values are.")
    unit: Annotated[str, up_to(100)] | None = about("The unit that a bare number means; null for none.")
    source: Annotated[str, up_to(100)] = about("Where the attribute comes from, such as a registry.")
    source_key: Annotated[str, up_to(200)] | None = about("Marks the few that the product itself computes with.")
    choices: Annotated[tuple[Annotated[str, up_to()], ...], Stored.JSON] = about(
        "The values that there are; empty where all are allowed."
    )
    retired_change: RetiredChange = about(RETIRED)


class CategoryRecord(Record, noun="categories", table="categories"):
    """A kind of component. A category stands after its parent."""

    id: Id = about("Its id.")
    code: Annotated[str, up_to(200, length_min=1)] = about("Its code, unlike that of every other category in use.")
    name: Name = about("Its name.")
    short_name: Annotated[str, up_to(500)] | None = about("A shorter name.")
    type: CategoryType = about("What its components are.")
    unit_of_measure: Annotated[str, up_to(50)] = about("The unit in which its components are counted, such as EACH.")
    parent_id: Annotated[Id | None, Names("categories")] = about("The category that it is a kind of.")
    retired_change: RetiredChange = about(RETIRED)


class RuleForm(Form):
    """A part of a rule, in the words of the registry; what is empty or goes without saying is left out."""

    model_config = ConfigDict(alias_generator=None)


class LimitsForm(RuleForm):
    """What a value must be."""

    pattern: Words | None = Field(None, description="A regular expression that the whole value matches.")
    choices: tuple[Words, ...] = Field((), description="The values that there are.")
    minimum: Exact | None = Field(None, description="The least number.")
    maximum: Exact | None = Field(None, description="The greatest number.")
    message: Words | None = Field(None, description="What its author tells somebody whose value is not so.")


class ConditionForm(RuleForm):
    """Limits that hold while a condition does."""

    when: Words = about("The condition.")
    limits: LimitsForm = about("The limits.")


class PartForm(RuleForm):
    """One part of a value that several make together."""

    key: Words = about("Its key.")
    name: Words = about("Its name.")
    type: Words = about("string, integer, number or boolean.")
    limits: LimitsForm | None = Field(None, description="What it must be.")
    conditions: tuple[ConditionForm, ...] = Field((), description="What it must be while something else is so.")


class SpecRuleForm(RuleForm):
    """What the registry says of the values of an attribute in a category."""

    name: Words = about("The name of the spec.")
    type: Literal[tuple(ATTRIBUTE_TYPES)] = about("The type of the spec.")  # type: ignore[valid-type]  # the words are there once
    unit: Words | None = Field(None, description="The unit of a bare number.")
    source_key: Words | None = Field(None, description="Marks what the product itself computes with.")
    description: Words | None = Field(None, description="What its author says of it.")
    limits: LimitsForm | None = Field(None, description="What a value must be.")
    parts: tuple[PartForm, ...] = Field((), description="The parts of a composite value.")
    display: Words = Field("", description="How a composite value is written.")
    required_from: Words | None = Field(None, description="The status from which on it is required; `*` for always.")
    severity: Literal["", "ERROR", "WARNING"] = Field("", description="ERROR without.")
    required_severity: Literal["", "ERROR", "WARNING"] = Field("", description="That of the requirement, if another.")
    origin: Words = Field("", description="Where it was written.")
    formerly: Words | None = Field(None, description="Its former name.")


class CategoryAttributeRecord(Record, noun="category-attributes", table="category_attributes"):
    """An attribute that the components of a category have."""

    category_id: Annotated[Id, Names("categories")] = about("The category.")
    attribute_id: Annotated[Id, Names("attributes")] = about("The attribute.")
    position: Whole = about("Its place among the attributes of the category.")
    rule: Annotated[SpecRuleForm | None, Stored.JSON] = about(
        "What the registry of the library says of its values, worked out; null where it says nothing."
    )


RECORDS = (StatusRecord, AttributeRecord, CategoryRecord, CategoryAttributeRecord)
