"""The file store on obstore: a folder, S3, Google Cloud Storage or Azure behind the same calls."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from plumbline.kit.late import LateModule

if TYPE_CHECKING:
    import obstore
    import obstore.store as obstore_store
else:
    # A server loads them with the first file, not at its start.
    obstore = LateModule("obstore")
    obstore_store = LateModule("obstore.store")


class ObjectFiles:
    """A `FileStore` at an address: `file:///var/lib/plumbline/files`, `s3://bucket/prefix`, `gs://…`, `az://…`. Keys and regions come from
    the usual environment of each. Writes below a folder are renamed into place, and object stores write whole objects only."""

    def __init__(self, address: str) -> None:
        self._address = address

    @cached_property
    def _store(self) -> Any:
        """Opened with the first file; a folder is made if it is missing."""
        if self._address.startswith("file://"):
            return obstore_store.LocalStore(unquote(urlsplit(self._address).path), mkdir=True)
        return obstore_store.from_url(self._address)

    def create(self, key: str, content: bytes) -> bool:
        try:
            obstore.put(self._store, key, content, mode="create")
        except obstore.exceptions.AlreadyExistsError:
            return False
        return True

    def replace(self, key: str, content: bytes) -> None:
        obstore.put(self._store, key, content)

    def read(self, key: str) -> bytes:
        return bytes(obstore.get(self._store, key).bytes())

    def sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        for batch in obstore.list(self._store, prefix=prefix):
            for each in batch:
                yield each["path"], each["size"]

    def delete(self, keys: list[str]) -> None:
        for key in keys:
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                continue
