"""Verbs of files: announce uploads, and give them up."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from plumbline.access.permissions import Permission, action
from plumbline.files import store
from plumbline.files.errors import InvalidUpload, UploadQuotaReached
from plumbline.files.model import NewUpload, Upload
from plumbline.kit.clock import to_iso
from plumbline.storage.unit_of_work import UnitOfWork

UPLOAD_BYTES_MAX = 50 * 2**20
UPLOADS_MAX = 4_000
BYTES_MAX = 2 * 2**30
"""Uploads that one library has at a time, and their bytes together."""
UPLOAD_HOURS = 24
"""How long a file is kept that nobody took up."""
NAME_LENGTH_MAX = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")


@action(needs=Permission.FILES_UPLOAD)
def open_uploads(work: UnitOfWork, new: Sequence[NewUpload]) -> list[Upload]:
    """Announces files; their bytes go to the signed addresses of the uploads."""
    for index, each in enumerate(new):
        _check(each, index)
    count, size = store.kept_uploads(work.connection, work.library_id)
    if count + len(new) > UPLOADS_MAX or size + sum(each.size for each in new) > BYTES_MAX:
        raise UploadQuotaReached(
            f"The library has {count} uploads of {size} bytes.",
            expected=f"at most {UPLOADS_MAX} of {BYTES_MAX} bytes together",
            hint=f"Apply or cancel their imports, or wait: an upload is given up after {UPLOAD_HOURS} hours.",
        )
    now = work.clock()
    made = [
        Upload(
            id=work.new_id(),
            library_id=work.library_id,
            name=each.name,
            size=each.size,
            sha256=None if each.sha256 is None else each.sha256.lower(),
            secret=secrets.token_hex(32),
            created_by=work.actor.user_id,
            created_at=to_iso(now),
            expires_at=to_iso(now + timedelta(hours=UPLOAD_HOURS)),
        )
        for each in new
    ]
    if made:
        store.insert_uploads(work.connection, made)
    return made


def release_uploads(work: UnitOfWork, upload_ids: Sequence[str]) -> None:
    """Gives up files that are needed no more; their bytes go with the next sweep. Called by who asked for them, no verb of its own."""
    store.expire_uploads(work.connection, work.library_id, upload_ids, to_iso(work.clock()))


def _check(new: NewUpload, index: int) -> None:
    path = ("files", index)
    parts = new.name.split("/")
    is_plain = new.name.isprintable() and "\\" not in new.name and not any(part in ("", ".", "..") for part in parts)
    if not 1 <= len(new.name) <= NAME_LENGTH_MAX or not is_plain:
        raise InvalidUpload(
            f"{new.name[:60]!r} cannot be the name of a file.",
            path=(*path, "name"),
            expected=f"a relative path with forward slashes, at most {NAME_LENGTH_MAX} characters",
        )
    if not 0 <= new.size <= UPLOAD_BYTES_MAX:
        raise InvalidUpload(
            f"{new.name} has {new.size} bytes.", path=(*path, "size"), expected=f"0 to {UPLOAD_BYTES_MAX} bytes"
        )
    if new.sha256 is not None and not _SHA256.fullmatch(new.sha256.lower()):
        raise InvalidUpload(
            f"{new.sha256[:80]!r} is no SHA-256.", path=(*path, "sha256"), expected="64 hexadecimal digits"
        )
