"""`plumbline change-orders show`."""

from __future__ import annotations

import sys
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.change_orders import Number
from plumbline.cli.change_orders_validate import RESULTS, every_result
from plumbline.cli.client import Client, connected
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json

PERSON = "{ name email }"
REPORT = """
query Report($number: ID!, $format: ReportFormat!) {
  changeOrders { report(id: $number, format: $format, differences: false, impact: false) }
}
"""
SHOW = f"""
query Show($number: ID!) {{
  changeOrders {{ findOne(id: $number) {{
    id number type name description status resolution version digest possibleVerbs isValid releaseChange
    createdAt updatedAt submittedAt resolvedAt closedAt createdBy {PERSON} updatedBy {PERSON}
    template {{ id name }}
    contents {{ name label type values isRequired }}
    items {{
      id itemVersion isStale proposedRevision isRevisionChosen proposedStatus {{ name }}
      component {{ id cpn name version releasedRevision status {{ name }} }}
      inFlight {{ number name status }}
    }}
    stages {{
      id name order state decisionMethod decisionMinimumCount openedAt decidedAt
      reviewers {{
        named isRequired isRequiredToApprove decisionState note decidedAt user {PERSON} decidedBy {PERSON}
      }}
      notifyList {{ email }}
      decisions {{ decision note reviewer {PERSON} decidedBy {PERSON} decidedAt digest endedAt }}
    }}
    comments {{
      id text itemId field lineId createdAt editedAt resolvedAt createdBy {PERSON} resolvedBy {PERSON}
      replies {{ id text createdAt editedAt createdBy {PERSON} }}
    }}
    latestValidationRun {{
      id state digest createdAt summary {{ passCount failCount warningCount }}
      results(pagination: {{ first: 200 }}) {RESULTS}
    }}
  }} }}
}}
"""


def show(
    number: Number,
    *,
    markdown: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """What a change order is, who decided what, what validations found, and what was said.

    Parameters
    ----------
    markdown
        Write Markdown.
    """
    if markdown and as_json:
        raise WrongUsage("--markdown and --json are two forms of the same.", expected="one of them")
    with connected(target) as client:
        if as_json:
            print_json(_data(client, number))
            return
        form = "MARKDOWN" if markdown else "TEXT"
        sys.stdout.write(client.ask(REPORT, {"number": number, "format": form})["changeOrders"]["report"])


def _data(client: Client, number: str) -> dict[str, Any]:
    order: dict[str, Any] = client.ask(SHOW, {"number": number})["changeOrders"]["findOne"]
    run = order["latestValidationRun"]
    return {
        **order,
        "latestValidationRun": None if run is None else {**run, "results": every_result(client, number, run)},
    }
