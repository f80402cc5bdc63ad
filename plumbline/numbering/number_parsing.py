"""Takes a part number apart: which element says what.

The scheme is turned into a small graph of states, from the end backwards; reading a number is a walk through it that tries the edges
in order and remembers from which state and position no walk arrives. What may follow what is exactly what `number` writes: a constant
that is not required stands or falls with the elements it separates (see `runs_of`).

Of several readings the first counts. The order: values by the scheme before overridden ones, listed values before free text, longer
texts before shorter ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from plumbline.kit.patterns import Engine, compile_pattern
from plumbline.numbering.model import (
    NUMBER_LENGTH_MAX,
    ChoiceLists,
    ConstantElement,
    CounterElement,
    Element,
    FreeElement,
    GroupElement,
    Leaf,
    ListElement,
    Scheme,
    TextRule,
    list_values,
)

READINGS_MAX = 16
TRIALS_MAX = 20_000
"""Texts that one parse tries on elements; beyond it the number counts as unreadable. Real numbers need a few dozen."""
BACKTRACKING_COST = 200
"""What a trial of a pattern counts that may run until its time limit."""
ANY_LISTED_TEXT = TextRule()


class Latitude(Enum):
    """How far a number may stray from the scheme and still be read."""

    SCHEME = "only values that the scheme makes or offers"
    OVERRIDES = "also free text where an element may be overridden with it"
    LENIENT = "also texts beyond the list of any list that may be overridden"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a number: the text of every element that is present, constants too, by path, in order."""

    values: Mapping[str, str]
    overridden: frozenset[str] = frozenset()
    """Paths whose text the element would not have by itself."""


@dataclass(frozen=True, slots=True)
class Edge:
    leaf: Leaf | None
    """What is read on the way; None for a step that reads nothing."""
    target: int


@dataclass(slots=True)
class Graph:
    """States are indexes into `edges`. State 0 is the end of the number, state 1 leads nowhere."""

    edges: list[list[Edge]] = field(default_factory=lambda: [[], []])

    def state(self, *edges: Edge) -> int:
        self.edges.append(list(edges))
        return len(self.edges) - 1


END, NOWHERE = 0, 1


def parse(
    scheme: Scheme, choices: ChoiceLists | None, text: str, latitude: Latitude = Latitude.OVERRIDES
) -> tuple[Reading, ...]:
    """Every way to understand the text, best first, at most READINGS_MAX; empty if the text does not follow the scheme.

    Without `choices`, a list of categories or families takes any text that its pattern, or the rule for free text, accepts.
    """
    if not 0 < len(text) <= NUMBER_LENGTH_MAX:
        return ()
    found: dict[tuple[tuple[str, str], ...], Reading] = {}
    for step in Latitude:
        for reading in islice(Walk(scheme, choices, text, step).readings(), READINGS_MAX):
            found.setdefault(tuple(reading.values.items()), reading)
        if step is latitude:
            break
    return tuple(found.values())[:READINGS_MAX]


def is_readable(scheme: Scheme, choices: ChoiceLists, text: str, latitude: Latitude, only: Mapping[str, str]) -> bool:
    """Whether there is a reading at exactly this latitude in which listed elements have the values that `only` sets, by path."""
    if not 0 < len(text) <= NUMBER_LENGTH_MAX:
        return False
    return any(True for _ in Walk(scheme, choices, text, latitude, only).readings())


def override_rule(scheme: Scheme, leaf: Leaf, latitude: Latitude) -> TextRule | None:
    """What the element may be overridden with beyond its own texts; None if with nothing."""
    if latitude is Latitude.SCHEME or leaf.path not in scheme.overridable:
        return None
    if leaf.freeform is None and latitude is Latitude.LENIENT and isinstance(leaf, ListElement):
        return ANY_LISTED_TEXT
    return leaf.freeform


