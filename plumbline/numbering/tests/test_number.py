import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kit.yaml_source import load_yaml
from plumbline.numbering.counter_scopes import Claim, CounterScope, claims_of, occupied
from plumbline.numbering.errors import (
    CounterExhausted,
    ElementUnknown,
    ElementValueInvalid,
    ElementValueMissing,
    NumberTaken,
    OverrideInvalid,
    OverrideNotAllowed,
)
from plumbline.numbering.model import Choice, ChoiceLists, CounterElement, Scheme
from plumbline.numbering.number import IssuedNumber, format_number, next_number, plan_number
from plumbline.numbering.number_parsing import Latitude, parse
from plumbline.numbering.scheme import scheme_from

NONE = ChoiceLists()
CAPITALS = {"pattern": "^[A-Z]{1,3}$"}
LIBRARY = [Choice("410", "Screws"), Choice("591", "Resistors")]


def scheme_of(*elements: dict[str, Any], examples: list[str], **settings: object) -> Scheme:
    head = {"version": "1.0", "schema_type": "id_generation_scheme"}
    source = {**head, "settings": settings, "elements": list(elements), "examples": examples}
    return scheme_from(load_yaml(json.dumps(source, ensure_ascii=False)))


def listed(name: str, *values: object, **more: object) -> dict[str, Any]:
    return {"type": "list", "name": name, "required": True, "values": list(values), **more}


def counter(name: str, low: int, high: int, *attached: str, **more: object) -> dict[str, Any]:
    bounds = {"min_value": low, "max_value": high}
    return {
        "type": "numeric_counter",
        "name": name,
        "required": True,
        "attachedTo": list(attached),
        "format": bounds,
        **more,
    }


def hex_counter(name: str, low: str, high: str, *attached: str) -> dict[str, Any]:
    bounds = {"min_value": low, "max_value": high}
    return {"type": "hex_counter", "name": name, "required": True, "attachedTo": list(attached), "format": bounds}


def constant(text: str, name: str = "dash", **more: object) -> dict[str, Any]:
    return {"type": "constant", "name": name, "value": text, **more}


def free(name: str, pattern: str, **more: object) -> dict[str, Any]:
    return {"type": "free", "name": name, "validation": {"pattern": pattern}, **more}


def group(name: str, *elements: dict[str, Any], required: bool = False, **more: object) -> dict[str, Any]:
    return {"type": "group", "name": name, "required": required, "elements": list(elements), **more}


def prefix_and_sequence(**settings: object) -> Scheme:
    return scheme_of(
        listed("prefix", "100", "101"),
        constant("-"),
        counter("sequence", 1, 99999, "prefix"),
        examples=["100-00001"],
        **settings,
    )


def with_variant(**settings: object) -> Scheme:
    return scheme_of(
        listed("category", "410", "591"),
        constant("-"),
        counter("sequence", 1, 9999, "category"),
        constant("-", "dash2"),
        listed(
            "variant",
            "A",
            "B",
            "C",
            attachedTo=["category", "sequence"],
            allow_freeform=True,
            freeform_validation=CAPITALS,
        ),
        examples=["410-0001-A"],
        **settings,
    )


def with_free_variant(**settings: object) -> Scheme:
    return scheme_of(
        listed("prefix", "123"),
        constant("-"),
        counter("sequence", 1, 9999, "prefix"),
        group("variant group", constant(".", "separator"), free("variant", r"^\w{1,10}$")),
        examples=["123-4567"],
        **{"allow_override": True, **settings},
    )


@dataclass
class Ledger:
    """What the database will be: the last value of every scope, and every number that exists."""

    scheme: Scheme
    choices: ChoiceLists = NONE
    last: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def issue(self, **wishes: Any) -> str:
        issued = self.issued(**wishes)
        self.last.update({scope.key: value for scope, value in issued.counters})
        self.taken.add(issued.text)
        return issued.text

    def issued(self, **wishes: Any) -> IssuedNumber:
        plan = plan_number(self.scheme, self.choices, **wishes)
        return next_number(plan, lambda scope: self.last.get(scope.key), self.taken.__contains__)


def read(scheme: Scheme, text: str, choices: ChoiceLists | None = NONE) -> Mapping[str, str]:
    return parse(scheme, choices, text)[0].values


# --- counting -------------------------------------------------------------------------------------------------------------------


