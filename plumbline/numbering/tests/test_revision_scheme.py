import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kit.yaml_source import YamlDocument, load_yaml
from plumbline.numbering.errors import RevisionExhausted, RevisionInvalid, RevisionSchemeInvalid, StatusUnknown
from plumbline.numbering.revision_model import RevisionScheme
from plumbline.numbering.revision_scheme import (
    compare_revisions,
    first_revision,
    format_revision,
    is_revision,
    may_move,
    next_revision,
    parse_revision,
    revision_scheme_from,
)

# The parts of the API documents put together to one document.
DOCUMENTED = """
version: "1.0"
schema_type: "revision_scheme_config"
defaults:
  segments:
    integer: {min_value: 1, max_value: 999}
    letter: {min_value: "A", max_value: "ZZ"}
  delimiter: "."
  empty_value: "-"
status_order: ["Design", "Prototype", "Production", "Obsolete"]
schemes:
  - status: "Design"
    description: "While the design is young"
    segments:
      major: {type: "letter", delimiter: "", required: true}
      minor: {type: "integer", min_value: 1, max_value: 99, required: false}
    examples: ["A", "A.1"]
  - status: "Production"
    segments:
      major: {type: "letter", required: true, min_value: "A", max_value: "Z"}
      minor: {type: "integer", delimiter: ".", required: true}
    examples: ["A.1", "B.2", "C.10"]
  - status: "Obsolete"
    segments:
      major: {type: "either", delimiter: "", required: true}
validation:
  allowed_segment_types: ["integer", "letter", "either"]
  required_fields: ["status", "segments.major"]
  transitions:
    allowed:
      - from: "Design"
        to: ["Prototype", "Obsolete"]
      - from: "Prototype"
        to: ["Production", "Obsolete"]
blacklist:
  - "I"  # looks like 1
  - "O"
  - "Q"
  - "S"
"""

SMALL: dict[str, Any] = {
    "version": "1.0",
    "schema_type": "revision_scheme_config",
    "status_order": ["Design", "Production"],
    "schemes": [
        {
            "status": "Design",
            "segments": {"major": {"type": "letter"}, "minor": {"type": "integer"}},
            "examples": ["A", "A.1"],
        }
    ],
}


def document(source: object) -> YamlDocument:
    return load_yaml(source if isinstance(source, str) else json.dumps(source), "revisions.yaml")


def scheme_of(segments: dict[str, Any], *blacklist: str, status: str = "Design") -> RevisionScheme:
    more = {
        "status_order": [status],
        "schemes": [{"status": status, "segments": segments}],
        "blacklist": list(blacklist),
    }
    return revision_scheme_from(document({**SMALL, **more}))


def documented() -> RevisionScheme:
    return revision_scheme_from(document(DOCUMENTED))


def changed(change: Callable[[Any], object]) -> dict[str, Any]:
    source = deepcopy(SMALL)
    change(source)
    return source


def series(scheme: RevisionScheme, count: int, status: str = "Design", start: str | None = None) -> list[str]:
    found: list[str] = []
    current = start
    for _ in range(count):
        current = next_revision(scheme, status, current)
        found.append(current)
    return found


# --- reading and writing ------------------------------------------------------------------------------------------------------------


def test_the_documented_scheme_is_read() -> None:
    scheme = documented()
    assert scheme.status_order == ("Design", "Prototype", "Production", "Obsolete")
    assert scheme.empty_value == "-"
    assert scheme.blacklist == {"I", "O", "Q", "S"}
    assert scheme.transitions == {"Design": ("Prototype", "Obsolete"), "Prototype": ("Production", "Obsolete")}


def test_transitions_and_blacklist_may_stand_at_the_top_or_under_validation() -> None:
    transitions = {"allowed": [{"from": "Design", "to": ["Production"]}]}
    at_top = revision_scheme_from(document({**SMALL, "transitions": transitions, "blacklist": ["I"]}))
    under = revision_scheme_from(document({**SMALL, "validation": {"transitions": transitions, "blacklist": ["I"]}}))
    assert at_top == under


