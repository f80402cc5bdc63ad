"""`plumbline rules sync`: the validation rules of a folder brought into the library, one call for each that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from cyclopts import Parameter

from plumbline.cli.client import Client, connected
from plumbline.cli.errors import FileUnreadable, ServerRefused
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, print_json, progress, report
from plumbline.cli.rules_list import rules_of_library
from plumbline.validations.model import LIST_FILE, RULE_TYPE, RuleDefinition
from plumbline.validations.rules_reading import CODE_BYTES_MAX, rules_of

CREATE = "mutation Create($input: CreateValidationRuleInput!) { validations { create(input: $input) { id name } } }"
UPDATE = """
mutation Update($id: ID!, $input: UpdateValidationRuleInput!) { validations { update(id: $id, input: $input) { id name } } }
"""

Fields = dict[str, object]
WORDS = {"created": "create", "updated": "update", "switchedOff": "switch off"}


class Step(NamedTuple):
    """One call. `what` is a key of WORDS; `id` is None for a rule that is to be created."""

    what: str
    name: str
    id: str | None
    fields: Fields

    @property
    def text(self) -> str:
        told = f" ({', '.join(self.fields)})" if self.what == "updated" else ""
        return f"{WORDS[self.what]:11}{self.name}{told}"


def sync(
    folder: Path = Path(),
    *,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    target: Target | None = None,
    as_json: AsJson = False,
) -> int:
    """Bring the rules of a folder into the library: create and update what differs, switch off what the folder does not list.

    Nothing is deleted. Calls that fail are told, and the others are made; the exit code is 1 then.

    Parameters
    ----------
    folder
        Where validations.yaml lies, with the files that it names.
    dry_run
        Only say what would be done.
    """
    wanted = rules_of_folder(folder)
    with connected(target) as client:
        present = rules_of_library(client)
        steps = list(steps_to(wanted, present))
        result: dict[str, Any] = {"dryRun": dry_run, **{what: [] for what in WORDS}, "failed": []}
        for number, step in enumerate(steps, start=1):
            if not dry_run:
                progress(f"{number} of {len(steps)}: {step.name}")
            refusal = None if dry_run else _refusal_of(client, step)
            if refusal is None:
                result[step.what].append(step.name)
                _say(step, as_json=as_json)
            else:
                result["failed"].append({"name": step.name, **_told(refusal)})
                report(refusal)
    progress("")
    _tell(result, len(wanted), as_json=as_json)
    return 1 if result["failed"] else 0


def rules_of_folder(folder: Path) -> tuple[RuleDefinition, ...]:
    """Raises FileUnreadable without a list, and every fault of the list and its files."""
    file = folder / LIST_FILE
    if not file.is_file():
        raise FileUnreadable(f"There is no file {file}.", path=(str(file),), hint="Name the folder of the repository.")
    return rules_of(text_of_code(file), LIST_FILE, lambda path: _code(folder, path))


def steps_to(rules: Sequence[RuleDefinition], present: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
    """The calls that make the library say what the rules say. Capitals make no difference between names, as in the library."""
    known = {each["name"].lower(): each for each in present}
    for rule in rules:
        found, fields = known.pop(rule.name.lower(), None), _fields(rule)
        if found is None:
            yield Step("created", rule.name, None, {"name": rule.name, "type": RULE_TYPE, **fields})
            continue
        differing = {name: value for name, value in fields.items() if found[name] != value}
        if differing:
            yield Step("updated", rule.name, found["id"], differing)
    for left in known.values():
        if left["isActive"]:
            yield Step("switchedOff", left["name"], left["id"], {"isActive": False})


def _fields(rule: RuleDefinition) -> Fields:
    return {
        "code": rule.code,
        "description": rule.description,
        "onFailure": rule.on_failure,
        "isActive": rule.is_active,
        "version": rule.version,
    }


def _refusal_of(client: Client, step: Step) -> ServerRefused | None:
    """Makes the call; whatever else goes wrong ends the command."""
    try:
        if step.id is None:
            client.ask(CREATE, {"input": step.fields})
        else:
            client.ask(UPDATE, {"id": step.id, "input": step.fields})
    except ServerRefused as refusal:
        return refusal
    return None


def _told(refusal: ServerRefused) -> dict[str, object]:
    return {
        "message": refusal.message,
        "code": refusal.server_code,
        "path": list(refusal.path),
        "expected": refusal.expected,
        "hint": refusal.hint,
    }


def _say(step: Step, *, as_json: bool) -> None:
    if not as_json:
        print(step.text)


def _tell(result: Mapping[str, Any], count: int, *, as_json: bool) -> None:
    if as_json:
        print_json({**result, "rules": count})
        return
    counts = ", ".join(f"{len(result[what])} to {word}" for what, word in WORDS.items())
    if not any(result[what] for what in (*WORDS, "failed")):
        print("Nothing to do: the library is as the folder says.")
    elif result["dryRun"]:
        note(f"{counts}. Nothing was done.")


def text_of_code(file: Path) -> str:
    """Raises FileUnreadable. Line ends stay as they are, and so does a byte order mark: code is kept to the letter."""
    if file.stat().st_size > CODE_BYTES_MAX:
        raise FileUnreadable(f"{file} is larger than {CODE_BYTES_MAX} bytes.", path=(str(file),))
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{file} is not UTF-8: byte {error.start} cannot be read."
        raise FileUnreadable(message, path=(str(file),), hint="Save it as UTF-8.") from None
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}.", path=(str(file),)) from None


def _code(folder: Path, path: str) -> str | None:
    file = folder / path
    return text_of_code(file) if file.is_file() else None
