"""`plumbline change-orders validate`."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.change_orders import Number
from plumbline.cli.client import connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import one_line, print_json

VALIDATE = """
mutation Validate($number: ID!) {
  changeOrders { validate(id: $number) {
    changeOrder { number name }
    validationRun {
      state digest createdAt summary { passCount failCount warningCount }
      results(pagination: { first: 500 }) { nodes {
        name validationType state onFailure errorMessage logs { all { type message } }
      } pageInfo { hasNextPage } }
    }
  } }
}
"""


def validate(
    number: Number,
    *,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> int:
    """Run every validation on a change order as it is now. Ends with 1 if something stands in its way.

    Parameters
    ----------
    verbose
        List what passed as well, and what rules wrote into their logs.
    """
    with connected(target) as client:
        answer = client.ask(VALIDATE, {"number": number})["changeOrders"]["validate"]
    run: dict[str, Any] = answer["validationRun"]
    results = run["results"]["nodes"]
    if as_json:
        print_json({**answer["changeOrder"], **run, "results": results})
    else:
        for each in results:
            _say(each, verbose=verbose)
        counts = run["summary"]
        told = f"{counts['passCount']} passed, {counts['failCount']} failed, {counts['warningCount']} warnings"
        print(f"{answer['changeOrder']['number']}: {run['state']} ({told})")
    return 0 if run["state"] == "PASS" else 1


def _say(result: dict[str, Any], *, verbose: bool) -> None:
    """One line for each that did not pass."""
    if result["state"] != "PASS" or verbose:
        message = f": {one_line(result['errorMessage'])}" if result["errorMessage"] else ""
        print(f"{result['state']:7} {result['name']}{message}")
    if verbose:
        for line in result["logs"]["all"]:
            print(f"        {line['type']}: {one_line(line['message'])}")
