"""Rows in the middle of a table that are no parts: titles of sections, subtotals, marks of pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from plumbline.exchange.columns import Role
from plumbline.exchange.footer import PLACE_ROLES, is_total
from plumbline.exchange.gathering import Gatherer
from plumbline.exchange.model import Severity
from plumbline.exchange.records import Record

_PAGE = re.compile(r"(page|sheet|seite|blatt)\s+\d+\s*(of|/|von)\s*\d+", re.IGNORECASE)
_SHOWN_MAX = 5


def without_titles(rows: Sequence[Record], header_row: int, gatherer: Gatherer) -> list[Record]:
    """The rows that may be parts, each knowing the section that it stands in; what was taken out is told.

    For tables that count their parts: in other lists a row of one text is a part like any.
    """
    kept: list[Record] = []
    section, titles, above = "", list[str](), header_row
    for index, row in enumerate(rows):
        number = row.origin.row or 0
        if _is_title(row, is_set_off=number > above + 1 or index == 0, is_last=index == len(rows) - 1):
            section = _only_text(row)
            titles.append(section)
            for cell in row.ignored:
                gatherer.tell_ignored(cell, row.origin)
        elif _is_mark(row) and index < len(rows) - 1:
            sentence = f"A row between the parts is none: {row.in_words}"
            gatherer.tell(Severity.INFO, "ROW_BETWEEN_PARTS", sentence, row.origin)
        else:
            kept.append(replace(row, section=section) if section else row)
        above = number
    if titles:
        shown = ", ".join(titles[:_SHOWN_MAX]) + (" …" if len(titles) > _SHOWN_MAX else "")
        sentence = f"{len(titles)} rows are titles of sections ({shown}); the lines below them say so in their notes."
        gatherer.tell(Severity.INFO, "SECTIONS", sentence, rows[0].origin)
    return kept


def with_continued_places(rows: Sequence[Record]) -> list[Record]:
    """Rows with nothing but designators go on with the row above, where that ends in a comma: OrCAD breaks long lists so."""
    found: list[Record] = []
    for row in rows:
        places = row.text(Role.DESIGNATORS)
        is_alone = bool(places) and len(row.texts) == 1 and not row.attributes
        above = found[-1].text(Role.DESIGNATORS) if found and is_alone else ""
        if above.endswith(","):
            found[-1] = replace(found[-1], texts={**found[-1].texts, Role.DESIGNATORS: f"{above} {places}"})
        else:
            found.append(row)
    return found


def _is_title(row: Record, *, is_set_off: bool, is_last: bool) -> bool:
    """One text and nothing else, below a blank row or the header, and above something."""
    return is_set_off and not is_last and bool(_only_text(row)) and not _is_use(row)


def _is_mark(row: Record) -> bool:
    if _is_use(row):
        return False
    return _PAGE.fullmatch(_only_text(row)) is not None or (is_total(row) and Role.MPN not in row.texts)


def _is_use(row: Record) -> bool:
    return row.quantity is not None or any(role in row.texts for role in PLACE_ROLES)


def _only_text(row: Record) -> str:
    texts = _texts(row)
    return texts[0] if len(texts) == 1 and not row.more_sources else ""


def _texts(row: Record) -> list[str]:
    return list(dict.fromkeys((*row.texts.values(), *row.attributes.values())))
