"""An `id_generation_scheme` as frozen values: elements in the order of the number, who is attached to whom, who may override what.

An element is named by its path: its own name, with the names of the groups around it in front (`base_cpn/sequence`). Names need only
be unique within one group, paths always are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from plumbline.catalog.model import Category
from plumbline.kit.errors import PathPart
from plumbline.kit.patterns import compile_pattern
from plumbline.numbering.errors import CounterExhausted

NUMBER_LENGTH_MAX = 100
"""Longest part number, made or typed."""
ELEMENTS_MAX = 50
"""Of a scheme, those in groups included; groups themselves do not count."""
FREEFORM_PATTERN = r"^[a-zA-Z0-9\-_]+$"
FREEFORM_LENGTH_MAX = 50
"""What free text may be where a scheme does not say, as the API documents have it."""
COUNTER_SCAN_MAX = 200_000
"""Values that a counter tries before it gives up finding one that its own pattern accepts: about a second."""


class ElementKind(StrEnum):
    LIST = "list"
    CONSTANT = "constant"
    NUMERIC_COUNTER = "numeric_counter"
    HEX_COUNTER = "hex_counter"
    FREE = "free"
    GROUP = "group"


class ListSource(StrEnum):
    """Where a list takes its values from when they do not stand in the scheme."""

    CATEGORIES = "duro.categories"
    FAMILIES = "duro.families"


@dataclass(frozen=True, slots=True)
class NumberRequest:
    """One number for a component of a category; `elements` and `number` as in `plan_number`."""

    category: Category
    number: str | None
    elements: Mapping[str, str]
    path: tuple[PathPart, ...]


@dataclass(frozen=True, slots=True)
class TextRule:
    """What a typed text must be like."""

    pattern: str = FREEFORM_PATTERN
    length_max: int = FREEFORM_LENGTH_MAX
    description: str | None = None

    def accepts(self, text: str) -> bool:
        return 0 < len(text) <= self.length_max and compile_pattern(self.pattern).matches(text)

    def expectation(self) -> str:
        return self.description or f"1 to {self.length_max} characters that match {self.pattern}"


@dataclass(frozen=True, slots=True)
class ListValue:
    text: str
    """What is written into the number."""
    id: str = ""
    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class ListElement:
    path: str
    required: bool
    values: tuple[ListValue, ...] = ()
    source: ListSource | None = None
    use: str | None = None
    """Which key of a value object, or of a category or family, is written: id, name or value."""
    pattern: str | None = None
    freeform: TextRule | None = None
    """What an override beyond the list must be like; None if there is none. The same on every kind of element."""


@dataclass(frozen=True, slots=True)
class ConstantElement:
    path: str
    required: bool
    text: str
    freeform: TextRule | None = None


@dataclass(frozen=True, slots=True)
class CounterElement:
    """Numbers of fixed width from `minimum` to `maximum`, decimal or in upper-case hexadecimal."""

    path: str
    required: bool
    minimum: int
    maximum: int
    width: int
    hexadecimal: bool
    pattern: str | None = None
    """Values that do not match are never given out."""
    freeform: TextRule | None = None

    def text_of(self, value: int) -> str:
        return f"{value:0{self.width}X}" if self.hexadecimal else f"{value:0{self.width}d}"

    def value_of(self, text: str) -> int | None:
        """The value that is written like this, None if this counter never writes such a text."""
        digits = "0123456789ABCDEF" if self.hexadecimal else "0123456789"
        if len(text) != self.width or any(character not in digits for character in text):
            return None
        value = int(text, 16 if self.hexadecimal else 10)
        return value if self.minimum <= value <= self.maximum and self.accepts(text) else None

    def accepts(self, text: str) -> bool:
        return self.pattern is None or compile_pattern(self.pattern).matches(text)

    def next_after(self, last: int | None) -> int:
        """The smallest value that may follow `last` (None: the first value of all). Raises CounterExhausted."""
        first = self.minimum if last is None else max(self.minimum, last + 1)
        for value in range(first, min(self.maximum + 1, first + COUNTER_SCAN_MAX)):
            if self.accepts(self.text_of(value)):
                return value
        raise CounterExhausted(
            f"The counter {self.path!r} has no value after {self.text_of(first - 1) if first else 'its beginning'}.",
            expected=f"{self.text_of(self.minimum)} to {self.text_of(self.maximum)}",
            hint="Give the counter a larger max_value in the scheme.",
        )


@dataclass(frozen=True, slots=True)
class FreeElement:
    path: str
    required: bool
    rule: TextRule
    freeform: TextRule | None = None


@dataclass(frozen=True, slots=True)
class GroupElement:
    path: str
    required: bool
    elements: tuple[Element, ...]


Leaf = ListElement | ConstantElement | CounterElement | FreeElement
"""An element that writes text of its own; groups only hold others."""
Element = Leaf | GroupElement


@dataclass(frozen=True, slots=True)
class Settings:
    allow_override: bool = False
    allow_freeform: bool = False
    override_elements: tuple[str, ...] | None = None
    """Names as written in the scheme; None means all elements. `Scheme.overridable` has the paths."""
    freeform: TextRule = TextRule()


@dataclass(frozen=True, slots=True)
class Scheme:
    version: str
    settings: Settings
    elements: tuple[Element, ...]
    examples: tuple[str, ...]
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By path of an attached element: the elements whose values make up the context in which its own values count."""
    overridable: frozenset[str] = frozenset()
    """Paths of the elements that a caller may override one by one."""
    warnings: tuple[str, ...] = ()
    """What is not wrong but will surprise; `validate` passes them on."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A category or family of the library, as far as numbering cares."""

    code: str
    name: str
    description: str = ""


