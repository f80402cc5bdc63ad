"""Page requests of the wire, and pages of lists that are in memory already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from plumbline.kit.paging import (
    PAGE_SIZE_MAX,
    InvalidPage,
    Page,
    PageRequest,
    decode_cursor,
    encode_cursor,
    page_request,
)

OFFSET_MAX = 2**31
"""Beyond every list there is."""
Item = TypeVar("Item")


def pagination(arguments: Mapping[str, Any]) -> PageRequest:
    """From `pagination: { first, after }`, or from `first` and `after` themselves."""
    given = arguments.get("pagination") or arguments
    return page_request(given.get("first"), given.get("after"))


def offset_of(after: str | None) -> int:
    """How many items come before the page: these lists are numbered."""
    if not after:
        return 0
    position = decode_cursor(after, 1)[0]
    if type(position) is not int or not 0 <= position <= OFFSET_MAX:
        raise InvalidPage("The cursor in `after` does not belong to this list.", path=("after",))
    return position


def offset_cursors(offset: int, count: int) -> list[str]:
    return [encode_cursor([offset + place + 1]) for place in range(count)]


def offset_page(
    items: Sequence[Item], first: int | None, after: str | None, *, size_max: int = PAGE_SIZE_MAX
) -> Page[Item]:
    """A page of a list that is whole already."""
    request = page_request(first, after, size_max=size_max)
    offset = offset_of(request.after)
    shown = items[offset : offset + request.first]
    return Page(shown, offset_cursors(offset, len(shown)), offset + len(shown) < len(items), len(items))
