"""Which part of the library an imported part is.

Asked in this order, and the first answer counts: what a person decided, the key under which an earlier import brought it, the
library's part number, the source's own number among the aliases, a maker's part number, a distributor's. The last two are the
weakest, so they are asked only after all imported parts had their turn with the others, and never for a part that another
imported part has already claimed, or that is archived. Whoever names an archived part by its number has to say what he wants.

What is found is certain. What may be any of several is ambiguous, and nothing is imported before somebody decides. What is not
found is new; where it looks like parts that the library has (`likeness`), those are named, and a maker's number makes it a
proposal. A proposal is never taken by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from plumbline.exchange.errors import InvalidDecision
from plumbline.exchange.likeness import Candidate, Likeness
from plumbline.exchange.model import ImportedPart, Origin
from plumbline.exchange.placeholders import PLACEHOLDERS
from plumbline.exchange.snapshot import KnownPart, PartValues

Key = TypeVar("Key")

MakerPart = tuple[str, str]
"""Manufacturer and maker's part number, case folded."""


NEW = "new"
"""The decision that a part is none of the library's."""


ShopPart = tuple[str, str]
"""Distributor and its number, case folded."""


class MatchedBy(StrEnum):
    DECISION = "DECISION"
    IMPORT_KEY = "IMPORT_KEY"
    CPN = "CPN"
    NUMBER = "NUMBER"
    MANUFACTURER_PART = "MANUFACTURER_PART"
    DISTRIBUTOR_PART = "DISTRIBUTOR_PART"


class MatchState(StrEnum):
    """How sure it is which part of the library an imported part is."""

    CERTAIN = "CERTAIN"
    PROPOSED = "PROPOSED"
    """It would be new, and a maker's number says that it may be there already."""
    AMBIGUOUS = "AMBIGUOUS"
    """Nothing is imported before somebody decides."""
    NEW = "NEW"


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
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    """For parts that the library does not have: those that they look like."""


Decisions = Mapping[str, str]
"""Import key to part number, or to `new`: what a person said."""
NOTHING_DECIDED: Decisions = MappingProxyType({})


def match_parts(
    parts: Sequence[ImportedPart],
    known: Sequence[KnownPart],
    decided: Decisions = NOTHING_DECIDED,
    *,
    with_candidates: bool = True,
) -> Matching:
    """Finds each imported part in the library; what may be several becomes a conflict. Candidates are for people to look at: they take time
    in a large library and change nothing. Raises InvalidDecision."""
    matches, left, conflicts = _named(parts, known, _decided(parts, known, decided), decided)
    claimed = {match.known.id for match in matches.values()}
    in_use = [part for part in known if not part.is_archived]
    by_maker = _index((maker, part) for part in in_use for maker in maker_parts(part.values))
    by_shop = _index((offer, part) for part in in_use for offer in shop_parts(part.values))
    times_sold = Counter(offer for part in parts for offer in set(shop_parts(part)))
    knows_numbers = _knows_numbers(parts, matches)
    new: list[ImportedPart] = []
    for part in left:
        made = None if knows_numbers and part.number else _by_maker(part, by_maker, claimed)
        made = made or _by_shop(part, by_shop, claimed, times_sold)
        if isinstance(made, PlanConflict):
            conflicts.append(made)
        elif made is not None:
            matches[part.key] = made
        else:
            new.append(part)
    conflicts += _claimed_twice(matches)
    conflicts += _same_number(parts, matches)
    undecided = {key for conflict in conflicts for key in conflict.keys}
    certain = {key: match for key, match in matches.items() if key not in undecided}
    return Matching(certain, tuple(conflicts), _candidates(new, known) if with_candidates else {})


def _candidates(new: Sequence[ImportedPart], known: Sequence[KnownPart]) -> dict[str, tuple[Candidate, ...]]:
    if not new or not known:
        return {}
    likeness = Likeness(known, new)
    return {part.key: found for part in new if (found := likeness.candidates(part))}


