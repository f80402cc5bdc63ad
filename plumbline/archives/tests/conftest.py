"""A library that has lived, and a server for it to go to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from plumbline.application import Application
from plumbline.bootstrap import open_application
from plumbline.testing.callers import new_team
from plumbline.testing.databases import fresh_address
from plumbline.testing.plugin import shared_application
from plumbline.testing.scenarios.lived import Lived, lived_through


@cache
def lived_library(dialect: str) -> Lived:
    return lived_through(new_team(shared_application(dialect)))


@pytest.fixture
def lived(dialect: str) -> Lived:
    """Looked at by many tests; none may change it."""
    return lived_library(dialect)


@pytest.fixture
def empty_server(dialect: str) -> Iterator[Application]:
    """Of the other kind than the library came from."""
    application = open_application(fresh_address("postgresql" if dialect == "sqlite" else "sqlite"))
    yield application
    application.database.close()
