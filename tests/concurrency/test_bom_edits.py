"""BOM edits at the same moment: opposite ones never close a cycle, and whoever looks sees whole changes."""

from __future__ import annotations

import itertools
import multiprocessing
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

import pytest

from plumbline.boms.actions import edit_boms
from plumbline.boms.errors import BomCycle
from plumbline.boms.model import BomEdit, LineChange, NewLine
from plumbline.boms.reads import lines_of, rolled_up_quantities, structure
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.model import Component, ComponentChange, NewComponent
from plumbline.components.reads import components_by_ids
from plumbline.storage.unit_of_work import UnitOfWork
from plumbline.testing.callers import Caller, Team

pytestmark = pytest.mark.xdist_group("heavy")

PAIRS = 200
SOAK_SECONDS = 4.0


def parts(caller: Caller, count: int) -> list[Component]:
    return caller.run(create_components, [NewComponent(f"Assembly {i}", "Mechanical Assembly") for i in range(count)])


def test_of_200_opposite_pairs_exactly_one_edit_wins_each_time(site: Any) -> None:
    with site.opened() as caller:
        made = parts(caller, 2 * PAIRS)
    pairs = list(zip(made[:PAIRS], made[PAIRS:], strict=True))
    together = multiprocessing.get_context("fork").Barrier(2)

    def edit(caller: Caller, process: int) -> list[bool]:
        """Process 0 puts B into A, process 1 A into B; both begin each pair at the same moment."""
        won = []
        for pair in pairs:
            together.wait(30)
            won.append(_put(caller, *(pair if process == 0 else pair[::-1])))
        return won

    one, other = site.run(2, edit)
    assert [mine + theirs for mine, theirs in zip(one, other, strict=True)] == [1] * PAIRS
    with site.opened() as caller:
        graph = caller.ask(structure)
        assert sum(len(lines.children) for lines in graph.lines.values()) == PAIRS
        assert_acyclic(graph.lines)


def test_opposite_edits_of_two_threads_leave_one_winner(site: Any) -> None:
    with site.opened() as caller, ThreadPoolExecutor(2) as pool:
        made = parts(caller, 60)
        for one, other in zip(made[:30], made[30:], strict=True):
            gate = threading.Barrier(2)

            def put(parent: Component, child: Component, gate: threading.Barrier = gate) -> bool:
                gate.wait(30)
                return _put(caller, parent, child)

            assert sum(pool.map(put, (one, other), (other, one))) == 1


def test_random_edges_of_many_writers_never_close_a_cycle(site: Any) -> None:
    """Sampled all the while by a process of its own, whose graph in memory has to follow the writers'."""
    with site.opened() as caller:
        made = parts(caller, 30)
        steps = itertools.pairwise(made)
        caller.run(edit_boms, [BomEdit(one.id, add=(NewLine(other.id, Decimal(1)),)) for one, other in steps])

    def write(caller: Caller, process: int) -> tuple[int, int]:
        with ThreadPoolExecutor(4) as pool:
            counts = list(pool.map(lambda thread: _add_random_edges(caller, made, process * 10 + thread), range(4)))
        return sum(added for added, _ in counts), sum(refused for _, refused in counts)

    crowd = site.start(3, write)
    samples = 0
    with site.opened() as caller:
        while crowd.at_work and samples < 10_000:
            samples += 1
            with caller.application.asking(caller.actor) as asked:
                graph = asked(structure)
                rows = asked(lines_of, made)
            assert_acyclic(graph.lines)
            stored = {key: tuple(line.child_key for line in lines) for key, lines in rows.items() if lines}
            assert {parent: lines.children for parent, lines in graph.lines.items()} == stored
        outcomes = crowd.results()
    assert samples >= 20
    assert sum(added for added, _ in outcomes) >= 20
    assert sum(refused for _, refused in outcomes) >= 20, "the check for cycles had something to do"


