"""A file as a package: its structure by the typed model, then what no structure can say. Every fault that one file can show, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from plumbline.catalog.errors import InvalidRegistry
from plumbline.catalog.model import UNITS_OF_MEASURE, unit_of_measure
from plumbline.catalog.registry.language import (
    PAGE,
    CategoryModel,
    CategorySetModel,
    CompositeSpec,
    ReferenceModel,
    RegistryModel,
    ScalarSpec,
)
from plumbline.catalog.registry.package import Entry, Group, Package, Path, Referred, Written, WrittenCategory
from plumbline.catalog.registry.references import (
    InvalidReference,
    category_reference,
    plain,
    semantic_version,
    set_reference,
    spec_reference,
)
from plumbline.catalog.registry.spec_reading import SpecFaults, rule_of
from plumbline.kit.document_faults import Faults, nearest_hint
from plumbline.kit.document_model import read_model
from plumbline.kit.yaml_source import YamlDocument

Reference = TypeVar("Reference")


def registry_package(document: YamlDocument) -> Package:
    """Raises InvalidRegistry with every fault. An empty document is a registry without categories."""
    model = RegistryModel() if document.value is None else read_model(RegistryModel, document, InvalidRegistry, PAGE)
    reader = _Reader(document)
    uses = tuple(reader.uses(model.uses))
    excludes = tuple((name, ("excludes", index)) for index, name in enumerate(model.excludes))
    package = Package(document, None, None, *reader.specified(model), uses, excludes)
    reader.faults.raise_if_any()
    return package


def set_package(document: YamlDocument) -> Package:
    """Raises InvalidRegistry with every fault."""
    model = read_model(CategorySetModel, document, InvalidRegistry, PAGE)
    reader = _Reader(document)
    changes = {entry.version: entry.changes for entry in model.changelog}
    specified = reader.specified(model, f"{model.name}@{model.version}")
    package = Package(document, model.name, semantic_version(model.version), *specified, changes=changes)
    reader.faults.raise_if_any()
    return package


class _Reader:
    def __init__(self, document: YamlDocument) -> None:
        self.faults = Faults(InvalidRegistry, document, page=PAGE)
        self._spec_faults = SpecFaults(self.faults)

    def specified(
        self, model: RegistryModel | CategorySetModel, label: str = "#"
    ) -> tuple[Group, dict[str, tuple[Entry, ...]], tuple[WrittenCategory, ...]]:
        specs = "commonSpecs" if label == "#" else "specs"
        groups = self._group(model.common_specs, ("commonSpecs",), f"{label}/{specs}")
        type_entries: dict[str, tuple[Entry, ...]] = {
            name: tuple(self._entries(entries, ("categoryTypeSpecs", name), f"{label}/categoryTypeSpecs/{name}"))
            for name, entries in model.category_type_specs.items()
        }
        categories = tuple(
            self._category(each, ("categories", index), label) for index, each in enumerate(model.categories)
        )
        self._refuse_twins(categories)
        return groups, type_entries, categories

    def uses(self, texts: Iterable[str]) -> Iterable[tuple[Any, Path]]:
        seen: set[str] = set()
        for index, text in enumerate(texts):
            path = ("uses", index)
            reference = self._reference(set_reference, text, path, "owner/set@v1, @v1.0 or @v1.0.1")
            if reference is None:
                continue
            if not reference.prefix:
                hint = f"Write {text}@v1, so that no later version changes the library behind your back."
                self.faults.add(path, f"{text!r} names no version.", expected="owner/set@v1", hint=hint)
            elif reference.name in seen:
                self.faults.add(path, f"{reference.name!r} is used twice.", expected="one version of each set")
            else:
                seen.add(reference.name)
                yield reference, path

    def _group(self, members: Any, path: Path, origin: str) -> Group:
        """Members of a mapping are known by their keys, those of a list by their names."""
        if isinstance(members, Mapping):
            keyed = [(name, value, (*path, name)) for name, value in members.items()]
        else:
            keyed = [(getattr(each, "name", ""), each, (*path, index)) for index, each in enumerate(members)]
        found: dict[str, Entry | Group] = {}
        for name, value, place in keyed:
            key = plain(name) or str(place[-1])
            if key in found:
                self.faults.add(place, f"There are two specs that references know as {key!r}.", expected="another name")
            is_spec = isinstance(value, ScalarSpec | CompositeSpec | ReferenceModel)
            inner = f"{origin}/{name}" if name else origin
            member = self._entry(value, place, inner) if is_spec else self._group(value, place, inner)
            if member is not None:
                found[key] = member
        return Group(found)

    def _entries(self, specs: Iterable[Any], path: Path, origin: str) -> Iterable[Entry]:
        names: set[str] = set()
        for index, spec in enumerate(specs):
            place = (*path, index)
            entry = self._entry(spec, place, f"{origin}/{spec.name}" if hasattr(spec, "name") else origin)
            if isinstance(entry, Written):
                if entry.rule.name.lower() in names:
                    message = f"The spec {entry.rule.name!r} stands here twice."
                    self.faults.add((*place, "name"), message, expected="each spec once")
                names.add(entry.rule.name.lower())
            if entry is not None:
                yield entry

    def _entry(self, spec: Any, path: Path, origin: str) -> Entry | None:
        if isinstance(spec, ReferenceModel):
            expected = "#/commonSpecs/group/spec or owner/set/specs/group/spec; * for a whole group"
            reference = self._reference(spec_reference, spec.ref, (*path, "$ref"), expected)
            severity = None if spec.severity is None else spec.severity.upper()
            return None if reference is None else Referred(reference, spec.required, severity, path)
        return Written(rule_of(spec, path, self._spec_faults, origin), path)

    def _category(self, model: CategoryModel, path: Path, label: str) -> WrittenCategory:
        extends = None
        if model.extends is not None:
            expected = "owner/set/category@v1, or the name of a category"
            extends = self._reference(category_reference, model.extends, (*path, "extends"), expected)
        unit = None if model.unit_of_measure is None else unit_of_measure(model.unit_of_measure)
        if model.unit_of_measure is not None and unit is None:
            self.faults.add(
                (*path, "unitOfMeasure"),
                f"{model.unit_of_measure!r} is not a unit of measure.",
                expected=f"one of {', '.join(UNITS_OF_MEASURE)}",
                hint=nearest_hint(model.unit_of_measure, UNITS_OF_MEASURE),
            )
        name = model.name or model.extends or model.code
        entries = tuple(self._entries(model.specs, (*path, "specs"), f"{label}/categories/{name}"))
        return WrittenCategory(
            extends, model.code, model.type, model.name, model.short_name, unit, model.formerly, entries, path
        )

    def _refuse_twins(self, categories: Iterable[WrittenCategory]) -> None:
        seen: set[tuple[str, str]] = set()
        for category in categories:
            for key, words in (("code", "code"), ("name", "name"), ("formerly", "former name")):
                value = getattr(category, key)
                if value is None:
                    continue
                if (key, value.lower()) in seen:
                    message = f"Two categories have the {words} {value!r}."
                    self.faults.add((*category.path, key), message, expected=f"a {words} of its own for each category")
                seen.add((key, value.lower()))

    def _reference(self, parse: Callable[[str], Reference], text: str, path: Path, expected: str) -> Reference | None:
        try:
            return parse(text)
        except InvalidReference as error:
            self.faults.add(path, str(error), expected=expected)
            return None
