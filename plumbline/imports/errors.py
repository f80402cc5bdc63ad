"""How imports refuse.

NotFound        ImportMissing
Conflict        ImportStateRefused, ImportMovedOn
InvalidInput    ImportFilesUnreadable, InvalidImportOptions
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, InvalidInput, NotFound


class ImportMissing(NotFound):
    """There is no such import, or not for this caller."""


class ImportStateRefused(Conflict):
    """The import is in a state in which this cannot be done."""


class ImportMovedOn(Conflict):
    """What the import made was changed, released or used since, so undoing it would lose somebody's work."""


class ImportFilesUnreadable(InvalidInput):
    """Reading the files took more time or memory than reading may."""


class InvalidImportOptions(InvalidInput):
    """Options of an import that cannot be."""
