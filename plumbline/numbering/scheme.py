"""Reads an `id_generation_scheme` into its model and proves that its own examples follow it.

An example must be a number that somebody could get: made by the scheme, through an override of single elements, or as free text where
the settings allow that; and one example at least must need no override. One kind beyond that is accepted with a warning: an example
with a value outside a list that may be overridden but allows no free text. The API documents show such an example (a custom category
in a scheme whose categories "must be picked from the list"); the rule counts when numbers are made, the example does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from plumbline.kit.document_faults import Faults
from plumbline.kit.late import LateModule
from plumbline.kit.patterns import Engine, PatternTooSlow, compile_pattern
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.errors import SchemeInvalid
from plumbline.numbering.model import (
    ChoiceLists,
    CounterElement,
    FreeElement,
    Leaf,
    ListElement,
    Scheme,
    groups_of,
    leaves_of,
    outline,
)
from plumbline.numbering.number_parsing import Latitude, parse
from plumbline.numbering.scheme_attachments import (
    check_names,
    check_size,
    overridable_of,
    override_names,
    scopes_of,
    with_groups,
    written_elements,
)
from plumbline.numbering.written_names import Place

if TYPE_CHECKING:
    from plumbline.numbering import scheme_elements, scheme_language
else:  # they load pydantic, which takes longer than the rest of this room: not when a server starts
    scheme_language = LateModule("plumbline.numbering.scheme_language")
    scheme_elements = LateModule("plumbline.numbering.scheme_elements")


def scheme_from(document: YamlDocument, choices: ChoiceLists | None = None) -> Scheme:
    """The scheme; raises SchemeInvalid with every fault at once. With `choices`, examples must use categories that exist."""
    faults = Faults(SchemeInvalid, document, page=scheme_language.PAGE)
    written, overrides = written_elements(document), override_names(document)
    check_size(written, faults)
    scheme = scheme_elements.scheme_as_written(document, faults)
    check_names(written, overrides, faults)
    if scheme is None:
        faults.raise_if_any()
    assert scheme is not None  # or a fault was raised
    attachments = {element.path: element.attached_to for element in written if element.attached_to}
    scheme = replace(
        scheme,
        scopes=scopes_of(scheme.elements, attachments, faults),
        overridable=overridable_of(scheme, overrides, faults),
    )
    check_free_texts(scheme, {element.path: element.place for element in written}, faults)
    faults.raise_if_any()
    notes = [*setting_warnings(scheme), *pattern_warnings(scheme), *check_examples(scheme, choices, faults)]
    faults.raise_if_any()
    return replace(scheme, warnings=tuple(notes))


def check_free_texts(scheme: Scheme, places: Mapping[str, Place], faults: Faults) -> None:
    """Notes free texts that every number must have, but that nobody may type."""
    optional = {group.path for group in groups_of(scheme.elements) if not group.required}
    for leaf in leaves_of(scheme.elements):
        inevitable = leaf.required and optional.isdisjoint(with_groups(leaf.path))
        if isinstance(leaf, FreeElement) and inevitable and not scheme.settings.allow_override:
            faults.add(
                places[leaf.path],
                f"The free text {leaf.path!r} is required, but nobody may type it.",
                expected="allow_override: true in the settings",
                hint="Or make the element, or its group, optional.",
            )


# --- examples -------------------------------------------------------------------------------------------------------------------


def check_examples(scheme: Scheme, choices: ChoiceLists | None, faults: Faults) -> Iterator[str]:
    """Notes faults; yields warnings."""
    followed = False
    for index, text in enumerate(scheme.examples):
        try:
            if parse(scheme, choices, text, Latitude.SCHEME):
                followed = True
            elif is_possible_override(scheme, choices, text):
                continue
            elif scheme.settings.allow_override and parse(scheme, choices, text, Latitude.LENIENT):
                yield f"The example {text!r} holds a value that is in no list; making such a number is refused."
            else:
                message = f"The example {text!r} does not follow the scheme."
                faults.add(("examples", index), message, expected=outline(scheme.elements))
        except PatternTooSlow as slow:
            faults.add(("examples", index), slow.message, expected="patterns that are quickly tried", hint=slow.hint)
            return
    if not followed:
        message = "No example follows the scheme without an override."
        faults.add(("examples",), message, expected=outline(scheme.elements))


def is_possible_override(scheme: Scheme, choices: ChoiceLists | None, text: str) -> bool:
    settings = scheme.settings
    if not settings.allow_override:
        return False
    return bool(parse(scheme, choices, text, Latitude.OVERRIDES)) or (
        settings.allow_freeform and settings.freeform.accepts(text)
    )


# --- warnings -------------------------------------------------------------------------------------------------------------------


def setting_warnings(scheme: Scheme) -> Iterator[str]:
    settings = scheme.settings
    if settings.allow_freeform and not settings.allow_override:
        yield "allow_freeform has no effect while allow_override is false."
    if settings.override_elements is not None and not settings.allow_override:
        yield "override_elements has no effect while allow_override is false."
    for leaf in leaves_of(scheme.elements):
        if leaf.freeform is not None and leaf.path not in scheme.overridable:
            yield f"allow_freeform of {leaf.path!r} has no effect, because the element cannot be overridden."
        if isinstance(leaf, FreeElement) and not settings.allow_override:
            yield f"Nobody can type the free text {leaf.path!r} while allow_override is false."


def pattern_warnings(scheme: Scheme) -> Iterator[str]:
    for pattern in sorted(
        {*(p for leaf in leaves_of(scheme.elements) for p in patterns_of(leaf)), scheme.settings.freeform.pattern}
    ):
        if compile_pattern(pattern).engine is Engine.BACKTRACKING:
            yield f"The pattern {pattern!r} needs look-around or back-references and runs under a time limit."


def patterns_of(leaf: Leaf) -> Iterator[str]:
    if isinstance(leaf, ListElement | CounterElement) and leaf.pattern is not None:
        yield leaf.pattern
    if isinstance(leaf, FreeElement):
        yield leaf.rule.pattern
    if leaf.freeform is not None:
        yield leaf.freeform.pattern
