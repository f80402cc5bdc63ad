"""Every filled cell of a table is in the data that was made of it, or is told with its column and a reason."""

from __future__ import annotations

import csv
import io

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plumbline.exchange.bounds import NOTICES_PER_CODE_MAX
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files
from plumbline.exchange.merging import joined_sources
from plumbline.exchange.model import ImportedData, ImportedSource
from plumbline.exchange.wire import to_wire
from plumbline.kit.errors import Refusal

WORDS = [
    "Name", "Short Name", "Long Name", "Description", "Type", "Category", "Revision", "Status", "Value",
    "Footprint", "Notes", "Parent", "Assembly", "Subassembly", "Manufacturer", "MPN", "LibRef", "Supplier", "SKU",
    "Currency", "Link", "Manufacturer 2", "MPN 2", "Link 2", "Mouser PN", "DigiKey Link", "Farnell Price", "Colour", "",
    "Manufacturer / Part No.", "Order Qty", "ID",
]  # fmt: skip
NUMBERS = ["Qty", "Unit Price", "Total Price", "Total Qty", "Multiplier", "Item"]
PLACES = ["Reference"]
SHARED = {"Part Number": ("P-0", "P-1"), "Level": ("1", "2")}
BLANK = ""


def cell(title: str, row: int, column: int) -> str:
    """A text that stands nowhere else, but for what makes two rows speak of one part, or of two levels."""
    if title in SHARED:
        return SHARED[title][row % 2]
    if title in NUMBERS:
        return str(10_000 + row * 100 + column)
    if title in PLACES:
        return f"R{row}0{column}"
    return f"w{row}x{column}y"


def lost(rows: list[dict[tuple[int, str], str]], data: ImportedData) -> list[str]:
    """Levels became the structure, so they stand nowhere as a text."""
    said = orjson.dumps(to_wire(data)).decode().casefold()
    left_out = {notice.origin.column for notice in data.notices if notice.code == "COLUMN_IGNORED" and notice.origin}
    cells = [(title, text) for row in rows for (_, title), text in row.items() if title not in {"Level", *left_out}]
    return [text for _, text in cells if text.casefold() not in said]


@given(
    st.lists(st.sampled_from([*WORDS, *NUMBERS, *PLACES, *SHARED]), min_size=2, max_size=10),
    st.lists(st.lists(st.booleans(), min_size=10, max_size=10), min_size=1, max_size=6),
    st.sampled_from(["csv", "tsv"]),
)
@settings(max_examples=500, deadline=None)
@example(["Part Number", "Name", "", "Qty"], [[True] * 10] * 3, "csv")
@example(["Name", "Colour", "Colour", "Qty"], [[True] * 10] * 3, "csv")
@example(["Part Number", "Item", "DigiKey Link", "Description"], [[True] * 10] * 4, "csv")
@example(["Part Number", "Multiplier", "Assembly"], [[True, True, False] + [False] * 7] * 2, "csv")
def test_every_cell_is_in_the_data_or_told(titles, filled, suffix):
    rows = [
        {(column, title): cell(title, row, column) for column, title in enumerate(titles) if is_filled[column]}
        for row, is_filled in enumerate(filled, 1)
    ]
    text = io.StringIO()
    table = csv.writer(text, delimiter="\t" if suffix == "tsv" else ",")
    table.writerows([titles, *([row.get(place, BLANK) for place in enumerate(titles)] for row in rows)])
    try:
        data = read_files([NamedFile(f"bom.{suffix}", text.getvalue().encode())])
    except Refusal:
        return
    assert lost(rows, data) == []


def told(text: str, code: str) -> list[tuple[str, str]]:
    """Place and sentence of each notice of the kind."""
    data = read_files([NamedFile("bom.csv", text.encode())])
    return [(str(notice.origin), notice.sentence) for notice in data.notices if notice.code == code]


def test_cells_that_nothing_can_take_are_told_with_column_and_reason():
    text = "Part Number,Name,Qty,Unit Price,Currency,,Colour,Colour\nA,Cap,1,ask,EUR,aside,red,blue\nB,Nut,2,1.5,EUR,,red,red\n"
    assert told(text, "CELL_IGNORED") == [
        ("bom.csv, row 2, Unit Price", "Unit Price says ask, which was left out: it is no price."),
        ("bom.csv, row 2, Currency", "Currency says EUR, which was left out: there is no price in this currency."),
        ("bom.csv, row 2, column 6", "column 6 says aside, which was left out: its column has no title."),
        (
            "bom.csv, row 2, Colour",
            "Colour says blue, which was left out: another column of this title says something else.",
        ),
    ]


def test_columns_that_are_left_out_are_told_once_with_the_number_of_their_cells():
    text = "Level,Part Number,Parent,Qty,Total Price,Order Qty\n1,A,,1,2,5\n2,B,A,2,3,\n"
    assert [sentence for _, sentence in told(text, "COLUMN_IGNORED")] == [
        "Parent was left out, 1 cells: the levels say who stands in whom.",
        "Total Price was left out, 2 cells: it is the price of all pieces, and those of a single one are kept.",
        "Order Qty was left out, 1 cells: it speaks of an order.",
    ]


def test_what_rows_of_a_part_say_differently_is_told_with_both_texts():
    text = "Part Number,Description,Colour,Qty\nA,long,red,1\nA,short,blue,2\n"
    assert told(text, "FIELD_DIFFERS") == [
        (
            "bom.csv, row 3",
            "A has 2 texts as description: long (row 2), short (row 3); the first was taken.",
        )
    ]
    assert told(text, "VALUE_DIFFERS") == [
        ("bom.csv, row 3", "A has 2 texts as Colour: red (row 2), blue (row 3); it was left out.")
    ]


def test_a_level_without_a_row_to_stand_in_goes_into_the_product():
    text = "Level,Part Number,Qty\n2,A,3\n1,B,1\n2,C,2\n"
    data = read_files([NamedFile("bom.csv", text.encode())])
    assert {(line.parent_key, line.child_key) for line in data.lines} == {("bom", "A"), ("bom", "B"), ("B", "C")}
    assert [place for place, _ in told(text, "LEVEL_WITHOUT_PARENT")] == ["bom.csv, row 2"]


def test_a_maker_without_a_number_is_a_source_and_a_link_without_either_is_a_specification():
    data = read_files([NamedFile("bom.csv", b"Part Number,Manufacturer,Link,Qty\nA,Yageo,,1\nB,,http://x.test,1\n")])
    found = {part.key: part for part in data.parts}
    assert found["A"].sources == (ImportedSource("Yageo", None),)
    assert (found["B"].sources, found["B"].attributes) == ((), {"Link": "http://x.test"})


def test_a_maker_alone_adds_nothing_to_its_number():
    maker, number = ImportedSource("YAGEO", None), ImportedSource("Yageo", "RC0603")
    assert joined_sources((number,), (maker,)) == (number,)
    assert joined_sources((), (maker, number)) == (number,)
    assert joined_sources((maker,), (number,)) == (maker, number)
    assert joined_sources((), (maker,)) == (maker,)


def test_findings_in_every_cell_stay_few():
    rows = "\n".join(f"P{number},1,{'x,' * 30}" for number in range(1_000))
    text = f"Part Number,Qty,{',' * 29},\n{rows}"
    data = read_files([NamedFile("bom.csv", f"{text}\n".replace(",,\n", ",,Z\n", 1).encode())])
    assert sum(notice.code == "CELL_IGNORED" for notice in data.notices) == NOTICES_PER_CODE_MAX + 1
