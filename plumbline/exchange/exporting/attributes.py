"""The attributes that a template names, looked for among those of the library (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.catalog.model import Attribute
from plumbline.exchange.errors import InvalidExportTemplate
from plumbline.exchange.exporting.template import ExportTemplate
from plumbline.kit.document_faults import nearest_hint


def named_attributes(template: ExportTemplate, known: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """By name in lower case. Raises InvalidExportTemplate with every name that the library does not have, unless its column is optional."""
    found: dict[str, Attribute] = {}
    faults: list[InvalidExportTemplate] = []
    for column in template.columns:
        for field in column.fields:
            if field.name != "attribute":
                continue
            attribute = known.get(field.of.lower())
            if attribute is not None:
                found[field.of.lower()] = attribute
            elif not column.is_optional:
                faults.append(
                    InvalidExportTemplate(
                        f"The library has no attribute {field.of[:80]!r}.",
                        path=("columns", column.place),
                        expected="the name of an attribute, or is_optional: true",
                        hint=nearest_hint(field.of, [each.name for each in known.values()]),
                    )
                )
    if faults:
        first, *others = faults
        first.also = tuple(others)
        raise first
    return found
