"""Uploads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file that somebody wants to send."""

    name: str
    """Relative, with forward slashes."""
    size: int
    """Bytes."""
    sha256: str | None = None
    """64 hexadecimal digits; without them the file is taken as it arrives."""


class Upload(NamedTuple):
    id: str
    library_id: str
    name: str
    size: int
    sha256: str | None
    """As announced."""
    secret: str
    """Signs addresses of this upload; never shown."""
    created_by: str
    created_at: str
    expires_at: str
    """When it is swept, with all its bytes."""


class Piece(NamedTuple):
    """A run of bytes of an upload, as the file store has it."""

    offset: int
    size: int
