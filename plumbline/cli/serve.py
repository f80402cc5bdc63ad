"""`plumbline serve`: every surface on one address, and the worker inside."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from plumbline.cli.opening import chosen_settings, opened_library_server
from plumbline.cli.options import Listen, Store
from plumbline.cli.serving import serve_until_stopped


def serve(
    *,
    store: Store | None = None,
    listen: Listen | None = None,
    worker: Annotated[bool, Parameter(help="Run the background worker inside.")] = True,
) -> None:
    """Serve the API until SIGTERM or Ctrl-C; requests that were begun are finished first."""
    settings = chosen_settings(store, listen)
    application = opened_library_server(settings)
    try:
        serve_until_stopped(
            application,
            settings,
            with_worker=worker,
            announce=lambda address: print(f"Plumbline serves {address}/graphql (stop with Ctrl-C)", flush=True),
        )
    finally:
        application.database.close()
