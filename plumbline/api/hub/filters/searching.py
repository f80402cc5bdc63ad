"""The search bar on the wire."""

from __future__ import annotations

from plumbline.api.hub.filters.sizes import finished
from plumbline.components import search_syntax
from plumbline.components.filter import Filter
from plumbline.components.filter_terms import People


def search_filter(text: str, people: People) -> Filter:
    """The search syntax; archived components are found with `archived:yes`."""
    return finished(search_syntax.search_filter(text, people))
