"""The client inside this process, on a data folder: the same documents through the same schema, as the library's first Administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import IO

import orjson

from plumbline.access.reads import first_administrator, library_addresses
from plumbline.api.hub.context import HubContext
from plumbline.api.hub.schema import hub_engine
from plumbline.application import Application
from plumbline.archives.reads import archive_library
from plumbline.cli.client import Data, data_of
from plumbline.cli.errors import LibraryUnknown
from plumbline.cli.opening import chosen_settings, opened_library_server
from plumbline.cli.options import Store, Target
from plumbline.cli.process_log import own_log_as_json
from plumbline.kit.actor import Actor

BODY_BYTES_MAX = 2**30
"""Whoever may write the data folder need not be kept from sending too much to himself."""
LIBRARIES_NAMED_MAX = 20


class LocalClient:
    def __init__(self, target: Target) -> None:
        own_log_as_json()
        settings = chosen_settings(Store(target.data, target.database_url))
        self._application = opened_library_server(settings)
        try:
            self._actor = operator_in(self._application, target.library)
        except LibraryUnknown:
            self.close()
            raise
        self._engine = hub_engine(replace(settings, web=replace(settings.web, body_bytes_max=BODY_BYTES_MAX)))

    def ask(self, document: str, variables: Mapping[str, object] | None = None) -> Data:
        body = orjson.dumps({"query": document, "variables": variables or {}})
        context = HubContext(self._application, self._actor)
        try:
            response = self._engine.answer(body, "application/json", context)
        finally:
            context.close()
        return data_of(orjson.loads(response.body))

    def archive(self, target: IO[bytes]) -> None:
        self._application.ask(self._actor, archive_library, target)

    def close(self) -> None:
        self._application.database.close()


def operator_in(application: Application, address: str | None) -> Actor:
    """The first Administrator of the library at `@organization/library`; of the only one without an address."""
    found = library_addresses(application.database)
    names = [f"@{organization.slug}/{library.slug}" for organization, library in found]
    wanted = None if address is None else "@" + address.strip().removeprefix("@").lower()
    fitting = [
        library for name, (_, library) in zip(names, found, strict=True) if wanted in (None, name, "@" + library.slug)
    ]
    if len(fitting) != 1:
        what = "There are several libraries." if fitting else f"There is no library {address}."
        raise LibraryUnknown(what, path=("library",), expected="one of " + ", ".join(names[:LIBRARIES_NAMED_MAX]))
    return first_administrator(application.database, fitting[0], "cli")
