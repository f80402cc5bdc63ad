"""Reads an `id_generation_scheme` into its model and proves that its own examples follow it.

An example must be a number that somebody could get: made by the scheme, through an override of single elements, or as free text where
the settings allow that; and one example at least must need no override. One kind beyond that is accepted with a warning: an example
with a value outside a list that may be overridden but allows no free text. The API documents show such an example (a custom category
in a scheme whose categories "must be picked from the list"); the rule counts when numbers are made, the example does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from plumbline.kit.patterns import Engine, compile_pattern
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.document_reader import Path, Section, check_header, root_section
from plumbline.numbering.errors import SchemeInvalid
from plumbline.numbering.model import (
    NUMBER_LENGTH_MAX,
    ChoiceLists,
    CounterElement,
    FreeElement,
    Leaf,
    ListElement,
    Scheme,
    Settings,
    groups_of,
    leaves_of,
    outline,
)
from plumbline.numbering.number_parsing import Latitude, parse
from plumbline.numbering.scheme_attachments import overridable_of, scopes_of
from plumbline.numbering.scheme_elements import ELEMENTS_MAX, ElementReader, freeform_rule

SCHEMA_TYPE = "id_generation_scheme"
EXAMPLES_MAX = 100
ROOT_KEYS = ("$schema", "version", "schema_type", "description", "settings", "elements", "examples")
SETTINGS_KEYS = ("allow_override", "allow_freeform", "override_elements", "freeform_validation")


def scheme_from(source: YamlDocument | Mapping[str, object], choices: ChoiceLists | None = None) -> Scheme:
    """The scheme; raises SchemeInvalid with every fault at once. With `choices`, examples must use categories that exist."""
    root = root_section(source, SchemeInvalid)
    root.only(*ROOT_KEYS)
    version = check_header(root, SCHEMA_TYPE)
    reader = ElementReader()
    elements = reader.elements(root)
    settings, override_names = settings_of(root)
    examples = root.texts("examples", required=True, count_max=EXAMPLES_MAX, length_max=NUMBER_LENGTH_MAX)
    scheme = Scheme(
        version,
        settings,
        elements,
        tuple(text for _, text in examples),
        scopes=scopes_of(elements, reader.attachments, root.faults),
        overridable=overridable_of(elements, override_names, root.faults) if settings.allow_override else frozenset(),
    )
    check_whole(scheme, root, reader)
    root.faults.raise_if_any()
    notes = [*setting_warnings(scheme), *pattern_warnings(scheme), *check_examples(scheme, choices, examples, root)]
    root.faults.raise_if_any()
    return replace(scheme, warnings=tuple(notes))


def settings_of(root: Section) -> tuple[Settings, list[tuple[Path, str]] | None]:
    """The settings, and the names in `override_elements` with their places."""
    section = root.section("settings", required=True)
    if section is None:
        return Settings(), None
    section.only(*SETTINGS_KEYS)
    names = section.texts("override_elements", count_max=ELEMENTS_MAX) if section.has("override_elements") else None
    settings = Settings(
        section.boolean("allow_override", default=False),
        section.boolean("allow_freeform", default=False),
        None if names is None else tuple(name for _, name in names),
        freeform_rule(section),
    )
    return settings, names


def check_whole(scheme: Scheme, root: Section, reader: ElementReader) -> None:
    """What only shows when all elements are known."""
    leaves = leaves_of(scheme.elements)
    if len(leaves) > ELEMENTS_MAX:
        root.fault("elements", f"The scheme has {len(leaves)} elements; at most {ELEMENTS_MAX} are allowed.")
    if root.values.get("examples") == []:
        root.fault("examples", "There is no example.", expected="at least one number that follows the scheme")
    optional = [group.path for group in groups_of(scheme.elements) if not group.required]
    for leaf in leaves:
        inevitable = leaf.required and not any(leaf.path.startswith(f"{path}/") for path in optional)
        if isinstance(leaf, FreeElement) and inevitable and not scheme.settings.allow_override:
            root.faults.add(
                reader.places[leaf.path],
                f"The free text {leaf.path!r} is required, but nobody may type it.",
                hint="Set allow_override in the settings to true, or make the element or its group optional.",
            )


# --- examples -------------------------------------------------------------------------------------------------------------------


def check_examples(
    scheme: Scheme, choices: ChoiceLists | None, examples: list[tuple[Path, str]], root: Section
) -> Iterator[str]:
    """Notes faults; yields warnings."""
    followed = False
    for path, text in examples:
        if parse(scheme, choices, text, Latitude.SCHEME):
            followed = True
        elif is_possible_override(scheme, choices, text):
            continue
        elif scheme.settings.allow_override and parse(scheme, choices, text, Latitude.LENIENT):
            yield f"The example {text!r} holds a value that is in no list; making such a number is refused."
        else:
            root.faults.add(
                path, f"The example {text!r} does not follow the scheme.", expected=outline(scheme.elements)
            )
    if examples and not followed:
        root.fault("examples", "No example follows the scheme without an override.", expected=outline(scheme.elements))


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
