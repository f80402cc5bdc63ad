"""Questions about the catalog. It is small (hundreds of rows), so it is read whole and looked up in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from plumbline.access.permissions import Permission, read
from plumbline.catalog import store
from plumbline.catalog.errors import CategoryMissing, StatusMissing, UnknownAttribute
from plumbline.catalog.model import Attribute, Category, CategoryAttribute, Status
from plumbline.catalog.registry.rules import SpecRule, rule_from_text
from plumbline.kit.errors import PathPart
from plumbline.kit.late import LateModule
from plumbline.storage.kept import KeptByConfiguration
from plumbline.storage.unit_of_work import Scope

if TYPE_CHECKING:
    from plumbline.catalog.registry import checks
    from plumbline.catalog.registry.checks import Checker
else:
    checks = LateModule("plumbline.catalog.registry.checks")


@dataclass(frozen=True)
class Catalog:
    """The whole catalog of a library at one moment. Retired entries are found by their id, for versions of the past, and not otherwise."""

    every_status: tuple[Status, ...]
    every_category: tuple[Category, ...]
    every_attribute: tuple[Attribute, ...]
    category_attributes: tuple[CategoryAttribute, ...]

    @cached_property
    def statuses(self) -> tuple[Status, ...]:
        return tuple(each for each in self.every_status if each.retired_change is None)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        return tuple(each for each in self.every_category if each.retired_change is None)

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        return tuple(each for each in self.every_attribute if each.retired_change is None)

    @cached_property
    def status_by_id(self) -> dict[str, Status]:
        return {status.id: status for status in self.every_status}

    @cached_property
    def category_by_id(self) -> dict[str, Category]:
        return {category.id: category for category in self.every_category}

    @cached_property
    def attribute_by_id(self) -> dict[str, Attribute]:
        return {attribute.id: attribute for attribute in self.every_attribute}

    @cached_property
    def attribute_by_name(self) -> dict[str, Attribute]:
        """Names in lower case: people do not remember capitals."""
        return {attribute.name.lower(): attribute for attribute in self.attributes}

    @cached_property
    def attributes_of_category(self) -> dict[str, tuple[Attribute, ...]]:
        found: dict[str, list[Attribute]] = {category.id: [] for category in self.every_category}
        for link in self.category_attributes:
            found[link.category_id].append(self.attribute_by_id[link.attribute_id])
        return {category_id: tuple(items) for category_id, items in found.items()}

    @cached_property
    def rules_of_category(self) -> dict[str, tuple[SpecRule, ...]]:
        """What the registry says of the values of each category's attributes."""
        found: dict[str, list[SpecRule]] = {}
        for link in self.category_attributes:
            if link.rule is not None:
                found.setdefault(link.category_id, []).append(rule_from_text(link.rule))
        return {category_id: tuple(rules) for category_id, rules in found.items()}

    @cached_property
    def ruled_attributes(self) -> frozenset[tuple[str, str]]:
        """Categories and attributes whose values a rule judges, in its own way and in its author's words."""
        links = self.category_attributes
        return frozenset((link.category_id, link.attribute_id) for link in links if link.rule is not None)

    def category(self, reference: str, path: tuple[PathPart, ...] = ()) -> Category:
        """By id, by code, or by a name that only one category has."""
        found = self.category_by_id.get(reference)
        if found is not None and found.retired_change is None:
            return found
        fitting = [each for each in self.categories if each.code == reference] or [
            each
            for each in self.categories
            if reference.lower() in (each.name.lower(), (each.short_name or "").lower())
        ]
        if len(fitting) != 1:
            problem = "There is no category" if not fitting else "There are several categories"
            raise CategoryMissing(
                f"{problem} {reference[:80]!r}.", path=path, expected="the id, code or name of a category"
            )
        return fitting[0]

    def status(self, reference: str, path: tuple[PathPart, ...] = ()) -> Status:
        """By id or by name."""
        for each in self.statuses:
            if reference == each.id or reference.lower() == each.name.lower():
                return each
        names = ", ".join(each.name for each in self.statuses)
        raise StatusMissing(f"There is no status {reference[:80]!r}.", path=path, expected=f"one of {names}")

    def attribute(self, reference: str, path: tuple[PathPart, ...] = ()) -> Attribute:
        """By id or by name."""
        found = self.attribute_by_id.get(reference) or self.attribute_by_name.get(reference.lower())
        if found is None or found.retired_change is not None:
            raise UnknownAttribute(
                f"There is no attribute {reference[:80]!r}.", path=path, expected="the name or id of an attribute"
            )
        return found

    @property
    def default_category(self) -> Category:
        """Where a component goes that nobody has sorted yet: the category with the lowest code."""
        if not self.categories:
            raise CategoryMissing("The library has no categories yet.", hint="Create one, or install a preset.")
        return self.categories[0]

    def attribute_by_source_key(self, source_key: str) -> Attribute | None:
        """The attribute that the product computes with, such as `mass`."""
        return next((each for each in self.attributes if each.source_key == source_key), None)


@read(needs=Permission.LIBRARY_READ)
def catalog(scope: Scope) -> Catalog:
    """Everything a component can be."""
    return _CATALOGS.get(scope, lambda: _read(scope))


_CATALOGS = KeptByConfiguration[Catalog]()


class Checkers:
    """The rules of every category, prepared when they are first needed."""

    def __init__(self, known: Catalog) -> None:
        self._known = known
        self._by_category: dict[str, Checker] = {}

    def of(self, category_id: str) -> Checker:
        checker = self._by_category.get(category_id)
        if checker is None:
            rules = self._known.rules_of_category.get(category_id, ())
            statuses = [status.name for status in self._known.statuses]
            checker = self._by_category[category_id] = checks.checker_of(rules, statuses)
        return checker


@read(needs=Permission.LIBRARY_READ)
def prepared_rules(scope: Scope) -> Checkers:
    """What the values of a component must be, by category."""
    return _CHECKERS.get(scope, lambda: Checkers(catalog(scope)))


_CHECKERS = KeptByConfiguration[Checkers]()


def _read(scope: Scope) -> Catalog:
    return Catalog(
        tuple(store.statuses_of_library(scope.connection, scope.library_id)),
        tuple(store.categories_of_library(scope.connection, scope.library_id)),
        tuple(store.attributes_of_library(scope.connection, scope.library_id)),
        tuple(store.category_attributes_of_library(scope.connection, scope.library_id)),
    )
