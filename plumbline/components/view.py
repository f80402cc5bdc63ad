"""Which version of every component one looks at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ViewMode(StrEnum):
    WORKING = "WORKING"
    """The newest version of each component."""
    RELEASED = "RELEASED"
    """The newest release of each component; what was never released is not there."""


@dataclass(frozen=True, slots=True)
class View:
    """`at_change` is the last change of the library that is seen; None for all of them."""

    mode: ViewMode = ViewMode.WORKING
    at_change: int | None = None


WORKING = View()
RELEASED = View(ViewMode.RELEASED)
