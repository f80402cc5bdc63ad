"""What a new part looks like: proposed with a reason, decided by a person, never taken by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plumbline.exchange.errors import InvalidDecision
from plumbline.exchange.likeness import CANDIDATES_MAX, Candidate, Likeness
from plumbline.exchange.matching import MatchedBy, MatchState
from plumbline.exchange.model import ImportedData, ImportedOffer, ImportedPart, ImportedSource, Origin
from plumbline.exchange.plan import PartAction, PartStep, plan_import
from plumbline.exchange.snapshot import KnownPart, PartValues, Snapshot

RESISTOR = "Resistor thick film 10k 1% 0603 100 mW"


def known(cpn: str, name: str = "", *sources: ImportedSource, **values: object) -> KnownPart:
    return KnownPart(cpn, cpn, 1, PartValues(name or f"Part {cpn}", sources=sources, **values))  # type: ignore[arg-type]  # fields of PartValues


def part(key: str, name: str = "", *sources: ImportedSource, number: str | None = None) -> ImportedPart:
    return ImportedPart(key, name or key, Origin("bom.csv"), sources=sources, number=number)


def looked_for(name: str, *library: KnownPart) -> tuple[Candidate, ...]:
    asking = part("A", name)
    return Likeness(library, [asking]).candidates(asking)


def steps(parts: list[ImportedPart], *library: KnownPart, **decided: str) -> dict[str, PartStep]:
    plan = plan_import(ImportedData("table", tuple(parts), ()), Snapshot(library), decided)
    return {step.key: step for step in plan.parts}


@pytest.mark.parametrize("mpn", ["RC0603FR-0710KL", "rc0603fr 0710kl", "RC0603FR0710KL", "RC0603-FR-0710KL"])
def test_a_makers_number_written_otherwise_is_proposed(mpn: str) -> None:
    there = known("413-1", "R", ImportedSource("Yageo", "RC0603FR-0710KL"))
    step = steps([part("A", "", ImportedSource(None, mpn))], there)["A"]
    assert (step.action, step.state) == (PartAction.CREATE, MatchState.PROPOSED)
    assert step.explanation == (
        "The library has no part A. It looks like 413-1, since it is made as Yageo RC0603FR-0710KL."
    )


def test_a_proposal_is_counted_and_what_is_certain_is_none() -> None:
    there = known("413-1", "R", ImportedSource("Yageo", "RC-0001"))
    parts = [part("A", "", ImportedSource("YAGEO", "rc-0001")), part("B", "", ImportedSource("Vishay", "RC-0001"))]
    plan = plan_import(ImportedData("table", tuple(parts), ()), Snapshot((there,)))
    assert {step.key: step.state for step in plan.parts} == {"A": MatchState.CERTAIN, "B": MatchState.PROPOSED}
    assert plan.counts.proposed == 1


@pytest.mark.parametrize("mpn", ["TBD", "n/a", "", "12", "-"])
def test_what_names_no_part_proposes_none(mpn: str) -> None:
    there = known("413-1", "R", ImportedSource("Yageo", mpn))
    assert steps([part("A", "", ImportedSource(None, mpn))], there)["A"].candidates == ()


def test_words_propose_what_differs_in_words_and_not_in_values() -> None:
    library = [known(f"c{each}", f"Capacitor ceramic {each}u 10V 0805") for each in range(20)]
    there = known("r1", RESISTOR)
    alike = looked_for("Resistor film 10k 1% 0603 100 mW", there, *library)
    assert [(each.cpn, each.is_strong) for each in alike] == [("r1", False)]
    assert "% of the words are the same" in alike[0].reason
    for other in ("12k", "10k0", "100k"):
        assert looked_for(RESISTOR.replace("10k", other), there, *library) == ()
    assert steps([part("A", "Resistor film 10k 1% 0603 100 mW")], there, *library)["A"].state is MatchState.NEW


def test_archived_parts_are_proposed_to_nobody() -> None:
    gone = replace(known("r1", RESISTOR), is_archived=True)
    assert looked_for(RESISTOR, gone) == ()


def test_a_few_candidates_are_named_the_likeliest_first() -> None:
    library = [known(f"w{each}", f"Washer spring steel zinc plated form {chr(65 + each)}") for each in range(9)]
    library += [known(f"c{each}", f"Capacitor ceramic {each}u 10V 0805") for each in range(60)]
    found = looked_for("Washer spring steel zinc plated form C", *library)
    assert len(found) == CANDIDATES_MAX
    assert found[0].cpn == "w2"


def test_a_distributors_number_is_taken_where_nothing_else_names_the_part() -> None:
    offer = ImportedOffer("DigiKey", "311-10.0KHRCT-ND")
    there = known("413-1", "R", ImportedSource("Yageo", "RC-1", offers=(offer,)))
    sold = ImportedSource(None, None, offers=(ImportedOffer("Digikey", "311-10.0khrct-nd"),))
    step = steps([part("A", "", sold)], there)["A"]
    assert (step.state, step.matched_by) == (MatchState.CERTAIN, MatchedBy.DISTRIBUTOR_PART)
    assert step.explanation == "A is 413-1: Digikey sells it as 311-10.0khrct-nd."
    twice = steps([part("A", "", sold), part("B", "", sold)], there)
    assert {each.state for each in twice.values()} == {MatchState.NEW}
    made = ImportedSource("Vishay", "CRCW-1", offers=sold.offers)
    assert steps([part("A", "", made)], there)["A"].known is None
    assert steps([part("A", "", sold, number="100-1")], there)["A"].known is None


def test_a_person_decides_what_is_ambiguous_or_proposed() -> None:
    made = ImportedSource("Yageo", "RC-0001")
    library = (known("8", "R", made), known("9", "R", made))
    assert steps([part("A", "", made)], *library)["A"].state is MatchState.AMBIGUOUS
    taken = steps([part("A", "", made)], *library, A="9")["A"]
    assert (taken.known and taken.known.cpn, taken.matched_by) == ("9", MatchedBy.DECISION)
    assert steps([part("A", "", made)], *library, A="new")["A"].action is PartAction.CREATE


@pytest.mark.parametrize(("key", "cpn"), [("B", "9"), ("A", "10"), ("A", "")])
def test_a_decision_about_nothing_is_refused(key: str, cpn: str) -> None:
    with pytest.raises(InvalidDecision) as refused:
        steps([part("A")], known("9"), **{key: cpn})
    assert refused.value.path == ("matches", key)
