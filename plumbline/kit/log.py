"""The log of the product, by structlog, which is loaded when the first line is written: a quiet server starts a tenth sooner."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

_set_ups: list[Callable[[Any], None]] = []


def before_the_first_line(set_up: Callable[[Any], None]) -> None:
    """`set_up` gets the module structlog, once, before anything is written."""
    _set_ups[:] = [set_up]


class Log:
    """`log.warning("lease_not_renewed", job=…)`: a short event in snake case, and named values."""

    def __init__(self, name: str) -> None:
        self._name = name

    def info(self, event: str, **values: Any) -> None:
        self._logger().info(event, **values)

    def warning(self, event: str, **values: Any) -> None:
        self._logger().warning(event, **values)

    def error(self, event: str, **values: Any) -> None:
        self._logger().error(event, **values)

    def _logger(self) -> Any:
        structlog = import_module("structlog")
        while _set_ups:
            _set_ups.pop()(structlog)
        return structlog.get_logger(self._name)
