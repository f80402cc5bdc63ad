"""What a caller wants of one rule, as a definition; everything that is wrong with it is told at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count

from plumbline.components.model import UNSET
from plumbline.kit.yaml_composer import UNPRINTABLE
from plumbline.validations.errors import InvalidValidationRule, ValidationRuleNameTaken
from plumbline.validations.model import RULE_TYPE, NewRule, OnFailure, RuleChange, RuleDefinition
from plumbline.validations.rules_language import (
    DESCRIPTION_LENGTH_MAX,
    MARK_OF_RULE,
    NAME_LENGTH_MAX,
    RULES_MAX,
    VERSION_LENGTH_MAX,
)
from plumbline.validations.rules_reading import CODE_BYTES_MAX, NOT_TEXT

STEM_LENGTH_MAX = 60
"""Of the name of a file that is made from the name of a rule."""
_LINE_ENDS = re.compile("[\t\n\r\x85\u2028\u2029]")


def new_definition(wish: NewRule, present: Sequence[RuleDefinition], taken: Collection[str]) -> RuleDefinition:
    """The rule in a file of its own. `taken` are the paths of all files there are. Raises InvalidValidationRule, or
    ValidationRuleNameTaken if the name is that of a rule in `present`."""
    _refuse_all(
        [
            *_faults_of_name(wish.name),
            *_faults_of_type(wish.type),
            *_faults(wish.code, wish.description, wish.version, wish.on_failure),
        ]
    )
    if wish.name.lower() in {each.name.lower() for each in present}:
        message = f"There is a validation rule {wish.name!r} already; capitals make no difference."
        raise ValidationRuleNameTaken(message, path=("name",), hint="Update that rule, or choose another name.")
    if len(present) >= RULES_MAX:
        message = f"The library has {len(present)} validation rules already."
        hint = "Take rules that nobody needs out of validations.yaml with plumbline config."
        raise InvalidValidationRule(message, expected=f"at most {RULES_MAX}", hint=hint)
    return RuleDefinition(
        wish.name,
        wish.description,
        wish.version,
        wish.is_active,
        OnFailure(wish.on_failure.upper()),
        free_path(wish.name, taken),
        wish.code,
    )


def changed_definition(
    rule: RuleDefinition, change: RuleChange, present: Sequence[RuleDefinition], taken: Collection[str]
) -> RuleDefinition:
    """The rule with the change; what is not in the change is not judged again. New code of a rule that shares its file with another one
    goes into a file of its own. Raises InvalidValidationRule."""
    description = rule.description if change.description is UNSET else change.description
    _refuse_all(_faults(change.code, description, change.version, change.on_failure))
    code = rule.code if change.code is None else change.code
    is_shared = any(each.path == rule.path and each.name != rule.name for each in present)
    return replace(
        rule,
        description=description,
        version=rule.version if change.version is None else change.version,
        is_active=rule.is_active if change.is_active is None else change.is_active,
        on_failure=rule.on_failure if change.on_failure is None else OnFailure(change.on_failure.upper()),
        code=code,
        path=free_path(rule.name, taken) if is_shared and code != rule.code else rule.path,
    )


def free_path(name: str, taken: Collection[str]) -> str:
    """Where the code of a rule goes that came without a file: `Mass: every part` → `validations/mass-every-part.js`."""
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", letters)[:STEM_LENGTH_MAX].strip("-") or "rule"
    lower = {each.lower() for each in taken}
    candidates = (f"validations/{stem}{'' if number == 1 else f'-{number}'}.js" for number in count(1))
    return next(each for each in candidates if each not in lower)


Faults = list[InvalidValidationRule]


def _faults_of_name(name: str) -> Faults:
    if not name.strip() or len(name) > NAME_LENGTH_MAX:
        told = f"The name has {len(name)} characters." if name.strip() else "The name is blank."
        return [_fault(told, "name", f"1 to {NAME_LENGTH_MAX} characters, not all of them blanks")]
    if UNPRINTABLE.search(name) or _LINE_ENDS.search(name):
        return [_fault(f"The name {name[:80]!r} has a character that cannot be printed.", "name", "one line of text")]
    return []


def _faults_of_type(kind: str) -> Faults:
    if kind.lower() == RULE_TYPE:
        return []
    return [_fault(f"There is no type of rules {kind[:80]!r}.", "type", RULE_TYPE)]


def _faults(code: str | None, description: str | None, version: str | None, on_failure: str | None) -> Faults:
    """None is always right: it says nothing, or that nothing is to be there."""
    faults: Faults = []
    if code is not None:
        faults += _faults_of_code(code)
    if description is not None:
        faults += _faults_of_text(description, "description", 0, DESCRIPTION_LENGTH_MAX)
    if version is not None:
        faults += _faults_of_text(version, "version", 1, VERSION_LENGTH_MAX)
    if on_failure is not None and on_failure.upper() not in set(OnFailure):
        faults.append(_fault(f"{on_failure[:80]!r} is not known here.", "onFailure", "ERROR or WARNING"))
    return faults


def _faults_of_code(code: str) -> Faults:
    if NOT_TEXT.search(code):
        return [_fault("The code holds a control character.", "code", "JavaScript as text")]
    size = len(code.encode())
    if size > CODE_BYTES_MAX:
        return [_fault(f"The code has {size} bytes.", "code", f"at most {CODE_BYTES_MAX}")]
    if MARK_OF_RULE not in code:
        hint = f"Assign the function: {MARK_OF_RULE} = async (data) => ({{ valid: true }});"
        return [_fault(f"The code does not assign {MARK_OF_RULE}.", "code", "JavaScript that assigns it", hint)]
    return []


def _faults_of_text(text: str, field: str, length_min: int, length_max: int) -> Faults:
    if not length_min <= len(text) <= length_max:
        return [_fault(f"The {field} has {len(text)} characters.", field, f"{length_min} to {length_max}")]
    if found := UNPRINTABLE.search(text):
        told = f"The {field} holds the character U+{ord(found.group()):04X}."
        return [_fault(told, field, "text without control characters")]
    return []


def _fault(message: str, field: str, expected: str, hint: str | None = None) -> InvalidValidationRule:
    return InvalidValidationRule(message, path=(field,), expected=expected, hint=hint)


def _refuse_all(faults: Faults) -> None:
    if faults:
        first, *others = faults
        first.also = tuple(others)
        raise first
