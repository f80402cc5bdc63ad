"""How imports refuse.

NotFound        ImportMissing
Forbidden       ImportUserLeft
Conflict        ImportStateRefused, ImportMovedOn
InvalidInput    ImportFilesUnreadable, InvalidImportOptions
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, Forbidden, InvalidInput, NotFound


class ImportMissing(NotFound):
    """There is no such import, or not for this caller."""


class ImportUserLeft(Forbidden):
    """Who asked for the import to be read or applied is no member of the library any more."""


class ImportStateRefused(Conflict):
    """The import is in a state in which this cannot be done."""


class ImportMovedOn(Conflict):
    """What the import made was changed, released or used since, so undoing it would lose somebody's work."""


class ImportFilesUnreadable(InvalidInput):
    """Reading the files took more time or memory than reading may."""


class InvalidImportOptions(InvalidInput):
    """Options of an import that cannot be."""
