"""A new organization with its first library: an Administrator, a catalog, schemes, and the keys to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.access.actions import create_api_key, found
from plumbline.access.model import IssuedKey, Library, NewMember, Organization, User
from plumbline.application import Application
from plumbline.configuration.actions import apply_configuration
from plumbline.configuration.presets import PRESET_DEFAULT, preset_files
from plumbline.kit.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Founded:
    organization: Organization
    library: Library
    administrator: User
    actor: Actor
    keys: dict[str, IssuedKey]
    """By surface: `hub` and `mfg`."""


def found_organization(
    application: Application,
    *,
    organization: str,
    library: str,
    administrator: NewMember,
    preset: str = PRESET_DEFAULT,
    surface: str = "cli",
) -> Founded:
    """Everything that a library needs before its first component. Refuses if the organization has a library of that name."""
    owner, home, user = found(
        application.database, application.clock, application.new_id, organization, library, administrator
    )
    actor = Actor(user.id, owner.id, home.id, Role.ADMINISTRATOR, None, surface)
    reason = f"What the preset {preset} begins with."
    application.run(actor, apply_configuration, preset_files(preset), reason=reason, origin="founding")
    keys = {
        each: application.run(actor, create_api_key, f"First key ({each})", surface=each) for each in ("hub", "mfg")
    }
    return Founded(owner, home, user, actor, keys)
