"""Which part of the library an imported part is.

Asked in this order, and the first answer counts: the key under which an earlier import brought it, the library's part
number, the source's own number among the aliases, a maker's part number. The last is the weakest, so it is asked only after
all imported parts had their turn with the others, and never for a part that another imported part has already claimed, or that
is archived. Whoever names an archived part by its number has to say what he wants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from plumbline.exchange.model import ImportedPart, Origin
from plumbline.exchange.placeholders import PLACEHOLDERS
from plumbline.exchange.snapshot import KnownPart, PartValues

Key = TypeVar("Key")

MakerPart = tuple[str, str]
"""Manufacturer and maker's part number, case folded."""


class MatchedBy(StrEnum):
    IMPORT_KEY = "IMPORT_KEY"
    CPN = "CPN"
    NUMBER = "NUMBER"
    MANUFACTURER_PART = "MANUFACTURER_PART"


class ConflictCode(StrEnum):
    AMBIGUOUS_MATCH = "AMBIGUOUS_MATCH"
    PART_ARCHIVED = "PART_ARCHIVED"
    PART_CLAIMED_TWICE = "PART_CLAIMED_TWICE"
    NUMBER_CLAIMED_TWICE = "NUMBER_CLAIMED_TWICE"
    CYCLE = "CYCLE"


@dataclass(frozen=True, slots=True)
class PlanConflict:
    """Something that a person has to decide; the parts of `keys` are neither created nor changed until then."""

    code: ConflictCode
    sentence: str
    keys: tuple[str, ...]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Match:
    known: KnownPart
    by: MatchedBy
    explanation: str


@dataclass(frozen=True, slots=True)
class Matching:
    """By import key; a key in neither is a part that the library does not have."""

    matches: Mapping[str, Match]
    conflicts: tuple[PlanConflict, ...]
    alike: Mapping[str, str] = field(default_factory=dict)
    """For a part that is new because of its number: how it is like one that the library has."""


def match_parts(parts: Sequence[ImportedPart], known: Sequence[KnownPart]) -> Matching:
    """Finds each imported part in the library; what is not certain becomes a conflict."""
    by_alias = _index((alias, part) for part in known for alias in part.values.aliases)
    by_cpn = _index((part.cpn, part) for part in known)
    in_use = [part for part in known if not part.is_archived]
    by_maker = _index((maker, part) for part in in_use for maker in maker_parts(part.values))
    matches: dict[str, Match] = {}
    conflicts: list[PlanConflict] = []
    left: list[ImportedPart] = []
    for part in parts:
        found = _by_name(part, by_alias, by_cpn)
        if isinstance(found, PlanConflict):
            conflicts.append(found)
        elif found is not None:
            matches[part.key] = found
        else:
            left.append(part)
    claimed = {match.known.id for match in matches.values()}
    knows_numbers = _knows_numbers(parts, matches)
    alike: dict[str, str] = {}
    for part in left:
        made = _by_maker(part, by_maker, claimed)
        if made is None:
            continue
        if knows_numbers and part.number:
            alike[part.key] = made.explanation if isinstance(made, Match) else made.sentence
        elif isinstance(made, PlanConflict):
            conflicts.append(made)
        else:
            matches[part.key] = made
    conflicts += _claimed_twice(matches)
    conflicts += _same_number(parts, matches)
    undecided = {key for conflict in conflicts for key in conflict.keys}
    return Matching({key: match for key, match in matches.items() if key not in undecided}, tuple(conflicts), alike)


def _knows_numbers(parts: Sequence[ImportedPart], matches: Mapping[str, Match]) -> bool:
    """Whether most of the numbered parts were found by name, so that the numbers are those that the library goes by."""
    numbered = [part.key in matches for part in parts if part.number]
    return sum(numbered) * 2 > len(numbered)


