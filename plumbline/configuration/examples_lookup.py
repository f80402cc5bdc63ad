"""What examples are tried on, and finding in it what a file of examples names: unknown names are faults of the file (pure)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from plumbline.catalog.installing import CatalogRows, with_registry, with_statuses
from plumbline.catalog.model import Attribute, Category, NewStatus
from plumbline.catalog.reads import Catalog, Checkers
from plumbline.catalog.registry.resolution import Registry
from plumbline.change_orders.template import Template
from plumbline.configuration.errors import InvalidConfigurationTest
from plumbline.configuration.examples_cases import Label, Section
from plumbline.configuration.examples_language import PAGE
from plumbline.kit.document_faults import FAULTS_MAX, Faults, listed, nearest_hint
from plumbline.kit.document_model import Path
from plumbline.kit.errors import Place
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.model import ChoiceLists, ListElement, Scheme, leaves_of, paths_named
from plumbline.numbering.reads import choices_of
from plumbline.numbering.revision_scheme import RevisionScheme


@dataclass(frozen=True)
class Setting:
    """The documents that examples are about, all of them without a fault; what has no file is None or empty."""

    registry: Registry | None = None
    numbering: Scheme | None = None
    revisions: RevisionScheme | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)

    @cached_property
    def catalog(self) -> Catalog | None:
        """What a new library would have, its categories in the order of their codes as in every library."""
        if self.registry is None:
            return None
        ids = map(str, itertools.count()).__next__
        rows = CatalogRows((), (), (), ())
        if self.revisions is not None:
            statuses = [NewStatus(each.name, each.maps_to, each.color) for each in self.revisions.status_definitions]
            rows = with_statuses(rows, statuses, ids, 1)
        rows = with_registry(rows, self.registry, ids, 1)
        categories = tuple(sorted(rows.categories, key=lambda each: each.code))
        return Catalog(rows.statuses, categories, rows.attributes, rows.links)

    @cached_property
    def checkers(self) -> Checkers:
        assert self.catalog is not None
        return Checkers(self.catalog)

    @cached_property
    def _choices(self) -> dict[str, ChoiceLists]:
        return {}

    def choices(self, category: Category | None) -> ChoiceLists:
        """What the lists of the part number scheme offer for a component of this category, or of any."""
        code = "" if category is None else category.code
        if code not in self._choices:
            categories = () if self.catalog is None else self.catalog.categories
            if category is not None:
                self._choices[code] = choices_of(categories, category)
            elif categories:
                self._choices[code] = replace(choices_of(categories, categories[0]), category=None, family=None)
            else:
                self._choices[code] = ChoiceLists()
        return self._choices[code]

    @cached_property
    def numbers_name_categories(self) -> bool:
        """Whether the part number scheme cannot be tried without a registry."""
        leaves = () if self.numbering is None else leaves_of(self.numbering.elements)
        return any(isinstance(leaf, ListElement) and leaf.source is not None for leaf in leaves)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds what one file of examples names. What is not there is noted, and None is answered."""

    setting: Setting
    document: YamlDocument
    faults: Faults

    @staticmethod
    def of(document: YamlDocument, setting: Setting) -> Lookup:
        return Lookup(setting, document, Faults(InvalidConfigurationTest, document, page=PAGE))

    def label(self, section: Section, index: int, name: str) -> Label:
        position = self.document.position_of((section, index))
        return Label(section, name, Place(self.document.name, position.line, position.column))

    def category(self, reference: str, path: Path) -> Category | None:
        """By its code, else by its name; capitals make no difference in names."""
        known = () if self.setting.catalog is None else self.setting.catalog.categories
        found = next((each for each in known if each.code == reference), None)
        found = found or next((each for each in known if each.name.lower() == reference.lower()), None)
        if found is None:
            self.note_unknown("category", reference, [each.name for each in known], path)
        return found

    def status(self, reference: str, path: Path) -> str | None:
        assert self.setting.revisions is not None
        return self._named("status", reference, self.setting.revisions.status_order, path)

    def spec(self, category: Category, reference: str, path: Path, *, at_key: bool) -> Attribute | None:
        assert self.setting.catalog is not None
        known = self.setting.catalog.attributes_of_category[category.id]
        found = next((each for each in known if each.name.lower() == reference.lower()), None)
        if found is None:
            what = f"The category {category.name} has no spec {reference!r}."
            self._note(path, what, reference, [each.name for each in known], at_key=at_key)
        return found

    def check_element(self, scheme: Scheme, reference: str, path: Path) -> None:
        """Notes a name that means no one element of the part number scheme that can have a value."""
        known = [leaf.path for leaf in leaves_of(scheme.elements)]
        paths = paths_named(reference, scheme.elements)
        if len(paths) != 1 or paths[0] not in known:
            problem = "Several elements are named" if len(paths) > 1 else "The part number scheme has no element"
            self._note(path, f"{problem} {reference!r}.", reference, known, at_key=True)

    def template(self, reference: str, path: Path) -> Template | None:
        name = self._named("change order template", reference, list(self.setting.templates), path)
        return None if name is None else self.setting.templates[name]

    def _named(self, noun: str, reference: str, known: Sequence[str], path: Path) -> str | None:
        """The name as the configuration writes it; capitals make no difference."""
        found = next((each for each in known if each.lower() == reference.lower()), None)
        if found is None:
            self.note_unknown(noun, reference, known, path)
        return found

    def note_unknown(
        self, noun: str, reference: str, known: Sequence[str], path: Path, *, at_key: bool = False
    ) -> None:
        self._note(path, f"There is no {noun} {reference!r}.", reference, known, at_key=at_key)

    def _note(self, path: Path, message: str, word: str, known: Sequence[str], *, at_key: bool) -> None:
        if len(self.faults.found) >= FAULTS_MAX:
            return  # and look for no more words that are like others, which takes a millisecond in a large catalog
        expected = f"one of {listed(known)}" if known else None
        self.faults.add(path, message, expected=expected, hint=nearest_hint(word, known), at_key=at_key)
