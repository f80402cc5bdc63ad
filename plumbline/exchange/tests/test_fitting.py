from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.exchange.designators import designators_in, listed_words, places_in
from plumbline.exchange.files import NamedFile
from plumbline.exchange.fitting import divided, is_not_fitted, places_not_fitted, says_fitting
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, ReadOptions, Severity
from plumbline.exchange.telling_apart import are_alike

SINGLES = st.builds(lambda letters, number: f"{letters}{number}", st.sampled_from("CRLUQ"), st.integers(1, 999))
PLACES = st.lists(SINGLES, min_size=1, max_size=30, unique=True)
WORDS = st.lists(st.from_regex(r"[A-Z0-9]{1,4}_?[A-Z]{2,5}", fullmatch=True), min_size=2, max_size=9, unique=True)
SEPARATORS = st.sampled_from([" ", ", ", ",", "; "])


def read(text: str) -> ImportedData:
    return read_files([NamedFile("board.csv", text.encode())])


def uses(data: ImportedData) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(line.child_key, str(line.quantity), line.reference_designators, line.do_not_place) for line in data.lines]


def codes(data: ImportedData) -> list[str]:
    return [notice.code for notice in data.notices]


@given(PLACES, SEPARATORS, st.sampled_from(["NF", "dnp", "Not fitted", "Do not populate"]), st.sampled_from(["", " "]))
def test_places_not_fitted_are_read_as_written(places, separator, word, blank):
    text = f"{word}{blank}({separator.join(places)})"
    assert places_not_fitted(text) == tuple(places)
    assert says_fitting(text)
    assert not is_not_fitted(text)


@given(st.text(max_size=40))
def test_any_other_text_is_read_in_one_way_at_most(text):
    assert not (is_not_fitted(text) and places_not_fitted(text) is not None)


@given(PLACES, st.data())
def test_divided_places_are_all_places_once(places, data):
    named = data.draw(st.lists(st.sampled_from(places), unique=True))
    fitting = divided(places, named)
    assert fitting is not None
    assert sorted((*fitting.fitted, *fitting.not_fitted)) == sorted(places)
    assert set(fitting.not_fitted) == set(named)
    assert divided(places, [*named, "X1000"]) is None


@given(PLACES, st.data())
def test_a_divided_row_keeps_its_quantity_and_its_places(places, data):
    named = data.draw(st.lists(st.sampled_from(places), min_size=1, unique=True))
    rows = f'MPN,Qty,Designator,Assembly Info\nA,{len(places)},"{", ".join(places)}",NF({" ".join(named)})\n'
    lines = read(rows).lines
    assert len(lines) == (1 if len(named) == len(places) else 2)
    assert sum(line.quantity for line in lines) == len(places)
    assert all(line.quantity == len(line.reference_designators) for line in lines)
    assert {place for line in lines if line.do_not_place for place in line.reference_designators} == set(named)
    assert {place for line in lines for place in line.reference_designators} == set(places)


@given(PLACES, SEPARATORS, st.integers(0, 40))
def test_a_quantity_never_changes_what_plain_designators_are(places, separator, count):
    text = separator.join(places)
    assert places_in(text, Decimal(count)) == designators_in(text) == tuple(places)


@given(WORDS, st.integers(0, 12))
def test_words_are_places_when_there_are_as_many_as_pieces(words, count):
    text = ",".join(words)
    read_alone = designators_in(text)
    found = places_in(text, Decimal(count))
    assert found == (tuple(words) if count == len(words) else read_alone)
    assert listed_words(text) == tuple(words)


@pytest.mark.parametrize("text", ["Large screw", "Large screw, nut", "VIN", "VIN,,BAT", "VIN,VIN", ""])
def test_other_texts_are_no_list_of_places(text):
    assert places_in(text, Decimal(2)) == designators_in(text)


def test_words_that_are_not_as_many_as_pieces_stay_one_text_and_are_reported():
    data = read('MPN,Qty,Designator\nA,4,"VIN,VOUT,BAT"\n')
    assert uses(data) == [("A", "4", ("VIN,VOUT,BAT",), False)]
    assert "QUANTITY_CONTRADICTED" in codes(data)


def test_a_remark_may_keep_a_whole_row_or_some_places_off_the_board():
    data = read('MPN,Qty,Designator,Assembly Info\nA,2,"C1, C2",NF\nB,3,R1-R3,"NF(R1, R3)"\nC,1,U1,\n')
    assert uses(data) == [
        ("A", "2", ("C1", "C2"), True),
        ("B", "1", ("R2",), False),
        ("B", "2", ("R1", "R3"), True),
        ("C", "1", ("U1",), False),
    ]
    assert codes(data) == ["PLACES_NOT_FITTED"]


