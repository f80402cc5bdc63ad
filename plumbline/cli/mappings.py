"""`plumbline mappings list|forget`: what the library remembers of the columns of imported tables."""

from __future__ import annotations

from plumbline.cli.client import connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

LIST = "query List { imports { columnMappings { header titles columns savedAt } } }"
FORGET = "mutation Forget($header: ID!) { imports { forgetColumnMapping(header: $header) } }"
_HEADER_SHOWN = 12


def list_mappings(*, target: Target | None = None, as_json: AsJson = False) -> None:
    """List the headers whose columns the library remembers, with what was said about them."""
    with connected(target) as client:
        found = client.ask(LIST)["imports"]["columnMappings"]
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["header"][:_HEADER_SHOWN],
            each["savedAt"],
            ", ".join(each["titles"]),
            ", ".join(f"{title}: {meaning}" for title, meaning in each["columns"].items()),
        )
        for each in found
    ]
    print_table(("header", "saved", "titles", "columns"), rows)


def forget(header: str, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Read tables with this header by the words of their titles again.

    Parameters
    ----------
    header
        The header, or its first signs, as `plumbline mappings list` shows it.
    """
    with connected(target) as client:
        known = [each["header"] for each in client.ask(LIST)["imports"]["columnMappings"]]
        fitting = [each for each in known if header and each.startswith(header)]
        wanted = fitting[0] if len(fitting) == 1 else header
        client.ask(FORGET, {"header": wanted})
    if as_json:
        print_json({"forgotten": wanted})
    else:
        print(f"Forgot {wanted[:_HEADER_SHOWN]}.")
