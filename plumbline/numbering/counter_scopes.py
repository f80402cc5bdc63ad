"""Where a counter counts: one row per counter and context, named by a text.

The counter `sequence` attached to `category` counts apart for every category; its scope for 410 is called `sequence[category=410]`.
The database keeps the last value of every scope that was ever used under this name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from plumbline.numbering.errors import CounterExhausted
from plumbline.numbering.model import ChoiceLists, CounterElement, Scheme, leaves_of
from plumbline.numbering.number_parsing import Latitude, parse


@dataclass(frozen=True, slots=True)
class ListSeries:
    """An attached list that nobody picked from: its values are given out one after the other, like numbers from 0."""

    path: str
    texts: tuple[str, ...]

    @property
    def minimum(self) -> int:
        return 0

    @property
    def maximum(self) -> int:
        return len(self.texts) - 1

    def text_of(self, value: int) -> str:
        return self.texts[value]

    def next_after(self, last: int | None) -> int:
        value = 0 if last is None else last + 1
        if value > self.maximum:
            raise CounterExhausted(
                f"All {len(self.texts)} values of {self.path!r} are used in this context.",
                expected=f"one of {', '.join(self.texts[:20])}",
                hint="Add a value to the list, or start a new base number.",
            )
        return value


@dataclass(frozen=True, slots=True)
class CounterScope:
    """One counter in one context. `key` names the row that holds its last value."""

    element: str
    key: str
    series: CounterElement | ListSeries

    @property
    def minimum(self) -> int:
        return self.series.minimum

    @property
    def maximum(self) -> int:
        return self.series.maximum

    def text_of(self, value: int) -> str:
        """The value as it stands in the number: padded, upper case, or from the list."""
        return self.series.text_of(value)

    def next_after(self, last: int | None) -> int:
        """The value that follows `last` (None: nothing was given out yet). Raises CounterExhausted."""
        return self.series.next_after(last)


def counter_scope(series: CounterElement | ListSeries, scheme: Scheme, texts: Mapping[str, str]) -> CounterScope:
    """The scope in the context of these element texts; an element of the context that is absent counts as such."""
    return CounterScope(series.path, scope_key(series.path, scheme.scopes.get(series.path, ()), texts), series)


def scope_key(path: str, context: Sequence[str], texts: Mapping[str, str]) -> str:
    """`base/sequence[base/prefix=100]`. Values are percent-encoded, so that no two contexts share a name."""
    parts = [f"{quoted(name)}={quoted(texts[name])}" if name in texts else quoted(name) for name in context]
    return f"{quoted(path)}[{','.join(parts)}]" if parts else quoted(path)


def quoted(text: str) -> str:
    return quote(text, safe="/ .:+")


def occupied(scheme: Scheme, choices: ChoiceLists | None, text: str) -> tuple[tuple[CounterScope, int], ...]:
    """Which counter values a number takes that was typed or imported: scope and value of every counter in its first reading.

    Empty for a number that does not follow the scheme. What the caller does about it is its own affair: `number.next_number` skips
    numbers that exist, so nothing collides; after a large import it is quicker to move the counters up to the values given here.
    """
    readings = parse(scheme, choices, text, Latitude.OVERRIDES)
    if not readings:
        return ()
    first = readings[0]
    found: list[tuple[CounterScope, int]] = []
    for leaf in leaves_of(scheme.elements):
        if isinstance(leaf, CounterElement) and leaf.path in first.values:
            value = leaf.value_of(first.values[leaf.path])
            if value is not None:
                found.append((counter_scope(leaf, scheme, first.values), value))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that may be used only once in its context, such as a variant of a base number."""

    element: str
    key: str
    text: str


def claims_of(scheme: Scheme, choices: ChoiceLists | None, text: str) -> tuple[Claim, ...]:
    """The claims of a number's first reading: its attached lists and free texts to which nothing else is attached.

    Only of use for schemes in which something unattached follows a variant; otherwise two equal claims mean two equal numbers, which
    cannot be anyway. Counters make no claims: variants of one base share the base's sequence.
    """
    readings = parse(scheme, choices, text, Latitude.OVERRIDES)
    if not readings:
        return ()
    values = readings[0].values
    context = {path for scope in scheme.scopes.values() for path in scope}
    claiming = (
        leaf.path for leaf in leaves_of(scheme.elements) if leaf.path in values and not isinstance(leaf, CounterElement)
    )
    return tuple(
        Claim(path, scope_key(path, scheme.scopes[path], values), values[path])
        for path in claiming
        if path in scheme.scopes and path not in context
    )
