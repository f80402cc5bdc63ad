"""`plumbline config apply`: the plan, a question on a terminal, and then all of it or nothing."""

from __future__ import annotations

import sys
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.client import Client, connected
from plumbline.cli.config_folder import configured, is_whole_folder
from plumbline.cli.config_plan import PLANNED, Paths, in_library, planned, show_plan
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, print_json

APPLIED = f"{{ plan {PLANNED} version {{ number origin reason steps createdAt }} }}"
APPLY = f"""
mutation Apply($input: ApplyConfigurationInput!) {{ configuration {{ apply(input: $input) {APPLIED} }} }}
"""

Allow = Annotated[
    list[str] | None,
    Parameter(help="A breaking step that is meant, by its key or its kind; may be given several times.", negative=()),
]
Yes = Annotated[bool, Parameter(name=["--yes", "-y"], negative=())]


def apply(
    *paths: Paths,
    allow: Allow = None,
    reason: str = "",
    yes: Yes = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Put a folder, or single files, in force: all or nothing, exactly what the plan showed.

    Parameters
    ----------
    reason
        Why; kept in the history.
    yes
        Do not ask on a terminal.
    """
    results = {}
    for address, files in configured(paths).items():
        complete = is_whole_folder(paths)
        with connected(in_library(target, address)) as client:
            found = planned(client, files, complete=complete)
            if not as_json:
                show_plan(found, address)
            if not found["isEmpty"] and not confirmed(yes or as_json):
                note("Nothing was done.")
                continue
            wire = {
                "files": [file._asdict() for file in files],
                "complete": complete,
                "allow": allow or [],
                "reason": reason,
                "expectedState": found["state"],
            }
            results[address] = applied(client, wire, is_empty=found["isEmpty"], plan=found)
    if as_json:
        print_json(results[""] if set(results) == {""} else results)


def applied(client: Client, wire: dict[str, Any], *, is_empty: bool, plan: dict[str, Any]) -> dict[str, Any]:
    if is_empty:
        return {"plan": plan, "version": None}
    result: dict[str, Any] = client.ask(APPLY, {"input": wire})["configuration"]["apply"]
    tell_version(result)
    return result


def tell_version(result: dict[str, Any]) -> None:
    if result["version"] is not None:
        note(f"The configuration is at version {result['version']['number']} now.")


def confirmed(sure: bool) -> bool:
    """Asks on a terminal; in a pipe whoever wrote the command meant it."""
    if sure or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return input("Apply this? [y/N] ").strip().lower() in ("y", "yes")
