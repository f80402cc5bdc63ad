"""The nouns of validations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from plumbline.components.model import UNSET, Unset

LIST_KIND = "validations"
"""The kind of document that lists the rules of a library; there is one."""
LIST_FILE = "validations.yaml"
CODE_KIND = "validation_code"
"""The kind of document that holds the code of a rule, under its path."""
RULE_TYPE = "custom"
"""All rules are written by their library; what the server checks by itself is no rule and in no list."""


class OnFailure(StrEnum):
    """What a change order that breaks a rule gets; the API writes it like this."""

    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """A rule as its documents define it. Name, description, version and code are kept to the letter."""

    name: str
    description: str | None
    """Nothing and an empty text are two things, because programs compare what they sent with what they get."""
    version: str
    is_active: bool
    on_failure: OnFailure
    path: str
    """Relative to the folder of the repository, with forward slashes and without `./`."""
    code: str


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """A rule of a library, as it stands in the documents of some moment."""

    id: str
    definition: RuleDefinition
    created_at: str
    """When the file of its code came."""
    created_by: str
    updated_at: str
    """When its file or the list of rules was changed last."""
    updated_by: str


@dataclass(frozen=True, slots=True)
class NewRule:
    """What a caller wants a new rule to be; nothing of it is checked yet."""

    name: str
    code: str
    description: str | None = None
    version: str = "1.0.0"
    is_active: bool = True
    on_failure: str = OnFailure.ERROR
    type: str = RULE_TYPE


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What is to be different about a rule; None, and a description that is not given, stay as they are."""

    code: str | None = None
    description: str | Unset | None = UNSET
    version: str | None = None
    is_active: bool | None = None
    on_failure: str | None = None


def rule_id(library_id: str, name: str) -> str:
    """Made of the name, which no other rule of the library has and which never changes: documents need not know ids."""
    return str(uuid5(UUID(library_id), name.lower()))
