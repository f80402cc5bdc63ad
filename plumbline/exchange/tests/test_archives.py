from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.exchange.errors import ImportTooLarge, SuspiciousArchive, UnreadableFile
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise
from plumbline.kit.errors import Refusal

TABLE = b"Part Number,Qty\nA,1\n"
SCHEMATIC = b'(kicad_sch (symbol (property "Reference" "R1") (property "Value" "1k")))'


def archive(name: str = "project.zip", **entries: bytes) -> NamedFile:
    return packed(name, {key.replace("__", "/") + ".csv": content for key, content in entries.items()})


def packed(name: str, entries: dict[str, bytes]) -> NamedFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for entry, content in entries.items():
            target.writestr(entry, content)
    return NamedFile(name, stream.getvalue())


def test_an_archive_is_read_as_the_folder_in_it():
    entries = {"board/": b"", "board/main.kicad_sch": SCHEMATIC, "board/.git/config": b"x", "__MACOSX/._a.csv": b"x"}
    file = packed("project.zip", entries)
    data = read_files([file])
    assert recognise([file]).format == "kicad-schematic"
    assert data.tops == ("main",)
    assert {part.origin.file for part in data.parts} == {"board/main.kicad_sch"}
    assert data.notices == ()


def test_a_workbook_in_an_archive_is_checked_like_any_other():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/media/blank.bin", bytes(20_000_000))
    with pytest.raises(SuspiciousArchive, match=r"bom\.xlsx unfolds too far"):
        read_files([packed("a.zip", {"bom.xlsx": stream.getvalue()})])


def test_archives_beside_other_files_keep_their_names_apart():
    data = read_files([archive("one.zip", bom=TABLE), archive("two.zip", bom=TABLE), NamedFile("bom.csv", TABLE)])
    assert {line.origin.file for line in data.lines} == {"one/bom.csv", "two/bom.csv", "bom.csv"}


@pytest.mark.parametrize(
    "name", ["../up.csv", "a/../../up.csv", "/etc/bom.csv", "C:/bom.csv", "..\\up.csv", "\\\\host\\bom.csv"]
)
def test_places_outside_the_archive_are_refused(name):
    with pytest.raises(SuspiciousArchive, match="a place outside of it"):
        read_files([packed("a.zip", {name: TABLE})])


def test_an_archive_in_an_archive_is_refused():
    with pytest.raises(SuspiciousArchive, match=r"holds another archive, inner\.ZIP"):
        read_files([packed("a.zip", {"inner.ZIP": archive(bom=TABLE).content})])


def test_a_bomb_is_refused():
    with pytest.raises(SuspiciousArchive, match="unfolds too far"):
        read_files([archive(bom=b"A,1\n" * 10_000_000)])


def test_all_archives_together_have_one_limit(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.archives.UNFOLDED_BYTES_MAX", 100)
    for files in ([archive(a=b"x" * 60, b=b"x" * 60)], [archive("1.zip", a=b"x" * 60), archive("2.zip", a=b"x" * 60)]):
        with pytest.raises(SuspiciousArchive, match="unfolds too far"):
            read_files(files)


def test_a_large_file_in_an_archive_is_refused(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.files.FILE_BYTES_MAX", 1_000)
    with pytest.raises(ImportTooLarge, match=r"bom\.csv holds 1001 bytes"):
        read_files([archive(bom=bytes(1_001))])


def test_a_password_is_told_as_such():
    content = bytearray(archive(bom=TABLE).content)
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="protected by a password at bom"):
        read_files([NamedFile("a.zip", bytes(content))])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Part Number,Qty\nA,1\n"])
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(UnreadableFile, match="not a zip archive"):
        read_files([NamedFile("a.zip", content)])


def test_an_empty_archive_is_refused():
    with pytest.raises(UnreadableFile, match="no file to read"):
        read_files([packed("a.zip", {})])


def outcome(file: NamedFile) -> str:
    """The refusal's message, or the format that was read; anything else than these two fails the test."""
    try:
        return read_files([file]).format
    except Refusal as refusal:
        return refusal.message


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_archive_is_read_or_refused(data):
    content = bytearray(archive(bom=TABLE, more__parts=TABLE).content)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(NamedFile("a.zip", bytes(content)))


PIECES = st.lists(
    st.sampled_from(
        ["(", ")", " ", '"', "\\", "symbol", "property", "sheet", "path", "instances", "Reference", "Value", '"R1"', "extends",
         "<eagle>", "<part ", 'name="R1"', "/>", "</", "<drawing>", "<schematic>", "<parts>", "&x;", "<!DOCTYPE", "\n", "é", "\0"]
    ),
    max_size=60,
)  # fmt: skip


@given(PIECES, st.sampled_from(["a.kicad_sym", "a.kicad_sch", "a.sch", "a.brd", "a.xml"]))
@settings(max_examples=400, deadline=None)
def test_any_pieces_of_drawings_are_read_or_refused(pieces, name):
    start = {"a.kicad_sym": "(kicad_symbol_lib ", "a.kicad_sch": "(kicad_sch ", "a.xml": "<export><components>"}.get(
        name, "<eagle>"
    )
    assert outcome(NamedFile(name, (start + "".join(pieces)).encode())) != "table"
