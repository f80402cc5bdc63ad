"""`plumbline init`: an organization with an empty library, its Administrator, and the first keys."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from plumbline.access.accounts import checked_email
from plumbline.access.credentials import PASSWORD_LENGTH_MAX
from plumbline.access.model import NewMember
from plumbline.cli.opening import chosen_settings, opened
from plumbline.cli.options import AsJson, Store
from plumbline.cli.output import print_json
from plumbline.founding import Founded, found_organization
from plumbline.kit.actor import Role
from plumbline.settings import Settings


def init(
    *,
    organization: str,
    library: str,
    admin_email: str,
    store: Store | None = None,
    admin_name: str | None = None,
    admin_password_stdin: Annotated[bool, Parameter(negative=())] = False,
    as_json: AsJson = False,
) -> None:
    """Create an organization with an empty library, and show its first API keys: once, and never again.

    A further call with other names adds another library to the same server.

    Parameters
    ----------
    organization
        Name of the organization; its address is made of it.
    library
        Name of the library.
    admin_email
        E-mail address of the library's first Administrator.
    admin_name
        Name of the Administrator; made of the e-mail address without.
    admin_password_stdin
        Read the Administrator's password from standard input. Without it, nobody signs in with a password yet.
    """
    settings = chosen_settings(store)
    email = checked_email(admin_email)
    password = _first_line_of_stdin() if admin_password_stdin else None
    administrator = NewMember(email, admin_name or email.split("@")[0], Role.ADMINISTRATOR, password)
    make_private_folder(settings)
    application = opened(settings)
    try:
        founded = found_organization(
            application, organization=organization, library=library, administrator=administrator
        )
    finally:
        application.database.close()
    if as_json:
        print_json(founded_json(founded))
    else:
        _say(founded, settings)


def founded_json(founded: Founded) -> dict[str, object]:
    return {
        "organization": {"id": founded.organization.id, "slug": founded.organization.slug},
        "library": {"id": founded.library.id, "slug": founded.library.slug},
        "user": {"id": founded.administrator.id, "email": founded.administrator.email},
        "keys": {surface: issued.secret for surface, issued in founded.keys.items()},
    }


def make_private_folder(settings: Settings) -> None:
    if not settings.database.url:
        Path(settings.database.data).mkdir(mode=0o700, parents=True, exist_ok=True)


def _first_line_of_stdin() -> str:
    return sys.stdin.readline(4 * PASSWORD_LENGTH_MAX).rstrip("\r\n")


def _say(founded: Founded, settings: Settings) -> None:
    where = "--database-url …" if settings.database.url else f"--data {settings.database.data}"
    print(f"Created @{founded.organization.slug}/{founded.library.slug} for {founded.administrator.email}.")
    print("API keys, shown this once:")
    for surface, issued in founded.keys.items():
        print(f"  {surface:<4} {issued.secret}")
    print(f"Serve it: plumbline serve {where}")
