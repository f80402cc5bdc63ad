"""What stays off the board, as people write it beside a part: `DNP`, `NF` for the whole row, `NF(C324 C325)` for those places only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from plumbline.exchange.designators import designators_in
from plumbline.exchange.placeholders import PLACEHOLDERS

NOT_FITTED_WORDS = frozenset(
    {
        "dnp", "dni", "dnf", "dnm", "dnl", "nf", "no fit", "nofit", "not fitted", "no stuff", "nostuff", "do not place",
        "do not populate", "do not fit", "do not mount", "do not install", "do not load",
    }
)  # fmt: skip
"""Case folded."""
SAID_YES = NOT_FITTED_WORDS | {"1", "y", "yes", "true", "x", "ja"}
"""In a column that asks whether a part stays off the board."""
SAID_NO = frozenset({"0", "n", "no", "false", "nein"})
WORDS_IN_TEXT = NOT_FITTED_WORDS - {"nf"}
"""What tells the same inside a longer text, where `100 nf` is a capacitance."""
FITTED_WORDS = frozenset({"fit", "fitted", "place", "placed", "populate", "populated", "mount", "mounted"})
_WITH_PLACES = re.compile(r"([^()\[\]]*)[(\[]([^()\[\]]*)[)\]]")


class Fitting(NamedTuple):
    """How the places of one row divide; both together are all of them, each in its order."""

    fitted: tuple[str, ...]
    not_fitted: tuple[str, ...]


def is_not_fitted(text: str) -> bool:
    """Whether the text says of a whole row that it stays off the board."""
    return text.strip().casefold() in NOT_FITTED_WORDS


def places_not_fitted(text: str) -> tuple[str, ...] | None:
    """The places that a text such as `NF(C324, C325)` names; None when it is no such text, or names none."""
    match = _WITH_PLACES.fullmatch(text.strip())
    if match is None or not is_not_fitted(match[1]):
        return None
    return designators_in(match[2]) or None


def says_fitting(text: str) -> bool:
    """Whether the text is understood, whichever way it decides."""
    folded = text.strip().casefold()
    return (
        folded in PLACEHOLDERS or folded in FITTED_WORDS or is_not_fitted(text) or places_not_fitted(text) is not None
    )


def divided(places: Sequence[str], named: Sequence[str]) -> Fitting | None:
    """Divides the places of a row; None when a place is named that the row does not have, since it may mean any other."""
    off = frozenset(named)
    if not off <= frozenset(places):
        return None
    return Fitting(
        tuple(place for place in places if place not in off), tuple(place for place in places if place in off)
    )
