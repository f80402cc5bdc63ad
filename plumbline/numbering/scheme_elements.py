"""Reads the elements of an `id_generation_scheme`, groups within groups, into the model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from plumbline.kit.patterns import InvalidPattern, compile_pattern
from plumbline.numbering.document_reader import Path, Section, nearest_hint, shown, text_of
from plumbline.numbering.model import (
    FREEFORM_LENGTH_MAX,
    FREEFORM_PATTERN,
    NUMBER_LENGTH_MAX,
    ConstantElement,
    CounterElement,
    Element,
    ElementKind,
    FreeElement,
    GroupElement,
    Leaf,
    ListElement,
    ListSource,
    ListValue,
    TextRule,
)

ELEMENTS_MAX = 50
GROUPS_DEPTH_MAX = 8
VALUES_MAX = 5_000
NAME_LENGTH_MAX = 50
ELEMENT_TEXT_LENGTH_MAX = 50
DIGITS_MAX = {ElementKind.NUMERIC_COUNTER: 15, ElementKind.HEX_COUNTER: 12}
"""Counter values stay exact in every database and in JSON."""

BASE_KEYS = ("type", "name", "required", "description", "attachedTo")
FREEFORM_KEYS = ("allow_freeform", "freeform_validation")
KEYS = {
    ElementKind.LIST: (*BASE_KEYS, *FREEFORM_KEYS, "use", "values", "validation"),
    ElementKind.CONSTANT: (*BASE_KEYS, *FREEFORM_KEYS, "value"),
    ElementKind.NUMERIC_COUNTER: (*BASE_KEYS, *FREEFORM_KEYS, "format", "validation"),
    ElementKind.HEX_COUNTER: (*BASE_KEYS, *FREEFORM_KEYS, "format", "validation"),
    ElementKind.FREE: (*BASE_KEYS, *FREEFORM_KEYS, "validation"),
    ElementKind.GROUP: (*BASE_KEYS, "elements"),
}
USES = ("id", "name", "value")
TEMPLATE = re.compile(r"\$\{\{\s*([\w.]+)\s*\}\}")
UPPER_HEXADECIMAL = re.compile(r"[0-9A-F]+")


@dataclass(slots=True)
class ElementReader:
    """Collects, beside the elements, where each stands in the document and which names it is attached to."""

    places: dict[str, Path] = field(default_factory=dict)
    attachments: dict[str, list[tuple[Path, str]]] = field(default_factory=dict)

    def elements(self, section: Section, group: str = "", depth: int = 0) -> tuple[Element, ...]:
        """The elements under the key `elements`, whose names are unique among each other."""
        if depth > GROUPS_DEPTH_MAX:
            section.fault("elements", f"Groups are nested deeper than {GROUPS_DEPTH_MAX} levels.")
            return ()
        read = [
            self._element(item, group, depth)
            for item in section.sections("elements", required=True, count_max=ELEMENTS_MAX)
        ]
        if section.values.get("elements") == []:
            section.fault("elements", "There is no element here.", expected="at least one element")
        return tuple(element for element in read if element is not None)

    def _element(self, section: Section, group: str, depth: int) -> Element | None:
        kind = section.choice("type", [kind.value for kind in ElementKind])
        path = self._path(section, group)
        if kind is None:
            return None
        section.only(*KEYS[ElementKind(kind)])
        attached = section.texts("attachedTo", count_max=ELEMENTS_MAX)
        if attached:
            self.attachments[path] = attached
        required = section.boolean("required", default=False)
        if kind == ElementKind.GROUP:
            return GroupElement(path, required, self.elements(section, path, depth + 1))
        if kind == ElementKind.FREE and not group:
            section.fault(
                "type", "Free text stands outside a group.", hint="Put it into a group, together with its separator."
            )
        return leaf_of(ElementKind(kind), section, path, required)

    def _path(self, section: Section, group: str) -> str:
        name = (
            section.text("name", required=True, expected="a name", length_max=NAME_LENGTH_MAX)
            or f"element {len(self.places) + 1}"
        )
        if "/" in name or name != name.strip() or not name.isprintable() or not name:
            section.fault(
                "name", f"The name {name!r} cannot be used.", expected="a word without / and without blanks at its ends"
            )
        path = f"{group}/{name}" if group else name
        if path in self.places:
            section.fault("name", f"The name {name!r} is used twice among these elements.")
        self.places[path] = section.path
        return path


def leaf_of(kind: ElementKind, section: Section, path: str, required: bool) -> Leaf:
    freeform = element_freeform(section)
    if kind is ElementKind.CONSTANT:
        text = section.text("value", required=True, length_max=ELEMENT_TEXT_LENGTH_MAX)
        if text is not None:
            check_writable(section, "value", text)
        return ConstantElement(path, required, text or "", freeform)
    if kind is ElementKind.FREE:
        return FreeElement(path, required, free_rule(section), freeform)
    if kind is ElementKind.LIST:
        return list_of(section, path, required, freeform)
    return counter_of(kind, section, path, required, freeform)


# --- lists ----------------------------------------------------------------------------------------------------------------------


def list_of(section: Section, path: str, required: bool, freeform: TextRule | None) -> ListElement:
    use = section.choice("use", USES) if section.has("use") else None
    pattern = validation_pattern(section)
    raw = section.values.get("values")
    if isinstance(raw, str):
        return ListElement(path, required, (), template_source(section, raw), use, pattern, freeform)
    items = section.items("values", required=True, count_max=VALUES_MAX, expected="a list of values or a template")
    if raw == []:
        section.fault("values", "There is no value to choose from.", expected="at least one value")
    read = [(path_, list_value(section, path_, item, use)) for path_, item in items]
    values = [(path_, value) for path_, value in read if value is not None]
    check_values(section, values, pattern)
    return ListElement(path, required, tuple(value for _, value in values), None, use, pattern, freeform)


def template_source(section: Section, text: str) -> ListSource | None:
    found = TEMPLATE.fullmatch(text.strip())
    expected = " or ".join(f"${{{{ {source} }}}}" for source in ListSource)
    if found is None:
        section.fault("values", f"{shown(text)} is neither a list nor a template.", expected=f"a list, or {expected}")
        return None
    if found.group(1) not in list(ListSource):
        known = [source.value for source in ListSource]
        section.fault(
            "values",
            f"The template {text.strip()} is not known.",
            expected=expected,
            hint=nearest_hint(found.group(1), known),
        )
        return None
    return ListSource(found.group(1))


def list_value(section: Section, path: Path, item: object, use: str | None) -> ListValue | None:
    """A value given as text, or as an object of id, name, value and description of which one is written into the number."""
    if not isinstance(item, dict):
        text = text_of(
            item,
            path,
            section.faults,
            expected="a text or an object with id and name",
            length_max=ELEMENT_TEXT_LENGTH_MAX,
        )
        return None if text is None else ListValue(text)
    value = Section(item, path, section.faults)
    value.only("id", "name", "value", "description")
    key = use or ("value" if value.has("value") else "id")
    text = value.text(key, required=True, length_max=ELEMENT_TEXT_LENGTH_MAX)
    if text is None:
        return None
    return ListValue(text, value.text("id") or "", value.text("name") or "", value.text("description") or "")


def check_values(section: Section, values: list[tuple[Path, ListValue]], pattern: str | None) -> None:
    seen: set[str] = set()
    for path, value in values:
        if value.text in seen:
            section.faults.add(path, f"The value {value.text!r} stands twice in this list.")
        elif not is_writable(value.text):
            section.faults.add(
                path, f"The value {value.text!r} cannot be part of a number.", expected="visible characters"
            )
        elif pattern is not None and not compile_pattern(pattern).matches(value.text):
            section.faults.add(
                path, f"The value {value.text!r} does not match the pattern of its own list.", expected=pattern
            )
        seen.add(value.text)


# --- counters -------------------------------------------------------------------------------------------------------------------


def counter_of(
    kind: ElementKind, section: Section, path: str, required: bool, freeform: TextRule | None
) -> CounterElement:
    hexadecimal = kind is ElementKind.HEX_COUNTER
    pattern = validation_pattern(section)
    bounds = section.section("format", required=True)
    if bounds is None:
        return CounterElement(path, required, 0, 0, 1, hexadecimal, pattern, freeform)
    bounds.only("min_value", "max_value")
    read = hexadecimal_bound if hexadecimal else numeric_bound
    minimum, _ = read(bounds, "min_value")
    maximum, width = read(bounds, "max_value")
    if minimum is not None and maximum is not None and minimum > maximum:
        bounds.fault(
            "min_value",
            f"min_value {bounds.values['min_value']} is greater than max_value {bounds.values['max_value']}.",
        )
    return CounterElement(path, required, minimum or 0, maximum or 0, width, hexadecimal, pattern, freeform)


def numeric_bound(bounds: Section, key: str) -> tuple[int | None, int]:
    """The value, and how many digits it has; the digits of max_value are the width of the counter."""
    value = bounds.integer(key, required=True)
    if value is None:
        return None, 1
    if not 0 <= value < 10 ** DIGITS_MAX[ElementKind.NUMERIC_COUNTER]:
        bounds.fault(
            key,
            f"{key} is {shown(value)}.",
            expected=f"0 or more, at most {DIGITS_MAX[ElementKind.NUMERIC_COUNTER]} digits",
        )
        return None, 1
    return value, len(str(value))


def hexadecimal_bound(bounds: Section, key: str) -> tuple[int | None, int]:
    expected = 'hexadecimal digits in upper case, in quotes, such as "FF"'
    text = bounds.text(key, required=True, expected=expected)
    if text is None:
        return None, 1
    if not UPPER_HEXADECIMAL.fullmatch(text) or len(text) > DIGITS_MAX[ElementKind.HEX_COUNTER]:
        upper = f"Write {text.upper()!r}." if UPPER_HEXADECIMAL.fullmatch(text.upper()) else None
        bounds.fault(
            key,
            f"{key} is {shown(text)}.",
            expected=f"{expected}, at most {DIGITS_MAX[ElementKind.HEX_COUNTER]}",
            hint=upper,
        )
        return None, 1
    return int(text, 16), len(text)


# --- rules for text -------------------------------------------------------------------------------------------------------------


def element_freeform(section: Section) -> TextRule | None:
    """The rule for an override beyond the element's own values; None if the element allows none."""
    rule = freeform_rule(section)
    return rule if section.boolean("allow_freeform", default=False) else None


