"""Questions about imports."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.permissions import Permission, read
from plumbline.imports import store
from plumbline.imports.errors import ImportMissing
from plumbline.imports.model import Import, ImportFile
from plumbline.kit.ids import is_id
from plumbline.kit.paging import InvalidPage, Page, PageRequest, decode_cursor, encode_cursor
from plumbline.storage.unit_of_work import Scope


@read(needs=Permission.LIBRARY_READ)
def import_by_id(scope: Scope, import_id: str) -> Import:
    """Raises ImportMissing."""
    found = store.import_by_id(scope.connection, scope.library_id, import_id) if is_id(import_id) else None
    if found is None:
        raise ImportMissing(f"There is no import {import_id[:60]!r}.", path=("id",))
    return found


@read(needs=Permission.LIBRARY_READ)
def list_imports(scope: Scope, request: PageRequest) -> Page[Import]:
    """The newest first."""
    before = None if request.after is None else _position(request.after)
    found = store.imports_before(scope.connection, scope.library_id, before, request.first + 1)
    shown = found[: request.first]
    cursors = [encode_cursor([each.created_at, each.id]) for each in shown]
    return Page(shown, cursors, len(found) > request.first)


@read(needs=Permission.LIBRARY_READ)
def files_of_imports(scope: Scope, shown: Sequence[Import]) -> dict[str, list[ImportFile]]:
    """By import id, in the order in which they were announced."""
    found: dict[str, list[ImportFile]] = {each.id: [] for each in shown}
    for file in store.files_of(scope.connection, scope.library_id, list(found)):
        found[file.import_id].append(file)
    return found


def _position(after: str) -> tuple[str, str]:
    moment, import_id = decode_cursor(after, 2)
    if not isinstance(moment, str) or not isinstance(import_id, str):
        raise InvalidPage("The cursor in `after` does not belong to this list.", path=("after",))
    return moment, import_id
