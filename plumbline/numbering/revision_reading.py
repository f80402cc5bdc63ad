"""From the typed model of a document to the values of a revision scheme, and what is wrong with it that no single key shows.

Loads pydantic: `revision_scheme` imports it with the first document that is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plumbline.kit.document_faults import Faults, listed
from plumbline.kit.yaml_source import YamlDocument
from plumbline.numbering import revision_language as language
from plumbline.numbering.revision_model import (
    DIGITS,
    LETTERS,
    MEANING_COLORS,
    IntegerRange,
    LetterRange,
    RevisionScheme,
    Segment,
    SegmentType,
    StatusDefinition,
    StatusScheme,
)
from plumbline.numbering.written_names import Named, Place, named_at, note_unknown, places_in, value_at

AnySegment = language.LetterSegment | language.IntegerSegment | language.EitherSegment
Bound = str | int | None

LETTERS_USUAL, INTEGERS_USUAL = LetterRange("A", "ZZ"), IntegerRange(1, 999)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What segments have that do not say otherwise."""

    letters: LetterRange = LETTERS_USUAL
    integers: IntegerRange = INTEGERS_USUAL
    delimiter: str = "."
    empty_value: str = "-"


def scheme_as_written(document: YamlDocument, faults: Faults) -> RevisionScheme | None:
    """What stands in the document, with what is wrong noted; None if the structure is wrong."""
    model = language.read(document, faults)
    check_statuses(document, faults)
    if model is None:
        return None
    defaults = defaults_of(model.defaults, faults)
    schemes = tuple(scheme_of(each, defaults, ("schemes", index), faults) for index, each in enumerate(model.schemes))
    check_demands(document, model, faults)
    holders = [each for each in (model, model.validation) if each is not None]
    transitions = next((each.transitions for each in holders if each.transitions is not None), None)
    return RevisionScheme(
        model.version,
        definitions_of(model.status_order or [scheme.status for scheme in schemes]),
        schemes,
        defaults.empty_value,
        frozenset(entry for holder in holders for entry in holder.blacklist),
        None if transitions is None else allowed_moves(transitions),
    )


def allowed_moves(transitions: language.TransitionsModel) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in transitions.allowed:
        found[each.before] = (*found.get(each.before, ()), *each.after)
    return found


# --- statuses ---------------------------------------------------------------------------------------------------------------------


def definitions_of(entries: Iterable[str | language.StatusModel]) -> tuple[StatusDefinition, ...]:
    """A status means what it says, else what its name says, else what the one before it means; the first one design."""
    found: list[StatusDefinition] = []
    for entry in entries:
        name, told, color, formerly = (
            (entry, None, "", None)
            if isinstance(entry, str)
            else (entry.name, entry.maps_to, entry.color, entry.formerly)
        )
        before = found[-1].maps_to if found else "DESIGN"
        maps_to = told or (name.upper() if name.upper() in MEANING_COLORS else before)
        found.append(StatusDefinition(name, maps_to, color or MEANING_COLORS[maps_to], formerly))
    return tuple(found)


def check_statuses(document: YamlDocument, faults: Faults) -> None:
    """Every status once in the order and once among the schemes; no status that is not in the order."""
    entries = places_in(document, ("status_order",))
    order = named_at(document, *(each for entry in entries for each in (entry, (*entry, "name"))))
    schemes = named_at(document, *((*each, "status") for each in places_in(document, ("schemes",))))
    note_repeated(faults, order, "The status {!r} stands twice.")
    note_repeated(faults, schemes, "The status {!r} has two schemes.")
    check_former_names(document, entries, order, faults)
    if order or not value_at(document, ("status_order",)):  # else the order is there, but cannot be read
        known = list(dict.fromkeys(name for _, name in order or schemes))
        note_unknown(faults, [*schemes, *transition_names(document)], known, "status")


def check_former_names(
    document: YamlDocument, entries: Sequence[Place], order: Sequence[Named], faults: Faults
) -> None:
    """Components stay in one status: no two may claim them, and none those of a status that goes on under its name.

    Two statuses that change their names with each other both say so. Capitals make no difference between former names.
    """
    renamed = {place[:-1]: name for place, name in named_at(document, *((*entry, "formerly") for entry in entries))}
    going_on = {name.lower(): name for place, name in order if place[:-1] not in renamed}
    seen: set[str] = set()
    for entry, former in renamed.items():
        place, name = (*entry, "formerly"), former.lower()
        if name in seen:
            message = f"Two statuses have the former name {former!r}."
            faults.add(place, message, expected="a former name of its own for each status")
        elif name in going_on:
            message = (
                f"The status {going_on[name]!r} is still in the order; {former!r} cannot be the former name of another."
            )
            faults.add(place, message, expected="the name of a status that is no longer there")
        seen.add(name)


def transition_names(document: YamlDocument) -> Iterator[Named]:
    for holder in ((), ("validation",)):
        for entry in places_in(document, (*holder, "transitions", "allowed")):
            yield from named_at(document, (*entry, "from"), *places_in(document, (*entry, "to")))


def note_repeated(faults: Faults, named: Sequence[Named], message: str) -> None:
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            faults.add(place, message.format(name), expected="each status once")
        seen.add(name)


# --- segments ---------------------------------------------------------------------------------------------------------------------


