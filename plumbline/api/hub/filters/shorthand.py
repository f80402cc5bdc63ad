"""The filter of the first documents: `{ status: ACTIVE  partNumber: { contains: "ABC" }  createdAt: { gte: "2024-01-01" } }`.

A value alone means equals, a list means any of; an object holds operators. A value may be a text, a number or a bare word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from graphql import GraphQLError

from plumbline.api.graphql_kit.scalars import Scalar
from plumbline.api.hub.filters.fields import FIELDS, TYPES, Group, group_filter
from plumbline.api.hub.filters.gathering import gathered
from plumbline.api.hub.filters.leaves import Kind, Leaf, Wire
from plumbline.api.hub.filters.sizes import finished
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import EVERYTHING, Field, Filter
from plumbline.components.filter_terms import People, all_of
from plumbline.kit.errors import PathPart

LEVELS_MAX = 3
"""Names, operators below them, and a list: `{ name: { in: [...] } }`."""

SHORTHAND: Mapping[str, Group] = {
    **FIELDS,
    "ids": Group(Leaf(Field.ID)),
    "status": replace(FIELDS["status"], itself=Leaf(Field.STATUS_NAME, Kind.STATUS_WORD)),
    "type": Group(Leaf(Field.CATEGORY_TYPE, Kind.CHOICE, TYPES)),
}


def shorthand_filter(wire: Wire | None, people: People, root: PathPart = "filter") -> Filter:
    """Nothing, or an empty object, is every component."""

    def read() -> Filter:
        given = {name: value for name, value in (wire or {}).items() if value is not None}
        parts = gathered(((name,), partial(_field, name, value, people)) for name, value in given.items())
        return finished(all_of(parts) if parts else EVERYTHING)

    return gathered([((root,), read)])[0]


def _field(name: str, value: object, people: People) -> Filter:
    if isinstance(value, Mapping):
        return group_filter(SHORTHAND[name], value, people)
    operator = "in" if isinstance(value, list | tuple) else "eq"
    try:
        return group_filter(SHORTHAND[name], {operator: value}, people)
    except InvalidFilter as fault:
        fault.path = fault.path[1:]  # the operator is not the caller's
        raise


def _shorthand_from_wire(value: object) -> object:
    if not _is_within(value, LEVELS_MAX):
        raise GraphQLError("Expected a value, a list of values, or an object of operators.")
    return value


def _is_within(value: object, levels: int) -> bool:
    if isinstance(value, dict | list):
        members = value.values() if isinstance(value, dict) else value
        return levels > 0 and all(_is_within(each, levels - 1) for each in members)
    return True


def _operand_from_wire(value: object) -> object:
    if not isinstance(value, str | int | float | bool):
        raise GraphQLError("Expected a text, a number, or true or false.")
    return value


FILTER_SCALARS: Mapping[str, Scalar] = {
    "FilterShorthand": Scalar(lambda value: value, _shorthand_from_wire),
    "FilterOperand": Scalar(lambda value: value, _operand_from_wire),
}
"""For the builder of the schema, beside the standard ones."""
