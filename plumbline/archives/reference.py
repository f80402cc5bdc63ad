"""What the format of archives says of itself: JSON Schemas, and the tables of the page docs/reference/archive.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson

from plumbline.archives.contents import RECORDS, file_name
from plumbline.archives.manifest import MANIFEST_NAME, Manifest
from plumbline.kit.record_model import (
    AMOUNT_FORM,
    DECIMAL_FORM,
    ID_FORM,
    MOMENT_FORM,
    TEXT_LENGTH_MAX,
    Form,
    Record,
    layout_of,
    record_schema,
)

Schema = Mapping[str, Any]

_FORMS = {ID_FORM: "id", MOMENT_FORM: "moment", DECIMAL_FORM: "decimal", AMOUNT_FORM: "decimal"}
_TYPES = {"integer": "whole number", "boolean": "true or false", "object": "object", "null": "null"}


def schemas_of_records() -> list[str]:
    return list(_models())


@cache
def record_schema_text(name: str) -> str:
    """The JSON Schema of `manifest`, or of one line of a noun."""
    return orjson.dumps(_schema(name), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def reference_text() -> str:
    """Every file with its fields, as the page shows them."""
    return "\n".join("\n".join(_sections(name, model)) for name, model in _models().items())


@cache
def _models() -> Mapping[str, type[Form]]:
    return {"manifest": Manifest, **{record.noun: record for record in RECORDS}}


def _schema(name: str) -> Schema:
    title = MANIFEST_NAME if name == "manifest" else f"A line of {name}.jsonl"
    return record_schema(_models()[name], identity=f"{name}.schema.json", title=title)


def _sections(name: str, model: type[Form]) -> Iterator[str]:
    schema = _schema(name)
    if issubclass(model, Record):
        yield f"### {file_name(model)}\n"
        named = {each.wire: each.names for each in layout_of(model).fields if each.names and each.within is None}
    else:
        yield f"### {MANIFEST_NAME}\n"
        named = {}
    forms = schema.get("$defs", {})
    yield from _table(schema, forms, named)
    for form, inner in forms.items():
        if "properties" in inner:
            yield f"**{_object(form)}**\n"
            yield from _table(inner, forms, {})


def _table(schema: Schema, forms: Schema, named: Mapping[str, str | None]) -> Iterator[str]:
    yield " ".join(str(schema["description"]).split()) + "\n"
    yield "| field | type | meaning |\n| --- | --- | --- |"
    for name, field in schema["properties"].items():
        words = _words(field, forms)
        if name in named:
            words = words.replace("id", f"id of {named[name]}", 1)
        yield f"| `{name}` | {words} | {field['description']} |"
    yield ""


def _words(field: Schema, forms: Schema) -> str:
    if "anyOf" in field:
        return ", or ".join(_words(each, forms) for each in field["anyOf"])
    if "$ref" in field:
        form = str(field["$ref"]).rpartition("/")[2]
        return _words(forms[form], forms) if "enum" in forms[form] else _object(form)
    if "enum" in field:
        return ", ".join(f"`{each}`" for each in field["enum"] if each != "")
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        return "pair of decimals" if "prefixItems" in field else f"list: {_words(field['items'], forms)}"
    if field.get("type") == "string":
        length = field.get("maxLength", TEXT_LENGTH_MAX)
        return _FORMS.get(field.get("pattern", "")) or (
            "text" if length >= TEXT_LENGTH_MAX else f"text, at most {length}"
        )
    return _TYPES.get(str(field.get("type")), "anything")


def _object(form: str) -> str:
    """`SpecRuleForm` is called a spec rule."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", form.removesuffix("Form")).lower()
