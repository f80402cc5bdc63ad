"""Reads a `revision_scheme_config` into its model, and is the door to all that is known about revisions.

What the API documents leave open is settled so: a delimiter stands in front of its segment, and the default delimiter does not apply to
the first one; the first segment is required unless it says otherwise, later ones are not; `transitions` and `blacklist` may stand at
the top or under `validation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering.document_reader import Section, check_header, nearest_hint, root_section, shown
from plumbline.numbering.errors import RevisionSchemeInvalid
from plumbline.numbering.revision_model import (
    DIGITS,
    LETTERS,
    IntegerRange,
    LetterRange,
    Revision,
    RevisionScheme,
    Segment,
    SegmentType,
    StatusScheme,
    is_integer,
    is_letters,
)
from plumbline.numbering.revision_order import REVISION_LENGTH_MAX, compare_revisions, sort_key
from plumbline.numbering.revision_parsing import format_revision, is_revision, parse_revision, shape
from plumbline.numbering.revision_sequence import completed, first_revision, next_revision

__all__ = [
    "REVISION_LENGTH_MAX",
    "Revision",
    "RevisionScheme",
    "compare_revisions",
    "first_revision",
    "format_revision",
    "is_revision",
    "next_revision",
    "parse_revision",
    "revision_scheme_from",
    "sort_key",
]

SCHEMA_TYPE = "revision_scheme_config"
STATUSES_MAX = 50
SEGMENTS_MAX = 6
EXAMPLES_MAX = 100
BLACKLIST_MAX = 100
DELIMITER_LENGTH_MAX = 5
LETTERS_LENGTH_MAX = 5
INTEGER_MAX = 999_999_999
EMPTY_LENGTH_MAX = 10
LETTERS_DEFAULT = LetterRange("A", "ZZ")
INTEGERS_DEFAULT = IntegerRange(1, 999)

ROOT_KEYS = (
    "$schema",
    "version",
    "schema_type",
    "description",
    "defaults",
    "status_order",
    "schemes",
    "validation",
    "transitions",
    "blacklist",
)
SEGMENT_KEYS = ("type", "delimiter", "required", "min_value", "max_value", "description")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What segments have that do not say otherwise."""

    letters: LetterRange = LETTERS_DEFAULT
    integers: IntegerRange = INTEGERS_DEFAULT
    delimiter: str = "."
    empty_value: str = "-"


def revision_scheme_from(source: YamlDocument | Mapping[str, object]) -> RevisionScheme:
    """The scheme; raises RevisionSchemeInvalid with every fault at once."""
    root = root_section(source, RevisionSchemeInvalid)
    root.only(*ROOT_KEYS)
    version = check_header(root, SCHEMA_TYPE)
    defaults = defaults_of(root)
    status_order = statuses_of(root)
    schemes = schemes_of(root, defaults, status_order)
    validation = root.section("validation")
    if validation is not None:
        check_validation(validation, schemes)
    scheme = RevisionScheme(
        version,
        tuple(status_order) or tuple(found.status for _, found in schemes),
        tuple(found for _, found in schemes),
        defaults.empty_value,
        blacklist_of(root, validation),
        transitions_of(root, validation, status_order),
    )
    root.faults.raise_if_any()
    check_examples(scheme, schemes)
    root.faults.raise_if_any()
    return scheme


def defaults_of(root: Section) -> Defaults:
    section = root.section("defaults")
    if section is None:
        return Defaults()
    section.only("segments", "delimiter", "empty_value")
    defaults = Defaults(
        delimiter=delimiter_of(section, Defaults().delimiter),
        empty_value=section.text("empty_value", length_max=EMPTY_LENGTH_MAX) or Defaults().empty_value,
    )
    segments = section.section("segments")
    if segments is None:
        return defaults
    segments.only("integer", "letter")
    letter, integer = segments.section("letter"), segments.section("integer")
    for part in (letter, integer):
        if part is not None:
            part.only("min_value", "max_value")
    return replace(
        defaults,
        letters=letters_of(letter, defaults.letters) if letter else defaults.letters,
        integers=integers_of(integer, defaults.integers) if integer else defaults.integers,
    )


def statuses_of(root: Section) -> list[str]:
    found: list[str] = []
    for path, status in root.texts("status_order", count_max=STATUSES_MAX, length_max=100):
        if status in found:
            root.faults.add(path, f"The status {status!r} stands twice.")
        found.append(status)
    return found


