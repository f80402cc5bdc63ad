"""What may stand in an `id_generation_scheme`: the typed model of the file, from which its JSON Schema is made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field, Tag, WithJsonSchema, model_validator
from pydantic_core.core_schema import ValidationInfo
from typing_extensions import TypeAliasType

from plumbline.kit.document_faults import Faults, nearest_hint, shown
from plumbline.kit.document_model import Path, Switch, Text, compiles, fault, form_by_type, forms, json_schema, tag
from plumbline.kit.patterns import PATTERN_LENGTH_MAX, PatternTooSlow, compile_pattern
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.language import BoundedText, Head, Integer, Part, PartFaults, read_noting
from plumbline.numbering.model import ELEMENTS_MAX, NUMBER_LENGTH_MAX, ElementKind, ListSource

SCHEMA_TYPE = "id_generation_scheme"
PAGE = "docs/reference/configuration/numbering.md"

VALUES_MAX = 5_000
EXAMPLES_MAX = 100
NAME_LENGTH_MAX = 50
ELEMENT_TEXT_LENGTH_MAX = 50
DIGITS_MAX, HEX_DIGITS_MAX = 15, 12
"""Counter values stay exact in every database and in JSON."""

TEMPLATE = re.compile(r"\$\{\{\s*([\w.]+)\s*\}\}")
HEXADECIMAL = re.compile(r"[0-9A-F]+")


# --- texts ------------------------------------------------------------------------------------------------------------------------


def is_writable(text: str) -> bool:
    """Whether the text can stand in a part number: something, and nothing that cannot be seen but the blank."""
    return bool(text) and text.isprintable()


def _name(text: str) -> str:
    if "/" in text or text != text.strip() or not is_writable(text):
        raise fault(
            f"The name {text!r} cannot be used.", expected="visible characters without / and without blanks at the ends"
        )
    return text


def _writable(text: str) -> str:
    if not is_writable(text):
        raise fault(f"{shown(text)} cannot be part of a number.", expected="at least one visible character")
    return text


def _source(value: object) -> object:
    text = str(value)
    found = TEMPLATE.fullmatch(text.strip())
    expected = " or ".join(f"${{{{ {source} }}}}" for source in ListSource)
    if found is None:
        raise fault(f"{shown(text)} is neither a list nor a template.", expected=f"a list, or {expected}")
    if found[1] not in list(ListSource):
        hint = nearest_hint(found[1], list(ListSource)) or ""
        raise fault(f"The template {shown(text.strip())} is not known.", expected=expected, hint=hint)
    return ListSource(found[1])


def _hexadecimal(text: str, info: ValidationInfo) -> str:
    if not HEXADECIMAL.fullmatch(text) or len(text) > HEX_DIGITS_MAX:
        upper = f"Write {text.upper()!r}." if HEXADECIMAL.fullmatch(text.upper()) else ""
        expected = f'hexadecimal digits in upper case, in quotes, such as "FF", at most {HEX_DIGITS_MAX}'
        raise fault(f"{info.field_name} is {shown(text)}.", expected=expected, hint=upper)
    return text


ElementName = Annotated[Text, Field(max_length=NAME_LENGTH_MAX), AfterValidator(_name)]
NameList = Annotated[tuple[BoundedText, ...], Field(max_length=ELEMENTS_MAX)]
ElementText = Annotated[Text, Field(max_length=ELEMENT_TEXT_LENGTH_MAX)]
PatternText = Annotated[Text, Field(max_length=PATTERN_LENGTH_MAX), AfterValidator(compiles)]
Template = Annotated[
    ListSource, BeforeValidator(_source), WithJsonSchema({"type": "string", "pattern": rf"^\s*{TEMPLATE.pattern}\s*$"})
]
Decimals = Annotated[Integer, Field(ge=0, lt=10**DIGITS_MAX)]
Hexadecimals = Annotated[
    Text,
    AfterValidator(_hexadecimal),
    Field(json_schema_extra={"pattern": f"^[0-9A-F]{{1,{HEX_DIGITS_MAX}}}$"}),
]
LengthMax = Annotated[Integer, Field(le=NUMBER_LENGTH_MAX)]

_LENGTH = "the most characters that the text may have; 50 if it is left out, zero or less"
_TOLD = "what the text must be like, in words, for whoever types it"
_REGEX = "a regular expression (JavaScript's syntax) that is found in the text; ^ and $ bind it to the ends"


class FreeformRule(Part):
    """What a text must be like that is typed instead of what the scheme makes."""

    pattern: PatternText | None = Field(default=None, description=rf"{_REGEX}; ^[a-zA-Z0-9\-_]+$ if it is left out")
    max_length: LengthMax | None = Field(default=None, description=_LENGTH)
    description: BoundedText | None = Field(default=None, description=_TOLD)


class FreeRule(Part):
    """What the text of a `free` element must be like."""

    pattern: PatternText = Field(description=_REGEX)
    max_length: LengthMax | None = Field(default=None, description=_LENGTH)
    description: BoundedText | None = Field(default=None, description=_TOLD)


class PatternRule(Part):
    """A pattern that the element's own texts must match."""

    pattern: PatternText = Field(description=_REGEX)
    description: BoundedText | None = Field(default=None, description="what the pattern is for, for people")


