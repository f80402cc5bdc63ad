"""Files made to hurt whoever reads them, each with the refusal that it deserves."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from plumbline.testing.archives import zipped

MEBIBYTE = 1024 * 1024
BIG_TABLE_ROWS = 30_000
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/relationships"
_WORKBOOK = b'<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="BOM" sheetId="1" r:id="rId1"/></sheets></workbook>'
_RELATION = b'<Relationship Id="rId1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>'
_SHEET = b'<worksheet xmlns="%s">%s</worksheet>'


class Hostile(NamedTuple):
    name: str
    content: Callable[[], bytes]
    """Made when it is needed: some are large."""
    reason: str | None
    """Of the refusal; None for what is only big, and is read."""


def workbook(cells: bytes) -> bytes:
    """A workbook of one sheet, with this between the tags of the sheet."""
    return zipped(
        {
            "xl/workbook.xml": _WORKBOOK % (_MAIN, _DOCUMENT),
            "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%s">%s</Relationships>'
            % (_PACKAGE, _RELATION % _DOCUMENT),
            "xl/worksheets/sheet1.xml": _SHEET % (_MAIN, cells),
        }
    )


def zip_bomb() -> bytes:
    return zipped({"bom.csv": b"0" * (256 * MEBIBYTE)})


def workbook_of_the_whole_grid() -> bytes:
    """Two cells, with 17 thousand million blank ones between them."""
    return workbook(
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )


def entity_bomb() -> bytes:
    """Ten to the power of twelve letters, if somebody wrote them out."""
    entities = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' if level else '<!ENTITY e0 "ha">' for level in range(13)
    )
    return f'<?xml version="1.0"?><!DOCTYPE eagle [{entities}]><eagle version="9.6"><drawing>&e12;</drawing></eagle>'.encode()


def bottomless_nest() -> bytes:
    return b"(kicad_sch " + b"(a " * MEBIBYTE


def truncated_workbook() -> bytes:
    whole = workbook(b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    return whole[: len(whole) // 2]


def encrypted_archive() -> bytes:
    """Says so of its file; the bytes need not be."""
    content = bytearray(zipped({"bom.csv": b"Name,Quantity\nBulb,2\n"}))
    for header, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + flags_at] |= 1
    return bytes(content)


def big_table(rows: int) -> bytes:
    return b"Name,Quantity\n" + b"".join(b"Part %d,1\n" % row for row in range(rows))


def of_another_kind() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(256)) * 400


HOSTILE = (
    Hostile("bomb.zip", zip_bomb, "SUSPICIOUS_ARCHIVE"),
    Hostile("entities.sch", entity_bomb, "UNREADABLE_FILE"),
    Hostile("grid.xlsx", workbook_of_the_whole_grid, "IMPORT_TOO_LARGE"),
    Hostile("nest.kicad_sch", bottomless_nest, "IMPORT_TOO_LARGE"),
    Hostile("half.xlsx", truncated_workbook, "UNREADABLE_FILE"),
    Hostile("locked.zip", encrypted_archive, "UNREADABLE_FILE"),
    Hostile("drawing.csv", of_another_kind, "UNREADABLE_FILE"),
    Hostile("endless.csv", lambda: big_table(1_000_000), "IMPORT_TOO_LARGE"),
    Hostile("big.csv", lambda: big_table(BIG_TABLE_ROWS), None),
)
