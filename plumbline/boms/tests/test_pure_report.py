"""Reports are read by people and by programs that show Markdown: whatever a library holds, they show that and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from plumbline.boms.comparison import compare_lines
from plumbline.boms.differences import ComponentDifferences, Names
from plumbline.boms.impact import Delta, Impact, Missing, Use
from plumbline.boms.model import BomLine
from plumbline.boms.report import (
    ROWS_MAX,
    ROWS_OF_COMPONENT_MAX,
    TEXT_LENGTH_MAX,
    ReportFormat,
    line_change,
    printable,
    report,
)
from plumbline.components.differences import Area, ChangeKind, ComponentDifference
from plumbline.components.model import Brief, Component

MARKDOWN = MarkdownIt("commonmark").enable("table").enable("strikethrough")
hostile = st.text(
    st.one_of(st.sampled_from("\\`*_[]<>|~&#$!-+.()\n\r\t\x1b\u202e\u0085 a1:/@"), st.characters()), max_size=30
)


def component(cpn: str = "100-1", name: str = "Frame", version: int = 3, revision: str | None = None) -> Component:
    return Component(
        1, cpn, cpn, version, name, "", "c", "s", revision, None, "MAKE", "EACH", "[]", False,
        "2026", "ada", "2026", "ada", None, None, None,
    )  # fmt: skip


def brief(key: int, cpn: str, name: str) -> Brief:
    return Brief(key, f"id{key}", cpn, name, None, "EACH", "c", 1)


NAMES = Names(
    {1: brief(1, "SCR-001", "M3 screw"), 2: brief(2, "RES-1", "10k"), 3: brief(3, "RES-2", "12k")}, {"s1": "SCR-009"}
)


def line(child: int, quantity: str = "4", designators: str = "", **fields: object) -> BomLine:
    usual = BomLine(0, f"l{child}", 9, child, 10, quantity, "EACH", None, designators, "", False, "[]")
    return usual._replace(**fields)


def change(before: BomLine | None, after: BomLine | None) -> str:
    one = [] if before is None else [before._replace(key=1, line_id="l")]
    other = [] if after is None else [after._replace(key=2, line_id="l")]
    [found] = compare_lines(one, other)
    return line_change(found, NAMES)


def differing(*contents: ComponentDifference, name: str = "Frame", lines: int = 0) -> ComponentDifferences:
    several = compare_lines([], [line(1, key=place, line_id=f"l{place}") for place in range(lines)])
    return ComponentDifferences(component(name=name, version=1), component(name=name), contents, tuple(several), NAMES)


def said(name: str, before: str | None, after: str | None, subject: str | None = None) -> ComponentDifference:
    kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED
    return ComponentDifference(Area.FIELD if subject is None else Area.SOURCE, kind, subject, name, before, after)


def test_lines_read_like_a_unified_diff() -> None:
    screw = line(1, designators="H1-H4")
    assert change(None, screw) == "+ 4 × SCR-001 M3 screw [H1-H4]"
    assert change(screw, None) == "- 4 × SCR-001 M3 screw [H1-H4]"
    assert change(line(2, "3", "R1-R3"), line(3, "3", "R1-R3")) == "~ R1-R3 RES-1 10k → RES-2 12k"
    assert change(screw, line(1, "6", "H1-H3, H5-H7")) == "~ H1-H3, H5-H7 SCR-001 M3 screw: 4 → 6, +H5-H7, -H4"
    assert change(line(1, "0.5", unit="METER"), line(1, "50", unit="CENTIMETER")) == (
        "~ SCR-001 M3 screw: 0.5 METER → 50 CENTIMETER"
    )
    assert change(line(1, item_number=3), line(1, item_number=4, is_do_not_place=True)) == (
        "~ item 4 SCR-001 M3 screw: item 3 → 4, placed → not placed"
    )
    assert change(line(1), line(1, substitutes='["s1", "gone"]', notes="black\nones")) == (
        "~ SCR-001 M3 screw: substitutes none → SCR-009, gone, notes none → black ones"
    )
    assert change(None, line(1, "0.5", unit="METER", item_number=7, notes="loose", is_do_not_place=True)) == (
        "+ 0.5 METER × SCR-001 M3 screw (item 7; not placed; loose)"
    )
    places = ", ".join(f"C{place}" for place in range(1, 99, 2))
    assert change(
        line(1, "49", places, is_do_not_place=True), line(1, "50", places + ", C500", is_do_not_place=True)
    ) == (f"~ {places[:59]}… SCR-001 M3 screw (not placed): 49 → 50, +C500")
    one, other = line(1, key=1, line_id="a"), line(2, key=2, line_id="b", position=20)
    [moved] = compare_lines([one, other], [other._replace(key=3, position=5), one])
    assert line_change(moved, NAMES).endswith(": moved")


DIFFERENCES = differing(
    said("name", "Frame", "Frame, large"),
    ComponentDifference(Area.ATTRIBUTE, ChangeKind.CHANGED, None, "Resistance", "4k7", "4.7 kΩ", True),
    said("source", None, "rank 2, MPN A-1", "Acme A-1"),
    said("rank", "1", "3", "Acme A-2"),
    ComponentDifference(Area.ALIAS, ChangeKind.REMOVED, "OLD-1", "alias", "legacy", None),
    name="Frame",
    lines=1,
)
IMPACT = Impact(
    component(),
    Use(1, 1, 1, ((2, 35),)),
    Use(2, 3, 12, tuple((2 if place % 2 else 3, Decimal("0.50")) for place in range(12))),
    Delta(Decimal("0.10"), Decimal("0.12"), "USD", Missing(0, ()), Missing(12, tuple([2] * 12))),
    Delta(None, Decimal("1E+2"), None),
    Delta(None, None, "d", Missing(1, (3,))),
    NAMES.children,
)


def test_a_report_as_text() -> None:
    text = report([DIFFERENCES], ReportFormat.TEXT, impacts=[IMPACT])
    assert text.splitlines()[:9] == [
        "100-1 Frame",
        "  Version 1 → version 3",
        "  ~ name: Frame → Frame, large",
        "  ~ Resistance: 4k7 → 4.7 kΩ (the same quantity)",
        "  + source Acme A-1: rank 2, MPN A-1",
        "  ~ source Acme A-2, rank: 1 → 3",
        "  - alias OLD-1: legacy",
        "  + 4 × SCR-001 M3 screw",
        "  Released products: 1 (35 in RES-1 10k)",
    ]
    cost, mass, lead_time = text.splitlines()[-3:]
    assert cost.startswith("  Cost: 0.1 → 0.12 USD (+0.02); without 12 parts after (RES-1, RES-1,")
    assert cost.endswith(" and 2 more)")
    assert mass == "  Mass: unknown → 100"
    assert lead_time == "  Lead time: unknown"
    assert " and 2 more)" in text.splitlines()[-4]


def test_a_report_as_markdown() -> None:
    assert report([DIFFERENCES], ReportFormat.MARKDOWN) == (
        "## 100-1 Frame\n\nVersion 1 → version 3\n\n"
        "| what | before | after |\n| --- | --- | --- |\n"
        "| name | Frame | Frame, large |\n"
        "| Resistance | 4k7 | 4.7 kΩ (the same quantity) |\n"
        "| source Acme A-1 |  | rank 2, MPN A-1 |\n"
        "| source Acme A-2, rank | 1 | 3 |\n"
        "| alias OLD-1 | legacy |  |\n\n"
        "```diff\n+ 4 × SCR-001 M3 screw\n```\n"
    )


def test_parts_that_nobody_knows_the_price_of_are_told_once_where_they_are_the_same() -> None:
    gap = Missing(1, (3,))
    told = []
    for cost in (
        Delta(Decimal(1), Decimal(2), "USD", gap, gap),
        Delta(Decimal(1), Decimal(1), "USD", gap, Missing(0, ())),
        Delta(None, Decimal(2), "USD", gap, Missing(2, (2, 3))),
    ):
        told.append(report([], ReportFormat.TEXT, impacts=[replace(IMPACT, cost=cost)]).splitlines()[-3])
    assert told == [
        "  Cost: 1 → 2 USD (+1); without 1 part (RES-2)",
        "  Cost: 1 → 1 USD (0); without 1 part before (RES-2)",
        "  Cost: unknown → 2 USD; without 2 parts after (RES-1, RES-2)",
    ]


def test_a_version_in_work_does_not_carry_the_label_of_the_release_again() -> None:
    before, after = component(version=1, revision="A"), component(version=3, revision="A")
    text = report([ComponentDifferences(before, after, (), (), NAMES)], ReportFormat.TEXT)
    assert "Version 1 (revision A) → version 3: no difference" in text
    text = report([ComponentDifferences(before, after._replace(revision="B"), (), (), NAMES)], ReportFormat.TEXT)
    assert "Version 1 (revision A) → version 3 (revision B)" in text


def test_nothing_is_said_to_be_nothing() -> None:
    assert report([], ReportFormat.TEXT) == "No components.\n"
    assert report([differing()], ReportFormat.TEXT) == "100-1 Frame\n  Version 1 → version 3: no difference\n"
    new = ComponentDifferences(None, component(revision="A"), (), (), NAMES)
    assert "New → version 3 (revision A)" in report([new], ReportFormat.MARKDOWN)


def test_a_report_is_bounded_and_counts_what_it_leaves_out() -> None:
    large = differing(said("name", "a" * 5000, "b"), lines=5000)
    text = report([large], ReportFormat.TEXT)
    assert len(text.splitlines()) == 2 + ROWS_OF_COMPONENT_MAX + 1
    assert text.endswith(f"  … and {5001 - ROWS_OF_COMPONENT_MAX} more\n")
    assert max(map(len, text.splitlines())) < TEXT_LENGTH_MAX + 40
    many = report([large] * 100, ReportFormat.MARKDOWN)
    assert sum(row.startswith(("+ ", "| name")) for row in many.splitlines()) == ROWS_MAX
    assert many.count("… and 5001 more") == 100 - ROWS_MAX // ROWS_OF_COMPONENT_MAX


@given(text=hostile)
def test_nothing_that_is_printed_can_move_a_cursor_or_end_a_line(text: str) -> None:
    shown = printable(text)
    assert all(each.isprintable() or each in "\u200c\u200d" for each in shown)
    assert shown == printable(shown)


@given(name=hostile, before=hostile, after=hostile, subject=hostile)
def test_markdown_shows_every_text_as_it_is(name: str, before: str, after: str, subject: str) -> None:
    found = differing(said(name, before, after, subject), name=name, lines=1)
    told = report([found], ReportFormat.MARKDOWN, impacts=[IMPACT])
    texts = _texts(told)
    assert printable(f"100-1 {name}") in texts
    assert printable(before) in texts
    assert printable(after) in texts
    assert printable(f"source {subject}, {name}") in texts


def _texts(markdown: str) -> list[str]:
    """The content of headings, paragraphs, cells and items, as a reader sees it."""
    return [
        "".join(child.content for child in token.children or ())
        for token in MARKDOWN.parse(markdown)
        if token.type == "inline"
    ]


def _markup(markdown: str) -> set[str]:
    """Everything within texts that is not text: emphasis, links, images, code, HTML."""
    children = [child for token in MARKDOWN.parse(markdown) for child in token.children or ()]
    blocks = {token.type for token in MARKDOWN.parse(markdown)} & {"html_block", "blockquote_open", "hr", "code_block"}
    return {child.type for child in children if child.type not in ("text", "text_special")} | blocks


@given(texts=st.lists(hostile, max_size=4))
def test_no_text_becomes_markup(texts: list[str]) -> None:
    contents = [said(text, text, text + "x", text) for text in texts]
    lines = compare_lines([], [line(1, notes=text, key=place, line_id=str(place)) for place, text in enumerate(texts)])
    names = Names({1: brief(1, "SCR", "".join(texts))}, {})
    found = ComponentDifferences(None, component(name="".join(texts)), tuple(contents), tuple(lines), names)
    told = report([found], ReportFormat.MARKDOWN)
    assert _markup(told) == set()
    fences = [token for token in MARKDOWN.parse(told) if token.type == "fence"]
    assert [len(each.content.splitlines()) for each in fences] == ([len(texts)] if texts else [])
