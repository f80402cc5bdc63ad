"""Fitting what an import says to what the library can hold: texts, and the findings about whatever had to be changed (pure)."""

from __future__ import annotations

import re

from plumbline.exchange.model import Notice, Origin, Severity
from plumbline.exchange.notices import Notices, shown

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_SENTENCES: dict[str, tuple[Severity, str]] = {
    "TEXT_CUT": (Severity.WARNING, "{} is longer than the library keeps and was cut."),
    "UNIT_UNKNOWN": (
        Severity.WARNING,
        "The unit {} is unknown here; a part takes the unit of its category, a line names this one in its notes.",
    ),
    "QUANTITY_NOT_STATED": (
        Severity.WARNING,
        "{} has no quantity that can be; it counts as one, in the unit AS_REQUIRED, and says so in its notes.",
    ),
    "QUANTITY_ZERO": (Severity.INFO, "{} has the quantity 0; it became 1, not placed."),
    "QUANTITY_ROUNDED": (Severity.WARNING, "The quantity {} was rounded to 12 decimals."),
    "DESIGNATORS_IN_NOTES": (Severity.INFO, "{} is no list of designators; it was kept in the notes."),
    "ITEM_NUMBER_IN_NOTES": (Severity.INFO, "The item number {} is no whole number; it was kept in the notes."),
    "VALUE_AS_TEXT": (
        Severity.INFO,
        "{} does not fit the library's attribute of that name; it was kept beside it, as text.",
    ),
    "VALUE_REPEATED": (Severity.WARNING, "{} has a name that its part uses already; the first value was kept."),
    "PRICE_ROUNDED": (
        Severity.INFO,
        "The price {} per pack makes no exact price per piece; it was rounded to 12 decimals.",
    ),
    "PRICE_DROPPED": (
        Severity.WARNING,
        "The price {} is negative, out of range or second for its quantity, and was left out.",
    ),
    "CURRENCY_NOT_STATED": (Severity.INFO, "{} names no currency; XXX stands there, and no roll-up counts it."),
    "OFFER_REMARKS_NOT_KEPT": (Severity.INFO, "{} of an offer is not kept."),
    "OFFER_VALUE_OUT_OF_RANGE": (Severity.WARNING, "{} of an offer is out of range and was left out."),
    "PART_REMARKS_NOT_KEPT": (Severity.INFO, "{} stands beside the specifications and is not kept."),
    "SUBSTITUTE_DROPPED": (Severity.INFO, "{} is the part itself or one too many, and no substitute."),
}


class Findings:
    """What was adjusted: a notice for each, with the text that it is about and the place where it stands."""

    def __init__(self) -> None:
        self._notices = Notices()

    def note(self, code: str, text: str, origin: Origin | None) -> None:
        """`text` is what the sentence of the code begins with, or speaks of."""
        severity, sentence = _SENTENCES[code]
        self._notices.tell(severity, code, sentence.format(shown(text)), origin)

    def notices(self) -> tuple[Notice, ...]:
        return self._notices.all()


def fitted(text: str | None, length_max: int, findings: Findings, origin: Origin | None) -> str:
    """Printable, without blanks around it, cut where it is too long; empty for None."""
    clean = _UNPRINTABLE.sub(" ", text or "").strip()
    if len(clean) > length_max:
        findings.note("TEXT_CUT", clean, origin)
        clean = clean[:length_max].strip()
    return clean


def fitted_name(text: str, length_max: int, findings: Findings, origin: Origin | None) -> str:
    """The same on one line, single blanks only: the names of categories and attributes."""
    return fitted(" ".join(_UNPRINTABLE.sub(" ", text).split()), length_max, findings, origin)
