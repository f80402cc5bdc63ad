"""Which parts of the library a new part looks like, and why: proposals for a person, never taken by themselves (pure).

A maker's number that differs only in signs, or that has a maker on one side only, is a strong hint. Beyond that, words are compared: name,
description and specs, a rare word weighing more than a common one. Words with digits in them (`10k`, `0603`, `M3x8`) tell one part from the
next in its series, so if each of two parts has one that the other lacks, they are not alike, however many other words they share.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from plumbline.exchange.model import ImportedPart
from plumbline.exchange.placeholders import PLACEHOLDERS
from plumbline.exchange.snapshot import KnownPart, PartValues

CANDIDATES_MAX = 3
LIKE_FROM = 0.5
"""Share of the weight of all words that both parts have."""
_COMMON_WORD_PARTS = 500
"""A word that more parts have than these finds no candidates, but counts when two are compared."""
_RARE_WORDS = 8
_COMPARED_MAX = 200
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*[^\W_]*")
_SIGNS = re.compile(r"[\s\-_/.,#]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of the library that may be meant."""

    cpn: str
    reason: str
    is_strong: bool = False
    """By a maker's number, not only by words."""


class Likeness:
    """What is asked of the library's parts, indexed once, by the words of those that will ask."""

    def __init__(self, known: Sequence[KnownPart], asking: Sequence[ImportedPart]) -> None:
        self._known = {part.cpn: part for part in known if not part.is_archived}
        self._by_bare_mpn: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        wanted_mpns = {mpn for part in asking for mpn in _bare_mpns(part)}
        wanted_words = frozenset(word for part in asking for word in words_of(part))
        for cpn, part in self._known.items():
            for mpn in wanted_mpns.intersection(_bare_mpns(part.values)):
                self._by_bare_mpn[mpn].append(cpn)
            for word in wanted_words & words_of(part.values):
                self._by_word[word].append(cpn)

    def candidates(self, part: ImportedPart) -> tuple[Candidate, ...]:
        """The likeliest first."""
        found = {each.cpn: each for each in self._of_same_mpn(part)}
        for _, candidate in sorted(self._of_like_words(part), key=lambda each: (-each[0], each[1].cpn)):
            found.setdefault(candidate.cpn, candidate)
        return tuple(found.values())[:CANDIDATES_MAX]

    def _of_same_mpn(self, part: ImportedPart) -> Iterator[Candidate]:
        for mpn in _bare_mpns(part):
            for cpn in self._by_bare_mpn.get(mpn, ()):
                theirs = [each for each in self._known[cpn].values.sources if _bare(each.mpn or "") == mpn]
                makers = ", ".join(f"{each.manufacturer or 'an unnamed maker'} {each.mpn}" for each in theirs[:2])
                yield Candidate(cpn, f"it is made as {makers}", is_strong=True)

    def _of_like_words(self, part: ImportedPart) -> Iterator[tuple[float, Candidate]]:
        words = words_of(part)
        for cpn in self._sharing_rare_words(words):
            theirs = words_of(self._known[cpn].values)
            if _has_digits(words - theirs) and _has_digits(theirs - words):
                continue
            share = self._weight(words & theirs) / (self._weight(words | theirs) or 1.0)
            if share >= LIKE_FROM:
                shared = _listed(words & theirs)
                yield share, Candidate(cpn, f"{round(share * 100)} % of the words are the same: {shared}")

    def _sharing_rare_words(self, words: Set[str]) -> list[str]:
        rare = [word for word in words if 0 < len(self._by_word.get(word, ())) <= _COMMON_WORD_PARTS]
        rare.sort(key=lambda word: (len(self._by_word[word]), word))
        shared = Counter(cpn for word in rare[:_RARE_WORDS] for cpn in self._by_word[word])
        return [cpn for cpn, _ in shared.most_common(_COMPARED_MAX)]

    def _weight(self, words: Set[str]) -> float:
        """A word that every part has says nothing; one that nobody asks for, or no part has, says most."""
        parts = len(self._known) + 2
        return sum(math.log(parts / (len(self._by_word.get(word, ())) + 0.5)) for word in words)


def words_of(values: PartValues | ImportedPart) -> frozenset[str]:
    """In small letters: of the name, the description and the values of specs."""
    texts = [values.name, values.description, *values.attributes.values()]
    return frozenset(_WORD.findall(" ".join(texts).casefold()))


def _bare_mpns(values: PartValues | ImportedPart) -> list[str]:
    return sorted({_bare(source.mpn or "") for source in values.sources} - {""})


def _bare(mpn: str) -> str:
    """Without signs that are often written otherwise; nothing for a placeholder, or for what is too short to name a part."""
    folded = mpn.strip().casefold()
    bare = _SIGNS.sub("", folded)
    return "" if folded in PLACEHOLDERS or len(bare) < 4 else bare


def _has_digits(words: Iterable[str]) -> bool:
    return any(character.isdigit() for word in words for character in word)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words, key=lambda word: (-len(word), word))[:6])
