"""`validations.yaml` and the files that it names, as rules: the structure of the list first, then its names, paths and code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from plumbline.kit.document_faults import Faults
from plumbline.kit.document_model import Path, read_model
from plumbline.kit.yaml_source import YamlDocument, load_yaml
from plumbline.validations.errors import InvalidValidations
from plumbline.validations.model import OnFailure, RuleDefinition
from plumbline.validations.rules_language import MARK_OF_RULE, PAGE, SEMANTIC_VERSION, RuleModel, ValidationsModel

__all__ = [
    "CODE_BYTES_MAX",
    "NOT_TEXT",
    "OnFailure",
    "RuleDefinition",
    "path_fault",
    "rule_notices",
    "rules_from",
    "rules_of",
]

CODE_BYTES_MAX = 256 * 1024
"""Of one rule; written by hand, rules have a few hundred lines."""

NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff]")
"""Characters that no program text holds: controls other than white space, and what bytes become that are no UTF-8."""


def rules_from(document: YamlDocument, code_of: Callable[[str], str | None]) -> tuple[RuleDefinition, ...]:
    """The rules in the order of the list; raises InvalidValidations with every fault, each with its line and column.

    `code_of` answers the text of a file by its path, None if there is none. It reads UTF-8 with `errors="surrogateescape"`, so that a file
    that is not text can be told from one that is. It is asked for good paths only.
    """
    return _rules(document, read_model(ValidationsModel, document, InvalidValidations, PAGE), code_of)


def rules_of(text: str, name: str, code_of: Callable[[str], str | None]) -> tuple[RuleDefinition, ...]:
    """The same from a text. `name` is what its places begin with."""
    return _rules(*_structure(text, name), code_of)


@lru_cache(maxsize=4)
def _structure(text: str, name: str) -> tuple[YamlDocument, ValidationsModel]:
    """Kept for the texts read last: whoever changes one rule reads the list several times, as it is and as it will be."""
    document = load_yaml(text, name)
    return document, read_model(ValidationsModel, document, InvalidValidations, PAGE)


def _rules(
    document: YamlDocument, model: ValidationsModel, code_of: Callable[[str], str | None]
) -> tuple[RuleDefinition, ...]:
    faults = Faults(InvalidValidations, document, page=PAGE)
    seen: set[str] = set()
    rules = []
    for index, each in enumerate(model.validations or ()):
        place: Path = ("validations", index)
        if each.name.lower() in seen:
            message = f"There are two rules named {each.name!r}."
            faults.add(
                (*place, "name"), message, expected="a name of its own for each rule; capitals make no difference"
            )
        seen.add(each.name.lower())
        rules.append(_rule(each, place, code_of, faults))
    faults.raise_if_any()
    return tuple(rules)


def _rule(model: RuleModel, place: Path, code_of: Callable[[str], str | None], faults: Faults) -> RuleDefinition:
    path = model.path.removeprefix("./")
    wrong = path_fault(path)
    code = None if wrong else code_of(path)
    if wrong:
        faults.add((*place, "path"), f"{model.path!r} {wrong[0]}.", expected=wrong[1])
    elif code is None:
        faults.add((*place, "path"), f"There is no file {path!r}.", expected="a file in the folder of the repository")
    elif NOT_TEXT.search(code):
        faults.add((*place, "path"), f"The file {path!r} is not text.", expected="JavaScript, saved as UTF-8")
    elif len(code) > CODE_BYTES_MAX or (size := len(code.encode())) > CODE_BYTES_MAX:
        told = len(code) if len(code) > CODE_BYTES_MAX else size
        faults.add(
            (*place, "path"),
            f"The file {path!r} is too large: {told} bytes.",
            expected=f"at most {CODE_BYTES_MAX} bytes",
        )
    on_failure = OnFailure(model.on_failure.upper())
    return RuleDefinition(model.name, model.description, model.version, model.is_active, on_failure, path, code or "")


def rule_notices(rules: Iterable[RuleDefinition]) -> Iterator[str]:
    """What is not as it should be and still works, or will only show when the rule runs."""
    for rule in rules:
        if not re.fullmatch(SEMANTIC_VERSION, rule.version, re.ASCII):
            yield f"The version {rule.version!r} of the rule {rule.name!r} is no semantic version, such as 1.0.0."
        if MARK_OF_RULE not in rule.code:
            yield f"{rule.path} does not assign {MARK_OF_RULE}, so that the rule {rule.name!r} cannot run."


def path_fault(path: str) -> tuple[str, str] | None:
    """Why no rule can lie there, and what was expected; None if one can. Nothing outside the repository is ever named by a good path."""
    relative = "a path relative to the folder of the repository, such as validations/my-rule.js"
    if "\\" in path:
        return "has a backslash", "forward slashes between folders"
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        return "is not relative", relative
    parts = path.split("/")
    if ".." in parts:
        return "leads out of a folder", "a path without .."
    if "" in parts or "." in parts or not path.isprintable():
        return "is not the path of a file", relative
    if not path.endswith(".js") or parts[-1] == ".js":
        return "is not a JavaScript file", "a path that ends in .js"
    return None
