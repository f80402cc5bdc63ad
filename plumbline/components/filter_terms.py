"""The terms that every filter language ends in: how a text becomes part of a filter, the same for the search bar and for each API.

A date without a time means that whole day in UTC: `<= 2023-12-31` includes the 31st, `> 2023-12-31` begins after it, `= 2023-12-31` is
all of it. People are compared by user id; a resolver, which the caller passes in, finds the ids behind a name or an e-mail address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import All, AnyOf, Field, Filter, Not, Operator, Where
from plumbline.kit.clock import from_iso, to_iso
from plumbline.kit.ids import is_id

People = Callable[[str], tuple[str, ...]]
"""The ids of the users whom a name or an e-mail address means; nobody is an empty tuple."""

VALUE_LENGTH_MAX = 500
FIRST_MOMENT = datetime(1000, 1, 1, tzinfo=UTC)
"""Years before have fewer digits, and moments are compared as texts; nothing was recorded then."""
NOTHING = AnyOf(())
"""Fits no component."""


def all_of(parts: Sequence[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def any_of(parts: Sequence[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def checked_value(value: str, length_max: int = VALUE_LENGTH_MAX) -> str:
    """A text that both databases can be asked about."""
    if len(value) > length_max:
        raise InvalidFilter(f"A value has {len(value)} characters.", expected=f"at most {length_max} characters")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidFilter("A value holds characters that no text has.", expected="printable text")
    return value


def moment_filter(field: Field, operator: Operator, text: str) -> Filter:
    """A date field compared with a date or a moment; EQ and the four orders."""
    start, end = span_of(text)
    if operator is Operator.EQ:
        if end is None:
            return Where(field, Operator.EQ, start)
        return All((Where(field, Operator.GTE, start), Where(field, Operator.LT, end)))
    if operator is Operator.GT and end is not None:
        return Where(field, Operator.GTE, end)
    if operator is Operator.LTE and end is not None:
        return Where(field, Operator.LT, end)
    return Where(field, operator, start)


def span_of(text: str) -> tuple[str, str | None]:
    """From when to when, the end excluded, as the tables write moments; a moment has no end."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _moment(text), None
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        return _stored(start), _stored(start + timedelta(days=1))
    except OverflowError:
        raise _not_a_moment(text) from None


def people_filter(field: Field, names: Iterable[str], people: People) -> Filter:
    """Who did it, by id, e-mail address or name. A name that nobody has fits no component."""
    ids = [found for name in names for found in ((name,) if is_id(name) else people(name))]
    return Where(field, Operator.IN, tuple(dict.fromkeys(ids))) if ids else NOTHING


def mentions(tree: Filter, field: Field) -> bool:
    """Whether the filter says anything about the field."""
    if isinstance(tree, Where):
        return tree.field is field
    parts = (tree.part,) if isinstance(tree, Not) else tree.parts
    return any(mentions(part, field) for part in parts)


def _moment(text: str) -> str:
    try:
        return _stored(from_iso(text))
    except (ValueError, OverflowError):
        raise _not_a_moment(text) from None


def _stored(moment: datetime) -> str:
    return to_iso(max(moment, FIRST_MOMENT))


def _not_a_moment(text: str) -> InvalidFilter:
    return InvalidFilter(
        f"{text[:40]!r} is not a date.", expected="a date such as 2026-11-22, or a moment such as 2026-11-22T10:30:00Z"
    )
