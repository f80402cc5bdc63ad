"""The table of uploads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, ForeignKey, Index, Table, delete, func, insert, select, update

from plumbline.files.model import Upload
from plumbline.storage.intervals import IN_LIST_MAX
from plumbline.storage.schema import metadata, number_column, text_column

uploads = Table(
    "uploads",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("name"),
    number_column("size"),
    text_column("sha256", nullable=True),
    text_column("secret"),
    text_column("created_by"),
    text_column("created_at"),
    text_column("expires_at"),
    Index("ix_uploads_library_id", "library_id"),
    Index("ix_uploads_expires_at", "expires_at"),
)

_UPLOAD = [uploads.c[name] for name in Upload._fields]


def insert_uploads(connection: Connection, new: Sequence[Upload]) -> None:
    connection.execute(insert(uploads), [each._asdict() for each in new])


def upload(connection: Connection, upload_id: str) -> Upload | None:
    """Of whichever library: for the entrance, which has a signature to go by."""
    row = connection.execute(select(*_UPLOAD).where(uploads.c.id == upload_id)).one_or_none()
    return None if row is None else Upload._make(row)


def uploads_by_ids(connection: Connection, library_id: str, ids: Sequence[str]) -> dict[str, Upload]:
    found: dict[str, Upload] = {}
    for start in range(0, len(ids), IN_LIST_MAX):
        part = ids[start : start + IN_LIST_MAX]
        query = select(*_UPLOAD).where(uploads.c.library_id == library_id, uploads.c.id.in_(part))
        found.update((row.id, Upload._make(row)) for row in connection.execute(query))
    return found


def kept_uploads(connection: Connection, library_id: str) -> tuple[int, int]:
    """How many of a library are kept, and their announced bytes together."""
    query = select(func.count(), func.coalesce(func.sum(uploads.c.size), 0)).where(uploads.c.library_id == library_id)
    row = connection.execute(query).one()
    return int(row[0]), int(row[1])


def expire_uploads(connection: Connection, library_id: str, ids: Sequence[str], moment: str) -> None:
    for start in range(0, len(ids), IN_LIST_MAX):
        part = ids[start : start + IN_LIST_MAX]
        query = update(uploads).where(uploads.c.library_id == library_id, uploads.c.id.in_(part))
        connection.execute(query.values(expires_at=moment))


def expired_uploads(connection: Connection, moment: str, limit: int) -> list[Upload]:
    query = select(*_UPLOAD).where(uploads.c.expires_at < moment).order_by(uploads.c.expires_at).limit(limit)
    return [Upload._make(row) for row in connection.execute(query)]


def delete_uploads(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(uploads).where(uploads.c.id.in_(ids)))
