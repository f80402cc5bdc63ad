"""How the command line refuses; every one ends with exit code 1.

InvalidInput    WrongUsage, FileUnreadable
NotFound        NotInitialised, LibraryUnknown, UserUnknown, LineUnknown, ThreadUnknown, ServerUnreachable
Conflict        PortTaken, NotADemo, FolderInUse
Refusal         ServerRefused (whatever a server said), DatabaseUnusable
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, InvalidInput, NotFound, Refusal


class WrongUsage(InvalidInput):
    """Options that do not go together, or one that is missing; exit code 2."""


class FileUnreadable(InvalidInput):
    """A file that a command needs is not there or is not what it should be."""


class NotInitialised(NotFound):
    """The data folder or database holds no library yet."""


class LibraryUnknown(NotFound):
    """There is no such library, or several to choose from."""


class UserUnknown(NotFound):
    """Nobody in the library has that e-mail address or id."""


class LineUnknown(NotFound):
    """No line of the BOM is meant, or several are."""


class ThreadUnknown(NotFound):
    """The change order has no thread of that number."""


class ServerUnreachable(NotFound):
    """Nobody answers at the address, or something that is no Plumbline server."""


class PortTaken(Conflict):
    """Another program listens there."""


class NotADemo(Conflict):
    """The folder holds something that the demo did not put there."""

    reason = "NOT_A_DEMO"


class FolderInUse(Conflict):
    """The export would mix with files that are there already."""


class ServerRefused(Refusal):
    """A refusal that came over the wire, told again with its place and hint."""

    def __init__(
        self, message: str, *, code: str, path: tuple[str | int, ...], expected: str | None, hint: str | None
    ) -> None:
        super().__init__(message, path=path, expected=expected, hint=hint)
        self.server_code = code


class DatabaseUnusable(Refusal):
    """The database cannot be opened."""