def test_transitions_say_which_status_may_follow() -> None:
    scheme = documented()
    assert may_move(scheme, "Design", "Prototype")
    assert may_move(scheme, "Design", "Design")
    assert not may_move(scheme, "Design", "Production")
    assert not may_move(scheme, "Obsolete", "Design")
    assert may_move(revision_scheme_from(document(SMALL)), "Production", "Design")


@pytest.mark.parametrize(
    ("status", "text", "values"),
    [
        ("Design", "A", ("A",)),
        ("Design", "A.1", ("A", "1")),
        ("Design", "ZZ.99", ("ZZ", "99")),
        ("Prototype", "B.2", ("B", "2")),
        ("Production", "C.10", ("C", "10")),
        ("Obsolete", "7", ("7",)),
        ("Obsolete", "B", ("B",)),
    ],
)
def test_a_revision_is_taken_apart_by_its_status(status: str, text: str, values: tuple[str, ...]) -> None:
    scheme = documented()
    assert parse_revision(scheme, status, text).values == values
    names = [segment.name for segment in scheme.for_status(status).segments]
    assert format_revision(scheme, status, dict(zip(names, values, strict=False))) == text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("Design", ""),
        ("Design", "-"),
        ("Design", "a"),
        ("Design", "1"),
        ("Design", "I"),
        ("Design", "AO"),
        ("Design", "AAA"),
        ("Design", "A."),
        ("Design", "A.0"),
        ("Design", "A.100"),
        ("Design", "A.01"),
        ("Design", "A1"),
        ("Design", "A.1.1"),
        ("Design", "A.1 "),
        ("Production", "A"),
        ("Production", "AA.1"),
        ("Obsolete", "A1"),
        ("Obsolete", "0"),
    ],
)
def test_what_is_no_revision_is_refused(status: str, text: str) -> None:
    with pytest.raises(RevisionInvalid) as caught:
        parse_revision(documented(), status, text)
    assert caught.value.expected


def test_a_refusal_shows_what_is_expected() -> None:
    with pytest.raises(RevisionInvalid) as caught:
        parse_revision(documented(), "Design", "1")
    assert caught.value.expected == "A..ZZ[.1..99] without I, O, Q, S"


@pytest.mark.parametrize("values", [{}, {"minor": "1"}, {"major": "I"}, {"major": "A", "patch": "1"}, {"major": "A.1"}])
def test_values_that_make_no_revision_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(RevisionInvalid):
        format_revision(documented(), "Design", values)


def test_a_status_without_a_scheme_uses_that_of_the_nearest_before_it() -> None:
    scheme = documented()
    assert scheme.for_status("Prototype").status == "Design"
    later = revision_scheme_from(document({**SMALL, "status_order": ["Idea", "Design", "Production"]}))
    assert later.for_status("Idea").status == "Design"
    with pytest.raises(StatusUnknown) as caught:
        scheme.for_status("Protoype")
    assert caught.value.hint == "Did you mean 'Prototype'?"


def test_a_delimiter_may_stand_before_the_first_segment() -> None:
    scheme = scheme_of({"major": {"type": "integer", "delimiter": "R"}})
    assert series(scheme, 2) == ["R1", "R2"]


def test_letters_and_numbers_may_touch() -> None:
    scheme = scheme_of({"major": {"type": "letter"}, "minor": {"type": "integer", "delimiter": "", "required": True}})
    assert parse_revision(scheme, "Design", "AB12").values == ("AB", "12")
    assert series(scheme, 2) == ["A1", "A2"]


# --- the next one -----------------------------------------------------------------------------------------------------------------


def test_letters_go_on_without_the_barred_ones() -> None:
    found = series(documented(), 24)
    assert found[:9] == ["A", "B", "C", "D", "E", "F", "G", "H", "J"]
    assert found[21:] == ["Z", "AA", "AB"]


