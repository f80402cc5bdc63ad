import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kit.yaml_source import Position, YamlRefused, load_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n" + "\n".join(
    f"{chr(99 + n)}: &{chr(99 + n)} [{', '.join([f'*{chr(98 + n)}'] * 9)}]" for n in range(6)
)
MERGE_BOMB = "a: &a {k: 1, l: 2, m: 3}\n" + "\n".join(f"b{n}: {{<<: [{', '.join(['*a'] * 50)}]}}" for n in range(10))


def refusal(text: str | bytes, name: str = "scheme.yaml") -> YamlRefused:
    with pytest.raises(YamlRefused) as caught:
        load_yaml(text, name)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2026-01-31", "2026-01-31"),
        ("010", 10),
        ("0o17", 15),
        ("0xFF", 255),
        ("-3", -3),
        ("+3", 3),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("'null'", "null"),
        ('"1.0"', "1.0"),
        ("1.0.3", "1.0.3"),
        ("0b11", "0b11"),
        ("!!str 1.0", "1.0"),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("", None),
        ("# only a comment\n", None),
    ],
)
def test_scalars_mean_what_the_core_schema_of_yaml_1_2_says(text: str, value: object) -> None:
    loaded = load_yaml(text).value
    assert loaded == value
    assert type(loaded) is type(value)


def test_not_a_number_is_a_float() -> None:
    value = load_yaml(".nan").value
    assert isinstance(value, float)
    assert value != value


def test_how_a_number_was_written_stays_reachable() -> None:
    document = load_yaml("version: 1.10\nlist: [007, 1.0]\nname: 'quoted'\n")
    assert document.value == {"version": 1.1, "list": [7, 1.0], "name": "quoted"}
    assert document.text_at(["version"]) == "1.10"
    assert document.text_at(["list", 0]) == "007"
    assert document.text_at(["name"]) == "quoted"
    assert document.text_at(["list"]) is None
    assert document.text_at(["list", 7]) is None
    assert document.text_at(["nothing"]) is None


def test_keys_are_text_as_written() -> None:
    assert load_yaml("010: a\n1.0: b\ntrue: c\n").value == {"010": "a", "1.0": "b", "true": "c"}


def test_every_value_and_key_knows_its_line_and_column() -> None:
    document = load_yaml("settings:\n  allow: true\nelements:\n  - type: list\n    values: [A, BB]\n", "s.yaml")
    assert document.position_of(["settings", "allow"]) == Position(2, 10)
    assert document.key_position_of(["settings", "allow"]) == Position(2, 3)
    assert document.position_of(["elements", 0, "values", 1]) == Position(5, 17)
    assert document.key_position_of(["elements", 0]) == Position(4, 5)
    assert document.where(["elements", 0, "type"]) == "s.yaml:4:11"


def test_a_missing_path_is_placed_at_the_nearest_part_that_exists() -> None:
    document = load_yaml("a:\n  b: 1\n")
    assert document.position_of(["a", "missing", "deeper"]) == Position(2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "values: ${{ duro.categories }}\n",
        "values: ${{duro.categories}}\n",
        'values: "${{ duro.categories }}"\n',
        "values: '${{ duro.categories }}'\n",
        "{values: ${{ duro.categories }}, more: 1}\n",
    ],
)
def test_a_template_is_plain_text_quoted_or_not(text: str) -> None:
    value = load_yaml(text).value
    assert isinstance(value, dict)
    assert value["values"] in ("${{ duro.categories }}", "${{duro.categories}}")


def test_templates_in_a_flow_list_keep_the_positions_behind_them() -> None:
    document = load_yaml("a: [${{ duro.categories }}, B]\n")
    assert document.value == {"a": ["${{ duro.categories }}", "B"]}
    assert document.position_of(["a", 1]) == Position(1, 29)


def test_private_characters_of_the_author_survive() -> None:
    assert load_yaml("a: '\ue100 ${{ duro.families }}'\n").value == {"a": "\ue100 ${{ duro.families }}"}


def test_aliases_and_merge_keys_share_values() -> None:
    document = load_yaml(
        "base: &b {min: 1, max: 9}\none:\n  <<: *b\n  max: 5\ntwo: [*b, *b]\nthree:\n  <<: [{x: 1}, *b]\n'<<': plain\n"
    )
    assert document.value == {
        "base": {"min": 1, "max": 9},
        "one": {"min": 1, "max": 5},
        "two": [{"min": 1, "max": 9}, {"min": 1, "max": 9}],
        "three": {"x": 1, "min": 1, "max": 9},
        "<<": "plain",
    }
    assert document.position_of(["one", "min"]) == Position(1, 16)


