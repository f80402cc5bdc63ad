"""`plumbline demo`: the example library, built once and served, with everything that is needed to look around."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import orjson
from cyclopts import Parameter

from plumbline.access.model import NewMember
from plumbline.application import Application
from plumbline.cli.errors import NotADemo
from plumbline.cli.init import founded_json
from plumbline.cli.opening import chosen_settings, opened
from plumbline.cli.options import Listen
from plumbline.cli.output import progress
from plumbline.cli.serving import serve_until_stopped
from plumbline.founding import found_organization
from plumbline.kit.actor import Role
from plumbline.settings import Settings
from plumbline.testing.callers import Caller
from plumbline.testing.scenarios.in_review import put_into_review
from plumbline.testing.scenarios.library import build

FOLDER = Path("plumbline-demo")
ACCESS_FILE = "demo-access.json"
EMAIL = "ada@acme.example"


def demo(
    *,
    data: Annotated[Path, Parameter(help="Folder of the demo; built if it is not there yet.")] = FOLDER,
    listen: Listen | None = None,
) -> None:
    """Build the example library (once) and serve it, with a sign-in and API keys to try."""
    settings = chosen_settings(None, listen)
    settings = replace(settings, database=replace(settings.database, data=str(data), url=""))
    if not (data / ACCESS_FILE).exists():
        _build(data, settings)
    access = orjson.loads((data / ACCESS_FILE).read_bytes())
    application = opened(settings)
    try:
        serve_until_stopped(
            application, settings, with_worker=True, announce=lambda address: _announce(address, access, data)
        )
    finally:
        application.database.close()


def _build(data: Path, settings: Settings) -> None:
    """Beside its place, and moved there when it is complete: a demo is whole or not there."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise NotADemo(
            f"{data} is not empty and was not made by the demo.", hint="Name another folder: plumbline demo --data DIR"
        )
    building = data.with_name(data.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700, parents=True)
    progress("Building the example library …")
    application = opened(replace(settings, database=replace(settings.database, data=str(building))))
    try:
        access = _filled(application)
    finally:
        application.database.close()
    _write_private(building / ACCESS_FILE, orjson.dumps(access, option=orjson.OPT_INDENT_2))
    if data.exists():
        data.rmdir()
    building.rename(data)
    progress("")


def _filled(application: Application) -> dict[str, Any]:
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    administrator = NewMember(EMAIL, "Ada", Role.ADMINISTRATOR, password)
    founded = found_organization(application, organization="Acme", library="Main Library", administrator=administrator)
    administrator_at_work = Caller(application, founded.actor)
    example = build(administrator_at_work)
    order = put_into_review(administrator_at_work)
    return {**founded_json(founded), "password": password, "top": example.top, "changeOrder": order.number}


def _write_private(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened_file:
        opened_file.write(content)


def _announce(address: str, access: dict[str, Any], data: Path) -> None:
    query = '{"query": "{ components(first: 5) { nodes { cpn name } } }"}'
    print(
        f"""Plumbline serves the example library at {address}/graphql (open it in a browser; stop with Ctrl-C)

  organization   @{access["organization"]["slug"]}, library @{access["organization"]["slug"]}/{access["library"]["slug"]}
  sign-in        {access["user"]["email"]}  {access["password"]}
  API key, hub   {access["keys"]["hub"]}
  API key, mfg   {access["keys"]["mfg"]}

These are kept in {data / ACCESS_FILE}, readable by you alone, so that every start shows them again.

Try:
  curl -s {address}/graphql -H 'content-type: application/json' -H 'x-api-key: {access["keys"]["hub"]}' \\
    -d '{query}'
  plumbline bom explode {access["top"]} --data {data}
  plumbline change-orders diff {access.get("changeOrder", "1")} --data {data}""",
        flush=True,
    )
