"""Questions about uploads."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.permissions import Permission, read
from plumbline.files import store
from plumbline.files.errors import UploadMissing
from plumbline.files.model import Upload
from plumbline.kit.clock import to_iso
from plumbline.kit.ids import is_id
from plumbline.storage.engine import Database
from plumbline.storage.unit_of_work import Scope


@read(needs=Permission.FILES_UPLOAD)
def uploads_by_ids(scope: Scope, ids: Sequence[str]) -> list[Upload]:
    """In the order of the ids. Raises UploadMissing."""
    found = live_uploads(scope, ids)
    for index, each in enumerate(ids):
        if each not in found:
            raise UploadMissing(f"There is no upload {each[:60]!r}.", path=("uploads", index))
    return [found[each] for each in ids]


@read(needs=Permission.LIBRARY_READ)
def live_uploads(scope: Scope, ids: Sequence[str]) -> dict[str, Upload]:
    """Those of the ids that are not given up, by id."""
    found = store.uploads_by_ids(scope.connection, scope.library_id, ids)
    now = to_iso(scope.clock())
    return {each.id: each for each in found.values() if each.expires_at > now}


def announced_upload(database: Database, upload_id: str) -> Upload:
    """The upload that an address names; whether the caller may send to it, its signature tells. Raises UploadMissing."""
    with database.reading() as connection:
        found = store.upload(connection, upload_id) if is_id(upload_id) else None
    if found is None:
        raise UploadMissing(
            "There is no such upload.", hint="It may have been given up a while ago; announce it again."
        )
    return found
