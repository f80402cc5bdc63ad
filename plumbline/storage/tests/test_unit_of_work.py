"""One change set per transaction, events with their change or not at all, moments that never run backwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from plumbline.application import Application
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.model import ComponentChange, NewComponent
from plumbline.kit.errors import Refusal
from plumbline.storage.engine import DatabaseAddressInvalid, open_database
from plumbline.storage.outbox import events_after
from plumbline.storage.unit_of_work import LibraryMissing, UnitOfWork, change_number_at, change_number_now
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team


def history(team: Team) -> list[tuple[int, str, str]]:
    """Number, moment and action of each change of the library."""
    with team.application.database.reading() as connection:
        query = text("SELECT number, changed_at, action FROM change_sets WHERE library_id = :library ORDER BY number")
        rows = connection.execute(query, {"library": team.viewer.actor.library_id})
        return [(row[0], row[1], row[2]) for row in rows]


def test_a_transaction_is_one_change_and_numbers_have_no_gap(team: Team) -> None:
    before = len(history(team))
    make.components(team.engineer, "A", "B", "C")
    made = make.component(team.engineer)
    team.engineer.run(update_components, [ComponentChange(made.id, name="Other")])
    told = history(team)
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    assert [action for _, _, action in told[before:]] == ["create_components", "create_components", "update_components"]


def test_an_action_that_changes_nothing_leaves_nothing_behind(team: Team) -> None:
    made = make.component(team.engineer, "Same")
    before = history(team)
    assert team.engineer.run(update_components, [ComponentChange(made.id, name="Same")])[0] == made
    assert history(team) == before


def test_an_action_that_fails_leaves_no_number_no_event_and_no_change(team: Team) -> None:
    first = make.component(team.engineer)
    before = history(team)
    with pytest.raises(Refusal):
        team.engineer.run(create_components, [NewComponent("Good"), NewComponent("", category="nowhere")])
    assert history(team) == before
    scope, _, sequence = first.cpn.partition("-")
    assert make.component(team.engineer).cpn == f"{scope}-{int(sequence) + 1:05d}"


def test_events_come_with_their_change_in_the_order_of_commits(team: Team) -> None:
    make.components(team.engineer, "A", "B")
    make.component(team.engineer)
    with team.application.database.reading() as connection:
        events = events_after(connection, 0, 10_000, team.viewer.actor.library_id)
        assert events_after(connection, events[-1].position, 10, team.viewer.actor.library_id) == []
    assert [each.position for each in events] == sorted({each.position for each in events})
    assert [each.change_number for each in events] == sorted(each.change_number for each in events)
    assert {each.change_number for each in events} == {number for number, _, _ in history(team)}
    assert len({each.event_id for each in events}) == len(events)


def test_moments_never_run_backwards_whatever_the_clock_does(team: Team) -> None:
    moments = [datetime(2031, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 2, tzinfo=UTC)]
    for moment in moments:
        slow = Caller(replace(team.application, clock=lambda moment=moment: moment), team.engineer.actor)
        make.component(slow)
    told = [moment for _, moment, _ in history(team)]
    assert told == sorted(told)
    assert told[-3:] == ["2031-01-01T00:00:00.000Z", "2031-01-01T00:00:00.000Z", "2031-01-02T00:00:00.000Z"]
    with team.application.asking(team.viewer.actor) as asked:
        newest = change_number_now(asked.scope)
        assert change_number_at(asked.scope, datetime(2031, 1, 1, tzinfo=UTC)) == newest - 1
        assert change_number_at(asked.scope, datetime(2031, 1, 1, tzinfo=UTC) - timedelta(seconds=1)) == newest - 3
        assert change_number_at(asked.scope, datetime(2000, 1, 1, tzinfo=UTC)) == 0


def test_a_library_that_does_not_exist_cannot_be_written(application: Application, team: Team) -> None:
    lost = replace(team.engineer.actor, library_id="00000000-0000-4000-8000-000000000000")
    with pytest.raises(LibraryMissing), application.database.writing() as connection:
        UnitOfWork(connection, lost, application.clock, application.new_id, action_name="test")


def test_a_reader_cannot_write(application: Application, team: Team) -> None:
    with application.database.reading() as connection, pytest.raises(Exception, match=r"readonly|read-only"):
        connection.execute(text("DELETE FROM outbox"))


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://localhost/x", "sqlite://"])
def test_an_address_of_no_database_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(DatabaseAddressInvalid):
        open_database(address)
