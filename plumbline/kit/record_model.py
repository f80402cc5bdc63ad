"""Typed models of records: one line of JSON each, with which rows leave the product and come back.

A room says in its `records.py` how the rows of its tables travel: one `Record` per table. The field names are those of the columns, in
camelCase on the wire; what differs between column and wire is said by a mark beside the type:

    Names("components")         the id of another record; checked, when records come in, to be one of the same library
    Names("…", by_key=True)     stored as that record's row key: the field `parent_id` is the column `parent_key`
    Names("…", within="userId") the ids stand in this key of the objects of a list
    Stored.JSON                 the column holds the value as JSON text
    Stored.END                  null on the wire is the end of a row that still holds
    Stored.FLOAT                a decimal text on the wire, a binary number in the column
    Change                      a number on the library's line of changes

Every field is there in every record, and nothing is in it that can be worked out from the rest (`derived`). Loads pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

WHOLE_MAX = 2**53 - 1
"""The largest whole number that every client language can hold exactly."""
TEXT_LENGTH_MAX = 1_000_000
"""Of texts that the product itself gives no bound."""

ID_FORM = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
MOMENT_FORM = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$"
DECIMAL_FORM = r"^-?[0-9]{1,308}(\.[0-9]{1,400})?$"
"""No larger than binary numbers go."""
AMOUNT_FORM = r"^[0-9]{1,31}(\.[0-9]{1,12})?$"
TEXT_FORM = r"^[^\x00]*$"

FORMS = {
    ID_FORM: "a UUID of 36 characters in small letters",
    MOMENT_FORM: "a moment such as 2026-11-22T10:30:00.000Z",
    DECIMAL_FORM: "a decimal as text, such as 0.125",
    AMOUNT_FORM: "a decimal as text, of at most 12 decimals and not below 0",
    TEXT_FORM: "a text without the character NUL, which PostgreSQL cannot keep",
}
"""What a text of each form is, in words."""


class Stored(Enum):
    """How a column holds a value, where it is not as on the wire."""

    AS_IS = auto()
    JSON = auto()
    END = auto()
    FLOAT = auto()
    KEY = auto()
    """As the row key of the record that is named."""


@dataclass(frozen=True, slots=True)
class Names:
    """The value, or each of a list, is the id of a record in the file `noun`."""

    noun: str
    by_key: bool = False
    within: str | None = None
    """The value is a list of objects; those that have this key hold the id in it."""


class Only(NamedTuple):
    """Only rows with one of these values in a column travel, and what names them."""

    column: str
    values: tuple[str, ...]


class OnTheLine(Enum):
    """Marks numbers of changes, which must be on the library's line."""

    OF_CHANGES = auto()


def up_to(length_max: int = TEXT_LENGTH_MAX, *, length_min: int = 0) -> StringConstraints:
    """For `Annotated[str, up_to(200)]`: characters that both databases can keep."""
    return StringConstraints(min_length=length_min, max_length=length_max, pattern=TEXT_FORM)


Id = Annotated[str, StringConstraints(pattern=ID_FORM)]
Moment = Annotated[str, StringConstraints(pattern=MOMENT_FORM)]
Exact = Annotated[str, StringConstraints(pattern=DECIMAL_FORM)]
"""A number of which no digit may be lost."""
Amount = Annotated[str, StringConstraints(pattern=AMOUNT_FORM)]
"""A price or a quantity, which is multiplied with others."""
Whole = Annotated[int, Field(ge=0, le=WHOLE_MAX)]
Counted = Annotated[int, Field(ge=1, le=WHOLE_MAX)]
Change = Annotated[int, Field(ge=1, le=WHOLE_MAX - 1), OnTheLine.OF_CHANGES]
EndChange = Annotated[Change | None, Stored.END, OnTheLine.OF_CHANGES]
EndVersion = Annotated[Annotated[int, Field(ge=1, le=WHOLE_MAX - 1)] | None, Stored.END]
UserId = Annotated[Id, Names("users")]


class Form(BaseModel):
    """A JSON object with exactly these keys, in camelCase."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
    )


class Record(Form):
    """One line of a file. `noun` names the file, `table` the table whose rows it tells of."""

    noun: ClassVar[str]
    table: ClassVar[str]
    derived_columns: ClassVar[tuple[str, ...]] = ()
    withheld_columns: ClassVar[Mapping[str, str]] = {}
    """Columns that stay at home, each with the reason."""
    only: ClassVar[Only | None] = None

    def __init_subclass__(cls, *, noun: str, table: str, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.noun, cls.table = noun, table

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Takes the words of the class statement, which pydantic hands on a second time."""

    def derived(self) -> dict[str, object]:
        """The columns of `derived_columns`, worked out from the others."""
        return {}


def about(description: str) -> Any:
    """What a field means: shown on the page of the format and in its JSON Schema."""
    return Field(description=description)


class FieldLayout(NamedTuple):
    """A field between wire and column."""

    wire: str
    column: str
    stored: Stored
    names: str | None
    """The noun whose ids it holds."""
    is_change: bool
    within: str | None
    """The key of objects in a list that holds the ids, where the field does not hold them itself."""


class Layout(NamedTuple):
    noun: str
    table: str
    fields: tuple[FieldLayout, ...]
    only: Only | None


@cache
def layout_of(record: type[Record]) -> Layout:
    """Everything that moving rows needs to know, as plain values."""
    fields = tuple(_field(name, info) for name, info in record.model_fields.items())
    return Layout(record.noun, record.table, fields, record.only)


def _field(name: str, info: Any) -> FieldLayout:
    marks = info.metadata
    names = next((mark for mark in marks if isinstance(mark, Names)), None)
    stored = next((mark for mark in marks if isinstance(mark, Stored)), Stored.AS_IS)
    column = name
    if names is not None and names.by_key:
        stored, column = Stored.KEY, name.removesuffix("_id") + "_key"
    is_change = OnTheLine.OF_CHANGES in marks
    noun, within = (names.noun, names.within) if names else (None, None)
    return FieldLayout(info.alias or name, column, stored, noun, is_change, within)


def record_schema(record: type[BaseModel], *, identity: str, title: str) -> dict[str, object]:
    """The JSON Schema of one line."""
    schema = record.model_json_schema(by_alias=True, schema_generator=_SchemaOfRecord)
    rest = {key: value for key, value in schema.items() if key != "title"}
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": identity, "title": title, **rest}


class _SchemaOfRecord(GenerateJsonSchema):
    """Without titles made from names, which say nothing new."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