def test_places_are_counted_where_the_table_has_no_quantity():
    data = read('MPN,Designator,DNP\nA,"C1, C2, C3",DNP(C2)\n')
    assert uses(data) == [("A", "2", ("C1", "C3"), False), ("A", "1", ("C2",), True)]


@pytest.mark.parametrize(
    "row", ['A,2,"C1, C2",NF(C9)', 'A,5,"C1, C2",NF(C1)', 'A,many,"C1, C2",NF(C1)', 'A,2,"C1, C2",glue first']
)
def test_a_remark_that_does_not_fit_is_kept_in_the_notes_and_told(row):
    data = read(f"MPN,Qty,Designator,Assembly Info\n{row}\n")
    (line,) = data.lines
    assert not line.do_not_place
    assert line.notes == row.rsplit(",", 1)[1]
    assert "FITTING_UNKNOWN" in codes(data)


@pytest.mark.parametrize("text", ["no", "0", "FALSE", "fitted", "-"])
def test_a_column_that_says_no_is_understood(text):
    data = read(f"MPN,Qty,Designator,DNP\nA,1,C1,{text}\n")
    assert uses(data) == [("A", "1", ("C1",), False)]
    assert codes(data) == []


def test_a_remark_does_not_change_which_part_a_commented_row_is():
    data = read("MPN,Comment,Footprint,Qty,Designator,Assembly Info\n,Fiducial,F1mm,1,F1,glue first\nA,x,y,1,R1,\n")
    assert [(line.child_key, line.notes) for line in data.lines] == [
        ("Fiducial F1mm", "Fiducial; glue first"),
        ("A", "x"),
    ]


FOOTED = """MPN,Value,Qty,Designator
A,10k,2,"R1, R2"
B,,1,U1
PCB,,1,
"""


def test_rows_below_the_last_part_are_told_and_no_parts():
    data = read(f"{FOOTED},Total Qty.,4,\n\nAPPROVALS,,,\nPump board,Dept.,Ada L.,\n,,,2024-01-01\n"[:-12])
    assert [line.child_key for line in data.lines] == ["A", "B", "PCB"]
    assert codes(data).count("FOOTER_ROW") == 3


def test_a_part_that_is_set_off_and_counted_is_a_part():
    data = read(f"{FOOTED}\nScrew,,4,\nTotal station,,1,\n")
    assert [line.child_key for line in data.lines] == ["A", "B", "PCB", "Screw", "Total station"]
    assert "FOOTER_ROW" not in codes(data)


def test_a_part_without_a_quantity_is_a_part_where_no_blank_row_sets_it_off():
    data = read(f"{FOOTED}Glue,,,\n")
    assert [line.child_key for line in data.lines][-1] == "Glue"
    assert "QUANTITY_UNKNOWN" in codes(data)


def test_names_of_symbols_tell_parts_apart_only_where_none_is_shared():
    own = read("LibRef,Comment,Description,Qty,Designator\nRC0603,10k,Res,1,R1\nRC0604,1k,Res,1,R2\n")
    assert [line.child_key for line in own.lines] == ["RC0603", "RC0604"]
    shared = read("LibRef,Comment,Footprint,Qty,Designator\nRes,10k,0603,1,R1\nRes,1k,0603,1,R2\n")
    assert [line.child_key for line in shared.lines] == ["10k 0603", "1k 0603"]
    assert {part.attributes.get("LibRef") for part in shared.parts} == {None, "Res"}
    assert (codes(own), codes(shared)) == (["LIBRARY_REFERENCE_TAKEN"], ["LIBRARY_REFERENCE_SHARED"])


def test_a_value_named_in_the_name_column_of_a_board_means_something_with_its_footprint():
    data = read("Name,Footprint,Qty,Designator\n10k,0603,1,R1\n10k,0805,1,R2\n")
    assert [line.child_key for line in data.lines] == ["10k 0603", "10k 0805"]


MAKERS = "MPN,Manufacturer,Supplier,SKU,Qty,Designator\n"


def test_one_number_of_two_makers_is_two_parts():
    data = read(f"{MAKERS}SS34,MDD,LCSC,C8678,1,D1\nSS34,Yenji,LCSC,C142458,1,D2\n")
    assert [line.child_key for line in data.lines] == ["SS34 MDD", "SS34 Yenji"]
    assert "NUMBER_OF_SEVERAL_MAKERS" in codes(data)


