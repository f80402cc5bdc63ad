"""What may stand in a change order template: the typed model of the file, from which its JSON Schema is made.

Descriptions are read in two places: editors show them, and a refusal names them as what was expected.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, Strict, Tag

from plumbline.change_orders.template import PAGE as PAGE
from plumbline.kit.document_model import (
    CamelModel,
    Number,
    Switch,
    Text,
    Version,
    compiles,
    forms,
    in_form,
    json_schema,
    not_blank,
    tag,
)
from plumbline.kit.patterns import PATTERN_LENGTH_MAX

SCHEMA_TYPE = "change_order_scheme"

NAME_LENGTH_MAX = 100
DESCRIPTION_LENGTH_MAX = 500
PLACEHOLDER_LENGTH_MAX = 200
EMAIL_LENGTH_MAX = 254
DEFAULT_LENGTH_MAX = 10_000

# What a person can still overlook in a form or a process, and a server can still answer in one page.
GROUPS_MAX = 50
FIELDS_MAX = 100
"""Fields in one group."""
OPTIONS_MAX = 500
STAGES_MAX = 20
REVIEWERS_MAX = 100
"""Reviewers of one stage; also the most that `minReviewers` can ask for."""
NOTIFIED_MAX = 200
"""Users, and addresses, of one notify list."""
ACTIONS_MAX = 20
VALIDATIONS_MAX = 100

FIELD_NAME = r"^[a-zA-Z_][a-zA-Z0-9_]*$"
ICON = r"^mdi-[a-z0-9]+(-[a-z0-9]+)*$"
EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,189}$"
USER_ID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
VALIDATION_ID = r"^\d+\.\d+$"

Label = Annotated[Text, Field(min_length=1, max_length=NAME_LENGTH_MAX), AfterValidator(not_blank)]
Description = Annotated[Text, Field(max_length=DESCRIPTION_LENGTH_MAX)]
PatternText = Annotated[Text, Field(min_length=1, max_length=PATTERN_LENGTH_MAX), AfterValidator(compiles)]
FieldName = Annotated[
    Text,
    Field(max_length=NAME_LENGTH_MAX, json_schema_extra={"pattern": FIELD_NAME}),
    in_form(FIELD_NAME, "a name that programs can use", "letters, digits and _, not beginning with a digit"),
]
Icon = Annotated[
    Text,
    Field(max_length=NAME_LENGTH_MAX, json_schema_extra={"pattern": ICON}),
    in_form(ICON, "a Material Design icon", "mdi- and the name of the icon, such as mdi-chart-line"),
]
Email = Annotated[
    Text,
    Field(max_length=EMAIL_LENGTH_MAX, json_schema_extra={"format": "email"}),
    in_form(EMAIL, "an e-mail address", "name@host"),
]
UserId = Annotated[
    Text,
    Field(max_length=36, json_schema_extra={"format": "uuid", "pattern": USER_ID}),
    in_form(USER_ID, "the id of a user", "a UUID: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
    AfterValidator(lambda text: str(UUID(text))),
]
FieldTypeName = Literal["text", "longtext", "number", "date", "currency", "enum", "list"]
ApprovalTypeName = Literal["Unanimous", "Majority", "Minimum"]
ClosingName = Literal["AUTO_CLOSE", "MANUAL_CLOSE"]
SeverityName = Literal["error", "warn", "info"]


class FieldValidations(CamelModel):
    """What the value of a field must be."""

    required: Switch | None = Field(
        default=None,
        description="whether the field must have a value before review begins; false is usual",
        json_schema_extra={"default": False},
    )
    min: Number | None = Field(
        default=None, description="the smallest number (number, currency) or the shortest length (text, longtext)"
    )
    max: Number | None = Field(
        default=None, description="the greatest number (number, currency) or the longest length (text, longtext)"
    )
    pattern: PatternText | None = Field(
        default=None,
        description="a regular expression (JavaScript's syntax) that is found in the text; ^ and $ bind it to the ends",
    )


class OptionModel(CamelModel):
    label: Label = Field(description="the choice as people read it, at most 100 characters")
    value: Label = Field(description="the choice as it is stored, at most 100 characters")
    description: Description | None = Field(default=None, description="help for this choice, at most 500 characters")


Options = Annotated[tuple[OptionModel, ...], Field(min_length=1, max_length=OPTIONS_MAX)]
DefaultText = Annotated[Text, Field(max_length=DEFAULT_LENGTH_MAX)]
Default = Annotated[
    Annotated[DefaultText, Tag(tag("text"))]
    | Annotated[tuple[DefaultText, ...], Field(max_length=OPTIONS_MAX), Tag(tag("list"))],
    forms(lambda value: tag("list") if isinstance(value, list | tuple) else tag("text"), []),
]


def _type_is(*names: str) -> dict[str, JsonValue]:
    return {"properties": {"type": {"enum": list(names)}}, "required": ["type"]}


class FieldModel(CamelModel):
    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {
                    "if": _type_is("enum", "list"),
                    "then": {"required": ["options"]},
                },
                {
                    "if": _type_is("text", "longtext", "number", "date", "currency", "enum"),
                    "then": {"properties": {"multiSelect": {"enum": [False, None]}}},
                },
            ]
        }
    )

    type: FieldTypeName = Field(
        description="the kind of field: text (one line), longtext, number, date, currency, enum (one of the options)"
        " or list (several of them)"
    )
    name: FieldName | None = Field(
        default=None,
        description="the name that programs use: letters, digits and _; without it, one is made from the label",
    )
    label: Label = Field(description="the field as people read it, at most 100 characters")
    description: Description | None = Field(default=None, description="help for the field, at most 500 characters")
    placeholder: Annotated[Text, Field(max_length=PLACEHOLDER_LENGTH_MAX)] | None = Field(
        default=None, description="what stands in the field while it is empty, at most 200 characters"
    )
    required: Switch | None = Field(
        default=None,
        description="deprecated, say it in validations.required",
        json_schema_extra={"deprecated": True, "deprecationMessage": "Say it in validations.required."},
    )
    validations: FieldValidations | None = Field(default=None, description="what the value must be")
    default: Default | None = Field(
        default=None,
        description="the value to begin with; one of the options for enum; for list one or a list of them",
    )
    options: Options | None = Field(default=None, description="the choices of an enum or a list, at least one")
    multi_select: Switch | None = Field(
        default=None,
        description="for list only: whether several options can be chosen; true is usual",
        json_schema_extra={"default": True},
    )


class GroupModel(CamelModel):
    name: Label = Field(description="the heading of the group, at most 100 characters")
    icon: Icon | None = Field(default=None, description="a Material Design icon: mdi- and its name")
    description: Description | None = Field(default=None, description="help for the group, at most 500 characters")
    fields: Annotated[tuple[FieldModel, ...], Field(max_length=FIELDS_MAX)] = Field(description="the fields, in order")


class InfoModel(CamelModel):
    groups: Annotated[tuple[GroupModel, ...], Field(max_length=GROUPS_MAX)] | None = Field(
        default=None, description="groups of fields, in the order of the form"
    )


class DetailsModel(CamelModel):
    info: InfoModel | None = Field(default=None, description="the form of a change order")


class GlobalValidation(CamelModel):
    """A rule for the whole change order. Kept for later: it has no effect yet."""

    id: Annotated[Text, Field(max_length=20), in_form(VALIDATION_ID, "an id", "two numbers: 1.0")] = Field(
        description="the id of the rule: two numbers with a dot between", json_schema_extra={"pattern": VALIDATION_ID}
    )
    severity: SeverityName = Field(description="error, warn or info")


# Either key names the user, and only one: two could contradict each other.
_ID_OR_EMAIL = ConfigDict(json_schema_extra={"oneOf": [{"required": ["id"]}, {"required": ["email"]}]})


class UserModel(CamelModel):
    model_config = _ID_OR_EMAIL

    id: UserId | None = Field(default=None, description="the id of a user, a UUID; id or email, not both")
    email: Email | None = Field(default=None, description="the e-mail address of a user; id or email, not both")


class ReviewerModel(UserModel):
    is_required: Switch | None = Field(
        default=None,
        description="whether the stage waits for this reviewer's decision; false is usual",
        json_schema_extra={"default": False},
    )
    is_required_to_approve: Switch | None = Field(
        default=None,
        description="whether this reviewer must approve: if not, the stage is rejected; false is usual",
        json_schema_extra={"default": False},
    )


class ReviewersModel(CamelModel):
    users: Annotated[tuple[ReviewerModel, ...], Field(max_length=REVIEWERS_MAX)] | None = Field(
        default=None, description="the users who review every change order in this stage"
    )


class NotifyModel(CamelModel):
    users: Annotated[tuple[UserModel, ...], Field(max_length=NOTIFIED_MAX)] | None = Field(
        default=None, description="users of the library"
    )
    emails: Annotated[tuple[Email, ...], Field(max_length=NOTIFIED_MAX)] | None = Field(
        default=None, description="other addresses, which belong to no user"
    )


Actions = Annotated[tuple[Label, ...], Field(max_length=ACTIONS_MAX)]
_ACTIONS = "names of actions; kept for later, they have no effect yet"


def _default_is_offered() -> list[JsonValue]:
    """That `default` is one of `types`, said for each type, because a JSON Schema cannot compare two values."""
    return [
        {
            "if": {"properties": {"default": {"const": name}, "types": {"type": "array"}}, "required": ["default"]},
            "then": {"properties": {"types": {"contains": {"const": name}}}},
        }
        for name in ApprovalTypeName.__args__  # type: ignore[attr-defined]  # a Literal has its words there
    ]


class StageModel(CamelModel):
    model_config = ConfigDict(json_schema_extra={"allOf": _default_is_offered()})

    name: Label = Field(description="the name of the stage, at most 100 characters, unlike that of the others")
    types: Annotated[tuple[ApprovalTypeName, ...], Field(min_length=1)] = Field(
        description="how the stage can be decided, a list of: Unanimous (all approve), Majority (more than half approve),"
        " Minimum (minReviewers approve)"
    )
    default: ApprovalTypeName = Field(description="the approval type that a change order begins with, one of types")
    min_reviewers: Annotated[int, Strict(), Field(ge=0, le=REVIEWERS_MAX)] | None = Field(
        default=None,
        description="how many reviewers the stage needs at least, and how many must approve where Minimum decides; 1 is usual",
        json_schema_extra={"default": 1},
    )
    reviewers: ReviewersModel | None = Field(default=None, description="reviewers of every change order")
    notify_list: NotifyModel | None = Field(default=None, description="who is told when the stage begins and ends")


Closing = Annotated[tuple[ClosingName, ...], Field(max_length=2)]
_BY_HAND: dict[str, JsonValue] = {"default": ["MANUAL_CLOSE"]}
_CLOSING = "AUTO_CLOSE (closed at once) or MANUAL_CLOSE (usual: a person closes it), in a list"


class ResolutionsModel(CamelModel):
    """What follows the end of a review. The keys are in lower case."""

    onapproval: Closing | None = Field(
        default=None, description=f"after approval: {_CLOSING}", json_schema_extra=_BY_HAND
    )
    onrejection: Closing | None = Field(
        default=None, description=f"after rejection: {_CLOSING}", json_schema_extra=_BY_HAND
    )
    onwithdrawal: Closing | None = Field(
        default=None, description=f"after withdrawal: {_CLOSING}", json_schema_extra=_BY_HAND
    )


class StateModel(CamelModel):
    actions: Actions | None = Field(default=None, description=_ACTIONS)
    notify_list: NotifyModel | None = Field(default=None, description="who is told when a change order gets here")


class ResolvedModel(StateModel):
    resolutions: ResolutionsModel | None = Field(default=None, description="what follows each way of being resolved")


class StagesModel(CamelModel):
    open: Annotated[tuple[StageModel, ...], Field(min_length=1, max_length=STAGES_MAX)] = Field(
        description="the stages of the review, one after the other, at least one"
    )
    resolved: ResolvedModel | None = Field(default=None, description="what happens when the review has ended")
    closed: StateModel | None = Field(default=None, description="what happens when a change order is closed")
    on_hold: StateModel | None = Field(default=None, description="what happens when a change order is put on hold")


class TemplateModel(CamelModel):
    """How a change order goes: what its form asks, who reviews it in which stages, what follows."""

    version: Version = Field(description='the version of this language: "1.0"')
    description: Annotated[Text, Field(min_length=1, max_length=DESCRIPTION_LENGTH_MAX)] = Field(
        description="what the template is for, at most 500 characters"
    )
    schema_type: Literal["change_order_scheme"] = Field(alias="schema_type", description=SCHEMA_TYPE)
    details: DetailsModel | None = Field(description="the form of a change order; {} for none of its own")
    validations: Annotated[tuple[GlobalValidation, ...], Field(max_length=VALIDATIONS_MAX)] | None = Field(
        default=None, description="rules for the whole change order; kept for later, they have no effect yet"
    )
    stages: StagesModel = Field(description="the review: its stages, and what follows")


def schema(identity: str) -> dict[str, object]:
    """The JSON Schema that editors complete from; `identity` is the address under which it is served."""
    return json_schema(TemplateModel, identity=identity, title="Change order template")
