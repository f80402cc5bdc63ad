"""The platform API as a caller meets it: bytes in, bytes out, over real libraries on both databases.

`hub_of(caller)` speaks for one caller. `documented` and `example` are libraries that many tests look at and none may change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import delete, event, func, literal, select, union_all

from plumbline.api.graphql_kit.engine import Engine
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.schema import hub_engine
from plumbline.boms.actions import edit_boms, release_components
from plumbline.boms.model import BomEdit, NewLine
from plumbline.bootstrap import JOBS
from plumbline.components.actions.mark import mark_component
from plumbline.components.actions.update import archive_components, update_components
from plumbline.components.model import Component, ComponentChange, MarkKind, NewSource, NumberWish, ReleaseRequest
from plumbline.configuration.actions import create_rule
from plumbline.exchange.actions import apply_import
from plumbline.exchange.mapping import remembered_form
from plumbline.exchange.model import ImportedData
from plumbline.files.model import NewUpload
from plumbline.files.pieces import append
from plumbline.files.reads import uploads_by_ids
from plumbline.imports.actions.steps import create_import, read_import
from plumbline.imports.model import ImportOptions
from plumbline.imports.reads import files_of_imports
from plumbline.imports.results import Progress
from plumbline.settings import Settings
from plumbline.storage.job_queue import jobs
from plumbline.storage.schema import metadata
from plumbline.storage.unit_of_work import change_number_now
from plumbline.testing import make
from plumbline.testing.callers import Caller, Team, new_team
from plumbline.testing.plugin import shared_application
from plumbline.testing.scenarios.library import ExampleLibrary, build
from plumbline.testing.scenarios.reviewed import reviewed
from plumbline.validations.model import NewRule
from plumbline.worker.loop import Worker


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]
    text: str

    @property
    def data(self) -> Any:
        """Of a success: no `errors` at all."""
        assert "errors" not in self.body, self.body["errors"]
        assert self.status == 200
        return self.body["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.body["errors"]

    @property
    def codes(self) -> set[str]:
        return {each["extensions"]["code"] for each in self.errors}


@dataclass(frozen=True)
class Hub:
    """One caller at the platform API."""

    caller: Caller
    engine: Engine = field(default_factory=lambda: shared_engine())

    def answer(self, text: str, variables: Mapping[str, Any] | None = None) -> Answer:
        return self.send(orjson.dumps({"query": text, "variables": variables or {}}))

    def send(self, body: bytes, content_type: str | None = "application/json") -> Answer:
        with self.context() as context:
            response = self.engine.answer(body, content_type, context)
        return Answer(response.status, orjson.loads(response.body), response.body.decode())

    def data(self, text: str, variables: Mapping[str, Any] | None = None) -> Any:
        return self.answer(text, variables).data

    @contextmanager
    def context(self) -> Iterator[HubContext]:
        context = HubContext(self.caller.application, self.caller.actor)
        try:
            yield context
        finally:
            context.close()


@cache
def shared_engine() -> Engine:
    return hub_engine(Settings())


@pytest.fixture
def hub_of() -> Callable[[Caller], Hub]:
    return Hub


@pytest.fixture
def hub(team: Team) -> Hub:
    """An Administrator in an empty library of his own."""
    return Hub(team.administrator)


class Calendar:
    """A clock that a scenario sets; a second passes whenever somebody looks."""

    def __init__(self, year: int, month: int) -> None:
        self.turn_to(year, month)

    def turn_to(self, year: int, month: int) -> None:
        self.now = datetime(year, month, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass(frozen=True)
class Documented:
    """A library in which every query of the API documents finds something, and something to leave out."""

    team: Team
    parts: Mapping[str, Component]
    """By part number."""

    @property
    def hub(self) -> Hub:
        return Hub(self.team.engineer)


@pytest.fixture
def documented(dialect: str) -> Documented:
    return documented_library(dialect)


@cache
def documented_library(dialect: str) -> Documented:
    calendar = Calendar(2023, 6)
    team = new_team(replace(shared_application(dialect), clock=calendar))
    editor, manager = team.engineer, team.manager

    def part(cpn: str, name: str, category: str, maker: str = "", mpn: str = "", **fields: Any) -> Component:
        sources = (NewSource(maker, mpn),) if mpn else ()
        return make.component(editor, name, category=category, sources=sources, number=NumberWish(cpn), **fields)

    parts = [
        part("CPN-001", "Amplifier", "Integrated Circuit", "Texas Instruments", "OPA2134PA", status="Prototype"),
        part(
            "CPN-002", "Capacitor for 47uH choke", "Capacitor", "Yageo", "CC0805", attributes={"Capacitance": "10 µF"}
        ),
        part("CPN-003", "Bracket", "Machined Part"),
    ]
    calendar.turn_to(2024, 2)
    parts += [
        part("ABC-100", "Sensor board", "Circuit Board Assembly", description="Measures light", eid="E-100"),
        part("ABC-200", "Sensor", "Sensor", "Analog Devices", "ADXL345", attributes={"Voltage": "3.3 V", "Package": "LGA"}),
        part("ABC-300", "Old sensor", "Sensor"),
        part("ABC-400", "Obsolete sensor", "Sensor", status="Obsolete"),
        part("TOP-001", "Lamp", "Top Level Assembly", "Acme", "LAMP-1"),
        part("CPN-004", "Later bracket", "Machined Part"),
    ]  # fmt: skip
    by_cpn = {each.cpn: each for each in parts}
    ids = {cpn: each.id for cpn, each in by_cpn.items()}
    editor.run(
        edit_boms,
        [
            BomEdit(ids["ABC-100"], add=(NewLine(ids["ABC-200"], 4, reference_designators="U1-U4"),)),
            BomEdit(ids["TOP-001"], add=(NewLine(ids["ABC-100"], 1), NewLine(ids["CPN-003"], 2))),
        ],
    )
    manager.run(release_components, [ReleaseRequest(ids["ABC-200"], "B", "Production")])
    editor.run(mark_component, ids["ABC-200"], MarkKind.FAVORITE)
    manager.run(update_components, [ComponentChange(ids["ABC-100"], labels=("light", "indoor"))])
    manager.run(archive_components, [ids["ABC-300"]])
    return Documented(team, by_cpn)


@dataclass(frozen=True)
class Example:
    """The shipped example library, with what it does not have by itself: labels, marks, keys and something in the archive."""

    team: Team
    library: ExampleLibrary
    imports: list[str]

    @property
    def hub(self) -> Hub:
        return Hub(self.team.administrator)


@pytest.fixture
def example(dialect: str) -> Example:
    return example_library(dialect)


@cache
def example_library(dialect: str) -> Example:
    team = new_team(shared_application(dialect))
    administrator = team.administrator
    library = build(administrator)
    hub = Hub(administrator)
    found = hub.data(
        "{ component { findAll(pagination: { first: 12 }, orderBy: { field: CPN }) { nodes { id cpn } } } }"
    )
    some = [each["id"] for each in found["component"]["findAll"]["nodes"]]
    changes = [ComponentChange(each, labels=("light", "indoor"), eid=f"E-{number}") for number, each in enumerate(some)]
    administrator.run(update_components, changes)
    for each in some[:3]:
        administrator.run(mark_component, each, MarkKind.FAVORITE)
        administrator.run(mark_component, each, MarkKind.PINNED)
    administrator.run(archive_components, [make.component(administrator, "Forgotten").id])
    said = remembered_form(["Foo", "Qty"], {"Foo": "number"})
    administrator.run(apply_import, ImportedData("table", (), (), mappings=(said,)))
    for name in ("Mass: every part has one", "A second source"):
        administrator.run(create_rule, NewRule(name, "exports.validate = () => ({ valid: true });", "Why"))
    reviewed(team, told=team.viewer.actor.user_id)
    administrator.key()
    return Example(team, library, _imports(team))


def _imports(team: Team) -> list[str]:
    """One that was planned, one that cannot be read, and one that is being read."""
    table = b"Level,Part Number,Name,Quantity\n0,L-1,Lamp,1\n1,B-1,Bulb,2\n"
    made = []
    for content in (table, b"nothing that is a table"):
        each = team.engineer.run(create_import, [NewUpload("lamp.csv", len(content))], ImportOptions())
        [file] = team.engineer.ask(files_of_imports, [each])[each.id]
        [upload] = team.engineer.ask(uploads_by_ids, [file.upload_id])
        append(team.application.files, upload, 0, content)
        team.engineer.run(read_import, each.id)
        made.append(each.id)
    Worker(team.application, JOBS).run_due()
    again = team.engineer.run(create_import, [NewUpload("next.csv", 10)], ImportOptions())
    team.engineer.run(read_import, again.id)
    with team.application.database.writing() as connection:  # no worker of another test is to take it up
        connection.execute(delete(jobs).where(jobs.c.unique_key == f"imports.read:{again.id}"))
    Progress(team.application.files, again.id)("reading files", 0, 1)
    return [*made, again.id]


@dataclass
class Statements:
    """What was sent to the database, begins and ends of transactions left out."""

    texts: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.texts)


@pytest.fixture
def counted_statements() -> Callable[[], Any]:
    @contextmanager
    def counting() -> Iterator[Statements]:
        statements = Statements()

        def note(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
            if not text.startswith("BEGIN"):
                statements.texts.append(text)

        event.listen(DatabaseEngine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(DatabaseEngine, "before_cursor_execute", note)

    return counting


@dataclass(frozen=True)
class Written:
    """How far a library has come, and how many rows every table of the database has."""

    change: int
    rows: Mapping[str, int]


def written(caller: Caller) -> Written:
    counts = [
        select(literal(name).label("name"), func.count().label("rows")).select_from(table)
        for name, table in metadata.tables.items()
    ]
    with caller.application.asking(caller.actor) as asked:
        rows = asked.scope.connection.execute(union_all(*counts)).all()
        return Written(change_number_now(asked.scope), {row.name: row.rows for row in rows})


@pytest.fixture
def nothing_written() -> Callable[[Caller], Any]:
    """`with nothing_written(caller): …` fails if a row was added or taken away anywhere, or the library's last change is another."""

    @contextmanager
    def watching(caller: Caller) -> Iterator[None]:
        before = written(caller)
        yield
        assert written(caller) == before

    return watching


@cache
def team_of(dialect: str) -> Team:
    return new_team(shared_application(dialect))


@pytest.fixture
def shared_team(dialect: str) -> Team:
    """A library for tests that bring what they need and leave the rest alone."""
    return team_of(dialect)