def test_every_prefix_counts_for_itself() -> None:
    ledger = Ledger(prefix_and_sequence())
    assert [ledger.issue(picks={"prefix": prefix}) for prefix in ("100", "100", "100", "101", "100")] == [
        "100-00001",
        "100-00002",
        "100-00003",
        "101-00001",
        "100-00004",
    ]
    assert ledger.last == {"sequence[prefix=100]": 4, "sequence[prefix=101]": 1}


def test_an_unattached_counter_counts_across_all_prefixes() -> None:
    scheme = scheme_of(listed("prefix", "A", "B"), counter("sequence", 1, 99), examples=["A01"])
    ledger = Ledger(scheme)
    assert [ledger.issue(picks={"prefix": prefix}) for prefix in "ABA"] == ["A01", "B02", "A03"]
    assert ledger.last == {"sequence": 3}


def test_hexadecimal_counts_in_upper_case_of_fixed_width() -> None:
    ledger = Ledger(scheme_of(constant("TMP-", required=True), hex_counter("n", "08", "FF"), examples=["TMP-FE"]))
    assert [ledger.issue() for _ in range(9)][-3:] == ["TMP-0E", "TMP-0F", "TMP-10"]


def test_a_counter_ends_with_a_refusal() -> None:
    ledger = Ledger(scheme_of(counter("n", 0, 2), examples=["0"]))
    assert [ledger.issue() for _ in range(3)] == ["0", "1", "2"]
    with pytest.raises(CounterExhausted, match="after 2"):
        ledger.issue()


def test_a_counter_with_a_pattern_gives_out_matching_values_only() -> None:
    scheme = scheme_of(counter("n", 1, 99999, validation={"pattern": "^[1-9][0-9]{4}$"}), examples=["10000"])
    ledger = Ledger(scheme)
    assert [ledger.issue() for _ in range(2)] == ["10000", "10001"]
    assert parse(scheme, NONE, "00001") == ()


def test_a_typed_number_in_the_way_is_skipped() -> None:
    ledger = Ledger(prefix_and_sequence(allow_override=True))
    ledger.issue(number="100-00002")
    assert [ledger.issue(picks={"prefix": "100"}) for _ in range(2)] == ["100-00001", "100-00003"]


def test_two_counters_go_on_like_an_odometer_past_taken_numbers() -> None:
    scheme = scheme_of(counter("n", 1, 9), constant("-"), counter("v", 0, 1, "n"), examples=["1-0"])
    ledger = Ledger(scheme, taken={"1-0", "1-1", "2-0"})
    issued = ledger.issued()
    assert issued.text == "2-1"
    assert [(scope.key, value) for scope, value in issued.counters] == [("n", 2), ("v[n=2]", 1)]


def test_a_counter_may_depend_on_one_that_stands_behind_it() -> None:
    scheme = scheme_of(counter("copy", 1, 9, "base"), constant("/", "slash"), counter("base", 1, 9), examples=["1/1"])
    plan = plan_number(scheme, NONE)
    first = plan.next_scope({})
    assert first is not None
    assert first.key == "base"
    second = plan.next_scope({"base": 4})
    assert second is not None
    assert second.key == "copy[base=4]"
    assert plan.next_scope({"base": 4, "copy": 2}) is None
    assert format_number(plan, {"base": 4, "copy": 2}) == "2/4"


def test_when_all_numbers_of_a_scope_are_taken_it_is_exhausted() -> None:
    ledger = Ledger(scheme_of(counter("n", 1, 3), examples=["1"]), taken={"1", "2", "3"})
    with pytest.raises(CounterExhausted):
        ledger.issue()


def test_a_number_without_counters_can_only_be_taken_once() -> None:
    ledger = Ledger(scheme_of(listed("a", "X", "Y"), examples=["X"]))
    assert ledger.issue(picks={"a": "X"}) == "X"
    with pytest.raises(NumberTaken, match="'X'"):
        ledger.issue(picks={"a": "X"})


def test_scope_keys_of_different_contexts_differ() -> None:
    scheme = scheme_of(
        listed("a", "1", "1,b=2", allow_freeform=True),
        constant("-"),
        listed("b", "2", "3", required=False),
        counter("n", 1, 9, "a", "b"),
        examples=["1-21"],
    )
    keys = {
        Ledger(scheme).issued(picks=picks).counters[0][0].key
        for picks in ({"a": "1", "b": "2"}, {"a": "1,b=2"}, {"a": "1,b=2", "b": "2"})
    }
    assert keys == {"n[a=1,b=2]", "n[a=1%2Cb%3D2,b]", "n[a=1%2Cb%3D2,b=2]"}


