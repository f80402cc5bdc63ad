"""Signed addresses of uploads (pure): bound to one upload with its length and checksum, and to the moment at which they end."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

from plumbline.files.errors import UploadAddressRefused
from plumbline.files.model import Upload

ADDRESS_SECONDS = 300
"""A piece has to arrive within this time, at the most; the upload itself goes on under the next address."""
_STEP = ADDRESS_SECONDS // 2
UPLOADS_AT = "/files/uploads"
_ASK_AGAIN = "Ask the API for the upload's address again; what has arrived is kept."


def signed_address(upload: Upload, now: int) -> str:
    """Path and query below the server's address; `now` in seconds since 1970. Asked again within the same step, it is the same."""
    ends = (now // _STEP + 2) * _STEP
    return f"{UPLOADS_AT}/{upload.id}?{urlencode({'expires': ends, 'signature': _signature(upload, ends)})}"


def check_address(upload: Upload, expires: str, signature: str, now: int) -> None:
    """Raises UploadAddressRefused."""
    ends = int(expires) if expires.isascii() and expires.isdigit() and len(expires) <= 15 else 0
    if not hmac.compare_digest(_signature(upload, ends).encode(), signature.encode("utf-8", "replace")):
        raise UploadAddressRefused("The signature of the address is not valid.", path=("signature",), hint=_ASK_AGAIN)
    if now >= ends:
        raise UploadAddressRefused("The time of the address is over.", path=("expires",), hint=_ASK_AGAIN)


def _signature(upload: Upload, ends: int) -> str:
    signed = f"upload\n{upload.id}\n{upload.size}\n{upload.sha256 or ''}\n{ends}"
    return hmac.new(upload.secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
