"""Reference designators and the comparison of lists of lines: laws that hold for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.boms.comparison import Difference, compare_lines, in_order, matched, order_kept
from plumbline.boms.designators import format_designators, natural_key, parse_designators
from plumbline.boms.errors import InvalidDesignators
from plumbline.boms.model import BomLine

names = st.builds(
    lambda letters, number, tail: f"{letters}{number}{tail}",
    st.sampled_from(["C", "R", "U", "SW", "TP", "LED_", "c"]),
    st.one_of(st.integers(0, 30), st.integers(0, 999_999)),
    st.sampled_from(["", "", "", "A", "-P2", "_x"]),
)


@given(designators=st.lists(names, unique=True, max_size=40))
def test_what_is_written_is_read_again(designators: list[str]) -> None:
    text = format_designators(designators)
    assert sorted(parse_designators(text)) == sorted(designators)
    assert list(parse_designators(text)) == sorted(designators, key=natural_key)
    assert format_designators(parse_designators(text)) == text


@given(letters=st.sampled_from(["R", "C", "LED"]), first=st.integers(0, 200), count=st.integers(1, 60))
def test_a_run_is_written_as_a_range(letters: str, first: int, count: int) -> None:
    run = [f"{letters}{number}" for number in range(first, first + count)]
    text = format_designators(run[::-1])
    assert parse_designators(text) == tuple(run)
    assert text == (f"{run[0]}-{run[-1]}" if count > 2 else ", ".join(run))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C1-C3, R7", ("C1", "C2", "C3", "R7")),
        ("C1–3;R7", ("C1", "C2", "C3", "R7")),
        ("C1 - C3 R7", ("C1", "C2", "C3", "R7")),
        ("C1..C2", ("C1", "C2")),
        ("J1-P2", ("J1-P2",)),
        ("R1-3", ("R1", "R2", "R3")),
        ("R08-R11", ("R08", "R09", "R10", "R11")),
        ("", ()),
        (" , ", ()),
    ],
)
def test_the_ways_in_which_people_write_them(text: str, expected: tuple[str, ...]) -> None:
    assert parse_designators(text) == expected


@pytest.mark.parametrize("text", ["C3-C1", "R1, R1", "R1-R3, R2", "C1-C99999", "x" * 41])
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InvalidDesignators):
        parse_designators(text)


@given(
    text=st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(["R", "C", "r", "1", "2", "01", "10", "-", "–", "..", ",", " ", ";", "_", "²", "é"]),
            max_size=12,
        ).map("".join),
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_designators(text)
    except InvalidDesignators:
        return
    assert len(set(found)) == len(found)
    assert sorted(parse_designators(format_designators(found))) == sorted(found)


@st.composite
def line_lists(draw: st.DrawFn, first_key: int) -> list[BomLine]:
    """Lines of one parent, in order, drawn from a few children and designators so that two lists have much in common."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from("abcdefgh"),
                st.integers(1, 5),
                st.sampled_from(["1", "2", "0.5"]),
                st.one_of(st.none(), st.integers(1, 6)),
                st.sampled_from(["", "R1", "R1-R3", "C7"]),
                st.booleans(),
            ),
            unique_by=lambda each: each[0],
            max_size=8,
        )
    )
    return [
        BomLine(first_key + i, line_id, 1, child, (i + 1) * 10, amount, "EACH", item, designators, "", flag, "[]")
        for i, (line_id, child, amount, item, designators, flag) in enumerate(drawn)
    ]


@given(lines=line_lists(0))
def test_nothing_differs_from_itself(lines: list[BomLine]) -> None:
    assert compare_lines(lines, lines) == []
    assert compare_lines(lines, [line._replace(key=line.key + 100) for line in lines]) == []


@given(before=line_lists(0), after=line_lists(100))
def test_applying_the_differences_to_the_one_gives_the_other(before: list[BomLine], after: list[BomLine]) -> None:
    found = compare_lines(before, after)
    removed = {each.before.key for each in found if each.before is not None}
    kept = {_content(line) for line in before if line.key not in removed}
    result = sorted(
        [_content(line) for line in before if line.key not in removed] + [_content(e.after) for e in found if e.after]
    )
    assert result == sorted(_content(line) for line in after)
    assert len(kept) <= len(before)


def _content(line: BomLine | None) -> tuple[str, ...]:
    assert line is not None
    return tuple(
        repr(getattr(line, name))
        for name in (
            "child_key",
            "quantity",
            "unit",
            "item_number",
            "reference_designators",
            "notes",
            "is_do_not_place",
        )
    )


