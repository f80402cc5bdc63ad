from __future__ import annotations

from collections import Counter

import pytest

from plumbline.exchange.errors import ImportTooLarge
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files, recognise
from plumbline.exchange.model import ImportedData, ImportedLine, ImportedPart, PartKind, ReadOptions

ROOT_ID = "root-0"
BOARDS = {
    "machine/motherboard": ("machine/pcb/mobo", 243),
    "machine/ring-light": ("machine/pcb/ring-light", 24),
    "feeder/mobo": ("feeder/pcb/mobo", 66),
}


def sheet_file(name: str, *inside: str, uuid: str = ROOT_ID) -> NamedFile:
    text = f'(kicad_sch (version 20231120) (uuid "{uuid}") (lib_symbols) {" ".join(inside)})'
    return NamedFile(name, text.encode())


def symbol(
    designator: str, flags: str = "", *, uuid: str = "", paths: dict[str, str] | None = None, **fields: str
) -> str:
    named = {"Reference": designator, "Value": "10k", "Footprint": "R_0603", **fields}
    written = " ".join(f'(property "{name}" "{text}" (at 0 0 0))' for name, text in named.items())
    places = " ".join(f'(path "{path}" (reference "{text}") (unit 1))' for path, text in (paths or {}).items())
    instances = f'(instances (project "p" {places}))' if paths else ""
    uuid = uuid or f"id-{designator}"
    return f'(symbol (lib_id "Device:R") (at 1 2 0) (unit 1) {flags} (uuid "{uuid}") {written} {instances})'


def sub_sheet(uuid: str, file: str, flags: str = "") -> str:
    return f'(sheet (at 0 0) {flags} (uuid "{uuid}") (property "Sheetname" "{uuid}") (property "Sheetfile" "{file}"))'


def lines(data: ImportedData) -> list[tuple[str, int, str]]:
    return [(line.child_key, int(line.quantity or 0), " ".join(line.reference_designators)) for line in data.lines]


def codes(data: ImportedData) -> list[str]:
    return [notice.code for notice in data.notices]


def as_expected(line: ImportedLine, part: ImportedPart) -> tuple[str, ...]:
    """A line in the columns of the expected lists; where symbols of one part differ, the notes say value and footprint."""
    said = dict(each.split(": ", 1) for each in line.notes.split("; ") if each)
    numbers = [offer.sku or "" for source in part.sources for offer in source.offers if offer.distributor == "LCSC"]
    return (
        said.get("Value") or part.attributes.get("Value", ""),
        said.get("Footprint") or part.attributes.get("Footprint", ""),
        "".join(numbers),
        "DNP" if line.do_not_place else "",
        str(line.quantity),
        " ".join(line.reference_designators),
    )


@pytest.mark.parametrize("board", BOARDS)
def test_every_line_of_the_real_boards_and_no_other(data_set, board):
    folder, designators = BOARDS[board]
    data = read_files(data_set("lumenpnp").files(folder))
    parts = {part.key: part for part in data.parts}
    found = Counter(as_expected(line, parts[line.child_key]) for line in data.lines)
    wanted = Counter(
        tuple(row[column] for column in ("value", "footprint", "lcsc", "dnp", "qty", "refdes"))
        for row in data_set("lumenpnp").expected("expected_kicad_bom.csv")
        if row["board"] == board
    )
    assert found == wanted
    assert sum(line.quantity or 0 for line in data.lines) == designators
    assert len(data.tops) == 1


def test_the_fitted_pieces_of_the_real_boards_are_those_of_the_flat_list(data_set):
    lumen = data_set("lumenpnp")
    found: dict[str, Counter[tuple[str, str, str]]] = {"machine": Counter(), "feeder": Counter()}
    times = {"machine/motherboard": 1, "machine/ring-light": 2, "feeder/mobo": 1}
    for board, (folder, _) in BOARDS.items():
        data = read_files(lumen.files(folder))
        parts = {part.key: part for part in data.parts}
        for line in data.lines:
            if not line.do_not_place:
                value, footprint, number, *_ = as_expected(line, parts[line.child_key])
                found[board.split("/")[0]][value, footprint, number] += int(line.quantity or 0) * times[board]
    for product, counted in found.items():
        assert counted == Counter(
            {
                (row["name_or_value"], row["footprint"], row["lcsc"]): int(row["qty_per_product"])
                for row in lumen.expected("expected_flat.csv")
                if row["product"] == product and row["deepest_level"] == "2"
            }
        )
    assert [sum(counted.values()) for counted in found.values()] == [291, 65]


