"""Lists of parts of circuit boards as EasyEDA and Altium write them, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, ImportedLine, ImportedPart, ReadOptions

Row = tuple[str, ...]


def parts(data: ImportedData) -> dict[str, ImportedPart]:
    return {part.key: part for part in data.parts}


def own_word(line: ImportedLine, title: str, otherwise: str) -> str:
    """What the line itself says where the part goes by several names."""
    said = dict(note.split(": ", 1) for note in line.notes.split("; ") if ": " in note)
    return said.get(title, otherwise)


@pytest.fixture(scope="module")
def power_boards(data_set):
    return data_set("wagiminator-power-boards")


@pytest.fixture(scope="module")
def all_power_boards(power_boards) -> ImportedData:
    return read_files(power_boards.files())


def power_board_row(line: ImportedLine, part: ImportedPart) -> Row:
    sources = [(s.manufacturer or "", s.mpn or "", offer) for s in part.sources for offer in s.offers or (None,)]
    _, mpn, offer = sources[0] if sources else ("", "", None)
    return (
        line.origin.file,
        own_word(line, "Name", part.name),
        str(line.quantity),
        ",".join(line.reference_designators),
        own_word(line, "Footprint", part.attributes.get("Footprint", "")),
        mpn,
        (offer.distributor if offer else None) or "",
        (offer.sku if offer else None) or "",
    )


def power_board_rows_expected(power_boards) -> Counter[Row]:
    return Counter(
        (
            row["file"], row["name"], row["qty"], row["designator"], row["footprint"],
            row["manufacturer_part"] if row["manufacturer_part"] not in ("?", "New SchematicLib") else "",
            row["supplier"], row["supplier_part"],
        )
        for row in power_boards.expected("expected_bom.csv")
    )  # fmt: skip


def test_every_row_of_all_power_boards_together(power_boards, all_power_boards):
    known = parts(all_power_boards)
    found = Counter(power_board_row(line, known[line.child_key]) for line in all_power_boards.lines)
    assert found == power_board_rows_expected(power_boards)
    assert (len(all_power_boards.tops), found.total()) == (28, 381)
    assert sum(line.quantity for line in all_power_boards.lines) == 492


def test_every_power_board_alone(power_boards):
    found: Counter[Row] = Counter()
    for row in power_boards.expected("expected_file_totals.csv"):
        data = read_files(power_boards.files(row["file"]))
        known = parts(data)
        used = [known[line.child_key] for line in data.lines]
        found.update(power_board_row(line, known[line.child_key]) for line in data.lines)
        assert len(data.lines) == int(row["data_rows"])
        assert sum(line.quantity for line in data.lines) == int(row["qty_sum"])
        skus = {offer.sku for part in data.parts for source in part.sources for offer in source.offers if offer.sku}
        assert len(skus) == int(row["distinct_supplier_parts"])
        unsold = [part for part in used if not any(o.sku for source in part.sources for o in source.offers)]
        assert len(unsold) == int(row["rows_without_supplier_part"])
        assert all(len(line.reference_designators) == line.quantity for line in data.lines)
    assert found == power_board_rows_expected(power_boards)


def test_every_spelling_of_makers_and_numbers_is_kept(power_boards, all_power_boards):
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for part in all_power_boards.parts:
        for source in part.sources:
            for offer in source.offers:
                found[offer.sku or ""].add((source.mpn or "", source.manufacturer or ""))
    rows = power_boards.expected("expected_where_used.csv")
    assert len(rows) == 134
    for row in rows:
        several = found[row["supplier_part"]]
        assert " | ".join(sorted({mpn for mpn, _ in several})) == row["manufacturer_part_spellings"]
        assert {maker for _, maker in several} == set(row["manufacturer_spellings"].split(" | "))


def test_where_the_parts_of_power_boards_are_used(power_boards, all_power_boards):
    key_of = {
        offer.sku: part.key for part in all_power_boards.parts for source in part.sources for offer in source.offers
    }
    used: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in all_power_boards.lines:
        used[line.child_key][line.origin.file] += line.quantity or 0
    for row in power_boards.expected("expected_where_used.csv"):
        boards = used[key_of[row["supplier_part"]]]
        assert set(boards) == set(row["boards"].split(" | ")), row["supplier_part"]
        assert len(boards) == int(row["number_of_boards"])
        assert sum(boards.values()) == int(row["total_qty_one_of_each_board"])
    assert sum(notice.code == "NUMBER_OF_SEVERAL_MAKERS" for notice in all_power_boards.notices) == 2


@pytest.fixture(scope="module")
def motor_controllers(data_set):
    return data_set("odrive-v3")


def counted(data: ImportedData) -> dict[str, tuple[Decimal, frozenset[str]]]:
    found: dict[str, tuple[Decimal, frozenset[str]]] = {}
    for line in data.lines:
        quantity, places = found.get(line.child_key, (Decimal(0), frozenset()))
        found[line.child_key] = (quantity + (line.quantity or 0), places | set(line.reference_designators))
    return found


def test_every_row_of_every_motor_controller(motor_controllers):
    rows = motor_controllers.expected("expected_bom.csv")
    totals = motor_controllers.expected("expected_file_totals.csv")
    assert len(rows) == 350
    for total in totals:
        data = read_files(motor_controllers.files(total["file"]))
        found = Counter(
            (line.child_key, str(line.quantity), line.notes, line.reference_designators) for line in data.lines
        )
        assert found == Counter(
            (row["libref"], row["qty"], row["comment"], tuple(row["refdes"].split()))
            for row in rows
            if row["file"] == total["file"]
        )
        assert len(data.lines) == int(total["data_rows"])
        assert sum(line.quantity for line in data.lines) == int(total["qty_sum"])
        assert len({line.child_key for line in data.lines}) == int(total["distinct_libref"])
        texts = {part.key: (part.key, part.description, *part.attributes.values()) for part in data.parts}
        odd = [line for line in data.lines if not "".join((line.notes, *texts[line.child_key])).isascii()]
        assert len(odd) == int(total["rows_with_non_ascii"])


def test_every_change_between_motor_controllers(motor_controllers):
    rows = motor_controllers.expected("expected_revision_diff.csv")
    steps = dict.fromkeys((row["from_file"], row["to_file"]) for row in rows)
    for step in steps:
        before, after = (counted(read_files(motor_controllers.files(name))) for name in step)
        found = {
            (key, str(old[0]), str(new[0]), old[1] - new[1], new[1] - old[1])
            for key in before.keys() | after.keys()
            if (old := before.get(key, (Decimal(0), frozenset()))) != (new := after.get(key, (Decimal(0), frozenset())))
        }
        assert found == {
            (r["libref"], r["qty_from"], r["qty_to"], frozenset(r["refdes_only_in_from"].split()),
             frozenset(r["refdes_only_in_to"].split()))
            for r in rows
            if (r["from_file"], r["to_file"]) == step
        }  # fmt: skip


@pytest.mark.parametrize("version", ["3.1", "3.2", "3.3"])
def test_both_sides_of_a_motor_controller_are_the_whole(motor_controllers, version):
    whole = counted(read_files(motor_controllers.files(f"BOM_v{version}.csv")))
    sides = [read_files(motor_controllers.files(f"BOM_v{version}_{side}.csv")) for side in ("top", "bottom")]
    places = [(line.child_key, place) for side in sides for line in side.lines for place in line.reference_designators]
    assert len(places) == len(set(places))
    assert set(places) == {(key, place) for key, (_, found) in whole.items() for place in found}


@pytest.fixture(scope="module")
def radios(data_set):
    return data_set("limesdr-usb")


@pytest.fixture(scope="module")
def radio_by_file(radios) -> dict[str, ImportedData]:
    rows = radios.expected("expected_file_totals.csv")
    return {row["file"]: read_files(radios.files(row["file"])) for row in rows}


def mpn_of(part: ImportedPart) -> str:
    return next((source.mpn for source in part.sources if source.mpn), "")


def test_every_row_of_every_radio(radios, radio_by_file):
    rows = radios.expected("expected_bom.csv")
    assert len(rows) == 749
    found: dict[tuple[str, str, str], tuple[list[str], list[str], Decimal, Decimal]] = {}
    for file, data in radio_by_file.items():
        known = parts(data)
        for line in data.lines:
            identity = (file, line.item_number or "", mpn_of(known[line.child_key]))
            places, off, quantity, unfitted = found.get(identity, ([], [], Decimal(0), Decimal(0)))
            assert line.quantity == len(line.reference_designators)
            here = list(line.reference_designators)
            if line.do_not_place:
                found[identity] = (places + here, off + here, quantity + line.quantity, unfitted + line.quantity)
            else:
                found[identity] = (places + here, off, quantity + line.quantity, unfitted)
    assert {
        identity: (sorted(places), sorted(off), quantity, unfitted, quantity - unfitted)
        for identity, (places, off, quantity, unfitted) in found.items()
    } == {
        (row["file"], row["item"], row["mpn"]): (
            sorted(row["refdes"].split()), sorted(row["refdes_not_fitted"].split()),
            Decimal(row["qty"]), Decimal(row["not_fitted"]), Decimal(row["fitted"]),
        )
        for row in rows
    }  # fmt: skip


def test_totals_of_every_radio(radios, radio_by_file):
    for row in radios.expected("expected_file_totals.csv"):
        data = radio_by_file[row["file"]]
        assert len({line.item_number for line in data.lines}) == int(row["data_rows"])
        assert sum(line.quantity for line in data.lines) == int(row["qty_sum"])
        assert sum(line.quantity for line in data.lines if line.do_not_place) == int(row["not_fitted_refdes"])
        assert sum(line.quantity for line in data.lines if not line.do_not_place) == int(row["fitted_refdes"])
        sources = [source for part in data.parts for source in part.sources]
        assert len({source.mpn for source in sources if source.mpn}) == int(row["distinct_mpns"])
        assert len({s.manufacturer for s in sources if s.manufacturer}) == int(row["distinct_manufacturer_spellings"])
        assert len({o.distributor for s in sources for o in s.offers}) == int(row["distinct_suppliers"])


def test_every_line_below_a_radio_is_told_and_no_part(radio_by_file):
    for file, data in radio_by_file.items():
        footer = [notice.sentence for notice in data.notices if notice.code == "FOOTER_ROW"]
        assert len(footer) == (4 if "1v4" in file else 3)
        assert any("NF component count: 46" in each or "Total NF element number: 60" in each for each in footer)


def test_numbers_in_cells_of_a_radio_are_whole_texts(radio_by_file):
    for file in ("LimeSDR_1v2_BOMr1.xls", "LimeSDR_1v2s_BOMr2.xls"):
        skus = {o.sku for part in radio_by_file[file].parts for s in part.sources for o in s.offers}
        assert "1735535" in skus
        assert not any((sku or "").endswith(".0") for sku in skus)


def test_every_change_between_radios(radios):
    rows = radios.expected("expected_revision_diff.csv")
    for step in dict.fromkeys((row["from_file"], row["to_file"]) for row in rows):
        before, after = (_at_places(read_files(radios.files(f), options=ReadOptions(top_name="Radio"))) for f in step)
        assert before.keys() == after.keys()
        found = {(place, *before[place], *after[place]) for place in before if before[place] != after[place]}
        assert found == {
            (r["refdes"], r["mpn_from"], r["fitting_from"], r["mpn_to"], r["fitting_to"])
            for r in rows
            if (r["from_file"], r["to_file"]) == step
        }


def _at_places(data: ImportedData) -> dict[str, tuple[str, str]]:
    known = parts(data)
    return {
        place: (mpn_of(known[line.child_key]), "NF" if line.do_not_place else "fitted")
        for line in data.lines
        for place in line.reference_designators
    }


@pytest.fixture(scope="module")
def laptop(data_set):
    return data_set("mntreform-boards")


LAPTOP = [
    "batterypack/reform2-batterypack.csv", "keyboard/assembly-components.csv", "keyboard/reform2-keyboard.csv",
    "motherboard/assembly-components.csv", "motherboard/reform2-motherboard-r3-bom.xlsx", "motherboard/reform2-motherboard.csv",
    "oled/assembly-components.csv", "oled/reform2-oled.csv", "reform1-trackball/mnt-reform-trackball-pcb-bom.xlsx",
    "trackball-sensor/reform2-trackball-sensor.csv", "trackball/assembly-components.csv", "trackball/reform2-trackball.csv",
    "trackpad/reform2-trackpad.csv",
]  # fmt: skip


@pytest.mark.parametrize("file", LAPTOP)
def test_every_row_of_every_list_of_the_laptop(laptop, file):
    data = read_files(laptop.files(file))
    known = parts(data)
    found = Counter(
        (mpn_of(known[line.child_key]), str(line.quantity), frozenset(line.reference_designators), line.do_not_place)
        for line in data.lines
    )
    rows = [row for row in laptop.expected("expected_bom.csv") if row["file"] == file]
    assert rows
    assert found == Counter((r["mpn"], r["qty"], frozenset(r["refdes"].split()), bool(r["dnp"])) for r in rows)


def test_no_list_of_the_laptop_was_forgotten(laptop):
    assert {row["file"] for row in laptop.expected("expected_bom.csv")} == set(LAPTOP)


def test_totals_below_a_list_of_the_laptop_are_told(laptop):
    data = read_files(laptop.files("trackball-sensor/reform2-trackball-sensor.csv"))
    assert sum(notice.code == "FOOTER_ROW" for notice in data.notices) == 2


@pytest.mark.parametrize("file", ["FMU3_REV_D(FMU3_REV_D)", "PSM_REV_C(PCA_0007_PSM)"])
def test_every_row_of_the_workbooks_of_the_flight_controller(data_set, file):
    flight = data_set("pixhawk")
    name = f"Bill of Materials-{file}.xlsx"
    data = read_files(flight.files(name))
    known = parts(data)
    found = Counter(
        (
            mpn_of(known[line.child_key]),
            known[line.child_key].attributes.get("Value", ""),
            known[line.child_key].attributes.get("Footprint", ""),
            str(line.quantity),
            " ".join(line.reference_designators),
        )
        for line in data.lines
    )
    rows = [row for row in flight.expected("expected_bom.csv") if row["file"] == name]
    assert rows
    assert found == Counter(
        (row["part_number"], row["value"], row["package_or_footprint"], row["qty"], row["refdes"]) for row in rows
    )
    (total,) = (row for row in flight.expected("expected_file_totals.csv") if row["file"] == name)
    assert sum(line.quantity for line in data.lines) == int(total["total_qty"])
    assert sum(notice.code == "FOOTER_ROW" for notice in data.notices) == (8 if "PSM" in name else 0)
