"""What was fitted once is not changed by fitting it again, and what is written reads back as what was compared."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.catalog.model import Attribute
from plumbline.components.fields import checked_sources
from plumbline.exchange.adjusting import Findings
from plumbline.exchange.library_form import in_library_form
from plumbline.exchange.library_sources import fitted_sources, imported_source, merged_sources
from plumbline.exchange.merging import joined_sources
from plumbline.exchange.model import (
    ImportedData,
    ImportedLine,
    ImportedOffer,
    ImportedPart,
    ImportedSource,
    Origin,
    PriceBreak,
)

HERE = Origin("bom.csv")
text = st.text(st.characters(max_codepoint=0x2FF), max_size=8)
maybe = st.none() | text
price = st.decimals(Decimal("-1"), Decimal("5000"), places=5)
packs = st.sampled_from([Decimal(each) for each in ("1", "3", "7", "0.25", "0.3048", "304.8", "12.5", "-1")])
breaks = st.lists(st.builds(PriceBreak, price, price), max_size=4).map(tuple)
offers = st.builds(ImportedOffer, maybe, maybe, st.sampled_from([None, "usd", "EUR", "$$"]), breaks, packs)
sources = st.lists(
    st.builds(ImportedSource, maybe, maybe, text, maybe, st.lists(offers, max_size=2).map(tuple)), max_size=4
)
quantities = st.none() | st.decimals(-2, 10**10, places=14)
lines = st.builds(
    ImportedLine,
    st.just("T"),
    st.sampled_from("AB"),
    quantities,
    st.just(HERE),
    st.sampled_from([None, "m", "EACH", "Stk"]),
    st.sampled_from([None, "10", "007", "1.2", "x"]),
    st.lists(st.sampled_from(["C1", "C2", "R1-R3", "see drawing", "J1-P2"]), max_size=3).map(tuple),
    text,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from("AB"), max_size=2).map(tuple),
)
KNOWN = {"length": Attribute("1", "Length", "NUMBER", "mm", "USER", None, ())}


@given(sources)
@settings(max_examples=150, deadline=None)
def test_sources_read_back_as_they_were_fitted(given_sources):
    wanted = joined_sources((), fitted_sources(given_sources, Findings(), HERE))
    kept = checked_sources(merged_sources(wanted, ()), ("sources",))
    assert tuple(imported_source(source) for source in kept) == wanted
    assert fitted_sources(wanted, Findings(), HERE) == wanted
    assert merged_sources(wanted, kept) == kept


@given(st.lists(lines, max_size=4), st.dictionaries(text, text, max_size=4), text)
@settings(max_examples=150, deadline=None)
def test_fitting_twice_is_fitting_once(given_lines, attributes, name):
    parts = (
        ImportedPart("T", name, HERE, attributes=attributes),
        ImportedPart("A", "", HERE),
        ImportedPart("B", "", HERE),
    )
    once = in_library_form(ImportedData("table", parts, tuple(given_lines)), KNOWN)
    twice = in_library_form(once, KNOWN)
    assert twice.parts == once.parts
    assert twice.lines == once.lines


def test_a_pack_price_that_divides_is_exact_per_piece():
    offer = ImportedOffer("Shop", "S", "USD", (PriceBreak(Decimal(2), Decimal("10.50")),), Decimal(25))
    (source,) = merged_sources(fitted_sources([ImportedSource(None, None, offers=(offer,))], Findings(), HERE), ())
    assert source.offers[0].breaks == ((Decimal(50), Decimal("0.42")),)