def freeform_rule(section: Section) -> TextRule:
    found = section.section("freeform_validation")
    if found is None:
        return TextRule()
    found.only("pattern", "max_length", "description")
    return TextRule(pattern_of(found) or FREEFORM_PATTERN, length_max(found), found.text("description"))


def free_rule(section: Section) -> TextRule:
    """Free text must say what it may be; only the length has a default."""
    found = section.section("validation", required=True)
    if found is None:
        return TextRule()
    found.only("pattern", "max_length", "description")
    return TextRule(pattern_of(found, required=True) or FREEFORM_PATTERN, length_max(found), found.text("description"))


def length_max(section: Section) -> int:
    """The longest text; nothing, zero and less mean the default, as the API documents say."""
    value = section.integer("max_length")
    if value is None or value <= 0:
        return FREEFORM_LENGTH_MAX
    if value > NUMBER_LENGTH_MAX:
        section.fault("max_length", f"max_length is {value}.", expected=f"at most {NUMBER_LENGTH_MAX}")
        return NUMBER_LENGTH_MAX
    return value


def validation_pattern(section: Section) -> str | None:
    found = section.section("validation")
    if found is None:
        return None
    found.only("pattern", "description")
    return pattern_of(found, required=True)


def pattern_of(section: Section, *, required: bool = False) -> str | None:
    text = section.text("pattern", required=required, expected="a regular expression")
    if text is None:
        return None
    try:
        compile_pattern(text)
    except InvalidPattern as fault:
        place = "" if fault.position is None else f" (character {fault.position + 1} of the pattern)"
        section.fault("pattern", f"{fault.message}{place}", hint=fault.hint)
        return None
    return text


def check_writable(section: Section, key: str, text: str) -> None:
    if not is_writable(text):
        section.fault(key, f"{shown(text)} cannot be part of a number.", expected="at least one visible character")


def is_writable(text: str) -> bool:
    """Whether the text can stand in a part number: something, and nothing that cannot be seen but the blank."""
    return bool(text) and text.isprintable()
