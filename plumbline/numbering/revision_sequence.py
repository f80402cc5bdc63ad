"""Which revision comes next.

A revision of the status's own form goes on at its last segment: A, B, C; A.1, A.2; where that segment is at its end, the one before it
goes on (A.99, B.1). A revision of another form, from an earlier status, goes on as the smallest revision of the new form that comes
after it (3 becomes A, B becomes B.1 where a number is now required); if none does, the new form starts from its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.numbering.errors import RevisionExhausted, RevisionInvalid
from plumbline.numbering.revision_model import DIGITS, LETTERS, RevisionScheme, Segment, StatusScheme
from plumbline.numbering.revision_order import REVISION_LENGTH_MAX, sort_key
from plumbline.numbering.revision_parsing import is_revision, joined, matching_values, parse_revision, shape


def first_revision(scheme: RevisionScheme, status: str) -> str:
    """The revision that the first release of this status carries."""
    by_status = scheme.for_status(status)
    found = completed(scheme, by_status, ())
    if found is None:
        raise exhausted(scheme, by_status, None)
    return found


def next_revision(scheme: RevisionScheme, status: str, current: str | None, segment: str | None = None) -> str:
    """The revision that follows `current` (None or the empty value: there is none yet) in the given status.

    `segment` names the one that goes on, where that is not to be the last one that is present. Raises
    RevisionExhausted at the end of the range, StatusUnknown, RevisionInvalid for an unknown segment.
    """
    by_status = scheme.for_status(status)
    if current is None or current in ("", scheme.empty_value):
        return first_revision(scheme, status)
    if not is_revision(scheme, status, current):
        return entering_revision(scheme, status, current)
    values = parse_revision(scheme, status, current).values
    found = (
        next_in_form(scheme, by_status, values)
        if segment is None
        else next_of_segment(scheme, by_status, values, segment)
    )
    if found is None:
        raise exhausted(scheme, by_status, current)
    return found


def next_in_form(scheme: RevisionScheme, by_status: StatusScheme, values: tuple[str, ...]) -> str | None:
    """The next revision with as many segments: the last one that can goes on, those after it start over."""
    for index in range(len(values) - 1, -1, -1):
        following = value_after(by_status.segments[index], values[index], scheme)
        if following is not None:
            return completed(scheme, by_status, (*values[:index], following), len(values))
    return None


def next_of_segment(scheme: RevisionScheme, by_status: StatusScheme, values: tuple[str, ...], name: str) -> str | None:
    """The revision whose named segment is one further, or has its first value; optional ones after it are left out."""
    index = segment_index(by_status, name)
    if index >= len(values):
        return completed(scheme, by_status, values, index + 1)
    following = value_after(by_status.segments[index], values[index], scheme)
    return None if following is None else completed(scheme, by_status, (*values[:index], following))


def segment_index(by_status: StatusScheme, name: str) -> int:
    names = [segment.name for segment in by_status.segments]
    if name not in names:
        raise RevisionInvalid(f"There is no segment {name!r}.", expected=f"one of {', '.join(names)}")
    return names.index(name)


def completed(scheme: RevisionScheme, by_status: StatusScheme, values: tuple[str, ...], length: int = 0) -> str | None:
    """The values, then first values up to `length` segments and for every required one; None if a segment has no value at all."""
    filled = list(values)
    for index, segment in enumerate(by_status.segments[len(values) :], start=len(values)):
        if segment.required or index < length:
            first = starting_value(segment, scheme)
            if first is None:
                return None
            filled.append(first)
    return joined(by_status, tuple(filled))


def entering_revision(scheme: RevisionScheme, status: str, current: str) -> str:
    """The smallest of the revisions near `current` that come after it: those that keep its beginning, and those one further on."""
    by_status = scheme.for_status(status)
    values = matching_values(scheme, by_status, current)
    kept = [completed(scheme, by_status, values[:count]) for count in range(len(values) + 1)]
    names = [segment.name for segment in by_status.segments[: len(values)]]
    further = [next_of_segment(scheme, by_status, values, name) for name in names]
    key = sort_key(current[:REVISION_LENGTH_MAX])
    after = [text for text in (*kept, *further) if text is not None and sort_key(text) > key]
    return min(after, key=sort_key) if after else first_revision(scheme, status)


def exhausted(scheme: RevisionScheme, by_status: StatusScheme, current: str | None) -> RevisionExhausted:
    told = "has no revision at all" if current is None else f"has no revision after {current}"
    hint = "Widen min_value and max_value, or shorten the blacklist."
    return RevisionExhausted(f"The status {by_status.status!r} {told}.", expected=shape(scheme, by_status), hint=hint)


# --- one segment ----------------------------------------------------------------------------------------------------------------


def starting_value(segment: Segment, scheme: RevisionScheme) -> str | None:
    """The smallest value that is allowed; of an `either` segment first of the kind that it begins with."""
    minima = [str(segment.integers.minimum)] if segment.integers else []
    minima.insert(
        len(minima) if segment.starts_with_integers else 0, segment.letters.minimum if segment.letters else ""
    )
    found = (allowed_from(minimum, segment, scheme) for minimum in minima if minimum)
    return next((value for value in found if value is not None), None)


def value_after(segment: Segment, value: str, scheme: RevisionScheme) -> str | None:
    """The next value of the segment; after the last integer of an `either` segment comes its first letter."""
    found = allowed_from(successor(value), segment, scheme)
    if found is None and value[0] in DIGITS and segment.letters is not None:
        return allowed_from(segment.letters.minimum, segment, scheme)
    return found


def allowed_from(value: str, segment: Segment, scheme: RevisionScheme) -> str | None:
    """The smallest value not below this one that the blacklist allows and the segment takes."""
    alphabet = DIGITS if value[0] in DIGITS else LETTERS
    allowed = [character for character in alphabet if character not in scheme.blacklist]
    for _ in range(len(scheme.blacklist) + 1):
        found = next_spelled(value, allowed)
        if found is None or not segment.accepts(found):
            return None
        if found not in scheme.blacklist:
            return found
        value = successor(found)
    return None


def next_spelled(value: str, allowed: Sequence[str]) -> str | None:
    """The smallest word, shorter ones first, that is not below `value` and has only allowed characters; numbers have no leading zero."""
    leading = [character for character in allowed if character != "0"]
    if all(character in allowed for character in value):
        return value
    if not leading:
        return "0" if "0" in allowed and value == "0" else None
    wrong = next(index for index, character in enumerate(value) if character not in allowed)
    for index in range(wrong, -1, -1):
        larger = [character for character in (allowed if index else leading) if character > value[index]]
        if larger:
            return value[:index] + larger[0] + allowed[0] * (len(value) - index - 1)
    return leading[0] + allowed[0] * len(value)


def successor(value: str) -> str:
    """The next number, or the next word as columns of a spreadsheet are named: Z, AA; AZ, BA."""
    if value[0] in DIGITS:
        return str(int(value) + 1)
    head = value.rstrip("Z")
    tail = "A" * (len(value) - len(head))
    return head[:-1] + LETTERS[LETTERS.index(head[-1]) + 1] + tail if head else "A" + tail