@dataclass(slots=True)
class Walk:
    scheme: Scheme
    choices: ChoiceLists | None
    text: str
    latitude: Latitude
    only: Mapping[str, str] = field(default_factory=dict)
    graph: Graph = field(default_factory=Graph)
    dead: set[tuple[int, int]] = field(default_factory=set)
    trials: int = 0

    def readings(self) -> Iterator[Reading]:
        start = sequence_state(self.graph, self.scheme.elements, END)
        for steps in self._walks(start, 0):
            values = {leaf.path: text for leaf, text, _ in steps}
            yield Reading(values, frozenset(leaf.path for leaf, _, overridden in steps if overridden))

    def _walks(self, state: int, position: int) -> Iterator[tuple[tuple[Leaf, str, bool], ...]]:
        if state == END and position == len(self.text):
            yield ()
        if (state, position) in self.dead:
            return
        arrived = False
        for edge in self.graph.edges[state]:
            for end, overridden in self._ends(edge.leaf, position):
                for rest in self._walks(edge.target, end):
                    arrived = True
                    yield rest if edge.leaf is None else ((edge.leaf, self.text[position:end], overridden), *rest)
        if not arrived:
            self.dead.add((state, position))

    def _ends(self, leaf: Leaf | None, position: int) -> Iterator[tuple[int, bool]]:
        """Where the element's text may end, and whether that text is an override."""
        if leaf is None:
            yield position, False
            return
        own: list[int] = []
        wanted = self.only.get(leaf.path)
        for end in self._own_ends(leaf, position):
            own.append(end)
            if wanted is None or self.text[position:end] == wanted:
                yield end, False
        rule = override_rule(self.scheme, leaf, self.latitude)
        if rule is not None:
            yield from ((end, True) for end in self._ruled_ends(rule, position) if end not in own)

    def _own_ends(self, leaf: Leaf, position: int) -> Iterator[int]:
        if isinstance(leaf, ConstantElement):
            if self.text.startswith(leaf.text, position):
                yield position + len(leaf.text)
        elif isinstance(leaf, CounterElement):
            if leaf.value_of(self.text[position : position + leaf.width]) is not None:
                yield position + leaf.width
        elif isinstance(leaf, FreeElement):
            yield from self._ruled_ends(leaf.rule, position)
        elif leaf.source is not None and self.choices is None:
            yield from self._unknown_choice_ends(leaf, position)
        else:
            texts = {value.text for value in list_values(leaf, self.choices or ChoiceLists())}
            longest = max(map(len, texts), default=0)
            yield from (end for end in self._later_ends(position, longest) if self.text[position:end] in texts)

    def _unknown_choice_ends(self, leaf: ListElement, position: int) -> Iterator[int]:
        rule = TextRule(leaf.pattern) if leaf.pattern else ANY_LISTED_TEXT
        return self._ruled_ends(rule, position)

    def _ruled_ends(self, rule: TextRule, position: int) -> Iterator[int]:
        pattern = compile_pattern(rule.pattern)
        cost = BACKTRACKING_COST if pattern.engine is Engine.BACKTRACKING else 1
        for end in self._later_ends(position, rule.length_max):
            self.trials += cost
            if self.trials > TRIALS_MAX:
                return
            if pattern.matches(self.text[position:end]):
                yield end

    def _later_ends(self, position: int, length_max: int) -> range:
        """Ends of the non-empty texts from here, longest first."""
        return range(min(len(self.text), position + length_max), position, -1)


# --- the graph ------------------------------------------------------------------------------------------------------------------


def sequence_state(graph: Graph, elements: Sequence[Element], target: int) -> int:
    """The state from which the elements are read one after the other and `target` is reached."""
    for separators, followers in reversed(runs_of(elements)):
        target = run_state(graph, separators, followers, target)
    return target


def run_state(graph: Graph, separators: Sequence[ConstantElement], followers: Sequence[Element], target: int) -> int:
    full = followers_state(graph, followers, target)
    if all(separator.required for separator in separators) or not can_all_be_absent(followers):
        return constants_state(graph, separators, full)
    some = constants_state(graph, separators, at_least_one_state(graph, followers, target))
    none = constants_state(graph, [separator for separator in separators if separator.required], target)
    return graph.state(Edge(None, some), Edge(None, none))


def followers_state(graph: Graph, followers: Sequence[Element], target: int) -> int:
    for element in reversed(followers):
        present = element_state(graph, element, target)
        target = present if element.required else graph.state(Edge(None, present), Edge(None, target))
    return target


def at_least_one_state(graph: Graph, followers: Sequence[Element], target: int) -> int:
    """Like `followers_state` for elements that may all be absent, except that one of them must be there."""
    needy = NOWHERE
    for element in reversed(followers):
        present = element_state(graph, element, target)
        needy = graph.state(Edge(None, present), Edge(None, needy))
        target = graph.state(Edge(None, present), Edge(None, target))
    return needy


def constants_state(graph: Graph, constants: Sequence[ConstantElement], target: int) -> int:
    for constant in reversed(constants):
        target = graph.state(Edge(constant, target))
    return target


def element_state(graph: Graph, element: Element, target: int) -> int:
    """The element is present."""
    if isinstance(element, GroupElement):
        return sequence_state(graph, element.elements, target)
    return graph.state(Edge(element, target))


def runs_of(elements: Sequence[Element]) -> list[tuple[list[ConstantElement], list[Element]]]:
    """Neighbours that belong together: constants, and the other elements up to the next constant.

    A constant that is not required is written when one of its followers is; without any followers it is always written. So the dash
    before an optional variant comes and goes with the variant, and no scheme needs `required: true` on its delimiters.
    """
    runs: list[tuple[list[ConstantElement], list[Element]]] = [([], [])]
    for element in elements:
        if not isinstance(element, ConstantElement):
            runs[-1][1].append(element)
        elif runs[-1][1]:
            runs.append(([element], []))
        else:
            runs[-1][0].append(element)
    return runs


def can_all_be_absent(followers: Sequence[Element]) -> bool:
    return bool(followers) and not any(element.required for element in followers)