def schemes_of(root: Section, defaults: Defaults, status_order: Sequence[str]) -> list[tuple[Section, StatusScheme]]:
    """The schemes by status, each with its place in the document."""
    found: list[tuple[Section, StatusScheme]] = []
    for section in root.sections("schemes", required=True, count_max=STATUSES_MAX):
        section.only("status", "description", "segments", "examples")
        status = section.text("status", required=True, expected="a status", length_max=100) or ""
        if status_order and status and status not in status_order:
            section.fault(
                "status", f"The status {status!r} is not in status_order.", hint=nearest_hint(status, status_order)
            )
        if status in [other.status for _, other in found]:
            section.fault("status", f"The status {status!r} has two schemes.")
        examples = section.texts("examples", count_max=EXAMPLES_MAX, length_max=REVISION_LENGTH_MAX)
        segments = segments_of(section, defaults)
        found.append(
            (section, StatusScheme(status, segments, tuple(text for _, text in examples), section.text("description")))
        )
    if root.values.get("schemes") == []:
        root.fault("schemes", "There is no scheme.", expected="at least one")
    return found


# --- segments -------------------------------------------------------------------------------------------------------------------


def segments_of(section: Section, defaults: Defaults) -> tuple[Segment, ...]:
    """The segments in the order in which they are written down; checked so that none can be mistaken for another."""
    found = section.section("segments", required=True)
    if found is None:
        return ()
    if not 1 <= len(found.values) <= SEGMENTS_MAX:
        section.fault("segments", f"There are {len(found.values)} segments.", expected=f"1 to {SEGMENTS_MAX}")
    segments: list[Segment] = []
    for name in list(found.values)[:SEGMENTS_MAX]:
        part = found.section(name, required=True)
        segment = segment_of(part, name, defaults, is_first=not segments) if part else None
        if part is not None and segment is not None:
            check_beside(part, segment, segments)
            segments.append(segment)
    return tuple(segments)


def segment_of(part: Section, name: str, defaults: Defaults, *, is_first: bool) -> Segment | None:
    part.only(*SEGMENT_KEYS)
    kind = part.choice("type", [kind.value for kind in SegmentType])
    delimiter = delimiter_of(part, "" if is_first else defaults.delimiter)
    required = part.boolean("required", default=is_first)
    if kind is None:
        return None
    segment = Segment(name, SegmentType(kind), delimiter, required, None, None)
    if kind == SegmentType.LETTER:
        return replace(segment, letters=letters_of(part, defaults.letters))
    if kind == SegmentType.INTEGER:
        return replace(segment, integers=integers_of(part, defaults.integers))
    return either_of(part, segment, defaults)


def either_of(part: Section, segment: Segment, defaults: Defaults) -> Segment:
    """Bounds given as numbers bound the integers, bounds given as letters the letters; the other kind keeps its defaults."""
    keys = ("min_value", "max_value")
    numbers = {
        key: value for key in keys if isinstance(value := part.values.get(key), int) and not isinstance(value, bool)
    }
    words = {key: part.values[key] for key in keys if part.has(key) and key not in numbers}
    letters = letters_of(Section(words, part.path, part.faults), defaults.letters)
    integers = integers_of(Section(numbers, part.path, part.faults), defaults.integers)
    return replace(segment, letters=letters, integers=integers, starts_with_integers="min_value" in numbers)


def check_beside(part: Section, segment: Segment, before: Sequence[Segment]) -> None:
    """Notes what would make two readings of one revision possible."""
    if not before:
        if not segment.required:
            part.fault("required", f"{segment.name!r} is the first segment and cannot be left out.", expected="true")
        return
    if segment.required and not before[-1].required:
        part.fault("required", f"{segment.name!r} is required, but stands after {before[-1].name!r}, which is not.")
    beginning = segment.delimiter[:1] or {SegmentType.LETTER: "A", SegmentType.INTEGER: "0"}.get(segment.type, "A0")
    if any(character in alphabet_of(before[-1]) for character in beginning):
        part.fault(
            "delimiter",
            f"Nothing shows where {before[-1].name!r} ends and {segment.name!r} begins.",
            expected="a delimiter that is neither letter nor digit",
        )


def alphabet_of(segment: Segment) -> str:
    return {SegmentType.LETTER: LETTERS, SegmentType.INTEGER: DIGITS, SegmentType.EITHER: LETTERS + DIGITS}[
        segment.type
    ]


def delimiter_of(section: Section, default: str) -> str:
    text = section.text("delimiter", length_max=DELIMITER_LENGTH_MAX)
    if text is None:
        return default
    if text and not (text.isprintable() and text == text.strip()):
        section.fault("delimiter", f"The delimiter {text!r} cannot be seen.", expected="visible characters")
    return text


def letters_of(section: Section, default: LetterRange) -> LetterRange:
    found = LetterRange(
        letter_bound(section, "min_value", default.minimum), letter_bound(section, "max_value", default.maximum)
    )
    if (len(found.minimum), found.minimum) > (len(found.maximum), found.maximum):
        section.fault("min_value", f"min_value {found.minimum} comes after max_value {found.maximum}.")
    return found


