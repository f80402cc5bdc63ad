"""What is made from a library's configuration, kept by the process as long as that stays. Derived: it can be dropped any time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from plumbline.storage.unit_of_work import Scope

KEPT_MAX = 32
"""Libraries that one process keeps one kind of thing for."""

Value = TypeVar("Value")


class KeptByConfiguration(Generic[Value]):
    """One value for each library, made anew once the library is configured otherwise. Values are not changed after they were made."""

    def __init__(self, kept_max: int = KEPT_MAX) -> None:
        self._kept_max = kept_max
        self._kept: OrderedDict[str, tuple[int, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, scope: Scope, make: Callable[[], Value]) -> Value:
        """The value at the scope's own change of configuration; a transaction that makes one gets its own, which is not kept."""
        change = scope.configuration_change
        if change is None:
            return make()
        with self._lock:
            known = self._kept.get(scope.library_id)
        if known is not None and known[0] == change:
            return known[1]
        value = make()
        with self._lock:
            known = self._kept.get(scope.library_id)  # another thread may have made one, or dropped it
            if known is None or known[0] < change:  # a snapshot may be older than what is kept
                self._kept[scope.library_id] = (change, value)
            self._kept.move_to_end(scope.library_id)
            while len(self._kept) > self._kept_max:
                self._kept.popitem(last=False)
        return value
