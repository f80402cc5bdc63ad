from __future__ import annotations

import csv
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from plumbline.api.hub.queries.boms import INDENTED_PAGE_MAX

TEMPLATE = """\
schema_type: export_template
name: acme
title: Acme's list
kind: indented
columns:
  - { field: level, title: Lvl }
  - { field: name }
  - { field: quantity, title: Qty }
"""


@pytest.fixture
def top(plumbline, library: Path, bom_file: Path) -> str:
    return plumbline("import", bom_file, "--data", library, "--json").json["tops"][0]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_a_bom_goes_to_standard_output_in_the_columns_of_a_template(plumbline, library, top):
    rows = rows_of(plumbline("export", "bom", top, "--data", library).out)
    assert [(row["Level"], row["Name"], row["Total quantity"]) for row in rows] == [
        ("1", "Control board", "2"),
        ("2", "Resistor 4k7", "6"),
        ("2", "Capacitor 100 nF", "2"),
        ("1", "Wire", "0.25"),
        ("1", "Capacitor 100 nF", "5"),
    ]
    kicad = rows_of(plumbline("export", "bom", top, "--template", "kicad", "--data", library).out)
    assert {(row["Reference"], row["Qty"]) for row in kicad} == {("R1-R3", "6"), ("C1", "7"), ("", "0.25")}
    assert list(kicad[0]) == ["Reference", "Value", "Datasheet", "Footprint", "Qty", "DNP"]


def test_a_receiver_has_columns_of_its_own(plumbline, library, top, tmp_path):
    file = tmp_path / "acme.yaml"
    file.write_text(TEMPLATE)
    whole = plumbline("export", "bom", top, "--template", file, "--format", "json", "--data", library).json
    assert (whole["title"], whole["top"], whole["view"]) == ("Acme's list", top, "WORKING")
    assert whole["lines"][1] == {"Lvl": 2, "Name": "Resistor 4k7", "Qty": 3}
    lines = plumbline("export", "bom", top, "--template", file, "--format", "jsonl", "--data", library).out.splitlines()
    assert [json.loads(line) for line in lines] == whole["lines"]
    file.write_text(TEMPLATE.replace("quantity", "quantty"))
    refused = plumbline("export", "bom", top, "--template", file, "--data", library)
    assert refused.code == 1
    assert "There is no field 'quantty'" in refused.err
    assert "Did you mean 'quantity'?" in refused.err


def test_a_workbook_is_written_and_tells_its_rows(plumbline, library, top, tmp_path):
    file = tmp_path / "out.xlsx"
    said = plumbline("export", "bom", top, "--output", file, "--data", library, "--json").json
    assert said == {"file": str(file), "format": "xlsx", "rows": 5}
    header, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert header[:3] == ["Level", "Item", "Part number"]
    assert [row[0] for row in rows] == [1, 2, 2, 1, 1]
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".part")] == []
    over = plumbline("export", "bom", top, "--output", tmp_path / "out.csv", "--byte-order-mark", "--data", library)
    assert over.out == f"Wrote 5 rows to {tmp_path / 'out.csv'}.\n"
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfLevel,")


def test_every_view_is_exported(plumbline, library, top):
    for view in (("--view", "working"), ("--as-of", "2999-01-01"), ("--as-of", "2999-01-01", "--view", "working")):
        assert len(rows_of(plumbline("export", "bom", top, *view, "--data", library).out)) == 5
    assert rows_of(plumbline("export", "bom", top, "--view", "released", "--data", library).out) == []
    never = plumbline("export", "bom", top, "--as-released", "A", "--data", library)
    assert (never.code, "was never released as 'A'" in never.err) == (1, True)


def test_quantities_are_those_of_a_build(plumbline, library, top):
    options = ("--template", "purchasing", "--build-quantity", "2.5", "--currency", "eur", "--format", "json")
    whole = plumbline("export", "bom", top, *options, "--data", library).json
    assert (whole["buildQuantity"], whole["currency"]) == (2.5, "EUR")
    assert {line["Quantity"] for line in whole["lines"]} == {15, 17.5, 0.625}
    assert plumbline("export", "bom", top, "--build-quantity", "0", "--data", library).code == 1


def test_what_makes_no_sense_is_refused(plumbline, library, top, tmp_path):
    assert plumbline("export", "bom", top, "--format", "xlsx", "--data", library).code == 2
    assert plumbline("export", "bom", top, "--json", "--data", library).code == 2
    for template in ("nonsense", tmp_path / "missing.yaml"):
        refused = plumbline("export", "bom", top, "--template", template, "--data", library)
        assert (refused.code, refused.out) == (1, "")
    nowhere = plumbline("export", "bom", top, "--output", tmp_path / "no" / "out.csv", "--data", library)
    assert (nowhere.code, "cannot be written" in nowhere.err) == (1, True)
    unknown = plumbline("export", "bom", "999-99999", "--output", tmp_path / "none.csv", "--data", library)
    assert (unknown.code, (tmp_path / "none.csv").exists()) == (1, False)


def test_links_and_pipes_are_written_through_and_stay(plumbline, library, top, tmp_path):
    written, link, pipe = tmp_path / "written.csv", tmp_path / "link.csv", tmp_path / "pipe.csv"
    written.write_text("what was there", encoding="utf-8")
    link.symlink_to(written)
    os.mkfifo(pipe)
    assert plumbline("export", "bom", top, "--output", link, "--data", library).code == 0
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)  # holds what is written; nobody waits for the other side
    try:
        assert plumbline("export", "bom", top, "--output", pipe, "--data", library).code == 0
        received = os.read(reader, 65536)
    finally:
        os.close(reader)
    assert link.is_symlink()
    assert pipe.is_fifo()
    assert received.startswith(b"Level,")
    assert written.read_bytes() == received
    assert not list(tmp_path.glob(".*.part"))


