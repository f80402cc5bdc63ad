"""The filter languages of the platform API, each turned into the one filter of the part master.

    shorthand.py     `components(filter: { status: ACTIVE  partNumber: { contains: "ABC" } })`
    trees.py         `componentSearch(filter:)` and `component { filter(input:) }`: and, or, not, and conditions side by side
    flat.py          `component { findAll(filter:) }`: a few fields, all of which must fit
    (search syntax)  `component { search(text:) }`; the language itself belongs to the part master

What they share: `fields.py` says which field a wire name means, `leaves.py` what an operator does to it, `gathering.py` collects all faults
of a filter into one refusal. Archived components are left out unless the filter says something about the archive.
"""

from __future__ import annotations

from plumbline.api.hub.filters.flat import flat_filter
from plumbline.api.hub.filters.searching import search_filter
from plumbline.api.hub.filters.shorthand import FILTER_SCALARS, shorthand_filter
from plumbline.api.hub.filters.sizes import without_archived
from plumbline.api.hub.filters.trees import condition_filter, tree_filter

__all__ = [
    "FILTER_SCALARS",
    "condition_filter",
    "flat_filter",
    "search_filter",
    "shorthand_filter",
    "tree_filter",
    "without_archived",
]
