"""Verbs of the catalog: add categories, attributes and statuses one by one; as a whole, a configuration puts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from plumbline.access.permissions import Permission, action
from plumbline.catalog import store
from plumbline.catalog.errors import CatalogNameTaken, InvalidCatalogEntry
from plumbline.catalog.events import AttributeCreated, CategoryCreated, StatusCreated
from plumbline.catalog.installing import CatalogRows, next_free_code, refuse_too_many, rows_of
from plumbline.catalog.model import (
    STATUS_MEANINGS,
    Attribute,
    AttributeType,
    Category,
    CategoryAttribute,
    NewAttribute,
    NewCategory,
    NewStatus,
    Status,
    unit_of_measure,
)
from plumbline.catalog.reads import Catalog, catalog
from plumbline.kit.measures import dimension_of
from plumbline.storage.unit_of_work import UnitOfWork

NAME_LENGTH_MAX = 100
CHOICES_MAX = 500
"""Values of one attribute to choose from."""
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


@action(needs=Permission.CATALOG_EDIT)
def create_statuses(work: UnitOfWork, new: Sequence[NewStatus]) -> list[Status]:
    """Adds lifecycle stages after those that exist."""
    known = catalog(work)
    first = len(known.statuses)
    refuse_too_many(first + len(new), "statuses")
    made = [_status(work, each, first, index) for index, each in enumerate(new)]
    _refuse_taken((each.name for each in made), (each.name for each in known.statuses), "status")
    store.insert_statuses(work.connection, work.library_id, made)
    work.change_configuration()
    for each in made:
        work.emit(StatusCreated(each.id, each.name))
    return made


@action(needs=Permission.CATALOG_EDIT)
def create_attributes(work: UnitOfWork, new: Sequence[NewAttribute]) -> list[Attribute]:
    """Adds attributes that categories can then carry."""
    known = catalog(work)
    refuse_too_many(len(known.attributes) + len(new), "attributes")
    made = [_attribute(work, each, index) for index, each in enumerate(new)]
    _refuse_taken((each.name for each in made), (each.name for each in known.attributes), "attribute")
    store.insert_attributes(work.connection, work.library_id, made)
    work.change_configuration()
    for each in made:
        work.emit(AttributeCreated(each.id, each.name))
    return made


@action(needs=Permission.CATALOG_EDIT)
def create_categories(work: UnitOfWork, new: Sequence[NewCategory]) -> list[Category]:
    """Adds categories; one without a code gets the next free three-digit code."""
    known = catalog(work)
    refuse_too_many(len(known.categories) + len(new), "categories")
    codes = {each.code for each in known.categories}
    wanted = [None if each.code is None else _name(each.code, index, "code", 20) for index, each in enumerate(new)]
    _refuse_taken((code for code in wanted if code is not None), codes, "category code")
    codes.update(code for code in wanted if code is not None)
    made: list[Category] = []
    links: list[CategoryAttribute] = []
    for index, each in enumerate(new):
        category = _category(work, known, each, wanted[index] or next_free_code(codes), index)
        codes.add(category.code)
        made.append(category)
        named = [known.attribute(name, ("inputs", index, "attributes", i)).id for i, name in enumerate(each.attributes)]
        links += [CategoryAttribute(category.id, one, i, None) for i, one in enumerate(dict.fromkeys(named))]
    store.insert_categories(work.connection, work.library_id, made)
    store.insert_category_attributes(work.connection, links)
    work.change_configuration()
    for category in made:
        work.emit(CategoryCreated(category.id, category.code, category.name))
    return made


@action(needs=Permission.CATALOG_EDIT)
def add_attributes_to_category(work: UnitOfWork, category_id: str, attribute_ids: Sequence[str]) -> Category:
    """Lets the components of a category have more attributes; those that it has already are left alone."""
    known = catalog(work)
    category = known.category(category_id, path=("categoryId",))
    present = known.attributes_of_category[category.id]
    wanted = [known.attribute(reference, path=("attributeIds", i)) for i, reference in enumerate(attribute_ids)]
    added = [each for each in dict.fromkeys(wanted) if each not in present]
    if added:
        first = len(present)
        links = [CategoryAttribute(category.id, each.id, first + i, None) for i, each in enumerate(added)]
        store.insert_category_attributes(work.connection, links)
        work.change_configuration()
    return category


def put_catalog(work: UnitOfWork, wanted: CatalogRows) -> None:
    """Makes these rows the catalog; called by the configuration, which has shown before what that means. No verb of its own."""
    present = rows_of(catalog(work))
    if wanted == present:
        return
    store.put_statuses(work.connection, work.library_id, present.statuses, wanted.statuses)
    store.put_attributes(work.connection, work.library_id, present.attributes, wanted.attributes)
    store.put_categories(work.connection, work.library_id, present.categories, wanted.categories)
    store.put_category_attributes(work.connection, present.links, wanted.links)
    work.change_configuration()
    _tell_of_new(work, present, wanted)


def _tell_of_new(work: UnitOfWork, present: CatalogRows, wanted: CatalogRows) -> None:
    known = {each.id for each in present.statuses}
    known |= {each.id for each in present.attributes} | {each.id for each in present.categories}
    for status in wanted.statuses:
        if status.id not in known:
            work.emit(StatusCreated(status.id, status.name))
    for attribute in wanted.attributes:
        if attribute.id not in known:
            work.emit(AttributeCreated(attribute.id, attribute.name))
    for category in wanted.categories:
        if category.id not in known:
            work.emit(CategoryCreated(category.id, category.code, category.name))


def _status(work: UnitOfWork, new: NewStatus, first: int, index: int) -> Status:
    if new.maps_to not in STATUS_MEANINGS:
        raise InvalidCatalogEntry(
            f"A status cannot mean {new.maps_to[:40]!r}.",
            path=("inputs", index, "mapsTo"),
            expected=f"one of {', '.join(STATUS_MEANINGS)}",
        )
    if not _COLOR.fullmatch(new.color):
        raise InvalidCatalogEntry(
            f"{new.color[:40]!r} is not a color.", path=("inputs", index, "color"), expected="#RRGGBB"
        )
    return Status(work.new_id(), _name(new.name, index), new.maps_to, new.color, first + index)


def _attribute(work: UnitOfWork, new: NewAttribute, index: int) -> Attribute:
    name = _name(new.name, index)
    if new.unit is not None and (new.type != AttributeType.NUMBER or dimension_of(new.unit) is None):
        raise InvalidCatalogEntry(
            f"The attribute {name!r} cannot be measured in {new.unit[:40]!r}.",
            path=("inputs", index, "unit"),
            expected="a known unit such as mm, kΩ, g or USD, on an attribute of type NUMBER",
        )
    if len(new.choices) > CHOICES_MAX:
        raise InvalidCatalogEntry(
            f"The attribute {name!r} has {len(new.choices)} choices.",
            path=("inputs", index, "choices"),
            expected=f"at most {CHOICES_MAX}",
        )
    choices = tuple(dict.fromkeys(_name(each, index, "choices") for each in new.choices))
    source = "USER" if new.source_key is None else "SYSTEM"
    return Attribute(work.new_id(), name, new.type, new.unit, source, new.source_key, choices)


def _category(work: UnitOfWork, known: Catalog, new: NewCategory, code: str, index: int) -> Category:
    unit = unit_of_measure(new.unit_of_measure)
    if unit is None:
        raise InvalidCatalogEntry(
            f"{new.unit_of_measure[:40]!r} is not a unit of measure.",
            path=("inputs", index, "unitOfMeasure"),
            expected="EACH, METER, …",
        )
    parent = None if new.parent_id is None else known.category(new.parent_id, ("inputs", index, "parentId")).id
    short_name = None if new.short_name is None else _name(new.short_name, index, "shortName")
    return Category(work.new_id(), code, _name(new.name, index), short_name, new.type, unit, parent)


def _name(text: str, index: int, field: str = "name", length_max: int = NAME_LENGTH_MAX) -> str:
    """Without blanks around it, and single ones inside: two names never differ in blanks alone."""
    name, path = " ".join(text.split()), ("inputs", index, field)
    if not 1 <= len(name) <= length_max:
        raise InvalidCatalogEntry(
            f"The {field} {text[:40]!r} has {len(name)} characters.",
            path=path,
            expected=f"1 to {length_max} characters",
        )
    if any(character < " " or character == "\x7f" for character in name):
        raise InvalidCatalogEntry(f"The {field} holds control characters.", path=path, expected="printable text")
    return name


def _refuse_taken(wanted: Iterable[str], taken: Iterable[str], what: str) -> None:
    seen = {each.lower() for each in taken}
    for name in wanted:
        if name.lower() in seen:
            raise CatalogNameTaken(f"The {what} {name[:80]!r} exists already.", path=("name",))
        seen.add(name.lower())
