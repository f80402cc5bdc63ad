"""What a caller may choose and what a caller may type, by the settings of a scheme.

    allow_override  allow_freeform  override_elements   a caller may type
    false           any             any                 nothing; lists are chosen from
    true            false           none given          a whole number or single elements, all by the rules of the scheme
    true            false           some                these elements, by their rules
    true            true            none given          a whole number as free text, or single elements
    true            true            some                a whole number as free text, or these elements

An element with a rule for free text of its own (`allow_freeform`) takes such text wherever it may be set at all. Free elements exist to
be typed; they ask for `allow_override` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plumbline.kit.errors import Refusal
from plumbline.numbering.errors import (
    OverrideInvalid,
    OverrideNotAllowed,
)
from plumbline.numbering.model import (
    NUMBER_LENGTH_MAX,
    ChoiceLists,
    ConstantElement,
    CounterElement,
    FreeElement,
    Leaf,
    ListElement,
    Scheme,
    leaves_of,
    list_values,
    outline,
    paths_named,
)
from plumbline.numbering.number_parsing import Latitude, Reading, parse


def picked_value(element: ListElement, choices: ChoiceLists, picked: str) -> str | None:
    """The text that a pick means: a text of the list, else an id or a name that only one value has."""
    values = list_values(element, choices)
    if any(value.text == picked for value in values):
        return picked
    for meant in ([v.text for v in values if v.id == picked], [v.text for v in values if v.name == picked]):
        if len(meant) == 1:
            return meant[0]
    return None


def own_choice(element: ListElement, choices: ChoiceLists) -> str | None:
    """The value that the component's own category or family stands for in this list."""
    own = choices.own(element.source)
    if own is None:
        return None
    values = list_values(element, choices)
    return next((value.text for value in values if own in (value.id, value.text)), None)


def one_of(texts: Sequence[str]) -> str | None:
    """The first few of the values that would do, for a refusal; None if there are none."""
    return f"one of {', '.join(texts[:20])}{' ...' if len(texts) > 20 else ''}" if texts else None


def override_refusal(scheme: Scheme, choices: ChoiceLists, leaf: Leaf, text: str) -> Refusal | None:
    """Why the element may not have this text, by the settings and by its own rules; None if it may."""
    if not scheme.settings.allow_override:
        return OverrideNotAllowed(f"{leaf.path!r} cannot be set by hand.", hint="The scheme has allow_override: false.")
    refused = f"{text[:NUMBER_LENGTH_MAX]!r} does not suit {leaf.path!r}."
    if not text.isprintable() or text != text.strip():
        return OverrideInvalid(refused, expected="visible characters, no blanks at the ends")
    if isinstance(leaf, FreeElement):
        return None if leaf.rule.accepts(text) else OverrideInvalid(refused, expected=leaf.rule.expectation())
    if leaf.path not in scheme.overridable:
        allowed = ", ".join(scheme.settings.override_elements or ())
        return OverrideNotAllowed(
            f"{leaf.path!r} cannot be set by hand.", expected=f"an override of {allowed}" if allowed else None
        )
    if own_text_accepts(leaf, choices, text) or (leaf.freeform is not None and leaf.freeform.accepts(text)):
        return None
    return OverrideInvalid(refused, expected=override_expectation(leaf, choices))


def own_text_accepts(leaf: ListElement | ConstantElement | CounterElement, choices: ChoiceLists, text: str) -> bool:
    if isinstance(leaf, ListElement):
        return any(value.text == text for value in list_values(leaf, choices))
    if isinstance(leaf, ConstantElement):
        return text == leaf.text
    return leaf.value_of(text) is not None


def override_expectation(leaf: ListElement | ConstantElement | CounterElement, choices: ChoiceLists) -> str:
    if leaf.freeform is not None:
        return leaf.freeform.expectation()
    if isinstance(leaf, ListElement):
        return one_of([value.text for value in list_values(leaf, choices)]) or "a value of the list, which is empty now"
    if isinstance(leaf, ConstantElement):
        return repr(leaf.text)
    return f"{leaf.text_of(leaf.minimum)} to {leaf.text_of(leaf.maximum)}"


def is_visible(number: str) -> bool:
    """Whether a typed text can be a number at all."""
    return 0 < len(number) <= NUMBER_LENGTH_MAX and number.isprintable() and number == number.strip()


def own_choices(scheme: Scheme, choices: ChoiceLists) -> dict[str, str]:
    """By path of a list, the value that the component's own category or family stands for in it."""
    lists = (leaf for leaf in leaves_of(scheme.elements) if isinstance(leaf, ListElement))
    return {leaf.path: own for leaf in lists if (own := own_choice(leaf, choices)) is not None}


def check_typed_number(scheme: Scheme, choices: ChoiceLists, picks: Mapping[str, str], number: str) -> None:
    """A whole number typed by hand may be free text where that is allowed, else it must follow the scheme."""
    settings = scheme.settings
    if not settings.allow_override:
        raise OverrideNotAllowed("The number cannot be set by hand.", hint="The scheme has allow_override: false.")
    if not is_visible(number):
        expected = f"1 to {NUMBER_LENGTH_MAX} visible characters, no blanks at the ends"
        raise OverrideInvalid(f"{number[:NUMBER_LENGTH_MAX]!r} cannot be a number.", expected=expected)
    if settings.allow_freeform and settings.freeform.accepts(number):
        return
    if settings.override_elements is not None:
        raise typed_number_refusal(scheme, number)
    readings = parse(scheme, choices, number, Latitude.OVERRIDES)
    if not readings:
        raise OverrideInvalid(f"The number {number!r} does not follow the scheme.", expected=typed_expectation(scheme))
    if not any(agrees(reading, scheme, choices, picks) for reading in readings):
        raise OverrideInvalid(
            f"The number {number!r} says something else than what was chosen.", expected=outline(scheme.elements)
        )


def typed_number_refusal(scheme: Scheme, number: str) -> Refusal:
    if scheme.settings.allow_freeform:
        return OverrideInvalid(f"{number!r} cannot be a number.", expected=scheme.settings.freeform.expectation())
    elements = ", ".join(scheme.settings.override_elements or ())
    return OverrideNotAllowed(
        "The whole number cannot be set by hand.",
        expected=f"an override of {elements}" if elements else None,
        hint="The scheme lists in override_elements what may be set.",
    )


def typed_expectation(scheme: Scheme) -> str:
    following = outline(scheme.elements)
    return f"{following}, or {scheme.settings.freeform.expectation()}" if scheme.settings.allow_freeform else following


def agrees(reading: Reading, scheme: Scheme, choices: ChoiceLists, picks: Mapping[str, str]) -> bool:
    """Whether a typed number has the values that were picked, and the component's own category where it names one."""
    for leaf in leaves_of(scheme.elements):
        text = reading.values.get(leaf.path)
        if text is None or leaf.path in reading.overridden or not isinstance(leaf, ListElement):
            continue
        names = [name for name in picks if paths_named(name, scheme.elements) == (leaf.path,)]
        wanted = picked_value(leaf, choices, picks[names[0]]) if names else own_choice(leaf, choices)
        if wanted is not None and wanted != text:
            return False
    return True