def test_the_oddities_of_the_real_boards_are_told(data_set):
    machine = read_files(data_set("lumenpnp").files("machine/pcb/mobo"))
    assert "SHEET_UNUSED" in codes(machine)
    feeder = read_files(data_set("lumenpnp").files("feeder/pcb/mobo"))
    (shared,) = [notice.sentence for notice in feeder.notices if "LCSC C476766" in notice.sentence]
    assert "is the number of 4 parts that differ" in shared
    board = next(part for part in feeder.parts if part.kind is PartKind.ASSEMBLY)
    assert (board.key, board.name, board.revision) == ("mobo", "LumenPnP Feeder Control Board", "09")


def test_symbols_of_one_part_are_one_line():
    data = read_files(
        [sheet_file("pump.kicad_sch", symbol("R10"), symbol("R2"), symbol("C1", Value="1u", Footprint="C"))]
    )
    assert recognise([sheet_file("pump.kicad_sch")]).format == "kicad-schematic"
    assert lines(data) == [("1u C", 1, "C1"), ("10k R_0603", 2, "R2 R10")]
    assert data.tops == ("pump",)


def test_the_units_of_a_part_count_once():
    units = [
        symbol("U1", uuid=f"u{unit}", Value="LM324", Footprint="SO14", MPN=mpn)
        for unit, mpn in enumerate(["", "L-1", ""])
    ]
    assert lines(read_files([sheet_file("a.kicad_sch", *units)])) == [("L-1", 1, "U1")]


def test_a_designator_of_two_parts_is_told():
    data = read_files([sheet_file("a.kicad_sch", symbol("R1"), symbol("R1", uuid="other", Value="1k"))])
    assert lines(data) == [("10k R_0603", 1, "R1")]
    assert codes(data) == ["DESIGNATOR_TWICE"]


def test_a_sheet_used_twice_counts_twice_as_kicad_7_numbers_it():
    paths = {f"/{ROOT_ID}/left": "R1", f"/{ROOT_ID}/right": "R2"}
    files = [
        sheet_file("a/main.kicad_sch", sub_sheet("left", "motor.kicad_sch"), sub_sheet("right", "motor.kicad_sch")),
        sheet_file("a/motor.kicad_sch", symbol("R1", paths=paths), uuid="motor-0"),
    ]
    data = read_files(files)
    assert lines(data) == [("10k R_0603", 2, "R1 R2")]
    assert data.tops == ("main",)


def test_a_sheet_used_twice_counts_twice_as_kicad_6_numbers_it():
    numbers = (
        '(symbol_instances (path "/left/x" (reference "R7") (unit 1)) (path "/right/x" (reference "R8") (unit 1)))'
    )
    files = [
        sheet_file("main.kicad_sch", sub_sheet("left", "m.kicad_sch"), sub_sheet("right", "m.kicad_sch"), numbers),
        sheet_file("m.kicad_sch", symbol("R1", uuid="x"), uuid="m-0"),
    ]
    assert lines(read_files(files)) == [("10k R_0603", 2, "R7 R8")]


def test_sheets_that_came_without_their_folders_are_found_by_name():
    files = [
        sheet_file("main.kicad_sch", sub_sheet("s", "sheets/motor.kicad_sch")),
        sheet_file("motor.kicad_sch", symbol("R1"), uuid="motor-0"),
    ]
    assert lines(read_files(files)) == [("10k R_0603", 1, "R1")]


def test_a_designator_of_thousands_of_digits_is_kept_as_it_is():
    data = read_files([sheet_file("a.kicad_sch", symbol("R" + "9" * 9_000), symbol("R2"))])
    assert [len(each) for each in data.lines[0].reference_designators] == [2, 9_001]


