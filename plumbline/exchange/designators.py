"""Reference designators: `C1, C2`, `R1 R2`, `C1-3`, `D2-D6` become single ones; other text stays whole."""

from __future__ import annotations

import re
from decimal import Decimal

DESIGNATORS_MAX = 5_000
_BETWEEN = re.compile(r"[,;]\s*|\.\s+|\s+")
_SINGLE = re.compile(r"[A-Za-z]{1,8}[_$]?\d{1,6}[A-Za-z]?(\.\d{1,3})?")
_RANGE = re.compile(r"([A-Za-z]{1,8})(\d{1,6})\s*[-–]\s*([A-Za-z]{0,8})(\d{1,6})")


def designators_in(text: str) -> tuple[str, ...]:
    """Each designator in the order of the text. A text that does not consist of designators (`Screws`) is kept as one."""
    stripped = text.strip()
    if not stripped.strip(",;. "):
        return ()
    if len(lines := stripped.splitlines()) > 1 and not _is_list(stripped):
        return tuple(dict.fromkeys(place for line in lines[:DESIGNATORS_MAX] for place in designators_in(line)))
    found: list[str] = []
    for token in filter(None, _BETWEEN.split(re.sub(r"\s*([-–])\s*", r"\1", stripped))):
        expanded = _expanded(token.rstrip("."))
        if expanded is None or len(found) + len(expanded) > DESIGNATORS_MAX:
            return (stripped,)
        found.extend(expanded)
    return tuple(dict.fromkeys(found)) or (stripped,)


def places_in(text: str, count: Decimal | None) -> tuple[str, ...]:
    """The same with the quantity as a witness: words between commas (`VIN, VOUT, BAT`) and numbers (`1 2 3`) are places when there are
    as many.
    """
    found = designators_in(text)
    if len(found) != 1 or are_designators(found):
        return found
    words = listed_words(text) or _numbered_words(text)
    return words if len(set(words)) == len(words) == count else found


def listed_words(text: str) -> tuple[str, ...]:
    """What stands between commas or semicolons, if that is several texts without blanks inside; empty otherwise."""
    words = tuple(word.strip() for word in re.split("[,;]", text.strip().rstrip(",;")))
    return words if len(words) > 1 and all(word and not re.search(r"\s", word) for word in words) else ()


def _numbered_words(text: str) -> tuple[str, ...]:
    """Words between blanks, if each has a digit in it."""
    words = tuple(text.split())
    return words if all(any(sign.isdigit() for sign in word) for word in words) else ()


def _is_list(text: str) -> bool:
    """Whether every word of the text is a designator, so that it does not matter where its lines break."""
    return all(
        _expanded(token.rstrip(".")) for token in filter(None, _BETWEEN.split(re.sub(r"\s*([-–])\s*", r"\1", text)))
    )


def _expanded(token: str) -> tuple[str, ...] | None:
    if _SINGLE.fullmatch(token):
        return (token,)
    match = _RANGE.fullmatch(token)
    if match is None or match[3] not in ("", match[1]):
        return None
    first, last = int(match[2]), int(match[4])
    if not first <= last < first + DESIGNATORS_MAX:
        return None
    return tuple(f"{match[1]}{number}" for number in range(first, last + 1))


def are_designators(texts: tuple[str, ...]) -> bool:
    """Whether each text is a single designator, so that their number can be held against a quantity."""
    return bool(texts) and all(_SINGLE.fullmatch(text) for text in texts)
