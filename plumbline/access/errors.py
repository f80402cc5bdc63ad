"""How access refuses.

InvalidInput    InvalidAccount (e-mail, slug, name, password), InvalidExpiry, InvalidSurface
Conflict        AlreadyTaken, LastAdministrator
Forbidden       RoleTooHigh, WrongTenant
NotFound        MemberMissing, ApiKeyMissing
Unauthenticated KeyRefused, SignInRefused
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated


class InvalidAccount(InvalidInput):
    """An e-mail address, slug, name or password that cannot be one."""


class InvalidExpiry(InvalidInput):
    """A key must end in the future and within the longest life that keys have."""


class InvalidSurface(InvalidInput):
    """There is no surface of that name that a key could open."""


class AlreadyTaken(Conflict):
    """The e-mail address or slug belongs to somebody else."""


class LastAdministrator(Conflict):
    """A library must keep one Administrator."""


class RoleTooHigh(Forbidden):
    """Nobody can give a role above his own."""


class WrongTenant(Forbidden):
    """The organization or library named in the headers is not the one that the key belongs to."""


class MemberMissing(NotFound):
    """The user is not a member of this library."""


class ApiKeyMissing(NotFound):
    """No such key in this library, or it is somebody else's."""


class KeyRefused(Unauthenticated):
    """Missing, unknown, expired or revoked: the same answer for all, so that keys cannot be probed."""


class SignInRefused(Unauthenticated):
    """Wrong e-mail address or wrong password: the same answer for both."""
