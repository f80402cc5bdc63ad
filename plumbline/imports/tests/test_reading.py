"""Reading in a process of its own: what hurts the reader hurts nobody else."""

from __future__ import annotations

import orjson
import pytest

from plumbline.exchange.files import NamedFile
from plumbline.imports.errors import ImportFilesUnreadable
from plumbline.imports.model import ImportOptions
from plumbline.imports.reading import Bounds, read_apart

TABLE = NamedFile("lamp.csv", b"Name,Quantity\nBulb,2\n")
MANY = NamedFile("many.csv", b"Name,Quantity\n" + b"".join(b"Part %d,1\n" % each for each in range(40_000)))


def test_what_was_read_comes_back_in_the_form_of_the_wire() -> None:
    data = read_apart([TABLE], ImportOptions()).data
    assert data is not None
    assert [part["key"] for part in orjson.loads(data)["parts"]] == ["Bulb", "lamp"]


def test_a_refusal_comes_back_with_its_place() -> None:
    reading = read_apart([NamedFile("lamp.xlsx", b"PK no workbook")], ImportOptions())
    assert reading.data is None
    assert reading.problems[0]["reason"] == "UNREADABLE_FILE"
    assert reading.problems[0]["path"] == ["lamp.xlsx"]


@pytest.mark.parametrize("bounds", [Bounds(memory_bytes=70 * 2**20), Bounds(seconds=1), Bounds(answer_bytes=10_000)])
def test_a_reader_that_takes_too_much_is_ended_and_the_import_says_so(bounds: Bounds) -> None:
    with pytest.raises(ImportFilesUnreadable):
        read_apart([MANY], ImportOptions(), bounds)


def test_names_of_files_are_only_names() -> None:
    reading = read_apart([NamedFile("../../etc/lamp.csv", TABLE.content)], ImportOptions())
    assert reading.data is not None
    assert b"../../etc/lamp.csv" in reading.data
