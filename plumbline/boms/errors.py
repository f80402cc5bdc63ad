"""How BOMs refuse.

InvalidInput    InvalidLine, InvalidDesignators, InvalidBomEdit, BomCycle
NotFound        LineMissing
"""

from __future__ import annotations

from plumbline.kit.errors import InvalidInput, NotFound


class InvalidLine(InvalidInput):
    """A field of a BOM line that cannot have this value."""


class InvalidDesignators(InvalidInput):
    """Reference designators that cannot be read."""


class InvalidBomEdit(InvalidInput):
    """Edits that contradict each other or are too many."""


class BomCycle(InvalidInput):
    """The line would make a component part of itself."""


class LineMissing(NotFound):
    """The parent has no such line now."""
