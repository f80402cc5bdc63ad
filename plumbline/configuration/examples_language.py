"""What may stand in a file of configuration tests: the typed model of the file, from which its JSON Schema is made.

Descriptions are read in two places: editors show them, and a refusal names them as what was expected.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, Tag, WithJsonSchema, model_validator
from pydantic.config import JsonDict

from plumbline.catalog.registry.value_checks import Kind
from plumbline.kit.document_faults import nearest_hint, shown
from plumbline.kit.document_model import CamelModel, Switch, Text, Version, fault, forms, json_schema, not_blank, tag

SCHEMA_TYPE = "configuration_tests"
PAGE = "docs/reference/configuration/tests.md"

CASES_MAX = 1_000
"""Of one kind in one file; a file has 256 KiB."""
NAME_LENGTH_MAX = 200
DESCRIPTION_LENGTH_MAX = 500
VALUES_MAX = 500
"""Specs, fields or reviewers of one case."""
VALUE_LENGTH_MAX = 10_000
ITEMS_MAX = 200
"""Of a list that is a value; longer than any may be, so that this can be tested."""
FOLLOWERS_MAX = 100
"""Numbers, or revisions, that one case counts through."""

Name = Annotated[Text, Field(min_length=1, max_length=NAME_LENGTH_MAX), AfterValidator(not_blank)]
Word = Annotated[Text, Field(min_length=1, max_length=NAME_LENGTH_MAX)]
"""A number, a revision: blanks count."""
Value = Annotated[Text, Field(max_length=VALUE_LENGTH_MAX)]
Values = Annotated[tuple[Value, ...], Field(max_length=ITEMS_MAX)]

CASE_NAME = "what the case shows; told where it fails"
"""The description of `name`, which every case may have."""


def _any_case(*words: str) -> Any:
    """For a Literal of words in small letters, which the API writes in capitals: any case is read."""
    return (
        BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
        WithJsonSchema({"enum": [*words, *(word.upper() for word in words)]}),
    )


_ABSENT: JsonDict = {"type": "null"}
"""In a JSON Schema: the key is not there, or has nothing behind it."""


def _one_has(*keys: str) -> JsonDict:
    """For the JSON Schema of a model that checks the same with a validator."""
    return {"anyOf": [{"required": [key]} for key in keys]}


def _or_errors(what: str) -> BeforeValidator:
    """For `expect`, which is `valid` or a mapping: the words of a fault name both."""

    def check(value: object) -> object:
        if value != "valid":
            hint = nearest_hint(value, ["valid"]) if isinstance(value, str) else None
            raise fault(
                f"{shown(value)} is not known here.", expected=f"valid, or a mapping of {what}", hint=hint or ""
            )
        return value

    return BeforeValidator(check)


def _mapping_or_word(value: object) -> str:
    return tag("mapping" if isinstance(value, dict) else "word")


# --- components -------------------------------------------------------------------------------------------------------------------


class MeasuredValue(CamelModel):
    """A number with its unit, as programs send it."""

    value: Value = Field(description="the number")
    unit: Annotated[Text, Field(max_length=20)] | None = Field(default=None, description="the unit it is meant in")


def _form_of_value(value: object) -> str:
    if isinstance(value, bool):
        return tag("bool")
    return tag("list" if isinstance(value, list) else "measured" if isinstance(value, dict) else "text")


SpecValue = Annotated[
    Annotated[Value, Tag(tag("text"))]
    | Annotated[Switch, Tag(tag("bool"))]
    | Annotated[Values, Tag(tag("list"))]
    | Annotated[MeasuredValue, Tag(tag("measured"))],
    forms(_form_of_value, []),
]


Kinds = Annotated[
    Annotated[Kind, Tag(tag("word"))]
    | Annotated[tuple[Kind, ...], Field(min_length=1, max_length=10), Tag(tag("list"))],
    forms(lambda value: tag("list" if isinstance(value, list) else "word"), []),
]
SpecsAtFault = Annotated[
    Annotated[tuple[Name, ...], Field(max_length=VALUES_MAX), Tag(tag("list"))]
    | Annotated[dict[Name, Kinds], Field(max_length=VALUES_MAX), Tag(tag("mapping"))],
    forms(lambda value: tag("mapping" if isinstance(value, dict) else "list"), []),
]


class ExpectedViolations(CamelModel):
    """Exactly these specs are at fault, and no others."""

    model_config = ConfigDict(json_schema_extra=_one_has("errors", "warnings"))

    errors: SpecsAtFault | None = Field(
        default=None,
        description="the specs whose rules are broken: a list, or a mapping of each to what is wrong with it (required, type,"
        " pattern, choice, minimum, maximum, condition, form)",
    )
    warnings: SpecsAtFault | None = Field(default=None, description="the same of rules whose severity is Warning")

    @model_validator(mode="after")
    def _says_something(self) -> ExpectedViolations:
        if not self.errors and not self.warnings:
            raise fault("No spec is named.", expected="errors or warnings that name one", hint="Or expect: valid.")
        return self


ExpectedOfComponent = Annotated[
    Annotated[Literal["valid"], _or_errors("errors and warnings"), Tag(tag("word"))]
    | Annotated[ExpectedViolations, Tag(tag("mapping"))],
    forms(_mapping_or_word, []),
]


class ComponentExample(CamelModel):
    """A component, and what the rules of its category say of it."""

    name: Name | None = Field(default=None, description=CASE_NAME)
    category: Name = Field(description="the name or the code of a category")
    status: Name | None = Field(default=None, description="the status it is in; the first of the order is usual")
    specs: Annotated[dict[Name, SpecValue | None], Field(max_length=VALUES_MAX)] | None = Field(
        default=None, description="its values by the names of the specs, as people type them: 4k7, 1 %, true, [a, b]"
    )
    expect: ExpectedOfComponent = Field(description="valid, or a mapping of errors and warnings to the specs at fault")


# --- numbers ----------------------------------------------------------------------------------------------------------------------


class NumberExample(CamelModel):
    """A part number, and whether a component could have it."""

    name: Name | None = Field(default=None, description=CASE_NAME)
    number: Word = Field(description="a part number")
    category: Name | None = Field(
        default=None, description="the name or the code of its component's category; without it, any"
    )
    expect: Literal["valid", "invalid", "generated", "overridden"] = Field(
        description="valid (some component could have it), generated (the scheme itself makes it), overridden (only somebody who types"
        " it gets it) or invalid"
    )


Followers = Annotated[
    Annotated[Word, Tag(tag("word"))]
    | Annotated[tuple[Word, ...], Field(min_length=1, max_length=FOLLOWERS_MAX), Tag(tag("list"))],
    forms(lambda value: tag("list" if isinstance(value, list) else "word"), []),
]


class GeneratedNumbers(CamelModel):
    """What the scheme makes in a library that has no number yet."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["first"], "properties": {"expect": _ABSENT}},
                {"required": ["elements", "expect"], "properties": {"first": _ABSENT, "then": _ABSENT}},
            ]
        }
    )

    name: Name | None = Field(default=None, description=CASE_NAME)
    category: Name | None = Field(default=None, description="the name or the code of the component's category")
    elements: Annotated[dict[Name, Word], Field(max_length=50)] | None = Field(
        default=None, description="what is picked or typed for single elements of the scheme, by their names"
    )
    first: Word | None = Field(default=None, description="the first number")
    then: Followers | None = Field(default=None, description="the number after it, or a list of those after it")
    expect: Literal["invalid"] | None = Field(
        default=None, description="invalid: no number can be made of these elements"
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> GeneratedNumbers:
        if (self.first is None) == (self.expect is None):
            raise fault("The case must say one of first and expect.", expected="first, or expect: invalid")
        if self.then is not None and self.first is None:
            raise fault("'then' needs 'first' before it.", expected="first, the number before")
        return self


# --- revisions --------------------------------------------------------------------------------------------------------------------


class RevisionExample(CamelModel):
    """A revision of a status, and the one after it."""

    model_config = ConfigDict(json_schema_extra={**_one_has("expect", "next"), "dependencies": {"segment": ["next"]}})

    name: Name | None = Field(default=None, description=CASE_NAME)
    status: Name = Field(description="a status of the revision scheme")
    revision: Word = Field(description="a revision, such as B or A.2")
    expect: Literal["valid", "invalid"] | None = Field(
        default=None, description="valid or invalid: whether the status can have the revision"
    )
    next: Word | None = Field(
        default=None, description="the revision that follows it in the status; none if the last one is reached"
    )
    segment: Name | None = Field(
        default=None, description="the segment that goes on in the next one; the last that is there is usual"
    )

    @model_validator(mode="after")
    def _says_something(self) -> RevisionExample:
        if self.expect is None and self.next is None:
            raise fault("The case expects nothing.", expected="expect, or next, or both")
        if self.segment is not None and self.next is None:
            raise fault("'segment' says which one goes on, but there is no 'next'.", expected="next")
        return self


class FirstRevisions(CamelModel):
    """Where the revisions of a status begin."""

    name: Name | None = Field(default=None, description=CASE_NAME)
    status: Name = Field(description="a status of the revision scheme")
    first: Word = Field(description="the first revision")
    then: Followers | None = Field(default=None, description="the revision after it, or a list of those after it")


class RevisionOrder(CamelModel):
    """Revisions from the earliest to the latest."""

    name: Name | None = Field(default=None, description=CASE_NAME)
    order: Annotated[
        tuple[Annotated[Word, Field(max_length=50)], ...], Field(min_length=2, max_length=FOLLOWERS_MAX)
    ] = Field(description="revisions, each later than the one before it")


class StatusMove(CamelModel):
    """Whether a component may go from one status to another."""

    name: Name | None = Field(default=None, description=CASE_NAME)
    from_status: Name = Field(alias="from", description="the status before")
    to_status: Name = Field(alias="to", description="the status after")
    expect: Literal["valid", "invalid"] = Field(
        description="valid or invalid: whether the transitions of the scheme allow it"
    )


# --- change orders ----------------------------------------------------------------------------------------------------------------


class ExpectedFaults(CamelModel):
    """Exactly these fields are at fault, and no others."""

    errors: Annotated[tuple[Name, ...], Field(min_length=1, max_length=VALUES_MAX)] = Field(
        description="the names of the fields whose values are refused, or missing"
    )


ExpectedOfFields = Annotated[
    Annotated[Literal["valid"], _or_errors("errors"), Tag(tag("word"))]
    | Annotated[ExpectedFaults, Tag(tag("mapping"))],
    forms(_mapping_or_word, []),
]
FieldValue = Annotated[
    Annotated[Value, Tag(tag("text"))] | Annotated[Values, Tag(tag("list"))],
    forms(lambda value: tag("list" if isinstance(value, list) else "text"), []),
]


class FilledForm(CamelModel):
    """The form of a change order as somebody filled it in."""

    name: Name | None = Field(default=None, description=CASE_NAME)
    template: Name = Field(description="the name of a change order template")
    fields: Annotated[dict[Name, FieldValue | None], Field(max_length=VALUES_MAX)] | None = Field(
        default=None, description="the values by the names of the fields; of a choice its value, not its label"
    )
    draft: Switch | None = Field(
        default=None,
        description="whether it is only saved, so that what is required may still be missing; false is usual",
        json_schema_extra={"default": False},
    )
    expect: ExpectedOfFields = Field(description="valid, or a mapping of errors to the fields at fault")


class DecidedStage(CamelModel):
    """A stage of a review, and what comes of the decisions in it."""

    name: Name | None = Field(default=None, description=CASE_NAME)
    template: Name = Field(description="the name of a change order template")
    stage: Name = Field(description="the name of one of its stages")
    approval_type: Literal["Unanimous", "Majority", "Minimum"] | None = Field(
        default=None, description="how it is decided: one of the types of the stage; its default is usual"
    )
    reviewers: Annotated[tuple[Name, ...], Field(max_length=VALUES_MAX)] | None = Field(
        default=None, description="e-mail addresses of reviewers who were added to those of the template"
    )
    decisions: (
        Annotated[
            dict[Name, Annotated[Literal["approve", "reject"], *_any_case("approve", "reject")]],
            Field(max_length=VALUES_MAX),
        ]
        | None
    ) = Field(default=None, description="approve or reject, by the e-mail address (or the id) of each who has decided")
    expect: Annotated[Literal["approved", "rejected", "pending"], *_any_case("approved", "rejected", "pending")] = (
        Field(description="approved, rejected or pending: what comes of the stage")
    )


# --- the file ---------------------------------------------------------------------------------------------------------------------


def _form(usual: str, **by_key: str) -> Any:
    """Chooses among the forms of a case by the first key that only one of them has."""

    def choose(value: object) -> str:
        keys = value if isinstance(value, dict) else {}
        return tag(next((form for key, form in by_key.items() if key in keys), usual))

    return forms(choose, [])


NumberCase = Annotated[
    Annotated[NumberExample, Tag(tag("number"))] | Annotated[GeneratedNumbers, Tag(tag("generated"))],
    _form("number", number="number", first="generated", then="generated", elements="generated"),
]
RevisionCase = Annotated[
    Annotated[RevisionExample, Tag(tag("revision"))]
    | Annotated[FirstRevisions, Tag(tag("first"))]
    | Annotated[RevisionOrder, Tag(tag("order"))]
    | Annotated[StatusMove, Tag(tag("move"))],
    _form("revision", revision="revision", first="first", order="order", **{"from": "move", "to": "move"}),
]
ChangeOrderCase = Annotated[
    Annotated[FilledForm, Tag(tag("form"))] | Annotated[DecidedStage, Tag(tag("stage"))],
    _form("form", fields="form", stage="stage", decisions="stage", reviewers="stage", approvalType="stage"),
]


class ConfigurationTestsModel(CamelModel):
    """Examples, each with what must come of it under the configuration beside which the file lies."""

    version: Version | None = Field(default=None, description='the version of this language: "1.0"')
    schema_type: Literal["configuration_tests"] = Field(alias="schema_type", description=SCHEMA_TYPE)
    description: Annotated[Text, Field(max_length=DESCRIPTION_LENGTH_MAX)] | None = Field(
        default=None, description="what the examples are about"
    )
    components: Annotated[tuple[ComponentExample, ...], Field(max_length=CASES_MAX)] | None = Field(
        default=None, description="components, each with its values and what the rules of its category say of them"
    )
    numbers: Annotated[tuple[NumberCase, ...], Field(max_length=CASES_MAX)] | None = Field(
        default=None, description="part numbers that fit or do not, and those that the scheme makes"
    )
    revisions: Annotated[tuple[RevisionCase, ...], Field(max_length=CASES_MAX)] | None = Field(
        default=None, description="revisions, those after them, their order, and moves from status to status"
    )
    change_orders: Annotated[tuple[ChangeOrderCase, ...], Field(max_length=CASES_MAX)] | None = Field(
        default=None, description="filled forms of change orders, and stages with the decisions of their reviewers"
    )


def schema(identity: str) -> dict[str, object]:
    """The JSON Schema that editors complete from; `identity` is the address under which it is served."""
    return json_schema(ConfigurationTestsModel, identity=identity, title="Configuration tests")