# --- lists and variants -----------------------------------------------------------------------------------------------------------


def test_a_pick_may_name_the_text_the_id_or_the_name() -> None:
    values = [
        {"id": "Category100", "name": "Screws", "value": "100"},
        {"id": "Category101", "name": "Nuts", "value": "101"},
    ]
    scheme = scheme_of(listed("prefix", *values), constant("-"), counter("n", 1, 9, "prefix"), examples=["100-1"])
    assert [Ledger(scheme).issue(picks={"prefix": pick}) for pick in ("101", "Category101", "Nuts")] == ["101-1"] * 3


def test_a_list_of_categories_takes_the_components_own() -> None:
    scheme = scheme_of(
        {**listed("category"), "values": "${{ duro.categories }}"},
        constant("-"),
        counter("n", 1, 999, "category"),
        examples=["410-001"],
    )
    assert Ledger(scheme, ChoiceLists(LIBRARY, category="591")).issue() == "591-001"
    assert Ledger(scheme, ChoiceLists(LIBRARY, category="591")).issue(picks={"category": "Screws"}) == "410-001"


def test_a_list_of_families_takes_the_components_own() -> None:
    scheme = scheme_of({**listed("f"), "values": "${{ duro.families }}"}, counter("n", 1, 99), examples=["RES01"])
    families = [Choice("RES", "Resistors"), Choice("CAP", "Capacitors")]
    assert Ledger(scheme, ChoiceLists(families=families, family="CAP")).issue() == "CAP01"


def test_a_category_that_the_list_refuses_is_not_offered() -> None:
    template = {**listed("c", validation={"pattern": r"^\d{3}$"}), "values": "${{ duro.categories }}"}
    scheme = scheme_of(template, counter("n", 1, 9), examples=["4101"])
    choices = ChoiceLists([*LIBRARY, Choice("MISC", "Rest")], category="MISC")
    with pytest.raises(ElementValueMissing) as caught:
        Ledger(scheme, choices).issue()
    assert caught.value.expected == "one of 410, 591"
    assert "'MISC'" in str(caught.value.hint)


def test_a_list_without_pick_or_reason_asks_for_a_value() -> None:
    with pytest.raises(ElementValueMissing) as caught:
        plan_number(prefix_and_sequence(), NONE)
    assert caught.value.path == ("prefix",)
    assert caught.value.expected == "one of 100, 101"


def test_a_value_in_no_list_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ElementValueInvalid) as caught:
        plan_number(with_variant(), NONE, picks={"category": "592"})
    assert caught.value.hint == "Did you mean '591'?"


def test_an_unknown_element_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ElementUnknown) as caught:
        plan_number(prefix_and_sequence(), NONE, picks={"prefx": "100"})
    assert caught.value.hint == "Did you mean 'prefix'?"


def test_all_refusals_come_at_once() -> None:
    with pytest.raises(ElementValueInvalid) as caught:
        plan_number(with_variant(), NONE, picks={"category": "x", "variant": "y"}, overrides={"sequence": "0001"})
    assert [refusal.path for refusal in caught.value.also] == [("variant",), ("sequence",), ("category",)]


def test_variants_of_one_base_are_given_out_in_order() -> None:
    ledger = Ledger(with_variant(allow_override=True))
    assert ledger.issue(picks={"category": "410"}) == "410-0001-A"
    assert ledger.issue(picks={"category": "410"}) == "410-0002-A"
    again = {"picks": {"category": "410"}, "overrides": {"sequence": "0001"}}
    assert [ledger.issue(**again) for _ in range(2)] == ["410-0001-B", "410-0001-C"]
    with pytest.raises(CounterExhausted, match="'variant'"):
        ledger.issue(**again)


def test_a_picked_variant_is_skipped_later() -> None:
    ledger = Ledger(with_variant(allow_override=True))
    base = {"category": "410"}
    assert ledger.issue(picks={**base, "variant": "B"}) == "410-0001-B"
    assert [ledger.issue(picks=base, overrides={"sequence": "0001"}) for _ in range(2)] == ["410-0001-A", "410-0001-C"]


