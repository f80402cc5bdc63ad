"""Printed lists: what stands on which page, that nothing is lost when texts are wrapped, and that nothing hostile has no end."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from plumbline.exchange.errors import ExportTooLarge
from plumbline.exchange.exporting import pdf_writing
from plumbline.exchange.exporting.pdf_layout import (
    MARGIN,
    SIZE_LEAST,
    SIZE_USUAL,
    Need,
    lines_of,
    need_of,
    page_for,
    printed,
)
from plumbline.exchange.exporting.pdf_writing import write_sheet_pdf
from plumbline.exchange.exporting.sheet import Column, Sheet, SheetRow

CREATED = datetime(2026, 7, 1, 12, tzinfo=UTC)
COLUMNS = (
    Column("level", "Level", "number", 6),
    Column("cpn", "Part number", "text", 18),
    Column("name", "Name", "text", 36),
    Column("quantity", "Quantity", "number", 10),
    Column("extended_price", "Price", "price", 14, is_totalled=True),
)


def sheet(rows: Iterable[SheetRow], columns: tuple[Column, ...] = COLUMNS) -> Sheet:
    head = "Bill of materials", "900-00001", "RELEASED", "EUR", Decimal(250)
    return Sheet(*head, columns, rows, "Gantry with Ω and 電", "B", "released as of 2026-01-31")


def row(number: int, level: int = 1, name: str = "Screw M3") -> SheetRow:
    return SheetRow(level, (level, f"100-{number:05d}", name, number, Decimal("1.5")))


def pdf(rows: Iterable[SheetRow], **options: object) -> bytes:
    file = io.BytesIO()
    write_sheet_pdf(file, sheet(rows), CREATED, **options)
    return file.getvalue()


def texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_a_row_deeper_than_those_that_chose_the_columns_is_still_read_as_words() -> None:
    columns = (Column("cpn", "PN", "text", 6), *(Column("name", f"Name {n}", "text", 36) for n in range(9)))
    flat = [SheetRow(1, ("100-00001", *["some words that go on and on"] * 9))] * 600
    file = io.BytesIO()
    write_sheet_pdf(file, sheet([*flat, SheetRow(11, ("123-45678", *["z"] * 9))], columns), CREATED)
    last = texts(file.getvalue())[-1].partition("z\n")[0].rpartition("that go on and on\n")[2]
    number = [piece for piece in last.split("\n") if piece and set(piece) <= set("123-45678")]
    assert "".join(number) == "123-45678"
    assert len(number) <= 3, "not one letter on each line"


def test_a_word_of_any_length_is_broken_in_few_measurements() -> None:
    measured: list[int] = []

    def measure(text: str, size: float) -> float:
        measured.append(len(text))
        return len(text) * size

    word = "x" * 10_000
    lines = lines_of(word, 80, 8, measure)
    assert lines == ["x" * 10] * 1_000
    assert sum(measured) < 100 * 1_000 * len(lines) / 10, "not each time all that is left of it"


def test_a_column_that_has_nothing_in_it_takes_no_room_on_paper() -> None:
    note = (*COLUMNS, Column("notes", "Notes", "text", 40))
    rows = [row(number)._replace(cells=(*row(number).cells, None)) for number in range(3)]
    file = io.BytesIO()
    write_sheet_pdf(file, sheet(rows, note), CREATED)
    assert "Notes" not in texts(file.getvalue())[0]
    file = io.BytesIO()
    write_sheet_pdf(file, sheet([*rows, row(4)._replace(cells=(*row(4).cells, "glued"))], note), CREATED)
    assert "Notes" in texts(file.getvalue())[0]
    assert "Part number" in texts(pdf([]))[0], "an empty list has its titles"


def test_the_first_page_says_what_the_list_is() -> None:
    content = pdf([row(1)])
    (text,) = texts(content)
    assert "Bill of materials" in text
    assert "900-00001  Gantry with Ω and" in text
    assert "revision B" in text
    assert (
        "View released as of 2026-01-31, 2026-07-01 12:00 UTC. Quantities and prices for 250 built, prices in EUR."
        in text
    )
    assert PdfReader(io.BytesIO(content)).metadata.title == "Bill of materials: 900-00001"


def test_every_page_has_the_columns_and_its_number() -> None:
    pages = texts(pdf(row(number) for number in range(1, 201)))
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert "Part number" in text
        assert text.split()[-4:] == ["Page", str(number), "of", str(len(pages))]
        assert "900-00001, released as of 2026-01-31" in text
    found = [word for text in pages for word in text.split() if word.startswith("100-")]
    assert found == [f"100-{number:05d}" for number in range(1, 201)]


def test_totals_stand_at_the_end() -> None:
    assert "300.00" in texts(pdf(row(number) for number in range(1, 201)))[-1]
    without = texts(pdf([SheetRow(1, (1, "100-1", "", 1, None))]))[-1]
    assert "Total" not in without


def test_paper_stands_upright_where_it_can_and_lies_where_it_must() -> None:
    sizes = {}
    for paper in ("a4", "letter"):
        page = PdfReader(io.BytesIO(pdf([row(1)], paper=paper))).pages[0].mediabox
        sizes[paper] = (round(page.width), round(page.height))
    assert sizes == {"a4": (595, 842), "letter": (612, 792)}
    wide = tuple(Column("name", f"Column {number}", "text", 30) for number in range(12))
    file = io.BytesIO()
    write_sheet_pdf(file, sheet([SheetRow(1, tuple(["some words that go on"] * 12))], wide), CREATED)
    page = PdfReader(io.BytesIO(file.getvalue())).pages[0].mediabox
    assert page.width > page.height


LONG = "x" * 3_000 + " " + "word " * 1_400


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\n\n",
        LONG,
        "\x00\x07",
        "電阻器 저항 きゅう ｱ",
        "مقاومة",
        "𝒳😀",
        "a\u200bb",
        "=1+1",
        "(\\)",
        "\ud7ff\ue000",
    ],
    ids=lambda name: ascii(name[:12]),
)
def test_any_text_can_be_printed(name: str) -> None:
    pages = texts(pdf([row(1, name=name), row(2, level=40)]))
    assert "100-00002" in pages[-1]


def test_a_text_that_is_longer_than_a_page_goes_on_on_the_next() -> None:
    pages = texts(pdf([row(1, name="word " * 1_900)]))
    assert len(pages) > 2
    assert sum(text.count("word") for text in pages) == 1_900
    assert all("Part number" in text for text in pages)


def test_chinese_letters_are_drawn_in_a_font_that_has_them() -> None:
    reader = PdfReader(io.BytesIO(pdf([row(1, name="電阻 저항 Ω")])))
    fonts = {
        font["/BaseFont"] for font in (each.get_object() for each in reader.pages[0]["/Resources"]["/Font"].values())
    }
    assert any("STSong" in name for name in fonts)
    assert any("HYSMyeongJo" in name for name in fonts)
    assert any("DejaVu" in name for name in fonts)


def test_the_same_list_makes_the_same_file() -> None:
    assert pdf([row(1), row(2)]) == pdf([row(1), row(2)])


def test_a_printed_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_writing, "PAGES_MAX", 2)
    with pytest.raises(ExportTooLarge, match="more than 2 pages"):
        pdf(row(number) for number in range(1_000))


def test_prices_have_two_decimals_and_all_that_they_have() -> None:
    price = Column("unit_price", "Price", "price", 10)
    shown = [printed(price, Decimal(text)) for text in ("1.5", "2", "0.0125", "1E+2", "-3.1")]
    assert shown == ["1.50", "2.00", "0.0125", "100.00", "-3.10"]
    assert printed(price, None) == ""


# --- laws of the layout -----------------------------------------------------------------------------------------------------------


def measure(text: str, size: float) -> float:
    """A font of which every letter is half as wide as high."""
    return len(text) * size / 2


@given(st.text(max_size=300), st.floats(1, 200))
def test_wrapping_keeps_every_letter_and_fits(text: str, width: float) -> None:
    lines = lines_of(text, width, 8, measure)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(measure(line, 8) <= width or len(line) == 1 for line in lines)


@given(
    st.lists(st.text(alphabet="abc ", min_size=1, max_size=30), min_size=1, max_size=30),
    st.sampled_from(["a4", "letter"]),
)
def test_columns_fill_the_page_whatever_they_hold(titles: list[str], paper: str) -> None:
    columns = [Column("name", title, "text", 10) for title in titles]
    needs = [need_of(column, [(column.title, 0.0)], measure) for column in columns]
    page = page_for(needs, paper)
    assert sum(page.columns) == pytest.approx(page.width - 2 * MARGIN)
    assert SIZE_LEAST <= page.size <= SIZE_USUAL
    assert all(width > 0 for width in page.columns)


def test_no_word_is_broken_where_there_is_room_for_it() -> None:
    needs = [Need(8, 8), Need(5, 40), Need(3, 3)]
    page = page_for(needs, "a4")
    assert page.width < page.height
    for need, width in zip(needs, page.columns, strict=True):
        assert width >= need.least * page.size