def test_shared_values_are_copies() -> None:
    value = load_yaml("a: &a [1]\nb: *a\n").value
    assert isinstance(value, dict)
    assert value["a"] is not value["b"]


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", (4, 3), "'c' stands twice"),
        ("a: 1\n'a': 2\n", (2, 1), "twice"),
        ("a: !python/object:os.system x\n", (1, 4), "tag"),
        ("a: !!timestamp 2026-01-01\n", (1, 4), "tag"),
        ("a: !!set {x}\n", (1, 4), "tag"),
        ("!local k: v\n", (1, 1), "tag"),
        ("a: !!int twelve\n", (1, 4), "not what the tag"),
        ("a: 1\n--- \nb: 2\n", (2, 1), "second document"),
        ("a: b: c\n", (1, 5), "mapping values"),
        ("a:\n\tb: 1\n", (2, 1), "tab"),
        ("a:\n  b: 1\n \tc: 2\n", (3, 2), "tab"),
        ("a: \0\n", (1, 4), "U+0000"),
        ('a: "x\\0"\n', (1, 4), "control character"),
        ("a: \x1b[0m\n", (1, 4), "U+001B"),
        (b"a: 1\nb: \xe9\n", (2, 4), "0xE9 is not UTF-8"),
        ("a: 1\n".encode("utf-16"), (1, 1), "not UTF-8"),
        ("? [x]\n: 1\n", (1, 3), "a key must be a text"),
        ("a: &a x\n*a : 1\n", (2, 1), "written out"),
        ("a: &a [*a]\n", (1, 8), "no finished value"),
        ("a: *nowhere\n", (1, 4), "no finished value"),
        ("~: 1\n", (1, 1), "key is missing"),
        ("a: {<<: text}\n", (1, 9), "merged"),
        ("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n", (4, 3), "one merge key"),
        ("a: 'open\n", (2, 1), "end of stream"),
        ("a: @b\n", (1, 4), "cannot start"),
        (f"a: {'9' * 101}\n", (1, 4), "at most 100 digits"),
        (BOMB, None, "repeat more than 1000"),
        (MERGE_BOMB, None, "repeat more than 1000"),
        ("[" * 100_000, (1, 33), "nested deeper than 32"),
        ("- " * 40 + "x", None, "nested deeper than 32"),
        ("a" * (256 * 1024 + 1), (1, 1), "262145 bytes"),
        ("[" + "1," * 20_000 + "]", None, "more than 20000 values"),
    ],
)
def test_a_refusal_names_file_line_and_column(text: str | bytes, position: tuple[int, int] | None, word: str) -> None:
    refused = refusal(text)
    assert word in refused.message
    assert refused.message.startswith(f"scheme.yaml:{refused.position.line}:{refused.position.column}: ")
    if position:
        assert refused.position == position


def test_depth_counts_what_an_alias_brings_along() -> None:
    deep = "a: &a " + "[" * 20 + "]" * 20 + "\nb: " + "[" * 15 + "*a" + "]" * 15
    assert "nested deeper" in refusal(deep).message


def test_depth_at_the_bound_is_read() -> None:
    assert load_yaml("[" * 32 + "]" * 32).value is not None


def test_all_faults_that_can_be_seen_come_at_once() -> None:
    refused = refusal("a: 1\na: 2\nb: !x 1\nc:\n  d: 1\n  d: 2\ne: [\n")
    assert [fault.path for fault in (refused, *refused.also)] == [("a",), ("b",), ("c", "d"), ("e", 0)]


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert load_yaml(b"\xef\xbb\xbfa: 1\n").value == {"a": 1}


def test_tabs_after_the_indentation_are_harmless() -> None:
    assert load_yaml("a:\t1\nb: |\n  x\ty\n").value == {"a": 1, "b": "x\ty\n"}


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | words,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc<~01.", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(plain_values)
@settings(max_examples=150, deadline=None)
def test_json_is_read_as_itself(value: object) -> None:
    assert load_yaml(json.dumps(value, ensure_ascii=False)).value == value


anything = st.text(max_size=60) | st.binary(max_size=60) | st.text("a:-[]{}&*!|>'\"#%@,?\n \t<~1", max_size=40)


@given(anything)
@settings(max_examples=400, deadline=None)
def test_any_input_is_read_or_refused_never_anything_else(data: str | bytes) -> None:
    with suppress(YamlRefused):
        load_yaml(data)
