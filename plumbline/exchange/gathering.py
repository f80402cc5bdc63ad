"""Putting one import together: rows of the same part become one part, and what the rows disagree on is reported.

The first row that says something about a part is believed. Specifications on which rows disagree describe the single
piece or the single use (a planned date, a serial number) and not the part, so they are left out and named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from plumbline.exchange.bounds import PLACES_MAX, ROWS_MAX
from plumbline.exchange.errors import ImportTooLarge
from plumbline.exchange.ignored_cells import IgnoredCell
from plumbline.exchange.model import (
    ImportedCategory,
    ImportedData,
    ImportedLine,
    ImportedOffer,
    ImportedPart,
    ImportedSource,
    Notice,
    Origin,
    PartKind,
    Severity,
)
from plumbline.exchange.notices import Notices, shown

_TEXTS_SHOWN_MAX = 5


class Gatherer:
    """Collects what readers find, in the order of the source, and hands it over as one import."""

    def __init__(self) -> None:
        self._sightings: dict[str, list[ImportedPart]] = {}
        self._categories: dict[tuple[str, ...], ImportedCategory] = {}
        self.lines: list[ImportedLine] = []
        self.notices = Notices()
        self._places = 0

    def add_part(self, part: ImportedPart) -> None:
        """One row about a part; further rows with the same key add to it."""
        self._sightings.setdefault(part.key, []).append(part)

    def add_line(self, line: ImportedLine) -> None:
        self.lines.append(line)
        if len(self.lines) > ROWS_MAX:
            raise ImportTooLarge(
                f"{line.origin} takes the import past {ROWS_MAX} lines.", expected=f"at most {ROWS_MAX} lines"
            )

    def count_places(self, number: int, origin: Origin) -> None:
        """For readers that write out ranges of designators; refuses more than an import may have."""
        self._places += number
        if self._places > PLACES_MAX:
            raise ImportTooLarge(
                f"{origin} takes the import past {PLACES_MAX} reference designators.",
                expected=f"at most {PLACES_MAX} reference designators",
            )

    def add_category(self, category: ImportedCategory) -> None:
        self._categories.setdefault(category.path, category)

    def tell(self, severity: Severity, code: str, sentence: str, origin: Origin | None = None) -> None:
        self.notices.tell(severity, code, sentence, origin)

    def tell_ignored(self, cell: IgnoredCell, row: Origin) -> None:
        sentence = f"{cell.column} says {shown(cell.text)}, which was left out: {cell.reason}."
        self.tell(Severity.INFO, "CELL_IGNORED", sentence, replace(row, column=cell.column))

    def knows(self, key: str) -> bool:
        return key in self._sightings

    def tops(self) -> tuple[str, ...]:
        """Parents that stand in nothing, in the order of their first line."""
        children = {line.child_key for line in self.lines}
        return tuple(key for key in dict.fromkeys(line.parent_key for line in self.lines) if key not in children)

    def data(self, format_name: str) -> ImportedData:
        parents = {line.parent_key for line in self.lines}
        parts = []
        for key, sightings in self._sightings.items():
            part = _one_part(sightings)
            self.notices.add(_contradictions(sightings))
            is_assembly = key in parents and part.kind is PartKind.PART
            parts.append(replace(part, kind=PartKind.ASSEMBLY) if is_assembly else part)
        for part in parts:
            for depth in range(1, len(part.category_path) + 1):
                self.add_category(ImportedCategory(part.category_path[:depth], origin=part.origin))
        return ImportedData(
            format=format_name,
            parts=tuple(parts),
            lines=tuple(self.lines),
            categories=tuple(self._categories.values()),
            tops=self.tops(),
            notices=self.notices.all(),
        )


def _one_part(sightings: Sequence[ImportedPart]) -> ImportedPart:
    first = sightings[0]
    if len(sightings) == 1:
        return first
    statuses = {part.status for part in sightings if part.status}
    return replace(
        first,
        name=next((part.name for part in sightings if part.name), ""),
        number=next((part.number for part in sightings if part.number), None),
        description=next((part.description for part in sightings if part.description), ""),
        kind=next((part.kind for part in sightings if part.kind is not PartKind.PART), PartKind.PART),
        category_path=next((part.category_path for part in sightings if part.category_path), ()),
        unit=next((part.unit for part in sightings if part.unit), None),
        attributes=_agreed([part.attributes for part in sightings]),
        extra=_agreed([part.extra for part in sightings]),
        sources=joined_sources(source for part in sightings for source in part.sources),
        link=next((part.link for part in sightings if part.link), None),
        revision=next((part.revision for part in sightings if part.revision), None),
        status=statuses.pop() if len(statuses) == 1 else None,
    )


def _agreed(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    disagreeing: set[str] = set()
    for row in rows:
        for name, value in row.items():
            if values.setdefault(name, value) != value:
                disagreeing.add(name)
    return {name: value for name, value in values.items() if name not in disagreeing}


def joined_sources(sources: Iterable[ImportedSource]) -> tuple[ImportedSource, ...]:
    """The first source of each maker's number, with the offers of all of them; what the first of the same says counts."""
    joined: dict[tuple[str | None, str | None], ImportedSource] = {}
    offers: dict[tuple[str | None, str | None], dict[object, ImportedOffer]] = defaultdict(dict)
    for source in sources:
        identity = (source.manufacturer, source.mpn)
        first = joined.setdefault(identity, source)
        joined[identity] = replace(first, link=first.link or source.link)
        for offer in source.offers:
            same = (offer.distributor, offer.sku, offer.currency)
            offers[identity][same] = _joined_offer(offers[identity].get(same, offer), offer)
    return tuple(replace(source, offers=tuple(offers[identity].values())) for identity, source in joined.items())


