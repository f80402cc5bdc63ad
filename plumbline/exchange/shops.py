"""Shops for parts, as titles of columns and cells name them: `DigiKey PN`, `Farnell 2614454`."""

from __future__ import annotations

import re
from typing import NamedTuple

_SHOPS: dict[str, tuple[str, ...]] = {
    "DigiKey": ("digi-key", "digi key", "digikey"),
    "Mouser": ("mouser electronics", "mouser"),
    "LCSC": ("lcsc", "szlcsc"),
    "JLCPCB": ("jlcpcb", "jlc"),
    "Farnell": ("farnell",),
    "Newark": ("newark",),
    "element14": ("element14",),
    "RS": ("rs components", "rs-components", "rs online", "rs"),
    "TME": ("tme",),
    "Arrow": ("arrow",),
    "Avnet": ("avnet",),
    "Reichelt": ("reichelt",),
    "Conrad": ("conrad",),
    "Bürklin": ("bürklin", "buerklin", "burklin"),
    "Distrelec": ("distrelec",),
    "McMaster-Carr": ("mcmaster-carr", "mcmaster carr", "mcmaster"),
    "Misumi": ("misumi",),
    "Amazon": ("amazon",),
    "AliExpress": ("aliexpress",),
    "Adafruit": ("adafruit",),
    "SparkFun": ("sparkfun",),
}
_AMBIGUOUS = frozenset({"rs", "arrow"})
"""Alone, as a title, also a resistance and a sign."""
_NAMES = sorted(
    ((alias, name) for name, aliases in _SHOPS.items() for alias in aliases), key=lambda pair: -len(pair[0])
)

_WITH_NUMBER = re.compile(rf"({'|'.join(re.escape(alias) for alias, _ in _NAMES)})[\s:]+(\S.*)", re.IGNORECASE)


class ShopText(NamedTuple):
    """A text that begins with a shop: its usual name, the name as written, and what follows."""

    name: str
    written: str
    rest: str
    is_ambiguous: bool


def shop_in(title: str) -> ShopText | None:
    """The shop that a title begins with; signs inside its name do not matter (`Digike_y`), letters right after it do."""
    text = title.strip()
    for alias, name in _NAMES:
        match = re.match("_?".join(map(re.escape, alias)) + r"(?![^\W\d_])", text, re.IGNORECASE)
        if match is not None:
            return ShopText(name, match.group(), text[match.end() :].strip(" -:_"), alias in _AMBIGUOUS)
    return None


def shop_and_number(cell: str) -> tuple[str, str] | None:
    """`Farnell 2614454` as the shop in its own spelling and its number; None when the cell does not begin with a shop."""
    match = _WITH_NUMBER.fullmatch(cell.strip())
    return None if match is None else (match[1], match[2].strip())
