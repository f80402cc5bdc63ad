"""Fixtures. A test that asks for `team` runs twice: on SQLite and on PostgreSQL, each time in a library of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbline.application import Application
from plumbline.bootstrap import open_application
from plumbline.testing.callers import Team, new_team
from plumbline.testing.databases import DIALECTS, fresh_address

_applications: dict[str, Application] = {}
_folders: list[tempfile.TemporaryDirectory[str]] = []


def _files() -> str:
    """A folder for files that goes with the test process."""
    folder = tempfile.TemporaryDirectory(prefix="plumbline-files-")
    _folders.append(folder)
    return Path(folder.name).as_uri()


def shared_application(dialect: str) -> Application:
    """One database per dialect and test process. Libraries are strangers to each other, so tests can share it."""
    if dialect not in _applications:
        _applications[dialect] = open_application(fresh_address(dialect), files=_files())
    return _applications[dialect]


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def application(dialect: str) -> Application:
    return shared_application(dialect)


@pytest.fixture
def own_application(dialect: str) -> Iterator[Application]:
    """A database that no other test uses."""
    application = open_application(fresh_address(dialect), files=_files())
    yield application
    application.database.close()


@pytest.fixture
def team(application: Application) -> Team:
    return new_team(application)


@pytest.fixture
def strangers(application: Application) -> Team:
    """A team of another organization on the same server."""
    return new_team(application)