def test_a_variant_claims_its_value_within_its_base() -> None:
    claims = claims_of(with_variant(), NONE, "410-0001-B")
    assert claims == (Claim("variant", "variant[category=410,sequence=0001]", "B"),)
    assert claims_of(with_variant(), NONE, "something else") == ()


# --- optional parts -----------------------------------------------------------------------------------------------------------------


def test_an_optional_group_is_written_when_something_in_it_is_typed() -> None:
    ledger = Ledger(with_free_variant())
    assert [ledger.issue(), ledger.issue(picks={"variant": "TEST1"})] == ["123-0001", "123-0002.TEST1"]


def test_an_optional_group_can_be_asked_for() -> None:
    scheme = scheme_of(counter("n", 1, 9), group("tail", constant("/"), counter("t", 1, 9, "n")), examples=["1", "1/1"])
    ledger = Ledger(scheme)
    assert [ledger.issue(), ledger.issue(include=["tail"])] == ["1", "2/1"]


def test_a_delimiter_goes_with_what_it_separates() -> None:
    scheme = scheme_of(
        counter("n", 1, 9),
        constant("-"),
        listed("color", "R", "G", required=False),
        listed("size", "S", "L", required=False),
        examples=["1", "1-R", "1-L", "1-RL"],
    )
    ledger = Ledger(scheme)
    assert ledger.issue() == "1"
    assert ledger.issue(picks={"size": "L"}) == "2-L"
    assert ledger.issue(picks={"size": "L", "color": "R"}) == "3-RL"
    assert parse(scheme, NONE, "1-") == ()
    assert parse(scheme, NONE, "1R") == ()


def test_required_text_within_an_optional_group_is_asked_for_with_the_group() -> None:
    scheme = scheme_of(
        counter("n", 1, 9),
        group("g", constant("."), free("f", "^x$", required=True)),
        examples=["1.x"],
        allow_override=True,
    )
    assert Ledger(scheme).issue() == "1"
    with pytest.raises(ElementValueMissing, match="'g/f'"):
        Ledger(scheme).issue(include=["g"])


def test_names_in_groups_are_reached_by_path() -> None:
    part = (constant("."), free("f", "^[a-z]$"))
    scheme = scheme_of(counter("n", 1, 9), group("g", *part), group("h", *part), examples=["1"], allow_override=True)
    assert Ledger(scheme).issue(picks={"h/f": "x"}) == "1.x"
    with pytest.raises(ElementUnknown, match="several"):
        Ledger(scheme).issue(picks={"f": "x"})


def test_a_number_of_nothing_is_refused() -> None:
    with pytest.raises(ElementValueMissing, match="Nothing"):
        plan_number(scheme_of(listed("a", "X", "Y", required=False), examples=["X"]), NONE)


# --- overrides by the settings ------------------------------------------------------------------------------------------------------

TYPED = {
    "whole, by the scheme": {"number": "410-0007-A"},
    "whole, free": {"number": "Old_Number-7"},
    "one element": {"picks": {"category": "410"}, "overrides": {"variant": "B"}},
    "one element, free": {"picks": {"category": "410"}, "overrides": {"variant": "ZZ"}},
    "another element": {"picks": {"category": "410"}, "overrides": {"sequence": "0007"}},
    "another element, free": {"picks": {"category": "410"}, "overrides": {"sequence": "7"}},
}
ALLOWED = {
    (False, False, None): set(),
    (False, True, None): set(),
    (True, False, None): {"whole, by the scheme", "one element", "one element, free", "another element"},
    (True, False, ("variant",)): {"one element", "one element, free"},
    (True, True, None): {"whole, by the scheme", "whole, free", "one element", "one element, free", "another element"},
    (True, True, ("variant",)): {"whole, by the scheme", "whole, free", "one element", "one element, free"},
}


@pytest.mark.parametrize("rights", ALLOWED, ids=str)
def test_the_settings_say_what_may_be_typed(rights: tuple[bool, bool, tuple[str, ...] | None]) -> None:
    allow_override, allow_freeform, elements = rights
    more = {} if elements is None else {"override_elements": list(elements)}
    scheme = with_variant(allow_override=allow_override, allow_freeform=allow_freeform, **more)
    allowed = set()
    for name, wishes in TYPED.items():
        try:
            Ledger(scheme).issue(**wishes)
            allowed.add(name)
        except (OverrideNotAllowed, OverrideInvalid):
            pass
    assert allowed == ALLOWED[rights]