@dataclass(frozen=True, eq=False)
class ChoiceLists:
    """What the templates `${{ duro.categories }}` and `${{ duro.families }}` stand for at this moment, and for this component."""

    categories: Sequence[Choice] = ()
    families: Sequence[Choice] = ()
    category: str | None = None
    """Code of the component's own category: what a list of categories takes when nobody picks a value."""
    family: str | None = None

    def of(self, source: ListSource) -> Sequence[Choice]:
        return self.categories if source is ListSource.CATEGORIES else self.families

    def own(self, source: ListSource | None) -> str | None:
        """A list written out in the scheme may hold category codes too; then the category is meant as well."""
        return self.family if source is ListSource.FAMILIES else self.category


def leaves_of(elements: Sequence[Element]) -> tuple[Leaf, ...]:
    """Every element that writes text, in the order of the number."""
    found: list[Leaf] = []
    for element in elements:
        if isinstance(element, GroupElement):
            found.extend(leaves_of(element.elements))
        else:
            found.append(element)
    return tuple(found)


def groups_of(elements: Sequence[Element]) -> tuple[GroupElement, ...]:
    """Every group, outer ones first."""
    found: list[GroupElement] = []
    for element in elements:
        if isinstance(element, GroupElement):
            found.extend((element, *groups_of(element.elements)))
    return tuple(found)


def list_values(element: ListElement, choices: ChoiceLists) -> tuple[ListValue, ...]:
    """The values to choose from now. A category or family whose text the list's own pattern refuses is not offered."""
    if element.source is None:
        return element.values
    return offered_choices(element, tuple(choices.of(element.source)))


@lru_cache(maxsize=64)
def offered_choices(element: ListElement, choices: tuple[Choice, ...]) -> tuple[ListValue, ...]:
    """Kept, because asking a pattern about hundreds of categories costs more than all the rest of making a number."""
    values = [choice_value(choice, element.use) for choice in choices]
    pattern = compile_pattern(element.pattern) if element.pattern is not None else None
    return tuple(value for value in values if value.text and (pattern is None or pattern.matches(value.text)))


def choice_value(choice: Choice, use: str | None) -> ListValue:
    return ListValue(choice.name if use == "name" else choice.code, choice.code, choice.name, choice.description)


def outline(elements: Sequence[Element]) -> str:
    """How a number looks, for people: `{category}-{sequence 0001..9999}`; optional parts stand in brackets."""
    always = [element.required or isinstance(element, ConstantElement) for element in elements]
    parts = [
        outlined(element) if sure else f"[{outlined(element)}]" for element, sure in zip(elements, always, strict=True)
    ]
    return "".join(parts)


def outlined(element: Element) -> str:
    if isinstance(element, GroupElement):
        return outline(element.elements)
    if isinstance(element, ConstantElement):
        return element.text
    if isinstance(element, CounterElement):
        return f"{{{element.path} {element.text_of(element.minimum)}..{element.text_of(element.maximum)}}}"
    return f"{{{element.path}}}"


def paths_named(name: str, elements: Sequence[Element]) -> tuple[str, ...]:
    """Paths of the elements, groups among them, that a caller means by this name: the path itself, or a last part that fits."""
    paths = [element.path for element in (*groups_of(elements), *leaves_of(elements))]
    return (name,) if name in paths else tuple(path for path in paths if path.rpartition("/")[2] == name)
