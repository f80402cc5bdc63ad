import time
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plumbline.kit.yaml_source import load_yaml
from plumbline.numbering.model import (
    Choice,
    ChoiceLists,
    ConstantElement,
    CounterElement,
    Element,
    FreeElement,
    GroupElement,
    Leaf,
    ListElement,
    ListSource,
    ListValue,
    Scheme,
    Settings,
    TextRule,
    leaves_of,
)
from plumbline.numbering.number_matching import fits, matcher
from plumbline.numbering.number_parsing import READINGS_MAX, Latitude, parse
from plumbline.numbering.number_patterns import form_of
from plumbline.numbering.overrides import agrees, is_visible
from plumbline.numbering.scheme import scheme_from
from plumbline.numbering.shipped import PresetKind, preset_document, preset_names, preset_text

CATEGORIES = [Choice(code, f"Category {code}") for code in ("410", "591", "42", "A-1")]


def of_category(code: str) -> ChoiceLists:
    return ChoiceLists(CATEGORIES, [Choice("RES", "Resistors"), Choice("CAP", "Capacitors")], code, "RES")


CHOICES = {choice.code: of_category(choice.code) for choice in CATEGORIES}


def by_the_documents(scheme: Scheme, choices: ChoiceLists, number: str) -> bool:
    """What fits, said a second time with the parser and the rules for what people may type."""
    settings = scheme.settings
    typed = settings.allow_override and is_visible(number)
    readings = parse(scheme, choices, number, Latitude.OVERRIDES if typed else Latitude.SCHEME)
    assume(len(readings) < READINGS_MAX)  # beyond that the parser keeps readings to itself
    return any(agrees(reading, scheme, choices, {}) for reading in readings) or (
        typed and settings.allow_freeform and settings.freeform.accepts(number)
    )


# --- the usual ----------------------------------------------------------------------------------------------------------------------


def preset(name: str, **settings: str) -> Scheme:
    text = preset_text(PresetKind.NUMBERS, name)
    for key, value in settings.items():
        text = text.replace(f"{key}: true", f"{key}: {value}")
    return scheme_from(load_yaml(text))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("410-00001", True),
        ("410-99999", True),
        ("410-00000", False),
        ("410-0001", False),
        ("591-00001", False),
        ("410-00001 ", False),
        ("410-00001\n", False),
        ("", False),
        ("410-0000\ud800", False),
        ("410-" + "0" * 200, False),
    ],
)
def test_a_number_fits_if_the_scheme_could_have_made_it(number: str, expected: bool) -> None:
    scheme = preset("category-sequence", allow_override="false")
    assert matcher(scheme, CHOICES)(number, "410") is expected
    assert fits(scheme, CHOICES["410"], number) is expected


@pytest.mark.parametrize("name", preset_names(PresetKind.NUMBERS))
@pytest.mark.parametrize("number", ["R 0805/10k", "№ 7", "410-1"])
def test_free_text_fits_where_it_may_be_typed(name: str, number: str) -> None:
    number_fits = matcher(scheme_from(preset_document(PresetKind.NUMBERS, name)), CHOICES)
    assert number_fits(number, "410")
    assert not number_fits(f" {number}", "410")
    assert not matcher(preset(name, allow_freeform="false"), CHOICES)(number, "410")


def test_a_hundred_thousand_numbers_are_looked_at_in_a_moment() -> None:
    scheme = preset("category-sequence-variant", allow_freeform="false")
    categories = [Choice(str(100 + number), f"Category {number}") for number in range(200)]
    choices = {each.code: ChoiceLists(categories, (), each.code) for each in categories}
    numbers = [(f"{100 + n % 200}-{n % 99_999 + 1:05}-{n % 100:02}", str(100 + n % 200)) for n in range(100_000)]
    began = time.process_time()
    number_fits = matcher(scheme, choices)
    assert all(number_fits(number, category) for number, category in numbers)
    assert not any(number_fits(f"X{number}", category) for number, category in numbers[:10_000])
    assert time.process_time() - began < 1.5  # seconds of CPU; half of one is usual


def test_a_list_of_five_thousand_values_is_one_pattern() -> None:
    values = tuple(ListValue(f"V{number}X") for number in range(5000))
    scheme = Scheme("1.0", Settings(), (ListElement("a", True, values), CounterElement("n", True, 0, 99, 2, False)), ())
    form = form_of(scheme, CHOICES["410"], Latitude.SCHEME, {})
    assert [form.verdict(number) for number in ("V0X00", "V4999X99", "V5000X00", "V17X1")] == [True, True, False, False]


# --- agreement with the parser --------------------------------------------------------------------------------------------------------

PATTERNS = [
    "^[A-Z]{1,3}$",
    r"^\w{1,10}$",
    "^[0-9]*$",
    "^[1-9][0-9]*$",
    "[A-C]",
    "^A|B$",
    "^(?:A|B)$",
    "^(?<x>A)B?$",
    "(?i)^ab$",
    "^a",
    r"\bA\b",
    "",
    "^(?!A).*$",
    r"^.{2,}$",
    r"^[^-]+$",
    r"^(\d)\1$",
]
TEXTS = ["A", "B", "AB", "-", ".", "1", "12", "410", "591", "42", "A-1", "RES", "0"]

