"""What an action and a read get to work with: a connection, the actor, the clock and the ids; and, for an action, one change set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Select,
    Table,
    bindparam,
    exists,
    insert,
    not_,
    select,
    update,
)

from plumbline.kit.actor import Actor
from plumbline.kit.clock import Clock, to_iso
from plumbline.kit.errors import NotFound
from plumbline.kit.events import Event
from plumbline.kit.ids import IdSource
from plumbline.storage.laws import law
from plumbline.storage.outbox import record_events
from plumbline.storage.prepared import Prepared
from plumbline.storage.schema import key_column, metadata, number_column, text_column

change_counters = Table(
    "change_counters",
    metadata,
    text_column("library_id", primary_key=True),
    number_column("number"),
    text_column("changed_at"),
    # The last change to what the library is configured with: catalog, schemes, documents. What is made from them is kept under it.
    number_column("configuration_change", nullable=True),
)

change_sets = Table(
    "change_sets",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("change_counters.library_id")),
    number_column("number"),
    text_column("changed_at"),
    text_column("user_id"),
    text_column("action"),
    text_column("surface"),
    text_column("reason", nullable=True),
    text_column("origin", nullable=True),
    Index("uq_change_sets_library_id_number", "library_id", "number", unique=True),
    Index("ix_change_sets_library_id_changed_at", "library_id", "changed_at"),
)


class LibraryMissing(NotFound):
    """The library does not exist, or not for this caller."""


@dataclass(slots=True)
class Scope:
    """A snapshot in which reads are asked."""

    connection: Connection
    actor: Actor
    clock: Clock
    _configured_at: int | None = field(default=None, init=False, repr=False)

    @property
    def library_id(self) -> str:
        return self.actor.library_id

    @property
    def configuration_change(self) -> int | None:
        """The last change to what the library is configured with; None if this transaction makes one, which may be rolled back yet."""
        if self._configured_at is None:
            self._configured_at = int(_configuration_change.rows(self.connection, library=self.library_id)[0][0] or 0)
        return self._configured_at


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one transaction wrote: `number` orders it among the changes of its library."""

    number: int
    changed_at: str


class UnitOfWork(Scope):
    """A scope that may write. The library's lock is taken on entry; the change set is opened by the first write, so an action that
    changes nothing leaves nothing behind."""

    __slots__ = ("_change", "_configuration_change", "_counter", "_events", "action_name", "new_id", "origin", "reason")

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        clock: Clock,
        new_id: IdSource,
        *,
        action_name: str,
        reason: str | None = None,
    ) -> None:
        super().__init__(connection, actor, clock)
        self.new_id = new_id
        self.action_name = action_name
        self.reason = reason
        self.origin: str | None = None
        """What stands behind the change: an import, a plan or a change order, as `kind:id`."""
        self._events: list[tuple[str, Event]] = []
        self._change: ChangeSet | None = None
        self._counter, configured = _lock_library(connection, actor.library_id)
        self._configuration_change: int | None = configured

    @property
    def change(self) -> ChangeSet:
        if self._change is None:
            self._change = self._open_change_set()
        return self._change

    @property
    def change_before(self) -> int:
        """The library's last change before this transaction."""
        return self._counter.number

    @property
    def changed(self) -> bool:
        """Whether anything was written so far."""
        return self._change is not None

    @property
    def configuration_change(self) -> int | None:
        return self._configuration_change

    def change_configuration(self) -> None:
        """Says that this transaction changes what the library is configured with."""
        if self._configuration_change is not None:
            self._configuration_change = None
            self.connection.execute(
                update(change_counters)
                .where(change_counters.c.library_id == self.library_id)
                .values(configuration_change=self.change.number)
            )

    def emit(self, event: Event) -> None:
        self._events.append((self.new_id(), event))

    def finish(self) -> None:
        """Writes the events; called once, right before the commit."""
        if self._events:
            record_events(self.connection, self.library_id, self.change.number, self.change.changed_at, self._events)

    def _open_change_set(self) -> ChangeSet:
        last = self._counter
        # Moments never run backwards along the line of changes, whatever the clocks of the machines do.
        change = ChangeSet(last.number + 1, max(to_iso(self.clock()), last.changed_at))
        self.connection.execute(
            update(change_counters)
            .where(change_counters.c.library_id == self.library_id)
            .values(number=change.number, changed_at=change.changed_at)
        )
        self.connection.execute(
            insert(change_sets).values(
                library_id=self.library_id,
                number=change.number,
                changed_at=change.changed_at,
                user_id=self.actor.user_id,
                action=self.action_name,
                surface=self.actor.surface,
                reason=self.reason,
                origin=self.origin,
            )
        )
        return change


def open_line_of_changes(connection: Connection, library_id: str, moment: datetime) -> None:
    """Starts the history of a new library."""
    connection.execute(insert(change_counters).values(library_id=library_id, number=0, changed_at=to_iso(moment)))


class LineOfChanges(NamedTuple):
    """How far the history of a library has come."""

    number: int
    changed_at: str
    configuration_change: int | None


def line_of_changes(scope: Scope) -> LineOfChanges:
    table = change_counters
    query = select(table.c.number, table.c.changed_at, table.c.configuration_change)
    return LineOfChanges._make(scope.connection.execute(query.where(table.c.library_id == scope.library_id)).one())


def take_up_line_of_changes(connection: Connection, library_id: str, line: LineOfChanges) -> None:
    """Starts a library whose history came from elsewhere, where it stopped there."""
    connection.execute(insert(change_counters).values(library_id=library_id, **line._asdict()))


def change_number_now(scope: Scope) -> int:
    """The number of the library's last change."""
    query = select(change_counters.c.number).where(change_counters.c.library_id == scope.library_id)
    return int(scope.connection.execute(query).scalar_one())


def change_number_at(scope: Scope, moment: datetime) -> int:
    """The number of the last change at or before the moment; 0 before the first."""
    query = (
        select(change_sets.c.number)
        .where(change_sets.c.library_id == scope.library_id, change_sets.c.changed_at <= to_iso(moment))
        .order_by(change_sets.c.changed_at.desc(), change_sets.c.number.desc())
        .limit(1)
    )
    return int(scope.connection.execute(query).scalar() or 0)


_configuration_change = Prepared(
    lambda: select(change_counters.c.configuration_change).where(change_counters.c.library_id == bindparam("library"))
)


def _lock_library(connection: Connection, library_id: str) -> tuple[ChangeSet, int]:
    """Holds off every other writer of the library until the end of the transaction. On SQLite the transaction itself does."""
    table = change_counters
    query = select(table.c.number, table.c.changed_at, table.c.configuration_change).where(
        table.c.library_id == library_id
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise LibraryMissing("There is no such library.")
    return ChangeSet(row.number, row.changed_at), row.configuration_change or 0


def _out_of_line(library_id: str) -> Select[Any]:
    before = change_sets.alias()
    follows = exists().where(
        before.c.library_id == change_sets.c.library_id,
        before.c.number == change_sets.c.number - 1,
        before.c.changed_at <= change_sets.c.changed_at,
    )
    return select(change_sets.c.key).where(
        change_sets.c.library_id == library_id, change_sets.c.number > 1, not_(follows)
    )


LAWS = (law("change-sets", "does not follow the change before it, in number and time", _out_of_line),)
