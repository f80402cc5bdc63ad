"""Updates that say which version they saw: none is lost, and the history tells exactly those that were acknowledged."""

from __future__ import annotations

import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest

from plumbline.access.actions import add_member, change_role, remove_member
from plumbline.access.errors import LastAdministrator
from plumbline.access.model import NewMember
from plumbline.access.reads import members
from plumbline.application import Application
from plumbline.components.actions.update import update_components
from plumbline.components.errors import StaleVersion
from plumbline.components.model import ComponentChange
from plumbline.components.reads import component_at_version, components_by_ids
from plumbline.kit.actor import Role
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team, new_team

pytestmark = pytest.mark.xdist_group("heavy")

THREADS, ROUNDS = 20, 10


def test_every_acknowledged_update_is_a_version_and_no_other(team: Team) -> None:
    made = make.components(team.engineer, *(f"Part {i}" for i in range(5)))
    gate = threading.Barrier(THREADS)

    def work(thread: int) -> list[tuple[str, int, str]]:
        saved = []
        gate.wait(30)
        for turn in range(ROUNDS):
            part = made[(thread + turn) % 5]
            seen = team.engineer.ask(components_by_ids, [part.id])[0].version
            name = f"{thread}.{turn}"
            try:
                new = team.engineer.run(update_components, [ComponentChange(part.id, seen, name=name)])[0]
            except StaleVersion:
                continue
            assert new.version == seen + 1
            saved.append((part.id, new.version, name))
        return saved

    with ThreadPoolExecutor(THREADS) as pool:
        saved = [each for found in pool.map(work, range(THREADS)) for each in found]

    acknowledged: dict[str, dict[int, str]] = defaultdict(dict)
    for component_id, version, name in saved:
        assert version not in acknowledged[component_id], "two callers were told that they made one version"
        acknowledged[component_id][version] = name
    assert len(saved) < THREADS * ROUNDS, "some callers came too late"
    for part in made:
        newest = team.viewer.ask(components_by_ids, [part.id])[0].version
        assert len(acknowledged[part.id]) == newest - 1
        for version, name in acknowledged[part.id].items():
            assert team.viewer.ask(component_at_version, part.id, version).name == name


def at_once(*work: tuple[Caller, object, tuple[object, ...]]) -> list[Exception | None]:
    """Runs actions in as many threads, released together; what each was refused with."""
    gate = threading.Barrier(len(work))

    def run(item: tuple[Caller, object, tuple[object, ...]]) -> Exception | None:
        caller, action, arguments = item
        gate.wait(30)
        try:
            caller.run(action, *arguments)  # type: ignore[arg-type]
        except Exception as fault:
            return fault
        return None

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_twenty_attempts_at_once_leave_the_library_an_administrator(team: Team) -> None:
    """Twenty administrators, each demoted or removed by another one at the same moment."""
    team.administrator.run(add_member, NewMember("zero@acme.example", "Zero", Role.ADMINISTRATOR))
    for number in range(18):
        new = NewMember(f"a{number}-{team.administrator.actor.library_id}@acme.example", "A", Role.ADMINISTRATOR)
        team.administrator.run(add_member, new)
    chiefs = [each.user.id for each in team.viewer.ask(members) if each.role is Role.ADMINISTRATOR]
    assert len(chiefs) == 20
    work = [
        (team.administrator, change_role, (each, Role.EDITOR))
        if number % 2
        else (team.administrator, remove_member, (each,))
        for number, each in enumerate(chiefs)
    ]
    faults = at_once(*work)
    assert [type(each) for each in faults if each is not None] == [LastAdministrator]
    assert sum(each.role is Role.ADMINISTRATOR for each in team.viewer.ask(members)) == 1


def test_one_newcomer_in_many_libraries_at_once_is_one_user(application: Application) -> None:
    teams = [new_team(application) for _ in range(6)]
    new = NewMember(f"new-{application.new_id()}@acme.example", "New", Role.EDITOR)
    assert at_once(*((each.administrator, add_member, (new,)) for each in teams)) == [None] * 6
    users = {each.user.id for team in teams for each in team.viewer.ask(members) if each.user.email == new.email}
    assert len(users) == 1
