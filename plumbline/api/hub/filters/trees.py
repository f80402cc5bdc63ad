"""Filters that are trees: `and`, `or`, `not` and conditions, nested and side by side; whatever stands side by side must all hold.

{ or: [ { status: { eq: "Design" } }, { isFavorited: { eq: true } } ],  mpn: { isNull: false } }
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from plumbline.api.hub.filters.fields import FIELDS, attribute_filters, group_filter
from plumbline.api.hub.filters.gathering import Reading, gathered
from plumbline.api.hub.filters.leaves import Wire
from plumbline.api.hub.filters.sizes import finished
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import DEPTH_MAX, EVERYTHING, LEAVES_MAX, Filter, Not
from plumbline.components.filter_terms import People, all_of, any_of
from plumbline.kit.errors import PathPart


def tree_filter(wire: Wire | None, people: People, root: PathPart = "filter") -> Filter:
    """`componentSearch(filter:)`; nothing, or an empty object, is every component."""
    return _whole(wire, people, root)


def condition_filter(wire: Wire | None, people: People, root: PathPart = "input") -> Filter:
    """`component { filter(input:) }`, which differs in the type names of its input alone."""
    return _whole(wire, people, root)


def _whole(wire: Wire | None, people: People, root: PathPart) -> Filter:
    def read() -> Filter:
        given = {name: value for name, value in (wire or {}).items() if value is not None}
        return finished(_object(given, people, 1) if given else EVERYTHING)

    return gathered([((root,), read)])[0]


def _object(wire: object, people: People, level: int) -> Filter:
    if not isinstance(wire, Mapping):
        raise InvalidFilter("A filter is an object.", expected="an object of conditions")
    if level > DEPTH_MAX:
        raise InvalidFilter("The filter is nested too deep.", expected=f"at most {DEPTH_MAX} levels")
    given = {str(name): value for name, value in wire.items() if value is not None}
    if not given:
        raise InvalidFilter("There is no condition here.", expected="a condition, and, or, or not")
    return all_of(gathered(_readings(given, people, level)))


def _readings(given: Wire, people: People, level: int) -> Iterator[Reading]:
    for name, value in given.items():
        if name in ("and", "or"):
            yield (name,), partial(_list, name, value, people, level)
        elif name == "not":
            yield (name,), partial(_negated, value, people, level)
        elif name in ("attributes", "specs"):
            yield (name,), partial(attribute_filters, value, people)
        elif name in FIELDS:
            yield (name,), partial(group_filter, FIELDS[name], value, people)
        else:
            yield (name,), partial(_unknown, name)


def _list(name: str, wire: object, people: People, level: int) -> Filter:
    if not isinstance(wire, list | tuple) or not 1 <= len(wire) <= LEAVES_MAX:
        count = len(wire) if isinstance(wire, list | tuple) else 0
        raise InvalidFilter(f"`{name}` has {count} members.", expected=f"1 to {LEAVES_MAX}")
    parts = gathered(((index,), partial(_object, each, people, level + 1)) for index, each in enumerate(wire))
    return all_of(parts) if name == "and" else any_of(parts)


def _negated(wire: object, people: People, level: int) -> Filter:
    return Not(_object(wire, people, level + 1))


def _unknown(name: str) -> Filter:
    raise InvalidFilter(f"There is no field {name[:40]!r} to filter by.", expected=f"one of {', '.join(FIELDS)}")
