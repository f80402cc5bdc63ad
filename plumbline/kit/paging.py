"""Pages of a list: a bound on their size, and cursors that say where the next one starts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson

from plumbline.kit.errors import InvalidInput

PAGE_SIZE_DEFAULT = 50
PAGE_SIZE_MAX = 1000

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
Item_co = TypeVar("Item_co", covariant=True)
SortValue = str | int | float | None


class InvalidPage(InvalidInput):
    """The page asked for cannot be: a size out of bounds or a cursor that this list did not hand out."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`first` items after the item that `after` names; from the start without it."""

    first: int = PAGE_SIZE_DEFAULT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item_co]):
    """One page in order. `total` counts the whole list and is None when nobody asked for it."""

    items: Sequence[Item_co]
    cursors: Sequence[str]
    has_next: bool
    total: int | None = None


def page_request(first: int | None, after: str | None, *, size_max: int = PAGE_SIZE_MAX) -> PageRequest:
    """Checks what a caller asked for; a missing size is the default one."""
    size = PAGE_SIZE_DEFAULT if first is None else first
    if not 1 <= size <= size_max:
        raise InvalidPage(
            f"first is {size}; a page holds 1 to {size_max} items.", path=("first",), expected=f"1 to {size_max}"
        )
    return PageRequest(size, after or None)


def encode_cursor(values: Sequence[SortValue]) -> str:
    """The sort values of an item, made opaque. Keep an item's own key as the last one, so that cursors differ."""
    return binascii.b2a_base64(orjson.dumps(list(values)), newline=False).translate(_URL_SAFE, b"=").decode()


def decode_cursor(cursor: str, length: int) -> list[SortValue]:
    """The sort values again; refuses anything that is not a cursor of a list with `length` sort values."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length or any(isinstance(v, list | dict) for v in values):
        raise InvalidPage(
            "The cursor in `after` does not belong to this list.",
            path=("after",),
            hint="Send the endCursor of the page before, with the same filter and order.",
        )
    return values
