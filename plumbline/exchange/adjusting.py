"""Fitting what an import says to what the library can hold: texts, and the findings about whatever had to be changed (pure)."""

from __future__ import annotations

import re
from collections import Counter

from plumbline.exchange.model import Notice, Origin, Severity

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_SENTENCES: dict[str, tuple[Severity, str]] = {
    "TEXT_CUT": (Severity.WARNING, "{count} texts are longer than the library keeps and were cut."),
    "UNIT_UNKNOWN": (
        Severity.WARNING,
        "{count} units of measure are unknown here; parts take the unit of their category, lines name theirs in the notes.",
    ),
    "QUANTITY_NOT_STATED": (
        Severity.WARNING,
        "{count} lines state no quantity that can be; they count as one, in the unit AS_REQUIRED, and say so in their notes.",
    ),
    "QUANTITY_ZERO": (Severity.INFO, "{count} lines have the quantity 0; they became 1, not placed."),
    "QUANTITY_ROUNDED": (Severity.WARNING, "{count} quantities were rounded to 12 decimals."),
    "DESIGNATORS_IN_NOTES": (
        Severity.INFO,
        "{count} lines have a reference that is no list of designators; it was kept in the notes.",
    ),
    "ITEM_NUMBER_IN_NOTES": (
        Severity.INFO,
        "{count} lines have an item number that is no whole number; it was kept in the notes.",
    ),
    "VALUE_AS_TEXT": (
        Severity.INFO,
        "{count} specifications do not fit the library's attribute of that name; they were kept beside it, as text.",
    ),
    "VALUE_REPEATED": (
        Severity.WARNING,
        "{count} specifications have a name that their part uses already; the first was kept.",
    ),
    "PRICE_ROUNDED": (
        Severity.INFO,
        "{count} prices per pack make no exact price per piece; it was rounded to 12 decimals.",
    ),
    "PRICE_DROPPED": (
        Severity.WARNING,
        "{count} prices are negative, out of range or second for their quantity, and were left out.",
    ),
    "CURRENCY_NOT_STATED": (
        Severity.INFO,
        "{count} offers name no currency; XXX stands there, and no roll-up counts them.",
    ),
    "OFFER_REMARKS_NOT_KEPT": (Severity.INFO, "Packaging or notes of {count} offers are not kept."),
    "PART_REMARKS_NOT_KEPT": (
        Severity.INFO,
        "{count} parts have remarks, a link or variants beside their specifications, which are not kept.",
    ),
    "SUBSTITUTE_DROPPED": (Severity.INFO, "{count} substitutes are the part itself and were left out."),
}


class Findings:
    """Counts what was adjusted; one notice per kind, with the place where it was seen first."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, Origin | None] = {}

    def note(self, code: str, origin: Origin | None) -> None:
        self._counts[code] += 1
        self._first.setdefault(code, origin)

    def notices(self) -> tuple[Notice, ...]:
        return tuple(
            Notice(severity, code, sentence.format(count=self._counts[code]), self._first[code])
            for code, (severity, sentence) in _SENTENCES.items()
            if self._counts[code]
        )


def fitted(text: str | None, length_max: int, findings: Findings, origin: Origin | None) -> str:
    """Printable, without blanks around it, cut where it is too long; empty for None."""
    clean = _UNPRINTABLE.sub(" ", text or "").strip()
    if len(clean) > length_max:
        findings.note("TEXT_CUT", origin)
        clean = clean[:length_max].strip()
    return clean


def fitted_name(text: str, length_max: int, findings: Findings, origin: Origin | None) -> str:
    """The same on one line, single blanks only: the names of categories and attributes."""
    return fitted(" ".join(_UNPRINTABLE.sub(" ", text).split()), length_max, findings, origin)
