"""Writers that are killed at random moments. What was acknowledged is there; nothing is there by half; numbers go on without a gap."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from sqlalchemy import create_engine, make_url, text

from plumbline.application import Application
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.bootstrap import open_application
from plumbline.components.actions.create import create_components
from plumbline.components.actions.update import update_components
from plumbline.components.model import ComponentChange, NewComponent, ReleaseRequest
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team, new_team
from plumbline.testing.databases import fresh_address

pytestmark = pytest.mark.xdist_group("heavy")

KILLS = {"sqlite": 200, "postgresql": 40}
BACKENDS_KILLED = 8
SECONDS_MAX = 30
_FORK = multiprocessing.get_context("fork")


class Written(NamedTuple):
    """What the writer was told: components with the version that it saw, numbers in order, lines by parent."""

    versions: dict[str, int]
    numbers: list[str]
    lines: dict[str, int]


@pytest.fixture
def site(dialect: str) -> tuple[str, Team]:
    address = fresh_address(dialect)
    application = open_application(address)
    team = new_team(application)
    application.database.close()  # SQLite's locks belong to a process; a fork must find none
    return address, team


def test_no_acknowledged_write_is_lost_and_none_is_there_by_half(dialect: str, site: tuple[str, Team]) -> None:
    address, team = site
    chance = random.Random(dialect)
    written = Written({}, [], {})
    in_flight = 0
    for kill in range(KILLS[dialect]):
        acknowledged, was_writing = _killed_writer(address, team, seed=kill, chance=chance)
        in_flight += was_writing
        for each in acknowledged:
            _note(written, each)
        if kill % 50 == 49:
            _check(address, team, written)
    assert in_flight >= KILLS[dialect] // 2, "most writers were killed at work"
    assert len(written.numbers) >= KILLS[dialect]
    _check(address, team, written)
    _next_number_follows(address, team)


def test_postgresql_loses_its_backends_and_the_server_goes_on() -> None:
    """The connections of a server process die under it, idle or in the middle of a transaction; it needs no restart."""
    address = fresh_address("postgresql")
    application = open_application(address)
    team = new_team(application)
    url = make_url(address)
    operator = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    killed, failed, acknowledged = 0, 0, set()
    for turn in range(BACKENDS_KILLED):
        make.component(team.engineer, f"Before {turn}")
        with operator.connect() as connection:
            query = text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
            )
            killed += len(connection.execute(query, {"name": url.database}).all())
        try:
            acknowledged.add(make.component(team.engineer, f"After {turn}").cpn)
        except Exception:
            failed += 1
    assert killed >= BACKENDS_KILLED
    assert failed == 0, "a dead connection is noticed before it is used"
    assert len(acknowledged) == BACKENDS_KILLED
    application.database.close()
    operator.dispose()
    _check(address, team, Written({}, sorted(acknowledged), {}))
    _next_number_follows(address, team)


def _killed_writer(address: str, team: Team, *, seed: int, chance: random.Random) -> tuple[list[Any], bool]:
    """What a writer acknowledged before it was killed, and whether it was in the middle of something. The moment is some time after some
    acknowledgement, so that it is as random on a busy machine as on an idle one."""
    here, there = _FORK.Pipe(duplex=False)
    writer = _FORK.Process(target=_write, args=(address, team, seed, there), daemon=True)
    writer.start()
    there.close()
    said = [here.recv()]
    assert said == ["ready"]
    for _ in range(2 * chance.randint(0, 3)):
        said.append(here.recv())
    time.sleep(chance.uniform(0.0, 0.03))
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join(SECONDS_MAX)
    assert writer.exitcode == -signal.SIGKILL
    said += _rest(here)
    begun = said.count("begin")
    acknowledged = [each for each in said[1:] if each != "begin"]
    return acknowledged, begun > len(acknowledged)


def _rest(pipe: Any) -> Iterator[Any]:
    """Everything that the writer could still say. A message that the kill cut short is no acknowledgement."""
    while True:
        try:
            if not pipe.poll(0):
                return
            yield pipe.recv()
        except (EOFError, OSError):
            return


def _write(address: str, team: Team, seed: int, answer: Any) -> None:
    """Creates, edits BOMs, updates and releases until the end; says what is committed after each commit."""
    application = open_application(address)
    engineer = Caller(application, team.engineer.actor)
    manager = Caller(application, team.manager.actor)
    chance = random.Random(seed)
    known = []
    answer.send("ready")
    while True:
        answer.send("begin")
        kind = chance.choice(("create", "create", "bom", "update", "release")) if len(known) > 3 else "create"
        if kind == "create":
            count = chance.choice((1, 2, 20))
            new = [NewComponent(f"P{i}", "Mechanical Assembly", attributes={"Mass": "2 g"}) for i in range(count)]
            made = engineer.run(create_components, new)
            known += made
            answer.send(("create", [(each.id, each.version, each.cpn) for each in made]))
        elif kind == "bom":
            parent = engineer.run(create_components, [NewComponent("Top", "Mechanical Assembly")])[0]
            lines = tuple(NewLine(each.id, Decimal(2)) for each in known[-15:])
            saved = engineer.run(edit_boms, [BomEdit(parent.id, add=lines)])[0]
            answer.send(("bom", [(saved.id, saved.version, saved.cpn)], len(lines)))
        elif kind == "update":
            chosen = chance.sample(known, 3)
            name = f"Name {chance.random()}"
            saved_all = engineer.run(update_components, [ComponentChange(each.id, name=name) for each in chosen])
            answer.send(("update", [(each.id, each.version, each.cpn) for each in saved_all]))
        else:
            released = manager.run(release_components, [ReleaseRequest(made.id) for made in _new(engineer, 2)])
            answer.send(("create", [(each.id, each.version, each.cpn) for each in released]))


def _new(caller: Caller, count: int) -> list[Any]:
    return make.components(caller, *(f"Released {i}" for i in range(count)))


def _note(written: Written, said: Any) -> None:
    kind, components, *more = said
    for component_id, version, cpn in components:
        written.versions[component_id] = version
        if kind != "update":
            written.numbers.append(cpn)
    if kind == "bom":
        written.lines[components[0][0]] = more[0]


def _check(address: str, team: Team, written: Written) -> None:
    application = open_application(address)
    try:
        _check_acknowledged(application, written)
        _check_whole(application, team.engineer.actor.library_id)
    finally:
        application.database.close()
    if address.startswith("sqlite"):
        file = sqlite3.connect(make_url(address).database or "")
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        file.close()


def _check_acknowledged(application: Application, written: Written) -> None:
    with application.database.reading() as connection:
        heads = dict(
            connection.execute(
                text(
                    "SELECT c.id, max(v.number) FROM components c JOIN component_versions v ON v.component_key = c.key "
                    "GROUP BY c.id"
                )
            )
            .tuples()
            .all()
        )
        numbers = set(connection.execute(text("SELECT cpn FROM components")).scalars())
        lines = dict(
            connection.execute(
                text("SELECT c.id, count(*) FROM components c JOIN bom_lines l ON l.parent_key = c.key GROUP BY c.id")
            )
            .tuples()
            .all()
        )
    lost = [each for each, version in written.versions.items() if heads.get(each, 0) < version]
    assert not lost, "acknowledged versions"
    assert not set(written.numbers) - numbers, "acknowledged numbers"
    assert {each: lines.get(each, 0) for each in written.lines} == written.lines, "acknowledged lines"


HALVES = {
    "a component without its first version": """
        SELECT c.cpn FROM components c LEFT JOIN component_versions v ON v.component_key = c.key AND v.number = 1
        WHERE v.key IS NULL""",
    "a component without exactly one newest version": """
        SELECT component_key FROM component_versions GROUP BY component_key
        HAVING sum(CASE WHEN to_change = 9007199254740991 THEN 1 ELSE 0 END) <> 1 OR max(number) <> count(*)""",
    "a component without its attribute": """
        SELECT c.cpn FROM components c JOIN component_versions v ON v.component_key = c.key AND v.number = 1
        LEFT JOIN attribute_values a ON a.component_key = c.key WHERE v.name LIKE 'P%' AND a.key IS NULL""",
    "a second version of an assembly without its lines": """
        SELECT c.cpn FROM components c JOIN component_versions v ON v.component_key = c.key AND v.number = 2
        LEFT JOIN bom_lines l ON l.parent_key = c.key AND l.from_version = 2 WHERE v.name = 'Top' AND l.key IS NULL""",
    "lines without the version that they belong to": """
        SELECT l.key FROM bom_lines l
        LEFT JOIN component_versions v ON v.component_key = l.parent_key AND v.number = l.from_version
        WHERE v.key IS NULL OR v.from_change <> l.from_change""",
    "a release without its version": """
        SELECT r.key FROM releases r
        LEFT JOIN component_versions v ON v.component_key = r.component_key AND v.number = r.version
        WHERE v.key IS NULL""",
    "a number without its component": """
        SELECT n.number FROM issued_numbers n LEFT JOIN components c ON c.cpn = n.number WHERE c.key IS NULL""",
    "a component without its number": """
        SELECT c.cpn FROM components c LEFT JOIN issued_numbers n ON n.number = c.cpn WHERE n.number IS NULL""",
    "a change set without events": """
        SELECT s.number FROM change_sets s LEFT JOIN outbox o ON o.library_id = s.library_id AND o.change_number = s.number
        WHERE o.key IS NULL""",
    "events without their change set": """
        SELECT o.key FROM outbox o LEFT JOIN change_sets s ON s.library_id = o.library_id AND s.number = o.change_number
        WHERE s.key IS NULL""",
    "versions without their change set": """
        SELECT v.key FROM component_versions v
        LEFT JOIN change_sets s ON s.library_id = v.library_id AND s.number = v.from_change WHERE s.key IS NULL""",
    "a line of changes that its change sets do not reach": """
        SELECT c.library_id FROM change_counters c LEFT JOIN change_sets s ON s.library_id = c.library_id
        GROUP BY c.library_id, c.number HAVING count(s.key) <> c.number OR coalesce(max(s.number), 0) <> c.number""",
    "a component whose creation no event tells": """
        SELECT c.cpn FROM components c WHERE NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.kind = 'components.component_created' AND o.payload LIKE '%' || c.id || '%')""",
}


def _check_whole(application: Application, library_id: str) -> None:
    with application.database.reading() as connection:
        for what, query in HALVES.items():
            found = connection.execute(text(query)).all()
            assert not found, f"{what}: {found[:3]}"
        counters = connection.execute(text("SELECT scope, last_value FROM number_counters")).tuples().all()
        numbers = list(connection.execute(text("SELECT number FROM issued_numbers")).scalars())
    by_code: dict[str, list[int]] = {}
    for number in numbers:
        code, _, sequence = number.partition("-")
        by_code.setdefault(code, []).append(int(sequence))
    for code, sequences in by_code.items():
        assert sorted(sequences) == list(range(1, len(sequences) + 1)), f"{code} has gaps"
    assert sorted(last for _, last in counters) == sorted(map(len, by_code.values())), "counters say what was issued"


def _next_number_follows(address: str, team: Team) -> None:
    application = open_application(address)
    try:
        engineer = Caller(application, team.engineer.actor)
        with application.database.reading() as connection:
            count = connection.execute(text("SELECT count(*) FROM components WHERE cpn LIKE '910-%'")).scalar_one()
        made = engineer.run(create_components, [NewComponent("Next", "Mechanical Assembly")])[0]
        assert made.cpn == f"910-{count + 1:05d}"
    finally:
        application.database.close()
