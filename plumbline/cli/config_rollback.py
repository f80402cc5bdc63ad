"""`plumbline config rollback`: the documents of an earlier version in force again, planned like any change."""

from __future__ import annotations

from plumbline.cli.client import connected
from plumbline.cli.config_apply import APPLIED, Allow, Yes, confirmed, tell_version
from plumbline.cli.config_plan import PLANNED, show_plan
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, print_json

PLAN = f"query Plan($version: Int!) {{ configuration {{ rollbackPlan(version: $version) {PLANNED} }} }}"
ROLL_BACK = f"""
mutation RollBack($input: RollBackConfigurationInput!) {{ configuration {{ rollback(input: $input) {APPLIED} }} }}
"""


def rollback(
    version: int,
    *,
    allow: Allow = None,
    reason: str = "",
    yes: Yes = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Go back to an earlier version of the configuration; it becomes a new version.

    Parameters
    ----------
    version
        Number of the version to go back to.
    reason
        Why; kept in the history.
    yes
        Do not ask on a terminal.
    """
    with connected(target) as client:
        found = client.ask(PLAN, {"version": version})["configuration"]["rollbackPlan"]
        if not as_json:
            show_plan(found, "")
        if not found["isEmpty"] and not confirmed(yes or as_json):
            note("Nothing was done.")
            return
        wire = {"version": version, "allow": allow or [], "reason": reason, "expectedState": found["state"]}
        result = client.ask(ROLL_BACK, {"input": wire})["configuration"]["rollback"]
    tell_version(result)
    if as_json:
        print_json(result)