def _joined_offer(first: ImportedOffer, more: ImportedOffer) -> ImportedOffer:
    return replace(first, link=first.link or more.link, notes=first.notes or more.notes)


def _contradictions(sightings: Sequence[ImportedPart]) -> Iterator[Notice]:
    """What the rows of one part say differently: one notice for each thing, with the texts and where they stand."""
    if len(sightings) == 1:
        return
    for code, said in _FIRST_TAKEN:
        yield from _differing(sightings, said, code, "the first was taken")
    for said in _LEFT_OUT:
        yield from _differing(sightings, said, "VALUE_DIFFERS", "it was left out")


def _differing(sightings: Sequence[ImportedPart], said: _Said, code: str, outcome: str) -> Iterator[Notice]:
    places: dict[str, dict[str, Origin]] = defaultdict(dict)
    for part in sightings:
        for name, text in said(part).items():
            if text:
                places[name].setdefault(text, part.origin)
    severity = Severity.WARNING if code == "PRICE_DIFFERS" else Severity.INFO
    for name, origins in places.items():
        if len(origins) > 1:
            place = list(origins.values())[1]
            few = islice(origins.items(), _TEXTS_SHOWN_MAX)
            told = [f"{shown(text)} ({_seen_from(place, origin)})" for text, origin in few]
            more = ", …" if len(origins) > len(told) else ""
            sentence = f"{sightings[0].key} has {len(origins)} texts as {name}: {', '.join(told)}{more}; {outcome}."
            yield Notice(severity, code, sentence, place)


def _seen_from(place: Origin, origin: Origin) -> str:
    is_near = (place.file, place.sheet) == (origin.file, origin.sheet) and origin.row
    return f"row {origin.row}" if is_near else str(origin)


def _by_offer(part: ImportedPart, what: str, said: Callable[[ImportedOffer], str | None]) -> Mapping[str, str | None]:
    return {
        " ".join(filter(None, (what, "at", offer.distributor or "a shop", offer.sku, offer.currency))): said(offer)
        for source in part.sources
        for offer in source.offers
    }


def _price(offer: ImportedOffer) -> str:
    return ", ".join(f"{step.price:f} from {step.quantity:f}" for step in offer.price_breaks)


_Said = Callable[[ImportedPart], Mapping[str, str | None]]
"""What a row says about a part, by the name of the field; blank texts say nothing."""
_FIRST_TAKEN: tuple[tuple[str, _Said], ...] = (
    ("NAME_DIFFERS", lambda part: {"name": part.name}),
    ("FIELD_DIFFERS", lambda part: {"part number": part.number, "description": part.description, "unit": part.unit}),
    ("FIELD_DIFFERS", lambda part: {"category": "/".join(part.category_path), "revision": part.revision}),
    ("FIELD_DIFFERS", lambda part: {"link": part.link, **_by_offer(part, "link", lambda offer: offer.link)}),
    ("PRICE_DIFFERS", lambda part: _by_offer(part, "price", _price)),
)
_LEFT_OUT: tuple[_Said, ...] = (
    lambda part: part.attributes,
    lambda part: part.extra,
    lambda part: {"status": part.status},
)
