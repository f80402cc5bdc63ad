"""Events, written in the transaction of the change they tell of: an event exists if and only if its change was committed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, ForeignKey, Index, Table, insert, select

from plumbline.kit.events import Event, event_payload
from plumbline.storage.schema import key_column, metadata, number_column, text_column

outbox = Table(
    "outbox",
    metadata,
    key_column(),
    text_column("library_id", ForeignKey("change_counters.library_id")),
    number_column("change_number"),
    text_column("event_id"),
    text_column("kind"),
    text_column("payload"),
    text_column("occurred_at"),
    Index("ix_outbox_library_id_change_number", "library_id", "change_number"),
    Index("uq_outbox_event_id", "event_id", unique=True),
    sqlite_autoincrement=True,  # a position is never used again, even after old events were removed
)


class RecordedEvent(NamedTuple):
    """An event as a follower reads it. `position` only grows, in the order of commits within one library."""

    position: int
    library_id: str
    change_number: int
    event_id: str
    kind: str
    payload: dict[str, object]
    occurred_at: str


def record_events(
    connection: Connection,
    library_id: str,
    change_number: int,
    occurred_at: str,
    events: Sequence[tuple[str, Event]],
) -> None:
    """Adds events, each with its id, in the order given."""
    if not events:
        return
    connection.execute(
        insert(outbox),
        [
            {
                "library_id": library_id,
                "change_number": change_number,
                "event_id": event_id,
                "kind": event.kind,
                "payload": orjson.dumps(event_payload(event)).decode(),
                "occurred_at": occurred_at,
            }
            for event_id, event in events
        ],
    )


def events_after(
    connection: Connection, position: int, limit: int, library_id: str | None = None
) -> list[RecordedEvent]:
    """The next events in order, of one library or of all."""
    query = select(outbox).where(outbox.c.key > position).order_by(outbox.c.key).limit(limit)
    if library_id is not None:
        query = query.where(outbox.c.library_id == library_id)
    return [
        RecordedEvent(
            row.key,
            row.library_id,
            row.change_number,
            row.event_id,
            row.kind,
            orjson.loads(row.payload),
            row.occurred_at,
        )
        for row in connection.execute(query)
    ]
