"""Makes part numbers: from a scheme, what the caller picked, and what the counters say.

    plan = plan_number(scheme, choices, picks={"variant": "A"})     everything that is decided without the database
    while (scope := plan.next_scope(values)) is not None:           which counter comes next, in which context
        values[scope.element] = ...                                 lock its row, take the next value
    text = format_number(plan, values)

`next_number` does the walk, given two questions to the database. A number that exists already, because somebody typed it before its
counter came by, is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from plumbline.numbering.counter_scopes import CounterScope
from plumbline.numbering.errors import (
    CounterExhausted,
    ElementValueInvalid,
    NumberTaken,
    OverrideInvalid,
)
from plumbline.numbering.model import (
    NUMBER_LENGTH_MAX,
    ChoiceLists,
    Scheme,
)
from plumbline.numbering.number_plan import Decisions, NumberPlan
from plumbline.numbering.overrides import check_typed_number

__all__ = ["IssuedNumber", "NumberPlan", "format_number", "next_number", "plan_number"]

COLLISIONS_MAX = 10_000
"""Taken numbers that one call skips before it gives up; each costs a look into an index."""


def plan_number(
    scheme: Scheme,
    choices: ChoiceLists,
    *,
    picks: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    number: str | None = None,
    include: Collection[str] = (),
) -> NumberPlan:
    """Decides all that can be decided without counters; raises every refusal at once.

    `picks` are values of lists and free texts by element name, `overrides` replace what the scheme would write, `number` is a whole
    number typed by hand. A value picked that is in no list counts as an override. `include` names optional groups and lists that are
    to be written although nothing in them was picked. A list without a pick takes the component's own category or family, its only
    value, or, if it is attached to something, the first value that is free there.
    """
    if number is not None:
        if overrides:
            raise OverrideInvalid("Both the whole number and single elements of it are set.", expected="one of the two")
        check_typed_number(scheme, choices, picks or {}, number)
        return NumberPlan(scheme, number)
    decisions = Decisions(scheme, choices)
    for name, text in (picks or {}).items():
        decisions.pick(name, text)
    for name, text in (overrides or {}).items():
        decisions.override(name, text)
    return decisions.plan(include)


@dataclass(frozen=True, slots=True)
class IssuedNumber:
    text: str
    counters: tuple[tuple[CounterScope, int], ...]
    """The scopes with the values that the number takes: what to store as their last values."""


def format_number(plan: NumberPlan, values: Mapping[str, int]) -> str:
    """The number with these counter values. Raises ElementValueInvalid if it would be too long."""
    if plan.number is not None:
        return plan.number
    counted = {path: series.text_of(values[path]) for path, series in plan.series.items()}
    text = "".join(plan.texts.get(leaf.path) or counted[leaf.path] for leaf in plan.leaves)
    if len(text) > NUMBER_LENGTH_MAX:
        raise ElementValueInvalid(
            f"The number would have {len(text)} characters.", expected=f"at most {NUMBER_LENGTH_MAX}"
        )
    return text


def next_number(
    plan: NumberPlan, last_value: Callable[[CounterScope], int | None], is_taken: Callable[[str], bool]
) -> IssuedNumber:
    """The next number that nobody has. `last_value` answers from a row that the caller holds locked.

    Raises CounterExhausted, or NumberTaken if the number has no counter that could move on.
    """
    chosen: list[tuple[CounterScope, int]] = []
    for _ in range(COLLISIONS_MAX):
        values = complete(plan, chosen, last_value)
        text = format_number(plan, values)
        if not is_taken(text):
            return IssuedNumber(text, tuple(chosen))
        if not chosen:
            raise NumberTaken(f"The number {text!r} is in use already.", hint="Choose another one.")
        move_on(chosen)
    raise CounterExhausted(
        f"{COLLISIONS_MAX} numbers in a row are in use already, up to {text!r}.",
        hint="Move the counter beyond the numbers that were imported.",
    )


def complete(
    plan: NumberPlan, chosen: list[tuple[CounterScope, int]], last_value: Callable[[CounterScope], int | None]
) -> dict[str, int]:
    """Appends the values that are still to be taken; answers all of them by path."""
    values = {scope.element: value for scope, value in chosen}
    while (scope := plan.next_scope(values)) is not None:
        value = scope.next_after(last_value(scope))
        values[scope.element] = value
        chosen.append((scope, value))
    return values


def move_on(chosen: list[tuple[CounterScope, int]]) -> None:
    """The next combination: the last counter goes on by one; if it is at its end, it is dropped and the one before it goes on."""
    while True:
        scope, value = chosen.pop()
        try:
            chosen.append((scope, scope.next_after(value)))
            return
        except CounterExhausted:
            if not chosen:
                raise