def test_two_edits_of_one_transaction_close_no_cycle_together(team: Team) -> None:
    """An import edits BOMs in several calls; the second sees what the first has written and taken away."""
    one, other = parts(team.engineer, 2)
    there, back = (BomEdit(a.id, add=(NewLine(b.id, Decimal(1)),)) for a, b in ((one, other), (other, one)))
    application = team.application

    def both(edits: list[list[BomEdit]]) -> None:
        with application.database.writing() as connection:
            work = UnitOfWork(
                connection, team.engineer.actor, application.clock, application.new_id, action_name="edit_boms"
            )
            for each in edits:
                edit_boms(work, each)
            work.finish()

    with pytest.raises(BomCycle):
        both([[there], [back]])
    assert team.viewer.ask(structure).lines == {}, "rolled back, and so is the graph in memory"
    both([[there]])
    line = team.viewer.ask(lines_of, [one])[one.key][0].line_id
    both([[BomEdit(one.id, remove=(line,))], [back]])
    assert team.viewer.ask(structure).children(other.key) == (one.key,)


class Seen(NamedTuple):
    totals: set[int]
    names: set[int]
    moments: int


def test_readers_see_each_change_whole_or_not_at_all(site: Any) -> None:
    """A writer shifts screws between two sub-assemblies, and renames ten parts, in single calls. No reader ever sees the middle."""
    with site.opened() as caller:
        top, left, right, screw, *others = parts(caller, 14)
        caller.run(
            edit_boms,
            [
                BomEdit(top.id, add=(NewLine(left.id, Decimal(1)), NewLine(right.id, Decimal(1)))),
                BomEdit(left.id, add=(NewLine(screw.id, Decimal(50)),)),
                BomEdit(right.id, add=(NewLine(screw.id, Decimal(50)),)),
            ],
        )
        lines = caller.ask(lines_of, [left, right])
        left_line, right_line = lines[left.key][0].line_id, lines[right.key][0].line_id
        ids = [each.id for each in others]
        caller.run(update_components, [ComponentChange(each, name="Name") for each in ids])

    def work(caller: Caller, process: int) -> Seen | int:
        return shift(caller) if process == 0 else look(caller)

    def shift(caller: Caller) -> int:
        chance = random.Random(1)
        written, end = 0, time.monotonic() + SOAK_SECONDS
        while time.monotonic() < end:
            here = chance.randint(1, 99)
            change = LineChange(left_line, quantity=Decimal(here)), LineChange(right_line, quantity=Decimal(100 - here))
            caller.run(edit_boms, [BomEdit(left.id, change=change[:1]), BomEdit(right.id, change=change[1:])])
            caller.run(update_components, [ComponentChange(each, name=f"Name {written}") for each in ids])
            written += 1
        return written

    def look(caller: Caller) -> Seen:
        totals, names, moments = set(), set(), set()
        end = time.monotonic() + SOAK_SECONDS
        while time.monotonic() < end:
            totals.add(caller.ask(rolled_up_quantities, top).totals[screw.key])
            shown = caller.ask(components_by_ids, ids)
            names.add(len({each.name for each in shown}))
            moments.add(shown[0].version)
        return Seen(totals, names, len(moments))

    written, *readers = site.run(3, work)
    assert written >= 10
    for seen in readers:
        assert (seen.totals, seen.names) == ({100}, {1})
        assert seen.moments >= 5, "the reader followed the writer"


def _put(caller: Caller, parent: Component, child: Component) -> bool:
    try:
        caller.run(edit_boms, [BomEdit(parent.id, add=(NewLine(child.id, Decimal(1)),))])
    except BomCycle:
        return False
    return True


def _add_random_edges(caller: Caller, made: list[Component], seed: int) -> tuple[int, int]:
    chance = random.Random(seed)
    outcomes = []
    end = time.monotonic() + SOAK_SECONDS
    while time.monotonic() < end:
        outcomes.append(_put(caller, *chance.sample(made, 2)))
    return sum(outcomes), len(outcomes) - sum(outcomes)


def assert_acyclic(lines: Any) -> None:
    """Raises graphlib.CycleError: an implementation that is not ours."""
    TopologicalSorter({parent: set(each.children) for parent, each in lines.items()}).prepare()
