"""What a library remembers of the columns of other people's tables."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.access.permissions import Permission, read
from plumbline.exchange import store
from plumbline.exchange.errors import InvalidColumnMapping
from plumbline.exchange.model import ColumnMapping
from plumbline.storage.unit_of_work import Scope

HEADERS_MAX = 1_000
"""In one question: the first rows of twenty-five sheets."""


@read(needs=Permission.LIBRARY_READ)
def column_mappings(scope: Scope, headers: Sequence[str] | None = None) -> list[ColumnMapping]:
    """What the library remembers of the columns of tables; of all headers, or of some, named by `header_key`."""
    if headers is not None and len(headers) > HEADERS_MAX:
        sentence = f"There are {len(headers)} headers to look up."
        raise InvalidColumnMapping(sentence, path=("headers",), expected=f"at most {HEADERS_MAX}")
    return store.mappings_of(scope.connection, scope.library_id, headers)
