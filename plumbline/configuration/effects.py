"""What steps would do to the components that are there (pure; what is there is asked of a `Live`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Protocol

import orjson

from plumbline.catalog.attributes import TypedValue, typed_value
from plumbline.catalog.errors import InvalidAttributeValue
from plumbline.catalog.installing import CatalogRows
from plumbline.catalog.model import Attribute, AttributeType, Category
from plumbline.catalog.registry.checks import Violation, checker_of
from plumbline.catalog.registry.rules import rule_from_text
from plumbline.components.model import Head, PastValue, RevisionsInUse
from plumbline.configuration.documents import Documents
from plumbline.configuration.model import EXAMPLES_MAX, Effect, Example, Step, StepKind, Verdict
from plumbline.kit.errors import Refusal
from plumbline.kit.measures import measure
from plumbline.numbering.model import Scheme
from plumbline.numbering.number_matching import matcher
from plumbline.numbering.reads import choices_by_category
from plumbline.numbering.revision_scheme import RevisionScheme, next_revision


class Live(Protocol):
    """The newest versions of a library."""

    def heads(self) -> Sequence[Head]: ...

    def values(self, attribute_id: str) -> Iterable[tuple[int, TypedValue]]: ...

    def values_ever(self, attribute_id: str) -> Sequence[PastValue]: ...

    def revisions(self) -> Sequence[RevisionsInUse]: ...


Found = Iterator[Example]
Verdicts = Callable[[TypedValue | None, str], Violation | None]
"""The first violation of a value, or of there being none, in the status of an id."""

VERDICTS_KEPT = 4_096
RENAMED = "If it only has another name now, say so where it stands: formerly."


@dataclass(frozen=True)
class Effects:
    """Measures steps between two states. What it needs of the library is read once, and only if a step needs it."""

    live: Live
    before: CatalogRows
    after: CatalogRows
    present: Documents
    wanted: Documents

    def measured(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        ways: Mapping[StepKind, Callable[[Step], Step]] = {
            StepKind.STATUS_RETIRE: self._status_retire,
            StepKind.ATTRIBUTE_CHANGE: self._attribute_change,
            StepKind.ATTRIBUTE_RETIRE: self._attribute_retire,
            StepKind.CATEGORY_CHANGE: self._category_change,
            StepKind.CATEGORY_RECODE: self._category_recode,
            StepKind.CATEGORY_RETIRE: self._category_retire,
            StepKind.SPEC_ADD: self._spec,
            StepKind.SPEC_CHANGE: self._spec,
            StepKind.SPEC_REMOVE: self._spec_remove,
            StepKind.NUMBERING_CHANGE: self._numbering,
            StepKind.REVISIONS_CHANGE: self._revisions,
        }
        return tuple(ways[step.kind](step) if step.kind in ways else step for step in steps)

    # --- what is there ------------------------------------------------------------------------------------------------------------

    @cached_property
    def _heads_by_category(self) -> Mapping[str, list[Head]]:
        found: dict[str, list[Head]] = {}
        for head in self.live.heads():
            found.setdefault(head.category_id, []).append(head)
        return found

    @cached_property
    def _values(self) -> dict[str, Mapping[int, TypedValue]]:
        return {}

    def _values_of(self, attribute_id: str) -> Mapping[int, TypedValue]:
        """By component."""
        if attribute_id not in self._values:
            values = self.live.values(attribute_id)
            self._values[attribute_id] = dict(values)
        return self._values[attribute_id]

    @cached_property
    def _status_names(self) -> Mapping[str, str]:
        return {each.id: each.name for each in (*self.before.statuses, *self.after.statuses)}

    @cached_property
    def _status_order(self) -> Sequence[str]:
        return [each.name for each in self.after.statuses if each.retired_change is None]

    # --- catalog ------------------------------------------------------------------------------------------------------------------

    def _status_retire(self, step: Step) -> Step:
        heads = (each for found in self._heads_by_category.values() for each in found)
        inside = (Example(each.cpn, step.name) for each in heads if each.status_id == step.subject.status_id)
        return _refused(
            step,
            "Components of this status",
            inside,
            f"Move them to another status first. {RENAMED}",
        )

    def _category_retire(self, step: Step) -> Step:
        heads = self._heads_by_category.get(step.subject.category_id or "", ())
        inside = (Example(each.cpn, step.name) for each in heads)
        return _refused(
            step,
            "Components in this category",
            inside,
            f"Move or archive them first. {RENAMED}",
        )

    def _category_change(self, step: Step) -> Step:
        old, new = (self._category(rows, step.subject.category_id) for rows in (self.before, self.after))
        if old is None or new is None or old.type == new.type:
            return step
        heads = self._heads_by_category.get(new.id, ())
        return _breaking(step, f"Components that become {new.type}", (Example(each.cpn, new.type) for each in heads))

    @staticmethod
    def _category(rows: CatalogRows, category_id: str | None) -> Category | None:
        return next((each for each in rows.categories if each.id == category_id), None)

    def _attribute_retire(self, step: Step) -> Step:
        return _breaking(
            step, "Components with a value that is asked for no more", self._with_value(step.subject.attribute_id)
        )

    def _spec_remove(self, step: Step) -> Step:
        heads = {each.key for each in self._heads_by_category.get(step.subject.category_id or "", ())}
        found = self._with_value(step.subject.attribute_id, heads)
        return _breaking(step, "Components with a value that is asked for no more", found)

    def _with_value(self, attribute_id: str | None, among: set[int] | None = None) -> Found:
        values = self._values_of(attribute_id or "")
        for heads in self._heads_by_category.values():
            for head in heads:
                if head.key in values and (among is None or head.key in among):
                    yield Example(head.cpn, values[head.key].text)

    def _attribute_change(self, step: Step) -> Step:
        """Values keep their text; a text that the new type or unit cannot read, or would read as something else, is a loss."""
        old, new = (self._attribute(rows, step.subject.attribute_id) for rows in (self.before, self.after))
        assert old is not None
        assert new is not None
        if (old.type, old.unit) == (new.type, new.unit):
            return step
        values = self.live.values_ever(new.id)
        lost = _one_each(each for each in values if reread(old, new, each.value) is None)
        refused = _refused(
            step, "Components with values, old ones among them, that would be lost", lost, "Add a new spec instead."
        )
        if refused.verdict is Verdict.REFUSED:
            return refused
        return _breaking(step, "Components whose values are read anew", _one_each(values))

    @staticmethod
    def _attribute(rows: CatalogRows, attribute_id: str | None) -> Attribute | None:
        return next((each for each in rows.attributes if each.id == attribute_id), None)

    def _spec(self, step: Step) -> Step:
        """Only what the step itself makes wrong counts: a value that broke the rule before is no news."""
        subject = step.subject
        if subject.after is None:
            return step
        new, old = self._verdicts(subject.after), None if subject.before is None else self._verdicts(subject.before)
        values = self._values_of(subject.attribute_id or "")
        errors: list[Example] = []
        warnings: list[Example] = []
        for head in self._heads_by_category.get(subject.category_id or "", ()):
            value = values.get(head.key)
            violation = new(value, head.status_id)
            if violation is not None and (old is None or old(value, head.status_id) is None):
                found = errors if violation.severity == "ERROR" else warnings
                found.append(Example(head.cpn, violation.message))
        step = _breaking(step, "Components that would violate it", iter(errors))
        return _told(step, "Components that would get a warning", iter(warnings))

    @cached_property
    def _rules(self) -> dict[str, Verdicts]:
        return {}

    def _verdicts(self, rule: str) -> Verdicts:
        """What a rule says of a value in a status. Many categories share a rule, and many components a value, so both are kept."""
        verdicts = self._rules.get(rule)
        if verdicts is None:
            checker = checker_of([rule_from_text(rule)], self._status_order)
            name = checker.prepared[0].name

            @lru_cache(maxsize=VERDICTS_KEPT)
            def verdict_on(value: TypedValue | None, status_id: str) -> Violation | None:
                return next(iter(checker.violations({name: value}, self._status_names[status_id])), None)

            verdicts = self._rules[rule] = verdict_on
        return verdicts

    # --- numbers and revisions ----------------------------------------------------------------------------------------------------

    def _category_recode(self, step: Step) -> Step:
        if self.wanted.numbering is None:
            return step
        heads = self._heads_by_category.get(step.subject.category_id or "", ())
        return _breaking(step, "Components whose number fits no more", self._misfits(heads, self.wanted.numbering))

    def _numbering(self, step: Step) -> Step:
        assert self.wanted.numbering is not None
        heads = [each for found in self._heads_by_category.values() for each in found]
        return _breaking(step, "Components whose number fits no more", self._misfits(heads, self.wanted.numbering))

    def _misfits(self, heads: Sequence[Head], scheme: Scheme) -> Found:
        """Numbers that fitted before and would not fit afterwards; those that somebody typed freely never fitted."""
        fits_now = self._fitting(scheme, self.after)
        fitted = None if self.present.numbering is None else self._fitting(self.present.numbering, self.before)
        for head in heads:
            if not fits_now(head) and (fitted is None or fitted(head)):
                yield Example(head.cpn, self._category_names.get(head.category_id, ""))

    @cached_property
    def _category_names(self) -> Mapping[str, str]:
        return {each.id: each.name for each in (*self.before.categories, *self.after.categories)}

    @staticmethod
    def _fitting(scheme: Scheme, rows: CatalogRows) -> Callable[[Head], bool]:
        active = [each for each in rows.categories if each.retired_change is None]
        fits = matcher(scheme, choices_by_category(active))
        known = {each.id for each in active}
        return lambda head: head.category_id in known and fits(head.cpn, head.category_id)

    def _revisions(self, step: Step) -> Step:
        scheme = self.wanted.revisions
        assert scheme is not None
        stuck = [(each, problem) for each in self.live.revisions() if (problem := self._problem(scheme, each))]
        examples = tuple(Example(each.cpn, f"{each.revision}: {problem}") for each, problem in stuck[:EXAMPLES_MAX])
        count = sum(each.components for each, _ in stuck)
        if not count:
            return step
        effect = Effect(f"Components released as a revision that nothing could follow: {count}.", count, examples)
        return replace(step, verdict=Verdict.BREAKING, effects=(*step.effects, effect))

    def _problem(self, scheme: RevisionScheme, used: RevisionsInUse) -> str | None:
        try:
            next_revision(scheme, self._status_names[used.status_id], used.revision)
        except Refusal as refusal:
            return refusal.message
        return None


def reread(old: Attribute, new: Attribute, value: TypedValue) -> TypedValue | None:
    """The value as the changed attribute reads its text; None if it cannot, would keep another text (`yes` as true, a text as a list of
    one), or if a bare number would get another unit."""
    alone = measure(value.text, None)
    if alone is not None and alone.dimension is None and old.unit is not None and old.unit != new.unit:
        return None
    raw = orjson.loads(value.text) if old.type == AttributeType.LIST else value.text
    try:
        read = typed_value(new._replace(choices=()), raw, ())
    except InvalidAttributeValue:
        return None
    return read if read is not None and read.text == value.text else None


def _one_each(values: Iterable[PastValue]) -> Found:
    """An example of each component, however many values it had."""
    of_component = {each.component_key: each for each in values}
    return (Example(each.cpn, each.value.text) for each in of_component.values())


def _refused(step: Step, what: str, found: Iterator[Example], hint: str) -> Step:
    told = _told(step, what, found)
    return told if told is step else replace(told, verdict=Verdict.REFUSED, hint=hint)


def _breaking(step: Step, what: str, found: Iterator[Example]) -> Step:
    told = _told(step, what, found)
    return told if told is step else replace(told, verdict=Verdict.BREAKING)


def _told(step: Step, what: str, found: Iterator[Example]) -> Step:
    examples: list[Example] = []
    count = 0
    for example in found:
        count += 1
        if len(examples) < EXAMPLES_MAX:
            examples.append(example)
    if not count:
        return step
    return replace(step, effects=(*step.effects, Effect(f"{what}: {count}.", count, tuple(examples))))
