"""Real sets, read from the folder beside the checkout, imported once per set and database, and looked at by many tests."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pytest

from plumbline.boms.model import BomLine
from plumbline.boms.reads import lines_of, rolled_up_quantities
from plumbline.boms.roll_up import Quantities
from plumbline.components.model import Component
from plumbline.components.reads import aliases_of, component_by_cpn, list_components
from plumbline.exchange.actions import ImportResult, apply_import
from plumbline.exchange.files import NamedFile, files_under
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ImportedData, ReadOptions
from plumbline.kit.paging import PageRequest
from plumbline.testing.callers import Team, new_team
from plumbline.testing.databases import DIALECTS
from plumbline.testing.plugin import shared_application

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@dataclass(frozen=True)
class DataSet:
    folder: Path

    def files(self, *names: str) -> tuple[NamedFile, ...]:
        return files_under([self.folder / "files" / name for name in names] or [self.folder / "files"])

    def expected(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


def data_set(name: str) -> DataSet:
    if not (DATA / name).is_dir():
        pytest.skip(f"the data set {name} is not beside this checkout")
    return DataSet(DATA / name)


@dataclass
class Imported:
    """A fresh library with one real set in it."""

    team: Team
    data: ImportedData
    result: ImportResult

    @cached_property
    def components(self) -> dict[str, Component]:
        """By import key."""
        found = self.all_components()
        aliases = self.team.viewer.ask(aliases_of, found)
        return {alias.value: each for each in found for alias in aliases[each.key]}

    @cached_property
    def key_of(self) -> dict[int, str]:
        """The import key of each component, by component key."""
        return {self.components[part.key].key: part.key for part in self.data.parts}

    def all_components(self) -> list[Component]:
        page = self.team.viewer.ask(list_components, PageRequest(1000))
        assert not page.has_next
        return list(page.items)

    def by_cpn(self, cpn: str) -> Component:
        return self.team.viewer.ask(component_by_cpn, cpn)

    @cached_property
    def lines(self) -> dict[int, list[BomLine]]:
        return self.team.viewer.ask(lines_of, self.all_components())

    def counted(self, key: str) -> Quantities:
        return self.team.viewer.ask(rolled_up_quantities, self.components[key])

    def quantity(self, counted: Quantities, key: str) -> Decimal:
        return Decimal(counted.totals[self.components[key].key])


def imported(dialect: str, name: str, *files: str, inherit_lines: bool = True, top_name: str | None = None) -> Imported:
    options = ReadOptions(inherit_lines=inherit_lines, top_name=top_name)
    data = read_files(data_set(name).files(*files), options=options)
    team = new_team(shared_application(dialect))
    return Imported(team, data, team.manager.run(apply_import, data))


@pytest.fixture(scope="module", params=DIALECTS)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def fresh_import(database: str) -> Callable[..., Imported]:
    return lambda name, *files, **options: imported(database, name, *files, **options)


@pytest.fixture(scope="session", name="data_set")
def data_set_fixture() -> Callable[[str], DataSet]:
    return data_set