def test_what_is_left_out_is_counted_too(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.bounds.ROWS_MAX", 50)
    files = [
        sheet_file("main.kicad_sch", *(sub_sheet(f"s{number}", "p.kicad_sch") for number in range(10))),
        sheet_file("p.kicad_sch", *(symbol(f"#PWR{number}") for number in range(10)), uuid="p-0"),
    ]
    with pytest.raises(ImportTooLarge, match="past 50 rows"):
        read_files(files)


def test_symbols_without_a_number_count_each():
    data = read_files([sheet_file("a.kicad_sch", symbol("R?", uuid="1"), symbol("R?", uuid="2"))])
    assert lines(data) == [("10k R_0603", 2, "")]
    assert codes(data) == ["NOT_NUMBERED"]


@pytest.mark.parametrize(
    ("flags", "fields"),
    [
        ("(dnp yes)", {}),
        ("", {"DNP": "1"}),
        ("", {"DNP": "DNP"}),
        ("", {"Do not populate": "yes"}),
        ("", {"Populate": "no"}),
        ("", {"Config": "+Debug, DNF"}),
        ("", {"BOM": "EXCLUDE"}),
        ("", {"Value": "DNP"}),
        ("", {"Value": "10k DNP"}),
        ("", {"Value": "100n/dnf"}),
        ("", {"Value": "NF (10k)"}),
        ("", {"Value": "10k (not fitted)"}),
    ],
)
def test_not_fitted_in_all_its_forms(flags, fields):
    data = read_files([sheet_file("a.kicad_sch", symbol("R1", flags, **fields))])
    assert [line.do_not_place for line in data.lines] == [True]


@pytest.mark.parametrize(
    ("flags", "fields"),
    [
        ("(dnp no)", {}),
        ("", {"DNP": ""}),
        ("", {"DNP": "no"}),
        ("", {"Populate": "yes"}),
        ("", {"Value": "10nF"}),
        ("", {"Config": "+Debug"}),
    ],
)
def test_fitted_although_the_field_is_there(flags, fields):
    data = read_files([sheet_file("a.kicad_sch", symbol("R1", flags, **fields))])
    assert [line.do_not_place for line in data.lines] == [False]


def test_a_sheet_that_is_not_fitted_takes_its_parts_with_it():
    files = [
        sheet_file("main.kicad_sch", sub_sheet("s", "s.kicad_sch", "(dnp yes)"), symbol("R2")),
        sheet_file("s.kicad_sch", symbol("R1"), uuid="s-0"),
    ]
    assert {(line.reference_designators, line.do_not_place) for line in read_files(files).lines} == {
        (("R1",), True),
        (("R2",), False),
    }


def test_power_symbols_and_what_is_off_the_bill_are_left_out():
    data = read_files(
        [sheet_file("a.kicad_sch", symbol("#PWR1"), symbol("H1", "(in_bom no)"), symbol("J1", "(on_board no)"))]
    )
    assert lines(data) == [("10k R_0603", 1, "J1")]
    assert codes(data) == ["SYMBOLS_LEFT_OUT", "SYMBOLS_LEFT_OUT"]


def test_a_missing_sheet_and_one_outside_the_files_are_told():
    for name in ("gone.kicad_sch", "../../etc/passwd", "/etc/passwd"):
        data = read_files([sheet_file("main.kicad_sch", sub_sheet("s", name), symbol("R1"))])
        assert codes(data) == ["SHEET_MISSING"]
        assert lines(data) == [("10k R_0603", 1, "R1")]


def test_sheets_in_a_circle_are_told_and_end():
    files = [
        sheet_file("a.kicad_sch", sub_sheet("b", "b.kicad_sch"), symbol("R1")),
        sheet_file("b.kicad_sch", sub_sheet("a", "a.kicad_sch"), symbol("R2"), uuid="b-0"),
    ]
    data = read_files(files)
    assert lines(data) == [("10k R_0603", 2, "R1 R2")]
    assert codes(data) == ["SHEET_LOOP"]


def test_sheets_that_double_at_every_level_are_refused():
    files = [
        sheet_file(f"{level}.kicad_sch", *(sub_sheet(f"{level}{side}", f"{level + 1}.kicad_sch") for side in "lr"))
        for level in range(30)
    ]
    with pytest.raises(ImportTooLarge, match="calls in more than"):
        read_files([*files, sheet_file("30.kicad_sch", symbol("R1"))])


def test_sheets_nested_without_an_end_are_refused():
    files = [sheet_file(f"{level}.kicad_sch", sub_sheet("s", f"{level + 1}.kicad_sch")) for level in range(150)]
    with pytest.raises(ImportTooLarge, match="deeper than 100 levels"):
        read_files(files)


def test_a_sheet_copied_from_another_project_keeps_its_numbers():
    files = [
        sheet_file("main.kicad_sch", sub_sheet("left", "m.kicad_sch"), sub_sheet("right", "m.kicad_sch")),
        sheet_file("m.kicad_sch", symbol("R1", paths={"/old/left": "R5", "/old/right": "R6"}), uuid="m-0"),
    ]
    assert lines(read_files(files)) == [("10k R_0603", 2, "R5 R6")]


def test_two_boards_of_one_name_are_two_assemblies():
    data = read_files(
        [sheet_file("left/main.kicad_sch", symbol("R1")), sheet_file("right/main.kicad_sch", symbol("R1"))]
    )
    assert data.tops == ("left/main", "right/main")


def test_one_number_on_different_values_keeps_its_lines_apart():
    data = read_files([sheet_file("a.kicad_sch", symbol("R1", MPN="X"), symbol("R2", MPN="X", Value="1k"))])
    assert [(line.child_key, line.notes) for line in data.lines] == [
        ("X", "Value: 10k; Footprint: R_0603"),
        ("X", "Value: 1k; Footprint: R_0603"),
    ]
    assert "PART_DIFFERS" in codes(data)


def test_a_board_without_parts_is_told_and_a_name_can_be_given():
    data = read_files([sheet_file("a.kicad_sch")], options=ReadOptions(top_name="Pump"))
    assert [part.key for part in data.parts] == ["Pump"]
    assert codes(data) == ["BOARD_EMPTY"]


def test_other_files_beside_a_schematic_are_told():
    data = read_files([sheet_file("a.kicad_sch", symbol("R1")), NamedFile("bom.csv", b"Part Number,Qty\nX,1\n")])
    assert codes(data) == ["FILE_IGNORED"]


def test_symbols_of_many_fields_on_sheets_of_many_uses_are_refused(monkeypatch):
    monkeypatch.setattr("plumbline.exchange.bounds.FIELDS_MAX", 1_000)
    uses = [sub_sheet(f"s{number}", "p.kicad_sch") for number in range(20)]
    wide = symbol("R1", **{f"P{number}": "x" for number in range(100)})
    with pytest.raises(ImportTooLarge, match="past 1000 fields"):
        read_files([sheet_file("main.kicad_sch", *uses), sheet_file("p.kicad_sch", wide, uuid="p-0")])


def test_one_unit_that_stands_twice_is_told_and_two_units_are_not():
    twice = read_files([sheet_file("a.kicad_sch", symbol("R1"), symbol("R1", uuid="other"))])
    assert (lines(twice), codes(twice)) == ([("10k R_0603", 1, "R1")], ["DESIGNATOR_TWICE"])
    units = [symbol("U1"), symbol("U1", uuid="other").replace("(unit 1)", "(unit 2)")]
    both = read_files([sheet_file("a.kicad_sch", *units)])
    assert (lines(both), codes(both)) == ([("10k R_0603", 1, "U1")], [])


def test_the_unit_is_that_of_the_use_of_a_sheet():
    paths = "".join(
        f'(path "/{ROOT_ID}/{place}" (reference "U1") (unit {unit}))' for unit, place in enumerate(("left", "right"), 1)
    )
    gate = symbol("U1").replace(" )", f' (instances (project "p" {paths})))')
    files = [
        sheet_file("main.kicad_sch", sub_sheet("left", "gate.kicad_sch"), sub_sheet("right", "gate.kicad_sch")),
        sheet_file("gate.kicad_sch", gate, uuid="gate-0"),
    ]
    data = read_files(files)
    assert (lines(data), codes(data)) == ([("10k R_0603", 1, "U1")], [])


@pytest.mark.parametrize("flags", [("(dnp yes)", "(dnp no)"), ("(dnp no)", "(dnp yes)")])
def test_a_part_that_is_fitted_in_one_place_is_placed_in_whatever_order_and_told(flags):
    first, second = flags
    units = [symbol("U1", first), symbol("U1", second, uuid="other").replace("(unit 1)", "(unit 2)")]
    data = read_files([sheet_file("a.kicad_sch", *units)])
    assert [line.do_not_place for line in data.lines] == [False]
    assert codes(data) == ["FITTING_UNKNOWN"]


def test_sheets_in_a_circle_that_no_design_reaches_are_told():
    files = [
        sheet_file("a.kicad_sch", symbol("R1")),
        sheet_file("b.kicad_sch", symbol("R2"), sub_sheet("c", "c.kicad_sch"), uuid="b-0"),
        sheet_file("c.kicad_sch", symbol("R3"), sub_sheet("b", "b.kicad_sch"), uuid="c-0"),
    ]
    data = read_files(files)
    assert lines(data) == [("10k R_0603", 1, "R1")]
    assert [notice.origin.file for notice in data.notices if notice.code == "SHEET_UNUSED"] == [
        "b.kicad_sch", "c.kicad_sch",
    ]  # fmt: skip
