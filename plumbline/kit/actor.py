"""Who acts. Every action and every read gets one; it is made once, at the entrance, from a key, a session or the operator's shell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The four roles of a library member, weakest first."""

    VIEW_ONLY = "View Only"
    EDITOR = "Editor"
    MANAGER = "Manager"
    ADMINISTRATOR = "Administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A user at work in one library: the tenant and the rights of everything that follows."""

    user_id: str
    organization_id: str
    library_id: str
    role: Role
    key_id: str | None
    """The API key used, if any."""
    surface: str
    """Where the request came in: `hub`, `cli`, `worker` and so on; kept with the change set."""
