"""The log of a server or worker process: one JSON object per line on stderr, ours and the libraries' alike.

structlog is set up, and loaded, by the first line that is written.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from importlib import import_module
from typing import Any

from plumbline.kit.log import before_the_first_line


def log_as_json() -> None:
    """For a process of its own: takes the libraries' log over too."""
    own_log_as_json()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LibraryLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def own_log_as_json() -> None:
    """Only what Plumbline logs itself, for a command whose standard output is the answer."""
    before_the_first_line(_configure)


class _LibraryLines(logging.Formatter):
    """What libraries log through the standard library, as JSON as well."""

    def format(self, record: logging.LogRecord) -> str:
        return str(_library_formatter().format(record))


@cache
def _library_formatter() -> Any:
    structlog = import_module("structlog")
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(structlog), processors=[remove, structlog.processors.JSONRenderer()]
    )


def _configure(structlog: Any) -> None:
    structlog.configure(
        processors=[*_shared(structlog), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,  # the API's loggers are made before this runs
    )


def _shared(structlog: Any) -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
