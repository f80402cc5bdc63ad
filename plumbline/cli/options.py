"""Options that several commands share. An option beats its environment variable, which beats the default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

AsJson = Annotated[bool, Parameter(name="--json", negative=(), help="Print JSON for programs.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Store:
    """Where a server keeps its data."""

    data: Annotated[
        Path | None,
        Parameter(help="Folder of the database and of files. PLUMBLINE_DATA, or ./plumbline-data, without."),
    ] = None
    database_url: Annotated[
        str | None,
        Parameter(help="PostgreSQL instead of SQLite: postgresql://USER:PASSWORD@HOST/NAME. PLUMBLINE_DATABASE_URL."),
    ] = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Listen:
    """Where a server can be reached."""

    host: Annotated[str | None, Parameter(help="Address to listen on. PLUMBLINE_HOST, or 127.0.0.1, without.")] = None
    port: Annotated[
        int | None, Parameter(help="Port to listen on; 0 takes a free one. PLUMBLINE_PORT, or 8000, without.")
    ] = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Target:
    """The library that a client command works in: over HTTP with an address, else in a data folder of this machine."""

    url: Annotated[
        str | None, Parameter(help="Address of a server, such as http://127.0.0.1:8000. PLUMBLINE_URL without.")
    ] = None
    api_key: Annotated[str | None, Parameter(help="API key for the server. PLUMBLINE_API_KEY without.")] = None
    data: Annotated[
        Path | None, Parameter(help="Data folder to work in without a server. Acts as the library's Administrator.")
    ] = None
    database_url: Annotated[str | None, Parameter(help="PostgreSQL database to work in without a server.")] = None
    library: Annotated[str | None, Parameter(help="@organization/library, where a data folder holds several.")] = None
