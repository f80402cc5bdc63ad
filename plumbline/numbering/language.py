"""What the two kinds of document of numbering have in common: their head, keys without values, faults told at keys of their own.

Whoever imports this loads pydantic. `scheme` and `revision_scheme`, which a server needs from its start, load it with the first document
that is read.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, Strict, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from plumbline.kit.document_faults import Faults
from plumbline.kit.document_model import DocumentModel, Path, Text, Version, fault, read_model
from plumbline.kit.errors import InvalidInput
from plumbline.kit.yaml_source import YamlDocument

TEXT_LENGTH_MAX = 2_000

BoundedText = Annotated[Text, Field(max_length=TEXT_LENGTH_MAX)]
Integer = Annotated[int, Strict()]


def _may_be_empty(schema: dict[str, Any]) -> None:
    """Says in the JSON Schema that a key that need not be there may also have nothing behind it."""
    for key, each in schema.get("properties", {}).items():
        types = each.get("type")
        if types is not None and key not in schema.get("required", ()):
            each["type"] = list(dict.fromkeys([*([types] if isinstance(types, str) else types), "null"]))


class Part(DocumentModel):
    """One mapping of a document. A key with nothing behind it, whose values were commented out perhaps, counts as left out."""

    model_config = ConfigDict(json_schema_extra=_may_be_empty)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, value: object) -> object:
        if isinstance(value, dict):
            for key in [each.alias or name for name, each in cls.model_fields.items()]:
                if key in value and value[key] is None:
                    del value[key]  # from the reader's own copy: faults find their mapping by its identity
        return value


class Head(Part):
    """What every document begins with; the kind stands in `schema_type`."""

    schema_address: BoundedText | None = Field(
        default=None, alias="$schema", description="where the JSON Schema stands, for editors"
    )
    version: Version = Field(description='the version of the language, "1.0"')
    description: BoundedText | None = Field(default=None, description="what the scheme is for, for people")


class PartFaults:
    """What a validator finds wrong with several keys of its part, each told where it stands."""

    def __init__(self) -> None:
        self._found: list[InitErrorDetails] = []

    def add(self, where: Path, message: str, *, expected: str = "", hint: str = "") -> None:
        told = fault(message, expected=expected, hint=hint)
        self._found.append(InitErrorDetails(type=told, loc=where, input=None))

    def raise_if_any(self) -> None:
        if self._found:
            raise ValidationError.from_exception_data("part", self._found)


Model = TypeVar("Model", bound=DocumentModel)


def read_noting(model: type[Model], document: YamlDocument, faults: Faults) -> Model | None:
    """The document as its model, or None with the faults noted, so that others can be added to them."""
    refusal: type[InvalidInput] = faults.refusal
    try:
        return read_model(model, document, refusal, faults.page)
    except refusal as first:
        faults.found.extend(each for each in (first, *first.also) if isinstance(each, InvalidInput))
        first.also = ()
        return None
