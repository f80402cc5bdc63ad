from __future__ import annotations

import json
import os
import stat
import threading
import zipfile
from pathlib import Path

import pytest


@pytest.fixture
def top(plumbline, library, bom_file):
    return plumbline("import", bom_file, "--data", library, "--json").json["tops"][0]


@pytest.fixture
def archive(plumbline, library, top, tmp_path):
    file = tmp_path / "library.zip"
    assert plumbline("archive", "export", file, "--data", library).code == 0
    return file


def manifest(file: Path) -> dict[str, object]:
    with zipfile.ZipFile(file) as opened:
        return json.loads(opened.read("manifest.json"))


def test_a_library_moves_to_another_folder_and_is_the_same_there(plumbline, library, top, archive, tmp_path):
    moved = tmp_path / "moved"
    said = plumbline("archive", "import", archive, "--data", moved, "--json").json
    assert (said["organization"]["slug"], said["library"]["slug"]) == ("acme", "main")
    assert said["records"]["components"] == 5
    again = tmp_path / "again.zip"
    told = plumbline("archive", "export", again, "--data", moved, "--json").json
    assert told["library"] == "@acme/main"
    assert told["records"] == said["records"]
    assert again.read_bytes() == archive.read_bytes()
    for question in (
        ("bom", "explode", top),
        ("bom", "explode", top, "--flat", "--as-of", "2999-01-01"),
        ("config", "history"),
    ):
        assert plumbline(*question, "--data", moved).out == plumbline(*question, "--data", library).out
    assert stat.S_IMODE(moved.stat().st_mode) == 0o700


def test_work_goes_on_where_it_was_imported(plumbline, library, archive, bom_file, tmp_path):
    moved = tmp_path / "moved"
    assert plumbline("archive", "import", archive, "--data", moved).code == 0
    assert plumbline("keys", "list", "--data", moved, "--json").json == []
    assert plumbline("keys", "create", "First", "--data", moved, "--json").json["secret"].startswith("plk_")
    bom_file.write_text(bom_file.read_text() + "1,NEW-1,A new part,1,EACH,\n")
    both = [plumbline("import", bom_file, "--data", folder, "--json").json for folder in (library, moved)]
    assert both[0]["created"] == both[1]["created"] == 1
    assert both[0]["tops"] == both[1]["tops"]


def test_an_archive_is_verified_without_a_server(plumbline, archive, tmp_path):
    outcome = plumbline("archive", "verify", archive)
    assert "It can be imported." in outcome.out
    assert "byte by byte" in outcome.out
    assert plumbline("archive", "verify", archive, "--json").json["differing"] == []
    assert {file.name for file in tmp_path.iterdir() if file.is_dir()} == {"data"}
    broken = tmp_path / "broken.zip"
    broken.write_bytes(archive.read_bytes()[:-100])
    refused = plumbline("archive", "verify", broken)
    assert refused.code == 1
    assert "Traceback" not in refused.err


def test_a_library_is_not_imported_twice_and_the_name_of_another_not_taken(plumbline, archive, tmp_path):
    moved = tmp_path / "moved"
    assert plumbline("archive", "import", archive, "--data", moved).code == 0
    twice = plumbline("archive", "import", archive, "--data", moved)
    assert twice.code == 1
    assert "has the library Main already" in twice.err
    other = tmp_path / "other"
    options = ("--organization", "Acme", "--library", "Main", "--admin-email", "bob@acme.example")
    assert plumbline("init", "--data", other, *options).code == 0
    refused = plumbline("archive", "import", archive, "--data", other)
    assert refused.code == 1
    assert "--library NAME" in refused.err
    said = plumbline("archive", "import", archive, "--data", other, "--library", "Second", "--json").json
    assert said["library"]["slug"] == "second"
    listed = plumbline("users", "list", "--data", other, "--library", "@acme/second", "--json").json
    assert [each["email"] for each in listed] == ["ada@acme.example"]
    both = tmp_path / "both.zip"
    assert plumbline("archive", "export", both, "--data", other).code == 1, "which one?"
    assert plumbline("archive", "export", both, "--data", other, "--library", "@acme/second").code == 0
    assert manifest(both)["library"]["name"] == "Second"


def test_a_refused_archive_leaves_nothing_behind_that_was_not_there(plumbline, library, archive, tmp_path):
    broken, empty = tmp_path / "broken.zip", tmp_path / "empty"
    broken.write_bytes(archive.read_bytes()[:-100])
    empty.mkdir()
    for folder in (tmp_path / "new" / "deep", empty):
        assert plumbline("archive", "import", broken, "--data", folder).code == 1
    assert not (tmp_path / "new").exists()
    assert list(empty.iterdir()) == []
    assert plumbline("archive", "import", broken, "--data", library).code == 1
    assert plumbline("users", "list", "--data", library, "--json").code == 0, "the library that was there still is"


def test_files_that_cannot_be_read_or_written_are_told(plumbline, library, archive, tmp_path):
    for arguments in (
        ("export", tmp_path / "no" / "folder.zip", "--data", library),
        ("import", tmp_path / "none.zip", "--data", tmp_path / "x"),
        ("verify", tmp_path),
        ("export", tmp_path / "x.zip", "--data", tmp_path / "empty"),
    ):
        outcome = plumbline("archive", *arguments)
        assert outcome.code == 1, arguments
        assert outcome.err.startswith("error: ")
    assert not (tmp_path / "x.zip").exists()
    assert [file.name for file in tmp_path.iterdir() if ".part" in file.name] == []


def test_an_export_replaces_a_file_only_when_it_is_whole(plumbline, archive, tmp_path):
    before = archive.read_bytes()
    assert plumbline("archive", "export", archive, "--data", tmp_path / "nothing").code == 1
    assert archive.read_bytes() == before


def test_an_export_goes_into_a_pipe(plumbline, library, archive, tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    outcome = plumbline("archive", "export", pipe, "--data", library)
    reader.join(20)
    assert (outcome.code, outcome.out) == (0, "")
    piped = tmp_path / "piped.zip"
    piped.write_bytes(read[0])
    assert manifest(piped) == manifest(archive)


def test_over_the_network_the_same_archive_is_written(plumbline, start, library, archive, tmp_path):
    server = start("serve", "--data", library, "--port", 0, "--no-worker")
    key = plumbline("keys", "create", "test", "--data", library, "--json").json["secret"]
    target = ("--url", server.address, "--api-key", key)
    fetched, after = tmp_path / "fetched.zip", tmp_path / "after.zip"
    said = plumbline("archive", "export", fetched, *target, "--json").json
    assert said["library"] == "@acme/main"
    assert plumbline("archive", "export", after, "--data", library).code == 0
    assert fetched.read_bytes() == after.read_bytes()
    refused = plumbline("archive", "export", tmp_path / "no.zip", "--url", server.address, "--api-key", "plk_wrong")
    assert refused.code == 1
    assert "API key" in refused.err
    assert not (tmp_path / "no.zip").exists()
