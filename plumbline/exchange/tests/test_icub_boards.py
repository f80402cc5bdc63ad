"""Lists of an internal part system: a header before every block, makers and shops beyond the last title, marks for what is not mounted."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, ImportedLine, ImportedPart


@pytest.fixture(scope="module")
def icub(data_set):
    return data_set("icub-boards")


@pytest.fixture(scope="module")
def by_file(icub) -> dict[str, ImportedData]:
    names = [row["file"] for row in icub.expected("expected_file_totals.csv")]
    assert len(names) == 26
    return {name: read_files(icub.files(name)) for name in names}


def number_of(line: ImportedLine, parts: dict[str, ImportedPart]) -> str:
    return parts[line.child_key].number or ""


def test_totals_of_every_file(icub, by_file):
    for row in icub.expected("expected_file_totals.csv"):
        lines = by_file[row["file"]].lines
        mounted, others = ([line for line in lines if line.do_not_place is off] for off in (False, True))
        assert len(lines) == int(row["data_rows"])
        assert sum(line.quantity for line in mounted) == Decimal(row["qty_mounted"])
        assert sum(line.quantity for line in others) == Decimal(row["qty_not_mounted"])
        assert sum(len(line.reference_designators) for line in mounted) == int(row["refdes_mounted"])
        assert sum(len(line.reference_designators) for line in others) == int(row["refdes_not_mounted"])
        assert len({line.child_key for line in lines}) == int(row["distinct_codes"])
    assert sum(len(data.lines) for data in by_file.values()) == 2187


def test_every_code_of_every_file(icub, by_file):
    found = {}
    for file, data in by_file.items():
        parts = {part.key: part for part in data.parts}
        by_code: dict[str, list[ImportedLine]] = defaultdict(list)
        for line in data.lines:
            by_code[number_of(line, parts)].append(line)
        for code, lines in by_code.items():
            category = "/".join(parts[lines[0].child_key].category_path)
            found[file, code] = (category, len(lines), *_sums(lines, off=False), *_sums(lines, off=True))
    assert found == {
        (row["file"], row["iitcode"]): (
            row["category"], int(row["rows"]), Decimal(row["qty_mounted"]), set(row["refdes_mounted"].split()),
            Decimal(row["qty_not_mounted"]), set(row["refdes_not_mounted"].split()),
        )
        for row in icub.expected("expected_bom.csv")
    }  # fmt: skip


def _sums(lines: list[ImportedLine], *, off: bool) -> tuple[Decimal, set[str]]:
    some = [line for line in lines if line.do_not_place is off]
    places = {place for line in some for place in line.reference_designators}
    return Decimal(sum(line.quantity or 0 for line in some)), places


def test_every_approved_source(icub, by_file):
    found = {
        (
            part.number,
            source.manufacturer or "",
            source.mpn or "",
            *((offer.distributor or "", offer.sku or "") if offer else ("", "")),
        )
        for data in by_file.values()
        for part in data.parts
        for source in part.sources
        for offer in source.offers or (None,)
    }
    wanted = {
        (row["iitcode"], row["manufacturer"], row["manufacturer_code"], row["supplier"], row["supplier_code"])
        for row in icub.expected("expected_sources.csv")
    }
    assert found - wanted == set()
    assert wanted - found == set()


def test_where_every_code_is_used(icub, by_file):
    used: dict[str, set[str]] = defaultdict(set)
    for file, data in by_file.items():
        parts = {part.key: part for part in data.parts}
        for line in data.lines:
            used[number_of(line, parts)].add(file)
    rows = icub.expected("expected_where_used.csv")
    assert used == {row["iitcode"]: set(row["files"].split(" | ")) for row in rows}
    assert (len(rows), len(used["1035"]), len(used["1107"])) == (316, 23, 23)


def test_only_real_contradictions_are_told(by_file):
    codes = {notice.code for data in by_file.values() for notice in data.notices}
    assert codes <= {"SEPARATOR", "COLUMNS_GUESSED", "COLUMN_IGNORED", "NAME_DIFFERS", "VALUE_DIFFERS"}


def test_the_list_of_the_design_tool_is_the_same_board(icub, by_file):
    """Its references go on in the rows below; the part system's list of the next revision has most of its places."""
    data = read_files(icub.files("ems4/ems4_2.BOM"))
    assert len(data.lines) == 72
    places = {place for line in data.lines for place in line.reference_designators}
    known = {place for line in by_file["ems4/bom_tr_4546_E.csv"].lines for place in line.reference_designators}
    assert sum(line.quantity for line in data.lines) == sum(len(line.reference_designators) for line in data.lines)
    assert (len(places), len(places & known)) == (330, 286)


def changes_between(before: ImportedData, after: ImportedData) -> set[tuple[str, ...]]:
    """By code, of what is mounted."""
    old, new = _mounted(before), _mounted(after)
    found = set()
    for code in old.keys() | new.keys():
        (quantity, places), (quantity_now, places_now) = (side.get(code, (Decimal(0), set())) for side in (old, new))
        if (quantity, places) == (quantity_now, places_now):
            continue
        change = "quantity changed" if quantity != quantity_now else "reference designators changed"
        change = "added" if code not in old else "removed" if code not in new else change
        gone, come = frozenset(places - places_now), frozenset(places_now - places)
        found.add((change, code, quantity, quantity_now, gone, come))
    return found


def _mounted(data: ImportedData) -> dict[str, tuple[Decimal, set[str]]]:
    parts = {part.key: part for part in data.parts}
    found: dict[str, tuple[Decimal, set[str]]] = {}
    for line in data.lines:
        if not line.do_not_place:
            code = number_of(line, parts)
            quantity, places = found.get(code, (Decimal(0), set()))
            found[code] = (quantity + (line.quantity or 0), places | set(line.reference_designators))
    return found


def test_every_change_between_revisions(icub, by_file):
    rows = icub.expected("expected_revision_diff.csv")
    steps = dict.fromkeys((row["from_file"], row["to_file"]) for row in rows)
    assert len(steps) == 9
    for older, newer in steps:
        assert changes_between(by_file[older], by_file[newer]) == {
            (
                row["change"], row["iitcode"], Decimal(row["qty_from"] or 0), Decimal(row["qty_to"] or 0),
                frozenset(row["refdes_only_in_from"].split()), frozenset(row["refdes_only_in_to"].split()),
            )
            for row in rows
            if (row["from_file"], row["to_file"]) == (older, newer)
        }  # fmt: skip