@pytest.mark.parametrize("nothing", [None, "", "-"])
def test_without_a_revision_the_first_one_comes(nothing: str | None) -> None:
    scheme = documented()
    assert next_revision(scheme, "Design", nothing) == first_revision(scheme, "Design") == "A"
    assert next_revision(scheme, "Production", nothing) == "A.1"


@pytest.mark.parametrize(
    ("status", "current", "segment", "expected"),
    [
        ("Design", "A", None, "B"),
        ("Design", "A.1", None, "A.2"),
        ("Design", "A.99", None, "B.1"),
        ("Design", "A", "minor", "A.1"),
        ("Design", "A.3", "major", "B"),
        ("Production", "A.9", None, "A.10"),
        ("Production", "H.999", None, "J.1"),
        ("Production", "A.9", "major", "B.1"),
        ("Obsolete", "999", None, "A"),
        ("Obsolete", "H", None, "J"),
        # Entering a status whose revisions look different.
        ("Production", "C", None, "C.1"),
        ("Production", "3", None, "A.1"),
        ("Production", "C.1.2", None, "C.2"),
        ("Production", "PRE-1", None, "A.1"),
        ("Obsolete", "B.7", None, "C"),
        ("Obsolete", "Z.7", None, "AA"),
    ],
)
def test_the_next_revision(status: str, current: str, segment: str | None, expected: str) -> None:
    assert next_revision(documented(), status, current, segment) == expected


def test_an_unknown_segment_is_refused() -> None:
    with pytest.raises(RevisionInvalid, match="'patch'"):
        next_revision(documented(), "Design", "A", "patch")


def test_the_end_of_the_range_is_a_refusal() -> None:
    scheme = documented()
    with pytest.raises(RevisionExhausted, match=r"after Z\.999"):
        next_revision(scheme, "Production", "Z.999")
    with pytest.raises(RevisionExhausted):
        next_revision(scheme_of({"major": {"type": "letter", "max_value": "C"}}, "C"), "Design", "B")


def test_where_an_either_segment_begins() -> None:
    assert first_revision(scheme_of({"id": {"type": "either"}}), "Design") == "A"
    assert first_revision(scheme_of({"id": {"type": "either", "min_value": 1, "max_value": 2}}), "Design") == "1"
    scheme = scheme_of({"id": {"type": "either", "min_value": 1, "max_value": 2}})
    assert series(scheme, 4) == ["1", "2", "A", "B"]


@pytest.mark.parametrize(
    ("segments", "blacklist", "count", "expected"),
    [
        ({"n": {"type": "integer"}}, ["4"], 5, ["1", "2", "3", "5", "6"]),
        ({"n": {"type": "integer", "min_value": 38}}, ["4"], 3, ["38", "39", "50"]),
        ({"n": {"type": "integer", "min_value": 9}}, ["1"], 3, ["9", "20", "22"]),
        ({"n": {"type": "integer"}}, ["13"], 14, [str(n) for n in range(1, 16) if n != 13]),
        ({"n": {"type": "letter", "min_value": "Y"}}, ["A"], 4, ["Y", "Z", "BB", "BC"]),
        ({"n": {"type": "letter", "min_value": "AY"}}, ["B"], 3, ["AY", "AZ", "CA"]),
        ({"n": {"type": "letter"}}, ["BC", "B"], 2, ["A", "C"]),
    ],
)
def test_the_blacklist_bars_characters_and_whole_values(
    segments: Any, blacklist: list[str], count: int, expected: list[str]
) -> None:
    assert series(scheme_of(segments, *blacklist), count) == expected


def test_a_long_barred_stretch_is_passed_at_once() -> None:
    scheme = scheme_of({"n": {"type": "integer", "max_value": 999_999_999}}, "1")
    assert next_revision(scheme, "Design", "99999999") == "200000000"
    letters = scheme_of({"n": {"type": "letter", "max_value": "ZZZZZ"}}, "A")
    assert next_revision(letters, "Design", "ZZZZ") == "BBBBB"


# --- faults -----------------------------------------------------------------------------------------------------------------------


