"""`plumbline export kicad-http`: the file by which KiCad asks the server for parts, with a key of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import orjson
from cyclopts import Parameter

from plumbline.cli.client import connected
from plumbline.cli.errors import FileUnreadable, WrongUsage
from plumbline.cli.keys import created_key
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

LIBRARY = "{ organization { current { slug } } library { current { slug name } } }"
SUFFIX = ".kicad_httplib"
ADDRESS = "http://127.0.0.1:8000"
SECONDS_LISTS, SECONDS_PARTS = 300, 60
"""As long as the server lets its answers be kept."""


def kicad_http(
    file: Path,
    *,
    address: str | None = None,
    released: Annotated[bool, Parameter(negative=())] = False,
    life_days: int | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Write a .kicad_httplib file, with a new API key in it that opens nothing but parts for KiCad, to read.

    Add the file in KiCad under Preferences, Manage Symbol Libraries. `plumbline keys revoke` ends its key.

    Parameters
    ----------
    file
        The file that is written, readable by you alone; its name ends in .kicad_httplib.
    address
        Where KiCad finds the server; that of --url without, else http://127.0.0.1:8000.
    released
        Show the newest releases, and nothing that was never released.
    life_days
        Days until the key ends, 1 to 3650; a year without.
    """
    if file.suffix != SUFFIX:
        raise WrongUsage(f"{file.name} is no name that KiCad knows.", expected=f"a name that ends in {SUFFIX}")
    at = (address or (target.url if target else None) or os.environ.get("PLUMBLINE_URL") or ADDRESS).rstrip("/")
    with connected(target) as client:
        names = client.ask(LIBRARY)
        made = created_key(client, f"KiCad, {file.name}", life_days=life_days, surface="kicad")
    library = names["library"]["current"]
    document = kicad_http_library(
        name=f"@{names['organization']['current']['slug']}/{library['slug']}",
        description=f"Parts of {library['name']}" + (", as released" if released else ""),
        root_url=f"{at}/kicad/released/" if released else f"{at}/kicad/",
        token=made["secret"],
    )
    _write_private(file, orjson.dumps(document, option=orjson.OPT_INDENT_2))
    if as_json:
        print_json({"file": str(file), "root": document["source"]["root_url"], "key": made["key"]})
    else:
        print(f"Wrote {file}: KiCad asks {document['source']['root_url']} with the key {made['key']['prefix']}….")


def kicad_http_library(*, name: str, description: str, root_url: str, token: str) -> dict[str, Any]:
    """The file as KiCad 8 and later read it."""
    source = {
        "type": "REST_API",
        "api_version": "v1",
        "root_url": root_url,
        "token": token,
        "timeout_parts_seconds": SECONDS_PARTS,
        "timeout_categories_seconds": SECONDS_LISTS,
    }
    return {"meta": {"version": 1.0}, "name": name, "description": description, "source": source}


def _write_private(file: Path, content: bytes) -> None:
    """Readable by the caller alone from the first moment on: the key lies in it."""
    try:
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be written: {error}.", path=("file",)) from error
