"""Connections to SQLite (the default) and PostgreSQL, set up so that the rest of the code cannot tell which one it is on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import make_url

from plumbline.kit.errors import Refusal

POOL_SIZE = 5
"""Connections of each kind that one process keeps; PostgreSQL's default limit of 100 then carries ten processes."""
POOL_OVERFLOW = 15
BUSY_TIMEOUT_SECONDS = 30
"""How long a SQLite writer waits for the one before it. A write takes milliseconds; imports take seconds."""


# SQLite keeps booleans as 0 and 1; read as what they are, also past SQLAlchemy.
sqlite3.register_converter("BOOLEAN", lambda stored: stored == b"1")


class DatabaseAddressInvalid(Refusal):
    """The database address names no database that Plumbline can run on."""

    code = "CONFIGURATION_INVALID"


class Database:
    """Two ways in: `writing()` gives a transaction that may change things, `reading()` a snapshot that cannot."""

    def __init__(self, writer: Engine, reader: Engine, turn: AbstractContextManager[object] | None = None) -> None:
        """`turn` is held by the one thread of this process that may write, where the database lets only one write at a time anyway."""
        self._writer = writer
        self._reader = reader
        self._turn = turn or nullcontext()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._writer.dialect.name

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commits at the end, rolls back on any exception."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Every statement inside sees the same moment."""
        with self._reader.connect() as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


def open_database(address: str) -> Database:
    """`sqlite:///path/to/file.db` or `postgresql://user:password@host/name`."""
    try:
        url = make_url(address)
    except Exception as error:
        raise DatabaseAddressInvalid(
            "The database address is not a URL.", expected="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        ) from error
    if url.get_backend_name() == "sqlite" and url.database:
        return _open_sqlite(Path(url.database))
    if url.get_backend_name() in ("postgresql", "postgres"):
        return _open_postgresql(url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
    raise DatabaseAddressInvalid(
        f"The database address begins with {url.get_backend_name()!r}.",
        expected="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )


def _open_sqlite(path: Path) -> Database:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.resolve().as_uri()
    writer = _sqlite_engine(file, begin="BEGIN IMMEDIATE", read_only=False)
    reader = _sqlite_engine(file, begin="BEGIN", read_only=True)
    # SQLite's writers do not queue: each looks again now and then, so that one of many could wait for ever, and be told after half a
    # minute that the database is locked. The threads of a process wait for each other here, without a limit of time.
    return Database(writer, reader, threading.RLock())


def _sqlite_engine(file: str, *, begin: str, read_only: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        # A reader opens the file read-write and is then forbidden to write: a read-only open of a WAL file fails
        # whenever no writer has it open yet.
        connection = sqlite3.connect(
            f"{file}?mode=rwc",
            uri=True,
            timeout=BUSY_TIMEOUT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            detect_types=sqlite3.PARSE_DECLTYPES,
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a part number that was given out must survive a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16384")
        connection.execute("PRAGMA temp_store = MEMORY")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=POOL_SIZE, max_overflow=POOL_OVERFLOW
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # The driver's own deferred begin would make a writer fail with "locked" once it turns from reading to writing.
        connection.exec_driver_sql(begin)

    return engine


def _open_postgresql(address: str) -> Database:
    writer = create_engine(address, pool_size=POOL_SIZE, max_overflow=POOL_OVERFLOW, pool_pre_ping=True)
    reader = create_engine(
        address,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    return Database(writer, reader)
