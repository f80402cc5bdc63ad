"""`plumbline rules test`: rules run here, in the sandbox that servers run them in, on a change order of a server or on recorded data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import orjson
from cyclopts import Parameter

from plumbline.adapters.javascript.pool import rules_of_this_process
from plumbline.cli.client import connected
from plumbline.cli.errors import FileUnreadable, WrongUsage
from plumbline.cli.options import AsJson, Target
from plumbline.cli.output import note, one_line, print_json
from plumbline.cli.rules_sync import rules_of_folder, text_of_code
from plumbline.kit.clock import system_clock
from plumbline.settings import read_settings
from plumbline.validations.model import LIST_FILE, OnFailure
from plumbline.validations.outcome import ResultState, RuleResult, result_of
from plumbline.validations.ports import RuleAnswer, RuleCode

PAYLOAD = "query Payload($number: ID!) { changeOrders { rulePayload(id: $number) } }"


class TriedRule(NamedTuple):
    name: str
    file: str
    code: str
    on_failure: OnFailure


class Outcome(NamedTuple):
    rule: TriedRule
    answer: RuleAnswer
    result: RuleResult


def run_tests(
    *files: Annotated[
        Path, Parameter(help="Files of code, or folders with a validations.yaml, whose active rules run.")
    ],
    change_order: str | None = None,
    on_failure: Literal["error", "warning"] | None = None,
    save_data: Path | None = None,
    target: Target | None = None,
    as_json: AsJson = False,
) -> int:
    """Run rules here on a change order, before they are anybody's rules. Ends with 1 if one fails that stops change orders.

    `--change-order NUMBER` fetches the data from the server or data folder; with `--data FILE.json` instead, they run on data that
    `--save-data FILE.json` wrote. Nothing is changed anywhere.

    Parameters
    ----------
    change_order
        Number of the change order.
    on_failure
        What breaking a rule means. As the validations.yaml beside the files says without, and error where none lists them.
    save_data
        Write the data into this file, to run rules on it again.
    """
    recorded = None if target is None or target.data is None or not target.data.is_file() else target.data
    if (change_order is None) == (recorded is None):
        raise WrongUsage("Rules run on the data of one change order.", expected="--change-order, or --data FILE.json")
    if not files and save_data is None:
        raise WrongUsage("No files are named.", expected="FILE …, a folder with a validations.yaml, or --save-data")
    rules = list(_rules(files, on_failure))
    payload = _fetched(change_order, target) if recorded is None else _recorded(recorded)
    if save_data is not None:
        _save(payload, save_data)
    outcomes = _outcomes(rules, payload)
    if as_json:
        print_json(
            {"changeOrder": _number(payload), **_counts(outcomes), "results": [_wire(each) for each in outcomes]}
        )
    else:
        for each in outcomes:
            _say(each)
        if outcomes:
            print(", ".join(f"{count} {word}" for word, count in _counts(outcomes).items()))
    return 1 if any(each.result.state is ResultState.FAIL for each in outcomes) else 0


def _rules(files: Sequence[Path], on_failure: str | None) -> Iterator[TriedRule]:
    for file in files:
        for rule in _rules_in(file) if file.is_dir() else [_rule_of_file(file)]:
            yield rule if on_failure is None else rule._replace(on_failure=OnFailure(on_failure.upper()))


def _rules_in(folder: Path) -> Iterator[TriedRule]:
    for each in rules_of_folder(folder):
        if each.is_active:
            yield TriedRule(each.name, str(folder / each.path), each.code, each.on_failure)


def _rule_of_file(file: Path) -> TriedRule:
    """As the nearest list above the file has it, switched off or not."""
    if not file.is_file():
        raise FileUnreadable(f"There is no file {file}.", path=(str(file),))
    plain = TriedRule(str(file), str(file), text_of_code(file), OnFailure.ERROR)
    whole = file.resolve()
    folder = next((each for each in whole.parents if (each / LIST_FILE).is_file()), None)
    if folder is None:
        return plain
    path = whole.relative_to(folder).as_posix()
    listed = next((each for each in rules_of_folder(folder) if each.path == path), None)
    return plain if listed is None else plain._replace(name=listed.name, on_failure=listed.on_failure)


def _fetched(change_order: str | None, target: Target | None) -> Mapping[str, Any]:
    with connected(target) as client:
        found: Mapping[str, Any] = client.ask(PAYLOAD, {"number": change_order})["changeOrders"]["rulePayload"]
    return found


def _recorded(file: Path) -> Mapping[str, Any]:
    try:
        found = orjson.loads(file.read_bytes())
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}.", path=(str(file),)) from None
    except orjson.JSONDecodeError as error:
        raise FileUnreadable(f"{file} is no JSON: {error}.", path=(str(file),)) from None
    if not isinstance(found, dict):
        raise FileUnreadable(
            f"{file} holds no object.", path=(str(file),), expected="what --save-data writes: { change_order, items }"
        )
    return found


def _save(payload: Mapping[str, Any], file: Path) -> None:
    try:
        file.write_bytes(orjson.dumps(payload, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be written: {error.strerror}.", path=(str(file),)) from None
    note(f"The data of {_number(payload) or 'the change order'} is in {file}.")


def _outcomes(rules: Sequence[TriedRule], payload: Mapping[str, Any]) -> list[Outcome]:
    """A command has one change order and no other work: one process is enough."""
    runner = rules_of_this_process(replace(read_settings().rules, processes=1))
    codes = [RuleCode(each.name, each.code) for each in rules]
    answers = runner.run(codes, orjson.dumps(payload), moment=system_clock())
    return [
        Outcome(rule, answer, result_of(answer, rule.on_failure)) for rule, answer in zip(rules, answers, strict=True)
    ]


def _number(payload: Mapping[str, Any]) -> str | None:
    order = payload.get("change_order")
    number = order.get("number") if isinstance(order, dict) else None
    return number if isinstance(number, str) else None


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    words = {"passed": ResultState.PASS, "failed": ResultState.FAIL, "warnings": ResultState.WARNING}
    return {word: sum(each.result.state is state for each in outcomes) for word, state in words.items()}


def _say(outcome: Outcome) -> None:
    """The state and the message in a line, then what the rule wrote."""
    result = outcome.result
    message = f": {one_line(result.error_message)}" if result.error_message else ""
    print(f"{result.state:7} {outcome.rule.name}{message} ({outcome.answer.seconds:.3f} s)")
    for log in result.logs:
        for line in log.text.splitlines():
            print(f"        {log.kind}: {one_line(line)}")


def _wire(outcome: Outcome) -> dict[str, object]:
    rule, answer, result = outcome
    return {
        "name": rule.name,
        "file": rule.file,
        "state": result.state,
        "onFailure": rule.on_failure,
        "message": result.error_message,
        "ended": answer.ended,
        "seconds": round(answer.seconds, 6),
        "logs": [{"type": each.kind, "message": each.text} for each in result.logs],
    }
