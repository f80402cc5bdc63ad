"""`plumbline config test`: the examples beside the configuration, each with what must come of it, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from plumbline.cli.config_folder import configured
from plumbline.cli.config_plan import Paths
from plumbline.cli.errors import FileUnreadable
from plumbline.cli.options import AsJson
from plumbline.cli.output import note, print_json
from plumbline.configuration.documents import named, read_documents
from plumbline.configuration.examples import run_examples
from plumbline.configuration.examples_cases import Outcome
from plumbline.configuration.examples_language import PAGE


def run_tests(
    *paths: Paths,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative=())] = False,
    as_json: AsJson = False,
) -> None:
    """Run the tests of a folder: example parts, numbers, revisions and change orders. Ends with 1 if one fails.

    Parameters
    ----------
    verbose
        List the cases that passed as well.
    """
    outcomes: dict[str, list[Outcome]] = {}
    for address, files in configured(paths).items():
        documents = read_documents(named(files))
        outcomes[address] = run_examples(documents.tests.values())
        if not as_json:
            _show(outcomes[address], address, verbose=verbose)
    every = [each for found in outcomes.values() for each in found]
    if not every:
        expected = "files under tests/ with schema_type: configuration_tests, and a case in them"
        raise FileUnreadable("There are no tests.", expected=expected, hint=f"See {PAGE}.")
    failed = sum(not each.passed for each in every)
    if as_json:
        cases = [{"library": address or None, **_wire(each)} for address, found in outcomes.items() for each in found]
        print_json({"passed": len(every) - failed, "failed": failed, "cases": cases})
    elif failed:
        note(f"{failed} of {_counted(len(every))} failed.")
    else:
        print(f"{_counted(len(every))} passed.")
    if failed:
        raise SystemExit(1)


def _show(outcomes: Sequence[Outcome], address: str, *, verbose: bool) -> None:
    told = [each for each in outcomes if verbose or not each.passed]
    if address and told:
        print(f"{address}:")
    for each in told:
        if each.passed:
            print(f"passed {each.place}: {each.name}: {each.found}")
            continue
        print(f"FAILED {each.place}: {each.name}: expected {each.expected}, but found {each.found}")
        for detail in each.details:
            print(f"    {detail}")


def _counted(cases: int) -> str:
    return "1 case" if cases == 1 else f"{cases} cases"


def _wire(outcome: Outcome) -> dict[str, object]:
    return {
        "section": outcome.section,
        "name": outcome.name,
        "file": outcome.place.file,
        "line": outcome.place.line,
        "column": outcome.place.column,
        "passed": outcome.passed,
        "expected": outcome.expected,
        "found": outcome.found,
        "details": list(outcome.details),
    }
