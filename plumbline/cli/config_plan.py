"""`plumbline config plan`: what applying files would do, shown before anything is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.client import Client, connected
from plumbline.cli.config_folder import configured, is_whole_folder
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json
from plumbline.configuration.model import File

STEP = "{ key kind name text verdict hint effects { text components examples { cpn detail } } }"
PLANNED = f"{{ state isEmpty notices steps {STEP} documents {{ path kind name what diff }} }}"
PLAN = f"""
query Plan($files: [ConfigurationFileInput!]!, $complete: Boolean!) {{
  configuration {{ plan(files: $files, complete: $complete) {PLANNED} }}
}}
"""
EXAMPLES_SHOWN_MAX = 5
MARKS = {"SAFE": "+", "BREAKING": "!", "REFUSED": "x"}

Paths = Annotated[Path, Parameter(help="A folder, which is the whole configuration, or single files of one.")]


def plan(
    *paths: Paths,
    diff: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """What applying a folder, or single files, would do. Changes nothing.

    Parameters
    ----------
    diff
        Show the differences of the files as well.
    """
    plans = {}
    for address, files in configured(paths).items():
        with connected(in_library(target, address)) as client:
            plans[address] = planned(client, files, complete=is_whole_folder(paths))
    if as_json:
        print_json(plans[""] if set(plans) == {""} else plans)
        return
    for address, found in plans.items():
        show_plan(found, address, diff=diff)


def in_library(target: Target | None, address: str) -> Target:
    """The target with the library that `plumbline.yaml` names; one that the caller names must be the same."""
    target = target or Target()
    return target if not address or target.library else replace(target, library=address)


def planned(client: Client, files: Sequence[File], *, complete: bool) -> dict[str, Any]:
    data = client.ask(PLAN, {"files": [file._asdict() for file in files], "complete": complete})
    found: dict[str, Any] = data["configuration"]["plan"]
    return found


def show_plan(found: Mapping[str, Any], address: str, *, diff: bool = False) -> None:
    if address:
        print(f"{address}:")
    if found["isEmpty"]:
        print("Nothing to do: the library is as the files say.")
    for step in found["steps"]:
        _show_step(step)
    for document in found["documents"]:
        print(f"  {document['what'].lower():7}{document['path']}")
        if diff:
            print(document["diff"])
    for notice in found["notices"]:
        print(f"note: {notice}")
    _show_sum(found["steps"])


def _show_step(step: Mapping[str, Any]) -> None:
    print(f"{MARKS[step['verdict']]} {step['text']}")
    for effect in step["effects"]:
        print(f"    {effect['text']}")
        for example in effect["examples"][:EXAMPLES_SHOWN_MAX]:
            print(f"      {example['cpn']}  {example['detail']}".rstrip())
        more = effect["components"] - EXAMPLES_SHOWN_MAX
        if more > 0:
            print(f"      … and {more} more")
    if step["verdict"] == "BREAKING":
        print(f"    Breaking: applied with --allow {step['key']!r} only.")
    elif step["verdict"] == "REFUSED":
        print(f"    Refused: it would lose data. {step['hint'] or ''}".rstrip())


def _show_sum(steps: Sequence[Mapping[str, Any]]) -> None:
    if steps:
        counts = [(sum(each["verdict"] == name for each in steps), name.lower()) for name in MARKS]
        print(", ".join(f"{count} {name}" for count, name in counts if count) + ".")
