"""The numbers of a scheme as regular expressions, so that a hundred thousand of them can be looked at in a moment.

A form is one or more patterns, all of which a number must match as a whole. Several are needed where one element must obey two rules, a
range and a pattern, say: two rules cannot be one pattern without look-around, which RE2 does not have. That all patterns match is the
whole truth only if they must take the number apart in the same way; a form knows when it is not, and then `number_parsing` decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plumbline.kit.late import LateModule
from plumbline.kit.pattern_dialect import literal, translation_of
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
    Scheme,
    TextRule,
    leaves_of,
    list_values,
)
from plumbline.numbering.number_parsing import (
    END,
    TRIALS_MAX,
    Graph,
    Latitude,
    can_all_be_absent,
    override_rule,
    runs_of,
    sequence_state,
)

if TYPE_CHECKING:
    import re2
else:
    re2 = LateModule("re2")

SIZE_MAX = 50_000
"""Characters of one pattern; beyond it the parser is asked instead."""
MEMORY_MAX_BYTES = 64 << 20
"""RE2 says no when it runs out of memory, so it gets far more than patterns of this size need."""
NOTHING = r"[^\x00-\x{10FFFF}]"
DECIMAL, HEXADECIMAL = "0123456789", "0123456789ABCDEF"


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern that the text of an element must match."""

    pattern: str
    length_max: int | None = None
    """Set if the rule only says that the text is no longer; of numbers that are no longer it need not be asked."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the text of an element is like: it obeys all rules, of which the first is more than a length."""

    rules: tuple[Rule, ...]
    has_one_width: bool = False
    """Whether the texts that any one of the rules takes are all of one length."""
    is_exact: bool = True
    """Whether a text that obeys the rules is always right."""

    def or_else(self, other: Shape) -> Shape:
        """One of the two: (a and b) or c is (a or c) and (b or c)."""
        rules = tuple(
            Rule(f"{one.pattern}|{two.pattern}", min(filter(None, (one.length_max, two.length_max)), default=None))
            for one, two in itertools.product(self.rules, other.rules)
        )
        return Shape(rules, is_exact=self.is_exact and other.is_exact)


@dataclass(frozen=True, slots=True)
class Form:
    """The numbers of a scheme for a component of one category."""

    patterns: re2.Set | None
    """None if they would be too large, or cannot be written."""
    count: int
    always: int
    """The first so many are asked of every number, the others only of those longer than `short`."""
    short: int
    is_exact: bool
    is_one_way: bool
    """Whether there is only one way to take a number apart."""
    trying_edges: int
    """Elements on whose patterns the parser would try texts; it gives up after TRIALS_MAX."""

    def verdict(self, number: str) -> bool | None:
        """Whether the number is one of the form; None if only the parser can tell."""
        if self.patterns is None:
            return None
        if not 0 < len(number) <= NUMBER_LENGTH_MAX:
            return False
        try:
            matched = self.patterns.Match(number) or ()
        except UnicodeEncodeError:  # half a character, which the parser can bear
            return None
        asked = self.always if len(number) <= self.short else self.count
        if sum(index < asked for index in matched) < asked:
            return False
        is_sure = self.is_exact and (asked == 1 or self.is_one_way)
        return True if is_sure and self.trying_edges * len(number) ** 2 <= 2 * TRIALS_MAX else None


def form_of(scheme: Scheme, choices: ChoiceLists, latitude: Latitude, only: Mapping[str, str]) -> Form:
    """`only` are the values that lists must have, by path."""
    leaves = leaves_of(scheme.elements)
    overrides = {leaf.path: override_rule(scheme, leaf, latitude) for leaf in leaves}
    shapes = {leaf.path: shape_of(leaf, choices, only.get(leaf.path), overrides[leaf.path]) for leaf in leaves}
    always, of_long_ones = variants(shapes)
    lengths = [rule.length_max for shape in shapes.values() for rule in shape.rules if rule.length_max is not None]
    return Form(
        compiled([*always, *of_long_ones], scheme.elements),
        len(always) + len(of_long_ones),
        len(always),
        min(lengths, default=0),
        all(shape.is_exact for shape in shapes.values()),
        varying_parts(scheme.elements, shapes) <= 1,
        trying_edges(scheme, {path for path, rule in overrides.items() if rule is not None}),
    )


