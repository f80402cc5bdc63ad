"""Putting loaded values where the fields below look for them: leaves under their names, everything else under its response keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from plumbline.api.graphql_kit.selection import SelectedField, Selection
from plumbline.kit.paging import Page

Make = Callable[[SelectedField], object]
"""Answers one selection of a field; called once per alias, with that alias's arguments and sub-selection."""


def placed(selection: Selection, leaves: Mapping[str, object], made: Mapping[str, Make]) -> dict[str, object]:
    """The source of one object: `leaves` by name, and for each selected field named in `made` what its function answers."""
    source = dict(leaves)
    for field in selection:
        if field.name in made:
            source[field.response_key] = made[field.name](field)
    return source


def selection_of_items(selection: Selection) -> Selection:
    """What is selected on the items of a connection, through `edges`, through `nodes`, or through both."""
    return selection.find("edges", "node").joined(selection.find("nodes"), "The item of a list")


def placed_connection(
    selection: Selection, page: Page[object], nodes: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    """A connection (`edges { cursor node } nodes pageInfo totalCount`) over nodes that are sources already, one per item of the page.

    The nodes hold what `selection_of_items` says."""
    return placed(
        selection,
        {"totalCount": page.total},
        {
            "edges": lambda field: _placed_edges(field.selection, page, nodes),
            "nodes": lambda _field: nodes,
            "pageInfo": lambda _field: _page_info(page),
        },
    )


def _placed_edges(
    selection: Selection, page: Page[object], nodes: Sequence[Mapping[str, object]]
) -> list[dict[str, object]]:
    keys = [field.response_key for field in selection.named("node")]
    return [{"cursor": cursor, **dict.fromkeys(keys, node)} for cursor, node in zip(page.cursors, nodes, strict=True)]


def _page_info(page: Page[object]) -> dict[str, object]:
    return {
        "hasNextPage": page.has_next,
        "hasPreviousPage": False,
        "startCursor": page.cursors[0] if page.cursors else None,
        "endCursor": page.cursors[-1] if page.cursors else None,
    }


def plain(selection: Selection, source: object) -> object:
    """Nested values that are whole already, put where the selection wants them. A function stands for a value that is dear; it is called
    if the value is selected."""
    if isinstance(source, list | tuple):
        return [plain(selection, each) for each in source]
    if not isinstance(source, Mapping):
        return source
    shown: dict[str, object] = {}
    for field in selection:
        value = source.get(field.name)
        value = value(field) if callable(value) else value
        if field.is_leaf:
            shown[field.name] = value
        else:
            shown[field.response_key] = plain(field.selection, value)
    return shown
