"""The table of exchange: what a library remembers of the columns of other people's tables. Only the present is kept."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, ForeignKey, Row, Table, delete, insert, select

from plumbline.exchange.model import ColumnMapping
from plumbline.storage.schema import metadata, text_column

column_mappings = Table(
    "column_mappings",
    metadata,
    text_column("library_id", ForeignKey("libraries.id"), primary_key=True),
    text_column("header", primary_key=True),
    text_column("titles"),
    text_column("columns"),
    text_column("saved_at"),
    text_column("saved_by"),
)


def mappings_of(connection: Connection, library_id: str, headers: Sequence[str] | None = None) -> list[ColumnMapping]:
    """All of the library in the order of their headers, or those of some headers."""
    table = column_mappings
    query = select(table).where(table.c.library_id == library_id)
    if headers is not None:
        query = query.where(table.c.header.in_(headers))
    return [_mapping(row) for row in connection.execute(query.order_by(table.c.header))]


def put_mapping(connection: Connection, library_id: str, mapping: ColumnMapping, saved_at: str, saved_by: str) -> None:
    """In the place of the one for the same header, if there is one."""
    remove_mapping(connection, library_id, mapping.header)
    row = {
        "library_id": library_id,
        "header": mapping.header,
        "titles": orjson.dumps(mapping.titles).decode(),
        "columns": orjson.dumps(mapping.columns).decode(),
        "saved_at": saved_at,
        "saved_by": saved_by,
    }
    connection.execute(insert(column_mappings), row)


def remove_mapping(connection: Connection, library_id: str, header: str) -> None:
    table = column_mappings
    connection.execute(delete(table).where(table.c.library_id == library_id, table.c.header == header))


def _mapping(row: Row[tuple[str, ...]]) -> ColumnMapping:
    return ColumnMapping(
        header=row.header,
        titles=tuple(orjson.loads(row.titles)),
        columns=orjson.loads(row.columns),
        saved_at=row.saved_at,
    )
