import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.kit.patterns import Engine, InvalidPattern, PatternTooSlow, TextTooLong, compile_pattern


def matches(pattern: str, text: str) -> bool:
    return compile_pattern(pattern).matches(text)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^\d{3}$", "410", True),
        (r"^\d{3}$", "410\n", False),
        (r"^\d{3}$", "٤١٠", False),
        (r"\d", "part 7", True),
        (r"^[a-zA-Z0-9\-_]+$", "A_b-9", True),
        (r"^[a-zA-Z0-9\-_]+$", "A b", False),
        (r"^[A-Z]{2,4}-\d{4,6}$", "AB-1234", True),
        (r"^\d+(\.\d+)?\s*(mm|cm|m|in)$", "2.5\u00a0cm", True),
        (r"^\S+$", "a\u00a0b", False),
        (r"^[^\s]+$", "a\u3000b", False),
        (r"^\w{1,10}$", "é", False),
        (r"^.$", "\r", False),
        (r"^.$", "\n", False),
        (r"^[^]$", "\n", True),
        (r"^a\/b$", "a/b", True),
        (r"^\cJ$", "\n", True),
        (r"^é$", "é", True),
        (r"^\x41\u{1F600}$", "A😀", True),
        (r"^[\w-.]+$", "a-b.c", True),
        (r"^[-a]+$", "-a", True),
        (r"^[a-]+$", "-a", True),
        (r"^[a\]]+$", "a]", True),
        (r"^[[:digit:]]+$", "[:]", False),
        (r"^[[:digit:]]$", "7", False),
        (r"^[\b]$", "\b", True),
        (r"^x{,3}$", "x{,3}", True),
        (r"^a{$", "a{", True),
        (r"^\p{L}+$", "Ωé", True),
        (r"^\p{Script=Greek}$", "Ω", True),
        (r"(?i)^abc$", "ABC", True),
        (r"^(?i:a)b$", "Ab", True),
        (r"^(?<year>\d{4})$", "2026", True),
        (r"^a+?$", "aaa", True),
        (r"^(a|b)*$", "", True),
        (r"^\0$", "\0", True),
        ("", "anything", True),
    ],
)
def test_a_pattern_matches_as_in_javascript(pattern: str, text: str, expected: bool) -> None:
    compiled = compile_pattern(pattern)
    assert compiled.engine is Engine.LINEAR
    assert compiled.matches(text) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^(?=.*\d)[A-Z0-9]+$", "AB1", True),
        (r"^(?=.*\d)[A-Z0-9]+$", "AB1\n", False),
        (r"^(?!TEST)[A-Z]+$", "TESTING", False),
        (r"(?<=-)\d+$", "A-7", True),
        (r"(?<!-)\d+$", "-7", False),
        (r"^(\w)\1$", "aa", True),
        (r"^(\w)\1$", "éé", False),
        (r"^(?<d>\d)-\k<d>$", "1-1", True),
        (r"^(?<d>\d)-\k<d>$", "1-2", False),
        (r"^(?=\p{L})[\p{L}]+$", "Ωé", True),
    ],
)
def test_look_around_and_back_references_run_on_the_backtracking_engine(
    pattern: str, text: str, expected: bool
) -> None:
    compiled = compile_pattern(pattern)
    assert compiled.engine is Engine.BACKTRACKING
    assert compiled.matches(text) is expected


