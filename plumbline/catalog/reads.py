"""Questions about the catalog. It is small (hundreds of rows), so it is read whole and looked up in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from plumbline.access.permissions import Permission, read
from plumbline.catalog import store
from plumbline.catalog.errors import CategoryMissing, StatusMissing, UnknownAttribute
from plumbline.catalog.model import Attribute, Category, CategoryAttribute, Status
from plumbline.kit.errors import PathPart
from plumbline.storage.unit_of_work import Scope


@dataclass(frozen=True)
class Catalog:
    """The whole catalog of a library at one moment."""

    statuses: tuple[Status, ...]
    categories: tuple[Category, ...]
    attributes: tuple[Attribute, ...]
    category_attributes: tuple[CategoryAttribute, ...]

    @cached_property
    def status_by_id(self) -> dict[str, Status]:
        return {status.id: status for status in self.statuses}

    @cached_property
    def category_by_id(self) -> dict[str, Category]:
        return {category.id: category for category in self.categories}

    @cached_property
    def attribute_by_id(self) -> dict[str, Attribute]:
        return {attribute.id: attribute for attribute in self.attributes}

    @cached_property
    def attribute_by_name(self) -> dict[str, Attribute]:
        """Names in lower case: people do not remember capitals."""
        return {attribute.name.lower(): attribute for attribute in self.attributes}

    @cached_property
    def attributes_of_category(self) -> dict[str, tuple[Attribute, ...]]:
        found: dict[str, list[Attribute]] = {category.id: [] for category in self.categories}
        for link in self.category_attributes:
            found[link.category_id].append(self.attribute_by_id[link.attribute_id])
        return {category_id: tuple(items) for category_id, items in found.items()}

    def category(self, reference: str, path: tuple[PathPart, ...] = ()) -> Category:
        """By id, by code, or by a name that only one category has."""
        if (found := self.category_by_id.get(reference)) is not None:
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
        if found is None:
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
    return Catalog(
        tuple(store.statuses_of_library(scope.connection, scope.library_id)),
        tuple(store.categories_of_library(scope.connection, scope.library_id)),
        tuple(store.attributes_of_library(scope.connection, scope.library_id)),
        tuple(store.category_attributes_of_library(scope.connection, scope.library_id)),
    )


@read(needs=Permission.LIBRARY_READ)
def statuses_by_id(scope: Scope) -> dict[str, Status]:
    """Every status; there are few."""
    return {each.id: each for each in store.statuses_of_library(scope.connection, scope.library_id)}


@read(needs=Permission.LIBRARY_READ)
def categories_by_ids(scope: Scope, ids: Iterable[str]) -> dict[str, Category]:
    """Those of the ids that exist."""
    wanted = list(dict.fromkeys(ids))
    return {each.id: each for each in store.categories_by_ids(scope.connection, scope.library_id, wanted)}
