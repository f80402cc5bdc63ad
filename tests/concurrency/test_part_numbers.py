"""Part numbers under load: 64 writers, 500 components each, five counters, some calls given up after their numbers were taken."""

from __future__ import annotations

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from plumbline.components.actions.create import create_components
from plumbline.components.model import NewComponent, NumberWish
from plumbline.numbering.errors import NumberTaken
from plumbline.storage.unit_of_work import UnitOfWork
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team

pytestmark = pytest.mark.xdist_group("heavy")

PROCESSES, THREADS = 8, 8
CATEGORIES = {"Screw": "200", "Nut": "205", "Washer": "210", "Pin": "215", "Standoff": "220"}
SIZES = (1,) * 5 + (5, 40) + (150,) * 3
"""Components per call of one writer: 500 in all."""


class GivenUp(Exception):
    pass


class Outcome(NamedTuple):
    numbers: list[str]
    given_up: int
    typed: list[str]


def test_the_load_is_what_it_says() -> None:
    assert sum(SIZES) == 500


def test_64_writers_make_no_duplicate_no_gap_and_count_in_the_order_of_commits(site: Any) -> None:
    outcomes = [each for results in site.run(PROCESSES, _writers) for each in results]
    acknowledged = [number for each in outcomes for number in each.numbers]
    typed = {number for each in outcomes for number in each.typed}
    assert sum(each.given_up for each in outcomes) >= PROCESSES * THREADS * len(SIZES) / 20
    assert len(typed) >= 20, "numbers were typed into the path of the counters"
    assert len(acknowledged) == PROCESSES * THREADS * 500

    with site.opened() as caller, caller.application.database.reading() as connection:
        stored = connection.execute(
            text(
                "SELECT c.cpn, v.from_change FROM components c JOIN component_versions v ON v.component_key = c.key "
                "WHERE c.library_id = :library ORDER BY v.from_change, c.key"
            ),
            {"library": caller.actor.library_id},
        ).all()
        issued = set(connection.execute(text("SELECT number FROM issued_numbers")).scalars())
    assert sorted(cpn for cpn, _ in stored) == sorted(acknowledged), "every number once, none lost, none left over"
    assert issued == set(acknowledged)

    counted: dict[str, list[int]] = defaultdict(list)
    everything: dict[str, set[int]] = defaultdict(set)
    for cpn, _ in stored:
        scope, _, sequence = cpn.partition("-")
        everything[scope].add(int(sequence))
        if cpn not in typed:
            counted[scope].append(int(sequence))
    assert set(counted) == set(CATEGORIES.values())
    for scope, sequences in counted.items():
        assert sequences == sorted(sequences), f"{scope}: numbers in the order of commits"
        last = sequences[-1]
        missing = set(range(1, last + 1)) - everything[scope]
        assert not missing, f"{scope}: gaps {sorted(missing)[:10]}"


def _writers(caller: Caller, process: int) -> list[Outcome]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda thread: _writer(caller, process * THREADS + thread), range(THREADS)))


def _writer(caller: Caller, seed: int) -> Outcome:
    chance = random.Random(seed)
    sizes = list(SIZES)
    chance.shuffle(sizes)
    outcome = Outcome([], 0, [])
    given_up = 0
    for size in sizes:
        if chance.random() < 0.08:
            _give_up(caller, chance, size)
            given_up += 1
        if size == 1 and chance.random() < 0.4:
            number = _typed(caller, chance)
            if number is not None:
                outcome.typed.append(number)
                outcome.numbers.append(number)
                continue
        made = caller.run(create_components, _new(chance, size))
        outcome.numbers.extend(each.cpn for each in made)
    return outcome._replace(given_up=given_up)


def _new(chance: random.Random, size: int) -> list[NewComponent]:
    return [NewComponent(name=f"Part {i}", category=chance.choice(list(CATEGORIES))) for i in range(size)]


def _typed(caller: Caller, chance: random.Random) -> str | None:
    """A number of its own, somewhere on the way of a counter; None if the counter, or somebody else, was there before."""
    name, code = chance.choice(list(CATEGORIES.items()))
    number = f"{code}-{chance.randint(1, 7000):05d}"
    try:
        return caller.run(create_components, [NewComponent("Typed", name, number=NumberWish(number))])[0].cpn
    except NumberTaken:
        return None


def _give_up(caller: Caller, chance: random.Random, size: int) -> None:
    """Takes numbers, writes components, and fails right before the commit."""
    application = caller.application
    with suppress(GivenUp), application.database.writing() as connection:
        work = UnitOfWork(
            connection, caller.actor, application.clock, application.new_id, action_name="create_components"
        )
        create_components(work, _new(chance, size))
        raise GivenUp


def test_a_long_row_of_typed_numbers_is_skipped_whole(team: Team) -> None:
    """As after an import of parts that were numbered elsewhere."""
    typed = [f"200-{number:05d}" for number in range(1, 121) if number != 60]
    team.engineer.run(create_components, [NewComponent("Old", "Screw", number=NumberWish(each)) for each in typed])
    assert [make.component(team.engineer, category="Screw").cpn for _ in range(3)] == [
        "200-00060",
        "200-00121",
        "200-00122",
    ]
    made = make.components(team.engineer, *(f"New {i}" for i in range(40)), category="Screw")
    assert [each.cpn for each in made] == [f"200-{number:05d}" for number in range(123, 163)]


def test_counters_go_round_a_number_that_is_typed_later_in_the_same_call(team: Team) -> None:
    new = [
        NewComponent("First", "Screw"),
        NewComponent("Kept", "Screw", number=NumberWish("200-00001")),
        NewComponent("Last", "Screw"),
    ]
    assert [each.cpn for each in team.engineer.run(create_components, new)] == ["200-00002", "200-00001", "200-00003"]
    with pytest.raises(NumberTaken) as refused:
        team.engineer.run(create_components, [*new[:1], NewComponent("Twice", number=NumberWish("200-00003"))])
    assert refused.value.path[:2] == ("inputs", 1)
