"""Which field of the part master a wire name means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from plumbline.api.hub.filters.gathering import Reading, gathered
from plumbline.api.hub.filters.leaves import Kind, Leaf, Wire, leaf_filter
from plumbline.catalog.model import CategoryType
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import VALUES_MAX, Field, Filter
from plumbline.components.filter_terms import People, all_of, checked_value
from plumbline.components.model import ComponentState, Procurement

TYPES = ("PART", *CategoryType)


@dataclass(frozen=True, slots=True)
class Group:
    """A wire name with names below it, `category.code`. Operators that stand directly at the group are meant for `itself`."""

    itself: Leaf
    parts: Mapping[str, Leaf] = field(default_factory=dict)


def group_filter(group: Group, wire: object, people: People) -> Filter:
    """Everything that is asked of one wire name; all of it must hold."""
    if not isinstance(wire, Mapping):
        return leaf_filter(group.itself, wire, people)
    given = {str(name): value for name, value in wire.items() if value is not None}
    own = {name: value for name, value in given.items() if name not in group.parts}
    below = {name: value for name, value in given.items() if name in group.parts}
    readings: list[Reading] = [
        ((name,), partial(leaf_filter, group.parts[name], value, people)) for name, value in below.items()
    ]
    if own or not below:
        readings.append(((), partial(leaf_filter, group.itself, own, people)))
    return all_of(gathered(readings))


def attribute_filters(wire: object, people: People) -> Filter:
    """A list of conditions on attributes: each names one by `name` or `id`, and compares."""
    if not isinstance(wire, list | tuple) or not 1 <= len(wire) <= VALUES_MAX:
        raise InvalidFilter("There are no conditions in the list.", expected="a list of conditions")
    return all_of(gathered(_attribute_readings(wire, people)))


def _attribute_readings(wire: list[object] | tuple[object, ...], people: People) -> Iterator[Reading]:
    for index, each in enumerate(wire):
        yield (index,), partial(_attribute, each, people)


def _attribute(wire: object, people: People) -> Filter:
    given: Wire = wire if isinstance(wire, Mapping) else {}
    names = [str(given[key]) for key in ("name", "id") if given.get(key) is not None]
    if len(names) != 1:
        raise InvalidFilter("The condition does not name one attribute.", expected="either name or id of an attribute")
    operators = {name: value for name, value in given.items() if name not in ("name", "id")}
    leaf = Leaf(Field.ATTRIBUTE, Kind.ATTRIBUTE, attribute=checked_value(names[0]))
    return leaf_filter(leaf, operators, people)


_STATE = Leaf(Field.STATE, Kind.CHOICE, tuple(ComponentState))
_PROCUREMENT = Leaf(Field.PROCUREMENT, Kind.CHOICE, tuple(Procurement))
_CATEGORY_TYPE = Leaf(Field.CATEGORY_TYPE, Kind.CHOICE, TYPES)
_FAVORITE = Group(Leaf(Field.FAVORITE, Kind.FLAG))


def _person(person: Field) -> Group:
    leaf = Leaf(person, Kind.PERSON)
    return Group(leaf, {"id": leaf, "name": leaf, "email": leaf, "primaryEmail": leaf})


def _named(text: Field) -> Group:
    """A field that the wire shows as an object with a name."""
    return Group(Leaf(text), {"name": Leaf(text)})


FIELDS: Mapping[str, Group] = {
    "alias": Group(Leaf(Field.ALIAS)),
    "category": Group(
        Leaf(Field.CATEGORY_NAME),
        {
            "id": Leaf(Field.CATEGORY_ID),
            "name": Leaf(Field.CATEGORY_NAME),
            "code": Leaf(Field.CATEGORY_CODE),
            "type": _CATEGORY_TYPE,
        },
    ),
    "cpn": Group(Leaf(Field.CPN)),
    "createdAt": Group(Leaf(Field.CREATED_AT, Kind.MOMENT)),
    "createdBy": _person(Field.CREATED_BY),
    "description": Group(Leaf(Field.DESCRIPTION)),
    "eid": Group(Leaf(Field.EID)),
    "id": Group(Leaf(Field.ID)),
    "isArchived": Group(Leaf(Field.ARCHIVED, Kind.FLAG)),
    "isBookmarked": _FAVORITE,
    "isFavorited": _FAVORITE,
    "isModified": Group(Leaf(Field.STATE, Kind.MODIFIED)),
    "isPinned": Group(Leaf(Field.PINNED, Kind.FLAG)),
    "labels": _named(Field.LABEL),
    "manufacturer": _named(Field.MANUFACTURER),
    "mpn": Group(Leaf(Field.MPN)),
    "name": Group(Leaf(Field.NAME)),
    "partNumber": Group(Leaf(Field.CPN)),
    "procurement": Group(_PROCUREMENT, {"type": _PROCUREMENT}),
    "revision": Group(Leaf(Field.REVISION)),
    "state": Group(_STATE),
    "status": Group(
        Leaf(Field.STATUS_NAME),
        {
            "id": Leaf(Field.STATUS_ID),
            "name": Leaf(Field.STATUS_NAME),
            "type": Leaf(Field.STATUS_TYPE),
            "mapsTo": Leaf(Field.STATUS_TYPE),
        },
    ),
    "updatedAt": Group(Leaf(Field.UPDATED_AT, Kind.MOMENT)),
    "updatedBy": _person(Field.UPDATED_BY),
}
"""A bookmark and a favourite are the same mark; the generations of the API call it one or the other."""
