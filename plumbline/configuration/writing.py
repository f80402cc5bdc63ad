"""The present state as files (pure). What was written by a person comes back to the letter. Only where the catalog has moved away from the
files, by changes that came past them, is the registry or the status order written anew, from the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from plumbline.catalog.model import Attribute, Category, Status
from plumbline.catalog.reads import Catalog
from plumbline.catalog.registry.rules import Limits, Part, SpecRule, rule_from_text
from plumbline.configuration.documents import Documents, parsed
from plumbline.configuration.kinds import REGISTRY, REVISIONS, DocumentName, path_of
from plumbline.configuration.model import File

WRITTEN_ANEW = "# Written from the library, which had moved away from its files; the earlier file is in its history.\n"
SCHEME_LINE = "# yaml-language-server: $schema=/static/schemes/{}/schema.json\n"

_TYPES = {"STRING": "string", "NUMBER": "number", "LIST": "list"}


def files_of(present: Documents, catalog: Catalog, *, has_drifted: bool) -> list[File]:
    files = dict(present.texts)
    registry, revisions = DocumentName(REGISTRY.schema_type), DocumentName(REVISIONS.schema_type)
    if catalog.categories and (has_drifted or registry not in files):
        files[registry] = File(path_of(registry), registry_text(catalog))
    if has_drifted and present.revisions is not None and not _has_statuses(present, catalog):
        files[revisions] = File(path_of(revisions), _with_statuses(files[revisions], catalog.statuses))
    return list(files.values())


def registry_text(catalog: Catalog) -> str:
    """A registry that makes this catalog: every category with all its specs, nothing referred to."""
    document = {
        "version": "1.0",
        "schema_type": REGISTRY.schema_type,
        "categories": [_category(catalog, each) for each in catalog.categories],
    }
    return SCHEME_LINE.format(REGISTRY.scheme) + WRITTEN_ANEW + dumped(document)


def _category(catalog: Catalog, category: Category) -> Mapping[str, Any]:
    links = sorted(
        (each for each in catalog.category_attributes if each.category_id == category.id),
        key=lambda each: each.position,
    )
    specs = [_spec(catalog.attribute_by_id[link.attribute_id], link.rule) for link in links]
    written: dict[str, Any] = {"code": category.code, "type": str(category.type), "name": category.name}
    if category.short_name is not None:
        written["shortName"] = category.short_name
    return {**written, "unitOfMeasure": category.unit_of_measure, **({"specs": specs} if specs else {})}


def _spec(attribute: Attribute, rule: str | None) -> Mapping[str, Any]:
    if rule is None:
        kind = _TYPES.get(attribute.type, attribute.type.lower())
        limits = Limits(choices=attribute.choices)
        return _rule(SpecRule(attribute.name, kind, attribute.unit, attribute.source_key, limits=limits))
    return _rule(rule_from_text(rule))


def _rule(rule: SpecRule) -> Mapping[str, Any]:
    written = {
        "name": rule.name,
        "type": rule.type,
        "unit": rule.unit,
        "sourceKey": rule.source_key,
        "description": rule.description,
        "required": rule.required_from,
        "severity": rule.severity.capitalize(),
        "validation": _limits(rule.limits),
        "components": {part.key: _part(part) for part in rule.parts},
        "display": rule.display,
    }
    return {key: value for key, value in written.items() if value not in (None, "", {})}


def _part(part: Part) -> Mapping[str, Any]:
    conditions = [{"when": each.when, **_limits(each.limits)} for each in part.conditions]
    validation = {**_limits(part.limits), **({"conditions": conditions} if conditions else {})}
    return {"name": part.name, "type": part.type, **({"validation": validation} if validation else {})}


def _limits(limits: Limits) -> dict[str, Any]:
    written = {
        "pattern": limits.pattern,
        "enum": list(limits.choices),
        "minimum": limits.minimum,
        "maximum": limits.maximum,
        "description": limits.message,
    }
    return {key: value for key, value in written.items() if value is not None and value != []}


def _has_statuses(present: Documents, catalog: Catalog) -> bool:
    assert present.revisions is not None
    wanted = [(each.name, each.maps_to, each.color) for each in present.revisions.status_definitions]
    return wanted == [(each.name, each.maps_to, each.color) for each in catalog.statuses]


def _with_statuses(file: File, statuses: tuple[Status, ...]) -> str:
    value = parsed(file).value
    assert isinstance(value, Mapping)  # or it would not have been read as a scheme
    order = [{"name": each.name, "maps_to": each.maps_to, "color": each.color} for each in statuses]
    return SCHEME_LINE.format(REVISIONS.scheme) + WRITTEN_ANEW + dumped({**value, "status_order": order})


class _Dumper(yaml.SafeDumper):
    """Block style, keys in their order, exact decimals, lists indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    tag = "int" if value == value.to_integral_value() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", format(value.normalize(), "f"))


_Dumper.add_representer(Decimal, _decimal)


def dumped(document: Mapping[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
