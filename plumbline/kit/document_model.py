"""Typed models of configuration documents: what may stand in a file, checked whole, each fault with its line and the nearest word.

A kind of document is a pydantic model that derives from `DocumentModel`. The same model gives the JSON Schema that editors complete
from. pydantic finds the faults; here they are put into our words and brought to their place in the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import ErrorDetails, PydanticCustomError, core_schema
from pydantic_core.core_schema import ValidationInfo

from plumbline.kit.document_faults import FAULTS_MAX, Faults, listed, nearest_hint, shown
from plumbline.kit.errors import InvalidInput, PathPart
from plumbline.kit.patterns import InvalidPattern, compile_pattern
from plumbline.kit.yaml_source import WrittenFloat, WrittenInteger, YamlDocument

Path = tuple[PathPart, ...]


class DocumentModel(BaseModel):
    """One mapping of a document: unknown keys are faults, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _remember(cls, value: object, info: ValidationInfo) -> object:
        """Notes which model a mapping was read as, so that a fault in it can name the keys that exist."""
        if isinstance(info.context, dict) and isinstance(value, Mapping):
            info.context[id(value)] = cls
        return value


class CamelModel(DocumentModel):
    """One whose keys are written in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=False, validate_by_alias=True)


def _as_written(value: object) -> object:
    return value.text if isinstance(value, WrittenInteger | WrittenFloat) else value


def _exact(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise fault(f"{shown(value)} stands where a number is expected.", expected="a number without quotes")
    if isinstance(value, int):  # which may be written 0x1F
        return Decimal(int(value))
    return Decimal(value.text if isinstance(value, WrittenFloat) else str(value))


def in_form(pattern: str, what: str, expected: str) -> AfterValidator:
    """The whole text matches; says so in words instead of showing the pattern. Put the pattern into the JSON Schema beside it."""
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise fault(f"{text[:80]!r} is not {what}.", expected=expected)
        return text

    return AfterValidator(check)


Text = Annotated[str, BeforeValidator(_as_written)]
"""A text as its author wrote it; a number counts as the text it was written as: `1.10` stays `1.10`."""

Number = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema({"type": "number"})]
"""An exact decimal."""

_VERSION = r"^1\.\d{1,3}$"
Version = Annotated[
    Text, Field(json_schema_extra={"pattern": _VERSION}), in_form(_VERSION, "a version of this language", '"1.0"')
]
"""The version of the language that a document is written in; version 1 of each is the only one there is."""

Switch = Annotated[bool, Strict()]
"""`true` or `false`, as YAML 1.2 knows them; never a text that only looks like one."""

Model = TypeVar("Model", bound=DocumentModel)

_MARK = "\0"
"""Begins the names of forms: a character that no key of a document has, since no YAML text can hold it, not even escaped."""


def tag(name: str) -> str:
    """The name of one form of a union, marked so that it is not taken for a key of the document when it stands in a place."""
    return f"{_MARK}{name}"


def form_by_type(value: object) -> str | None:
    """For `Discriminator`: the form of a mapping is the value of its key `type`."""
    return tag(str(value.get("type"))) if isinstance(value, Mapping) else None


def forms(choose: Callable[[Any], str | None], words: Sequence[str]) -> Discriminator:
    """Chooses the form of a union's value; a form that does not exist is a fault at the key `type`, which names the words."""
    # The words travel as the message: a discriminator must be hashable, which rules out a context.
    return Discriminator(choose, custom_error_type="unknown_form", custom_error_message="|".join(words))


def fault(message: str, *, expected: str = "", hint: str = "") -> PydanticCustomError:
    """What a validator of a model raises: a whole sentence, and what was expected."""
    return PydanticCustomError("fault", "{message}", {"message": message, "expected": expected, "hint": hint})


def read_model(
    model: type[Model], document: YamlDocument, refusal: type[InvalidInput], page: str | None = None
) -> Model:
    """The document as its model; raises the refusal with every fault that was found, the others in `also`."""
    written = document.written_value()
    met: dict[int, type[DocumentModel]] = {}
    faults = Faults(refusal, document, page=page)
    if not isinstance(written, Mapping):
        faults.add((), f"{shown(written)} stands where a mapping is expected.", expected="a mapping of keys to values")
        faults.raise_if_any()
    try:
        return model.model_validate(written, context=met)
    except ValidationError as error:
        for detail in error.errors(include_url=False)[:FAULTS_MAX]:
            _add(faults, detail, written, met)
        faults.raise_if_any()
        raise  # pydantic refuses for a reason of its own, which is always told above


