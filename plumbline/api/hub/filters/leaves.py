"""One condition: the operators that stand at a field, and what each does there. Several operators at one field must all hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from functools import partial

from plumbline.api.hub.filters.gathering import gathered
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import VALUES_MAX, Field, Filter, Not, Operator, Where
from plumbline.components.filter_terms import People, all_of, any_of, checked_value, moment_filter, people_filter
from plumbline.components.model import ComponentState
from plumbline.kit.quantity import canonical

Wire = Mapping[str, object]
"""An input object as graphql-core coerced it: JSON-like values under wire names."""


class Kind(Enum):
    """What the values of a field are, which settles how they are read and which operators make sense."""

    TEXT = "text"
    MOMENT = "moment"
    FLAG = "flag"
    MODIFIED = "modified"
    CHOICE = "choice"
    PERSON = "person"
    ATTRIBUTE = "attribute"
    STATUS_WORD = "status word"


@dataclass(frozen=True, slots=True)
class Leaf:
    """`choices` are the values of a CHOICE; `attribute` names the attribute of an ATTRIBUTE."""

    field: Field
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    attribute: str | None = None


_EQUAL = ("eq", "ne", "in", "notIn")
_LIKE = ("contains", "startsWith", "endsWith")
_ORDER = ("gt", "gte", "lt", "lte")
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: (*_EQUAL, *_LIKE, *_ORDER, "isNull"),
    Kind.ATTRIBUTE: (*_EQUAL, *_LIKE, *_ORDER, "isNull"),
    Kind.MOMENT: (*_EQUAL, *_ORDER, "after", "before", "isNull"),
    Kind.FLAG: ("eq", "ne"),
    Kind.MODIFIED: ("eq", "ne"),
    Kind.CHOICE: _EQUAL,
    Kind.PERSON: _EQUAL,
    Kind.STATUS_WORD: (*_EQUAL, *_LIKE),
}
_MEANING = {"after": Operator.GT, "before": Operator.LT, "ne": Operator.EQ, "notIn": Operator.IN}
_LOWER, _UPPER = (Operator.GT, Operator.GTE), (Operator.LT, Operator.LTE)


def leaf_filter(leaf: Leaf, wire: object, people: People) -> Filter:
    """What an object of operators asks of a field."""
    if not isinstance(wire, Mapping):
        raise InvalidFilter("A condition is an object of operators.", expected=f"an object with {_listed(leaf)}")
    given = {str(name): value for name, value in wire.items() if value is not None}
    if not given:
        raise InvalidFilter("The condition compares with nothing.", expected=f"one of {_listed(leaf)}, not null")
    if given.get("isNull") is True and len(given) > 1:
        raise InvalidFilter("Nothing can be null and have a value at once.", expected="isNull: true alone")
    parts = gathered(((name,), partial(_operator_filter, leaf, name, value, people)) for name, value in given.items())
    _refuse_empty_span(parts)
    return all_of(parts)


def _operator_filter(leaf: Leaf, name: str, value: object, people: People) -> Filter:
    if name not in OPERATORS[leaf.kind]:
        close = get_close_matches(name, OPERATORS[leaf.kind], n=1)
        raise InvalidFilter(
            f"{name[:40]!r} does nothing here.",
            expected=f"one of {_listed(leaf)}",
            hint=f"Did you mean {close[0]}?" if close else None,
        )
    operator = _MEANING.get(name) or Operator(name)
    compared = _compared(leaf, operator, value, people)
    return Not(compared) if name in ("ne", "notIn") else compared


def _compared(leaf: Leaf, operator: Operator, value: object, people: People) -> Filter:
    if operator is Operator.IS_NULL:
        return Where(leaf.field, operator, _flag(value), leaf.attribute)
    if leaf.kind is Kind.FLAG:
        return Where(leaf.field, operator, _flag(value))
    if leaf.kind is Kind.MODIFIED:
        return Where(leaf.field, operator, ComponentState.MODIFIED if _flag(value) else ComponentState.RELEASED)
    if operator is not Operator.IN:
        return _single(leaf, operator, value, people)
    values = _members(value)
    if leaf.kind in (Kind.TEXT, Kind.ATTRIBUTE, Kind.CHOICE):
        return Where(leaf.field, operator, tuple(_text(leaf, each) for each in values), leaf.attribute)
    if leaf.kind is Kind.PERSON:
        return people_filter(leaf.field, [_text(leaf, each) for each in values], people)
    return any_of([_single(leaf, Operator.EQ, each, people) for each in values])


def _single(leaf: Leaf, operator: Operator, value: object, people: People) -> Filter:
    text = _text(leaf, value)
    if leaf.kind is Kind.MOMENT:
        return moment_filter(leaf.field, operator, text)
    if leaf.kind is Kind.PERSON:
        return people_filter(leaf.field, [text], people)
    if leaf.kind is Kind.STATUS_WORD and operator is Operator.EQ:
        return status_word(text)
    return Where(leaf.field, operator, text, leaf.attribute)


def status_word(word: str) -> Filter:
    """What the first documents write bare: a status by name or meaning, or ACTIVE, INACTIVE or ARCHIVED.

    ACTIVE is whatever is neither archived nor in a status that means OBSOLETE (or is in a status of that name); INACTIVE is the rest.
    """
    name = word.replace("_", " ")
    by_name = Where(Field.STATUS_NAME, Operator.IN, tuple(dict.fromkeys((word, name))))
    if word.upper() == "ARCHIVED":
        return Where(Field.ARCHIVED, Operator.EQ, True)
    if word.upper() not in ("ACTIVE", "INACTIVE"):
        return any_of([by_name, Where(Field.STATUS_TYPE, Operator.EQ, word.upper())])
    in_use = Not(Where(Field.STATUS_TYPE, Operator.EQ, "OBSOLETE"))
    if word.upper() == "ACTIVE":
        return all_of([Where(Field.ARCHIVED, Operator.EQ, False), any_of([by_name, in_use])])
    return any_of([Where(Field.ARCHIVED, Operator.EQ, True), by_name, Not(in_use)])


def _text(leaf: Leaf, value: object) -> str:
    if isinstance(value, bool):
        if leaf.kind is not Kind.ATTRIBUTE:
            raise InvalidFilter("True and false are no texts.", expected="a text")
        return "true" if value else "false"
    if isinstance(value, int | float):
        value = _digits(value)
    if not isinstance(value, str):
        raise InvalidFilter("The value cannot be compared with a field.", expected="a text or a number")
    text = checked_value(value)
    if leaf.kind is not Kind.CHOICE:
        return text
    if text.upper() not in leaf.choices:
        raise InvalidFilter(f"{text[:40]!r} is not one of the values.", expected=f"one of {', '.join(leaf.choices)}")
    return text.upper()


def _digits(number: float) -> str:
    """`4700`, not `4.7e3`: measures are read from the text."""
    exact = Decimal(repr(number))
    if not exact.is_finite() or abs(exact.adjusted()) > 40:
        raise InvalidFilter("The number is out of range.", expected="a number of at most 40 digits")
    return canonical(exact)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidFilter("The value is neither true nor false.", expected="true or false")
    return value


def _members(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        value = [value]
    if not 1 <= len(value) <= VALUES_MAX:
        raise InvalidFilter(f"The list has {len(value)} members.", expected=f"1 to {VALUES_MAX}")
    return value


def _refuse_empty_span(parts: Sequence[Filter]) -> None:
    """Bounds that leave nothing between them are a slip, such as both dates of a year swapped."""
    bounds = [part for part in parts if isinstance(part, Where) and part.field in (Field.CREATED_AT, Field.UPDATED_AT)]
    lower = [str(each.value) for each in bounds if each.operator in _LOWER]
    upper = [str(each.value) for each in bounds if each.operator in _UPPER]
    if lower and upper and max(lower) > min(upper):
        raise InvalidFilter(
            f"Nothing lies after {max(lower)} and before {min(upper)}.", expected="the earlier date as the lower bound"
        )


def _listed(leaf: Leaf) -> str:
    return ", ".join(OPERATORS[leaf.kind])
