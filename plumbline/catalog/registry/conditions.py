"""The small language of `when`: comparisons of parts with values, joined by `and`, `or`, `not` and brackets.

    color == 'red'      size >= 10 and size < 20      grade in ['A', 'B'] or not coated == true

Parsed into values and evaluated here; never run as code. `&&`, `||` and `!` are understood as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

Literal = str | Decimal | bool
Values = Mapping[str, Literal | None]

LENGTH_MAX = 500
COMPARISONS_MAX = 200_000


class InvalidCondition(ValueError):
    """The text is no condition; the message says why and where, in characters from 1."""


@dataclass(frozen=True, slots=True)
class Comparison:
    name: str
    operator: str
    value: Literal

    def holds(self, values: Values) -> bool:
        value = values.get(self.name)
        if value is None:
            return False
        if self.operator in ("==", "!="):
            return (value == self.value) is (self.operator == "==")
        if not isinstance(value, Decimal) or not isinstance(self.value, Decimal):
            return False
        below, same = value < self.value, value == self.value
        return {"<": below, "<=": below or same, ">": not below and not same, ">=": not below}[self.operator]


@dataclass(frozen=True, slots=True)
class Membership:
    name: str
    values: tuple[Literal, ...]

    def holds(self, values: Values) -> bool:
        return values.get(self.name) in self.values


@dataclass(frozen=True, slots=True)
class Negation:
    of: Condition

    def holds(self, values: Values) -> bool:
        return not self.of.holds(values)


@dataclass(frozen=True, slots=True)
class Conjunction:
    of: tuple[Condition, ...]

    def holds(self, values: Values) -> bool:
        return all(each.holds(values) for each in self.of)


@dataclass(frozen=True, slots=True)
class Disjunction:
    of: tuple[Condition, ...]

    def holds(self, values: Values) -> bool:
        return any(each.holds(values) for each in self.of)


Condition = Comparison | Membership | Negation | Conjunction | Disjunction


def comparisons(condition: Condition) -> Iterator[tuple[str, str, Literal]]:
    """Every name with the operator and the value that it is compared with."""
    if isinstance(condition, Comparison):
        yield condition.name, condition.operator, condition.value
    elif isinstance(condition, Membership):
        yield from ((condition.name, "in", value) for value in condition.values)
    elif isinstance(condition, Negation):
        yield from comparisons(condition.of)
    else:
        for each in condition.of:
            yield from comparisons(each)


@dataclass(slots=True)
class Effort:
    """Comparisons that may still be made to see whether the conditions of one document can hold; after that they are believed."""

    left: int = COMPARISONS_MAX

    def allows(self, comparisons: int) -> bool:
        self.left -= comparisons
        return self.left >= 0


def can_hold(condition: Condition, candidates: Mapping[str, Sequence[Literal]], effort: Effort) -> bool:
    """Whether some combination of the candidate values satisfies the condition."""
    told: dict[str, list[Comparison]] = {}
    for name, operator, value in comparisons(condition):
        told.setdefault(name, []).append(Comparison(name, "==" if operator == "in" else operator, value))
    if not effort.allows(sum(len(each) * len(candidates.get(name, ())) for name, each in told.items())):
        return True
    names = sorted(told)
    length = sum(map(len, told.values()))
    for combination in itertools.product(*(_distinct(name, told[name], candidates.get(name, ())) for name in names)):
        if not effort.allows(length) or condition.holds(dict(zip(names, combination, strict=True))):
            return True
    return False


def _distinct(name: str, told: Sequence[Comparison], values: Sequence[Literal]) -> list[Literal]:
    """One value for each way in which the comparisons can come out; of five hundred choices a condition tells two or three apart."""
    by_outcome = {tuple(each.holds({name: value}) for each in told): value for value in reversed(values)}
    return list(by_outcome.values())


# --- parsing ----------------------------------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'[^']*'|"[^"]*") | (?P<number>-?\d+(?:\.\d+)?(?![\w.])) | (?P<word>[A-Za-z_]\w*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[<>()\[\],!])
    )""",
    re.VERBOSE,
)
SPELLINGS = {"&&": "and", "||": "or", "!": "not"}
OPERATORS = ("==", "!=", "<=", ">=", "<", ">")
DEPTH_MAX = 32


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int
    """Counted in characters from 1."""


@lru_cache(maxsize=2048)
def parse_condition(text: str) -> Condition:
    """Raises InvalidCondition."""
    if len(text) > LENGTH_MAX:
        raise InvalidCondition(f"it has {len(text)} characters; at most {LENGTH_MAX} are allowed")
    parser = _Parser(list(_tokens(text)), len(text) + 1)
    condition = parser.disjunction(0)
    parser.expect_end()
    return condition


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text.rstrip()):
        found = TOKEN.match(text, position)
        if found is None:
            at = position + len(text[position:]) - len(text[position:].lstrip()) + 1
            raise InvalidCondition(f"{text[at - 1 :][:12]!r} at character {at} means nothing")
        kind = found.lastgroup or ""
        written = found.group(kind)
        yield Token(kind, SPELLINGS.get(written, written), found.start(kind) + 1)
        position = found.end()


class _Parser:
    """Recursive descent, as deep as DEPTH_MAX brackets."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self._next = 0

    def disjunction(self, depth: int) -> Condition:
        parts = [self._conjunction(depth)]
        while self._took("or"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else Disjunction(tuple(parts))

    def expect_end(self) -> None:
        if self._next < len(self._tokens):
            raise self._unexpected("`and`, `or` or the end")

    def _conjunction(self, depth: int) -> Condition:
        parts = [self._negation(depth)]
        while self._took("and"):
            parts.append(self._negation(depth))
        return parts[0] if len(parts) == 1 else Conjunction(tuple(parts))

    def _negation(self, depth: int) -> Condition:
        if depth > DEPTH_MAX:
            raise InvalidCondition(f"it is nested deeper than {DEPTH_MAX} levels")
        if self._took("not"):
            return Negation(self._negation(depth + 1))
        if self._took("("):
            inner = self.disjunction(depth + 1)
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        name = self._peek()
        if name is None or name.kind != "word" or name.text in ("and", "or", "not", "in", "true", "false"):
            raise self._unexpected("the key of a part")
        self._next += 1
        if self._took("in"):
            return Membership(name.text, self._list())
        if self._took("not"):
            self._need("in")
            return Negation(Membership(name.text, self._list()))
        for operator in OPERATORS:
            if self._took(operator):
                return Comparison(name.text, operator, self._literal())
        raise self._unexpected("one of == != < <= > >= in")

    def _list(self) -> tuple[Literal, ...]:
        self._need("[")
        values = [self._literal()]
        while self._took(","):
            values.append(self._literal())
        self._need("]")
        return tuple(values)

    def _literal(self) -> Literal:
        token = self._peek()
        if token is not None:
            self._next += 1
            if token.kind == "text":
                return token.text[1:-1]
            if token.kind == "number":
                return Decimal(token.text)
            if token.text in ("true", "false"):
                return token.text == "true"
            self._next -= 1
        raise self._unexpected("a value: a text in quotes, a number, true or false")

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _took(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.kind == "text" or token.text != text:
            return False
        self._next += 1
        return True

    def _need(self, text: str) -> None:
        if not self._took(text):
            raise self._unexpected(f"`{text}`")

    def _unexpected(self, expected: str) -> InvalidCondition:
        token = self._peek()
        found, at = ("the end", self._end) if token is None else (f"{token.text[:20]!r}", token.at)
        return InvalidCondition(f"{found} stands at character {at} where {expected} is expected")
