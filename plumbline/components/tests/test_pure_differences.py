"""What differs between two versions: laws that hold for any two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.catalog.attributes import TypedValue
from plumbline.catalog.model import Attribute, Category, Status
from plumbline.catalog.reads import Catalog
from plumbline.components.differences import (
    BEFORE_THE_FIRST,
    Area,
    ChangeKind,
    ComponentDifference,
    VersionContent,
    VersionSpan,
    compare_contents,
    ends_of_span,
    offer_statements,
    paired_offers,
    paired_sources,
    source_name,
    source_statements,
)
from plumbline.components.errors import VersionMissing
from plumbline.components.model import (
    Alias,
    AttributeValue,
    Component,
    NewSource,
    Offer,
    PriceBreak,
    Source,
    SourceStatus,
)

KNOWN = Catalog(
    (Status("s1", "Design", "DESIGN", "#fff", 1), Status("s2", "Production", "PRODUCTION", "#fff", 2)),
    (
        Category("c1", "100", "Screw", None, "MECHANICAL", "EACH", None),
        Category("c2", "200", "Nut", None, "MECHANICAL", "EACH", None),
        Category("c3", "201", "Nut", None, "MECHANICAL", "EACH", None, retired_change=7),
    ),
    (
        Attribute("a1", "Resistance", "NUMBER", "Ω", "LIBRARY", None, ()),
        Attribute("a2", "Case", "STRING", None, "LIBRARY", None, ()),
        Attribute("a3", "Count", "NUMBER", None, "LIBRARY", None, ()),
    ),
    (),
)
texts = st.sampled_from(["", "one", "two", "one, two", "größer"])


def component(version: int = 1, **fields: object) -> Component:
    usual = Component(
        1, "id", "100-1", version, "Screw", "", "c1", "s1", None, None, "BUY", "EACH", "[]", False,
        "2026", "ada", "2026", "ada", None, None, None,
    )  # fmt: skip
    return usual._replace(**fields)


components = st.builds(
    component,
    name=texts,
    description=texts,
    category_id=st.sampled_from(["c1", "c2", "c3"]),
    status_id=st.sampled_from(["s1", "s2"]),
    revision=st.sampled_from([None, "A", "B"]),
    eid=st.sampled_from([None, "E-1"]),
    procurement=st.sampled_from(["MAKE", "BUY"]),
    unit_of_measure=st.sampled_from(["EACH", "METER"]),
    labels=st.sets(st.sampled_from(["hot", "cold", "a, b"])).map(lambda each: orjson.dumps(sorted(each)).decode()),
    is_archived=st.booleans(),
)
numbers = st.sampled_from(["4k7", "4.7 kΩ", "4700", "10k", "0402", "402", "1.0", "1"])
values = st.dictionaries(st.sampled_from(["a1", "a2", "a3"]), numbers).map(
    lambda found: [AttributeValue(1, key, TypedValue(text, None, None, None)) for key, text in found.items()]
)
aliases = st.dictionaries(st.sampled_from(["OLD-1", "OLD-2", "X"]), st.sampled_from(["legacy", "customer"])).map(
    lambda found: [Alias(1, value, kind) for value, kind in found.items()]
)
breaks = st.dictionaries(st.sampled_from([1, 10, 100]), st.sampled_from(["0.1", "0.2"]), max_size=3).map(
    lambda found: tuple(PriceBreak(Decimal(quantity), Decimal(price)) for quantity, price in sorted(found.items()))
)
offers = st.lists(
    st.builds(
        Offer,
        st.sampled_from(["DigiKey", "Mouser"]),
        st.sampled_from(["", "D-1", "D-2", "D-3"]),
        st.sampled_from(["USD", "EUR"]),
        breaks,
        lead_time_days=st.sampled_from([None, 0, 7]),
        link=st.sampled_from([None, "https://a.example"]),
    ),
    unique_by=lambda offer: (offer.distributor, offer.sku, offer.currency),
    max_size=3,
).map(tuple)
sources = st.lists(
    st.builds(
        NewSource,
        st.sampled_from(["Acme", "ACME", "Yageo"]),
        st.sampled_from(["A-1", "A-2", "A-3", "A-4"]),
        texts,
        st.sampled_from([None, "https://a.example/1"]),
        st.sampled_from(list(SourceStatus)),
        offers,
    ),
    unique_by=lambda source: source.mpn,
    max_size=4,
).map(lambda found: [Source(f"s{rank}", 1, rank, each) for rank, each in enumerate(found, start=1)])
contents = st.builds(VersionContent, components, values, sources, aliases)
Fact = tuple[str, str | None, str, str]


def facts(found: Iterable[ComponentDifference]) -> Counter[Fact]:
    return Counter((each.area, each.subject, each.name, each.after) for each in found if each.after is not None)


def without_sources(found: Iterable[ComponentDifference]) -> list[ComponentDifference]:
    return [each for each in found if each.area is not Area.SOURCE]


@given(content=contents)
def test_nothing_differs_from_itself(content: VersionContent) -> None:
    assert compare_contents(content, content, KNOWN) == []


@given(before=contents, after=contents)
def test_applying_the_differences_to_what_was_said_gives_what_is_said(
    before: VersionContent, after: VersionContent
) -> None:
    said = facts(without_sources(compare_contents(None, before, KNOWN)))
    for each in without_sources(compare_contents(before, after, KNOWN)):
        if each.before is not None:
            assert said.pop((each.area, each.subject, each.name, each.before)) == 1
        if each.after is not None:
            said[each.area, each.subject, each.name, each.after] += 1
    assert said == facts(without_sources(compare_contents(None, after, KNOWN)))


@given(before=sources, after=sources)
def test_applying_the_differences_to_the_sources_gives_the_sources(before: list[Source], after: list[Source]) -> None:
    found = compare_contents(VersionContent(component(), (), before), VersionContent(component(), (), after), KNOWN)
    ranks: dict[int, str] = {}
    waiting: list[str] = []
    for old, new in sorted(paired_sources(before, after), key=lambda pair: pair[0].rank if pair[0] else 0):
        if new is None:
            continue
        own = {each.name: each for each in found if each.subject == source_name(new)}
        if old is None:
            assert own["source"].before is None
            ranks[new.rank] = source_name(new)
        else:
            told = {
                **source_statements(old),
                **{name: own[name].after for name in source_statements(old) if name in own},
            }
            assert _plain(told) == _plain(source_statements(new))
            if "rank" in own:
                assert (own["rank"].before, own["rank"].after) == (str(old.rank), str(new.rank))
                ranks[new.rank] = source_name(new)
            else:
                waiting.append(source_name(new))
    names = [source_name(each) for each in after]
    if any(each.name == "rank" for each in found):  # all ranks that changed are told; the others are as they were
        kept = {old.rank: source_name(new) for old, new in paired_sources(before, after) if old and new}
        ranks = {**{rank: name for rank, name in kept.items() if name in waiting}, **ranks}
        waiting = []
    assert [ranks[place] if place in ranks else waiting.pop(0) for place in range(1, len(names) + 1)] == names


@given(before=offers, after=offers)
def test_applying_the_differences_to_the_offers_gives_the_offers(
    before: tuple[Offer, ...], after: tuple[Offer, ...]
) -> None:
    one, other = (Source("s", 1, 1, NewSource("Acme", "A-1", offers=each)) for each in (before, after))
    found = compare_contents(VersionContent(component(), (), [one]), VersionContent(component(), (), [other]), KNOWN)
    told = {each.name: each for each in found}
    for old, new in paired_offers(before, after):
        offer = new or old
        assert offer is not None
        start = f"offer of {f'{offer.distributor} {offer.sku}'.strip()} in {offer.currency}"
        if old is None or new is None:
            assert start in told
            continue
        names = {*offer_statements(old), *offer_statements(new)}
        changed = {name: told[f"{start}: {name}"].after for name in names if f"{start}: {name}" in told}
        assert _plain({**offer_statements(old), **changed}) == _plain(offer_statements(new))


def _plain(said: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in said.items() if text}


@given(before=contents, after=contents)
def test_the_other_way_round_the_sides_are_exchanged(before: VersionContent, after: VersionContent) -> None:
    """But for what a source or an offer is called, which is what the later side calls it."""
    exchanged = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    there, back = compare_contents(before, after, KNOWN), compare_contents(after, before, KNOWN)
    assert Counter(
        (each.area, exchanged.get(each.kind, each.kind), each.after, each.before, each.same_quantity) for each in there
    ) == Counter((each.area, each.kind, each.before, each.after, each.same_quantity) for each in back)


@given(before=contents, after=contents)
def test_every_place_is_told_of_once(before: VersionContent, after: VersionContent) -> None:
    found = compare_contents(before, after, KNOWN)
    places = [(each.area, each.subject, each.name) for each in found if each.name != "label"]
    assert len(set(places)) == len(places)
    for each in found:
        assert each.before != each.after
        assert (each.before is None) == (each.kind is ChangeKind.ADDED)
        assert (each.after is None) == (each.kind is ChangeKind.REMOVED)


@pytest.mark.parametrize(
    ("attribute", "one", "other", "same"),
    [
        ("a1", "4k7", "4.7 kΩ", True),
        ("a1", "4700", "4k7", True),
        ("a1", "4k7", "4k8", False),
        ("a2", "4k7", "4.7 kΩ", True),
        ("a2", "0402", "402", False),
        ("a2", "01A", "1A", False),
        ("a2", "1.0", "1", False),
        ("a3", "1.0", "1", True),
        ("a3", "1", "2", False),
    ],
)
def test_only_what_is_a_quantity_can_be_the_same_quantity(attribute: str, one: str, other: str, same: bool) -> None:
    before, after = (
        VersionContent(component(), [AttributeValue(1, attribute, TypedValue(text, None, None, None))])
        for text in (one, other)
    )
    [found] = compare_contents(before, after, KNOWN)
    assert (found.before, found.after, found.same_quantity) == (one, other, same)


def test_two_entries_of_one_name_are_told_apart() -> None:
    before, after = (VersionContent(component(category_id=each)) for each in ("c3", "c2"))
    [found] = compare_contents(before, after, KNOWN)
    assert (found.name, found.before, found.after) == ("category", "Nut (c3)", "Nut (c2)")


@pytest.mark.parametrize(
    ("span", "released", "ends"),
    [
        ((None, None), None, (BEFORE_THE_FIRST, 9)),
        ((None, None), 5, (5, 9)),
        ((None, 5), 5, (2, 5)),
        ((None, 4), 5, (2, 4)),
        ((None, 2), 5, (BEFORE_THE_FIRST, 2)),
        ((3, None), 5, (3, 9)),
        ((7, 1), 5, (7, 1)),
        ((0, 1), 5, (0, 1)),
    ],
)
def test_what_a_span_means(span: tuple[int | None, int | None], released: int | None, ends: tuple[int, int]) -> None:
    newest = component(version=9, released_version=released)
    assert ends_of_span(VersionSpan("id", *span), newest, (2, 5)) == ends


@pytest.mark.parametrize("span", [(-1, None), (10, None), (None, 0), (None, 10), (1, -1)])
def test_versions_that_never_were(span: tuple[int | None, int | None]) -> None:
    with pytest.raises(VersionMissing, match="100-1 has no version"):
        ends_of_span(VersionSpan("id", *span), component(version=9), ())
