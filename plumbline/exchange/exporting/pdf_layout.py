"""Where everything of a printed list goes: paper, direction, size of letters, widths of columns, lines of cells (pure).

Lengths are in points. Widths of texts are asked from whoever knows the font.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from plumbline.exchange.exporting.sheet import NUMBERS, Cell, Column, Sheet, SheetRow, cell_text
from plumbline.kit.quantity import canonical

PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
"""Width and height when it stands upright."""
MARGIN = 36.0
SIZE_USUAL, SIZE_LEAST = 8.0, 5.0
"""Of letters; a list that is wide even on paper that lies down gets smaller ones, down to what can be read."""
CHARACTER = 0.52
"""Mean width of a letter, in sizes of letters: what the width of a column in characters means."""
WORD_MAX = 18
"""Characters of a word that a column need not break; a longer one (an address) is broken."""
PADDING = 2.0
LEADING = 1.25
INDENT = 1.0
"""Per level, in sizes of letters."""
INDENT_LEVELS_MAX = 10
LINE_LETTERS_MAX = 1_000
"""More than fit on one line; what is measured to break a word is never longer."""
ROUNDING = 0.01
"""Sizes of letters: a word fits into a column that was made for it."""
ROOMY = 1.5
"""How much wider than its longest words a list must be to stand upright with wrapped texts."""
Measure = Callable[[str, float], float]
"""The width of a text at a size of letters."""


class Need(NamedTuple):
    """What a column would like to have, in sizes of letters."""

    least: float
    """So that no word is broken."""
    wanted: float
    """So that nothing is wrapped, or as wide as its template says."""


def without_empty_columns(sheet: Sheet, rows: Sequence[SheetRow]) -> tuple[Sheet, list[SheetRow]]:
    """Paper is narrow: a column in which no row has anything is left out, unless that would be all of them."""
    kept = [
        place for place, column in enumerate(sheet.columns) if any(cell_text(column, row.cells[place]) for row in rows)
    ]
    if not kept:
        return sheet, list(rows)
    columns = tuple(sheet.columns[place] for place in kept)
    return replace(sheet, columns=columns), [
        row._replace(cells=tuple(row.cells[place] for place in kept)) for row in rows
    ]


class Page(NamedTuple):
    width: float
    height: float
    size: float
    columns: tuple[float, ...]
    """Width of each column with the blank around its text."""

    @property
    def row_height(self) -> float:
        return self.size * LEADING


def need_of(column: Column, texts: Iterable[tuple[str, float]], measure: Measure) -> Need:
    """From the title and the first texts of a column, each with its indentation in sizes of letters."""
    least = wanted = 0.0
    most = column.width * CHARACTER
    for text, indent in texts:
        least = max(least, indent + max((measure(word[:WORD_MAX], 1) for word in text.split()), default=0.0))
        wanted = max(wanted, indent + min(measure(text, 1), most))
    return Need(least + ROUNDING, max(least, wanted) + ROUNDING)


def page_for(needs: Sequence[Need], paper: str) -> Page:
    """Upright if no word is broken in letters of the usual size, lying otherwise; then smaller letters, then broken words."""
    width, height = PAPERS[paper]
    blank = 2 * PADDING * len(needs)
    wanted = sum(need.wanted for need in needs)
    least = sum(need.least for need in needs)
    is_upright = (
        wanted * SIZE_USUAL + blank <= width - 2 * MARGIN or least * SIZE_USUAL * ROOMY + blank <= width - 2 * MARGIN
    )
    page_width, page_height = (width, height) if is_upright else (height, width)
    room = page_width - 2 * MARGIN
    size = min(SIZE_USUAL, max(SIZE_LEAST, (room - blank) / max(least, 1.0)))
    return Page(page_width, page_height, size, _columns(needs, size, room))


def _columns(needs: Sequence[Need], size: float, room: float) -> tuple[float, ...]:
    """All of the room: to each column its least, what is left by what it wants, and what is left then by what it has."""
    least = [need.least * size + 2 * PADDING for need in needs]
    more = [(need.wanted - need.least) * size for need in needs]
    share = min(1.0, max(0.0, room - sum(least)) / sum(more)) if sum(more) else 0.0
    widths = [own + extra * share for own, extra in zip(least, more, strict=True)]
    return tuple(width * room / sum(widths) for width in widths)


def printed(column: Column, cell: Cell) -> str:
    """As `cell_text`, with at least two decimals for a price."""
    if column.format == "price" and isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        whole, _, decimals = canonical(Decimal(cell)).partition(".")
        return f"{whole}.{decimals:0<2}"
    return cell_text(column, cell)


def is_right_aligned(column: Column) -> bool:
    return column.format in NUMBERS


def lines_of(text: str, width: float, size: float, measure: Measure) -> list[str]:
    """The text broken at blanks, and inside words that are wider than the column."""
    found: list[str] = []
    for paragraph in text.splitlines() or [""]:
        if measure(paragraph, size) <= width:
            found.append(paragraph)
        else:
            found += _broken(paragraph, width, size, measure)
    return found


def _broken(paragraph: str, width: float, size: float, measure: Measure) -> list[str]:
    found: list[str] = []
    line = ""
    for word in paragraph.split():
        joined = f"{line} {word}" if line else word
        if measure(joined, size) <= width:
            line = joined
            continue
        if line:
            found.append(line)
        *whole, line = _pieces(word, width, size, measure)
        found += whole
    return [*found, line] if line else found


def _pieces(word: str, width: float, size: float, measure: Measure) -> list[str]:
    """At least one letter each, so that there is an end however narrow the column."""
    pieces: list[str] = []
    while word:
        fitting = max(1, _longest(word[:LINE_LETTERS_MAX], width, size, measure))
        pieces.append(word[:fitting])
        word = word[fitting:]
    return pieces


def _longest(word: str, width: float, size: float, measure: Measure) -> int:
    """The number of letters at the beginning that fit, found by halving."""
    low, high = 0, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(word[:middle], size) <= width else (low, middle - 1)
    return low
