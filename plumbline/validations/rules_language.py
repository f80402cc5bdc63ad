"""What may stand in `validations.yaml`: the typed model of the file, from which its JSON Schema is made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from plumbline.kit.document_model import CamelModel, Switch, Text, Version, json_schema, not_blank

SCHEMA_TYPE = "validations"
PAGE = "docs/reference/configuration/validations.md"

RULES_MAX = 500
NAME_LENGTH_MAX = 200
DESCRIPTION_LENGTH_MAX = 2_000
VERSION_LENGTH_MAX = 100
PATH_LENGTH_MAX = 300

MARK_OF_RULE = "exports.validate"
"""What the code of every rule assigns, and is looked for in it."""

_NUMBER = r"(0|[1-9]\d{0,8})"
_LABEL = r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
SEMANTIC_VERSION = rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_LABEL})?(\+{_LABEL})?$"
RULE_PATH = r"^(\./)?([^/\\]+/)*[^/\\]+\.js$"
"""Roughly, for editors; `rules_reading` says the rest."""


OnFailure = Annotated[
    Literal["error", "warning"],
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
    # Any case is read; these are the spellings that an editor offers and lets stand.
    WithJsonSchema({"enum": ["error", "warning", "ERROR", "WARNING", "Error", "Warning"]}),
]


class RuleModel(CamelModel):
    """One rule: what it is called, and the file that holds its code."""

    name: Annotated[Text, Field(min_length=1, max_length=NAME_LENGTH_MAX), AfterValidator(not_blank)] = Field(
        description="the name of the rule, unlike that of the others; results are shown under it"
    )
    description: Annotated[Text, Field(max_length=DESCRIPTION_LENGTH_MAX)] | None = Field(
        description="what the rule checks, for the people whose change order it stops; may be left empty"
    )
    # Programs send versions of their own making, so any text is read; editors, and a notice of the plan, ask for a semantic one.
    version: Annotated[Text, Field(min_length=1, max_length=VERSION_LENGTH_MAX)] = Field(
        description="the version of the rule, a semantic version such as 1.0.0",
        json_schema_extra={"pattern": SEMANTIC_VERSION},
    )
    is_active: Switch = Field(description="true or false: whether the rule runs; an inactive one is kept")
    on_failure: OnFailure = Field(
        description="what a change order that breaks the rule gets: error (it cannot be submitted) or warning (it can)"
    )
    path: Annotated[Text, Field(min_length=1, max_length=PATH_LENGTH_MAX)] = Field(
        description="the file with the code, relative to the folder of the repository: validations/my-rule.js",
        json_schema_extra={"pattern": RULE_PATH},
    )


class ValidationsModel(CamelModel):
    """The rules of a library, each with the file of its code."""

    version: Version | None = Field(default=None, description='the version of this language: "1.0"')
    schema_type: Literal["validations"] | None = Field(default=None, alias="schema_type", description=SCHEMA_TYPE)
    validations: Annotated[tuple[RuleModel, ...], Field(max_length=RULES_MAX)] | None = Field(
        description="the rules; [] for none"
    )


def schema(identity: str) -> dict[str, object]:
    """The JSON Schema that editors complete from; `identity` is the address under which it is served."""
    return json_schema(ValidationsModel, identity=identity, title="Validation rules")
