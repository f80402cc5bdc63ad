"""The graphs that one process keeps in memory, each the BOMs of a library in one view. Derived data: it can be dropped at any time.

A graph is never changed; a newer one takes its place. Whoever asks says which change of the library it sees, and gets the graph of
exactly that change.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from plumbline.boms.structure import Structure
from plumbline.components.view import ViewMode

KEPT_MAX = 16
"""Graphs in one process. One of 100,000 lines takes about 20 MB."""

GraphName = tuple[str, ViewMode, int | None]
"""Library, view, and the change it stands at; None for a graph that follows the newest change."""


class Graphs:
    def __init__(self, kept_max: int = KEPT_MAX) -> None:
        self._kept_max = kept_max
        self._graphs: OrderedDict[GraphName, Structure] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: GraphName, at_change: int, bring_up_to: Callable[[Structure | None], Structure]) -> Structure:
        """The graph at that change. `bring_up_to` makes it from an earlier one, or from nothing."""
        with self._lock:
            known = self._graphs.get(name)
        if known is not None and known.at_change == at_change:
            return known
        if known is not None and known.at_change > at_change:
            return bring_up_to(None)  # a reader whose snapshot is older than the graph that is kept
        made = bring_up_to(known)
        with self._lock:
            present = self._graphs.get(name)
            if present is None or present.at_change <= made.at_change:
                self._graphs[name] = made
            self._graphs.move_to_end(name)
            while len(self._graphs) > self._kept_max:
                self._graphs.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._graphs.clear()


GRAPHS = Graphs()
