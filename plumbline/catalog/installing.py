"""What a library's catalog becomes under a registry and a status order (pure): entries that mean the same keep their identity.

A category is recognised by the name it had before (`formerly`), by its code and name, by its name, or by its code, in this order; an
attribute or a status by its former name or its name. What is recognised nowhere is new, and what nothing recognises retires.
An entry that had retired comes back if its code and name are the same. A former name is spoken once: documents that go on saying it
after the rename (`Renames`) do not rename another entry that takes that name later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from plumbline.catalog.errors import InvalidCatalogEntry
from plumbline.catalog.model import Attribute, Category, CategoryAttribute, NewStatus, Status
from plumbline.catalog.reads import Catalog
from plumbline.catalog.registry.kinds import kind_of
from plumbline.catalog.registry.rules import SpecRule, rule_text
from plumbline.kit.ids import IdSource

if TYPE_CHECKING:
    from plumbline.catalog.registry.resolution import RegisteredCategory, Registry


ENTRIES_MAX = 2000
"""Categories, attributes, and statuses, that one library can have; the catalog is read whole."""


@dataclass(frozen=True, slots=True)
class CatalogRows:
    """Every row of a catalog, those of retired entries among them."""

    statuses: tuple[Status, ...]
    categories: tuple[Category, ...]
    attributes: tuple[Attribute, ...]
    links: tuple[CategoryAttribute, ...]


def refuse_oversize(rows: CatalogRows) -> None:
    """Raises InvalidCatalogEntry for a catalog of more active entries than a library can have."""
    for entries, what in (
        (rows.statuses, "statuses"),
        (rows.categories, "categories"),
        (rows.attributes, "attributes"),
    ):
        refuse_too_many(sum(each.retired_change is None for each in entries), what)


def refuse_too_many(count: int, what: str) -> None:
    if count > ENTRIES_MAX:
        raise InvalidCatalogEntry(f"The library would have {count} {what}.", expected=f"at most {ENTRIES_MAX}")


def next_free_code(codes: Collection[str]) -> str:
    """For a category that is created without one."""
    for number in range(100, 1000):
        if (code := f"{number}") not in codes:
            return code
    raise InvalidCatalogEntry(
        "All codes from 100 to 999 are taken.", path=("code",), hint="Give the category a code of your own."
    )


Rename = tuple[str, str]
"""A name and the name before it, in small letters."""


@dataclass(frozen=True, slots=True)
class Renames:
    """What the documents in force say of former names already."""

    statuses: frozenset[Rename] = frozenset()
    categories: frozenset[Rename] = frozenset()
    attributes: frozenset[Rename] = frozenset()


NOTHING_SAID = Renames()


class _Renamed(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def formerly(self) -> str | None: ...


def renames_said(statuses: Iterable[_Renamed], registry: Registry | None) -> Renames:
    categories = () if registry is None else registry.categories
    specs = [spec for category in categories for spec in category.specs]
    return Renames(_renames(statuses), _renames(categories), _renames(specs))


def _renames(entries: Iterable[_Renamed]) -> frozenset[Rename]:
    return frozenset((each.name.lower(), each.formerly.lower()) for each in entries if each.formerly is not None)


def rows_of(catalog: Catalog) -> CatalogRows:
    return CatalogRows(
        catalog.every_status, catalog.every_category, catalog.every_attribute, catalog.category_attributes
    )


def with_statuses(
    rows: CatalogRows, wanted: Sequence[NewStatus], new_id: IdSource, change: int, said: Renames = NOTHING_SAID
) -> CatalogRows:
    """The catalog with these lifecycle stages, in this order."""
    known = _Recognised(rows.statuses, said.statuses)
    former = {new.name: known.take_renamed(new.name, new.formerly) for new in wanted}
    statuses = []
    for position, new in enumerate(wanted):
        old = former.get(new.name) or known.take(name=new.name) or known.take(name=new.name, retired=True)
        statuses.append(Status(old.id if old else new_id(), new.name, new.maps_to, new.color, position))
    return replace(rows, statuses=(*statuses, *known.retired_since(change)))


def with_registry(
    rows: CatalogRows, registry: Registry, new_id: IdSource, change: int, said: Renames = NOTHING_SAID
) -> CatalogRows:
    """The catalog with these categories and their specs."""
    attributes = _attributes(_Recognised(rows.attributes, said.attributes), rows, registry, new_id, change)
    by_name = {each.name.lower(): each for each in attributes if each.retired_change is None}
    known = _Recognised(rows.categories, said.categories)
    recognised, others = _recognised_categories(known, registry.categories, change)
    categories, links = [], []
    for new, old in zip(registry.categories, recognised, strict=True):
        category = Category(
            id=old.id if old else new_id(),
            code=new.code,
            name=new.name,
            short_name=new.short_name,
            type=new.type,
            unit_of_measure=new.unit_of_measure,
            parent_id=old.parent_id if old else None,
        )
        categories.append(category)
        for position, rule in enumerate(new.specs):
            attribute = by_name[rule.name.lower()]
            # Capitals make no difference between categories, so the attribute's own spelling goes for all of them.
            text = rule_text(rule if rule.name == attribute.name else replace(rule, name=attribute.name))
            links.append(CategoryAttribute(category.id, attribute.id, position, text))
    return replace(rows, categories=(*categories, *others), attributes=attributes, links=tuple(links))


def _recognised_categories(
    known: _Recognised[Category], wanted: Sequence[RegisteredCategory], change: int
) -> tuple[list[Category | None], list[Category]]:
    """For each wanted category the one it was, if any; and those that are wanted no more, retired."""
    found: list[Category | None] = [None] * len(wanted)
    ways: tuple[Callable[[RegisteredCategory], Category | None], ...] = (
        lambda new: known.take_renamed(new.name, new.formerly),
        lambda new: known.take(name=new.name, code=new.code),
        lambda new: known.take(name=new.name),
        lambda new: known.take(code=new.code),
        lambda new: known.take(name=new.name, code=new.code, retired=True),
    )
    for way in ways:
        for index, new in enumerate(wanted):
            if found[index] is None:
                found[index] = way(new)
    return found, known.retired_since(change)


def _attributes(
    known: _Recognised[Attribute], rows: CatalogRows, registry: Registry, new_id: IdSource, change: int
) -> tuple[Attribute, ...]:
    rules: dict[str, list[SpecRule]] = {}
    for category in registry.categories:
        for rule in category.specs:
            rules.setdefault(rule.name.lower(), []).append(rule)
    former = {key: each.formerly for key, found in rules.items() for each in found if each.formerly is not None}
    recognised = {key: known.take_renamed(key, name) for key, name in former.items()}
    attributes = []
    for key, (rule, *others) in rules.items():
        old = recognised.get(key) or known.take(name=key) or known.take(name=key, retired=True)
        kind, unit = kind_of((rule, *others))
        attribute = Attribute(
            id=old.id if old else new_id(),
            name=rule.name,
            type=kind,
            unit=unit,
            source="USER" if rule.source_key is None else "SYSTEM",
            source_key=rule.source_key,
            choices=_choices_of_all((rule, *others)),
        )
        attributes.append(attribute)
    # An attribute that no category has was made by hand and is waiting for one; files cannot speak of it.
    linked = {link.attribute_id for link in rows.links}
    left = [
        each if each.id in linked else old for each, old in zip(known.retired_since(change), known.left, strict=True)
    ]
    return (*attributes, *left)


def _choices_of_all(rules: Sequence[SpecRule]) -> tuple[str, ...]:
    """What an attribute itself offers to choose from: the choices on which all its categories agree and insist."""
    first = rules[0].limits.choices
    agreed = all(each.limits.choices == first and not each.is_warning and not each.is_composite for each in rules)
    return first if agreed else ()


Entry = TypeVar("Entry", Status, Category, Attribute)


class _Recognised(Generic[Entry]):
    """Entries that may be recognised, each once: by name, by code, or by both."""

    def __init__(self, entries: Iterable[Entry], said: Collection[Rename]) -> None:
        self._said = said
        self._waiting: dict[str, Entry] = {each.id: each for each in entries}
        self._by_name: dict[str, list[Entry]] = {}
        self._by_code: dict[str, list[Entry]] = {}
        for each in self._waiting.values():
            self._by_name.setdefault(each.name.lower(), []).append(each)
            if isinstance(each, Category):
                self._by_code.setdefault(each.code, []).append(each)
        self._active = {each.name.lower() for each in self._waiting.values() if each.retired_change is None}

    def take_renamed(self, name: str, formerly: str | None) -> Entry | None:
        """The active entry of the former name; none if it was said before and an entry of the new name is there."""
        if formerly is None or ((name.lower(), formerly.lower()) in self._said and name.lower() in self._active):
            return None
        return self.take(name=formerly)

    def take(self, *, name: str | None = None, code: str | None = None, retired: bool = False) -> Entry | None:
        """The first active entry, or retired one, of that name, code or both."""
        candidates = self._by_name.get(name.lower(), ()) if name is not None else self._by_code.get(code or "", ())
        for each in candidates:
            fits = code is None or (isinstance(each, Category) and each.code == code)
            if fits and each.id in self._waiting and (each.retired_change is not None) is retired:
                return self._waiting.pop(each.id)
        return None

    @property
    def left(self) -> list[Entry]:
        return list(self._waiting.values())

    def retired_since(self, change: int) -> list[Entry]:
        """Those that nothing took."""
        waiting = self._waiting.values()
        return [each if each.retired_change is not None else each._replace(retired_change=change) for each in waiting]
