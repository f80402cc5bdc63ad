"""Questions about the rules of a library: as they are now, and as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from plumbline.access.permissions import Permission, read
from plumbline.definitions.model import Definition
from plumbline.definitions.reads import beginnings_of_definitions, definitions_at_change
from plumbline.kit.late import LateModule
from plumbline.storage.kept import KeptByConfiguration
from plumbline.storage.unit_of_work import Scope
from plumbline.validations.errors import ValidationRuleMissing
from plumbline.validations.model import CODE_KIND, LIST_FILE, LIST_KIND, RuleDefinition, ValidationRule, rule_id

if TYPE_CHECKING:
    from plumbline.validations import rules_reading
else:
    # It loads pydantic, which a server needs for its first rule and not for its start.
    rules_reading = LateModule("plumbline.validations.rules_reading")


@read(needs=Permission.LIBRARY_READ)
def validation_rules(scope: Scope) -> tuple[ValidationRule, ...]:
    """Every rule of the library, active or not, by name."""
    return _RULES.get(scope, lambda: rules_at_change(scope, None))


_RULES = KeptByConfiguration[tuple[ValidationRule, ...]](8)
"""For few libraries, because code is long."""


@read(needs=Permission.LIBRARY_READ)
def validation_rule(scope: Scope, rule_id: str) -> ValidationRule:
    """One rule of the library."""
    found = next((each for each in validation_rules(scope) if each.id == rule_id.lower()), None)
    if found is None:
        raise ValidationRuleMissing(f"There is no validation rule {rule_id[:80]!r}.", path=("id",))
    return found


@read(needs=Permission.LIBRARY_READ)
def active_rules(scope: Scope) -> tuple[ValidationRule, ...]:
    """The rules that run now, by name."""
    return tuple(each for each in validation_rules(scope) if each.definition.is_active)


@read(needs=Permission.LIBRARY_READ)
def rules_at_change(scope: Scope, change: int | None) -> tuple[ValidationRule, ...]:
    """The rules as they were after a change of the library, by name; None means now. Raises InvalidValidations if they were written for a
    language that is not read any more."""
    documents = _documents(scope, change)
    if documents is None:
        return ()
    began = beginnings_of_definitions(scope, CODE_KIND)
    found = []
    for definition in documents.rules():
        code = documents.codes[definition.path]
        last = _later(documents.listed, code)
        id = rule_id(scope.library_id, definition.name)
        found.append(ValidationRule(id, definition, *began[code.id], last.created_at, last.created_by))
    return tuple(sorted(found, key=lambda each: (each.definition.name.lower(), each.definition.name)))


def rules_listed(scope: Scope) -> tuple[RuleDefinition, ...]:
    """The rules as they are now, in the order of the list, which is its author's."""
    documents = _documents(scope, None)
    return () if documents is None else documents.rules()


class _Documents(NamedTuple):
    listed: Definition
    codes: Mapping[str, Definition]
    """By path."""

    def rules(self) -> tuple[RuleDefinition, ...]:
        texts = {path: each.text for path, each in self.codes.items()}
        return rules_reading.rules_of(self.listed.text, LIST_FILE, texts.get)


def _documents(scope: Scope, change: int | None) -> _Documents | None:
    """None for a library without a list."""
    listed = definitions_at_change(scope, change, LIST_KIND).get((LIST_KIND, ""))
    if listed is None:
        return None
    codes = definitions_at_change(scope, change, CODE_KIND)
    return _Documents(listed, {path: each for (_, path), each in codes.items()})


def _later(one: Definition, other: Definition) -> Definition:
    return one if one.created_at >= other.created_at else other