@given(before=line_lists(0), after=line_lists(100))
def test_there_and_back_agree_on_what_came_and_went(before: list[BomLine], after: list[BomLine]) -> None:
    there, back = compare_lines(before, after), compare_lines(after, before)

    def count(found: list[object], kind: Difference) -> int:
        return sum(kind in each.kinds for each in found)  # type: ignore[attr-defined]  # the differences of either comparison

    assert count(there, Difference.ADDED) == count(back, Difference.REMOVED)
    assert count(there, Difference.REMOVED) == count(back, Difference.ADDED)
    assert len(after) - len(before) == count(there, Difference.ADDED) - count(there, Difference.REMOVED)


@given(before=line_lists(0), after=line_lists(100))
def test_every_line_is_told_of_once_at_most(before: list[BomLine], after: list[BomLine]) -> None:
    found = compare_lines(before, after)
    olds = [each.before.key for each in found if each.before is not None]
    news = [each.after.key for each in found if each.after is not None]
    assert len(set(olds)) == len(olds)
    assert len(set(news)) == len(news)
    for each in found:
        assert each.kinds
        assert (each.before is None) == (Difference.ADDED in each.kinds)
        assert (each.after is None) == (Difference.REMOVED in each.kinds)
        if each.before is not None and each.after is not None and each.before.line_id != each.after.line_id:
            shared = {line.line_id for line in before} & {line.line_id for line in after}
            assert not {each.before.line_id, each.after.line_id} & shared, "identity goes first"


@given(before=line_lists(0), after=line_lists(100), stay=st.sets(st.sampled_from("abcdefgh")))
def test_what_stayed_as_it_was_can_be_left_out_where_nothing_moved(
    before: list[BomLine], after: list[BomLine], stay: set[str]
) -> None:
    """Lines that are one row at both versions, as a database keeps them, and any others, each list in the order of its positions."""
    kept = {line.line_id: line for line in before if line.line_id in stay}
    after = in_order([line for line in after if line.line_id not in kept], list(kept.values()))
    changed_before = [line for line in before if line.line_id not in kept]
    changed_after = [line for line in after if line.line_id not in kept]
    assert in_order(changed_before, list(kept.values())) == before
    if order_kept(changed_before, changed_after):
        assert compare_lines(changed_before, changed_after) == compare_lines(before, after)


@given(
    wishes=st.dictionaries(st.integers(0, 5), st.lists(st.integers(10, 15), max_size=4, unique=True), max_size=6),
)
def test_no_pairing_has_more_pairs(wishes: dict[int, list[int]]) -> None:
    partner = matched(wishes)
    assert len(set(partner.values())) == len(partner)
    assert all(old in wishes[new] for new, old in partner.items())

    def most(remaining: list[int], taken: frozenset[int]) -> int:
        if not remaining:
            return 0
        first, *rest = remaining
        with_it = [1 + most(rest, taken | {old}) for old in wishes[first] if old not in taken]
        return max([most(rest, taken), *with_it])

    assert len(partner) == most(list(wishes), frozenset())


@given(wishes=st.dictionaries(st.integers(0, 9), st.lists(st.integers(10, 18), max_size=4, unique=True), max_size=10))
def test_not_asking_again_where_nobody_could_changes_no_pair(wishes: dict[int, list[int]]) -> None:
    """The same search without what it remembers: everybody asks everybody."""
    partner: dict[int, int] = {}
    holder: dict[int, int] = {}
    for start in wishes:
        asked_by: dict[int, int] = {}
        queue = [start]
        free = None
        for new in queue:
            for old in wishes[new]:
                if free is None and old not in asked_by:
                    asked_by[old] = new
                    if old in holder:
                        queue.append(holder[old])
                    else:
                        free = old
        while free is not None:
            new = asked_by[free]
            partner[new], holder[free], free = free, new, partner.get(new)
    assert matched(wishes) == partner


def test_five_thousand_lines_of_one_part_are_compared_without_asking_everybody() -> None:
    """4,950 of them find nobody who could give anything up; each used to ask all fifty candidates' holders again."""
    old = [BomLine(n, f"a{n}", 1, 7, n + 1, "1", "EACH", None, f"R{n}", "", False, "[]") for n in range(5000)]
    new = [
        line._replace(key=line.key + 5000, line_id=f"b{line.key}", reference_designators=f"C{line.key}") for line in old
    ]
    found = compare_lines(old, new)
    kinds = [kind for each in found for kind in each.kinds]
    assert (kinds.count(Difference.REDESIGNATED), kinds.count(Difference.ADDED), kinds.count(Difference.REMOVED)) == (
        50,
        4950,
        4950,
    )
