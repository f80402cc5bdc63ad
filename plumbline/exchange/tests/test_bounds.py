from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plumbline.exchange.archives import check_workbook
from plumbline.exchange.errors import ImportTooLarge, SuspiciousArchive, UnknownFormat, UnreadableFile
from plumbline.exchange.files import NamedFile, check_files, files_under
from plumbline.exchange.formats import read_files
from plumbline.kit.errors import Refusal

WORKBOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
 <sheets><sheet name="BOM" sheetId="1" r:id="rId1"/></sheets></workbook>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
 </Relationships>"""
CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
 <Default Extension="xml" ContentType="application/xml"/></Types>"""
ROOT_RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
 Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
 </Relationships>"""
HEADER_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>Part Number</t></is></c><c r="B1" t="inlineStr"><is><t>Qty</t></is></c></row>'
PART_ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>R-1</t></is></c><c r="B2"><v>3</v></c></row>'


def sheet(rows: str, before: str = "") -> str:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{before}{head}{HEADER_ROW}{PART_ROW}{rows}</sheetData></worksheet>"


def workbook(rows: str = "", *, before: str = "", more: dict[str, bytes] | None = None) -> NamedFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", ROOT_RELATIONS)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet(rows, before))
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return NamedFile("bom.xlsx", stream.getvalue())


def test_the_small_workbook_of_these_tests_is_readable():
    data = read_files([workbook()])
    assert [(line.child_key, line.quantity) for line in data.lines] == [("R-1", 3)]


@pytest.mark.parametrize(
    "far",
    [
        '<row r="900000"><c r="XFD900000"><v>1</v></c></row>',
        '<row r="3"><c r="XFD3"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        '<row r="3"><c title=">" r="XFD3"><v>1</v></c></row>',
        '<row r="9999999999"><c><v>1</v></c></row>',
        f'<row r="{"9" * 5_000}"><c><v>1</v></c></row>',
        "<row r='3'><c r='SG3' t='inlineStr'><is><t>x</t></is></c></row>",
    ],
)
def test_a_value_in_a_far_corner_is_refused_before_the_sheet_is_unfolded(far):
    with pytest.raises(ImportTooLarge, match="has a value in row"):
        read_files([workbook(far)])


def test_a_far_cell_that_only_has_a_style_is_harmless():
    data = read_files([workbook('<row r="900000"><c r="XFD900000" s="1"/></row>')])
    assert len(data.lines) == 1


def test_a_wide_and_long_sheet_is_refused_by_its_area():
    far = '<row r="3"><c r="RA3"><v>1</v></c></row><row r="150000"><c r="A150000"><v>1</v></c></row>'
    with pytest.raises(ImportTooLarge, match="span"):
        read_files([workbook(far)])


def test_a_sheet_that_declares_a_document_type_is_refused():
    with pytest.raises(SuspiciousArchive, match="document type"):
        read_files([workbook(before='<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>')])


def test_an_entry_that_unfolds_more_than_a_hundredfold_is_refused():
    with pytest.raises(SuspiciousArchive, match="unfolds too far"):
        read_files([workbook(more={"xl/media/blank.bin": bytes(20_000_000)})])


def test_a_directory_that_understates_a_size_is_refused():
    content = bytearray(workbook(more={"xl/media/blank.bin": bytes(5000)}).content)
    at = content.rindex(b"PK\x01\x02")
    assert struct.unpack_from("<I", content, at + 24) == (5000,)
    struct.pack_into("<I", content, at + 24, 10)
    with pytest.raises(SuspiciousArchive, match="states 10 bytes"):
        check_workbook(NamedFile("bom.xlsx", bytes(content)))


def test_thousands_of_entries_are_refused():
    with pytest.raises(SuspiciousArchive, match="entries"):
        read_files([workbook(more={f"x/{number}": b"" for number in range(2_001)})])


@pytest.mark.parametrize("rows", ["1000000", "9999999999", "9" * 5_000])
def test_a_repeated_open_document_cell_is_refused(rows):
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
        f'<table:table table:name="BOM"><table:table-row table:number-rows-repeated="{rows}">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16000"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    with pytest.raises(ImportTooLarge, match="has a value in row"):
        read_files([NamedFile("bom.ods", stream.getvalue())])


def test_a_table_that_is_too_wide_names_its_row():
    with pytest.raises(ImportTooLarge, match=r"bom\.csv, row 2 has 501 columns"):
        read_files([NamedFile("bom.csv", b"Part Number,Qty\n" + b",".join([b"x"] * 501))])


def test_a_cell_that_is_too_long_names_its_row():
    with pytest.raises(ImportTooLarge, match="row 2 holds a text of 10001"):
        read_files([NamedFile("bom.csv", b"Part Number,Qty\nA," + b"x" * 10_001)])


def test_too_many_rows_are_refused():
    with pytest.raises(ImportTooLarge, match="200000 rows"):
        read_files([NamedFile("bom.csv", b"Part Number,Qty\n" + b"A,1\n" * 200_001)])


def test_a_file_over_fifty_mebibytes_is_refused(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024 + 1)
    with pytest.raises(ImportTooLarge, match=r"big\.csv holds"):
        files_under([path])


def test_two_files_of_one_name_are_refused():
    with pytest.raises(UnreadableFile, match="Two files"):
        check_files([NamedFile("a.csv", b""), NamedFile("a.csv", b"")])


def test_a_folder_is_read_by_relative_names_without_hidden_files(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.csv").write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"x")
    assert [file.name for file in files_under([tmp_path])] == ["sub/b.csv"]


def test_deeply_nested_json_is_refused():
    content = b'["part.part",' + b"[" * 100_000 + b"]" * 100_001
    with pytest.raises(UnreadableFile, match="not JSON"):
        read_files([NamedFile("data.json", content)])


def test_a_fixture_that_is_no_list_of_entries_is_refused_with_its_place():
    with pytest.raises(UnreadableFile, match="entry 1 is no fixture entry"):
        read_files(
            [NamedFile("d.json", b'[{"model":"part.part","pk":1,"fields":{"name":"a","assembly":false}},"part.part"]')]
        )


def test_a_fixture_with_a_wrong_field_names_the_entry():
    entry = b'[{"model":"part.part","pk":7,"fields":{"name":["part.part"],"IPN":null}}]'
    with pytest.raises(UnreadableFile, match=r"sheet part\.part, row 7: name is"):
        read_files([NamedFile("d.json", entry)])


def test_categories_that_run_in_a_circle_are_refused():
    circle = (
        b'[{"model":"part.partcategory","pk":1,"fields":{"name":"a","parent":2}},'
        b'{"model":"part.partcategory","pk":2,"fields":{"name":"b","parent":1}},{"model":"x","fields":"part.part"}]'
    )
    with pytest.raises(UnreadableFile, match="never ends"):
        read_files([NamedFile("d.json", circle)])


def test_unknown_files_are_refused_with_the_formats_that_exist():
    with pytest.raises(UnknownFormat) as refusal:
        read_files([NamedFile("photo.jpg", b"\xff\xd8")])
    assert "Table with named columns" in (refusal.value.expected or "")


def test_an_unknown_format_name_is_refused():
    with pytest.raises(UnknownFormat, match="no import format sap"):
        read_files([NamedFile("a.csv", b"x")], "sap")


def outcome(file: NamedFile) -> str:
    """The refusal's message, or where the first part came from; anything else than these two fails the test."""
    try:
        data = read_files([file])
    except Refusal as refusal:
        return refusal.message
    return str(data.parts[0].origin) if data.parts else f"nothing in {file.name}"


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.tsv", "a.txt", "a.xlsx", "a.xls", "a.ods", "a.json"]))
@example(b"", "a.csv")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls")
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(content, name):
    assert outcome(NamedFile(name, content))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_workbook_is_read_or_refused(data):
    content = bytearray(workbook().content)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert "bom.xlsx" in outcome(NamedFile("bom.xlsx", bytes(content)))


def test_many_findings_of_one_kind_are_counted_and_long_ones_cut():
    rows = "".join(f"{'n' * 3_000}{number},,1\n" for number in range(250))
    data = read_files([NamedFile("bom.csv", f"Name,Part Number,Qty\n{rows}".encode())])
    missing = [notice.sentence for notice in data.notices if notice.code == "NUMBER_MISSING"]
    assert len(missing) == 201
    assert missing[-1] == "There are 50 more findings of this kind."
    assert max(map(len, missing)) == 2_000


def test_ranges_of_designators_have_an_end_over_the_whole_import():
    rows = "".join(f"R1-R5000,M{number},5000\n" for number in range(401))
    with pytest.raises(ImportTooLarge, match="row 402 takes the import past 2000000 reference designators"):
        read_files([NamedFile("bom.csv", f"Designator,MPN,Qty\n{rows}".encode())])
