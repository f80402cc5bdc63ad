"""Names as they stand in a document, each with its place, whatever else about the document is right or wrong.

References are looked up here and not in the typed models, so that a name that means nothing is told together with all other faults.
"""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.kit.document_faults import FAULTS_MAX, Faults, listed, nearest_hint
from plumbline.kit.errors import PathPart
from plumbline.kit.yaml_source import YamlDocument, YamlValue

Place = tuple[PathPart, ...]
Named = tuple[Place, str]


def value_at(document: YamlDocument, place: Place) -> YamlValue:
    """None where there is nothing, or something else than the place says."""
    value = document.value
    for part in place:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def places_in(document: YamlDocument, place: Place) -> list[Place]:
    """The places of the items of a list."""
    items = value_at(document, place)
    return [(*place, index) for index in range(len(items))] if isinstance(items, list) else []


def named_at(document: YamlDocument, *places: Place) -> list[Named]:
    """The texts at the places, as they were written; what is no text is left out."""
    return [
        (place, document.text_at(place) or "")
        for place in places
        if isinstance(value_at(document, place), str | int | float)
    ]


def note_unknown(faults: Faults, mentions: Sequence[Named], known: Sequence[str], what: str) -> None:
    """Notes every name that is not among those that are known."""
    for place, name in mentions:
        if name not in known and len(faults.found) < FAULTS_MAX:
            expected = f"one of {listed(known)}" if known else None
            faults.add(place, f"There is no {what} named {name!r}.", expected=expected, hint=nearest_hint(name, known))
