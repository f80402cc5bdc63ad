"""Modules that are loaded when something of them is first used, so that a server which does not need them yet starts sooner."""

from __future__ import annotations

from importlib import import_module


class LateModule:
    """Stands for a module under `if TYPE_CHECKING: import name` … `else: name = LateModule("name")`. What was used once is kept here, so
    later uses cost no more than those of the module itself. The standard library's LazyLoader has a race between threads before 3.12.3."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        value = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value
