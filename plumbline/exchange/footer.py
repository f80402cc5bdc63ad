"""What stands below the last row of a bill of materials and is no part: control totals, remarks, names of those who approved it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from plumbline.exchange.columns import Role
from plumbline.exchange.records import Record

PLACE_ROLES = (Role.DESIGNATORS, Role.ITEM_NUMBER, Role.LEVEL, Role.PARENT, Role.ASSEMBLY)
_COUNTED = "qty|quantity|parts|pieces|pcs|cost|costs|price|count|components|number|amount|sum"
_TOTAL = re.compile(
    rf"((grand|sub)[ -]?)?totals?(\s+({_COUNTED})\.?)*\s*[:=]?|((grand|sub)[ -]?)?totals?\s[^:=]*[:=].*|sum:?|summe:?",
    re.IGNORECASE | re.DOTALL,
)
"""`Total`, `Total Qty.`, `Total SMD: 5`; not what is only called so, like a total station."""
_SUMMED_MIN = 3
_DONE = "prepared|approved|checked|drawn|designed|reviewed|released|verified|created|issued|compiled|generated|printed|exported|signed"
_SIGN_OFF = re.compile(
    rf"({_DONE}|authori[sz]ed)(\s+(by|on)\b.*|\s*:.*)?|(date|datum|signatures?|initials)(\s*:.*)?"
    r"|(page|sheet|seite|blatt)\s+\d+\s*(of|/|von)\s*\d+|revision history.*|end of (bom|list|file).*",
    re.IGNORECASE | re.DOTALL,
)
"""`Prepared by`, `Approved: J. Doe`, `Date`, `Page 1 of 3`; not a drawn tube or a printed board, whose names go on otherwise."""


def footer_start(rows: Sequence[Record], *, has_quantities: bool) -> int:
    """Index of the first row of the footer; their number where there is none.

    A row belongs to the footer when it has no place in the table (no designators, item number, level), nothing but rows of the
    footer stands below it, and it calls itself a total, is nothing but their sum, or counts nothing and names no part, says who signed
    it, or is set off by a blank row. The last is asked only where rows above have designators, because other lists have sections, and
    where the table counts at all.
    """
    apart = _set_off(rows) if has_quantities else len(rows)
    start = len(rows)
    while start and (_is_footer(rows[start - 1], is_set_off=start - 1 >= apart) or _is_sum(rows, start - 1)):
        start -= 1
    return start


def _is_sum(rows: Sequence[Record], index: int) -> bool:
    """Whether the row is nothing but a number that reads as a sum of those above: people's formulas often miss some rows."""
    row = rows[index]
    if set(row.texts) != {Role.QUANTITY} or row.attributes or row.quantity is None:
        return False
    counted = [above.quantity.value for above in rows[:index] if above.quantity is not None]
    return len(counted) >= _SUMMED_MIN and row.quantity.value > max(counted) and row.quantity.value * 2 > sum(counted)


def _set_off(rows: Sequence[Record]) -> int:
    """Index of the first row below the first blank row after the last designators."""
    last = max((index for index, row in enumerate(rows) if Role.DESIGNATORS in row.texts), default=None)
    if last is None:
        return len(rows)
    numbers = [row.origin.row or 0 for row in rows]
    gaps = (last + 1 + step for step, (above, below) in enumerate(pairwise(numbers[last:])) if below > above + 1)
    return next(gaps, len(rows))


def _is_footer(row: Record, *, is_set_off: bool) -> bool:
    if any(role in row.texts for role in PLACE_ROLES):
        return False
    if is_total(row):
        return True
    return row.quantity is None and (is_set_off or not row.key or _SIGN_OFF.fullmatch(_first_text(row)) is not None)


def is_total(row: Record) -> bool:
    """Whether the row calls itself a total."""
    return _TOTAL.fullmatch(row.key or _first_text(row)) is not None


def _first_text(row: Record) -> str:
    return next(iter((*row.texts.values(), *row.attributes.values())), "")
