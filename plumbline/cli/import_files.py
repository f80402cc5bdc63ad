"""`plumbline import`: the files are read here, what was read goes to the server, and only the server decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from plumbline.cli.client import Client, connected
from plumbline.cli.column_mapping import column_mapping
from plumbline.cli.errors import WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, print_json, print_table, progress
from plumbline.exchange.files import NamedFile, files_under
from plumbline.exchange.formats import read_files
from plumbline.exchange.model import ReadOptions
from plumbline.exchange.proposal import proposed_mapping
from plumbline.exchange.remembering import header_keys
from plumbline.exchange.wire import to_wire

PLAN = """
query Plan($data: JSON!, $into: String, $matches: JSON) {
  imports { plan(data: $data, into: $into, matches: $matches) { counts tops steps } }
}
"""
APPLY = """
mutation Apply($data: JSON!, $into: String, $matches: JSON) {
  imports {
    applyData(data: $data, into: $into, matches: $matches) {
      importId created updated unchanged lines conflicts tops notices
    }
  }
}
"""
REMEMBERED = "query Remembered($headers: [ID!]) { imports { columnMappings(headers: $headers) { header columns } } }"
HEADERS_ASKED_MAX = 1_000
"""In one request, as the server takes."""
COUNTED = ("created", "updated", "unchanged", "lines", "conflicts")
SHOWN_MAX = 50
"""Steps of a kind that people are shown; the JSON has all."""
ALIKE_SHOWN_MAX = 5
"""Notices of one code."""


def import_files(
    *files: Annotated[
        Path, Parameter(help="Files, folders or zip archives of them: KiCad, Eagle, CSV, XLSX, InvenTree …")
    ],
    into: str | None = None,
    mapping: Path | None = None,
    show_mapping: Annotated[bool, Parameter(negative=())] = False,
    remember: bool = True,
    format_name: Annotated[str | None, Parameter(name="--format")] = None,
    inherit_lines: bool = True,
    match: Annotated[list[str] | None, Parameter(negative=())] = None,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> None:
    """Bring parts and BOMs in from files, all of them or nothing. Doing it twice changes nothing.

    Parameters
    ----------
    into
        Part number of the assembly that a table without levels describes.
    mapping
        JSON or YAML file that says what columns mean: the header's text and its role, or a file that `--show-mapping` wrote.
    show_mapping
        Print how tables would be read, as such a file, and do nothing else.
    remember
        Keep the mapping in the library, for the next table with the same titles.
    format_name
        Name of the format, where it is not recognised.
    match
        KEY=CPN for a part that could be any of several, or looks like one that is there; KEY=new if it is none of them. Can be repeated.
    inherit_lines
        Give a variant the lines of its template.
    dry_run
        Show what would happen, and change nothing.
    """
    if not files:
        raise WrongUsage("No file is named.", expected="plumbline import FILE …")
    options = ReadOptions(inherit_lines=inherit_lines)
    if mapping is not None:
        columns, tables = column_mapping(mapping)
        options = replace(options, columns=columns, tables=tables)
    progress("Reading the files …")
    found = files_under(files)
    if show_mapping:
        print(proposed_mapping(found, options), end="")
        return
    with connected(target) as client:
        options = replace(options, remembered=_remembered(client, found))
        data = read_files(found, format_name, options)
        data = data if remember else replace(data, mappings=())
        progress(f"Sending {len(data.parts)} parts and {len(data.lines)} lines …")
        variables: dict[str, object] = {"data": to_wire(data), "into": into, "matches": _decisions(match or [])}
        answer = _planned(client, variables) if dry_run else _applied(client, variables)
    progress("")
    if as_json:
        print_json(answer)
    else:
        _show(answer)


def _decisions(given: list[str]) -> dict[str, str]:
    """Split at the last sign: keys may have one in them."""
    decisions = {}
    for text in given:
        key, sign, cpn = text.rpartition("=")
        if not sign or not key.strip() or not cpn.strip():
            raise WrongUsage(f"--match {text[:80]!r} decides nothing.", expected="KEY=CPN, or KEY=new")
        decisions[key.strip()] = cpn.strip()
    return decisions


def _planned(client: Client, variables: dict[str, object]) -> dict[str, Any]:
    plan = client.ask(PLAN, variables)["imports"]["plan"]
    counts = plan["counts"]
    return {"dryRun": True, **{name: counts[name] for name in COUNTED}, **plan}


def _remembered(client: Client, files: Sequence[NamedFile]) -> dict[str, dict[str, str]]:
    """What the library remembers of the headers of the files."""
    keys = header_keys(files)
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(keys), HEADERS_ASKED_MAX):
        asked = {"headers": keys[start : start + HEADERS_ASKED_MAX]}
        answer = client.ask(REMEMBERED, asked)["imports"]["columnMappings"]
        found.update((each["header"], each["columns"]) for each in answer)
    return found


def _applied(client: Client, variables: dict[str, object]) -> dict[str, Any]:
    result = client.ask(APPLY, variables)["imports"]["applyData"]
    return {"dryRun": False, **result, "counts": {name: result[name] for name in COUNTED}}


def _show(answer: dict[str, Any]) -> None:
    if answer["dryRun"]:
        _show_steps(answer["steps"])
    _show_notices(answer["steps"].get("notices", []) if answer["dryRun"] else answer["notices"])
    did = "Would create" if answer["dryRun"] else "Created"
    print(
        f"{did} {answer['created']}, update {answer['updated']}, leave {answer['unchanged']} as they are;"
        f" {answer['lines']} lines, {answer['conflicts']} conflicts."
        if answer["dryRun"]
        else f"{did} {answer['created']}, updated {answer['updated']}, left {answer['unchanged']} as they were;"
        f" {answer['lines']} lines."
    )
    if answer["tops"]:
        print(f"Top assemblies: {', '.join(answer['tops'])}")
    if answer.get("importId"):
        note(f"If that was a mistake: plumbline imports undo {answer['importId']}")


def _show_notices(notices: Sequence[dict[str, Any]]) -> None:
    """The first of each kind, which stand together, with their places."""
    for code, same in groupby(notices, key=itemgetter("code")):
        every = list(same)
        for each in every[:ALIKE_SHOWN_MAX]:
            note(f"{each['severity'].lower()}: {_place(each)}{each['sentence']}")
        if len(every) > ALIKE_SHOWN_MAX:
            note(f"… and {len(every) - ALIKE_SHOWN_MAX} more of {code}; --json has them.")


def _place(notice: dict[str, Any]) -> str:
    """`bom.xlsx, sheet Top, row 7: `; nothing where the notice is about no place in a table."""
    origin = notice.get("origin") or {}
    sheet = f", sheet {origin['sheet']}" if origin.get("sheet") else ""
    return f"{origin['file']}{sheet}, row {origin['row']}: " if origin.get("row") else ""


def _show_steps(steps: dict[str, Any]) -> None:
    changing = [each for each in steps.get("parts", []) if each["action"] != "UNCHANGED"]
    rows = [
        (each["action"], each["part"]["key"], _number(each), each["part"]["name"], each["explanation"])
        for each in changing
    ]
    if rows:
        print_table(("step", "part", "number", "name", "why"), rows[:SHOWN_MAX])
    if len(rows) > SHOWN_MAX:
        note(f"… and {len(rows) - SHOWN_MAX} more parts; --json has all.")
    lines = Counter(each["action"] for each in steps.get("lines", []))
    if lines:
        note("Lines: " + ", ".join(f"{count} {action.lower()}" for action, count in sorted(lines.items())))
    _note_some(f"conflict: {each['sentence']}" for each in steps.get("conflicts", []))


def _number(step: dict[str, Any]) -> str:
    """The one that it has, or the one that it would get."""
    return str(step["known"]["cpn"]) if step.get("known") else str(step.get("number") or "")


def _note_some(sentences: Iterable[str]) -> None:
    every = list(sentences)
    for sentence in every[:SHOWN_MAX]:
        note(sentence)
    if len(every) > SHOWN_MAX:
        note(f"… and {len(every) - SHOWN_MAX} more; --json has all.")