def variants(shapes: Mapping[str, Shape]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """As many choices of one rule for each element as it takes to have every rule in one; those that add only lengths apart."""
    always: list[dict[str, str]] = []
    of_long_ones: list[dict[str, str]] = []
    for number in range(max((len(shape.rules) for shape in shapes.values()), default=0)):
        chosen = {path: shape.rules[number if number < len(shape.rules) else 0] for path, shape in shapes.items()}
        added = [shape.rules[number] for shape in shapes.values() if 0 < number < len(shape.rules)]
        is_about_length = bool(added) and all(rule.length_max is not None for rule in added)
        (of_long_ones if is_about_length else always).append({path: rule.pattern for path, rule in chosen.items()})
    return always, of_long_ones


def compiled(choices: Sequence[Mapping[str, str]], elements: Sequence[Element]) -> re2.Set | None:
    """The patterns of whole numbers, ready to be asked all at once."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY_MAX_BYTES
    found = re2.Set.FullMatchSet(options)
    try:
        for patterns in choices:
            found.Add(sequence_pattern(elements, patterns))
        found.Compile()
    except (TooLarge, re2.error):
        return None
    return found


# --- one element ------------------------------------------------------------------------------------------------------------------


def shape_of(leaf: Leaf, choices: ChoiceLists, wanted: str | None, override: TextRule | None) -> Shape:
    own = own_shape(leaf, choices, wanted)
    if override is None:
        return own
    either = own.or_else(ruled_shape(override))
    # A listed text that is not the wanted one is no override either; "anything but these" is nothing that RE2 could say.
    return either if wanted is None else replace(either, is_exact=False)


def own_shape(leaf: Leaf, choices: ChoiceLists, wanted: str | None) -> Shape:
    if isinstance(leaf, ConstantElement):
        return Shape((Rule(written(leaf.text)),), has_one_width=True)
    if isinstance(leaf, FreeElement):
        return ruled_shape(leaf.rule)
    if isinstance(leaf, CounterElement):
        digits = HEXADECIMAL if leaf.hexadecimal else DECIMAL
        in_range = Rule(range_pattern(leaf.text_of(leaf.minimum), leaf.text_of(leaf.maximum), digits))
        matching, is_exact = ((), True) if leaf.pattern is None else rules_of(leaf.pattern)
        return Shape((in_range, *matching), has_one_width=not matching, is_exact=is_exact)
    texts = [value.text for value in list_values(leaf, choices)] if wanted is None else [wanted]
    pattern = "|".join(map(written, texts)) if texts else NOTHING
    return Shape((Rule(pattern),), has_one_width=len({len(text) for text in texts}) <= 1)


def ruled_shape(rule: TextRule) -> Shape:
    matching, is_exact = rules_of(rule.pattern)
    length = f"(?s:.{{1,{rule.length_max}}})"
    # Of a number that is short enough the length need not be asked, unless the pattern would take nothing at all as a text.
    asked_always = not matching or compile_pattern(rule.pattern).matches("")
    return Shape((*matching, Rule(length, None if asked_always else rule.length_max)), is_exact=is_exact)


def rules_of(pattern: str) -> tuple[tuple[Rule, ...], bool]:
    """A user's pattern as one that a text matches as a whole, and whether it could be said exactly."""
    if compile_pattern(pattern).engine is Engine.BACKTRACKING:
        return (), False
    pieces = list(translation_of(pattern).pieces)
    opening = "(?i:" if pieces[:1] == ["(?i)"] else "(?:"
    pieces = pieces[opening == "(?i:" :]
    is_bound = len(pieces) > 1 and pieces[0] == "^" and pieces[-1] is None
    inner = pieces[1:-1] if is_bound else pieces
    if any(piece in (None, "^", "\\b", "\\B") for piece in inner) or (is_bound and has_open_choice(inner)):
        return (), False
    body = f"{opening}{''.join(map(without_name, inner))})"
    return (Rule(body if is_bound else f"(?s:.*){body}(?s:.*)"),), True


def has_open_choice(pieces: Sequence[str | None]) -> bool:
    """Whether an anchor at the beginning would belong to the first alternative only."""
    depth = 0
    for piece in pieces:
        depth += is_opening(piece) - (piece == ")")
        if piece == "|" and depth == 0:
            return True
    return False


def is_opening(piece: str | None) -> bool:
    return piece is not None and piece.startswith("(") and not piece.endswith(")")


def without_name(piece: str | None) -> str:
    """Groups need no names here, and two elements may use the same one."""
    return "(?:" if piece == "(" or (piece or "").startswith("(?P<") else piece or ""


def written(text: str) -> str:
    return "".join(map(literal, text))


def range_pattern(low: str, high: str, digits: str) -> str:
    """The numbers from `low` to `high`, both of one width."""
    if low == digits[0] * len(low) and high == digits[-1] * len(high):
        return f"[{digits}]{{{len(low)}}}" if low else ""
    if low[0] == high[0]:
        return low[0] + range_pattern(low[1:], high[1:], digits)
    first, last, rest = digits.index(low[0]), digits.index(high[0]), len(low) - 1
    parts = [
        low[0] + range_pattern(low[1:], digits[-1] * rest, digits),
        f"[{digits[first + 1 : last]}][{digits}]{{{rest}}}" if last - first > 1 else "",
        high[0] + range_pattern(digits[0] * rest, high[1:], digits),
    ]
    return f"(?:{'|'.join(filter(None, parts))})"


# --- whole numbers, put together as `number_parsing` takes them apart ---------------------------------------------------------------


class TooLarge(Exception):
    """The pattern would be longer than it is worth."""


def sequence_pattern(elements: Sequence[Element], patterns: Mapping[str, str]) -> str:
    found = "".join(run_pattern(separators, followers, patterns) for separators, followers in runs_of(elements))
    if len(found) > SIZE_MAX:
        raise TooLarge
    return found


def run_pattern(
    separators: Sequence[ConstantElement], followers: Sequence[Element], patterns: Mapping[str, str]
) -> str:
    constants = "".join(element_pattern(each, patterns) for each in separators)
    if all(each.required for each in separators) or not can_all_be_absent(followers):
        return constants + followers_pattern(followers, patterns)
    some = "|".join(
        element_pattern(each, patterns) + followers_pattern(followers[number + 1 :], patterns)
        for number, each in enumerate(followers)
    )
    none = "".join(element_pattern(each, patterns) for each in separators if each.required)
    return f"(?:{constants}(?:{some})|{none})"


def followers_pattern(followers: Sequence[Element], patterns: Mapping[str, str]) -> str:
    return "".join(
        element_pattern(each, patterns) if each.required else f"(?:{element_pattern(each, patterns)})?"
        for each in followers
    )


def element_pattern(element: Element, patterns: Mapping[str, str]) -> str:
    if isinstance(element, GroupElement):
        return f"(?:{sequence_pattern(element.elements, patterns)})"
    return f"(?:{patterns[element.path]})"


def varying_parts(elements: Sequence[Element], shapes: Mapping[str, Shape]) -> int:
    """How many parts can have more than one length. With one at most, the length of a number says where each part begins."""
    found = 0
    for element in elements:
        inside = (
            varying_parts(element.elements, shapes)
            if isinstance(element, GroupElement)
            else int(not shapes[element.path].has_one_width)
        )
        found += inside if element.required or isinstance(element, ConstantElement) else max(1, inside)
    return found


def trying_edges(scheme: Scheme, overridden: Collection[str]) -> int:
    """How many steps of the parser try texts on a pattern."""
    graph = Graph()
    sequence_state(graph, scheme.elements, END)
    leaves = (edge.leaf for edges in graph.edges for edge in edges if edge.leaf is not None)
    return sum(isinstance(leaf, FreeElement) or leaf.path in overridden for leaf in leaves)
