"""Fixtures. A test that asks for `team` runs twice: on SQLite and on PostgreSQL, each time in a library of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plumbline.application import Application
from plumbline.bootstrap import open_application
from plumbline.testing.callers import Team, new_team
from plumbline.testing.databases import DIALECTS, fresh_address

_applications: dict[str, Application] = {}


def shared_application(dialect: str) -> Application:
    """One database per dialect and test process. Libraries are strangers to each other, so tests can share it."""
    if dialect not in _applications:
        _applications[dialect] = open_application(fresh_address(dialect))
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
    application = open_application(fresh_address(dialect))
    yield application
    application.database.close()


@pytest.fixture
def team(application: Application) -> Team:
    return new_team(application)


@pytest.fixture
def strangers(application: Application) -> Team:
    """A team of another organization on the same server."""
    return new_team(application)