def test_without_the_right_the_refusal_says_so() -> None:
    with pytest.raises(OverrideNotAllowed, match="by hand"):
        plan_number(with_variant(), NONE, number="410-0007-A")
    with pytest.raises(OverrideNotAllowed) as caught:
        plan_number(with_variant(allow_override=True, override_elements=["variant"]), NONE, number="410-0007-A")
    assert caught.value.expected == "an override of variant"


def test_a_number_against_the_scheme_is_refused_with_its_shape() -> None:
    with pytest.raises(OverrideInvalid) as caught:
        plan_number(with_variant(allow_override=True), NONE, number="410-7")
    assert caught.value.expected == "{category}-{sequence 0001..9999}-{variant}"


def test_free_numbers_obey_the_rule_of_the_settings() -> None:
    rule = {"pattern": r"^[A-Z]{2,4}-\d{4,6}$", "max_length": 8, "description": "capitals and digits"}
    scheme = with_variant(
        allow_override=True, allow_freeform=True, override_elements=["variant"], freeform_validation=rule
    )
    assert Ledger(scheme).issue(number="AB-12345") == "AB-12345"
    for refused in ("AB-123456", "ab-1234", "410-0001-A"):
        with pytest.raises(OverrideInvalid) as caught:
            plan_number(scheme, NONE, number=refused)
        assert caught.value.expected == "capitals and digits"


@pytest.mark.parametrize("text", ["", " A", "A ", "A\n", "A\x00", "A\u200bB", "x" * 101])
def test_no_number_has_characters_that_cannot_be_seen(text: str) -> None:
    scheme = prefix_and_sequence(
        allow_override=True, allow_freeform=True, freeform_validation={"pattern": "", "max_length": 100}
    )
    with pytest.raises(OverrideInvalid):
        plan_number(scheme, NONE, number=text)


def test_nor_has_a_single_element() -> None:
    scheme = scheme_of(counter("n", 1, 9), group("g", free("f", "")), examples=["1"], allow_override=True)
    for text in ("a\n", " a", ""):
        with pytest.raises(OverrideInvalid):
            plan_number(scheme, NONE, picks={"f": text})


def test_a_typed_number_must_not_contradict_what_was_picked() -> None:
    scheme = with_variant(allow_override=True)
    with pytest.raises(OverrideInvalid, match="something else"):
        plan_number(scheme, NONE, picks={"category": "591"}, number="410-0001-A")
    with pytest.raises(OverrideInvalid, match="something else"):
        plan_number(scheme, ChoiceLists(category="591"), number="410-0001-A")
    assert plan_number(scheme, ChoiceLists(category="410"), number="410-0001-A").number == "410-0001-A"


def test_a_whole_number_and_single_elements_exclude_each_other() -> None:
    with pytest.raises(OverrideInvalid, match="Both"):
        plan_number(with_variant(allow_override=True), NONE, number="410-0001-A", overrides={"variant": "B"})


def test_free_text_needs_the_right_to_override_but_no_place_in_the_list() -> None:
    assert Ledger(with_free_variant(override_elements=["prefix"])).issue(picks={"variant": "A"}) == "123-0001.A"
    with pytest.raises(OverrideNotAllowed):
        plan_number(with_free_variant(allow_override=False), NONE, picks={"variant": "A"})
    with pytest.raises(OverrideInvalid, match="'A-B'"):
        plan_number(with_free_variant(), NONE, picks={"variant": "A-B"})


def test_a_pick_beyond_the_list_counts_as_an_override() -> None:
    plan = plan_number(with_variant(allow_override=True), NONE, picks={"category": "410", "variant": "ZZ"})
    assert plan.overridden == {"variant"}
    with pytest.raises(ElementValueInvalid):
        plan_number(with_variant(), NONE, picks={"category": "410", "variant": "ZZ"})


def test_a_custom_category_is_refused_where_the_list_is_strict() -> None:
    scheme = with_variant(allow_override=True, override_elements=["category", "variant"])
    with pytest.raises(OverrideInvalid) as caught:
        plan_number(scheme, NONE, overrides={"category": "CHEM"})
    assert caught.value.expected == "one of 410, 591"


