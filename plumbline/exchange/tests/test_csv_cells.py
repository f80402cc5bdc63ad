from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.exchange.exporting.csv_cells import escaped, unescaped, write_csv

nasty = st.text(st.sampled_from("=+-@\t\r\n'\"a1. ,;|＝＋－＠\u00a0\u3000\u2028\x00\x85"), max_size=12) | st.text(
    max_size=20
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-cmd", "@SUM(A1)", "\tx", "\rx", " =1", "\u00a0=1", "＝1", "a\n=1", "a\r\n@x", "'x", "-"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert "'" in escaped(text)
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize(
    "text", ["", "0", "-5", "+3.25", "-1.5e-3", "4k7", "R1-R3", "a=b", "C1, C2", "1 - 2", "a\nb\r\nc", "a\n\nb"]
)
def test_numbers_and_plain_texts_stay_as_they_are(text):
    assert escaped(text) == text


@given(nasty)
def test_every_text_comes_back(text):
    assert unescaped(escaped(text)) == text


@given(nasty)
def test_no_line_of_a_cell_begins_like_a_formula_unless_it_is_a_number(text):
    cell = escaped(text)
    if cell == text and text and text.lstrip(" \u00a0\u3000")[:1] in tuple("=+-@＝＋－＠"):
        float(text)
    assert cell[:1] not in ("=", "@", "\t", "\r", "＝", "＋", "－", "＠")


@given(st.lists(st.lists(nasty.filter(lambda text: "\x00" not in text), min_size=2, max_size=2), max_size=5))
def test_a_file_of_nasty_cells_is_read_back_whole(rows):
    file = io.StringIO(newline="")
    write_csv(file, ("a", "b"), rows)
    file.seek(0)
    read = [[unescaped(cell) for cell in row] for row in csv.reader(file)][1:]
    assert read == rows


def test_values_of_other_kinds_are_written_plainly():
    file = io.StringIO()
    write_csv(file, ("a", "b", "c", "d"), [(None, True, 3, -2)])
    assert file.getvalue() == "a,b,c,d\n,true,3,-2\n"