def test_over_the_network_the_same_file_is_written(plumbline, start, library, top, tmp_path):
    server = start("serve", "--data", library, "--port", 0, "--no-worker")
    key = plumbline("keys", "create", "test", "--data", library, "--json").json["secret"]
    for format_name in ("csv", "json", "jsonl"):
        options = ("export", "bom", top, "--format", format_name)
        here = plumbline(*options, "--data", library).out
        assert plumbline(*options, "--url", server.address, "--api-key", key).out == here
    file = tmp_path / "out.xlsx"
    assert plumbline("export", "bom", top, "--output", file, "--url", server.address, "--api-key", key).code == 0
    assert len(CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()) == 6


def test_a_long_bom_comes_in_pages(plumbline, library, tmp_path):
    file = tmp_path / "long.csv"
    with file.open("w") as out:
        out.write("Level,Part Number,Description,Quantity\n0,TOP,Top,1\n")
        for number in range(1_000):
            out.write(f"1,SUB-{number},Sub {number},1\n")
            for part in range(10):
                out.write(f"2,PART-{part},Part {part},{part + 1}\n")
    top = plumbline("import", file, "--data", library, "--json").json["tops"][0]
    lines = [
        json.loads(line)
        for line in plumbline("export", "bom", top, "--format", "jsonl", "--data", library).out.splitlines()
    ]
    assert len(lines) == 11_000 > INDENTED_PAGE_MAX
    assert sum(Decimal(line["Total quantity"]) for line in lines if line["Level"] == 2) == 1_000 * 55


def test_a_product_leaves_as_a_package_and_comes_back(plumbline, library, top, tmp_path):
    file = tmp_path / "product.pdx"
    told = plumbline("export", "bom", top, "--data", library, "--output", file, "--json").json
    assert told == {"file": str(file), "format": "pdx", "rows": 5}
    plan = plumbline("import", file, "--data", library, "--dry-run", "--json").json
    assert (plan["created"], plan["updated"], plan["unchanged"]) == (0, 0, 5)


def test_a_package_takes_no_columns_and_no_standard_output(plumbline, library, top, tmp_path):
    file = tmp_path / "product.pdx"
    refused = plumbline("export", "bom", top, "--data", library, "--output", file, "--template", "kicad")
    assert refused.code == 2
    assert plumbline("export", "bom", top, "--data", library, "--format", "pdx").code == 2
    assert not file.exists()


def test_parts_become_kicad_libraries_again_and_again(plumbline, library, tmp_path):
    parts = tmp_path / "parts.csv"
    parts.write_text(
        "Part Number,Name,Category,MPN,Manufacturer,Resistance\nR-1,Resistor 4k7,Electronics/Resistors,RC,Yageo,4k7\n"
    )
    folder = tmp_path / "kicad"
    empty = plumbline("export", "kicad", folder, "--data", library)
    assert (empty.code, "No part is for a schematic" in empty.err) == (0, True)
    plumbline("import", parts, "--data", library)
    told = plumbline("export", "kicad", folder, "--data", library, "--json").json
    assert told == {"folder": str(folder), "libraries": ["Resistors"], "parts": 1, "withoutPins": 0}
    assert '"4k7"' in (folder / "Resistors.kicad_sym").read_text()
    assert f'(uri "{folder}/Resistors.kicad_sym")' in (folder / "sym-lib-table").read_text()
    (folder / "Resistors.kicad_sym").rename(folder / "Old.kicad_sym")
    assert plumbline("export", "kicad", folder, "--data", library).code == 0
    assert sorted(each.name for each in folder.iterdir()) == ["Resistors.kicad_sym", "sym-lib-table"]
    (folder / "board.kicad_sch").write_text("mine")
    refused = plumbline("export", "kicad", folder, "--data", library)
    assert refused.code == 1
    assert "board.kicad_sch" in refused.err


def test_a_template_of_the_library_is_found_by_its_name(plumbline, library, top, tmp_path):
    file = tmp_path / "acme.yaml"
    file.write_text(TEMPLATE)
    refused = plumbline("export", "bom", top, "--template", "acme", "--data", library)
    assert (refused.code, "There is no export template 'acme'" in refused.err) == (1, True)
    assert plumbline("config", "apply", file, "--data", library).code == 0
    whole = plumbline("export", "bom", top, "--template", "acme", "--format", "json", "--data", library).json
    assert whole["title"] == "Acme's list"
    folder = tmp_path / "pulled"
    plumbline("config", "pull", folder, "--data", library)
    assert (folder / "exports" / "acme.yaml").read_text() == TEMPLATE


def test_kicad_gets_a_file_with_a_key_of_its_own(plumbline, library, tmp_path):
    file = tmp_path / "acme.kicad_httplib"
    told = plumbline(
        "export", "kicad-http", file, "--address", "https://plm.example/", "--released", "--data", library, "--json"
    ).json
    written = json.loads(file.read_text())
    assert written["source"]["root_url"] == told["root"] == "https://plm.example/kicad/released/"
    assert (written["meta"], written["source"]["type"], written["source"]["api_version"]) == (
        {"version": 1.0},
        "REST_API",
        "v1",
    )
    assert told["key"]["surface"] == "kicad"
    assert written["source"]["token"] not in json.dumps(told)
    assert file.stat().st_mode & 0o077 == 0, "the key in it is nobody else's"
    assert plumbline("export", "kicad-http", tmp_path / "a.json", "--data", library).code == 2
    assert (
        plumbline("keys", "create", "x", "--surface", "kicad", "--data", library, "--json").json["key"]["surface"]
        == "kicad"
    )
