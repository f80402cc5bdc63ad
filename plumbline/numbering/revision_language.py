"""What may stand in a `revision_scheme_config`: the typed model of the file, from which its JSON Schema is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Tag

from plumbline.kit.document_faults import Faults
from plumbline.kit.document_model import (
    DocumentModel,
    Switch,
    Text,
    fault,
    form_by_type,
    forms,
    in_form,
    json_schema,
    tag,
)
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.language import BoundedText, Head, Integer, Part, read_noting
from plumbline.numbering.revision_model import SegmentType, is_integer, is_letters
from plumbline.numbering.revision_order import REVISION_LENGTH_MAX

SCHEMA_TYPE = "revision_scheme_config"
PAGE = "docs/reference/configuration/revisions.md"

STATUSES_MAX = 50
STATUS_LENGTH_MAX = 100
SEGMENTS_MAX = 6
SEGMENT_NAME_LENGTH_MAX = 50
EXAMPLES_MAX = 100
BLACKLIST_MAX = 100
REQUIRED_FIELDS_MAX = 50
DELIMITER_LENGTH_MAX = 5
LETTERS_LENGTH_MAX = 5
INTEGER_MAX = 999_999_999
EMPTY_LENGTH_MAX = 10
COLOR = r"#[0-9A-Fa-f]{6}"
LETTERS_EXPECTED = f"1 to {LETTERS_LENGTH_MAX} letters from A to Z"


def _letters(text: str) -> str:
    if not is_letters(text) or len(text) > LETTERS_LENGTH_MAX:
        upper = text.upper() if text.isascii() and len(text) <= LETTERS_LENGTH_MAX else ""
        hint = f"Write {upper!r}." if is_letters(upper) else ""
        raise fault(f"{text[:80]!r} cannot bound letters.", expected=LETTERS_EXPECTED, hint=hint)
    return text


def _delimiter(text: str) -> str:
    if text and not (text.isprintable() and text == text.strip()):
        raise fault(f"The delimiter {text!r} cannot be seen.", expected="visible characters, or nothing")
    return text


def _barred(text: str) -> str:
    word = text.upper() if text.isascii() else ""
    if not is_letters(word) and not is_integer(word):
        raise fault(f"{text!r} can be no part of a revision.", expected="letters, or a number")
    return word


StatusName = Annotated[Text, Field(min_length=1, max_length=STATUS_LENGTH_MAX)]
Letters = Annotated[
    Text, Field(json_schema_extra={"pattern": f"^[A-Z]{{1,{LETTERS_LENGTH_MAX}}}$"}), AfterValidator(_letters)
]
Integers = Annotated[Integer, Field(ge=0, le=INTEGER_MAX)]
LetterOrInteger = Annotated[
    Annotated[Integers, Tag(tag("integer"))] | Annotated[Letters, Tag(tag("letter"))],
    forms(lambda value: tag("integer" if isinstance(value, int) and not isinstance(value, bool) else "letter"), []),
]
Delimiter = Annotated[Text, Field(max_length=DELIMITER_LENGTH_MAX), AfterValidator(_delimiter)]
SegmentTypeName = Literal["letter", "integer", "either"]
Meaning = Literal["DESIGN", "PROTOTYPE", "PRODUCTION", "OBSOLETE"]
Barred = Annotated[Text, Field(max_length=LETTERS_LENGTH_MAX), AfterValidator(_barred)]
Blacklist = Annotated[tuple[Barred, ...], Field(max_length=BLACKLIST_MAX)]

_BLACKLIST = (
    "letters and numbers that no revision has: a single character nowhere, a longer entry not as a whole segment"
)


# --- statuses ---------------------------------------------------------------------------------------------------------------------


class StatusModel(DocumentModel):
    """A status that has more to it than its name."""

    # No `Part`: an empty `color` is a fault. Behind `color: #4C7EF3` without quotes there is nothing, since # begins a comment.
    name: StatusName = Field(description="the name of the status")
    maps_to: Meaning | None = Field(
        default=None, description="what the status means to programs; without it, what its name says"
    )
    color: Annotated[Text, in_form(COLOR, "a colour", '"#RRGGBB", in quotes')] = Field(
        default_factory=str,
        description='how the status is shown, "#RRGGBB" in quotes; without it, the colour of what it means',
        json_schema_extra={"pattern": f"^{COLOR}$"},
    )
    formerly: StatusName | None = Field(
        default=None, description="the name that the status had before; its components stay in it"
    )


StatusEntry = Annotated[
    Annotated[StatusName, Tag(tag("name"))] | Annotated[StatusModel, Tag(tag("status"))],
    forms(lambda value: tag("status" if isinstance(value, Mapping) else "name"), []),
]


class TransitionModel(Part):
    """What may follow on one status."""

    before: StatusName = Field(alias="from", description="the status that a component has")
    after: Annotated[tuple[StatusName, ...], Field(max_length=STATUSES_MAX)] = Field(
        alias="to", description="the statuses that it may get next"
    )


class TransitionsModel(Part):
    """Which status may follow on which; staying is always allowed."""

    allowed: Annotated[tuple[TransitionModel, ...], Field(max_length=STATUSES_MAX)] = Field(
        description="what is allowed; everything else is not"
    )


# --- segments ---------------------------------------------------------------------------------------------------------------------


class AnySegment(Part):
    """One part of a revision."""

    type: SegmentTypeName
    delimiter: Delimiter | None = Field(
        default=None, description="stands in front of the segment; nothing for the first, else that of the defaults"
    )
    required: Switch | None = Field(
        default=None, description="whether every revision has it; true for the first segment, else false"
    )
    description: BoundedText | None = Field(default=None, description="what the segment stands for, for people")


class LetterBounds(Part):
    min_value: Letters | None = Field(default=None, description="the first letters; A if nothing says otherwise")
    max_value: Letters | None = Field(default=None, description="the last letters; ZZ if nothing says otherwise")


class IntegerBounds(Part):
    min_value: Integers | None = Field(default=None, description="the smallest number; 1 if nothing says otherwise")
    max_value: Integers | None = Field(default=None, description="the greatest number; 999 if nothing says otherwise")


class LetterSegment(AnySegment, LetterBounds):
    """A, B … Z, AA, AB …"""

    type: Literal["letter"] = Field(description="letters: A, B … Z, AA, AB …")


class IntegerSegment(AnySegment, IntegerBounds):
    """1, 2 …"""

    type: Literal["integer"] = Field(description="whole numbers: 1, 2 …")


class EitherSegment(AnySegment):
    """Letters or a number."""

    type: Literal["either"] = Field(description="letters or a whole number")
    min_value: LetterOrInteger | None = Field(
        default=None, description="a number bounds the numbers, letters the letters"
    )
    max_value: LetterOrInteger | None = Field(
        default=None, description="a number bounds the numbers, letters the letters"
    )


SegmentName = Annotated[Text, Field(min_length=1, max_length=SEGMENT_NAME_LENGTH_MAX)]
Segments = Annotated[
    dict[
        SegmentName,
        Annotated[
            Annotated[LetterSegment, Tag(tag("letter"))]
            | Annotated[IntegerSegment, Tag(tag("integer"))]
            | Annotated[EitherSegment, Tag(tag("either"))],
            forms(form_by_type, list(SegmentType)),
        ],
    ],
    Field(min_length=1, max_length=SEGMENTS_MAX),
]


class SegmentDefaults(Part):
    integer: IntegerBounds | None = Field(default=None, description="bounds of numbers")
    letter: LetterBounds | None = Field(default=None, description="bounds of letters")


class DefaultsModel(Part):
    """What segments have that do not say otherwise."""

    segments: SegmentDefaults | None = Field(default=None, description="bounds, by type of segment")
    delimiter: Delimiter | None = Field(
        default=None, description='stands in front of every segment but the first; "." if it is left out'
    )
    empty_value: Annotated[Text, Field(max_length=EMPTY_LENGTH_MAX)] | None = Field(
        default=None, description='what is shown while there is no revision; "-" if it is left out'
    )


# --- the document -----------------------------------------------------------------------------------------------------------------


class StatusSchemeModel(Part):
    """How the revisions of one status are written."""

    status: StatusName = Field(description="the status; those after it without a scheme of their own follow this one")
    description: BoundedText | None = Field(default=None, description="what such revisions are for, for people")
    segments: Segments = Field(description="the parts of a revision by name, from left to right")
    examples: Annotated[
        tuple[Annotated[Text, Field(max_length=REVISION_LENGTH_MAX)], ...], Field(max_length=EXAMPLES_MAX)
    ] = Field(default=(), description="revisions of the status; they are checked whenever the scheme is read")


class ValidationModel(Part):
    """What the document demands of itself."""

    allowed_segment_types: Annotated[tuple[SegmentTypeName, ...], Field(max_length=len(SegmentType))] = Field(
        default=(), description="the types that segments may have; all if it is left out or empty"
    )
    required_fields: Annotated[tuple[BoundedText, ...], Field(max_length=REQUIRED_FIELDS_MAX)] = Field(
        default=(), description="keys that every scheme must have, such as status or segments.major"
    )
    transitions: TransitionsModel | None = Field(default=None, description="which status may follow on which")
    blacklist: Blacklist = Field(default=(), description=_BLACKLIST)


class RevisionSchemeModel(Head):
    """How the revisions of a library are made, for each status."""

    schema_type: Literal["revision_scheme_config"] = Field(description='the kind of document, "revision_scheme_config"')
    defaults: DefaultsModel | None = Field(default=None, description="what segments have that do not say otherwise")
    status_order: Annotated[tuple[StatusEntry, ...], Field(max_length=STATUSES_MAX)] = Field(
        default=(),
        description="the statuses of a component, from the first to the last; without it, those of the schemes",
    )
    schemes: Annotated[tuple[StatusSchemeModel, ...], Field(min_length=1, max_length=STATUSES_MAX)] = Field(
        description="the schemes, one for each status that has one of its own"
    )
    validation: ValidationModel | None = Field(default=None, description="what the document demands of itself")
    transitions: TransitionsModel | None = Field(
        default=None, description="which status may follow on which; may stand under validation instead"
    )
    blacklist: Blacklist = Field(default=(), description=f"{_BLACKLIST}; may stand under validation instead")


def read(document: YamlDocument, faults: Faults) -> RevisionSchemeModel | None:
    """None with the faults noted if the structure is wrong."""
    return read_noting(RevisionSchemeModel, document, faults)


def schema(identity: str) -> dict[str, object]:
    """The JSON Schema under this address."""
    return json_schema(RevisionSchemeModel, identity=identity, title="Revision scheme")
