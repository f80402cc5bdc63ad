"""A list as a PDF to print: a heading, the columns repeated on every page, levels indented, totals, and `Page 3 of 12`.

Drawn with ReportLab: of 10,000 rows it made 5,700 a second where fpdf2 made 3,400, in half the memory. The letters are DejaVu's, which come
along; Chinese, Japanese and Korean ones are those of the program that shows the file, as PDF knows sets of them by name. Scripts whose
letters change their shape beside one another (Arabic, Devanagari, Thai) are not set as they should be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from plumbline.exchange.errors import ExportTooLarge
from plumbline.exchange.exporting.pdf_layout import (
    INDENT,
    INDENT_LEVELS_MAX,
    LEADING,
    MARGIN,
    PADDING,
    Measure,
    Need,
    Page,
    is_right_aligned,
    lines_of,
    need_of,
    page_for,
    printed,
    without_empty_columns,
)
from plumbline.exchange.exporting.sheet import Cell, Column, Sheet, SheetRow, Totals, bounded
from plumbline.kit.late import LateModule
from plumbline.kit.quantity import canonical

if TYPE_CHECKING:
    from reportlab.pdfbase import cidfonts, pdfmetrics, ttfonts
    from reportlab.pdfgen import canvas
else:
    canvas = LateModule("reportlab.pdfgen.canvas")
    cidfonts = LateModule("reportlab.pdfbase.cidfonts")
    pdfmetrics = LateModule("reportlab.pdfbase.pdfmetrics")
    ttfonts = LateModule("reportlab.pdfbase.ttfonts")

PAGES_MAX = 5_000
"""A list is printed to be looked at; this many pages are a metre of paper."""
LOOKED_AT = 500
"""Rows from which the widths of columns are told."""
FONT_FOLDER = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"
_HAN, _HANGUL = "STSong-Light", "HYSMyeongJo-Medium"
"""Fonts that PDF knows by name; the first has kana too."""
_TITLE_SIZE, _ABOUT_SIZE, _FOOT_SIZE = 14.0, 9.0, 7.0
_LIGHT, _DARK = 0.85, 0.4
_PAGE_COUNT = "page-count"
_WIDTHS_KEPT = 50_000
_KEPT_LETTERS_MAX = 200
"""Longer texts are hardly ever measured twice."""


def write_sheet_pdf(file: IO[bytes], sheet: Sheet, created: datetime, *, paper: str = "a4") -> None:
    """`paper` is one of `PAPERS`."""
    rows = bounded(sheet.rows)
    first = list(islice(rows, LOOKED_AT))
    if len(first) < LOOKED_AT:  # all of them
        sheet, first = without_empty_columns(sheet, first)
    text = _Text()
    page = page_for(_needs(sheet, first, text), paper)
    drawn = canvas.Canvas(file, pagesize=(page.width, page.height), pageCompression=1, invariant=1)
    _describe(drawn, sheet)
    pages = _Pages(drawn, text, page, sheet, created)
    totals = Totals(sheet.columns)
    for row in totals.passing(chain(first, rows)):
        pages.add(_cells(sheet.columns, row.cells), row.level)
    if totals.sums:
        pages.add(_total_cells(sheet.columns, totals), 1, is_total=True)
    pages.close()


def _needs(sheet: Sheet, first: Sequence[SheetRow], text: _Text) -> list[Need]:
    indented = _indented_place(sheet)
    found = []
    for place, column in enumerate(sheet.columns):
        texts = ((printed(column, row.cells[place]), _indent(row.level) if place == indented else 0.0) for row in first)
        title = need_of(column, [(column.title, 0.0)], text.measure(BOLD))
        cells = need_of(column, texts, text.measure(PLAIN))
        found.append(Need(max(title.least, cells.least), max(title.least, cells.wanted)))
    return found


def _indented_place(sheet: Sheet) -> int | None:
    return next((place for place, column in enumerate(sheet.columns) if column.field == "cpn"), None)


def _indent(level: int) -> float:
    """In sizes of letters."""
    return min(level - 1, INDENT_LEVELS_MAX) * INDENT


def _describe(drawn: Any, sheet: Sheet) -> None:
    drawn.setTitle(f"{sheet.title}: {sheet.top}")
    drawn.setSubject(f"{sheet.top} {sheet.view}")
    drawn.setAuthor("Plumbline")
    drawn.setCreator("Plumbline")


def _cells(columns: Sequence[Column], cells: Sequence[Cell]) -> list[str]:
    return [printed(column, cell) for column, cell in zip(columns, cells, strict=True)]


def _total_cells(columns: Sequence[Column], totals: Totals) -> list[str]:
    texts = [printed(column, totals.sums.get(place)) for place, column in enumerate(columns)]
    return ["Total", *texts[1:]] if not texts[0] else texts


class _Pages:
    """Puts rows below one another and begins a new page where there is no more room; holds how far the present one is."""

    def __init__(self, drawn: Any, text: _Text, page: Page, sheet: Sheet, created: datetime) -> None:
        self._drawn, self._text, self._page, self._sheet, self._created = drawn, text, page, sheet, created
        self._indented = _indented_place(sheet)
        self._view = sheet.view_title or sheet.view.lower()
        self._count = 0
        self._y = 0.0
        self._begin()

    def add(self, cells: Sequence[str], level: int, *, is_total: bool = False) -> None:
        """A row that is higher than what is left of the page goes to the next one; one that is higher than a page is divided."""
        rows = list(self._lines(cells, level, PLAIN if not is_total else BOLD))
        height = max(map(len, rows))
        if self._fitting() < min(height, self._whole_page()):
            self._begin()
        if is_total:
            self._rule(_DARK)
        start = 0
        while start < height:
            fitting = max(1, min(height - start, self._fitting()))
            self._draw([lines[start : start + fitting] for lines in rows], level, BOLD if is_total else PLAIN)
            start += fitting
            if start < height:
                self._begin()
        self._rule(_LIGHT)

    def close(self) -> None:
        """The number of pages is known at the end; each page has a place for it that is filled now."""
        self._end()
        self._drawn.beginForm(_PAGE_COUNT, 0, 0, self._page.width, self._page.height)
        self._text.draw(self._drawn, self._page.width - MARGIN - 20, MARGIN / 2, str(self._count), PLAIN, _FOOT_SIZE)
        self._drawn.endForm()
        self._drawn.save()

    def _begin(self) -> None:
        if self._count:
            self._end()
        self._count += 1
        if self._count > PAGES_MAX:
            raise ExportTooLarge(
                f"The list takes more than {PAGES_MAX} pages.",
                expected=f"at most {PAGES_MAX} pages",
                hint="Print a flat list, or one with fewer columns; CSV and XLSX have no pages.",
            )
        self._y = self._page.height - MARGIN
        if self._count == 1:
            self._heading()
        self._header()

    def _end(self) -> None:
        foot = MARGIN / 2
        about = f"{self._sheet.title}: {self._sheet.top}, {self._view}"
        self._text.draw(self._drawn, MARGIN, foot, about, PLAIN, _FOOT_SIZE)
        number = f"Page {self._count} of "
        width = self._text.width(number, PLAIN, _FOOT_SIZE)
        self._text.draw(self._drawn, self._page.width - MARGIN - 20 - width, foot, number, PLAIN, _FOOT_SIZE)
        self._drawn.doForm(_PAGE_COUNT)
        self._drawn.showPage()

    def _heading(self) -> None:
        sheet = self._sheet
        room = self._page.width - 2 * MARGIN
        of_top = ", ".join(
            filter(None, (sheet.top_name, f"revision {sheet.top_revision}" if sheet.top_revision else ""))
        )
        about = (
            f"{sheet.top}  {of_top}".strip(),
            f"View {self._view}, {self._created:%Y-%m-%d %H:%M} UTC. "
            f"Quantities and prices for {canonical(sheet.build_quantity)} built, prices in {sheet.currency}.",
        )
        for text, font, size in ((sheet.title, BOLD, _TITLE_SIZE), *((each, PLAIN, _ABOUT_SIZE) for each in about)):
            for line in lines_of(text, room, size, self._text.measure(font)):
                self._y -= size * LEADING
                self._text.draw(self._drawn, MARGIN, self._y, line, font, size)
        self._y -= self._page.size

    def _header(self) -> None:
        titles = list(self._lines([column.title for column in self._sheet.columns], 1, BOLD))
        fitting = max(1, self._fitting() - 1)
        self._draw([lines[:fitting] for lines in titles], 1, BOLD)
        self._rule(_DARK)

    def _lines(self, cells: Sequence[str], level: int, font: str) -> Iterator[list[str]]:
        size, measure = self._page.size, self._text.measure(font)
        for place, (text, width) in enumerate(zip(cells, self._page.columns, strict=True)):
            room = width - 2 * PADDING - self._indent(place, level)
            yield lines_of(text, room, size, measure) if text else []

    def _indent(self, place: int, level: int) -> float:
        """At most half of the column, whose width was chosen from the first rows: a deeper one further down must find room too."""
        if place != self._indented:
            return 0.0
        return min(_indent(level) * self._page.size, self._page.columns[place] / 2)

    def _draw(self, rows: Sequence[Sequence[str]], level: int, font: str) -> None:
        size, left = self._page.size, MARGIN
        for place, (lines, width) in enumerate(zip(rows, self._page.columns, strict=True)):
            is_right = is_right_aligned(self._sheet.columns[place])
            for number, line in enumerate(lines, 1):
                y = self._y - number * self._page.row_height
                if is_right:
                    x = left + width - PADDING - self._text.width(line, font, size)
                else:
                    x = left + PADDING + self._indent(place, level)
                self._text.draw(self._drawn, x, y, line, font, size)
            left += width
        self._y -= max(map(len, rows), default=0) * self._page.row_height + self._page.size * 0.35

    def _rule(self, gray: float) -> None:
        self._drawn.setStrokeGray(gray)
        self._drawn.setLineWidth(0.4)
        self._drawn.line(MARGIN, self._y, self._page.width - MARGIN, self._y)

    def _fitting(self) -> int:
        """Lines of letters that are left on the page."""
        return max(0, int((self._y - MARGIN - self._page.size * 0.35) / self._page.row_height))

    def _whole_page(self) -> int:
        """Lines on a page with nothing but the header on it; a few less, for headers of several lines."""
        return int((self._page.height - 2 * MARGIN) / self._page.row_height) - 8


class _Text:
    """Draws and measures texts, each run of letters in a font that has them."""

    def __init__(self) -> None:
        self._letters = {font: _letters(font) for font in (PLAIN, BOLD)}
        self._widths: dict[tuple[str, str], float] = {}

    def measure(self, font: str) -> Measure:
        return lambda text, size: self.width(text, font, size)

    def width(self, text: str, font: str, size: float) -> float:
        known = self._widths.get((text, font))
        if known is None:
            if len(self._widths) > _WIDTHS_KEPT:
                self._widths.clear()
            known = sum(pdfmetrics.stringWidth(run, name, 1000) for run, name in self._runs(text, font))
            if len(text) <= _KEPT_LETTERS_MAX:
                self._widths[text, font] = known
        return known * size / 1000

    def draw(self, drawn: Any, x: float, y: float, text: str, font: str, size: float) -> None:
        for run, name in self._runs(text, font):
            drawn.setFont(name, size)
            drawn.drawString(x, y, run)
            x += pdfmetrics.stringWidth(run, name, size)

    def _runs(self, text: str, font: str) -> list[tuple[str, str]]:
        if text.isascii():
            return [(text, font)]
        letters = self._letters[font]
        runs: list[tuple[str, str]] = []
        for character in text:
            name = font if ord(character) in letters else _named_font(character) or font
            if runs and runs[-1][1] == name:
                runs[-1] = runs[-1][0] + character, name
            else:
                runs.append((character, name))
        return runs


@cache
def _letters(font: str) -> frozenset[int]:
    """Registers the font; the characters that it has."""
    read = ttfonts.TTFont(font, str(FONT_FOLDER / f"{font}.ttf"))
    pdfmetrics.registerFont(read)
    return frozenset(read.face.charToGlyph)


@cache
def _named_font(character: str) -> str | None:
    """None for what none of the sets has; the font then draws an empty box."""
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3 or 0x1100 <= code <= 0x11FF:
        return _registered(_HANGUL)
    if 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF:
        return _registered(_HAN)
    return None


@cache
def _registered(name: str) -> str:
    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont(name))
    return name
