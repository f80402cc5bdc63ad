"""What files want of the world: a place for bytes by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class FileStore(Protocol):
    """Keys are slash-separated. A write is whole or not there; after it returned it survives the process."""

    def create(self, key: str, content: bytes) -> bool:
        """False, and nothing written, if the key is taken."""
        ...

    def replace(self, key: str, content: bytes) -> None: ...

    def read(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Every key below `prefix/` with its bytes, in no particular order."""
        ...

    def delete(self, keys: list[str]) -> None:
        """Missing ones do not matter."""
        ...


class NoFiles:
    """For programs that open a database and have no place for files."""

    def create(self, key: str, content: bytes) -> bool:
        raise NoPlaceForFiles

    def replace(self, key: str, content: bytes) -> None:
        raise NoPlaceForFiles

    def read(self, key: str) -> bytes:
        raise FileNotFoundError(key)

    def sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        return iter(())

    def delete(self, keys: list[str]) -> None:
        """There is none."""


class NoPlaceForFiles(Exception):
    """The application was opened without a file store."""
