"""What is written is read back: by the standard library, by orjson and by another reader of workbooks."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from plumbline.exchange.errors import ExportTooLarge
from plumbline.exchange.exporting import sheet as sheets
from plumbline.exchange.exporting.csv_cells import unescaped
from plumbline.exchange.exporting.csv_writing import write_sheet_csv
from plumbline.exchange.exporting.json_writing import write_sheet_json, write_sheet_json_lines
from plumbline.exchange.exporting.sheet import Cell, Column, Sheet, SheetRow, cells_from_wire, cells_on_wire
from plumbline.exchange.exporting.xlsx_writing import write_sheet_xlsx

COLUMNS = (
    Column("cpn", "Part", "text", 20),
    Column("quantity", "Qty", "number", 8),
    Column("do_not_place", "DNP", "yes_no", 5, "DNP", "fit"),
    Column("extended_price", "Price", "price", 10, is_totalled=True),
)
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RUNS = "=+-@＝＋－＠\t\r"
nasty = st.text(st.sampled_from("=+-@\t\r\n'\"a1. ,;|＝＋－＠\u00a0\u3000é\u2028\x85"), max_size=12)
numbers = st.decimals(Decimal("-1e12"), Decimal("1e12"), places=6) | st.integers(0, 10**9).map(Decimal)
rows = st.builds(
    SheetRow, st.integers(1, 9), st.tuples(nasty | st.none(), numbers, st.booleans(), numbers.filter(bool) | st.none())
)


def sheet_of(*given_rows: SheetRow) -> Sheet:
    return Sheet("List", "900-1", "WORKING", "USD", Decimal("2.5"), COLUMNS, iter(given_rows))


def row(part: str, price: str | None = None, level: int = 1) -> SheetRow:
    return SheetRow(level, (part, Decimal(1), False, None if price is None else Decimal(price)))


def written(write: Callable[..., None], sheet: Sheet, *arguments: object) -> bytes:
    file = io.BytesIO()
    write(file, sheet, *arguments)
    return file.getvalue()


def read_back(workbook: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()


@given(st.lists(rows, max_size=5))
def test_csv_is_read_back_whole_and_no_cell_runs(given_rows: list[SheetRow]) -> None:
    text = written(write_sheet_csv, sheet_of(*given_rows)).decode()
    header, *found = csv.reader(io.StringIO(text, newline=""))
    assert header == ["Part", "Qty", "DNP", "Price"]
    for cells, (_, (part, quantity, is_dnp, price)) in zip(found, given_rows, strict=True):
        assert unescaped(cells[0]) == (part or "")
        assert Decimal(cells[1]) == quantity
        assert cells[2] == ("DNP" if is_dnp else "fit")
        assert (Decimal(cells[3]) if cells[3] else None) == price
        assert cells[0][:1] not in RUNS or not cells[0] or Decimal(cells[0]).is_finite()


def test_csv_is_as_the_rfc_has_it() -> None:
    assert written(write_sheet_csv, sheet_of(row('a,"b'))) == b'Part,Qty,DNP,Price\r\n"a,""b",1,fit,\r\n'
    with_mark = io.BytesIO()
    write_sheet_csv(with_mark, sheet_of(), byte_order_mark=True)
    assert with_mark.getvalue().startswith(b"\xef\xbb\xbfPart")


def test_a_title_runs_as_little_as_a_cell() -> None:
    column = Column("cpn", '=HYPERLINK("x")', "text", 20)
    sheet = Sheet("List", "900-1", "WORKING", "USD", Decimal(1), (column,), iter([]))
    assert written(write_sheet_csv, sheet).startswith(b"\"'=HYPERLINK")
    again = Sheet("List", "900-1", "WORKING", "USD", Decimal(1), (column,), iter([]))
    workbook = written(write_sheet_xlsx, again, MOMENT)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(workbook)).read("xl/worksheets/sheet1.xml")


@given(st.lists(rows, max_size=5))
def test_json_keeps_every_digit(given_rows: list[SheetRow]) -> None:
    whole = json.loads(written(write_sheet_json, sheet_of(*given_rows)), parse_float=Decimal, parse_int=Decimal)
    assert (whole["title"], whole["top"], whole["view"], whole["buildQuantity"]) == (
        "List",
        "900-1",
        "WORKING",
        Decimal("2.5"),
    )
    expected = [dict(zip(("Part", "Qty", "DNP", "Price"), each.cells, strict=True)) for each in given_rows]
    assert whole["lines"] == expected
    prices = [each.cells[3] for each in given_rows if each.cells[3] is not None]
    assert whole["totals"] == ({"Price": sum(prices)} if prices else {})
    lines = written(write_sheet_json_lines, sheet_of(*given_rows)).splitlines()
    assert [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines] == expected


@given(st.tuples(nasty | st.none(), numbers, st.booleans(), numbers | st.none()))
def test_cells_come_back_from_the_wire(cells: tuple[Cell, ...]) -> None:
    assert cells_from_wire(COLUMNS, json.loads(json.dumps(cells_on_wire(cells)))) == cells


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=5))
def test_a_workbook_holds_texts_as_texts_and_no_formula(given_rows: list[SheetRow]) -> None:
    workbook = written(write_sheet_xlsx, sheet_of(*given_rows), MOMENT)
    found = read_back(workbook)
    assert found[0] == ["Part", "Qty", "DNP", "Price"]
    for cells, (_, (part, quantity, is_dnp, price)) in zip(found[1:], given_rows, strict=False):
        assert str(cells[0]).replace("\r\n", "\n").replace("\r", "\n") == (part or "").replace("\r\n", "\n").replace(
            "\r", "\n"
        )
        assert cells[1] == pytest.approx(float(quantity), rel=1e-14)
        assert cells[2] == ("DNP" if is_dnp else "fit")
        assert cells[3] == ("" if price is None else pytest.approx(float(price), rel=1e-14))
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not [name for name in parts.namelist() if "vba" in name or "externalLink" in name]


def test_a_workbook_is_ready_to_be_read_by_people() -> None:
    workbook = written(write_sheet_xlsx, sheet_of(row("top"), row("in it", "1.25", 2), row("deep", "2", 20)), MOMENT)
    assert read_back(workbook)[-1] == ["Total", "", "", 3.25]
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        about = parts.read("docProps/core.xml").decode()
    assert 'state="frozen"' in page
    assert 'summaryBelow="0"' in page
    assert ['outlineLevel="1"' in page, 'outlineLevel="7"' in page, 'outlineLevel="8"' in page] == [True, True, False]
    assert "<autoFilter" in page
    assert "List: 900-1" in about
    assert "2026-01-02T03:04:05Z" in about


def test_the_same_list_makes_the_same_workbook() -> None:
    assert written(write_sheet_xlsx, sheet_of(row("a", "1")), MOMENT) == written(
        write_sheet_xlsx, sheet_of(row("a", "1")), MOMENT
    )


def test_what_a_cell_cannot_hold_is_refused_with_its_place() -> None:
    with pytest.raises(ExportTooLarge, match="Row 2 has a text of 40000 characters under 'Part'"):
        written(write_sheet_xlsx, sheet_of(row("a"), row("x" * 40_000)), MOMENT)


def test_a_number_beyond_all_spreadsheets_is_written_as_its_digits() -> None:
    huge = SheetRow(1, ("a", Decimal(10**400), False, None))
    assert read_back(written(write_sheet_xlsx, sheet_of(huge), MOMENT))[1][1] == "1" + "0" * 400


def test_a_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_MAX", 3)
    assert written(write_sheet_csv, sheet_of(*[row("a")] * 3)).count(b"\r\n") == 4
    for write in (write_sheet_csv, write_sheet_json, partial(write_sheet_xlsx, created=MOMENT)):
        with pytest.raises(ExportTooLarge, match="more than 3 rows"):
            written(write, sheet_of(*[row("a")] * 4))


def many(count: int) -> Iterator[SheetRow]:
    for number in range(count):
        yield SheetRow(1 + number % 4, (f"900-{number:06}", Decimal(number), False, Decimal(number) / 8))


@pytest.mark.parametrize(
    ("write", "count", "peak_max"),
    [
        (write_sheet_csv, 100_000, 1_000_000),
        (write_sheet_json, 100_000, 1_000_000),
        (write_sheet_json_lines, 100_000, 1_000_000),
        # Slow while memory is watched. The level of each row is remembered, 200 bytes; its cells, 600 bytes, are not.
        (partial(write_sheet_xlsx, created=MOMENT), 20_000, 8_000_000),
    ],
    ids=["csv", "json", "jsonl", "xlsx"],
)
def test_long_lists_take_the_memory_of_short_ones(
    write: Callable[..., None], count: int, peak_max: int, tmp_path: Path
) -> None:
    file: IO[bytes]
    with (tmp_path / "out").open("wb") as file:
        write(file, sheet_of(row("warm")))
    sheet = Sheet("List", "900-1", "WORKING", "USD", Decimal(1), COLUMNS, many(count))
    with (tmp_path / "out").open("wb") as file:
        tracemalloc.start()
        try:
            write(file, sheet)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < peak_max