def letter_bound(section: Section, key: str, default: str) -> str:
    text = section.text(key)
    if text is None:
        return default
    if not is_letters(text) or len(text) > LETTERS_LENGTH_MAX:
        section.fault(key, f"{key} is {shown(text)}.", expected=f"1 to {LETTERS_LENGTH_MAX} letters from A to Z")
        return default
    return text


def integers_of(section: Section, default: IntegerRange) -> IntegerRange:
    found = IntegerRange(
        integer_bound(section, "min_value", default.minimum), integer_bound(section, "max_value", default.maximum)
    )
    if found.minimum > found.maximum:
        section.fault("min_value", f"min_value {found.minimum} is greater than max_value {found.maximum}.")
    return found


def integer_bound(section: Section, key: str, default: int) -> int:
    value = section.integer(key)
    if value is None:
        return default
    if not 0 <= value <= INTEGER_MAX:
        section.fault(key, f"{key} is {shown(value)}.", expected=f"0 to {INTEGER_MAX}")
        return default
    return value


# --- the rest of the document -----------------------------------------------------------------------------------------------------


def check_validation(validation: Section, schemes: list[tuple[Section, StatusScheme]]) -> None:
    """What the document demands of itself: kinds of segment, and keys that every scheme must have."""
    validation.only("allowed_segment_types", "required_fields", "transitions", "blacklist")
    kinds = [kind.value for kind in SegmentType]
    allowed = validation.texts("allowed_segment_types", count_max=len(kinds))
    for path, kind in allowed:
        if kind not in kinds:
            validation.faults.add(
                path, f"The segment type {kind!r} is not known.", expected=f"one of {', '.join(kinds)}"
            )
    required = [name for _, name in validation.texts("required_fields", count_max=50)]
    for section, scheme in schemes:
        for segment in scheme.segments:
            if allowed and segment.type not in [kind for _, kind in allowed]:
                place = (*section.path, "segments", segment.name, "type")
                validation.faults.add(
                    place, f"The segment type {segment.type.value!r} is not among allowed_segment_types."
                )
        for name in required:
            if not has_field(section.values, name.split(".")):
                section.fault(name.partition(".")[0], f"{name!r} is missing, which required_fields demands.")


def has_field(value: object, parts: Sequence[str]) -> bool:
    for part in parts:
        if not isinstance(value, Mapping) or value.get(part) is None:
            return False
        value = value[part]
    return True


def places_of(key: str, root: Section, validation: Section | None) -> Iterator[Section]:
    """The sections in which the key stands: at the top, under `validation`, or in neither."""
    yield from (section for section in (root, validation) if section is not None and section.has(key))


def blacklist_of(root: Section, validation: Section | None) -> frozenset[str]:
    found: set[str] = set()
    for section in places_of("blacklist", root, validation):
        for path, entry in section.texts("blacklist", count_max=BLACKLIST_MAX, length_max=LETTERS_LENGTH_MAX):
            word = entry.upper()
            if not is_letters(word) and not is_integer(word):
                section.faults.add(path, f"{entry!r} can be no part of a revision.", expected="letters, or a number")
            found.add(word)
    return frozenset(found)


def transitions_of(
    root: Section, validation: Section | None, status_order: Sequence[str]
) -> Mapping[str, tuple[str, ...]] | None:
    for holder in places_of("transitions", root, validation):
        transitions = holder.section("transitions")
        if transitions is None:
            return None
        transitions.only("allowed")
        found: dict[str, tuple[str, ...]] = {}
        for section in transitions.sections("allowed", required=True, count_max=STATUSES_MAX):
            section.only("from", "to")
            before = section.text("from", required=True, expected="a status") or ""
            after = section.texts("to", required=True, count_max=STATUSES_MAX)
            named = [((*section.path, "from"), before), *after]
            for path, status in named:
                if status_order and status and status not in status_order:
                    message = f"The status {status!r} is not in status_order."
                    section.faults.add(path, message, hint=nearest_hint(status, status_order))
            found[before] = (*found.get(before, ()), *(status for _, status in after))
        return found
    return None


def check_examples(scheme: RevisionScheme, schemes: list[tuple[Section, StatusScheme]]) -> None:
    for section, by_status in schemes:
        if completed(scheme, by_status, ()) is None:
            section.fault("segments", "The blacklist leaves no revision at all.", expected=shape(scheme, by_status))
        for index, example in enumerate(by_status.examples):
            if not is_revision(scheme, by_status.status, example):
                path = (*section.path, "examples", index)
                message = f"The example {example!r} is no revision of the status {by_status.status!r}."
                section.faults.add(path, message, expected=shape(scheme, by_status))