@pytest.mark.parametrize(
    "more",
    ["A,UNI-ROYAL,LCSC,C1,1,R2", "A,UniOhm,LCSC,C2,1,R2", "A,Yageo,Mouser,M1,1,R2", "A,,LCSC,C2,1,R2"],
)
def test_another_spelling_another_shop_or_no_maker_proves_nothing(more):
    data = read(f"{MAKERS}A,UniOhm,LCSC,C1,1,R1\n{more}\n")
    assert {line.child_key for line in data.lines} == {"A"}


def test_spellings_of_one_maker():
    assert are_alike("MURATA", "Murata Electronics North America")
    assert are_alike("TDK Corporation", "TDK")
    assert not are_alike("TPOWER", "TOPPOWER")
    assert not are_alike("TI", "TICO")


def test_each_line_keeps_its_own_words_where_a_part_has_several():
    data = read("MPN,Name,Footprint,Qty,Designator\nA,VIN,2x1,1,J1\nA,VOUT,2x1,1,J2\n")
    assert [line.notes for line in data.lines] == ["Name: VIN", "Name: VOUT"]


def test_part_numbers_right_behind_the_makers_are_theirs():
    data = read("references,value,manufacturer,part_number,qty\nU1,CPU,Yageo,X-1,1\n")
    part = next(part for part in data.parts if part.key == "X-1")
    assert (part.number, part.sources[0].manufacturer, part.sources[0].mpn) == (None, "Yageo", "X-1")
    assert codes(data) == ["NUMBERS_OF_MAKERS"]


@pytest.mark.parametrize(
    "header", ["part_number,manufacturer,qty,mpn", "part_number,manufacturer,qty,x", "mpn,manufacturer,part_number,qty"]
)
def test_other_part_numbers_stay_our_own(header):
    number = dict(zip(header.split(","), "abcd", strict=True))["part_number"]
    data = read(f"{header}\na,b,c,d\n")
    assert [part.number for part in data.parts if part.number] == [number]
    assert "NUMBERS_OF_MAKERS" not in codes(data)


def test_a_mapping_says_whose_numbers_they_are():
    files = [NamedFile("board.csv", b"manufacturer,part_number,qty\nYageo,X-1,1\n")]
    data = read_files(files, options=ReadOptions(columns={"part_number": "number"}))
    assert [part.number for part in data.parts if part.number] == ["X-1"]


def test_a_row_with_a_quantity_and_no_name_is_a_part_of_its_own_and_no_footer():
    data = read(f"{FOOTED},,3,\n,,2,J7\n,,1,\n")
    assert [line.child_key for line in data.lines] == ["A", "B", "PCB", "board: row 5", "board: J7", "board: row 7"]
    (notice,) = (each for each in data.notices if each.code == "UNNAMED_PARTS")
    assert "J7" in notice.sentence
    assert "FOOTER_ROW" not in codes(data)


def test_a_remark_names_no_part():
    data = read("MPN,Note,Qty,Designator\nA,,1,R1\n,Leave empty,1,AE1\n,Leave empty,2,D1\n")
    assert [(line.child_key, line.quantity) for line in data.lines] == [("A", 1), ("board: AE1", 1), ("board: D1", 2)]
    assert [part.name for part in data.parts][:3] == ["A", "AE1", "D1"]
    assert "UNNAMED_PARTS" in codes(data)


def test_both_columns_that_speak_of_fitting_are_heard():
    data = read('MPN,Qty,Designator,Assembly Info,DNP\nA,2,"C1, C2",fit,NF(C2)\nB,2,"C3, C4",NF(C4),yes\n')
    assert uses(data) == [
        ("A", "1", ("C1",), False),
        ("A", "1", ("C2",), True),
        ("B", "2", ("C3", "C4"), True),
    ]


def test_in_a_table_that_counts_nothing_a_row_that_is_set_off_is_a_part():
    data = read("Designator,MPN,Value\nR1,M-1,10k\n\n,HEATSINK-1,\n,SCREW-2,\n")
    assert [line.child_key for line in data.lines] == ["M-1", "HEATSINK-1", "SCREW-2"]


def test_a_row_below_the_table_that_may_be_a_part_is_a_warning():
    data = read("Designator,MPN,Qty\nR1,M-1,1\n\n,HEATSINK-1,\n")
    (notice,) = [each for each in data.notices if each.code == "FOOTER_ROW"]
    assert (notice.severity, "HEATSINK-1" in notice.sentence) == (Severity.WARNING, True)
