"""`plumbline imports`: what was imported, and taking it back."""

from __future__ import annotations

from typing import Any

from plumbline.cli.client import connected
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import print_json, print_table

_FIELDS = "id state format counts changeNumber createdAt createdBy { name } files { name }"
LIST = f"query Imports($first: Int!) {{ imports {{ findAll(first: $first) {{ nodes {{ {_FIELDS} }} }} }} }}"
UNDO = f"mutation Undo($input: UndoImportInput!) {{ imports {{ undo(input: $input) {{ {_FIELDS} }} }} }}"


def list_imports(*, last: int = 20, target: Target | None = None, as_json: AsJson = False) -> None:
    """List the imports that changed something or wait for somebody, the newest first.

    Parameters
    ----------
    last
        How many.
    """
    with connected(target) as client:
        found: list[dict[str, Any]] = client.ask(LIST, {"first": last})["imports"]["findAll"]["nodes"]
    if as_json:
        print_json({"imports": found})
        return
    rows = [
        (each["createdAt"], each["state"], each["format"] or "", _counted(each["counts"]), _by(each), each["id"])
        for each in found
    ]
    print_table(("when", "state", "format", "what", "who", "id"), rows)


def undo(import_id: str, /, *, target: Target | None = None, as_json: AsJson = False) -> None:
    """Put everything back that an import made or changed, as new versions; what it created is archived.

    Parameters
    ----------
    import_id
        As `plumbline imports list` shows it.
    """
    with connected(target) as client:
        undone = client.ask(UNDO, {"input": {"id": import_id}})["imports"]["undo"]
    if as_json:
        print_json(undone)
    else:
        print(f"Undone: the import of {undone['createdAt']} ({_counted(undone['counts'])}).")


def _counted(counts: dict[str, int] | None) -> str:
    if counts is None:
        return ""
    return f"{counts['created']} created, {counts['updated']} updated, {counts['lines']} lines"


def _by(each: dict[str, Any]) -> str:
    return str(each["createdBy"]["name"]) if each["createdBy"] else ""