@pytest.mark.parametrize(
    ("pattern", "position", "word"),
    [
        ("ab(c", 2, "never closed"),
        ("ab)", 2, "never opened"),
        ("a[bc", 1, "never closed"),
        ("a[]b", 1, "matches nothing"),
        ("*a", 0, "nothing here"),
        ("a**", 2, "nothing here"),
        ("a++", 2, "nothing here"),
        ("(?>a+)b", 0, "kind of group"),
        ("(?m)a", 0, "kind of group"),
        ("a(?i)b", 1, "beginning"),
        ("[z-a]", 1, "backwards"),
        ("a{3,2}", 1, "wrong way round"),
        (r"a\Z", 1, "means nothing"),
        (r"\012", 0, "means nothing"),
        (r"\u12", 0, "hexadecimal"),
        (r"\ud83d", 0, "hexadecimal"),
        ("a\ud83d", 1, "surrogate"),
        ("ab\\", 2, "backslash"),
        (r"(a)\2", 3, "no group 2"),
        (r"\k<x>", 0, "no group x"),
        (r"(?<a>x)(?<a>y)", 7, "names one already"),
        (r"\pL", 0, "property"),
        (r"\p{Nonsense}", None, "cannot be compiled"),
        ("a" * 513, 512, "513 characters"),
        ("a{1001}", 1, "multiply to 1001"),
        ("(a{100}){11}", 8, "multiply to 1100"),
        ("((a{1,10}|b){1,10}){1,11}", 19, "multiply to 1100"),
        ("(" * 60 + ")" * 60, 50, "nested deeper"),
        (r"(?:(?:\p{L}{10}){10}){10}", None, "too large"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_its_position(
    pattern: str, position: int | None, word: str
) -> None:
    with pytest.raises(InvalidPattern) as caught:
        compile_pattern(pattern)
    assert word in caught.value.message
    assert caught.value.position == position


def test_repeats_beside_each_other_do_not_multiply() -> None:
    assert matches(r"^\d{500}-\d{500}-(a{30}){30}$", "1" * 500 + "-" + "2" * 500 + "-" + "a" * 900)


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"(x+x+)+y", r"^(a|a|aa)+$", r".*.*=.*"])
def test_hostile_patterns_run_in_linear_time(pattern: str) -> None:
    compiled = compile_pattern(pattern)
    start = time.perf_counter()
    assert not compiled.matches("a" * 5_000 + "!")
    assert time.perf_counter() - start < 1


def test_a_backtracking_pattern_that_takes_too_long_is_refused() -> None:
    with pytest.raises(PatternTooSlow):
        matches(r"^(?=a)(a|a|aa)+\d$", "a" * 200 + "!")


def test_a_text_beyond_the_bound_is_refused() -> None:
    assert matches("a$", "a" * 10_000)
    with pytest.raises(TextTooLong):
        matches("a$", "a" * 10_001)


def test_half_characters_never_match() -> None:
    assert not matches("", "\ud800")


def test_patterns_are_values() -> None:
    assert compile_pattern("a") == compile_pattern("a")
    assert compile_pattern("a") != compile_pattern("b")


@given(
    st.text(st.characters(codec="utf-8"), max_size=20) | st.text(r"ab\[](){}^$.*+?|-,1:=!<>dwsbpiPk", max_size=15),
    st.text("ab1-", max_size=10),
)
@settings(max_examples=500, deadline=None)
def test_any_pattern_is_run_or_refused_never_anything_else(pattern: str, text: str) -> None:
    with suppress(InvalidPattern, PatternTooSlow):
        compile_pattern(pattern).matches(text)


simple_patterns = st.lists(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", "(?:ab|1)", "-"]).flatmap(
        lambda atom: st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}"]).map(lambda quantifier: atom + quantifier)
    ),
    max_size=5,
).map("".join)


@given(simple_patterns, st.booleans(), st.booleans(), st.text("ab1-", max_size=8))
@settings(max_examples=300, deadline=None)
def test_simple_patterns_agree_with_the_standard_library(
    pattern: str, from_start: bool, to_end: bool, text: str
) -> None:
    whole = ("^" if from_start else "") + pattern + ("$" if to_end else "")
    assert matches(whole, text) == (re.search(whole, text) is not None)


@given(st.text(max_size=8), st.text(max_size=8))
@settings(max_examples=200, deadline=None)
def test_an_escaped_text_matches_itself_only(wanted: str, other: str) -> None:
    pattern = "^" + "".join(f"\\u{{{ord(character):x}}}" for character in wanted) + "$"
    assert matches(pattern, wanted)
    assert matches(pattern, other) == (wanted == other)