def json_schema(model: type[DocumentModel], *, identity: str, title: str) -> dict[str, object]:
    """The JSON Schema (draft 7, which editors know best) of a kind of document."""
    schema = model.model_json_schema(
        by_alias=True, ref_template="#/definitions/{model}", schema_generator=_SchemaForEditors
    )
    definitions = schema.pop("$defs", {})
    for name, definition in definitions.items():
        definition["title"] = _words_of_class(name)  # heads the bubble in an editor
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "$id": identity, "title": title}
    return {**head, **{key: value for key, value in schema.items() if key != "title"}, "definitions": definitions}


def _words_of_class(name: str) -> str:
    """`FieldValidations` is read `Field validations`, `StageModel` `Stage`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Model")).capitalize()


class _SchemaForEditors(GenerateJsonSchema):
    """Leaves out what an editor would show and nobody wants to read: made-up titles, empty defaults, alternatives to nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """A number is read as text where text is meant; the bounds of the text stay, which a `WithJsonSchema` would drop."""
        value = super().function_before_schema(schema)
        return {**value, "type": ["string", "number"]} if schema["function"]["function"] is _as_written else value

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key with nothing behind it counts as absent."""
        value = self.generate_inner(schema["schema"])
        types = value.get("type")
        if types is None or "enum" in value or "const" in value:
            return {"anyOf": [value, {"type": "null"}]}
        return {**value, "type": [*([types] if isinstance(types, str) else types), "null"]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        value = super().default_schema(schema)
        says_nothing = isinstance(schema.get("default"), BaseModel) or value.get("default") in (None, [], {})
        return {key: each for key, each in value.items() if key != "default" or not says_nothing}


# --- from pydantic's details to our sentences -------------------------------------------------------------------------------------


def _add(faults: Faults, detail: ErrorDetails, written: object, met: Mapping[int, type[DocumentModel]]) -> None:
    path = tuple(part for part in detail["loc"] if not (isinstance(part, str) and part.startswith(_MARK)))
    is_key = path[-1:] == ("[key]",) and not _is_there(written, path)
    path = path[:-1] if is_key else path
    context = cast(Mapping[str, Any], detail.get("ctx", {}))
    kind, given = detail["type"], detail["input"]
    if kind == "too_short" and isinstance(given, list | dict) and len(given) >= context["min_length"]:
        return  # pydantic does not count entries that have faults, and those are told already
    if kind == "extra_forbidden":
        known = _known_keys(written, path[:-1], met)
        _add_unknown(faults, path, str(path[-1]), known, f"{str(path[-1])!r} means nothing here.", at_key=True)
    elif kind == "missing":
        faults.add(path, f"{str(path[-1])!r} is missing.", expected=_description(written, path, met))
    elif kind == "fault":
        faults.add(path, context["message"], expected=context["expected"] or None, hint=context["hint"] or None)
    elif kind in ("literal_error", "enum"):
        words = _words(context["expected"])
        _add_unknown(faults, path, str(given), words, f"{shown(given)} is not known here.", at_key=is_key)
    elif kind == "unknown_form":
        _add_unknown_form(faults, path, given, detail["msg"].split("|"))
    else:
        sentence, expected, hint = _SENTENCES.get(kind, _as_told)(given, context)
        faults.add(path, sentence or detail["msg"], expected=expected, hint=hint, at_key=is_key)


def _add_unknown(faults: Faults, path: Path, word: str, known: list[str], message: str, *, at_key: bool) -> None:
    expected = f"one of {listed(known)}" if len(known) > 1 else f"{known[0]!r}" if known else None
    faults.add(path, message, expected=expected, hint=nearest_hint(word, known), at_key=at_key)


def _add_unknown_form(faults: Faults, path: Path, given: object, words: list[str]) -> None:
    if not isinstance(given, Mapping):
        faults.add(path, f"{shown(given)} stands where a mapping is expected.", expected="a mapping")
    elif "type" not in given:
        faults.add((*path, "type"), "'type' is missing.", expected=f"one of {listed(words)}")
    else:
        word = given["type"]
        _add_unknown(faults, (*path, "type"), str(word), words, f"{shown(word)} is not known here.", at_key=False)


def _words(told: str) -> list[str]:
    """pydantic names alternatives as `'a', 'b' or 'c'`."""
    return [word.strip().strip("'") for word in told.replace(" or ", ", ").split(",")]


def _value_at(written: object, path: Path) -> object:
    for part in path:
        if isinstance(written, Mapping) or (isinstance(written, list) and isinstance(part, int)):
            written = written[part]  # type: ignore[index]  # a path that pydantic took leads somewhere
    return written


def _is_there(written: object, path: Path) -> bool:
    """Whether the last part is a key that the author wrote; pydantic says `[key]` where it means the key before it."""
    holder = _value_at(written, path[:-1])
    return isinstance(holder, Mapping) and path[-1] in holder


def _model_at(written: object, path: Path, met: Mapping[int, type[DocumentModel]]) -> type[DocumentModel] | None:
    return met.get(id(_value_at(written, path)))


def _known_keys(written: object, path: Path, met: Mapping[int, type[DocumentModel]]) -> list[str]:
    model = _model_at(written, path, met)
    return [] if model is None else [each.alias or name for name, each in model.model_fields.items()]


def _description(written: object, path: Path, met: Mapping[int, type[DocumentModel]]) -> str | None:
    model = _model_at(written, path[:-1], met)
    if model is None:
        return None
    return next((each.description for name, each in model.model_fields.items() if path[-1] in (each.alias, name)), None)


Sentence = tuple[str | None, str | None, str | None]
"""What is wrong, what was expected, and a hint."""


def _stands_for(expected: str, hint: str | None = None) -> Callable[[object, Mapping[str, Any]], Sentence]:
    return lambda value, _: (f"{shown(value)} stands where {expected} is expected.", expected, hint)


def _as_told(value: object, context: Mapping[str, Any]) -> Sentence:
    return None, None, None


def _too_long(value: object, context: Mapping[str, Any]) -> Sentence:
    """Of a text as well: the length of one that is put through a validator is told like that of a list."""
    most = context["max_length"]
    if not isinstance(value, list | tuple | Mapping):
        length = len(str(_as_written(value)))
        return f"The text has {length} characters; at most {most} are allowed.", f"at most {most} characters", None
    return (
        f"There are {len(value)} entries; at most {most} are allowed.",  # pydantic does not count those of a mapping
        f"at most {most} entries",
        None,
    )


def _too_short(value: object, context: Mapping[str, Any]) -> Sentence:
    least = context["min_length"]
    if not isinstance(value, list | tuple | Mapping):
        return "The text is empty.", f"at least {least} character", None
    return f"There are {context['actual_length']} entries.", f"at least {least}", None


def _bound(words: str, key: str) -> Callable[[object, Mapping[str, Any]], Sentence]:
    return lambda value, context: (f"{shown(value)} is out of range.", f"a number {words} {context[key]}", None)


_QUOTE = "Put quotes around it."
_SENTENCES: dict[str, Callable[[object, Mapping[str, Any]], Sentence]] = {
    "string_type": _stands_for("a text", _QUOTE),
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "string_pattern_mismatch": lambda value, context: (
        f"{shown(value)} does not have the form that is wanted.",
        f"a text that matches {context['pattern']}",
        None,
    ),
    "int_type": _stands_for("a whole number", "Write the number without quotes."),
    "int_from_float": _stands_for("a whole number"),
    "bool_type": _stands_for("true or false", "Write true or false without quotes."),
    "list_type": _stands_for("a list"),
    "tuple_type": _stands_for("a list"),
    "dict_type": _stands_for("a mapping"),
    "model_type": _stands_for("a mapping"),
    "model_attributes_type": _stands_for("a mapping"),
    "too_long": _too_long,
    "too_short": _too_short,
    "greater_than_equal": _bound("not below", "ge"),
    "less_than_equal": _bound("not above", "le"),
    "greater_than": _bound("above", "gt"),
    "less_than": _bound("below", "lt"),
}


def not_blank(text: str) -> str:
    """For AfterValidator: a text of which something can be seen. An empty one is told by its bound."""
    if text and not text.strip():
        raise fault("The text is blank.", expected="at least one character that can be seen")
    return text


def compiles(text: str) -> str:
    """For AfterValidator: a regular expression that can be used."""
    try:
        compile_pattern(text)
    except InvalidPattern as error:
        raise fault(error.sentence, expected="a regular expression", hint=error.hint or "") from error
    return text