def maker_parts(values: PartValues | ImportedPart) -> tuple[MakerPart, ...]:
    """The sources that say something about identity: maker and number both named, and no placeholder like `any`."""
    named = ((source.manufacturer or "", source.mpn or "") for source in values.sources)
    folded = ((maker.strip().casefold(), mpn.strip().casefold()) for maker, mpn in named)
    return tuple((maker, mpn) for maker, mpn in folded if maker not in PLACEHOLDERS and mpn not in PLACEHOLDERS)


def _index(pairs: Iterable[tuple[Key, KnownPart]]) -> Mapping[Key, Sequence[KnownPart]]:
    found: dict[Key, list[KnownPart]] = defaultdict(list)
    for key, part in pairs:
        found[key].append(part)
    return found


def _by_name(
    part: ImportedPart, by_alias: Mapping[str, Sequence[KnownPart]], by_cpn: Mapping[str, Sequence[KnownPart]]
) -> Match | PlanConflict | None:
    number = part.number or part.key
    asked = (
        (MatchedBy.IMPORT_KEY, f"an earlier import brought {part.key}", by_alias.get(part.key, ())),
        (MatchedBy.CPN, f"its part number is {number}", by_cpn.get(number, ())),
        (MatchedBy.NUMBER, f"it also goes by the number {number}", by_alias.get(number, ())),
    )
    for by, explanation, found in asked:
        if found:
            return _only(part, by, explanation, found)
    return None


def _by_maker(
    part: ImportedPart, by_maker: Mapping[MakerPart, Sequence[KnownPart]], claimed: Set[str]
) -> Match | PlanConflict | None:
    makers = maker_parts(part)
    found = {known.id: known for maker in makers for known in by_maker.get(maker, ()) if known.id not in claimed}
    if not found:
        return None
    sold_as = ", ".join(f"{source.manufacturer} {source.mpn}" for source in part.sources if source.mpn)
    return _only(part, MatchedBy.MANUFACTURER_PART, f"it is made as {sold_as}", tuple(found.values()))


def _only(part: ImportedPart, by: MatchedBy, explanation: str, found: Sequence[KnownPart]) -> Match | PlanConflict:
    if len(found) == 1 and found[0].is_archived:
        sentence = f"{part.key} is {found[0].cpn}, which is archived: {explanation}. Restore it, or give the part another number."
        return PlanConflict(ConflictCode.PART_ARCHIVED, sentence, (part.key,), part.origin)
    if len(found) == 1:
        return Match(found[0], by, f"{part.key} is {found[0].cpn}: {explanation}.")
    cpns = ", ".join(sorted(known.cpn for known in found)[:10])
    sentence = f"{part.key} could be any of {cpns}: {explanation}."
    return PlanConflict(ConflictCode.AMBIGUOUS_MATCH, sentence, (part.key,), part.origin)


def _claimed_twice(matches: Mapping[str, Match]) -> list[PlanConflict]:
    claims: dict[str, list[str]] = defaultdict(list)
    for key, match in matches.items():
        claims[match.known.id].append(key)
    return [
        PlanConflict(
            ConflictCode.PART_CLAIMED_TWICE,
            f"{', '.join(keys)} would all be {matches[keys[0]].known.cpn}.",
            tuple(keys),
        )
        for keys in claims.values()
        if len(keys) > 1
    ]


def _same_number(parts: Sequence[ImportedPart], matches: Mapping[str, Match]) -> list[PlanConflict]:
    """Two parts of the import with one number are fine when the library knows both already, and undecided otherwise."""
    by_number: dict[str, list[ImportedPart]] = defaultdict(list)
    for part in parts:
        if part.number:
            by_number[part.number].append(part)
    return [
        PlanConflict(
            ConflictCode.NUMBER_CLAIMED_TWICE,
            f"{', '.join(part.key for part in same)} all have the number {number}.",
            tuple(part.key for part in same),
            same[-1].origin,
        )
        for number, same in by_number.items()
        if len(same) > 1 and not all(part.key in matches for part in same)
    ]
