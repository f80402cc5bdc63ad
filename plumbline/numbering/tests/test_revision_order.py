import sqlite3
from functools import cmp_to_key
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.numbering.errors import RevisionInvalid
from plumbline.numbering.revision_order import compare_revisions, sort_key

LADDERS = [
    ["-", "1", "2", "9", "10", "999", "A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"],
    ["A", "A.1", "A.2", "A.10", "A.10.1", "B", "B.1"],
    ["1", "1.0", "1.0.3", "1.0.10", "1.1", "1.A", "1.B", "2.B", "A"],
    ["A1", "A1.0", "A7.8", "B1", "C1.2", "C1.10", "D1.3", "AA1", "PRE-1", "PRE-2"],
    ["", "-", "0", "1"],
    ["A.1.X", "A.1.x", "A.2"],
]

revisions = st.text("AaBZzÉß019.-_ /", max_size=50) | st.text(max_size=50)


@pytest.mark.parametrize("ladder", LADDERS, ids=str)
def test_revisions_climb(ladder: list[str]) -> None:
    assert sorted(set(ladder), key=sort_key) == ladder
    for lower, higher in pairwise(ladder):
        assert compare_revisions(lower, higher) == -1
        assert compare_revisions(higher, lower) == 1


def test_the_key_is_the_documented_text() -> None:
    assert sort_key("A.10") == "201A10210 A.10"
    assert sort_key("-") == " -"
    assert sort_key("b.007") == "201B1017 b.007"


def test_a_revision_of_fifty_characters_has_a_key_and_a_longer_one_has_none() -> None:
    assert sort_key("9" * 49) < sort_key("9" * 50) < sort_key("A" * 50)
    with pytest.raises(RevisionInvalid, match="51 characters"):
        sort_key("A" * 51)


def reference(one: str, other: str) -> int:
    """The order by its description, written a second time over lists instead of texts."""
    first, second = runs(one), runs(other)
    return (first > second) - (first < second) or (one > other) - (one < other)


def runs(revision: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, str]] = []
    before = 0
    for character in revision:
        kind = 1 if character in "0123456789" else 2 if character.isalnum() and not character.isdecimal() else 0
        if kind and kind == before:
            found[-1] = (kind, found[-1][1] + character)
        elif kind:
            found.append((kind, character))
        before = kind
    upper = "".join(chr(code - 32) if 97 <= code <= 122 else chr(code) for code in range(128))
    numbers = [(1, int(text), "") if kind == 1 else (2, len(text), text.translate(upper)) for kind, text in found]
    return [(kind, size, text) for kind, size, text in numbers]


@given(revisions, revisions)
@settings(max_examples=400, deadline=None)
def test_the_key_sorts_as_the_order_is_described(one: str, other: str) -> None:
    assert compare_revisions(one, other) == reference(one, other)


@given(revisions, revisions, revisions)
@settings(max_examples=300, deadline=None)
def test_the_order_is_total_and_transitive(one: str, other: str, third: str) -> None:
    assert compare_revisions(one, other) == -compare_revisions(other, one)
    assert (compare_revisions(one, other) == 0) == (one == other)
    if compare_revisions(one, other) <= 0 and compare_revisions(other, third) <= 0:
        assert compare_revisions(one, third) <= 0


@given(st.lists(revisions, max_size=20))
@settings(max_examples=150, deadline=None)
def test_bytes_and_sqlite_sort_the_keys_alike(found: list[str]) -> None:
    keys = sorted(sort_key(revision) for revision in found)
    assert sorted(keys, key=lambda key: key.encode("utf-8")) == keys
    assert [sort_key(revision) for revision in sorted(found, key=cmp_to_key(compare_revisions))] == keys
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("create table r (key text)")
        connection.executemany("insert into r values (?)", [(key,) for key in reversed(keys)])
        assert [key for (key,) in connection.execute("select key from r order by key collate binary")] == keys
    finally:
        connection.close()
