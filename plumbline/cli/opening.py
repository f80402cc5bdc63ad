"""From options and environment to settings, and to an application that is ready to be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from plumbline.access.reads import library_addresses
from plumbline.application import Application
from plumbline.bootstrap import open_application
from plumbline.cli.errors import DatabaseUnusable, NotInitialised
from plumbline.cli.options import Listen, Store
from plumbline.kit.errors import Refusal
from plumbline.settings import Settings, read_settings


def chosen_settings(store: Store | None, listen: Listen | None = None) -> Settings:
    settings = read_settings()
    database, web = settings.database, settings.web
    if store is not None and store.data is not None:
        # The folder holds files in any case; the database is in it only if no address names another one.
        database = replace(database, data=str(store.data))
    if store is not None and store.database_url is not None:
        database = replace(database, url=store.database_url)
    if listen is not None and listen.host is not None:
        web = replace(web, host=listen.host)
    if listen is not None and listen.port is not None:
        web = replace(web, port=listen.port)
    return replace(settings, database=database, web=web)


def opened(settings: Settings) -> Application:
    """The application on a database that may still be empty."""
    try:
        return open_application(settings.database.address, files=settings.database.files_address, rules=settings.rules)
    except Refusal:
        raise
    except Exception as fault:  # Whatever the driver says: no such host, wrong password, a file that is no database.
        reason = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise DatabaseUnusable(
            f"The database cannot be opened: {reason}",
            hint="Check --data or --database-url, and that the database runs and may be written to.",
        ) from fault


def opened_library_server(settings: Settings) -> Application:
    """Like `opened`, for commands that need a library to be there."""
    file = Path(settings.database.data) / "plumbline.db"
    if not settings.database.url and not file.exists():
        raise _not_initialised(settings)
    application = opened(settings)
    if not library_addresses(application.database):
        application.database.close()
        raise _not_initialised(settings)
    return application


def _not_initialised(settings: Settings) -> NotInitialised:
    where = "The database" if settings.database.url else f"The folder {settings.database.data}"
    option = "--database-url …" if settings.database.url else f"--data {settings.database.data}"
    return NotInitialised(
        f"{where} holds no library yet.",
        hint=f'Create one: plumbline init {option} --organization "Acme" --library "Main" --admin-email you@acme.example'
        " — or look around first: plumbline demo",
    )
