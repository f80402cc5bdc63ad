"""What people type into the search bar, as a filter.

    pull up                          both words, each in the name, the part number or the description
    "pull up"                        the phrase
    status:Design,Prototype          one of several values
    category!:Resistor               none of them
    name:"flat head"                 a value with blanks, commas or stars between quotation marks; \\" is a quotation mark
    created:>=2024-01-01 rev:<C      compared; dates are whole days, revisions go A < B < AA and A.2 < A.10
    attr:Resistance:>4k7             an attribute by name; attr:"Rated voltage":10V, attr!:Finish:black
    mpn:RC0603*  name:*bracket       a star at the start or the end: the value begins or ends like that
    eid:*  mpn!:*                    has one at all; has none
    cpn:=100-00001                   exactly this

All terms must hold. How a key compares when nothing else is said:

    contains, a to z in any case     name, desc (description), cpn, mpn, mfr (manufacturer), alias, eid, label (labels)
    equals, a to z in any case       status (its name), category (its name or code), type, state, procurement, rev (revision)
    equals                           id; and attr, where a measured value fits in any spelling: 4k7 finds 4.7 kΩ
    a date or a moment               created (createdAt), modified (modifiedAt, updated, updatedAt)
    a person: e-mail, name or id     createdBy, modifiedBy (updatedBy)
    yes or no                        pinned, bookmarked (favorite), archived
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from plumbline.catalog.model import CategoryType
from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import EVERYTHING, Field, Filter, Not, Operator, Where
from plumbline.components.filter_terms import People, all_of, any_of, checked_value, moment_filter, people_filter
from plumbline.components.model import ComponentState, Procurement

LENGTH_MAX = 1000
TERMS_MAX = 50
VALUES_MAX = 90
"""Values of all terms together. One value becomes at most two conditions, and a filter has at most 200 of them."""

COMPARISONS = {">=": Operator.GTE, "<=": Operator.LTE, ">": Operator.GT, "<": Operator.LT, "=": Operator.EQ}
FLAGS = {"yes": True, "true": True, "no": False, "false": False}
TYPES = ("PART", *CategoryType)

_KEY = re.compile(r"([A-Za-z]+)(!?):")
_ATTRIBUTE = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|([^\s":!]+))(!?):')
_COMPARISON = re.compile(r">=|<=|>|<|=")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(?=[\s,]|$)')
_BARE = re.compile(r"[^\s,]+")
_WORD = re.compile(r"\S+")
_BLANKS = re.compile(r"\s*")


class Value(NamedTuple):
    """`operator` is None when the text stands alone. `column` counts from 1."""

    operator: Operator | None
    text: str
    is_quoted: bool
    column: int


class Term(NamedTuple):
    """A key with its values; without a key, a word to look for."""

    key: str | None
    attribute: str | None
    is_negated: bool
    values: tuple[Value, ...]
    column: int


Kind = Callable[[Value, People], Filter]
"""How the values of a key are read."""


def search_filter(text: str, people: People) -> Filter:
    """The components that a search text means; blanks alone mean all. Refusals name the column, all faulty terms at once."""
    if len(text) > LENGTH_MAX:
        raise _refusal(f"The search has {len(text)} characters.", 1, expected=f"at most {LENGTH_MAX}")
    terms = search_terms(checked_value(text, LENGTH_MAX))
    values = sum(len(term.values) for term in terms)
    if len(terms) > TERMS_MAX or values > VALUES_MAX:
        raise _refusal(
            f"The search has {len(terms)} terms with {values} values.",
            1,
            expected=f"at most {TERMS_MAX} terms with {VALUES_MAX} values",
        )
    parts, faults = [], []
    for term in terms:
        try:
            parts.append(_filter_of(term, people))
        except InvalidFilter as fault:
            faults.append(fault)
    if faults:
        faults[0].also = tuple(faults[1:])
        raise faults[0]
    return all_of(parts) if parts else EVERYTHING


def search_terms(text: str) -> list[Term]:
    """The terms in the order typed, their keys and values not looked at yet."""
    terms: list[Term] = []
    position = _after_blanks(text, 0)
    while position < len(text):
        term, position = _term(text, position)
        terms.append(term)
        position = _after_blanks(text, position)
    return terms


def _term(text: str, start: int) -> tuple[Term, int]:
    key = _KEY.match(text, start)
    if key is None:
        value, end = _word(text, start)
        return Term(None, None, False, (value,), start + 1), end
    name, is_negated, position = None, bool(key[2]), key.end()
    if key[1].lower() == "attr":
        attribute = _ATTRIBUTE.match(text, position)
        if attribute is None:
            raise _refusal("attr names no attribute.", position + 1, expected="attr:Resistance:>4k7")
        name = attribute[2] or _unescaped(attribute[1])
        is_negated = is_negated != bool(attribute[3])
        position = attribute.end()
    values, end = _values(text, position, text[start : position - 1])
    return Term(key[1], name, is_negated, values, start + 1), end


def _values(text: str, start: int, key: str) -> tuple[tuple[Value, ...], int]:
    values: list[Value] = []
    position = start
    while True:
        comparison = _COMPARISON.match(text, position)
        operator = COMPARISONS[comparison[0]] if comparison else None
        at = comparison.end() if comparison else position
        if text[at : at + 1] == '"':
            found, end = _quoted(text, at)
        else:
            bare = _BARE.match(text, at)
            if bare is None:
                raise _refusal(f"{key} has no value.", at + 1, expected=f"a value, such as {key}:value")
            found, end = bare[0], bare.end()
        values.append(Value(operator, found, text[at] == '"', at + 1))
        if text[end : end + 1] != ",":
            return tuple(values), end
        position = end + 1


def _word(text: str, start: int) -> tuple[Value, int]:
    if text[start] == '"':
        phrase, end = _quoted(text, start)
        return Value(None, phrase, True, start + 1), end
    word = _WORD.match(text, start)
    assert word is not None, "a word starts where the blanks end"
    return Value(None, word[0], False, start + 1), word.end()


def _quoted(text: str, start: int) -> tuple[str, int]:
    found = _QUOTED.match(text, start)
    if found is None:
        raise _refusal("The quotation mark is not closed.", start + 1, expected='"…", then a blank, a comma or the end')
    if not found[1]:
        raise _refusal("There is nothing between the quotation marks.", start + 1, expected="a value")
    return _unescaped(found[1]), found.end()


def _unescaped(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def _after_blanks(text: str, position: int) -> int:
    blanks = _BLANKS.match(text, position)
    return position if blanks is None else blanks.end()


def _filter_of(term: Term, people: People) -> Filter:
    if term.key is None:
        return _text((Field.TEXT,), Operator.CONTAINS, term.values[0])
    if term.attribute is not None:
        parts = [_attribute(term.attribute, value) for value in term.values]
    else:
        parts = list(_read(_kind(term), term, people))
    return Not(any_of(parts)) if term.is_negated else any_of(parts)


def _read(kind: Kind, term: Term, people: People) -> Iterator[Filter]:
    for value in term.values:
        try:
            yield kind(value, people)
        except InvalidFilter as fault:
            if fault.path:
                raise
            raise _refusal(f"{term.key}: {fault.message}", value.column, expected=fault.expected) from None


def _kind(term: Term) -> Kind:
    key = (term.key or "").lower()
    if key not in KINDS:
        raise _refusal(
            f"There is no key {term.key!r}.",
            term.column,
            expected=f"one of {', '.join(KEYS)}",
            hint=_nearest(key) + "To look for a text with a colon, put it between quotation marks.",
        )
    return KINDS[key]


def _nearest(key: str) -> str:
    found = get_close_matches(key, (*KINDS, "attr"), n=1)
    return f"Did you mean {found[0]}? " if found else ""


def _text(fields: Sequence[Field], usual: Operator, value: Value) -> Filter:
    """A text, compared as usual for the key unless `=` or a star says otherwise."""
    if value.operator not in (None, Operator.EQ):
        raise _refusal("Texts have no order to compare.", value.column, expected="a value without < or >")
    operator, text = _starred(value, usual)
    compared: bool | str = False if operator is Operator.IS_NULL else text
    return any_of([Where(field, operator, compared) for field in fields])


def _starred(value: Value, usual: Operator) -> tuple[Operator, str]:
    if value.operator is not None or value.is_quoted:
        return value.operator or usual, value.text
    text = value.text
    starts, ends = text.endswith("*"), text.startswith("*")
    bare = text.strip("*")
    if not bare:
        return Operator.IS_NULL, ""
    if starts and ends:
        return Operator.CONTAINS, bare
    if starts:
        return Operator.STARTS_WITH, bare
    return (Operator.ENDS_WITH, bare) if ends else (usual, text)


def _attribute(name: str, value: Value) -> Filter:
    operator, text = _starred(value, Operator.EQ)
    return Where(Field.ATTRIBUTE, operator, False if operator is Operator.IS_NULL else text, name)


def _contains(*fields: Field) -> Kind:
    return lambda value, people: _text(fields, Operator.CONTAINS, value)


def _equals(*fields: Field) -> Kind:
    return lambda value, people: _text(fields, Operator.EQ, value)


def _choice(field: Field, choices: Sequence[str]) -> Kind:
    def read(value: Value, people: People) -> Filter:
        word = _plain(value).upper()
        if word not in choices:
            raise _refusal(
                f"{value.text[:40]!r} is not one of the choices.", value.column, expected=f"one of {', '.join(choices)}"
            )
        return Where(field, Operator.EQ, word)

    return read


def _flag(field: Field) -> Kind:
    def read(value: Value, people: People) -> Filter:
        flag = FLAGS.get(_plain(value).lower())
        if flag is None:
            raise _refusal(f"{value.text[:40]!r} is neither yes nor no.", value.column, expected="yes or no")
        return Where(field, Operator.EQ, flag)

    return read


def _moment(field: Field) -> Kind:
    return lambda value, people: moment_filter(field, value.operator or Operator.EQ, value.text)


def _person(field: Field) -> Kind:
    return lambda value, people: people_filter(field, [_plain(value)], people)


def _revision(value: Value, people: People) -> Filter:
    """Capitals or not. In the order of revisions `B` comes just before `b`, so the bounds take the one that lets both in or neither."""
    if value.operator in (Operator.GTE, Operator.LT):
        return Where(Field.REVISION, value.operator, value.text.upper())
    if value.operator in (Operator.LTE, Operator.GT):
        return Where(Field.REVISION, value.operator, value.text.lower())
    operator, text = _starred(value, Operator.EQ)
    if operator is Operator.EQ:
        return Where(Field.REVISION, Operator.IN, tuple(dict.fromkeys((text, text.upper(), text.lower()))))
    return Where(Field.REVISION, operator, False if operator is Operator.IS_NULL else text)


def _plain(value: Value) -> str:
    if value.operator not in (None, Operator.EQ):
        raise _refusal("These values have no order to compare.", value.column, expected="a value without < or >")
    return value.text


def _refusal(message: str, column: int, *, expected: str | None, hint: str | None = None) -> InvalidFilter:
    return InvalidFilter(f"Column {column}: {message}", path=("search",), expected=expected, hint=hint)


_created, _modified = _moment(Field.CREATED_AT), _moment(Field.UPDATED_AT)
_modified_by = _person(Field.UPDATED_BY)
KINDS: Mapping[str, Kind] = {
    "alias": _contains(Field.ALIAS),
    "archived": _flag(Field.ARCHIVED),
    "bookmarked": _flag(Field.FAVORITE),
    "category": _equals(Field.CATEGORY_NAME, Field.CATEGORY_CODE),
    "cpn": _contains(Field.CPN),
    "created": _created,
    "createdat": _created,
    "createdby": _person(Field.CREATED_BY),
    "desc": _contains(Field.DESCRIPTION),
    "description": _contains(Field.DESCRIPTION),
    "eid": _contains(Field.EID),
    "favorite": _flag(Field.FAVORITE),
    "id": _equals(Field.ID),
    "label": _contains(Field.LABEL),
    "labels": _contains(Field.LABEL),
    "manufacturer": _contains(Field.MANUFACTURER),
    "mfr": _contains(Field.MANUFACTURER),
    "modified": _modified,
    "modifiedat": _modified,
    "modifiedby": _modified_by,
    "mpn": _contains(Field.MPN),
    "name": _contains(Field.NAME),
    "pinned": _flag(Field.PINNED),
    "procurement": _choice(Field.PROCUREMENT, tuple(Procurement)),
    "rev": _revision,
    "revision": _revision,
    "state": _choice(Field.STATE, tuple(ComponentState)),
    "status": _equals(Field.STATUS_NAME),
    "type": _choice(Field.CATEGORY_TYPE, TYPES),
    "updated": _modified,
    "updatedat": _modified,
    "updatedby": _modified_by,
}
"""By key in lower case."""
KEYS = (
    "type", "status", "state", "category", "label", "cpn", "name", "desc", "created", "modified", "createdBy", "modifiedBy", "rev",
    "pinned", "bookmarked", "attr", "mpn", "mfr", "alias", "eid", "archived", "id", "procurement",
)  # fmt: skip
"""As refusals list them."""
