"""Everything about a new number that is decided before a counter is asked: which elements it has, and what most of them say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from plumbline.kit.document_faults import nearest_hint
from plumbline.kit.errors import Refusal
from plumbline.numbering.counter_scopes import CounterScope, ListSeries, counter_scope
from plumbline.numbering.errors import (
    ElementUnknown,
    ElementValueInvalid,
    ElementValueMissing,
)
from plumbline.numbering.model import (
    ChoiceLists,
    ConstantElement,
    CounterElement,
    Element,
    FreeElement,
    GroupElement,
    Leaf,
    ListElement,
    Scheme,
    groups_of,
    leaves_of,
    list_values,
    outline,
    paths_named,
)
from plumbline.numbering.number_parsing import runs_of
from plumbline.numbering.overrides import one_of, override_refusal, own_choice, picked_value


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A number but for its counters."""

    scheme: Scheme
    number: str | None = None
    """The whole number, where the caller typed it."""
    leaves: tuple[Leaf, ...] = ()
    """The elements that are written, in order."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """What is decided already, by path; constants too."""
    series: Mapping[str, CounterElement | ListSeries] = field(default_factory=dict)
    """What is not: by path, where the value comes from."""
    overridden: frozenset[str] = frozenset()
    """Elements whose text the caller typed in place of what the scheme would write."""

    def next_scope(self, values: Mapping[str, int]) -> CounterScope | None:
        """The next counter to ask, given the values so far by path; None when the number is complete."""
        known = {**self.texts, **{path: self.series[path].text_of(value) for path, value in values.items()}}
        for path, series in self.series.items():
            waits = any(other in self.series and other not in values for other in self.scheme.scopes.get(path, ()))
            if path not in values and not waits:
                return counter_scope(series, self.scheme, known)
        return None


@dataclass(slots=True)
class Decisions:
    """What was decided about one number so far, and what was refused."""

    scheme: Scheme
    choices: ChoiceLists
    texts: dict[str, str] = field(default_factory=dict)
    overridden: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)

    def pick(self, name: str, text: str) -> None:
        leaf = self._leaf(name)
        if isinstance(leaf, ListElement):
            value = picked_value(leaf, self.choices, text)
            if value is not None:
                self.texts[leaf.path] = value
            elif self.scheme.settings.allow_override and leaf.freeform is not None:
                self._replace(leaf, name, text)
            else:
                self.refusals.append(self._not_listed(leaf, name, text))
        elif leaf is not None:
            self._replace(leaf, name, text)

    def override(self, name: str, text: str) -> None:
        leaf = self._leaf(name)
        if leaf is not None:
            self._replace(leaf, name, text)

    def _leaf(self, name: str) -> Leaf | None:
        known = leaves_of(self.scheme.elements)
        paths = paths_named(name, self.scheme.elements)
        found = next((leaf for leaf in known if len(paths) == 1 and leaf.path == paths[0]), None)
        if found is None:
            names = [leaf.path for leaf in known]
            reason = "is the name of several elements" if len(paths) > 1 else "is no element that can have a value"
            expected = f"one of {', '.join(names)}"
            self.refusals.append(
                ElementUnknown(f"{name!r} {reason}.", path=(name,), expected=expected, hint=nearest_hint(name, names))
            )
        return found

    def _replace(self, leaf: Leaf, name: str, text: str) -> None:
        refusal = override_refusal(self.scheme, self.choices, leaf, text)
        if refusal is not None:
            refusal.path = (name,)
            self.refusals.append(refusal)
            return
        self.texts[leaf.path] = text
        if not isinstance(leaf, FreeElement):
            self.overridden.add(leaf.path)

    def plan(self, include: Collection[str]) -> NumberPlan:
        included = {path for name in include for path in paths_named(name, self.scheme.elements)}
        leaves = tuple(self._written(self.scheme.elements, included))
        texts, series = dict(self.texts), dict[str, CounterElement | ListSeries]()
        for leaf in leaves:
            if leaf.path in texts:
                continue
            value = self._own_text(leaf)
            if isinstance(value, str):
                texts[leaf.path] = value
            elif value is not None:
                series[leaf.path] = value
        if not leaves:
            shape = outline(self.scheme.elements)
            self.refusals.append(ElementValueMissing("Nothing was chosen that could make a number.", expected=shape))
        raise_all(self.refusals)
        return NumberPlan(self.scheme, None, leaves, texts, series, frozenset(self.overridden))

    def _written(self, elements: Sequence[Element], included: Collection[str]) -> list[Leaf]:
        """The elements that the number has, by the rule of `runs_of` for constants that are not required."""
        written: list[Leaf] = []
        for separators, followers in runs_of(elements):
            present = [leaf for element in followers for leaf in self._present(element, included)]
            written.extend(separator for separator in separators if separator.required or present or not followers)
            written.extend(present)
        return written

    def _present(self, element: Element, included: Collection[str]) -> list[Leaf]:
        wanted = element.required or element.path in included
        if isinstance(element, GroupElement):
            inside = {part.path for part in (*leaves_of(element.elements), *groups_of(element.elements))}
            touched = not inside.isdisjoint(self.texts) or not inside.isdisjoint(included)
            return self._written(element.elements, included) if wanted or touched else []
        if isinstance(element, CounterElement):
            return [element]
        suggested = isinstance(element, ListElement) and own_choice(element, self.choices) is not None
        return [element] if wanted or suggested or element.path in self.texts else []

    def _own_text(self, leaf: Leaf) -> str | CounterElement | ListSeries | None:
        """What the element writes by itself, or what gives its value; notes a refusal if somebody must decide."""
        if isinstance(leaf, ConstantElement):
            return leaf.text
        if isinstance(leaf, CounterElement):
            return leaf
        offered = [value.text for value in list_values(leaf, self.choices)] if isinstance(leaf, ListElement) else []
        own = own_choice(leaf, self.choices) if isinstance(leaf, ListElement) else None
        if own is not None or len(offered) == 1:
            return own or offered[0]
        if offered and leaf.path in self.scheme.scopes:
            return ListSeries(leaf.path, tuple(offered))
        self.refusals.append(self._missing(leaf, offered))
        return None

    def _not_listed(self, leaf: ListElement, name: str, text: str) -> ElementValueInvalid:
        offered = [value.text for value in list_values(leaf, self.choices)]
        message = f"{text!r} is no value of {leaf.path!r}."
        return ElementValueInvalid(message, path=(name,), expected=one_of(offered), hint=nearest_hint(text, offered))

    def _missing(self, leaf: ListElement | FreeElement, offered: Sequence[str]) -> ElementValueMissing:
        message = f"{leaf.path!r} needs a value."
        if isinstance(leaf, FreeElement):
            return ElementValueMissing(message, path=(leaf.path,), expected=leaf.rule.expectation())
        own = self.choices.own(leaf.source) if leaf.source else None
        hint = f"{own!r} of the component is not offered by this list." if own else None
        if not offered:
            hint = "The list is empty now; add a category or family first."
        return ElementValueMissing(message, path=(leaf.path,), expected=one_of(offered), hint=hint)


def raise_all(refusals: Sequence[Refusal]) -> None:
    """Raises the first with the others attached; nothing if there are none."""
    if refusals:
        first, *others = refusals
        first.also = tuple(others)
        raise first