def test_a_number_that_would_be_too_long_is_refused() -> None:
    parts = [group(f"g{n}", free("f", "^x+$")) for n in range(3)]
    scheme = scheme_of(counter("n", 1, 9), *parts, examples=["1"], allow_override=True)
    with pytest.raises(ElementValueInvalid, match="121 characters"):
        Ledger(scheme).issue(picks={f"g{n}/f": "x" * 40 for n in range(3)})


# --- reading ------------------------------------------------------------------------------------------------------------------------


def test_a_number_is_taken_apart() -> None:
    assert read(with_variant(), "591-0042-C") == {
        "category": "591",
        "dash": "-",
        "sequence": "0042",
        "dash2": "-",
        "variant": "C",
    }


def test_readings_by_the_scheme_come_before_overrides() -> None:
    scheme = with_variant(allow_override=True)
    assert parse(scheme, NONE, "410-0001-ZZ")[0].overridden == {"variant"}
    assert parse(scheme, NONE, "410-0001-A")[0].overridden == frozenset()
    assert parse(scheme, NONE, "410-0001-ZZ", Latitude.SCHEME) == ()


def test_longer_values_are_read_before_shorter_ones() -> None:
    scheme = scheme_of(
        listed("a", "1", "12"),
        group("g", free("f", r"^\d+$")),
        counter("n", 0, 9),
        examples=["129"],
        allow_override=True,
    )
    assert [dict(reading.values) for reading in parse(scheme, NONE, "1234")] == [
        {"a": "12", "g/f": "3", "n": "4"},
        {"a": "1", "g/f": "23", "n": "4"},
    ]


def test_hostile_schemes_are_given_up_in_bounded_time() -> None:
    frees = [group(f"g{n}", free("f", "^a+$")) for n in range(30)]
    scheme = scheme_of(counter("n", 0, 9), *frees, examples=["1"], allow_override=True)
    assert parse(scheme, NONE, "1" + "a" * 98 + "b") == ()


def test_without_the_lists_any_plausible_category_is_read() -> None:
    template = {**listed("c", validation={"pattern": r"^\d{3}$"}), "values": "${{ duro.categories }}"}
    scheme = scheme_of(template, constant("-"), counter("n", 1, 99, "c"), examples=["410-01"])
    assert read(scheme, "777-05", None) == {"c": "777", "dash": "-", "n": "05"}
    assert parse(scheme, ChoiceLists(LIBRARY), "777-05") == ()


def test_a_number_tells_which_counter_values_it_occupies() -> None:
    assert [(scope.key, value) for scope, value in occupied(with_variant(), NONE, "591-0042-C")] == [
        ("sequence[category=591]", 42)
    ]
    assert occupied(with_variant(), NONE, "LEGACY-7") == ()


def test_several_counters_occupy_several_scopes() -> None:
    scheme = scheme_of(counter("n", 1, 9), constant("-"), hex_counter("v", "0", "FF", "n"), examples=["1-0A"])
    assert [(scope.key, value) for scope, value in occupied(scheme, NONE, "7-1F")] == [("n", 7), ("v[n=7]", 31)]


# --- properties -----------------------------------------------------------------------------------------------------------------------

separators = st.sampled_from(["-", ".", "/", "--", "_"])
widths = st.integers(1, 5)


@st.composite
def schemes(draw: st.DrawFn) -> dict[str, Any]:
    """A scheme of a list, one to three counters attached to what is before them, delimiters, and perhaps an optional tail."""
    values = draw(st.lists(st.text("ABC12", min_size=1, max_size=3), min_size=1, max_size=4, unique=True))
    elements: list[dict[str, Any]] = [listed("list", *values)]
    names = ["list"]
    for index in range(draw(st.integers(1, 3))):
        elements.append(constant(draw(separators), f"c{index}", required=draw(st.booleans())))
        attached = draw(st.lists(st.sampled_from(names), unique=True, max_size=2))
        low, high = sorted(draw(st.tuples(st.integers(0, 200), st.integers(0, 200))))
        made = counter(f"n{index}", low, high, *attached)
        if draw(st.booleans()):
            made = hex_counter(f"n{index}", f"{low:X}", f"{high:X}", *attached)
        elements.append(made)
        names.append(f"n{index}")
    if draw(st.booleans()):
        elements.append(group("tail", constant(draw(separators), "c"), free("text", "^[a-z]{1,4}$")))
    return {"elements": elements, "values": values}