def major(**changes: Any) -> Callable[[Any], object]:
    return lambda s: s["schemes"][0]["segments"]["major"].update(changes)


def minor(**changes: Any) -> Callable[[Any], object]:
    return lambda s: s["schemes"][0]["segments"]["minor"].update(changes)


SEGMENTS = ("schemes", 0, "segments")


@pytest.mark.parametrize(
    ("change", "path", "word"),
    [
        (lambda s: s.update(version="x"), ("version",), "'x'"),
        (lambda s: s.update(schema_type="revisions"), ("schema_type",), "'revisions'"),
        (lambda s: s.update(scheme=[]), ("scheme",), "means nothing"),
        (lambda s: s.pop("schemes"), ("schemes",), "missing"),
        (lambda s: s.update(schemes=[]), ("schemes",), "0 entries"),
        (lambda s: s.update(status_order=["Design", "Design"]), ("status_order", 1), "twice"),
        (lambda s: s["schemes"][0].update(status="Desing"), ("schemes", 0, "status"), "'Desing'"),
        (lambda s: s["schemes"].append(s["schemes"][0]), ("schemes", 1, "status"), "two schemes"),
        (lambda s: s["schemes"][0].update(segments={}), SEGMENTS, "0 entries"),
        (lambda s: s["schemes"][0].pop("segments"), SEGMENTS, "missing"),
        (lambda s: s["schemes"][0].update(examples=["A.0"]), ("schemes", 0, "examples", 0), "'A.0'"),
        (major(type="letters"), (*SEGMENTS, "major", "type"), "'letters'"),
        (major(required=False), (*SEGMENTS, "major", "required"), "first segment"),
        (major(min_value="a"), (*SEGMENTS, "major", "min_value"), "'a'"),
        (major(min_value=1), (*SEGMENTS, "major", "min_value"), "cannot bound letters"),
        (major(min_value="ZZ", max_value="B"), (*SEGMENTS, "major", "min_value"), "comes after"),
        (major(max_value="ZZZZZZ"), (*SEGMENTS, "major", "max_value"), "ZZZZZZ"),
        (major(delimeter="."), (*SEGMENTS, "major", "delimeter"), "means nothing"),
        (minor(min_value=5, max_value=4), (*SEGMENTS, "minor", "min_value"), "greater"),
        (minor(min_value=-1), (*SEGMENTS, "minor", "min_value"), "-1"),
        (minor(max_value="9"), (*SEGMENTS, "minor", "max_value"), "'9'"),
        (minor(delimiter=" "), (*SEGMENTS, "minor", "delimiter"), "cannot be seen"),
        (minor(delimiter="R"), (*SEGMENTS, "minor", "delimiter"), "Nothing shows"),
        (minor(type="letter", delimiter=""), (*SEGMENTS, "minor", "delimiter"), "Nothing shows"),
        (lambda s: s.update(blacklist=["?"]), ("blacklist", 0), "'?'"),
        (lambda s: s.update(blacklist=list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), SEGMENTS, "no revision at all"),
        (
            lambda s: s.update(defaults={"segments": {"letters": {}}}),
            ("defaults", "segments", "letters"),
            "means nothing",
        ),
        (
            lambda s: s.update(validation={"allowed_segment_types": ["letter"]}),
            (*SEGMENTS, "minor", "type"),
            "'integer'",
        ),
        (
            lambda s: s.update(validation={"allowed_segment_types": ["number"]}),
            ("validation", "allowed_segment_types", 0),
            "'number'",
        ),
        (
            lambda s: s.update(validation={"required_fields": ["segments.patch"]}),
            ("schemes", 0, "segments"),
            "segments.patch",
        ),
        (
            lambda s: s.update(transitions={"allowed": [{"from": "Design", "to": ["Prod"]}]}),
            ("transitions", "allowed", 0, "to", 0),
            "'Prod'",
        ),
    ],
)
def test_a_fault_is_named_with_its_path(
    change: Callable[[Any], object], path: tuple[str | int, ...], word: str
) -> None:
    with pytest.raises(RevisionSchemeInvalid) as caught:
        revision_scheme_from(document(changed(change)))
    found = [caught.value, *caught.value.also]
    assert path in [fault.path for fault in found]
    assert any(word in fault.message for fault in found if fault.path == path)