rules = st.builds(TextRule, st.sampled_from(PATTERNS), st.sampled_from([1, 2, 3, 50, 100]))
flags = st.booleans()


@st.composite
def leaves(draw: st.DrawFn, path: str) -> Leaf:
    required, freeform = draw(flags), draw(st.none() | st.none() | rules)
    kind = draw(st.sampled_from(["constant", "list", "source", "decimal", "hex", "free"]))
    if kind == "constant":
        return ConstantElement(path, required, draw(st.sampled_from(["-", ".", "A", "1", "--"])), freeform)
    if kind == "list":
        values = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4, unique=True))
        return ListElement(path, required, tuple(map(ListValue, values)), freeform=freeform)
    if kind == "source":
        return ListElement(path, required, (), draw(st.sampled_from(list(ListSource))), freeform=freeform)
    if kind == "free":
        return FreeElement(path, required, draw(rules), freeform)
    low, high = sorted((draw(st.integers(0, 1200)), draw(st.integers(0, 1200))))
    width = len(f"{high:X}") if kind == "hex" else len(str(high))
    pattern = draw(st.none() | st.sampled_from(PATTERNS))
    return CounterElement(path, required, low, high, width + draw(st.integers(0, 1)), kind == "hex", pattern, freeform)


@st.composite
def elements(draw: st.DrawFn, prefix: str = "", depth: int = 0) -> tuple[Element, ...]:
    found: list[Element] = []
    for number in range(draw(st.integers(1, 4 if not depth else 3))):
        path = f"{prefix}e{number}"
        if depth < 2 and draw(st.integers(0, 4)) == 0:
            found.append(GroupElement(path, draw(flags), draw(elements(f"{path}/", depth + 1))))
        else:
            found.append(draw(leaves(path)))
    return tuple(found)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    made = draw(elements())
    allow_override = draw(flags)
    paths = [leaf.path for leaf in leaves_of(made)]
    overridable = frozenset(path for path in paths if allow_override and draw(st.integers(0, 2)))
    freeform = draw(st.just(TextRule("^X.*$")) | rules)
    return Scheme("1.0", Settings(allow_override, draw(flags), None, freeform), made, (), {}, overridable)


@st.composite
def numbers(draw: st.DrawFn, scheme: Scheme) -> str:
    """Texts of the elements in a row, some left out, some replaced: right, nearly right, and wrong."""
    found = ""
    for leaf in leaves_of(scheme.elements):
        usual = _texts_of(draw, leaf)
        found += draw(st.sampled_from([*usual, *usual, *usual, "", draw(st.sampled_from(TEXTS)), "ab", "0"]))
    return found + draw(st.sampled_from(["", "", "", "A", " ", "\n"]))


def _texts_of(draw: st.DrawFn, leaf: Leaf) -> Sequence[str]:
    if isinstance(leaf, ConstantElement):
        return [leaf.text]
    if isinstance(leaf, CounterElement):
        bounds = [leaf.minimum, leaf.maximum, draw(st.integers(leaf.minimum, leaf.maximum)), max(0, leaf.minimum - 1)]
        return [leaf.text_of(value) for value in [*bounds, leaf.maximum + 1]]
    if isinstance(leaf, FreeElement):
        return ["A", "AB", "B1", "ABCD", "1", "aB"]
    return [value.text for value in leaf.values] or ["410", "591", "RES"]


@given(schemes(), st.data())
@settings(max_examples=400, deadline=None)
def test_patterns_and_parser_agree(scheme: Scheme, data: st.DataObject) -> None:
    number_fits = matcher(scheme, CHOICES)
    for _ in range(5):
        number, category = data.draw(numbers(scheme)), data.draw(st.sampled_from(list(CHOICES)))
        assert number_fits(number, category) is fits(scheme, CHOICES[category], number)


@given(schemes(), st.data())
@settings(max_examples=200, deadline=None)
def test_what_fits_is_what_the_parser_and_the_settings_say(scheme: Scheme, data: st.DataObject) -> None:
    number, category = data.draw(numbers(scheme)), data.draw(st.sampled_from(list(CHOICES)))
    assert fits(scheme, CHOICES[category], number) is by_the_documents(scheme, CHOICES[category], number)


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 6000), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_range_is_exactly_its_numbers(one: int, other: int, value: int, hexadecimal: bool) -> None:
    low, high = sorted((one, other))
    width = len(f"{high:X}" if hexadecimal else str(high))
    counter = CounterElement("n", True, low, high, width, hexadecimal)
    form = form_of(Scheme("1.0", Settings(), (counter,), ()), CHOICES["410"], Latitude.SCHEME, {})
    for each in (value, low, high, low - 1, high + 1):
        if each >= 0:
            assert form.verdict(counter.text_of(each)) is (counter.value_of(counter.text_of(each)) is not None)
