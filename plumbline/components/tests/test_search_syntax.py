"""The search bar: terms, keys, comparisons, and refusals that point at the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.components.errors import InvalidFilter
from plumbline.components.filter import LEAVES_MAX, All, AnyOf, Field, Filter, Not, Operator, Where, size_of
from plumbline.components.search_syntax import KEYS, KINDS, LENGTH_MAX, TERMS_MAX, VALUES_MAX, search_filter

EQ, CONTAINS = Operator.EQ, Operator.CONTAINS
ADA = "11111111-1111-4111-8111-111111111111"


def people(name: str) -> tuple[str, ...]:
    return (ADA,) if name in ("Ada", "ada@acme.example") else ()


def read(text: str) -> Filter:
    return search_filter(text, people)


def refusal(text: str) -> InvalidFilter:
    with pytest.raises(InvalidFilter) as refused:
        read(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", All(())),
        ("   ", All(())),
        ("bracket", Where(Field.TEXT, CONTAINS, "bracket")),
        ("pull up", All((Where(Field.TEXT, CONTAINS, "pull"), Where(Field.TEXT, CONTAINS, "up")))),
        ('"pull up"', Where(Field.TEXT, CONTAINS, "pull up")),
        ('12" 1:2', All((Where(Field.TEXT, CONTAINS, '12"'), Where(Field.TEXT, CONTAINS, "1:2")))),
        ("RC06*", Where(Field.TEXT, Operator.STARTS_WITH, "RC06")),
        ("status:Design", Where(Field.STATUS_NAME, EQ, "Design")),
        ("STATUS!:Design", Not(Where(Field.STATUS_NAME, EQ, "Design"))),
        (
            'status:Design,"In review"',
            AnyOf((Where(Field.STATUS_NAME, EQ, "Design"), Where(Field.STATUS_NAME, EQ, "In review"))),
        ),
        ("type:part", Where(Field.CATEGORY_TYPE, EQ, "PART")),
        ("state:modified", Where(Field.STATE, EQ, "MODIFIED")),
        ("procurement:buy", Where(Field.PROCUREMENT, EQ, "BUY")),
        ("name:M3", Where(Field.NAME, CONTAINS, "M3")),
        ('name:"flat, \\"head\\" *"', Where(Field.NAME, CONTAINS, 'flat, "head" *')),
        ("desc:*steel", Where(Field.DESCRIPTION, Operator.ENDS_WITH, "steel")),
        ("description:*steel*", Where(Field.DESCRIPTION, CONTAINS, "steel")),
        ("cpn:=100-00001", Where(Field.CPN, EQ, "100-00001")),
        ("mpn:RC0603*", Where(Field.MPN, Operator.STARTS_WITH, "RC0603")),
        ("mfr:yageo", Where(Field.MANUFACTURER, CONTAINS, "yageo")),
        ("manufacturer!:*", Not(Where(Field.MANUFACTURER, Operator.IS_NULL, False))),
        ("label:RoHS", Where(Field.LABEL, CONTAINS, "RoHS")),
        ("eid:*", Where(Field.EID, Operator.IS_NULL, False)),
        ("alias:X1", Where(Field.ALIAS, CONTAINS, "X1")),
        ("pinned:yes", Where(Field.PINNED, EQ, True)),
        ("bookmarked:false", Where(Field.FAVORITE, EQ, False)),
        ("archived:True", Where(Field.ARCHIVED, EQ, True)),
        ("created:>2024-01-01", Where(Field.CREATED_AT, Operator.GTE, "2024-01-02T00:00:00.000Z")),
        ("createdAt:<=2024-01-01", Where(Field.CREATED_AT, Operator.LT, "2024-01-02T00:00:00.000Z")),
        ("modified:>=2024-01-01T10:00Z", Where(Field.UPDATED_AT, Operator.GTE, "2024-01-01T10:00:00.000Z")),
        (
            "updatedAt:2024-02-29",
            All(
                (
                    Where(Field.UPDATED_AT, Operator.GTE, "2024-02-29T00:00:00.000Z"),
                    Where(Field.UPDATED_AT, Operator.LT, "2024-03-01T00:00:00.000Z"),
                )
            ),
        ),
        ("createdBy:Ada", Where(Field.CREATED_BY, Operator.IN, (ADA,))),
        (f"modifiedBy:{ADA}", Where(Field.UPDATED_BY, Operator.IN, (ADA,))),
        ("createdBy:Nobody", AnyOf(())),
        ("rev:>=b", Where(Field.REVISION, Operator.GTE, "B")),
        ("rev:<=B", Where(Field.REVISION, Operator.LTE, "b")),
        ("revision:B", Where(Field.REVISION, Operator.IN, ("B", "b"))),
        ("rev!:*", Not(Where(Field.REVISION, Operator.IS_NULL, False))),
        ("attr:Resistance:>4k7", Where(Field.ATTRIBUTE, Operator.GT, "4k7", "Resistance")),
        ('attr:"Rated voltage":>="10 V"', Where(Field.ATTRIBUTE, Operator.GTE, "10 V", "Rated voltage")),
        ("attr!:Finish:black", Not(Where(Field.ATTRIBUTE, EQ, "black", "Finish"))),
        ("attr:Finish!:black", Not(Where(Field.ATTRIBUTE, EQ, "black", "Finish"))),
        ("attr:Finish:*", Where(Field.ATTRIBUTE, Operator.IS_NULL, False, "Finish")),
        ("attr:Finish:bl*", Where(Field.ATTRIBUTE, Operator.STARTS_WITH, "bl", "Finish")),
        ("category:100", AnyOf((Where(Field.CATEGORY_NAME, EQ, "100"), Where(Field.CATEGORY_CODE, EQ, "100")))),
    ],
)
def test_a_text_means_a_filter(text: str, meant: Filter) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("bracket statsu:Design", 9, "Did you mean status"),
        ("stat us:x", 6, "no key 'us'"),
        ("name:", 6, "name has no value"),
        ("name: bracket", 6, "name has no value"),
        ("status:Design,", 15, "has no value"),
        ('name:"open', 6, "not closed"),
        ('"a"b', 1, "not closed"),
        ('name:""', 6, "nothing between"),
        ("created:>tomorrow", 10, "'tomorrow' is not a date"),
        ("created:2024-13-01", 9, "is not a date"),
        ("created:9999-12-31", 9, "is not a date"),
        ("name:>A", 7, "no order"),
        ("pinned:maybe", 8, "neither yes nor no"),
        ("state:OPEN", 7, "not one of the choices"),
        ("type:>PART", 7, "no order"),
        ("attr:Mass", 6, "names no attribute"),
        ("attr:Mass:", 11, "attr:Mass has no value"),
        ("http://acme.example", 1, "between quotation marks"),
    ],
)
def test_a_refusal_names_the_column(text: str, column: int, says: str) -> None:
    fault = refusal(text)
    assert fault.message.startswith(f"Column {column}: ")
    assert says in f"{fault.message} {fault.hint}"
    assert fault.path == ("search",)


def test_all_faulty_terms_are_named_at_once() -> None:
    fault = refusal("statsu:Design name:ok pinned:maybe")
    assert [fault.message, *(each.message for each in fault.also)] == [
        "Column 1: There is no key 'statsu'.",
        "Column 30: 'maybe' is neither yes nor no.",
    ]


def test_every_listed_key_is_a_key() -> None:
    assert {key.lower() for key in KEYS} - set(KINDS) == {"attr"}


@pytest.mark.parametrize(
    "text",
    ["x" * (LENGTH_MAX + 1), "x " * (TERMS_MAX + 1), "name:" + ",".join("x" * (VALUES_MAX + 1)), "a\x00b", "\ud800"],
)
def test_too_much_and_unprintable_texts_are_refused(text: str) -> None:
    refusal(text)


@given(st.text(max_size=200) | st.text(alphabet='abnmetruv:"!,*<>= \\', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        depth, leaves = size_of(read(text))
    except InvalidFilter:
        return
    assert depth <= 4
    assert leaves <= LEAVES_MAX


@given(st.lists(st.sampled_from(["category:a,b", "created:2024-01-01", "x", "rev:>A", "mpn!:*"]), max_size=TERMS_MAX))
def test_what_is_within_bounds_makes_a_filter_within_bounds(terms: list[str]) -> None:
    if sum(1 + term.count(",") for term in terms) <= VALUES_MAX:
        assert size_of(read(" ".join(terms)))[1] <= LEAVES_MAX