def defaults_of(model: language.DefaultsModel | None, faults: Faults) -> Defaults:
    usual, place = Defaults(), ("defaults", "segments")
    if model is None:
        return usual
    letter = (model.segments and model.segments.letter) or language.LetterBounds()
    integer = (model.segments and model.segments.integer) or language.IntegerBounds()
    return Defaults(
        letter_range(letter.min_value, letter.max_value, usual.letters, (*place, "letter"), faults),
        integer_range(integer.min_value, integer.max_value, usual.integers, (*place, "integer"), faults),
        usual.delimiter if model.delimiter is None else model.delimiter,
        model.empty_value or usual.empty_value,
    )


def scheme_of(model: language.StatusSchemeModel, defaults: Defaults, place: Place, faults: Faults) -> StatusScheme:
    segments: list[Segment] = []
    for name, each in model.segments.items():
        here = (*place, "segments", name)
        segment = segment_of(each, name, defaults, here, faults, is_first=not segments)
        check_beside(segment, segments, here, faults)
        segments.append(segment)
    return StatusScheme(model.status, tuple(segments), model.examples, model.description)


def segment_of(
    model: AnySegment, name: str, defaults: Defaults, place: Place, faults: Faults, *, is_first: bool
) -> Segment:
    """Of an `either` segment, bounds that are numbers bound the numbers, letters the letters; the others keep their defaults."""
    kind = SegmentType(model.type)
    first, last = model.min_value, model.max_value
    delimiter = ("" if is_first else defaults.delimiter) if model.delimiter is None else model.delimiter
    letters = None if kind is SegmentType.INTEGER else letter_range(first, last, defaults.letters, place, faults)
    integers = None if kind is SegmentType.LETTER else integer_range(first, last, defaults.integers, place, faults)
    required = is_first if model.required is None else model.required
    return Segment(
        name, kind, delimiter, required, letters, integers, kind is SegmentType.EITHER and isinstance(first, int)
    )


def letter_range(first: Bound, last: Bound, usual: LetterRange, place: Place, faults: Faults) -> LetterRange:
    given = [each if isinstance(each, str) else None for each in (first, last)]
    found = LetterRange(given[0] or usual.minimum, given[1] or usual.maximum)
    if (len(found.minimum), found.minimum) > (len(found.maximum), found.maximum):
        note_empty_range(faults, place, "comes after", found, given)
    return found


def integer_range(first: Bound, last: Bound, usual: IntegerRange, place: Place, faults: Faults) -> IntegerRange:
    given = [each if isinstance(each, int) else None for each in (first, last)]
    found = IntegerRange(
        usual.minimum if given[0] is None else given[0], usual.maximum if given[1] is None else given[1]
    )
    if found.minimum > found.maximum:
        note_empty_range(faults, place, "is greater than", found, given)
    return found


def note_empty_range(
    faults: Faults, place: Place, relation: str, found: LetterRange | IntegerRange, given: Sequence[Bound]
) -> None:
    """Told at the bound that was given here; if none was, the defaults are wrong, and it is told there."""
    message = f"min_value {found.minimum} {relation} max_value {found.maximum}."
    if given[0] is not None:
        faults.add((*place, "min_value"), message, expected=f"at most {found.maximum}")
    elif given[1] is not None:
        faults.add((*place, "max_value"), message, expected=f"at least {found.minimum}")


def check_beside(segment: Segment, before: Sequence[Segment], place: Place, faults: Faults) -> None:
    """Notes what would make two readings of one revision possible."""
    if not before:
        if not segment.required:
            message = f"{segment.name!r} is the first segment and cannot be left out."
            faults.add((*place, "required"), message, expected="true")
        return
    if segment.required and not before[-1].required:
        message = f"{segment.name!r} is required, but stands after {before[-1].name!r}, which is not."
        faults.add((*place, "required"), message, expected="false, or true for the segment before it too")
    beginning = segment.delimiter[:1] or {SegmentType.LETTER: "A", SegmentType.INTEGER: "0"}.get(segment.type, "A0")
    if any(character in alphabet_of(before[-1]) for character in beginning):
        message = f"Nothing shows where {before[-1].name!r} ends and {segment.name!r} begins."
        faults.add((*place, "delimiter"), message, expected="a delimiter that is neither letter nor digit")


def alphabet_of(segment: Segment) -> str:
    return ("" if segment.letters is None else LETTERS) + ("" if segment.integers is None else DIGITS)


# --- what the document demands of itself --------------------------------------------------------------------------------------------


def check_demands(document: YamlDocument, model: language.RevisionSchemeModel, faults: Faults) -> None:
    """The types that segments may have, and the keys that every scheme must have."""
    demands = model.validation or language.ValidationModel()
    for index, scheme in enumerate(model.schemes):
        place: Place = ("schemes", index)
        for name, segment in scheme.segments.items():
            if demands.allowed_segment_types and segment.type not in demands.allowed_segment_types:
                message = f"The segment type {segment.type!r} is not among allowed_segment_types."
                expected = f"one of {listed(demands.allowed_segment_types)}"
                faults.add((*place, "segments", name, "type"), message, expected=expected)
        for field in demands.required_fields:
            if value_at(document, (*place, *field.split("."))) is None:
                message = f"{field!r} is missing, which required_fields demands."
                faults.add((*place, field.partition(".")[0]), message, expected=f"a value for {field}")
