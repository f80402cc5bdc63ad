"""The tables of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Index, Table, and_, insert, or_, select, true, update

from plumbline.imports.model import Import, ImportFile, ImportState
from plumbline.storage.schema import metadata, number_column, text_column

imports = Table(
    "imports",
    metadata,
    text_column("id", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("state"),
    text_column("options"),
    text_column("format", nullable=True),
    text_column("counts", nullable=True),
    text_column("digest", nullable=True),
    text_column("problems"),
    # What was read and planned lies in the file store until it is swept.
    Column("keeps_results", Boolean, nullable=False),
    number_column("change_number", nullable=True),
    number_column("undone_by", nullable=True),
    text_column("created_by"),
    text_column("created_at"),
    text_column("updated_at"),
    Index("ix_imports_library_id_created_at", "library_id", "created_at", "id"),
)

import_files = Table(
    "import_files",
    metadata,
    text_column("import_id", ForeignKey("imports.id"), primary_key=True),
    number_column("position", primary_key=True),
    text_column("library_id", ForeignKey("libraries.id")),
    text_column("upload_id"),
    text_column("name"),
    number_column("size"),
)

_IMPORT = [imports.c[name] for name in Import._fields]
_FILE = [import_files.c[name] for name in ImportFile._fields]


def insert_import(connection: Connection, library_id: str, new: Import, files: Sequence[ImportFile]) -> None:
    connection.execute(insert(imports).values(**new._asdict(), library_id=library_id))
    if files:
        connection.execute(insert(import_files), [{**each._asdict(), "library_id": library_id} for each in files])


def update_import(connection: Connection, import_id: str, **values: Any) -> None:
    connection.execute(update(imports).where(imports.c.id == import_id).values(**values))


def end_attempt(
    connection: Connection, library_id: str, import_id: str, before: ImportState, after: ImportState, **values: Any
) -> None:
    """From one state to another; nothing if it is in the first no more, because it was cancelled meanwhile."""
    this = and_(imports.c.library_id == library_id, imports.c.id == import_id, imports.c.state == before)
    connection.execute(update(imports).where(this).values(state=after, **values))


def idle_imports(connection: Connection, states: Sequence[str], moment: str, limit: int) -> list[str]:
    """Ids, of every library, of imports in these states that keep results and were not touched since the moment."""
    query = select(imports.c.id).where(
        imports.c.state.in_(states), imports.c.updated_at < moment, imports.c.keeps_results == true()
    )
    return list(connection.execute(query.order_by(imports.c.updated_at).limit(limit)).scalars())


def give_up_results(connection: Connection, ids: Sequence[str], moment: str) -> None:
    """Says that the results are gone, and that what was never applied is not going to be."""
    these = imports.c.id.in_(ids)
    waiting = imports.c.state.in_([ImportState.OPEN, ImportState.PLANNED, ImportState.FAILED])
    connection.execute(update(imports).where(these, waiting).values(state=ImportState.CANCELLED, updated_at=moment))
    connection.execute(update(imports).where(these).values(keeps_results=False))


def import_by_id(connection: Connection, library_id: str, import_id: str) -> Import | None:
    query = select(*_IMPORT).where(imports.c.library_id == library_id, imports.c.id == import_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Import._make(row)


def files_of(connection: Connection, library_id: str, import_ids: Sequence[str]) -> list[ImportFile]:
    query = select(*_FILE).where(import_files.c.library_id == library_id, import_files.c.import_id.in_(import_ids))
    rows = connection.execute(query.order_by(import_files.c.import_id, import_files.c.position))
    return [ImportFile._make(row) for row in rows]


def imports_before(connection: Connection, library_id: str, before: tuple[str, str] | None, limit: int) -> list[Import]:
    """The newest first; `before` is the moment and the id of the last one of the page before."""
    query = select(*_IMPORT).where(imports.c.library_id == library_id)
    if before is not None:
        moment, import_id = before
        older = imports.c.created_at < moment
        query = query.where(or_(older, and_(imports.c.created_at == moment, imports.c.id < import_id)))
    rows = connection.execute(query.order_by(imports.c.created_at.desc(), imports.c.id.desc()).limit(limit))
    return [Import._make(row) for row in rows]
