"""The bytes of uploads in the file store, piece by piece."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from plumbline.files.errors import ChecksumMismatch, PieceRefused, UploadIncomplete, UploadMoved
from plumbline.files.model import Piece, Upload
from plumbline.files.ports import FileStore

PIECE_BYTES_MIN = 64 * 1024
"""Of all but the last piece of a file, so that nobody makes a million of them."""


def received(files: FileStore, upload: Upload) -> int:
    """How many bytes are here, from the beginning without a gap."""
    return sum(piece.size for piece in _pieces(files, upload))


def append(files: FileStore, upload: Upload, offset: int, content: bytes) -> int:
    """Keeps the piece that begins at the offset; answers where the next one begins. Of two senders at once, one is refused."""
    here = received(files, upload)
    _check_piece(upload, offset, len(content), here)
    if not files.create(_key(upload, offset), content):
        raise _moved(upload, offset, received(files, upload))
    return offset + len(content)


def content_of(files: FileStore, upload: Upload) -> bytes:
    """The whole file. Raises UploadIncomplete, and ChecksumMismatch if it is not what was announced or proven."""
    pieces = _pieces(files, upload)
    content = b"".join(files.read(_key(upload, piece.offset)) for piece in pieces)
    if len(content) != upload.size:
        raise UploadIncomplete(
            f"{upload.name} has {len(content)} of {upload.size} bytes.",
            path=(upload.name,),
            hint="Send the rest to the upload's address.",
        )
    found = hashlib.sha256(content).hexdigest()
    if upload.sha256 not in (None, found):
        raise ChecksumMismatch(
            f"{upload.name} has the SHA-256 {found}.",
            path=(upload.name,),
            expected=upload.sha256,
            hint="Send it again.",
        )
    return content


def drop(files: FileStore, upload: Upload) -> None:
    """Forgets every byte."""
    files.delete([key for key, _ in files.sizes(_folder(upload))])


def _check_piece(upload: Upload, offset: int, size: int, here: int) -> None:
    if offset != here:
        raise _moved(upload, offset, here)
    if offset + size > upload.size:
        raise PieceRefused(
            f"The piece goes past the end of {upload.name}.", expected=f"at most {upload.size - offset} bytes"
        )
    if size < PIECE_BYTES_MIN and offset + size < upload.size:
        raise PieceRefused(f"The piece has {size} bytes.", expected=f"at least {PIECE_BYTES_MIN} but for the last")


def _moved(upload: Upload, offset: int, here: int) -> UploadMoved:
    return UploadMoved(
        f"{upload.name} has come to byte {here}; the piece begins at byte {offset}.",
        path=("Upload-Offset",),
        expected=str(here),
    )


def _pieces(files: FileStore, upload: Upload) -> Sequence[Piece]:
    return list(_without_gap(sorted(_stored(files, upload))))


def _stored(files: FileStore, upload: Upload) -> Iterator[Piece]:
    for key, size in files.sizes(_folder(upload)):
        yield Piece(int(key.rpartition("/")[2]), size)


def _without_gap(pieces: Sequence[Piece]) -> Iterator[Piece]:
    end = 0
    for piece in pieces:
        if piece.offset != end:
            return
        yield piece
        end += piece.size


def _folder(upload: Upload) -> str:
    return f"uploads/{upload.id}"


def _key(upload: Upload, offset: int) -> str:
    return f"{_folder(upload)}/{offset:015}"
