"""How archives refuse.

InvalidInput
├── InvalidArchive        no archive of a library, a broken one, or one in which something cannot be; says the file and the line
├── UnknownArchiveVersion made by a newer Plumbline, in a form that this one does not know
└── OversizeArchive       larger files or longer lines than an archive may have; or one that unfolds too far
"""

from __future__ import annotations

from plumbline.kit.errors import InvalidInput


class InvalidArchive(InvalidInput):
    pass


class UnknownArchiveVersion(InvalidInput):
    pass


class OversizeArchive(InvalidInput):
    pass
