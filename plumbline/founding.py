"""A new organization with its first library: an Administrator, a catalog, schemes, and the keys to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.access.actions import create_api_key, found
from plumbline.access.model import IssuedKey, Library, NewMember, Organization, User
from plumbline.application import Application
from plumbline.catalog.actions import install_preset
from plumbline.catalog.preset import PRESET_DEFAULT, shipped_preset
from plumbline.kit.actor import Actor, Role
from plumbline.numbering.actions import set_numbering_scheme
from plumbline.numbering.shipped import DEFAULTS, preset_text


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
    application.run(actor, install_preset, shipped_preset(preset))
    for kind, name in DEFAULTS.items():
        application.run(actor, set_numbering_scheme, preset_text(kind, name))
    keys = {
        each: application.run(actor, create_api_key, f"First key ({each})", surface=each) for each in ("hub", "mfg")
    }
    return Founded(owner, home, user, actor, keys)
