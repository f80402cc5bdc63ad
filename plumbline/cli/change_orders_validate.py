"""`plumbline change-orders validate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.change_orders import Number
from plumbline.cli.client import Client, all_nodes, connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, one_line, print_json

RESULTS = """{
  nodes { name validationType state onFailure errorMessage logs { all { type message } } }
  pageInfo { hasNextPage endCursor }
}"""
VALIDATE = f"""
mutation Validate($number: ID!) {{
  changeOrders {{ validate(id: $number) {{
    changeOrder {{ number name }}
    validationRun {{
      id state digest createdAt summary {{ passCount failCount warningCount }}
      results(pagination: {{ first: 200 }}) {RESULTS}
    }}
  }} }}
}}
"""
MORE = f"""
query More($number: ID!, $after: String) {{
  changeOrders {{ findOne(id: $number) {{
    latestValidationRun {{ id results(pagination: {{ first: 200, after: $after }}) {RESULTS} }}
  }} }}
}}
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
        results = every_result(client, number, run)
    if as_json:
        print_json({**answer["changeOrder"], **run, "results": results})
    else:
        for each in results:
            _say(each, verbose=verbose)
        counts = run["summary"]
        told = f"{counts['passCount']} passed, {counts['failCount']} failed, {counts['warningCount']} warnings"
        print(f"{answer['changeOrder']['number']}: {run['state']} ({told})")
    return 0 if run["state"] == "PASS" else 1


def every_result(client: Client, number: str, run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of a run that was asked for with RESULTS.

    A library has up to 500 rules. Another run that has begun meanwhile has the same validations, of what is there then: it is not mixed
    with this one.
    """
    found: list[dict[str, Any]] = run["results"]["nodes"]
    page = run["results"]["pageInfo"]
    if page["hasNextPage"]:
        at = ("changeOrders", "findOne", "latestValidationRun", "results")
        for data, nodes in all_nodes(client, MORE, {"number": number}, at=at, since=page["endCursor"]):
            if data["changeOrders"]["findOne"]["latestValidationRun"]["id"] != run["id"]:
                note("Somebody has validated it again meanwhile; the rest of the results is not told.")
                break
            found += nodes
    return found


def _say(result: dict[str, Any], *, verbose: bool) -> None:
    """One line for each that did not pass."""
    if result["state"] != "PASS" or verbose:
        message = f": {one_line(result['errorMessage'])}" if result["errorMessage"] else ""
        print(f"{result['state']:7} {result['name']}{message}")
    if verbose:
        for line in result["logs"]["all"]:
            print(f"        {line['type']}: {one_line(line['message'])}")
