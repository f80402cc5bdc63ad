"""Examples of components as cases: category, status and specs found in the catalog (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.catalog.model import Attribute, Category
from plumbline.configuration.examples_cases import Case, ComponentCase, Kinds, UntestableCase
from plumbline.configuration.examples_language import (
    ComponentExample,
    ExpectedViolations,
    MeasuredValue,
    SpecsAtFault,
    SpecValue,
)
from plumbline.configuration.examples_lookup import Lookup
from plumbline.kit.document_model import Path


def component_case(model: ComponentExample, index: int, known: Lookup) -> Case | None:
    path: Path = ("components", index)
    label = known.label("components", index, model.name or _title(model))
    setting = known.setting
    if setting.registry is None:
        return UntestableCase(label, "a category registry")
    if setting.revisions is None:
        return UntestableCase(label, "a revision scheme, which puts the statuses in order")
    status: str | None = setting.revisions.status_order[0]
    if model.status is not None:
        status = known.status(model.status, (*path, "status"))
    category = known.category(model.category, (*path, "category"))
    if category is None:
        return None
    values = _values(model.specs or {}, category, (*path, "specs"), known)
    errors, warnings = _expected(model.expect, category, (*path, "expect"), known)
    if status is None:
        return None
    checker = setting.checkers.of(category.id)
    return ComponentCase(label, category, checker, status, values, errors, warnings)


def _title(model: ComponentExample) -> str:
    return f"{model.category} in {model.status}" if model.status else model.category


def _values(
    written: Mapping[str, SpecValue | None], category: Category, path: Path, known: Lookup
) -> Mapping[str, tuple[Attribute, object]]:
    values: dict[str, tuple[Attribute, object]] = {}
    for name, value in written.items():
        attribute = known.spec(category, name, (*path, name), at_key=True)
        if attribute is None:
            continue
        if attribute.name in values:
            known.faults.add(
                (*path, name), f"{attribute.name} is given twice.", expected="every spec once", at_key=True
            )
        # The choices of an attribute are those of its rules, and these say why a value is refused.
        values[attribute.name] = (attribute._replace(choices=()), _as_sent(value))
    return values


def _as_sent(value: SpecValue | None) -> object:
    """As a program would send it."""
    if isinstance(value, MeasuredValue):
        return {"value": value.value, "unit": value.unit}
    return list(value) if isinstance(value, tuple) else value


def _expected(
    expect: str | ExpectedViolations, category: Category, path: Path, known: Lookup
) -> tuple[Mapping[str, Kinds], Mapping[str, Kinds]]:
    if not isinstance(expect, ExpectedViolations):
        return {}, {}
    errors, warnings = (
        _at_fault(written or (), category, (*path, key), known)
        for key, written in (("errors", expect.errors), ("warnings", expect.warnings))
    )
    for name in errors.keys() & warnings.keys():
        message = f"{name} stands among the errors and among the warnings."
        known.faults.add((*path, "warnings"), message, expected="each spec in one of them, by the severity of its rule")
    return errors, warnings


def _at_fault(written: SpecsAtFault, category: Category, path: Path, known: Lookup) -> Mapping[str, Kinds]:
    found: dict[str, Kinds] = {}
    by_name = written if isinstance(written, dict) else dict.fromkeys(written, ())
    for name, kinds in by_name.items():
        place = (*path, name if isinstance(written, dict) else written.index(name))
        attribute = known.spec(category, name, place, at_key=isinstance(written, dict))
        if attribute is not None:
            found[attribute.name] = frozenset([kinds] if isinstance(kinds, str) else kinds)
    return found
