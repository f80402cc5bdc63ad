"""`component { findAll(filter:) }`: a few fields, all of which must fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from plumbline.api.hub.filters.fields import TYPES
from plumbline.api.hub.filters.gathering import gathered
from plumbline.api.hub.filters.leaves import Kind, Leaf, Wire, leaf_filter
from plumbline.api.hub.filters.sizes import finished
from plumbline.components import search_syntax
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import EVERYTHING, Field, Filter
from plumbline.components.filter_terms import People, all_of, any_of
from plumbline.kit.errors import PathPart

PARTIAL_NAMES_MAX = 100
"""Each is a condition of its own; exact names are one list."""
Read = Callable[[object, People], Filter]


def flat_filter(wire: Wire | None, people: People, root: PathPart = "filter") -> Filter:
    """Nothing, or an empty object, is every component; archived ones only with `isArchived: true`."""

    def read() -> Filter:
        given = {name: value for name, value in (wire or {}).items() if value is not None}
        parts = gathered(((name,), partial(FLAT[name], value, people)) for name, value in given.items())
        return finished(all_of(parts) if parts else EVERYTHING)

    return gathered([((root,), read)])[0]


def _compared(operator: str, leaf: Leaf) -> Read:
    return lambda value, people: _without_operator(leaf_filter, leaf, {operator: value}, people)


def _without_operator(read: Callable[[Leaf, object, People], Filter], leaf: Leaf, wire: Wire, people: People) -> Filter:
    """The operator is ours, not the caller's: it has no place in the path of a refusal."""
    try:
        return read(leaf, wire, people)
    except InvalidFilter as fault:
        fault.path = fault.path[1:]
        raise


def _names(value: object, people: People) -> Filter:
    """Any of the texts in the name."""
    names = value if isinstance(value, list | tuple) else [value]
    if not 1 <= len(names) <= PARTIAL_NAMES_MAX:
        raise InvalidFilter(
            f"There are {len(names)} names.", expected=f"1 to {PARTIAL_NAMES_MAX}", hint="exactNames takes 1000."
        )
    contains = _compared("contains", Leaf(Field.NAME))
    return any_of(gathered(((index,), partial(contains, name, people)) for index, name in enumerate(names)))


def _searched(value: object, people: People) -> Filter:
    try:
        return search_syntax.search_filter(str(value), people)
    except InvalidFilter as fault:
        _without_root([fault, *(each for each in fault.also if isinstance(each, InvalidFilter))])
        raise


def _without_root(faults: Sequence[InvalidFilter]) -> None:
    """The search syntax calls its text `search`, which is the name of the field that it stands in here."""
    for fault in faults:
        fault.path = ()


FLAT: Mapping[str, Read] = {
    "aliases": _compared("in", Leaf(Field.ALIAS)),
    "categoryId": _compared("eq", Leaf(Field.CATEGORY_ID)),
    "categoryType": _compared("eq", Leaf(Field.CATEGORY_TYPE, Kind.CHOICE, TYPES)),
    "cpns": _compared("in", Leaf(Field.CPN)),
    "eid": _compared("eq", Leaf(Field.EID)),
    "exactNames": _compared("in", Leaf(Field.NAME)),
    "ids": _compared("in", Leaf(Field.ID)),
    "isArchived": _compared("eq", Leaf(Field.ARCHIVED, Kind.FLAG)),
    "mpns": _compared("in", Leaf(Field.MPN)),
    "name": _compared("contains", Leaf(Field.NAME)),
    "names": _names,
    "search": _searched,
    "statusId": _compared("eq", Leaf(Field.STATUS_ID)),
}
