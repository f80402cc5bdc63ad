"""What is served under /static/schemes: the JSON Schema of every kind of document, for editors, and the shipped documents to start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import orjson

from plumbline.catalog.registry.language import CategorySetModel, RegistryModel
from plumbline.catalog.registry.shelf import shipped_files
from plumbline.change_orders import shipped as templates
from plumbline.change_orders import template_language
from plumbline.configuration import examples_language, manifest
from plumbline.configuration.kinds import (
    CATEGORY_SET,
    EXPORT,
    NUMBERING,
    REGISTRY,
    REVISIONS,
    TEMPLATE,
    TESTS,
    VALIDATIONS,
)
from plumbline.configuration.presets import REGISTRIES
from plumbline.exchange.exporting import language as export_language
from plumbline.exchange.exporting import shipped as exports
from plumbline.kit.document_model import json_schema
from plumbline.numbering import revision_language, scheme_language
from plumbline.numbering.shipped import PresetKind, preset_names, preset_text
from plumbline.validations import rules_language

FOLDER = "/static/schemes"

_SCHEMAS: Mapping[str, Callable[[str], dict[str, object]]] = {
    REGISTRY.scheme: lambda identity: json_schema(RegistryModel, identity=identity, title="Category registry"),
    CATEGORY_SET.scheme: lambda identity: json_schema(CategorySetModel, identity=identity, title="Category set"),
    NUMBERING.scheme: scheme_language.schema,
    REVISIONS.scheme: revision_language.schema,
    TEMPLATE.scheme: template_language.schema,
    VALIDATIONS.scheme: rules_language.schema,
    EXPORT.scheme: export_language.schema,
    TESTS.scheme: examples_language.schema,
    "folders": manifest.schema,
}


def schema_names() -> list[str]:
    return sorted(_SCHEMAS)


@cache
def schema_text(name: str) -> str:
    """The JSON Schema of a kind, by its folder."""
    schema = _SCHEMAS[name](f"{FOLDER}/{name}/schema.json")
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


@cache
def scheme_files() -> Mapping[str, str]:
    """Everything that is served, as text by its path below the folder."""
    files = {f"{name}/schema.json": schema_text(name) for name in schema_names()}
    files |= {f"{TEMPLATE.scheme}/{name}.yaml": templates.preset_text(name) for name in templates.preset_names()}
    files |= {f"{EXPORT.scheme}/{name}.yaml": exports.shipped_text(name) for name in exports.shipped_names()}
    for kind, folder in ((PresetKind.NUMBERS, NUMBERING.scheme), (PresetKind.REVISIONS, REVISIONS.scheme)):
        files |= {f"{folder}/{name}.yaml": preset_text(kind, name) for name in preset_names(kind)}
    files |= {f"{REGISTRY.scheme}/{file.name}": file.read_text(encoding="utf-8") for file in REGISTRIES.glob("*.yaml")}
    for name, versions in shipped_files().items():
        for version, file in versions.items():
            files[f"{CATEGORY_SET.scheme}/{name}/{version}.yaml"] = file.read_text(encoding="utf-8")
    return files
