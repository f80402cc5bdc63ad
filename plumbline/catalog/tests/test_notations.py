"""What engineers write, beside the shipped sets: notations of standards and of the trade are taken, and what is none of them is not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from plumbline.catalog.attributes import typed_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.model import Attribute
from plumbline.catalog.registry.checks import checker_of
from plumbline.catalog.registry.package import Group, Package, Written
from plumbline.catalog.registry.rules import SpecRule
from plumbline.catalog.registry.shelf import Shelf

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
# Of every spec that has a pattern: what is taken, and what is refused.
PATTERNS: dict[str, tuple[list[str], list[str]]] = {
    "Thread": (
        ["M3", "M2.5", "M8x1", "M8×1", "M8 x 1", "M6-6g", "M6 - 6H", "M8x1.25-6g", "M6-6H/6g", "M10x1-5g6g-LH", "M12x1.75-LH",
         "M12x1.5 LH", "MJ6x1", "#4-40 UNC", "4-40", "No. 8-32", "#10-32 UNF-2B", "1/4-20", "1/4-20 UNC-2A", "1/4-20UNC-2A",
         '1/4"-20', ".250-20 UNC", "1-8 UNC", "1 1/4-7 UNC", "1-1/4-7", "1/2-28 UNEF", "1/4-28 UNJF-3A", "1/4 UNC", "1/2-10 ACME-2G",
         "2 BA", "G1/4", "G 1/4", "G1 1/2", "G1/2A", "G3/8-LH", "R1/8", "Rc 1/4", "Rp1/2", "1/8 NPT", "1 1/4 NPT", "1-1/4 NPT",
         "1/8-27 NPT", '3/4" NPT', "NPT 1/4", "2-11.5 NPT", "1/4 NPTF", "1/4 BSPP", "BSPT 1/8", "3/4 GHT", "Tr8x2", "Tr 10x3-7e LH",
         "Tr12x6(P3)", "TR8x2", "ST2.9", "ST 4.2", "Pg9", "PT K30", "Delta PT 30"],
        ["", "fine", "M2,5", "M", "M8x", "8", "1/4", "G", "NPT", "M6-g", "Tr", "1/4-20 UNX", "M8x1-6", "UNC"],
    ),
    "General tolerance": (
        ["ISO 2768-mK", "ISO 2768-m", "ISO 2768-mK-E", "ISO 2768-mKE", "ISO 2768 mK", "ISO2768-mK", "ISO 2768-1 m", "ISO 2768-2-K",
         "ISO 2768-1:1989-f", "DIN ISO 2768-mK", "DIN ISO 2768-mK-E", "DIN EN 22768-mK", "EN ISO 2768-cL", "ISO 22081", "ISO 22081:2021",
         "ISO 8062-3-DCTG 8", "DIN EN ISO 8062-3 - DCTG 9", "ISO 13920-BF", "EN ISO 13920-A", "EN ISO 9013-342", "ISO 20457-TG6",
         "DIN 16742-TG6", "DIN 16742 TG5", "DIN 16901-130", "DIN 6930-2-m", "ISO 3302-1-M3", "EN 12020-2 - 1", "ASME Y14.5",
         "ASME Y14.5-2018", "ASME Y14.5M-1994", "JIS B 0405-m", "GB/T 1804-m"],
        ["medium", "2768", "ISO 2768", "ISO 2768-x", "ISO 2768-Mk", "m", "+/- 0.1", "ISO 13920", "DIN"],
    ),
    "IP rating": (
        ["IP54", "IP67", "IPX4", "IP5X", "IP69K", "IP6K9K", "IP6K6K", "IP5K4K", "IP65/IP67", "IP65/67", "IP66/IP68/IP69K", "IP65, IP67",
         "IP 67", "IP20B", "IP2XC", "IP54W", "IP67 mated", "IP67 (mated)"],
        ["67", "IP", "IP7", "IP77", "IP6K", "IPK9", "IP67X", "IP65-IP67", "ip67", "waterproof", "NEMA 4X"],
    ),
    "IK rating": (["IK00", "IK08", "IK10", "IK10+", "IK11", "IK 09"], ["IK12", "IK8", "08", "IK09+"]),
    "Wire gauge": (
        ["AWG24", "AWG 24", "24 AWG", "24AWG", "24 awg", "awg 24", "AWG#24", "#24 AWG", "24 ga", "4/0 AWG", "AWG 2/0", "0000 AWG",
         "22-18 AWG", "AWG 22-18", "AWG24/7", "AWG 24 (7/32)", "24 AWG 7/32", "250 kcmil", "500 MCM", "0.25 mm²", "0.25 mm2", "0.25mm^2",
         "0.25 sq mm", "2.5 mm²", "0.5-1.5 mm²", "0.5 mm² (16/0.2)"],
        ["24", "AWG", "AWG 244", "0.25", "0.25 mm", "0,25 mm²", "mm²", "thin"],
    ),
    "Tariff code": (
        ["8482.10", "848210", "8482.10.50", "8482.10.5048", "8302.41.6015", "8482 10 10 90", "84821010900", "8482.10.000"],
        ["83", "8482", "8482,10", "84.82.10", "HS 8482.10", "bearing"],
    ),
    "Country of origin": (["DE", "US", "TW"], ["Taiwan", "DEU", "de", "D"]),
    "ISO certification": (
        ["ISO 9001:2015", "ISO9001", "ISO 13485:2016", "EN ISO 9001:2015", "DIN EN ISO 9001:2015", "ISO/IEC 27001:2022",
         "ISO/TS 16949:2009", "EN ISO 13485:2016+A11:2021", "ISO 14644-1:2015", "IATF 16949:2016", "AS9100D", "AS9100 Rev D",
         "EN 9100:2018"],
        ["9001", "ISO", "ISO 9001-2015 ff", "certified", "ISO 900"],
    ),
    "Gear ratio": (["10:1", "3.7:1", "1:10", "10 : 1", "100.37:1"], ["3.7", "10/1", "ten to one", "10:"]),
    "Flow rate": (
        ["12 L/min", "12 l/min", "0.5 m³/h", "0.5 m3/h", "3 GPM", "3 gpm", "20 cfm", "5 SCFM", "50 sccm", "30 NL/min", "5 lpm",
         "100 µL/min", "250 cm³/min", "1.2 kg/h", "40 cc/min"],
        ["12", "12 L", "L/min", "12,5 L/min", "12 L/year"],
    ),
    "Thermal conductivity": (
        ["3.5 W/mK", "3.5W/mK", "3.5 W/m·K", "3.5 W/m⋅K", "3.5 W/m-K", "3.5 W/(m·K)", "3.5 W/(mK)", "3.5 W/m.K", "3.5 W/m K", "3.5 W/m/K",
         "3.5 W/m°C", "3.5 W·m⁻¹·K⁻¹"],
        ["3.5", "3.5 W", "3.5 W/K", "3.5 W/m²K", "W/mK"],
    ),
    "Magnet grade": (
        ["N42", "N52SH", "N45UH", "Y30", "Y30BH", "Y30H-1", "C8", "Sm2Co17", "SmCo28", "SmCo 2:17", "YXG-30H", "HF26/18", "Alnico 5",
         "LNG44"],
        ["52", "strong", "n52", "N 52 SH magnets"],
    ),
    "Airflow": (["32 m³/h", "32 m3/h", "19 CFM", "19 cfm", "9 L/s", "540 l/min", "32 m³/hr"], ["19", "19 m³", "19 m/s"]),
    "Thermal resistance": (
        ["4.5 K/W", "4.5 °C/W", "4.5 C/W", "4.5 ℃/W", "4.5K/W", "0.5 °C·in²/W", "0.5 °C-in²/W", "0.8 K·cm²/W"],
        ["4.5", "4.5 W/K", "4.5 K", "K/W"],
    ),
    "Pixels": (["320x240", "320 x 240", "320×240", "320X240", "128*64", "240xRGBx320", "240RGBx320", "16x2"], ["12 MP", "1080p", "320"]),
    "Turns ratio": (["1:1", "10:1:1", "1CT:1CT", "1 : 2.5", "1CT : 1CT : 1"], ["1", "1:", "10-1", "CT:CT"]),
    "Current ratio": (["1:1000", "2000:1", "100:5", "100/5", "100/5 A", "100A:50mA", "1:2500"], ["1000", "100/", "100-5"]),
    "Shrink ratio": (["2:1", "3:1", "1.7:1", "2 : 1"], ["2", "1:2", "200 %"]),
    "Range from": (["-40", "0", "-40 °C", "10 bar", "±2 g", "2000 dps", "0.5mT", "10 % RH", "+125 °C"], ["cold", "°C", "-", "10..20"]),
    "Range to": (["85", "125 °C", "700 bar", "16 g"], ["hot", "to 10"]),
    "Copper thickness": (
        ["35 µm", "35 um", "35µm", "1 oz", "1oz", "0.5 oz", "1/2 oz", "2 oz/ft²", "1.4 mil"],
        ["35", "thick", "1 ounce of copper", "oz", "1 mm²", "35/ µm"],
    ),
    "Scale": (["1:2", "2:1", "1:2.5", "1 : 1", "1/4", "1:2 (1:5)", "NTS", "Not to scale", "None", "As noted"], ["2", "1:", "small"]),
    "Language": (
        ["en", "de-CH", "zh-Hant", "zh-Hant-TW", "es-419", "sr-Latn-RS", "de-CH-1996", "ca-valencia", "en-us", "EN", "yue",
         "en, de-CH, zh-Hant", "de/fr/it", "de; en"],
        ["English", "e", "en_US", "de-", "en de", "es-41"],
    ),
    "Commit": (
        ["9fceb02", "9FCEB02", "9fceb02d0ae598e95dc970b74767f19372d61af8", "r4711"],
        ["main", "9fceb0", "v1.0", "HEAD", "r", "4711"],
    ),
    "Software version": (
        ["2.4.1", "2.10", "v2.4.1", "V1.02", "1.0.0-rc.2", "1.0.0+build.5", "1.2.3.4", "1.0rc2", "1.2b", "2024.05.1", "2.0_rc1",
         "1.4.0~beta1"],
        ["v2", "2", "latest", "1.", "1..2", "2.4.1 final"],
    ),
    "SHA-256": ([DIGEST, DIGEST.upper(), f"sha256:{DIGEST}"], ["d41d8cd98f00b204e9800998ecf8427e", "9f86d081", f"md5:{DIGEST}"]),
    "Export control number": (
        ["EAR99", "5D002", "5A992.c", "5A002.a.1", "5D002c1", "9A610.x"],
        ["none", "ear99", "5D02", "D5002", "5F002", "EAR 99"],
    ),
    "GTIN": (["40063813", "012345678905", "4006381333931", "14006381333938"], ["123456789", "4 006381 333931", "ISBN"]),
}  # fmt: skip

# Of specs with choices: three or more that are found in datasheets and on drawings.
CHOICES: dict[str, list[str]] = {
    "Flammability rating": ["V-0", "HBF", "HF-1", "HF-2", "VTM-0", "VTM-1", "VTM-2", "VW-1"],
    "Strength class": [
        "8.8",
        "12.9",
        "14H",
        "22H",
        "33H",
        "45H",
        "04",
        "05",
        "A2-70",
        "A4-80",
        "A2-21H",
        "A4-035",
        "Grade 8",
        "200 HV",
    ],
    "Print process": ["SLS", "FFF", "LPBF", "MJF"],
    "Casting process": ["Sand", "Die", "Lost foam", "Permanent mold"],
    "Head": ["Socket cap", "Raised countersunk", "Carriage", "12-point", "Button flange"],
    "Drive": ["Hex socket", "Hexalobular", "Phillips/slotted", "Spanner"],
    "Bearing type": ["Deep groove ball", "Thrust needle roller", "Cam follower", "Slewing ring"],
    "Belt profile": ["GT2", "HTD 14M", "STD S5M", "SPZ", "PJ", "3V"],
    "Valve function": ["Ball", "3/2", "4/3", "Gate", "Quick exhaust"],
    "Form": ["Round bar", "Plate", "Angle", "Rectangular tube"],
    "Nut type": ["Hex", "Castle", "Heavy hex", "Rivet"],
    "Washer type": ["Flat", "Internal tooth lock", "Spherical", "Conical spring"],
    "Locking": ["Nylon insert", "Castellated", "Safety wire"],
    "Magnet material": ["Neodymium", "Bonded ferrite", "Samarium cobalt"],
    "Mounting": ["SMD", "THT", "Press-fit", "DIN rail", "Socket"],
    "Contact form": ["SPST", "SPDT", "1 Form A", "2 Form C", "DPST-NO", "SP6T"],
    "Chemistry": ["LiFePO4", "NMC", "LTO", "Zinc-carbon", "Na-ion"],
    "Safety class": ["X2", "Y1", "X1/Y2"],
    "Laser class": ["1", "1C", "3R"],
    "IPC class": ["2", "3", "3/A"],
    "Fuse speed": ["Slow", "T", "FF", "gG", "aM"],
    "Trip curve": ["C", "D", "A"],
    "Oscillator type": ["TCXO", "VCTCXO", "OCXO"],
    "Memory type": ["NOR flash", "DDR3L", "PSRAM", "UFS", "LPDDR4X"],
    "RF series": ["SMA", "7/16 DIN", "MHF4", "2.4 mm", "4.3-10"],
    "Output": ["4-20 mA", "0-10 V", "PNP", "NAMUR", "IO-Link"],
    "Temperature sensor type": ["Thermocouple", "NTC", "Pt100"],
    "Automotive qualification": ["AEC-Q200", "AEC-Q100 Grade 1", "AEC-Q100 Grade 0"],
    "Solder": ["SAC305", "SAC0307", "Sn62Pb36Ag2", "SnCu0.7"],
    "Sheet size": ["A3", "Letter", "ANSI B", "Arch D", "A5"],
    "Confidentiality": ["Internal", "Restricted", "Strictly confidential"],
    "Result": ["Passed", "Passed with deviations", "Not tested"],
    "Software safety class": ["SIL 2", "QM", "ASIL B(D)", "DAL C", "PL d"],
    "Hardness scale": ["Shore A", "HRC", "HBW", "HV10", "HR15N", "IRHD"],
}
LISTED: dict[str, list[str]] = {
    "Interfaces": ["I2C", "SMBus", "RGMII", "IO-Link", "EtherCAT", "SENT", "100BASE-T1"],
    "Safety approvals": ["UL", "cULus", "CCC", "ETL", "ATEX"],
    "Radio approvals": ["CE RED", "FCC", "ANATEL", "WPC", "PTCRB"],
    "Protocols": ["Bluetooth LE", "Wi-Fi 6", "LTE Cat 1", "Z-Wave", "wM-Bus"],
    "Markets": ["EU", "Switzerland", "Mexico", "Worldwide"],
    "Regulations": ["2014/30/EU", "2014/34/EU", "2017/745", "2024/2847", "1935/2004"],
    "Constellations": ["GPS", "Galileo", "SBAS"],
}
# Numbers that are written in units of their trade.
NUMBERS: dict[str, list[str]] = {
    "Shelf life": ["365", "12 months", "2 years", "18 mo", "52 weeks"],
    "Warranty": ["730", "24 months", "2 years", "90 days"],
    "Retention": ["10 years", "3650", "120 months"],
    "Resistance": ["4k7", "R100", "10K", "10 kOhm", "0R05", "5 mΩ", "1M"],
    "Capacitance": ["4u7", "100n", "p33", "10 UF", "1 µF"],
    "Temperature coefficient": ["100", "±100 ppm", "100 ppm/K", "±50 ppm/°C", "25 ppm/℃"],
    "B value": ["3950", "3950 K", "3435K"],
    "Operating temperature minimum": ["-40", "-40 °C", "-40 ℃", "-40C", "-40 °F"],
    "Torque": ["0.4 Nm", "40 Ncm", "40 N·cm", "4 kg·cm", "60 oz-in", "5 in-lb", "0.4"],
    "Force": ["10 N", "1 kgf", "2.2 lbf"],
    "Isolation voltage": ["3750", "5 kVrms", "2.5 kV AC"],
    "Input voltage": ["230 V AC", "24 VDC", "24 V DC"],
    "Resolution": ["12", "12 bit", "12-bit", "16 bits"],
    "Sample rate": ["1 MHz", "1 MSPS", "860 SPS", "250 kS/s"],
    "Memory size": ["16 MB", "128 Mbit", "4 GiB", "512K"],
    "Flash size": ["512 kB", "512 KB", "512 KiB", "2 MB"],
    "Life": ["2000", "2000 h", "2000 hours", "10 years"],
    "Power": ["10 W", "10 VA", "1/4 W", "1 hp"],
    "Noise level": ["32 dB", "32 dBA", "32 dB(A)"],
    "Static pressure": ["50 Pa", "5 mmH2O", "0.2 inH2O"],
    "Pressure": ["6 bar", "6 Bar", "90 psi", "0.6 MPa", "-0.9 bar"],
    "Filter rating": ["5 µm", "5 micron", "5 um"],
    "Volume": ["50 mL", "50 cc", "10 fl oz"],
    "Thickness": ["1.6", "1.6 mm", "62 mil", '0.062"', "0.062 in"],
    "Wavelength": ["905 nm", "1.55 µm", "5500 Å"],
    "Cost": ["4.20", "$4.20", "4.20 USD"],
    "Cure time": ["24 h", "24 hrs", "30 min"],
}


def rules_of(package: Package) -> Iterator[SpecRule]:
    def within(group: Group) -> Iterator[SpecRule]:
        for member in group.members.values():
            if isinstance(member, Group):
                yield from within(member)
            elif isinstance(member, Written):
                yield member.rule

    yield from within(package.groups)
    entries = itertools.chain.from_iterable(each.entries for each in package.categories)
    yield from (entry.rule for entry in entries if isinstance(entry, Written))


SHELF = Shelf()
NEWEST = [SHELF.package(name, SHELF.versions(name)[-1]) for name in SHELF.names()]
RULES = [rule for package in NEWEST for rule in rules_of(package)]


def named(name: str) -> list[SpecRule]:
    found = [rule for rule in RULES if rule.name == name]
    assert found, name
    return found


def kinds(rule: SpecRule, raw: object) -> list[str]:
    """What is wrong with a value, as a save would tell it."""
    try:
        value = typed_value(Attribute("", rule.name, rule.attribute_type, rule.unit, "", None, ()), raw, ())
    except InvalidAttributeValue:
        return ["type"]
    return [each.kind for each in checker_of([rule], ()).violations({rule.name: value}, "")] if value else ["nothing"]


def test_every_pattern_is_tried() -> None:
    assert {rule.name for rule in RULES if rule.limits.pattern is not None} == set(PATTERNS)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_what_engineers_write_and_nothing_else(name: str) -> None:
    taken, refused = PATTERNS[name]
    assert len(taken) >= 3
    for rule in named(name):
        assert [text for text in taken if kinds(rule, text)] == []
        assert [text for text in refused if not kinds(rule, text)] == []


@pytest.mark.parametrize("name", PATTERNS)
def test_a_spec_has_one_pattern_in_all_sets(name: str) -> None:
    assert len({rule.limits.pattern for rule in named(name)}) == 1


@pytest.mark.parametrize("name", CHOICES)
def test_choices_are_those_of_datasheets(name: str) -> None:
    if name == "Hardness scale":
        [hardness] = named("Hardness")
        missing = set(CHOICES[name]) - set(hardness.parts[1].limits.choices)
    else:
        missing = {text for rule in named(name) for text in CHOICES[name] if kinds(rule, text)}
    assert missing == set()


@pytest.mark.parametrize("name", LISTED)
def test_choices_of_lists_are_those_of_datasheets(name: str) -> None:
    for rule in named(name):
        assert kinds(rule, LISTED[name]) == []


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_taken_in_the_units_of_their_trade(name: str) -> None:
    for rule in named(name):
        assert [text for text in NUMBERS[name] if kinds(rule, text)] == []


@pytest.mark.parametrize("name", ["Safety approvals", "Chemistry", "Inspection", "IPC class", "Flammability rating"])
def test_sets_that_share_a_spec_offer_the_same_choices(name: str) -> None:
    """Or else its attribute would have none to offer in a library that uses both."""
    assert len(named(name)) > 1
    assert len({rule.limits.choices for rule in named(name)}) == 1


def test_a_hardness_is_written_with_its_scale() -> None:
    [rule] = named("Hardness")
    for fine in ("70 Shore A", "58 HRC", "200 HBW", "700 HV10", "85 HR15N", "60 IRHD", "120 HRR", "0.5 HV"):
        assert kinds(rule, fine) == [], fine
    wrong = {"70": "form", "Shore A": "form", "70 0": "choice", "110 IRHD": "condition", "80 HRC": "condition"}
    assert {text: kinds(rule, text) for text in wrong} == {text: [kind] for text, kind in wrong.items()}
