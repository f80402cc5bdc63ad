"""Findings for the user, at most so many of a kind: an import can have one in every cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from plumbline.exchange.bounds import NOTICES_PER_CODE_MAX, SENTENCE_MAX
from plumbline.exchange.model import Notice, Origin, Severity

_SHOWN_MAX = 80
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Notices:
    """Keeps the first findings of each kind, and counts the others."""

    def __init__(self) -> None:
        self._by_code: dict[str, list[Notice]] = defaultdict(list)
        self._surplus: dict[str, int] = defaultdict(int)

    def tell(self, severity: Severity, code: str, sentence: str, origin: Origin | None = None) -> None:
        self.add((Notice(severity, code, sentence, origin),))

    def add(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            same = self._by_code[notice.code]
            if len(same) < NOTICES_PER_CODE_MAX:
                same.append(replace(notice, sentence=_cut(notice.sentence, SENTENCE_MAX)))
            else:
                self._surplus[notice.code] += 1

    def all(self) -> tuple[Notice, ...]:
        """Worst first, otherwise by kind and in order; the last of a kind gives the number of those that were not kept."""
        kept: list[Notice] = []
        for code, same in self._by_code.items():
            kept.extend(same)
            if code in self._surplus:
                sentence = f"There are {self._surplus[code]} more findings of this kind."
                kept.append(Notice(same[-1].severity, code, sentence))
        return tuple(sorted(kept, key=lambda notice: _WEIGHT[notice.severity]))


def shown(text: str) -> str:
    """A text of the source inside a sentence: on one line, and no longer than a person reads."""
    return _cut(" ".join(text.split()), _SHOWN_MAX)


def _cut(text: str, length_max: int) -> str:
    return text if len(text) <= length_max else f"{text[: length_max - 1]}…"
