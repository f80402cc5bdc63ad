"""Cells of a row that no field can take, and why (pure). Whoever reads the row tells them, once it is a part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from plumbline.exchange.amounts import number_in, price_in
from plumbline.exchange.columns import Column, Role
from plumbline.exchange.headers import Header
from plumbline.exchange.placeholders import PLACEHOLDERS

Texts = Mapping[Role, str]
SAID_TWICE = "another column of this title says something else"


class IgnoredCell(NamedTuple):
    """`column` is its title, or its number where it has none; `reason` ends a sentence."""

    column: str
    text: str
    reason: str


def ignored_cells(
    header: Header, cells: Sequence[str], texts: Texts, groups: Mapping[str, Texts], specifications: Mapping[str, str]
) -> Iterator[IgnoredCell]:
    """Those that are missing from what was made of the row: texts by role, of further makers and shops, and specifications."""
    made_up = sum(column.role is Role.LEVEL and not column.title for column in header.columns)
    for number, (column, cell) in enumerate(zip(header.columns, cells, strict=False), 1):
        text = cell.strip()
        if text.casefold() in PLACEHOLDERS or column.role is Role.IGNORED:
            continue
        if column.role is None:
            reason = _why_no_specification(column, text, specifications)
        else:
            reason = _why_unused(column.role, text, groups[column.group] if column.group else texts, column.group)
        if reason:
            yield IgnoredCell(column.title or f"column {number - made_up}", text, reason)


def _why_no_specification(column: Column, text: str, specifications: Mapping[str, str]) -> str | None:
    if not column.title:
        return "its column has no title"
    return None if specifications.get(column.title) == text else SAID_TWICE


def _why_unused(role: Role, text: str, texts: Texts, group: str) -> str | None:
    is_said_otherwise = role in texts and texts[role] != text
    match role:
        case Role.MANUFACTURER_AND_MPN:
            is_used = texts.get(Role.MPN, "") in text and texts.get(Role.MANUFACTURER, "") in text
            return None if is_used else "another column names the maker or the number"
        case Role.MANUFACTURER | Role.MPN | Role.SUPPLIER if is_said_otherwise:
            return "another column says something else"
        case Role.PRICE if price_in(text) is None:
            return "it is no price"
        case Role.CURRENCY if price_in(texts.get(Role.PRICE, "")) is None:
            return "there is no price in this currency"
        case Role.STATED_TOTAL if number_in(text) is None:
            return "it is no number"
        case Role.LINK if group and not _is_source(texts):
            return "the row names no maker and no shop for it"
    return None


def _is_source(texts: Texts) -> bool:
    """Whether it says enough to find the part by."""
    named = (texts.get(role, "").casefold() for role in (Role.MANUFACTURER, Role.MPN, Role.SUPPLIER, Role.SKU))
    return any(name not in PLACEHOLDERS for name in named) or price_in(texts.get(Role.PRICE, "")) is not None
