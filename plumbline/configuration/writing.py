"""The present state as files (pure). What was written by a person comes back to the letter. Only where the catalog has moved away from the
files, by changes that came past them, is the registry or the status order written anew, from the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import yaml

from plumbline.catalog.installing import renames_said, rows_of, with_registry
from plumbline.catalog.model import Attribute, Category, Status
from plumbline.catalog.reads import Catalog
from plumbline.catalog.registry.resolution import Registry
from plumbline.catalog.registry.rules import Limits, Part, SpecRule, rule_from_text
from plumbline.configuration.documents import Documents, parsed, read_documents
from plumbline.configuration.kinds import REGISTRY, REVISIONS, DocumentName, path_of
from plumbline.configuration.model import File
from plumbline.configuration.steps import catalog_steps
from plumbline.kit.errors import Refusal

WRITTEN_ANEW = "# Written from the library, which had moved away from its files; the earlier file is in its history.\n"
SCHEME_LINE = "# yaml-language-server: $schema=/static/schemes/{}/schema.json\n"

_TYPES = {"STRING": "string", "NUMBER": "number", "LIST": "list"}


def files_of(present: Documents, catalog: Catalog, *, has_drifted: bool) -> list[File]:
    files = dict(present.texts)
    registry, revisions = DocumentName(REGISTRY.schema_type), DocumentName(REVISIONS.schema_type)
    if catalog.categories and (has_drifted or registry not in files):
        files[registry] = _registry(present, catalog, files.get(registry))
    if has_drifted and present.revisions is not None and not _has_statuses(present, catalog):
        files[revisions] = File(path_of(revisions), _with_statuses(files[revisions], catalog.statuses))
    return list(files.values())


def _registry(present: Documents, catalog: Catalog, file: File | None) -> File:
    """The file with what was added by hand, if that says all; else a new one."""
    if file is not None and present.registry is not None:
        text = _with_additions(file, present.registry, catalog)
        if _makes(text, present, catalog):
            return File(file.path, text)
    return File(path_of(DocumentName(REGISTRY.schema_type)), registry_text(catalog))


def _with_additions(file: File, registry: Registry, catalog: Catalog) -> str:
    """Categories that the file does not know come at the end; attributes that a category got go to its specs, or extend it."""
    value = parsed(file).value
    assert isinstance(value, Mapping)  # or it would not have been read as a registry
    written: Any = value.get("categories") or []
    categories: list[Any] = list(written)
    known = {each.code: each for each in registry.categories}
    for category in catalog.categories:
        found = known.get(category.code)
        if found is None:
            categories.append(_category(catalog, category))
            continue
        names = {rule.name.lower() for rule in found.specs}
        specs = [spec for spec in _specs(catalog, category) if spec["name"].lower() not in names]
        if specs and found.origin == "#":
            entry = categories[int(found.path[1])]
            categories[int(found.path[1])] = {**entry, "specs": [*(entry.get("specs") or []), *specs]}
        elif specs:
            categories.append({"extends": found.name, "specs": specs})
    return SCHEME_LINE.format(REGISTRY.scheme) + WRITTEN_ANEW + dumped({**value, "categories": categories})


def _makes(text: str, present: Documents, catalog: Catalog) -> bool:
    """Whether the text is a registry that makes just this catalog."""
    name = DocumentName(REGISTRY.schema_type)
    try:
        wanted = read_documents({**present.texts, name: File(path_of(name), text)})
    except Refusal:
        return False
    rows = rows_of(catalog)
    assert wanted.registry is not None
    after = with_registry(rows, wanted.registry, lambda: "new", 0, renames_said((), present.registry))
    return not catalog_steps(rows, after)


def registry_text(catalog: Catalog) -> str:
    """A registry that makes this catalog: every category with all its specs. Specs whose requirement has a severity of its own are
    described once and referred to, since only a reference can say both."""
    demanded: dict[SpecRule, str] = {}
    categories = [_category(catalog, each, demanded) for each in catalog.categories]
    common = {"demanded": {name: _rule(rule) for rule, name in demanded.items()}} if demanded else {}
    document = {
        "version": "1.0",
        "schema_type": REGISTRY.schema_type,
        **({"commonSpecs": common} if common else {}),
        "categories": categories,
    }
    return SCHEME_LINE.format(REGISTRY.scheme) + WRITTEN_ANEW + dumped(document)


def _category(catalog: Catalog, category: Category, demanded: dict[SpecRule, str] | None = None) -> Mapping[str, Any]:
    specs = _specs(catalog, category, demanded)
    written: dict[str, Any] = {"code": category.code, "type": str(category.type), "name": category.name}
    if category.short_name is not None:
        written["shortName"] = category.short_name
    return {**written, "unitOfMeasure": category.unit_of_measure, **({"specs": specs} if specs else {})}


def _specs(
    catalog: Catalog, category: Category, demanded: dict[SpecRule, str] | None = None
) -> list[Mapping[str, Any]]:
    mine = [each for each in catalog.category_attributes if each.category_id == category.id]
    links = sorted(mine, key=lambda each: each.position)
    return [_spec(catalog.attribute_by_id[link.attribute_id], link.rule, demanded) for link in links]


def _spec(attribute: Attribute, text: str | None, demanded: dict[SpecRule, str] | None) -> Mapping[str, Any]:
    if text is None:
        kind = _TYPES.get(attribute.type, attribute.type.lower())
        limits = Limits(choices=attribute.choices)
        return _rule(SpecRule(attribute.name, kind, attribute.unit, attribute.source_key, limits=limits))
    rule = rule_from_text(text)
    if not rule.required_severity or demanded is None:
        return _rule(rule)
    described = replace(
        rule, required_from=None, required_severity="", severity=rule.severity or "ERROR", origin="", formerly=None
    )
    name = demanded.setdefault(described, f"spec {len(demanded) + 1}")
    return {
        "$ref": f"#/commonSpecs/demanded/{name}",
        "required": rule.required_from,
        "severity": rule.required_severity.capitalize(),
    }


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

    def ignore_aliases(self, data: Any) -> bool:
        """Readers of configuration bound aliases, and people do not expect any."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    tag = "int" if value == value.to_integral_value() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", format(value.normalize(), "f"))


_Dumper.add_representer(Decimal, _decimal)


def dumped(document: Mapping[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