def _named(
    parts: Sequence[ImportedPart], known: Sequence[KnownPart], matches: dict[str, Match], decided: Decisions
) -> tuple[dict[str, Match], list[ImportedPart], list[PlanConflict]]:
    """Those that a person or a name says; those that are left for weaker signs; and those that are several by name."""
    by_alias = _index((alias, part) for part in known for alias in part.values.aliases)
    by_cpn = _index((part.cpn, part) for part in known)
    left: list[ImportedPart] = []
    conflicts: list[PlanConflict] = []
    for part in parts:
        if part.key in decided:
            continue
        found = _by_name(part, by_alias, by_cpn)
        if isinstance(found, PlanConflict):
            conflicts.append(found)
        elif found is not None:
            matches[part.key] = found
        else:
            left.append(part)
    return matches, left, conflicts


def _decided(parts: Sequence[ImportedPart], known: Sequence[KnownPart], decided: Decisions) -> dict[str, Match]:
    keys, by_cpn = {part.key for part in parts}, {part.cpn: part for part in known}
    matches: dict[str, Match] = {}
    for key, cpn in decided.items():
        if key not in keys:
            raise InvalidDecision(
                f"The import has no part {key[:80]!r}.", path=("matches", key[:80]), expected="the key of one"
            )
        if cpn == NEW:
            continue
        if cpn not in by_cpn or by_cpn[cpn].is_archived:
            raise InvalidDecision(
                f"The library has no part {cpn[:80]!r} in use.",
                path=("matches", key[:80]),
                expected=f"a part number, or {NEW}",
            )
        matches[key] = Match(by_cpn[cpn], MatchedBy.DECISION, f"{key} is {cpn}: somebody decided so.")
    return matches


def _knows_numbers(parts: Sequence[ImportedPart], matches: Mapping[str, Match]) -> bool:
    """Whether most of the numbered parts were found by name, so that the numbers are those that the library goes by."""
    numbered = [part.key in matches for part in parts if part.number]
    return sum(numbered) * 2 > len(numbered)


def maker_parts(values: PartValues | ImportedPart) -> tuple[MakerPart, ...]:
    """The sources that say something about identity: maker and number both named, and no placeholder like `any`."""
    named = ((source.manufacturer or "", source.mpn or "") for source in values.sources)
    folded = ((maker.strip().casefold(), mpn.strip().casefold()) for maker, mpn in named)
    return tuple((maker, mpn) for maker, mpn in folded if maker not in PLACEHOLDERS and mpn not in PLACEHOLDERS)


def shop_parts(values: PartValues | ImportedPart) -> tuple[ShopPart, ...]:
    """Distributors' numbers, where both the distributor and the number are named."""
    named = ((offer.distributor or "", offer.sku or "") for source in values.sources for offer in source.offers)
    folded = ((shop.strip().casefold(), sku.strip().casefold()) for shop, sku in named)
    return tuple((shop, sku) for shop, sku in folded if shop not in PLACEHOLDERS and sku not in PLACEHOLDERS)


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


def _by_shop(
    part: ImportedPart,
    by_shop: Mapping[ShopPart, Sequence[KnownPart]],
    claimed: Set[str],
    times_sold: Mapping[ShopPart, int],
) -> Match | None:
    """Only where nothing else names the part, on either side: a distributor's number changes more easily than a maker's."""
    if part.number or maker_parts(part):
        return None
    for offer in shop_parts(part):
        found = [known for known in by_shop.get(offer, ()) if known.id not in claimed]
        if len(found) == 1 and times_sold[offer] == 1:
            shop = next(each for source in part.sources for each in source.offers if each.sku)
            explanation = f"{part.key} is {found[0].cpn}: {shop.distributor} sells it as {shop.sku}."
            return Match(found[0], MatchedBy.DISTRIBUTOR_PART, explanation)
    return None


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