class SettingsModel(Part):
    """What people may type instead of the number that the scheme makes."""

    allow_override: Switch = Field(
        default=False, description="whether people may set numbers, or elements of them, by hand"
    )
    allow_freeform: Switch = Field(
        default=False, description="whether a number set by hand may be any text that freeform_validation takes"
    )
    override_elements: NameList | None = Field(
        default=None, description="names of the elements that may be set one by one; all if it is left out"
    )
    freeform_validation: FreeformRule | None = Field(
        default=None, description="what a number must be like that is set by hand as free text"
    )


# --- elements ---------------------------------------------------------------------------------------------------------------------


class AnyElement(Part):
    """One piece of a number."""

    type: str
    name: ElementName = Field(
        description="a name of its own among its neighbours, by which others refer to the element"
    )
    required: Switch = Field(default=False, description="whether every number has it; an optional one may be left out")
    description: BoundedText | None = Field(default=None, description="what the element is for, for people")
    attached_to: NameList = Field(
        default=(), alias="attachedTo", description="names of the elements within whose values this one counts anew"
    )


class AnyLeaf(AnyElement):
    """One that writes text of its own."""

    allow_freeform: Switch = Field(
        default=False, description="whether the element, where it may be set by hand, takes texts beyond its own"
    )
    freeform_validation: FreeformRule | None = Field(
        default=None, description="what such a text must be like; counts only beside allow_freeform: true"
    )


class ValueModel(Part):
    """A value to choose that has more to it than its text."""

    id: BoundedText | None = Field(default=None, description="what programs call it; written if there is no value")
    name: BoundedText | None = Field(default=None, description="what people call it")
    value: BoundedText | None = Field(default=None, description="what is written into the number")
    description: BoundedText | None = Field(default=None, description="what it stands for, for people")

    def key_written(self, use: str | None) -> Literal["id", "name", "value"]:
        return cast(Literal["id", "name", "value"], use or ("id" if self.value is None else "value"))


Value = Annotated[
    Annotated[ElementText, Tag(tag("text"))] | Annotated[ValueModel, Tag(tag("object"))],
    forms(lambda value: tag("object" if isinstance(value, Mapping) else "text"), []),
]
Values = Annotated[
    Annotated[Template, Tag(tag("template"))]
    | Annotated[tuple[Value, ...], Field(min_length=1, max_length=VALUES_MAX), Tag(tag("list"))],
    forms(lambda value: tag("template" if isinstance(value, str) else "list"), []),
]


class ListModel(AnyLeaf):
    """A value out of several."""

    type: Literal["list"] = Field(description="a value out of several")
    use: Literal["id", "name", "value"] | None = Field(
        default=None, description="which key of a value is written; value if there is one, else id, if this is left out"
    )
    values: Values = Field(description="the values to choose from, or ${{ duro.categories }} or ${{ duro.families }}")
    validation: PatternRule | None = Field(default=None, description="a pattern that every value must match")

    def text_written(self, value: str | ValueModel) -> str | None:
        return value if isinstance(value, str) else getattr(value, value.key_written(self.use))

    @model_validator(mode="after")
    def _offers_texts_of_numbers(self) -> ListModel:
        faults = PartFaults()
        try:
            self._check_values(() if isinstance(self.values, ListSource) else self.values, faults)
        except PatternTooSlow as slow:
            place = ("validation", "pattern")
            faults.add(place, slow.message, expected="a pattern that is quickly tried", hint=slow.hint or "")
        faults.raise_if_any()
        return self

    def _check_values(self, values: Sequence[str | ValueModel], faults: PartFaults) -> None:
        seen: set[str] = set()
        for index, value in enumerate(values):
            text = self.text_written(value)
            if text is None and isinstance(value, ValueModel):
                key = value.key_written(self.use)
                faults.add(("values", index, key), f"{key!r} is missing.", expected="the text written into the number")
            elif text is not None:
                self._check_text(text, seen, ("values", index), faults)
                seen.add(text)

    def _check_text(self, text: str, seen: set[str], path: Path, faults: PartFaults) -> None:
        pattern = None if self.validation is None else self.validation.pattern
        if len(text) > ELEMENT_TEXT_LENGTH_MAX:
            message = f"The value {shown(text)} has {len(text)} characters."
            faults.add(path, message, expected=f"at most {ELEMENT_TEXT_LENGTH_MAX}")
        elif text in seen:
            faults.add(path, f"The value {text!r} stands twice in this list.", expected="each value once")
        elif not is_writable(text):
            faults.add(path, f"The value {text!r} cannot be part of a number.", expected="visible characters")
        elif pattern is not None and not compile_pattern(pattern).matches(text):
            faults.add(path, f"The value {text!r} does not match the pattern of its own list.", expected=pattern)