@given(schemes(), st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_made_can_be_read_back(made: dict[str, Any], data: st.DataObject) -> None:
    scheme = scheme_with_example(made["elements"])
    picks = {"list": data.draw(st.sampled_from(made["values"]))}
    if any(element["name"] == "tail" for element in made["elements"]) and data.draw(st.booleans()):
        picks["text"] = data.draw(st.text("xyz", min_size=1, max_size=4))
    plan = plan_number(scheme, NONE, picks=picks)
    values: dict[str, int] = {}
    while (scope := plan.next_scope(values)) is not None:
        values[scope.element] = data.draw(st.integers(scope.minimum, scope.maximum))
    text = format_number(plan, values)
    expected = {**plan.texts, **{path: plan.series[path].text_of(value) for path, value in values.items()}}
    assert expected in [dict(reading.values) for reading in parse(scheme, NONE, text)]
    assert all("".join(reading.values.values()) == text for reading in parse(scheme, NONE, text))


def scheme_with_example(elements: list[dict[str, Any]]) -> Scheme:
    """The scheme with an example made by its own rules, since `scheme_from` demands one."""
    example = ""
    for element in elements:
        if element["type"] == "list":
            example += element["values"][0]
        elif element["type"] == "constant":
            example += element["value"]
        elif element["type"] == "numeric_counter":
            example += str(element["format"]["min_value"]).zfill(len(str(element["format"]["max_value"])))
        elif element["type"] == "hex_counter":
            example += element["format"]["min_value"].zfill(len(element["format"]["max_value"]))
    return scheme_of(*elements, examples=[example], allow_override=True)


@given(schemes(), st.lists(st.integers(0, 3), min_size=1, max_size=30))
@settings(max_examples=80, deadline=None)
def test_no_number_is_ever_given_out_twice_and_each_moves_its_counters_on(
    made: dict[str, Any], picks: list[int]
) -> None:
    ledger = Ledger(scheme_with_example(made["elements"]))
    issued: list[str] = []
    for pick in picks:
        before = dict(ledger.last)
        try:
            text = ledger.issue(picks={"list": made["values"][pick % len(made["values"])]})
        except CounterExhausted:
            assert ledger.last == before
            continue
        issued.append(text)
        assert ledger.last != before
    assert len(set(issued)) == len(issued)


@given(st.lists(st.sampled_from(["A", "B", "C"]), max_size=40))
@settings(max_examples=80, deadline=None)
def test_counters_of_different_scopes_do_not_know_of_each_other(picks: list[str]) -> None:
    scheme = scheme_of(
        listed("list", "A", "B", "C"),
        constant("-"),
        counter("own", 1, 99, "list"),
        constant("-", "dash2"),
        hex_counter("common", "0", "FF"),
        examples=["A-01-00"],
    )
    ledger = Ledger(scheme)
    issued = [ledger.issue(picks={"list": pick}) for pick in picks]
    assert [int(text[-2:], 16) for text in issued] == list(range(len(picks)))
    for pick in set(picks):
        alone = Ledger(scheme)
        expected = [alone.issue(picks={"list": pick})[:4] for _ in range(picks.count(pick))]
        assert [text[:4] for text in issued if text.startswith(pick)] == expected


@given(schemes())
@settings(max_examples=80, deadline=None)
def test_a_number_occupies_the_values_it_was_made_from(made: dict[str, Any]) -> None:
    ledger = Ledger(scheme_with_example(made["elements"]))
    issued = ledger.issued(picks={"list": made["values"][0]})
    readings = parse(ledger.scheme, NONE, issued.text)
    if len(readings) == 1:
        order: dict[str, tuple[CounterScope, int]] = {scope.element: (scope, value) for scope, value in issued.counters}
        assert {scope.element: (scope, value) for scope, value in occupied(ledger.scheme, NONE, issued.text)} == order


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_counter_reads_back_what_it_writes(one: int, other: int, hexadecimal: bool) -> None:
    low, high = sorted((one, other))
    made = CounterElement("n", True, low, high, len(f"{high:X}" if hexadecimal else str(high)), hexadecimal)
    for value in (low, high, (low + high) // 2):
        text = made.text_of(value)
        assert len(text) == made.width
        assert text == text.upper()
        assert made.value_of(text) == value
    assert made.next_after(None) == low
    if low < high:
        assert made.next_after(low) == low + 1
    with pytest.raises(CounterExhausted):
        made.next_after(high)
