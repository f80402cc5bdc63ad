"""Putting one import together: rows of the same part become one part, and what the rows disagree on is reported.

The first row that says something about a part is believed. Specifications on which rows disagree describe the single
piece or the single use (a planned date, a serial number) and not the part, so they are left out and named once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from plumbline.exchange.bounds import NOTICES_PER_CODE_MAX, PLACES_MAX, ROWS_MAX, SENTENCE_MAX
from plumbline.exchange.errors import ImportTooLarge
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


class Gatherer:
    """Collects what readers find, in the order of the source, and hands it over as one import."""

    def __init__(self) -> None:
        self._sightings: dict[str, list[ImportedPart]] = {}
        self._categories: dict[tuple[str, ...], ImportedCategory] = {}
        self.lines: list[ImportedLine] = []
        self.notices: list[Notice] = []
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
        self.notices.append(Notice(severity, code, sentence, origin))

    def knows(self, key: str) -> bool:
        return key in self._sightings

    def tops(self) -> tuple[str, ...]:
        """Parents that stand in nothing, in the order of their first line."""
        children = {line.child_key for line in self.lines}
        return tuple(key for key in dict.fromkeys(line.parent_key for line in self.lines) if key not in children)

    def data(self, format_name: str) -> ImportedData:
        parents = {line.parent_key for line in self.lines}
        left_out = Counter[str]()
        parts = []
        for key, sightings in self._sightings.items():
            part, disagreeing = _one_part(sightings)
            left_out.update(disagreeing)
            self.notices.extend(_contradictions(sightings))
            is_assembly = key in parents and part.kind is PartKind.PART
            parts.append(replace(part, kind=PartKind.ASSEMBLY) if is_assembly else part)
        self.notices.extend(_left_out_notices(left_out))
        for part in parts:
            for depth in range(1, len(part.category_path) + 1):
                self.add_category(ImportedCategory(part.category_path[:depth], origin=part.origin))
        return ImportedData(
            format=format_name,
            parts=tuple(parts),
            lines=tuple(self.lines),
            categories=tuple(self._categories.values()),
            tops=self.tops(),
            notices=bounded(self.notices),
        )


def bounded(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """At most so many notices of a code; the rest become one that gives their number. Worst first, otherwise in order."""
    kept: list[Notice] = []
    by_code: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_code[notice.code].append(notice)
    for code, same in by_code.items():
        kept.extend(replace(notice, sentence=_shortened(notice.sentence)) for notice in same[:NOTICES_PER_CODE_MAX])
        surplus = len(same) - NOTICES_PER_CODE_MAX
        if surplus > 0:
            kept.append(Notice(same[-1].severity, code, f"There are {surplus} more findings of this kind."))
    weight = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    return tuple(sorted(kept, key=lambda notice: weight[notice.severity]))


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= SENTENCE_MAX else f"{sentence[: SENTENCE_MAX - 1]}…"


def _one_part(sightings: Sequence[ImportedPart]) -> tuple[ImportedPart, frozenset[str]]:
    first = sightings[0]
    if len(sightings) == 1:
        return first, frozenset()
    attributes, disagreeing = _agreed([part.attributes for part in sightings])
    extra, extra_disagreeing = _agreed([part.extra for part in sightings])
    statuses = {part.status for part in sightings if part.status}
    if len(statuses) > 1:
        disagreeing |= {"status"}
    return replace(
        first,
        name=next((part.name for part in sightings if part.name), ""),
        number=next((part.number for part in sightings if part.number), None),
        description=next((part.description for part in sightings if part.description), ""),
        kind=next((part.kind for part in sightings if part.kind is not PartKind.PART), PartKind.PART),
        category_path=next((part.category_path for part in sightings if part.category_path), ()),
        unit=next((part.unit for part in sightings if part.unit), None),
        attributes=attributes,
        extra=extra,
        sources=joined_sources(source for part in sightings for source in part.sources),
        link=next((part.link for part in sightings if part.link), None),
        revision=next((part.revision for part in sightings if part.revision), None),
        status=statuses.pop() if len(statuses) == 1 else None,
    ), disagreeing | extra_disagreeing


def _agreed(rows: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], frozenset[str]]:
    values: dict[str, str] = {}
    disagreeing: set[str] = set()
    for row in rows:
        for name, value in row.items():
            if values.setdefault(name, value) != value:
                disagreeing.add(name)
    return {name: value for name, value in values.items() if name not in disagreeing}, frozenset(disagreeing)


def joined_sources(sources: Iterable[ImportedSource]) -> tuple[ImportedSource, ...]:
    """The first source of each maker's number, with the offers of all of them; the first of the same offers counts."""
    joined: dict[tuple[str | None, str | None], ImportedSource] = {}
    offers: dict[tuple[str | None, str | None], dict[object, ImportedOffer]] = defaultdict(dict)
    for source in sources:
        identity = (source.manufacturer, source.mpn)
        joined.setdefault(identity, source)
        for offer in source.offers:
            offers[identity].setdefault((offer.distributor, offer.sku, offer.currency), offer)
    return tuple(replace(source, offers=tuple(offers[identity].values())) for identity, source in joined.items())


def _contradictions(sightings: Sequence[ImportedPart]) -> list[Notice]:
    first = sightings[0]
    found = []
    for other in sightings[1:]:
        if other.name != first.name and other.name:
            sentence = f"{first.key} is called {first.name} and {other.name}; the first name was taken."
            found.append(Notice(Severity.INFO, "NAME_DIFFERS", sentence, other.origin))
        if _prices(first) and _prices(other) and _prices(first) != _prices(other):
            sentence = f"{first.key} has another price here than at {first.origin}; the first one was taken."
            found.append(Notice(Severity.WARNING, "PRICE_DIFFERS", sentence, other.origin))
    return list({notice.sentence: notice for notice in found}.values())


def _prices(part: ImportedPart) -> set[object]:
    return {
        (offer.distributor, offer.sku, offer.currency, offer.price_breaks)
        for s in part.sources
        for offer in s.offers
        if offer.price_breaks
    }


def _left_out_notices(left_out: Counter[str]) -> list[Notice]:
    sentence = "{name} differs between the rows of {count} parts and was left out for them."
    return [
        Notice(Severity.INFO, "VALUE_DIFFERS", sentence.format(name=name, count=count))
        for name, count in sorted(left_out.items())
    ]
