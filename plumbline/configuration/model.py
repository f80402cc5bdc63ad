"""The nouns of configuration."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

EXAMPLES_MAX = 20
"""Components that one effect names; the count is always whole."""


class File(NamedTuple):
    """A configuration file as it was sent: its path in the folder, with forward slashes, and its text."""

    path: str
    text: str


class Verdict(StrEnum):
    SAFE = "SAFE"
    BREAKING = "BREAKING"
    """It breaks something that somebody may want to break; it is applied only if it was allowed by name."""
    REFUSED = "REFUSED"
    """It would lose data; it is never applied."""


class Example(NamedTuple):
    """One component that an effect is about."""

    cpn: str
    detail: str


class Effect(NamedTuple):
    """What a step does to what is there: how many components, and the first of them."""

    text: str
    components: int
    examples: tuple[Example, ...] = ()


class StepKind(StrEnum):
    """`noun.verb`; what `--allow` takes."""

    STATUS_ADD = "status.add"
    STATUS_CHANGE = "status.change"
    STATUS_MOVE = "status.move"
    STATUS_RETIRE = "status.retire"
    ATTRIBUTE_ADD = "attribute.add"
    ATTRIBUTE_RENAME = "attribute.rename"
    ATTRIBUTE_CHANGE = "attribute.change"
    ATTRIBUTE_RETIRE = "attribute.retire"
    CATEGORY_ADD = "category.add"
    CATEGORY_RENAME = "category.rename"
    CATEGORY_RECODE = "category.recode"
    CATEGORY_CHANGE = "category.change"
    CATEGORY_RETIRE = "category.retire"
    CATEGORY_RESTORE = "category.restore"
    SPEC_ADD = "spec.add"
    SPEC_CHANGE = "spec.change"
    SPEC_REMOVE = "spec.remove"
    SPEC_ORDER = "spec.order"
    NUMBERING_CHANGE = "numbering.change"
    REVISIONS_CHANGE = "revisions.change"
    TEMPLATE_ADD = "template.add"
    TEMPLATE_CHANGE = "template.change"
    TEMPLATE_REMOVE = "template.remove"
    RULE_ADD = "rule.add"
    RULE_CHANGE = "rule.change"
    RULE_REMOVE = "rule.remove"
    EXPORT_ADD = "export.add"
    EXPORT_CHANGE = "export.change"
    EXPORT_REMOVE = "export.remove"
    SET_ADD = "set.add"
    SET_CHANGE = "set.change"
    SET_REMOVE = "set.remove"


class Subject(NamedTuple):
    """What a step is about, for measuring its effects: ids of the catalog, where they apply."""

    category_id: str | None = None
    attribute_id: str | None = None
    status_id: str | None = None
    before: str | None = None
    """A rule as JSON, as it is now."""
    after: str | None = None
    """And as it would be."""


NOTHING = Subject()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would change. `name` is what it is called, such as `Bearing / Bore`."""

    kind: StepKind
    name: str
    text: str
    subject: Subject = NOTHING
    verdict: Verdict = Verdict.SAFE
    effects: tuple[Effect, ...] = ()
    hint: str | None = None

    @property
    def key(self) -> str:
        """What `--allow` takes to mean just this step."""
        return f"{self.kind}:{self.name}"

    def is_allowed(self, allowed: frozenset[str]) -> bool:
        return self.verdict is Verdict.SAFE or (
            self.verdict is Verdict.BREAKING and not allowed.isdisjoint({"all", self.kind, self.key})
        )


class DocumentChange(NamedTuple):
    """A document that would be stored. `what` is ADD, CHANGE or REMOVE; `diff` a unified difference of its text."""

    path: str
    kind: str
    name: str
    what: str
    diff: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying some files would do. `state` names the configuration that it was made against."""

    state: int
    steps: tuple[Step, ...]
    documents: tuple[DocumentChange, ...]
    notices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.steps and not self.documents

    def barriers(self, allowed: frozenset[str]) -> tuple[Step, ...]:
        """The steps for which it cannot be applied."""
        return tuple(step for step in self.steps if not step.is_allowed(allowed))
