"""How the catalog refuses.

InvalidInput    InvalidCatalogEntry, InvalidAttributeValue, UnknownAttribute
NotFound        CategoryMissing, StatusMissing, AttributeMissing
Conflict        CatalogNameTaken
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, InvalidInput, NotFound


class InvalidCatalogEntry(InvalidInput):
    """A category, attribute or status that cannot be."""


class InvalidAttributeValue(InvalidInput):
    """The value does not fit the type, the unit or the choices of its attribute."""


class UnknownAttribute(InvalidInput):
    """The library has no attribute of that name or id."""


class CategoryMissing(NotFound):
    """The library has no such category."""


class StatusMissing(NotFound):
    """The library has no such status."""


class AttributeMissing(NotFound):
    """The library has no such attribute."""


class CatalogNameTaken(Conflict):
    """The name or code belongs to another entry."""


class InvalidRegistry(InvalidInput):
    """A category registry or a category set says something that cannot be."""