def test_all_faults_come_at_once_and_say_where_they_stand() -> None:
    text = (
        DOCUMENTED.replace('version: "1.0"', "version: 2.0")
        .replace('type: "either"', 'type: "both"')
        .replace('"Q"', '"?"')
    )
    with pytest.raises(RevisionSchemeInvalid) as caught:
        revision_scheme_from(document(text))
    places = [fault.message.partition(": ")[0] for fault in (caught.value, *caught.value.also)]
    assert places == ["revisions.yaml:2:10", "revisions.yaml:25:21", "revisions.yaml:38:5"]


# --- properties -------------------------------------------------------------------------------------------------------------------------


@st.composite
def schemes(draw: st.DrawFn) -> RevisionScheme:
    segments: dict[str, Any] = {}
    kinds = ["letter", "integer", "either"]
    for index in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(kinds))
        segment: dict[str, Any] = {"type": kind, "delimiter": draw(st.sampled_from([".", "-", "/"])) if index else ""}
        if kind == "letter":
            segment["max_value"] = draw(st.sampled_from(["C", "Z", "ZZ", "ZZZ"]))
        if kind == "integer":
            segment.update(min_value=draw(st.integers(0, 3)), max_value=draw(st.integers(3, 200)))
        segments[f"s{index}"] = segment
    required = draw(st.integers(0, len(segments)))
    for index, segment in enumerate(segments.values()):
        segment["required"] = index <= required
    blacklist = draw(st.lists(st.sampled_from(["I", "O", "Q", "S", "B", "4", "7", "AB", "13"]), unique=True))
    return scheme_of(segments, *blacklist)


@given(schemes(), st.integers(1, 60), st.data())
@settings(max_examples=150, deadline=None)
def test_every_step_is_a_revision_after_the_one_before_and_never_barred(
    scheme: RevisionScheme, steps: int, data: st.DataObject
) -> None:
    current: str | None = None
    names = [segment.name for segment in scheme.for_status("Design").segments]
    for _ in range(steps):
        segment = data.draw(st.none() | st.sampled_from(names))
        try:
            following = next_revision(scheme, "Design", current, segment)
        except RevisionExhausted:
            return
        read = parse_revision(scheme, "Design", following)
        assert not any(scheme.bars(value) for value in read.values)
        assert format_revision(scheme, "Design", dict(zip(names, read.values, strict=False))) == following
        assert current is None or compare_revisions(following, current) == 1
        current = following


@given(schemes(), st.text("ABIZ0149.-/", max_size=8))
@settings(max_examples=200, deadline=None)
def test_from_any_text_there_is_a_next_revision_or_a_refusal(scheme: RevisionScheme, current: str) -> None:
    try:
        following = next_revision(scheme, "Design", current)
    except RevisionExhausted:
        return
    assert is_revision(scheme, "Design", following)


@given(schemes(), st.text("ABIZ0149.-/", min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_what_is_read_is_written_back(scheme: RevisionScheme, text: str) -> None:
    if is_revision(scheme, "Design", text):
        read = parse_revision(scheme, "Design", text)
        names = [segment.name for segment in scheme.for_status("Design").segments]
        assert format_revision(scheme, "Design", dict(zip(names, read.values, strict=False))) == text


def test_no_revision_is_left_out_between_the_first_and_the_last() -> None:
    scheme = scheme_of(
        {"major": {"type": "letter", "max_value": "C"}, "minor": {"type": "integer", "max_value": 3, "required": True}},
        "B",
        "2",
    )
    found = series(scheme, 4)
    assert found == ["A.1", "A.3", "C.1", "C.3"]
    with pytest.raises(RevisionExhausted):
        next_revision(scheme, "Design", "C.3")
