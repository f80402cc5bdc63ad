"""Parts as KiCad symbols: what a part becomes, that the file is in the words of KiCad, and that our own reader gets it back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest

from plumbline.exchange.exporting.kicad_parts import KicadPart, PartFacts, kicad_part, letter_of
from plumbline.exchange.exporting.kicad_symbols import is_drawn, library_table, quoted, symbol_name, write_symbols
from plumbline.exchange.files import NamedFile
from plumbline.exchange.formats import read_files


def facts(category: str = "Resistor", **values: object) -> PartFacts:
    base = PartFacts("id", "300-00001", "Resistor 10k", "", ("Electrical", category), "Production", False, {}, [])
    return base._replace(**values)


def part(category: str = "Resistor", **values: object) -> KicadPart:
    return kicad_part(facts(category, **values))


def written(*parts: KicadPart) -> str:
    file = io.StringIO()
    write_symbols(file, parts)
    return file.getvalue()


@pytest.mark.parametrize(
    ("names", "letter"),
    [
        (("Resistor",), "R"),
        (("Ferrite Beads",), "FB"),
        (("Electrical", "Diodes", "LEDs"), "D"),
        (("Electrical", "Capacitors", "Ceramic"), "C"),
        (("Electrical", "Controlled things"), "U"),
        (("Potentiometers and Resistors",), "RV"),
        ((), "U"),
    ],
)
def test_letters_of_designators_come_from_the_category(names: tuple[str, ...], letter: str) -> None:
    assert letter_of(names) == letter


def test_the_value_is_what_a_schematic_shows() -> None:
    assert part(attributes={"Resistance": "10k"}).value == "10k"
    assert part(attributes={"Value": "10k 1%", "Resistance": "10k"}).value == "10k 1%"
    assert part("Microcontroller", makers=[("ST", "STM32F405", None)]).value == "STM32F405"
    assert part("Microcontroller").value == "Resistor 10k"


def test_symbol_footprint_and_datasheet_are_what_the_attributes_say() -> None:
    said = part(
        attributes={"Symbol": "Device:R_US", "Footprint": "R:0603", "datasheet": "https://a"},
        makers=[("A", "B", "https://b")],
    )
    assert (said.symbol, said.footprint, said.datasheet) == ("Device:R_US", "R:0603", "https://a")
    assert (part().symbol, part("LED").symbol, part("Diode").symbol, part("Sensor").symbol) == (
        "Device:R",
        "Device:LED",
        "Device:D",
        "",
    )
    assert part(attributes={"Symbol": "no library"}).symbol == "Device:R"
    assert part(makers=[("A", "B", "https://b")]).datasheet == "https://b"


def test_fields_have_each_name_once_and_leave_those_of_kicad_alone() -> None:
    made = part(
        attributes={"MPN": "other", "Reference": "RN", "ki_keywords": "x", "Tolerance": "1 %"},
        makers=[("Yageo", "RC", None)],
    )
    assert made.reference == "RN"
    assert made.fields == {
        "CPN": "300-00001", "Manufacturer": "Yageo", "MPN": "RC", "Status": "Production", "Category": "Electrical/Resistor",
        "Tolerance": "1 %",
    }  # fmt: skip


def test_designers_are_warned_of_obsolete_parts() -> None:
    assert part(is_obsolete=True).description == "OBSOLETE. Resistor 10k"


@pytest.mark.parametrize(
    ("text", "pins"), [("48", 48), ("8 pins", 8), ("0", None), ("99999", None), ("two", None), ("-3", None)]
)
def test_pins_are_counted_where_the_library_says_so(text: str, pins: int | None) -> None:
    made = part("Connector", attributes={"Number of pins": text})
    assert made.pins == pins
    assert is_drawn(made) == (pins is not None)
    numbers = re.findall(r'\(number "(\d+)"', written(made))
    assert numbers == [str(number) for number in range(1, (pins or 0) + 1)]


@pytest.mark.parametrize("pins", [1, 2, 3, 5, 14, 101])
def test_pins_lie_on_the_grid_and_none_on_another(pins: int) -> None:
    text = written(part("Connector", attributes={"Pins": str(pins)}))
    places = re.findall(r"\(pin passive line \(at (\S+) (\S+) \d+\)", text)
    assert len(set(places)) == pins
    assert all(float(x) % 1.27 < 1e-6 or 1.27 - float(x) % 1.27 < 1e-6 for place in places for x in place)
    half = max(float(y) for _, y in re.findall(r"\(xy (\S+) ([^)\s]+)\)", text))
    assert all(abs(float(y)) < half for _, y in places), "pins stand at the box and not above or below it"


NASTY = 'say "hi"\\ (x)\nnext ; Ω {a} 電'


def test_our_own_reader_gets_the_parts_back() -> None:
    parts = [
        part(
            attributes={"Resistance": NASTY, "Footprint": "R:0603"},
            makers=[("Yageo", "RC-1", "https://a.example/x.pdf")],
        ),
        part("Sensor", cpn="7/1:2", name="Light sensor", description=NASTY),
    ]
    data = read_files([NamedFile("lib.kicad_sym", written(*parts).encode())])
    resistor, sensor = data.parts
    one_line = NASTY.replace("\n", " ")
    assert (resistor.number, resistor.name) == ("300-00001", "300-00001")
    assert resistor.category_path == ("Electrical", "Resistor")
    assert resistor.attributes["Resistance"] == one_line
    assert resistor.attributes["Footprint"] == "R:0603"
    (source,) = resistor.sources
    assert (source.manufacturer, source.mpn, source.link) == ("Yageo", "RC-1", "https://a.example/x.pdf")
    assert (sensor.number, sensor.name, sensor.description) == ("7/1:2", "7/1:2", one_line)
    assert data.notices == ()


def test_names_and_texts_are_written_as_kicad_does() -> None:
    assert symbol_name('a/b:c"<d>{') == "a{slash}b{colon}c{dblquote}{lt}d{gt}{brace}"
    assert quoted('a"b\\c\nd') == '"a\\"b\\\\c d"'
    assert library_table([("R", "/x/R.kicad_sym", "Resistors")]) == (
        '(sym_lib_table\n  (version 7)\n  (lib (name "R")(type "KiCad")(uri "/x/R.kicad_sym")(options "")(descr "Resistors"))\n)\n'
    )


def nestings(text: str) -> Iterator[tuple[str, str]]:
    """Every list with the list that it stands in; texts between quotation marks are passed over."""
    above: list[str] = [""]
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|\(\s*([a-z_]+)|\)', text, re.DOTALL):
        if match[0] == ")":
            above.pop()
        elif match[1]:
            yield above[-1], match[1]
            above.append(match[1])


def test_the_file_says_nothing_that_kicad_does_not_say(data_set) -> None:
    ours = written(part(attributes={"Pins": "2"}), part("Connector", attributes={"Pins": "9"}), part("Crystal"))
    real = {
        pair
        for file in data_set("jlcpcb-kicad-passives").files()
        if file.suffix == ".kicad_sym"
        for pair in nestings(file.content.decode())
    }
    assert set(nestings(ours)) <= real
    assert ours.count("(") == ours.count(")")