class ConstantModel(AnyLeaf):
    """A text that never changes."""

    type: Literal["constant"] = Field(description="a text that never changes, such as a delimiter")
    value: Annotated[ElementText, AfterValidator(_writable)] = Field(description="the text")


class NumericRange(Part):
    """Where a counter begins and ends."""

    min_value: Decimals = Field(description="the first number, 0 or more")
    max_value: Decimals = Field(description="the last number; it has as many digits as every number gets")

    @model_validator(mode="after")
    def _is_not_empty(self) -> NumericRange:
        _refuse_empty_range(self.min_value, self.max_value, self.min_value > self.max_value)
        return self


class NumericCounterModel(AnyLeaf):
    """Whole numbers, one after the other."""

    type: Literal["numeric_counter"] = Field(description="whole numbers, one after the other")
    format: NumericRange = Field(description="min_value and max_value of the counter")
    validation: PatternRule | None = Field(default=None, description="numbers that do not match it are passed over")


class HexadecimalRange(Part):
    """Where a hexadecimal counter begins and ends."""

    min_value: Hexadecimals = Field(description="the first number")
    max_value: Hexadecimals = Field(description="the last number; it has as many digits as every number gets")

    @model_validator(mode="after")
    def _is_not_empty(self) -> HexadecimalRange:
        _refuse_empty_range(self.min_value, self.max_value, int(self.min_value, 16) > int(self.max_value, 16))
        return self


class HexCounterModel(AnyLeaf):
    """Whole numbers in hexadecimal, one after the other."""

    type: Literal["hex_counter"] = Field(description="whole numbers in hexadecimal, one after the other")
    format: HexadecimalRange = Field(description="min_value and max_value of the counter")
    validation: PatternRule | None = Field(default=None, description="numbers that do not match it are passed over")


def _refuse_empty_range(first: object, last: object, is_empty: bool) -> None:
    if is_empty:
        faults = PartFaults()
        faults.add(("min_value",), f"min_value {first} is greater than max_value {last}.", expected=f"at most {last}")
        faults.raise_if_any()


class FreeModel(AnyLeaf):
    """Text that somebody types."""

    type: Literal["free"] = Field(description="text that somebody types; only within a group")
    validation: FreeRule = Field(description="what the text must be like")


class GroupModel(AnyElement):
    """Elements that are there, or are left out, together."""

    type: Literal["group"] = Field(description="elements that are there, or are left out, together")
    elements: Elements = Field(description="the elements of the group, from left to right")


if TYPE_CHECKING:
    Elements = tuple[AnyElement, ...]  # mypy does not follow a type that contains itself through its own name
else:
    Elements = TypeAliasType(
        "Elements",
        Annotated[
            tuple[
                Annotated[
                    Annotated[ListModel, Tag(tag("list"))]
                    | Annotated[ConstantModel, Tag(tag("constant"))]
                    | Annotated[NumericCounterModel, Tag(tag("numeric_counter"))]
                    | Annotated[HexCounterModel, Tag(tag("hex_counter"))]
                    | Annotated[FreeModel, Tag(tag("free"))]
                    | Annotated[GroupModel, Tag(tag("group"))],
                    forms(form_by_type, list(ElementKind)),
                ],
                ...,
            ],
            Field(min_length=1, max_length=ELEMENTS_MAX),
        ],
    )


# --- the document -----------------------------------------------------------------------------------------------------------------


class SchemeModel(Head):
    """How the part numbers of a library are made."""

    schema_type: Literal["id_generation_scheme"] = Field(description='the kind of document, "id_generation_scheme"')
    settings: SettingsModel = Field(description="what people may set by hand; {} for nothing")
    elements: Elements = Field(description="the pieces of a number, from left to right")
    examples: Annotated[
        tuple[Annotated[Text, Field(max_length=NUMBER_LENGTH_MAX)], ...], Field(min_length=1, max_length=EXAMPLES_MAX)
    ] = Field(description="numbers that follow the scheme; they are checked whenever the scheme is read")


def read(document: YamlDocument, faults: Faults) -> SchemeModel | None:
    """None with the faults noted if the structure is wrong."""
    return read_noting(SchemeModel, document, faults)


def schema(identity: str) -> dict[str, object]:
    """The JSON Schema under this address."""
    return json_schema(SchemeModel, identity=identity, title="Part number scheme")
