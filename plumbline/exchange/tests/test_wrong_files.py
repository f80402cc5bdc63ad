"""Files that are not what their names say, or not whole: read, or refused with what to do about it."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from plumbline.exchange.errors import UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files

TABLE = b"Part Number,Name,Quantity\nA-1,Bolt,4\nA-2,Nut,2\n"


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([("Part Number", "Name", "Quantity"), ("A-1", "Bolt", 4), ("A-2", "Nut", 2)]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        ("table.xlsx", TABLE, "It is text"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected by a password"),
        ("half.xlsx", workbook()[: len(workbook()) // 2], "ends too early"),
        ("half.zip", workbook()[:100], "ends too early"),
        ("page.xlsx", b"<?xml version='1.0'?><Workbook/>", "It is text"),
    ],
)
def test_what_is_no_workbook_says_what_it_may_be(name: str, content: bytes, hint: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_files([NamedFile(name, content)])
    assert refused.value.path == (name,)
    assert hint in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("book.csv", workbook()),
        ("table.xls", TABLE),
        ("page.xls", b"<html><table><tr><td>Part Number</td></tr></table></html>"),
        ("zero.csv", b"Part Number,Name\nA-1,Bo\0lt\n"),
        ("bytes.csv", bytes(range(256)) * 100),
        ("none.csv", b""),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(name: str, content: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_files([NamedFile(name, content)])
    assert refused.value.path[0].startswith(name)
    assert refused.value.expected


def test_a_workbook_with_macros_is_read_and_they_are_not() -> None:
    file = io.BytesIO(workbook())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(2_000))
    data = read_files([NamedFile("macros.xlsm", file.getvalue())])
    assert {part.key for part in data.parts} == {"macros", "A-1", "A-2"}


def test_a_quotation_mark_that_is_never_closed_is_told_with_what_it_swallows() -> None:
    data = read_files([NamedFile("inch.csv", TABLE.replace(b"Bolt", b'"Bolt'))])
    [told] = [notice for notice in data.notices if notice.code == "QUOTE_NOT_CLOSED"]
    assert (str(told.severity), told.origin and told.origin.row) == ("ERROR", 2)
    assert told.sentence == "A quotation mark in row 2 is never closed; what stands below it is in its cell (lines: 1)."
    whole = read_files([NamedFile("inch.csv", TABLE.replace(b"Bolt", b'"Bolt\nlong"'))])
    assert "QUOTE_NOT_CLOSED" not in {notice.code for notice in whole.notices}
