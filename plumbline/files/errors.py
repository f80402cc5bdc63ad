"""How files refuse.

InvalidInput    InvalidUpload, ChecksumMismatch, PieceRefused
NotFound        UploadMissing
Forbidden       UploadAddressRefused
Conflict        UploadMoved, UploadQuotaReached, UploadIncomplete
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, Forbidden, InvalidInput, NotFound


class InvalidUpload(InvalidInput):
    """A file that cannot be announced: its name, length or checksum."""


class ChecksumMismatch(InvalidInput):
    """The bytes that arrived are not those that were announced; they were dropped."""


class PieceRefused(InvalidInput):
    """A piece that is empty, too small, too large, or goes past the end of the file."""


class UploadMissing(NotFound):
    """There is no such upload, or not for this caller."""


class UploadAddressRefused(Forbidden):
    """The signature of the address is wrong, or its time is over."""


class UploadMoved(Conflict):
    """The piece does not begin where the upload has come to."""


class UploadQuotaReached(Conflict):
    """The library has as many uploads as it may have."""


class UploadIncomplete(Conflict):
    """The file is wanted, and not all of it is here."""
