"""How the part master refuses.

InvalidInput    InvalidComponent, InvalidSource, InvalidAlias, InvalidFilter, InvalidRelease, SpecViolated,
                StatusMoveRefused
NotFound        ComponentMissing, VersionMissing
Conflict        StaleVersion, AliasTaken, NumberTaken, NothingToRelease, ComponentLocked
"""

from __future__ import annotations

from plumbline.kit.errors import Conflict, InvalidInput, NotFound


class InvalidComponent(InvalidInput):
    """A field of a component that cannot have this value."""


class InvalidSource(InvalidInput):
    """A manufacturer part, an offer or a price that cannot be."""


class InvalidAlias(InvalidInput):
    """An alias that cannot be."""


class InvalidFilter(InvalidInput):
    """A filter, an order or a search text that cannot be understood."""


class InvalidRelease(InvalidInput):
    """A revision label or status that this release cannot have."""


class SpecViolated(InvalidInput):
    """A value, or the lack of one, that the rules of the component's category forbid."""


class StatusMoveRefused(InvalidInput):
    """A status that does not follow the present one."""


class ComponentMissing(NotFound):
    """The library has no such component."""


class VersionMissing(NotFound):
    """The component has no such version or revision."""


class StaleVersion(Conflict):
    """Somebody saved another version since the caller looked."""


class AliasTaken(Conflict):
    """Another component has this alias."""


class NothingToRelease(Conflict):
    """The newest version is released already."""


class ComponentLocked(Conflict):
    """An open change order reviews the component."""
